/*
 * Opening a source, finding a place in it, and what is visible there. Knows block scopes and
 * parameters; a `var` is taken for a `let`, and `with` is not known.
 */
#include "templates/lib_js_file.h"

#include "templates/lib_js_names.h"
#include "templates/lib_js_near.h"
#include "templates/lib_oracle_js.h"
#include "templates/lib_scene.h"

static const char functions[] = "function_declaration|function_expression|function|arrow_function|"
				"method_definition|generator_function_declaration|"
				"generator_function";

bool js_file_open(struct js_file *file, struct scene *scene, const char *path)
{
	const char *language = path ? syntax_language(path) : NULL;
	struct str text;

	*file = (struct js_file){ .scene = scene, .path = path, .edits = { .arena = scene->arena } };
	if (!language || !word_among(str_of(language), "javascript typescript tsx") ||
	    !scene_read(scene, path, &text)) {
		template_decline(scene, "what failed is not in a source of the repository");
		return false;
	}
	if (js_is_test(path)) {
		template_decline(scene, "%s is a test: tests are not changed", path);
		return false;
	}
	file->s = syntax_open(scene->arena, language, text);
	if (!file->s)
		template_decline(scene, "%s cannot be parsed", path);
	return file->s != NULL;
}

bool js_file_of_failure(struct js_file *file, struct scene *scene)
{
	return js_file_open(file, scene, scene_path(scene, scene->failure->file));
}

void js_file_close(struct js_file *file)
{
	syntax_close(&file->s);
	file->s = NULL;
}

/* UTF-8 lead bytes count one, those of four bytes two: that is how UTF-16 counts. */
static size_t byte_of(struct str text, unsigned line, unsigned column)
{
	size_t at = line_start(text, line);
	unsigned units = 1;

	while (units < column && at < text.size && text.at[at] != '\n') {
		unsigned char c = (unsigned char)text.at[at++];

		while (at < text.size && ((unsigned char)text.at[at] & 0xC0) == 0x80)
			at++;
		units += c >= 0xF0 ? 2 : 1;
	}
	return at;
}

TSNode js_node_at(const struct js_file *file, unsigned line, unsigned column)
{
	size_t at = byte_of(file->s->text, line, column);

	return syntax_at(file->s, at, at + 1 <= file->s->text.size ? at + 1 : at);
}

TSNode js_node_of_failure(const struct js_file *file)
{
	const struct failure *failure = file->scene->failure;

	return js_node_at(file, failure->line, failure->column ? failure->column : 1);
}

TSNode js_use_of(const struct js_file *file, struct str name)
{
	const TSNode none = {{0}, NULL, NULL};
	TSNode at = js_node_of_failure(file), statement;

	if (str_equal(syntax_text(file->s, at), name))
		return at;
	statement = js_statement_of(at);
	for (unsigned n = 0; !ts_node_is_null(statement); n++) {
		TSNode one = syntax_below(statement, "identifier|type_identifier|"
					  "shorthand_property_identifier", n);

		if (ts_node_is_null(one))
			break;
		if (str_equal(syntax_text(file->s, one), name) &&
		    syntax_line(one) >= file->scene->failure->line)
			return one;
	}
	return none;
}

bool js_file_propose(struct js_file *file, enum oracle oracle, const char *why)
{
	struct candidate *candidate;
	struct str out;

	if (!edits_apply(&file->edits, file->s, &out)) {
		template_decline(file->scene, "the edit of %s does not fit", file->path);
		return false;
	}
	candidate = propose(file->scene, oracle, "%s", why);
	return candidate_put(file->scene, candidate, file->path, out);
}

void js_mend_sources(struct scene *scene, unsigned (*mend)(struct js_file *file), enum oracle oracle,
		     const char *why, const char *none)
{
	size_t before = scene->candidate_count;
	struct js_near near;

	js_near_open(scene, &near);
	for (size_t i = 0; i < near.count; i++) {
		const char *path = near.list[i];
		JS_FILE file = {0};

		if (!js_file_open(&file, scene, path) || !mend(&file))
			continue;
		js_file_propose(&file, oracle, arena_printf(scene->arena, "%s: %s", path, why));
	}
	if (scene->candidate_count == before)
		template_decline(scene, "%s", none);
}

TSNode js_function_around(TSNode node)
{
	const TSNode none = {{0}, NULL, NULL};

	return ts_node_is_null(node) ? none : syntax_up(ts_node_parent(node), functions);
}

TSNode js_statement_of(TSNode node)
{
	while (!ts_node_is_null(node) &&
	       !syntax_type_is(ts_node_parent(node), "statement_block|program|switch_case|"
			       "switch_default|class_static_block"))
		node = ts_node_parent(node);
	return node;
}

struct watch {
	const struct syntax *s;
	void (*see)(const struct syntax *s, TSNode name, void *context);
	void *context;
};

/* The names in a pattern, default values left out. */
static void see_pattern(const struct watch *w, TSNode node, unsigned depth)
{
	if (ts_node_is_null(node) || depth > 20)
		return;
	if (syntax_type_is(node, "identifier|type_identifier|shorthand_property_identifier_pattern"))
		return w->see(w->s, node, w->context);
	if (syntax_type_is(node, "assignment_pattern|object_assignment_pattern"))
		return see_pattern(w, syntax_field(node, "left"), depth + 1);
	if (syntax_type_is(node, "pair_pattern"))
		return see_pattern(w, syntax_field(node, "value"), depth + 1);
	if (syntax_type_is(node, "required_parameter|optional_parameter"))
		return see_pattern(w, syntax_field(node, "pattern"), depth + 1);
	if (!syntax_type_is(node, "object_pattern|array_pattern|rest_pattern|formal_parameters"))
		return;
	for (uint32_t i = 0; i < ts_node_named_child_count(node); i++)
		see_pattern(w, ts_node_named_child(node, i), depth + 1);
}

static void see_imports(const struct watch *w, TSNode statement)
{
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(statement, "import_clause|import_specifier|namespace_import", n);
		TSNode name;

		if (ts_node_is_null(one))
			return;
		name = syntax_field(one, "alias");
		if (ts_node_is_null(name))
			name = syntax_field(one, "name");
		if (ts_node_is_null(name))
			name = ts_node_named_child(one, 0);
		if (syntax_type_is(name, "identifier"))
			w->see(w->s, name, w->context);
	}
}

static void see_declaration(const struct watch *w, TSNode node)
{
	if (syntax_type_is(node, "export_statement"))
		node = syntax_field(node, "declaration");
	if (ts_node_is_null(node))
		return;
	if (syntax_type_is(node, "import_statement"))
		return see_imports(w, node);
	if (syntax_type_is(node, "lexical_declaration|variable_declaration")) {
		for (uint32_t i = 0; i < ts_node_named_child_count(node); i++)
			see_pattern(w, syntax_field(ts_node_named_child(node, i), "name"), 0);
	} else if (syntax_type_is(node, "function_declaration|generator_function_declaration|"
				  "class_declaration|enum_declaration|interface_declaration|"
				  "type_alias_declaration|abstract_class_declaration")) {
		see_pattern(w, syntax_field(node, "name"), 0);
	}
}

void js_visible(const struct syntax *s, TSNode node,
		void (*see)(const struct syntax *s, TSNode name, void *context), void *context)
{
	const struct watch w = { s, see, context };

	for (; !ts_node_is_null(node); node = ts_node_parent(node)) {
		if (syntax_type_is(node, "statement_block|program|switch_case|switch_default"))
			for (uint32_t i = 0; i < ts_node_named_child_count(node); i++)
				see_declaration(&w, ts_node_named_child(node, i));
		if (syntax_type_is(node, "for_statement"))
			see_declaration(&w, syntax_field(node, "initializer"));
		if (syntax_type_is(node, "for_in_statement"))
			see_pattern(&w, syntax_field(node, "left"), 0);
		see_pattern(&w, syntax_field(node, "parameters"), 0);
		if (syntax_type_is(node, "arrow_function|catch_clause"))
			see_pattern(&w, syntax_field(node, "parameter"), 0);
		if (syntax_type_is(node, "function_expression|function|class"))
			see_pattern(&w, syntax_field(node, "name"), 0);
	}
}

struct wanted {
	struct str name;
	TSNode found;
	bool any;
};

static void see_wanted(const struct syntax *s, TSNode name, void *context)
{
	struct wanted *wanted = context;

	if (wanted->any || !str_equal(syntax_text(s, name), wanted->name))
		return;
	wanted->any = true;
	wanted->found = name;
}

bool js_sees(const struct syntax *s, TSNode node, struct str name, TSNode *found)
{
	struct wanted wanted = { .name = name };

	js_visible(s, node, see_wanted, &wanted);
	if (wanted.any)
		*found = wanted.found;
	return wanted.any;
}

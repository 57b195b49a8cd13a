/*
 * Names, types, imports and expectations in Java sources. Knows nothing that another file's import
 * with an asterisk brings in.
 */
#include "templates/lib_java.h"

#include "git/path.h"
#include "templates/lib_scene.h"

static const char classes[] = "class_declaration|record_declaration|enum_declaration|interface_declaration";

TSNode java_method(TSNode node)
{
	TSNode at = syntax_up(node, "method_declaration|constructor_declaration|lambda_expression|class_body|"
			      "compact_constructor_declaration|static_initializer");
	TSNode none = {{0}, NULL, NULL};

	return syntax_type_is(at, "method_declaration|constructor_declaration") ? at : none;
}

TSNode java_class(TSNode node)
{
	return syntax_up(node, classes);
}

struct str java_simple_type(const struct syntax *s, TSNode type)
{
	struct str text;

	while (syntax_type_is(type, "generic_type|array_type"))
		type = source_nth(type, 0);
	text = syntax_text(s, type);
	(void)str_split_last(text, ".", NULL, &text);
	return text;
}

static bool declares(const struct syntax *s, TSNode node, struct str name)
{
	if (syntax_type_is(node, "formal_parameter|enhanced_for_statement|catch_formal_parameter"))
		return str_equal(syntax_text(s, syntax_field(node, "name")), name);
	for (unsigned n = 0; n < source_count(node); n++) {
		TSNode one = source_nth(node, n);

		if (syntax_type_is(one, "variable_declarator") &&
		    str_equal(syntax_text(s, syntax_field(one, "name")), name))
			return true;
	}
	return false;
}

TSNode java_declaration(const struct syntax *s, TSNode at, struct str name)
{
	TSNode method = syntax_up(at, "method_declaration|constructor_declaration"), class, node, found;

	found = (TSNode){{0}, NULL, NULL};
	for (unsigned n = 0; !ts_node_is_null(method) && !ts_node_is_null(node = syntax_below(method,
		"local_variable_declaration|formal_parameter|enhanced_for_statement", n)); n++)
		if (declares(s, node, name) && ts_node_start_byte(node) <= ts_node_start_byte(at))
			found = node;
	if (!ts_node_is_null(found))
		return found;
	class = java_class(ts_node_is_null(method) ? at : method);
	for (unsigned n = 0; !ts_node_is_null(node = source_child(syntax_field(class, "body"),
								  "field_declaration", n)); n++)
		if (declares(s, node, name))
			return node;
	for (unsigned n = 0; !ts_node_is_null(node = source_child(syntax_field(class, "parameters"),
								  "formal_parameter", n)); n++)
		if (declares(s, node, name))
			return node;
	return found;
}

TSNode java_initial_value(TSNode declaration)
{
	TSNode second = source_child(declaration, "variable_declarator", 1), none = {{0}, NULL, NULL};

	if (!ts_node_is_null(second))
		return none;
	return syntax_field(source_child(declaration, "variable_declarator", 0), "value");
}

TSNode java_class_named(struct sources *sources, struct str name, struct source **source)
{
	const struct tree *tree = sources->scene->tree;
	const char *word = str_text(sources->scene->arena, name);
	TSNode found = {{0}, NULL, NULL}, none = found, node;
	struct str text;

	for (size_t i = 0; i < tree->count; i++) {
		const char *path = tree->entries[i].path;
		struct source *one;

		if (!str_is(path_ending(str_of(path)), "java") || !scene_read(sources->scene, path, &text) ||
		    !text_has_word(text, word))
			continue;
		one = sources_open(sources, path);
		for (unsigned n = 0;
		     one && !ts_node_is_null(node = syntax_below(one->syntax->root, classes, n)); n++) {
			if (!str_equal(syntax_text(one->syntax, syntax_field(node, "name")), name))
				continue;
			if (!ts_node_is_null(found))
				return none;
			found = node;
			*source = one;
		}
	}
	return found;
}

TSNode java_method_named(const struct syntax *s, TSNode class, struct str name, unsigned n)
{
	TSNode node;

	for (unsigned i = 0; !ts_node_is_null(node = source_child(syntax_field(class, "body"),
								  "method_declaration", i)); i++)
		if (str_equal(syntax_text(s, syntax_field(node, "name")), name) && !n--)
			return node;
	return node;
}

bool java_has_modifier(const struct syntax *s, TSNode declaration, const char *modifier)
{
	struct str rest = syntax_text(s, source_child(declaration, "modifiers", 0)), word;

	while (str_next(&rest, ' ', &word)) {
		struct str line;

		while (str_next_line(&word, &line))
			if (str_is(str_trim(line), modifier))
				return true;
	}
	return false;
}

bool java_is_imported(const struct syntax *s, struct str qualified)
{
	struct str package, name = qualified;
	TSNode node;

	(void)str_split_last(qualified, ".", &package, &name);
	for (unsigned n = 0; !ts_node_is_null(node = source_child(s->root, "import_declaration", n)); n++) {
		struct str text = syntax_text(s, source_nth(node, 0)), own = text;

		(void)str_split_last(text, ".", NULL, &own);
		if (!ts_node_is_null(source_child(node, "asterisk", 0)) ? str_equal(text, package) :
									  str_equal(own, name))
			return true;
	}
	return false;
}

/* One more import among those that come to the same place, in their order. */
static void put_import(struct edits *edits, size_t at, struct str text)
{
	for (size_t i = 0; i < edits->count; i++) {
		struct text out = TEXT(edits->arena);
		struct str rest = edits->list[i].text, line;
		bool put = false;

		if (edits->list[i].start != at || edits->list[i].end != at || !str_starts(rest, "import "))
			continue;
		while (rest.size) {
			size_t size = line_end(rest, 0);

			line = str_slice(rest, 0, size);
			if (!put && str_compare(line, text) > 0) {
				text_add(&out, text);
				put = true;
			}
			text_add(&out, line);
			rest = str_from(rest, size);
		}
		if (!put)
			text_add(&out, text);
		edits->list[i].text = text_str(&out);
		return;
	}
	edit_replace(edits, at, at, text);
}

void java_import_add(struct source *source, struct str qualified)
{
	const struct syntax *s = source->syntax;
	struct arena *a = source->edits.arena;
	const char *line = source_newline(s);
	TSNode node, last = {{0}, NULL, NULL}, package = source_child(s->root, "package_declaration", 0);
	struct str text = str_of(arena_printf(a, "import %.*s;%s", STR_ARG(qualified), line));
	size_t at;

	for (size_t i = 0; i < source->edits.count; i++)
		if (str_has(source->edits.list[i].text, str_text(a, str_trim(text))))
			return;
	for (unsigned n = 0; !ts_node_is_null(node = source_child(s->root, "import_declaration", n)); n++) {
		if (str_starts(syntax_text(s, node), "import static"))
			continue;
		if (str_compare(syntax_text(s, source_nth(node, 0)), qualified) > 0) {
			put_import(&source->edits, ts_node_start_byte(node), text);
			return;
		}
		last = node;
	}
	if (!ts_node_is_null(last)) {
		put_import(&source->edits, line_end(s->text, source_end(last)), text);
		return;
	}
	at = ts_node_is_null(package) ? 0 : line_end(s->text, source_end(package));
	edit_replace(&source->edits, at, at, str_of(arena_printf(a, "%s%.*s%s", at ? line : "", STR_ARG(text),
								 at ? "" : line)));
}

struct str java_comment(const struct syntax *s, TSNode declaration)
{
	TSNode before = source_before(declaration);

	if (!syntax_type_is(before, "block_comment|line_comment") ||
	    ts_node_end_point(before).row + 1 < ts_node_start_point(declaration).row)
		return STR_NONE;
	return syntax_text(s, before);
}

bool java_is_literal(TSNode node)
{
	if (syntax_type_is(node, "unary_expression"))
		node = source_nth(node, 0);
	return syntax_type_is(node, "decimal_integer_literal|decimal_floating_point_literal|string_literal|"
			      "true|false|null_literal|character_literal");
}

/* The literal that the call is held against: "== 0", ".equals("x")", assertEquals(0, call). */
static TSNode compared(const struct syntax *s, TSNode call)
{
	TSNode parent = source_parent(call), none = {{0}, NULL, NULL}, other;
	struct str name;

	if (syntax_type_is(parent, "binary_expression")) {
		if (!str_is(syntax_text(s, syntax_field(parent, "operator")), "=="))
			return none;
		other = syntax_field(parent, ts_node_eq(syntax_field(parent, "left"), call) ? "right" : "left");
		return java_is_literal(other) ? other : none;
	}
	if (syntax_type_is(parent, "method_invocation") && ts_node_eq(syntax_field(parent, "object"), call)) {
		name = syntax_text(s, syntax_field(parent, "name"));
		other = source_nth(syntax_field(parent, "arguments"), 0);
		return str_is(name, "equals") && java_is_literal(other) ? other : none;
	}
	if (!syntax_type_is(parent, "argument_list"))
		return none;
	name = syntax_text(s, syntax_field(source_parent(parent), "name"));
	other = source_nth(parent, ts_node_eq(source_nth(parent, 0), call) ? 1 : 0);
	if (str_is(name, "equals") && java_is_literal(syntax_field(source_parent(parent), "object")))
		return syntax_field(source_parent(parent), "object");
	return word_among(name, "assertEquals assertSame") && java_is_literal(other) ? other : none;
}

bool java_expects(struct sources *sources, const struct failure *failure, struct str method,
		  struct java_expected *out)
{
	struct java_expected found = { .s = NULL };
	TSNode node;

	for (size_t i = failure->frame_count; i-- > 0 && !found.s;) {
		const struct frame *frame = &failure->frames[i];
		struct source *source;

		if (!frame->own || !frame->file || !source_is_test(frame->file))
			continue;
		source = sources_open(sources, frame->file);
		for (unsigned n = 0; source && !ts_node_is_null(node = syntax_below(source->syntax->root,
			"method_invocation", n)); n++) {
			TSNode value;

			if (syntax_line(node) != frame->line ||
			    !str_equal(syntax_text(source->syntax, syntax_field(node, "name")), method))
				continue;
			value = compared(source->syntax, node);
			if (ts_node_is_null(value))
				continue;
			if (found.s)
				return false;
			found = (struct java_expected){ source->syntax, node, syntax_text(source->syntax, value),
							source->path, frame->line };
		}
		break;
	}
	if (!found.s)
		return false;
	*out = found;
	return true;
}

/* Is the child evaluated whenever its parent is? */
static bool passes(const struct syntax *s, TSNode parent, TSNode child)
{
	if (syntax_type_is(parent, "binary_expression") &&
	    word_among(syntax_text(s, syntax_field(parent, "operator")), "&& ||"))
		return ts_node_eq(syntax_field(parent, "left"), child);
	if (syntax_type_is(parent, "ternary_expression|if_statement|while_statement"))
		return ts_node_eq(syntax_field(parent, "condition"), child);
	if (syntax_type_is(parent, "enhanced_for_statement"))
		return ts_node_eq(syntax_field(parent, "value"), child);
	return !syntax_type_is(parent, "block|lambda_expression|class_body|for_statement|switch_expression|"
			       "switch_statement|try_statement|try_with_resources_statement|do_statement|"
			       "labeled_statement|synchronized_statement");
}

bool java_always_evaluated(const struct syntax *s, TSNode node, TSNode statement)
{
	while (!ts_node_eq(node, statement)) {
		TSNode parent = source_parent(node);

		if (ts_node_is_null(parent) || !passes(s, parent, node))
			return false;
		node = parent;
	}
	return true;
}

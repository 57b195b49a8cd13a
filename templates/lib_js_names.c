/*
 * Reads imports and exports from the syntax tree. Knows relative specifiers only: no aliases of
 * bundlers, no "paths" of tsconfig.json, no "exports" of packages.
 */
#include "templates/lib_js_names.h"

#include "bot/base/json.h"
#include "git/path.h"
#include "templates/lib_module.h"
#include "templates/lib_oracle_js.h"
#include "templates/lib_scene.h"

bool js_is_source(const char *path)
{
	const char *language = syntax_language(path);

	return language && word_among(str_of(language), "javascript typescript tsx") &&
	       !js_is_test(path) && !str_has(str_of(path), "node_modules/") &&
	       !str_ends(str_of(path), ".d.ts");
}

static struct str unquoted(const struct syntax *s, TSNode string)
{
	struct str text = syntax_text(s, string);

	return text.size > 2 ? str_slice(text, 1, text.size - 2) : STR_NONE;
}

struct binding_list {
	const struct syntax *s;
	struct js_binding *list, base;
	size_t count;
};

static void add(struct binding_list *b, TSNode at, TSNode name, TSNode local)
{
	struct js_binding one = b->base;

	if (b->count == JS_BINDINGS_MAX)
		return;
	one.at = at;
	one.name = ts_node_is_null(name) ? STR("*") : syntax_text(b->s, name);
	one.local = syntax_text(b->s, local);
	one.type |= str_starts(syntax_text(b->s, at), "type ");
	b->list[b->count++] = one;
}

static void add_import(struct binding_list *b, TSNode clause)
{
	const TSNode none = {{0}, NULL, NULL};

	for (uint32_t i = 0; i < ts_node_named_child_count(clause); i++) {
		TSNode child = ts_node_named_child(clause, i);

		if (syntax_type_is(child, "identifier")) {
			add(b, child, child, child);
			b->list[b->count - 1].name = STR("default");
		} else if (syntax_type_is(child, "namespace_import")) {
			add(b, child, none, ts_node_named_child(child, 0));
		} else if (syntax_type_is(child, "named_imports")) {
			for (uint32_t n = 0; n < ts_node_named_child_count(child); n++) {
				TSNode one = ts_node_named_child(child, n);
				TSNode alias = syntax_field(one, "alias");
				TSNode name = syntax_field(one, "name");

				if (!ts_node_is_null(name))
					add(b, one, name, ts_node_is_null(alias) ? name : alias);
			}
		}
	}
}

/* const { a, b: c } = require('x'), const x = require('x') */
static void add_require(struct binding_list *b, TSNode declarator)
{
	TSNode call = syntax_field(declarator, "value"), pattern = syntax_field(declarator, "name");
	TSNode list = syntax_field(call, "arguments"), string = {{0}, NULL, NULL};
	const TSNode none = string;

	if (!syntax_type_is(call, "call_expression") ||
	    !str_is(syntax_text(b->s, syntax_field(call, "function")), "require"))
		return;
	string = ts_node_named_child(list, 0);
	if (!syntax_type_is(string, "string"))
		return;
	b->base = (struct js_binding){ .module = unquoted(b->s, string), .string = string,
				       .statement = ts_node_parent(declarator), .require = true };
	if (syntax_type_is(pattern, "identifier"))
		return add(b, pattern, none, pattern);
	if (!syntax_type_is(pattern, "object_pattern"))
		return;
	for (uint32_t i = 0; i < ts_node_named_child_count(pattern); i++) {
		TSNode one = ts_node_named_child(pattern, i);

		if (syntax_type_is(one, "shorthand_property_identifier_pattern"))
			add(b, one, one, one);
		else if (syntax_type_is(one, "pair_pattern"))
			add(b, one, syntax_field(one, "key"), syntax_field(one, "value"));
	}
}

size_t js_bindings(const struct syntax *s, struct js_binding *list)
{
	struct binding_list b = { .s = s, .list = list };

	for (uint32_t i = 0; i < ts_node_named_child_count(s->root); i++) {
		TSNode one = ts_node_named_child(s->root, i);

		if (syntax_type_is(one, "import_statement")) {
			TSNode string = syntax_field(one, "source");

			b.base = (struct js_binding){ .module = unquoted(s, string), .string = string,
				.statement = one,
				.type = str_starts(syntax_text(s, one), "import type ") };
			for (uint32_t n = 0; n < ts_node_named_child_count(one); n++)
				if (syntax_type_is(ts_node_named_child(one, n), "import_clause"))
					add_import(&b, ts_node_named_child(one, n));
		} else if (syntax_type_is(one, "lexical_declaration|variable_declaration")) {
			for (uint32_t n = 0; n < ts_node_named_child_count(one); n++)
				add_require(&b, ts_node_named_child(one, n));
		}
	}
	return b.count;
}

bool js_binding_of(const struct syntax *s, struct str local, struct js_binding *out)
{
	struct js_binding *list = arena_array(s->arena, struct js_binding, JS_BINDINGS_MAX);
	size_t count = js_bindings(s, list);

	for (size_t i = 0; i < count; i++)
		if (str_equal(list[i].local, local)) {
			*out = list[i];
			return true;
		}
	return false;
}

struct str js_package_type(const struct scene *scene, const char *path)
{
	struct str folder = path_folder(str_of(path));

	for (;;) {
		const char *manifest = arena_printf(scene->arena, "%.*s%spackage.json",
						    STR_ARG(folder), folder.size ? "/" : "");
		struct err ignored = ERR_INIT;
		JSON *json = NULL;
		struct str text;
		const char *type;

		if (scene_read(scene, manifest, &text)) {
			if (!json_parse(text, TREE_FILE_MAX, &json, &ignored))
				return STR_NONE;
			type = json_string_value(json_object_get(json, "type"));
			return type ? str_of(arena_strdup(scene->arena, type)) : STR_NONE;
		}
		if (!folder.size)
			return STR_NONE;
		folder = path_folder(folder);
	}
}

bool js_is_esm(const struct scene *scene, const char *path, const struct syntax *s)
{
	struct str ending = path_ending(str_of(path));
	struct js_binding *list = arena_array(s->arena, struct js_binding, JS_BINDINGS_MAX);

	for (uint32_t i = 0; i < ts_node_named_child_count(s->root); i++)
		if (syntax_type_is(ts_node_named_child(s->root, i),
				   "import_statement|export_statement"))
			return true;
	if (word_among(ending, "mjs mts ts tsx"))
		return true;
	if (str_is(ending, "cjs") || js_bindings(s, list) || str_has(s->text, "module.exports") ||
	    str_has(s->text, "exports."))
		return false;
	return str_is(js_package_type(scene, path), "module");
}

/* The names that a declaration gives: of functions, classes, types, and of plain variables. */
static bool declares(const struct syntax *s, TSNode declaration, struct str name)
{
	if (str_equal(syntax_text(s, syntax_field(declaration, "name")), name))
		return true;
	if (!syntax_type_is(declaration, "lexical_declaration|variable_declaration"))
		return false;
	for (uint32_t i = 0; i < ts_node_named_child_count(declaration); i++) {
		TSNode pattern = syntax_field(ts_node_named_child(declaration, i), "name");

		if (str_equal(syntax_text(s, pattern), name))
			return true;
	}
	return false;
}

TSNode js_top_level(const struct syntax *s, struct str name)
{
	const TSNode none = {{0}, NULL, NULL};

	for (uint32_t i = 0; i < ts_node_named_child_count(s->root); i++) {
		TSNode one = ts_node_named_child(s->root, i);
		TSNode inner = syntax_type_is(one, "export_statement") ?
			syntax_field(one, "declaration") : one;

		if (!ts_node_is_null(inner) && declares(s, inner, name))
			return inner;
	}
	return none;
}

TSNode js_exported_object(const struct syntax *s)
{
	const TSNode none = {{0}, NULL, NULL};

	for (uint32_t i = 0; i < ts_node_named_child_count(s->root); i++) {
		TSNode one = ts_node_named_child(ts_node_named_child(s->root, i), 0);
		TSNode right;

		if (!syntax_type_is(one, "assignment_expression") ||
		    !str_is(syntax_text(s, syntax_field(one, "left")), "module.exports"))
			continue;
		right = syntax_field(one, "right");
		return syntax_type_is(right, "object") ? right : none;
	}
	return none;
}

static bool in_object(const struct syntax *s, TSNode object, struct str name)
{
	for (uint32_t i = 0; !ts_node_is_null(object) && i < ts_node_named_child_count(object); i++) {
		TSNode one = ts_node_named_child(object, i), key = one;

		if (syntax_type_is(one, "pair"))
			key = syntax_field(one, "key");
		else if (syntax_type_is(one, "method_definition"))
			key = syntax_field(one, "name");
		if (str_equal(syntax_text(s, key), name))
			return true;
	}
	return false;
}

/* export { a, b as c } */
static bool in_clause(const struct syntax *s, TSNode statement, struct str name)
{
	TSNode clause = syntax_below(statement, "export_clause", 0);

	for (uint32_t i = 0; !ts_node_is_null(clause) && i < ts_node_named_child_count(clause); i++) {
		TSNode one = ts_node_named_child(clause, i), alias = syntax_field(one, "alias");

		if (ts_node_is_null(alias))
			alias = syntax_field(one, "name");
		if (str_equal(syntax_text(s, alias), name))
			return true;
	}
	return false;
}

bool js_exports(const struct syntax *s, struct str name)
{
	bool wants_default = str_is(name, "default");

	for (uint32_t i = 0; i < ts_node_named_child_count(s->root); i++) {
		TSNode one = ts_node_named_child(s->root, i), left, declaration;

		if (syntax_type_is(one, "export_statement")) {
			bool is_default = str_starts(syntax_text(s, one), "export default");

			declaration = syntax_field(one, "declaration");
			if (is_default ? wants_default :
			    !ts_node_is_null(declaration) ? declares(s, declaration, name) :
							    in_clause(s, one, name))
				return true;
			continue;
		}
		one = ts_node_named_child(one, 0);
		if (ts_node_is_null(one) || !syntax_type_is(one, "assignment_expression"))
			continue;
		left = syntax_field(one, "left");
		if (syntax_type_is(left, "member_expression") &&
		    word_among(syntax_text(s, syntax_field(left, "object")), "exports module.exports") &&
		    str_equal(syntax_text(s, syntax_field(left, "property")), name))
			return true;
	}
	return in_object(s, js_exported_object(s), name);
}

struct sought {
	const struct syntax *s;
	struct str name;
	bool found;
};

/* A binding is a name where nothing is read: a declarator, a parameter, an import. */
static bool see_name(TSNode node, void *context)
{
	struct sought *sought = context;
	TSNode outer = ts_node_parent(node), name;

	if (!syntax_type_is(node, "identifier|type_identifier|shorthand_property_identifier_pattern") ||
	    !str_equal(syntax_text(sought->s, node), sought->name))
		return true;
	name = syntax_field(outer, "name");
	sought->found |= syntax_type_is(node, "shorthand_property_identifier_pattern") ||
		(!ts_node_is_null(name) && ts_node_eq(name, node)) ||
		ts_node_eq(syntax_field(outer, "alias"), node) ||
		ts_node_eq(syntax_field(outer, "parameter"), node) ||
		syntax_type_is(outer, "formal_parameters|required_parameter|optional_parameter|"
			       "rest_pattern|array_pattern|object_pattern|pair_pattern|"
			       "import_clause|namespace_import|type_parameter") ||
		(syntax_type_is(outer, "assignment_pattern|for_in_statement") &&
		 ts_node_eq(syntax_field(outer, "left"), node));
	return !sought->found;
}

bool js_declares(const struct syntax *s, struct str name)
{
	struct sought sought = { s, name, false };

	syntax_walk(s->root, see_name, &sought);
	return sought.found;
}

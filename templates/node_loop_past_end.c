/*
 * for (i = 0; i <= list.length; i++) with list[i] in it -> "<"; for (i = list.length; i >= 0; i--)
 * -> from list.length - 1. The element behind the last is never there. Keeps off loops that look at
 * a neighbour, or that fill the list.
 */
#include "templates/lib_js_file.h"

#include "templates/lib_scene.h"

/* X of X.length; a null node when it is something else. */
static TSNode length_of(const struct syntax *s, TSNode node)
{
	const TSNode none = {{0}, NULL, NULL};

	if (ts_node_is_null(node) || !syntax_type_is(node, "member_expression") ||
	    !str_is(syntax_text(s, syntax_field(node, "property")), "length"))
		return none;
	return syntax_field(node, "object");
}

/* Is list[i] read in the loop, and nowhere assigned, nor list[i - 1] or list[i + 1] read? */
static bool reads(const struct syntax *s, TSNode loop, struct str list, struct str index)
{
	unsigned count = 0;

	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(syntax_field(loop, "body"), "subscript_expression", n), outer;

		if (ts_node_is_null(one))
			return count > 0;
		if (!str_equal(syntax_text(s, syntax_field(one, "object")), list))
			continue;
		outer = ts_node_parent(one);
		if (!str_equal(syntax_text(s, syntax_field(one, "index")), index) ||
		    ts_node_eq(syntax_field(outer, "left"), one))
			return false;
		count++;
	}
}

static bool mend_loop(struct js_file *file, TSNode loop)
{
	const struct syntax *s = file->s;
	TSNode start = syntax_below(syntax_field(loop, "initializer"), "variable_declarator", 0), list;
	TSNode condition = syntax_field(loop, "condition"), operator;
	struct str index, first;

	if (syntax_type_is(condition, "expression_statement"))
		condition = ts_node_named_child(condition, 0);
	if (ts_node_is_null(start) || ts_node_is_null(condition) ||
	    !syntax_type_is(condition, "binary_expression"))
		return false;
	operator = syntax_field(condition, "operator");
	index = syntax_text(s, syntax_field(start, "name"));
	first = syntax_text(s, syntax_field(start, "value"));
	if (!str_equal(syntax_text(s, syntax_field(condition, "left")), index))
		return false;
	list = length_of(s, syntax_field(condition, "right"));
	if (!ts_node_is_null(list) && str_is(syntax_text(s, operator), "<=") &&
	    reads(s, loop, syntax_text(s, list), index)) {
		edit_node(&file->edits, operator, STR("<"));
		return true;
	}
	list = length_of(s, syntax_field(start, "value"));
	if (ts_node_is_null(list) || !str_is(syntax_text(s, operator), ">=") ||
	    !str_is(syntax_text(s, syntax_field(condition, "right")), "0") ||
	    !reads(s, loop, syntax_text(s, list), index))
		return false;
	edit_node(&file->edits, syntax_field(start, "value"),
		  str_of(arena_printf(file->scene->arena, "%.*s - 1", STR_ARG(first))));
	return true;
}

static unsigned mend(struct js_file *file)
{
	unsigned mended = 0;

	for (unsigned n = 0;; n++) {
		TSNode loop = syntax_below(file->s->root, "for_statement", n);

		if (ts_node_is_null(loop))
			return mended;
		mended += mend_loop(file, loop);
	}
}

static void fix(struct scene *scene)
{
	js_mend_sources(scene, mend, ORACLE_CONTRACT,
			"the loop ends at the last element: there is none behind it.",
			"no loop runs past the end of what it reads");
}

static const struct example examples[] = {
	{
		.name = "one step too far",
		.log =
			"/src/src/app.js:4\n    out.push(list[i].name);\n                     ^\n\n"
			"TypeError: Cannot read properties of undefined (reading 'name')\n"
			"    at names (/src/src/app.js:4:22)\n    at Object.<anonymous> (/src/src/app.js:9:13)\n"
			"\nNode.js v20.20.2\n",
		.file = {
			{ "src/app.js",
			  "function names(list) {\n  const out = [];\n  for (let i = 0; i <= list.length; i++) {\n"
			  "    out.push(list[i].name);\n  }\n  return out;\n}\n\n"
			  "console.log(names([{ name: 'a' }]));\n",
			  "function names(list) {\n  const out = [];\n  for (let i = 0; i < list.length; i++) {\n"
			  "    out.push(list[i].name);\n  }\n  return out;\n}\n\n"
			  "console.log(names([{ name: 'a' }]));\n" },
		},
	},
	{
		.name = "backwards",
		.log =
			"/src/src/app.js:4\n    out.push(list[i].name);\n                     ^\n\n"
			"TypeError: Cannot read properties of undefined (reading 'name')\n"
			"    at names (/src/src/app.js:4:22)\n    at Object.<anonymous> (/src/src/app.js:9:13)\n"
			"\nNode.js v20.20.2\n",
		.file = {
			{ "src/app.js",
			  "function names(list) {\n  const out = [];\n  for (let i = list.length; i >= 0; i--) {\n"
			  "    out.push(list[i].name);\n  }\n  return out;\n}\n\n"
			  "console.log(names([{ name: 'a' }]));\n",
			  "function names(list) {\n  const out = [];\n"
			  "  for (let i = list.length - 1; i >= 0; i--) {\n    out.push(list[i].name);\n  }\n"
			  "  return out;\n}\n\nconsole.log(names([{ name: 'a' }]));\n" },
		},
	},
	{
		.name = "a neighbour",
		.log =
			"/src/src/app.js:4\n    out.push(list[i - 1].name);\n                         ^\n\n"
			"TypeError: Cannot read properties of undefined (reading 'name')\n"
			"    at names (/src/src/app.js:4:26)\n    at Object.<anonymous> (/src/src/app.js:9:13)\n"
			"\nNode.js v20.20.2\n",
		.file = {
			{ "src/app.js",
			  "function names(list) {\n  const out = [];\n  for (let i = 0; i <= list.length; i++) {\n"
			  "    out.push(list[i - 1].name);\n  }\n  return out;\n}\n\n"
			  "console.log(names([{ name: 'a' }]));\n",
			  NULL },
		},
		.declines = "no loop runs past",
	},
	{0}
};

static const char *const types[] = { "TypeError", "AssertionError", NULL };

const struct template template_node_loop_past_end = {
	.name = "node_loop_past_end",
	.summary = "a loop reads the element behind the last -> the bound one less",
	.language = "node",
	.class = "bound",
	.oracles = "the language: the element behind the last is not there",
	.keeps_off = "neighbours of the element, lists that are filled",
	.danger = DANGER_1,
	.types = types,
	.fix = fix,
	.examples = examples,
};

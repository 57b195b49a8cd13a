/*
 * item.id === id, where the same comparison elsewhere in the file is String(item.id) === id -> as
 * there. A number is never strictly equal to a text. Keeps off where the siblings convert in two
 * ways, or something other than both sides' names differs.
 */
#include "templates/lib_js_file.h"

#include "templates/lib_scene.h"

struct comparison {
	struct str left, right, by;	/* item.id, id, "String" */
	bool several;
};

static bool is_equality(const struct syntax *s, TSNode node)
{
	return word_among(syntax_text(s, syntax_field(node, "operator")), "=== !==");
}

/* String(item.id) === id; the first of the file whose converted side is this one. */
static void find_sibling(const struct syntax *s, struct comparison *c)
{
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(s->root, "binary_expression", n), left, list;
		struct str function;

		if (ts_node_is_null(one))
			return;
		left = syntax_field(one, "left");
		if (!is_equality(s, one) || !syntax_type_is(left, "call_expression") ||
		    !str_equal(syntax_text(s, syntax_field(one, "right")), c->right))
			continue;
		list = syntax_field(left, "arguments");
		function = syntax_text(s, syntax_field(left, "function"));
		if (!word_among(function, "String Number") || ts_node_named_child_count(list) != 1 ||
		    !str_equal(syntax_text(s, ts_node_named_child(list, 0)), c->left))
			continue;
		c->several |= c->by.size && !str_equal(c->by, function);
		c->by = function;
	}
}

static unsigned mend(struct js_file *file)
{
	const struct syntax *s = file->s;
	unsigned mended = 0;

	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(s->root, "binary_expression", n), left, right;
		struct comparison c = {0};

		if (ts_node_is_null(one))
			return mended;
		left = syntax_field(one, "left");
		right = syntax_field(one, "right");
		if (!is_equality(s, one) || !syntax_type_is(left, "member_expression") ||
		    !syntax_type_is(right, "identifier"))
			continue;
		c.left = syntax_text(s, left);
		c.right = syntax_text(s, right);
		find_sibling(s, &c);
		if (!c.by.size || c.several)
			continue;
		edit_node(&file->edits, left, str_of(arena_printf(file->scene->arena, "%.*s(%.*s)",
			  STR_ARG(c.by), STR_ARG(c.left))));
		mended++;
	}
}

static void fix(struct scene *scene)
{
	js_mend_sources(scene, mend, ORACLE_SIBLING,
			"compares as the same comparison elsewhere in the file does: a number is never a text.",
			"no comparison has a sibling that converts");
}

static const struct example examples[] = {
	{
		.name = "the function above converts",
		.log =
			"/src/src/app.js:4\nconst name = (id) => items.find((item) => item.id === id).name;\n"
			"                                                         ^\n\n"
			"TypeError: Cannot read properties of undefined (reading 'name')\n"
			"    at name (/src/src/app.js:4:58)\n    at Object.<anonymous> (/src/src/app.js:6:23)\n\n"
			"Node.js v20.20.2\n",
		.file = {
			{ "src/app.js",
			  "const items = [{ id: 7, name: 'a' }];\n\n"
			  "const has = (id) => items.some((item) => String(item.id) === id);\n"
			  "const name = (id) => items.find((item) => item.id === id).name;\n\n"
			  "console.log(has('7'), name('7'));\n",
			  "const items = [{ id: 7, name: 'a' }];\n\n"
			  "const has = (id) => items.some((item) => String(item.id) === id);\n"
			  "const name = (id) => items.find((item) => String(item.id) === id).name;\n\n"
			  "console.log(has('7'), name('7'));\n" },
		},
	},
	{
		.name = "nobody converts",
		.log =
			"/src/src/app.js:4\nconst name = (id) => items.find((item) => item.id === id).name;\n"
			"                                                         ^\n\n"
			"TypeError: Cannot read properties of undefined (reading 'name')\n"
			"    at name (/src/src/app.js:4:58)\n    at Object.<anonymous> (/src/src/app.js:6:23)\n\n"
			"Node.js v20.20.2\n",
		.file = {
			{ "src/app.js",
			  "const items = [{ id: 7, name: 'a' }];\n\n"
			  "const has = (id) => items.some((item) => item.id === id);\n"
			  "const name = (id) => items.find((item) => item.id === id).name;\n\n"
			  "console.log(has('7'), name('7'));\n",
			  NULL },
		},
		.declines = "no comparison has a sibling",
	},
	{0}
};

static const char *const types[] = { "TypeError", "AssertionError", NULL };

const struct template template_node_text_compared = {
	.name = "node_text_compared",
	.summary = "a number is compared with a text -> converted as the same comparison elsewhere",
	.language = "node",
	.class = "comparison",
	.oracles = "the same comparison in the same file",
	.keeps_off = "no such sibling, siblings that convert in two ways",
	.danger = DANGER_1,
	.types = types,
	.fix = fix,
	.examples = examples,
};

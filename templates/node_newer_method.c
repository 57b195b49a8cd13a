/*
 * A method of a newer node is called, and package.json promises an older one -> the same in the older
 * language: toSorted and toReversed of a copy, at(-n), replaceAll, Object.hasOwn. Keeps off where
 * engines does not promise the older node: then the workflow may be what is behind.
 */
#include "templates/lib_js_file.h"

#include "templates/lib_scene.h"
#include "templates/lib_js_names.h"

static const struct {
	const char *name;
	unsigned since;			/* the first node that has it */
} methods[] = {
	{ "toSorted", 20 }, { "toReversed", 20 }, { "replaceAll", 15 }, { "hasOwn", 16 }, { "at", 16 },
};

/* The lowest major version that engines.node allows; 0 when it does not say. */
static unsigned promised(const struct scene *scene)
{
	struct str text, rest;
	ptrdiff_t at;
	unsigned long major;

	if (!scene_read(scene, "package.json", &text) || (at = str_find(text, STR("\"engines\""))) < 0)
		return 0;
	rest = str_from(text, (size_t)at);
	if ((at = str_find(rest, STR("\"node\""))) < 0)
		return 0;
	rest = str_from(rest, (size_t)at + 6);
	while (rest.size && (rest.at[0] < '0' || rest.at[0] > '9') && rest.at[0] != '}')
		rest = str_from(rest, 1);
	return str_take_number(&rest, &major) && major < 1000 ? (unsigned)major : 0;
}

/* The same call without the method; empty when it is not plain. */
static struct str older(const struct js_file *file, TSNode call, struct str method)
{
	const struct syntax *s = file->s;
	struct arena *a = file->scene->arena;
	TSNode object = syntax_field(syntax_field(call, "function"), "object");
	TSNode list = syntax_field(call, "arguments"), first, second;
	struct str of = syntax_text(s, object), given = syntax_text(s, list);
	uint32_t count = ts_node_named_child_count(list);

	first = count ? ts_node_named_child(list, 0) : list;
	second = count > 1 ? ts_node_named_child(list, 1) : list;
	if (str_is(method, "toSorted") || str_is(method, "toReversed"))
		return str_of(arena_printf(a, "[...%.*s].%s%.*s", STR_ARG(of),
					   str_is(method, "toSorted") ? "sort" : "reverse", STR_ARG(given)));
	if (str_is(method, "hasOwn") && str_is(of, "Object") && count == 2)
		return str_of(arena_printf(a, "Object.prototype.hasOwnProperty.call%.*s", STR_ARG(given)));
	if (str_is(method, "replaceAll") && count == 2 && syntax_type_is(first, "string") &&
	    syntax_type_is(second, "string") && !str_has(syntax_text(s, second), "$"))
		return str_of(arena_printf(a, "%.*s.split(%.*s).join(%.*s)", STR_ARG(of),
					   STR_ARG(syntax_text(s, first)), STR_ARG(syntax_text(s, second))));
	if (str_is(method, "at") && count == 1 && syntax_type_is(object, "identifier") &&
	    syntax_type_is(first, "unary_expression") &&
	    syntax_type_is(ts_node_named_child(first, 0), "number"))
		return str_of(arena_printf(a, "%.*s[%.*s.length - %.*s]", STR_ARG(of), STR_ARG(of),
					   STR_ARG(syntax_text(s, ts_node_named_child(first, 0)))));
	return STR_NONE;
}

/* All calls of the method in the file; false when one has no older form. */
static bool mend_all(struct js_file *file, struct str method, unsigned *mended)
{
	for (unsigned n = 0;; n++) {
		TSNode call = syntax_below(file->s->root, "call_expression", n), callee;
		struct str text;

		if (ts_node_is_null(call))
			return true;
		callee = syntax_field(call, "function");
		if (!syntax_type_is(callee, "member_expression") ||
		    !str_equal(syntax_text(file->s, syntax_field(callee, "property")), method))
			continue;
		text = older(file, call, method);
		if (!text.size)
			return false;
		edit_node(&file->edits, call, text);
		++*mended;
	}
}

static void fix(struct scene *scene)
{
	struct str method = scene_group(scene, "name");
	unsigned since = 0, lowest = promised(scene), mended = 0;
	JS_FILE file;

	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		if (str_is(method, methods[i].name))
			since = methods[i].since;
	if (!since)
		return template_decline(scene, "%.*s is no method that came with a newer node",
					STR_ARG(method));
	if (!lowest || lowest >= since)
		return template_decline(scene, "package.json does not promise a node without %.*s",
					STR_ARG(method));
	if (!js_file_of_failure(&file, scene))
		return;
	if (!mend_all(&file, method, &mended) || !mended)
		return template_decline(scene, "%s has no plain older form of %.*s", file.path,
					STR_ARG(method));
	js_file_propose(&file, ORACLE_CONTRACT,
			arena_printf(scene->arena, "Says %.*s in the language of node %u, which package.json "
				     "promises.", STR_ARG(method), lowest));
}

static const struct example examples[] = {
	{
		.name = "toSorted, and node 18 is promised",
		.log =
			"✖ failing tests:\n\ntest at file:/src/test/app.test.js:4:1\n✖ by length (45.024322ms)\n"
			"  TypeError [Error]: entries.toSorted is not a function\n"
			"      at byLength (file:///src/src/app.js:1:46)\n"
			"      at TestContext.<anonymous> (file:///src/test/app.test.js:5:3)\n"
			"      at Test.runInAsyncScope (node:async_hooks:203:9)\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\", \"engines\": { \"node\": \">=18\" } }\n",
			  NULL },
			{ "src/app.js",
			  "export const byLength = (entries) => entries.toSorted((a, b) => a.length - b.length);\n",
			  "export const byLength = (entries) => [...entries].sort((a, b) => a.length - b.length);\n" },
			{ "test/app.test.js",
			  "import { test } from 'node:test';\nimport { byLength } from '../src/app.js';\n\n"
			  "test('by length', () => {\n  byLength(['ab', 'c']);\n});\n",
			  NULL },
		},
	},
	{
		.name = "node 20 is promised",
		.log =
			"✖ failing tests:\n\ntest at file:/src/test/app.test.js:4:1\n✖ by length (58.918993ms)\n"
			"  TypeError [Error]: entries.toSorted is not a function\n"
			"      at byLength (file:///src/src/app.js:1:46)\n"
			"      at TestContext.<anonymous> (file:///src/test/app.test.js:5:3)\n"
			"      at Test.runInAsyncScope (node:async_hooks:203:9)\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\", \"engines\": { \"node\": \">=20\" } }\n",
			  NULL },
			{ "src/app.js",
			  "export const byLength = (entries) => entries.toSorted((a, b) => a.length - b.length);\n",
			  NULL },
			{ "test/app.test.js",
			  "import { test } from 'node:test';\nimport { byLength } from '../src/app.js';\n\n"
			  "test('by length', () => {\n  byLength(['ab', 'c']);\n});\n",
			  NULL },
		},
		.declines = "does not promise",
	},
	{0}
};

const struct template template_node_newer_method = {
	.name = "node_newer_method",
	.summary = "a method of a newer node than engines promises -> the same without it",
	.language = "node",
	.class = "engines",
	.oracles = "package.json; the language",
	.keeps_off = "no such promise, calls without a plain older form",
	.danger = DANGER_1,
	.reading = true,
	.pattern = "(?:^|\\.)(?<name>[A-Za-z]+) is not a function$",
	.fix = fix,
	.examples = examples,
};

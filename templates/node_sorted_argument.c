/*
 * A list of the caller is sorted or turned round in place, and the result is used -> a copy of it is.
 * Keeps off where the list is sorted as a statement: then the caller wants it sorted.
 */
#include "templates/lib_js_file.h"

#include "templates/lib_js.h"
#include "templates/lib_scene.h"

static unsigned mend(struct js_file *file)
{
	unsigned mended = 0;

	for (unsigned n = 0;; n++) {
		TSNode call = syntax_below(file->s->root, "call_expression", n), callee, object, function;
		TSNode ignored;

		if (ts_node_is_null(call))
			return mended;
		callee = syntax_field(call, "function");
		function = js_function_around(call);
		if (!syntax_type_is(callee, "member_expression") || ts_node_is_null(function) ||
		    !word_among(syntax_text(file->s, syntax_field(callee, "property")), "sort reverse") ||
		    syntax_type_is(ts_node_parent(call), "expression_statement"))
			continue;
		object = syntax_field(callee, "object");
		if (!syntax_type_is(object, "identifier") ||
		    js_parameter(file->s, function, syntax_text(file->s, object), &ignored) < 0)
			continue;
		edit_node(&file->edits, object, str_of(arena_printf(file->scene->arena, "[...%.*s]",
			  STR_ARG(syntax_text(file->s, object)))));
		mended++;
	}
}

static void fix(struct scene *scene)
{
	js_mend_sources(scene, mend, ORACLE_TEST,
			"sorts a copy, as the list is the caller's and the test wants it as it was.",
			"no list of a caller is sorted in place");
}

static const struct example examples[] = {
	{
		.name = "the result is used",
		.log =
			"✖ failing tests:\n\ntest at test/app.test.js:5:1\n✖ case (28.507775ms)\n"
			"  AssertionError [ERR_ASSERTION]: Expected values to be loosely deep-equal:\n  \n  [\n"
			"    3,\n    2,\n    1\n  ]\n  \n  should loosely deep-equal\n  \n  [\n    2,\n    3,\n"
			"    1\n  ]\n      at TestContext.<anonymous> (/src/test/app.test.js:8:10)\n"
			"      at Test.runInAsyncScope (node:async_hooks:206:9)\n"
			"      at Test.run (node:internal/test_runner/test:796:25)\n    generatedMessage: true,\n"
			"    code: 'ERR_ASSERTION',\n    actual: [ 3, 2, 1 ],\n    expected: [ 2, 3, 1 ],\n"
			"    operator: 'deepEqual'\n  }\n",
		.file = {
			{ "src/app.js",
			  "const top = (list) => {\n  return list.sort((a, b) => b - a)[0];\n};\n\n"
			  "module.exports = { top };\n",
			  "const top = (list) => {\n  return [...list].sort((a, b) => b - a)[0];\n};\n\n"
			  "module.exports = { top };\n" },
			{ "test/app.test.js",
			  "const { test } = require('node:test');\nconst assert = require('node:assert');\n"
			  "const { top } = require('../src/app');\n\ntest('case', () => {\n"
			  "  const list = [2, 3, 1];\n  top(list);\n  assert.deepEqual(list, [2, 3, 1]);\n});\n",
			  NULL },
		},
	},
	{
		.name = "it is meant to be sorted",
		.log =
			"✖ failing tests:\n\ntest at test/app.test.js:5:1\n✖ case (38.562804ms)\n"
			"  AssertionError [ERR_ASSERTION]: Expected values to be loosely deep-equal:\n  \n  [\n"
			"    3,\n    2,\n    1\n  ]\n  \n  should loosely deep-equal\n  \n  [\n    2,\n    3,\n"
			"    1\n  ]\n      at TestContext.<anonymous> (/src/test/app.test.js:8:10)\n"
			"      at Test.runInAsyncScope (node:async_hooks:206:9)\n"
			"      at Test.run (node:internal/test_runner/test:796:25)\n    generatedMessage: true,\n"
			"    code: 'ERR_ASSERTION',\n    actual: [ 3, 2, 1 ],\n    expected: [ 2, 3, 1 ],\n"
			"    operator: 'deepEqual'\n  }\n",
		.file = {
			{ "src/app.js",
			  "const top = (list) => {\n  list.sort((a, b) => b - a);\n};\n\n"
			  "module.exports = { top };\n",
			  NULL },
			{ "test/app.test.js",
			  "const { test } = require('node:test');\nconst assert = require('node:assert');\n"
			  "const { top } = require('../src/app');\n\ntest('case', () => {\n"
			  "  const list = [2, 3, 1];\n  top(list);\n  assert.deepEqual(list, [2, 3, 1]);\n});\n",
			  NULL },
		},
		.declines = "no list of a caller",
	},
	{0}
};

static const char *const types[] = { "AssertionError", NULL };

const struct template template_node_sorted_argument = {
	.name = "node_sorted_argument",
	.summary = "a list of the caller is sorted in place -> a copy of it is sorted",
	.language = "node",
	.class = "aliasing",
	.oracles = "the failing test; the result that is used",
	.keeps_off = "lists sorted as a statement, lists of the function itself",
	.danger = DANGER_1,
	.types = types,
	.fix = fix,
	.examples = examples,
};

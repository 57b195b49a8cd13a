/*
 * sort() of numbers without a comparison sorts them as texts -> (a, b) => a - b. Keeps off where
 * another sort() could be meant, where texts are sorted, and where the failing test has any other
 * list than one of numbers.
 */
#include "templates/lib_js_file.h"

#include "templates/lib_js_names.h"
#include "templates/lib_oracle_js.h"
#include "templates/lib_scene.h"

enum { SOURCES_MAX = 1000 };

/* What gives texts, whatever is in it. */
static const char texts[] = "keys split match map entries flatMap";

/* Does every list with two or more elements in the failing test hold numbers only, one of them above 9? */
static bool test_has_numbers(const struct scene *scene)
{
	const char *path = scene_path(scene, scene->failure->file);
	bool large = false;
	struct str text;
	SYNTAX s = NULL;

	if (!path || !js_is_test(path) || !scene_read(scene, path, &text))
		return false;
	s = syntax_open(scene->arena, syntax_language(path), text);
	for (unsigned n = 0; s; n++) {
		TSNode list = syntax_below(s->root, "array", n);

		if (ts_node_is_null(list))
			return large;
		for (uint32_t i = 0; i < ts_node_named_child_count(list); i++) {
			TSNode one = ts_node_named_child(list, i);

			if (syntax_type_is(one, "unary_expression"))
				one = ts_node_named_child(one, 0);
			if (!syntax_type_is(one, "number|array"))
				return false;
			large |= syntax_text(s, one).size > 1;
		}
	}
	return false;
}

/* sort() without a comparison, of something that is not plainly a list of texts. */
static bool is_bare(const struct syntax *s, TSNode call)
{
	TSNode callee = syntax_field(call, "function"), object;

	if (!syntax_type_is(callee, "member_expression") ||
	    !str_is(syntax_text(s, syntax_field(callee, "property")), "sort") ||
	    ts_node_named_child_count(syntax_field(call, "arguments")))
		return false;
	object = syntax_field(callee, "object");
	if (!syntax_type_is(object, "call_expression"))
		return true;
	callee = syntax_field(syntax_field(object, "function"), "property");
	return ts_node_is_null(callee) || !word_among(syntax_text(s, callee), texts);
}

static unsigned count_in(const struct syntax *s, TSNode *found)
{
	unsigned count = 0;

	for (unsigned n = 0;; n++) {
		TSNode call = syntax_below(s->root, "call_expression", n);

		if (ts_node_is_null(call))
			return count;
		if (!is_bare(s, call))
			continue;
		*found = call;
		count++;
	}
}

static const char *only_file(const struct scene *scene)
{
	const char *found = NULL;
	unsigned count = 0;

	for (size_t i = 0; i < scene->tree->count && i < SOURCES_MAX; i++) {
		const char *path = scene->tree->entries[i].path;
		struct str text;
		SYNTAX s = NULL;
		TSNode ignored;
		unsigned here;

		if (!js_is_source(path) || !scene_read(scene, path, &text) || !str_has(text, ".sort()"))
			continue;
		s = syntax_open(scene->arena, syntax_language(path), text);
		here = s ? count_in(s, &ignored) : 0;
		count += here;
		found = here ? path : found;
	}
	return count == 1 ? found : NULL;
}

static void fix(struct scene *scene)
{
	const char *path = only_file(scene);
	TSNode call, list;
	JS_FILE file;

	if (!path)
		return template_decline(scene, "no single list is sorted without a comparison");
	if (!test_has_numbers(scene))
		return template_decline(scene, "the failing test has other lists than of numbers");
	if (!js_file_open(&file, scene, path))
		return;
	count_in(file.s, &call);
	list = syntax_field(call, "arguments");
	edit_node(&file.edits, list, STR("((a, b) => a - b)"));
	js_file_propose(&file, ORACLE_TEST, "Compares numbers as numbers: sort() alone sorts them as texts.");
}

static const struct example examples[] = {
	{
		.name = "a list of numbers",
		.log =
			"✖ failing tests:\n\ntest at test/app.test.js:5:1\n✖ case (18.116105ms)\n"
			"  AssertionError [ERR_ASSERTION]: 100 == 9\n"
			"      at TestContext.<anonymous> (/src/test/app.test.js:6:10)\n"
			"      at Test.runInAsyncScope (node:async_hooks:206:9)\n"
			"      at Test.run (node:internal/test_runner/test:796:25)\n    generatedMessage: true,\n"
			"    code: 'ERR_ASSERTION',\n    actual: 100,\n    expected: 9,\n    operator: '=='\n"
			"  }\n",
		.file = {
			{ "src/app.js",
			  "const low = (list) => [...list].sort()[0];\n\nmodule.exports = { low };\n",
			  "const low = (list) => [...list].sort((a, b) => a - b)[0];\n\nmodule.exports = { low };\n" },
			{ "test/app.test.js",
			  "const { test } = require('node:test');\nconst assert = require('node:assert');\n"
			  "const { low } = require('../src/app');\n\ntest('case', () => {\n"
			  "  assert.equal(low([100, 9, 20]), 9);\n});\n",
			  NULL },
		},
	},
	{
		.name = "a list of texts",
		.log =
			"✖ failing tests:\n\ntest at test/app.test.js:5:1\n✖ case (22.577859ms)\n"
			"  AssertionError [ERR_ASSERTION]: 'a10' == 'a9'\n"
			"      at TestContext.<anonymous> (/src/test/app.test.js:6:10)\n"
			"      at Test.runInAsyncScope (node:async_hooks:206:9)\n"
			"      at Test.run (node:internal/test_runner/test:796:25)\n    generatedMessage: true,\n"
			"    code: 'ERR_ASSERTION',\n    actual: 'a10',\n    expected: 'a9',\n"
			"    operator: '=='\n  }\n",
		.file = {
			{ "src/app.js",
			  "const low = (list) => [...list].sort()[0];\n\nmodule.exports = { low };\n",
			  NULL },
			{ "test/app.test.js",
			  "const { test } = require('node:test');\nconst assert = require('node:assert');\n"
			  "const { low } = require('../src/app');\n\ntest('case', () => {\n"
			  "  assert.equal(low(['b', 'a10', 'a9']), 'a9');\n});\n",
			  NULL },
		},
		.declines = "other lists than of numbers",
	},
	{0}
};

static const char *const types[] = { "AssertionError", NULL };

const struct template template_node_number_sort = {
	.name = "node_number_sort",
	.summary = "numbers are sorted as texts -> compared as numbers",
	.language = "node",
	.class = "comparison",
	.oracles = "the failing test and its lists of numbers; the language",
	.keeps_off = "lists of texts, several such sorts",
	.danger = DANGER_1,
	.types = types,
	.fix = fix,
	.examples = examples,
};

/*
 * A function ends in a value that nobody takes: ({ a, b }); or items.map(...); -> return of that
 * value. Such a statement does nothing else. Keeps off functions that return elsewhere, and when
 * several functions end so.
 */
#include "templates/lib_js_file.h"
#include "templates/lib_js_names.h"
#include "templates/lib_js_near.h"

#include "templates/lib_scene.h"

static const char functions[] = "arrow_function|function_declaration|function_expression|method_definition";

/* Methods that only give something back. */
static const char pure[] = "map filter slice concat join reduce reduceRight trim trimStart trimEnd padStart "
	"padEnd toFixed toUpperCase toLowerCase toString flat flatMap replaceAll repeat";

static bool acts(TSNode node)
{
	return !ts_node_is_null(syntax_below(node, "assignment_expression|augmented_assignment_expression|"
		"update_expression|await_expression|yield_expression|statement_block|new_expression", 0));
}

/* Is this expression worth nothing unless somebody takes it? */
static bool is_value(const struct syntax *s, TSNode node)
{
	TSNode callee;

	while (syntax_type_is(node, "parenthesized_expression"))
		node = ts_node_named_child(node, 0);
	if (syntax_type_is(node, "object|array|template_string"))
		return !acts(node);
	if (syntax_type_is(node, "binary_expression")) {
		struct str operator = syntax_text(s, syntax_field(node, "operator"));

		return word_among(operator, "+ - * / % ** === !== < > <= >=") && !acts(node);
	}
	if (!syntax_type_is(node, "call_expression"))
		return false;
	callee = syntax_field(node, "function");
	return syntax_type_is(callee, "member_expression") && !acts(node) &&
	       word_among(syntax_text(s, syntax_field(callee, "property")), pure);
}

static bool returns(TSNode function)
{
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(syntax_field(function, "body"), "return_statement", n);

		if (ts_node_is_null(one))
			return false;
		if (ts_node_eq(js_function_around(one), function) && ts_node_named_child_count(one))
			return true;
	}
}

/* The last statement of the function, when it is such a value; else a null node. */
static TSNode lost(const struct syntax *s, TSNode function)
{
	const TSNode none = {{0}, NULL, NULL};
	TSNode body = syntax_field(function, "body"), last;
	uint32_t count = ts_node_is_null(body) ? 0 : ts_node_named_child_count(body);

	if (!count || !syntax_type_is(body, "statement_block") || returns(function) ||
	    str_is(syntax_text(s, syntax_field(function, "name")), "constructor"))
		return none;
	last = ts_node_named_child(body, count - 1);
	if (!syntax_type_is(last, "expression_statement") || !is_value(s, ts_node_named_child(last, 0)))
		return none;
	return last;
}

static void count_in(const struct syntax *s, TSNode *found, unsigned *count)
{
	for (unsigned n = 0;; n++) {
		TSNode function = syntax_below(s->root, functions, n), statement;

		if (ts_node_is_null(function))
			return;
		statement = lost(s, function);
		if (ts_node_is_null(statement))
			continue;
		*found = statement;
		++*count;
	}
}

static const char *only_file(struct scene *scene)
{
	const char *found = NULL;
	struct js_near near;
	unsigned count = 0;

	js_near_open(scene, &near);
	for (size_t i = 0; i < near.count; i++) {
		const char *path = near.list[i];
		unsigned before = count;
		struct str text;
		SYNTAX s = NULL;
		TSNode ignored;

		if (!scene_read(scene, path, &text))
			continue;
		s = syntax_open(scene->arena, syntax_language(path), text);
		if (s)
			count_in(s, &ignored, &count);
		if (count > before)
			found = path;
	}
	return count == 1 ? found : NULL;
}

static void fix(struct scene *scene)
{
	const char *path = only_file(scene);
	unsigned count = 0;
	TSNode found, value;
	JS_FILE file;

	if (!path)
		return template_decline(scene, "no single function ends in a value that nobody takes");
	if (!js_file_open(&file, scene, path))
		return;
	count_in(file.s, &found, &count);
	value = ts_node_named_child(found, 0);
	edit_replace(&file.edits, ts_node_start_byte(found), ts_node_start_byte(found), STR("return "));
	if (syntax_type_is(value, "parenthesized_expression") &&
	    syntax_type_is(ts_node_named_child(value, 0), "object"))
		edit_node(&file.edits, value, syntax_text(file.s, ts_node_named_child(value, 0)));
	js_file_propose(&file, ORACLE_CONTRACT,
			arena_printf(scene->arena, "Returns the value on line %u of %s: the function ends in "
				     "it, and the statement does nothing else.", syntax_line(found), path));
}

static const struct example examples[] = {
	{
		.name = "an arrow's object in braces",
		.log =
			"✖ failing tests:\n\ntest at test/app.test.js:5:1\n✖ case (2.051191ms)\n"
			"  TypeError [Error]: Cannot read properties of undefined (reading 'name')\n"
			"      at first (/src/src/app.js:6:39)\n"
			"      at TestContext.<anonymous> (/src/test/app.test.js:6:16)\n"
			"      at Test.runInAsyncScope (node:async_hooks:206:9)\n",
		.file = {
			{ "src/app.js",
			  "const parse = (text) => text.split(';').map((line) => {\n"
			  "  const [name, count] = line.split('=');\n  ({ name, count });\n});\n\n"
			  "const first = (text) => parse(text)[0].name;\n\nmodule.exports = { first };\n",
			  "const parse = (text) => text.split(';').map((line) => {\n"
			  "  const [name, count] = line.split('=');\n  return { name, count };\n});\n\n"
			  "const first = (text) => parse(text)[0].name;\n\nmodule.exports = { first };\n" },
			{ "test/app.test.js",
			  "const { test } = require('node:test');\nconst assert = require('node:assert');\n"
			  "const { first } = require('../src/app');\n\ntest('case', () => {\n"
			  "  assert.equal(first('a=1'), 'a');\n});\n",
			  NULL },
		},
	},
	{
		.name = "a mapping",
		.log =
			"✖ failing tests:\n\ntest at test/app.test.js:5:1\n✖ case (20.744485ms)\n"
			"  AssertionError [ERR_ASSERTION]: Expected values to be loosely deep-equal:\n  \n"
			"  undefined\n  \n  should loosely deep-equal\n  \n  [\n    2\n  ]\n"
			"      at TestContext.<anonymous> (/src/test/app.test.js:6:10)\n"
			"      at Test.runInAsyncScope (node:async_hooks:206:9)\n"
			"      at Test.run (node:internal/test_runner/test:796:25)\n    generatedMessage: true,\n"
			"    code: 'ERR_ASSERTION',\n    actual: undefined,\n    expected: [ 2 ],\n"
			"    operator: 'deepEqual'\n  }\n",
		.file = {
			{ "src/app.js",
			  "function sizes(list) {\n  list.map((one) => one.length);\n}\n\n"
			  "module.exports = { sizes };\n",
			  "function sizes(list) {\n  return list.map((one) => one.length);\n}\n\n"
			  "module.exports = { sizes };\n" },
			{ "test/app.test.js",
			  "const { test } = require('node:test');\nconst assert = require('node:assert');\n"
			  "const { sizes } = require('../src/app');\n\ntest('case', () => {\n"
			  "  assert.deepEqual(sizes(['ab']), [2]);\n});\n",
			  NULL },
		},
	},
	{
		.name = "the callback acts",
		.log =
			"✖ failing tests:\n\ntest at test/app.test.js:5:1\n✖ case (9.448803ms)\n"
			"  AssertionError [ERR_ASSERTION]: Expected values to be loosely deep-equal:\n  \n"
			"  undefined\n  \n  should loosely deep-equal\n  \n  [\n    2\n  ]\n"
			"      at TestContext.<anonymous> (/src/test/app.test.js:6:10)\n"
			"      at Test.runInAsyncScope (node:async_hooks:206:9)\n"
			"      at Test.run (node:internal/test_runner/test:796:25)\n    generatedMessage: true,\n"
			"    code: 'ERR_ASSERTION',\n    actual: undefined,\n    expected: [ 2 ],\n"
			"    operator: 'deepEqual'\n  }\n",
		.file = {
			{ "src/app.js",
			  "function sizes(list, out) {\n  list.map((one) => {\n    out.push(one.length);\n  });\n"
			  "}\n\nmodule.exports = { sizes };\n",
			  NULL },
			{ "test/app.test.js",
			  "const { test } = require('node:test');\nconst assert = require('node:assert');\n"
			  "const { sizes } = require('../src/app');\n\ntest('case', () => {\n"
			  "  assert.deepEqual(sizes(['ab'], []), [2]);\n});\n",
			  NULL },
		},
		.declines = "no single function",
	},
	{0}
};

static const char *const types[] = { "TypeError", "AssertionError", NULL };

const struct template template_node_lost_return = {
	.name = "node_lost_return",
	.summary = "a function ends in a value that nobody takes -> return of that value",
	.language = "node",
	.class = "return",
	.oracles = "the language: such a statement does nothing",
	.keeps_off = "functions that return elsewhere, statements that act, several such functions",
	.danger = DANGER_1,
	.types = types,
	.fix = fix,
	.examples = examples,
};

/*
 * "Reduce of empty array with no initial value" -> an early return of what the failing test states
 * for nothing. Never an initial value of our own: it would take part in all other results.
 */
#include "templates/lib_js_file.h"

#include "templates/lib_js.h"
#include "templates/lib_oracle_js.h"
#include "templates/lib_scene.h"

/* x.reduce(f) on the line, without an initial value. */
static TSNode reduction(const struct js_file *file)
{
	const TSNode none = {{0}, NULL, NULL};
	TSNode found = none;
	unsigned count = 0;

	for (unsigned n = 0;; n++) {
		TSNode call = syntax_below(file->s->root, "call_expression", n), property;

		if (ts_node_is_null(call))
			return count == 1 ? found : none;
		property = syntax_field(syntax_field(call, "function"), "property");
		if (ts_node_is_null(property) || syntax_line(property) != file->scene->failure->line ||
		    !word_among(syntax_text(file->s, property), "reduce reduceRight") ||
		    ts_node_named_child_count(syntax_field(call, "arguments")) != 1)
			continue;
		found = call;
		count++;
	}
}

/* May the function return there? Nothing before the statement acts, and it takes one thing. */
static bool may_leave(const struct js_file *file, TSNode function, TSNode statement)
{
	struct js_crash crash = { .scene = file->scene, .path = file->path, .s = file->s,
				  .function = function };

	return !js_has_effect(&crash, syntax_field(function, "body"), ts_node_start_byte(statement));
}

static void fix(struct scene *scene)
{
	TSNode call, function, object, body, statement, ignored;
	struct stated stated;
	const char *why, *end;
	struct str name;
	JS_FILE file;

	if (!js_file_of_failure(&file, scene))
		return;
	call = reduction(&file);
	function = ts_node_is_null(call) ? call : js_function_around(call);
	if (ts_node_is_null(function))
		return template_decline(scene, "line %u has no single reduce", scene->failure->line);
	object = syntax_field(syntax_field(call, "function"), "object");
	name = syntax_text(file.s, object);
	if (!syntax_type_is(object, "identifier") || js_parameter(file.s, function, name, &ignored) < 0)
		return template_decline(scene, "%.*s is not what the caller gave", STR_ARG(name));
	if (!oracle_js_test(scene, js_function_name(file.s, function), &stated, &why))
		return template_decline(scene, "%s", why);
	if (stated.argument_count < 1 || !str_is(stated.arguments[0], "[]") ||
	    (!stated.empty && stated.argument_count != 1))
		return template_decline(scene, "the test does not pass an empty list alone");
	body = syntax_field(function, "body");
	end = js_semicolons(file.s) ? ";" : "";
	if (!syntax_type_is(body, "statement_block")) {
		edit_node(&file.edits, body, str_of(arena_printf(scene->arena, "(%.*s.length === 0 ? %.*s : %.*s)",
			  STR_ARG(name), STR_ARG(stated.value), STR_ARG(syntax_text(file.s, body)))));
	} else {
		statement = js_statement_of(call);
		if (!ts_node_eq(ts_node_parent(statement), body) || !may_leave(&file, function, statement))
			return template_decline(scene, "a return there would skip something");
		edit_replace(&file.edits, ts_node_start_byte(statement), ts_node_start_byte(statement),
			     str_of(arena_printf(scene->arena, "if (%.*s.length === 0) return %.*s%s\n%.*s",
						 STR_ARG(name), STR_ARG(stated.value), end,
						 STR_ARG(syntax_indent(file.s, statement)))));
	}
	js_file_propose(&file, ORACLE_TEST, arena_printf(scene->arena, "Returns %.*s for an empty list: %s.",
							 STR_ARG(stated.value), stated.by));
}

static const struct example examples[] = {
	{
		.name = "the test expects null",
		.log =
			"✖ failing tests:\n\ntest at test/app.test.js:5:1\n✖ case (2.783208ms)\n"
			"  TypeError [Error]: Reduce of empty array with no initial value\n"
			"      at Array.reduce (<anonymous>)\n      at peak (/src/src/app.js:2:15)\n"
			"      at TestContext.<anonymous> (/src/test/app.test.js:6:16)\n",
		.file = {
			{ "src/app.js",
			  "function peak(list) {\n  return list.reduce((a, b) => Math.max(a, b));\n}\n\n"
			  "module.exports = { peak };\n",
			  "function peak(list) {\n  if (list.length === 0) return null;\n"
			  "  return list.reduce((a, b) => Math.max(a, b));\n}\n\nmodule.exports = { peak };\n" },
			{ "test/app.test.js",
			  "const { test } = require('node:test');\nconst assert = require('node:assert');\n"
			  "const { peak } = require('../src/app');\n\ntest('case', () => {\n"
			  "  assert.equal(peak([]), null);\n});\n",
			  NULL },
		},
	},
	{
		.name = "an arrow",
		.log =
			"✖ failing tests:\n\ntest at test/app.test.js:5:1\n✖ case (2.315354ms)\n"
			"  TypeError [Error]: Reduce of empty array with no initial value\n"
			"      at Array.reduce (<anonymous>)\n      at peak (/src/src/app.js:1:29)\n"
			"      at TestContext.<anonymous> (/src/test/app.test.js:6:16)\n",
		.file = {
			{ "src/app.js",
			  "const peak = (list) => list.reduce((a, b) => a + b);\n\nmodule.exports = { peak };\n",
			  "const peak = (list) => (list.length === 0 ? 0 : list.reduce((a, b) => a + b));\n\n"
			  "module.exports = { peak };\n" },
			{ "test/app.test.js",
			  "const { test } = require('node:test');\nconst assert = require('node:assert');\n"
			  "const { peak } = require('../src/app');\n\ntest('case', () => {\n"
			  "  assert.equal(peak([]), 0);\n});\n",
			  NULL },
		},
	},
	{
		.name = "the test states nothing",
		.log =
			"✖ failing tests:\n\ntest at test/app.test.js:5:1\n✖ case (11.1098ms)\n"
			"  TypeError [Error]: Reduce of empty array with no initial value\n"
			"      at Array.reduce (<anonymous>)\n      at peak (/src/src/app.js:2:15)\n"
			"      at TestContext.<anonymous> (/src/test/app.test.js:6:13)\n",
		.file = {
			{ "src/app.js",
			  "function peak(list) {\n  return list.reduce((a, b) => Math.max(a, b));\n}\n\n"
			  "module.exports = { peak };\n",
			  NULL },
			{ "test/app.test.js",
			  "const { test } = require('node:test');\nconst assert = require('node:assert');\n"
			  "const { peak } = require('../src/app');\n\ntest('case', () => {\n"
			  "  assert.ok(peak([]) > 0);\n});\n",
			  NULL },
		},
		.declines = "states no literal",
	},
	{0}
};

const struct template template_node_empty_reduce = {
	.name = "node_empty_reduce",
	.summary = "an empty list is reduced -> an early return of what the failing test states",
	.language = "node",
	.class = "crash guard",
	.oracles = "the failing test's literal",
	.keeps_off = "no literal in the test, lists that are no parameter, side effects behind it",
	.danger = DANGER_2,
	.pattern = "^Reduce of empty array with no initial value",
	.fix = fix,
	.examples = examples,
};

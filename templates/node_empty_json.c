/*
 * JSON.parse of an empty text -> an early return of what the failing test states for ''. What is
 * broken otherwise stays an error. Never a catch.
 */
#include "templates/lib_js_file.h"

#include "templates/lib_js.h"
#include "templates/lib_oracle_js.h"
#include "templates/lib_scene.h"

/* JSON.parse(name) on the line of the failure; its argument. */
static TSNode parsed(const struct js_file *file)
{
	const TSNode none = {{0}, NULL, NULL};
	TSNode found = none;
	unsigned count = 0;

	for (unsigned n = 0;; n++) {
		TSNode call = syntax_below(file->s->root, "call_expression", n);

		if (ts_node_is_null(call))
			return count == 1 ? found : none;
		if (syntax_line(call) != file->scene->failure->line ||
		    !str_is(syntax_text(file->s, syntax_field(call, "function")), "JSON.parse"))
			continue;
		found = ts_node_named_child(syntax_field(call, "arguments"), 0);
		count++;
	}
}

static void fix(struct scene *scene)
{
	TSNode argument, function, body, statement, ignored;
	struct stated stated;
	const char *why;
	struct str name;
	JS_FILE file;
	int place;

	if (!js_file_of_failure(&file, scene))
		return;
	argument = parsed(&file);
	function = ts_node_is_null(argument) ? argument : js_function_around(argument);
	if (ts_node_is_null(function) || !syntax_type_is(argument, "identifier"))
		return template_decline(scene, "line %u parses no single variable", scene->failure->line);
	name = syntax_text(file.s, argument);
	place = js_parameter(file.s, function, name, &ignored);
	if (place < 0)
		return template_decline(scene, "%.*s is not what the caller gave", STR_ARG(name));
	if (!oracle_js_test(scene, js_function_name(file.s, function), &stated, &why))
		return template_decline(scene, "%s", why);
	if ((unsigned)place >= stated.argument_count ||
	    !word_among(stated.arguments[place], "'' \"\" ``") ||
	    (!stated.empty && stated.argument_count != 1))
		return template_decline(scene, "the test does not pass an empty text");
	body = syntax_field(function, "body");
	statement = js_statement_of(argument);
	if (!syntax_type_is(body, "statement_block")) {
		edit_node(&file.edits, body, str_of(arena_printf(scene->arena, "(%.*s === '' ? %.*s : %.*s)",
			  STR_ARG(name), STR_ARG(stated.value), STR_ARG(syntax_text(file.s, body)))));
	} else if (ts_node_eq(statement, ts_node_named_child(body, 0))) {
		edit_replace(&file.edits, ts_node_start_byte(statement), ts_node_start_byte(statement),
			     str_of(arena_printf(scene->arena, "if (%.*s === '') return %.*s%s\n%.*s",
						 STR_ARG(name), STR_ARG(stated.value),
						 js_semicolons(file.s) ? ";" : "",
						 STR_ARG(syntax_indent(file.s, statement)))));
	} else {
		return template_decline(scene, "the function does something before it");
	}
	js_file_propose(&file, ORACLE_TEST, arena_printf(scene->arena, "Returns %.*s for an empty text: %s.",
							 STR_ARG(stated.value), stated.by));
}

static const struct example examples[] = {
	{
		.name = "the test expects an empty object",
		.log =
			"✖ failing tests:\n\ntest at test/app.test.js:5:1\n✖ case (18.716196ms)\n"
			"  SyntaxError [Error]: Unexpected end of JSON input\n      at JSON.parse (<anonymous>)\n"
			"      at body (/src/src/app.js:2:15)\n"
			"      at TestContext.<anonymous> (/src/test/app.test.js:6:20)\n",
		.file = {
			{ "src/app.js",
			  "function body(text) {\n  return JSON.parse(text);\n}\n\nmodule.exports = { body };\n",
			  "function body(text) {\n  if (text === '') return {};\n  return JSON.parse(text);\n}\n\n"
			  "module.exports = { body };\n" },
			{ "test/app.test.js",
			  "const { test } = require('node:test');\nconst assert = require('node:assert');\n"
			  "const { body } = require('../src/app');\n\ntest('case', () => {\n"
			  "  assert.deepEqual(body(''), {});\n});\n",
			  NULL },
		},
	},
	{
		.name = "the text is cut short, not empty",
		.log =
			"✖ failing tests:\n\ntest at test/app.test.js:5:1\n✖ case (2.170544ms)\n"
			"  SyntaxError [Error]: Unexpected end of JSON input\n      at JSON.parse (<anonymous>)\n"
			"      at body (/src/src/app.js:2:15)\n"
			"      at TestContext.<anonymous> (/src/test/app.test.js:6:20)\n",
		.file = {
			{ "src/app.js",
			  "function body(text) {\n  return JSON.parse(text);\n}\n\nmodule.exports = { body };\n",
			  NULL },
			{ "test/app.test.js",
			  "const { test } = require('node:test');\nconst assert = require('node:assert');\n"
			  "const { body } = require('../src/app');\n\ntest('case', () => {\n"
			  "  assert.deepEqual(body('{\"a\":'), {});\n});\n",
			  NULL },
		},
		.declines = "does not pass an empty text",
	},
	{0}
};

const struct template template_node_empty_json = {
	.name = "node_empty_json",
	.summary = "an empty text is parsed as JSON -> an early return of what the failing test states",
	.language = "node",
	.class = "crash guard",
	.oracles = "the failing test's literal",
	.keeps_off = "no literal in the test, texts that are no parameter, other broken JSON",
	.danger = DANGER_2,
	.pattern = "^Unexpected end of (?:JSON input|input)$",
	.fix = fix,
	.examples = examples,
};

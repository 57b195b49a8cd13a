/*
 * The promise of an async function is used as if it were its result: in a condition, a text, a sum,
 * by a property -> await. Every function of that name in the repository must be async; where the
 * language has the name too, the same call must be awaited elsewhere. Keeps off what is not in an
 * async function, and promises that are handed on.
 */
#include "templates/lib_js_file.h"
#include "templates/lib_js_names.h"
#include "templates/lib_js_near.h"

#include "templates/lib_js.h"
#include "templates/lib_scene.h"

enum { NAMES_MAX = 200 };

/* Of collections and responses: the receiver may well be one of these. */
static const char common[] = "has get set delete add find map filter includes keys values entries forEach some "
	"every push pop json text then catch finally next return read write close open end on off emit slice "
	"join split test exec match replace toString call apply bind";

struct names {
	struct str async[NAMES_MAX], sync[NAMES_MAX];
	size_t async_count, sync_count;
	struct arena *arena;
};

static bool among(struct str name, const struct str *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (str_equal(list[i], name))
			return true;
	return false;
}

static bool is_async(const struct syntax *s, TSNode function)
{
	struct str text = syntax_text(s, function);

	str_skip(&text, "static ");
	return str_starts(text, "async ") || str_starts(text, "async(");
}

static void take_names(struct names *names, const struct syntax *s)
{
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(s->root, "function_declaration|arrow_function|function_expression|"
					  "method_definition", n);
		struct str name;

		if (ts_node_is_null(one))
			return;
		name = str_copy(names->arena, js_function_name(s, one));
		if (!name.size)
			continue;
		if (is_async(s, one) && names->async_count < NAMES_MAX)
			names->async[names->async_count++] = name;
		else if (!is_async(s, one) && names->sync_count < NAMES_MAX)
			names->sync[names->sync_count++] = name;
	}
}

/* Is a promise senseless at this place? */
static bool is_senseless(const struct syntax *s, TSNode value)
{
	TSNode outer = ts_node_parent(value);

	while (syntax_type_is(outer, "parenthesized_expression")) {
		value = outer;
		outer = ts_node_parent(outer);
	}
	if (syntax_type_is(outer, "if_statement|while_statement|template_substitution"))
		return true;
	if (syntax_type_is(outer, "unary_expression"))
		return str_starts(syntax_text(s, outer), "!");
	if (syntax_type_is(outer, "ternary_expression"))
		return ts_node_eq(syntax_field(outer, "condition"), value);
	if (syntax_type_is(outer, "binary_expression"))
		return !word_among(syntax_text(s, syntax_field(outer, "operator")), "?? || && instanceof in");
	return syntax_type_is(outer, "member_expression") &&
	       ts_node_eq(syntax_field(outer, "object"), value) &&
	       !word_among(syntax_text(s, syntax_field(outer, "property")), "then catch finally");
}

/* const x = call(); where every use of x is senseless for a promise, and there is one. */
static bool kept_senselessly(const struct syntax *s, TSNode call)
{
	TSNode declarator = ts_node_parent(call), name, function;
	unsigned uses = 0;

	if (!syntax_type_is(declarator, "variable_declarator"))
		return false;
	name = syntax_field(declarator, "name");
	function = js_function_around(call);
	if (!syntax_type_is(name, "identifier"))
		return syntax_type_is(name, "object_pattern|array_pattern");
	for (unsigned n = 0;; n++) {
		TSNode use = syntax_below(function, "identifier|shorthand_property_identifier", n);

		if (ts_node_is_null(use))
			return uses > 0;
		if (ts_node_eq(use, name) || !str_equal(syntax_text(s, use), syntax_text(s, name)))
			continue;
		if (!is_senseless(s, use))
			return false;
		uses++;
	}
}

static bool awaited_elsewhere(const struct syntax *s, struct str callee)
{
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(s->root, "await_expression", n), inner;

		if (ts_node_is_null(one))
			return false;
		inner = ts_node_named_child(one, 0);
		if (syntax_type_is(inner, "call_expression") &&
		    str_equal(syntax_text(s, syntax_field(inner, "function")), callee))
			return true;
	}
}

static void add_await(struct js_file *file, TSNode call)
{
	TSNode outer = ts_node_parent(call);
	size_t start = ts_node_start_byte(call), end = ts_node_end_byte(call);
	bool member = syntax_type_is(outer, "member_expression");

	edit_replace(&file->edits, start, start, member ? STR("(await ") : STR("await "));
	if (member)
		edit_replace(&file->edits, end, end, STR(")"));
}

static unsigned mend(struct js_file *file, const struct names *names)
{
	const struct syntax *s = file->s;
	unsigned mended = 0;

	for (unsigned n = 0;; n++) {
		TSNode call = syntax_below(s->root, "call_expression", n), callee, around;
		struct str name;

		if (ts_node_is_null(call))
			return mended;
		callee = syntax_field(call, "function");
		name = syntax_text(s, syntax_type_is(callee, "member_expression") ?
				   syntax_field(callee, "property") : callee);
		around = js_function_around(call);
		if (!among(name, names->async, names->async_count) ||
		    among(name, names->sync, names->sync_count) || ts_node_is_null(around) ||
		    !is_async(s, around) ||
		    (!is_senseless(s, call) && !kept_senselessly(s, call)) ||
		    (word_among(name, common) && !awaited_elsewhere(s, syntax_text(s, callee))))
			continue;
		add_await(file, call);
		mended++;
	}
}

static void fix(struct scene *scene)
{
	struct names *names = arena_new(scene->arena, struct names);
	size_t before = scene->candidate_count;
	struct js_near near;

	names->arena = scene->arena;
	js_near_open(scene, &near);
	for (int round = 0; round < 2; round++)
		for (size_t i = 0; i < near.count; i++) {
			const char *path = near.list[i];
			JS_FILE file = {0};

			if (!js_file_open(&file, scene, path))
				continue;
			if (!round)
				take_names(names, file.s);
			else if (mend(&file, names))
				js_file_propose(&file, ORACLE_CONTRACT,
						arena_printf(scene->arena, "Awaits what an async function "
							     "gives in %s: used as it is, it is a promise.",
							     path));
		}
	if (scene->candidate_count == before)
		template_decline(scene, "no promise is used as if it were its result");
}

static const struct example examples[] = {
	{
		.name = "in a text",
		.log =
			"✖ failing tests:\n\ntest at test/app.test.js:5:1\n✖ case (15.85896ms)\n"
			"  AssertionError [ERR_ASSERTION]: 'has [object Promise]' == 'has 4'\n"
			"      at TestContext.<anonymous> (/src/test/app.test.js:6:10)\n"
			"      at async Test.run (node:internal/test_runner/test:797:9)\n"
			"      at async Test.processPendingSubtests (node:internal/test_runner/test:526:7) {\n"
			"    generatedMessage: true,\n    code: 'ERR_ASSERTION',\n"
			"    actual: 'has [object Promise]',\n    expected: 'has 4',\n    operator: '=='\n  }\n",
		.file = {
			{ "src/app.js",
			  "async function balance(id) {\n  return id * 2;\n}\n\nasync function text(id) {\n"
			  "  const sum = balance(id);\n  return `has ${sum}`;\n}\n\nmodule.exports = { text };\n",
			  "async function balance(id) {\n  return id * 2;\n}\n\nasync function text(id) {\n"
			  "  const sum = await balance(id);\n  return `has ${sum}`;\n}\n\n"
			  "module.exports = { text };\n" },
			{ "test/app.test.js",
			  "const { test } = require('node:test');\nconst assert = require('node:assert');\n"
			  "const { text } = require('../src/app');\n\ntest('case', async () => {\n"
			  "  assert.equal(await text(2), 'has 4');\n});\n",
			  NULL },
		},
	},
	{
		.name = "a property, and a condition",
		.log =
			"✖ failing tests:\n\ntest at test/app.test.js:5:1\n✖ case (7.030802ms)\n"
			"  AssertionError [ERR_ASSERTION]: '' == 'a'\n"
			"      at TestContext.<anonymous> (/src/test/app.test.js:6:10)\n"
			"      at async Test.run (node:internal/test_runner/test:797:9)\n"
			"      at async Test.processPendingSubtests (node:internal/test_runner/test:526:7) {\n"
			"    generatedMessage: true,\n    code: 'ERR_ASSERTION',\n    actual: '',\n"
			"    expected: 'a',\n    operator: '=='\n  }\n",
		.file = {
			{ "src/app.js",
			  "async function load(id) {\n  return { name: id };\n}\n\nasync function ok() {\n"
			  "  return false;\n}\n\nasync function text(id) {\n  if (ok()) return '';\n"
			  "  return load(id).name.trim();\n}\n\nmodule.exports = { text };\n",
			  "async function load(id) {\n  return { name: id };\n}\n\nasync function ok() {\n"
			  "  return false;\n}\n\nasync function text(id) {\n  if (await ok()) return '';\n"
			  "  return (await load(id)).name.trim();\n}\n\nmodule.exports = { text };\n" },
			{ "test/app.test.js",
			  "const { test } = require('node:test');\nconst assert = require('node:assert');\n"
			  "const { text } = require('../src/app');\n\ntest('case', async () => {\n"
			  "  assert.equal(await text('a'), 'a');\n});\n",
			  NULL },
		},
	},
	{
		.name = "not in an async function",
		.log =
			"✖ failing tests:\n\ntest at test/app.test.js:5:1\n✖ case (15.606498ms)\n"
			"  AssertionError [ERR_ASSERTION]: 'has [object Promise]' == 'has 4'\n"
			"      at TestContext.<anonymous> (/src/test/app.test.js:6:10)\n"
			"      at Test.runInAsyncScope (node:async_hooks:206:9)\n"
			"      at Test.run (node:internal/test_runner/test:796:25)\n    generatedMessage: true,\n"
			"    code: 'ERR_ASSERTION',\n    actual: 'has [object Promise]',\n"
			"    expected: 'has 4',\n    operator: '=='\n  }\n",
		.file = {
			{ "src/app.js",
			  "async function balance(id) {\n  return id * 2;\n}\n\nfunction text(id) {\n"
			  "  const sum = balance(id);\n  return `has ${sum}`;\n}\n\nmodule.exports = { text };\n",
			  NULL },
			{ "test/app.test.js",
			  "const { test } = require('node:test');\nconst assert = require('node:assert');\n"
			  "const { text } = require('../src/app');\n\ntest('case', async () => {\n"
			  "  assert.equal(text(2), 'has 4');\n});\n",
			  NULL },
		},
		.declines = "no promise is used",
	},
	{0}
};

static const char *const types[] = { "TypeError", "AssertionError", NULL };

const struct template template_node_missing_await = {
	.name = "node_missing_await",
	.summary = "a promise is used as if it were its result -> await",
	.language = "node",
	.class = "promise",
	.oracles = "the async declaration; the language",
	.keeps_off = "functions that are not async, promises that are handed on, names of the language",
	.danger = DANGER_1,
	.types = types,
	.fix = fix,
	.examples = examples,
};

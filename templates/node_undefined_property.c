/*
 * A property of undefined or null was read -> what the failing test states for exactly that call:
 * an early return, a default for a destructured parameter, or optional chaining where undefined
 * itself is expected. A result that was not awaited, and forEach taken for map, are mended where
 * they are made. Never chains "?." to get green, and never guesses a value.
 */
#include "templates/lib_js.h"
#include "templates/lib_oracle_js.h"
#include "templates/lib_scene.h"

static void finish(struct js_crash *c, struct edits *edits, enum oracle oracle, enum danger danger,
		   const char *why)
{
	struct candidate *candidate;
	struct str out;

	if (!edits_apply(edits, c->s, &out))
		return template_decline(c->scene, "the edit of %s does not fit", c->path);
	candidate = propose(c->scene, oracle, "%s", why);
	candidate->danger = danger;
	candidate_put(c->scene, candidate, c->path, out);
}

/* const user = load(id), load is async, and nobody awaits: user is a promise. */
static bool fix_await(struct js_crash *c)
{
	struct edits edits = { .arena = c->scene->arena };
	struct str name = syntax_text(c->s, js_root(c->object));
	TSNode made = syntax_field(js_declarator(c->s, c->function, name), "value");
	struct str maker = syntax_text(c->s, syntax_field(made, "function"));
	size_t at;

	if (!syntax_type_is(made, "call_expression") || !js_is_async(c->s, maker))
		return false;
	if (!str_starts(syntax_text(c->s, c->function), "async")) {
		template_decline(c->scene, "%.*s gives a promise, but %.*s cannot await it",
				 STR_ARG(maker), STR_ARG(c->name));
		return true;
	}
	at = ts_node_start_byte(made);
	edit_replace(&edits, at, at, STR("await "));
	finish(c, &edits, ORACLE_CONTRACT, DANGER_1,
	       arena_printf(edits.arena, "Awaits %.*s: it is declared async, so that without await %.*s is a "
			    "promise.", STR_ARG(maker), STR_ARG(name)));
	return true;
}

/* const lengths = words.forEach(w => w.length): forEach gives undefined, whatever the callback. */
static bool fix_for_each(struct js_crash *c)
{
	struct edits edits = { .arena = c->scene->arena };
	struct str name = syntax_text(c->s, c->object);
	TSNode made = c->object, callee, callback;

	if (syntax_type_is(made, "identifier"))
		made = syntax_field(js_declarator(c->s, c->function, name), "value");
	callee = syntax_field(syntax_field(made, "function"), "property");
	if (!str_is(syntax_text(c->s, callee), "forEach"))
		return false;
	callback = ts_node_named_child(syntax_field(made, "arguments"), 0);
	if (!syntax_type_is(callback, "arrow_function") ||
	    syntax_type_is(syntax_field(callback, "body"), "statement_block")) {
		template_decline(c->scene, "forEach gives nothing, and its callback returns nothing");
		return true;
	}
	edit_node(&edits, callee, STR("map"));
	finish(c, &edits, ORACLE_CONTRACT, DANGER_1,
	       "Takes map for forEach: by the language forEach gives undefined, and the result is used.");
	return true;
}

/* Was the object the parameter itself, and did the test leave it out or pass nothing? */
static bool passed_nothing(const struct js_crash *c, const struct stated *stated, int index)
{
	struct str argument;

	if (index < 0 || (unsigned)index >= stated->argument_count)
		return index >= 0 && !c->null;
	argument = stated->arguments[index];
	return str_is(argument, c->null ? "null" : "undefined");
}

/*
 * May the value be returned for nothing alone? With one parameter the test states all there is;
 * else only the nothing of its type is sure not to depend on the rest.
 */
static bool is_whole_answer(const struct js_crash *c, const struct stated *stated, int index)
{
	TSNode list = syntax_field(c->function, "parameters");
	bool only = ts_node_is_null(list) || ts_node_named_child_count(list) == 1;

	return stated->empty || (index == 0 && only);
}

/* return order.customer.name, where the test expects undefined: ?. gives exactly that. */
static bool fix_optional(struct js_crash *c, const struct stated *stated)
{
	struct edits edits = { .arena = c->scene->arena };
	TSNode outer = ts_node_parent(c->access), body = syntax_field(c->function, "body");
	size_t start = ts_node_end_byte(c->object);
	bool given = ts_node_eq(body, c->access) || (syntax_type_is(outer, "return_statement") &&
		     ts_node_eq(syntax_up(outer, "statement_block"), body));

	if (!str_is(stated->value, "undefined") || !given ||
	    !syntax_type_is(c->access, "member_expression"))
		return false;
	edit_replace(&edits, start, start + 1, STR("?."));
	finish(c, &edits, ORACLE_TEST, DANGER_2,
	       arena_printf(edits.arena, "Reads the property only when there is an object: %s.",
			    stated->by));
	return true;
}

static void fix_return(struct js_crash *c, const struct stated *stated)
{
	struct edits edits = { .arena = c->scene->arena };
	const char *nothing = c->null ? "null" : "undefined", *why;
	const char *asks = js_missing(c, stated->value);
	struct str object = syntax_text(c->s, c->object), gives = stated->value;
	TSNode body = syntax_field(c->function, "body"), statement = c->access;

	why = arena_printf(edits.arena, "Returns %.*s when %.*s is %s: %s.", STR_ARG(gives),
			   STR_ARG(object), nothing, stated->by);
	if (!syntax_type_is(body, "statement_block")) {
		edit_node(&edits, body,
			  str_of(arena_printf(edits.arena, "(%s ? %.*s : %.*s)", asks, STR_ARG(gives),
					      STR_ARG(syntax_text(c->s, body)))));
		return finish(c, &edits, ORACLE_TEST, DANGER_2, why);
	}
	while (!ts_node_is_null(statement) && !ts_node_eq(ts_node_parent(statement), body))
		statement = ts_node_parent(statement);
	if (js_has_effect(c, body, ts_node_is_null(statement) ? 0 :
						   ts_node_start_byte(statement)))
		return template_decline(c->scene, "a side effect would be skipped");
	if (ts_node_is_null(statement) || syntax_type_is(statement, "for_statement|for_in_statement|"
							 "while_statement|do_statement"))
		return template_decline(c->scene, "the crash is in a loop");
	edit_replace(&edits, ts_node_start_byte(statement), ts_node_start_byte(statement),
		     str_of(arena_printf(edits.arena, "if (%s) return%s%.*s%s\n%.*s", asks,
					 str_is(gives, "undefined") ? "" : " ",
					 STR_ARG(str_is(gives, "undefined") ? STR_NONE : gives),
					 js_semicolons(c->s) ? ";" : "",
					 STR_ARG(syntax_indent(c->s, statement)))));
	finish(c, &edits, ORACLE_TEST, DANGER_2, why);
}

static void fix_access(struct js_crash *c)
{
	struct stated stated;
	const char *why;
	TSNode parameter, root = js_root(c->object);
	bool whole = ts_node_eq(root, c->object);
	int index;

	if (!c->name.size)
		return template_decline(c->scene, "the crash is in a callback without a name");
	if (fix_for_each(c) || fix_await(c))
		return;
	if (!oracle_js_test(c->scene, c->name, &stated, &why))
		return template_decline(c->scene, "%s", why);
	index = js_parameter(c->s, c->function, syntax_text(c->s, root), &parameter);
	if (index < 0) {
		index = js_taken_apart(c, syntax_text(c->s, root));
		whole = false;
	}
	if (index < 0)
		return template_decline(c->scene, "where %.*s comes from is not the caller's business",
					STR_ARG(syntax_text(c->s, root)));
	if (whole && !passed_nothing(c, &stated, index))
		return template_decline(c->scene, "the test passes a value for %.*s",
					STR_ARG(syntax_text(c->s, root)));
	if (js_slip(c, stated.arguments, stated.argument_count).size)
		return template_decline(c->scene, "%.*s may be a slip of %.*s",
					STR_ARG(syntax_text(c->s, syntax_field(c->object, "property"))),
					STR_ARG(js_slip(c, stated.arguments, stated.argument_count)));
	if (fix_optional(c, &stated))
		return;
	if (!is_whole_answer(c, &stated, whole ? index : -1))
		return template_decline(c->scene, "%.*s may depend on the other arguments",
					STR_ARG(stated.value));
	fix_return(c, &stated);
}

/* function page(items, { size }): called without it, and the test expects a value. */
static void fix_pattern(struct scene *scene, const char *path)
{
	struct edits edits = { .arena = scene->arena };
	struct js_crash c = { .scene = scene, .path = path };
	struct stated stated;
	const char *why;
	struct str text;
	SYNTAX s = NULL;

	if (!path || js_is_test(path) || !scene_read(scene, path, &text))
		return template_decline(scene, "the crash is not in a source of the repository");
	c.s = s = syntax_open(scene->arena, syntax_language(path), text);
	for (unsigned n = 0; s; n++) {
		TSNode pattern = syntax_below(s->root, "object_pattern", n), list, inner = pattern;

		if (ts_node_is_null(pattern))
			break;
		list = ts_node_parent(pattern);
		if (syntax_type_is(list, "required_parameter") && ts_node_child_count(list) == 1) {
			inner = list;
			list = ts_node_parent(list);
		}
		if (syntax_line(pattern) != scene->failure->line ||
		    !syntax_type_is(list, "formal_parameters"))
			continue;
		c.function = ts_node_parent(list);
		if (!oracle_js_test(scene, js_function_name(s, c.function), &stated, &why))
			return template_decline(scene, "%s", why);
		for (uint32_t i = 0; i < stated.argument_count; i++)
			if (ts_node_eq(ts_node_named_child(list, i), inner) &&
			    !str_is(stated.arguments[i], "undefined"))
				return template_decline(scene, "the test passes a value for it");
		edit_replace(&edits, ts_node_end_byte(pattern), ts_node_end_byte(pattern), STR(" = {}"));
		return finish(&c, &edits, ORACLE_TEST, DANGER_2,
			      arena_printf(scene->arena, "The options may be left out: %s.", stated.by));
	}
	template_decline(scene, "line %u takes no parameter apart", scene->failure->line);
}

static void fix(struct scene *scene)
{
	const char *path = scene_path(scene, scene->failure->file);
	struct str property = scene_group(scene, "property");
	struct js_crash c = { .scene = scene };

	if (!property.size)
		property = scene_group(scene, "old");
	if (!property.size)
		return fix_pattern(scene, path);
	if (js_open(&c, scene, path, property))
		fix_access(&c);
	syntax_close(&c.s);
}

static const struct example examples[] = {
	{
		.name = "no argument, the test expects 0",
		.log =
		"✖ failing tests:\n\n✖ case (1.550887ms)\n  TypeError [Error]: Cannot read properties of undefined (reading 'reduce')\n"
		"      at Object.total (/src/src/shop.js:2:16)\n"
		"      at TestContext.<anonymous> (/src/test/shop.test.js:6:27)\n"
		"      at Test.runInAsyncScope (node:async_hooks:206:9)\n",
		.file = {
			{ "src/shop.js",
			  "function total(items) {\n  return items.reduce((a, b) => a + b, 0);\n}\n\nmodule.exports = { total };\n",
			  "function total(items) {\n  if (items === undefined) return 0;\n  return items.reduce((a, b) => a + b, 0);\n}\n"
			  "\nmodule.exports = { total };\n" },
			{ "test/shop.test.js",
			  "const test = require('node:test');\nconst assert = require('node:assert');\n"
			  "const shop = require('../src/shop.js');\n\ntest('case', () => {\n  assert.strictEqual(shop.total(), 0);\n});\n",
			  NULL },
		},
	},
	{
		.name = "undefined is expected: optional chaining",
		.log =
		"✖ failing tests:\n\n✖ case (3.291467ms)\n  TypeError [Error]: Cannot read properties of undefined (reading 'name')\n"
		"      at Object.nameOf (/src/src/shop.js:1:42)\n"
		"      at TestContext.<anonymous> (/src/test/shop.test.js:6:27)\n"
		"      at Test.runInAsyncScope (node:async_hooks:206:9)\n",
		.file = {
			{ "src/shop.js",
			  "const nameOf = (order) => order.customer.name;\n\nmodule.exports = { nameOf };\n",
			  "const nameOf = (order) => order.customer?.name;\n\nmodule.exports = { nameOf };\n" },
			{ "test/shop.test.js",
			  "const test = require('node:test');\nconst assert = require('node:assert');\n"
			  "const shop = require('../src/shop.js');\n\ntest('case', () => {\n"
			  "  assert.strictEqual(shop.nameOf({}), undefined);\n});\n",
			  NULL },
		},
	},
	{
		.name = "options left out",
		.log =
		"✖ failing tests:\n\n✖ page (2.349318ms)\n"
		"  TypeError [Error]: Cannot destructure property 'size' of 'undefined' as it is undefined.\n"
		"      at Object.page (/src/src/shop.js:1:24)\n      at TestContext.<anonymous> (/src/test/shop.test.js:6:25)\n"
		"      at Test.runInAsyncScope (node:async_hooks:206:9)\n",
		.file = {
			{ "src/shop.js",
			  "function page(items, { size }) {\n  return items.slice(0, size);\n}\n\nmodule.exports = { page };\n",
			  "function page(items, { size } = {}) {\n  return items.slice(0, size);\n}\n\nmodule.exports = { page };\n" },
			{ "test/shop.test.js",
			  "const test = require('node:test');\nconst assert = require('node:assert');\n"
			  "const shop = require('../src/shop.js');\n\ntest('page', () => {\n  assert.deepEqual(shop.page([1]), [1]);\n"
			  "});\n",
			  NULL },
		},
	},
	{
		.name = "a promise is not awaited",
		.log =
		"✖ failing tests:\n\n✖ case (2.951373ms)\n  TypeError [Error]: Cannot read properties of undefined (reading 'name')\n"
		"      at Object.owner (/src/src/shop.js:7:21)\n"
		"      at TestContext.<anonymous> (/src/test/shop.test.js:6:33)\n"
		"      at Test.runInAsyncScope (node:async_hooks:206:9)\n",
		.file = {
			{ "src/shop.js",
			  "async function load(id) {\n  return { id, owner: { name: 'x' } };\n}\n\nasync function owner(id) {\n"
			  "  const item = load(id);\n  return item.owner.name;\n}\n\nmodule.exports = { owner };\n",
			  "async function load(id) {\n  return { id, owner: { name: 'x' } };\n}\n\nasync function owner(id) {\n"
			  "  const item = await load(id);\n  return item.owner.name;\n}\n\nmodule.exports = { owner };\n" },
			{ "test/shop.test.js",
			  "const test = require('node:test');\nconst assert = require('node:assert');\n"
			  "const shop = require('../src/shop.js');\n\ntest('case', async () => {\n"
			  "  assert.strictEqual(await shop.owner(1), 'x');\n});\n",
			  NULL },
		},
	},
	{
		.name = "forEach taken for map",
		.log =
		"✖ failing tests:\n\n✖ case (1.553732ms)\n  TypeError [Error]: Cannot read properties of undefined (reading 'reduce')\n"
		"      at Object.longest (/src/src/shop.js:3:16)\n"
		"      at TestContext.<anonymous> (/src/test/shop.test.js:6:27)\n"
		"      at Test.runInAsyncScope (node:async_hooks:206:9)\n",
		.file = {
			{ "src/shop.js",
			  "function longest(words) {\n  const sizes = words.forEach((word) => word.length);\n"
			  "  return sizes.reduce((a, b) => Math.max(a, b), 0);\n}\n\nmodule.exports = { longest };\n",
			  "function longest(words) {\n  const sizes = words.map((word) => word.length);\n"
			  "  return sizes.reduce((a, b) => Math.max(a, b), 0);\n}\n\nmodule.exports = { longest };\n" },
			{ "test/shop.test.js",
			  "const test = require('node:test');\nconst assert = require('node:assert');\n"
			  "const shop = require('../src/shop.js');\n\ntest('case', () => {\n"
			  "  assert.strictEqual(shop.longest(['a', 'bcd']), 3);\n});\n",
			  NULL },
		},
	},
	{
		.name = "null inside an argument, jest expects 0",
		.log =
		"FAIL src/shop.test.js\n  ✕ no lines (2 ms)\n\n  ● no lines\n\n"
		"    TypeError: Cannot read properties of null (reading 'map')\n\n      1 | function sum(order) {\n"
		"    > 2 |   return order.lines.map((line) => line.price).reduce((a, b) => a + b, 0);\n"
		"        |                      ^\n      3 | }\n      4 |\n      5 | module.exports = { sum };\n\n"
		"      at map (src/shop.js:2:22)\n      at Object.sum (src/shop.test.js:4:10)\n\n"
		"Test Suites: 1 failed, 1 total\nTests:       1 failed, 1 total\nSnapshots:   0 total\n"
		"Time:        0.315 s, estimated 1 s\nRan all test suites.\n",
		.file = {
			{ "src/shop.js",
			  "function sum(order) {\n  return order.lines.map((line) => line.price).reduce((a, b) => a + b, 0);\n}\n\n"
			  "module.exports = { sum };\n",
			  "function sum(order) {\n  if (order.lines === null) return 0;\n"
			  "  return order.lines.map((line) => line.price).reduce((a, b) => a + b, 0);\n}\n\nmodule.exports = { sum };\n" },
			{ "src/shop.test.js",
			  "const { sum } = require('./shop.js');\n\ntest('no lines', () => {\n  expect(sum({ lines: null })).toBe(0);\n"
			  "});\n",
			  NULL },
			{ "package.json",
			  "{\n  \"name\": \"shop\"\n}\n",
			  NULL },
		},
	},
	{
		.name = "a part of the argument is missing",
		.log =
		"✖ failing tests:\n\n✖ case (1.567948ms)\n  TypeError [Error]: Cannot read properties of undefined (reading 'length')\n"
		"      at Object.count (/src/src/shop.js:2:22)\n"
		"      at TestContext.<anonymous> (/src/test/shop.test.js:6:27)\n"
		"      at Test.runInAsyncScope (node:async_hooks:206:9)\n",
		.file = {
			{ "src/shop.js",
			  "function count({ items }) {\n  const size = items.length;\n  return size;\n}\n\nmodule.exports = { count };\n",
			  "function count({ items }) {\n  if (items === undefined) return 0;\n  const size = items.length;\n"
			  "  return size;\n}\n\nmodule.exports = { count };\n" },
			{ "test/shop.test.js",
			  "const test = require('node:test');\nconst assert = require('node:assert');\n"
			  "const shop = require('../src/shop.js');\n\ntest('case', () => {\n  assert.strictEqual(shop.count({}), 0);\n"
			  "});\n",
			  NULL },
		},
	},
	{
		.name = "what comes after has effects",
		.log =
		"✖ failing tests:\n\n✖ case (1.647777ms)\n  TypeError [Error]: Cannot read properties of undefined (reading 'length')\n"
		"      at Object.count (/src/src/shop.js:4:22)\n"
		"      at TestContext.<anonymous> (/src/test/shop.test.js:6:27)\n"
		"      at Test.runInAsyncScope (node:async_hooks:206:9)\n",
		.file = {
			{ "src/shop.js",
			  "const log = [];\n\nfunction count(items) {\n  const size = items.length;\n  log.push(size);\n  return size;\n"
			  "}\n\nmodule.exports = { count, log };\n",
			  NULL },
			{ "test/shop.test.js",
			  "const test = require('node:test');\nconst assert = require('node:assert');\n"
			  "const shop = require('../src/shop.js');\n\ntest('case', () => {\n  assert.strictEqual(shop.count(), 0);\n});\n",
			  NULL },
		},
		.declines = "side effect",
	},
	{
		.name = "the test states no value",
		.log =
		"✖ failing tests:\n\n✖ x (2.342485ms)\n  TypeError [Error]: Cannot read properties of undefined (reading 'reduce')\n"
		"      at Object.total (/src/src/shop.js:2:16)\n"
		"      at TestContext.<anonymous> (/src/test/shop.test.js:6:18)\n"
		"      at Test.runInAsyncScope (node:async_hooks:206:9)\n",
		.file = {
			{ "src/shop.js",
			  "function total(items) {\n  return items.reduce((a, b) => a + b, 0);\n}\n\nmodule.exports = { total };\n",
			  NULL },
			{ "test/shop.test.js",
			  "const test = require('node:test');\nconst assert = require('node:assert');\n"
			  "const shop = require('../src/shop.js');\n\ntest('x', () => {\n  assert.ok(shop.total() >= 0);\n});\n",
			  NULL },
		},
		.declines = "states no literal",
	},
	{
		.name = "the value may depend on the other arguments",
		.log =
		"✖ failing tests:\n\n✖ case (2.284697ms)\n  TypeError [Error]: Cannot read properties of undefined (reading 'word')\n"
		"      at Object.greet (/src/src/shop.js:2:18)\n"
		"      at TestContext.<anonymous> (/src/test/shop.test.js:6:27)\n"
		"      at Test.runInAsyncScope (node:async_hooks:206:9)\n",
		.file = {
			{ "src/shop.js",
			  "function greet(name, options) {\n  return options.word + ' ' + name;\n}\n\nmodule.exports = { greet };\n",
			  NULL },
			{ "test/shop.test.js",
			  "const test = require('node:test');\nconst assert = require('node:assert');\n"
			  "const shop = require('../src/shop.js');\n\ntest('case', () => {\n"
			  "  assert.strictEqual(shop.greet('Ann'), 'Hello Ann');\n});\n",
			  NULL },
		},
		.declines = "may depend on the other arguments",
	},
	{
		.name = "called through another function: whose value is it?",
		.log =
		"✖ failing tests:\n\n✖ case (1.747584ms)\n  TypeError [Error]: Cannot read properties of undefined (reading 'lines')\n"
		"      at lines (/src/src/shop.js:2:16)\n      at Object.total (/src/src/shop.js:6:10)\n"
		"      at TestContext.<anonymous> (/src/test/shop.test.js:6:27)\n"
		"      at Test.runInAsyncScope (node:async_hooks:206:9)\n",
		.file = {
			{ "src/shop.js",
			  "function lines(order) {\n  return order.lines.length;\n}\n\nfunction total(order) {\n"
			  "  return lines(order) * 2;\n}\n\nmodule.exports = { total };\n",
			  NULL },
			{ "test/shop.test.js",
			  "const test = require('node:test');\nconst assert = require('node:assert');\n"
			  "const shop = require('../src/shop.js');\n\ntest('case', () => {\n  assert.strictEqual(shop.total(), 0);\n});\n",
			  NULL },
		},
		.declines = "not called by a test directly",
	},
	{
		.name = "a variable of the module: the caller cannot help it",
		.log =
		"✖ failing tests:\n\n✖ case (1.605699ms)\n  TypeError [Error]: Cannot read properties of undefined (reading 'limit')\n"
		"      at Object.limit (/src/src/shop.js:4:19)\n"
		"      at TestContext.<anonymous> (/src/test/shop.test.js:6:27)\n"
		"      at Test.runInAsyncScope (node:async_hooks:206:9)\n",
		.file = {
			{ "src/shop.js",
			  "let settings;\n\nfunction limit() {\n  return settings.limit;\n}\n\nmodule.exports = { limit };\n",
			  NULL },
			{ "test/shop.test.js",
			  "const test = require('node:test');\nconst assert = require('node:assert');\n"
			  "const shop = require('../src/shop.js');\n\ntest('case', () => {\n  assert.strictEqual(shop.limit(), 0);\n});\n",
			  NULL },
		},
		.declines = "not the caller's business",
	},
	{0}
};

const struct template template_node_undefined_property = {
	.name = "node_undefined_property",
	.summary = "a property of undefined or null is read -> what the failing test states for that call",
	.language = "node",
	.class = "crash guard",
	.oracles = "the failing test's literal; the async declaration; the language (forEach)",
	.keeps_off = "no literal in the test, a value that may depend on more, callbacks, side effects",
	.danger = DANGER_2,
	.pattern = "Cannot (?:read propert(?:y|ies) (?:'(?<old>[^']+)' )?of (?:undefined|null)"
		   "(?: \\(reading '(?<property>[^']+)'\\))?|destructure property '[^']+' of )",
	.fix = fix,
	.examples = examples,
};

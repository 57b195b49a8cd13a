/*
 * if (error) { done(error); } and done(...) again further down -> return done(error). Keeps off
 * where the branch leaves already, has an else, or the call below is out of its reach.
 */
#include "templates/lib_js_file.h"

#include "templates/lib_js.h"
#include "templates/lib_scene.h"

/* The statement of an if's branch that calls back with what the if asks: done(error); */
static TSNode last_call(const struct syntax *s, TSNode branch, struct str condition)
{
	const TSNode none = {{0}, NULL, NULL};
	TSNode last = branch, call, list;

	if (syntax_type_is(branch, "statement_block")) {
		uint32_t count = ts_node_named_child_count(branch);

		if (!count)
			return none;
		last = ts_node_named_child(branch, count - 1);
	}
	call = syntax_type_is(last, "expression_statement") ? ts_node_named_child(last, 0) : none;
	if (ts_node_is_null(call) || !syntax_type_is(call, "call_expression") ||
	    !syntax_type_is(syntax_field(call, "function"), "identifier"))
		return none;
	list = syntax_field(call, "arguments");
	if (!ts_node_named_child_count(list) ||
	    !str_equal(syntax_text(s, ts_node_named_child(list, 0)), condition))
		return none;
	return last;
}

/* Is it called once more behind the if, in the same function? */
static bool called_below(const struct syntax *s, TSNode statement, struct str name)
{
	TSNode block = ts_node_parent(statement);

	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(block, "call_expression", n);

		if (ts_node_is_null(one))
			return false;
		if (ts_node_start_byte(one) >= ts_node_end_byte(statement) &&
		    str_equal(syntax_text(s, syntax_field(one, "function")), name))
			return true;
	}
}

/* A parameter of a function around: what the caller gave to be called back. */
static bool is_callback(const struct syntax *s, TSNode at, struct str name)
{
	for (TSNode around = js_function_around(at); !ts_node_is_null(around);
	     around = js_function_around(around)) {
		TSNode ignored;

		if (js_parameter(s, around, name, &ignored) >= 0)
			return true;
	}
	return false;
}

static unsigned mend(struct js_file *file)
{
	const struct syntax *s = file->s;
	unsigned mended = 0;

	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(s->root, "if_statement", n), condition, call;
		struct str asked;

		if (ts_node_is_null(one))
			return mended;
		condition = ts_node_named_child(syntax_field(one, "condition"), 0);
		if (ts_node_is_null(condition) || !syntax_type_is(condition, "identifier") ||
		    !ts_node_is_null(syntax_field(one, "alternative")))
			continue;
		asked = syntax_text(s, condition);
		call = last_call(s, syntax_field(one, "consequence"), asked);
		if (ts_node_is_null(call) || !is_callback(s, one, asked))
			continue;
		asked = syntax_text(s, syntax_field(ts_node_named_child(call, 0), "function"));
		if (!is_callback(s, one, asked) || !called_below(s, one, asked))
			continue;
		edit_replace(&file->edits, ts_node_start_byte(call), ts_node_start_byte(call),
			     STR("return "));
		mended++;
	}
}

static void fix(struct scene *scene)
{
	js_mend_sources(scene, mend, ORACLE_CONTRACT,
			"returns after the callback got the error: below it would be called a second time.",
			"no callback is called after it got an error");
}

static const struct example examples[] = {
	{
		.name = "in a block",
		.log =
			"✖ failing tests:\n\ntest at test/app.test.js:5:1\n✖ case (7.06723ms)\n"
			"  AssertionError [ERR_ASSERTION]: 2 == 1\n"
			"      at TestContext.<anonymous> (/src/test/app.test.js:8:10)\n"
			"      at Test.runInAsyncScope (node:async_hooks:206:9)\n"
			"      at Test.run (node:internal/test_runner/test:796:25)\n    generatedMessage: true,\n"
			"    code: 'ERR_ASSERTION',\n    actual: 2,\n    expected: 1,\n    operator: '=='\n  }\n",
		.file = {
			{ "src/app.js",
			  "function load(read, done) {\n  read((error, text) => {\n    if (error) {\n"
			  "      done(error);\n    }\n    done(null, text.length);\n  });\n}\n\n"
			  "module.exports = { load };\n",
			  "function load(read, done) {\n  read((error, text) => {\n    if (error) {\n"
			  "      return done(error);\n    }\n    done(null, text.length);\n  });\n}\n\n"
			  "module.exports = { load };\n" },
			{ "test/app.test.js",
			  "const { test } = require('node:test');\nconst assert = require('node:assert');\n"
			  "const { load } = require('../src/app');\n\ntest('case', () => {\n  let calls = 0;\n"
			  "  load((cb) => cb(new Error('x'), ''), () => calls++);\n  assert.equal(calls, 1);\n});\n",
			  NULL },
		},
	},
	{
		.name = "on a line",
		.log =
			"✖ failing tests:\n\ntest at test/app.test.js:5:1\n✖ case (12.545351ms)\n"
			"  AssertionError [ERR_ASSERTION]: 2 == 1\n"
			"      at TestContext.<anonymous> (/src/test/app.test.js:8:10)\n"
			"      at Test.runInAsyncScope (node:async_hooks:206:9)\n"
			"      at Test.run (node:internal/test_runner/test:796:25)\n    generatedMessage: true,\n"
			"    code: 'ERR_ASSERTION',\n    actual: 2,\n    expected: 1,\n    operator: '=='\n  }\n",
		.file = {
			{ "src/app.js",
			  "function load(read, done) {\n  read((error, text) => {\n    if (error) done(error);\n"
			  "    done(null, text.length);\n  });\n}\n\nmodule.exports = { load };\n",
			  "function load(read, done) {\n  read((error, text) => {\n"
			  "    if (error) return done(error);\n    done(null, text.length);\n  });\n}\n\n"
			  "module.exports = { load };\n" },
			{ "test/app.test.js",
			  "const { test } = require('node:test');\nconst assert = require('node:assert');\n"
			  "const { load } = require('../src/app');\n\ntest('case', () => {\n  let calls = 0;\n"
			  "  load((cb) => cb(new Error('x'), ''), () => calls++);\n  assert.equal(calls, 1);\n});\n",
			  NULL },
		},
	},
	{
		.name = "it leaves already",
		.log =
			"✖ failing tests:\n\ntest at test/app.test.js:5:1\n✖ case (18.923624ms)\n"
			"  AssertionError [ERR_ASSERTION]: 1 == 2\n"
			"      at TestContext.<anonymous> (/src/test/app.test.js:8:10)\n"
			"      at Test.runInAsyncScope (node:async_hooks:206:9)\n"
			"      at Test.run (node:internal/test_runner/test:796:25)\n    generatedMessage: true,\n"
			"    code: 'ERR_ASSERTION',\n    actual: 1,\n    expected: 2,\n    operator: '=='\n  }\n",
		.file = {
			{ "src/app.js",
			  "function load(read, done) {\n  read((error, text) => {\n    if (error) {\n"
			  "      done(error);\n      return;\n    }\n    done(null, text.length);\n  });\n}\n\n"
			  "module.exports = { load };\n",
			  NULL },
			{ "test/app.test.js",
			  "const { test } = require('node:test');\nconst assert = require('node:assert');\n"
			  "const { load } = require('../src/app');\n\ntest('case', () => {\n  let calls = 0;\n"
			  "  load((cb) => cb(new Error('x'), ''), () => calls++);\n  assert.equal(calls, 2);\n});\n",
			  NULL },
		},
		.declines = "no callback is called",
	},
	{0}
};

static const char *const types[] = { "AssertionError", "TypeError", "Error", NULL };

const struct template template_node_callback_twice = {
	.name = "node_callback_twice",
	.summary = "a callback gets the error and is called again below -> return after the error",
	.language = "node",
	.class = "return",
	.oracles = "the convention: a callback is called once",
	.keeps_off = "branches that leave already, an else, conditions that are no parameter",
	.danger = DANGER_1,
	.types = types,
	.fix = fix,
	.examples = examples,
};

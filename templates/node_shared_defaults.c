/*
 * Object.assign(DEFAULTS, options) with defaults that all share -> into a new object. Keeps off where
 * the result is not used: then the first argument is meant to change.
 */
#include "templates/lib_js_file.h"

#include "templates/lib_js_names.h"
#include "templates/lib_scene.h"

/* A constant or an import of the module, that is no function and no class. */
static bool is_shared(const struct js_file *file, TSNode name)
{
	struct js_binding ignored;
	struct str text = syntax_text(file->s, name);
	TSNode declaration, found;

	if (!js_sees(file->s, name, text, &found) || !ts_node_is_null(js_function_around(found)))
		return false;
	declaration = js_top_level(file->s, text);
	return js_binding_of(file->s, text, &ignored) ||
	       (!ts_node_is_null(declaration) && syntax_type_is(declaration, "lexical_declaration") &&
		str_starts(syntax_text(file->s, declaration), "const"));
}

static unsigned mend(struct js_file *file)
{
	unsigned mended = 0;

	for (unsigned n = 0;; n++) {
		TSNode call = syntax_below(file->s->root, "call_expression", n), first;
		size_t at;

		if (ts_node_is_null(call))
			return mended;
		first = ts_node_named_child(syntax_field(call, "arguments"), 0);
		if (!str_is(syntax_text(file->s, syntax_field(call, "function")), "Object.assign") ||
		    ts_node_is_null(first) || !syntax_type_is(first, "identifier") ||
		    ts_node_named_child_count(syntax_field(call, "arguments")) < 2 ||
		    syntax_type_is(ts_node_parent(call), "expression_statement") || !is_shared(file, first))
			continue;
		at = ts_node_start_byte(first);
		edit_replace(&file->edits, at, at, STR("{}, "));
		mended++;
	}
}

static void fix(struct scene *scene)
{
	js_mend_sources(scene, mend, ORACLE_TEST,
			"puts the options into a new object: the defaults are shared by all.",
			"no shared object is written into");
}

static const struct example examples[] = {
	{
		.name = "the result is used",
		.log =
			"✖ failing tests:\n\ntest at test/app.test.js:5:1\n✖ case (32.676811ms)\n"
			"  AssertionError [ERR_ASSERTION]: 1 == 80\n"
			"      at TestContext.<anonymous> (/src/test/app.test.js:7:10)\n"
			"      at Test.runInAsyncScope (node:async_hooks:206:9)\n"
			"      at Test.run (node:internal/test_runner/test:796:25)\n    generatedMessage: true,\n"
			"    code: 'ERR_ASSERTION',\n    actual: 1,\n    expected: 80,\n    operator: '=='\n  }\n",
		.file = {
			{ "src/app.js",
			  "const DEFAULTS = { port: 80 };\n\nfunction options(given) {\n"
			  "  return Object.assign(DEFAULTS, given);\n}\n\nmodule.exports = { options };\n",
			  "const DEFAULTS = { port: 80 };\n\nfunction options(given) {\n"
			  "  return Object.assign({}, DEFAULTS, given);\n}\n\nmodule.exports = { options };\n" },
			{ "test/app.test.js",
			  "const { test } = require('node:test');\nconst assert = require('node:assert');\n"
			  "const { options } = require('../src/app');\n\ntest('case', () => {\n"
			  "  options({ port: 1 });\n  assert.equal(options({}).port, 80);\n});\n",
			  NULL },
		},
	},
	{
		.name = "it is meant to change",
		.log =
			"✖ failing tests:\n\ntest at test/app.test.js:5:1\n✖ case (20.086686ms)\n"
			"  AssertionError [ERR_ASSERTION]: 1 == 80\n"
			"      at TestContext.<anonymous> (/src/test/app.test.js:7:10)\n"
			"      at Test.runInAsyncScope (node:async_hooks:206:9)\n"
			"      at Test.run (node:internal/test_runner/test:796:25)\n    generatedMessage: true,\n"
			"    code: 'ERR_ASSERTION',\n    actual: 1,\n    expected: 80,\n    operator: '=='\n  }\n",
		.file = {
			{ "src/app.js",
			  "const DEFAULTS = { port: 80 };\n\nfunction options(given) {\n"
			  "  Object.assign(DEFAULTS, given);\n  return DEFAULTS;\n}\n\n"
			  "module.exports = { options };\n",
			  NULL },
			{ "test/app.test.js",
			  "const { test } = require('node:test');\nconst assert = require('node:assert');\n"
			  "const { options } = require('../src/app');\n\ntest('case', () => {\n"
			  "  options({ port: 1 });\n  assert.equal(options({}).port, 80);\n});\n",
			  NULL },
		},
		.declines = "no shared object",
	},
	{0}
};

static const char *const types[] = { "AssertionError", NULL };

const struct template template_node_shared_defaults = {
	.name = "node_shared_defaults",
	.summary = "Object.assign writes into defaults that all share -> into a new object",
	.language = "node",
	.class = "aliasing",
	.oracles = "the failing test; the result that is used",
	.keeps_off = "results that are not used, objects of the function itself",
	.danger = DANGER_1,
	.types = types,
	.fix = fix,
	.examples = examples,
};

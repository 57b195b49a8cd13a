/* bot/llm/answer_edits: what a model may answer, and each way in which it may not. */
#include "tests/unit.h"

#include "bot/llm/answer_edits.h"
#include "bot/llm/provider.h"
#include "bot/model_fence.h"

#include <jansson.h>

static const struct tree_file files[] = {
	{ "a.py", "one = 1\ntwo = 2\nthree = 3\ntwo_more = 2\n" },
	{ "dos.py", "one = 1\r\ntwo = 2\r\n" }, { "bin", "x\n" }, {0}
};

static bool read_one(struct arena *a, const char *edits, struct model_fix *fix, struct err *e)
{
	const char *text = arena_printf(a, "{\"hypothesis\":\"h\",\"confidence\":0.5,\"oracle\":\"test\","
					"\"edits\":[%s]}", edits);

	return answer_edits(str_of(text), tree_of_files(a, files), ANSWER_NO_CREATE, a, fix, e);
}

static void applies(void **state)
{
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct model_fix fix;

	(void)state;
	assert_true(read_one(&a, "{\"path\":\"a.py\",\"find\":\"three = 3\\n\",\"replace\":\"\"},"
			     "{\"path\":\"a.py\",\"find\":\"one = 1\",\"replace\":\"one = 11\"}", &fix, &e));
	assert_int_equal(fix.patch.count, 1);
	assert_str(fix.patch.changes[0].after, "one = 11\ntwo = 2\ntwo_more = 2\n");
	assert_int_equal(fix.claimed, ORACLE_TEST);
	assert_string_equal(fix.hypothesis, "h");
}

static void line_ends_of_the_file_stay(void **state)
{
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct model_fix fix;

	(void)state;
	assert_true(read_one(&a, "{\"path\":\"dos.py\",\"find\":\"one = 1\\ntwo\",\"replace\":\"one = 1\\n\\ntwo\"}",
			     &fix, &e));
	assert_str(fix.patch.changes[0].after, "one = 1\r\n\r\ntwo = 2\r\n");
}

static void refuses(void **state)
{
	static const struct {
		const char *edits, *why;
		enum err_kind kind;
	} wrong[] = {
		{ "", "knows no fix", ERR_GONE },
		{ "{\"path\":\"a.py\",\"find\":\"= 2\",\"replace\":\"x\"}", "more than once", ERR_INPUT },
		{ "{\"path\":\"a.py\",\"find\":\"four\",\"replace\":\"x\"}", "does not occur", ERR_INPUT },
		{ "{\"path\":\"b.py\",\"find\":\"x\",\"replace\":\"y\"}", "not a file", ERR_DENIED },
		{ "{\"path\":\"b.py\",\"find\":\"\",\"replace\":\"y\"}", "no new file", ERR_DENIED },
		{ "{\"path\":\"../a.py\",\"find\":\"x\",\"replace\":\"y\"}", "path", ERR_DENIED },
		{ "{\"path\":\"a.py\",\"find\":\"one = 1\",\"replace\":\"one = 1\"}", "nothing", ERR_DENIED },
		{ "{\"path\":\"a.py\",\"find\":\"one = 1\\ntwo\",\"replace\":\"\"},"
		  "{\"path\":\"a.py\",\"find\":\"1\\ntwo = 2\",\"replace\":\"\"}", "overlap", ERR_INPUT },
		{ "{\"path\":\"a.py\",\"find\":\"one = 1\",\"replace\":\"a\"},"
		  "{\"path\":\"a.py\",\"find\":\"one = 1\",\"replace\":\"b\"}", "overlap", ERR_INPUT },
		{ "{\"path\":\"a.py\",\"find\":\"one = 1\"}", "replace", ERR_INPUT },
		{ "{\"path\":\"a.py\",\"find\":1,\"replace\":\"\"}", "must be a text", ERR_INPUT },
		{ "{\"path\":\"a.py\",\"find\":\"one\",\"replace\":\"\",\"mode\":\"755\"}", "unknown name",
		  ERR_INPUT },
		{ "7", "objects", ERR_INPUT },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		ARENA a = {0};
		struct err e = ERR_INIT;
		struct model_fix fix = { .hypothesis = "untouched" };

		assert_false(read_one(&a, wrong[i].edits, &fix, &e));
		if (!strstr(e.text, wrong[i].why))
			fail_msg("\"%s\" does not say %s", e.text, wrong[i].why);
		assert_int_equal(e.kind, wrong[i].kind);
		assert_string_equal(fix.hypothesis, "untouched");
	}
}

static void new_file_when_allowed(void **state)
{
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct model_fix fix;
	const char *text = "```json\n{\"hypothesis\":\"h\",\"confidence\":1,\"oracle\":\"contract\","
			   "\"edits\":[{\"path\":\"new.py\",\"find\":\"\",\"replace\":\"x = 1\\n\"}]}\n```\n";

	(void)state;
	assert_true(answer_edits(str_of(text), tree_of_files(&a, files), ANSWER_MAY_CREATE, &a, &fix, &e));
	assert_false(fix.patch.changes[0].existed);
	assert_false(answer_edits(str_of(text), tree_of_files(&a, files), ANSWER_NO_CREATE, &a, &fix, &e));
}

static void schema_is_json(void **state)
{
	json_t *schema = json_loads(answer_edits_schema, 0, NULL);

	(void)state;
	assert_non_null(schema);
	json_decref(schema);
}

/* The key goes nowhere else because somebody wrote a name that looks local. */
static void local_urls(void **state)
{
	static const char *const local[] = { "http://127.0.0.1", "http://127.0.0.1:8080/v1",
		"http://localhost:1/v1", "http://[::1]:80/", "https://127.1.2.3/" };
	static const char *const foreign[] = { "http://127.0.0.1.example.com/", "http://localhost.example.com",
		"http://127.0.0.1@example.com/", "http://example.com/127.0.0.1", "http://[::1].example.com/",
		"http://10.0.0.1/", "ftp://127.0.0.1/", "http://127.example.com/", "http://127./x@y" };

	(void)state;
	for (size_t i = 0; i < sizeof(local) / sizeof(*local); i++)
		assert_true(model_url_is_local(local[i]));
	for (size_t i = 0; i < sizeof(foreign) / sizeof(*foreign); i++)
		if (model_url_is_local(foreign[i]))
			fail_msg("%s is taken for local", foreign[i]);
}

static void fence(void **state)
{
	static const char *const denied[] = {
		"x = eval(y)\n", "import subprocess\n", "u = 'https://evil.example.net'\n",
		"x = os.environ['A']\n", "a\xe2\x80\xae = 1\n",
	};
	struct change change = { .path = "a.py", .existed = true, .exists = true,
				 .before = STR("a = 'http://x.org/'\n") };
	struct patch patch = { &change, 1 };

	(void)state;
	for (size_t i = 0; i < sizeof(denied) / sizeof(*denied); i++) {
		struct err e = ERR_INIT;

		change.after = str_of(denied[i]);
		assert_false(model_fence(&patch, &e));
		assert_int_equal(e.kind, ERR_DENIED);
	}
	struct err e = ERR_INIT;

	change.after = STR("a = 'http://x.org/b'\nif not a:\n    return 0\n");
	assert_true(model_fence(&patch, &e));
}

/* What only the machine has, and what the repository knows in one of the ways that count. */
static void imports(void **state)
{
	static const struct { const char *path, *text, *denied; } list[] = {
		{ "a.py", "import yaml\n", "yaml" }, { "a.py", "from yaml import load\n", "yaml" },
		{ "a.py", "def f():\n    import os, lxml.etree as e\n", "lxml" },
		{ "a.py", "try:\n    import numpy\nexcept ImportError:\n    numpy = None\n", "numpy" },
		{ "a.py", "import re, json\nfrom urllib import parse\n", NULL },
		{ "a.py", "import own\nfrom . import b\nfrom .c import d\nimport shop.cart\n", NULL },
		{ "a.py", "import known\nimport flask\nimport dateutil\nimport bs4\n", NULL },
		{ "a.py", "# import yaml\nx = 'import yaml'\n", NULL },
		{ "a.js", "const d = require('debug');\n", "debug" },
		{ "a.js", "import d from 'debug/src/node';\n", "debug" },
		{ "a.mjs", "export * from '@a/b/c';\n", "@a/b" },
		{ "a.ts", "import d = require(\"debug\");\n", "debug" },
		{ "a.tsx", "const d = await import('debug');\n", "debug" },
		{ "a.js", "const d = require('de' + 'bug');\n", "'de' + 'bug'" },
		{ "a.js", "const d = require(`debug`);\n", "`debug`" },
		{ "a.js", "require('fs'); require('node:test'); require('fs/promises');\n", NULL },
		{ "a.js", "require('./x'); require('..'); require('express'); require('used/part');\n",
		  NULL },
		{ "a.go", "import \"example.com/x\"\n", NULL },
	};
	static const struct tree_file kept[] = {
		{ "own/x.py", "" }, { "src/shop/cart.py", "" }, { "b.py", "import known\n" },
		{ "requirements.txt", "Flask==2\npython-dateutil\nbeautifulsoup4\n" },
		{ "package.json", "{\"dependencies\": {\"express\": \"4\"}}\n" },
		{ "other.ts", "import { x } from 'used';\n" }, { "words.ts", "// debug\n" }, { 0 },
	};
	ARENA a = {0};
	const struct tree *tree = tree_of_files(&a, kept);

	(void)state;
	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++) {
		struct change change = { .path = list[i].path, .existed = true, .exists = true,
					 .before = STR("\n"), .after = str_of(list[i].text) };
		const struct patch patch = { &change, 1 };
		struct err e = ERR_INIT;

		if (model_imports(&patch, tree, &a, &e) != !list[i].denied)
			fail_msg("%s: %s", list[i].text, e.text);
		if (!list[i].denied)
			continue;
		assert_int_equal(e.kind, ERR_DENIED);
		assert_non_null(strstr(e.text, arena_printf(&a, "package %s in", list[i].denied)));
		/* What the file imports already may stay. */
		change.before = change.after;
		assert_true(model_imports(&patch, tree, &a, &e));
	}
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(applies), cmocka_unit_test(line_ends_of_the_file_stay),
		cmocka_unit_test(refuses), cmocka_unit_test(new_file_when_allowed),
		cmocka_unit_test(schema_is_json), cmocka_unit_test(local_urls), cmocka_unit_test(fence),
		cmocka_unit_test(imports),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

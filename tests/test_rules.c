/*
 * The fences, against a table of patches: the tempting ones are refused with their reason, the right
 * ones pass. Each row is one file before and after.
 */
#include "tests/unit.h"

#include "bot/rules.h"

static const struct row {
	const char *path, *before, *after;	/* before NULL: a new file */
	enum oracle oracle;
	const char *refused;			/* a part of the reason; NULL: allowed */
} rows[] = {
	/* tests and snapshots */
	{ "tests/test_a.py", "assert f() == 1\n", "assert f() == 2\n", ORACLE_TEST, "test" },
	{ "test_a.py", "assert f() == 1\n", "", ORACLE_TEST, "test" },
	{ "pkg/a_test.go", "package a\n", "package a // x\n", ORACLE_TEST, "test" },
	{ "src/__tests__/a.js", "x();\n", "y();\n", ORACLE_TEST, "test" },
	{ "a.spec.ts", "x();\n", "y();\n", ORACLE_TEST, "test" },
	{ "src/test/java/ATest.java", "class A {}\n", "class B {}\n", ORACLE_TEST, "test" },
	{ "__snapshots__/a.snap", "1\n", "2\n", ORACLE_TOOL, "test" },
	{ "tests/data/expected.json", "{}\n", "{\"a\": 1}\n", ORACLE_TEST, "test" },
	{ "conftest.py", "x = 1\n", "x = 2\n", ORACLE_TEST, "test" },
	/* a tool may lay a test out anew, and nothing else */
	{ "tests/test_a.py", "assert f( )==1\n", "assert f() == 1\n", ORACLE_TOOL, NULL },
	{ "tests/test_a.py", "assert f( )==1\n", "assert f() == 2\n", ORACLE_TOOL, "test" },
	{ "tests/test_a.py", "import os\nx = 1\n", "x = 1\n", ORACLE_TOOL, "test" },
	/* silencers */
	{ "a.py", "import os\n", "import os  # noqa\n", ORACLE_SIBLING, "noqa" },
	{ "a.py", "x = f()\n", "x = f()  # type: ignore\n", ORACLE_SIBLING, "type: ignore" },
	{ "a.ts", "f();\n", "// @ts-ignore\nf();\n", ORACLE_SIBLING, "@ts-ignore" },
	{ "a.ts", "f(x);\n", "f(x as any);\n", ORACLE_SIBLING, "as any" },
	{ "a.js", "f();\n", "/* eslint-disable */\nf();\n", ORACLE_SIBLING, "eslint-disable" },
	{ "a.go", "package a\n", "package a //nolint\n", ORACLE_SIBLING, "nolint" },
	{ "a.rs", "fn f() {}\n", "#[allow(dead_code)]\nfn f() {}\n", ORACLE_SIBLING, "allow" },
	{ "A.java", "class A {}\n", "@SuppressWarnings(\"all\")\nclass A {}\n", ORACLE_SIBLING,
	  "SuppressWarnings" },
	{ "a.c", "int x;\n", "#pragma GCC diagnostic ignored \"-Wall\"\nint x;\n", ORACLE_SIBLING,
	  "diagnostic ignored" },
	{ "Makefile", "CFLAGS = -Wall\n", "CFLAGS = -Wall -Wno-unused\n", ORACLE_SIBLING, "-Wno-" },
	{ "Makefile", "test:\n\tpytest\n", "test:\n\tpytest || true\n", ORACLE_SIBLING, "|| true" },
	{ "run.sh", "curl x\n", "curl -k x\n", ORACLE_SIBLING, "curl -k" },
	{ "a.py", "get(u)\n", "get(u, verify=False)\n", ORACLE_SIBLING, "verify=False" },
	{ "a.py", "f()\n", "import sys\nsys.setrecursionlimit(9)\nf()\n", ORACLE_SIBLING,
	  "setrecursionlimit" },
	{ "a.py", "x = 1  # noqa\ny=2\n", "x = 1  # noqa\ny = 2\n", ORACLE_TOOL, NULL },
	/* swallowed errors */
	{ "a.py", "f()\n", "try:\n    f()\nexcept Exception:\n    x = 1\n", ORACLE_TEST, "swallow" },
	{ "a.py", "f()\n", "try:\n    f()\nexcept:\n    x = 1\n", ORACLE_TEST, "swallow" },
	{ "a.py", "f()\n", "try:\n    f()\nexcept KeyError:\n    pass\n", ORACLE_TEST, "swallow" },
	{ "a.js", "f();\n", "try { f(); } catch (e) {}\n", ORACLE_TEST, "swallow" },
	{ "A.java", "class A { void f() { g(); } }\n",
	  "class A { void f() { try { g(); } catch (Exception e) { } } }\n", ORACLE_TEST, "swallow" },
	{ "a.go", "package a\nfunc f() { g() }\n",
	  "package a\nfunc f() { defer func() { recover() }(); g() }\n", ORACLE_TEST, "swallow" },
	{ "a.py", "f()\n", "try:\n    f()\nexcept KeyError:\n    g()\n", ORACLE_TEST, NULL },
	/* thresholds and limits */
	{ "setup.cfg", "[coverage:report]\nfail_under = 90\n",
	  "[coverage:report]\nfail_under = 80\n", ORACLE_SIBLING, "threshold" },
	{ "jest.config.js", "module.exports = { testTimeout: 5000 };\n",
	  "module.exports = { testTimeout: 50000 };\n", ORACLE_SIBLING, "checked" },
	{ "web/run.js", "wait({ testTimeout: 5000 });\n", "wait({ testTimeout: 50000 });\n",
	  ORACLE_SIBLING, "threshold" },
	{ ".flake8", "[flake8]\nmax-line-length = 79\n", "[flake8]\nmax-line-length = 200\n",
	  ORACLE_SIBLING, "checked" },
	{ "a.py", "get(u, timeout=3)\n", "get(u, timeout=30)\n", ORACLE_SIBLING, "threshold" },
	/* packages */
	{ "requirements.txt", "flask\n", "flask\nPyYAML\n", ORACLE_CONTRACT, NULL },
	{ "requirements.txt", "flask\n", "flask\nreqeusts\n", ORACLE_CONTRACT, "reqeusts" },
	{ "requirements.txt", "flask==1.0\n", "flask\n", ORACLE_CONTRACT, "flask" },
	{ "package.json", "{\"dependencies\": {\n}}\n",
	  "{\"dependencies\": {\n  \"left-padd\": \"1\"\n}}\n", ORACLE_CONTRACT, "left-padd" },
	{ "package.json", "{\"dependencies\": {\n}}\n",
	  "{\"dependencies\": {\n  \"in-lock\": \"^1.0.0\"\n}}\n", ORACLE_HISTORY, NULL },
	{ "pyproject.toml", "[project]\ndependencies = [\"flask\"]\n",
	  "[project]\ndependencies = [\"flask\", \"PyYAML\"]\n", ORACLE_CONTRACT, NULL },
	{ "pyproject.toml", "[project]\ndependencies = [\"flask\"]\n",
	  "[project]\ndependencies = [\"flask\", \"evil-package\"]\n", ORACLE_CONTRACT,
	  "evil-package" },
	/* protected paths */
	{ ".github/workflows/ci.yml", "on: push\n", "on: pull_request\n", ORACLE_SIBLING,
	  "protected" },
	{ ".GitHub/workflows/ci.yml", NULL, "on: push\n", ORACLE_SIBLING, "protected" },
	{ ".gitattributes", NULL, "* filter=x\n", ORACLE_SIBLING, "protected" },
	{ "CODEOWNERS", "* @a\n", "* @b\n", ORACLE_SIBLING, "protected" },
	{ "action.yml", "name: a\n", "name: b\n", ORACLE_SIBLING, "protected" },
	{ ".npmrc", NULL, "registry=x\n", ORACLE_SIBLING, "protected" },
	{ "keys/server.pem", NULL, "x\n", ORACLE_SIBLING, "protected" },
	{ "secret/plan.txt", "a\n", "b\n", ORACLE_SIBLING, "protected" },
	/* size and oracle */
	{ "a.txt", "", "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16\n17\n18\n19\n20\n21\n"
	  "22\n23\n24\n25\n26\n27\n28\n29\n30\n31\n32\n33\n34\n35\n36\n37\n38\n39\n40\n41\n",
	  ORACLE_SIBLING, "lines" },
	{ "a.py", "x = 1\n", "x = 2\n", ORACLE_NONE, "oracle" },
	{ "a.py", "def f(a):\n    return 1 / a\n",
	  "def f(a):\n    if a == 0:\n        return 0\n    return 1 / a\n", ORACLE_TEST, NULL },
	{ "contest/latest.py", "x = 1\n", "x = 2\n", ORACLE_TEST, NULL },
};

static unsigned wrong;

static void one(const struct row *row)
{
	static const char *const protected[] = { "secret/**", NULL };
	const struct rules rules = { .protected = protected };
	const struct tree_file files[] = {
		{ "package-lock.json", "{\"packages\": {\"node_modules/in-lock\": {}}, \"in-lock\": 1}" },
		{ row->before ? row->path : "other.txt", row->before ? row->before : "" },
		{ NULL, NULL },
	};
	ARENA a = {0};
	struct tree *tree = tree_of_files(&a, files);
	struct candidate candidate = { .oracle = row->oracle, .template_name = "x" };
	struct err e = ERR_INIT;
	bool allowed = patch_put(&candidate.patch, &a, tree, row->path, str_of(row->after), &e) &&
		       rules_allow(&rules, &candidate, tree, NULL, &a, &e);

	if (allowed != !row->refused || (row->refused && !str_has(str_of(e.text), row->refused))) {
		print_error("%s -> %s: %s\n", row->path, row->after, allowed ? "allowed" : e.text);
		wrong++;
	}
}

static void table(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		one(&rows[i]);
	print_message("%zu patches\n", sizeof(rows) / sizeof(rows[0]));
	assert_int_equal(wrong, 0);
}

static void removal_and_mode(void **state)
{
	const struct tree_file files[] = { { "a.py", "x\n" }, { NULL, NULL } };
	ARENA a = {0};
	struct tree *tree = tree_of_files(&a, files);
	struct change change = { .path = "a.py", .existed = true, .before = STR("x\n"),
				 .mode = ENTRY_FILE };
	struct candidate candidate = { .oracle = ORACLE_TEST, .patch = { &change, 1 } };
	struct rules rules = {0};
	struct err e = ERR_INIT;

	(void)state;
	assert_false(rules_allow(&rules, &candidate, tree, NULL, &a, &e));
	assert_non_null(strstr(e.text, "remove"));
	change.exists = true;
	change.after = STR("y\n");
	change.mode = ENTRY_PROGRAM;
	assert_false(rules_allow(&rules, &candidate, tree, NULL, &a, &e));
	assert_non_null(strstr(e.text, "mode"));
	change.mode = ENTRY_FILE;
	assert_true(rules_allow(&rules, &candidate, tree, NULL, &a, &e));
	change.path = "../a.py";
	assert_false(rules_allow(&rules, &candidate, tree, NULL, &a, &e));
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(table), cmocka_unit_test(removal_and_mode),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

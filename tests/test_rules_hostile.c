/*
 * More patches against the fences: what somebody would write to get a green check without mending
 * anything, or to bring in code of his own, and for each trick a near miss that must pass.
 */
#include "tests/unit.h"

#include "bot/rules.h"
#include "ci/log.h"

#define MODULE "{\"dependencies\": {\n  \"a\": \"1\"\n}, \"scripts\": {\"test\": \"jest\"}}\n"

static const struct row {
	const char *path, *before, *after;	/* before NULL: a new file */
	enum oracle oracle;
	const char *refused;			/* a part of the reason; NULL: allowed */
} rows[] = {
	/* tests by every usual name, and data that they compare with */
	{ "src/test-cart.js", "x();\n", "y();\n", ORACLE_TEST, "test" },
	{ "lib/cart-test.mjs", "x();\n", "y();\n", ORACLE_TEST, "test" },
	{ "lib/cart_test.ts", "x();\n", "y();\n", ORACLE_TEST, "test" },
	{ "cypress/login.js", "x();\n", "y();\n", ORACLE_TEST, "test" },
	{ "web/login.cy.ts", "x();\n", "y();\n", ORACLE_TEST, "test" },
	{ "src/CartTestCase.java", "class A {}\n", "class B {}\n", ORACLE_TEST, "test" },
	{ "app/src/integrationTest/Cart.java", "class A {}\n", "class B {}\n", ORACLE_TEST, "test" },
	{ "TestCart.java", "class A {}\n", "class B {}\n", ORACLE_TEST, "test" },
	{ "CartSpec.groovy", "a\n", "b\n", ORACLE_TEST, "test" },
	{ "Tests/Cart.swift", "a\n", "b\n", ORACLE_TEST, "test" },
	{ "cart.bats", "a\n", "b\n", ORACLE_TEST, "test" },
	{ "cart.feature", "a\n", "b\n", ORACLE_TEST, "test" },
	{ "ui/page.ambr", "a\n", "b\n", ORACLE_TEST, "test" },
	{ "ui/page.approved.txt", "a\n", "b\n", ORACLE_TEST, "test" },
	{ "golden/page.txt", "a\n", "b\n", ORACLE_TEST, "test" },
	{ "test_data/page.txt", "a\n", "b\n", ORACLE_TEST, "test" },
	{ "cassettes/page.yaml", "a\n", "b\n", ORACLE_TEST, "test" },
	/* tests by what they hold */
	{ "checks/cart.py", "import pytest\nWANTED = 3\n", "import pytest\nWANTED = 4\n",
	  ORACLE_TEST, "test" },
	{ "checks/cart.js", "import { it } from 'vitest';\nit('a', () => f(3));\n",
	  "import { it } from 'vitest';\nit('a', () => f(4));\n", ORACLE_TEST, "test" },
	{ "checks/Cart.java", "import org.junit.Test;\nclass A {}\n",
	  "import org.junit.Test;\nclass B {}\n", ORACLE_TEST, "test" },
	{ "checks/cart.go", "package a\n\nimport \"testing\"\n",
	  "package a\n\nimport \"testing\"\n\nvar x = 1\n", ORACLE_TEST, "test" },
	{ "checks/cart.c", "#include <cmocka.h>\nint x = 1;\n", "#include <cmocka.h>\nint x = 2;\n",
	  ORACLE_TEST, "test" },
	{ "src/lib.rs", "fn f() -> u8 { 1 }\n#[cfg(test)]\nmod tests {\n\t#[test]\n"
	  "\tfn a() { assert_eq!(super::f(), 2); }\n}\n", "fn f() -> u8 { 1 }\n#[cfg(test)]\n"
	  "mod tests {\n\t#[test]\n\tfn a() { assert_eq!(super::f(), 1); }\n}\n", ORACLE_TEST,
	  "test" },
	{ "src/lib.rs", "fn f() -> u8 { 1 }\n#[cfg(test)]\nmod tests {\n\t#[test]\n"
	  "\tfn a() { assert_eq!(super::f(), 2); }\n}\n", "fn f() -> u8 { 1 }\n", ORACLE_TEST,
	  "test" },
	{ "a.py", "def f(a):\n    \"\"\"\n    >>> f(1)\n    2\n    \"\"\"\n    return a\n",
	  "def f(a):\n    \"\"\"\n    >>> f(1)\n    1\n    \"\"\"\n    return a\n", ORACLE_TEST,
	  "test" },
	/* silencers, however they are written */
	{ "a.py", "import os\n", "import os  #  NOQA\n", ORACLE_SIBLING, "noqa" },
	{ "a.py", "x = f()\n", "x = f()  # type:  ignore\n", ORACLE_SIBLING, "ignore" },
	{ "a.py", "x = f()\n", "x = f()  # pylint:disable=all\n", ORACLE_SIBLING, "pylint" },
	{ "a.py", "get(u)\n", "get(u, verify = False)\n", ORACLE_SIBLING, "verify" },
	{ "a.go", "package a\n", "package a //  NoLint:all\n", ORACLE_SIBLING, "nolint" },
	{ "a.rs", "fn f() {}\n", "#[ allow(dead_code)]\nfn f() {}\n", ORACLE_SIBLING, "allow" },
	{ "a.rs", "fn f() {}\n", "#[cfg_attr(all(), allow(dead_code))]\nfn f() {}\n",
	  ORACLE_SIBLING, "cfg_attr" },
	{ "a.c", "int x;\n", "#pragma  GCC  diagnostic  ignored \"-Wall\"\nint x;\n",
	  ORACLE_SIBLING, "diagnostic" },
	{ "a.mk", "F = -Wall\n", "F = -Wall -w\n", ORACLE_SIBLING, "-w" },
	{ "Makefile", "F = -Wall -Werror\n", "F = -Wall -Wno-error\n", ORACLE_SIBLING, "-Wno-" },
	{ "Makefile", "F = -Wall -Werror\nall:\n", "F = -Wall\nall:\n", ORACLE_SIBLING, "-Werror" },
	{ "Makefile", "all:\n\tpytest\n", "all:\n\tpytest  ||  true\n", ORACLE_SIBLING, "true" },
	{ "Makefile", "all:\n\tpytest\n", "all:\n\t-pytest\n", ORACLE_SIBLING, "status" },
	{ "Makefile", "all:\n\tpytest\n", "all:\n\tpytest; true\n", ORACLE_SIBLING, "true" },
	{ "Makefile", "all:\n\tpytest\n", ".IGNORE:\nall:\n\tpytest\n", ORACLE_SIBLING, "IGNORE" },
	{ "a.go", "package a\n", "//go:build ignore\n\npackage a\n", ORACLE_SIBLING, "go:build" },
	{ "a.js", "describe('a', f);\n", "describe.only('a', f);\n", ORACLE_SIBLING, "only" },
	{ "a.js", "f();\n", "f().catch(() => {});\n", ORACLE_TEST, "catch" },
	{ "A.java", "class A { void f() { g(); } }\n", "class A { void f() { try { g(); } "
	  "catch (Exception e) { h(); } } }\n", ORACLE_TEST, "swallow" },
	{ "a.cpp", "void f() { g(); }\n", "void f() { try { g(); } catch (...) { h(); } }\n",
	  ORACLE_TEST, "swallow" },
	{ "a.py", "f()\n", "try:\n    f()\nexcept (Exception, KeyError) as e:\n    x = 1\n",
	  ORACLE_TEST, "swallow" },
	{ "a.py", "f()\n", "try:\n    f()\nexcept KeyError:\n    ...\n", ORACLE_TEST, "swallow" },
	/* what a checker checks */
	{ "setup.cfg", "[flake8]\nselect = E,F\n", "[flake8]\nselect = E\n", ORACLE_SIBLING,
	  "setup.cfg" },
	{ "pyproject.toml", "[tool.ruff]\nselect = [\"E\", \"F\"]\n",
	  "[tool.ruff]\nselect = [\"E\"]\n", ORACLE_SIBLING, "pyproject.toml" },
	{ "pyproject.toml", "[project]\nname = \"a\"\n",
	  "[project]\nname = \"a\"\n[tool.pytest.ini_options]\naddopts = [\"-x\"]\n",
	  ORACLE_SIBLING, "pyproject.toml" },
	{ "tox.ini", "[testenv]\ncommands = pytest\n", "[testenv]\ncommands = true\n",
	  ORACLE_SIBLING, "check" },
	{ "ruff.toml", "select = [\"E\"]\n", "select = []\n", ORACLE_SIBLING, "check" },
	{ ".golangci.yml", "a: 1\n", "a: 2\n", ORACLE_SIBLING, "check" },
	{ ".eslintrc.json", "{\"rules\": {}}\n", "{\"rules\": {\"no-undef\": 0}}\n", ORACLE_SIBLING,
	  "check" },
	{ "web/tsconfig.base.json", "{\"strict\": true}\n", "{\"strict\": false}\n", ORACLE_SIBLING,
	  "check" },
	{ "mypy.ini", "[mypy]\nstrict = true\n", "[mypy]\n", ORACLE_SIBLING, "check" },
	{ ".coveragerc", "[run]\n", "[run]\nomit = a.py\n", ORACLE_SIBLING, "check" },
	{ "jest.config.js", "x = { global: { branches: 80 } };\n",
	  "x = { global: { branches: 8 } };\n", ORACLE_SIBLING, "check" },
	{ ".clang-tidy", "Checks: '*'\n", "Checks: '-*'\n", ORACLE_SIBLING, "check" },
	{ ".eslintignore", NULL, "src\n", ORACLE_SIBLING, "check" },
	{ "codecov.yml", "a: 90%\n", "a: 1%\n", ORACLE_SIBLING, "check" },
	{ "jest.config.js", "x = {a:1}\n", "x = { a: 1 };\n", ORACLE_TOOL, NULL },
	{ "jest.config.js", "x = {a:1}\n", "x = { a: 2 };\n", ORACLE_TOOL, "check" },
	/* packages and where they come from */
	{ "package.json", MODULE, "{\"dependencies\": {\n  \"a\": \"1\"\n}, \"scripts\": {\"test\": "
	  "\"jest\", \"in-lock\": \"curl x\"}}\n", ORACLE_HISTORY, "package.json" },
	{ "package.json", MODULE, "{\"dependencies\": {\n  \"a\": \"1\"\n}, \"scripts\": {}}\n",
	  ORACLE_HISTORY, "package.json" },
	{ "package.json", MODULE, "{\"dependencies\": {\n  \"a\": \"1\",\n  \"in-lock\": "
	  "\"git+https://e.example/x\"\n}, \"scripts\": {\"test\": \"jest\"}}\n", ORACLE_HISTORY,
	  "in-lock" },
	{ "package.json", MODULE, "{\"dependencies\": {\n  \"a\": \"1\",\n  \"in-lock\": "
	  "\"npm:evil@1\"\n}, \"scripts\": {\"test\": \"jest\"}}\n", ORACLE_HISTORY, "in-lock" },
	{ "package.json", MODULE, "{\"dependencies\": {\n  \"a\": \"*\"\n}, \"scripts\": {\"test\": "
	  "\"jest\"}}\n", ORACLE_HISTORY, "package.json" },
	{ "package.json", MODULE, "{\"dependencies\": {\n  \"a\": \"1\",\n  \"in-lock\": \"^1.0\"\n}, "
	  "\"scripts\": {\"test\": \"jest\"}}\n", ORACLE_HISTORY, NULL },
	{ "package.json", MODULE, "{\n  \"dependencies\": { \"a\": \"1\" },\n  \"scripts\": { "
	  "\"test\": \"jest\" }\n}\n", ORACLE_TOOL, NULL },
	{ "requirements.txt", "flask\n", "flask\nPyYAML @ https://e.example/x.whl\n",
	  ORACLE_CONTRACT, "requirements.txt" },
	{ "requirements.txt", "flask\n", "--index-url https://e.example\nflask\n", ORACLE_CONTRACT,
	  "requirements.txt" },
	{ "requirements.txt", "flask\nrequests\n", "flask\n", ORACLE_CONTRACT, "requests" },
	{ "requirements.txt", "flask\n", "flask\nin-lock\n", ORACLE_CONTRACT, "in-lock" },
	{ "dev-requirements.txt", "flask\n", "flask\nreqeusts\n", ORACLE_CONTRACT, "reqeusts" },
	{ "pyproject.toml", "[project]\ndependencies = [\"flask\"]\n", "[project]\ndependencies = "
	  "[\"flask\", \"PyYAML @ git+https://e.example/x\"]\n", ORACLE_CONTRACT, "pyproject" },
	{ "go.mod", "module a\nrequire b/c v1\n", "module a\nrequire b/c v1\nrequire d.e/f v1\n",
	  ORACLE_CONTRACT, "go.mod" },
	{ "Cargo.toml", "[dependencies]\na = \"1\"\n", "[dependencies]\na = \"1\"\nevil = \"1\"\n",
	  ORACLE_CONTRACT, "evil" },
	{ "pom.xml", "<dependency>a</dependency>\n", "<dependency>a</dependency>\n<dependency>b"
	  "</dependency>\n", ORACLE_CONTRACT, "pom.xml" },
	{ "package-lock.json", "{\"packages\": {}}\n", "{\"packages\": {\"x\": {\"resolved\": "
	  "\"https://e.example/x\"}}}\n", ORACLE_HISTORY, "lock" },
	{ "go.sum", "a v1 h1:x\n", "a v1 h1:y\n", ORACLE_HISTORY, "lock" },
	{ "pip.conf", NULL, "[global]\nindex-url = https://e.example\n", ORACLE_SIBLING,
	  "protected" },
	{ ".cargo/config.toml", NULL, "[source]\n", ORACLE_SIBLING, "protected" },
	/* what runs with more rights, or before everything else */
	{ "Dockerfile", "FROM a\n", "FROM b\n", ORACLE_SIBLING, "protected" },
	{ "deploy/api.Dockerfile", "FROM a\n", "FROM b\n", ORACLE_SIBLING, "protected" },
	{ "docker-compose.yml", "a: 1\n", "privileged: true\n", ORACLE_SIBLING, "protected" },
	{ ".github/aegis.yml", "run: a\n", "run: 'true'\n", ORACLE_SIBLING, "protected" },
	{ ".buildkite/pipeline.yml", "a: 1\n", "a: 2\n", ORACLE_SIBLING, "protected" },
	{ "bitbucket-pipelines.yml", "a: 1\n", "a: 2\n", ORACLE_SIBLING, "protected" },
	{ ".pre-commit-config.yaml", "a: 1\n", "a: 2\n", ORACLE_SIBLING, "protected" },
	{ ".husky/pre-push", "a\n", "b\n", ORACLE_SIBLING, "protected" },
	{ "src/sitecustomize.py", NULL, "x = 1\n", ORACLE_SIBLING, "protected" },
	{ ".vscode/tasks.json", "{}\n", "{\"a\": 1}\n", ORACLE_SIBLING, "protected" },
	{ "Docs/CODEOWNERS", "* @a\n", "* @b\n", ORACLE_SIBLING, "protected" },
	{ "deploy/ID_RSA.PEM", NULL, "x\n", ORACLE_SIBLING, "protected" },
	/* near misses */
	{ "contest/latest.js", "x();\n", "y();\n", ORACLE_TEST, NULL },
	{ "src/attestation.go", "package a\n", "package a\n\nvar x = 1\n", ORACLE_TEST, NULL },
	{ "src/Latest.java", "class A {}\n", "class B {}\n", ORACLE_TEST, NULL },
	{ "src/inspector.ts", "f();\n", "g();\n", ORACLE_TEST, NULL },
	{ "src/marigolden.py", "x = 1\n", "x = 2\n", ORACLE_TEST, NULL },
	{ "src/dockerfiles.py", "x = 1\n", "x = 2\n", ORACLE_TEST, NULL },
	{ "src/lib.rs", "use std::fmt::Write;\n#[cfg(test)]\nmod tests {\n    use super::*;\n}\n",
	  "#[cfg(test)]\nmod tests {\n    use super::*;\n    use std::fmt::Write;\n}\n", ORACLE_TOOL, NULL },
	{ "src/lib.rs", "fn f() -> u8 { 1 }\n#[cfg(test)]\nmod tests { #[test] fn a() {} }\n",
	  "fn f() -> u8 { 2 }\n#[cfg(test)]\nmod tests { #[test] fn a() {} }\n", ORACLE_TEST, NULL },
	{ "a.py", "def f(a):\n    \"\"\"\n    >>> f(1)\n    2\n    \"\"\"\n    return a\n",
	  "def f(a):\n    \"\"\"\n    >>> f(1)\n    2\n    \"\"\"\n    return a + 1\n", ORACLE_TEST,
	  NULL },
	{ "a.py", "import sys\n", "import sys\nsys.exit(1)\n", ORACLE_TEST, NULL },
	{ "a.js", "f(list);\n", "f(list.skip(1));\n", ORACLE_TEST, NULL },
	{ "a.ts", "f(x);\n", "f(x as anyone);\n", ORACLE_TEST, NULL },
	{ "a.js", "f();\n", "/* the same as any other */\nf();\n", ORACLE_TEST, NULL },
	{ "a.c", "int f(int a, int b) { return a; }\n",
	  "int f(int a, int b) { return a || b; }\n", ORACLE_TEST, NULL },
	{ "a.py", "try:\n    f()\nfinally:\n    g()\n",
	  "try:\n    f()\nexcept Exception:\n    h()\n    raise\nfinally:\n    g()\n", ORACLE_TEST,
	  NULL },
	{ "Makefile", "all:\n\tgcc a.c\n", "all:\n\tgcc a.c -lm\n", ORACLE_CONTRACT, NULL },
	{ "Makefile", "F = -Werror -O1\n", "F = -Werror -O1 -pthread\n", ORACLE_CONTRACT, NULL },
	{ "requirements.txt", "flask", "flask\nPyYAML\n", ORACLE_CONTRACT, NULL },
	{ "setup.cfg", "[options]\ninstall_requires =\n    flask\n[flake8]\nselect = E\n",
	  "[options]\ninstall_requires =\n    flask\n    PyYAML\n[flake8]\nselect = E\n",
	  ORACLE_CONTRACT, NULL },
	{ "data.json", "{\"a\": 1}\n", "{\"a\": 2}\n", ORACLE_TEST, NULL },
};

static unsigned wrong;

static void one(const struct row *row)
{
	const struct rules rules = {0};
	const struct tree_file files[] = {
		{ "vendor/package-lock.json", "{\"packages\": {\"node_modules/in-lock\": {}}, \"in-lock\": 1}" },
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

/* A link or a submodule is never written, and nothing is put below one. */
static void links(void **state)
{
	static const char *const paths[] = { "link", "link/a.py", "LINK/a.py", "module",
					     "module/a.py", "a.py/b", ".git/config", "x/../.git/config" };
	struct entry entries[] = { { .path = "a.py", .mode = ENTRY_FILE },
				   { .path = "link", .mode = ENTRY_LINK },
				   { .path = "module", .mode = ENTRY_MODULE } };
	struct tree tree = { .entries = entries, .count = 3 };

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		ARENA a = {0};
		struct patch patch = {0};
		struct err e = ERR_INIT;

		if (patch_put(&patch, &a, &tree, paths[i], STR("x\n"), &e))
			fail_msg("%s was taken", paths[i]);
		assert_int_equal(e.kind, ERR_INPUT);
	}
}

/* What a template proposes for its example, with the right that it names. */
static const struct candidate *proposed(struct arena *a, const struct template *template,
					const struct example *x, struct tree **tree,
					struct tree **parent)
{
	struct tree_file files[9] = {0}, were[9] = {0};
	struct scene scene = { .arena = a };
	size_t n = 0, m = 0;

	for (size_t i = 0; i < 8 && x->file[i].path; i++) {
		const char *was = x->file[i].was ? x->file[i].was : x->file[i].before;

		if (x->file[i].before)
			files[n++] = (struct tree_file){ x->file[i].path, x->file[i].before };
		if (was && was[0])
			were[m++] = (struct tree_file){ x->file[i].path, was };
	}
	*tree = tree_of_files(a, arena_copy(a, files, sizeof(files)));
	*parent = tree_of_files(a, arena_copy(a, were, sizeof(were)));
	for (size_t i = 0; i < 8 && x->file[i].path; i++)
		if (x->file[i].was)
			scene.parent = *parent;
	scene.tree = *tree;
	scene.report = log_read(a, *tree, str_of(x->log));
	for (size_t i = 0; i < scene.report->failure_count && !scene.candidate_count; i++) {
		scene.failure = &scene.report->failures[i];
		if (template_matches(template, &scene))
			template->fix(&scene);
	}
	return scene.candidate_count && scene.candidates->patch.count ? scene.candidates : NULL;
}

/* What the templates do by their own examples passes: the fences leave their work possible. */
static void templates_pass(void **state)
{
	const struct rules rules = {0};
	unsigned count = 0;

	(void)state;
	for (size_t t = 0; t < template_count; t++)
		for (const struct example *x = templates[t]->examples; x->name; x++) {
			ARENA a = {0};
			struct tree *tree, *parent;
			const struct candidate *candidate = proposed(&a, templates[t], x, &tree, &parent);
			struct err e = ERR_INIT;

			if (!candidate)
				continue;
			count++;
			if (!rules_allow(&rules, candidate, tree, parent, &a, &e)) {
				print_error("%s, %s: %s\n", templates[t]->name, x->name, e.text);
				wrong++;
			}
		}
	assert_true(count > 20);
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(table), cmocka_unit_test(links),
		cmocka_unit_test(templates_pass),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

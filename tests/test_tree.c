/* git/tree: look-ups, and which file of the tree a path in a log means. */
#include "git/tree.h"

#include "tests/unit.h"

#include <stdio.h>
#include <time.h>

static const struct tree_file files[] = {
	{ "src/a.py", "a" }, { "json/decoder.py", "own" }, { "os.py", "own" }, { "main.go", "m" },
	{ "net/http/server.go", "own" }, { "vendor/x.py", "v" }, { "lib/index.js", "own" },
	{ "src/lib.rs", "r" }, { "src-x/b", "b" }, { "src.txt", "t" }, { "x", "x" },
	{ "third/lib/python3.9/json/tool.py", "vendored" }, { "node_modules/left/pad.js", "kept" },
	{ "a/b/c.c", "c" }, { "pkg/mod/keep.go", "own" }, { "internal/fmt/print.go", "own" },
	{ "go/src/own.go", "own" }, { "library/core/src/panic.rs", "own" }, { "empty", "" },
	{ "modules/cjs/loader.js", "own" }, { NULL, NULL },
};

static void looks_up(void **state)
{
	ARENA a = {0};
	struct tree *tree = tree_of_files(&a, files);
	struct str text = STR("before");

	(void)state;
	for (size_t i = 1; i < tree->count; i++)
		assert_true(strcmp(tree->entries[i - 1].path, tree->entries[i].path) < 0);
	for (size_t i = 0; files[i].path; i++) {
		assert_true(tree_has(tree, files[i].path));
		assert_true(tree_read(tree, &a, files[i].path, &text));
		assert_str(text, files[i].text);
	}
	text = STR("before");
	assert_false(tree_read(tree, &a, "src", &text));
	assert_false(tree_read(tree, &a, "", &text));
	assert_str(text, "before");
	assert_false(tree_has(tree, "src/"));
	assert_false(tree_has(tree, "src/a.p"));
	assert_true(tree_has_folder(tree, "src"));
	assert_true(tree_has_folder(tree, "a/b"));
	assert_true(tree_has_folder(tree, ""));
	assert_false(tree_has_folder(tree, "a/b/c.c"));
	assert_false(tree_has_folder(tree, "sr"));
	assert_false(tree_has_folder(tree, "x"));
}

static void empty_tree(void **state)
{
	static const struct tree_file none[] = { { NULL, NULL } };
	ARENA a = {0};
	struct tree *tree = tree_of_files(&a, none);

	(void)state;
	assert_int_equal(tree->count, 0);
	assert_false(tree_has_folder(tree, ""));
	assert_null(tree_entry(tree, "a"));
	assert_null(tree_path(tree, STR("/work/a")));
}

static const struct {
	const char *claim, *path;
} claims[] = {
	/* the repository's own */
	{ "src/a.py", "src/a.py" },
	{ "./src/a.py", "src/a.py" },
	{ "./././x", "x" },
	{ "src/./a.py", "src/a.py" },
	{ "src//a.py", "src/a.py" },
	{ "lib/../src/a.py", "src/a.py" },
	{ "a/b/../b/./c.c", "a/b/c.c" },
	{ "../src/a.py", "src/a.py" },
	{ "../../x", "x" },
	{ "x/..//os.py", "os.py" },
	{ "src\\a.py", "src/a.py" },
	{ "C:\\Users\\me\\r\\src\\a.py", "src/a.py" },
	{ "D:\\a\\r\\r\\main.go", "main.go" },
	{ "/home/runner/work/r/r/src/a.py", "src/a.py" },
	{ "/home/runner/work/r/r/os.py", "os.py" },
	{ "/home/me/actions-runner/_work/r/r/os.py", "os.py" },
	{ "/srv/_work/r/os.py", NULL },
	{ "/home/runner/work/r/r/vendor/x.py", "vendor/x.py" },
	{ "/__w/r/r/main.go", "main.go" },
	{ "/home/runner/work/r/r/build/../os.py", "os.py" },
	{ "/github/workspace/main.go", "main.go" },
	{ "/work/os.py", "os.py" },
	{ "/workspace/proj/main.go", "main.go" },
	{ "/workspaces/proj/main.go", "main.go" },
	{ "/builds/group/proj/main.go", "main.go" },
	{ "/usr/src/app/lib/index.js", "lib/index.js" },
	{ "/usr/src/app/x", "x" },
	{ "/go/src/github.com/o/r/main.go", "main.go" },
	{ "/go/src/github.com/o/r/net/http/server.go", "net/http/server.go" },
	{ "file:///home/me/r/src/a.py", "src/a.py" },
	{ "webpack:///./src/lib.rs", "src/lib.rs" },
	{ "/home/me/r/json/decoder.py", "json/decoder.py" },
	/* vendored: the library's folder is in the tree */
	{ "/work/third/lib/python3.9/json/tool.py", "third/lib/python3.9/json/tool.py" },
	{ "third/lib/python3.9/json/tool.py", "third/lib/python3.9/json/tool.py" },
	{ "/work/node_modules/left/pad.js", "node_modules/left/pad.js" },
	{ "/home/me/r/pkg/mod/keep.go", "pkg/mod/keep.go" },
	{ "/work/go/src/own.go", "go/src/own.go" },
	/* libraries */
	{ "/usr/lib/python3.11/json/decoder.py", NULL },
	{ "/usr/lib/python3.11/os.py", NULL },
	{ "/usr/lib64/python3.6/json/decoder.py", NULL },
	{ "/usr/local/lib/python3.12/json/decoder.py", NULL },
	{ "/opt/hostedtoolcache/Python/3.11.4/x64/lib/python3.11/json/decoder.py", NULL },
	{ "/home/me/.pyenv/versions/3.11/lib/python3.11/json/decoder.py", NULL },
	{ "/home/runner/work/r/r/.venv/lib/python3.11/site-packages/json/decoder.py", NULL },
	{ "venv/lib/python3.11/site-packages/src/a.py", NULL },
	{ "../../usr/lib/python3/os.py", NULL },
	{ "/work/node_modules/p/lib/index.js", NULL },
	{ "node_modules/p/lib/index.js", NULL },
	{ "C:\\r\\node_modules\\p\\lib\\index.js", NULL },
	{ "/root/.cargo/registry/src/index.crates.io-6f17d22bba15001f/p-1.0.0/src/lib.rs", NULL },
	{ "/usr/local/cargo/registry/src/github.com-1ecc/p-1.0/src/lib.rs", NULL },
	{ "/rustc/90c541806f23a127002de5b4038be731ba1458ca/library/core/src/panic.rs", NULL },
	{ "/root/go/pkg/mod/example.com/p@v1.0.0/net/http/server.go", NULL },
	{ "/usr/local/go/src/net/http/server.go", NULL },
	{ "/opt/go/src/net/http/server.go", NULL },
	{ "/usr/lib/go-1.19/src/net/http/server.go", NULL },
	{ "/usr/lib/go-1.19/src/internal/fmt/print.go", NULL },
	{ "node:internal/modules/cjs/loader.js", NULL },
	{ "/usr/lib/node_modules/npm/lib/index.js", NULL },
	{ "/home/me/.m2/repository/src/a.py", NULL },
	{ "/nix/store/abc-python/json/decoder.py", NULL },
	/* a name alone */
	{ "/opt/thing/os.py", NULL },
	{ "/os.py", NULL },
	{ "other/os.py", NULL },
	{ "/home/runner/work/r/r/deep/os.py", NULL },
	{ "/work/sub/os.py", NULL },
	/* nothing */
	{ "", NULL },
	{ "/", NULL },
	{ ".", NULL },
	{ "..", NULL },
	{ "src", NULL },
	{ "src/", NULL },
	{ "<string>", NULL },
	{ "none/such.py", NULL },
	{ "/etc/passwd", NULL },
	{ "://", NULL },
};

static void finds_paths_of_logs(void **state)
{
	ARENA a = {0};
	struct tree *tree = tree_of_files(&a, files);

	(void)state;
	for (size_t i = 0; i < sizeof(claims) / sizeof(claims[0]); i++) {
		const char *path = tree_path(tree, str_of(claims[i].claim));

		if ((!path) != (!claims[i].path) || (path && strcmp(path, claims[i].path) != 0))
			fail_msg("%s gave %s", claims[i].claim, path ? path : "nothing");
	}
}

static void links_are_no_files(void **state)
{
	static const struct entry entries[] = {
		{ "a/link", ENTRY_LINK }, { "a/module", ENTRY_MODULE }, { "a/run", ENTRY_PROGRAM },
	};
	struct tree tree = { .entries = entries, .count = 3 };
	ARENA a = {0};
	struct str text;

	(void)state;
	assert_null(tree_path(&tree, STR("a/link")));
	assert_null(tree_path(&tree, STR("a/module")));
	assert_null(tree_path(&tree, STR("link")));
	assert_null(tree_path(&tree, STR("module")));
	assert_string_equal(tree_path(&tree, STR("run")), "a/run");
	assert_non_null(tree_path(&tree, STR("/x/a/run")));
	assert_false(tree_read(&tree, &a, "a/link", &text));
	assert_false(tree_read(&tree, &a, "a/module", &text));
}

static void bounds(void **state)
{
	ARENA a = {0};
	struct tree *tree = tree_of_files(&a, files);
	struct text deep = TEXT(&a);
	char bytes[] = { 'a', '/', '\0', '/', '.', '.', '/', 'x' };

	(void)state;
	for (int i = 0; i < 70; i++)
		text_adds(&deep, "d/");
	text_adds(&deep, "src/a.py");
	assert_null(tree_path(tree, text_str(&deep)));
	for (int i = 0; i < 600; i++)
		text_adds(&deep, "//");
	assert_null(tree_path(tree, text_str(&deep)));
	assert_null(tree_path(tree, (struct str){ bytes, sizeof(bytes) }));
}

/* 5,000 files and 20,000 claims: a look-up is a few binary searches. */
static void stays_fast(void **state)
{
	ARENA a = {0};
	struct entry *entries = arena_array(&a, struct entry, 5000);
	struct tree tree = { .entries = entries, .count = 5000 };
	struct timespec from, to;
	size_t found = 0;
	double ms;

	(void)state;
	for (int i = 0; i < 5000; i++)
		entries[i] = (struct entry){ arena_printf(&a, "d%02d/f%04d.c", i / 100, i),
					     ENTRY_FILE };
	clock_gettime(CLOCK_MONOTONIC, &from);
	for (int i = 0; i < 20000; i++) {
		char path[64];
		int n = snprintf(path, sizeof(path), "/home/runner/work/r/r/d%02d/f%04d.c",
				 i % 5000 / 100, i % 5000);

		found += tree_path(&tree, (struct str){ path, (size_t)n }) != NULL;
	}
	clock_gettime(CLOCK_MONOTONIC, &to);
	ms = (double)(to.tv_sec - from.tv_sec) * 1e3 + (double)(to.tv_nsec - from.tv_nsec) / 1e6;
	assert_int_equal(found, 20000);
	print_message("tree_path: %.2f us each\n", ms / 20);
	assert_true(ms < 2000);
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(looks_up), cmocka_unit_test(empty_tree),
		cmocka_unit_test(finds_paths_of_logs), cmocka_unit_test(links_are_no_files),
		cmocka_unit_test(bounds), cmocka_unit_test(stays_fast),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

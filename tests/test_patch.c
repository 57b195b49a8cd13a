/* git/patch: what may be put, diffs byte for byte as git prints them, hunks taken out. */
#include "git/patch.h"

#include "tests/unit.h"
#include "tests/repository.h"

static const struct tree_file files[] = {
	{ "a.txt", "one\ntwo\nthree\n" }, { "crlf.txt", "one\r\ntwo\r\nthree\r\n" },
	{ "open.txt", "one\ntwo" }, { "empty", "" }, { "d/x.c", "int x;\n" },
	{ "\xc3\xa4/\xe4\xb8\xad.txt", "\xc3\xa4\n\xc3\xb6\n" }, { NULL, NULL },
};

static bool put(struct patch *patch, struct arena *a, const struct tree *tree, const char *path,
		const char *text)
{
	struct err e = ERR_INIT;

	if (patch_put(patch, a, tree, path, str_of(text), &e))
		return true;
	assert_int_equal(e.kind, ERR_INPUT);
	assert_true(e.text[0]);
	return false;
}

static void puts_and_drops(void **state)
{
	ARENA a = {0};
	struct tree *tree = tree_of_files(&a, files);
	struct patch patch = {0}, old;
	char text[] = "changed\n", path[] = "d/x.c";
	struct err e = ERR_INIT;

	(void)state;
	assert_true(put(&patch, &a, tree, "a.txt", "one\ntwo\nthree\n"));
	assert_int_equal(patch.count, 0);
	assert_true(put(&patch, &a, tree, path, text));
	memset(text, 'x', 7);
	memset(path, 'x', 5);
	assert_str(patch.changes[0].after, "changed\n");
	assert_string_equal(patch.changes[0].path, "d/x.c");
	assert_true(put(&patch, &a, tree, "a.txt", "1\n"));
	assert_true(put(&patch, &a, tree, "new/file.txt", "n\n"));
	old = patch;
	assert_true(put(&patch, &a, tree, "a.txt", "2\n"));
	assert_int_equal(patch.count, 3);
	assert_string_equal(patch.changes[0].path, "a.txt");
	assert_string_equal(patch.changes[1].path, "d/x.c");
	assert_string_equal(patch.changes[2].path, "new/file.txt");
	assert_str(patch.changes[0].before, "one\ntwo\nthree\n");
	assert_str(patch.changes[0].after, "2\n");
	assert_str(old.changes[0].after, "1\n");
	assert_false(patch.changes[2].existed);
	assert_int_equal(patch.changes[2].mode, ENTRY_FILE);
	assert_true(put(&patch, &a, tree, "a.txt", "one\ntwo\nthree\n"));
	assert_true(patch_remove(&patch, &a, tree, "new/file.txt", &e));
	assert_int_equal(patch.count, 1);
	assert_true(patch_remove(&patch, &a, tree, "empty", &e));
	assert_int_equal(patch.count, 2);
	assert_false(patch.changes[1].exists);
	assert_false(patch_remove(&patch, &a, tree, "none", &e));
	assert_int_equal(e.kind, ERR_INPUT);
}

static bool read_nothing(const struct tree *tree, size_t index, struct arena *a, struct str *out)
{
	(void)tree, (void)index, (void)a, (void)out;
	return false;
}

static bool read_binary(const struct tree *tree, size_t index, struct arena *a, struct str *out)
{
	(void)tree, (void)index, (void)a;
	*out = (struct str){ "a\0b", 3 };
	return true;
}

static void refuses(void **state)
{
	static const struct entry entries[] = {
		{ "big.bin", ENTRY_FILE }, { "file", ENTRY_FILE }, { "folder/x", ENTRY_FILE },
		{ "link", ENTRY_LINK }, { "module", ENTRY_MODULE }, { "run.sh", ENTRY_PROGRAM },
		{ "twice", ENTRY_LINK }, { "twice/x", ENTRY_FILE },
	};
	static const char *const refused[] = {
		"link", "link/x", "link/a/b", "LINK/x", "Link", "module", "module/x", "Module/x",
		"file/x", "FILE", "File/x", "folder", "big.bin", "Run.sh", "twice", "twice/x",
		"../x", "/etc/passwd", ".git/config", "a/.GIT/x", "a//b", "", "a:b", "x.",
	};
	struct tree tree = { .entries = entries, .count = 8, .read = read_nothing };
	struct patch patch = {0};
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct str large = { arena_alloc(&a, TREE_FILE_MAX + 1), TREE_FILE_MAX + 1 };

	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		if (put(&patch, &a, &tree, refused[i], "x"))
			fail_msg("accepted %s", refused[i]);
	assert_false(patch_put(&patch, &a, &tree, "n", (struct str){ "a\0", 2 }, &e));
	memset((char *)large.at, 'x', large.size);
	assert_false(patch_put(&patch, &a, &tree, "n", large, &e));
	tree.read = read_binary;
	assert_false(put(&patch, &a, &tree, "file", "text"));
	assert_int_equal(patch.count, 0);
	large.size--;
	assert_true(patch_put(&patch, &a, &tree, "n", large, &e));
	assert_true(put(&patch, &a, &tree, "folder/y", "y"));
	assert_true(put(&patch, &a, &tree, "filex", "y"));
}

static void keeps_modes(void **state)
{
	static const struct entry entries[] = { { "run.sh", ENTRY_PROGRAM } };
	static const struct tree_file content[] = { { "run.sh", "#!\n" }, { NULL, NULL } };
	ARENA a = {0};
	struct tree *tree = tree_of_files(&a, content);
	struct patch patch = {0};

	(void)state;
	tree->entries = entries;
	assert_true(put(&patch, &a, tree, "run.sh", "#!/bin/sh\n"));
	assert_int_equal(patch.changes[0].mode, ENTRY_PROGRAM);
	assert_true(str_has(patch_diff(&patch, &a), " 100755\n"));
}

/* before and after of a file, NULL for none */
static const struct {
	const char *name, *before, *after;
	size_t hunks, added, removed;
} diffs[] = {
	{ "plain.txt", "a\nb\nc\n", "a\nB\nc\n", 1, 1, 1 },
	{ "new.txt", NULL, "a\nb\n", 1, 2, 0 },
	{ "new_empty.txt", NULL, "", 0, 0, 0 },
	{ "gone.txt", "a\nb\n", NULL, 1, 0, 2 },
	{ "gone_empty.txt", "", NULL, 0, 0, 0 },
	{ "filled.txt", "", "a\n", 1, 1, 0 },
	{ "emptied.txt", "a\n", "", 1, 0, 1 },
	{ "crlf.txt", "a\r\nb\r\nc\r\n", "a\r\nb\nc\r\n", 1, 1, 1 },
	{ "end_lost.txt", "a\nb\n", "a\nb", 1, 1, 1 },
	{ "end_won.txt", "a\nb", "a\nb\n", 1, 1, 1 },
	{ "both_open.txt", "a\nb", "a\nc", 1, 1, 1 },
	{ "open_grows.txt", "a", "a\nb", 1, 2, 1 },
	{ "open_kept.txt", "a\nb\nc", "x\nb\nc", 1, 1, 1 },
	{ "two.txt", "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n",
	  "1\nX\n3\n4\n5\n6\n7\n8\n9\n10\nY\n12\n", 2, 2, 2 },
	{ "near.txt", "1\n2\n3\n4\n5\n6\n7\n8\n", "1\nX\n3\n4\n5\n6\nY\n8\n", 2, 2, 2 },
	{ "name with blank.txt", "a\n", "b\n", 1, 1, 1 },
	{ "\xc3\xa4\xe4\xb8\xad.txt", "\xc3\xa4\n", "\xc3\xb6\n", 1, 1, 1 },
	{ "quote\".txt", "a\n", "b\n", 1, 1, 1 },
	{ "new blank.txt", NULL, "x\n", 1, 1, 0 },
	{ "func.c", "int f(void)\n{\n\tint a;\n\tint b;\n\tint c;\n\tint d;\n\treturn 1;\n}\n",
	  "int f(void)\n{\n\tint a;\n\tint b;\n\tint c;\n\tint d;\n\treturn 2;\n}\n", 1, 1, 1 },
	{ "indent.py", "def a():\n    x\n\n\ndef c():\n    z\n",
	  "def a():\n    x\n\n\ndef b():\n    y\n\n\ndef c():\n    z\n", 1, 4, 0 },
	{ "utf16ish.txt", "\xff\xfe\x61\n", "\xff\xfe\x62\n", 1, 1, 1 },
	{ "insert.txt", "a\nb\n", "x\na\nb\ny\n", 2, 2, 0 },
	{ "moved.txt", "a\nb\nc\nd\ne\n", "c\nd\ne\na\nb\n", 2, 2, 2 },
};
enum { DIFFS = sizeof(diffs) / sizeof(diffs[0]) };

static struct patch patch_of(struct arena *a, size_t first, size_t count)
{
	struct tree_file before[DIFFS + 1] = {{0}};
	struct patch patch = {0};
	size_t had = 0;
	const struct tree *tree;

	for (size_t i = first; i < first + count; i++)
		if (diffs[i].before)
			before[had++] = (struct tree_file){ diffs[i].name, diffs[i].before };
	tree = tree_of_files(a, before);
	for (size_t i = first; i < first + count; i++) {
		struct err e = ERR_INIT;

		if (diffs[i].after)
			assert_true(put(&patch, a, tree, diffs[i].name, diffs[i].after));
		else
			assert_true(patch_remove(&patch, a, tree, diffs[i].name, &e));
	}
	return patch;
}

static void prints_as_git(void **state)
{
	ARENA a = {0};
	FOLDER folder = folder_new();
	struct patch patch;
	struct str want, got;

	(void)state;
	shell(&a, &folder, "git init -q .");
	for (size_t i = 0; i < DIFFS; i++)
		if (diffs[i].before)
			write_file(&folder, diffs[i].name, str_of(diffs[i].before));
	shell(&a, &folder, "git add -A && git commit -qm before && rm -f *.txt *.c *.py");
	for (size_t i = 0; i < DIFFS; i++)
		if (diffs[i].after)
			write_file(&folder, diffs[i].name, str_of(diffs[i].after));
	want = shell(&a, &folder, "git add -A && git commit -qm after && "
				  "git diff --no-renames HEAD~ HEAD");
	patch = patch_of(&a, 0, DIFFS);
	got = patch_diff(&patch, &a);
	write_file(&folder, "got", got);
	write_file(&folder, "want", want);
	assert_string_equal(str_text(&a, got), str_text(&a, want));
	shell(&a, &folder, "git checkout -q HEAD~ && git apply --check got");
}

static void counts(void **state)
{
	(void)state;
	for (size_t i = 0; i < DIFFS; i++) {
		ARENA a = {0};
		struct patch patch = patch_of(&a, i, 1);
		size_t added, removed;

		patch_lines(&patch, &added, &removed);
		if (added != diffs[i].added || removed != diffs[i].removed ||
		    patch_hunks(&patch, &a) != diffs[i].hunks)
			fail_msg("%s: +%zu -%zu in %zu", diffs[i].name, added, removed,
				 patch_hunks(&patch, &a));
	}
}

static void takes_hunks_out(void **state)
{
	ARENA a = {0};
	struct patch patch = patch_of(&a, 13, 1), rest = {0}, none = {0};

	(void)state;
	assert_string_equal(patch.changes[0].path, "two.txt");
	assert_true(patch_without_hunk(&patch, &a, 0, &rest));
	assert_str(rest.changes[0].after, "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\nY\n12\n");
	assert_true(patch_without_hunk(&patch, &a, 1, &rest));
	assert_str(rest.changes[0].after, "1\nX\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n");
	assert_false(patch_without_hunk(&patch, &a, 2, &none));
	assert_int_equal(none.count, 0);
	assert_true(patch_without_hunk(&rest, &a, 0, &rest));
	assert_int_equal(rest.count, 0);
	patch = patch_of(&a, 1, 1);
	assert_true(patch_without_hunk(&patch, &a, 0, &rest));
	assert_int_equal(rest.count, 0);
	patch = patch_of(&a, 3, 1);
	assert_true(patch_without_hunk(&patch, &a, 0, &rest));
	assert_int_equal(rest.count, 0);
}

/* Taking out hunk after hunk, in any order, ends at the text before. */
static void ends_where_it_began(void **state)
{
	ARENA a = {0};
	struct patch whole = patch_of(&a, 0, DIFFS);
	size_t total = patch_hunks(&whole, &a);

	(void)state;
	for (unsigned seed = 1; seed <= 20; seed++) {
		struct patch patch = whole;
		unsigned random = seed;

		for (size_t left = total; left > 0; left--) {
			random = random * 1103515245u + 12345u;
			assert_int_equal(patch_hunks(&patch, &a), left);
			assert_true(patch_without_hunk(&patch, &a, (random >> 16) % left, &patch));
		}
		assert_int_equal(patch_hunks(&patch, &a), 0);
		for (size_t i = 0; i < patch.count; i++)	/* only empty files have no hunk */
			assert_int_equal(patch.changes[i].before.size + patch.changes[i].after.size,
					 0);
	}
}

/*
 * For many random texts: hunk after hunk out leads back to the text before. The rest is compared
 * afresh each time and may fall into other hunks, so the way is not always the shortest.
 */
static void random_texts(void **state)
{
	unsigned seed = 7;

	(void)state;
	for (int round = 0; round < 2000; round++) {
		ARENA a = {0};
		struct text texts[2] = { TEXT(&a), TEXT(&a) };
		struct tree_file before[2] = {{0}};
		struct patch patch = {0};
		size_t hunks, steps;

		for (int side = 0; side < 2; side++) {
			seed = seed * 1103515245u + 12345u;
			for (unsigned i = 0, n = seed >> 16 & 15; i < n; i++) {
				seed = seed * 1103515245u + 12345u;
				text_addc(&texts[side], "ab\n\n"[seed >> 16 & 3]);
			}
		}
		before[0] = (struct tree_file){ "f", text_cstr(&texts[0]) };
		put(&patch, &a, tree_of_files(&a, before), "f", text_cstr(&texts[1]));
		steps = 0;
		while (patch.count) {
			const struct change *change = &patch.changes[0];
			size_t count;
			const size_t *lines = patch_changed_lines(change, &a, &count);

			for (size_t i = 1; i < count; i++)
				assert_true(lines[i - 1] < lines[i]);
			hunks = patch_hunks(&patch, &a);
			assert_true(hunks > 0 && ++steps < 40);
			assert_false(patch_without_hunk(&patch, &a, hunks, &patch));
			assert_true(patch_without_hunk(&patch, &a, hunks / 2, &patch));
		}
	}
}

static void changed_lines(void **state)
{
	ARENA a = {0};
	struct patch patch = patch_of(&a, 13, 1);
	size_t count;
	const size_t *lines = patch_changed_lines(&patch.changes[0], &a, &count);

	(void)state;
	assert_int_equal(count, 2);
	assert_int_equal(lines[0], 2);
	assert_int_equal(lines[1], 11);
	patch = patch_of(&a, 3, 1);
	patch_changed_lines(&patch.changes[0], &a, &count);
	assert_int_equal(count, 0);
	patch = patch_of(&a, 1, 1);
	lines = patch_changed_lines(&patch.changes[0], &a, &count);
	assert_int_equal(count, 2);
	assert_int_equal(lines[1], 2);
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(puts_and_drops), cmocka_unit_test(refuses),
		cmocka_unit_test(keeps_modes), cmocka_unit_test(prints_as_git),
		cmocka_unit_test(counts), cmocka_unit_test(takes_hunks_out),
		cmocka_unit_test(ends_where_it_began), cmocka_unit_test(random_texts),
		cmocka_unit_test(changed_lines),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

/*
 * bot/base/jail: the work folder: what is laid over it and what is given back.
 */
#include "tests/jail_unit.h"

/* The text of the file, or none. */
static struct str find(const struct jail_file *files, size_t count, const char *path)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(files[i].path, path))
			return files[i].text;
	return STR_NONE;
}

/* --- The work folder --- */

static void lays_files_over(void **state)
{
	struct seen *seen = arena_new(&arena, struct seen);
	const struct jail_file files[] = {
		{ "a.txt", true, STR("laid\n"), 0644 },
		{ "sub/b.txt", false, STR_NONE, 0 },
		{ "new/deep/run.sh", true, STR("#!/bin/sh\necho ran\n"), 0755 },
		{ "not/there", false, STR_NONE, 0 },
	};
	struct jail_job job = job_of("cat a.txt; ls sub; ./new/deep/run.sh; ls -d not");

	(void)state;
	job.files = files;
	job.file_count = 4;
	job.want_changes = true;
	assert_int_equal(run(&job, seen).change_count, 0);
	assert_true(str_starts(str_of(seen->text), "laid\ndeep\nran\n"));
	assert_int_equal(access(place("repo/new"), F_OK), -1);
	assert_int_equal(access(place("repo/sub/b.txt"), F_OK), 0);
}

static void takes_folders_away(void **state)
{
	struct seen *seen = arena_new(&arena, struct seen);
	const struct jail_file files[] = {
		{ "sub/", false, STR_NONE, 0 }, { "gone/", false, STR_NONE, 0 },
	};
	struct jail_job job = job_of("ls -d sub a.txt");

	(void)state;
	put("other/secret", "s");
	assert_int_equal(symlink(place("other"), place("repo/sub/link")), 0);
	job.files = files;
	job.file_count = 2;
	run(&job, seen);
	assert_true(strstr(seen->text, "a.txt\n") != NULL);
	assert_null(strstr(seen->text, "\nsub\n"));
	assert_int_equal(access(place("other/secret"), F_OK), 0);
	assert_int_equal(access(place("repo/sub/b.txt"), F_OK), 0);
}

static void refuses_files_outside(void **state)
{
	static const char *const paths[] = { "../x", "/x", "sub/../../x", "", "sub//x", "sub/" };
	struct jail_job job = job_of("true");
	struct jail_result result;

	(void)state;
	put("other/secret", "s");
	assert_int_equal(symlink(place("other"), place("repo/dir")), 0);
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		const struct jail_file file = { paths[i], true, STR("x"), 0644 };
		struct err e = ERR_INIT;

		job.files = &file;
		job.file_count = 1;
		assert_false(jail_run_with(&job, &switches, &arena, &result, &e));
		assert_int_equal(e.kind, ERR_INPUT);
	}
	assert_int_equal(access(place("other/x"), F_OK), -1);
}

/* A link, a file or a folder that is in the way of a file goes, in the copy alone. */
static void clears_the_way(void **state)
{
	const struct jail_file files[] = {
		{ "stray/", false, STR(""), 0 },
		{ "dir/x", true, STR("x\n"), 0644 },
		{ "a.txt/x", true, STR("x\n"), 0644 },
		{ "sub", true, STR("file\n"), 0644 },
	};
	struct seen *seen = arena_new(&arena, struct seen);
	struct jail_job job = job_of("cat dir/x a.txt/x sub; ls -d stray; cat dir/secret");

	(void)state;
	put("other/secret", "s");
	put("repo/stray/deep/y", "y");
	assert_int_equal(symlink(place("other"), place("repo/dir")), 0);
	job.files = files;
	job.file_count = 4;
	run(&job, seen);
	assert_true(str_starts(str_of(seen->text), "x\nx\nfile\n"));
	assert_false(str_has(str_of(seen->text), "\nstray\n"));
	assert_int_equal(access(place("other/secret"), F_OK), 0);
	assert_int_equal(access(place("other/x"), F_OK), -1);
	assert_int_equal(access(place("repo/stray/deep/y"), F_OK), 0);
	assert_int_equal(access(place("repo/sub/b.txt"), F_OK), 0);
}

static void gives_changes_back(void **state)
{
	static const char script[] =
		"echo changed > a.txt; rm -r sub/deep; chmod +x prog; touch same; echo s > same; "
		"printf 'a\\0b' > made; mkdir -p n/e; echo n > n/e/w; rm -r re; mkdir re; "
		"echo 2 > re/two; rm laid; echo more >> kept; mkdir .git; echo x > .git/config; "
		"mkfifo pipe; rm swap; mkdir swap; echo in > swap/in; rm -r fold; echo f > fold; "
		"echo out > $AEGIS_OUT/coverage.xml; mkdir $AEGIS_OUT/d; "
		"echo 1 > $AEGIS_OUT/d/r.json; "
		"echo no > $AEGIS_OUT/no.txt; mv sub/b.txt sub/moved.txt";
	const char *const want[] = { "*.xml", "**/*.json", NULL };
	const struct jail_file files[] = { { "laid", true, STR("l\n"), 0644 },
					   { "kept", true, STR("k\n"), 0644 } };
	static const struct { const char *path, *text; unsigned mode; } expected[] = {
		{ "a.txt", "changed\n", 0644 }, { "fold", "f\n", 0644 },
		{ "fold/x", NULL, 0 }, { "kept", "k\nmore\n", 0644 }, { "laid", NULL, 0 },
		{ "made", "a", 0644 }, { "n/e/w", "n\n", 0644 }, { "prog", "p\n", 0755 },
		{ "re/one", NULL, 0 }, { "re/two", "2\n", 0644 }, { "sub/b.txt", NULL, 0 },
		{ "sub/deep/c.txt", NULL, 0 }, { "sub/moved.txt", "second\n", 0644 },
		{ "swap", NULL, 0 }, { "swap/in", "in\n", 0644 },
	};
	struct jail_job job = job_of(script);
	struct jail_result result;

	(void)state;
	put("repo/prog", "p\n");
	put("repo/same", "s\n");
	put("repo/re/one", "1\n");
	put("repo/swap", "s\n");
	put("repo/fold/x", "x\n");
	job.files = files;
	job.file_count = 2;
	job.want_changes = true;
	job.want = want;
	result = run(&job, NULL);
	assert_ends(result, JAIL_EXITED, 0);
	assert_false(result.changes_cut);
	for (size_t i = 0; i < result.change_count && i < sizeof(expected) / sizeof(expected[0]);
	     i++) {
		assert_string_equal(result.changes[i].path, expected[i].path);
		assert_int_equal(result.changes[i].exists, expected[i].text != NULL);
		assert_int_equal(result.changes[i].mode, expected[i].mode);
		if (expected[i].text)
			assert_string_equal(result.changes[i].text.at, expected[i].text);
	}
	assert_int_equal(result.change_count, sizeof(expected) / sizeof(expected[0]));
	assert_int_equal(find(result.changes, result.change_count, "made").size, 3);
	assert_int_equal(result.output_count, 2);
	assert_str(find(result.outputs, 2, "coverage.xml"), "out\n");
	assert_str(find(result.outputs, 2, "d/r.json"), "1\n");
}

static void cuts_changes(void **state)
{
	struct jail_job job = job_of("i=0; while [ $i -lt 2100 ]; do echo > f$i; i=$((i+1)); done");
	struct jail_result result;

	(void)state;
	job.want_changes = true;
	result = run(&job, NULL);
	assert_int_equal(result.change_count, JAIL_FILES_MAX);
	assert_true(result.changes_cut);
	job.argv = shell("head -c 5M /dev/zero > big; echo x > small");
	result = run(&job, NULL);
	assert_int_equal(result.change_count, 1);
	assert_true(result.changes_cut);
}

static void takes_odd_folders(void **state)
{
	static const char *const names[] = { "with blank", "\303\274n\303\257code", "a,b:c=d\\e",
					     "-dash", "new\nline" };
	struct seen *seen = arena_new(&arena, struct seen);

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct jail_job job = job_of("cat f; pwd; echo more > f; cat f");

		put(arena_printf(&arena, "%s/f", names[i]), "text\n");
		job.folder = place(names[i]);
		seen->kept = 0;
		assert_ends(run(&job, seen), JAIL_EXITED, 0);
		if (!unsafe)
			assert_string_equal(seen->text,
					    arena_printf(&arena, "text\n%s\nmore\n",
							 strchr(names[i], '\n') ? "/work" :
							 job.folder));
	}
}

/* Copies leave holes as holes, times as they were, and links as links. */
static void copies_faithfully(void **state)
{
	struct seen *seen = arena_new(&arena, struct seen);
	struct jail_job job = job_of("stat -c '%s %b' holes; readlink link; stat -c %Y old; "
				     "tail -c 4 holes");

	(void)state;
	put("repo/old", "x");
	put("repo/holes", "");
	assert_int_equal(truncate(place("repo/holes"), 300 << 20), 0);
	assert_int_equal(utimensat(AT_FDCWD, place("repo/old"), (struct timespec[2]){
		{ 1000, 0 }, { 1000, 0 } }, 0), 0);
	assert_int_equal(symlink("/nowhere/at/all", place("repo/link")), 0);
	job.limits.disk_bytes = 20 << 20;
	assert_ends(run(&job, seen), JAIL_EXITED, 0);
	assert_memory_equal(seen->text, "314572800 0\n/nowhere/at/all\n1000\n\0\0\0\0", 37);
}

static const struct CMUnitTest boxed[] = {
	TEST(lays_files_over), TEST(takes_folders_away), TEST(refuses_files_outside),
	TEST(clears_the_way), TEST(gives_changes_back),
	TEST(takes_odd_folders), TEST(copies_faithfully), TEST(cuts_changes),
};
static const struct CMUnitTest copied[] = {
	TEST(lays_files_over), TEST(takes_folders_away), TEST(refuses_files_outside),
	TEST(clears_the_way), TEST(gives_changes_back),
	TEST(takes_odd_folders), TEST(copies_faithfully),
};
static const struct CMUnitTest anywhere[] = {
	TEST(lays_files_over), TEST(takes_folders_away), TEST(refuses_files_outside),
	TEST(clears_the_way), TEST(gives_changes_back),
	TEST(takes_odd_folders), TEST(copies_faithfully),
};
JAIL_MAIN(boxed, copied, anywhere)

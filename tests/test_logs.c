/* bot/logs and ci/jobs: archives as GitHub makes them, and as nobody should. */
#include "tests/zip_unit.h"

#include "bot/base/file.h"
#include "bot/logs.h"

#define RED(name) "##[group]Run " name "\n" name "\nshell: bash\n##[endgroup]\n"                      \
	"Traceback (most recent call last):\n  File \"/home/runner/work/r/r/" name ".py\", line 3, in f\n" \
	"    x()\nValueError: " name "\n##[error]Process completed with exit code 1.\n"
#define FOLLOWS "##[group]Run make\nmake\nshell: bash\n##[endgroup]\nmake: *** [Makefile:1: all] Error 2\n" \
	"##[error]Process completed with exit code 2.\n"
#define GREEN "##[group]Run ok\nok\nshell: bash\n##[endgroup]\nTraceback (most recent call last):\n"  \
	"  File \"a.py\", line 3, in f\n    x()\nKeyError: 'handled'\nall is well\n"

static bool read_bytes(struct logs *logs, struct str bytes, struct err *e)
{
	FILE_TEMPORARY folder = {""};
	struct err other = ERR_INIT;
	ARENA a = {0};
	const char *path;

	assert_true(file_temporary(&folder, &other));
	path = arena_printf(&a, "%s/log", folder.path);
	assert_true(file_write(path, bytes, 0600, &other));
	return logs_read(logs, path, NULL, e);
}

static void read_files(struct logs *logs, const struct zip_file *files, size_t count)
{
	struct err e = ERR_INIT;
	ARENA a = {0};

	if (!read_bytes(logs, zipped(&a, files, count), &e))
		fail_msg("%s", e.text);
	assert_true(logs->archive);
}

/* Jobs in their order, ranks over all: causes, then consequences, then what went well. */
static void a_run(void **state)
{
	static const struct zip_file files[] = {
		{ "10_lint.txt", { GREEN, sizeof(GREEN) - 1 }, false },
		{ "0_build (ubuntu).txt", { FOLLOWS, sizeof(FOLLOWS) - 1 }, false },
		{ "2_test.txt", { RED("b"), sizeof(RED("b")) - 1 }, true },
		{ "test/1_Set up job.txt", { RED("c"), sizeof(RED("c")) - 1 }, true },
		{ "test/system.txt", { "x", 1 }, true },
		{ "1_test.txt", { RED("a"), sizeof(RED("a")) - 1 }, true },
	};
	static const char *const order[] = { "test", "test", "build (ubuntu)" };
	static const char *const jobs[] = { "build (ubuntu)", "test", "test", "lint" };
	LOGS logs = {0};
	ARENA a = {0};
	json_t *json, *sarif, *failures, *list;
	struct str text;

	(void)state;
	read_files(&logs, files, 6);
	assert_int_equal(logs.jobs.count, 4);
	json = jobs_json(&logs.jobs);
	list = json_object_get(json, "jobs");
	for (size_t i = 0; i < 4; i++)
		assert_string_equal(json_string_value(json_object_get(json_array_get(list, i), "job")),
				    jobs[i]);
	assert_true(json_is_false(json_object_get(json_array_get(list, 3), "failed")));
	failures = json_object_get(json, "failures");
	for (size_t i = 0; i < json_array_size(failures); i++) {
		const json_t *f = json_array_get(failures, i);

		assert_int_equal(json_integer_value(json_object_get(f, "rank")), i + 1);
		if (i < 3)
			assert_string_equal(json_string_value(json_object_get(f, "job")), order[i]);
	}
	assert_string_equal(json_string_value(json_object_get(json_array_get(failures, 0), "message")),
			    "a");
	assert_string_equal(json_string_value(json_object_get(
		json_array_get(failures, json_array_size(failures) - 1), "job")), "lint");
	assert_int_equal(json_integer_value(json_object_get(json, "exit_code")), 1);
	text = jobs_text(&a, &logs.jobs, NULL);
	assert_true(str_starts(text, "test\nValueError: a\n"));
	assert_true(str_has(text, "\n3 of 4 jobs failed\n"));
	assert_false(str_has(text, "handled"));
	sarif = jobs_sarif(&logs.jobs, NULL);
	assert_int_equal(json_array_size(json_object_get(sarif, "runs")), 4);
	json_decref(sarif);
	json_decref(json);
}

/* Without whole logs the steps' are put together, in the order of their numbers. */
static void only_steps(void **state)
{
	static const char head[] = "##[group]Run x\nx\nshell: bash\n##[endgroup]\n"
				   "Traceback (most recent call last):\n";
	static const char tail[] = "  File \"a.py\", line 3, in f\nValueError: y\n";
	static const struct zip_file files[] = {
		{ "job b/10_end.txt", { tail, sizeof(tail) - 1 }, false },
		{ "job a/1_x.txt", { GREEN, sizeof(GREEN) - 1 }, false },
		{ "job b/9_start.txt", { head, sizeof(head) - 1 }, false },
		{ "job b/system.txt", { "x", 1 }, true },
	};
	LOGS logs = {0};

	(void)state;
	read_files(&logs, files, 4);
	assert_int_equal(logs.jobs.count, 2);
	assert_string_equal(logs.jobs.list[1].name, "job b");
	assert_string_equal(logs.jobs.list[1].report->failures->message, "y");
	assert_int_equal(logs.jobs.list[1].report->lines, 7);
}

/* Of other archives every text is a log; names stay texts, and fit to be shown. */
static void other_names(void **state)
{
	static const struct zip_file files[] = {
		{ "../../../../tmp/aegis_must_not_be.txt", { RED("a"), sizeof(RED("a")) - 1 }, false },
		{ "/etc/\x1b[31mx\n.log", { "x\n", 2 }, false },
		{ "a/b/c/\xff\xe2\x80\xae.txt", { "", 0 }, false }, { "picture.png", { "x", 1 }, false },
		{ "folder.txt/", { "", 0 }, true },
	};
	LOGS logs = {0};

	(void)state;
	read_files(&logs, files, 5);
	assert_int_equal(logs.jobs.count, 3);
	assert_string_equal(logs.jobs.list[0].name, "../../../../tmp/aegis_must_not_be.txt");
	assert_string_equal(logs.jobs.list[1].name, "/etc/ [31mx .log");
	assert_string_equal(logs.jobs.list[2].name, "a/b/c/\xef\xbf\xbd\xef\xbf\xbd.txt");
	assert_false(file_exists("/tmp/aegis_must_not_be.txt"));
}

/* One damaged log harms no other; an archive of which nothing can be read is bad input. */
static void damaged(void **state)
{
	static const struct zip_file files[] = {
		{ "0_a.txt", { RED("a"), sizeof(RED("a")) - 1 }, true },
		{ "1_b.txt", { RED("b"), sizeof(RED("b")) - 1 }, false },
	};
	LOGS logs = {0};
	ARENA a = {0};
	struct str bytes = zipped(&a, files, 2);
	struct err e = ERR_INIT;

	(void)state;
	((char *)(uintptr_t)bytes.at)[30 + 7 + 40] ^= 1;
	assert_true(read_bytes(&logs, bytes, &e));
	assert_int_equal(logs.damaged, 1);
	assert_false(logs.jobs.list[0].whole);
	assert_true(logs.jobs.list[1].whole);
	assert_string_equal(logs.jobs.list[1].report->failures->message, "b");
	assert_true(str_has(jobs_text(&a, &logs.jobs, NULL), "read in part"));
	for (size_t size = 4; size < bytes.size; size++) {
		LOGS cut = {0};

		assert_false(read_bytes(&cut, str_slice(bytes, 0, size), &e));
		assert_int_equal(e.kind, ERR_INPUT);
	}
}

static void nothing_to_read(void **state)
{
	static const struct zip_file files[] = { { "a.png", { "x", 1 }, true } };
	LOGS logs = {0}, none = {0};
	ARENA a = {0};
	struct err e = ERR_INIT;

	(void)state;
	assert_false(read_bytes(&logs, zipped(&a, files, 1), &e));
	assert_non_null(strstr(e.text, "no log"));
	assert_false(read_bytes(&none, zipped(&a, files, 0), &e));
}

/* More jobs than are kept: the rest is read and counted. */
static void many_jobs(void **state)
{
	LOGS logs = {0};
	ARENA a = {0};
	struct zip_file *list = arena_array(&a, struct zip_file, 3000);

	(void)state;
	for (size_t i = 0; i < 3000; i++)
		list[i] = (struct zip_file){ arena_printf(&a, "%zu_job.txt", i), STR(RED("a")), true };
	read_files(&logs, list, 3000);
	assert_int_equal(logs.jobs.count + logs.left_out, 3000);
	assert_true(logs.jobs.count >= 256 && logs.left_out >= 2000);
}

static void plain_and_packed(void **state)
{
	LOGS plain = {0}, gzip = {0}, cut = {0};
	ARENA a = {0};
	struct str text = STR(RED("a")), small = packed(&a, text, 31);
	struct err e = ERR_INIT;

	(void)state;
	assert_true(read_bytes(&plain, text, &e) && read_bytes(&gzip, small, &e));
	assert_false(plain.archive || gzip.archive);
	assert_int_equal(gzip.jobs.list[0].report->bytes, text.size);
	assert_string_equal(gzip.jobs.list[0].report->failures->signature,
			    plain.jobs.list[0].report->failures->signature);
	assert_false(read_bytes(&cut, str_slice(small, 0, small.size - 1), &e));
	assert_int_equal(e.kind, ERR_INPUT);
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(a_run),   cmocka_unit_test(only_steps), cmocka_unit_test(other_names),
		cmocka_unit_test(damaged), cmocka_unit_test(nothing_to_read),
		cmocka_unit_test(many_jobs), cmocka_unit_test(plain_and_packed),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

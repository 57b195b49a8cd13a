/* ci/log, ci/steps, ci/findings, ci/report, ci/own: pieces, bounds, ranks, places. */
#include "tests/unit.h"

#include "ci/explain.h"
#include "ci/findings.h"
#include "ci/log.h"
#include "ci/report.h"

#include <stdio.h>

static const char sample[] =
	"\xef\xbb\xbf" "2024-05-01T12:34:56.1234567Z ##[group]Run python app.py\n"
	"2024-05-01T12:34:56.1234567Z \x1b[36;1mpython app.py\x1b[0m\n"
	"2024-05-01T12:34:56.1234567Z shell: /usr/bin/bash -e {0}\n"
	"2024-05-01T12:34:56.1234567Z ##[endgroup]\n"
	"2024-05-01T12:34:57.1234567Z 10%\r50%\r100%\r\n"
	"2024-05-01T12:34:58.1234567Z Traceback (most recent call last):\n"
	"2024-05-01T12:34:58.1234567Z   File \"/home/runner/work/r/r/app.py\", line 3, in <module>\n"
	"2024-05-01T12:34:58.1234567Z ##[error]    main(\"\xc3\xa9\")\n"
	"2024-05-01T12:34:58.1234567Z ValueError: bad\n"
	"2024-05-01T12:34:58.1234567Z src/a.c:3:5: error: 'x' undeclared (first use in this function)\n"
	"panic: boom\n\ngoroutine 1 [running]:\nmain.f()\n\t/home/runner/work/r/r/a.go:7 +0x1d\n"
	"::error file=x.c,line=9,title=T::said\n"
	"2024-05-01T12:34:58.1234567Z ##[error]Process completed with exit code 3.";

static const struct tree_file files[] = {
	{ "app.py", "import x\n\nmain()\n" }, { "src/a.c", "int a;\n\nint b;\n" },
	{ "a.go", "\n\n\n\n\n\nf()\n" }, { "x.c", "\n\n\n\n\n\n\n\nx\n" }, { NULL, NULL },
};

static char *json_of(const struct report *report)
{
	json_t *json = explain_json(report);
	char *text = json_dumps(json, 0);

	assert_non_null(text);
	json_decref(json);
	return text;
}

/* The report, whole, of the text fed in pieces. */
static char *fed(struct str text, size_t first, size_t step)
{
	ARENA a = {0};
	struct log *log = log_open(&a, tree_of_files(&a, files));

	log_feed(log, text.at, first);
	for (size_t at = first; at < text.size; at += step) {
		struct str piece = str_slice(text, at, step);

		log_feed(log, piece.at, piece.size);
	}
	return json_of(log_close(log));
}

static void pieces(void **state)
{
	struct str text = { sample, sizeof(sample) - 1 };
	char *whole = fed(text, text.size, text.size), *other;

	(void)state;
	for (size_t cut = 0; cut <= text.size; cut++) {
		other = fed(text, cut, text.size);
		assert_string_equal(other, whole);
		free(other);
	}
	for (size_t step = 1; step < 5; step++) {
		other = fed(text, 0, step);
		assert_string_equal(other, whole);
		free(other);
	}
	free(whole);
}

static void runner_facts(void **state)
{
	ARENA a = {0};
	const struct report *report = log_read(&a, NULL, (struct str){ sample, sizeof(sample) - 1 });

	(void)state;
	assert_int_equal(report->exit_code, 3);
	assert_string_equal(report->command, "python app.py");
	assert_int_equal(report->lines, 17);
	assert_int_equal(report->bytes, sizeof(sample) - 1);
	assert_string_equal(report->diagnostics[report->diagnostic_count - 1].file, "x.c");
	assert_string_equal(report->diagnostics[report->diagnostic_count - 1].code, "T");
}

static void wide_text(void **state)
{
	char *eight = fed(STR("##[error]Process completed with exit code 9.\n"), 0, 7), *sixteen;
	ARENA a = {0};
	struct text wide = TEXT(&a);

	(void)state;
	text_adds(&wide, "\xff\xfe");
	for (const char *at = "##[error]Process completed with exit code 9.\n"; *at; at++) {
		text_addc(&wide, *at);
		text_addc(&wide, '\0');
	}
	sixteen = fed(text_str(&wide), 0, 3);
	assert_non_null(strstr(sixteen, "\"exit_code\": 9"));
	assert_non_null(strstr(eight, "\"exit_code\": 9"));
	free(eight);
	free(sixteen);
}

/* A megabyte without a line end is one line, of which the start is looked at. */
static void long_line(void **state)
{
	static char text[1 << 20];
	struct str whole = { text, sizeof(text) };
	char *one, *other;

	(void)state;
	memset(text, 'x', sizeof(text));
	memcpy(text, "Error: ", 7);
	memcpy(text + sizeof(text) - 80, "\n##[error]Process completed with exit code 4.\n", 45);
	one = fed(whole, whole.size, 1);
	other = fed(whole, 5, 999);
	assert_string_equal(one, other);
	assert_non_null(strstr(one, "\"exit_code\": 4"));
	free(one);
	free(other);
}

static const struct {
	const char *log, *command;
	int exit_code;
} steps[] = {
	{ "##[group]Run make\nmake\nshell: bash\n##[endgroup]\n"
	  "##[error]Process completed with exit code 2.\n", "make", 2 },
	{ "##[group]Run cd a\ncd a\nmake -k \\\n  all\nshell: bash\nenv:\n  A: 1\n##[endgroup]\n"
	  "##[error]Process completed with exit code 2.\n", "cd a\nmake -k \\\n  all", 2 },
	{ "##[group]Run make\n##[endgroup]\n##[error]Process completed with exit code 2.\n", "make", 2 },
	{ "##[group]Run actions/checkout@v4\nwith:\n  path: x\n##[endgroup]\n##[error]no\n", NULL, -1 },
	{ "##[group]Run a/b@v1\n##[endgroup]\n##[error]no\n", NULL, -1 },
	/* the failing step, not the last one */
	{ "##[group]Run one\none\nshell: bash\n##[endgroup]\n"
	  "##[error]Process completed with exit code 7.\n"
	  "##[group]Run upload\nupload\nshell: bash\n##[endgroup]\nfine\n", "one", 7 },
	/* behind the last step */
	{ "##[group]Run one\none\nshell: bash\n##[endgroup]\nPost job cleanup.\n##[error]late\n",
	  NULL, -1 },
	{ "##[group]Run one\none\nshell: bash\n##[endgroup]\nall well\n", "one", -1 },
	{ "nothing\n", NULL, -1 },
	{ "##[group]Run cut off", "cut off", -1 },
	{ "Error: Process completed with exit code 6.\n", NULL, 6 },
	{ "##[error]Process completed with exit code 999.\n", NULL, -1 },
};

static void commands(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		ARENA a = {0};
		const struct report *report = log_read(&a, NULL, str_of(steps[i].log));

		if (steps[i].command)
			assert_non_null(report->command);
		else
			assert_null(report->command);
		if (steps[i].command)
			assert_string_equal(report->command, steps[i].command);
		assert_int_equal(report->exit_code, steps[i].exit_code);
	}
}

/* A findings of its own, so that ranks are tested without any reader. */
struct given {
	unsigned weight;
	unsigned long line;
	const char *file;
	unsigned file_line;
	const char *message, *test;
};

static const struct report *ranked(struct arena *a, const struct given *given, size_t count,
				   const struct steps *in_steps)
{
	static const struct steps none;
	struct findings *f = findings_open(a);
	struct report *report = arena_new(a, struct report);

	report->exit_code = -1;
	for (size_t i = 0; i < count; i++) {
		struct failure *failure;

		findings_at(f, given[i].line);
		failure = findings_failure(f, KIND_UNKNOWN, given[i].weight, given[i].line);
		failure->message = findings_text(failure, str_of(given[i].message));
		failure->test = findings_text(failure, str_of(given[i].test));
		if (given[i].file)
			findings_frame(failure, str_of(given[i].file), given[i].file_line, 0, STR("f"));
	}
	findings_close(f, a, tree_of_files(a, files), in_steps ? in_steps : &none, report);
	return report;
}

static void ranks(void **state)
{
	static const struct given given[] = {
		{ WEIGHT_CONSEQUENCE, 1, "app.py", 1, "consequence", NULL },
		{ WEIGHT_TRACE, 2, "/usr/lib/python3/os.py", 1, "not own", NULL },
		{ WEIGHT_DIAGNOSTIC, 3, "src/a.c", 1, "first error", NULL },
		{ WEIGHT_DIAGNOSTIC, 4, "src/a.c", 3, "follower", NULL },
		{ WEIGHT_CERTAIN, 5, NULL, 0, "certain", NULL },
		{ WEIGHT_FAILURE, 6, "app.py", 3, "failed test", "t" },
		{ WEIGHT_SUMMARY, 7, NULL, 0, "summary of it", "t" },
		{ WEIGHT_DIAGNOSTIC, 8, "src/a.c", 1, "first error", NULL },
		{ WEIGHT_DIAGNOSTIC, 9, "src/a.c", 999, "beyond the end", NULL },
	};
	static const char *const order[] = { "certain", "failed test", "first error", "follower",
					     "not own", "beyond the end", "consequence" };
	ARENA a = {0};
	const struct report *report = ranked(&a, given, sizeof(given) / sizeof(given[0]), NULL);

	(void)state;
	assert_int_equal(report->failure_count, sizeof(order) / sizeof(order[0]));
	for (size_t i = 0; i < report->failure_count; i++) {
		assert_string_equal(report->failures[i].message, order[i]);
		assert_int_equal(report->failures[i].rank, i + 1);
	}
	assert_string_equal(report->failures[1].file, "app.py");
	assert_null(report->failures[5].file);	/* a line that is not there is no place */
	assert_false(report->failures[5].frames[0].own);
	assert_int_equal(report->failures_seen, 9);
}

/* What a step printed that went well is not why the job failed. */
static void failing_step_leads(void **state)
{
	static const struct given given[] = {
		{ WEIGHT_TRACE, 10, "app.py", 1, "in the good step", NULL },
		{ WEIGHT_HINT, 30, NULL, 0, "in the bad step", NULL },
		{ WEIGHT_CONSEQUENCE, 31, NULL, 0, "exit code", NULL },
	};
	static const struct steps two = {
		.count = 2, .list = { { .first_line = 1 }, { .first_line = 20, .failed = true } },
	};
	ARENA a = {0};
	const struct report *report = ranked(&a, given, 3, &two);

	(void)state;
	assert_string_equal(report->failures[0].message, "in the bad step");
	assert_string_equal(report->failures[1].message, "in the good step");
	assert_string_equal(report->failures[2].message, "exit code");
}

/* However many hints come before it, the traceback is kept, and what comes first stays. */
static void floods(void **state)
{
	ARENA a = {0};
	struct findings *f = findings_open(&a);
	struct report report = { .exit_code = -1 };
	static const struct steps none;
	char message[5000];

	(void)state;
	memset(message, '\x80', sizeof(message));
	for (unsigned long i = 1; i <= 100000; i++) {
		unsigned weight = i == 50000 ? WEIGHT_TRACE : i % 2 ? WEIGHT_HINT : WEIGHT_CONSEQUENCE;
		struct failure *failure;

		findings_at(f, i);
		failure = findings_failure(f, KIND_UNKNOWN, weight, i);
		for (unsigned k = 0; k < 100; k++)
			findings_frame(failure, STR("x.c"), 1, 1, (struct str){ message, 40 });
		failure->message = findings_text(failure, (struct str){ message, sizeof(message) });
		findings_test_failed(f, (struct str){ message, i % 5000 + 1 });
		findings_counts(f, 1ul << 63, 1ul << 63, 1ul << 63, 1ul << 63);
	}
	findings_close(f, &a, NULL, &none, &report);
	assert_int_equal(report.failures_seen, 100000);
	assert_true(report.failure_count > 0 && report.failure_count <= FAILURES_MAX);
	assert_int_equal(report.failures[0].error_line, 50000);
	assert_int_equal(report.failures[1].error_line, 1);
	assert_int_equal(report.failures[0].frame_count, FRAMES_MAX);
	assert_true(strlen(report.failures[0].message) <= 4096);
	assert_true(arena_used(&a) < 24 * 1024 * 1024);
	assert_true(report.tests.failed == 1000000000);
}

/* The stack of a deep recursion takes no room from what went wrong behind it. */
static void deep_recursion(void **state)
{
	ARENA a = {0};
	struct findings *f = findings_open(&a);
	struct report report = { .exit_code = -1 };
	static const struct steps none;
	struct failure *failure = findings_failure(f, KIND_EXCEPTION, WEIGHT_TRACE, 1);

	(void)state;
	for (unsigned k = 0; k < 5000; k++)
		findings_frame(failure, STR("shop/a_rather_long_name_of_a_module.py"), k, 0,
			       k % 2 ? STR("merge_sort") : STR("halves"));
	failure->type = findings_text(failure, STR("RecursionError"));
	findings_close(f, &a, NULL, &none, &report);
	assert_int_equal(report.failure_count, 1);
	assert_string_equal(report.failures[0].type, "RecursionError");
	assert_string_equal(report.failures[0].frames[FRAMES_MAX - 1].function, "merge_sort");
	assert_string_equal(report.failures[0].frames[FRAMES_MAX - 2].function, "halves");
}

static void repeated_diagnostics(void **state)
{
	ARENA a = {0};
	struct findings *f = findings_open(&a);
	struct report report = { .exit_code = -1 };
	static const struct steps none;

	(void)state;
	for (unsigned i = 0; i < 3; i++)
		findings_diagnostic(f, "gcc", STR("a.c"), 3, 5, SEVERITY_ERROR, STR("C1"), STR("no"));
	findings_diagnostic(f, "gcc", STR("a.c"), 3, 6, SEVERITY_ERROR, STR("C1"), STR("no"));
	findings_diagnostic(f, "gcc", STR("a.c"), 3, 5, SEVERITY_ERROR, STR("C2"), STR("no"));
	for (unsigned i = 0; i < 100000; i++) {
		char message[32];

		snprintf(message, sizeof(message), "m%u", i);
		findings_diagnostic(f, "gcc", STR("b.c"), i, 0, SEVERITY_NOTE, STR_NONE, str_of(message));
		findings_block(f, "c", i, i);
	}
	findings_close(f, &a, NULL, &none, &report);
	assert_int_equal(report.diagnostic_count, 4096);
	assert_string_equal(report.diagnostics[2].code, "C2");
	assert_string_equal(report.diagnostics[3].message, "m0");
	assert_int_equal(report.block_count, 4096);
}

static void shown_text(void **state)
{
	ARENA a = {0};
	char small[8];

	(void)state;
	assert_null(report_text(&a, STR("")));
	assert_string_equal(report_text(&a, STR("a\tb\x01\nc\x7f")), "a b \nc ");
	assert_string_equal(report_text(&a, STR("\xff\xc3\xa9\xe2\x82")),
			    "\xef\xbf\xbd\xc3\xa9\xef\xbf\xbd\xef\xbf\xbd");
	assert_string_equal(report_text(&a, STR("x\xe2\x80\xaey\xc2\x9bz")),
			    "x\xef\xbf\xbdy\xef\xbf\xbdz");
	assert_int_equal(report_text_into(small, sizeof(small), STR("abcde\xe2\x82\xacz")), 5);
	assert_string_equal(small, "abcde");
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(pieces),	cmocka_unit_test(runner_facts),
		cmocka_unit_test(wide_text),	cmocka_unit_test(long_line),
		cmocka_unit_test(commands),	cmocka_unit_test(ranks),
		cmocka_unit_test(failing_step_leads), cmocka_unit_test(floods),
		cmocka_unit_test(repeated_diagnostics), cmocka_unit_test(deep_recursion), cmocka_unit_test(shown_text),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

/*
 * Lines without an owner beside those that a reader knows: a guess is told once, only where nobody
 * knows more, and never from a step that ended well.
 */
#include "tests/unit.h"

#include "ci/log.h"
#include "ci/notes.h"

#define STEP(command) \
	"##[group]Run " command "\n" command "\nshell: /usr/bin/bash -e {0}\n##[endgroup]\n"
#define FAILED "##[error]Process completed with exit code 1.\n"

static const char *first_message(struct arena *a, const char *log, size_t *count)
{
	const struct report *report = log_read(a, NULL, str_of(log));

	*count = report->failure_count;
	return report->failure_count ? report->failures->message : "";
}

static void a_known_line_is_told_once(void **state)
{
	ARENA a = {0};
	size_t count;
	const struct report *report = log_read(&a, NULL, STR(
		STEP("git fetch") "##[error]fatal: couldn't find remote ref refs/tags/x\n"));

	(void)state;
	assert_int_equal(report->failure_count, 1);
	assert_string_equal(report->failures->tool, "git");
	report = log_read(&a, NULL, STR(STEP("tool") "::error file=a.x,line=3::bad basket\n" FAILED));
	assert_string_equal(report->failures->tool, "actions");
	assert_int_equal(report->failures->line, 3);
	for (size_t i = 1; i < report->failure_count; i++)
		assert_string_not_equal(report->failures[i].message, "bad basket");
	assert_string_equal(first_message(&a, STEP("make")
		"a.c:3:5: error: expected ';' before 'return'\nsome last words\n" FAILED, &count),
		"expected ';' before 'return'");
	assert_int_equal(count, 2);	/* and the exit code */
}

static void guesses_give_way(void **state)
{
	ARENA a = {0};
	size_t count;

	(void)state;
	/* A labelled line says less than a compiler, but more than an exit code. */
	first_message(&a, STEP("make") "a.c:3:5: error: no such thing\nmaker: error: giving up\n" FAILED,
		      &count);
	assert_int_equal(count, 2);
	assert_string_equal(first_message(&a, STEP("make") "maker: error: no basket\n" FAILED, &count),
			    "maker: error: no basket");
	assert_int_equal(count, 2);
}

static void steps_that_end_well_say_nothing(void **state)
{
	ARENA a = {0};
	size_t count;

	(void)state;
	assert_string_equal(first_message(&a,
		STEP("check") "error: only a try\n" STEP("build") "building\nno basket to build\n" FAILED,
		&count), "no basket to build");
	first_message(&a, STEP("check") "error: only a try\n" STEP("build") "done\nPost job cleanup.\n",
		      &count);
	assert_int_equal(count, 0);
	first_message(&a, "error: words of a program, in a log of its own\n", &count);
	assert_int_equal(count, 0);
	/* Stopped from outside: what it said last is not why. */
	assert_string_equal(first_message(&a, STEP("make")
		"error: slow\ncompiling\n##[error]The operation was canceled.\n", &count),
		"The operation was canceled.");
}

static void forged_marks_stay_in_bounds(void **state)
{
	ARENA a = {0};
	struct text log = TEXT(&a);
	const struct report *report;

	(void)state;
	for (unsigned i = 0; i < 3000; i++)
		text_addf(&log, "##[group]Run x%u\n##[endgroup]\nerror: %u\n##[error]error %u\n"
			  "##[error]exit code %u\n", i, i, i, i);
	report = log_read(&a, NULL, text_str(&log));
	assert_true(report->failure_count > 0 && report->failure_count <= FAILURES_MAX);
	for (size_t i = 0; i < report->failure_count; i++)
		assert_true(report->failures[i].error_line <= report->lines);
}

static void notes_have_an_owner(void **state)
{
	ARENA a = {0};
	struct notes notes = { .source = "actions", .name = STR("build"),
			       .text = STR("##[group]Run make\n##[endgroup]\nerror: no basket\n") };
	bool understood = true;
	const struct failure *failure = notes_read(&a, NULL, &notes, &understood);

	(void)state;
	assert_string_equal(failure->tool, "actions");
	assert_false(understood);
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(a_known_line_is_told_once),
		cmocka_unit_test(guesses_give_way),
		cmocka_unit_test(steps_that_end_well_say_nothing),
		cmocka_unit_test(notes_have_an_owner),
		cmocka_unit_test(forged_marks_stay_in_bounds),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

/* The lines of a failure, out of a log as the runner wrote it. */
#include "tests/unit.h"

#include "ci/excerpt.h"
#include "ci/log.h"

#define STAMP "2026-01-31T12:00:00.1234567Z "

static void cleans(void **state)
{
	static const char log[] = STAMP "##[group]Run python3 x.py\n" STAMP "##[endgroup]\n"
		STAMP "Traceback (most recent call last):\r\n"
		STAMP "  File \"x.py\", line 1, in <module>\n"
		STAMP "\033[31mZeroDivisionError\033[0m: division by zero\n"
		STAMP "##[error]Process completed with exit code 1.\n";
	ARENA a = {0};
	const struct report *report = log_read(&a, NULL, str_of(log));
	unsigned long first = 0;

	(void)state;
	assert_true(report->failure_count > 0);
	assert_str(excerpt_of(&a, str_of(log), report->failures, &first),
		   "Traceback (most recent call last):\n  File \"x.py\", line 1, in <module>\n"
		   "ZeroDivisionError: division by zero\n");
	assert_int_equal(first, 3);
}

static void is_bounded(void **state)
{
	ARENA a = {0};
	struct text log = TEXT(&a);
	struct failure failure = { .first_line = 2, .last_line = 5000, .error_line = 4000 };
	struct str lines, line;
	unsigned long first = 0, count = 0;

	(void)state;
	for (int i = 1; i <= 5000; i++)
		text_addf(&log, "line %d\n", i);
	lines = excerpt_of(&a, text_str(&log), &failure, &first);
	assert_int_equal(first, 3975);
	assert_true(str_starts(lines, "line 3975\n"));
	while (str_next_line(&lines, &line))
		count += line.size > 0;
	assert_int_equal(count, EXCERPT_LINES_MOST);
	/* Nothing known of its lines, lines behind the end, and a line that is a wall. */
	failure = (struct failure){0};
	assert_int_equal(excerpt_of(&a, text_str(&log), &failure, &first).size, 0);
	failure = (struct failure){ .first_line = 9000, .last_line = 9001 };
	assert_int_equal(excerpt_of(&a, text_str(&log), &failure, &first).size, 0);
	failure = (struct failure){ .first_line = 1, .last_line = 2 };
	log = TEXT(&a);
	for (int i = 0; i < 100000; i++)
		text_addc(&log, 'x');
	assert_true(excerpt_of(&a, text_str(&log), &failure, &first).size <= EXCERPT_BYTES_MOST);
}

int main(void)
{
	const struct CMUnitTest list[] = { cmocka_unit_test(cleans), cmocka_unit_test(is_bounded) };

	return cmocka_run_group_tests(list, NULL, NULL);
}

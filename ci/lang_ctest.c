/*
 * CTest: names, verdicts and counts of the programs it ran. What those programs printed is read by
 * whoever knows it.
 */
#include "ci/trace.h"

struct state {
	bool listing;			/* below "The following tests FAILED:" */
	unsigned lines;
};

static void report(struct findings *f, const struct line *line, struct str name, struct str why)
{
	bool slow = str_is(why, "Timeout"), absent = str_is(why, "Not Run");
	struct failure *failure;

	failure = findings_failure(f, slow ? KIND_TIMEOUT : absent ? KIND_CONFIG : KIND_UNKNOWN,
				   slow || absent ? WEIGHT_HINT : WEIGHT_SUMMARY, line->number);
	failure->tool = "ctest";
	failure->test = findings_text(failure, name);
	failure->type = findings_text(failure, why);
	failure->message = findings_text(failure, str_trim(line->text));
	findings_framework(f, "ctest");
	findings_test_failed(f, name);
}

/* "	  1 - unit (Failed)" */
static bool listed(const struct line *line, struct findings *f)
{
	struct str text = str_trim(line->text), name, why;
	unsigned long number;

	if (!str_take_number(&text, &number) || !str_skip(&text, " - ") || !str_chop(&text, ")") ||
	    !str_split_last(text, " (", &name, &why))
		return false;
	report(f, line, name, why);
	return true;
}

/* "20% tests passed, 4 tests failed out of 5" */
static void counts(struct str text, struct findings *f)
{
	unsigned long percent, lost, all;

	if (!str_take_number(&text, &percent) || !str_skip(&text, "% tests passed, ") ||
	    !str_take_number(&text, &lost) || !str_split(text, " out of ", NULL, &text) ||
	    !str_take_number(&text, &all) || lost > all)
		return;
	findings_framework(f, "ctest");
	findings_counts(f, all, all - lost, lost, 0);
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;

	if (str_starts(line->text, "The following tests FAILED:")) {
		s->listing = true;
		s->lines = 0;
		return AWAKE;
	}
	if (s->listing && ++s->lines < BLOCK_LINES_MAX && listed(line, f))
		return AWAKE;
	s->listing = false;
	counts(line->text, f);
	return ASLEEP;
}

static const char *const wake[] = { "The following tests FAILED:", "% tests passed, ", NULL };

static const struct reading examples[] = {
	{
		.name = "a failed test",
		.log =
		"80% tests passed, 1 tests failed out of 5\n"
		"\n"
		"Total Test time (real) =   1.01 sec\n"
		"\n"
		"The following tests FAILED:\n"
		"\t  1 - unit (Failed)\n",
		.expect = { .kind = KIND_UNKNOWN, .tool = "ctest", .test = "unit", .type = "Failed",
			    .error_line = 6 },
		.run = 5, .failed = 1,
	},
	{
		.name = "four ways to fail; the ones that say why come first",
		.log =
		"20% tests passed, 4 tests failed out of 5\n"
		"\n"
		"Total Test time (real) =   1.01 sec\n"
		"\n"
		"The following tests FAILED:\n"
		"\t  1 - unit (Failed)\n"
		"\t  3 - crash (SEGFAULT)\n"
		"\t  4 - slow (Timeout)\n"
		"\t  5 - nope (Not Run)\n"
		"Errors while running CTest\n",
		.expect = { .kind = KIND_TIMEOUT, .tool = "ctest", .test = "slow", .type = "Timeout",
			    .error_line = 8 },
		.run = 5, .failed = 4,
	},
	{
		.name = "a crash",
		.log = "The following tests FAILED:\n\t  3 - crash (SEGFAULT)\nErrors while running CTest\n",
		.expect = { .tool = "ctest", .test = "crash", .type = "SEGFAULT", .error_line = 2 },
	},
	{
		.name = "a missing program",
		.log = "The following tests FAILED:\n\t  5 - nope (Not Run)\nErrors while running CTest\n",
		.expect = { .kind = KIND_CONFIG, .test = "nope", .type = "Not Run", .error_line = 2 },
	},
	{
		.name = "all passed",
		.log = "100% tests passed, 0 tests failed out of 3\n\nTotal Test time (real) =   0.01 sec\n",
		.nothing = true,
		.run = 3,
	},
	{0}
};

const struct reader reader_ctest = {
	.name = "ctest",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.examples = examples,
};

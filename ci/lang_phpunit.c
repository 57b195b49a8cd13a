/*
 * PHPUnit (and ParaTest): the lists of errors and failures, and the counts. Lists of what did not
 * make the run fail (skipped, incomplete, risky) are passed over, and so are the exceptions below
 * "Caused by".
 */
#include "ci/php.h"

enum { ITEM_LINES_MAX = 1000 };
enum stage { STAGE_NONE, STAGE_LIST, STAGE_TITLE, STAGE_MESSAGE, STAGE_FRAMES };

struct state {
	enum stage stage;
	struct failure *failure;
	unsigned long number, first, last;
	bool errors;			/* the list of errors, not of failed assertions */
	bool caused;
};

static void finish(struct state *s)
{
	if (s->failure) {
		trace_turn(s->failure);
		s->failure->last_line = s->last;
	}
	s->failure = NULL;
}

/* "There were 3 errors:", "There was 1 failure:": which list, if any */
static bool list_line(struct state *s, struct str text)
{
	unsigned long n;

	if ((!str_skip(&text, "There was ") && !str_skip(&text, "There were ")) ||
	    !str_take_number(&text, &n) || !str_chop(&text, ":"))
		return false;
	finish(s);
	s->errors = str_is(text, " error") || str_is(text, " errors");
	s->stage = s->errors || str_is(text, " failure") || str_is(text, " failures") ||
		   str_starts(text, " PHPUnit error") ? STAGE_LIST : STAGE_NONE;
	s->number = 0;
	return true;
}

/* "CartTest::testSums with data set "two" (1, 2)": the values are no part of the name. */
static struct str test_name(struct str text)
{
	struct str name = text;

	text = str_trim(text);
	if (str_split(text, " with data (", &name, NULL))	/* "testSums#two with data (1, 2)" */
		return name;
	if (str_has(text, " with data set ") && str_ends(text, ")"))
		(void)str_split(text, str_has(text, "\" (") ? "\" (" : " (", &name, NULL);
	if (name.size < text.size && text.at[name.size] == '"')
		name.size++;
	return str_trim(name);
}

/* "3) CartTest::testWarn": the next of the list */
static bool item_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text;
	unsigned long n;

	if (!str_take_number(&text, &n) || n != s->number + 1 || !str_skip(&text, ") "))
		return false;
	finish(s);
	s->number = n;
	s->caused = false;
	s->first = s->last = line->number;
	s->stage = STAGE_TITLE;
	s->failure = findings_failure(f, s->errors ? KIND_EXCEPTION : KIND_ASSERTION, WEIGHT_TRACE,
				      line->number);
	s->failure->language = "php";
	s->failure->tool = "phpunit";
	s->failure->test = findings_text(s->failure, test_name(text));
	findings_test_failed(f, test_name(text));
	return true;
}

static bool frame_of(struct str text, struct place *place)
{
	return place_take(&text, place) && !text.size && place_ends(place->file, ".php .phpt .inc");
}

static void message_line(struct state *s, const struct line *line)
{
	struct str text = line->text, type = STR_NONE, message = text, before, after;

	if (s->errors && str_split(text, ": ", &before, &after) && php_is_type(before))
		type = before, message = after;
	php_set_error(s->failure, type, message, line->number);
	s->stage = STAGE_MESSAGE;
}

static bool inside(struct state *s, const struct line *line)
{
	struct str text = str_trim_right(line->text);
	struct place place;

	if (line->number - s->first > ITEM_LINES_MAX || str_is(text, "--") ||
	    line->mark == MARK_GROUP)
		return false;
	if (!text.size)
		return true;
	if (str_is(text, "Caused by"))
		s->caused = true;
	if (frame_of(text, &place)) {
		if (!s->caused)
			trace_frame(s->failure, &place, STR_NONE);
		s->stage = STAGE_FRAMES;
	} else if (s->stage == STAGE_TITLE) {
		message_line(s, line);
	} else if (s->stage == STAGE_FRAMES && !s->caused) {
		return true;		/* output of the test, perhaps */
	}
	s->last = line->number;
	return true;
}

static const struct {
	const char *name;
	bool failed, skipped;
} counted[] = {
	{ "Errors", true, false }, { "Failures", true, false }, { "Skipped", false, true },
	{ "Incomplete", false, true },
};

/* "Tests: 13, Assertions: 7, Errors: 3, Failures: 5, Skipped: 1, Incomplete: 1, Risky: 1." */
static bool counts_line(struct str text, struct findings *f)
{
	unsigned long run, n, failed = 0, skipped = 0;
	struct str part, name, number;

	if (!str_skip(&text, "Tests: ") || !str_take_number(&text, &run) ||
	    !str_skip(&text, ", Assertions: "))
		return false;
	str_chop(&text, ".");
	while (str_next(&text, ',', &part)) {
		if (!str_split(str_trim(part), ": ", &name, &number) || !str_number(number, &n))
			continue;
		for (size_t i = 0; i < sizeof(counted) / sizeof(counted[0]); i++)
			if (str_is(name, counted[i].name)) {
				failed += counted[i].failed ? n : 0;
				skipped += counted[i].skipped ? n : 0;
			}
	}
	/* What a set-up breaks is counted as an error and not as a test. */
	run = run < failed + skipped ? failed + skipped : run;
	findings_framework(f, "phpunit");
	findings_counts(f, run - skipped, run - skipped - failed, failed, skipped);
	return true;
}

/* "OK (1 test, 1 assertion)" */
static bool ok_line(struct str text, struct findings *f)
{
	unsigned long run;

	if (!str_skip(&text, "OK (") || !str_take_number(&text, &run) ||
	    (!str_starts(text, " test, ") && !str_starts(text, " tests, ")) ||
	    !str_has(text, " assertion"))
		return false;
	findings_framework(f, "phpunit");
	findings_counts(f, run, run, 0, 0);
	return true;
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;
	struct str text = str_trim_right(line->text);

	if (list_line(s, text) || (s->stage != STAGE_NONE && item_line(s, line, f)))
		return s->stage == STAGE_NONE ? ASLEEP : AWAKE;
	if (counts_line(text, f) || ok_line(text, f) || str_is(text, "ERRORS!") ||
	    str_is(text, "FAILURES!") || (s->failure && !inside(s, line))) {
		finish(s);
		s->stage = STAGE_NONE;
	}
	return s->stage == STAGE_NONE ? ASLEEP : AWAKE;
}

static void end(void *state, struct findings *f)
{
	(void)f;
	finish(state);
}

static const char *const wake[] = { "There was 1 ", "There were ", ", Assertions: ", " assertion)",
	" assertions)", NULL };

static const char *const shop[] = { "src/Cart.php", "tests/CartTest.php", NULL };

static const struct reading examples[] = {
	{
		.name = "errors and failures",
		.files = shop,
		.log =
		"PHPUnit 9.6.7 by Sebastian Bergmann and contributors.\n"
		"\n"
		"FE.SIRF.FFEEF                                                     13 / 13"
		" (100%)\n"
		"\n"
		"Time: 00:00.052, Memory: 6.00 MB\n"
		"\n"
		"There were 3 errors:\n"
		"\n"
		"1) CartTest::testZero\n"
		"DivisionByZeroError: Division by zero\n"
		"\n"
		"/home/runner/work/shop/shop/src/Cart.php:8\n"
		"/home/runner/work/shop/shop/tests/CartTest.php:7\n"
		"\n"
		"2) CartTest::testLoad\n"
		"Shop\\CartError: cannot load x\n"
		"\n"
		"/home/runner/work/shop/shop/src/Cart.php:13\n"
		"/home/runner/work/shop/shop/tests/CartTest.php:16\n"
		"\n"
		"Caused by\n"
		"DivisionByZeroError: Division by zero\n"
		"\n"
		"/home/runner/work/shop/shop/src/Cart.php:8\n"
		"/home/runner/work/shop/shop/src/Cart.php:12\n"
		"/home/runner/work/shop/shop/tests/CartTest.php:16\n"
		"\n"
		"3) CartTest::testWarn\n"
		"Undefined variable $undefined\n"
		"\n"
		"/home/runner/work/shop/shop/tests/CartTest.php:17\n"
		"\n"
		"--\n"
		"\n"
		"There were 5 failures:\n"
		"\n"
		"1) CartTest::testMean\n"
		"Failed asserting that 3 is identical to 4.\n"
		"\n"
		"/home/runner/work/shop/shop/tests/CartTest.php:6\n"
		"\n"
		"2) CartTest::testArrays\n"
		"Failed asserting that two arrays are equal.\n"
		"--- Expected\n"
		"+++ Actual\n"
		"@@ @@\n"
		" Array (\n"
		"     'a' => 1\n"
		"-    'b' => 2\n"
		"+    'b' => 3\n"
		" )\n"
		"\n"
		"/home/runner/work/shop/shop/tests/CartTest.php:12\n"
		"\n"
		"3) CartTest::testSums with data set \"two\" (1, 2)\n"
		"sum is wrong\n"
		"Failed asserting that 1 matches expected 2.\n"
		"\n"
		"/home/runner/work/shop/shop/tests/CartTest.php:14\n"
		"\n"
		"4) CartTest::testSums with data set #0 (3, 4)\n"
		"sum is wrong\n"
		"Failed asserting that 3 matches expected 4.\n"
		"\n"
		"/home/runner/work/shop/shop/tests/CartTest.php:14\n"
		"\n"
		"5) CartTest::testMock\n"
		"Expectation failed for method name is \"count\" when invoked 1 time(s).\n"
		"Method was expected to be called 1 times, actually called 0 times.\n"
		"\n"
		"--\n"
		"\n"
		"There was 1 risky test:\n"
		"\n"
		"1) CartTest::testRisky\n"
		"This test did not perform any assertions\n"
		"\n"
		"/home/runner/work/shop/shop/tests/CartTest.php:11\n"
		"\n"
		"ERRORS!\n"
		"Tests: 13, Assertions: 7, Errors: 3, Failures: 5, Skipped: 1, Incomplete:"
		" 1, Risky: 1.\n",
		.expect = { .kind = KIND_EXCEPTION, .language = "php", .tool = "phpunit",
			    .type = "DivisionByZeroError", .message = "Division by zero",
			    .file = "src/Cart.php", .line = 8, .test = "CartTest::testZero",
			    .error_line = 10 },
		.run = 11, .failed = 8,
	},
	{
		.name = "failures only",
		.files = shop,
		.log =
		"PHPUnit 9.6.7 by Sebastian Bergmann and contributors.\n"
		"\n"
		"F..SIRF.FF..F                                                     13 / 13"
		" (100%)\n"
		"\n"
		"Time: 00:00.052, Memory: 6.00 MB\n"
		"\n"
		"There were 5 failures:\n"
		"\n"
		"1) CartTest::testMean\n"
		"Failed asserting that 3 is identical to 4.\n"
		"\n"
		"/home/runner/work/shop/shop/tests/CartTest.php:6\n"
		"\n"
		"2) CartTest::testArrays\n"
		"Failed asserting that two arrays are equal.\n"
		"--- Expected\n"
		"+++ Actual\n"
		"@@ @@\n"
		" Array (\n"
		"     'a' => 1\n"
		"-    'b' => 2\n"
		"+    'b' => 3\n"
		" )\n"
		"\n"
		"/home/runner/work/shop/shop/tests/CartTest.php:12\n"
		"\n"
		"3) CartTest::testSums with data set \"two\" (1, 2)\n"
		"sum is wrong\n"
		"Failed asserting that 1 matches expected 2.\n"
		"\n"
		"/home/runner/work/shop/shop/tests/CartTest.php:14\n"
		"\n"
		"4) CartTest::testSums with data set #0 (3, 4)\n"
		"sum is wrong\n"
		"Failed asserting that 3 matches expected 4.\n"
		"\n"
		"/home/runner/work/shop/shop/tests/CartTest.php:14\n"
		"\n"
		"5) CartTest::testMock\n"
		"Expectation failed for method name is \"count\" when invoked 1 time(s).\n"
		"Method was expected to be called 1 times, actually called 0 times.\n"
		"\n"
		"--\n"
		"\n"
		"There was 1 risky test:\n"
		"\n"
		"1) CartTest::testRisky\n"
		"This test did not perform any assertions\n"
		"\n"
		"/home/runner/work/shop/shop/tests/CartTest.php:11\n"
		"\n"
		"FAILURES!\n"
		"Tests: 13, Assertions: 7, Failures: 5, Skipped: 1, Incomplete: 1, Risky: 1.\n",
		.expect = { .kind = KIND_ASSERTION, .tool = "phpunit",
			    .message = "Failed asserting that 3 is identical to 4.",
			    .file = "tests/CartTest.php", .line = 6, .test = "CartTest::testMean",
			    .error_line = 10 },
		.run = 11, .failed = 5,
	},
	{
		.name = "a data set, as newer versions name it",
		.files = shop,
		.log =
		"There was 1 failure:\n\n1) CartTest::testSums#two with data (1, 2)\n"
		"Failed asserting that 1 matches expected 2.\n\n"
		"/home/runner/work/shop/shop/tests/CartTest.php:14\n\nFAILURES!\n"
		"Tests: 3, Assertions: 3, Failures: 1, PHPUnit Deprecations: 1.\n",
		.expect = { .kind = KIND_ASSERTION, .test = "CartTest::testSums#two",
			    .file = "tests/CartTest.php", .line = 14, .error_line = 4 },
		.run = 3, .failed = 1,
	},
	{
		.name = "all is well",
		.log = "PHPUnit 9.6.7 by Sebastian Bergmann and contributors.\n\n"
			".                                                                   1 / 1 "
			"(100%)\n\nTime: 00:00.017, Memory: 4.00 MB\n\nOK (1 test, 1 assertion)\n",
		.nothing = true,
		.run = 1, .failed = 0,
	},
	{0}
};

const struct reader reader_phpunit = {
	.name = "phpunit",
	.language = "php",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};

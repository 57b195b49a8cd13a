/*
 * XCTest and swift-testing: failed tests with place and message, and how many ran; as xcodebuild and
 * SwiftPM print them, and through xcpretty or xcbeautify.
 */
#include "ci/trace.h"

struct state {
	bool all;			/* the next counts are those of the whole run */
	unsigned long issues;		/* swift-testing: tests that failed */
};

static void report(struct findings *f, const struct line *line, struct str test, struct str message,
		   const struct place *place, const char *tool)
{
	struct failure *failure;
	struct str type;

	failure = findings_failure(f, KIND_ASSERTION, WEIGHT_FAILURE, line->number);
	failure->language = place_ends(place->file, ".m .mm") ? "objective-c" : "swift";
	failure->tool = tool;
	failure->test = findings_text(failure, test);
	failure->message = findings_text(failure, message);
	if (place->file.size)
		place_set(failure, place);
	if (str_starts(message, "XCT") && str_split(message, " ", &type, NULL))
		failure->type = findings_text(failure, type);
	else if (str_has(message, "threw error") || str_starts(message, "Caught error: "))
		failure->kind = KIND_EXCEPTION;
	else if (str_starts(message, "Asynchronous wait failed: Exceeded timeout") ||
		 str_starts(message, "Time limit was exceeded"))
		failure->kind = KIND_TIMEOUT;
	findings_framework(f, tool);
	findings_test_failed(f, test);
}

/* "-[ShopTests.CartTests testTotals]" and Linux' "CartTests.testTotals" */
static bool take_test(struct str *text, struct str *test)
{
	struct str name;

	if (str_starts(*text, "-["))
		return str_split(*text, " : ", test, text) && str_ends(*test, "]");
	if (!str_split(*text, " : ", &name, text) || str_char(name, ' ') >= 0 ||
	    str_char(name, '.') <= 0)
		return false;
	*test = name;
	return true;
}

/* "/src/CartTests.swift:14: error: -[ShopTests.CartTests testTotals] : XCTAssertEqual failed: ..." */
static bool assertion(const struct line *line, struct findings *f)
{
	struct str text = line->text, test;
	struct place place = {0};

	if (str_skip(&text, "<unknown>:0: error: ")) {
		if (!take_test(&text, &test))
			return false;
	} else if (!place_take(&text, &place) || !place_ends(place.file, ".swift .m .mm") ||
		   !str_skip(&text, ": error: ") || !take_test(&text, &test)) {
		return false;
	}
	text = str_trim(text);
	if (str_ends(text, " -"))	/* no message of one's own behind it */
		text = str_trim(str_slice(text, 0, text.size - 2));
	report(f, line, test, text, &place, "xctest");
	return true;
}

/* "Test Case '-[ShopTests.CartTests testTotals]' failed (0.012 seconds)." */
static bool test_case(const struct line *line, struct findings *f)
{
	struct str text = line->text, name, rest;

	if (!str_skip(&text, "Test Case '") || !str_split(text, "' ", &name, &rest))
		return false;
	if (str_starts(rest, "failed"))
		findings_test_failed(f, name);
	findings_framework(f, "xctest");
	return true;
}

/* "Restarting after unexpected exit, crash, or test timeout in CartTests.testTotals(); summary ..." */
static bool restart(const struct line *line, struct findings *f)
{
	struct str text = line->text, test;
	struct failure *failure;

	if (!str_skip(&text, "Restarting after unexpected exit, crash, or test timeout in ") ||
	    !str_split(text, "; ", &test, NULL))
		return false;
	failure = findings_failure(f, KIND_UNKNOWN, WEIGHT_SUMMARY, line->number);
	failure->language = "swift";
	failure->tool = "xctest";
	failure->type = "crash or timeout";
	failure->test = findings_text(failure, test);
	failure->message = findings_text(failure, STR("unexpected exit, crash, or test timeout"));
	findings_framework(f, "xctest");
	findings_test_failed(f, test);
	return true;
}

/* xcpretty: "    \u2717 testTotals, XCTAssertEqual failed: ..." */
static bool pretty(const struct line *line, struct findings *f)
{
	struct str text = str_trim(line->text), test;
	struct place place = {0};

	if (!str_skip(&text, "\xe2\x9c\x97 ") && !str_skip(&text, "\xe2\x9c\x96 "))
		return false;
	if (!str_split(text, ", ", &test, &text) || !str_starts(test, "test") || !str_is_word(test))
		return false;
	report(f, line, test, text, &place, "xctest");
	return true;
}

/* "Executed 3 tests, with 1 test skipped and 2 failures (0 unexpected) in 0.012 (0.013) seconds" */
static bool executed(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = str_trim(line->text), piece;
	unsigned long run, skipped = 0, failed = 0;

	if (str_skip(&text, "Test Suite '")) {
		s->all = (str_starts(text, "All tests'") || str_starts(text, "Selected tests'")) &&
			 !str_has(text, "' started");
		return true;
	}
	if (!str_skip(&text, "Executed ") || !str_take_number(&text, &run) ||
	    !str_skip(&text, " test") || !str_split(text, ", with ", NULL, &text))
		return false;
	piece = text;
	if (str_take_number(&piece, &skipped) && str_has(piece, " skipped and "))
		(void)str_split(piece, " skipped and ", NULL, &text);
	else
		skipped = 0;
	if (str_take_number(&text, &failed) && s->all && run && failed + skipped <= run) {
		findings_framework(f, "xctest");
		findings_counts(f, run, run - failed - skipped, failed, skipped);
	}
	s->all = false;
	return true;
}

/*
 * swift-testing: "Test totals() recorded an issue at CartTests.swift:14:5: Expectation failed: ...",
 * behind a symbol
 */
static bool issue(const struct line *line, struct findings *f)
{
	struct str text = line->text, test, before;
	struct place place = {0};

	if (!str_split(text, " recorded an issue", &before, &text) ||
	    !str_split(before, "Test ", NULL, &test))
		return false;
	if (str_skip(&text, " with ") && !str_split(text, " at ", NULL, &text))
		text = STR_NONE;
	else
		(void)str_skip(&text, " at ");
	if (place_take(&text, &place) && !place_ends(place.file, ".swift"))
		return false;
	(void)str_skip(&text, ": ");
	report(f, line, test, text, &place, "swift-testing");
	return true;
}

/* "Test totals() failed after 0.001 seconds with 1 issue.", "Test run with 3 tests failed after ..." */
static bool testing_end(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text, name;
	unsigned long run;

	if (str_split(text, "Test run with ", NULL, &text)) {
		if (!str_take_number(&text, &run) || !str_skip(&text, " test") ||
		    (!str_has(text, " failed after ") && !str_has(text, " passed after ")))
			return false;
		if (run) {	/* SwiftPM runs it over XCTest's tests too, and finds none */
			findings_framework(f, "swift-testing");
			findings_counts(f, run, run > s->issues ? run - s->issues : 0,
					s->issues < run ? s->issues : run, 0);
		}
		s->issues = 0;
		return true;
	}
	if (!str_split(line->text, " failed after ", &name, &text) || !str_has(text, " issue") ||
	    !str_split(name, "Test ", NULL, &name) || str_has(line->text, " Suite "))
		return false;
	findings_test_failed(f, name);
	s->issues++;
	return true;
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;

	(void)(issue(line, f) || restart(line, f) || testing_end(s, line, f) || test_case(line, f) ||
	       assertion(line, f) || executed(s, line, f) || pretty(line, f));
	return ASLEEP;
}

static const char *const wake[] = { "Test Case '", ": error: -[", ".swift:", "<unknown>:0: error: ",
	"Test Suite '", " recorded an issue", "Test run with ", " failed after ", "Executed ",
	"Restarting after unexpected exit", "\xe2\x9c\x97 test", "\xe2\x9c\x96 test", NULL };

static const char *const shop[] = { "Tests/ShopTests/CartTests.swift", "CartTests.m", NULL };

static const struct reading examples[] = {
	{
		.name = "XCTest on macOS",
		.files = shop,
		.log =
		"Test Suite 'All tests' started at 2026-03-04 05:06:07.123.\n"
		"Test Suite 'CartTests' started at 2026-03-04 05:06:07.124.\n"
		"Test Case '-[ShopTests.CartTests testTotals]' started.\n"
		"/Users/runner/work/shop/shop/Tests/ShopTests/CartTests.swift:14: error: "
		"-[ShopTests.CartTests testTotals] : XCTAssertEqual failed: (\"5\") is not equal to "
		"(\"6\") - the total\n"
		"Test Case '-[ShopTests.CartTests testTotals]' failed (0.012 seconds).\n"
		"Test Case '-[ShopTests.CartTests testFine]' started.\n"
		"Test Case '-[ShopTests.CartTests testFine]' passed (0.001 seconds).\n"
		"Test Suite 'CartTests' failed at 2026-03-04 05:06:07.140.\n"
		"\t Executed 2 tests, with 1 failure (0 unexpected) in 0.013 (0.016) seconds\n"
		"Test Suite 'All tests' failed at 2026-03-04 05:06:07.141.\n"
		"\t Executed 2 tests, with 1 failure (0 unexpected) in 0.013 (0.018) seconds\n",
		.expect = { .kind = KIND_ASSERTION, .language = "swift", .tool = "xctest",
			    .type = "XCTAssertEqual", .test = "-[ShopTests.CartTests testTotals]",
			    .message = "XCTAssertEqual failed: (\"5\") is not equal to (\"6\") - the "
				       "total",
			    .file = "Tests/ShopTests/CartTests.swift", .line = 14, .error_line = 4 },
		.run = 2, .failed = 1,
	},
	{
		.name = "XCTest on Linux, an error thrown",
		.files = shop,
		.log =
		"Test Case 'CartTests.testThrows' started at 2026-03-04 05:06:07.123\n"
		"/src/Tests/ShopTests/CartTests.swift:20: error: CartTests.testThrows : threw error "
		"\"noPrice\"\n"
		"Test Case 'CartTests.testThrows' failed (0.001 seconds)\n"
		"Test Suite 'All tests' failed at 2026-03-04 05:06:07.124\n"
		"\t Executed 3 tests, with 1 test skipped and 1 failure (1 unexpected) in 0.001 (0.001) "
		"seconds\n",
		.expect = { .kind = KIND_EXCEPTION, .tool = "xctest", .test = "CartTests.testThrows",
			    .message = "threw error \"noPrice\"", .line = 20, .error_line = 2 },
		.run = 3, .failed = 1,
	},
	{
		.name = "XCTest in Objective-C is no compiler error",
		.files = shop,
		.log = "CartTests.m:14: error: -[CartTests testTotals] : ((total) equal to (6)) failed: "
		       "(\"5\") is not equal to (\"6\")\n",
		.expect = { .kind = KIND_ASSERTION, .language = "objective-c", .tool = "xctest",
			    .test = "-[CartTests testTotals]", .file = "CartTests.m", .line = 14 },
	},
	{
		.name = "swift-testing",
		.files = shop,
		.log =
		"\xe2\x97\x87 Test run started.\n"
		"\xe2\x97\x87 Test totals() started.\n"
		"\xe2\x9c\x98 Test totals() recorded an issue at CartTests.swift:14:5: Expectation "
		"failed: (cart.total \xe2\x86\x92 5) == 6\n"
		"\xe2\x9c\x98 Test totals() failed after 0.001 seconds with 1 issue.\n"
		"\xe2\x9c\x98 Test small(n:) recorded an issue with 1 argument n \xe2\x86\x92 2 at "
		"CartTests.swift:20:5: Expectation failed: (n \xe2\x86\x92 2) < 2\n"
		"\xe2\x9c\x98 Test small(n:) failed after 0.001 seconds with 1 issue.\n"
		"\xe2\x9c\x94 Test fine() passed after 0.001 seconds.\n"
		"\xe2\x9c\x98 Suite CartTests failed after 0.002 seconds with 2 issues.\n"
		"\xe2\x9c\x98 Test run with 3 tests failed after 0.002 seconds with 2 issues.\n",
		.expect = { .kind = KIND_ASSERTION, .tool = "swift-testing", .test = "totals()",
			    .message = "Expectation failed: (cart.total \xe2\x86\x92 5) == 6",
			    .file = "Tests/ShopTests/CartTests.swift", .line = 14, .error_line = 3 },
		.run = 3, .failed = 2,
	},
	{
		.name = "a test that takes the program with it",
		.log = "Restarting after unexpected exit, crash, or test timeout in "
		       "CartTests.testCrash(); summary will include totals from previous launches.\n",
		.expect = { .kind = KIND_UNKNOWN, .tool = "xctest", .type = "crash or timeout",
			    .test = "CartTests.testCrash()" },
	},
	{
		.name = "xcpretty",
		.log = "CartTests\n    \xe2\x9c\x97 testTotals, XCTAssertEqual failed: (\"5\") is not "
		       "equal to (\"6\")\n    \xe2\x9c\x93 testFine (0.001 seconds)\n",
		.expect = { .kind = KIND_ASSERTION, .tool = "xctest", .test = "testTotals",
			    .type = "XCTAssertEqual", .error_line = 2 },
	},
	{
		.name = "all is well",
		.log = "Test Suite 'All tests' passed at 2026-03-04 05:06:07.141.\n"
		       "\t Executed 2 tests, with 0 failures (0 unexpected) in 0.013 (0.018) seconds\n"
		       "\xe2\x9c\x94 Test run with 0 tests passed after 0.001 seconds.\n"
		       "login failed after 3 tries with one issue\n",
		.nothing = true,
		.run = 2,
	},
	{0}
};

const struct reader reader_xctest = {
	.name = "xctest",
	.language = "swift",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.examples = examples,
};

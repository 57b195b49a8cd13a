/*
 * GoogleTest and Catch2: which tests failed, where, and what was expected, and how many ran.
 * CTest, which runs such programs, has its own reader.
 */
#include "ci/trace.h"

enum { BLOCK_MAX = 300, PARTS_MAX = 4 };

struct state {
	struct failure *failure;
	struct kept test, part[PARTS_MAX];
	const char *tool;
	unsigned long run, skipped, lost, first;
	unsigned lines, said, parts;
	bool catching;			/* a Catch2 program runs */
	bool within;			/* a Catch2 header is open: the next lines are names */
	bool failed_list;		/* GoogleTest's list at the end repeats the names */
};

static struct failure *failure_at(struct state *s, struct findings *f, const struct line *line,
				  const struct place *place)
{
	struct failure *failure = findings_failure(f, KIND_ASSERTION, WEIGHT_FAILURE, line->number);

	failure->language = "c++";
	failure->tool = s->tool;
	failure->test = findings_text(failure, kept_str(&s->test));
	if (place->file.size)
		place_set(failure, place);
	findings_test_failed(f, kept_str(&s->test));
	s->failure = failure;
	s->said = 0;
	return failure;
}

/* Joins the lines that tell expected and actual into one message. */
static void say(struct state *s, const struct line *line)
{
	struct kept joined = {0};
	struct str old = str_of(s->failure->message), more = str_trim(line->text);

	s->failure->last_line = line->number;
	if (s->said++ >= 4 || !more.size)
		return;
	keep(&joined, old);
	if (old.size && old.size + more.size + 1 < sizeof(joined.at)) {
		joined.at[joined.size++] = ' ';
		memcpy(joined.at + joined.size, more.at, more.size);
		joined.size = (unsigned short)(joined.size + more.size);
	} else if (!old.size) {
		keep(&joined, more);
	}
	s->failure->message = findings_text(s->failure, kept_str(&joined));
}

/* "[  FAILED  ] Cart.Totals (0 ms)", "[==========] 6 tests from 2 test suites ran." */
static bool google_bracket(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text;
	unsigned long n;

	if (str_skip(&text, "[ RUN      ] ")) {
		keep(&s->test, str_trim(text));
		s->tool = "gtest";
		s->failed_list = false;
	} else if (str_skip(&text, "[  FAILED  ] ")) {
		bool count = str_take_number(&text, &n) && str_skip(&text, " test");

		if (count)
			s->lost += n;
		s->failed_list = s->failed_list || count;
		if (!count) {
			(void)str_split(text, ", where ", &text, NULL);
			(void)str_split(text, " (", &text, NULL);
			findings_test_failed(f, text);
		}
		s->test.size = 0;
	} else if (str_skip(&text, "[  SKIPPED ] ")) {
		if (str_take_number(&text, &n) && str_skip(&text, " test"))
			s->skipped += n;
	} else if (str_skip(&text, "[==========] ")) {
		findings_framework(f, "gtest");
		if (str_take_number(&text, &n) && str_has(text, " ran."))
			s->run += n;
	} else if (!str_starts(text, "[       OK ] ") && !str_starts(text, "[-----") &&
		   !str_starts(text, "[  PASSED  ]")) {
		return false;
	}
	s->failure = NULL;
	return true;
}

/* "t.cpp:14: Failure", "unknown file: Failure", "t.cpp(14): error: ..." */
static bool google_failure(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text;
	struct place place = {0};

	if (!s->test.size || !str_is(str_of(s->tool), "gtest"))
		return false;
	if (str_is(text, "unknown file: Failure") ||
	    (place_take(&text, &place) && str_is(text, ": Failure"))) {
		failure_at(s, f, line, &place)->type = "Failure";
		return true;
	}
	return false;
}

/*
 * Between dashes Catch2 prints the test's name and its sections', one more indented than the
 * other.
 */
static bool catch_header(struct state *s, const struct line *line)
{
	struct str text = line->text;
	struct kept name = {0};

	if (str_starts(text, "--------------------")) {
		s->within = !s->within || !s->parts;
		if (s->within)
			s->parts = 0;
		s->failure = NULL;
		if (s->within)
			return true;
		for (unsigned i = 0; i < s->parts; i++) {
			struct str part = kept_str(&s->part[i]);

			if (name.size + part.size + 3 > sizeof(name.at))
				break;
			if (i) {
				memcpy(name.at + name.size, " / ", 3);
				name.size = (unsigned short)(name.size + 3);
			}
			memcpy(name.at + name.size, part.at, part.size);
			name.size = (unsigned short)(name.size + part.size);
		}
		s->test = name;
		s->tool = "catch2";
		s->parts = 0;
		return true;
	}
	if (!s->within)
		return false;
	if (s->parts < PARTS_MAX && str_trim(text).size)
		keep(&s->part[s->parts++], str_trim(text));
	return true;
}

/* "k.cpp:9: FAILED:" and Catch2's last line "test cases: 3 | 1 passed | 2 failed" */
static bool catch_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text, piece;
	struct place place;
	unsigned long all = 0, good = 0, bad = 0, skipped = 0, n;

	if (place_take(&text, &place) && str_is(text, ": FAILED:")) {
		s->tool = "catch2";
		failure_at(s, f, line, &place)->type = "FAILED";
		return true;
	}
	text = line->text;
	if (!str_skip(&text, "test cases: "))
		return false;
	text = str_trim(text);
	str_take_number(&text, &all);
	while (str_next(&text, '|', &piece)) {
		piece = str_trim(piece);
		if (!str_take_number(&piece, &n))
			continue;
		if (str_is(piece, " passed") || str_is(piece, " failed as expected"))
			good += n;
		else if (str_is(piece, " failed"))
			bad += n;
		else if (str_is(piece, " skipped"))
			skipped += n;
	}
	findings_framework(f, "catch2");
	findings_counts(f, all, good, bad, skipped);
	s->failure = NULL;
	s->catching = s->within = false;
	s->test.size = 0;
	return true;
}

/* Catch2: "All tests passed (5 assertions in 2 test cases)" */
static void catch_passed(struct str text, struct findings *f)
{
	unsigned long all;

	if (!str_skip(&text, "All tests passed (") || !str_split(text, " in ", NULL, &text) ||
	    !str_take_number(&text, &all) || !str_starts(text, " test case"))
		return;
	findings_framework(f, "catch2");
	findings_counts(f, all, all, 0, 0);
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;

	if (str_has(line->text, " is a Catch v") || str_has(line->text, " is a Catch2 v"))
		s->catching = true;
	catch_passed(line->text, f);
	if (google_bracket(s, line, f) || google_failure(s, line, f) || catch_line(s, line, f)) {
		s->lines = 0;
	} else if (!s->failure && catch_header(s, line)) {
		;
	} else if (s->failure && !line->text.size) {
		s->failure = NULL;
	} else if (s->failure) {
		if (!str_is(line->text, "with expansion:") &&
		    !str_is(line->text, "due to unexpected exception with message:"))
			say(s, line);
	}
	if (++s->lines > BLOCK_MAX) {
		s->failure = NULL;
		s->within = s->catching = false;
		return ASLEEP;
	}
	return s->test.size || s->failure || s->catching ? AWAKE : ASLEEP;
}

static void end(void *state, struct findings *f)
{
	struct state *s = state;

	if (s->run >= s->lost + s->skipped && s->run)
		findings_counts(f, s->run - s->skipped, s->run - s->skipped - s->lost, s->lost,
				s->skipped);
}

static const char *const wake[] = { "[ RUN      ] ", "[  FAILED  ] ", "[  SKIPPED ] ", "[==========] ",
	": FAILED:", "test cases: ", " is a Catch v", " is a Catch2 v", "All tests passed (",
	NULL };

static const char *const shop[] = { "t.cpp", "k.cpp", NULL };

static const struct reading examples[] = {
	{
		.name = "GoogleTest",
		.files = shop,
		.log =
		"[==========] Running 6 tests from 2 test suites.\n"
		"[----------] Global test environment set-up.\n"
		"[----------] 4 tests from Cart\n"
		"[ RUN      ] Cart.Totals\n"
		"t.cpp:14: Failure\n"
		"Expected equality of these values:\n"
		"  total({2, 3})\n"
		"    Which is: 5\n"
		"  6\n"
		"two lines\n"
		"[  FAILED  ] Cart.Totals (0 ms)\n"
		"[ RUN      ] Cart.Throws\n"
		"unknown file: Failure\n"
		"C++ exception with description \"vector::at\" thrown in the test body.\n"
		"[  FAILED  ] Cart.Throws (0 ms)\n"
		"[ RUN      ] Cart.Fine\n"
		"[       OK ] Cart.Fine (0 ms)\n"
		"[ RUN      ] Cart.Later\n"
		"t.cpp:23: Skipped\n"
		"later\n"
		"[  SKIPPED ] Cart.Later (0 ms)\n"
		"[----------] 4 tests from Cart (0 ms total)\n"
		"\n"
		"[----------] 2 tests from All/Sizes\n"
		"[ RUN      ] All/Sizes.Small/0\n"
		"[       OK ] All/Sizes.Small/0 (0 ms)\n"
		"[ RUN      ] All/Sizes.Small/1\n"
		"t.cpp:26: Failure\n"
		"Value of: GetParam() < 2\n"
		"  Actual: false\n"
		"Expected: true\n"
		"[  FAILED  ] All/Sizes.Small/1, where GetParam() = 2 (0 ms)\n"
		"[----------] 2 tests from All/Sizes (0 ms total)\n"
		"\n"
		"[----------] Global test environment tear-down\n"
		"[==========] 6 tests from 2 test suites ran. (0 ms total)\n"
		"[  PASSED  ] 2 tests.\n"
		"[  SKIPPED ] 1 test, listed below:\n"
		"[  SKIPPED ] Cart.Later\n"
		"[  FAILED  ] 3 tests, listed below:\n"
		"[  FAILED  ] Cart.Totals\n"
		"[  FAILED  ] Cart.Throws\n"
		"[  FAILED  ] All/Sizes.Small/1, where GetParam() = 2\n"
		"\n",
		.expect = { .kind = KIND_ASSERTION, .language = "c++", .tool = "gtest",
			    .file = "t.cpp", .line = 14, .test = "Cart.Totals", .error_line = 5,
			    .message = "Expected equality of these values: total({2, 3}) Which is: 5 6" },
		.run = 5, .failed = 3,
	},
	{
		.name = "GoogleTest, an exception",
		.log =
		"[ RUN      ] Cart.Throws\n"
		"unknown file: Failure\n"
		"C++ exception with description \"vector::at\" thrown in the test body.\n"
		"[  FAILED  ] Cart.Throws (0 ms)\n",
		.expect = { .kind = KIND_ASSERTION, .tool = "gtest", .test = "Cart.Throws",
			    .message = "C++ exception with description \"vector::at\" thrown in the "
				       "test body.",
			    .error_line = 2 },
	},
	{
		.name = "GoogleTest, a parameter",
		.files = shop,
		.log =
		"[ RUN      ] All/Sizes.Small/1\n"
		"t.cpp:26: Failure\n"
		"Value of: GetParam() < 2\n"
		"  Actual: false\n"
		"Expected: true\n"
		"[  FAILED  ] All/Sizes.Small/1, where GetParam() = 2 (0 ms)\n",
		.expect = { .kind = KIND_ASSERTION, .file = "t.cpp", .line = 26,
			    .test = "All/Sizes.Small/1", .error_line = 2,
			    .message = "Value of: GetParam() < 2 Actual: false Expected: true" },
	},
	{
		.name = "Catch2",
		.files = shop,
		.log =
		"~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~\n"
		"k is a Catch v2.13.10 host application.\n"
		"Run with -? for options\n"
		"\n"
		"-------------------------------------------------------------------------------\n"
		"adds prices\n"
		"  two lines\n"
		"-------------------------------------------------------------------------------\n"
		"k.cpp:8\n"
		"...............................................................................\n"
		"\n"
		"k.cpp:9: FAILED:\n"
		"  REQUIRE( total(2, 3) == 6 )\n"
		"with expansion:\n"
		"  5 == 6\n"
		"\n"
		"-------------------------------------------------------------------------------\n"
		"throws\n"
		"-------------------------------------------------------------------------------\n"
		"k.cpp:16\n"
		"...............................................................................\n"
		"\n"
		"k.cpp:16: FAILED:\n"
		"due to unexpected exception with message:\n"
		"  vector::at\n"
		"\n"
		"===============================================================================\n"
		"test cases: 3 | 1 passed | 2 failed\n"
		"assertions: 4 | 2 passed | 2 failed\n"
		"\n",
		.expect = { .kind = KIND_ASSERTION, .tool = "catch2", .file = "k.cpp", .line = 9,
			    .test = "adds prices / two lines", .error_line = 12,
			    .message = "REQUIRE( total(2, 3) == 6 ) 5 == 6" },
		.run = 3, .failed = 2,
	},
	{
		.name = "Catch2, version 3",
		.files = shop,
		.log =
		"Randomness seeded to: 20413498\n"
		"\n"
		"~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~\n"
		"k3 is a Catch2 v3.7.1 host application.\n"
		"Run with -? for options\n"
		"\n"
		"-------------------------------------------------------------------------------\n"
		"throws\n"
		"-------------------------------------------------------------------------------\n"
		"k.cpp:4\n"
		"...............................................................................\n"
		"\n"
		"k.cpp:4: FAILED:\n"
		"due to unexpected exception with message:\n"
		"  no price\n"
		"\n"
		"-------------------------------------------------------------------------------\n"
		"later\n"
		"-------------------------------------------------------------------------------\n"
		"k.cpp:6\n"
		"...............................................................................\n"
		"\n"
		"k.cpp:6: SKIPPED:\n"
		"explicitly with message:\n"
		"  not yet\n"
		"\n"
		"===============================================================================\n"
		"test cases: 4 | 2 failed | 1 skipped | 1 failed as expected\n"
		"assertions: 5 | 1 passed | 3 failed | 1 failed as expected\n",
		.expect = { .kind = KIND_ASSERTION, .tool = "catch2", .file = "k.cpp", .line = 4,
			    .test = "throws", .message = "no price", .error_line = 13 },
		.run = 4, .failed = 2,
	},
	{
		.name = "Catch2, all is well",
		.log = "All tests passed (5 assertions in 2 test cases)\n",
		.nothing = true,
		.run = 2,
	},
	{
		.name = "all is well",
		.log = "[==========] Running 1 test from 1 test suite.\n[ RUN      ] Cart.Fine\n"
		       "[       OK ] Cart.Fine (0 ms)\n[==========] 1 test from 1 test suite ran. (0 ms "
		       "total)\n[  PASSED  ] 1 test.\n",
		.nothing = true,
		.run = 1,
	},
	{0}
};

const struct reader reader_gtest = {
	.name = "gtest",
	.language = "c++",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};

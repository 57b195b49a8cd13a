/*
 * doctest, Boost.Test and Qt Test: failed tests with place and reason, and how many ran. GoogleTest and
 * Catch2 have their own reader.
 */
#include "ci/trace.h"

enum { BODY_LINES_MAX = 40, SAY_LINES_MAX = 4 };
enum framework { FRAMEWORK_NONE, FRAMEWORK_DOCTEST, FRAMEWORK_BOOST, FRAMEWORK_QT };

static const char *const names[] = {
	[FRAMEWORK_NONE] = NULL, [FRAMEWORK_DOCTEST] = "doctest", [FRAMEWORK_BOOST] = "boost",
	[FRAMEWORK_QT] = "qttest",
};

struct state {
	enum framework framework;
	struct failure *failure;
	struct kept test, message, lost;	/* lost: the test that failed last */
	unsigned lines, said;
	bool header;			/* doctest: the names of sub-cases follow */
	bool loose;			/* Boost: no place yet */
	unsigned long run, failed;	/* Boost: counts of the program that runs */
};

static void say(struct state *s, const struct line *line, struct str text)
{
	struct kept *all = &s->message;

	if (!text.size || s->said++ >= SAY_LINES_MAX)
		return;
	if (all->size && all->size < sizeof(all->at))
		all->at[all->size++] = ' ';
	for (size_t i = 0; i < text.size && all->size < sizeof(all->at); i++)
		all->at[all->size++] = text.at[i];
	s->failure->message = findings_text(s->failure, kept_str(all));
	s->failure->last_line = line->number;
}

static void begin(struct state *s, struct findings *f, const struct line *line,
		  enum framework framework, const struct place *place, struct str message)
{
	s->framework = framework;
	s->failure = findings_failure(f, KIND_ASSERTION, WEIGHT_FAILURE, line->number);
	s->failure->language = place_ends(place->file, ".c") ? "c" : "c++";
	s->failure->tool = names[framework];
	s->failure->test = findings_text(s->failure, kept_str(&s->test));
	if (place->file.size)
		place_set(s->failure, place);
	s->message.size = 0;
	s->lines = s->said = 0;
	say(s, line, message);
	findings_framework(f, names[framework]);
	findings_test_failed(f, kept_str(&s->test));
}

/* "d.cpp:7" and Visual C++'s "d.cpp(7)" */
static bool any_place(struct str *text, struct place *place)
{
	struct str file, rest;

	if (place_take(text, place))
		return true;
	if (!str_split(*text, "(", &file, &rest) || !file.size || file.size > 512 ||
	    !str_take_number(&rest, &place->line) || !str_skip(&rest, ")"))
		return false;
	place->file = file;
	*text = rest;
	return true;
}

/* "TEST CASE:  adds prices" and its sub-cases, each two blanks deeper */
static bool doctest_header(struct state *s, const struct line *line)
{
	struct str text = line->text;
	struct kept joined;

	if (str_skip(&text, "TEST CASE:  ") || str_skip(&text, "TEST CASE: ")) {
		s->framework = FRAMEWORK_DOCTEST;
		s->failure = NULL;
		s->header = true;
		s->lines = 0;
		keep(&s->test, str_trim(text));
		return true;
	}
	if (!s->header)
		return false;
	if (!str_starts(text, "  ") || !str_trim(text).size) {
		s->header = false;
		return false;
	}
	text = str_trim(text);
	joined = s->test;
	if (joined.size + text.size + 3 > sizeof(joined.at))
		return true;
	memcpy(joined.at + joined.size, " / ", 3);
	memcpy(joined.at + joined.size + 3, text.at, text.size);
	joined.size = (unsigned short)(joined.size + text.size + 3);
	s->test = joined;
	return true;
}

/* "d.cpp:7: FATAL ERROR: REQUIRE( total(2, 3) == 6 ) is NOT correct!" */
static bool doctest_failure(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text, type;
	struct place place = {0};

	if (s->framework != FRAMEWORK_DOCTEST || !any_place(&text, &place) ||
	    (!str_skip(&text, ": ERROR: ") && !str_skip(&text, ": FATAL ERROR: ")))
		return false;
	begin(s, f, line, FRAMEWORK_DOCTEST, &place, text);
	if (str_starts(text, "test case THREW exception") || str_starts(text, "test case CRASHED"))
		s->failure->kind = KIND_EXCEPTION;
	else if (str_split(text, "( ", &type, NULL) && str_is_word(type))
		s->failure->type = findings_text(s->failure, type);
	return true;
}

/* "[doctest] test cases: 4 | 1 passed | 3 failed | 0 skipped" */
static bool doctest_counts(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text, piece;
	unsigned long all, passed = 0, failed = 0, skipped = 0, n;

	if (!str_skip(&text, "[doctest] test cases: "))
		return false;
	text = str_trim(text);
	if (!str_take_number(&text, &all))
		return true;
	while (str_next(&text, '|', &piece)) {
		piece = str_trim(piece);
		if (!str_take_number(&piece, &n))
			continue;
		if (str_is(piece, " passed"))
			passed = n;
		else if (str_is(piece, " failed"))
			failed = n;
		else if (str_is(piece, " skipped"))
			skipped = n;
	}
	findings_framework(f, "doctest");
	findings_counts(f, all + skipped, passed, failed, skipped);
	s->framework = FRAMEWORK_NONE;
	s->failure = NULL;
	return true;
}

/* "b.cpp(6): error: in "cart/adds": check total(2, 3) == 6 has failed [5 != 6]" */
static bool boost_failure(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text, test, message;
	struct place place = {0};
	bool fatal, loose = str_skip(&text, "unknown location(0)");

	if (!loose && !any_place(&text, &place))
		return false;
	fatal = str_skip(&text, ": fatal error: in \"");
	if ((!fatal && !str_skip(&text, ": error: in \"")) ||
	    !str_split(text, "\": ", &test, &message))
		return false;
	if (!str_equal(test, kept_str(&s->lost))) {
		s->failed++;
		keep(&s->lost, test);
	}
	keep(&s->test, test);
	s->loose = loose;
	begin(s, f, line, FRAMEWORK_BOOST, &place, message);
	if (loose)
		s->failure->kind = KIND_EXCEPTION;
	return true;
}

/* "b.cpp(8): last checkpoint: ..." is where an exception came from, as near as Boost knows. */
static bool boost_checkpoint(struct state *s, const struct line *line)
{
	struct str text = line->text;
	struct place place = {0};

	if (!s->failure || !s->loose || !any_place(&text, &place) ||
	    !str_starts(text, ": last checkpoint"))
		return false;
	place_set(s->failure, &place);
	s->failure->last_line = line->number;
	s->loose = false;
	return true;
}

/* "Running 5 test cases..." and "*** 5 failures are detected in the test module "shop"" */
static bool boost_counts(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text;

	if (str_skip(&text, "Running ") && str_take_number(&text, &s->run) &&
	    str_skip(&text, " test case") && str_ends(text, "...")) {
		s->failed = 0;
		s->lost.size = 0;
		return true;
	}
	text = line->text;
	if (!str_skip(&text, "*** ") || (!str_starts(text, "No errors detected") &&
					 !str_has(text, " detected in the test module")))
		return false;
	if (s->run && s->failed <= s->run) {
		findings_framework(f, "boost");
		findings_counts(f, s->run, s->run - s->failed, s->failed, 0);
	}
	s->run = 0;
	s->failure = NULL;
	return true;
}

/* "FAIL!  : CartTest::adds() Compared values are not the same" */
static bool qt_failure(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text, test;
	bool fatal = false;

	if (!str_skip(&text, "FAIL!  : ") && !str_skip(&text, "XPASS  : ") &&
	    !(fatal = str_skip(&text, "QFATAL : ")))
		return false;
	if (!str_split(text, ") ", &test, &text))
		test = text;
	else
		test.size++;
	if (!str_has(test, "::"))
		return false;
	keep(&s->test, test);
	begin(s, f, line, FRAMEWORK_QT, &(struct place){0}, text);
	if (fatal)
		s->failure->kind = KIND_EXCEPTION;
	return true;
}

/* "Totals: 5 passed, 3 failed, 1 skipped, 0 blacklisted, 3ms" */
static bool qt_counts(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text;
	unsigned long passed, failed, skipped;

	if (!str_skip(&text, "Totals: ") || !str_take_number(&text, &passed) ||
	    !str_skip(&text, " passed, ") || !str_take_number(&text, &failed) ||
	    !str_skip(&text, " failed, ") || !str_take_number(&text, &skipped) ||
	    !str_starts(text, " skipped"))
		return false;
	findings_framework(f, "qttest");
	findings_counts(f, passed + failed + skipped, passed, failed, skipped);
	s->failure = NULL;
	return true;
}

/* The lines below a failure: "  values: REQUIRE( 5 == 6 )", "   Loc: [q.cpp(5)]" */
static bool body(struct state *s, const struct line *line)
{
	struct str text = line->text, trimmed = str_trim(text);
	struct place place = {0};

	if (++s->lines > BODY_LINES_MAX || !trimmed.size)
		return false;
	if (s->framework == FRAMEWORK_BOOST) {
		if (str_starts(text, "Failure occurred in a following context:"))
			return true;
		if (!str_indent(text))
			return false;
		say(s, line, trimmed);
		return true;
	}
	if (!str_indent(text))
		return false;
	if (s->framework == FRAMEWORK_QT && str_skip(&trimmed, "Loc: [")) {
		if (any_place(&trimmed, &place))
			place_set(s->failure, &place);
		s->failure->last_line = line->number;
		return false;
	}
	(void)str_skip(&trimmed, "values: ");
	say(s, line, trimmed);
	return true;
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;

	if (doctest_header(s, line) || doctest_failure(s, line, f) || doctest_counts(s, line, f) ||
	    boost_failure(s, line, f) || boost_checkpoint(s, line) || boost_counts(s, line, f) ||
	    qt_failure(s, line, f) || qt_counts(s, line, f))
		;
	else if (s->failure && !body(s, line) && !s->loose)
		s->failure = NULL;
	if (s->failure || s->header)
		return AWAKE;
	/* doctest's failures are not told from others' without the test's name above. */
	return s->framework == FRAMEWORK_DOCTEST && ++s->lines < BODY_LINES_MAX ? AWAKE : ASLEEP;
}

static const char *const wake[] = { "TEST CASE: ", "[doctest] test cases: ", "error: in \"",
	" test cases...", " test case...", "*** No errors detected", " detected in the test module", "FAIL!  : ",
	"XPASS  : ", "QFATAL : ", "Totals: ", NULL };

static const char *const shop[] = { "d.cpp", "b.cpp", "q.cpp", NULL };

static const struct reading examples[] = {
	{
		.name = "doctest",
		.files = shop,
		.log =
		"[doctest] doctest version is \"2.4.9\"\n"
		"[doctest] run with \"--help\" for options\n"
		"===============================================================================\n"
		"d.cpp:6:\n"
		"TEST CASE:  adds prices\n"
		"  two lines\n"
		"\n"
		"d.cpp:7: FATAL ERROR: REQUIRE( total(2, 3) == 6 ) is NOT correct!\n"
		"  values: REQUIRE( 5 == 6 )\n"
		"\n"
		"===============================================================================\n"
		"d.cpp:11:\n"
		"TEST SUITE: cart\n"
		"TEST CASE:  throws\n"
		"\n"
		"d.cpp:11: ERROR: test case THREW exception: vector::_M_range_check: __n (which is 3) >= "
		"this->size() (which is 0)\n"
		"\n"
		"===============================================================================\n"
		"d.cpp:12:\n"
		"TEST SUITE: cart\n"
		"TEST CASE:  message\n"
		"\n"
		"d.cpp:12: ERROR: CHECK( 1 == 2 ) is NOT correct!\n"
		"  values: CHECK( 1 == 2 )\n"
		"  logged: of the cart\n"
		"          no luck\n"
		"\n"
		"===============================================================================\n"
		"[doctest] test cases: 4 | 1 passed | 3 failed | 0 skipped\n"
		"[doctest] assertions: 5 | 1 passed | 4 failed |\n"
		"[doctest] Status: FAILURE!\n",
		.expect = { .kind = KIND_ASSERTION, .language = "c++", .tool = "doctest",
			    .type = "REQUIRE", .test = "adds prices / two lines", .file = "d.cpp",
			    .line = 7, .error_line = 8,
			    .message = "REQUIRE( total(2, 3) == 6 ) is NOT correct! "
				       "REQUIRE( 5 == 6 )" },
		.run = 4, .failed = 3,
	},
	{
		.name = "Boost.Test",
		.files = shop,
		.log =
		"Running 5 test cases...\n"
		"b.cpp(6): error: in \"cart/adds\": check total(2, 3) == 6 has failed [5 != 6]\n"
		"b.cpp(6): error: in \"cart/adds\": check total(1, 1) == 3 has failed [2 != 3]\n"
		"b.cpp(7): fatal error: in \"cart/requires_it\": critical check total(2, 3) == 6 has "
		"failed\n"
		"unknown location(0): fatal error: in \"cart/throws\": std::out_of_range: "
		"vector::_M_range_check: __n (which is 3) >= this->size() (which is 0)\n"
		"b.cpp(8): last checkpoint: \"throws\" test entry\n"
		"b.cpp(10): error: in \"cart/message\": no luck\n"
		"Failure occurred in a following context:\n"
		"    row 3\n"
		"\n"
		"*** 5 failures are detected in the test module \"shop\"\n",
		.expect = { .kind = KIND_ASSERTION, .language = "c++", .tool = "boost",
			    .test = "cart/adds", .file = "b.cpp", .line = 6, .error_line = 2,
			    .message = "check total(2, 3) == 6 has failed [5 != 6]" },
		.run = 5, .failed = 4,
	},
	{
		.name = "Boost.Test, an exception",
		.files = shop,
		.log =
		"Running 1 test case...\n"
		"unknown location(0): fatal error: in \"cart/throws\": std::out_of_range: "
		"vector::_M_range_check: __n (which is 3) >= this->size() (which is 0)\n"
		"b.cpp(8): last checkpoint: \"throws\" test entry\n"
		"\n"
		"*** 1 failure is detected in the test module \"shop\"\n",
		.expect = { .kind = KIND_EXCEPTION, .tool = "boost", .test = "cart/throws",
			    .file = "b.cpp", .line = 8 },
		.run = 1, .failed = 1,
	},
	{
		.name = "Qt Test",
		.files = shop,
		.log =
		"********* Start testing of CartTest *********\n"
		"Config: Using QtTest library 5.15.8, Qt 5.15.8 (x86_64-little_endian-lp64 shared "
		"(dynamic) release build; by GCC 12.2.0), debian 12\n"
		"PASS   : CartTest::initTestCase()\n"
		"FAIL!  : CartTest::adds() Compared values are not the same\n"
		"   Actual   (2 + 3): 5\n"
		"   Expected (6)    : 6\n"
		"   Loc: [q.cpp(5)]\n"
		"FAIL!  : CartTest::rows(two) 'n < 2' returned FALSE. ()\n"
		"   Loc: [q.cpp(8)]\n"
		"SKIP   : CartTest::later() not yet\n"
		"   Loc: [q.cpp(9)]\n"
		"XFAIL  : CartTest::expected() known\n"
		"   Loc: [q.cpp(10)]\n"
		"PASS   : CartTest::expected()\n"
		"Totals: 3 passed, 2 failed, 1 skipped, 0 blacklisted, 3ms\n"
		"********* Finished testing of CartTest *********\n",
		.expect = { .kind = KIND_ASSERTION, .language = "c++", .tool = "qttest",
			    .test = "CartTest::adds()", .file = "q.cpp", .line = 5, .error_line = 4,
			    .message = "Compared values are not the same Actual   (2 + 3): 5 Expected "
				       "(6)    : 6" },
		.run = 6, .failed = 2,
	},
	{
		.name = "all is well",
		.log = "Running 5 test cases...\n\n*** No errors detected\n"
		       "[doctest] test cases: 2 | 2 passed | 0 failed | 1 skipped\n"
		       "Totals: 3 passed, 0 failed, 0 skipped, 0 blacklisted, 3ms\n",
		.nothing = true,
		.run = 11,
	},
	{0}
};

const struct reader reader_cpptest = {
	.name = "cpptest",
	.language = "c++",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.examples = examples,
};

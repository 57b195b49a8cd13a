/*
 * `dart test` and `flutter test`: failed tests in the report for a terminal and in the one for
 * GitHub Actions, what Flutter's test framework says of an exception, and the counts. Of several
 * errors of one test the first counts.
 */
#include "ci/dart.h"

enum { ITEM_LINES_MAX = 300 };
enum stage { STAGE_NONE, STAGE_MESSAGE, STAGE_FRAMES, STAGE_BOX, STAGE_STACK, STAGE_NAME };

struct state {
	enum stage stage;
	struct failure *failure;
	struct kept test, message;
	unsigned long first, last, error_line;
	bool grouped;			/* in a group of GitHub's, not indented */
};

#define CROSS "\xe2\x9d\x8c "
#define PARTY "\xf0\x9f\x8e\x89 "

static void finish(struct state *s)
{
	struct failure *failure = s->failure;

	s->failure = NULL;
	s->stage = STAGE_NONE;
	if (!failure)
		return;
	dart_set_error(failure, kept_str(&s->message));
	if (failure->kind == KIND_ASSERTION && failure->type &&
	    !str_is(str_of(failure->type), "AssertionError"))
		failure->kind = KIND_EXCEPTION;
	if (!failure->test)
		failure->test = findings_text(failure, kept_str(&s->test));
	failure->error_line = s->error_line;
	failure->last_line = s->last;
	trace_turn(failure);
}

static void begin(struct state *s, const struct line *line, struct findings *f, const char *tool)
{
	finish(s);
	s->first = s->last = s->error_line = line->number;
	s->message.size = s->test.size = 0;
	s->failure = findings_failure(f, KIND_ASSERTION, WEIGHT_TRACE, line->number);
	s->failure->language = "dart";
	s->failure->tool = tool;
}

/* "test/cart_test.dart: Cart adds": the file is no part of the name. */
static struct str test_name(struct str text)
{
	struct str name = text;

	if (str_split(text, "_test.dart: ", NULL, &name))
		return name;
	return text;
}

/* "+1 ~1 -2": passed, skipped, failed */
static bool take_counts(struct str *text, unsigned long *passed, unsigned long *skipped,
			unsigned long *failed)
{
	*skipped = *failed = 0;
	if (!str_skip(text, "+") || !str_take_number(text, passed))
		return false;
	if (str_skip(text, " ~") && !str_take_number(text, skipped))
		return false;
	if (str_skip(text, " -") && !str_take_number(text, failed))
		return false;
	return str_skip(text, ": ");
}

static void report_counts(struct findings *f, unsigned long passed, unsigned long skipped,
			  unsigned long failed)
{
	findings_framework(f, "dart test");
	findings_counts(f, passed + failed, passed, failed, skipped);
}

/* "00:01 +1 ~1 -2: Cart adds [E]" and "00:01 +1 -2: Some tests failed." */
static bool progress_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text;
	unsigned long minutes, seconds, passed, skipped, failed;

	if (!str_take_number(&text, &minutes) || !str_skip(&text, ":") ||
	    !str_take_number(&text, &seconds) || !str_skip(&text, " ") ||
	    !take_counts(&text, &passed, &skipped, &failed))
		return false;
	text = str_trim_right(text);
	if (str_chop(&text, " [E]")) {
		begin(s, line, f, "dart test");
		keep(&s->test, test_name(text));
		findings_test_failed(f, test_name(text));
		s->grouped = false;
		s->stage = STAGE_MESSAGE;
		return true;
	}
	finish(s);
	if (str_is(text, "All tests passed!") || str_is(text, "Some tests failed.") ||
	    str_is(text, "All tests skipped."))
		report_counts(f, passed, skipped, failed);
	return true;
}

/* "2 tests passed, 2 failed, 1 skipped.", behind the runner's mark of an error or a cracker */
static bool summary_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text, part;
	unsigned long passed, n, skipped = 0, failed = 0;

	if (!str_skip(&text, PARTY) && line->mark != MARK_ERROR)
		return false;
	str_skip(&text, "::error::");
	if (!str_take_number(&text, &passed) ||
	    (!str_skip(&text, " test passed") && !str_skip(&text, " tests passed")) ||
	    !str_chop(&text, "."))
		return false;
	while (str_next(&text, ',', &part)) {
		part = str_trim(part);
		if (!str_take_number(&part, &n))
			continue;
		if (str_is(part, " failed"))
			failed = n;
		else if (str_is(part, " skipped"))
			skipped = n;
	}
	finish(s);
	report_counts(f, passed, skipped, failed);
	return true;
}

/* The title of a group: a cross and "Cart adds (failed)" */
static bool group_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text;

	str_skip(&text, "::group::");
	if (!str_skip(&text, CROSS))
		return false;
	text = str_trim_right(text);
	if (!str_chop(&text, " (failed)") && !str_chop(&text, " (failed after test completion)"))
		return false;
	begin(s, line, f, "dart test");
	keep(&s->test, test_name(text));
	findings_test_failed(f, test_name(text));
	s->grouped = true;
	s->stage = STAGE_MESSAGE;
	return true;
}

/* The head of Flutter's box, between double lines */
static bool box_line(struct state *s, const struct line *line, struct findings *f)
{
	if (!str_has(line->text, " EXCEPTION CAUGHT BY "))
		return false;
	begin(s, line, f, "flutter test");
	s->stage = STAGE_BOX;
	return true;
}

static void message_line(struct state *s, const struct line *line, struct str text)
{
	if (str_starts(text, "Actual: ") && str_starts(kept_str(&s->message), "Expected: ") &&
	    !str_has(kept_str(&s->message), ", Actual: ") &&
	    s->message.size + text.size + 2 < sizeof(s->message.at)) {
		memcpy(s->message.at + s->message.size, ", ", 2);
		memcpy(s->message.at + s->message.size + 2, text.at, text.size);
		s->message.size = (unsigned short)(s->message.size + text.size + 2);
	}
	if (s->message.size || str_starts(text, "Failed to load \""))
		return;
	keep(&s->message, text);
	s->error_line = line->number;
}

/* "test/cart_test.dart:3:5: Error: ...": a test file that does not compile */
static bool compile_line(struct state *s, const struct line *line, struct str text)
{
	struct place place;

	if (!place_take(&text, &place) || !str_skip(&text, ": Error: ") || s->failure->file)
		return false;
	s->message.size = 0;
	message_line(s, line, text);
	place_set(s->failure, &place);
	s->failure->kind = KIND_COMPILE;
	return true;
}

static bool inside(struct state *s, const struct line *line)
{
	struct str text = str_trim(line->text);

	if (line->mark == MARK_ENDGROUP || str_is(text, "::endgroup::") ||
	    line->number - s->first > ITEM_LINES_MAX ||
	    (!s->grouped && text.size && !str_indent(line->text)))
		return false;
	if (!text.size)
		return s->stage == STAGE_MESSAGE;
	if (dart_add_short_frame(s->failure, text) || dart_add_frame(s->failure, text))
		s->stage = STAGE_FRAMES;
	else if (s->stage == STAGE_FRAMES && !dart_between_frames(text))
		return false;
	else if (s->stage == STAGE_MESSAGE && !compile_line(s, line, text))
		message_line(s, line, text);
	if (str_starts(text, "Test failed. See exception logs above."))
		s->failure->weight = WEIGHT_SUMMARY;
	s->last = line->number;
	return true;
}

/* In Flutter's box: the message, the stack, the test's description. */
static bool in_box(struct state *s, const struct line *line)
{
	struct str text = str_trim(line->text);

	if (line->number - s->first > ITEM_LINES_MAX)
		return false;
	if (text.size)
		s->last = line->number;
	if (str_starts(text, "\xe2\x95\x90\xe2\x95\x90\xe2\x95\x90\xe2\x95\x90"))
		return false;
	if (s->stage == STAGE_NAME) {
		if (text.size && !s->test.size)
			keep(&s->test, text);
	} else if (str_starts(text, "When the exception was thrown, this was the stack:")) {
		s->stage = STAGE_STACK;
	} else if (str_starts(text, "The test description was:")) {
		s->stage = STAGE_NAME;
	} else if (s->stage == STAGE_STACK) {
		dart_add_frame(s->failure, text);
	} else if (text.size && !(str_starts(text, "The following ") &&
				  str_has(text, " was thrown "))) {
		message_line(s, line, text);
	}
	return true;
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;

	if (progress_line(s, line, f) || summary_line(s, line, f) || group_line(s, line, f) ||
	    box_line(s, line, f))
		return s->stage == STAGE_NONE ? ASLEEP : AWAKE;
	if (s->stage != STAGE_NONE &&
	    !(s->stage >= STAGE_BOX ? in_box(s, line) : inside(s, line)))
		finish(s);
	return s->stage == STAGE_NONE ? ASLEEP : AWAKE;
}

static void end(void *state, struct findings *f)
{
	(void)f;
	finish(state);
}

static const char *const wake[] = { " [E]", ": All tests passed!", ": Some tests failed.",
	": All tests skipped.", " tests passed", " test passed", CROSS, " EXCEPTION CAUGHT BY ", NULL };

static const char *const shop[] = { "lib/cart.dart", "test/cart_test.dart", NULL };

/* In the form of the reporters of package:test and of Flutter's framework; the tests are our own. */
static const struct reading examples[] = {
	{
		.name = "an expectation and an error, for a terminal",
		.files = shop,
		.log =
		"00:00 +0: loading test/cart_test.dart\n"
		"00:00 +0: Cart adds\n"
		"00:00 +0 -1: Cart adds [E]\n"
		"  Expected: <4>\n"
		"    Actual: <3>\n"
		"  \n"
		"  package:matcher           expect\n"
		"  test/cart_test.dart 9:5   main.<fn>.<fn>\n"
		"  \n"
		"00:00 +0 -1: Cart is zero for nothing\n"
		"00:00 +0 -2: Cart is zero for nothing [E]\n"
		"  Bad state: No element\n"
		"  dart:core                  List.first\n"
		"  package:shop/cart.dart 9:24   Cart.first\n"
		"  test/cart_test.dart 13:10     main.<fn>.<fn>\n"
		"  \n"
		"00:00 +0 -2: Cart later\n"
		"00:00 +3 ~1 -2: Some tests failed.\n",
		.expect = { .kind = KIND_ASSERTION, .language = "dart", .tool = "dart test",
			    .message = "Expected: <4>, Actual: <3>", .file = "test/cart_test.dart",
			    .line = 9, .test = "Cart adds", .error_line = 4 },
		.run = 5, .failed = 2,
	},
	{
		.name = "an error of the project, for GitHub Actions",
		.files = shop,
		.log =
		"##[group]\xe2\x9c\x85 Passing tests\n\xe2\x9c\x85 test/cart_test.dart: Cart is\n"
		"##[endgroup]\n"
		"##[group]\xe2\x9d\x8c test/cart_test.dart: Cart is zero for nothing (failed)\n"
		"Bad state: No element\n"
		"dart:core                  List.first\n"
		"package:shop/cart.dart 9:24   Cart.first\n"
		"test/cart_test.dart 13:10     main.<fn>.<fn>\n"
		"##[endgroup]\n\n"
		"##[error]1 test passed, 1 failed, 1 skipped.\n",
		.expect = { .kind = KIND_EXCEPTION, .type = "StateError", .message = "No element",
			    .file = "lib/cart.dart", .line = 9, .function = "Cart.first",
			    .test = "Cart is zero for nothing", .error_line = 5 },
		.run = 2, .failed = 1,
	},
	{
		.name = "a test file that does not compile",
		.files = shop,
		.log =
		"00:00 +0: loading test/cart_test.dart\n"
		"00:00 +0 -1: loading test/cart_test.dart [E]\n"
		"  Failed to load \"test/cart_test.dart\":\n"
		"  test/cart_test.dart:3:5: Error: Undefined name 'totl'.\n"
		"      totl();\n      ^^^^\n"
		"00:00 +0 -1: Some tests failed.\n",
		.expect = { .kind = KIND_COMPILE, .message = "Undefined name 'totl'.", .line = 3,
			    .file = "test/cart_test.dart", .error_line = 4 },
		.run = 1, .failed = 1,
	},
	{
		.name = "Flutter's box",
		.files = shop,
		.log =
		"\xe2\x95\x90\xe2\x95\x90\xe2\x95\xa1 EXCEPTION CAUGHT BY FLUTTER TEST FRAMEWORK "
		"\xe2\x95\x9e\xe2\x95\x90\xe2\x95\x90\n"
		"The following TestFailure was thrown running a test:\n"
		"Expected: exactly one matching candidate\n"
		"  Actual: _TextWidgetFinder:<Found 0 widgets>\n"
		"   Which: means none were found but one was expected\n\n"
		"When the exception was thrown, this was the stack:\n"
		"#4      main.<anonymous closure> "
		"(file:///home/runner/work/shop/shop/test/cart_test.dart:19:5)\n"
		"<asynchronous suspension>\n(elided one frame from package:stack_trace)\n\n"
		"The test description was:\n  Cart shows its total\n"
		"\xe2\x95\x90\xe2\x95\x90\xe2\x95\x90\xe2\x95\x90\xe2\x95\x90\xe2\x95\x90\n"
		"00:02 +0 -1: Cart shows its total [E]\n"
		"  Test failed. See exception logs above.\n"
		"  The test description was: Cart shows its total\n  \n"
		"00:02 +0 -1: Some tests failed.\n",
		.expect = { .kind = KIND_ASSERTION, .tool = "flutter test", .line = 19,
			    .file = "test/cart_test.dart", .test = "Cart shows its total",
			    .error_line = 3 },
		.run = 1, .failed = 1,
	},
	{
		.name = "all is well",
		.log = "00:00 +0: Cart adds\n00:00 +1: Cart later\n00:01 +2 ~1: All tests passed!\n",
		.nothing = true,
		.run = 2, .failed = 0,
	},
	{0}
};

const struct reader reader_dart_test = {
	.name = "dart_test",
	.language = "dart",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};

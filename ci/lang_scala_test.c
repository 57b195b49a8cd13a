/*
 * Tests in Scala: ScalaTest's, MUnit's and specs2's failures, and the counts, which sbt may tell once
 * more behind those of ScalaTest. Traces of exceptions are read with Java's.
 */
#include "ci/jvm.h"

enum { REPEAT_LINES_MAX = 60, EXCERPT_LINES_MAX = 12 };

struct state {
	struct kept suite, scope, test;
	unsigned long test_line;	/* 0: no failed test waits for what went wrong */
	struct failure *failure;	/* MUnit's, which waits for its message */
	unsigned long passed, failed, skipped, counted;	/* ScalaTest's, until sbt's or the end */
};

static void add_pending(struct state *s, struct findings *f)
{
	if (s->counted)
		findings_counts(f, s->passed + s->failed, s->passed, s->failed, s->skipped);
	s->counted = 0;
}

static bool number_of(struct str text, const char *name, unsigned long *n)
{
	struct str rest;

	*n = 0;
	return str_split(text, name, NULL, &rest) && str_take_number(&rest, n);
}

/* "Tests: succeeded 1, failed 2, canceled 0, ignored 1, pending 0" */
static bool scalatest_counts(struct state *s, const struct line *line, struct str text,
			     struct findings *f)
{
	unsigned long canceled, ignored, pending, passed, failed;

	if (!str_starts(text, "Tests: succeeded ") || !number_of(text, "succeeded ", &passed) ||
	    !number_of(text, ", failed ", &failed) || !number_of(text, ", canceled ", &canceled) ||
	    !number_of(text, ", ignored ", &ignored) || !number_of(text, ", pending ", &pending))
		return false;
	add_pending(s, f);
	s->passed = passed;
	s->failed = failed;
	s->skipped = canceled + ignored + pending;
	s->counted = line->number;
	findings_framework(f, "scalatest");
	return true;
}

/* "Failed: Total 5, Failed 1, Errors 0, Passed 3, Skipped 1": of all frameworks of a project */
static bool sbt_counts(struct state *s, const struct line *line, struct str text, struct findings *f)
{
	unsigned long all, failed, errors, passed;

	if ((!str_starts(text, "Passed: Total ") && !str_starts(text, "Failed: Total ") &&
	     !str_starts(text, "Error: Total ")) ||
	    !number_of(text, "Total ", &all) || !number_of(text, ", Failed ", &failed) ||
	    !number_of(text, ", Errors ", &errors) || !number_of(text, ", Passed ", &passed) ||
	    passed > all || failed > all - passed || errors > all - passed - failed)
		return false;
	if (s->counted && line->number - s->counted > REPEAT_LINES_MAX)
		add_pending(s, f);
	if (!s->counted)
		findings_framework(f, "junit");
	s->counted = 0;
	findings_counts(f, passed + failed + errors, passed, failed + errors,
			all - passed - failed - errors);
	return true;
}

static void name_test(struct state *s, struct str test)
{
	struct kept *name = &s->test;

	keep(name, kept_str(&s->suite));
	if (name->size)
		jvm_append(name, STR(": "));
	jvm_append(name, kept_str(&s->scope));
	if (s->scope.size)
		jvm_append(name, STR(" "));
	jvm_append(name, test);
}

static struct failure *make(struct state *s, struct findings *f, unsigned long error_line)
{
	struct failure *failure = findings_failure(f, KIND_ASSERTION, WEIGHT_TRACE, s->test_line);

	failure->language = "scala";
	failure->test = findings_text(failure, kept_str(&s->test));
	failure->error_line = failure->last_line = error_line;
	return failure;
}

/* "- should count *** FAILED *** (3 milliseconds)", specs2's "[error]   x count" and "! count" */
static bool failed_line(struct state *s, const struct line *line, struct str text, struct findings *f)
{
	struct str name = str_trim(text), time;

	if (str_split(name, " *** FAILED ***", &name, NULL) ||
	    str_split(name, " *** ABORTED ***", &name, NULL)) {
		(void)str_skip(&name, "- ");
		findings_framework(f, "scalatest");
	} else if (str_starts(line->text, "[error] ") && str_indent(text) > 0 &&
		   (str_skip(&name, "x ") || str_skip(&name, "! "))) {
		if (str_ends(name, ")"))	/* its time */
			(void)(str_split_last(name, " (", &name, &time));
		findings_framework(f, "specs2");
	} else {
		return false;
	}
	if (!name.size || str_starts(name, "***"))	/* "*** 2 TESTS FAILED ***" */
		return false;
	name_test(s, name);
	s->test_line = line->number;
	findings_test_failed(f, kept_str(&s->test));
	return true;
}

/* "  2 did not equal 3 (CartSpec.scala:9)", below the test's name */
static bool reason_line(struct state *s, const struct line *line, struct str text, struct findings *f)
{
	struct str message, where;
	struct failure *failure;
	struct place place;

	if (!s->test_line || line->number - s->test_line > 4)
		return false;
	text = str_trim(text);
	if (!str_chop(&text, ")") || !str_split_last(text, " (", &message, &where) ||
	    !place_take(&where, &place) || where.size || !place_ends(place.file, ".scala"))
		return false;
	failure = make(s, f, line->number);
	failure->tool = str_starts(line->text, "[error]") ? "specs2" : "scalatest";
	failure->message = findings_text(failure, message);
	place_set(failure, &place);
	s->test_line = 0;
	return true;
}

/* "==> X shop.CartSuite.counts  0.021s munit.ComparisonFailException: /x/CartSuite.scala:6" */
static bool munit_line(struct state *s, const struct line *line, struct str text, struct findings *f)
{
	struct str name, rest, type, message;
	struct place place;

	if (!str_skip(&text, "==> X ") || !str_split(text, "  ", &name, &rest))
		return false;
	(void)take_word(&rest);		/* its time */
	keep(&s->test, name);
	s->test_line = line->number;
	findings_framework(f, "munit");
	findings_test_failed(f, name);
	s->failure = make(s, f, line->number);
	s->failure->tool = "munit";
	if (str_split(rest, ": ", &type, &message)) {
		s->failure->kind = str_starts(type, "munit.") ? KIND_ASSERTION : jvm_kind(type);
		s->failure->type = findings_text(s->failure, type);
		text = message;
		if (place_take(&text, &place) && place_ends(place.file, ".scala")) {
			place_set(s->failure, &place);
			(void)str_skip(&text, " ");
			message = text;
		}
		s->failure->message = findings_text(s->failure, message);
	}
	if (s->failure->message)
		s->failure = NULL;
	return true;
}

/* Below MUnit's first line: the source, numbered, then what is wrong. */
static void munit_message(struct state *s, const struct line *line, struct str text)
{
	struct str rest = text = str_trim(text);
	unsigned long n;

	if (line->number - s->test_line > EXCERPT_LINES_MAX) {
		s->failure = NULL;
	} else if (text.size && !(str_take_number(&rest, &n) && str_starts(rest, ":"))) {
		s->failure->message = findings_text(s->failure, text);
		s->failure->last_line = line->number;
		s->failure = NULL;
	}
}

/* "CartSpec:" and "A cart" at the margin, which the indented or dashed tests below belong to. */
static void scope_line(struct state *s, const struct line *line, struct str text)
{
	struct str name = str_trim_right(text);

	if (!str_starts(line->text, "[info] ") || !name.size || str_indent(name) ||
	    str_starts(name, "- ") || str_starts(name, "+ ") || name.size > 120)
		return;
	if (str_chop(&name, ":") && str_is_word(name)) {
		keep(&s->suite, name);
		s->scope.size = 0;
	} else {
		keep(&s->scope, name);
	}
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;
	struct str text = jvm_body(line->text);

	if (scalatest_counts(s, line, text, f) || sbt_counts(s, line, text, f))
		return ASLEEP;
	if (s->failure)
		munit_message(s, line, text);
	else if (!munit_line(s, line, text, f) && !failed_line(s, line, text, f) &&
		 !reason_line(s, line, text, f))
		scope_line(s, line, text);
	return s->failure || (s->test_line && line->number - s->test_line < 4) ? AWAKE : ASLEEP;
}

static void end(void *state, struct findings *f)
{
	add_pending(state, f);
}

static const char *const wake[] = { "[info] ", "[error]   ", " *** FAILED ***", " *** ABORTED ***",
	"==> X ", "Tests: succeeded ", "ailed: Total ", "assed: Total ", "Error: Total ", NULL };

static const char *const shop[] = { "src/test/scala/shop/CartSpec.scala", NULL };

static const struct reading examples[] = {
	{
		.name = "sbt's JUnit",
		.files = (const char *const[]){ "src/test/java/shop/CartTest.java", NULL },
		.log =
		"[error] Test shop.CartTest.counts failed: java.lang.AssertionError: expected:<3> but "
		"was:<2>, took 0.002s\n"
		"[error]     at shop.CartTest.counts(CartTest.java:9)\n"
		"[error]     ...\n",
		.expect = { .kind = KIND_ASSERTION, .test = "shop.CartTest.counts", .line = 9,
			    .message = "expected:<3> but was:<2>", .error_line = 1 },
	},
	{
		.name = "ScalaTest in sbt, told twice",
		.files = shop,
		.log =
		"[info] CartSpec:\n"
		"[info] A cart\n"
		"[info] - should be empty\n"
		"[info] - should count *** FAILED ***\n"
		"[info]   2 did not equal 3 (CartSpec.scala:9)\n"
		"[info] Run completed in 200 milliseconds.\n"
		"[info] Total number of tests run: 2\n"
		"[info] Suites: completed 1, aborted 0\n"
		"[info] Tests: succeeded 1, failed 1, canceled 0, ignored 1, pending 0\n"
		"[info] *** 1 TEST FAILED ***\n"
		"[error] Failed: Total 2, Failed 1, Errors 0, Passed 1, Ignored 1\n"
		"[error] Failed tests:\n"
		"[error] \tshop.CartSpec\n"
		"[error] (Test / test) sbt.TestsFailedException: Tests unsuccessful\n",
		.expect = { .kind = KIND_ASSERTION, .language = "scala", .tool = "scalatest",
			    .test = "CartSpec: A cart should count", .line = 9, .error_line = 5,
			    .file = "src/test/scala/shop/CartSpec.scala",
			    .message = "2 did not equal 3" },
		.run = 2, .failed = 1,
	},
	{
		.name = "ScalaTest in Maven",
		.files = shop,
		.log =
		"CartSpec:\n"
		"- counts *** FAILED ***\n"
		"  2 did not equal 3 (CartSpec.scala:9)\n"
		"Tests: succeeded 1, failed 1, canceled 0, ignored 0, pending 0\n"
		"*** 1 TEST FAILED ***\n",
		.expect = { .kind = KIND_ASSERTION, .test = "counts", .line = 9, .error_line = 3 },
		.run = 2, .failed = 1,
	},
	{
		.name = "MUnit",
		.files = shop,
		.log =
		"[error] ==> X shop.CartSpec.counts  0.021s munit.ComparisonFailException: "
		"/home/runner/work/shop/shop/src/test/scala/shop/CartSpec.scala:6\n"
		"[error] 5:  test(\"counts\") {\n"
		"[error] 6:    assertEquals(2, 3)\n"
		"[error] 7:  }\n"
		"[error] values are not the same\n"
		"[error] => Obtained\n"
		"[error] 2\n"
		"[error] => Diff (- obtained, + expected)\n"
		"[error] -2\n"
		"[error] +3\n"
		"[error] Failed: Total 2, Failed 1, Errors 0, Passed 1\n",
		.expect = { .kind = KIND_ASSERTION, .tool = "munit", .test = "shop.CartSpec.counts",
			    .type = "munit.ComparisonFailException", .line = 6,
			    .message = "values are not the same" },
		.run = 2, .failed = 1,
	},
	{
		.name = "specs2",
		.files = shop,
		.log =
		"[info] CartSpec\n"
		"[error]   x count (3 ms)\n"
		"[error]    '2' is not equal to '3' (CartSpec.scala:9)\n"
		"[info]   + be empty\n"
		"[info] 2 examples, 1 failure, 0 error\n"
		"[error] Failed: Total 2, Failed 1, Errors 0, Passed 1\n",
		.expect = { .kind = KIND_ASSERTION, .tool = "specs2", .test = "CartSpec count",
			    .line = 9, .message = "'2' is not equal to '3'" },
		.run = 2, .failed = 1,
	},
	{
		.name = "JUnit in sbt, in two projects",
		.log =
		"[info] Test shop.CartTest.empty started\n"
		"[info] Passed: Total 52, Failed 0, Errors 0, Passed 50, Skipped 2\n"
		"[info] [info] Passed: Total 1, Failed 0, Errors 0, Passed 1\n",
		.nothing = true,
		.run = 51,
	},
	{0}
};

const struct reader reader_scala_test = {
	.name = "scala_test",
	.language = "scala",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};

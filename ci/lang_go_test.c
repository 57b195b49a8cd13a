/*
 * "go test": which tests failed and what they said, with and without -v. A parent that failed only
 * because a subtest did is not reported. Panics and compile errors are read elsewhere.
 */
#include "ci/trace.h"

enum { OUTPUT_LINES_MAX = 400, TESTS_MAX = 16 };

struct said {
	bool any, failing;		/* failing: it reads like the reason, not like a t.Log */
	struct kept test, file, message;
	unsigned long line, log_line;
};

struct state {
	struct said said;		/* by the test that runs, or that has just failed */
	struct said earlier[TESTS_MAX];	/* by tests whose verdict has not come yet; a ring */
	unsigned next;
	struct kept running, failed;
	unsigned long failed_line, last;
	unsigned long run, passed, lost, skipped;
	unsigned lines;
	bool verbose, comparing;	/* comparing: testify's block of expected and actual */
	bool reported;			/* since the last "FAIL\tpkg" */
};

static bool reads_failing(struct str message)
{
	static const char *const words[] = { "want", "expect", "Expect", "got", "Error", "error",
		"fail", "Fail", "should", "must", "unexpected", "panic", "!=", NULL };

	for (size_t i = 0; words[i]; i++)
		if (str_has(message, words[i]))
			return true;
	return false;
}

/* "    cart_test.go:7: Total() = 5, want 6" */
static bool said_line(struct state *s, const struct line *line)
{
	struct str text = str_trim(line->text);
	struct place place;
	bool failing;

	if (!str_indent(line->text) || !place_take(&text, &place) || !place_ends(place.file, ".go") ||
	    !str_skip(&text, ":"))
		return false;
	text = str_trim(text);
	failing = reads_failing(text);
	s->comparing = !text.size;
	if (s->said.any && (s->said.failing || (!failing && s->comparing)))
		return true;
	s->said = (struct said){ .any = true, .failing = failing || s->comparing,
				 .line = place.line, .log_line = line->number };
	keep(&s->said.file, place.file);
	keep(&s->said.message, text);
	return true;
}

/*
 * testify: "Error Trace: ...", "Error:  Not equal:", "expected: 1", "actual  : 2" on their own
 * lines.
 */
static void compare_line(struct state *s, const struct line *line)
{
	struct str text = str_trim(line->text);
	char joined[sizeof(s->said.message.at)];
	struct str have = kept_str(&s->said.message);

	if (!s->comparing || !s->said.any)
		return;
	if (str_skip(&text, "Error:")) {
		keep(&s->said.message, str_trim(text));
		s->said.log_line = line->number;
	} else if (have.size && (str_starts(text, "expected: ") || str_starts(text, "actual  : ")) &&
		   have.size + text.size + 1 < sizeof(joined)) {
		memcpy(joined, have.at, have.size);
		joined[have.size] = ' ';
		memcpy(joined + have.size + 1, text.at, text.size);
		keep(&s->said.message, (struct str){ joined, have.size + 1 + text.size });
	}
}

/* With -v a parent's verdict, and with it its subtests', comes after all of them ran. */
static void put_away(struct state *s)
{
	if (!s->said.any)
		return;
	s->said.test = s->running;
	s->earlier[s->next++ % TESTS_MAX] = s->said;
	s->said.any = false;
}

static void take_back(struct state *s, struct str test)
{
	s->said.any = false;
	for (size_t i = 0; i < TESTS_MAX; i++) {
		struct said *said = &s->earlier[i];

		if (!said->any || !str_equal(kept_str(&said->test), test))
			continue;
		s->said = *said;
		said->any = false;
		return;
	}
}

static void flush(struct state *s, struct findings *f, struct str next)
{
	struct str name = kept_str(&s->failed);
	struct failure *failure;
	bool child = name.size && str_equal(str_slice(next, 0, name.size), name) &&
		     str_starts(str_from(next, name.size), "/");

	s->failed.size = 0;
	if (!name.size || (child && !s->said.any))
		return;
	failure = findings_failure(f, KIND_ASSERTION, s->said.any ? WEIGHT_FAILURE : WEIGHT_SUMMARY,
				   s->failed_line);
	failure->language = "go";
	failure->tool = "go test";
	failure->test = findings_text(failure, name);
	findings_test_failed(f, name);
	s->reported = true;
	if (s->said.any) {
		struct str file = kept_str(&s->said.file);

		failure->file = findings_text(failure, file);
		failure->line = s->said.line > 0x7fffffff ? 0 : (unsigned)s->said.line;
		failure->message = findings_text(failure, kept_str(&s->said.message));
		failure->error_line = s->said.log_line;
		if (s->said.log_line < failure->first_line)
			failure->first_line = s->said.log_line;
	} else {
		failure->message = findings_text(failure, STR("the test failed and said nothing"));
	}
	failure->last_line = s->last > s->failed_line ? s->last : s->failed_line;
	s->said.any = false;
}

/* "--- FAIL: TestTotal (0.00s)" and its sisters. */
static bool verdict_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = str_trim(line->text), name;
	bool failed = str_skip(&text, "--- FAIL: ");
	bool passed = !failed && str_skip(&text, "--- PASS: ");

	if (!failed && !passed && !str_skip(&text, "--- SKIP: "))
		return false;
	name = take_word(&text);
	if (!str_starts(text, "("))
		return false;
	flush(s, f, failed ? name : STR_NONE);
	if (s->verbose && !str_equal(name, kept_str(&s->running)))
		put_away(s);
	s->run++;
	if (!failed) {
		*(passed ? &s->passed : &s->skipped) += 1;
		s->said.any = false;
		return true;
	}
	s->lost++;
	if (!s->verbose || !str_equal(name, kept_str(&s->running)) || !s->said.any)
		take_back(s, name);
	keep(&s->failed, name);
	s->failed_line = s->last = line->number;
	s->lines = 0;
	return true;
}

static bool running_line(struct state *s, const struct line *line, struct findings *f)
{
	static const char *const starts[] = { "=== RUN ", "=== NAME ", "=== CONT ", NULL };
	struct str text = line->text;

	for (size_t i = 0; starts[i]; i++) {
		if (!str_skip(&text, starts[i]))
			continue;
		flush(s, f, STR_NONE);
		s->verbose = true;
		text = str_trim(text);
		put_away(s);
		take_back(s, text);
		keep(&s->running, text);
		findings_framework(f, "go test");
		s->lines = 0;
		return true;
	}
	return false;
}

/* "FAIL\texample.com/shop/cart\t0.005s" or "[build failed]", and "ok  \t..." */
static bool package_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text, package;
	struct failure *failure;
	bool built;

	if (str_starts(text, "ok  \t")) {
		flush(s, f, STR_NONE);
		findings_framework(f, "go test");
		return true;
	}
	if (!str_skip(&text, "FAIL\t"))
		return false;
	flush(s, f, STR_NONE);
	findings_framework(f, "go test");
	package = take_word(&text);
	built = !str_starts(text, "[");
	if (!built || !s->reported) {
		failure = findings_failure(f, KIND_UNKNOWN, built ? WEIGHT_SUMMARY :
					   WEIGHT_CONSEQUENCE, line->number);
		failure->language = "go";
		failure->tool = "go test";
		failure->message = findings_text(failure, line->text);
		if (built && !s->lost)
			findings_test_failed(f, package);
	}
	s->reported = false;
	return true;
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;

	if (verdict_line(s, line, f) || running_line(s, line, f))
		return AWAKE;
	if (package_line(s, line, f) || str_is(line->text, "FAIL") || str_is(line->text, "PASS")) {
		flush(s, f, STR_NONE);
		return ASLEEP;
	}
	if (++s->lines > OUTPUT_LINES_MAX) {
		flush(s, f, STR_NONE);
		return ASLEEP;
	}
	if (said_line(s, line) || str_indent(line->text)) {
		compare_line(s, line);
		s->last = line->number;
		return AWAKE;
	}
	return s->failed.size || s->verbose ? AWAKE : ASLEEP;
}

static void end(void *state, struct findings *f)
{
	struct state *s = state;

	flush(s, f, STR_NONE);
	if (s->verbose)
		findings_counts(f, s->run - s->skipped, s->passed, s->lost, s->skipped);
}

static const char *const wake[] = { "--- FAIL: ", "--- PASS: ", "--- SKIP: ", "=== RUN ",
	"=== NAME ", "=== CONT ", "FAIL\t", "ok  \t", NULL };

static const char *const shop[] = { "cart/cart.go", "cart/cart_test.go", "sub/sub_test.go", NULL };

static const struct reading examples[] = {
	{
		.name = "one failed test",
		.files = shop,
		.log =
		"--- FAIL: TestTotal (0.00s)\n"
		"    cart_test.go:7: Total() = 5, want 6\n"
		"FAIL\nFAIL\texample.com/shop/cart\t0.005s\nFAIL\n",
		.expect = { .kind = KIND_ASSERTION, .language = "go", .tool = "go test",
			    .file = "cart/cart_test.go", .line = 7, .test = "TestTotal",
			    .message = "Total() = 5, want 6", .error_line = 2 },
	},
	{
		.name = "a failed subtest",
		.files = shop,
		.log =
		"--- FAIL: TestAll (0.00s)\n"
		"    --- FAIL: TestAll/small (0.00s)\n"
		"        sub_test.go:6: too small:\n"
		"            want 3\n"
		"            got 2\n"
		"FAIL\n"
		"FAIL\texample.com/shop/sub\t0.004s\n"
		"FAIL\n",
		.expect = { .kind = KIND_ASSERTION, .tool = "go test", .message = "too small:",
			    .file = "sub/sub_test.go", .line = 6, .test = "TestAll/small",
			    .error_line = 3 },
	},
	{
		.name = "a failed subtest, -v",
		.files = shop,
		.log =
		"=== RUN   TestAll\n"
		"=== RUN   TestAll/small\n"
		"    sub_test.go:6: too small:\n"
		"        want 3\n"
		"        got 2\n"
		"=== RUN   TestAll/big_one\n"
		"--- FAIL: TestAll (0.00s)\n"
		"    --- FAIL: TestAll/small (0.00s)\n"
		"    --- PASS: TestAll/big_one (0.00s)\n"
		"=== RUN   TestSkip\n"
		"    sub_test.go:9: not now\n"
		"--- SKIP: TestSkip (0.00s)\n"
		"=== RUN   TestOK\n"
		"    sub_test.go:10: fine\n"
		"--- PASS: TestOK (0.00s)\n"
		"FAIL\n"
		"FAIL\texample.com/shop/sub\t0.003s\n"
		"FAIL\n",
		.expect = { .kind = KIND_ASSERTION, .file = "sub/sub_test.go", .line = 6,
			    .test = "TestAll/small", .message = "too small:", .error_line = 3 },
		.run = 4, .failed = 2,
	},
	{
		.name = "testify",
		.log =
		"--- FAIL: TestCount (0.00s)\n"
		"    cart_test.go:10: \n"
		"        \tError Trace:\t/src/cart_test.go:10\n"
		"        \tError:      \tNot equal: \n"
		"        \t            \texpected: 3\n"
		"        \t            \tactual  : 2\n"
		"        \tTest:       \tTestCount\n"
		"FAIL\n"
		"FAIL\tshop\t0.005s\n"
		"FAIL\n"
		"\n",
		.expect = { .kind = KIND_ASSERTION, .test = "TestCount", .file = "cart_test.go",
			    .line = 10, .message = "Not equal: expected: 3 actual  : 2",
			    .error_line = 4 },
	},
	{
		.name = "the race detector's verdict",
		.log =
		"--- FAIL: TestRace (0.00s)\n"
		"    testing.go:1319: race detected during execution of test\n"
		"FAIL\n"
		"FAIL\texample.com/shop\t0.015s\n"
		"FAIL\n",
		.expect = { .kind = KIND_ASSERTION, .test = "TestRace", .file = "testing.go",
			    .line = 1319, .message = "race detected during execution of test" },
	},
	{
		.name = "everything passed",
		.log = "=== RUN   TestOne\n--- PASS: TestOne (0.00s)\nPASS\nok  \texample.com/shop\t"
		       "0.003s\n",
		.nothing = true,
		.run = 1,
	},
	{0}
};

const struct reader reader_go_test = {
	.name = "go_test",
	.language = "go",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};

/*
 * Ant: why a build ended, with its place in the build file, and the names of failed tests where the
 * report has the class and the method on different lines, or the class only. Counts, traces and
 * compile errors are read with Java's.
 */
#include "ci/jvm.h"

enum { REASON_LINES_MAX = 12 };

struct state {
	struct kept suite, test;
	bool named;			/* a failed test of the suite was named */
	unsigned long test_line, build_line;
	struct failure *failure;	/* of the build; a deeper place may follow */
};

static const struct {
	const char *words;
	enum kind kind;
	unsigned weight;
	const char *type;
} reasons[] = {
	{ "Compile failed; see the compiler", KIND_UNKNOWN, WEIGHT_CONSEQUENCE, NULL },
	{ "ests failed", KIND_UNKNOWN, WEIGHT_CONSEQUENCE, NULL },
	{ "est failed", KIND_UNKNOWN, WEIGHT_CONSEQUENCE, NULL },
	{ " returned: ", KIND_UNKNOWN, WEIGHT_CONSEQUENCE, NULL },
	{ "Test ", KIND_UNKNOWN, WEIGHT_CONSEQUENCE, NULL },
	{ "Got an error", KIND_LINT, WEIGHT_SUMMARY, "rule violations" },	/* Checkstyle's task */
	{ "Got ", KIND_LINT, WEIGHT_SUMMARY, "rule violations" },
	{ "failed to create task or type", KIND_CONFIG, WEIGHT_CERTAIN, "unknown task" },
	{ "cannot be found", KIND_CONFIG, WEIGHT_CERTAIN, "missing class" },
	{ "does not exist", KIND_CONFIG, WEIGHT_FAILURE, "missing file" },
	{ "Cannot find ", KIND_CONFIG, WEIGHT_FAILURE, "missing file" },
	{ "impossible to resolve dependencies", KIND_DEPENDENCY, WEIGHT_CERTAIN,
	  "unresolved dependency" },
};

/* "/x/build.xml:10: Tests failed.", more than one where one target calls another */
static bool reason_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text;
	struct place place;
	size_t i = 0;

	if (!place_take(&text, &place) || !place_ends(place.file, ".xml") || !str_skip(&text, ": "))
		return false;
	while (i < sizeof(reasons) / sizeof(reasons[0]) && !str_has(text, reasons[i].words))
		i++;
	if (!s->failure) {
		s->failure = findings_failure(f, KIND_UNKNOWN, WEIGHT_HINT, line->number);
		s->failure->language = "java";
		s->failure->tool = "ant";
	}
	if (i < sizeof(reasons) / sizeof(reasons[0])) {
		s->failure->kind = reasons[i].kind;
		s->failure->weight = reasons[i].weight;
		s->failure->type = reasons[i].type;
	}
	place_set(s->failure, &place);
	s->failure->message = findings_text(s->failure, text);
	s->failure->error_line = s->failure->last_line = line->number;
	return true;
}

/* "Target "nosuch" does not exist in the project "shop".", without a place */
static void target_line(struct state *s, const struct line *line, struct findings *f)
{
	if (s->failure || !str_starts(line->text, "Target \"") ||
	    !str_has(line->text, "\" does not exist in the project \""))
		return;
	s->failure = findings_failure(f, KIND_CONFIG, WEIGHT_CERTAIN, line->number);
	s->failure->language = "java";
	s->failure->tool = "ant";
	s->failure->type = "unknown target";
	s->failure->message = findings_text(s->failure, line->text);
}

static void build_line(struct state *s, const struct line *line, struct findings *f)
{
	if (line->number - s->build_line > REASON_LINES_MAX || str_starts(line->text, "Total time:")) {
		s->build_line = 0;
		s->failure = NULL;
	} else if (!reason_line(s, line, f)) {
		target_line(s, line, f);
	}
}

/* "Testcase: counts took 0.064 sec", and on the next line "	FAILED" or "	Caused an ERROR" */
static bool plain_line(struct state *s, const struct line *line, struct str text,
		       struct findings *f)
{
	struct str name;
	struct kept whole;
	bool next;

	if (str_skip(&text, "Testcase: ")) {
		if (str_split(text, " took ", &name, &text)) {
			keep(&s->test, name);
			s->test_line = line->number;
		} else if (str_ends(text, "FAILED") || str_ends(text, "Caused an ERROR")) {
			s->named = true;	/* read with the traces */
		}
		return true;
	}
	next = s->test_line && line->number == s->test_line + 1;
	s->test_line = 0;
	if (!next || !str_indent(text))
		return false;
	text = str_trim(text);
	if (!str_is(text, "FAILED") && !str_is(text, "Caused an ERROR"))
		return false;
	keep(&whole, kept_str(&s->suite));
	if (whole.size)
		jvm_append(&whole, STR("."));
	jvm_append(&whole, kept_str(&s->test));
	findings_framework(f, "junit");
	findings_test_failed(f, kept_str(&whole));
	s->named = true;
	return true;
}

static void suite_line(struct state *s, struct str text, struct findings *f)
{
	if (str_skip(&text, "Testsuite: ")) {
		keep(&s->suite, text);
		s->named = false;
	} else if (str_skip(&text, "Test ") && str_chop(&text, " FAILED") && str_char(text, ' ') < 0) {
		/* nothing but the class is told when there is no formatter */
		if (!s->named || !str_equal(text, kept_str(&s->suite)))
			findings_test_failed(f, text);
	}
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;
	struct str text = jvm_body(line->text);

	if (s->build_line)
		build_line(s, line, f);
	else if (str_is(str_trim_right(line->text), "BUILD FAILED"))
		s->build_line = line->number;
	else if (!plain_line(s, line, text, f))
		suite_line(s, text, f);
	return s->build_line || s->test_line ? AWAKE : ASLEEP;
}

static const char *const wake[] = { "BUILD FAILED", "Testsuite: ", "Testcase: ", "] Test ", NULL };

static const char *const tests[] = { "src/test/java/shop/CartTest.java",
	"src/main/java/shop/Cart.java", NULL };
static const char *const shop[] = { "build.xml", NULL };

static const struct reading examples[] = {
	{
		.name = "Ant, a brief report",
		.files = tests,
		.log =
		"    [junit] Testcase: counts(shop.CartTest):\tFAILED\n"
		"    [junit] expected:<3> but was:<2>\n"
		"    [junit] junit.framework.AssertionFailedError: expected:<3> but was:<2>\n"
		"    [junit] \tat shop.CartTest.counts(CartTest.java:9)\n"
		"    [junit] \tat java.base/jdk.internal.reflect.NativeMethodAccessorImpl.invoke0(Native "
		"Method)\n    [junit] \n",
		.expect = { .kind = KIND_ASSERTION, .tool = "junit", .test = "shop.CartTest.counts",
			    .type = "junit.framework.AssertionFailedError", .line = 9,
			    .message = "expected:<3> but was:<2>", .error_line = 3 },
	},
	{
		.name = "Ant, a plain report",
		.files = tests,
		.log =
		"    [junit] Testcase: totals took 0.001 sec\n"
		"    [junit] \tCaused an ERROR\n"
		"    [junit] Cannot invoke \"java.util.List.iterator()\" because \"this.prices\" is null\n"
		"    [junit] java.lang.NullPointerException: Cannot invoke \"java.util.List.iterator()\" "
		"because \"this.prices\" is null\n"
		"    [junit] \tat shop.Cart.total(Cart.java:15)\n"
		"    [junit] \tat shop.CartTest.totals(CartTest.java:15)\n",
		.expect = { .kind = KIND_EXCEPTION, .tool = "junit", .test = "totals",
			    .file = "src/main/java/shop/Cart.java", .line = 15, .error_line = 4 },
	},
	{
		.name = "failed tests are told above",
		.files = shop,
		.log =
		"    [junit] Testsuite: shop.CartTest\n"
		"    [junit] Tests run: 4, Failures: 1, Errors: 1, Skipped: 1, Time elapsed: 0.168 sec\n"
		"    [junit] \n"
		"    [junit] Testcase: counts took 0.064 sec\n"
		"    [junit] \tFAILED\n"
		"    [junit] expected:<3> but was:<2>\n"
		"    [junit] Test shop.CartTest FAILED\n"
		"\n"
		"BUILD FAILED\n"
		"/home/runner/work/shop/shop/build.xml:10: Tests failed.\n"
		"\n"
		"Total time: 8 seconds\n",
		.expect = { .kind = KIND_UNKNOWN, .language = "java", .tool = "ant",
			    .file = "build.xml", .line = 10, .message = "Tests failed.",
			    .error_line = 10 },
		.run = 3, .failed = 2,
	},
	{
		.name = "the deepest place",
		.files = shop,
		.log =
		"BUILD FAILED\n"
		"/home/runner/work/shop/shop/build.xml:4: The following error occurred while executing "
		"this line:\n"
		"/home/runner/work/shop/shop/build.xml:9: Cannot find /home/runner/rules.xml imported "
		"from /home/runner/work/shop/shop/build.xml\n"
		"\n"
		"Total time: 0 seconds\n",
		.expect = { .kind = KIND_CONFIG, .type = "missing file", .line = 9, .error_line = 3 },
	},
	{
		.name = "an unknown target",
		.log =
		"BUILD FAILED\n"
		"Target \"nosuch\" does not exist in the project \"shop\". \n"
		"\n"
		"Total time: 0 seconds\n",
		.expect = { .kind = KIND_CONFIG, .tool = "ant", .type = "unknown target",
			    .error_line = 2 },
	},
	{0}
};

const struct reader reader_ant = {
	.name = "ant",
	.language = "java",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.examples = examples,
};

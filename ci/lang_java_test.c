/*
 * Tests as JUnit's and TestNG's runners tell them: counts of Surefire, Failsafe, Ant, JUnitCore and
 * TestNG, and the lists of failures at their ends. Traces are read elsewhere and weigh more than a
 * line of such a list; so do names that stood with a trace.
 */
#include "ci/jvm.h"

enum { LIST_LINES_MAX = 400 };

struct counts {
	unsigned long run, failed, skipped;
};

struct state {
	struct counts pending;		/* of single classes, until a total comes that holds them */
	unsigned long class_line;	/* where the last class's counts stood */
	struct kept class_text;
	bool totalled;			/* by Gradle: classes told as well are told again */
	bool marked;			/* names stood with "<<< FAILURE!" */
	bool testng;
	bool flaky;			/* a list of tests that went well in the end */
	unsigned long list_line;	/* where a list began; 0: in none */
};

/* "Tests run: 4, Failures: 1, Errors: 1, Skipped: 1", some older and newer runners with other parts. */
static bool take_counts(struct str text, struct counts *counts)
{
	struct counts c = {0};
	bool any = false;
	unsigned long n;

	if (!str_split(text, "Tests run: ", NULL, &text) || !str_take_number(&text, &c.run))
		return false;
	while (str_skip(&text, ", ")) {
		struct str name;

		str_skip(&text, " ");
		if (!str_split(text, ": ", &name, &text) || !str_take_number(&text, &n))
			break;
		if (n > c.run || str_is(name, "Inconclusive"))
			return false;	/* the latter is NUnit's */
		if (str_is(name, "Failures"))
			any = true;
		if (str_is(name, "Failures") || str_is(name, "Errors"))
			c.failed += n;
		else if (str_is(name, "Skipped") || str_is(name, "Aborted"))
			c.skipped += n;
		else
			break;
	}
	if (!any || c.failed > c.run || c.skipped > c.run - c.failed)
		return false;
	*counts = c;
	return true;
}

static void add(struct findings *f, struct counts c)
{
	findings_counts(f, c.run - c.skipped, c.run - c.skipped - c.failed, c.failed, c.skipped);
}

/* Ant prints a class's line once for each of its formatters; Maven's total holds its classes' counts. */
static bool counts_line(struct state *s, const struct line *line, struct str text, struct findings *f)
{
	struct counts c;

	if (!take_counts(text, &c))
		return false;
	findings_framework(f, "junit");
	if (!str_has(text, "Time elapsed")) {
		add(f, c);
		s->pending = (struct counts){0};
	} else if (line->number != s->class_line + 1 || !str_equal(text, kept_str(&s->class_text))) {
		s->pending.run += c.run;
		s->pending.failed += c.failed;
		s->pending.skipped += c.skipped;
	}
	s->class_line = line->number;
	keep(&s->class_text, text);
	s->list_line = 0;
	s->flaky = false;
	return true;
}

/* "Total tests run: 5, Failures: 2, Skips: 1", since TestNG 7 with "Passes: 2" */
static bool testng_counts(struct str text, struct findings *f)
{
	struct counts c = {0};
	unsigned long passed;

	text = str_trim(text);
	if (!str_skip(&text, "Total tests run: ") || !str_take_number(&text, &c.run) ||
	    !str_skip(&text, ", "))
		return false;
	if (str_skip(&text, "Passes: ") && (!str_take_number(&text, &passed) || !str_skip(&text, ", ")))
		return false;
	if (!str_skip(&text, "Failures: ") || !str_take_number(&text, &c.failed) ||
	    !str_skip(&text, ", Skips: ") || !str_take_number(&text, &c.skipped) ||
	    c.failed > c.run || c.skipped > c.run - c.failed)
		return false;
	findings_framework(f, "testng");
	add(f, c);
	return true;
}

/* "OK (4 tests)", all that JUnitCore says when all is well. */
static bool core_ok(struct str text, struct findings *f)
{
	unsigned long n;

	if (!str_skip(&text, "OK (") || !str_take_number(&text, &n) ||
	    (!str_is(text, " tests)") && !str_is(text, " test)")))
		return false;
	findings_framework(f, "junit");
	add(f, (struct counts){ .run = n });
	return true;
}

/*
 * "CartTest.counts:9 expected:<3> but was:<2>", "CartTest.totals:14 Â» NullPointer ...", and both
 * behind "Run 1: " where Surefire ran them again.
 */
static bool listed_failure(struct state *s, struct str text, const struct line *line,
			   struct findings *f)
{
	struct str name, class, method, type = STR_NONE, rest = text;
	struct failure *failure;
	unsigned long number;
	char path[300];

	if (str_skip(&rest, "Run ") && str_take_number(&rest, &number) && str_skip(&rest, ": "))
		text = rest;
	if (!str_split(text, ":", &name, &text) || !str_take_number(&text, &number) ||
	    str_char(name, ' ') >= 0 || str_char(name, '/') >= 0 ||
	    !str_split(name, ".", &class, &method) || class.size > 250)
		return false;
	if (str_starts(text, "->"))	/* the test's own line, then where it called */
		(void)str_split(text, " ", NULL, &text);
	text = str_trim(text);
	if (str_skip(&text, "\xc2\xbb ")) {
		type = take_word(&text);
		str_chop(&type, ":");
	}
	failure = findings_failure(f, type.size ? KIND_EXCEPTION : KIND_ASSERTION,
				   WEIGHT_DIAGNOSTIC, line->number);
	failure->language = "java";
	failure->tool = "junit";
	failure->type = findings_text(failure, type);
	failure->message = findings_text(failure, text);
	failure->test = findings_text(failure, name);
	(void)str_split_last(class, ">", NULL, &class);	/* "CartTest>BaseTest.counts": inherited */
	(void)str_split(class, "$", &class, NULL);
	memcpy(path, class.at, class.size);
	memcpy(path + class.size, ".java", 5);
	place_set(failure, &(struct place){ .file = { path, class.size + 5 }, .line = number });
	if (!s->marked)
		findings_test_failed(f, name);
	return true;
}

/* "  counts(shop.CartTest): expected:<3> but was:<2>", and JUnitCore's "1) counts(shop.CartTest)" */
static bool old_failure(struct state *s, struct str text, struct findings *f)
{
	struct str method, class;
	struct kept name;
	unsigned long number;

	text = str_trim(text);
	if (str_take_number(&text, &number) && !str_skip(&text, ") "))
		return false;
	if (!str_split(text, "(", &method, &class) || !str_split(class, ")", &class, NULL) ||
	    str_char(method, ' ') >= 0 || !method.size || str_char(class, '.') <= 0 ||
	    str_char(class, ' ') >= 0 || str_char(class, '/') >= 0)
		return false;
	jvm_name(&name, str_slice(text, 0, method.size + class.size + 2));
	if (!s->marked)
		findings_test_failed(f, kept_str(&name));
	return true;
}

/* The heads of lists; what is listed below has no words of its own to be known by. */
static bool list_head(struct state *s, const struct line *line)
{
	struct str text = str_trim(line->text), rest;
	unsigned long n;

	if (str_starts(text, "Failed tests:") || str_starts(text, "Tests in error:") ||
	    str_is(text, "There was 1 failure:") ||
	    ((rest = text, str_skip(&rest, "There were ")) && str_take_number(&rest, &n) &&
	     str_is(rest, " failures:"))) {
		s->list_line = line->number;
		return true;
	}
	return false;
}

static void list_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text, rest;

	if (str_starts(text, "FAILURES!!!") || line->number - s->list_line > LIST_LINES_MAX) {
		s->list_line = 0;
		return;
	}
	rest = str_trim(text);
	if (str_skip(&rest, "Failed tests:") || str_skip(&rest, "Tests in error:"))
		rest = str_trim(rest);	/* the first one may stand behind the head */
	if (str_indent(text) == 1 || !rest.size || str_starts(rest, "at "))
		return;
	if (!old_failure(s, rest, f))
		(void)listed_failure(s, rest, line, f);
}

/* TestNG's own report: "FAILED: counts", since 7 with the class before it. */
static void testng_line(struct state *s, struct str text, struct findings *f)
{
	if (str_is(text, "[TestNG] Running:"))
		s->testng = true;
	else if (s->testng && str_skip(&text, "FAILED: ") && text.size)
		findings_test_failed(f, text);
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;
	struct str text = jvm_body(line->text), rest = text;

	if (str_has(text, "<<< "))
		s->marked = true;
	else if (str_has(text, " tests completed, "))
		s->totalled = true;
	if (counts_line(s, line, text, f) || testng_counts(text, f) || core_ok(text, f))
		return s->list_line ? AWAKE : ASLEEP;
	if (str_starts(text, "[WARNING] Flakes:"))
		s->flaky = true;
	else if (str_starts(text, "[ERROR] Failures:") || str_starts(text, "[ERROR] Errors:"))
		s->flaky = false;
	if (str_skip(&rest, "[ERROR]   ")) {
		if (!s->flaky)
			(void)listed_failure(s, rest, line, f);
	} else if (list_head(s, line) || s->list_line) {
		list_line(s, line, f);
	} else {
		testng_line(s, text, f);
	}
	return s->list_line ? AWAKE : ASLEEP;
}

static void end(void *state, struct findings *f)
{
	struct state *s = state;

	if (s->pending.run && !s->totalled)
		add(f, s->pending);
}

static const char *const wake[] = { "Tests run: ", "Total tests run: ", "OK (", "[ERROR]   ", "<<< ERROR!",
	"<<< FAILURE!", "Failed tests:", "Tests in error:", "There was 1 failure:", " failures:",
	"[TestNG] Running:", "FAILED: ", " tests completed, ",
	"[WARNING] Flakes:", "[ERROR] Failures:", "[ERROR] Errors:", NULL };

static const char *const shop[] = { "src/test/java/shop/CartTest.java", NULL };

static const struct reading examples[] = {
	{
		.name = "Surefire, a failed assertion",
		.files = shop,
		.log =
		"[ERROR] counts(shop.CartTest)  Time elapsed: 0.006 s  <<< FAILURE!\n"
		"java.lang.AssertionError: expected:<3> but was:<2>\n"
		"\tat shop.CartTest.counts(CartTest.java:9)\n",
		.expect = { .kind = KIND_ASSERTION, .tool = "junit", .test = "shop.CartTest.counts",
			    .type = "java.lang.AssertionError", .message = "expected:<3> but was:<2>",
			    .file = "src/test/java/shop/CartTest.java", .line = 9, .error_line = 2 },
	},
	{
		.name = "Surefire, an error",
		.files = shop,
		.log =
		"[ERROR] totals(shop.CartTest)  Time elapsed: 0 s  <<< ERROR!\n"
		"java.lang.NullPointerException: Cannot invoke \"java.util.List.iterator()\" "
		"because \"this.prices\" is null\n"
		"\tat shop.CartTest.totals(CartTest.java:14)\n"
		"\n",
		.expect = { .kind = KIND_EXCEPTION, .test = "shop.CartTest.totals", .line = 14,
			    .type = "java.lang.NullPointerException", .error_line = 2 },
	},
	{
		.name = "Surefire, JUnit 5 and an error without frames",
		.files = shop,
		.log =
		"[ERROR] Tests run: 2, Failures: 0, Errors: 2, Skipped: 0, Time elapsed: 1.2 s <<< FAILURE! "
		"- in shop.CartTest\n"
		"[ERROR] counts  Time elapsed: 0.748 s  <<< ERROR!\n"
		"org.mockito.exceptions.misusing.InjectMocksException: \n"
		"\n"
		"Cannot instantiate @InjectMocks field named 'cart' of type 'class shop.Cart'.\n"
		"\n"
		"Caused by: java.lang.NullPointerException\n"
		"\n"
		"[ERROR] totals  Time elapsed: 0.002 s  <<< ERROR!\n"
		"java.lang.IllegalStateException: no prices\n"
		"\n"
		"[INFO] \n",
		.expect = { .kind = KIND_EXCEPTION, .tool = "junit", .test = "shop.CartTest.counts",
			    .type = "java.lang.NullPointerException", .error_line = 7 },
		.run = 2, .failed = 2,
	},
	{
		.name = "Surefire's list and counts",
		.files = shop,
		.log =
		"[INFO] \n"
		"[INFO] Results:\n"
		"[INFO] \n"
		"[ERROR] Failures: \n"
		"[ERROR]   CartTest.counts:9 expected:<3> but was:<2>\n"
		"[ERROR] Errors: \n"
		"[ERROR]   CartTest.totals:14 » NullPointer Cannot invoke "
		"\"java.util.List.iterator()\" bec...\n"
		"[INFO] \n"
		"[ERROR] Tests run: 4, Failures: 1, Errors: 1, Skipped: 1\n"
		"[INFO] \n"
		"[INFO] ------------------------------------------------------------------------\n"
		"[INFO] BUILD FAILURE\n",
		.expect = { .kind = KIND_ASSERTION, .language = "java", .tool = "junit",
			    .test = "CartTest.counts", .line = 9,
			    .file = "src/test/java/shop/CartTest.java",
			    .message = "expected:<3> but was:<2>", .error_line = 5 },
		.run = 3, .failed = 2,
	},
	{
		.name = "Surefire, an error in the list",
		.files = shop,
		.log = "[ERROR]   CartTest.totals:14 \u00bb NullPointer Cannot invoke "
		       "\"java.util.List.iterator()\" bec...\n",
		.expect = { .kind = KIND_EXCEPTION, .type = "NullPointer", .test = "CartTest.totals",
			    .line = 14, .error_line = 1 },
	},
	{
		.name = "Ant: classes, each told by two formatters",
		.log =
		"    [junit] Running shop.CartTest\n"
		"    [junit] Testsuite: shop.CartTest\n"
		"    [junit] Tests run: 4, Failures: 1, Errors: 1, Skipped: 1, Time elapsed: 0.168 sec\n"
		"    [junit] Tests run: 4, Failures: 1, Errors: 1, Skipped: 1, Time elapsed: 0.168 sec\n"
		"    [junit] \n"
		"    [junit] Running shop.GoodTest\n"
		"    [junit] Tests run: 1, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.042 sec\n"
		"    [junit] Tests run: 1, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.042 sec\n",
		.nothing = true,
		.run = 4, .failed = 2,
	},
	{
		.name = "Surefire, a test that was run again",
		.files = shop,
		.log =
		"[ERROR] Tests run: 6, Failures: 2, Errors: 2, Skipped: 1, Time elapsed: 0.021 s <<< "
		"FAILURE! - in shop.CartTest\n"
		"[INFO] Results:\n"
		"[INFO] \n"
		"[ERROR] Failures: \n"
		"[ERROR] shop.CartTest.counts(shop.CartTest)\n"
		"[ERROR]   Run 1: CartTest.counts:9 expected:<3> but was:<2>\n"
		"[ERROR]   Run 2: CartTest.counts:9 expected:<3> but was:<2>\n"
		"[INFO] \n"
		"[ERROR] Tests run: 5, Failures: 1, Errors: 1, Skipped: 1\n",
		.expect = { .kind = KIND_ASSERTION, .tool = "junit", .test = "CartTest.counts",
			    .line = 9, .error_line = 6 },
		.run = 4, .failed = 2,
	},
	{
		.name = "a test that went well in the end",
		.log =
		"[WARNING] Flakes: \n"
		"[WARNING] shop.CartTest.counts\n"
		"[ERROR]   Run 1: CartTest.counts:9 expected:<3> but was:<2>\n"
		"[INFO]   Run 2: PASS\n"
		"[INFO] \n"
		"[WARNING] Tests run: 3, Failures: 0, Errors: 0, Skipped: 0, Flakes: 1\n",
		.nothing = true,
		.run = 3,
	},
	{
		.name = "an older Surefire",
		.files = shop,
		.log =
		"Tests run: 4, Failures: 1, Errors: 1, Skipped: 1, Time elapsed: 0.051 sec\n"
		"\n"
		"Results :\n"
		"\n"
		"Failed tests: \n"
		"  CartTest.counts:9 expected:<3> but was:<2>\n"
		"\n"
		"Tests in error: \n"
		"  totals(shop.CartTest)\n"
		"\n"
		"Tests run: 4, Failures: 1, Errors: 1, Skipped: 1\n",
		.expect = { .kind = KIND_ASSERTION, .test = "CartTest.counts", .line = 9,
			    .error_line = 6 },
		.run = 3, .failed = 2,
	},
	{
		.name = "JUnitCore",
		.files = shop,
		.log =
		"JUnit version 4.13.2\n"
		".E.EI..\n"
		"Time: 0.008\n"
		"There were 2 failures:\n"
		"1) counts(shop.CartTest)\n"
		"java.lang.AssertionError: expected:<3> but was:<2>\n"
		"\tat shop.CartTest.counts(CartTest.java:9)\n"
		"2) totals(shop.CartTest)\n"
		"java.lang.NullPointerException: Cannot invoke \"java.util.List.iterator()\"\n"
		"\tat shop.Cart.total(Cart.java:15)\n"
		"\n"
		"FAILURES!!!\n"
		"Tests run: 4,  Failures: 2\n",
		.expect = { .kind = KIND_ASSERTION, .line = 9, .error_line = 6 },
		.run = 4, .failed = 2,
	},
	{
		.name = "TestNG",
		.log =
		"===============================================\n"
		"Command line suite\n"
		"Total tests run: 5, Failures: 2, Skips: 1\n"
		"===============================================\n"
		"Total tests run: 2, Passes: 2, Failures: 0, Skips: 0\n",
		.nothing = true,
		.run = 6, .failed = 2,
	},
	{
		.name = "all is well",
		.log = "[INFO] Tests run: 3, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.1 s - in "
		       "shop.CartTest\n[INFO] \n[INFO] Tests run: 3, Failures: 0, Errors: 0, Skipped: 0\n",
		.nothing = true,
		.run = 3,
	},
	{0}
};

const struct reader reader_java_test = {
	.name = "java_test",
	.language = "java",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};

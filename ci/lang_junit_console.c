/*
 * The report of JUnit's console launcher: the failures at its end, each with the method and the
 * innermost frames, and the table of counts. The tree above tells the same in less words.
 */
#include "ci/jvm.h"

enum { FRAME_LINES_MAX = 40 };

struct state {
	unsigned long found, skipped, table_line;
	unsigned long name_line;
	struct kept test;
	struct failure *failure;
};

/* "[         3 tests failed          ]": the line of the failed ones ends the table. */
static bool table_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = str_trim(line->text);
	unsigned long n, skipped = s->skipped;

	if (!str_skip(&text, "[ ") || !str_chop(&text, " ]"))
		return false;
	text = str_trim(text);
	if (!str_take_number(&text, &n))
		return false;
	if (str_is(text, " tests found")) {
		s->found = n;
		s->skipped = 0;
		s->table_line = line->number;
	} else if (str_is(text, " tests skipped") || str_is(text, " tests aborted")) {
		s->skipped += n;
	} else if (str_is(text, " tests failed") && s->table_line &&
		   line->number - s->table_line < 10) {
		s->table_line = 0;
		if (s->found < n || s->found - n < skipped)
			return true;
		findings_framework(f, "junit");
		findings_counts(f, s->found - skipped, s->found - skipped - n, n, skipped);
	}
	return true;
}

/* "    MethodSource [className = 'shop.BasketTest', methodName = 'counts', methodParameterTypes = '']" */
static bool name_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str class, method;

	if (!str_split(line->text, "MethodSource [className = '", NULL, &class) ||
	    !str_split(class, "', methodName = '", &class, &method) ||
	    !str_split(method, "'", &method, NULL))
		return false;
	keep(&s->test, class);
	jvm_append(&s->test, STR("."));
	jvm_append(&s->test, method);
	s->name_line = line->number;
	findings_test_failed(f, kept_str(&s->test));
	return true;
}

/* "    => org.opentest4j.AssertionFailedError: expected: <3> but was: <2>" */
static bool error_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = str_trim(line->text), type, message = STR_NONE;

	if (!s->name_line || line->number - s->name_line > 2 || !str_skip(&text, "=> "))
		return false;
	if (!str_split(text, ": ", &type, &message))
		type = text;
	s->failure = findings_failure(f, jvm_kind(type), WEIGHT_TRACE, s->name_line);
	s->failure->language = "java";
	s->failure->tool = "junit";
	s->failure->type = findings_text(s->failure, type);
	s->failure->message = findings_text(s->failure, message);
	s->failure->test = findings_text(s->failure, kept_str(&s->test));
	s->failure->error_line = s->failure->last_line = line->number;
	s->name_line = 0;
	return true;
}

static void finish(struct state *s)
{
	if (s->failure)
		trace_turn(s->failure);
	s->failure = NULL;
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;
	struct str text = str_trim(line->text);

	if (s->failure && jvm_frame(s->failure, text)) {
		s->failure->last_line = line->number;
		return AWAKE;
	}
	if (s->failure && !s->failure->frame_count && text.size &&
	    line->number - s->failure->error_line < FRAME_LINES_MAX)
		return AWAKE;	/* a message of several lines */
	finish(s);
	if (table_line(s, line, f))
		return ASLEEP;
	return name_line(s, line, f) || error_line(s, line, f) ? AWAKE : ASLEEP;
}

static void end(void *state, struct findings *f)
{
	(void)f;
	finish(state);
}

static const char *const wake[] = { "MethodSource [className = '", " tests found ", " tests skipped ",
	" tests aborted ", " tests failed ", NULL };

static const struct reading examples[] = {
	{
		.name = "two failures and the table",
		.files = (const char *const[]){ "src/test/java/shop/BasketTest.java", NULL },
		.log =
		"Failures (3):\n"
		"  JUnit Jupiter:BasketTest:breaks()\n"
		"    MethodSource [className = 'shop.BasketTest', methodName = 'breaks', "
		"methodParameterTypes = '']\n"
		"    => java.lang.IllegalStateException: no basket\n"
		"       shop.BasketTest.breaks(BasketTest.java:8)\n"
		"       java.base/jdk.internal.reflect.NativeMethodAccessorImpl.invoke0(Native Method)\n"
		"       [...]\n"
		"  JUnit Jupiter:BasketTest:Inner:deep()\n"
		"    MethodSource [className = 'shop.BasketTest$Inner', methodName = 'deep', "
		"methodParameterTypes = '']\n"
		"    => org.opentest4j.AssertionFailedError: deep down ==> expected: <true> but was: "
		"<false>\n"
		"       org.junit.jupiter.api.AssertionUtils.fail(AssertionUtils.java:55)\n"
		"       shop.BasketTest$Inner.deep(BasketTest.java:9)\n"
		"       [...]\n"
		"\n"
		"Test run finished after 602 ms\n"
		"[         5 containers found      ]\n"
		"[         0 containers skipped    ]\n"
		"[         0 containers failed     ]\n"
		"[         5 tests found           ]\n"
		"[         1 tests skipped         ]\n"
		"[         4 tests started         ]\n"
		"[         0 tests aborted         ]\n"
		"[         2 tests successful      ]\n"
		"[         2 tests failed          ]\n",
		.expect = { .kind = KIND_EXCEPTION, .language = "java", .tool = "junit",
			    .type = "java.lang.IllegalStateException", .message = "no basket",
			    .file = "src/test/java/shop/BasketTest.java", .line = 8,
			    .test = "shop.BasketTest.breaks", .error_line = 4 },
		.run = 4, .failed = 2,
	},
	{
		.name = "an assertion below JUnit's own frames",
		.files = (const char *const[]){ "src/test/java/shop/BasketTest.java", NULL },
		.log =
		"    MethodSource [className = 'shop.BasketTest$Inner', methodName = 'deep', "
		"methodParameterTypes = '']\n"
		"    => org.opentest4j.AssertionFailedError: deep down ==> expected: <true> but was: "
		"<false>\n"
		"       org.junit.jupiter.api.AssertionUtils.fail(AssertionUtils.java:55)\n"
		"       shop.BasketTest$Inner.deep(BasketTest.java:9)\n"
		"       [...]\n",
		.expect = { .kind = KIND_ASSERTION, .file = "src/test/java/shop/BasketTest.java",
			    .line = 9, .test = "shop.BasketTest$Inner.deep", .error_line = 2 },
	},
	{
		.name = "all is well",
		.log =
		"[         5 tests found           ]\n"
		"[         1 tests skipped         ]\n"
		"[         4 tests started         ]\n"
		"[         0 tests aborted         ]\n"
		"[         4 tests successful      ]\n"
		"[         0 tests failed          ]\n",
		.nothing = true,
		.run = 4,
	},
	{0}
};

const struct reader reader_junit_console = {
	.name = "junit_console",
	.language = "java",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};

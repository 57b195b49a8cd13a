/*
 * Failed .NET tests and how many ran: `dotnet test` (VSTest and Microsoft.Testing.Platform, plain and
 * terminal logger) with xUnit, NUnit and MSTest, and the consoles of xUnit and NUnit 2 and 3. Traces
 * outside of tests have their own reader.
 */
#include "ci/dotnet.h"
#include "ci/dotnet_counts.h"

enum { BODY_LINES_MAX = 200, MESSAGE_LINES_MAX = 4, NAME_LINES_MAX = 2 };

enum part { PART_NONE, PART_NAMED, PART_MESSAGE, PART_TRACE };
struct state {
	enum part part;
	struct failure *failure;
	struct kept test, message;
	struct place place;		/* of a test whose name comes on the next line */
	unsigned long first;
	unsigned lines, said;
	struct dotnet_counts counts;
	const char *tool;
};

/* "Shop.Tests.CartTests.Totals [12 ms]", "... [< 1 ms]", "... (1s 100ms)" */
static bool without_duration(struct str *name, const char *open, const char *close)
{
	struct str rest = *name, time, before;

	if (!str_chop(&rest, close) || !str_split_last(rest, open, &before, &time) || !time.size)
		return false;
	for (size_t i = 0; i < time.size; i++)
		if (!strchr("0123456789., <hms", time.at[i]))
			return false;
	if (!strchr("smh", time.at[time.size - 1]))
		return false;
	*name = before;
	return true;
}

static void begin(struct state *s, struct findings *f, const struct line *line)
{
	s->failure = findings_failure(f, KIND_ASSERTION, WEIGHT_FAILURE, s->first);
	s->failure->error_line = line->number;
	s->failure->language = "c#";
	s->failure->tool = s->tool ? s->tool : "vstest";
	s->failure->test = findings_text(s->failure, kept_str(&s->test));
	if (s->place.file.size)
		place_set(s->failure, &s->place);
	s->place = (struct place){0};
	s->message.size = 0;
	s->said = 0;
	s->part = PART_MESSAGE;
	findings_framework(f, s->failure->tool);
	findings_test_failed(f, kept_str(&s->test));
}

static void finish(struct state *s)
{
	if (s->failure)
		trace_turn(s->failure);
	s->failure = NULL;
	s->part = PART_NONE;
}

static void open_test(struct state *s, struct findings *f, const struct line *line, struct str name,
		      const char *tool)
{
	finish(s);
	if (tool)
		s->tool = tool;
	keep(&s->test, str_trim(name));
	s->first = line->number;
	s->lines = 0;
	begin(s, f, line);
}

/* "1) Failed : Shop.Tests.CartTests.Totals", NUnit's list at the end */
static bool nunit_header(struct state *s, const struct line *line, struct findings *f)
{
	static const char *const words[] = { ") Failed : ", ") Error : ", ") Test Failure : ",
		") Test Error : ", ") SetUp Error : ", ") TearDown Error : ", ") Invalid : ", NULL };
	struct str text = line->text;
	unsigned long number;

	if (!str_take_number(&text, &number))
		return false;
	for (size_t i = 0; words[i]; i++) {
		struct str name = text;

		if (!str_skip(&name, words[i]) || !name.size)
			continue;
		if (!str_skip(&name, "Test "))
			(void)str_skip(&name, "Fixture ");
		open_test(s, f, line, name, "nunit");
		return true;
	}
	return false;
}

/* "/src/CartTests.cs(14): error TESTERROR:", and the test's name on the next line */
static bool logger_header(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = str_trim(line->text), file, number;

	(void)f;
	if (!str_split(text, ": error TESTERROR:", &text, NULL))
		return false;
	finish(s);
	s->place = (struct place){0};
	if (str_chop(&text, ")") && str_split_last(text, "(", &file, &number) &&
	    str_number(number, &s->place.line)) {
		keep(&s->message, file);
		s->place.file = kept_str(&s->message);
	}
	s->first = line->number;
	s->test.size = 0;
	s->lines = 0;
	s->part = PART_NAMED;
	return true;
}

static bool header(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text, name;
	bool old;

	if (str_has(text, " [FAIL]")) {
		if (str_skip(&text, "[xUnit.net ") && !str_split(text, "] ", NULL, &text))
			return false;
		text = str_trim(text);
		if (!str_chop(&text, " [FAIL]") || str_char(text, '.') < 0)
			return false;
		open_test(s, f, line, text, "xunit");
		return true;
	}
	name = text;
	if (str_skip(&name, "failed ") && without_duration(&name, " (", ")")) {
		open_test(s, f, line, name, NULL);
		return true;
	}
	if (nunit_header(s, line, f) || logger_header(s, line, f))
		return true;
	old = str_skip(&text, "Failed   ");
	if (!old && !str_skip(&text, "  Failed ") && !str_skip(&text, "  X "))
		return false;
	name = text = str_trim(text);
	if (!without_duration(&name, " [", "]") && str_char(name, '.') <= 0 && !old)
		return false;
	finish(s);
	keep(&s->test, name);
	s->first = line->number;
	s->lines = 0;
	s->part = PART_NAMED;
	return true;
}

/* A test was named: what comes next must be its message. */
static bool named(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = str_trim(line->text), name, message;

	if (!s->test.size) {		/* "Shop.Tests.CartTests.Totals (12ms): Error Message: ..." */
		if (!str_split(text, ": Error Message: ", &name, &message))
			return false;
		(void)without_duration(&name, " (", ")");
		keep(&s->test, name);
		begin(s, f, line);
		return true;
	}
	if (str_is(text, "Error Message:") || str_is(text, "Stack Trace:")) {
		begin(s, f, line);
		if (str_starts(text, "Stack"))
			s->part = PART_TRACE;
		return true;
	}
	return ++s->lines < NAME_LINES_MAX && !text.size;
}

/* "Shop.NoPrice : no price", "System.InvalidOperationException: no price" */
static bool exception_of(struct str text, struct str *type, struct str *message)
{
	struct str name, rest;

	if (!str_split(text, " : ", &name, &rest) && !str_split(text, ": ", &name, &rest))
		return false;
	if (str_char(name, '.') <= 0 || str_char(name, ' ') >= 0 || !str_ends(name, "Exception"))
		return false;
	*type = name;
	*message = rest;
	return true;
}

static void first_words(struct state *s, struct str *text)
{
	struct str type, message, name = *text;

	if (exception_of(*text, &type, &message)) {
		if (str_has(type, "Assert") || str_has(type, "Xunit.Sdk."))
			s->failure->type = NULL;
		else
			s->failure->kind = str_has(type, "Timeout") ? KIND_TIMEOUT : KIND_EXCEPTION;
		if (s->failure->kind != KIND_ASSERTION)
			s->failure->type = findings_text(s->failure, type);
		*text = message;
	} else if (str_starts(name, "Assert.") || str_starts(name, "CollectionAssert.") ||
		   str_starts(name, "StringAssert.")) {
		if (str_split(name, "() Failure", &type, NULL))
			s->failure->tool = s->tool = "xunit";
		else if (str_split(name, " failed.", &type, NULL))
			s->failure->tool = s->tool = "mstest";
		else if (str_split(name, "(", &type, NULL))
			s->failure->tool = s->tool = "nunit";
		else
			return;
		s->failure->type = findings_text(s->failure, type);
	}
}

static void say(struct state *s, const struct line *line, struct str text)
{
	struct kept *all = &s->message;

	(void)str_split(text, ": Error Message: ", NULL, &text);
	if (!text.size || s->said >= MESSAGE_LINES_MAX ||
	    (str_starts(text, "Test method ") && str_ends(text, " threw exception:")) ||
	    (str_starts(text, "from ") && str_has(text, ".dll")))
		return;
	if (!s->said++) {
		s->failure->error_line = line->number;
		first_words(s, &text);
	}
	if (str_starts(text, "But was: ") && !str_is(str_of(s->tool), "nunit"))
		s->failure->tool = s->tool = "nunit";
	if (all->size && all->size + text.size + 1 < sizeof(all->at))
		all->at[all->size++] = ' ';
	for (size_t i = 0; i < text.size && all->size < sizeof(all->at); i++)
		all->at[all->size++] = text.at[i];
	s->failure->message = findings_text(s->failure, kept_str(all));
}

static bool body(struct state *s, const struct line *line)
{
	struct str text = line->text, function;
	struct place place;

	if (++s->lines > BODY_LINES_MAX)
		return false;
	if (str_skip(&text, "[xUnit.net ") && !str_split(text, "] ", NULL, &text))
		return false;
	text = str_trim(text);
	if (dotnet_frame(text, &function, &place)) {
		s->part = PART_TRACE;
		if (s->failure->kind == KIND_EXCEPTION)
			s->failure->weight = WEIGHT_TRACE;
		dotnet_add_frame(s->failure, &place, function);
	} else if (str_is(text, "Stack Trace:")) {
		s->part = PART_TRACE;
	} else if (s->part == PART_TRACE) {
		if (!str_starts(text, "--- End of ") && !str_starts(text, "---> ") &&
		    line->mark != MARK_ERROR)
			return false;
	} else if (!str_is(text, "Error Message:")) {
		say(s, line, text);
	}
	s->failure->last_line = line->number;
	return true;
}

/* The process that ran the tests died: none of them says why. */
static bool aborted(const struct line *line, struct findings *f)
{
	struct str text = line->text;
	struct failure *failure;

	if (!str_split(text, "The active test run was aborted. Reason: ", NULL, &text))
		return false;
	failure = findings_failure(f, KIND_EXCEPTION, WEIGHT_HINT, line->number);
	failure->language = "c#";
	failure->tool = "vstest";
	failure->type = "test run aborted";
	failure->message = findings_text(failure, text);
	return true;
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;

	if (header(s, line, f)) {
		;
	} else if (s->part == PART_NAMED) {
		if (!named(s, line, f))
			s->part = PART_NONE;
		else if (s->part == PART_MESSAGE && str_has(line->text, ": Error Message: "))
			say(s, line, str_trim(line->text));
	} else if (s->failure && !body(s, line)) {
		finish(s);
	}
	if (!s->failure && s->part == PART_NONE && !dotnet_count(&s->counts, line, &s->tool, f))
		(void)aborted(line, f);
	return s->failure || s->part != PART_NONE || s->counts.listing ? AWAKE : ASLEEP;
}

static void end(void *state, struct findings *f)
{
	(void)f;
	finish(state);
}

static const char *const wake[] = { "  Failed ", "Failed   ", "  X ", " [FAIL]", ": error TESTERROR:",
	"failed ", ") Failed : ", ") Error : ", ") Test Failure : ", ") Test Error : ",
	") SetUp Error : ", "- Failed: ", "Total tests: ", "Test summary: total: ",
	"Test run summary: ", "  Total: ", "Test Count: ", ", Inconclusive: ",
	"The active test run was aborted.", NULL };

static const char *const shop[] = { "tests/CartTests.cs", "src/Cart.cs", "T.cs", NULL };

static const struct reading examples[] = {
	{
		.name = "dotnet test, xUnit",
		.files = shop,
		.log =
		"Test run for /src/tests/bin/Debug/net8.0/Shop.Tests.dll (.NETCoreApp,Version=v8.0)\n"
		"Starting test execution, please wait...\n"
		"A total of 1 test files matched the specified pattern.\n"
		"[xUnit.net 00:00:00.55]     Shop.Tests.CartTests.Totals [FAIL]\n"
		"  Failed Shop.Tests.CartTests.Totals [12 ms]\n"
		"  Error Message:\n"
		"   Assert.Equal() Failure: Values differ\n"
		"Expected: 6\n"
		"Actual:   5\n"
		"  Stack Trace:\n"
		"     at Shop.Tests.CartTests.Totals() in /src/tests/CartTests.cs:line 14\n"
		"   at System.Reflection.MethodBaseInvoker.InterpretedInvoke_Method(Object obj, "
		"IntPtr* args)\n"
		"\n"
		"Failed!  - Failed:     1, Passed:     2, Skipped:     1, Total:     4, Duration: 12 ms - "
		"Shop.Tests.dll (net8.0)\n",
		.expect = { .kind = KIND_ASSERTION, .language = "c#", .tool = "xunit",
			    .type = "Assert.Equal", .test = "Shop.Tests.CartTests.Totals",
			    .message = "Assert.Equal() Failure: Values differ Expected: 6 Actual:   5",
			    .file = "tests/CartTests.cs", .line = 14,
			    .function = "Shop.Tests.CartTests.Totals", .error_line = 7 },
		.run = 4, .failed = 1,
	},
	{
		.name = "VSTest, NUnit, an exception; counts one a line",
		.files = shop,
		.log =
		"  Failed Throws [35 ms]\n"
		"  Error Message:\n"
		"   System.InvalidOperationException : no price\n"
		"  Stack Trace:\n"
		"     at Shop.Cart.Price(String name) in /src/Cart.cs:line 7\n"
		"   at Shop.Tests.CartTests.Throws() in /src/tests/CartTests.cs:line 20\n"
		"\n"
		"  Standard Output Messages:\n"
		" hello\n"
		"\n"
		"Test Run Failed.\n"
		"Total tests: 3\n"
		"     Passed: 2\n"
		"     Failed: 1\n"
		" Total time: 0.5333 Seconds\n",
		.expect = { .kind = KIND_EXCEPTION, .type = "System.InvalidOperationException",
			    .message = "no price", .test = "Throws", .file = "src/Cart.cs", .line = 7,
			    .function = "Shop.Cart.Price", .error_line = 3 },
		.run = 3, .failed = 1,
	},
	{
		.name = "VSTest of old, MSTest",
		.files = shop,
		.log =
		"Failed   Shop.Tests.CartTests.Totals\n"
		"Error Message:\n"
		" Assert.AreEqual failed. Expected:<6>. Actual:<5>. \n"
		"Stack Trace:\n"
		"   at Shop.Tests.CartTests.Totals() in /src/tests/CartTests.cs:line 14\n"
		"\n"
		"Total tests: 3. Passed: 1. Failed: 1. Skipped: 1.\n"
		"Test Run Failed.\n",
		.expect = { .kind = KIND_ASSERTION, .tool = "mstest", .type = "Assert.AreEqual",
			    .test = "Shop.Tests.CartTests.Totals", .line = 14,
			    .message = "Assert.AreEqual failed. Expected:<6>. Actual:<5>." },
		.run = 3, .failed = 1,
	},
	{
		.name = "the terminal logger",
		.files = shop,
		.log =
		"  Shop.Tests test failed with 1 error(s) (0.8s)\n"
		"    /src/tests/CartTests.cs(14): error TESTERROR: \n"
		"      Shop.Tests.CartTests.Totals (2ms): Error Message: Assert.Equal() Failure: Values "
		"differ\n"
		"      Expected: 6\n"
		"      Actual:   5\n"
		"      Stack Trace:\n"
		"         at Shop.Tests.CartTests.Totals() in /src/tests/CartTests.cs:line 14\n"
		"\n"
		"Test summary: total: 5, failed: 1, succeeded: 4, skipped: 0, duration: 0.8s\n"
		"Build failed with 1 error(s) in 1.4s\n",
		.expect = { .kind = KIND_ASSERTION, .tool = "xunit", .type = "Assert.Equal",
			    .test = "Shop.Tests.CartTests.Totals", .file = "tests/CartTests.cs",
			    .line = 14, .error_line = 3,
			    .message = "Assert.Equal() Failure: Values differ Expected: 6 Actual:   5" },
		.run = 5, .failed = 1,
	},
	{
		.name = "Microsoft.Testing.Platform",
		.files = shop,
		.log =
		"failed Shop.Tests.CartTests.Totals (1s 100ms)\n"
		"  Assert.AreEqual failed. Expected:<6>. Actual:<5>.\n"
		"    at Shop.Tests.CartTests.Totals() in /src/tests/CartTests.cs:14\n"
		"\n"
		"Test run summary: Failed! - bin/Debug/net9.0/Shop.Tests.dll (net9.0|x64)\n"
		"  total: 3\n  failed: 1\n  succeeded: 2\n  skipped: 0\n  duration: 1s 200ms\n",
		.expect = { .kind = KIND_ASSERTION, .tool = "mstest", .line = 14,
			    .test = "Shop.Tests.CartTests.Totals", .error_line = 2 },
		.run = 3, .failed = 1,
	},
	{
		.name = "xUnit's own console",
		.files = shop,
		.log =
		"    Shop.Tests.CartTests.Small(n: 2) [FAIL]\n"
		"      Assert.True() Failure\n"
		"      Expected: True\n"
		"      Actual:   False\n"
		"      Stack Trace:\n"
		"        /src/tests/CartTests.cs(28,0): at Shop.Tests.CartTests.Small(Int32 n)\n"
		"  Finished:    Shop.Tests\n"
		"=== TEST EXECUTION SUMMARY ===\n"
		"   Shop.Tests  Total: 3, Errors: 0, Failed: 1, Skipped: 0, Time: 0.123s\n",
		.expect = { .kind = KIND_ASSERTION, .tool = "xunit", .type = "Assert.True",
			    .test = "Shop.Tests.CartTests.Small(n: 2)", .line = 28,
			    .file = "tests/CartTests.cs", .error_line = 2 },
		.run = 3, .failed = 1,
	},
	{
		.name = "NUnit 2's console",
		.files = shop,
		.log =
		"..N..F.F.F\n"
		"Tests run: 5, Errors: 1, Failures: 2, Inconclusive: 0, Time: 0.2007889 seconds\n"
		"  Not run: 1, Invalid: 0, Ignored: 1, Skipped: 0\n"
		"\n"
		"Errors and Failures:\n"
		"1) Test Failure : Shop.Tests.CartTests.Small(2)\n"
		"     Expected: less than 2\n"
		"  But was:  2\n"
		"\n"
		"at Shop.Tests.CartTests.Small (System.Int32 n) [0x00012] in /src/T.cs:9\n"
		"at (wrapper managed-to-native) System.Reflection.RuntimeMethodInfo.InternalInvoke(Syst"
		"em.Reflection.RuntimeMethodInfo,object,object[],System.Exception&)\n"
		"\n"
		"2) Test Error : Shop.Tests.CartTests.Throws\n"
		"   System.InvalidOperationException : no price\n"
		"  at Shop.Tests.CartTests.Throws () [0x00001] in "
		"<bb628c2a2a634b6b9e8144eb462ac660>:0 \n",
		.expect = { .kind = KIND_ASSERTION, .tool = "nunit", .file = "T.cs", .line = 9,
			    .test = "Shop.Tests.CartTests.Small(2)",
			    .message = "Expected: less than 2 But was:  2", .error_line = 7 },
		.run = 5, .failed = 3,
	},
	{
		.name = "all is well, and words that look alike",
		.log = "failed to reach the cache (3 tries)\n  Failed downloads: 0\n"
		       "Passed!  - Failed:     0, Passed:     3, Skipped:     0, Total:     3, Duration: 9 "
		       "ms - Shop.Tests.dll (net8.0)\n",
		.nothing = true,
		.run = 3,
	},
	{0}
};

const struct reader reader_dotnet_test = {
	.name = "dotnet_test",
	.language = "c#",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};

/*
 * ExUnit: failed tests with their reason and stack, and the counts. The values of an assertion are
 * left in the log; the place of the test itself stands in when the stack has none of the project.
 */
#include "ci/elixir.h"

enum { ITEM_LINES_MAX = 300 };
enum stage { STAGE_NONE, STAGE_PLACE, STAGE_REASON, STAGE_BODY, STAGE_STACK };

struct state {
	enum stage stage;
	struct failure *failure;
	struct kept test, file;
	unsigned long at_line, first, last;
};

static bool has_place(const struct failure *failure)
{
	for (size_t i = 0; i < failure->frame_count; i++)
		if (failure->frames[i].file)
			return true;
	return false;
}

static void finish(struct state *s)
{
	struct place place = { .file = kept_str(&s->file), .line = s->at_line };

	if (s->failure) {
		trace_turn(s->failure);
		s->failure->last_line = s->last;
		if (place.file.size && !has_place(s->failure) && !s->failure->file)
			place_set(s->failure, &place);
	}
	s->failure = NULL;
	s->stage = STAGE_NONE;
}

/* "  3) test owner has a name (ShopTest)", "  1) ShopTest: failure on setup_all callback, ..." */
static bool item_line(struct state *s, const struct line *line)
{
	struct str text = str_trim(line->text);
	unsigned long n;

	if (!str_indent(line->text) || str_indent(line->text) > 4 || !str_take_number(&text, &n) ||
	    !str_skip(&text, ") "))
		return false;
	if (!((str_starts(text, "test ") || str_starts(text, "doctest ") ||
	       str_starts(text, "property ")) && str_ends(text, ")")) &&
	    !str_has(text, ": failure on setup_all callback"))
		return false;
	finish(s);
	keep(&s->test, text);
	s->file.size = 0;
	s->first = s->last = line->number;
	s->stage = STAGE_PLACE;
	return true;
}

static void reason_line(struct state *s, const struct line *line, struct str text,
			struct findings *f)
{
	struct str type = STR_NONE, message = text;
	bool error = elixir_error(text, &type, &message);

	s->failure = findings_failure(f, error ? KIND_EXCEPTION : KIND_ASSERTION, WEIGHT_TRACE,
				      s->first);
	s->failure->language = "elixir";
	s->failure->tool = "exunit";
	s->failure->test = findings_text(s->failure, kept_str(&s->test));
	findings_test_failed(f, kept_str(&s->test));
	elixir_set_error(s->failure, type, message, line->number);
	s->stage = STAGE_BODY;
}

/* In the body, the exception of a linked process: "    ** (RuntimeError) in process" */
static void body_line(struct state *s, const struct line *line, struct str text)
{
	struct str type, message;

	if (str_is(text, "stacktrace:")) {
		s->stage = STAGE_STACK;
	} else if (s->failure->type && str_starts(str_of(s->failure->type), "EXIT from ") &&
		   elixir_error(text, &type, &message)) {
		elixir_set_error(s->failure, type, message, line->number);
		s->stage = STAGE_STACK;
	}
}

static bool inside(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = str_trim(line->text), rest = text;
	struct place place;

	if (line->number - s->first > ITEM_LINES_MAX || line->mark == MARK_GROUP ||
	    str_starts(line->text, "Finished in "))
		return false;
	if (!text.size)
		return s->stage != STAGE_STACK || !s->failure->frame_count;
	if (str_indent(line->text) < 5)		/* output of a test, perhaps */
		return s->stage != STAGE_STACK;
	if (s->stage == STAGE_PLACE && place_take(&rest, &place) && !rest.size) {
		keep(&s->file, place.file);
		s->at_line = place.line;
		s->stage = STAGE_REASON;
	} else if (s->stage == STAGE_PLACE || s->stage == STAGE_REASON) {
		reason_line(s, line, text, f);
	} else if (s->stage == STAGE_BODY) {
		body_line(s, line, text);
	} else if (!elixir_add_frame(s->failure, text)) {
		return false;
	}
	s->last = line->number;
	return true;
}

/* "11 tests, 9 failures, 1 skipped", "2 doctests, 3 properties, 11 tests, 0 failures, 10 excluded" */
static bool counts_line(const struct line *line, struct findings *f)
{
	static const char *const tests[] = { " test", " doctest", " propert" };
	struct str text = line->text, part;
	unsigned long run = 0, failed = 0, not_run = 0, n;
	bool told = false;

	if (!str_has(text, " failure") || str_has(text, " example"))
		return false;
	while (str_next(&text, ',', &part)) {
		part = str_trim(part);
		if (!str_take_number(&part, &n))
			return false;
		for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
			if (str_starts(part, tests[i]))
				run += n;
		if (str_is(part, " failure") || str_is(part, " failures")) {
			failed = n;
			told = true;
		} else if (str_is(part, " skipped") || str_is(part, " excluded")) {
			not_run += n;
		} else if (str_is(part, " invalid")) {
			failed += n;
		} else if (str_has(part, " assertion") || str_has(part, " error")) {
			return false;		/* another tool's */
		}
	}
	if (!told || failed + not_run > run)
		return false;
	findings_framework(f, "exunit");
	findings_counts(f, run - not_run, run - not_run - failed, failed, not_run);
	return true;
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;

	if (item_line(s, line))
		return AWAKE;
	if (counts_line(line, f) || (s->stage != STAGE_NONE && !inside(s, line, f)))
		finish(s);
	return s->stage == STAGE_NONE ? ASLEEP : AWAKE;
}

static void end(void *state, struct findings *f)
{
	(void)f;
	finish(state);
}

static const char *const wake[] = { ") test ", ") doctest ", ") property ",
	": failure on setup_all callback", " tests, ", " test, ", NULL };

static const char *const shop[] = { "lib/shop.ex", "test/shop_test.exs", NULL };

static const struct reading examples[] = {
	{
		.name = "errors in the project, and an assertion",
		.files = shop,
		.log =
		"Compiling 1 file (.ex)\n"
		"Generated shop app\n"
		"\n"
		"  1) test is zero (ShopTest)\n"
		"     test/shop_test.exs:6\n"
		"     ** (ArithmeticError) bad argument in arithmetic expression: div(0, 0)\n"
		"     code: Shop.mean([])\n"
		"     stacktrace:\n"
		"       :erlang.div(0, 0)\n"
		"       (shop 0.1.0) lib/shop.ex:2: Shop.mean/1\n"
		"       test/shop_test.exs:7: (test)\n"
		"\n"
		"\n"
		"\n"
		"  2) test owner has a name (ShopTest)\n"
		"     test/shop_test.exs:10\n"
		"     ** (FunctionClauseError) no function clause matching in Shop.name/1\n"
		"\n"
		"     The following arguments were given to Shop.name/1:\n"
		"     \n"
		"         # 1\n"
		"         %{}\n"
		"     \n"
		"     Attempted function clauses (showing 1 out of 1):\n"
		"     \n"
		"         def name(-%{owner: o}-)\n"
		"     \n"
		"     code: Shop.name(%{})\n"
		"     stacktrace:\n"
		"       (shop 0.1.0) lib/shop.ex:3: Shop.name/1\n"
		"       test/shop_test.exs:11: (test)\n"
		"\n"
		".\n"
		"\n"
		"  3) test adds (ShopTest)\n"
		"     test/shop_test.exs:3\n"
		"     Assertion with == failed\n"
		"     code:  assert Shop.mean([3]) == 4\n"
		"     left:  3\n"
		"     right: 4\n"
		"     stacktrace:\n"
		"       test/shop_test.exs:4: (test)\n"
		"\n"
		"\n"
		"\n"
		"Finished in 0.1 seconds (0.00s async, 0.1s sync)\n"
		"5 tests, 3 failures, 1 skipped\n"
		"\n"
		"Randomized with seed 0\n",
		.expect = { .kind = KIND_EXCEPTION, .language = "elixir", .tool = "exunit",
			    .type = "ArithmeticError", .file = "lib/shop.ex", .line = 2,
			    .message = "bad argument in arithmetic expression: div(0, 0)",
			    .function = "Shop.mean/1", .test = "test is zero (ShopTest)",
			    .error_line = 6 },
		.run = 4, .failed = 3,
	},
	{
		.name = "a linked process, and a test that gives up",
		.files = shop,
		.log =
		"\n"
		"  1) test linked (ShopTest)\n"
		"     test/shop_test.exs:30\n"
		"     ** (EXIT from #PID<0.193.0>) an exception was raised:\n"
		"         ** (RuntimeError) in process\n"
		"             test/shop_test.exs:31: anonymous fn/0 in ShopTest.\"test"
		" linked\"/1\n"
		"\n"
		"\n"
		"\n"
		"  2) test flunks (ShopTest)\n"
		"     test/shop_test.exs:34\n"
		"     no way\n"
		"     code: flunk(\"no way\")\n"
		"     stacktrace:\n"
		"       test/shop_test.exs:35: (test)\n"
		"\n"
		"\n"
		"\n"
		"Finished in 0.1 seconds (0.00s async, 0.1s sync)\n"
		"1 doctest, 2 tests, 2 failures\n",
		.expect = { .kind = KIND_EXCEPTION, .type = "RuntimeError", .message = "in process",
			    .file = "test/shop_test.exs", .line = 31, .error_line = 5,
			    .test = "test linked (ShopTest)" },
		.run = 3, .failed = 2,
	},
	{
		.name = "out of time",
		.files = shop,
		.log =
		"\n"
		"  1) test slow (ShopTest)\n"
		"     test/shop_test.exs:24\n"
		"     ** (ExUnit.TimeoutError) test timed out after 50ms. You can change the"
		" timeout:\n"
		"     \n"
		"       1. per test by setting \"@tag timeout: x\" (accepts :infinity)\n"
		"       2. per test module by setting \"@moduletag timeout: x\" (accepts"
		" :infinity)\n"
		"       3. globally via \"ExUnit.start(timeout: x)\" configuration\n"
		"       4. by running \"mix test --timeout x\" which sets timeout\n"
		"       5. or by running \"mix test --trace\" which sets timeout to infinity\n"
		"          (useful when using IEx.pry/0)\n"
		"     \n"
		"     where \"x\" is the timeout given as integer in milliseconds (defaults"
		" to 60_000).\n"
		"     \n"
		"     code: Process.sleep(1000)\n"
		"     stacktrace:\n"
		"       (elixir 1.14.0) lib/process.ex:250: Process.sleep/1\n"
		"       test/shop_test.exs:25: (test)\n"
		"       (ex_unit 1.14.0) lib/ex_unit/runner.ex:512: ExUnit.Runner.exec_test/1\n"
		"       (stdlib 4.2) timer.erl:235: :timer.tc/1\n"
		"       (ex_unit 1.14.0) lib/ex_unit/runner.ex:463: anonymous fn/4 in"
		" ExUnit.Runner.spawn_test_monitor/4\n"
		"\n"
		"\n"
		"\n"
		"Finished in 0.1 seconds (0.00s async, 0.1s sync)\n"
		"1 test, 1 failure\n",
		.expect = { .kind = KIND_TIMEOUT, .type = "ExUnit.TimeoutError", .line = 25,
			    .file = "test/shop_test.exs", .test = "test slow (ShopTest)" },
		.run = 1, .failed = 1,
	},
	{
		.name = "all is well",
		.log = "Excluding tags: [:test]\n\n.\nFinished in 0.09 seconds (0.00s async, 0.09s "
			"sync)\n11 tests, 0 failures, 10 excluded\n\nRandomized with seed 0\n",
		.nothing = true,
		.run = 1, .failed = 0,
	},
	{0}
};

const struct reader reader_exunit = {
	.name = "exunit",
	.language = "elixir",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};

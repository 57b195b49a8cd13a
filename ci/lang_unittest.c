/*
 * unittest's report: blocks of failed tests, the counts and the verdict; also Django's and
 * nose's, which print the same. The progress line of dots is not read. Only the first traceback
 * of a block (and what it chains to) counts; what the test printed stands behind it.
 */
#include "ci/python.h"

enum stage { STAGE_NONE, STAGE_RULE, STAGE_HEAD, STAGE_BLOCK, STAGE_RAN };
enum { VERDICT_LINES_MAX = 40 };

struct state {
	enum stage stage;
	struct python_trace trace;
	struct kept type, message;	/* an exception line before any traceback */
	unsigned long error_line, head_line, since;
	unsigned long run;
	bool failing;			/* the head says FAIL, not ERROR */
	bool told;			/* the traceback of this block is read */
};

/* "test_x (mod.Class)" and "test_x (mod.Class.test_x)" are both mod.Class.test_x. */
static void name_test(struct kept *name, struct str test, struct str place)
{
	struct str module = place;

	keep(name, place);
	if (str_starts(place, "unittest.loader._FailedTest") || !place.size) {
		keep(name, test);
	} else if (place.size <= test.size ||
		   !str_equal(str_from(module, place.size - test.size), test) ||
		   place.at[place.size - test.size - 1] != '.') {
		kept_add(name, STR("."));
		kept_add(name, test);
	}
}

static bool begin(struct state *s, const struct line *line, struct findings *f)
{
	struct str test, place;

	if (!unittest_head(line->text, &test, &place))
		return false;
	s->trace = (struct python_trace){ .tool = "unittest", .weight = WEIGHT_TRACE + 1 };
	name_test(&s->trace.test, test, place);
	findings_framework(f, "unittest");
	findings_test_failed(f, kept_str(&s->trace.test));
	s->stage = STAGE_HEAD;
	s->head_line = line->number;
	s->failing = str_starts(line->text, "FAIL");
	s->told = false;
	s->type.size = s->message.size = 0;
	s->error_line = 0;
	return true;
}

/* Without a traceback of its own: the head, and what stood where the traceback should be. */
static void finish(struct state *s, struct findings *f)
{
	struct failure *failure;

	if (s->stage != STAGE_BLOCK && s->stage != STAGE_HEAD)
		return;
	if (s->trace.failure)
		s->told = true;
	python_trace_end(&s->trace, f);
	if (s->told)
		return;
	failure = findings_failure(f, s->failing ? KIND_ASSERTION : KIND_EXCEPTION,
				   WEIGHT_FAILURE, s->head_line);
	failure->language = "python";
	failure->tool = "unittest";
	failure->test = findings_text(failure, kept_str(&s->trace.test));
	if (s->type.size)
		python_set_error(failure, kept_str(&s->type), kept_str(&s->message),
				 s->error_line);
}

static void block_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str type, message;

	if (s->told)
		return;
	if (s->trace.stage != TRACE_NONE || python_trace_starts(line->text)) {
		if (!python_trace_line(&s->trace, line, f))
			s->told = true;
		return;
	}
	if (!s->type.size && python_error(line->text, &type, &message)) {
		keep(&s->type, type);
		keep(&s->message, message);
		s->error_line = line->number;
	}
}

/* The number behind a name in "FAILED (failures=1, expected failures=2)". */
static unsigned long part(struct str verdict, const char *name)
{
	unsigned long n = 0;
	struct str list, before, piece;

	if (!str_split(verdict, "(", &before, &list))
		return 0;
	str_chop(&list, ")");
	while (str_next(&list, ',', &piece)) {
		piece = str_trim(piece);
		if (str_skip(&piece, name) && str_number(piece, &n))
			return n;
	}
	return 0;
}

/* "FAILED (failures=1, errors=2, skipped=1)", "OK (skipped=1)", "OK"; nose has "SKIP=1", Trial "skips=1". */
static bool verdict(struct state *s, struct str text, struct findings *f)
{
	unsigned long failed, skipped;
	bool ok = str_is(text, "OK") || str_starts(text, "OK (");

	if (!ok && !str_is(text, "FAILED") && !str_starts(text, "FAILED (") &&
	    !str_starts(text, "NO TESTS RAN"))
		return false;
	failed = ok ? 0 : part(text, "failures=") + part(text, "errors=") +
				  part(text, "unexpected successes=");
	skipped = part(text, "skipped=") + part(text, "SKIP=") + part(text, "skips=");
	findings_framework(f, "unittest");
	findings_counts(f, s->run, s->run > failed + skipped ? s->run - failed - skipped : 0,
			failed, skipped);
	s->stage = STAGE_NONE;
	return true;
}

static bool in_block(const struct state *s)
{
	return s->stage == STAGE_HEAD || s->stage == STAGE_BLOCK;
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;

	if (unittest_ran(line->text, &s->run)) {
		finish(s, f);
		s->stage = STAGE_RAN;
		s->since = line->number;
	} else if (unittest_rule(line->text, '=')) {
		finish(s, f);
		s->stage = STAGE_RULE;
	} else if (s->stage == STAGE_RULE) {
		if (!begin(s, line, f))
			s->stage = STAGE_NONE;
	} else if (s->stage == STAGE_RAN) {
		if (verdict(s, str_trim_right(line->text), f) ||
		    line->number - s->since > VERDICT_LINES_MAX)
			s->stage = STAGE_NONE;
	} else if (in_block(s) && (line->mark == MARK_GROUP || line->mark == MARK_ENDGROUP ||
				   line->number - s->head_line > BLOCK_LINES_MAX)) {
		finish(s, f);
		s->stage = STAGE_NONE;
	} else if (s->stage == STAGE_HEAD) {
		if (unittest_rule(line->text, '-'))
			s->stage = STAGE_BLOCK;
	} else if (s->stage == STAGE_BLOCK) {
		block_line(s, line, f);
	}
	return s->stage == STAGE_NONE ? ASLEEP : AWAKE;
}

static void end(void *state, struct findings *f)
{
	finish(state, f);
}

static const char *const wake[] = {
	"======================================================================",
	" test in ", " tests in ", NULL,
};

static const struct reading examples[] = {
	{
		.name = "a module that cannot be imported",
		.log = ".sEEFFEx.sFE\n"
			"======================================================================\n"
			"ERROR: ut.test_missing (unittest.loader._FailedTest.ut.test_missing)\n"
			"----------------------------------------------------------------------\n"
			"ImportError: Failed to import test module: ut.test_missing\n"
			"Traceback (most recent call last):\n"
			"  File \"/usr/lib/python3.11/unittest/loader.py\", line 407, in _find_test"
			"_path\n"
			"    module = self._get_module_from_name(name)\n"
			"             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
			"  File \"/usr/lib/python3.11/unittest/loader.py\", line 350, in _get_modul"
			"e_from_name\n    __import__(name)\n"
			"  File \"/home/runner/work/shop/shop/ut/test_missing.py\", line 1, in <mod"
			"ule>\n    import nosuchmodule\n"
			"ModuleNotFoundError: No module named 'nosuchmodule'\n\n\n"
			"======================================================================\n"
			"Ran 11 tests in 0.002s\n\n"
			"FAILED (failures=3, errors=4, skipped=2, expected failures=1)\n\n",
		.expect = { .kind = KIND_DEPENDENCY, .language = "python", .tool = "unittest",
			    .type = "ModuleNotFoundError",
			    .message = "No module named 'nosuchmodule'",
			    .test = "ut.test_missing", .line = 1, .error_line = 14 },
		.run = 11, .failed = 7,
	},
	{
		.name = "a chained exception",
		.log = ".sEEFFEx.sFE\n"
			"======================================================================\n"
			"ERROR: test_chain (ut.test_ut.CartTest.test_chain)\n"
			"----------------------------------------------------------------------\n"
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/shop/shop/shop/cart.py\", line 15, in load\n"
			"    return int(path)\n           ^^^^^^^^^\n"
			"ValueError: invalid literal for int() with base 10: 'x1'\n\n"
			"The above exception was the direct cause of the following exception:\n\n"
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/shop/shop/ut/test_ut.py\", line 30, in test_cha"
			"in\n    cart.load(\"x1\")\n"
			"  File \"/home/runner/work/shop/shop/shop/cart.py\", line 17, in load\n"
			"    raise CartError(\"cannot load %s\" % path) from e\n"
			"shop.cart.CartError: cannot load x1\n\n"
			"----------------------------------------------------------------------\n"
			"Ran 11 tests in 0.002s\n\n"
			"FAILED (failures=3, errors=4, skipped=2, expected failures=1)\n",
		.files = (const char *const[]){ "shop/cart.py", "ut/test_ut.py", NULL },
		.expect = { .kind = KIND_EXCEPTION, .language = "python", .tool = "unittest",
			    .type = "shop.cart.CartError", .message = "cannot load x1",
			    .file = "shop/cart.py", .function = "load",
			    .test = "ut.test_ut.CartTest.test_chain", .line = 17,
			    .error_line = 18 },
	},
	{
		.name = "an error in a test",
		.log = "E\n"
			"======================================================================\n"
			"ERROR: test_empty (ut.test_ut.CartTest.test_empty)\n"
			"----------------------------------------------------------------------\n"
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/shop/shop/ut/test_ut.py\", line 7, in test_empt"
			"y\n    self.assertEqual(cart.total([]), 0)\n"
			"                     ^^^^^^^^^^^^^^\n"
			"  File \"/home/runner/work/shop/shop/shop/cart.py\", line 10, in total\n"
			"    return mean([item[\"price\"] for item in items])\n"
			"           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
			"  File \"/home/runner/work/shop/shop/shop/cart.py\", line 6, in mean\n"
			"    return sum(prices) / len(prices)\n"
			"           ~~~~~~~~~~~~^~~~~~~~~~~~~\n"
			"ZeroDivisionError: division by zero\n\n"
			"----------------------------------------------------------------------\n"
			"Ran 1 test in 0.000s\n\nFAILED (errors=1)\n",
		.expect = { .kind = KIND_EXCEPTION, .language = "python", .tool = "unittest",
			    .type = "ZeroDivisionError", .message = "division by zero",
			    .function = "mean", .test = "ut.test_ut.CartTest.test_empty",
			    .line = 6, .error_line = 15 },
		.run = 1, .failed = 1,
	},
	{
		.name = "a class that cannot be set up, then a difference",
		.log = "======================================================================\n"
			"ERROR: setUpClass (ut.test_ut.SetupTest)\n"
			"----------------------------------------------------------------------\n"
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/shop/shop/ut/test_ut.py\", line 39, in setUpCla"
			"ss\n    raise RuntimeError(\"no server\")\nRuntimeError: no server\n\n"
			"======================================================================\n"
			"FAIL: test_diff (ut.test_ut.CartTest.test_diff)\n"
			"----------------------------------------------------------------------\n"
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/shop/shop/ut/test_ut.py\", line 33, in test_dif"
			"f\n"
			"    self.assertEqual({\"a\": 1, \"b\": [1, 2]}, {\"a\": 1, \"b\": [1, 3]})"
			"\n"
			"AssertionError: {'a': 1, 'b': [1, 2]} != {'a': 1, 'b': [1, 3]}\n"
			"- {'a': 1, 'b': [1, 2]}\n?                   ^\n\n"
			"+ {'a': 1, 'b': [1, 3]}\n?                   ^\n\n\n"
			"======================================================================\n"
			"FAIL: test_doc (ut.test_ut.CartTest.test_doc)\n"
			"----------------------------------------------------------------------\n"
			"Ran 11 tests in 0.002s\n\n"
			"FAILED (failures=3, errors=4, skipped=2, expected failures=1)\n",
		.expect = { .kind = KIND_EXCEPTION, .language = "python", .tool = "unittest",
			    .type = "RuntimeError", .message = "no server",
			    .function = "setUpClass", .test = "ut.test_ut.SetupTest.setUpClass",
			    .line = 39, .error_line = 7 },
	},
	{
		.name = "a failure with a doc string, and a subtest",
		.log = "======================================================================\n"
			"FAIL: test_doc (ut.test_ut.CartTest.test_doc)\nSquares are right.\n"
			"----------------------------------------------------------------------\n"
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/shop/shop/ut/test_ut.py\", line 16, in test_doc"
			"\n    self.assertEqual(3 * 3, 8, \"square\")\n"
			"AssertionError: 9 != 8 : square\n\n"
			"======================================================================\n"
			"FAIL: test_sub (ut.test_ut.CartTest.test_sub) (n=1, why='odd')\n"
			"----------------------------------------------------------------------\n"
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/shop/shop/ut/test_ut.py\", line 12, in test_sub"
			"\n    self.assertEqual(n % 2, 0)\nAssertionError: 1 != 0\n\n"
			"----------------------------------------------------------------------\n"
			"Ran 11 tests in 0.002s\n\n"
			"FAILED (failures=3, errors=4, skipped=2, expected failures=1)\n\n",
		.expect = { .kind = KIND_ASSERTION, .language = "python", .tool = "unittest",
			    .type = "AssertionError", .message = "9 != 8 : square",
			    .function = "test_doc", .test = "ut.test_ut.CartTest.test_doc",
			    .line = 16, .error_line = 8 },
		.run = 11, .failed = 7,
	},
	{
		.name = "no traceback at all",
		.log = "E\n"
			"======================================================================\n"
			"ERROR: Nope (unittest.loader._FailedTest.Nope)\n"
			"----------------------------------------------------------------------\n"
			"AttributeError: module 'ut.test_ut' has no attribute 'Nope'\n\n"
			"----------------------------------------------------------------------\n"
			"Ran 1 test in 0.000s\n\nFAILED (errors=1)\n",
		.expect = { .kind = KIND_EXCEPTION, .language = "python", .tool = "unittest",
			    .type = "AttributeError",
			    .message = "module 'ut.test_ut' has no attribute 'Nope'",
			    .test = "Nope", .error_line = 5 },
		.run = 1, .failed = 1,
	},
	{
		.name = "all is well",
		.log = ".s\n"
			"----------------------------------------------------------------------\n"
			"Ran 2 tests in 0.000s\n\nOK (skipped=1)\n",
		.nothing = true,
		.run = 2, .failed = 0,
	},
	{
		.name = "the name as Python 3.10 prints it",
		.log = "E\n"
			"======================================================================\n"
			"ERROR: setUpClass (ut.test_ut.SetupTest)\n"
			"----------------------------------------------------------------------\n"
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/shop/shop/ut/test_ut.py\", line 39, in setUpCla"
			"ss\n    raise RuntimeError(\"no server\")\nRuntimeError: no server\n\n"
			"======================================================================\n"
			"FAIL: test_sub (ut.test_ut.CartTest) (n=1, why='odd')\n"
			"----------------------------------------------------------------------\n"
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/shop/shop/ut/test_ut.py\", line 12, in test_sub"
			"\n    self.assertEqual(n % 2, 0)\nAssertionError: 1 != 0\n\n"
			"----------------------------------------------------------------------\n"
			"Ran 1 test in 0.001s\n\nFAILED (failures=1, errors=1)\n",
		.expect = { .kind = KIND_EXCEPTION, .language = "python", .tool = "unittest",
			    .type = "RuntimeError", .message = "no server",
			    .function = "setUpClass", .test = "ut.test_ut.SetupTest.setUpClass",
			    .line = 39, .error_line = 8 },
		.run = 1, .failed = 2,
	},
	{
		.name = "nose's verdict",
		.log =
			"======================================================================\n"
			"FAIL: test_counts (test_cart.TestCart)\n"
			"----------------------------------------------------------------------\n"
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/shop/shop/test_cart.py\", line 3, in test_counts\n"
			"    def test_counts(self): self.assertEqual(2, 3)\n"
			"AssertionError: 2 != 3\n\n"
			"----------------------------------------------------------------------\n"
			"Ran 6 tests in 0.002s\n\nFAILED (SKIP=1, failures=1)\n",
		.expect = { .kind = KIND_ASSERTION, .tool = "unittest", .line = 3,
			    .test = "test_cart.TestCart.test_counts", .error_line = 7 },
		.run = 6, .failed = 1,
	},
	{0}
};

const struct reader reader_unittest = {
	.name = "unittest",
	.language = "python",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};

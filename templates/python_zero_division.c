/*
 * ZeroDivisionError: a guard whose result an oracle names. The origin of the zero decides the
 * form: an empty collection, a parameter, or a value made in the function. Never max(d, 1), `d or
 * 1` or a catch: they change results that were right.
 */
#include "templates/lib_guard.h"

struct division {
	const struct site *crash;
	TSNode found;
	struct str divisor;
	bool several;
};

static bool is_division(const struct syntax *s, TSNode node)
{
	struct str operator = syntax_text(s, syntax_field(node, "operator"));

	if (syntax_type_is(node, "call"))
		return str_is(syntax_text(s, syntax_field(node, "function")), "divmod") &&
		       python_child_count(syntax_field(node, "arguments")) == 2;
	if (syntax_type_is(node, "augmented_assignment"))
		return str_is(operator, "/=") || str_is(operator, "//=") || str_is(operator, "%=");
	return syntax_type_is(node, "binary_operator") &&
	       (str_is(operator, "/") || str_is(operator, "//") || str_is(operator, "%"));
}

static TSNode divisor_of(TSNode division)
{
	if (syntax_type_is(division, "call"))
		return python_bare(python_child(syntax_field(division, "arguments"), 1));
	return python_bare(syntax_field(division, "right"));
}

/* "%" also formats strings, and a number that is not 0 never raises. */
static bool may_raise(const struct syntax *s, TSNode node)
{
	TSNode left = python_bare(syntax_field(node, "left"));
	struct str divisor = syntax_text(s, divisor_of(node));

	if (!is_division(s, node) || syntax_type_is(left, "string|concatenated_string"))
		return false;
	return !syntax_type_is(divisor_of(node), "integer|float|string|tuple") ||
	       str_is(divisor, "0");
}

/* A traceback underlines the whole operation and points at its operator: "~~^~~". */
static bool is_marked(const struct site *crash, TSNode node)
{
	TSNode operator = syntax_field(node, "operator");

	return !crash->column || ts_node_start_point(node).column + 1 == crash->column ||
	       ts_node_start_point(operator).column + 1 == crash->column;
}

static bool see_division(TSNode node, void *context)
{
	struct division *d = context;
	const struct syntax *s = d->crash->syntax;

	if (!may_raise(s, node) || !is_marked(d->crash, node) ||
	    ts_node_start_point(node).row + 1 > d->crash->line ||
	    ts_node_end_point(node).row + 1 < d->crash->line)
		return true;
	if (ts_node_is_null(d->found))
		d->divisor = syntax_text(s, divisor_of(node));
	else if (!str_equal(d->divisor, syntax_text(s, divisor_of(node))))
		d->several = true;
	d->found = node;
	return true;
}

/* P when the divisor is len(P), directly or by a local name; null otherwise. */
static TSNode length_argument(const struct site *crash, TSNode divisor)
{
	const struct syntax *s = crash->syntax;
	TSNode none = {{0}, NULL, NULL}, list;

	if (syntax_type_is(divisor, "identifier"))
		divisor = python_value_of(s, crash->function, syntax_text(s, divisor),
					  ts_node_start_byte(crash->statement));
	list = syntax_field(divisor, "arguments");
	if (!syntax_type_is(divisor, "call") ||
	    !str_is(syntax_text(s, syntax_field(divisor, "function")), "len") ||
	    python_child_count(list) != 1 ||
	    !syntax_type_is(python_child(list, 0), "identifier|attribute"))
		return none;
	return python_child(list, 0);
}

/* The function divides, so its result is a float: 0 becomes 0.0 where the test cannot tell. */
static void fit_type(struct arena *a, const struct site *crash, TSNode division,
		     struct expectation *e)
{
	struct str operator = syntax_text(crash->syntax, syntax_field(division, "operator"));
	TSNode statement = python_bare(python_child(crash->statement, 0));
	unsigned long number;
	struct str digits = e->value;

	str_skip(&digits, "-");
	if (e->expect != EXPECT_RETURN || !e->compared || !str_number(digits, &number) ||
	    !str_is(operator, "/") || python_binds(crash->syntax, STR("Decimal")) ||
	    python_binds(crash->syntax, STR("Fraction")))
		return;
	if (syntax_type_is(statement, "call") && !str_is(python_callee(crash->syntax, statement), "float"))
		return;
	e->value = str_of(arena_printf(a, "%.*s.0", STR_ARG(e->value)));
}

static bool is_usable(struct python *python, const struct division *d)
{
	struct scene *scene = python->scene;

	if (ts_node_is_null(d->found))
		return template_decline(scene, "no division on the line that raised it"), false;
	if (d->several)
		return template_decline(scene, "several divisions on the line may have raised it"),
		       false;
	if (ts_node_is_null(d->crash->function))
		return template_decline(scene, "no oracle: the division is in no function"), false;
	if (!python_is_pure(d->crash->syntax, divisor_of(d->found)))
		return template_decline(scene, "the divisor cannot be asked for without running it "
					"twice"), false;
	return true;
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct site crash;
	struct division d = { .crash = &crash };
	struct expectation e;
	struct guard guard;
	struct str divisor, good;
	TSNode collection;

	if (!python_crash(&python, &crash))
		return;
	syntax_walk(crash.statement, see_division, &d);
	if (!is_usable(&python, &d))
		return;
	divisor = syntax_text(crash.syntax, divisor_of(d.found));
	collection = length_argument(&crash, divisor_of(d.found));
	guard = (struct guard){ .crash = &crash, .expression = d.found, .single = true };
	if (ts_node_is_null(collection)) {
		guard.condition = str_of(arena_printf(scene->arena, "%.*s == 0", STR_ARG(divisor)));
		guard.problem = str_of(arena_printf(scene->arena, "%.*s is zero", STR_ARG(divisor)));
		good = divisor;
	} else {
		good = syntax_text(crash.syntax, collection);
		guard.condition = str_of(arena_printf(scene->arena, python_uses_arrays(crash.syntax) ?
						      "len(%.*s) == 0" : "not %.*s", STR_ARG(good)));
		guard.problem = str_of(arena_printf(scene->arena, "%.*s is empty", STR_ARG(good)));
		if (python_uses_arrays(crash.syntax))
			good = divisor;
	}
	if (!oracle_any(&python, &crash, ts_node_is_null(collection) ? HAZARD_ZERO : HAZARD_EMPTY,
			ts_node_is_null(collection) ? divisor : good, &e))
		return;
	fit_type(scene->arena, &crash, d.found, &e);
	if (!guard_propose(&python, &guard, &e))
		guard_propose_inline(&python, &guard, good, &e);
}

static const char *const types[] = { "ZeroDivisionError", NULL };

static const struct example examples[] = {
	{
		.name = "an empty list, the test expects 0",
		.log =
			".F                                                                     "
			"  [100%]\n"
			"=================================== FAILURES =========================="
			"=========\n"
			"__________________________________ test_empty _________________________"
			"_________\ntest_stats.py:9: in test_empty\n    assert mean([]) == 0\n"
			"stats.py:7: in mean\n    return total / len(values)\n"
			"E   ZeroDivisionError: division by zero\n"
			"=========================== short test summary info ==================="
			"=========\n"
			"FAILED test_stats.py::test_empty - ZeroDivisionError: division by zero\n"
			"1 failed, 1 passed in 0.02s\n",
		.file = {
			{ "stats.py",
			  "\"\"\"Small statistics.\"\"\"\n"
			  "\n"
			  "\n"
			  "def mean(values):\n"
			  "    \"\"\"The arithmetic mean.\"\"\"\n"
			  "    total = sum(values)\n"
			  "    return total / len(values)\n",
			  "\"\"\"Small statistics.\"\"\"\n"
			  "\n"
			  "\n"
			  "def mean(values):\n"
			  "    \"\"\"The arithmetic mean.\"\"\"\n"
			  "    if not values:\n"
			  "        return 0.0\n"
			  "    total = sum(values)\n"
			  "    return total / len(values)\n" },
			{ "test_stats.py",
			  "from stats import mean\n"
			  "\n"
			  "\n"
			  "def test_mean():\n"
			  "    assert mean([1, 3]) == 2\n"
			  "\n"
			  "\n"
			  "def test_empty():\n"
			  "    assert mean([]) == 0\n", NULL },
		},
	},
	{
		.name = "a zero divisor, the test expects ValueError with words",
		.log =
			"======================================================================\n"
			"ERROR: test_zero (test_ratio.RatioTest.test_zero)\n"
			"----------------------------------------------------------------------\n"
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/test_ratio.py\", line 8, in test_zer"
			"o\n    ratio(1, 0)\n"
			"  File \"/home/runner/work/app/app/ratio.py\", line 2, in ratio\n"
			"    return part / whole\n           ~~~~~^~~~~~~\n"
			"ZeroDivisionError: division by zero\n\n"
			"----------------------------------------------------------------------\n"
			"Ran 1 test in 0.000s\n\nFAILED (errors=1)\n",
		.file = {
			{ "ratio.py",
			  "def ratio(part, whole):\n"
			  "    return part / whole\n",
			  "def ratio(part, whole):\n"
			  "    if whole == 0:\n"
			  "        raise ValueError(\"whole must not be zero\")\n"
			  "    return part / whole\n" },
			{ "test_ratio.py",
			  "import unittest\n"
			  "from ratio import ratio\n"
			  "\n"
			  "\n"
			  "class RatioTest(unittest.TestCase):\n"
			  "    def test_zero(self):\n"
			  "        with self.assertRaisesRegex(ValueError, \"whole must not be zer"
			  "o\"):\n"
			  "            ratio(1, 0)\n", NULL },
		},
	},
	{
		.name = "no test says it, two siblings agree",
		.log =
			"sales 3\nTraceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/report.py\", line 3, in <module>\n"
			"    print(sale_rate(3, 0))\n          ^^^^^^^^^^^^^^^\n"
			"  File \"/home/runner/work/app/app/rates.py\", line 13, in sale_rate\n"
			"    return sales / visits\n           ~~~~~~^~~~~~~~\n"
			"ZeroDivisionError: division by zero\n",
		.file = {
			{ "rates.py",
			  "def click_rate(clicks, views):\n"
			  "    if views == 0:\n"
			  "        return 0.0\n"
			  "    return clicks / views\n"
			  "\n"
			  "\n"
			  "def bounce_rate(bounces, visits):\n"
			  "    return bounces / visits if visits else 0.0\n"
			  "\n"
			  "\n"
			  "def sale_rate(sales, visits):\n"
			  "    print(\"sales\", sales)\n"
			  "    return sales / visits\n",
			  "def click_rate(clicks, views):\n"
			  "    if views == 0:\n"
			  "        return 0.0\n"
			  "    return clicks / views\n"
			  "\n"
			  "\n"
			  "def bounce_rate(bounces, visits):\n"
			  "    return bounces / visits if visits else 0.0\n"
			  "\n"
			  "\n"
			  "def sale_rate(sales, visits):\n"
			  "    print(\"sales\", sales)\n"
			  "    if visits == 0:\n"
			  "        return 0.0\n"
			  "    return sales / visits\n" },
			{ "report.py",
			  "from rates import sale_rate\n"
			  "\n"
			  "print(sale_rate(3, 0))\n", NULL },
		},
	},
	{
		.name = "nobody says what the mean of nothing is",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/report.py\", line 3, in <module>\n"
			"    print(mean([]))\n          ^^^^^^^^\n"
			"  File \"/home/runner/work/app/app/stats.py\", line 7, in mean\n"
			"    return total / len(values)\n           ~~~~~~^~~~~~~~~~~~~\n"
			"ZeroDivisionError: division by zero\n",
		.file = {
			{ "stats.py",
			  "\"\"\"Small statistics.\"\"\"\n"
			  "\n"
			  "\n"
			  "def mean(values):\n"
			  "    \"\"\"The arithmetic mean.\"\"\"\n"
			  "    total = sum(values)\n"
			  "    return total / len(values)\n", NULL },
			{ "report.py",
			  "from stats import mean\n"
			  "\n"
			  "print(mean([]))\n", NULL },
			{ "test_stats.py",
			  "from stats import mean\n"
			  "\n"
			  "\n"
			  "def test_mean():\n"
			  "    assert mean([1, 3]) == 2\n", NULL },
		},
		.declines = "no oracle",
	},
	{
		.name = "the siblings do not agree",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/report.py\", line 3, in <module>\n"
			"    print(sale_rate(3, 0))\n          ^^^^^^^^^^^^^^^\n"
			"  File \"/home/runner/work/app/app/rates.py\", line 12, in sale_rate\n"
			"    return sales / visits\n           ~~~~~~^~~~~~~~\n"
			"ZeroDivisionError: division by zero\n",
		.file = {
			{ "rates.py",
			  "def click_rate(clicks, views):\n"
			  "    if views == 0:\n"
			  "        return 0.0\n"
			  "    return clicks / views\n"
			  "\n"
			  "\n"
			  "def bounce_rate(bounces, visits):\n"
			  "    return bounces / visits if visits else 1.0\n"
			  "\n"
			  "\n"
			  "def sale_rate(sales, visits):\n"
			  "    return sales / visits\n", NULL },
			{ "report.py",
			  "from rates import sale_rate\n"
			  "\n"
			  "print(sale_rate(3, 0))\n", NULL },
		},
		.declines = "do not agree",
	},
	{
		.name = "another test expects the error",
		.log =
			".F                                                                     "
			"  [100%]\n"
			"=================================== FAILURES =========================="
			"=========\n"
			"_________________________________ test_nothing ________________________"
			"_________\ntest_ratio.py:11: in test_nothing\n"
			"    assert ratio(0, 0) == 0\nratio.py:2: in ratio\n"
			"    return part / whole\nE   ZeroDivisionError: division by zero\n"
			"=========================== short test summary info ==================="
			"=========\n"
			"FAILED test_ratio.py::test_nothing - ZeroDivisionError: division by zer"
			"o\n1 failed, 1 passed in 0.01s\n",
		.file = {
			{ "ratio.py",
			  "def ratio(part, whole):\n"
			  "    return part / whole\n", NULL },
			{ "test_ratio.py",
			  "import pytest\n"
			  "from ratio import ratio\n"
			  "\n"
			  "\n"
			  "def test_zero_is_an_error():\n"
			  "    with pytest.raises(ZeroDivisionError):\n"
			  "        ratio(1, 0)\n"
			  "\n"
			  "\n"
			  "def test_nothing():\n"
			  "    assert ratio(0, 0) == 0\n", NULL },
		},
		.declines = "to raise ZeroDivisionError",
	},
	{
		.name = "an early return would skip the record",
		.log =
			"F                                                                      "
			"  [100%]\n"
			"=================================== FAILURES =========================="
			"=========\n"
			"__________________________________ test_zero __________________________"
			"_________\ntest_meter.py:5: in test_zero\n"
			"    assert Meter().add(1, 0) is False\nmeter.py:6: in add\n"
			"    rate = part / whole\nE   ZeroDivisionError: division by zero\n"
			"=========================== short test summary info ==================="
			"=========\n"
			"FAILED test_meter.py::test_zero - ZeroDivisionError: division by zero\n"
			"1 failed in 0.01s\n",
		.file = {
			{ "meter.py",
			  "class Meter:\n"
			  "    def __init__(self):\n"
			  "        self.rates = []\n"
			  "\n"
			  "    def add(self, part, whole):\n"
			  "        rate = part / whole\n"
			  "        self.rates.append(rate)\n"
			  "        return rate > 0.5\n", NULL },
			{ "test_meter.py",
			  "from meter import Meter\n"
			  "\n"
			  "\n"
			  "def test_zero():\n"
			  "    assert Meter().add(1, 0) is False\n", NULL },
		},
		.declines = "side effect",
	},
	{
		.name = "the test's value may belong to its own input",
		.log =
			"F                                                                      "
			"  [100%]\n"
			"=================================== FAILURES =========================="
			"=========\n"
			"__________________________________ test_zero __________________________"
			"_________\ntest_ratio.py:5: in test_zero\n    assert ratio(7, 0) == 7\n"
			"ratio.py:2: in ratio\n    return part / whole\n"
			"E   ZeroDivisionError: division by zero\n"
			"=========================== short test summary info ==================="
			"=========\n"
			"FAILED test_ratio.py::test_zero - ZeroDivisionError: division by zero\n"
			"1 failed in 0.01s\n",
		.file = {
			{ "ratio.py",
			  "def ratio(part, whole):\n"
			  "    return part / whole\n", NULL },
			{ "test_ratio.py",
			  "from ratio import ratio\n"
			  "\n"
			  "\n"
			  "def test_zero():\n"
			  "    assert ratio(7, 0) == 7\n", NULL },
		},
		.declines = "own input only",
	},
	{
		.name = "the count is never made, and the sum happens to be what the test expects",
		.log =
			"F                                                                     "
			"   [100%]\n"
			"========== FAILURES ==========\n"
			"__________ test_it __________\n"
			"test_mean.py:5: in test_it\n"
			"    assert mean([1, -1]) == 0\n"
			"mean.py:5: in mean\n"
			"    return total / count\n"
			"E   ZeroDivisionError: division by zero\n"
			"========== short test summary info ==========\n"
			"FAILED test_mean.py::test_it - ZeroDivisionError: division by zero\n"
			"1 failed in 0.06s\n",
		.file = {
			{ "mean.py",
			  "def mean(values):\n"
			  "    total = count = 0\n"
			  "    for value in values:\n"
			  "        total += value\n"
			  "    return total / count\n", NULL },
			{ "test_mean.py",
			  "from mean import mean\n"
			  "\n"
			  "\n"
			  "def test_it():\n"
			  "    assert mean([1, -1]) == 0\n", NULL },
		},
		.declines = "may have been made wrongly",
	},
	{0}
};

const struct template template_python_zero_division = {
	.name = "python_zero_division",
	.summary = "ZeroDivisionError -> a guard with the result that a test, the docstring or "
		   "sibling functions name",
	.language = "python",
	.class = "crash guard",
	.oracles = "test, contract, sibling",
	.keeps_off = "nobody says what the result is; the siblings disagree; a side effect would be "
		     "skipped; several divisions on the line; a test expects the error",
	.danger = DANGER_2,
	.types = types,
	.fix = fix,
	.examples = examples,
};

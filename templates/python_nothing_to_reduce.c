/*
 * max(), min(), reduce() and the means of nothing. max and min take a default that a neighbour, the
 * docstring or the test names; reduce() starts from the neutral element of its operation, where the
 * test expects just that; a mean gets a guard with the test's value. Without one of these nobody
 * knows what nothing gives.
 */
#include "templates/lib_guard.h"
#include "templates/lib_reach.h"

#include "bot/base/regex.h"

/* The only call of one of these names on the crashing line. */
static TSNode find_call(struct arena *a, const struct site *crash, const char *names)
{
	struct nodes all = python_nodes(a, crash->statement, "call");
	TSNode found = {{0}, NULL, NULL}, none = found;
	unsigned count = 0;

	for (size_t i = 0; i < all.count; i++) {
		if (!word_among(python_callee(crash->syntax, all.list[i]), names))
			continue;
		found = all.list[i];
		count++;
	}
	return count == 1 ? found : none;
}

static struct str keyword(const struct syntax *s, TSNode call, const char *name)
{
	TSNode list = syntax_field(call, "arguments");

	for (unsigned i = 0; i < python_child_count(list); i++)
		if (str_is(syntax_text(s, syntax_field(python_child(list, i), "name")), name))
			return syntax_text(s, syntax_field(python_child(list, i), "value"));
	return STR_NONE;
}

/* "..., or None without readings" */
static bool docstring_says(const struct site *crash, struct expectation *out)
{
	static const char pattern[] =
		"(?i)\\bor\\s+`{0,2}(None|0|0\\.0|-1|False)`{0,2}\\s+(?:without|if there (?:is|are) no|"
		"for no|of no|when there (?:is|are) no|if (?:empty|none)|for an empty|when empty|if \\w+ is empty)";
	struct str groups[REGEX_GROUPS_MAX];
	struct err e = ERR_INIT;
	REGEX regex = regex_open(pattern, &e);

	if (!regex || !regex_match(regex, python_docstring(crash->syntax, crash->function), groups))
		return false;
	*out = (struct expectation){ .oracle = ORACLE_CONTRACT, .value = groups[1],
				     .by = "its docstring says so" };
	return true;
}

/* The default of the other max() and min() of the file, all the same: the counterpart of this one
 * over the same expression, or two that give None; a number of others is no number of ours. */
static bool neighbour_says(struct arena *a, const struct site *crash, TSNode call, struct expectation *out)
{
	const struct syntax *s = crash->syntax;
	struct nodes all = python_nodes(a, s->root, "call");
	struct str own = syntax_text(s, python_child(syntax_field(call, "arguments"), 0)), value = STR_NONE;
	unsigned count = 0;
	bool counterpart = false;

	for (size_t i = 0; i < all.count; i++) {
		struct str one = keyword(s, all.list[i], "default");
		TSNode first = python_child(syntax_field(all.list[i], "arguments"), 0);

		if (!one.size || !word_among(python_callee(s, all.list[i]), "max min"))
			continue;
		if (value.size && !str_equal(value, one))
			return false;
		value = one;
		counterpart |= str_equal(syntax_text(s, first), own);
		count++;
		*out = (struct expectation){ .oracle = ORACLE_SIBLING, .value = value,
			.by = arena_printf(a, "so does %s:%u", crash->path, syntax_line(all.list[i])) };
	}
	return value.size && oracle_is_trivial(value) &&
	       (counterpart || (count > 1 && str_is(value, "None")));
}

/* Is the call all that the function gives back? */
static bool is_result(const struct site *crash, TSNode call)
{
	return syntax_type_is(crash->statement, "return_statement") &&
	       ts_node_eq(python_bare(python_child(crash->statement, 0)), call);
}

static void give_default(struct python *python, const struct site *crash, TSNode call)
{
	struct scene *scene = python->scene;
	struct edits edits = { .arena = scene->arena };
	const struct syntax *s = crash->syntax;
	TSNode list = syntax_field(call, "arguments");
	struct expectation e;
	size_t end;

	if (!syntax_type_is(list, "generator_expression") &&
	    (!python_child_count(list) || (python_child_count(list) > 1 &&
	     !syntax_type_is(python_child(list, 1), "keyword_argument"))))
		return template_decline(scene, "it is not the only thing that is looked at");
	if (!(is_result(crash, call) && (docstring_says(crash, &e) || (oracle_test(python, crash, &e) &&
	      e.expect == EXPECT_RETURN))) && !neighbour_says(scene->arena, crash, call, &e))
		return template_decline(scene, "no oracle: nobody says what nothing gives");
	if (!oracle_is_trivial(e.value) && e.oracle == ORACLE_TEST)
		return template_decline(scene, "no oracle: %.*s may be right for the test's own input only",
					STR_ARG(e.value));
	end = ts_node_end_byte(list) - 1;
	if (syntax_type_is(list, "generator_expression")) {
		edit_replace(&edits, ts_node_start_byte(list), ts_node_start_byte(list), STR("("));
		end = ts_node_end_byte(list);
	} else if (syntax_type_is(python_child(list, 0), "generator_expression") &&
		   python_child_count(list) == 1) {
		end = ts_node_end_byte(python_child(list, 0));
	}
	edit_replace(&edits, end, end, str_of(arena_printf(scene->arena,
		     syntax_type_is(list, "generator_expression") ? ", default=%.*s)" : ", default=%.*s",
		     STR_ARG(e.value))));
	edits_propose(python, crash, &edits, e.oracle,
		      arena_printf(scene->arena, "%.*s() of nothing gives %.*s: %s",
				   STR_ARG(python_callee(s, call)), STR_ARG(e.value), e.by));
}

/* Operations as they are written, without blanks, and their neutral elements. */
static const struct {
	const char *written, *neutral;
} operations[] = {
	{ "mul", "1" }, { "add", "0" }, { "or_", "0" }, { "concat", "\"\"" }, { "lambdaa,b:a*b", "1" },
	{ "lambdax,y:x*y", "1" }, { "lambdaa,b:a+b", "0" }, { "lambdax,y:x+y", "0" },
	{ "lambdaacc,x:acc*x", "1" }, { "lambdaacc,x:acc+x", "0" }, { "lcm", "1" }, { "gcd", "0" },
};

static bool is_neutral(struct arena *a, struct str operation, struct str value)
{
	struct text text = TEXT(a);
	struct str last;

	if (str_split_last(operation, "operator.", NULL, &last) ||
	    str_split_last(operation, "math.", NULL, &last))
		operation = last;
	for (size_t i = 0; i < operation.size; i++)
		if (operation.at[i] != ' ')
			text_addc(&text, operation.at[i]);
	for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++)
		if (str_is(text_str(&text), operations[i].written))
			return str_is(value, operations[i].neutral) ||
			       (str_is(value, "[]") && str_is(str_of(operations[i].neutral), "0"));
	return false;
}

static void give_start(struct python *python, const struct site *crash, TSNode call)
{
	struct scene *scene = python->scene;
	struct edits edits = { .arena = scene->arena };
	TSNode list = syntax_field(call, "arguments");
	struct str operation = syntax_text(crash->syntax, python_child(list, 0));
	struct expectation e;

	if (python_child_count(list) != 2 || !is_result(crash, call))
		return template_decline(scene, "what reduce() gives is not the function's result");
	if (!oracle_test(python, crash, &e))
		return;
	if (e.expect != EXPECT_RETURN || !is_neutral(scene->arena, operation, e.value))
		return template_decline(scene, "no oracle: what the test expects is not where %.*s starts",
					STR_ARG(operation));
	edit_replace(&edits, ts_node_end_byte(list) - 1, ts_node_end_byte(list) - 1,
		     str_of(arena_printf(scene->arena, ", %.*s", STR_ARG(e.value))));
	edits_propose(python, crash, &edits, ORACLE_TEST,
		      arena_printf(scene->arena, "reduce() starts from %.*s, which changes nothing else: %s",
				   STR_ARG(e.value), e.by));
}

static void guard_mean(struct python *python, const struct site *crash, TSNode call)
{
	struct scene *scene = python->scene;
	TSNode values = python_child(syntax_field(call, "arguments"), 0);
	struct str name = syntax_text(crash->syntax, values);
	struct expectation e;
	struct guard guard = { .crash = crash, .expression = call, .single = true };

	if (!syntax_type_is(values, "identifier|attribute"))
		return template_decline(scene, "what the mean is taken of has no name");
	if (!oracle_any(python, crash, HAZARD_EMPTY, name, &e))
		return;
	guard.condition = str_of(arena_printf(scene->arena, "not %.*s", STR_ARG(name)));
	guard.problem = str_of(arena_printf(scene->arena, "%.*s is empty", STR_ARG(name)));
	guard_propose(python, &guard, &e);
}

static void fix(struct scene *scene)
{
	static const struct {
		const char *names;
		void (*mend)(struct python *python, const struct site *crash, TSNode call);
	} ways[] = {
		{ "max min", give_default }, { "reduce", give_start },
		{ "mean fmean median mode harmonic_mean geometric_mean median_low median_high", guard_mean },
	};
	PYTHON python = { .scene = scene };
	struct str message = str_of(scene->failure->message);
	struct site crash;

	if (!python_own_crash(&python, &crash))
		return;
	if (ts_node_is_null(crash.function))
		return template_decline(scene, "no oracle: the code is in no function");
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		TSNode call = find_call(scene->arena, &crash, i == 0 && str_starts(message, "max") ? "max" :
					i == 0 && str_starts(message, "min") ? "min" : ways[i].names);

		if (!ts_node_is_null(call))
			return ways[i].mend(&python, &crash, call);
	}
	template_decline(scene, "there is not one such call on the line");
}

static const char *const types[] = {
	"ValueError", "TypeError", "StatisticsError", "statistics.StatisticsError", NULL
};

static const struct example examples[] = {
	{
		.name = "the counterpart has a default",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_none ____________________\n"
			"test_weather.py:5: in test_none\n    assert highest([]) is None\n"
			"weather.py:6: in highest\n    return max(row[0] for row in rows)\n"
			"E   ValueError: max() arg is an empty sequence\n"
			"============ short test summary info =============\n"
			"FAILED test_weather.py::test_none - ValueError:...\n"
			"1 failed in 0.03s\n",
		.file = {
			{ "weather.py",
			  "def lowest(rows):\n"
			  "    return min((row[0] for row in rows), default=None)\n"
			  "\n"
			  "\n"
			  "def highest(rows):\n"
			  "    return max(row[0] for row in rows)\n",
			  "def lowest(rows):\n"
			  "    return min((row[0] for row in rows), default=None)\n"
			  "\n"
			  "\n"
			  "def highest(rows):\n"
			  "    return max((row[0] for row in rows), default=None)\n" },
			{ "test_weather.py",
			  "from weather import highest\n"
			  "\n"
			  "\n"
			  "def test_none():\n"
			  "    assert highest([]) is None\n", NULL },
		},
	},
	{
		.name = "a product starts from one",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_point ___________________\n"
			"test_shapes.py:5: in test_point\n    assert volume([]) == 1\n"
			"shapes.py:6: in volume\n    return reduce(mul, sides)\n"
			"E   TypeError: reduce() of empty iterable with no initial value\n"
			"============ short test summary info =============\n"
			"FAILED test_shapes.py::test_point - TypeError: ...\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "shapes.py",
			  "from functools import reduce\n"
			  "from operator import mul\n"
			  "\n"
			  "\n"
			  "def volume(sides):\n"
			  "    return reduce(mul, sides)\n",
			  "from functools import reduce\n"
			  "from operator import mul\n"
			  "\n"
			  "\n"
			  "def volume(sides):\n"
			  "    return reduce(mul, sides, 1)\n" },
			{ "test_shapes.py",
			  "from shapes import volume\n"
			  "\n"
			  "\n"
			  "def test_point():\n"
			  "    assert volume([]) == 1\n", NULL },
		},
	},
	{
		.name = "the mean of nothing, says the test",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_none ____________________\n"
			"test_marks.py:5: in test_none\n    assert average([]) is None\n"
			"marks.py:5: in average\n    return statistics.mean(marks)\n"
			"/usr/lib/python3.11/statistics.py:432: in mean\n"
			"    raise StatisticsError('mean requires at least one data point')\n"
			"E   statistics.StatisticsError: mean requires at least one data point"
			"\n============ short test summary info =============\n"
			"FAILED test_marks.py::test_none - statistics.St...\n"
			"1 failed in 0.04s\n",
		.file = {
			{ "marks.py",
			  "import statistics\n"
			  "\n"
			  "\n"
			  "def average(marks):\n"
			  "    return statistics.mean(marks)\n",
			  "import statistics\n"
			  "\n"
			  "\n"
			  "def average(marks):\n"
			  "    if not marks:\n"
			  "        return None\n"
			  "    return statistics.mean(marks)\n" },
			{ "test_marks.py",
			  "from marks import average\n"
			  "\n"
			  "\n"
			  "def test_none():\n"
			  "    assert average([]) is None\n", NULL },
		},
	},
	{
		.name = "nobody says what the peak of nothing is",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_none ____________________\n"
			"test_weather.py:5: in test_none\n    assert spread([]) == 0\n"
			"weather.py:2: in spread\n    return max(values) - values[-1]\n"
			"E   ValueError: max() arg is an empty sequence\n"
			"============ short test summary info =============\n"
			"FAILED test_weather.py::test_none - ValueError:...\n"
			"1 failed in 0.03s\n",
		.file = {
			{ "weather.py",
			  "def spread(values):\n"
			  "    return max(values) - values[-1]\n", NULL },
			{ "test_weather.py",
			  "from weather import spread\n"
			  "\n"
			  "\n"
			  "def test_none():\n"
			  "    assert spread([]) == 0\n", NULL },
		},
		.declines = "nobody says",
	},
	{
		.name = "the test expects what no product starts from",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_point ___________________\n"
			"test_shapes.py:5: in test_point\n    assert volume([]) == 0\n"
			"shapes.py:6: in volume\n    return reduce(mul, sides)\n"
			"E   TypeError: reduce() of empty iterable with no initial value\n"
			"============ short test summary info =============\n"
			"FAILED test_shapes.py::test_point - TypeError: ...\n"
			"1 failed in 0.04s\n",
		.file = {
			{ "shapes.py",
			  "from functools import reduce\n"
			  "from operator import mul\n"
			  "\n"
			  "\n"
			  "def volume(sides):\n"
			  "    return reduce(mul, sides)\n", NULL },
			{ "test_shapes.py",
			  "from shapes import volume\n"
			  "\n"
			  "\n"
			  "def test_point():\n"
			  "    assert volume([]) == 0\n", NULL },
		},
		.declines = "not where mul starts",
	},
	{0}
};

const struct template template_python_nothing_to_reduce = {
	.name = "python_nothing_to_reduce",
	.summary = "max(), min(), reduce() or mean() of nothing -> the default that a test, the docstring or a neighbour names",
	.language = "python",
	.class = "crash guard",
	.oracles = "test, contract, sibling",
	.keeps_off = "nobody says what nothing gives; what the test expects is no neutral start",
	.danger = DANGER_2,
	.types = types,
	.pattern = "^(max\\(\\)|min\\(\\)) (arg is an empty sequence|iterable argument is empty)|^reduce\\(\\) of empty|requires at least one data point|^no median for empty data|^no mode for empty data",
	.fix = fix,
	.examples = examples,
};

/*
 * ValueError when unpacking: the sequence has not as many parts as names. An early return that is
 * already there takes the case too when the test expects its value, or when the function's own
 * recursion adds it up and its value adds nothing; else a guard that a test names.
 */
#include "templates/lib_guard.h"

struct unpacking {
	TSNode left, right;
	unsigned names;
	bool starred;
};

static bool find_unpacking(const struct site *crash, struct unpacking *out)
{
	TSNode assignment = python_child(crash->statement, 0), left = syntax_field(assignment, "left");

	if (!syntax_type_is(crash->statement, "expression_statement") ||
	    !syntax_type_is(assignment, "assignment") ||
	    !syntax_type_is(left, "pattern_list|tuple_pattern|list_pattern"))
		return false;
	*out = (struct unpacking){ left, python_bare(syntax_field(assignment, "right")),
				   python_child_count(left),
				   python_contains(left, "list_splat_pattern") };
	return true;
}

/* True exactly when the unpacking fails: "not x", "len(x) < 2", "len(x) != 2". */
static struct str bad_case(struct arena *a, const struct unpacking *u, const struct syntax *s,
			   struct str name)
{
	unsigned needed = u->names - (u->starred ? 1 : 0);

	if (u->starred && needed == 1 && !python_uses_arrays(s))
		return str_of(arena_printf(a, "not %.*s", STR_ARG(name)));
	return str_of(arena_printf(a, "len(%.*s) %s %u", STR_ARG(name), u->starred ? "<" : "!=",
				   needed));
}

/* The early return right before the crash: `if C: return V` at the function's own level. */
static TSNode early_return(const struct site *crash)
{
	TSNode block = syntax_field(crash->function, "body"), found = {{0}, NULL, NULL};
	TSNode none = {{0}, NULL, NULL};

	if (!ts_node_eq(ts_node_parent(crash->statement), block))
		return none;
	for (unsigned i = 0; i < python_child_count(block); i++) {
		TSNode one = python_child(block, i), body = syntax_field(one, "consequence");

		if (ts_node_eq(one, crash->statement))
			break;
		if (syntax_type_is(one, "if_statement") && python_child_count(body) == 1 &&
		    ts_node_is_null(syntax_field(one, "alternative")) &&
		    syntax_type_is(python_child(body, 0), "return_statement"))
			found = one;
		else if (!ts_node_is_null(found) || python_contains(one, "return_statement|call"))
			found = none;
	}
	return found;
}

static struct str returned(const struct syntax *s, TSNode guard)
{
	TSNode result = python_child(syntax_field(guard, "consequence"), 0);

	return syntax_text(s, python_child(result, 0));
}

/* What leaves `f(..) OP f(..)` as it is. */
static const struct {
	const char *operator, *neutral;
} neutrals[] = {
	{ "+", "0" }, { "+", "[]" }, { "+", "\"\"" }, { "+", "''" }, { "*", "1" },
	{ "or", "False" }, { "and", "True" },
};

/* `return f(..) OP f(..)` in the function itself, and the value leaves the sum as it is. */
static bool adds_nothing(struct python *python, const struct site *crash, struct str value)
{
	struct site caller;
	TSNode sum, left, right;
	struct str name = python_name(crash->syntax, crash->function), operator;
	const struct syntax *s = crash->syntax;

	if (!python_caller(python, crash, &caller) || caller.syntax != s ||
	    ts_node_is_null(caller.function) || !ts_node_eq(caller.function, crash->function) ||
	    !syntax_type_is(caller.statement, "return_statement"))
		return false;
	sum = python_bare(python_child(caller.statement, 0));
	left = python_bare(syntax_field(sum, "left")), right = python_bare(syntax_field(sum, "right"));
	if (!str_equal(python_callee(s, left), name) || !str_equal(python_callee(s, right), name))
		return false;
	operator = syntax_text(s, syntax_field(sum, "operator"));
	for (size_t i = 0; i < sizeof(neutrals) / sizeof(neutrals[0]); i++)
		if (str_is(operator, neutrals[i].operator) && str_is(value, neutrals[i].neutral))
			return true;
	return false;
}

/* Joins the case to the early return. */
static bool join(struct python *python, const struct site *crash, const struct unpacking *u)
{
	struct arena *a = python->scene->arena;
	const struct syntax *s = crash->syntax;
	TSNode guard = early_return(crash), condition = syntax_field(guard, "condition");
	struct edits edits = { .arena = a };
	struct expectation e = { .oracle = ORACLE_SIBLING };
	struct str value = returned(s, guard), bad = bad_case(a, u, s, syntax_text(s, u->right));
	bool expected;

	if (ts_node_is_null(guard) || !value.size || !python_is_pure(s, u->right) ||
	    syntax_type_is(condition, "conditional_expression|named_expression|lambda"))
		return false;
	expected = oracle_test(python, crash, &e) && e.expect == EXPECT_RETURN &&
		   str_equal(e.value, value);
	if (!expected && !adds_nothing(python, crash, value))
		return false;
	edit_replace(&edits, ts_node_end_byte(condition), ts_node_end_byte(condition),
		     str_of(arena_printf(a, " or %.*s", STR_ARG(bad))));
	return edits_propose(python, crash, &edits, expected ? ORACLE_TEST : ORACLE_SIBLING,
			     expected ?
			     arena_printf(a, "%.*s is treated by the early return of %.*s: %s",
					  STR_ARG(bad), STR_ARG(value), e.by) :
			     arena_printf(a, "%.*s is treated by the early return of %.*s at line %u: its "
					  "own recursion sums up the results, and this one adds nothing",
					  STR_ARG(bad), STR_ARG(value), syntax_line(guard)));
}

/* `a, b = text.split(",")`: the parts get a name and are counted. */
static void name_parts(struct python *python, const struct site *crash, const struct unpacking *u,
		       const struct expectation *e)
{
	struct arena *a = python->scene->arena;
	const struct syntax *s = crash->syntax;
	TSNode method = syntax_field(u->right, "function");
	struct edits edits = { .arena = a };
	struct str bad = bad_case(a, u, s, STR("parts")), name;
	struct str problem = STR("the number of parts is wrong");
	struct guard guard = { crash, u->right, bad, problem, .made = true };

	name = python_callee(s, u->right);
	if (!syntax_type_is(method, "attribute") || !python_begins_line(s, crash->statement) ||
	    (!str_is(name, "split") && !str_is(name, "rsplit") && !str_is(name, "splitlines")) ||
	    python_mentions(s, crash->function, STR("parts")))
		return template_decline(python->scene, "what is unpacked cannot be asked for without "
					"running it twice");
	if (!guard_may_return(python, &guard, e))
		return;
	guard_insert(&edits, s, crash->statement,
		     str_of(arena_printf(a, "parts = %.*s\nif %.*s:\n%.*s%.*s\n",
					 STR_ARG(syntax_text(s, u->right)), STR_ARG(bad),
					 STR_ARG(python_indent_step(s, crash->function)),
					 STR_ARG(guard_action(a, s, e, problem)))));
	edit_node(&edits, u->right, STR("parts"));
	edits_propose(python, crash, &edits, e->oracle,
		      guard_why(python, crash, problem, e));
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct site crash;
	struct unpacking u;
	struct expectation e;
	struct guard guard;
	struct str bad;

	if (!python_crash(&python, &crash))
		return;
	if (!find_unpacking(&crash, &u))
		return template_decline(scene, "no plain unpacking on the line");
	if (ts_node_is_null(crash.function))
		return template_decline(scene, "no oracle: the unpacking is in no function");
	if (oracle_wants_error(&python, &crash) || join(&python, &crash, &u) ||
	    !oracle_test(&python, &crash, &e))
		return;
	if (e.expect == EXPECT_RETURN && guard_skips_effects(&crash))
		return template_decline(scene, "an early return would skip a side effect");
	if (!python_is_pure(crash.syntax, u.right))
		return name_parts(&python, &crash, &u, &e);
	bad = bad_case(scene->arena, &u, crash.syntax, syntax_text(crash.syntax, u.right));
	guard = (struct guard){ &crash, u.right, bad, bad, .single = u.starred && u.names == 2 };
	guard_propose(&python, &guard, &e);
}

static const char *const types[] = { "ValueError", NULL };

static const struct example examples[] = {
	{
		.name = "the recursion adds up, and the last base case adds nothing",
		.log =
			"FF                                                                     "
			"  [100%]\n"
			"=================================== FAILURES =========================="
			"=========\n"
			"____________________________ test_ways[coins0-11-3] ___________________"
			"_________\ntest_ways.py:7: in test_ways\n"
			"    assert ways(coins, total) == expected\nways.py:8: in ways\n"
			"    return ways(coins, total - coin) + ways(rest, total)\n"
			"ways.py:8: in ways\n"
			"    return ways(coins, total - coin) + ways(rest, total)\n"
			"ways.py:8: in ways\n"
			"    return ways(coins, total - coin) + ways(rest, total)\n"
			"ways.py:8: in ways\n"
			"    return ways(coins, total - coin) + ways(rest, total)\n"
			"ways.py:8: in ways\n"
			"    return ways(coins, total - coin) + ways(rest, total)\n"
			"ways.py:8: in ways\n"
			"    return ways(coins, total - coin) + ways(rest, total)\n"
			"ways.py:8: in ways\n"
			"    return ways(coins, total - coin) + ways(rest, total)\n"
			"ways.py:8: in ways\n"
			"    return ways(coins, total - coin) + ways(rest, total)\n"
			"ways.py:8: in ways\n"
			"    return ways(coins, total - coin) + ways(rest, total)\n"
			"ways.py:8: in ways\n"
			"    return ways(coins, total - coin) + ways(rest, total)\n"
			"ways.py:8: in ways\n"
			"    return ways(coins, total - coin) + ways(rest, total)\n"
			"ways.py:8: in ways\n"
			"    return ways(coins, total - coin) + ways(rest, total)\n"
			"ways.py:7: in ways\n    coin, *rest = coins\n"
			"E   ValueError: not enough values to unpack (expected at least 1, got 0"
			")\n"
			"____________________________ test_ways[coins1-4-1] ____________________"
			"_________\ntest_ways.py:7: in test_ways\n"
			"    assert ways(coins, total) == expected\nways.py:8: in ways\n"
			"    return ways(coins, total - coin) + ways(rest, total)\n"
			"ways.py:8: in ways\n"
			"    return ways(coins, total - coin) + ways(rest, total)\n"
			"ways.py:7: in ways\n    coin, *rest = coins\n"
			"E   ValueError: not enough values to unpack (expected at least 1, got 0"
			")\n"
			"=========================== short test summary info ==================="
			"=========\n"
			"FAILED test_ways.py::test_ways[coins0-11-3] - ValueError: not enough va"
			"lues to unpack (expected at least 1, got 0)\n"
			"FAILED test_ways.py::test_ways[coins1-4-1] - ValueError: not enough val"
			"ues to unpack (expected at least 1, got 0)\n2 failed in 0.05s\n",
		.file = {
			{ "ways.py",
			  "def ways(coins, total):\n"
			  "    if total == 0:\n"
			  "        return 1\n"
			  "    if total < 0:\n"
			  "        return 0\n"
			  "\n"
			  "    coin, *rest = coins\n"
			  "    return ways(coins, total - coin) + ways(rest, total)\n",
			  "def ways(coins, total):\n"
			  "    if total == 0:\n"
			  "        return 1\n"
			  "    if total < 0 or not coins:\n"
			  "        return 0\n"
			  "\n"
			  "    coin, *rest = coins\n"
			  "    return ways(coins, total - coin) + ways(rest, total)\n" },
			{ "test_ways.py",
			  "import pytest\n"
			  "from ways import ways\n"
			  "\n"
			  "\n"
			  "@pytest.mark.parametrize(\"coins,total,expected\", [([1, 5], 11, 3), (["
			  "2], 4, 1)])\n"
			  "def test_ways(coins, total, expected):\n"
			  "    assert ways(coins, total) == expected\n", NULL },
		},
	},
	{
		.name = "the test expects the value of the early return",
		.log =
			"F                                                                      "
			"  [100%]\n"
			"=================================== FAILURES =========================="
			"=========\n"
			"_________________________________ test_nothing ________________________"
			"_________\ntest_head.py:5: in test_nothing\n"
			"    assert head([], False) is None\nhead.py:4: in head\n"
			"    first, *rest = items\n"
			"E   ValueError: not enough values to unpack (expected at least 1, got 0"
			")\n"
			"=========================== short test summary info ==================="
			"=========\n"
			"FAILED test_head.py::test_nothing - ValueError: not enough values to un"
			"pack (expected at least 1, got 0)\n1 failed in 0.01s\n",
		.file = {
			{ "head.py",
			  "def head(items, skip):\n"
			  "    if skip:\n"
			  "        return None\n"
			  "    first, *rest = items\n"
			  "    return first\n",
			  "def head(items, skip):\n"
			  "    if skip or not items:\n"
			  "        return None\n"
			  "    first, *rest = items\n"
			  "    return first\n" },
			{ "test_head.py",
			  "from head import head\n"
			  "\n"
			  "\n"
			  "def test_nothing():\n"
			  "    assert head([], False) is None\n", NULL },
		},
	},
	{
		.name = "a line without =, the test expects ValueError with words",
		.log =
			"F                                                                      "
			"  [100%]\n"
			"=================================== FAILURES =========================="
			"=========\n"
			"________________________________ test_bare_word _______________________"
			"_________\ntest_settings.py:7: in test_bare_word\n    parse(\"debug\")\n"
			"settings.py:7: in parse\n    name, value = line.split(\"=\")\n"
			"E   ValueError: not enough values to unpack (expected 2, got 1)\n"
			"=========================== short test summary info ==================="
			"=========\n"
			"FAILED test_settings.py::test_bare_word - ValueError: not enough values"
			" to unpack (expected 2, got 1)\n1 failed in 0.02s\n",
		.file = {
			{ "settings.py",
			  "class SettingError(Exception):\n"
			  "    pass\n"
			  "\n"
			  "\n"
			  "def parse(line):\n"
			  "    \"\"\"One setting.\"\"\"\n"
			  "    name, value = line.split(\"=\")\n"
			  "    return name.strip(), value.strip()\n",
			  "class SettingError(Exception):\n"
			  "    pass\n"
			  "\n"
			  "\n"
			  "def parse(line):\n"
			  "    \"\"\"One setting.\"\"\"\n"
			  "    parts = line.split(\"=\")\n"
			  "    if len(parts) != 2:\n"
			  "        raise SettingError(\"not a setting\")\n"
			  "    name, value = parts\n"
			  "    return name.strip(), value.strip()\n" },
			{ "test_settings.py",
			  "import pytest\n"
			  "from settings import SettingError, parse\n"
			  "\n"
			  "\n"
			  "def test_bare_word():\n"
			  "    with pytest.raises(SettingError, match=\"not a setting\"):\n"
			  "        parse(\"debug\")\n", NULL },
		},
	},
	{
		.name = "nobody says what a bare word is",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 3, in <module>\n"
			"    print(parse(\"debug\"))\n          ^^^^^^^^^^^^^^\n"
			"  File \"/home/runner/work/app/app/settings.py\", line 3, in parse\n"
			"    name, value = line.split(\"=\")\n    ^^^^^^^^^^^\n"
			"ValueError: not enough values to unpack (expected 2, got 1)\n",
		.file = {
			{ "settings.py",
			  "def parse(line):\n"
			  "    \"\"\"One setting.\"\"\"\n"
			  "    name, value = line.split(\"=\")\n"
			  "    return name.strip(), value.strip()\n", NULL },
			{ "main.py",
			  "from settings import parse\n"
			  "\n"
			  "print(parse(\"debug\"))\n", NULL },
		},
		.declines = "no oracle",
	},
	{
		.name = "the unpacking is in a loop's head",
		.log =
			"F                                                                      "
			"  [100%]\n"
			"=================================== FAILURES =========================="
			"=========\n"
			"__________________________________ test_short _________________________"
			"_________\ntest_table.py:5: in test_short\n"
			"    assert keys([(1,)]) == []\ntable.py:2: in keys\n"
			"    return [k for k, v in rows]\ntable.py:2: in <listcomp>\n"
			"    return [k for k, v in rows]\n"
			"E   ValueError: not enough values to unpack (expected 2, got 1)\n"
			"=========================== short test summary info ==================="
			"=========\n"
			"FAILED test_table.py::test_short - ValueError: not enough values to unp"
			"ack (expected 2, got 1)\n1 failed in 0.03s\n",
		.file = {
			{ "table.py",
			  "def keys(rows):\n"
			  "    return [k for k, v in rows]\n", NULL },
			{ "test_table.py",
			  "from table import keys\n"
			  "\n"
			  "\n"
			  "def test_short():\n"
			  "    assert keys([(1,)]) == []\n", NULL },
		},
		.declines = "no plain unpacking",
	},
	{
		.name = "another test wants the error",
		.log =
			".F                                                                     "
			"  [100%]\n"
			"=================================== FAILURES =========================="
			"=========\n"
			"__________________________________ test_empty _________________________"
			"_________\ntest_settings.py:11: in test_empty\n"
			"    assert parse(\"\") == (\"\", \"\")\nsettings.py:3: in parse\n"
			"    name, value = line.split(\"=\")\n"
			"E   ValueError: not enough values to unpack (expected 2, got 1)\n"
			"=========================== short test summary info ==================="
			"=========\n"
			"FAILED test_settings.py::test_empty - ValueError: not enough values to "
			"unpack (expected 2, got 1)\n1 failed, 1 passed in 0.02s\n",
		.file = {
			{ "settings.py",
			  "def parse(line):\n"
			  "    \"\"\"One setting.\"\"\"\n"
			  "    name, value = line.split(\"=\")\n"
			  "    return name.strip(), value.strip()\n", NULL },
			{ "test_settings.py",
			  "import pytest\n"
			  "from settings import parse\n"
			  "\n"
			  "\n"
			  "def test_bare_word():\n"
			  "    with pytest.raises(ValueError):\n"
			  "        parse(\"debug\")\n"
			  "\n"
			  "\n"
			  "def test_empty():\n"
			  "    assert parse(\"\") == (\"\", \"\")\n", NULL },
		},
		.declines = "to raise ValueError",
	},
	{0}
};

const struct template template_python_value_unpack = {
	.name = "python_value_unpack",
	.summary = "ValueError when unpacking -> the early return that is there, or a guard with the "
		   "result that a test names",
	.language = "python",
	.class = "crash guard",
	.oracles = "test, sibling (the function's own base case)",
	.keeps_off = "nobody says what a wrong number of parts gives; no plain unpacking on the line; a "
		     "side effect would be skipped",
	.danger = DANGER_2,
	.types = types,
	.pattern = "^(?:not enough|too many) values to unpack",
	.fix = fix,
	.examples = examples,
};

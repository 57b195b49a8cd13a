/*
 * A check that stops for the opposite of what it says: `if x is None: raise Error("x already
 * exists")`. The text and the condition cannot both be right; the failing test, which is stopped by it,
 * says which one is wrong. Only conditions that are nothing but `is None`, `in` or their opposites, and
 * texts that say clearly that something is there or is missing.
 */
#include "templates/lib_guard.h"
#include "templates/lib_question.h"
#include "templates/lib_scene.h"

#include "bot/base/regex.h"

#define IS_THERE "(?i)\\balready (?:exists?|running|started|open(?:ed)?|connected|registered|defined|" \
	"set|present|in use|known|taken)\\b|\\bduplicate\\b"
#define IS_MISSING "(?i)\\b(?:does not exist|doesn't exist|not (?:found|registered|defined|known|" \
	"connected|running|started|set)|unknown|no such|missing|is required|is needed)\\b"

/* What the condition stops for: true when it is there. */
static bool stops_for_presence(struct str operator, TSNode right, const struct syntax *s, bool *known)
{
	bool none = str_is(syntax_text(s, right), "None");

	*known = true;
	if (none && str_is(operator, "is not"))
		return true;
	if (!none && str_is(operator, "in"))
		return true;
	*known = (none && str_is(operator, "is")) || (!none && str_is(operator, "not in"));
	return false;
}

static bool says(const char *pattern, struct str text)
{
	struct str groups[REGEX_GROUPS_MAX];
	const struct regex *regex = regex_kept(pattern);

	return regex && regex_match(regex, text, groups);
}

/* The condition of the if whose first and only statement is the raise; null when it is another. */
static TSNode condition_over(TSNode raise)
{
	TSNode block = ts_node_parent(raise), branch = ts_node_parent(block), none = {{0}, NULL, NULL};

	if (!syntax_type_is(branch, "if_statement|elif_clause") || python_child_count(block) != 1 ||
	    !ts_node_eq(syntax_field(branch, "consequence"), block))
		return none;
	return python_bare(syntax_field(branch, "condition"));
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct str message = str_of(scene->failure->message), operator;
	struct edits edits = { .arena = scene->arena };
	TSNode condition, left, right;
	struct site crash;
	bool there, known;

	if (!python_crash(&python, &crash))
		return;
	condition = condition_over(crash.statement);
	operator = question_operator(crash.syntax, condition);
	left = python_child(condition, 0);
	right = python_child(condition, 1);
	if (!syntax_type_is(crash.statement, "raise_statement") || !operator.size)
		return template_decline(scene, "it is not raised by a check of one condition");
	there = stops_for_presence(operator, right, crash.syntax, &known);
	if (!known)
		return template_decline(scene, "the check asks neither for None nor for a member");
	if (says(IS_THERE, message) == says(IS_MISSING, message) || there == says(IS_THERE, message))
		return template_decline(scene, "the text does not say the opposite of the condition");
	if (syntax_type_is(ts_node_parent(ts_node_parent(ts_node_parent(crash.statement))), "else_clause") ||
	    !ts_node_is_null(syntax_field(ts_node_parent(ts_node_parent(crash.statement)), "alternative")))
		return template_decline(scene, "the check has another branch");
	edit_replace(&edits, ts_node_end_byte(left), ts_node_start_byte(right),
		     str_of(arena_printf(scene->arena, " %s ",
					 str_is(operator, "is") ? "is not" :
					 str_is(operator, "is not") ? "is" :
					 str_is(operator, "in") ? "not in" : "in")));
	edits_propose(&python, &crash, &edits, ORACLE_CONTRACT,
		      arena_printf(scene->arena, "the check stops for the opposite of what its own text says: "
				   "%.*s", STR_ARG(str_slice(message, 0, 80))));
}

static const struct example examples[] = {
	{
		.name = "there is none yet",
		.log =
			"========== FAILURES ==========\n"
			"__________ test_it __________\n"
			"test_loop.py:5: in test_it\n"
			"    assert Loop()\n"
			"loop.py:6: in __init__\n"
			"    raise RuntimeError(\"a loop already exists\")\n"
			"E   RuntimeError: a loop already exists\n"
			"========== short test summary info ==========\n"
			"FAILED test_loop.py::test_it - RuntimeError: a loop already exists\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "loop.py",
			  "class Loop:\n"
			  "    current = None\n"
			  "\n"
			  "    def __init__(self):\n"
			  "        if Loop.current is None:\n"
			  "            raise RuntimeError(\"a loop already exists\")\n"
			  "        Loop.current = self\n",
			  "class Loop:\n"
			  "    current = None\n"
			  "\n"
			  "    def __init__(self):\n"
			  "        if Loop.current is not None:\n"
			  "            raise RuntimeError(\"a loop already exists\")\n"
			  "        Loop.current = self\n" },
			{ "test_loop.py",
			  "from loop import Loop\n"
			  "\n"
			  "\n"
			  "def test_it():\n"
			  "    assert Loop()\n",
			  NULL },
		},
	},
	{
		.name = "a key that is there",
		.log =
			"========== FAILURES ==========\n"
			"__________ test_it __________\n"
			"test_stock.py:5: in test_it\n"
			"    assert price(\"tea\") == 3\n"
			"stock.py:6: in price\n"
			"    raise ValueError(\"unknown item: \" + name)\n"
			"E   ValueError: unknown item: tea\n"
			"========== short test summary info ==========\n"
			"FAILED test_stock.py::test_it - ValueError: unknown item: tea\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "stock.py",
			  "PRICES = {\"tea\": 3}\n"
			  "\n"
			  "\n"
			  "def price(name):\n"
			  "    if name in PRICES:\n"
			  "        raise ValueError(\"unknown item: \" + name)\n"
			  "    return PRICES[name]\n",
			  "PRICES = {\"tea\": 3}\n"
			  "\n"
			  "\n"
			  "def price(name):\n"
			  "    if name not in PRICES:\n"
			  "        raise ValueError(\"unknown item: \" + name)\n"
			  "    return PRICES[name]\n" },
			{ "test_stock.py",
			  "from stock import price\n"
			  "\n"
			  "\n"
			  "def test_it():\n"
			  "    assert price(\"tea\") == 3\n",
			  NULL },
		},
	},
	{
		.name = "the text fits the condition",
		.log =
			"========== FAILURES ==========\n"
			"__________ test_it __________\n"
			"test_stock.py:5: in test_it\n"
			"    assert price(\"milk\") == 3\n"
			"stock.py:6: in price\n"
			"    raise ValueError(\"unknown item: \" + name)\n"
			"E   ValueError: unknown item: milk\n"
			"========== short test summary info ==========\n"
			"FAILED test_stock.py::test_it - ValueError: unknown item: milk\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "stock.py",
			  "PRICES = {\"tea\": 3}\n"
			  "\n"
			  "\n"
			  "def price(name):\n"
			  "    if name not in PRICES:\n"
			  "        raise ValueError(\"unknown item: \" + name)\n"
			  "    return PRICES[name]\n",
			  NULL },
			{ "test_stock.py",
			  "from stock import price\n"
			  "\n"
			  "\n"
			  "def test_it():\n"
			  "    assert price(\"milk\") == 3\n",
			  NULL },
		},
		.declines = "does not say the opposite",
	},
	{
		.name = "a condition of two parts",
		.log =
			"========== FAILURES ==========\n"
			"__________ test_it __________\n"
			"test_stock.py:5: in test_it\n"
			"    assert price(\"tea\", True) == 3\n"
			"stock.py:6: in price\n"
			"    raise ValueError(\"unknown item: \" + name)\n"
			"E   ValueError: unknown item: tea\n"
			"========== short test summary info ==========\n"
			"FAILED test_stock.py::test_it - ValueError: unknown item: tea\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "stock.py",
			  "PRICES = {\"tea\": 3}\n"
			  "\n"
			  "\n"
			  "def price(name, strict):\n"
			  "    if strict and name in PRICES:\n"
			  "        raise ValueError(\"unknown item: \" + name)\n"
			  "    return PRICES[name]\n",
			  NULL },
			{ "test_stock.py",
			  "from stock import price\n"
			  "\n"
			  "\n"
			  "def test_it():\n"
			  "    assert price(\"tea\", True) == 3\n",
			  NULL },
		},
		.declines = "one condition",
	},
	{
		.name = "a check with another branch",
		.log =
			"========== FAILURES ==========\n"
			"__________ test_it __________\n"
			"test_stock.py:5: in test_it\n"
			"    assert price(\"tea\") == 3\n"
			"stock.py:6: in price\n"
			"    raise ValueError(\"unknown item: \" + name)\n"
			"E   ValueError: unknown item: tea\n"
			"========== short test summary info ==========\n"
			"FAILED test_stock.py::test_it - ValueError: unknown item: tea\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "stock.py",
			  "PRICES = {\"tea\": 3}\n"
			  "\n"
			  "\n"
			  "def price(name):\n"
			  "    if name in PRICES:\n"
			  "        raise ValueError(\"unknown item: \" + name)\n"
			  "    else:\n"
			  "        return 0\n",
			  NULL },
			{ "test_stock.py",
			  "from stock import price\n"
			  "\n"
			  "\n"
			  "def test_it():\n"
			  "    assert price(\"tea\") == 3\n",
			  NULL },
		},
		.declines = "another branch",
	},
	{0}
};

const struct template template_python_inverted_check = {
	.name = "python_inverted_check",
	.summary = "a check raises for the opposite of what its text says -> the condition the other way round",
	.language = "python",
	.class = "condition",
	.oracles = "contract",
	.keeps_off = "conditions of several parts, texts that do not say it clearly, checks with an else",
	.danger = DANGER_2,
	.pattern = "(?i)already|duplicate|exist|not |unknown|no such|missing|required|needed",
	.fix = fix,
	.examples = examples,
};

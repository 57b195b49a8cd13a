/*
 * None where it is only asked whether there is anything (`len(x) > 0`), and None that is only scaled
 * (`total *= factor`). None holds nothing, and there is nothing to scale: the question is no, the line
 * is passed over. A sum is never passed over: there None is a beginning that was forgotten.
 */
#include "templates/lib_guard.h"
#include "templates/lib_question.h"

/* `len(x) > 0` and the like: is the answer for nothing yes, no, or (-1) is it another question? */
static int answer_for_nothing(struct str operator, struct str number)
{
	if ((str_is(number, "0") && (str_is(operator, ">") || str_is(operator, "!="))) ||
	    (str_is(number, "1") && str_is(operator, ">=")))
		return 0;
	return str_is(number, "0") && str_is(operator, "==") ? 1 : -1;
}

static void ask_first(struct python *python, const struct site *crash)
{
	const struct syntax *s = crash->syntax;
	struct scene *scene = python->scene;
	struct edits edits = { .arena = scene->arena };
	TSNode question = question_on_line(crash, "> != >= ==", 0), call, what;
	struct str name;
	int yes;

	if (ts_node_is_null(question) ||
	    !ts_node_is_null(question_on_line(crash, "> != >= ==", 1)))
		return template_decline(scene, "there is not one question on the line");
	call = python_child(question, 0);
	what = python_child(syntax_field(call, "arguments"), 0);
	yes = answer_for_nothing(question_operator(s, question), syntax_text(s, python_child(question, 1)));
	if (!syntax_type_is(call, "call") || !str_is(python_callee(s, call), "len") || yes < 0 ||
	    !syntax_type_is(what, "identifier|attribute"))
		return template_decline(scene, "the line does not ask whether there is anything");
	if (!question_decides(question) || ts_node_is_null(syntax_up(question, "if_statement|elif_clause|"
								     "while_statement|conditional_expression")) ||
	    (yes && syntax_type_is(ts_node_parent(question), "boolean_operator")))
		return template_decline(scene, "more than a way to go comes of the answer");
	name = syntax_text(s, what);
	edit_replace(&edits, ts_node_start_byte(question), ts_node_start_byte(question),
		     str_of(arena_printf(scene->arena, yes ? "%.*s is None or " : "%.*s is not None and ",
					 STR_ARG(name))));
	edits_propose(python, crash, &edits, ORACLE_CONTRACT,
		      arena_printf(scene->arena, "the line asks whether there is anything in %.*s: in None "
				   "there is nothing", STR_ARG(name)));
}

/* Does the function itself know that the name may be None, or empty: `if total`, `total = None`? */
static bool may_be_none(const struct syntax *s, TSNode function, struct str name)
{
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(function, "if_statement|elif_clause|conditional_expression|"
					  "boolean_operator|comparison_operator|assignment", n);
		TSNode first = python_child(one, 0);
		struct str value = syntax_text(s, syntax_field(one, "right"));

		if (ts_node_is_null(one))
			return false;
		if (syntax_type_is(one, "conditional_expression"))
			first = python_child(one, 1);
		if (syntax_type_is(one, "comparison_operator"))
			value = syntax_text(s, python_child(one, 1));
		else if (!syntax_type_is(one, "assignment"))
			value = STR("None");
		if (str_equal(syntax_text(s, first), name) && str_is(value, "None"))
			return true;
	}
}

static void pass_over(struct python *python, const struct site *crash)
{
	const struct syntax *s = crash->syntax;
	struct scene *scene = python->scene;
	struct edits edits = { .arena = scene->arena };
	TSNode statement = syntax_below(crash->statement, "augmented_assignment", 0), line;
	struct str name = syntax_text(s, syntax_field(statement, "left")), indent, step;

	line = syntax_up(statement, "expression_statement");
	if (ts_node_is_null(statement) || !ts_node_is_null(syntax_below(crash->statement,
									"augmented_assignment", 1)) ||
	    ts_node_is_null(crash->function) || !python_begins_line(s, line) ||
	    ts_node_start_point(line).row != ts_node_end_point(line).row ||
	    !syntax_type_is(syntax_field(statement, "left"), "identifier|attribute"))
		return template_decline(scene, "the line does not scale one name");
	if (!may_be_none(s, crash->function, name))
		return template_decline(scene, "no oracle: nothing in the function says that %.*s may be None",
					STR_ARG(name));
	indent = syntax_indent(s, line);
	step = python_indent_step(s, crash->function);
	edit_replace(&edits, ts_node_start_byte(line), ts_node_start_byte(line),
		     str_of(arena_printf(scene->arena, "if %.*s is not None:%s%.*s%.*s", STR_ARG(name),
					 python_newline(s), STR_ARG(indent), STR_ARG(step))));
	edits_propose(python, crash, &edits, ORACLE_SIBLING,
		      arena_printf(scene->arena, "%.*s may be None, as the function says itself: then there is "
				   "nothing to scale", STR_ARG(name)));
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct site crash;

	if (!python_crash(&python, &crash))
		return;
	if (scene_group(scene, "operator").size)
		pass_over(&python, &crash);
	else
		ask_first(&python, &crash);
}

static const char *const types[] = { "TypeError", NULL };

static const struct example examples[] = {
	{
		.name = "is there any column",
		.log =
			"========== FAILURES ==========\n"
			"__________ test_it __________\n"
			"test_copy.py:5: in test_it\n"
			"    assert Copy().text() == \"\"\n"
			"copy_.py:5: in text\n"
			"    if len(self.columns) > 0:\n"
			"E   TypeError: object of type 'NoneType' has no len()\n"
			"========== short test summary info ==========\n"
			"FAILED test_copy.py::test_it - TypeError: object of type 'NoneType' h"
			"as no len()\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "copy_.py",
			  "class Copy:\n"
			  "    columns = None\n"
			  "\n"
			  "    def text(self):\n"
			  "        if len(self.columns) > 0:\n"
			  "            return \"(%s)\" % \", \".join(self.columns)\n"
			  "        return \"\"\n",
			  "class Copy:\n"
			  "    columns = None\n"
			  "\n"
			  "    def text(self):\n"
			  "        if self.columns is not None and len(self.columns) > 0:\n"
			  "            return \"(%s)\" % \", \".join(self.columns)\n"
			  "        return \"\"\n" },
			{ "test_copy.py",
			  "from copy_ import Copy\n"
			  "\n"
			  "\n"
			  "def test_it():\n"
			  "    assert Copy().text() == \"\"\n",
			  NULL },
		},
	},
	{
		.name = "is there none",
		.log =
			"========== FAILURES ==========\n"
			"__________ test_it __________\n"
			"test_copy.py:5: in test_it\n"
			"    assert text() == \"nothing\"\n"
			"copy_.py:2: in text\n"
			"    if len(rows) == 0:\n"
			"E   TypeError: object of type 'NoneType' has no len()\n"
			"========== short test summary info ==========\n"
			"FAILED test_copy.py::test_it - TypeError: object of type 'NoneType' h"
			"as no len()\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "copy_.py",
			  "def text(rows=None):\n"
			  "    if len(rows) == 0:\n"
			  "        return \"nothing\"\n"
			  "    return \", \".join(rows)\n",
			  "def text(rows=None):\n"
			  "    if rows is None or len(rows) == 0:\n"
			  "        return \"nothing\"\n"
			  "    return \", \".join(rows)\n" },
			{ "test_copy.py",
			  "from copy_ import text\n"
			  "\n"
			  "\n"
			  "def test_it():\n"
			  "    assert text() == \"nothing\"\n",
			  NULL },
		},
	},
	{
		.name = "a total that is not known is not scaled",
		.log =
			"========== FAILURES ==========\n"
			"__________ test_it __________\n"
			"test_bar.py:5: in test_it\n"
			"    assert meter(1, scale=2) == \"2/?\"\n"
			"bar.py:5: in meter\n"
			"    total *= scale\n"
			"E   TypeError: unsupported operand type(s) for *=: 'NoneType' and 'in"
			"t'\n"
			"========== short test summary info ==========\n"
			"FAILED test_bar.py::test_it - TypeError: unsupported operand type(s) "
			"for *=: ...\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "bar.py",
			  "def meter(n, total=None, scale=1):\n"
			  "    if total and n > total:\n"
			  "        total = None\n"
			  "    if scale != 1:\n"
			  "        total *= scale\n"
			  "        n *= scale\n"
			  "    return \"%s/%s\" % (n, total or \"?\")\n",
			  "def meter(n, total=None, scale=1):\n"
			  "    if total and n > total:\n"
			  "        total = None\n"
			  "    if scale != 1:\n"
			  "        if total is not None:\n"
			  "            total *= scale\n"
			  "        n *= scale\n"
			  "    return \"%s/%s\" % (n, total or \"?\")\n" },
			{ "test_bar.py",
			  "from bar import meter\n"
			  "\n"
			  "\n"
			  "def test_it():\n"
			  "    assert meter(1, scale=2) == \"2/?\"\n",
			  NULL },
		},
	},
	{
		.name = "a length that is used as a number",
		.log =
			"========== FAILURES ==========\n"
			"__________ test_it __________\n"
			"test_copy.py:5: in test_it\n"
			"    assert size() == 1\n"
			"copy_.py:2: in size\n"
			"    return len(rows) + 1\n"
			"E   TypeError: object of type 'NoneType' has no len()\n"
			"========== short test summary info ==========\n"
			"FAILED test_copy.py::test_it - TypeError: object of type 'NoneType' h"
			"as no len()\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "copy_.py",
			  "def size(rows=None):\n"
			  "    return len(rows) + 1\n",
			  NULL },
			{ "test_copy.py",
			  "from copy_ import size\n"
			  "\n"
			  "\n"
			  "def test_it():\n"
			  "    assert size() == 1\n",
			  NULL },
		},
		.declines = "not one question",
	},
	{
		.name = "a length against a number",
		.log =
			"========== FAILURES ==========\n"
			"__________ test_it __________\n"
			"test_copy.py:5: in test_it\n"
			"    assert many() is False\n"
			"copy_.py:2: in many\n"
			"    if len(rows) > 5:\n"
			"E   TypeError: object of type 'NoneType' has no len()\n"
			"========== short test summary info ==========\n"
			"FAILED test_copy.py::test_it - TypeError: object of type 'NoneType' h"
			"as no len()\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "copy_.py",
			  "def many(rows=None):\n"
			  "    if len(rows) > 5:\n"
			  "        return True\n"
			  "    return False\n",
			  NULL },
			{ "test_copy.py",
			  "from copy_ import many\n"
			  "\n"
			  "\n"
			  "def test_it():\n"
			  "    assert many() is False\n",
			  NULL },
		},
		.declines = "does not ask whether",
	},
	{
		.name = "nothing says that it may be None",
		.log =
			"========== FAILURES ==========\n"
			"__________ test_it __________\n"
			"test_bar.py:5: in test_it\n"
			"    assert scale(None, 2) is None\n"
			"bar.py:2: in scale\n"
			"    price *= factor\n"
			"E   TypeError: unsupported operand type(s) for *=: 'NoneType' and 'in"
			"t'\n"
			"========== short test summary info ==========\n"
			"FAILED test_bar.py::test_it - TypeError: unsupported operand type(s) "
			"for *=: ...\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "bar.py",
			  "def scale(price, factor):\n"
			  "    price *= factor\n"
			  "    return price\n",
			  NULL },
			{ "test_bar.py",
			  "from bar import scale\n"
			  "\n"
			  "\n"
			  "def test_it():\n"
			  "    assert scale(None, 2) is None\n",
			  NULL },
		},
		.declines = "no oracle",
	},
	{0}
};

const struct template template_python_none_counted = {
	.name = "python_none_counted",
	.summary = "TypeError: None is asked for its length, or scaled -> nothing is in it, nothing to scale",
	.language = "python",
	.class = "crash guard",
	.oracles = "contract, sibling",
	.keeps_off = "sums, lengths that are used as numbers, names that the function never takes for None",
	.danger = DANGER_1,
	.types = types,
	.pattern = "^object of type 'NoneType' has no len\\(\\)$|"
		"^unsupported operand type\\(s\\) for (?<operator>[*/]|//)=: 'NoneType' and '(?:int|float)'$",
	.fix = fix,
	.examples = examples,
};

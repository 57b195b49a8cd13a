/*
 * What a list is asked for may be missing: `parts[1] == "stash"` and `[x[0]] + rest`. A list without
 * the item has none that equals it, and no first one to put in front. Only questions whose answer
 * decides and nothing else; an item that is used for itself has no value when there is none.
 */
#include "templates/lib_guard.h"
#include "templates/lib_question.h"
#include "templates/lib_scene.h"

struct asked {
	const struct site *crash;
	TSNode place;			/* x[1] */
	struct str list;		/* x */
	unsigned long at;
	bool last;			/* x[-1] */
};

/* The only index with a plain number on the line. */
static bool find_place(struct scene *scene, struct asked *asked)
{
	const struct site *crash = asked->crash;
	const struct syntax *s = crash->syntax;
	unsigned count = 0;
	struct str index;

	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(crash->statement, "subscript", n);

		if (ts_node_is_null(one))
			break;
		if (syntax_line(one) != crash->line ||
		    syntax_type_is(syntax_field(one, "subscript"), "slice|string"))
			continue;
		asked->place = one;
		count++;
	}
	if (count != 1)
		return template_decline(scene, "there is not one index on the line"), false;
	index = syntax_text(s, syntax_field(asked->place, "subscript"));
	asked->list = syntax_text(s, syntax_field(asked->place, "value"));
	asked->last = str_is(index, "-1");
	if (!asked->last && (index.size != 1 || *index.at < '0' || *index.at > '9'))
		return template_decline(scene, "which item is asked for is not written there"), false;
	asked->at = asked->last ? 0 : (unsigned long)(*index.at - '0');
	return true;
}

/* A text or a number that no missing item is meant by. */
static bool is_something(const struct syntax *s, TSNode node)
{
	return (syntax_type_is(node, "string") && syntax_text(s, node).size > 2) ||
	       syntax_type_is(node, "integer");
}

static bool makes_list(const struct syntax *s, TSNode node)
{
	return syntax_type_is(node, "call") &&
	       word_among(python_callee(s, node), "split rsplit splitlines findall readlines sorted");
}

/* x[1] == "stash"; the piece x[1][:2] of the item may be asked, too. */
static bool ask_length(struct python *python, const struct asked *asked)
{
	const struct syntax *s = asked->crash->syntax;
	struct arena *a = python->scene->arena;
	struct edits edits = { .arena = a };
	TSNode list = syntax_field(asked->place, "value"), one = asked->place, question, other;
	const char *why;

	if (syntax_type_is(ts_node_parent(one), "subscript"))
		one = ts_node_parent(one);
	question = ts_node_parent(one);
	other = python_child(question, ts_node_eq(python_child(question, 0), one) ? 1 : 0);
	if (!str_is(question_operator(s, question), "==") || !is_something(s, other) ||
	    !question_decides(question))
		return false;
	why = arena_printf(a, "%.*s may have no such item, and then none that is %.*s",
			   STR_ARG(asked->list), STR_ARG(syntax_text(s, other)));
	if (syntax_type_is(list, "identifier|attribute")) {
		edit_replace(&edits, ts_node_start_byte(question), ts_node_start_byte(question),
			     str_of(arena_printf(a, "len(%.*s) > %lu and ", STR_ARG(asked->list),
						 asked->at)));
		return edits_propose(python, asked->crash, &edits, ORACLE_CONTRACT, why);
	}
	if (!makes_list(s, list) || !ts_node_eq(one, asked->place))
		return false;
	edit_node(&edits, syntax_field(asked->place, "subscript"),
		  asked->last ? STR("-1:") :
		  str_of(arena_printf(a, "%lu:%lu", asked->at, asked->at + 1)));
	edit_node(&edits, other, str_of(arena_printf(a, "[%.*s]", STR_ARG(syntax_text(s, other)))));
	return edits_propose(python, asked->crash, &edits, ORACLE_CONTRACT, why);
}

/* [x[0]] + rest: x[:1] + rest. */
static bool take_piece(struct python *python, const struct asked *asked)
{
	const struct syntax *s = asked->crash->syntax;
	struct arena *a = python->scene->arena;
	struct edits edits = { .arena = a };
	TSNode list = ts_node_parent(asked->place), sum = ts_node_parent(list);

	if (!syntax_type_is(list, "list") || python_child_count(list) != 1 ||
	    !str_is(syntax_text(s, syntax_field(sum, "operator")), "+") || asked->at ||
	    !syntax_type_is(syntax_field(asked->place, "value"), "identifier|attribute"))
		return false;
	edit_node(&edits, list, str_of(arena_printf(a, "%.*s[%s]", STR_ARG(asked->list),
						    asked->last ? "-1:" : ":1")));
	return edits_propose(python, asked->crash, &edits, ORACLE_CONTRACT,
			     arena_printf(a, "a slice of %.*s is empty where it is, and all else stays as "
					  "it was", STR_ARG(asked->list)));
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct site crash;
	struct asked asked = { .crash = &crash };

	if (!python_crash(&python, &crash) || !find_place(scene, &asked) || ask_length(&python, &asked) ||
	    take_piece(&python, &asked))
		return;
	template_decline(scene, "no oracle: what a missing item of %.*s gives is not shown",
			 STR_ARG(asked.list));
}

static const char *const types[] = { "IndexError", NULL };

static const struct example examples[] = {
	{
		.name = "the second word of a command that has one",
		.log =
			"========== FAILURES ==========\n"
			"__________ test_it __________\n"
			"test_rules.py:6: in test_it\n"
			"    assert not match(\"git\")\n"
			"rules.py:3: in match\n"
			"    return parts[1] == \"stash\" and \"usage\" in command\n"
			"E   IndexError: list index out of range\n"
			"========== short test summary info ==========\n"
			"FAILED test_rules.py::test_it - IndexError: list index out of range\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "rules.py",
			  "def match(command):\n"
			  "    parts = command.split()\n"
			  "    return parts[1] == \"stash\" and \"usage\" in command\n",
			  "def match(command):\n"
			  "    parts = command.split()\n"
			  "    return len(parts) > 1 and parts[1] == \"stash\" and \"usage\" in "
			  "command\n" },
			{ "test_rules.py",
			  "from rules import match\n"
			  "\n"
			  "\n"
			  "def test_it():\n"
			  "    assert match(\"git stash usage\")\n"
			  "    assert not match(\"git\")\n",
			  NULL },
		},
	},
	{
		.name = "the words are asked where they are made",
		.log =
			"========== FAILURES ==========\n"
			"__________ test_it __________\n"
			"test_rules.py:6: in test_it\n"
			"    assert not match(\"git\")\n"
			"rules.py:2: in match\n"
			"    return (command.split()[1] == \"stash\"\n"
			"E   IndexError: list index out of range\n"
			"========== short test summary info ==========\n"
			"FAILED test_rules.py::test_it - IndexError: list index out of range\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "rules.py",
			  "def match(command):\n"
			  "    return (command.split()[1] == \"stash\"\n"
			  "            and \"usage\" in command)\n",
			  "def match(command):\n"
			  "    return (command.split()[1:2] == [\"stash\"]\n"
			  "            and \"usage\" in command)\n" },
			{ "test_rules.py",
			  "from rules import match\n"
			  "\n"
			  "\n"
			  "def test_it():\n"
			  "    assert match(\"git stash usage\")\n"
			  "    assert not match(\"git\")\n",
			  NULL },
		},
	},
	{
		.name = "the end of the first line",
		.log =
			"========== FAILURES ==========\n"
			"__________ test_it __________\n"
			"test_lines.py:5: in test_it\n"
			"    assert new_line([]) == \"\\n\"\n"
			"lines.py:2: in new_line\n"
			"    return \"\\r\\n\" if lines[0][-2:] == \"\\r\\n\" else \"\\n\"\n"
			"E   IndexError: list index out of range\n"
			"========== short test summary info ==========\n"
			"FAILED test_lines.py::test_it - IndexError: list index out of range\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "lines.py",
			  "def new_line(lines):\n"
			  "    return \"\\r\\n\" if lines[0][-2:] == \"\\r\\n\" else \"\\n\"\n",
			  "def new_line(lines):\n"
			  "    return \"\\r\\n\" if len(lines) > 0 and lines[0][-2:] == \"\\r\\n"
			  "\" else \"\\n\"\n" },
			{ "test_lines.py",
			  "from lines import new_line\n"
			  "\n"
			  "\n"
			  "def test_it():\n"
			  "    assert new_line([]) == \"\\n\"\n",
			  NULL },
		},
	},
	{
		.name = "the first one in front of the rest",
		.log =
			"========== FAILURES ==========\n"
			"__________ test_it __________\n"
			"test_menu.py:6: in test_it\n"
			"    assert order([], [2, 1]) == [1, 2]\n"
			"menu.py:2: in order\n"
			"    return [cached[0]] + sorted(rest)\n"
			"E   IndexError: list index out of range\n"
			"========== short test summary info ==========\n"
			"FAILED test_menu.py::test_it - IndexError: list index out of range\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "menu.py",
			  "def order(cached, rest):\n"
			  "    return [cached[0]] + sorted(rest)\n",
			  "def order(cached, rest):\n"
			  "    return cached[:1] + sorted(rest)\n" },
			{ "test_menu.py",
			  "from menu import order\n"
			  "\n"
			  "\n"
			  "def test_it():\n"
			  "    assert order([3], [2, 1]) == [3, 1, 2]\n"
			  "    assert order([], [2, 1]) == [1, 2]\n",
			  NULL },
		},
	},
	{
		.name = "the item is used for itself",
		.log =
			"========== FAILURES ==========\n"
			"__________ test_it __________\n"
			"test_rules.py:5: in test_it\n"
			"    assert name(\"git\") is None\n"
			"rules.py:2: in name\n"
			"    return command.split()[1]\n"
			"E   IndexError: list index out of range\n"
			"========== short test summary info ==========\n"
			"FAILED test_rules.py::test_it - IndexError: list index out of range\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "rules.py",
			  "def name(command):\n"
			  "    return command.split()[1]\n",
			  NULL },
			{ "test_rules.py",
			  "from rules import name\n"
			  "\n"
			  "\n"
			  "def test_it():\n"
			  "    assert name(\"git\") is None\n",
			  NULL },
		},
		.declines = "no oracle",
	},
	{
		.name = "below a not",
		.log =
			"========== FAILURES ==========\n"
			"__________ test_it __________\n"
			"test_rules.py:5: in test_it\n"
			"    assert other([])\n"
			"rules.py:2: in other\n"
			"    return not parts[1] == \"stash\"\n"
			"E   IndexError: list index out of range\n"
			"========== short test summary info ==========\n"
			"FAILED test_rules.py::test_it - IndexError: list index out of range\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "rules.py",
			  "def other(parts):\n"
			  "    return not parts[1] == \"stash\"\n",
			  NULL },
			{ "test_rules.py",
			  "from rules import other\n"
			  "\n"
			  "\n"
			  "def test_it():\n"
			  "    assert other([])\n",
			  NULL },
		},
		.declines = "no oracle",
	},
	{
		.name = "a missing one might be meant",
		.log =
			"========== FAILURES ==========\n"
			"__________ test_it __________\n"
			"test_rules.py:5: in test_it\n"
			"    assert not bare([])\n"
			"rules.py:2: in bare\n"
			"    return parts[1] == \"\"\n"
			"E   IndexError: list index out of range\n"
			"========== short test summary info ==========\n"
			"FAILED test_rules.py::test_it - IndexError: list index out of range\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "rules.py",
			  "def bare(parts):\n"
			  "    return parts[1] == \"\"\n",
			  NULL },
			{ "test_rules.py",
			  "from rules import bare\n"
			  "\n"
			  "\n"
			  "def test_it():\n"
			  "    assert not bare([])\n",
			  NULL },
		},
		.declines = "no oracle",
	},
	{
		.name = "two of them",
		.log =
			"========== FAILURES ==========\n"
			"__________ test_it __________\n"
			"test_rules.py:5: in test_it\n"
			"    assert not same([\"a\"])\n"
			"rules.py:2: in same\n"
			"    return parts[0] == \"a\" and parts[1] == \"b\"\n"
			"E   IndexError: list index out of range\n"
			"========== short test summary info ==========\n"
			"FAILED test_rules.py::test_it - IndexError: list index out of range\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "rules.py",
			  "def same(parts):\n"
			  "    return parts[0] == \"a\" and parts[1] == \"b\"\n",
			  NULL },
			{ "test_rules.py",
			  "from rules import same\n"
			  "\n"
			  "\n"
			  "def test_it():\n"
			  "    assert not same([\"a\"])\n",
			  NULL },
		},
		.declines = "not one index",
	},
	{0}
};

const struct template template_python_element_asked = {
	.name = "python_element_asked",
	.summary = "IndexError where a list is only asked for an item -> asked for its length first",
	.language = "python",
	.class = "crash guard",
	.oracles = "contract",
	.keeps_off = "items that are used for themselves, questions below a not, several indexes on the line",
	.danger = DANGER_1,
	.types = types,
	.pattern = "^(?:list|tuple) index out of range$",
	.fix = fix,
	.examples = examples,
};

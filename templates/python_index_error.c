/*
 * IndexError: a bound one too far, a neighbour at the end, a loop that never asks whether
 * anything is left, or an empty sequence whose result a test, the docstring or siblings name.
 * Never a catch, never a default for the command line's arguments.
 */
#include "templates/lib_guard.h"
#include "templates/lib_loop.h"

struct indexing {
	const struct site *crash;
	TSNode found;			/* the subscript, or the call that pops */
	bool several;
};

static bool is_pop(const struct syntax *s, TSNode node)
{
	struct str name = python_callee(s, node);

	return str_is(name, "pop") || str_is(name, "popleft");
}

static bool see_indexing(TSNode node, void *context)
{
	struct indexing *i = context;
	const struct syntax *s = i->crash->syntax;

	if (syntax_line(node) != i->crash->line ||
	    (i->crash->column && ts_node_start_point(node).column + 1 != i->crash->column))
		return true;
	if (syntax_type_is(node, "subscript")) {
		TSNode key = syntax_field(node, "subscript");

		if (syntax_type_is(key, "slice|string"))
			return true;
	} else if (!syntax_type_is(node, "call") || !is_pop(s, node)) {
		return true;
	}
	if (!ts_node_is_null(i->found) &&
	    !str_equal(syntax_text(s, i->found), syntax_text(s, node)))
		i->several = true;
	i->found = node;
	return true;
}

/* An index that is written out, or a pop, on a sequence that is too short. */
static void too_short(struct python *python, const struct site *crash, TSNode found)
{
	struct scene *scene = python->scene;
	const struct syntax *s = crash->syntax;
	bool pop = syntax_type_is(found, "call");
	TSNode sequence = pop ? syntax_field(syntax_field(found, "function"), "object") :
			  syntax_field(found, "value");
	struct str name = syntax_text(s, sequence), index;
	struct expectation e;
	struct guard guard = { .crash = crash, .expression = found };
	unsigned long number = 0;

	index = pop ? STR("0") : syntax_text(s, syntax_field(found, "subscript"));
	if (str_ends(name, "argv"))
		return template_decline(scene, "the command line has too few arguments; that is no bug of "
					"the code");
	if (!python_is_pure(s, sequence) || (!str_is(index, "-1") && !str_number(index, &number)))
		return template_decline(scene, "no oracle: the index is computed, and nothing shows its "
					"right bound");
	if (!oracle_any(python, crash, HAZARD_EMPTY, name, &e))
		return;
	guard.condition = str_of(number ? arena_printf(scene->arena, "len(%.*s) <= %lu", STR_ARG(name),
						       number) :
				 arena_printf(scene->arena, python_uses_arrays(s) ? "len(%.*s) == 0" :
					      "not %.*s", STR_ARG(name)));
	guard.problem = str_of(arena_printf(scene->arena, number ? "%.*s is too short" :
					    "%.*s is empty", STR_ARG(name)));
	guard.single = !number;
	guard_propose(python, &guard, &e);
}

/* x[i] and x[i + 1] on one line: where i is good, only the neighbour can be out of range. */
static void several(struct python *python, const struct site *crash)
{
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(crash->statement, "subscript", n);

		if (ts_node_is_null(one))
			break;
		if (syntax_line(one) == crash->line && loop_neighbour(python, crash, one))
			return;
	}
	template_decline(python->scene, "several indexes on the line may have raised it");
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct site crash;
	struct indexing i = { .crash = &crash };

	if (!python_crash(&python, &crash))
		return;
	syntax_walk(crash.statement, see_indexing, &i);
	if (ts_node_is_null(i.found))
		return template_decline(scene, "no index on the line");
	if (i.several)
		return several(&python, &crash);
	if (ts_node_is_null(crash.function))
		return template_decline(scene, "no oracle: the index is in no function");
	if (syntax_type_is(i.found, "call") && loop_ends_when_empty(&python, &crash, i.found))
		return;
	if (syntax_type_is(i.found, "subscript") &&
	    (loop_bound_too_far(&python, &crash, i.found) || loop_neighbour(&python, &crash, i.found)))
		return;
	too_short(&python, &crash, i.found);
}

static const char *const types[] = { "IndexError", NULL };

static const struct example examples[] = {
	{
		.name = "a loop that takes from a queue and never asks whether it is empty",
		.log =
			"F                                                                      "
			"  [100%]\n"
			"=================================== FAILURES =========================="
			"=========\n"
			"__________________________________ test_apart _________________________"
			"_________\ntest_search.py:5: in test_apart\n"
			"    assert reachable({\"a\": [\"b\"]}, \"a\", \"c\") is False\n"
			"search.py:8: in reachable\n    node = queue.popleft()\n"
			"E   IndexError: pop from an empty deque\n"
			"=========================== short test summary info ==================="
			"=========\n"
			"FAILED test_search.py::test_apart - IndexError: pop from an empty deque\n"
			"1 failed in 0.03s\n",
		.file = {
			{ "search.py",
			  "from collections import deque\n"
			  "\n"
			  "\n"
			  "def reachable(graph, start, goal):\n"
			  "    queue = deque([start])\n"
			  "    seen = {start}\n"
			  "    while True:\n"
			  "        node = queue.popleft()\n"
			  "        if node == goal:\n"
			  "            return True\n"
			  "        for other in graph.get(node, ()):\n"
			  "            if other not in seen:\n"
			  "                seen.add(other)\n"
			  "                queue.append(other)\n"
			  "    return False\n",
			  "from collections import deque\n"
			  "\n"
			  "\n"
			  "def reachable(graph, start, goal):\n"
			  "    queue = deque([start])\n"
			  "    seen = {start}\n"
			  "    while queue:\n"
			  "        node = queue.popleft()\n"
			  "        if node == goal:\n"
			  "            return True\n"
			  "        for other in graph.get(node, ()):\n"
			  "            if other not in seen:\n"
			  "                seen.add(other)\n"
			  "                queue.append(other)\n"
			  "    return False\n" },
			{ "test_search.py",
			  "from search import reachable\n"
			  "\n"
			  "\n"
			  "def test_apart():\n"
			  "    assert reachable({\"a\": [\"b\"]}, \"a\", \"c\") is False\n", NULL },
		},
	},
	{
		.name = "a bound one too far",
		.log =
			"F                                                                      "
			"  [100%]\n"
			"=================================== FAILURES =========================="
			"=========\n"
			"__________________________________ test_total _________________________"
			"_________\ntest_total.py:5: in test_total\n"
			"    assert total([1, 2]) == 3\ntotal.py:5: in total\n"
			"    result += items[i]\nE   IndexError: list index out of range\n"
			"=========================== short test summary info ==================="
			"=========\n"
			"FAILED test_total.py::test_total - IndexError: list index out of range\n"
			"1 failed in 0.01s\n",
		.file = {
			{ "total.py",
			  "def total(items):\n"
			  "    result = 0\n"
			  "    i = 0\n"
			  "    while i <= len(items):\n"
			  "        result += items[i]\n"
			  "        i += 1\n"
			  "    return result\n",
			  "def total(items):\n"
			  "    result = 0\n"
			  "    i = 0\n"
			  "    while i < len(items):\n"
			  "        result += items[i]\n"
			  "        i += 1\n"
			  "    return result\n" },
			{ "test_total.py",
			  "from total import total\n"
			  "\n"
			  "\n"
			  "def test_total():\n"
			  "    assert total([1, 2]) == 3\n", NULL },
		},
	},
	{
		.name = "the last item has no neighbour",
		.log =
			"F                                                                      "
			"  [100%]\n"
			"=================================== FAILURES =========================="
			"=========\n"
			"__________________________________ test_none __________________________"
			"_________\ntest_repeat.py:5: in test_none\n"
			"    assert not has_repeat([1, 2, 3])\nrepeat.py:3: in has_repeat\n"
			"    if items[i] == items[i + 1]:\n"
			"E   IndexError: list index out of range\n"
			"=========================== short test summary info ==================="
			"=========\n"
			"FAILED test_repeat.py::test_none - IndexError: list index out of range\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "repeat.py",
			  "def has_repeat(items):\n"
			  "    for i in range(len(items)):\n"
			  "        if items[i] == items[i + 1]:\n"
			  "            return True\n"
			  "    return False\n",
			  "def has_repeat(items):\n"
			  "    for i in range(len(items) - 1):\n"
			  "        if items[i] == items[i + 1]:\n"
			  "            return True\n"
			  "    return False\n" },
			{ "test_repeat.py",
			  "from repeat import has_repeat\n"
			  "\n"
			  "\n"
			  "def test_none():\n"
			  "    assert not has_repeat([1, 2, 3])\n", NULL },
		},
	},
	{
		.name = "an empty text, the test expects the empty word",
		.log =
			"F                                                                      "
			"  [100%]\n"
			"=================================== FAILURES =========================="
			"=========\n"
			"__________________________________ test_empty _________________________"
			"_________\ntest_words.py:5: in test_empty\n"
			"    word = first_word(\"  \")\nwords.py:3: in first_word\n"
			"    return words[0]\nE   IndexError: list index out of range\n"
			"=========================== short test summary info ==================="
			"=========\n"
			"FAILED test_words.py::test_empty - IndexError: list index out of range\n"
			"1 failed in 0.04s\n",
		.file = {
			{ "words.py",
			  "def first_word(text):\n"
			  "    words = text.split()\n"
			  "    return words[0]\n",
			  "def first_word(text):\n"
			  "    words = text.split()\n"
			  "    if not words:\n"
			  "        return \"\"\n"
			  "    return words[0]\n" },
			{ "test_words.py",
			  "from words import first_word\n"
			  "\n"
			  "\n"
			  "def test_empty():\n"
			  "    word = first_word(\"  \")\n"
			  "    assert word == \"\"\n", NULL },
		},
	},
	{
		.name = "nobody says what the first word of nothing is",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 3, in <module>\n"
			"    print(first_word(\"\"))\n          ^^^^^^^^^^^^^^\n"
			"  File \"/home/runner/work/app/app/words.py\", line 3, in first_word\n"
			"    return words[0]\n           ~~~~~^^^\n"
			"IndexError: list index out of range\n",
		.file = {
			{ "words.py",
			  "def first_word(text):\n"
			  "    words = text.split()\n"
			  "    return words[0]\n", NULL },
			{ "main.py",
			  "from words import first_word\n"
			  "\n"
			  "print(first_word(\"\"))\n", NULL },
		},
		.declines = "no oracle",
	},
	{
		.name = "the command line",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 8, in <module>\n"
			"    main()\n"
			"  File \"/home/runner/work/app/app/main.py\", line 5, in main\n"
			"    print(sys.argv[1])\n          ~~~~~~~~^^^\n"
			"IndexError: list index out of range\n",
		.file = {
			{ "main.py",
			  "import sys\n"
			  "\n"
			  "\n"
			  "def main():\n"
			  "    print(sys.argv[1])\n"
			  "\n"
			  "\n"
			  "main()\n", NULL },
		},
		.declines = "command line",
	},
	{
		.name = "a computed index",
		.log =
			"F                                                                      "
			"  [100%]\n"
			"=================================== FAILURES =========================="
			"=========\n"
			"__________________________________ test_shift _________________________"
			"_________\ntest_middle.py:5: in test_shift\n"
			"    assert middle([1, 2, 3], 2) == 3\nmiddle.py:2: in middle\n"
			"    return items[len(items) // 2 + shift]\n"
			"E   IndexError: list index out of range\n"
			"=========================== short test summary info ==================="
			"=========\n"
			"FAILED test_middle.py::test_shift - IndexError: list index out of range\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "middle.py",
			  "def middle(items, shift):\n"
			  "    return items[len(items) // 2 + shift]\n", NULL },
			{ "test_middle.py",
			  "from middle import middle\n"
			  "\n"
			  "\n"
			  "def test_shift():\n"
			  "    assert middle([1, 2, 3], 2) == 3\n", NULL },
		},
		.declines = "computed",
	},
	{
		.name = "the test expects a computed value",
		.log =
			"F                                                                      "
			"  [100%]\n"
			"=================================== FAILURES =========================="
			"=========\n"
			"__________________________________ test_empty _________________________"
			"_________\ntest_words.py:7: in test_empty\n"
			"    assert first_word(\"\") == os.sep.join([])\n"
			"words.py:3: in first_word\n    return words[0]\n"
			"E   IndexError: list index out of range\n"
			"=========================== short test summary info ==================="
			"=========\n"
			"FAILED test_words.py::test_empty - IndexError: list index out of range\n"
			"1 failed in 0.03s\n",
		.file = {
			{ "words.py",
			  "def first_word(text):\n"
			  "    words = text.split()\n"
			  "    return words[0]\n", NULL },
			{ "test_words.py",
			  "import os\n"
			  "\n"
			  "from words import first_word\n"
			  "\n"
			  "\n"
			  "def test_empty():\n"
			  "    assert first_word(\"\") == os.sep.join([])\n", NULL },
		},
		.declines = "does not say",
	},
	{
		.name = "a function with another result is no example",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 3, in <module>\n"
			"    print(parse(\"\"))\n          ^^^^^^^^^\n"
			"  File \"/home/runner/work/app/app/marks.py\", line 8, in parse\n"
			"    return [text[-1]]\n            ~~~~^^^^\n"
			"IndexError: string index out of range\n",
		.file = {
			{ "marks.py",
			  "def comment(text):\n"
			  "    if not text:\n"
			  "        return \"#\"\n"
			  "    return \"#\" + text[0]\n"
			  "\n"
			  "\n"
			  "def parse(text):\n"
			  "    return [text[-1]]\n", NULL },
			{ "main.py",
			  "from marks import parse\n"
			  "\n"
			  "print(parse(\"\"))\n", NULL },
		},
		.declines = "no oracle",
	},
	{
		.name = "yes is no answer to an empty queue",
		.log =
			"F                                                                      "
			"  [100%]\n"
			"=================================== FAILURES =========================="
			"=========\n"
			"__________________________________ test_near __________________________"
			"_________\ntest_search.py:5: in test_near\n"
			"    assert reachable({}, \"a\", \"b\") is True\n"
			"search.py:4: in reachable\n    node = queue.pop(0)\n"
			"E   IndexError: pop from empty list\n"
			"=========================== short test summary info ==================="
			"=========\n"
			"FAILED test_search.py::test_near - IndexError: pop from empty list\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "search.py",
			  "def reachable(graph, start, goal):\n"
			  "    queue = [start]\n"
			  "    while True:\n"
			  "        node = queue.pop(0)\n"
			  "        if node == goal:\n"
			  "            return True\n"
			  "        queue.extend(graph.get(node, ()))\n"
			  "    return False\n", NULL },
			{ "test_search.py",
			  "from search import reachable\n"
			  "\n"
			  "\n"
			  "def test_near():\n"
			  "    assert reachable({}, \"a\", \"b\") is True\n", NULL },
		},
		.declines = "own input only",
	},
	{
		.name = "the item is wrong, not the bound",
		.log =
			"F                                                                     "
			"   [100%]\n"
			"========== FAILURES ==========\n"
			"__________ test_it __________\n"
			"test_total.py:5: in test_it\n"
			"    assert total([0, 0]) == 0\n"
			"total.py:4: in total\n"
			"    result += values[i + 1]\n"
			"E   IndexError: list index out of range\n"
			"========== short test summary info ==========\n"
			"FAILED test_total.py::test_it - IndexError: list index out of range\n"
			"1 failed in 0.04s\n",
		.file = {
			{ "total.py",
			  "def total(values):\n"
			  "    result = 0\n"
			  "    for i in range(len(values)):\n"
			  "        result += values[i + 1]\n"
			  "    return result\n", NULL },
			{ "test_total.py",
			  "from total import total\n"
			  "\n"
			  "\n"
			  "def test_it():\n"
			  "    assert total([0, 0]) == 0\n", NULL },
		},
		.declines = "computed",
	},
	{0}
};

const struct template template_python_index_error = {
	.name = "python_index_error",
	.summary = "IndexError -> the right bound, a loop that ends when nothing is left, or a guard "
		   "with the result that a test names",
	.language = "python",
	.class = "crash guard",
	.oracles = "test, contract, sibling",
	.keeps_off = "nobody says what an empty sequence gives; computed indexes; the command line's "
		     "arguments; several indexes on the line",
	.danger = DANGER_2,
	.types = types,
	.fix = fix,
	.examples = examples,
};

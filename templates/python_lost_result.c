/*
 * A function of this code whose None a test trips over, or compares: it computes its result and
 * does not return it. The forms of loss are those of lib_producer.c, and the function must be one
 * that the failing line of the test calls.
 */
#include "templates/lib_producer.h"
#include "templates/lib_reach.h"

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct site test;
	struct nodes calls;

	if (!python_is_assertion_or(scene, "TypeError AttributeError"))
		return;
	if (!python_last_own(&python, &test) || !python_is_test(str_of(test.path)))
		return template_decline(scene, "no test trips over the None itself");
	calls = python_nodes(scene->arena, test.statement, "call");
	for (size_t i = 0; i < calls.count; i++)
		if (producer_propose(&python, &test, calls.list[i]))
			return;
	calls = python_nodes(scene->arena, test.statement, "identifier");
	for (size_t i = 0; i < calls.count; i++)
		if (producer_propose(&python, &test, calls.list[i]))
			return;
	template_decline(scene, "no function that the line calls loses its result");
}

static const struct example examples[] = {
	{
		.name = "a search that drops the answer of its recursion on both sides",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_find ____________________\n"
			"test_tree.py:5: in test_find\n"
			"    assert find([\"m\", [\"c\", None, None], None], \"c\")[0] == \"c\""
			"\nE   TypeError: 'NoneType' object is not subscriptable\n"
			"============ short test summary info =============\n"
			"FAILED test_tree.py::test_find - TypeError: 'No...\n"
			"1 failed in 0.04s\n",
		.file = {
			{ "tree.py",
			  "def find(node, word):\n"
			  "    if node is None or node[0] == word:\n"
			  "        return node\n"
			  "    if word < node[0]:\n"
			  "        find(node[1], word)\n"
			  "    else:\n"
			  "        find(node[2], word)\n",
			  "def find(node, word):\n"
			  "    if node is None or node[0] == word:\n"
			  "        return node\n"
			  "    if word < node[0]:\n"
			  "        return find(node[1], word)\n"
			  "    else:\n"
			  "        return find(node[2], word)\n" },
			{ "test_tree.py",
			  "from tree import find\n"
			  "\n"
			  "\n"
			  "def test_find():\n"
			  "    assert find([\"m\", [\"c\", None, None], None], \"c\")[0] == \"c\"\n", NULL },
		},
	},
	{
		.name = "a list that is built up and compared",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_long ____________________\n"
			"test_words.py:5: in test_long\n"
			"    assert long_words(\"a word here\") == [\"word\", \"here\"]\n"
			"E   AssertionError: assert None == ['word', 'here']\n"
			"E    +  where None = long_words('a word here')\n"
			"============ short test summary info =============\n"
			"FAILED test_words.py::test_long - AssertionErro...\n"
			"1 failed in 0.04s\n",
		.file = {
			{ "words.py",
			  "def long_words(text):\n"
			  "    found = []\n"
			  "    for word in text.split():\n"
			  "        if len(word) > 3:\n"
			  "            found.append(word)\n",
			  "def long_words(text):\n"
			  "    found = []\n"
			  "    for word in text.split():\n"
			  "        if len(word) > 3:\n"
			  "            found.append(word)\n"
			  "    return found\n" },
			{ "test_words.py",
			  "from words import long_words\n"
			  "\n"
			  "\n"
			  "def test_long():\n"
			  "    assert long_words(\"a word here\") == [\"word\", \"here\"]\n", NULL },
		},
	},
	{
		.name = "None is the answer",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_find ____________________\n"
			"test_rows.py:5: in test_find\n    assert find([], \"a\") == {}\n"
			"E   AssertionError: assert None == {}\n"
			"E    +  where None = find([], 'a')\n"
			"============ short test summary info =============\n"
			"FAILED test_rows.py::test_find - AssertionError...\n"
			"1 failed in 0.04s\n",
		.file = {
			{ "rows.py",
			  "def find(rows, name):\n"
			  "    for row in rows:\n"
			  "        if row[\"name\"] == name:\n"
			  "            return row\n", NULL },
			{ "test_rows.py",
			  "from rows import find\n"
			  "\n"
			  "\n"
			  "def test_find():\n"
			  "    assert find([], \"a\") == {}\n", NULL },
		},
		.declines = "loses its result",
	},
	{
		.name = "the code itself trips over it",
		.log =
			"==================== FAILURES ====================\n"
			"____________________ test_age ____________________\n"
			"test_rows.py:5: in test_age\n    assert age([], \"a\") is None\n"
			"rows.py:8: in age\n    return find(rows, name)[\"age\"]\n"
			"E   TypeError: 'NoneType' object is not subscriptable\n"
			"============ short test summary info =============\n"
			"FAILED test_rows.py::test_age - TypeError: 'Non...\n"
			"1 failed in 0.03s\n",
		.file = {
			{ "rows.py",
			  "def find(rows, name):\n"
			  "    for row in rows:\n"
			  "        if row[\"name\"] == name:\n"
			  "            return row\n"
			  "\n"
			  "\n"
			  "def age(rows, name):\n"
			  "    return find(rows, name)[\"age\"]\n", NULL },
			{ "test_rows.py",
			  "from rows import age\n"
			  "\n"
			  "\n"
			  "def test_age():\n"
			  "    assert age([], \"a\") is None\n", NULL },
		},
		.declines = "no test trips",
	},
	{0}
};

const struct template template_python_lost_result = {
	.name = "python_lost_result",
	.summary = "a test finds None where a function computes its result and drops it -> return",
	.language = "python",
	.class = "missing return",
	.oracles = "test, contract",
	.keeps_off = "the function has an end without any result; several can be meant",
	.danger = DANGER_2,
	.pattern = "\\bNone(Type)?\\b",
	.fix = fix,
	.examples = examples,
};

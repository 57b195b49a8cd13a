/*
 * The value of a method that changes its object and gives back None: `x = y.sort()`. Only the list
 * methods sort and reverse, which have a builtin that gives back the result and leaves the object
 * alone, and `x = x.append(...)`, where the assignment only loses the object.
 */
#include "templates/lib_guard.h"
#include "templates/lib_reach.h"

struct use {
	struct reached in;
	TSNode call;
	unsigned count;
};

static bool is_in_place(struct str method)
{
	return word_among(method, "sort reverse append extend insert remove clear add update discard");
}

/* Is the value of the call used, and is the call one that only changes its object? */
static void look(struct arena *a, const struct reached *in, struct use *use)
{
	struct nodes calls = python_nodes(a, in->function, "call");

	for (size_t i = 0; i < calls.count; i++) {
		TSNode call = calls.list[i], parent = ts_node_parent(call);
		TSNode callee = syntax_field(call, "function"), object = syntax_field(callee, "object");
		struct str method = syntax_text(in->s, syntax_field(callee, "attribute"));
		bool itself = syntax_type_is(parent, "assignment") &&
			      str_equal(syntax_text(in->s, syntax_field(parent, "left")),
					syntax_text(in->s, object));

		if (!syntax_type_is(callee, "attribute") || !is_in_place(method) ||
		    !python_is_pure(in->s, object) || syntax_type_is(parent, "expression_statement|lambda"))
			continue;
		if (!str_is(method, "sort") && !str_is(method, "reverse") && !itself)
			continue;
		use->in = *in;
		use->call = call;
		use->count++;
	}
}

/* Does a class of this repository give the word another meaning? */
static bool is_redefined(struct python *python, struct str method)
{
	const struct tree *tree = python->scene->tree;
	struct str word = str_of(arena_printf(python->scene->arena, "def %.*s(", STR_ARG(method)));

	for (size_t i = 0; i < tree->count; i++) {
		struct str text;

		if (str_ends(str_of(tree->entries[i].path), ".py") &&
		    scene_read(python->scene, tree->entries[i].path, &text) && str_find(text, word) >= 0)
			return true;
	}
	return false;
}

static const char *edit_use(const struct use *use, struct edits *edits)
{
	const struct syntax *s = use->in.s;
	TSNode callee = syntax_field(use->call, "function"), parent = ts_node_parent(use->call);
	struct str object = syntax_text(s, syntax_field(callee, "object"));
	struct str method = syntax_text(s, syntax_field(callee, "attribute"));
	struct str list = syntax_text(s, syntax_field(use->call, "arguments")), inner;

	inner = str_trim(str_slice(list, 1, list.size - 2));
	if (str_is(method, "sort"))
		edit_node(edits, use->call, str_of(arena_printf(edits->arena, inner.size ?
			  "sorted(%.*s, %.*s)" : "sorted(%.*s)", STR_ARG(object), STR_ARG(inner))));
	else if (str_is(method, "reverse"))
		edit_node(edits, use->call, str_of(arena_printf(edits->arena, "list(reversed(%.*s))",
								STR_ARG(object))));
	else
		edit_node(edits, parent, syntax_text(s, use->call));
	return arena_printf(edits->arena, "%.*s.%.*s() changes the list and gives back None (%s:%u)",
			    STR_ARG(object), STR_ARG(method), use->in.path, syntax_line(use->call));
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct edits edits = { .arena = scene->arena };
	struct reached *reached;
	struct use use = {0};
	size_t count = python_reached(&python, &reached);
	const char *why;

	if (!python_is_assertion_or(scene, "TypeError AttributeError"))
		return;
	for (size_t i = 0; i < count; i++)
		look(scene->arena, &reached[i], &use);
	if (!use.count)
		return template_decline(scene, "no value of a method that gives back None is used");
	if (use.count > 1)
		return template_decline(scene, "several places use the value of a method that gives back None");
	if (python_uses_arrays(use.in.s) ||
	    is_redefined(&python, python_callee(use.in.s, use.call)))
		return template_decline(scene, "the object may be no list");
	why = edit_use(&use, &edits);
	python_put(&python, use.in.path, use.in.s, &edits, ORACLE_CONTRACT, why);
}

static const struct example examples[] = {
	{
		.name = "the value of list.sort()",
		.log =
			"==================== FAILURES ====================\n"
			"_________________ test_standings _________________\n"
			"test_league.py:5: in test_standings\n"
			"    assert standings([(\"a\", 1), (\"b\", 2)]) == [\"b\", \"a\"]\n"
			"league.py:3: in standings\n    return [team[0] for team in ranked]\n"
			"E   TypeError: 'NoneType' object is not iterable\n"
			"============ short test summary info =============\n"
			"FAILED test_league.py::test_standings - TypeErr...\n"
			"1 failed in 0.03s\n",
		.file = {
			{ "league.py",
			  "def standings(teams):\n"
			  "    ranked = teams.sort(key=lambda team: -team[1])\n"
			  "    return [team[0] for team in ranked]\n",
			  "def standings(teams):\n"
			  "    ranked = sorted(teams, key=lambda team: -team[1])\n"
			  "    return [team[0] for team in ranked]\n" },
			{ "test_league.py",
			  "from league import standings\n"
			  "\n"
			  "\n"
			  "def test_standings():\n"
			  "    assert standings([(\"a\", 1), (\"b\", 2)]) == [\"b\", \"a\"]\n", NULL },
		},
	},
	{
		.name = "a list is lost by append()",
		.log =
			"==================== FAILURES ====================\n"
			"__________________ test_collect __________________\n"
			"test_words.py:5: in test_collect\n"
			"    assert collect([\"a\", \"b\"]) == [\"a\", \"b\"]\n"
			"words.py:4: in collect\n    found = found.append(word)\n"
			"E   AttributeError: 'NoneType' object has no attribute 'append'\n"
			"============ short test summary info =============\n"
			"FAILED test_words.py::test_collect - AttributeE...\n"
			"1 failed in 0.04s\n",
		.file = {
			{ "words.py",
			  "def collect(words):\n"
			  "    found = []\n"
			  "    for word in words:\n"
			  "        found = found.append(word)\n"
			  "    return found\n",
			  "def collect(words):\n"
			  "    found = []\n"
			  "    for word in words:\n"
			  "        found.append(word)\n"
			  "    return found\n" },
			{ "test_words.py",
			  "from words import collect\n"
			  "\n"
			  "\n"
			  "def test_collect():\n"
			  "    assert collect([\"a\", \"b\"]) == [\"a\", \"b\"]\n", NULL },
		},
	},
	{
		.name = "the function's result is compared",
		.log =
			"==================== FAILURES ====================\n"
			"_________________ test_backwards _________________\n"
			"test_words.py:5: in test_backwards\n"
			"    assert backwards([\"a\", \"b\"]) == [\"b\", \"a\"]\n"
			"E   AssertionError: assert None == ['b', 'a']\n"
			"E    +  where None = backwards(['b', 'a'])\n"
			"============ short test summary info =============\n"
			"FAILED test_words.py::test_backwards - Assertio...\n"
			"1 failed in 0.06s\n",
		.file = {
			{ "words.py",
			  "def backwards(words):\n"
			  "    return words.reverse()\n",
			  "def backwards(words):\n"
			  "    return list(reversed(words))\n" },
			{ "test_words.py",
			  "from words import backwards\n"
			  "\n"
			  "\n"
			  "def test_backwards():\n"
			  "    assert backwards([\"a\", \"b\"]) == [\"b\", \"a\"]\n", NULL },
		},
	},
	{
		.name = "the object is one of the project's own",
		.log =
			"==================== FAILURES ====================\n"
			"__________________ test_lowest ___________________\n"
			"test_stack.py:5: in test_lowest\n"
			"    assert lowest(Stack([2, 1])) == 1\nstack.py:10: in lowest\n"
			"    return stack.sort().items[0]\n"
			"E   AttributeError: 'NoneType' object has no attribute 'items'\n"
			"============ short test summary info =============\n"
			"FAILED test_stack.py::test_lowest - AttributeEr...\n"
			"1 failed in 0.03s\n",
		.file = {
			{ "stack.py",
			  "class Stack:\n"
			  "    def __init__(self, items):\n"
			  "        self.items = items\n"
			  "\n"
			  "    def sort(self):\n"
			  "        self.items = sorted(self.items)\n"
			  "\n"
			  "\n"
			  "def lowest(stack):\n"
			  "    return stack.sort().items[0]\n", NULL },
			{ "test_stack.py",
			  "from stack import Stack, lowest\n"
			  "\n"
			  "\n"
			  "def test_lowest():\n"
			  "    assert lowest(Stack([2, 1])) == 1\n", NULL },
		},
		.declines = "no list",
	},
	{
		.name = "None comes from elsewhere",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_first ___________________\n"
			"test_words.py:5: in test_first\n    assert first([]) == \"\"\n"
			"E   AssertionError: assert None == ''\n"
			"E    +  where None = first([])\n"
			"============ short test summary info =============\n"
			"FAILED test_words.py::test_first - AssertionErr...\n"
			"1 failed in 0.05s\n",
		.file = {
			{ "words.py",
			  "def first(words):\n"
			  "    for word in words:\n"
			  "        return word\n", NULL },
			{ "test_words.py",
			  "from words import first\n"
			  "\n"
			  "\n"
			  "def test_first():\n"
			  "    assert first([]) == \"\"\n", NULL },
		},
		.declines = "no value of a method",
	},
	{0}
};

const struct template template_python_in_place_result = {
	.name = "python_in_place_result",
	.summary = "None from list.sort(), reverse() or x = x.append() -> sorted(), reversed(), or no assignment",
	.language = "python",
	.class = "missing value",
	.oracles = "contract",
	.keeps_off = "the object may be no list; several such places",
	.danger = DANGER_1,
	.pattern = "\\bNone(Type)?\\b",
	.fix = fix,
	.examples = examples,
};

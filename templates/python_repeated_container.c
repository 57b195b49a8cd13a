/*
 * Rows of a table that are one and the same list: `[[0] * n] * m` and `dict.fromkeys(keys, [])`.
 * Each gets a list of its own. Only where what is repeated is written there as a container.
 */
#include "templates/lib_guard.h"
#include "templates/lib_reach.h"

struct repeated {
	struct reached in;
	TSNode place, item, times;	/* times: the number, or the keys */
	bool keys;
	unsigned count;
};

static bool is_container(const struct syntax *s, TSNode node)
{
	TSNode left = syntax_field(node, "left");

	if (syntax_type_is(node, "binary_operator"))
		return str_is(syntax_text(s, syntax_field(node, "operator")), "*") &&
		       syntax_type_is(left, "list");
	return syntax_type_is(node, "list|dictionary|set|list_comprehension") ||
	       word_among(syntax_text(s, node), "list() dict() set()");
}

static void look(struct arena *a, const struct reached *in, struct repeated *r)
{
	struct nodes all = python_nodes(a, in->function, "binary_operator|call");

	for (size_t i = 0; i < all.count; i++) {
		TSNode node = all.list[i], left = syntax_field(node, "left");
		TSNode list = syntax_field(node, "arguments");

		if (syntax_type_is(node, "binary_operator") && syntax_type_is(left, "list") &&
		    str_is(syntax_text(in->s, syntax_field(node, "operator")), "*") &&
		    python_child_count(left) == 1 && is_container(in->s, python_child(left, 0))) {
			*r = (struct repeated){ *in, node, python_child(left, 0), syntax_field(node, "right"),
						false, r->count + 1 };
		} else if (str_is(syntax_text(in->s, syntax_field(node, "function")), "dict.fromkeys") &&
			   python_child_count(list) == 2 && is_container(in->s, python_child(list, 1))) {
			*r = (struct repeated){ *in, node, python_child(list, 1), python_child(list, 0), true,
						r->count + 1 };
		}
	}
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct edits edits = { .arena = scene->arena };
	struct repeated r = {0};
	struct reached *reached;
	size_t count;
	struct str item, times;

	if (!python_is_assertion_or(scene, "KeyError ValueError IndexError"))
		return;
	count = python_reached(&python, &reached);
	for (size_t i = 0; i < count; i++)
		look(scene->arena, &reached[i], &r);
	if (r.count != 1)
		return template_decline(scene, r.count ? "several containers are repeated" :
					"no container is repeated");
	if (python_mentions(r.in.s, r.in.function, STR("_")) || !python_is_pure(r.in.s, r.times) ||
	    python_mentions(r.in.s, r.item, STR("key")))
		return template_decline(scene, "the number is not simple, or the loop's name is taken");
	item = syntax_text(r.in.s, r.item), times = syntax_text(r.in.s, r.times);
	edit_node(&edits, r.place, str_of(r.keys ?
		  arena_printf(scene->arena, "{key: %.*s for key in %.*s}", STR_ARG(item), STR_ARG(times)) :
		  arena_printf(scene->arena, "[%.*s for _ in range(%.*s)]", STR_ARG(item), STR_ARG(times))));
	python_put(&python, r.in.path, r.in.s, &edits, ORACLE_TEST,
		   arena_printf(scene->arena, "%s:%u repeats one container; the failing test expects several",
				r.in.path, syntax_line(r.place)));
}

static const struct example examples[] = {
	{
		.name = "a table of one row",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_board ___________________\n"
			"test_board.py:5: in test_board\n"
			"    assert board(2, 2, 0, 1) == [[0, 0], [1, 0]]\n"
			"E   assert [[1, 0], [1, 0]] == [[0, 0], [1, 0]]\n"
			"E     At index 0 diff: [1, 0] != [0, 0]\n"
			"E     Use -v to get more diff\n"
			"============ short test summary info =============\n"
			"FAILED test_board.py::test_board - assert [[1, ...\n"
			"1 failed in 0.06s\n",
		.file = {
			{ "board.py",
			  "def board(width, height, x, y):\n"
			  "    cells = [[0] * width] * height\n"
			  "    cells[y][x] = 1\n"
			  "    return cells\n",
			  "def board(width, height, x, y):\n"
			  "    cells = [[0] * width for _ in range(height)]\n"
			  "    cells[y][x] = 1\n"
			  "    return cells\n" },
			{ "test_board.py",
			  "from board import board\n"
			  "\n"
			  "\n"
			  "def test_board():\n"
			  "    assert board(2, 2, 0, 1) == [[0, 0], [1, 0]]\n", NULL },
		},
	},
	{
		.name = "one list for all keys",
		.log =
			"==================== FAILURES ====================\n"
			"__________________ test_groups ___________________\n"
			"test_groups.py:5: in test_groups\n"
			"    assert groups(\"ab\", [(\"a\", 1)]) == {\"a\": [1], \"b\": []}\n"
			"E   AssertionError: assert {'a': [1], 'b': [1]} == {'a': [1], 'b': []}"
			"\nE     Omitting 1 identical items, use -vv to show\n"
			"E     Differing items:\nE     {'b': [1]} != {'b': []}\n"
			"E     Use -v to get more diff\n"
			"============ short test summary info =============\n"
			"FAILED test_groups.py::test_groups - AssertionE...\n"
			"1 failed in 0.11s\n",
		.file = {
			{ "groups.py",
			  "def groups(names, rows):\n"
			  "    found = dict.fromkeys(names, [])\n"
			  "    for name, value in rows:\n"
			  "        found[name].append(value)\n"
			  "    return found\n",
			  "def groups(names, rows):\n"
			  "    found = {key: [] for key in names}\n"
			  "    for name, value in rows:\n"
			  "        found[name].append(value)\n"
			  "    return found\n" },
			{ "test_groups.py",
			  "from groups import groups\n"
			  "\n"
			  "\n"
			  "def test_groups():\n"
			  "    assert groups(\"ab\", [(\"a\", 1)]) == {\"a\": [1], \"b\": []}\n", NULL },
		},
	},
	{
		.name = "numbers may be repeated",
		.log =
			"==================== FAILURES ====================\n"
			"____________________ test_row ____________________\n"
			"test_board.py:5: in test_row\n    assert row(2) == [0, 1]\n"
			"E   assert [0, 0] == [0, 1]\nE     At index 1 diff: 0 != 1\n"
			"E     Use -v to get more diff\n"
			"============ short test summary info =============\n"
			"FAILED test_board.py::test_row - assert [0, 0] ...\n"
			"1 failed in 0.07s\n",
		.file = {
			{ "board.py",
			  "def row(width):\n"
			  "    return [0] * width\n", NULL },
			{ "test_board.py",
			  "from board import row\n"
			  "\n"
			  "\n"
			  "def test_row():\n"
			  "    assert row(2) == [0, 1]\n", NULL },
		},
		.declines = "no container",
	},
	{0}
};

const struct template template_python_repeated_container = {
	.name = "python_repeated_container",
	.summary = "rows or values that are one and the same container -> one for each",
	.language = "python",
	.class = "aliasing",
	.oracles = "test",
	.keeps_off = "several such places; the number is not simple",
	.danger = DANGER_1,
	.pattern = NULL,
	.fix = fix,
	.examples = examples,
};

/*
 * A comma behind a value that makes a tuple of it: `total = sum(values),`. Only a comma at the end
 * of the line behind one value, in the assignment of the very name that is no tuple by its use.
 */
#include "templates/lib_guard.h"
#include "templates/lib_reach.h"

struct stray {
	struct reached in;
	TSNode tuple;
	unsigned count;
};

/* NAME = VALUE, or return VALUE, with nothing behind the comma and no parentheses. */
static void look(struct arena *a, const struct reached *in, struct stray *stray)
{
	struct nodes all = python_nodes(a, in->function, "expression_list");

	for (size_t i = 0; i < all.count; i++) {
		struct str text = syntax_text(in->s, all.list[i]);

		if (python_child_count(all.list[i]) != 1 || !str_ends(text, ",") ||
		    !syntax_type_is(ts_node_parent(all.list[i]), "assignment|return_statement") ||
		    syntax_type_is(syntax_field(ts_node_parent(all.list[i]), "left"),
				   "pattern_list|tuple_pattern"))
			continue;
		stray->in = *in;
		stray->tuple = all.list[i];
		stray->count++;
	}
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct edits edits = { .arena = scene->arena };
	struct stray stray = {0};
	struct reached *reached;
	size_t count;

	if (!python_is_assertion_or(scene, "TypeError AttributeError"))
		return;
	count = python_reached(&python, &reached);
	for (size_t i = 0; i < count; i++)
		look(scene->arena, &reached[i], &stray);
	if (stray.count != 1)
		return template_decline(scene, stray.count ? "several commas make a tuple" :
					"no comma at the end of a line makes a tuple");
	edit_replace(&edits, ts_node_end_byte(python_child(stray.tuple, 0)), ts_node_end_byte(stray.tuple),
		     STR_NONE);
	python_put(&python, stray.in.path, stray.in.s, &edits, ORACLE_TEST,
		   arena_printf(scene->arena, "the comma at the end of %s:%u makes a tuple of the value, and the "
				"failing test finds one", stray.in.path, syntax_line(stray.tuple)));
}

static const struct example examples[] = {
	{
		.name = "a name that is a tuple",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_shout ___________________\n"
			"test_names.py:5: in test_shout\n"
			"    assert shout(\"ada \") == \"ADA\"\nnames.py:3: in shout\n"
			"    return loud.upper()\n"
			"E   AttributeError: 'tuple' object has no attribute 'upper'\n"
			"============ short test summary info =============\n"
			"FAILED test_names.py::test_shout - AttributeErr...\n"
			"1 failed in 0.12s\n",
		.file = {
			{ "names.py",
			  "def shout(name):\n"
			  "    loud = name.strip(),\n"
			  "    return loud.upper()\n",
			  "def shout(name):\n"
			  "    loud = name.strip()\n"
			  "    return loud.upper()\n" },
			{ "test_names.py",
			  "from names import shout\n"
			  "\n"
			  "\n"
			  "def test_shout():\n"
			  "    assert shout(\"ada \") == \"ADA\"\n", NULL },
		},
	},
	{
		.name = "a result that is a tuple",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_total ___________________\n"
			"test_totals.py:5: in test_total\n    assert total([1, 2]) == 3\n"
			"E   assert (3,) == 3\nE    +  where (3,) = total([1, 2])\n"
			"============ short test summary info =============\n"
			"FAILED test_totals.py::test_total - assert (3,)...\n"
			"1 failed in 0.03s\n",
		.file = {
			{ "totals.py",
			  "def total(values):\n"
			  "    return sum(values),\n",
			  "def total(values):\n"
			  "    return sum(values)\n" },
			{ "test_totals.py",
			  "from totals import total\n"
			  "\n"
			  "\n"
			  "def test_total():\n"
			  "    assert total([1, 2]) == 3\n", NULL },
		},
	},
	{
		.name = "no comma",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_pair ____________________\n"
			"test_pairs.py:5: in test_pair\n"
			"    assert pair(\"a\", \"b\") == \"A\"\npairs.py:2: in pair\n"
			"    return (a, b).upper()\n"
			"E   AttributeError: 'tuple' object has no attribute 'upper'\n"
			"============ short test summary info =============\n"
			"FAILED test_pairs.py::test_pair - AttributeErro...\n"
			"1 failed in 0.10s\n",
		.file = {
			{ "pairs.py",
			  "def pair(a, b):\n"
			  "    return (a, b).upper()\n", NULL },
			{ "test_pairs.py",
			  "from pairs import pair\n"
			  "\n"
			  "\n"
			  "def test_pair():\n"
			  "    assert pair(\"a\", \"b\") == \"A\"\n", NULL },
		},
		.declines = "no comma",
	},
	{0}
};

const struct template template_python_stray_comma = {
	.name = "python_stray_comma",
	.summary = "a comma at the end of a line that makes a tuple -> no comma",
	.language = "python",
	.class = "type",
	.oracles = "test",
	.keeps_off = "the tuple is meant: nothing says that it is one too many; several of them",
	.danger = DANGER_1,
	.pattern = "\\btuple\\b|\\([^()]*,\\)",
	.fix = fix,
	.examples = examples,
};

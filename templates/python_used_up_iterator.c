/*
 * An iterator that is walked over twice: the second time it is empty. It becomes a list where it is
 * made, in the function that uses it up. Only iterators that the function makes itself, by a
 * generator expression, map, filter, zip, or a call of a generator of this code; next() and a loop
 * that goes on where another one ended are meant so.
 */
#include "templates/lib_guard.h"
#include "templates/lib_reach.h"

struct used {
	struct reached in;
	struct str name;
	TSNode value;
	unsigned count;
};

/* Functions that read all of an iterator. */
static const char readers[] =
	"min max sum list tuple set sorted dict any all join mean fmean median stdev reduce enumerate "
	"frozenset Counter len writerows extend update";

static bool makes_iterator(struct python *python, const struct reached *in, TSNode value)
{
	struct str name = python_callee(in->s, value);
	struct definition d;

	if (syntax_type_is(value, "generator_expression"))
		return true;
	if (!syntax_type_is(value, "call"))
		return false;
	if (syntax_type_is(syntax_field(value, "function"), "identifier") && word_among(name, "map filter zip"))
		return true;
	return python_definition(python, in->s, in->path, name, &d) && python_contains(d.function, "yield");
}

/* How often all of the name is read; -1 where it is also used in another way. */
static int readings(struct arena *a, const struct reached *in, struct str name, size_t from)
{
	struct nodes all = python_nodes(a, in->function, "identifier");
	int count = 0;

	for (size_t i = 0; i < all.count; i++) {
		TSNode parent = ts_node_parent(all.list[i]), outer = ts_node_parent(parent);

		if (!str_equal(syntax_text(in->s, all.list[i]), name) ||
		    ts_node_start_byte(all.list[i]) < from)
			continue;
		if (syntax_type_is(parent, "attribute") &&
		    ts_node_eq(syntax_field(parent, "attribute"), all.list[i]))
			continue;
		if (syntax_type_is(parent, "argument_list") &&
		    word_among(python_callee(in->s, outer), readers))
			count++;
		else if (syntax_type_is(parent, "for_statement|for_in_clause") &&
			 ts_node_eq(syntax_field(parent, "right"), all.list[i]) &&
			 !python_contains(syntax_field(parent, "body"), "break_statement"))
			count++;
		else
			return -1;
	}
	return count;
}

static void look(struct python *python, const struct reached *in, struct used *used)
{
	struct arena *a = python->scene->arena;
	struct nodes all = python_nodes(a, in->function, "assignment");

	for (size_t i = 0; i < all.count; i++) {
		TSNode left = syntax_field(all.list[i], "left"), value = syntax_field(all.list[i], "right");
		struct str name = syntax_text(in->s, left);

		if (!syntax_type_is(left, "identifier") || !makes_iterator(python, in, value) ||
		    ts_node_is_null(python_value_of(in->s, in->function, name, SIZE_MAX)) ||
		    readings(a, in, name, ts_node_end_byte(all.list[i])) < 2)
			continue;
		used->in = *in, used->name = name, used->value = value;
		used->count++;
	}
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct edits edits = { .arena = scene->arena };
	struct used used = {0};
	struct reached *reached;
	size_t count = python_reached(&python, &reached);
	struct str text;

	if (!python_is_assertion_or(scene, "ValueError ZeroDivisionError IndexError TypeError StatisticsError "
				    "statistics.StatisticsError"))
		return;
	for (size_t i = 0; i < count; i++)
		look(&python, &reached[i], &used);
	if (used.count != 1)
		return template_decline(scene, used.count ? "several iterators are read twice" :
					"no iterator is read twice");
	text = syntax_text(used.in.s, used.value);
	edit_node(&edits, used.value, str_of(syntax_type_is(used.value, "generator_expression") ?
		  arena_printf(scene->arena, "[%.*s]", STR_ARG(str_slice(text, 1, text.size - 2))) :
		  arena_printf(scene->arena, "list(%.*s)", STR_ARG(text))));
	python_put(&python, used.in.path, used.in.s, &edits, ORACLE_CONTRACT,
		   arena_printf(scene->arena, "%.*s is an iterator and is read twice; the second time it is "
				"empty", STR_ARG(used.name)));
}

static const struct example examples[] = {
	{
		.name = "the least and the most of a generator",
		.log =
			"==================== FAILURES ====================\n"
			"_________________ test_extremes __________________\n"
			"test_sales.py:5: in test_extremes\n"
			"    assert extremes([{\"amount\": 5}, {\"amount\": 7}]) == (5, 7)\n"
			"sales.py:3: in extremes\n    return min(amounts), max(amounts)\n"
			"E   ValueError: max() arg is an empty sequence\n"
			"============ short test summary info =============\n"
			"FAILED test_sales.py::test_extremes - ValueErro...\n"
			"1 failed in 0.04s\n",
		.file = {
			{ "sales.py",
			  "def extremes(rows):\n"
			  "    amounts = (row[\"amount\"] for row in rows)\n"
			  "    return min(amounts), max(amounts)\n",
			  "def extremes(rows):\n"
			  "    amounts = [row[\"amount\"] for row in rows]\n"
			  "    return min(amounts), max(amounts)\n" },
			{ "test_sales.py",
			  "from sales import extremes\n"
			  "\n"
			  "\n"
			  "def test_extremes():\n"
			  "    assert extremes([{\"amount\": 5}, {\"amount\": 7}]) == (5, 7)\n", NULL },
		},
	},
	{
		.name = "a generator of this code, in a wrong result",
		.log =
			"==================== FAILURES ====================\n"
			"__________________ test_shares ___________________\n"
			"test_shares.py:5: in test_shares\n"
			"    assert shares(\"1 3\") == [0.25, 0.75]\n"
			"E   assert [] == [0.25, 0.75]\n"
			"E     Right contains 2 more items, first extra item: 0.25\n"
			"E     Use -v to get more diff\n"
			"============ short test summary info =============\n"
			"FAILED test_shares.py::test_shares - assert [] ...\n"
			"1 failed in 0.05s\n",
		.file = {
			{ "load.py",
			  "def numbers(text):\n"
			  "    for word in text.split():\n"
			  "        yield int(word)\n", NULL },
			{ "shares.py",
			  "from load import numbers\n"
			  "\n"
			  "\n"
			  "def shares(text):\n"
			  "    values = numbers(text)\n"
			  "    whole = sum(values)\n"
			  "    return [value / whole for value in values]\n",
			  "from load import numbers\n"
			  "\n"
			  "\n"
			  "def shares(text):\n"
			  "    values = list(numbers(text))\n"
			  "    whole = sum(values)\n"
			  "    return [value / whole for value in values]\n" },
			{ "test_shares.py",
			  "from shares import shares\n"
			  "\n"
			  "\n"
			  "def test_shares():\n"
			  "    assert shares(\"1 3\") == [0.25, 0.75]\n", NULL },
		},
	},
	{
		.name = "the rest is read with next()",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_table ___________________\n"
			"test_table.py:5: in test_table\n"
			"    assert table([\"a,b\", \"1,2\"]) == [{\"a\": 1, \"b\": 2}]\n"
			"E   AssertionError: assert [{'a': '1', 'b': '2'}] == [{'a': 1, 'b': 2}"
			"]\nE     At index 0 diff: {'a': '1', 'b': '2'} != {'a': 1, 'b': 2}\n"
			"E     Use -v to get more diff\n"
			"============ short test summary info =============\n"
			"FAILED test_table.py::test_table - AssertionErr...\n"
			"1 failed in 0.03s\n",
		.file = {
			{ "table.py",
			  "def table(lines):\n"
			  "    rows = (line.split(\",\") for line in lines)\n"
			  "    head = next(rows)\n"
			  "    return [dict(zip(head, row)) for row in rows]\n", NULL },
			{ "test_table.py",
			  "from table import table\n"
			  "\n"
			  "\n"
			  "def test_table():\n"
			  "    assert table([\"a,b\", \"1,2\"]) == [{\"a\": 1, \"b\": 2}]\n", NULL },
		},
		.declines = "no iterator is read twice",
	},
	{
		.name = "the values are given",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_mean ____________________\n"
			"test_mean.py:5: in test_mean\n"
			"    assert mean(value for value in (1, 2)) == 1.5\n"
			"mean.py:2: in mean\n    return sum(values) / max(values)\n"
			"E   ValueError: max() arg is an empty sequence\n"
			"============ short test summary info =============\n"
			"FAILED test_mean.py::test_mean - ValueError: ma...\n"
			"1 failed in 0.05s\n",
		.file = {
			{ "mean.py",
			  "def mean(values):\n"
			  "    return sum(values) / max(values)\n", NULL },
			{ "test_mean.py",
			  "from mean import mean\n"
			  "\n"
			  "\n"
			  "def test_mean():\n"
			  "    assert mean(value for value in (1, 2)) == 1.5\n", NULL },
		},
		.declines = "no iterator is read twice",
	},
	{0}
};

const struct template template_python_used_up_iterator = {
	.name = "python_used_up_iterator",
	.summary = "an iterator that is read twice -> a list",
	.language = "python",
	.class = "iteration",
	.oracles = "contract",
	.keeps_off = "the iterator is a parameter, or used with next(); several of them",
	.danger = DANGER_1,
	.pattern = NULL,
	.fix = fix,
	.examples = examples,
};

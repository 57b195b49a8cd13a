/*
 * A float where only a whole number will do: x[len(x) / 2]. The one division of the line, or of the
 * name that is used there, drops its rest, as an index does. Whether the rest of a count counts, as
 * in range(n / size), only a sibling can say. Floats that are given are left alone.
 */
#include "templates/lib_guard.h"
#include "templates/lib_reach.h"

struct division {
	TSNode node;
	unsigned count;
	bool counts;			/* what it gives is how often something is done */
};

static void look(struct arena *a, const struct syntax *s, TSNode top, struct division *d)
{
	struct nodes all = python_nodes(a, top, "binary_operator");

	for (size_t i = 0; i < all.count; i++) {
		if (!str_is(syntax_text(s, syntax_field(all.list[i], "operator")), "/"))
			continue;
		d->node = all.list[i];
		d->count++;
	}
}

/* The index of a subscript, the arguments of range(): what has to be whole on the line. */
static void look_in_places(struct arena *a, const struct site *crash, struct division *d, bool names)
{
	struct nodes all = python_nodes(a, crash->statement, "subscript|call");

	for (size_t i = 0; i < all.count; i++) {
		TSNode place = syntax_field(all.list[i], "subscript");
		struct nodes used;

		if (str_is(syntax_text(crash->syntax, syntax_field(all.list[i], "function")), "range"))
			place = syntax_field(all.list[i], "arguments"), d->counts = true;
		if (ts_node_is_null(place) || syntax_line(all.list[i]) != crash->line)
			continue;
		if (!names) {
			look(a, crash->syntax, place, d);
			continue;
		}
		used = python_nodes(a, place, "identifier");
		for (size_t k = 0; k < used.count; k++)
			look(a, crash->syntax, python_value_of(crash->syntax, crash->function,
			     syntax_text(crash->syntax, used.list[k]), ts_node_start_byte(crash->statement)), d);
	}
}

/* The same division with // elsewhere in the file. */
static bool sibling_drops(struct arena *a, const struct syntax *s, TSNode division)
{
	struct str left = syntax_text(s, syntax_field(division, "left"));
	struct str right = syntax_text(s, syntax_field(division, "right"));

	return str_has(s->text, arena_printf(a, "%.*s // %.*s", STR_ARG(left), STR_ARG(right)));
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct edits edits = { .arena = scene->arena };
	struct site crash;
	struct division d = {0};
	TSNode left, right;

	if (!python_crash(&python, &crash))
		return;
	look_in_places(scene->arena, &crash, &d, false);
	if (!d.count && !ts_node_is_null(crash.function))
		look_in_places(scene->arena, &crash, &d, true);
	if (d.count != 1)
		return template_decline(scene, d.count ? "several divisions can give the float" :
					"no division on the way gives the float");
	left = syntax_field(d.node, "left"), right = syntax_field(d.node, "right");
	if (syntax_type_is(left, "float") || syntax_type_is(right, "float"))
		return template_decline(scene, "it is calculated with a float on purpose");
	if (d.counts && !sibling_drops(scene->arena, crash.syntax, d.node))
		return template_decline(scene, "no oracle: nothing says whether the rest counts");
	edit_replace(&edits, ts_node_end_byte(left), ts_node_start_byte(right), STR(" // "));
	edits_propose(&python, &crash, &edits, ORACLE_CONTRACT,
		      arena_printf(scene->arena, "%.*s has to be a whole number: // drops the rest",
				   STR_ARG(syntax_text(crash.syntax, d.node))));
}

static const char *const types[] = { "TypeError", NULL };

static const struct example examples[] = {
	{
		.name = "the middle of a list",
		.log =
			"==================== FAILURES ====================\n"
			"__________________ test_middle ___________________\n"
			"test_middle.py:5: in test_middle\n    assert middle([1, 2, 3]) == 2\n"
			"middle.py:2: in middle\n    return items[len(items) / 2]\n"
			"E   TypeError: list indices must be integers or slices, not float\n"
			"============ short test summary info =============\n"
			"FAILED test_middle.py::test_middle - TypeError:...\n"
			"1 failed in 0.07s\n",
		.file = {
			{ "middle.py",
			  "def middle(items):\n"
			  "    return items[len(items) / 2]\n",
			  "def middle(items):\n"
			  "    return items[len(items) // 2]\n" },
			{ "test_middle.py",
			  "from middle import middle\n"
			  "\n"
			  "\n"
			  "def test_middle():\n"
			  "    assert middle([1, 2, 3]) == 2\n", NULL },
		},
	},
	{
		.name = "a count with a name",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_pairs ___________________\n"
			"test_pairs.py:5: in test_pairs\n"
			"    assert pairs(\"abcd\") == [\"ab\", \"cd\"]\npairs.py:7: in pairs\n"
			"    return [items[2 * i:2 * i + 2] for i in range(count)]\n"
			"E   TypeError: 'float' object cannot be interpreted as an integer\n"
			"============ short test summary info =============\n"
			"FAILED test_pairs.py::test_pairs - TypeError: '...\n"
			"1 failed in 0.13s\n",
		.file = {
			{ "pairs.py",
			  "def has_odd(items):\n"
			  "    return len(items) // 2 * 2 != len(items)\n"
			  "\n"
			  "\n"
			  "def pairs(items):\n"
			  "    count = len(items) / 2\n"
			  "    return [items[2 * i:2 * i + 2] for i in range(count)]\n",
			  "def has_odd(items):\n"
			  "    return len(items) // 2 * 2 != len(items)\n"
			  "\n"
			  "\n"
			  "def pairs(items):\n"
			  "    count = len(items) // 2\n"
			  "    return [items[2 * i:2 * i + 2] for i in range(count)]\n" },
			{ "test_pairs.py",
			  "from pairs import pairs\n"
			  "\n"
			  "\n"
			  "def test_pairs():\n"
			  "    assert pairs(\"abcd\") == [\"ab\", \"cd\"]\n", NULL },
		},
	},
	{
		.name = "the rest may count",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_pages ___________________\n"
			"test_pages.py:5: in test_pages\n"
			"    assert pages(\"abcd\", 2) == [\"ab\", \"cd\"]\n"
			"pages.py:2: in pages\n"
			"    return [items[i * size:(i + 1) * size] for i in range(len(items) /"
			" size)]\n"
			"E   TypeError: 'float' object cannot be interpreted as an integer\n"
			"============ short test summary info =============\n"
			"FAILED test_pages.py::test_pages - TypeError: '...\n"
			"1 failed in 0.08s\n",
		.file = {
			{ "pages.py",
			  "def pages(items, size):\n"
			  "    return [items[i * size:(i + 1) * size] for i in range(len(items) / size)]\n", NULL },
			{ "test_pages.py",
			  "from pages import pages\n"
			  "\n"
			  "\n"
			  "def test_pages():\n"
			  "    assert pages(\"abcd\", 2) == [\"ab\", \"cd\"]\n", NULL },
		},
		.declines = "whether the rest counts",
	},
	{
		.name = "the float is given",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_first ___________________\n"
			"test_first.py:5: in test_first\n    assert first([1, 2], 1.0) == [1]\n"
			"first.py:2: in first\n    return [items[i] for i in range(count)]\n"
			"E   TypeError: 'float' object cannot be interpreted as an integer\n"
			"============ short test summary info =============\n"
			"FAILED test_first.py::test_first - TypeError: '...\n"
			"1 failed in 0.19s\n",
		.file = {
			{ "first.py",
			  "def first(items, count):\n"
			  "    return [items[i] for i in range(count)]\n", NULL },
			{ "test_first.py",
			  "from first import first\n"
			  "\n"
			  "\n"
			  "def test_first():\n"
			  "    assert first([1, 2], 1.0) == [1]\n", NULL },
		},
		.declines = "no division",
	},
	{
		.name = "a share on purpose",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_share ___________________\n"
			"test_share.py:5: in test_share\n"
			"    assert share([1, 2, 3]) == [1, 2]\nshare.py:2: in share\n"
			"    return items[:len(items) / 1.5]\n"
			"E   TypeError: slice indices must be integers or None or have an __ind"
			"ex__ method\n============ short test summary info =============\n"
			"FAILED test_share.py::test_share - TypeError: s...\n"
			"1 failed in 0.13s\n",
		.file = {
			{ "share.py",
			  "def share(items):\n"
			  "    return items[:len(items) / 1.5]\n", NULL },
			{ "test_share.py",
			  "from share import share\n"
			  "\n"
			  "\n"
			  "def test_share():\n"
			  "    assert share([1, 2, 3]) == [1, 2]\n", NULL },
		},
		.declines = "on purpose",
	},
	{0}
};

const struct template template_python_whole_number = {
	.name = "python_whole_number",
	.summary = "a division whose result is an index or a count -> //",
	.language = "python",
	.class = "arithmetic",
	.oracles = "contract",
	.keeps_off = "a count whose rest may count; several divisions; a float is given, or calculated with on purpose",
	.danger = DANGER_2,
	.types = types,
	.pattern = "^(.float. object cannot be interpreted as an integer|(list|tuple|string|byte) indices must be integers or slices, not float|slice indices must be integers)",
	.fix = fix,
	.examples = examples,
};

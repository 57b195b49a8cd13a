/*
 * The first or last letter of an empty text. `x[0].upper() + x[1:]` and `x[0] == "#"` mean a slice,
 * which is empty where the text is: x[:1]. Only these two forms, in which an empty piece does what
 * the line means; a letter that is taken out for itself has no value when there is none.
 */
#include "templates/lib_guard.h"
#include "templates/lib_reach.h"

/* Is the other part of the sum the rest of the same text: x[1:], or x[:-1] for the last letter? */
static bool beside_its_rest(const struct syntax *s, TSNode place, struct str sequence, bool first)
{
	TSNode sum = syntax_up(place, "binary_operator"), right;
	struct str text;

	if (!str_is(syntax_text(s, syntax_field(sum, "operator")), "+"))
		return false;
	right = python_bare(syntax_field(sum, first ? "right" : "left"));
	while (syntax_type_is(right, "call"))
		right = syntax_field(syntax_field(right, "function"), "object");
	text = syntax_text(s, syntax_field(right, "value"));
	return syntax_type_is(right, "subscript") && str_equal(text, sequence) &&
	       str_is(syntax_text(s, syntax_field(right, "subscript")), first ? "1:" : ":-1");
}

/* "#" or "\n": one letter between its quotes. */
static bool is_letter(struct str string)
{
	return string.size == 3 || (string.size == 4 && string.at[1] == '\\');
}

/* x[0] == "#" or !=, against one letter. */
static bool is_compared(const struct syntax *s, TSNode place)
{
	TSNode outer = ts_node_parent(place), other;
	struct str text = syntax_text(s, outer);

	if (!syntax_type_is(outer, "comparison_operator") || python_child_count(outer) != 2)
		return false;
	other = python_child(outer, ts_node_eq(python_child(outer, 0), place) ? 1 : 0);
	return syntax_type_is(other, "string") && is_letter(syntax_text(s, other)) &&
	       (str_has(text, "==") || str_has(text, "!="));
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct edits edits = { .arena = scene->arena };
	struct site crash;
	struct nodes all;
	TSNode place = {{0}, NULL, NULL};
	struct str sequence;
	unsigned count = 0;
	bool first;

	if (!python_crash(&python, &crash))
		return;
	all = python_nodes(scene->arena, crash.statement, "subscript");
	for (size_t i = 0; i < all.count; i++) {
		TSNode index = syntax_field(all.list[i], "subscript");

		if (syntax_line(all.list[i]) != crash.line || syntax_type_is(index, "slice"))
			continue;
		place = all.list[i];
		count++;
	}
	if (count != 1)
		return template_decline(scene, "there is not one index on the line");
	first = str_is(syntax_text(crash.syntax, syntax_field(place, "subscript")), "0");
	sequence = syntax_text(crash.syntax, syntax_field(place, "value"));
	if (!first && !str_is(syntax_text(crash.syntax, syntax_field(place, "subscript")), "-1"))
		return template_decline(scene, "it is neither the first nor the last letter");
	if (!beside_its_rest(crash.syntax, place, sequence, first) && !is_compared(crash.syntax, place))
		return template_decline(scene, "no oracle: what an empty text gives here is not shown");
	edit_node(&edits, syntax_field(place, "subscript"), first ? STR(":1") : STR("-1:"));
	edits_propose(&python, &crash, &edits, ORACLE_CONTRACT,
		      arena_printf(scene->arena, "a slice of %.*s is empty where the text is, and all else stays "
				   "as it was", STR_ARG(sequence)));
}

static const char *const types[] = { "IndexError", NULL };

static const struct example examples[] = {
	{
		.name = "a name with a large first letter",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_empty ___________________\n"
			"test_names.py:5: in test_empty\n"
			"    assert [large(name) for name in (\"ada\", \"\")] == [\"Ada\", \"\""
			"]\ntest_names.py:5: in <listcomp>\n"
			"    assert [large(name) for name in (\"ada\", \"\")] == [\"Ada\", \"\""
			"]\nnames.py:2: in large\n    return name[0].upper() + name[1:]\n"
			"E   IndexError: string index out of range\n"
			"============ short test summary info =============\n"
			"FAILED test_names.py::test_empty - IndexError: ...\n"
			"1 failed in 0.03s\n",
		.file = {
			{ "names.py",
			  "def large(name):\n"
			  "    return name[0].upper() + name[1:]\n",
			  "def large(name):\n"
			  "    return name[:1].upper() + name[1:]\n" },
			{ "test_names.py",
			  "from names import large\n"
			  "\n"
			  "\n"
			  "def test_empty():\n"
			  "    assert [large(name) for name in (\"ada\", \"\")] == [\"Ada\", \"\"]\n", NULL },
		},
	},
	{
		.name = "a text that ends with a sign",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_empty ___________________\n"
			"test_names.py:5: in test_empty\n    assert is_folder(\"\") is False\n"
			"names.py:2: in is_folder\n    return path[-1] == \"/\"\n"
			"E   IndexError: string index out of range\n"
			"============ short test summary info =============\n"
			"FAILED test_names.py::test_empty - IndexError: ...\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "names.py",
			  "def is_folder(path):\n"
			  "    return path[-1] == \"/\"\n",
			  "def is_folder(path):\n"
			  "    return path[-1:] == \"/\"\n" },
			{ "test_names.py",
			  "from names import is_folder\n"
			  "\n"
			  "\n"
			  "def test_empty():\n"
			  "    assert is_folder(\"\") is False\n", NULL },
		},
	},
	{
		.name = "a letter for itself",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_empty ___________________\n"
			"test_names.py:5: in test_empty\n    assert initial(\"\") is not None\n"
			"names.py:2: in initial\n    return name[0]\n"
			"E   IndexError: string index out of range\n"
			"============ short test summary info =============\n"
			"FAILED test_names.py::test_empty - IndexError: ...\n"
			"1 failed in 0.01s\n",
		.file = {
			{ "names.py",
			  "def initial(name):\n"
			  "    return name[0]\n", NULL },
			{ "test_names.py",
			  "from names import initial\n"
			  "\n"
			  "\n"
			  "def test_empty():\n"
			  "    assert initial(\"\") is not None\n", NULL },
		},
		.declines = "no oracle",
	},
	{
		.name = "a letter in the middle",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_short ___________________\n"
			"test_names.py:5: in test_short\n    assert not has_dash(\"a\")\n"
			"names.py:2: in has_dash\n    return code[2] == \"-\"\n"
			"E   IndexError: string index out of range\n"
			"============ short test summary info =============\n"
			"FAILED test_names.py::test_short - IndexError: ...\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "names.py",
			  "def has_dash(code):\n"
			  "    return code[2] == \"-\"\n", NULL },
			{ "test_names.py",
			  "from names import has_dash\n"
			  "\n"
			  "\n"
			  "def test_short():\n"
			  "    assert not has_dash(\"a\")\n", NULL },
		},
		.declines = "neither the first nor the last",
	},
	{0}
};

const struct template template_python_first_letter = {
	.name = "python_first_letter",
	.summary = "the first or last letter of an empty text, beside its rest or compared -> a slice",
	.language = "python",
	.class = "crash guard",
	.oracles = "contract",
	.keeps_off = "the letter is taken out for itself; another index; several on the line",
	.danger = DANGER_1,
	.types = types,
	.pattern = "^string index out of range$",
	.fix = fix,
	.examples = examples,
};

/*
 * A blank text that is no number: a sibling of the same parameters has the guard for it, and the
 * guard is taken over word for word. What is no number at all goes on to be refused.
 */
#include "templates/lib_guard.h"
#include "templates/lib_reach.h"

struct sample {
	struct str name;		/* the parameter */
	struct str lines;		/* of the guard, as they stand */
	const char *by;
	unsigned count;
	bool quarrel;
};

/* Are all names of the returned value parameters of both functions, or is it None? */
static bool is_known_value(const struct site *crash, const struct syntax *s, TSNode value)
{
	if (ts_node_is_null(value) || syntax_type_is(value, "none"))
		return true;
	return syntax_type_is(value, "identifier") &&
	       !ts_node_is_null(python_parameter(crash->syntax, crash->function, syntax_text(s, value)));
}

/*
 * The first lines of a function up to `if not NAME: return V`, when all before it only put NAME in
 * order.
 */
static void look(const struct site *crash, const struct syntax *s, TSNode function, const char *path,
		 struct arena *a, struct sample *sample)
{
	TSNode first = python_body(function), one = first;
	struct str lines, empty = str_of(arena_printf(a, "not %.*s", STR_ARG(sample->name)));

	for (; !ts_node_is_null(one); one = ts_node_next_named_sibling(one)) {
		TSNode assignment = python_child(one, 0), block = syntax_field(one, "consequence");

		if (syntax_type_is(one, "expression_statement") && syntax_type_is(assignment, "assignment") &&
		    str_equal(syntax_text(s, syntax_field(assignment, "left")), sample->name) &&
		    str_is(python_callee(s, syntax_field(assignment, "right")), "strip"))
			continue;
		if (!syntax_type_is(one, "if_statement") || python_child_count(block) != 1 ||
		    !syntax_type_is(python_child(block, 0), "return_statement") ||
		    !ts_node_is_null(syntax_field(one, "alternative")) ||
		    !str_starts(syntax_text(s, syntax_field(one, "condition")), str_text(a, empty)) ||
		    !is_known_value(crash, s, python_child(python_child(block, 0), 0)))
			return;
		lines = str_slice(s->text, ts_node_start_byte(first) - syntax_indent(s, first).size,
				  ts_node_end_byte(one) - ts_node_start_byte(first) +
				  syntax_indent(s, first).size);
		sample->quarrel |= sample->count && !str_equal(sample->lines, lines);
		sample->lines = lines;
		sample->by = arena_printf(a, "%.*s (%s:%u)", STR_ARG(python_name(s, function)), path,
					  syntax_line(one));
		sample->count++;
		return;
	}
}

/* The parameter that the crashing line makes a number of. */
static struct str converted(struct arena *a, const struct site *crash)
{
	struct nodes all = python_nodes(a, crash->statement, "call");

	for (size_t i = 0; i < all.count; i++) {
		TSNode inner = python_child(syntax_field(all.list[i], "arguments"), 0);

		if (!word_among(syntax_text(crash->syntax, syntax_field(all.list[i], "function")),
				"int float Decimal"))
			continue;
		while (syntax_type_is(inner, "call"))
			inner = syntax_field(syntax_field(inner, "function"), "object");
		if (syntax_type_is(inner, "identifier") &&
		    !ts_node_is_null(python_parameter(crash->syntax, crash->function,
						      syntax_text(crash->syntax, inner))))
			return syntax_text(crash->syntax, inner);
	}
	return STR_NONE;
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct edits edits = { .arena = scene->arena };
	struct sample sample = {0};
	struct site crash;
	struct nodes all;
	TSNode first;
	size_t at;

	if (!python_crash(&python, &crash))
		return;
	sample.name = converted(scene->arena, &crash);
	if (!sample.name.size || oracle_wants_error(&python, &crash))
		return template_decline(scene, "it is no parameter that is made a number of, or a test wants the error");
	all = python_nodes(scene->arena, crash.syntax->root, "function_definition");
	for (size_t i = 0; i < all.count; i++)
		if (!ts_node_eq(all.list[i], crash.function) &&
		    !ts_node_is_null(python_parameter(crash.syntax, all.list[i], sample.name)))
			look(&crash, crash.syntax, all.list[i], crash.path, scene->arena, &sample);
	first = python_body(crash.function);
	if (!sample.count || sample.quarrel || !python_begins_line(crash.syntax, first) ||
	    !str_equal(syntax_indent(crash.syntax, first),
		       str_slice(sample.lines, 0, syntax_indent(crash.syntax, first).size)))
		return template_decline(scene, "no oracle: no sibling of the file says what a blank %.*s gives",
					STR_ARG(sample.name));
	at = ts_node_start_byte(first) - syntax_indent(crash.syntax, first).size;
	edit_replace(&edits, at, at, str_of(arena_printf(scene->arena, "%.*s%s", STR_ARG(sample.lines),
							 python_newline(crash.syntax))));
	edits_propose(&python, &crash, &edits, ORACLE_SIBLING,
		      arena_printf(scene->arena, "a blank %.*s is treated as %s treats it", STR_ARG(sample.name),
				   sample.by));
}

static const char *const types[] = { "ValueError", "InvalidOperation", NULL };

static const struct example examples[] = {
	{
		.name = "the sibling gives the default",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_blank ___________________\n"
			"test_cells.py:5: in test_blank\n    assert to_int(\" \") == 0\n"
			"cells.py:10: in to_int\n    return int(cell)\n"
			"E   ValueError: invalid literal for int() with base 10: ' '\n"
			"============ short test summary info =============\n"
			"FAILED test_cells.py::test_blank - ValueError: ...\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "cells.py",
			  "def to_float(cell, default=0.0):\n"
			  "    cell = cell.strip()\n"
			  "    if not cell:\n"
			  "        return default\n"
			  "    return float(cell)\n"
			  "\n"
			  "\n"
			  "def to_int(cell, default=0):\n"
			  "    \"\"\"As to_float().\"\"\"\n"
			  "    return int(cell)\n",
			  "def to_float(cell, default=0.0):\n"
			  "    cell = cell.strip()\n"
			  "    if not cell:\n"
			  "        return default\n"
			  "    return float(cell)\n"
			  "\n"
			  "\n"
			  "def to_int(cell, default=0):\n"
			  "    \"\"\"As to_float().\"\"\"\n"
			  "    cell = cell.strip()\n"
			  "    if not cell:\n"
			  "        return default\n"
			  "    return int(cell)\n" },
			{ "test_cells.py",
			  "from cells import to_int\n"
			  "\n"
			  "\n"
			  "def test_blank():\n"
			  "    assert to_int(\" \") == 0\n", NULL },
		},
	},
	{
		.name = "no sibling",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_blank ___________________\n"
			"test_cells.py:5: in test_blank\n    assert to_int(\"\") is not None\n"
			"cells.py:2: in to_int\n    return int(cell)\n"
			"E   ValueError: invalid literal for int() with base 10: ''\n"
			"============ short test summary info =============\n"
			"FAILED test_cells.py::test_blank - ValueError: ...\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "cells.py",
			  "def to_int(cell):\n"
			  "    return int(cell)\n", NULL },
			{ "test_cells.py",
			  "from cells import to_int\n"
			  "\n"
			  "\n"
			  "def test_blank():\n"
			  "    assert to_int(\"\") is not None\n", NULL },
		},
		.declines = "no sibling",
	},
	{
		.name = "two siblings differ",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_blank ___________________\n"
			"test_cells.py:5: in test_blank\n    assert to_int(\"\") == 0\n"
			"cells.py:14: in to_int\n    return int(cell)\n"
			"E   ValueError: invalid literal for int() with base 10: ''\n"
			"============ short test summary info =============\n"
			"FAILED test_cells.py::test_blank - ValueError: ...\n"
			"1 failed in 0.03s\n",
		.file = {
			{ "cells.py",
			  "def to_float(cell, default=0.0):\n"
			  "    if not cell:\n"
			  "        return default\n"
			  "    return float(cell)\n"
			  "\n"
			  "\n"
			  "def to_text(cell):\n"
			  "    if not cell:\n"
			  "        return None\n"
			  "    return cell\n"
			  "\n"
			  "\n"
			  "def to_int(cell, default=0):\n"
			  "    return int(cell)\n", NULL },
			{ "test_cells.py",
			  "from cells import to_int\n"
			  "\n"
			  "\n"
			  "def test_blank():\n"
			  "    assert to_int(\"\") == 0\n", NULL },
		},
		.declines = "no oracle",
	},
	{
		.name = "a test wants the error",
		.log =
			"==================== FAILURES ====================\n"
			"____________________ test_row ____________________\n"
			"test_cells.py:12: in test_row\n    assert to_int(\"\") == 0\n"
			"cells.py:8: in to_int\n    return int(cell)\n"
			"E   ValueError: invalid literal for int() with base 10: ''\n"
			"============ short test summary info =============\n"
			"FAILED test_cells.py::test_row - ValueError: in...\n"
			"1 failed, 1 passed in 0.03s\n",
		.file = {
			{ "cells.py",
			  "def to_float(cell, default=0.0):\n"
			  "    if not cell:\n"
			  "        return default\n"
			  "    return float(cell)\n"
			  "\n"
			  "\n"
			  "def to_int(cell, default=0):\n"
			  "    return int(cell)\n", NULL },
			{ "test_cells.py",
			  "import pytest\n"
			  "\n"
			  "from cells import to_int\n"
			  "\n"
			  "\n"
			  "def test_blank():\n"
			  "    with pytest.raises(ValueError):\n"
			  "        to_int(\"\")\n"
			  "\n"
			  "\n"
			  "def test_row():\n"
			  "    assert to_int(\"\") == 0\n", NULL },
		},
		.declines = "a test wants",
	},
	{0}
};

const struct template template_python_blank_number = {
	.name = "python_blank_number",
	.summary = "a blank text that is made a number of -> the guard that a sibling has",
	.language = "python",
	.class = "crash guard",
	.oracles = "sibling",
	.keeps_off = "no sibling has such a guard for the same parameter; a test wants the error",
	.danger = DANGER_2,
	.types = types,
	.pattern = "^(invalid literal for int\\(\\) with base \\d+: .\\s*.|could not convert string to float: .\\s*.)$",
	.fix = fix,
	.examples = examples,
};

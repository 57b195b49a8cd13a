/*
 * Numbers that are joined to a text: `", ".join(numbers)` wants texts, and every number has one
 * form. None among them is another matter, and floats have more than one form.
 */
#include "templates/lib_guard.h"
#include "templates/lib_reach.h"

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct edits edits = { .arena = scene->arena };
	struct site crash;
	struct nodes all;
	TSNode found = {{0}, NULL, NULL}, part;
	unsigned count = 0;

	if (!python_crash(&python, &crash))
		return;
	all = python_nodes(scene->arena, crash.statement, "call");
	for (size_t i = 0; i < all.count; i++) {
		TSNode callee = syntax_field(all.list[i], "function");

		if (!syntax_type_is(callee, "attribute") ||
		    !str_is(python_callee(crash.syntax, all.list[i]), "join") ||
		    str_has(syntax_text(crash.syntax, callee), "path"))
			continue;
		found = all.list[i];
		count++;
	}
	if (count != 1)
		return template_decline(scene, "there is not one join() on the line");
	part = python_child(syntax_field(found, "arguments"), 0);
	if (syntax_type_is(syntax_field(found, "arguments"), "generator_expression"))
		part = syntax_field(found, "arguments");
	if (syntax_type_is(part, "generator_expression|list_comprehension")) {
		TSNode body = syntax_field(part, "body");

		if (syntax_type_is(body, "conditional_expression|named_expression"))
			return template_decline(scene, "what is joined is made in two ways");
		edit_node(&edits, body, str_of(arena_printf(scene->arena, "str(%.*s)",
							   STR_ARG(syntax_text(crash.syntax, body)))));
	} else if (syntax_type_is(part, "identifier|attribute|subscript|call")) {
		edit_node(&edits, part, str_of(arena_printf(scene->arena, "map(str, %.*s)",
							   STR_ARG(syntax_text(crash.syntax, part)))));
	} else {
		return template_decline(scene, "what is joined is not one thing");
	}
	edits_propose(&python, &crash, &edits, ORACLE_CONTRACT,
		      "join() wants texts and gets whole numbers");
}

static const char *const types[] = { "TypeError", NULL };

static const struct example examples[] = {
	{
		.name = "a list of numbers",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_line ____________________\n"
			"test_ids.py:5: in test_line\n    assert line([3, 1]) == \"1, 3\"\n"
			"ids.py:2: in line\n    return \", \".join(sorted(ids))\n"
			"E   TypeError: sequence item 0: expected str instance, int found\n"
			"============ short test summary info =============\n"
			"FAILED test_ids.py::test_line - TypeError: sequ...\n"
			"1 failed in 0.06s\n",
		.file = {
			{ "ids.py",
			  "def line(ids):\n"
			  "    return \", \".join(sorted(ids))\n",
			  "def line(ids):\n"
			  "    return \", \".join(map(str, sorted(ids)))\n" },
			{ "test_ids.py",
			  "from ids import line\n"
			  "\n"
			  "\n"
			  "def test_line():\n"
			  "    assert line([3, 1]) == \"1, 3\"\n", NULL },
		},
	},
	{
		.name = "numbers out of rows",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_line ____________________\n"
			"test_ids.py:5: in test_line\n"
			"    assert line([{\"id\": 3}, {\"id\": 1}]) == \"3-1\"\n"
			"ids.py:2: in line\n"
			"    return \"-\".join(row[\"id\"] for row in rows)\n"
			"E   TypeError: sequence item 0: expected str instance, int found\n"
			"============ short test summary info =============\n"
			"FAILED test_ids.py::test_line - TypeError: sequ...\n"
			"1 failed in 0.04s\n",
		.file = {
			{ "ids.py",
			  "def line(rows):\n"
			  "    return \"-\".join(row[\"id\"] for row in rows)\n",
			  "def line(rows):\n"
			  "    return \"-\".join(str(row[\"id\"]) for row in rows)\n" },
			{ "test_ids.py",
			  "from ids import line\n"
			  "\n"
			  "\n"
			  "def test_line():\n"
			  "    assert line([{\"id\": 3}, {\"id\": 1}]) == \"3-1\"\n", NULL },
		},
	},
	{
		.name = "two joins on the line",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_line ____________________\n"
			"test_ids.py:5: in test_line\n"
			"    assert line([3], [\"a\"]) == \"3;a\"\nids.py:2: in line\n"
			"    return \",\".join(ids) + \";\" + \",\".join(names)\n"
			"E   TypeError: sequence item 0: expected str instance, int found\n"
			"============ short test summary info =============\n"
			"FAILED test_ids.py::test_line - TypeError: sequ...\n"
			"1 failed in 0.05s\n",
		.file = {
			{ "ids.py",
			  "def line(ids, names):\n"
			  "    return \",\".join(ids) + \";\" + \",\".join(names)\n", NULL },
			{ "test_ids.py",
			  "from ids import line\n"
			  "\n"
			  "\n"
			  "def test_line():\n"
			  "    assert line([3], [\"a\"]) == \"3;a\"\n", NULL },
		},
		.declines = "not one join",
	},
	{0}
};

const struct template template_python_joined_numbers = {
	.name = "python_joined_numbers",
	.summary = "join() of whole numbers -> their texts are joined",
	.language = "python",
	.class = "type",
	.oracles = "contract",
	.keeps_off = "what is joined is made in two ways, or holds None or floats",
	.danger = DANGER_1,
	.types = types,
	.pattern = "sequence item \\d+: expected str instance, int found",
	.fix = fix,
	.examples = examples,
};

/*
 * Functions made in a loop that all see the last value of the loop's variable: each keeps its own
 * as a default value. Only functions that are kept for later (stored, appended, in a list), whose
 * parameters leave room behind them.
 */
#include "templates/lib_guard.h"
#include "templates/lib_reach.h"

struct late {
	struct reached in;
	TSNode function;		/* the lambda or the nested def */
	struct str names[4];
	unsigned name_count, count;
};

/* The variables that a loop sets anew: of the for statement, or of a comprehension. */
static void loop_names(const struct syntax *s, TSNode left, struct late *late)
{
	if (syntax_type_is(left, "identifier")) {
		if (late->name_count < 4)
			late->names[late->name_count++] = syntax_text(s, left);
		return;
	}
	for (unsigned i = 0; i < python_child_count(left); i++)
		loop_names(s, python_child(left, i), late);
}

/* Is the function itself stored, and not used up at once by a call it is an argument of? */
static bool is_kept(const struct syntax *s, TSNode function)
{
	TSNode parent = ts_node_parent(function), outer;

	if (syntax_type_is(function, "function_definition"))
		return true;
	while (syntax_type_is(parent, "pair|tuple|parenthesized_expression|expression_list|dictionary|list"))
		parent = ts_node_parent(parent);
	if (syntax_type_is(parent, "assignment|list_comprehension|dictionary_comprehension|yield|return_statement"))
		return true;
	outer = syntax_up(parent, "call");
	return syntax_type_is(parent, "argument_list|keyword_argument") &&
	       word_among(python_callee(s, outer), "append add insert setdefault register connect subscribe "
			  "on bind add_callback partial extend push Button Timer Thread");
}

static bool has_room(TSNode function)
{
	TSNode list = syntax_field(function, "parameters");

	return ts_node_is_null(list) || !python_contains(list, "list_splat_pattern|dictionary_splat_pattern|"
							 "default_parameter|keyword_separator");
}

static void look_at_loop(struct arena *a, const struct reached *in, TSNode body, TSNode left,
			 struct late *late)
{
	struct nodes all = python_nodes(a, body, "lambda|function_definition");

	for (size_t i = 0; i < all.count; i++) {
		struct late one = { .in = *in, .function = all.list[i], .count = late->count };
		struct late names = {0};

		loop_names(in->s, left, &names);
		for (unsigned k = 0; k < names.name_count; k++) {
			TSNode list = syntax_field(all.list[i], "parameters");

			if (python_mentions(in->s, syntax_field(all.list[i], "body"), names.names[k]) &&
			    !python_mentions(in->s, list, names.names[k]))
				one.names[one.name_count++] = names.names[k];
		}
		if (!one.name_count || !is_kept(in->s, all.list[i]) || !has_room(all.list[i]) ||
		    !ts_node_is_null(syntax_up(ts_node_parent(all.list[i]), "lambda")))
			continue;
		*late = one;
		late->count++;
	}
}

static void look(struct arena *a, const struct reached *in, struct late *late)
{
	struct nodes loops = python_nodes(a, in->function, "for_statement|list_comprehension|"
					  "dictionary_comprehension");

	for (size_t i = 0; i < loops.count; i++) {
		TSNode loop = loops.list[i];
		TSNode clause = syntax_type_is(loop, "for_statement") ? loop :
				syntax_below(loop, "for_in_clause", 0);

		look_at_loop(a, in, syntax_field(loop, "body"), syntax_field(clause, "left"), late);
	}
}

static void edit_late(struct arena *a, const struct late *late, struct edits *edits)
{
	TSNode list = syntax_field(late->function, "parameters");
	bool lambda = syntax_type_is(late->function, "lambda");
	struct text text = TEXT(a);
	size_t at;

	for (unsigned i = 0; i < late->name_count; i++)
		text_addf(&text, "%s%.*s=%.*s", i || (!ts_node_is_null(list) && python_child_count(list)) ? ", " :
			  lambda ? " " : "", STR_ARG(late->names[i]), STR_ARG(late->names[i]));
	if (ts_node_is_null(list))
		at = ts_node_start_byte(late->function) + sizeof("lambda") - 1;
	else
		at = ts_node_end_byte(list) - !lambda;
	edit_replace(edits, at, at, text_str(&text));
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct edits edits = { .arena = scene->arena };
	struct late late = {0};
	struct reached *reached;
	size_t count = python_reached(&python, &reached);

	if (scene->failure->kind != KIND_ASSERTION)
		return;
	for (size_t i = 0; i < count; i++)
		look(scene->arena, &reached[i], &late);
	if (late.count != 1)
		return template_decline(scene, late.count ? "several functions are made in loops" :
					"no function is made in a loop and kept");
	edit_late(scene->arena, &late, &edits);
	python_put(&python, late.in.path, late.in.s, &edits, ORACLE_TEST,
		   arena_printf(scene->arena, "every function made in this loop (%s:%u) sees the last %.*s; now "
				"each keeps its own, as the failing test expects", late.in.path,
				syntax_line(late.function), STR_ARG(late.names[0])));
}

static const struct example examples[] = {
	{
		.name = "a lambda for every key",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_first ___________________\n"
			"test_keys.py:5: in test_first\n    assert keys(\"ab\")[\"a\"]() == 0\n"
			"E   assert 1 == 0\n"
			"E    +  where 1 = <function keys.<locals>.<lambda> at 0x7f203cf4fa60>("
			")\n============ short test summary info =============\n"
			"FAILED test_keys.py::test_first - assert 1 == 0\n1 failed in 0.04s\n",
		.file = {
			{ "keys.py",
			  "def keys(names):\n"
			  "    table = {}\n"
			  "    for number, name in enumerate(names):\n"
			  "        table[name] = lambda: number\n"
			  "    return table\n",
			  "def keys(names):\n"
			  "    table = {}\n"
			  "    for number, name in enumerate(names):\n"
			  "        table[name] = lambda number=number: number\n"
			  "    return table\n" },
			{ "test_keys.py",
			  "from keys import keys\n"
			  "\n"
			  "\n"
			  "def test_first():\n"
			  "    assert keys(\"ab\")[\"a\"]() == 0\n", NULL },
		},
	},
	{
		.name = "a list of functions with a parameter",
		.log =
			"==================== FAILURES ====================\n"
			"__________________ test_tables ___________________\n"
			"test_times.py:5: in test_tables\n"
			"    assert [table(2) for table in tables(3)] == [0, 2, 4]\n"
			"E   assert [4, 4, 4] == [0, 2, 4]\nE     At index 0 diff: 4 != 0\n"
			"E     Use -v to get more diff\n"
			"============ short test summary info =============\n"
			"FAILED test_times.py::test_tables - assert [4, ...\n"
			"1 failed in 0.03s\n",
		.file = {
			{ "times.py",
			  "def tables(count):\n"
			  "    return [lambda x: x * n for n in range(count)]\n",
			  "def tables(count):\n"
			  "    return [lambda x, n=n: x * n for n in range(count)]\n" },
			{ "test_times.py",
			  "from times import tables\n"
			  "\n"
			  "\n"
			  "def test_tables():\n"
			  "    assert [table(2) for table in tables(3)] == [0, 2, 4]\n", NULL },
		},
	},
	{
		.name = "a nested function",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_steps ___________________\n"
			"test_steps.py:8: in test_steps\n    assert log == [\"a\", \"b\"]\n"
			"E   AssertionError: assert ['b', 'b'] == ['a', 'b']\n"
			"E     At index 0 diff: 'b' != 'a'\nE     Use -v to get more diff\n"
			"============ short test summary info =============\n"
			"FAILED test_steps.py::test_steps - AssertionErr...\n"
			"1 failed in 0.06s\n",
		.file = {
			{ "steps.py",
			  "def steps(names, log):\n"
			  "    made = []\n"
			  "    for name in names:\n"
			  "        def step():\n"
			  "            log.append(name)\n"
			  "        made.append(step)\n"
			  "    return made\n",
			  "def steps(names, log):\n"
			  "    made = []\n"
			  "    for name in names:\n"
			  "        def step(name=name):\n"
			  "            log.append(name)\n"
			  "        made.append(step)\n"
			  "    return made\n" },
			{ "test_steps.py",
			  "from steps import steps\n"
			  "\n"
			  "\n"
			  "def test_steps():\n"
			  "    log = []\n"
			  "    for step in steps(\"ab\", log):\n"
			  "        step()\n"
			  "    assert log == [\"a\", \"b\"]\n", NULL },
		},
	},
	{
		.name = "the function is used at once",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_best ____________________\n"
			"test_order.py:5: in test_best\n"
			"    assert best([{\"a\": 1}, {\"a\": 2}], [\"a\"]) == [{\"a\": 2}]\n"
			"E   AssertionError: assert [{'a': 1}] == [{'a': 2}]\n"
			"E     At index 0 diff: {'a': 1} != {'a': 2}\n"
			"E     Use -v to get more diff\n"
			"============ short test summary info =============\n"
			"FAILED test_order.py::test_best - AssertionErro...\n"
			"1 failed in 0.05s\n",
		.file = {
			{ "order.py",
			  "def best(rows, names):\n"
			  "    found = []\n"
			  "    for name in names:\n"
			  "        found.append(min(rows, key=lambda row: row[name]))\n"
			  "    return found\n", NULL },
			{ "test_order.py",
			  "from order import best\n"
			  "\n"
			  "\n"
			  "def test_best():\n"
			  "    assert best([{\"a\": 1}, {\"a\": 2}], [\"a\"]) == [{\"a\": 2}]\n", NULL },
		},
		.declines = "no function is made in a loop",
	},
	{0}
};

const struct template template_python_late_binding = {
	.name = "python_late_binding",
	.summary = "functions of a loop that all see its last value -> each keeps its own as a default",
	.language = "python",
	.class = "closure",
	.oracles = "test",
	.keeps_off = "the function is used at once; its parameters leave no room; several such functions",
	.danger = DANGER_1,
	.pattern = NULL,
	.fix = fix,
	.examples = examples,
};

/*
 * A local name without a value. Where it is the module's or the outer function's name that is
 * counted up, the missing word is `global` or `nonlocal`; where it is the function's own result
 * that one way through does not set, it starts with what a test or the docstring says. Anything
 * else, such as a name that a handler of exceptions deletes, is left alone.
 */
#include "templates/lib_guard.h"
#include "templates/lib_reach.h"

#include "bot/base/regex.h"

struct unbound {
	struct python *python;
	struct site *crash;
	struct str name;
};

/* Does another function of the file say `global` of the name, or of any name? */
static unsigned global_elsewhere(const struct unbound *u, bool same)
{
	const struct syntax *s = u->crash->syntax;
	struct nodes all = python_nodes(u->python->scene->arena, s->root, "global_statement");
	unsigned count = 0;

	for (size_t i = 0; i < all.count; i++)
		for (unsigned k = 0; k < python_child_count(all.list[i]); k++)
			count += !same || str_equal(syntax_text(s, python_child(all.list[i], k)), u->name);
	return count;
}

/* Is every assignment to the name in the function of the form `x += ...` or `x = f(x)`? */
static bool only_counts(const struct unbound *u)
{
	const struct syntax *s = u->crash->syntax;
	struct nodes all = python_nodes(u->python->scene->arena, u->crash->function,
					"assignment|augmented_assignment|for_statement|as_pattern|"
					"named_expression|with_item|for_in_clause");
	bool some = false;

	for (size_t i = 0; i < all.count; i++) {
		TSNode left = syntax_field(all.list[i], "left");

		if (!syntax_type_is(all.list[i], "assignment|augmented_assignment")) {
			if (!syntax_type_is(all.list[i], "with_item") &&
			    python_mentions(s, syntax_type_is(all.list[i], "named_expression") ?
					    syntax_field(all.list[i], "name") : left, u->name))
				return false;
			continue;
		}
		if (!str_equal(syntax_text(s, left), u->name)) {
			if (!syntax_type_is(left, "attribute|subscript") && python_mentions(s, left, u->name))
				return false;
			continue;
		}
		if (syntax_type_is(all.list[i], "assignment") && !some &&
		    !python_mentions(s, syntax_field(all.list[i], "right"), u->name))
			return false;
		some = true;
	}
	return some;
}

static bool put_word(struct unbound *u, const char *word, enum oracle oracle, const char *by)
{
	struct arena *a = u->python->scene->arena;
	struct edits edits = { .arena = a };
	const struct syntax *s = u->crash->syntax;

	if (!python_begins_line(s, python_body(u->crash->function)))
		return false;
	guard_insert(&edits, s, python_body(u->crash->function),
		     str_of(arena_printf(a, "%s %.*s\n", word, STR_ARG(u->name))));
	return edits_propose(u->python, u->crash, &edits, oracle,
			     arena_printf(a, "%.*s lacks `%s %.*s`: %s", STR_ARG(python_name(s,
					  u->crash->function)), word, STR_ARG(u->name), by));
}

/* The name belongs further out. */
static bool belongs_outside(struct unbound *u)
{
	const struct syntax *s = u->crash->syntax;
	TSNode outer = syntax_up(ts_node_parent(u->crash->function), "function_definition|class_definition");

	if (!only_counts(u))
		return false;
	if (syntax_type_is(outer, "function_definition"))
		return (python_assigned(s, outer, u->name, 0, ts_node_start_byte(u->crash->function)) ||
			!ts_node_is_null(python_parameter(s, outer, u->name))) &&
		       put_word(u, "nonlocal", ORACLE_CONTRACT, "it counts up a name of the function around it");
	if (!python_binds(s, u->name))
		return false;
	if (global_elsewhere(u, true))
		return put_word(u, "global", ORACLE_SIBLING, "the other functions that change it say so");
	if (global_elsewhere(u, false) && str_starts(u->name, "_"))
		return put_word(u, "global", ORACLE_SIBLING, "it counts up a name of the module, and the other "
				"functions that do so say global");
	return template_decline(u->python->scene, "no oracle: nothing shows that the module's %.*s is meant",
				STR_ARG(u->name)), true;
}

/* The statement of the function's own level around the first place that sets the name. */
static TSNode first_setter(const struct unbound *u)
{
	TSNode body = syntax_field(u->crash->function, "body"), none = {{0}, NULL, NULL};

	for (unsigned i = 0; i < python_child_count(body); i++) {
		TSNode one = python_child(body, i);

		if (python_assigned(u->crash->syntax, one, u->name, 0, SIZE_MAX))
			return one;
	}
	return none;
}

/* "Without any attempt the result is None." */
static bool docstring_says(const struct unbound *u, struct expectation *e)
{
	static const char pattern[] =
		"(?i)(?:without|with no|if there (?:is|are) no|for no|of no|no)\\b[^.]*?\\b"
		"(?:result is|is|gives|returns?|it is)\\s+`{0,2}(None|0|False|True|-1|\\[\\]|\\{\\}|\"\")(?![\\w.])";
	struct str groups[REGEX_GROUPS_MAX];
	struct err error = ERR_INIT;
	REGEX regex = regex_open(pattern, &error);

	if (!regex || !regex_match(regex, python_docstring(u->crash->syntax, u->crash->function), groups))
		return false;
	*e = (struct expectation){ .oracle = ORACLE_CONTRACT, .value = groups[1],
				   .by = "its docstring says so" };
	return true;
}

/* The result that one way through does not set. */
static void start_with(struct unbound *u)
{
	struct scene *scene = u->python->scene;
	struct edits edits = { .arena = scene->arena };
	const struct syntax *s = u->crash->syntax;
	TSNode setter = first_setter(u), value = python_child(u->crash->statement, 0);
	struct expectation e, documented;
	bool tested, says = docstring_says(u, &documented);

	if (!syntax_type_is(u->crash->statement, "return_statement") ||
	    !str_equal(syntax_text(s, python_bare(value)), u->name))
		return template_decline(scene, "%.*s is not what the function gives back", STR_ARG(u->name));
	if (!syntax_type_is(setter, "for_statement|while_statement|if_statement|try_statement|with_statement") ||
	    !python_begins_line(s, setter) ||
	    python_contains(u->crash->function, "delete_statement"))
		return template_decline(scene, "it is not a way through a branch or loop that leaves %.*s without "
					"a value", STR_ARG(u->name));
	tested = oracle_test(u->python, u->crash, &e) && e.expect == EXPECT_RETURN;
	if (!tested && !says)
		return;
	if (!tested)
		e = documented;
	if (says && !str_equal(e.value, documented.value))
		return template_decline(scene, "no oracle: the test and the docstring say different things");
	if (!oracle_is_trivial(e.value) || (str_is(e.value, "True") && !says))
		return template_decline(scene, "no oracle: %.*s may be right for the test's own input only",
					STR_ARG(e.value));
	guard_insert(&edits, s, setter, str_of(arena_printf(scene->arena, "%.*s = %.*s\n", STR_ARG(u->name),
							    STR_ARG(e.value))));
	edits_propose(u->python, u->crash, &edits, e.oracle,
		      arena_printf(scene->arena, "%.*s starts as %.*s, for the way through that does not set it: "
				   "%s", STR_ARG(u->name), STR_ARG(e.value), e.by));
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct site crash;
	struct unbound u = { &python, &crash, scene_group(scene, "name") };

	if (!python_crash(&python, &crash))
		return;
	if (ts_node_is_null(crash.function) || !python_mentions(crash.syntax, crash.statement, u.name))
		return template_decline(scene, "the line does not use %.*s", STR_ARG(u.name));
	if (!belongs_outside(&u))
		start_with(&u);
}

static const char *const types[] = { "UnboundLocalError", NULL };

static const struct example examples[] = {
	{
		.name = "a counter of the module, a sibling says global",
		.log =
			"==================== FAILURES ====================\n"
			"____________________ test_new ____________________\n"
			"test_serials.py:6: in test_new\n    assert new() == 1\n"
			"serials.py:10: in new\n    _last += 1\n"
			"E   UnboundLocalError: cannot access local variable '_last' where it i"
			"s not associated with a value\n"
			"============ short test summary info =============\n"
			"FAILED test_serials.py::test_new - UnboundLocal...\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "serials.py",
			  "_last = 0\n"
			  "\n"
			  "\n"
			  "def reset():\n"
			  "    global _last\n"
			  "    _last = 0\n"
			  "\n"
			  "\n"
			  "def new():\n"
			  "    _last += 1\n"
			  "    return _last\n",
			  "_last = 0\n"
			  "\n"
			  "\n"
			  "def reset():\n"
			  "    global _last\n"
			  "    _last = 0\n"
			  "\n"
			  "\n"
			  "def new():\n"
			  "    global _last\n"
			  "    _last += 1\n"
			  "    return _last\n" },
			{ "test_serials.py",
			  "from serials import new, reset\n"
			  "\n"
			  "\n"
			  "def test_new():\n"
			  "    reset()\n"
			  "    assert new() == 1\n", NULL },
		},
	},
	{
		.name = "a counter of the function around it",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_count ___________________\n"
			"test_waves.py:5: in test_count\n    assert count([1, 0, 2]) == 2\n"
			"waves.py:9: in count\n    see(item)\nwaves.py:6: in see\n"
			"    seen += 1\n"
			"E   UnboundLocalError: cannot access local variable 'seen' where it is"
			" not associated with a value\n"
			"============ short test summary info =============\n"
			"FAILED test_waves.py::test_count - UnboundLocal...\n"
			"1 failed in 0.03s\n",
		.file = {
			{ "waves.py",
			  "def count(items):\n"
			  "    seen = 0\n"
			  "\n"
			  "    def see(item):\n"
			  "        if item:\n"
			  "            seen += 1\n"
			  "\n"
			  "    for item in items:\n"
			  "        see(item)\n"
			  "    return seen\n",
			  "def count(items):\n"
			  "    seen = 0\n"
			  "\n"
			  "    def see(item):\n"
			  "        nonlocal seen\n"
			  "        if item:\n"
			  "            seen += 1\n"
			  "\n"
			  "    for item in items:\n"
			  "        see(item)\n"
			  "    return seen\n" },
			{ "test_waves.py",
			  "from waves import count\n"
			  "\n"
			  "\n"
			  "def test_count():\n"
			  "    assert count([1, 0, 2]) == 2\n", NULL },
		},
	},
	{
		.name = "a search that finds nothing",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_none ____________________\n"
			"test_find.py:5: in test_none\n    assert find([], \"a\") is None\n"
			"find.py:6: in find\n    return found\n"
			"E   UnboundLocalError: cannot access local variable 'found' where it i"
			"s not associated with a value\n"
			"============ short test summary info =============\n"
			"FAILED test_find.py::test_none - UnboundLocalEr...\n"
			"1 failed in 0.03s\n",
		.file = {
			{ "find.py",
			  "def find(rows, name):\n"
			  "    \"\"\"The row of this name; if there is no such row the result is None.\"\"\"\n"
			  "    for row in rows:\n"
			  "        if row[\"name\"] == name:\n"
			  "            found = row\n"
			  "    return found\n",
			  "def find(rows, name):\n"
			  "    \"\"\"The row of this name; if there is no such row the result is None.\"\"\"\n"
			  "    found = None\n"
			  "    for row in rows:\n"
			  "        if row[\"name\"] == name:\n"
			  "            found = row\n"
			  "    return found\n" },
			{ "test_find.py",
			  "from find import find\n"
			  "\n"
			  "\n"
			  "def test_none():\n"
			  "    assert find([], \"a\") is None\n", NULL },
		},
	},
	{
		.name = "the name of the module may not be meant",
		.log =
			"==================== FAILURES ====================\n"
			"__________________ test_add_up ___________________\n"
			"test_totals.py:5: in test_add_up\n    assert add_up([1, 2]) == 3\n"
			"totals.py:6: in add_up\n    total += value\n"
			"E   UnboundLocalError: cannot access local variable 'total' where it i"
			"s not associated with a value\n"
			"============ short test summary info =============\n"
			"FAILED test_totals.py::test_add_up - UnboundLoc...\n"
			"1 failed in 0.03s\n",
		.file = {
			{ "totals.py",
			  "total = 0\n"
			  "\n"
			  "\n"
			  "def add_up(values):\n"
			  "    for value in values:\n"
			  "        total += value\n"
			  "    return total\n", NULL },
			{ "test_totals.py",
			  "from totals import add_up\n"
			  "\n"
			  "\n"
			  "def test_add_up():\n"
			  "    assert add_up([1, 2]) == 3\n", NULL },
		},
		.declines = "nothing shows",
	},
	{
		.name = "what the test expects may hold for its own input only",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_mark ____________________\n"
			"test_marks.py:5: in test_mark\n    assert mark(3) == \"F\"\n"
			"marks.py:6: in mark\n    return letter\n"
			"E   UnboundLocalError: cannot access local variable 'letter' where it "
			"is not associated with a value\n"
			"============ short test summary info =============\n"
			"FAILED test_marks.py::test_mark - UnboundLocalE...\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "marks.py",
			  "def mark(points):\n"
			  "    if points > 90:\n"
			  "        letter = \"A\"\n"
			  "    elif points > 50:\n"
			  "        letter = \"B\"\n"
			  "    return letter\n", NULL },
			{ "test_marks.py",
			  "from marks import mark\n"
			  "\n"
			  "\n"
			  "def test_mark():\n"
			  "    assert mark(3) == \"F\"\n", NULL },
		},
		.declines = "own input only",
	},
	{0}
};

const struct template template_python_unbound_local = {
	.name = "python_unbound_local",
	.summary = "UnboundLocalError -> the missing global or nonlocal, or a first value that a test or the docstring says",
	.language = "python",
	.class = "missing value",
	.oracles = "sibling, test, contract",
	.keeps_off = "nothing shows that the module's name is meant; nobody says the value; the name is no result",
	.danger = DANGER_2,
	.types = types,
	.pattern = "^(cannot access local variable .|local variable .)(?<name>\\w+). (where|referenced)",
	.fix = fix,
	.examples = examples,
};

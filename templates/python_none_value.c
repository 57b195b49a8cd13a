/*
 * None where a value is used. First the producer that lost its result, then a parameter's
 * default, then a guard beside an existing one, and last an early return that an oracle names. A
 * line that could fail in two places is left alone, and so is everything whose skipping would
 * skip a side effect.
 */
#include "templates/lib_default.h"
#include "templates/lib_guard.h"
#include "templates/lib_producer.h"

struct user {
	const struct site *crash;
	struct str attribute;		/* empty: not an attribute error */
	bool subscript, iterate, length;
	TSNode object, expression;
	bool several;
};

static void take(struct user *u, TSNode object, TSNode expression)
{
	object = python_bare(object);
	if (!syntax_type_is(object, "identifier|attribute|call|subscript"))
		return;
	if (u->crash->column && ts_node_start_point(expression).column + 1 != u->crash->column)
		return;
	if (!ts_node_is_null(u->object) && !str_equal(syntax_text(u->crash->syntax, object),
						      syntax_text(u->crash->syntax, u->object)))
		u->several = true;
	u->object = object;
	u->expression = expression;
}

static bool see_use(TSNode node, void *context)
{
	struct user *u = context;
	const struct syntax *s = u->crash->syntax;
	TSNode arguments = syntax_field(node, "arguments");

	if (ts_node_start_point(node).row + 1 > u->crash->line ||
	    ts_node_end_point(node).row + 1 < u->crash->line)
		return true;
	if (u->attribute.size && syntax_type_is(node, "attribute") &&
	    str_equal(syntax_text(s, syntax_field(node, "attribute")), u->attribute))
		take(u, syntax_field(node, "object"), node);
	if (u->subscript && syntax_type_is(node, "subscript"))
		take(u, syntax_field(node, "value"), node);
	if (u->iterate && syntax_type_is(node, "for_statement|for_in_clause"))
		take(u, syntax_field(node, "right"), node);
	if (u->iterate && syntax_type_is(node, "assignment") &&
	    syntax_type_is(syntax_field(node, "left"), "pattern_list|tuple_pattern"))
		take(u, syntax_field(node, "right"), node);
	if (u->length && syntax_type_is(node, "call") && str_is(python_callee(s, node), "len"))
		take(u, python_child(arguments, 0), node);
	return true;
}

static bool find_object(struct scene *scene, struct user *u)
{
	struct str message = str_of(scene->failure->message);

	u->attribute = scene_group(scene, "attribute");
	u->subscript = str_has(message, "subscriptable") || str_has(message, "item assignment");
	u->iterate = str_has(message, "iterable");
	u->length = str_has(message, "len()");
	syntax_walk(u->crash->statement, see_use, u);
	if (ts_node_is_null(u->object))
		return template_decline(scene, "nothing on the line can be the None"), false;
	if (u->several)
		return template_decline(scene, "several things on the line can be the None"), false;
	if (ts_node_is_null(u->crash->function))
		return template_decline(scene, "no oracle: the code is in no function"), false;
	return true;
}

/* `if x.next is None: return V` trips over x itself, and the test expects V. */
static bool widen_guard(struct python *python, const struct user *u)
{
	struct arena *a = python->scene->arena;
	const struct site *crash = u->crash;
	TSNode condition = syntax_field(crash->statement, "condition"), body, result;
	struct edits edits = { .arena = a };
	struct str object = syntax_text(crash->syntax, u->object);
	struct expectation e;

	if (!syntax_type_is(crash->statement, "if_statement|elif_clause") ||
	    !python_is_pure(crash->syntax, u->object))
		return false;
	body = syntax_field(crash->statement, "consequence");
	result = python_child(body, 0);
	if (python_child_count(body) != 1 || !syntax_type_is(result, "return_statement") ||
	    !oracle_test(python, crash, &e) || e.expect != EXPECT_RETURN ||
	    !str_equal(syntax_text(crash->syntax, python_child(result, 0)), e.value) ||
	    ts_node_is_null(syntax_up(u->expression, "if_statement|elif_clause")) ||
	    ts_node_start_byte(u->expression) >= ts_node_end_byte(condition))
		return false;
	/* Behind an `or` the new question goes, too: what is left of it was asked before. */
	while (syntax_type_is(condition, "boolean_operator") &&
	       str_is(syntax_text(crash->syntax, syntax_field(condition, "operator")), "or") &&
	       ts_node_start_byte(u->expression) >= ts_node_start_byte(syntax_field(condition, "right")))
		condition = syntax_field(condition, "right");
	if (syntax_type_is(condition, "conditional_expression|named_expression|lambda") ||
	    !guard_always_evaluated(u->expression, condition))
		return false;
	edit_replace(&edits, ts_node_start_byte(condition), ts_node_start_byte(condition),
		     str_of(arena_printf(a, "%.*s is None or ", STR_ARG(object))));
	return edits_propose(python, crash, &edits, ORACLE_TEST,
		   arena_printf(a, "%.*s can itself be None there: %s", STR_ARG(object), e.by));
}

static bool is_match(const struct syntax *s, TSNode call)
{
	struct str name = python_callee(s, call);

	return str_is(name, "match") || str_is(name, "search") || str_is(name, "fullmatch");
}

/* return re.match(...).group(1): the match gets a name and is asked for. */
static void name_match(struct python *python, const struct user *u, const struct expectation *e)
{
	struct arena *a = python->scene->arena;
	const struct site *crash = u->crash;
	const struct syntax *s = crash->syntax;
	struct edits edits = { .arena = a };
	struct str problem = STR("there is no match");
	TSNode side = python_child(crash->statement, 0);
	struct guard guard = { crash, u->expression, problem, problem, .made = true };

	if (!is_match(s, u->object) || python_mentions(s, crash->function, STR("found")) ||
	    !syntax_type_is(crash->statement, "return_statement") ||
	    ts_node_start_byte(side) != ts_node_start_byte(u->object) ||
	    !python_begins_line(s, crash->statement) ||
	    !guard_always_evaluated(u->expression, crash->statement))
		return template_decline(python->scene, "the call that gave None cannot be asked for without "
					"running it twice");
	if (!guard_may_return(python, &guard, e))
		return;
	guard_insert(&edits, s, crash->statement,
		     str_of(arena_printf(a, "found = %.*s\nif found is None:\n%.*s%.*s\n",
					 STR_ARG(syntax_text(s, u->object)),
					 STR_ARG(python_indent_step(s, crash->function)),
					 STR_ARG(guard_action(a, s, e, problem)))));
	edit_node(&edits, u->object, STR("found"));
	edits_propose(python, crash, &edits, e->oracle, guard_why(python, crash, problem, e));
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct site crash;
	struct user u = { .crash = &crash };
	struct expectation e;
	struct guard guard;
	struct str object;

	if (!python_crash(&python, &crash) || !find_object(scene, &u))
		return;
	if (producer_propose(&python, &crash, u.object) || default_propose(&python, &crash, u.object) ||
	    widen_guard(&python, &u))
		return;
	object = syntax_text(crash.syntax, u.object);
	if (!oracle_any(&python, &crash, HAZARD_NONE, object, &e))
		return;
	if (!python_is_pure(crash.syntax, u.object))
		return name_match(&python, &u, &e);
	guard = (struct guard){
		&crash, u.expression,
		str_of(arena_printf(scene->arena, "%.*s is None", STR_ARG(object))),
		str_of(arena_printf(scene->arena, "%.*s is None", STR_ARG(object))),
		.single = true,
	};
	guard_propose(&python, &guard, &e);
}

static const char *const types[] = { "AttributeError", "TypeError", NULL };

static const struct example examples[] = {
	{
		.name = "a guard that trips over the value itself, the test expects the guard's result",
		.log =
			"F                                                                      "
			"  [100%]\n"
			"=================================== FAILURES =========================="
			"=========\n"
			"_________________________________ test_nothing ________________________"
			"_________\ntest_lists.py:5: in test_nothing\n"
			"    found = has_cycle(None)\nlists.py:4: in has_cycle\n"
			"    if fast.next is None:\n"
			"E   AttributeError: 'NoneType' object has no attribute 'next'\n"
			"=========================== short test summary info ==================="
			"=========\n"
			"FAILED test_lists.py::test_nothing - AttributeError: 'NoneType' object "
			"has no attribute 'next'\n1 failed in 0.01s\n",
		.file = {
			{ "lists.py",
			  "def has_cycle(head):\n"
			  "    slow = fast = head\n"
			  "    while True:\n"
			  "        if fast.next is None:\n"
			  "            return False\n"
			  "        slow = slow.next\n"
			  "        fast = fast.next.next\n"
			  "        if slow is fast:\n"
			  "            return True\n",
			  "def has_cycle(head):\n"
			  "    slow = fast = head\n"
			  "    while True:\n"
			  "        if fast is None or fast.next is None:\n"
			  "            return False\n"
			  "        slow = slow.next\n"
			  "        fast = fast.next.next\n"
			  "        if slow is fast:\n"
			  "            return True\n" },
			{ "test_lists.py",
			  "from lists import has_cycle\n"
			  "\n"
			  "\n"
			  "def test_nothing():\n"
			  "    found = has_cycle(None)\n"
			  "    assert not found\n", NULL },
		},
	},
	{
		.name = "the recursion's result is lost",
		.log =
			"F                                                                      "
			"  [100%]\n"
			"=================================== FAILURES =========================="
			"=========\n"
			"__________________________________ test_right _________________________"
			"_________\ntest_tree.py:6: in test_right\n"
			"    assert value({\"key\": 1, \"value\": \"a\", \"right\": right}, 2) ="
			"= \"b\"\ntree.py:10: in value\n    return find(node, key)[\"value\"]\n"
			"E   TypeError: 'NoneType' object is not subscriptable\n"
			"=========================== short test summary info ==================="
			"=========\n"
			"FAILED test_tree.py::test_right - TypeError: 'NoneType' object is not s"
			"ubscriptable\n1 failed in 0.02s\n",
		.file = {
			{ "tree.py",
			  "def find(node, key):\n"
			  "    if node[\"key\"] == key:\n"
			  "        return node\n"
			  "    if key < node[\"key\"]:\n"
			  "        return find(node[\"left\"], key)\n"
			  "    find(node[\"right\"], key)\n"
			  "\n"
			  "\n"
			  "def value(node, key):\n"
			  "    return find(node, key)[\"value\"]\n",
			  "def find(node, key):\n"
			  "    if node[\"key\"] == key:\n"
			  "        return node\n"
			  "    if key < node[\"key\"]:\n"
			  "        return find(node[\"left\"], key)\n"
			  "    return find(node[\"right\"], key)\n"
			  "\n"
			  "\n"
			  "def value(node, key):\n"
			  "    return find(node, key)[\"value\"]\n" },
			{ "test_tree.py",
			  "from tree import value\n"
			  "\n"
			  "\n"
			  "def test_right():\n"
			  "    right = {\"key\": 2, \"value\": \"b\"}\n"
			  "    assert value({\"key\": 1, \"value\": \"a\", \"right\": right}, 2) ="
			  "= \"b\"\n", NULL },
		},
	},
	{
		.name = "an optional parameter that is used as a list",
		.log =
			"F                                                                      "
			"  [100%]\n"
			"=================================== FAILURES =========================="
			"=========\n"
			"__________________________________ test_first _________________________"
			"_________\ntest_tags.py:5: in test_first\n"
			"    assert add_tag(\"a\") == [\"a\"]\ntags.py:3: in add_tag\n"
			"    tags.append(tag)\n"
			"E   AttributeError: 'NoneType' object has no attribute 'append'\n"
			"=========================== short test summary info ==================="
			"=========\n"
			"FAILED test_tags.py::test_first - AttributeError: 'NoneType' object has"
			" no attribute 'append'\n1 failed in 0.01s\n",
		.file = {
			{ "tags.py",
			  "def add_tag(tag, tags=None):\n"
			  "    \"\"\"Adds a tag.\"\"\"\n"
			  "    tags.append(tag)\n"
			  "    return tags\n",
			  "def add_tag(tag, tags=None):\n"
			  "    \"\"\"Adds a tag.\"\"\"\n"
			  "    if tags is None:\n"
			  "        tags = []\n"
			  "    tags.append(tag)\n"
			  "    return tags\n" },
			{ "test_tags.py",
			  "from tags import add_tag\n"
			  "\n"
			  "\n"
			  "def test_first():\n"
			  "    assert add_tag(\"a\") == [\"a\"]\n", NULL },
		},
	},
	{
		.name = "no match, the test expects None",
		.log =
			"F                                                                      "
			"  [100%]\n"
			"=================================== FAILURES =========================="
			"=========\n"
			"______________________________ test_without_year ______________________"
			"_________\ntest_titles.py:5: in test_without_year\n"
			"    assert year_of(\"Alien\") is None\ntitles.py:5: in year_of\n"
			"    return re.match(r\"(\\d{4})-\", title).group(1)\n"
			"E   AttributeError: 'NoneType' object has no attribute 'group'\n"
			"=========================== short test summary info ==================="
			"=========\n"
			"FAILED test_titles.py::test_without_year - AttributeError: 'NoneType' o"
			"bject has no attribute 'group'\n1 failed in 0.02s\n",
		.file = {
			{ "titles.py",
			  "import re\n"
			  "\n"
			  "\n"
			  "def year_of(title):\n"
			  "    return re.match(r\"(\\d{4})-\", title).group(1)\n",
			  "import re\n"
			  "\n"
			  "\n"
			  "def year_of(title):\n"
			  "    found = re.match(r\"(\\d{4})-\", title)\n"
			  "    if found is None:\n"
			  "        return None\n"
			  "    return found.group(1)\n" },
			{ "test_titles.py",
			  "from titles import year_of\n"
			  "\n"
			  "\n"
			  "def test_without_year():\n"
			  "    assert year_of(\"Alien\") is None\n", NULL },
		},
	},
	{
		.name = "nobody says what a title without a year gives",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 3, in <module>\n"
			"    print(year_of(\"Alien\"))\n          ^^^^^^^^^^^^^^^^\n"
			"  File \"/home/runner/work/app/app/titles.py\", line 5, in year_of\n"
			"    return re.match(r\"(\\d{4})-\", title).group(1)\n"
			"           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
			"AttributeError: 'NoneType' object has no attribute 'group'\n",
		.file = {
			{ "titles.py",
			  "import re\n"
			  "\n"
			  "\n"
			  "def year_of(title):\n"
			  "    return re.match(r\"(\\d{4})-\", title).group(1)\n", NULL },
			{ "main.py",
			  "from titles import year_of\n"
			  "\n"
			  "print(year_of(\"Alien\"))\n", NULL },
		},
		.declines = "no oracle",
	},
	{
		.name = "two values on the line can be None",
		.log =
			"F                                                                      "
			"  [100%]\n"
			"=================================== FAILURES =========================="
			"=========\n"
			"_________________________________ test_missing ________________________"
			"_________\ntest_pair.py:5: in test_missing\n"
			"    assert same_name(None, None) is True\npair.py:2: in same_name\n"
			"    return a.name == b.name\n"
			"E   AttributeError: 'NoneType' object has no attribute 'name'\n"
			"=========================== short test summary info ==================="
			"=========\n"
			"FAILED test_pair.py::test_missing - AttributeError: 'NoneType' object h"
			"as no attribute 'name'\n1 failed in 0.01s\n",
		.file = {
			{ "pair.py",
			  "def same_name(a, b):\n"
			  "    return a.name == b.name\n", NULL },
			{ "test_pair.py",
			  "from pair import same_name\n"
			  "\n"
			  "\n"
			  "def test_missing():\n"
			  "    assert same_name(None, None) is True\n", NULL },
		},
		.declines = "several things",
	},
	{
		.name = "skipping would skip the commit",
		.log =
			"F                                                                      "
			"  [100%]\n"
			"=================================== FAILURES =========================="
			"=========\n"
			"_________________________________ test_offline ________________________"
			"_________\ntest_save.py:5: in test_offline\n"
			"    assert save(None, 1) is False\nsave.py:2: in save\n"
			"    connection.insert(row)\n"
			"E   AttributeError: 'NoneType' object has no attribute 'insert'\n"
			"=========================== short test summary info ==================="
			"=========\n"
			"FAILED test_save.py::test_offline - AttributeError: 'NoneType' object h"
			"as no attribute 'insert'\n1 failed in 0.01s\n",
		.file = {
			{ "save.py",
			  "def save(connection, row):\n"
			  "    connection.insert(row)\n"
			  "    connection.commit()\n"
			  "    return True\n", NULL },
			{ "test_save.py",
			  "from save import save\n"
			  "\n"
			  "\n"
			  "def test_offline():\n"
			  "    assert save(None, 1) is False\n", NULL },
		},
		.declines = "side effect",
	},
	{
		.name = "the error is raised in a third-party frame",
		.log =
			"F                                                                      "
			"  [100%]\n"
			"=================================== FAILURES =========================="
			"=========\n"
			"__________________________________ test_none __________________________"
			"_________\ntest_area.py:5: in test_none\n    assert area(None) == 0\n"
			"area.py:5: in area\n    return width(shape) ** 2\n"
			"/opt/venv/lib/python3.11/site-packages/shapes.py:2: in width\n"
			"    return shape.width\n"
			"E   AttributeError: 'NoneType' object has no attribute 'width'\n"
			"=========================== short test summary info ==================="
			"=========\n"
			"FAILED test_area.py::test_none - AttributeError: 'NoneType' object has "
			"no attribute 'width'\n1 failed in 0.02s\n",
		.file = {
			{ "area.py",
			  "from shapes import width\n"
			  "\n"
			  "\n"
			  "def area(shape):\n"
			  "    return width(shape) ** 2\n", NULL },
			{ "test_area.py",
			  "from area import area\n"
			  "\n"
			  "\n"
			  "def test_none():\n"
			  "    assert area(None) == 0\n", NULL },
		},
		.declines = "third-party frame",
	},
	{0}
};

const struct template template_python_none_value = {
	.name = "python_none_value",
	.summary = "None used as a value -> the lost `return`, the missing default, or a guard with "
		   "the result that a test or the contract names",
	.language = "python",
	.class = "crash guard",
	.oracles = "test, contract, sibling",
	.keeps_off = "nobody says what the result is; several things on the line can be None; a side "
		     "effect would be skipped; the error is raised in third-party code",
	.danger = DANGER_2,
	.types = types,
	.pattern = "'NoneType' object (?:has no attribute '(?<attribute>\\w+)'|is not "
		   "(?:subscriptable|iterable)|does not support item assignment)|non-iterable "
		   "NoneType|'NoneType' has no len\\(\\)",
	.fix = fix,
	.examples = examples,
};

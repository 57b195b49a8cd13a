/*
 * One small edit in the one function that many rows of tests call: the bound of a comparison or a
 * range, the order of two arguments or operands, a base case one too low. All places are tried, a
 * dozen at most; the rows are the oracle, so there must be several red ones, and the one edit that
 * turns them all green without a rival. Leaves functions with more places, or few tests, alone.
 */
#include "templates/lib_guard.h"
#include "templates/lib_reach.h"

enum { EDITS_MAX = 12, LINES_MAX = 40, RED_MIN = 3, ROWS_MIN = 5, RED_FEW = 2 };

struct small_edit {
	size_t from, to;
	struct str text;
	unsigned line;
};

struct search {
	struct python *python;
	struct definition function;
	struct small_edit *edits;
	size_t count;
};

static void add(struct search *s, TSNode at, size_t from, size_t to, const char *text)
{
	arena_push(s->python->scene->arena, s->edits, s->count) =
		(struct small_edit){ from, to, str_of(text), syntax_line(at) };
}

/* a < b and a <= b. */
static void bounds(struct search *s, TSNode node)
{
	const struct syntax *syntax = s->function.s;
	TSNode left = python_child(node, 0), right = python_child(node, 1);
	TSNode loop = syntax_up(node, "while_statement|function_definition");
	size_t from, to;
	struct str sign;

	if (python_child_count(node) != 2)
		return;
	from = ts_node_end_byte(left), to = ts_node_start_byte(right);
	sign = str_trim(str_slice(syntax->text, from, to - from));
	/* A `while` that goes on for longer may never end. */
	if (sign.size == 1 && syntax_type_is(loop, "while_statement") &&
	    from < ts_node_end_byte(syntax_field(loop, "condition")))
		return;
	if (word_among(sign, "< <= > >="))
		add(s, node, from, to, arena_printf(s->python->scene->arena, " %c%s ", sign.at[0],
						    sign.size == 1 ? "=" : ""));
}

/* range(a, b): one more. A bound that takes one off already may take none off. */
static void ranges(struct search *s, TSNode call)
{
	const struct syntax *syntax = s->function.s;
	TSNode list = syntax_field(call, "arguments"), bound;
	unsigned count = python_child_count(list);
	struct arena *a = s->python->scene->arena;
	struct str text;

	if (!str_is(syntax_text(syntax, syntax_field(call, "function")), "range") || !count || count > 2)
		return;
	bound = python_child(list, count - 1);
	text = syntax_text(syntax, bound);
	if (str_ends(text, "+ 1") || str_ends(text, "- 1"))
		add(s, bound, ts_node_start_byte(bound), ts_node_end_byte(bound),
		    arena_printf(a, "%.*s", STR_ARG(str_trim(str_slice(text, 0, text.size - 3)))));
	else if (syntax_type_is(bound, "identifier|call|attribute"))
		add(s, bound, ts_node_end_byte(bound), ts_node_end_byte(bound), " + 1");
}

/* f(a, b) of a function of this code, and a + b, in the other order. */
static void swaps(struct search *s, TSNode node)
{
	const struct syntax *syntax = s->function.s;
	TSNode list = syntax_field(node, "arguments"), left, right;
	struct arena *a = s->python->scene->arena;
	struct definition ignored;
	unsigned count = python_child_count(list);

	if (syntax_type_is(node, "binary_operator")) {
		left = syntax_field(node, "left"), right = syntax_field(node, "right");
		if (!str_is(syntax_text(syntax, syntax_field(node, "operator")), "+") ||
		    python_is_literal(syntax, right) || python_is_literal(syntax, left) ||
		    syntax_type_is(left, "binary_operator") ||
		    !syntax_type_is(ts_node_parent(node), "assignment|return_statement"))
			return;
	} else {
		if (count < 2 || count > 3 || str_is(python_callee(syntax, node), "range") ||
		    !python_definition(s->python, syntax, s->function.path, python_callee(syntax, node), &ignored))
			return;
		left = python_child(list, count - 2), right = python_child(list, count - 1);
	}
	if (syntax_type_is(left, "keyword_argument|list_splat") || syntax_type_is(right, "keyword_argument") ||
	    str_equal(syntax_text(syntax, left), syntax_text(syntax, right)))
		return;
	add(s, node, ts_node_start_byte(left), ts_node_end_byte(right),
	    arena_printf(a, "%.*s%.*s%.*s", STR_ARG(syntax_text(syntax, right)),
			 STR_ARG(str_slice(syntax->text, ts_node_end_byte(left),
					   ts_node_start_byte(right) - ts_node_end_byte(left))),
			 STR_ARG(syntax_text(syntax, left))));
}

/* len(x) == 0 of a function that calls itself: one is a base case, too. */
static void base_cases(struct search *s, TSNode node)
{
	const struct syntax *syntax = s->function.s;
	TSNode left = python_child(node, 0), right = python_child(node, 1);

	if (python_child_count(node) != 2 || !str_is(python_callee(syntax, left), "len") ||
	    !str_is(syntax_text(syntax, right), "0") || !str_has(syntax_text(syntax, node), "==") ||
	    !str_is(str_of(s->python->scene->failure->type), "RecursionError"))
		return;
	add(s, node, ts_node_end_byte(left), ts_node_end_byte(right), " <= 1");
}

static void collect(struct search *s)
{
	struct nodes all = python_nodes(s->python->scene->arena, syntax_field(s->function.function, "body"),
					"comparison_operator|call|binary_operator");

	for (size_t i = 0; i < all.count; i++) {
		if (syntax_type_is(all.list[i], "comparison_operator")) {
			bounds(s, all.list[i]);
			base_cases(s, all.list[i]);
		} else {
			if (syntax_type_is(all.list[i], "call"))
				ranges(s, all.list[i]);
			swaps(s, all.list[i]);
		}
	}
}

/* How many tests of the failing test's file are red, and how many ran. */
static bool has_rows(const struct scene *scene)
{
	const struct tests *tests = &scene->report->tests;
	struct str own = str_of(scene->failure->test), file;
	unsigned red = 0;

	if (!own.size || !tests->counted || !str_split(own, "::", &file, NULL))
		return false;
	for (size_t i = 0; i < tests->failed_count; i++)
		red += str_starts(str_of(tests->failed_names[i]), str_text(scene->arena, file));
	return tests->run >= ROWS_MIN && (red >= RED_MIN || (red >= RED_FEW && tests->passed >= RED_MIN));
}

/* The one function of this code that the failing test function calls. */
static bool find_function(struct search *s)
{
	struct scene *scene = s->python->scene;
	const struct failure *failure = scene->failure;
	struct nodes calls = {0};
	struct site test;
	unsigned count = 0;

	for (size_t i = 0; i < failure->frame_count; i++)
		if (failure->frames[i].own && python_is_test(str_of(failure->frames[i].file)) &&
		    python_site(s->python, failure->frames[i].file, failure->frames[i].line, &test))
			calls = python_nodes(scene->arena, test.function, "call");
	for (size_t i = 0; i < calls.count; i++) {
		struct definition d;

		if (!syntax_type_is(syntax_field(calls.list[i], "function"), "identifier") ||
		    !python_definition(s->python, test.syntax, test.path,
				       python_callee(test.syntax, calls.list[i]), &d) ||
		    python_is_test(str_of(d.path)))
			continue;
		if (count && ts_node_eq(d.function, s->function.function))
			continue;
		s->function = d;
		count++;
	}
	return count == 1;
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct search s = { .python = &python };
	TSNode function;

	if (scene->failure->rank > 1 || !has_rows(scene))
		return;
	if (!find_function(&s))
		return template_decline(scene, "the test does not call just one function of this code");
	function = s.function.function;
	if (ts_node_end_point(function).row - ts_node_start_point(function).row > LINES_MAX)
		return template_decline(scene, "%.*s is too long to be searched", STR_ARG(s.function.name));
	collect(&s);
	if (s.count > EDITS_MAX)
		return template_decline(scene, "%.*s has too many places for a small edit",
					STR_ARG(s.function.name));
	if (!s.count)
		return template_decline(scene, "%.*s has no place for a small edit", STR_ARG(s.function.name));
	for (size_t i = 0; i < s.count; i++) {
		struct edits edits = { .arena = scene->arena };
		struct str before = str_slice(s.function.s->text, s.edits[i].from,
					      s.edits[i].to - s.edits[i].from);

		edit_replace(&edits, s.edits[i].from, s.edits[i].to, s.edits[i].text);
		python_put(&python, s.function.path, s.function.s, &edits, ORACLE_TEST,
			   arena_printf(scene->arena, "'%.*s' becomes '%.*s' in line %u of %.*s: the only one of %zu "
					"small edits that all rows of the tests allow",
					STR_ARG(str_trim(before)), STR_ARG(str_trim(s.edits[i].text)),
					s.edits[i].line, STR_ARG(s.function.name), s.count));
	}
}

static const struct example examples[] = {
	{
		.name = "the arguments of a recursion",
		.log =
			"==================== FAILURES ====================\n"
			"______________ test_divisor[6-4-2] _______________\n"
			"test_divisor.py:9: in test_divisor\n"
			"    assert divisor(a, b) == expected\ndivisor.py:4: in divisor\n"
			"    return divisor(a % b, b)\ndivisor.py:4: in divisor\n"
			"    return divisor(a % b, b)\ndivisor.py:4: in divisor\n"
			"    return divisor(a % b, b)\n"
			"E   RecursionError: maximum recursion depth exceeded\n"
			"!!! Recursion detected (same locals & position)\n"
			"______________ test_divisor[9-6-3] _______________\n"
			"test_divisor.py:9: in test_divisor\n"
			"    assert divisor(a, b) == expected\ndivisor.py:4: in divisor\n"
			"    return divisor(a % b, b)\ndivisor.py:4: in divisor\n"
			"    return divisor(a % b, b)\ndivisor.py:4: in divisor\n"
			"    return divisor(a % b, b)\n"
			"E   RecursionError: maximum recursion depth exceeded\n"
			"!!! Recursion detected (same locals & position)\n"
			"______________ test_divisor[7-5-1] _______________\n"
			"test_divisor.py:9: in test_divisor\n"
			"    assert divisor(a, b) == expected\ndivisor.py:4: in divisor\n"
			"    return divisor(a % b, b)\ndivisor.py:4: in divisor\n"
			"    return divisor(a % b, b)\ndivisor.py:4: in divisor\n"
			"    return divisor(a % b, b)\n"
			"E   RecursionError: maximum recursion depth exceeded\n"
			"!!! Recursion detected (same locals & position)\n"
			"============ short test summary info =============\n"
			"FAILED test_divisor.py::test_divisor[6-4-2] - R...\n"
			"FAILED test_divisor.py::test_divisor[9-6-3] - R...\n"
			"FAILED test_divisor.py::test_divisor[7-5-1] - R...\n"
			"3 failed, 2 passed in 0.07s\n",
		.file = {
			{ "divisor.py",
			  "def divisor(a, b):\n"
			  "    if b == 0:\n"
			  "        return a\n"
			  "    return divisor(a % b, b)\n",
			  "def divisor(a, b):\n"
			  "    if b == 0:\n"
			  "        return a\n"
			  "    return divisor(b, a % b)\n" },
			{ "test_divisor.py",
			  "import pytest\n"
			  "\n"
			  "from divisor import divisor\n"
			  "\n"
			  "\n"
			  "@pytest.mark.parametrize(\"a,b,expected\", [\n"
			  "    (1, 0, 1), (6, 4, 2), (9, 6, 3), (7, 5, 1), (8, 0, 8)])\n"
			  "def test_divisor(a, b, expected):\n"
			  "    assert divisor(a, b) == expected\n", NULL },
		},
	},
	{
		.name = "two functions in one test",
		.log =
			"==================== FAILURES ====================\n"
			"_______________ test_shop[50-500] ________________\n"
			"test_shop.py:9: in test_shop\n"
			"    assert price(total) + fee(total) == expected\n"
			"E   assert (50 + 5) == 50\nE    +  where 50 = price(50)\n"
			"E    +  and   5 = fee(50)\n"
			"______________ test_shop[50.0-50.0] ______________\n"
			"test_shop.py:9: in test_shop\n"
			"    assert price(total) + fee(total) == expected\n"
			"E   assert (50.0 + 5) == 50.0\nE    +  where 50.0 = price(50.0)\n"
			"E    +  and   5 = fee(50.0)\n"
			"_______________ test_shop[50-501] ________________\n"
			"test_shop.py:9: in test_shop\n"
			"    assert price(total) + fee(total) == expected\n"
			"E   assert (50 + 5) == 50\nE    +  where 50 = price(50)\n"
			"E    +  and   5 = fee(50)\n"
			"============ short test summary info =============\n"
			"FAILED test_shop.py::test_shop[50-500] - assert...\n"
			"FAILED test_shop.py::test_shop[50.0-50.0] - ass...\n"
			"FAILED test_shop.py::test_shop[50-501] - assert...\n"
			"3 failed, 2 passed in 0.06s\n",
		.file = {
			{ "shop.py",
			  "def fee(total):\n"
			  "    return 0 if total > 50 else 5\n"
			  "\n"
			  "\n"
			  "def price(total):\n"
			  "    return total\n", NULL },
			{ "test_shop.py",
			  "import pytest\n"
			  "\n"
			  "from shop import fee, price\n"
			  "\n"
			  "\n"
			  "@pytest.mark.parametrize(\"total,expected\", [\n"
			  "    (50, 50), (20, 25), (50.0, 50.0), (50, 50), (10, 15)])\n"
			  "def test_shop(total, expected):\n"
			  "    assert price(total) + fee(total) == expected\n", NULL },
		},
		.declines = "just one function",
	},
	{0}
};

const struct template template_python_small_edit = {
	.name = "python_small_edit",
	.summary = "many rows of tests on one short function fail -> the one small edit that turns all of them green",
	.language = "python",
	.class = "search",
	.oracles = "test",
	.keeps_off = "few tests; more than one edit passes; a long function; more than a dozen places",
	.danger = DANGER_2,
	.pattern = NULL,
	.fix = fix,
	.examples = examples,
};

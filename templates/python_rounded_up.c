/*
 * A count of pages, batches or rows that rounds the wrong way: `n // size + 1` has one too many
 * where the last one is full, math.ceil(n // size) has one too few. The count is rounded up, where
 * the text beside it or a sibling says that the rest counts as one and that none is empty.
 */
#include "templates/lib_guard.h"
#include "templates/lib_reach.h"

#include "bot/base/regex.h"

struct count_up {
	struct reached in;
	TSNode place;
	struct str whole, part;
	bool ceil;			/* math.ceil(a // b): one sign is wrong, nothing else */
	unsigned count;
};

static bool is_floor(const struct syntax *s, TSNode node)
{
	return syntax_type_is(node, "binary_operator") &&
	       str_is(syntax_text(s, syntax_field(node, "operator")), "//");
}

static void take(struct count_up *c, const struct reached *in, TSNode place, TSNode division, bool ceil)
{
	c->in = *in, c->place = place, c->ceil = ceil;
	c->whole = syntax_text(in->s, syntax_field(division, "left"));
	c->part = syntax_text(in->s, syntax_field(division, "right"));
	c->count++;
}

static void look(struct arena *a, const struct reached *in, struct count_up *c)
{
	struct nodes all = python_nodes(a, in->function, "binary_operator|call");

	for (size_t i = 0; i < all.count; i++) {
		TSNode node = all.list[i], left = python_bare(syntax_field(node, "left"));
		TSNode right = python_bare(syntax_field(node, "right"));
		TSNode first = python_bare(python_child(syntax_field(node, "arguments"), 0));

		if (syntax_type_is(node, "binary_operator") && is_floor(in->s, left) &&
		    str_is(syntax_text(in->s, syntax_field(node, "operator")), "+") &&
		    str_is(syntax_text(in->s, right), "1") && python_is_pure(in->s, left))
			take(c, in, node, left, false);
		if (syntax_type_is(node, "call") && str_is(python_callee(in->s, node), "ceil") &&
		    is_floor(in->s, first))
			take(c, in, first, first, true);
	}
}

static bool speaks_of_rest(struct str text)
{
	static const char pattern[] =
		"(?i)\\b(part(ly|ial|ially)( full| filled)?|never empty|no empty|not empty|round(s|ed|ing)? up|"
		"the rest|remainder|left[- ]?over|may be (shorter|smaller)|as many as needed|enough)\\b";
	struct err e = ERR_INIT;
	REGEX regex = regex_open(pattern, &e);
	struct str groups[REGEX_GROUPS_MAX];

	return regex && regex_match(regex, text, groups);
}

/* (a + b - 1) // b, -(-a // b) or math.ceil(a / b) in the folder. */
static const char *sibling_rounds_up(struct python *python, const struct count_up *c)
{
	struct arena *a = python->scene->arena;
	struct near *near;
	size_t count = python_near(python, c->in.path, &near);

	for (size_t i = 0; i < count; i++) {
		struct nodes all = python_nodes(a, near[i].s->root, "binary_operator|call");

		for (size_t k = 0; k < all.count; k++) {
			TSNode left = python_bare(syntax_field(all.list[k], "left"));
			struct str part = syntax_text(near[i].s, syntax_field(all.list[k], "right"));
			struct str form = str_of(arena_printf(a, "+ %.*s - 1", STR_ARG(part)));
			bool up = is_floor(near[i].s, all.list[k]) &&
				  (str_find(syntax_text(near[i].s, left), form) >= 0 ||
				   syntax_type_is(left, "unary_operator"));

			if (up || (str_is(python_callee(near[i].s, all.list[k]), "ceil") && !c->ceil))
				return arena_printf(a, "%s:%u rounds up, too", near[i].path,
						    syntax_line(all.list[k]));
		}
	}
	return NULL;
}

/* The docstrings of the function and of its file, which come first in both. */
static const char *who_says(struct python *python, const struct count_up *c)
{
	TSNode first = python_child(python_child(c->in.s->root, 0), 0);

	if (c->ceil)
		return "what is rounded up has been rounded down before";
	if (speaks_of_rest(python_docstring(c->in.s, c->in.function)))
		return "its docstring says that the rest counts";
	if (syntax_type_is(first, "string") && speaks_of_rest(syntax_text(c->in.s, first)))
		return "the docstring of its file says that the rest counts";
	return sibling_rounds_up(python, c);
}

static bool is_simple(struct str text)
{
	for (size_t i = 0; i < text.size; i++)
		if (strchr("+-*/%<>=|&^ ", text.at[i]) && text.at[text.size - 1] != ')')
			return false;
	return true;
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct edits edits = { .arena = scene->arena };
	struct count_up c = {0};
	struct reached *reached;
	size_t count;
	const char *by;

	if (!python_is_assertion_or(scene, "IndexError ValueError"))
		return;
	count = python_reached(&python, &reached);
	for (size_t i = 0; i < count; i++)
		look(scene->arena, &reached[i], &c);
	if (c.count != 1)
		return template_decline(scene, c.count ? "several divisions are rounded so" :
					"no division is rounded so");
	by = who_says(&python, &c);
	if (!by)
		return template_decline(scene, "no oracle: nothing says that the rest counts as one");
	if (!is_simple(c.whole) || !is_simple(c.part))
		return template_decline(scene, "what is divided is not simple");
	edit_node(&edits, c.place, str_of(c.ceil ?
		  arena_printf(scene->arena, "%.*s / %.*s", STR_ARG(c.whole), STR_ARG(c.part)) :
		  arena_printf(scene->arena, "(%.*s + %.*s - 1) // %.*s", STR_ARG(c.whole), STR_ARG(c.part),
			       STR_ARG(c.part))));
	python_put(&python, c.in.path, c.in.s, &edits, c.ceil ? ORACLE_CONTRACT : ORACLE_SIBLING,
		   arena_printf(scene->arena, "%.*s parts of %.*s are rounded up: %s", STR_ARG(c.whole),
				STR_ARG(c.part), by));
}

static const struct example examples[] = {
	{
		.name = "the last page is never empty",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_full ____________________\n"
			"test_pager.py:5: in test_full\n    assert pages(4, 2) == 2\n"
			"E   assert 3 == 2\nE    +  where 3 = pages(4, 2)\n"
			"============ short test summary info =============\n"
			"FAILED test_pager.py::test_full - assert 3 == 2\n1 failed in 0.02s\n",
		.file = {
			{ "pager.py",
			  "\"\"\"Pages of a list. The last one may be partly full and is never empty.\"\"\"\n"
			  "\n"
			  "\n"
			  "def pages(length, size):\n"
			  "    return length // size + 1\n",
			  "\"\"\"Pages of a list. The last one may be partly full and is never empty.\"\"\"\n"
			  "\n"
			  "\n"
			  "def pages(length, size):\n"
			  "    return (length + size - 1) // size\n" },
			{ "test_pager.py",
			  "from pager import pages\n"
			  "\n"
			  "\n"
			  "def test_full():\n"
			  "    assert pages(4, 2) == 2\n", NULL },
		},
	},
	{
		.name = "rounded down before it is rounded up",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_rest ____________________\n"
			"test_pager.py:5: in test_rest\n    assert pages(\"abc\", 2) == 2\n"
			"E   AssertionError: assert 1 == 2\nE    +  where 1 = pages('abc', 2)\n"
			"============ short test summary info =============\n"
			"FAILED test_pager.py::test_rest - AssertionErro...\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "pager.py",
			  "import math\n"
			  "\n"
			  "\n"
			  "def pages(items, size):\n"
			  "    return math.ceil(len(items) // size)\n",
			  "import math\n"
			  "\n"
			  "\n"
			  "def pages(items, size):\n"
			  "    return math.ceil(len(items) / size)\n" },
			{ "test_pager.py",
			  "from pager import pages\n"
			  "\n"
			  "\n"
			  "def test_rest():\n"
			  "    assert pages(\"abc\", 2) == 2\n", NULL },
		},
	},
	{
		.name = "nothing says that the rest counts",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_posts ___________________\n"
			"test_fence.py:5: in test_posts\n    assert posts(4, 2) == 2\n"
			"E   assert 3 == 2\nE    +  where 3 = posts(4, 2)\n"
			"============ short test summary info =============\n"
			"FAILED test_fence.py::test_posts - assert 3 == 2\n1 failed in 0.03s\n",
		.file = {
			{ "fence.py",
			  "def posts(length, gap):\n"
			  "    return length // gap + 1\n", NULL },
			{ "test_fence.py",
			  "from fence import posts\n"
			  "\n"
			  "\n"
			  "def test_posts():\n"
			  "    assert posts(4, 2) == 2\n", NULL },
		},
		.declines = "no oracle",
	},
	{
		.name = "another cause",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_rest ____________________\n"
			"test_pager.py:5: in test_rest\n    assert pages(3, 2) == 2\n"
			"E   assert 1 == 2\nE    +  where 1 = pages(3, 2)\n"
			"============ short test summary info =============\n"
			"FAILED test_pager.py::test_rest - assert 1 == 2\n1 failed in 0.02s\n",
		.file = {
			{ "pager.py",
			  "\"\"\"Pages of a list. The last one may be partly full.\"\"\"\n"
			  "\n"
			  "\n"
			  "def pages(length, size):\n"
			  "    return length // size\n", NULL },
			{ "test_pager.py",
			  "from pager import pages\n"
			  "\n"
			  "\n"
			  "def test_rest():\n"
			  "    assert pages(3, 2) == 2\n", NULL },
		},
		.declines = "no division",
	},
	{0}
};

const struct template template_python_rounded_up = {
	.name = "python_rounded_up",
	.summary = "a count of pages or batches that is one off where the last one is full -> rounded up",
	.language = "python",
	.class = "arithmetic",
	.oracles = "contract, sibling",
	.keeps_off = "nothing says that the rest counts as one; several such divisions",
	.danger = DANGER_2,
	.pattern = NULL,
	.fix = fix,
	.examples = examples,
};

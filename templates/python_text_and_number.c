/*
 * A text and a number that are added, or numbers that are joined: str() around the number. Only in
 * a chain that has a piece of plain text in it, so that nobody meant to calculate, and only for
 * whole numbers, which have one form. Leaves None alone: the word "None" is nobody's text.
 */
#include "templates/lib_guard.h"
#include "templates/lib_reach.h"

struct chain {
	const struct syntax *s;
	TSNode doubtful[8];		/* operands that may be the number */
	unsigned count;
	bool text;			/* a literal with a letter or blank in it */
	bool first_is_text;		/* the message says that what stands left is one */
};

static bool has_words(struct str literal)
{
	for (size_t i = 1; i + 1 < literal.size; i++)
		if (!strchr("0123456789.-+", literal.at[i]))
			return true;
	return false;
}

/* Is the operand a text for sure: str(...), a literal, f"...", x.strip(), a choice of texts? */
static bool is_text(const struct syntax *s, TSNode node)
{
	struct str name;

	node = python_bare(node);
	if (syntax_type_is(node, "string|concatenated_string"))
		return true;
	if (syntax_type_is(node, "conditional_expression"))
		return is_text(s, python_child(node, 0)) && is_text(s, python_child(node, 2));
	name = python_callee(s, node);
	return syntax_type_is(node, "call") &&
	       word_among(name, "str repr format join strip lower upper title capitalize replace "
				"isoformat strftime hexdigest rjust ljust zfill");
}

static void take_operands(struct chain *c, TSNode node, bool leftmost)
{
	TSNode bare = python_bare(node);

	if (syntax_type_is(node, "binary_operator") &&
	    str_is(syntax_text(c->s, syntax_field(node, "operator")), "+")) {
		take_operands(c, syntax_field(node, "left"), leftmost);
		return take_operands(c, syntax_field(node, "right"), false);
	}
	if (is_text(c->s, node)) {
		c->text = c->text || (syntax_type_is(bare, "string") && has_words(syntax_text(c->s, bare)));
		return;
	}
	if ((leftmost && c->first_is_text) || c->count == 8)
		return;
	c->doubtful[c->count++] = node;
}

static bool is_top(const struct syntax *s, TSNode node)
{
	TSNode parent = ts_node_parent(node);

	return str_is(syntax_text(s, syntax_field(node, "operator")), "+") &&
	       (!syntax_type_is(parent, "binary_operator") ||
		!str_is(syntax_text(s, syntax_field(parent, "operator")), "+"));
}

static bool on_line(TSNode node, unsigned line)
{
	return ts_node_start_point(node).row + 1 <= line && ts_node_end_point(node).row + 1 >= line;
}

/* `text += number`: the right side is the number. */
static void take_augmented(struct chain *c, TSNode statement)
{
	TSNode one = python_child(statement, 0), right = syntax_field(one, "right");

	if (!syntax_type_is(one, "augmented_assignment") ||
	    !str_is(syntax_text(c->s, syntax_field(one, "operator")), "+="))
		return;
	if (syntax_type_is(right, "identifier|attribute|subscript|call"))
		c->doubtful[c->count++] = right;
}

/* The other places of the file turn what has this name into text by str(). */
static bool sibling_does(struct arena *a, const struct syntax *s, struct str operand)
{
	struct str form = str_of(arena_printf(a, "str(%.*s)", STR_ARG(operand)));

	return str_find(s->text, form) >= 0;
}

static void propose_text(struct python *python, const struct site *crash, TSNode operand,
			 const char *why)
{
	struct arena *a = python->scene->arena;
	struct edits edits = { .arena = a };
	struct str text = syntax_text(crash->syntax, python_bare(operand));

	edit_node(&edits, operand, str_of(arena_printf(a, "str(%.*s)", STR_ARG(text))));
	edits_propose(python, crash, &edits, ORACLE_CONTRACT, why);
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct str message = str_of(scene->failure->message);
	struct chain c = { .first_is_text = str_has(message, "to str") };
	struct arena *a = scene->arena;
	struct site crash;
	struct nodes all;

	if (!python_crash(&python, &crash))
		return;
	c.s = crash.syntax;
	all = python_nodes(a, crash.statement, "binary_operator");
	for (size_t i = 0; i < all.count; i++)
		if (on_line(all.list[i], crash.line) && is_top(c.s, all.list[i]))
			take_operands(&c, all.list[i], true);
	if (!all.count && c.first_is_text)
		take_augmented(&c, crash.statement);
	if (c.count != 1)
		return template_decline(scene, c.count ? "several operands of the line can be the number" :
					"nothing on the line can be the number");
	if (!c.text && !sibling_does(a, c.s, syntax_text(c.s, python_bare(c.doubtful[0]))))
		return template_decline(scene, "no oracle: nothing shows that a text is meant and not a sum");
	propose_text(&python, &crash, c.doubtful[0],
		     arena_printf(a, "%.*s is a number between texts", STR_ARG(
				  syntax_text(c.s, python_bare(c.doubtful[0])))));
}

static const char *const types[] = { "TypeError", NULL };

static const struct example examples[] = {
	{
		.name = "a number in the middle of a text",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_line ____________________\n"
			"test_score.py:5: in test_line\n"
			"    assert line(\"Ada\", 7) == \"Ada has 7 points\"\n"
			"score.py:2: in line\n"
			"    return name + \" has \" + points + (\" point\" if points == 1 else"
			" \" points\")\n"
			"E   TypeError: can only concatenate str (not \"int\") to str\n"
			"============ short test summary info =============\n"
			"FAILED test_score.py::test_line - TypeError: ca...\n"
			"1 failed in 0.04s\n",
		.file = {
			{ "score.py",
			  "def line(name, points):\n"
			  "    return name + \" has \" + points + (\" point\" if points == 1 else \" points\")\n",
			  "def line(name, points):\n"
			  "    return name + \" has \" + str(points) + (\" point\" if points == 1 else \" points\")\n" },
			{ "test_score.py",
			  "from score import line\n"
			  "\n"
			  "\n"
			  "def test_line():\n"
			  "    assert line(\"Ada\", 7) == \"Ada has 7 points\"\n", NULL },
		},
	},
	{
		.name = "a number in front of a text",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_size ____________________\n"
			"test_size.py:5: in test_size\n    assert size(3) == \"3 pages\"\n"
			"size.py:2: in size\n    return count + \" pages\"\n"
			"E   TypeError: unsupported operand type(s) for +: 'int' and 'str'\n"
			"============ short test summary info =============\n"
			"FAILED test_size.py::test_size - TypeError: uns...\n"
			"1 failed in 0.03s\n",
		.file = {
			{ "size.py",
			  "def size(count):\n"
			  "    return count + \" pages\"\n",
			  "def size(count):\n"
			  "    return str(count) + \" pages\"\n" },
			{ "test_size.py",
			  "from size import size\n"
			  "\n"
			  "\n"
			  "def test_size():\n"
			  "    assert size(3) == \"3 pages\"\n", NULL },
		},
	},
	{
		.name = "a sum may be meant",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_total ___________________\n"
			"test_total.py:5: in test_total\n    assert total(\"1\", 1) == 2\n"
			"total.py:2: in total\n    return first + rest\n"
			"E   TypeError: can only concatenate str (not \"int\") to str\n"
			"============ short test summary info =============\n"
			"FAILED test_total.py::test_total - TypeError: c...\n"
			"1 failed in 0.03s\n",
		.file = {
			{ "total.py",
			  "def total(first, rest):\n"
			  "    return first + rest\n", NULL },
			{ "test_total.py",
			  "from total import total\n"
			  "\n"
			  "\n"
			  "def test_total():\n"
			  "    assert total(\"1\", 1) == 2\n", NULL },
		},
		.declines = "not a sum",
	},
	{
		.name = "two operands can be the number",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_span ____________________\n"
			"test_range.py:5: in test_span\n"
			"    assert span(1, \"9\") == \"from 1 to 9\"\nrange.py:2: in span\n"
			"    return \"from \" + first + \" to \" + last\n"
			"E   TypeError: can only concatenate str (not \"int\") to str\n"
			"============ short test summary info =============\n"
			"FAILED test_range.py::test_span - TypeError: ca...\n"
			"1 failed in 0.05s\n",
		.file = {
			{ "range.py",
			  "def span(first, last):\n"
			  "    return \"from \" + first + \" to \" + last\n", NULL },
			{ "test_range.py",
			  "from range import span\n"
			  "\n"
			  "\n"
			  "def test_span():\n"
			  "    assert span(1, \"9\") == \"from 1 to 9\"\n", NULL },
		},
		.declines = "several operands",
	},
	{0}
};

const struct template template_python_text_and_number = {
	.name = "python_text_and_number",
	.summary = "a whole number added to a text -> str() around the number",
	.language = "python",
	.class = "type",
	.oracles = "contract, sibling",
	.keeps_off = "no plain text in the sum; several operands can be the number; None or a float",
	.danger = DANGER_1,
	.types = types,
	.pattern = "^(can only concatenate str \\(not \"int\"\\) to str|unsupported operand type\\(s\\) for \\+: .int. and .str.|must be str, not int)",
	.fix = fix,
	.examples = examples,
};

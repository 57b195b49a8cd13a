/*
 * A float among Decimals: the one literal that is a float becomes Decimal("..."), with the digits
 * that stand there. Looks at the literals of the crashing line, and else for a table or a row of
 * constants in which all others are Decimals. Floats that are computed or read stay.
 */
#include "templates/lib_guard.h"
#include "templates/lib_reach.h"

struct odd {
	const char *path;
	const struct syntax *s;
	TSNode literal;
	unsigned count;
	const char *by;
};

static bool is_decimal(const struct syntax *s, TSNode node)
{
	return syntax_type_is(node, "call") && str_is(python_callee(s, node), "Decimal");
}

static void take(struct odd *odd, const char *path, const struct syntax *s, TSNode literal,
		 const char *by)
{
	odd->path = path, odd->s = s, odd->literal = literal, odd->by = by;
	odd->count++;
}

/* A dict, list or tuple with two Decimals or more and one float. */
static void look_in_table(struct odd *odd, const char *path, const struct syntax *s, TSNode table)
{
	unsigned decimals = 0, floats = 0, others = 0;
	TSNode literal = {{0}, NULL, NULL};

	for (unsigned i = 0; i < python_child_count(table); i++) {
		TSNode one = python_child(table, i);

		if (syntax_type_is(one, "pair"))
			one = syntax_field(one, "value");
		if (is_decimal(s, one))
			decimals++;
		else if (syntax_type_is(one, "float"))
			floats++, literal = one;
		else if (!syntax_type_is(one, "integer"))
			others++;
	}
	if (decimals >= 2 && floats == 1 && !others)
		take(odd, path, s, literal, "all others of the table are Decimals");
}

/* NAME = 0.5 at module level, used on the crashing line, beside NAME = Decimal(...). */
static void look_at_constants(struct odd *odd, const struct near *near, const struct site *crash)
{
	unsigned decimals = 0, floats = 0;
	TSNode literal = {{0}, NULL, NULL};

	for (unsigned i = 0; i < python_child_count(near->s->root); i++) {
		TSNode one = python_child(python_child(near->s->root, i), 0);
		TSNode right = syntax_field(one, "right"), left = syntax_field(one, "left");

		if (!syntax_type_is(one, "assignment"))
			continue;
		decimals += is_decimal(near->s, right);
		if (!syntax_type_is(right, "float") ||
		    !python_mentions(crash->syntax, crash->statement, syntax_text(near->s, left)))
			continue;
		floats++, literal = right;
	}
	if (decimals && floats == 1)
		take(odd, near->path, near->s, literal, "the other constants beside it are Decimals");
}

static void look_around(struct python *python, const struct site *crash, struct odd *odd)
{
	struct near *near;
	size_t count = python_near(python, crash->path, &near);

	for (size_t i = 0; i < count; i++) {
		struct nodes all = python_nodes(python->scene->arena, near[i].s->root,
						"dictionary|list|tuple");

		if (!python_binds(near[i].s, STR("Decimal")))
			continue;
		for (size_t k = 0; k < all.count; k++)
			look_in_table(odd, near[i].path, near[i].s, all.list[k]);
		look_at_constants(odd, &near[i], crash);
	}
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct edits edits = { .arena = scene->arena };
	struct odd odd = {0};
	struct site crash;
	struct nodes floats;
	struct str digits;

	if (!python_own_crash(&python, &crash))
		return;
	floats = python_nodes(scene->arena, crash.statement, "float");
	for (size_t i = 0; i < floats.count; i++)
		if (syntax_line(floats.list[i]) == crash.line &&
		    syntax_type_is(ts_node_parent(floats.list[i]), "binary_operator|parenthesized_expression|"
				   "augmented_assignment"))
			take(&odd, crash.path, crash.syntax, floats.list[i],
			     "it is calculated with a Decimal");
	if (!odd.count)
		look_around(&python, &crash, &odd);
	if (odd.count != 1)
		return template_decline(scene, odd.count ? "several floats can be the wrong one" :
					"no float is written where the others are Decimals");
	if (!python_binds(odd.s, STR("Decimal")))
		return template_decline(scene, "no oracle: %s does not know Decimal", odd.path);
	digits = syntax_text(odd.s, odd.literal);
	edit_node(&edits, odd.literal, str_of(arena_printf(scene->arena, "Decimal(\"%.*s\")",
							  STR_ARG(digits))));
	python_put(&python, odd.path, odd.s, &edits, ORACLE_SIBLING,
		   arena_printf(scene->arena, "%.*s (%s:%u) is a float and has to be a Decimal: %s",
				STR_ARG(digits), odd.path, syntax_line(odd.literal), odd.by));
}

static const char *const types[] = { "TypeError", NULL };

static const struct example examples[] = {
	{
		.name = "one of three rates",
		.log =
			"==================== FAILURES ====================\n"
			"____________________ test_tax ____________________\n"
			"test_till.py:7: in test_tax\n"
			"    assert tax(\"other\", 100) == Decimal(19)\ntill.py:11: in tax\n"
			"    return Decimal(net) * RATES[kind]\n"
			"E   TypeError: unsupported operand type(s) for *: 'decimal.Decimal' an"
			"d 'float'\n============ short test summary info =============\n"
			"FAILED test_till.py::test_tax - TypeError: unsu...\n"
			"1 failed in 0.07s\n",
		.file = {
			{ "till.py",
			  "from decimal import Decimal\n"
			  "\n"
			  "RATES = {\n"
			  "    \"books\": Decimal(\"0.07\"),\n"
			  "    \"food\": Decimal(\"0.105\"),\n"
			  "    \"other\": 0.19,\n"
			  "}\n"
			  "\n"
			  "\n"
			  "def tax(kind, net):\n"
			  "    return Decimal(net) * RATES[kind]\n",
			  "from decimal import Decimal\n"
			  "\n"
			  "RATES = {\n"
			  "    \"books\": Decimal(\"0.07\"),\n"
			  "    \"food\": Decimal(\"0.105\"),\n"
			  "    \"other\": Decimal(\"0.19\"),\n"
			  "}\n"
			  "\n"
			  "\n"
			  "def tax(kind, net):\n"
			  "    return Decimal(net) * RATES[kind]\n" },
			{ "test_till.py",
			  "from decimal import Decimal\n"
			  "\n"
			  "from till import tax\n"
			  "\n"
			  "\n"
			  "def test_tax():\n"
			  "    assert tax(\"other\", 100) == Decimal(19)\n", NULL },
		},
	},
	{
		.name = "a literal on the line",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_gross ___________________\n"
			"test_till.py:5: in test_gross\n    assert gross(100) == 119\n"
			"till.py:5: in gross\n    return Decimal(net) * 1.19\n"
			"E   TypeError: unsupported operand type(s) for *: 'decimal.Decimal' an"
			"d 'float'\n============ short test summary info =============\n"
			"FAILED test_till.py::test_gross - TypeError: un...\n"
			"1 failed in 0.03s\n",
		.file = {
			{ "till.py",
			  "from decimal import Decimal\n"
			  "\n"
			  "\n"
			  "def gross(net):\n"
			  "    return Decimal(net) * 1.19\n",
			  "from decimal import Decimal\n"
			  "\n"
			  "\n"
			  "def gross(net):\n"
			  "    return Decimal(net) * Decimal(\"1.19\")\n" },
			{ "test_till.py",
			  "from till import gross\n"
			  "\n"
			  "\n"
			  "def test_gross():\n"
			  "    assert gross(100) == 119\n", NULL },
		},
	},
	{
		.name = "a constant beside another one",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_part ____________________\n"
			"test_till.py:7: in test_part\n    assert part(Decimal(\"2.5\")) == 1\n"
			"till.py:8: in part\n    return (net + FEE) * SHARE\n"
			"E   TypeError: unsupported operand type(s) for *: 'decimal.Decimal' an"
			"d 'float'\n============ short test summary info =============\n"
			"FAILED test_till.py::test_part - TypeError: uns...\n"
			"1 failed in 0.04s\n",
		.file = {
			{ "till.py",
			  "from decimal import Decimal\n"
			  "\n"
			  "FEE = Decimal(\"1.5\")\n"
			  "SHARE = 0.25\n"
			  "\n"
			  "\n"
			  "def part(net):\n"
			  "    return (net + FEE) * SHARE\n",
			  "from decimal import Decimal\n"
			  "\n"
			  "FEE = Decimal(\"1.5\")\n"
			  "SHARE = Decimal(\"0.25\")\n"
			  "\n"
			  "\n"
			  "def part(net):\n"
			  "    return (net + FEE) * SHARE\n" },
			{ "test_till.py",
			  "from decimal import Decimal\n"
			  "\n"
			  "from till import part\n"
			  "\n"
			  "\n"
			  "def test_part():\n"
			  "    assert part(Decimal(\"2.5\")) == 1\n", NULL },
		},
	},
	{
		.name = "the float is given",
		.log =
			"==================== FAILURES ====================\n"
			"____________________ test_tax ____________________\n"
			"test_till.py:5: in test_tax\n    assert tax(100, 0.5) == 50\n"
			"till.py:5: in tax\n    return Decimal(net) * rate\n"
			"E   TypeError: unsupported operand type(s) for *: 'decimal.Decimal' an"
			"d 'float'\n============ short test summary info =============\n"
			"FAILED test_till.py::test_tax - TypeError: unsu...\n"
			"1 failed in 0.04s\n",
		.file = {
			{ "till.py",
			  "from decimal import Decimal\n"
			  "\n"
			  "\n"
			  "def tax(net, rate):\n"
			  "    return Decimal(net) * rate\n", NULL },
			{ "test_till.py",
			  "from till import tax\n"
			  "\n"
			  "\n"
			  "def test_tax():\n"
			  "    assert tax(100, 0.5) == 50\n", NULL },
		},
		.declines = "no float is written",
	},
	{
		.name = "the file does not know Decimal",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_gross ___________________\n"
			"test_till.py:7: in test_gross\n    assert gross(Decimal(100)) == 119\n"
			"till.py:2: in gross\n    return net * 1.19\n"
			"E   TypeError: unsupported operand type(s) for *: 'decimal.Decimal' an"
			"d 'float'\n============ short test summary info =============\n"
			"FAILED test_till.py::test_gross - TypeError: un...\n"
			"1 failed in 0.03s\n",
		.file = {
			{ "till.py",
			  "def gross(net):\n"
			  "    return net * 1.19\n", NULL },
			{ "test_till.py",
			  "from decimal import Decimal\n"
			  "\n"
			  "from till import gross\n"
			  "\n"
			  "\n"
			  "def test_gross():\n"
			  "    assert gross(Decimal(100)) == 119\n", NULL },
		},
		.declines = "does not know Decimal",
	},
	{0}
};

const struct template template_python_float_and_decimal = {
	.name = "python_float_and_decimal",
	.summary = "a float literal among Decimals -> a Decimal of the same digits",
	.language = "python",
	.class = "type",
	.oracles = "sibling",
	.keeps_off = "the float is computed or read; several floats; the file does not know Decimal",
	.danger = DANGER_1,
	.types = types,
	.pattern = "^unsupported operand type\\(s\\) for (\\+|-|\\*|/|//|%|\\*\\*|\\+=|-=|\\*=|/=)( or [a-z]+\\(\\))?: ('decimal.Decimal' and 'float'|'float' and 'decimal.Decimal')$",
	.fix = fix,
	.examples = examples,
};

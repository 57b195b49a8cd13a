/*
 * "division by zero" (UBSan, or AddressSanitizer's FPE) in what a function gives back -> the value that its comment promises for
 * that case, or that the tests say and a sibling confirms. The divisor itself is never changed, and all
 * who speak must agree.
 */
#include "templates/lib_promise.h"
#include "templates/lib_scene.h"

struct division {
	const struct syntax *s;
	TSNode function, statement, divisor;
	struct str name, by;		/* the function; the divisor's text */
	struct str value;		/* what everybody said until now */
	bool differ, other_inputs;	/* two tests with other arguments say the same */
	struct str arguments;		/* of the first of those tests */
	bool tested, confirmed;
};

static void say(struct division *d, struct str value)
{
	if (!value.size)
		return;
	d->differ = d->differ || (d->value.size && !str_equal(d->value, value));
	d->value = value;
}

/* Is the division always done when the statement is? */
static bool is_always_done(TSNode division, TSNode statement)
{
	TSNode node = source_parent(division);

	for (; !ts_node_is_null(node) && !ts_node_eq(node, statement); node = source_parent(node)) {
		TSNode operator = syntax_field(node, "operator");

		if (!syntax_type_is(node, "binary_expression|parenthesized_expression|cast_expression|"
				    "argument_list|call_expression|unary_expression") ||
		    syntax_type_is(operator, "&&") || syntax_type_is(operator, "||"))
			return false;
	}
	return true;
}

/* The only division of the return statement on the line, by a name or a member. */
static bool take(struct division *d, const struct source *code, unsigned line)
{
	TSNode node, right;
	size_t at = line_start(d->s->text, line);

	d->statement = source_node(code, at + str_indent(str_from(d->s->text, at)), "return_statement");
	d->function = syntax_up(d->statement, "function_definition|lambda_expression");
	if (ts_node_is_null(d->statement) || !syntax_type_is(d->function, "function_definition"))
		return false;
	for (unsigned n = 0; !ts_node_is_null(node = syntax_below(d->statement, "binary_expression", n)); n++) {
		right = syntax_field(node, "right");
		if (!word_among(syntax_text(d->s, syntax_field(node, "operator")), "/ %") ||
		    syntax_type_is(right, "number_literal"))
			continue;
		if (!ts_node_is_null(d->divisor) || !is_always_done(node, d->statement))
			return false;
		while (syntax_type_is(right, "parenthesized_expression|cast_expression"))
			right = syntax_type_is(right, "cast_expression") ? syntax_field(right, "value") : source_nth(right, 0);
		d->divisor = right;
	}
	d->by = syntax_text(d->s, d->divisor);
	d->name = c_function_name(d->s, d->function);
	return syntax_type_is(d->divisor, "identifier|field_expression") && d->name.size;
}

/* Is it "whole == 0" or "!whole"? */
static bool looks_at_zero(const struct syntax *s, TSNode condition, struct str by)
{
	while (syntax_type_is(condition, "parenthesized_expression|condition_clause"))
		condition = source_nth(condition, 0);
	if (syntax_type_is(condition, "unary_expression"))
		return str_is(syntax_text(s, syntax_field(condition, "operator")), "!") &&
		       str_equal(syntax_text(s, syntax_field(condition, "argument")), by);
	return syntax_type_is(condition, "binary_expression") &&
	       str_is(syntax_text(s, syntax_field(condition, "operator")), "==") &&
	       str_is(syntax_text(s, syntax_field(condition, "right")), "0") &&
	       str_equal(syntax_text(s, syntax_field(condition, "left")), by);
}

/* What other functions of the file give back for a zero of the same name. */
static void ask_siblings(struct division *d)
{
	TSNode node;

	for (unsigned n = 0; !ts_node_is_null(node = syntax_below(d->s->root, "conditional_expression|if_statement",
								  n)); n++) {
		TSNode value = syntax_field(node, "consequence");
		struct str text;

		if (ts_node_eq(syntax_up(node, "function_definition"), d->function) ||
		    !looks_at_zero(d->s, syntax_field(node, "condition"), d->by))
			continue;
		if (syntax_type_is(node, "if_statement")) {
			value = syntax_type_is(value, "compound_statement") ? source_nth(value, 0) : value;
			value = syntax_type_is(value, "return_statement") ? source_nth(value, 0) : source_nth(value, 99);
		}
		text = syntax_text(d->s, value);
		if (!str_equal(promise_plain(text), text))
			continue;
		say(d, text);
		d->confirmed = d->confirmed || text.size;
	}
}

/* The number that a test holds against the call: "== 0", assert_int_equal(call, 0), EXPECT_EQ(0, call). */
static struct str held_against(const struct syntax *s, TSNode call)
{
	TSNode parent = source_parent(call), other;
	struct str name, text;

	if (syntax_type_is(parent, "binary_expression") &&
	    str_is(syntax_text(s, syntax_field(parent, "operator")), "==")) {
		other = syntax_field(parent, ts_node_eq(syntax_field(parent, "left"), call) ? "right" : "left");
	} else {
		name = syntax_text(s, syntax_field(source_parent(parent), "function"));
		if (!syntax_type_is(parent, "argument_list") || source_count(parent) != 2 ||
		    !word_among(name, "assert_int_equal EXPECT_EQ ASSERT_EQ CHECK_EQ ck_assert_int_eq TEST_ASSERT_EQUAL "
				"TEST_ASSERT_EQUAL_INT"))
			return STR_NONE;
		other = source_nth(parent, ts_node_eq(source_nth(parent, 0), call) ? 1 : 0);
	}
	text = syntax_text(s, other);
	return str_equal(promise_plain(text), text) ? text : STR_NONE;
}

/* What the tests say of calls that pass a plain 0 for the divisor. */
static void ask_tests(struct division *d, struct sources *codes)
{
	const struct tree *tree = codes->scene->tree;
	TSNode declarator = c_function_declarator(d->function), node;
	unsigned place = 0;
	struct str text;

	while (!ts_node_is_null(c_parameter_at(declarator, place)) &&
	       !ts_node_eq(c_parameter_at(declarator, place), c_parameter(d->s, declarator, d->by)))
		place++;
	for (size_t i = 0; i < tree->count && !ts_node_is_null(c_parameter_at(declarator, place)); i++) {
		struct source *code;

		if (!c_is_code(tree->entries[i].path) || !source_is_test(tree->entries[i].path) ||
		    !scene_read(codes->scene, tree->entries[i].path, &text) ||
		    !text_has_word(text, str_text(codes->scene->arena, d->name)))
			continue;
		code = sources_open(codes, tree->entries[i].path);
		for (unsigned n = 0; code && !ts_node_is_null(node = syntax_below(code->syntax->root,
			"call_expression", n)); n++) {
			TSNode list = syntax_field(node, "arguments");
			struct str value, passed = syntax_text(code->syntax, list);

			if (!str_equal(syntax_text(code->syntax, syntax_field(node, "function")), d->name) ||
			    !str_is(syntax_text(code->syntax, source_nth(list, place)), "0"))
				continue;
			value = held_against(code->syntax, node);
			say(d, value);
			d->tested = d->tested || value.size;
			d->other_inputs = d->other_inputs || (value.size && d->arguments.size &&
							      !str_equal(d->arguments, passed));
			d->arguments = value.size ? passed : d->arguments;
		}
	}
}

static bool mend(struct scene *scene, struct sources *codes, struct text *why)
{
	const struct failure *failure = scene->failure;
	struct source *code = sources_open(codes, failure->file);
	struct division d = { .tested = false };
	struct str promised = STR_NONE;
	size_t at;

	if (!code || source_is_test(code->path))
		return template_decline(scene, "it is divided in no code of this project"), false;
	d.s = code->syntax;
	if (!take(&d, code, failure->line) ||
	    syntax_type_is(source_nth(d.statement, 0), "conditional_expression|comma_expression|assignment_expression"))
		return template_decline(scene, "it is no plain quotient that a function gives back"), false;
	if (!promise_of(codes, d.name, &promised))
		return template_decline(scene, "the comments of %.*s differ", STR_ARG(d.name)), false;
	say(&d, promised);
	d.confirmed = promised.size;
	ask_siblings(&d);
	ask_tests(&d, codes);
	if (d.differ)
		return template_decline(scene, "the tests, the comment or the siblings of %.*s differ",
					STR_ARG(d.name)), false;
	if (!promised.size && !(d.tested && (d.confirmed || d.other_inputs)))
		return template_decline(scene, "not enough says what %.*s gives back when %.*s is 0",
					STR_ARG(d.name), STR_ARG(d.by)), false;
	at = ts_node_start_byte(source_nth(d.statement, 0));
	for (size_t i = 0; i < code->edits.count; i++)
		if (code->edits.list[i].start == at)
			return true;	/* both sanitizers spoke of it */
	edit_replace(&code->edits, at, at, str_of(arena_printf(scene->arena, "%.*s == 0 ? %.*s : ", STR_ARG(d.by),
							       STR_ARG(d.value))));
	text_addf(why, "%.*s gives back %.*s when %.*s is 0, as %s.", STR_ARG(d.name), STR_ARG(d.value), STR_ARG(d.by),
		  promised.size ? "its comment says" : "the tests expect");
	return true;
}

static void fix(struct scene *scene)
{
	sources_mend_all(scene, ORACLE_CONTRACT, mend);
}

#define LOG "o.c:4:30: runtime error: division by zero\n"
#define HALF(comment, line) comment "int dv(int a, int b)\n{\n\t" line "\n}\n"
#define SIBLING "\nint md(int a, int b)\n{\n\tif (!b)\n\t\treturn 0;\n\treturn a % b;\n}\n"
#define TEST(line) { "test_o.c", "int main(void)\n{\n\t" line "\n\treturn 0;\n}\n", NULL }

static const struct example examples[] = {
	{
		.name = "the comment says it",
		.log = LOG,
		.file = { { "o.c", HALF("/* a of b; 0 if there is no b. */\n", "return 2 * a / b;"),
			    HALF("/* a of b; 0 if there is no b. */\n", "return b == 0 ? 0 : 2 * a / b;") },
			  TEST("assert(dv(1, 0) == 0);") },
	},
	{
		.name = "test and sibling say it",
		.log = LOG,
		.file = { { "o.c", HALF("\n", "return a / b;") SIBLING, HALF("\n", "return b == 0 ? 0 : a / b;") SIBLING },
			  TEST("assert(dv(1, 0) == 0);") },
	},
	{
		.name = "AddressSanitizer speaks of it, too",
		.log = LOG
		"AddressSanitizer:DEADLYSIGNAL\n"
		"=================================================================\n"
		"==27727==ERROR: AddressSanitizer: FPE on unknown address 0x564c041da524 (pc 0x564c041da524 "
		"bp 0x7ffd0ef53c80 sp 0x7ffd0ef53c60 T0)\n    #0 0x564c041da524 in dv o.c:4\n"
		"    #1 0x564c041da6e4 in main test_o.c:3\n\nAddressSanitizer can not provide additional info.\n"
		"SUMMARY: AddressSanitizer: FPE o.c:4 in dv\n==27727==ABORTING\n",
		.file = { { "o.c", HALF("/* a of b; 0 if there is no b. */\n", "return 2 * a / b;"),
			    HALF("/* a of b; 0 if there is no b. */\n", "return b == 0 ? 0 : 2 * a / b;") } },
	},
	{
		.name = "two tests say it",
		.log = LOG,
		.file = { { "o.c", HALF("\n", "return a / b;"), HALF("\n", "return b == 0 ? -1 : a / b;") },
			  TEST("assert(dv(1, 0) == -1 && dv(0, 0) == -1);") },
	},
	{
		.name = "one test alone",
		.log = LOG,
		.file = { { "o.c", HALF("\n", "return a / b;"), NULL }, TEST("assert(dv(1, 0) == 1);") },
		.declines = "not enough says",
	},
	{
		.name = "two tests differ",
		.log = LOG,
		.file = { { "o.c", HALF("\n", "return a / b;"), NULL }, TEST("assert(dv(1, 0) == 1 && dv(2, 0) == 2);") },
		.declines = "differ",
	},
	{
		.name = "it is not always divided",
		.log = LOG,
		.file = { { "o.c", HALF("/* a of b; 0 if there is no b. */\n", "return a && a / b;"), NULL } },
		.declines = "no plain quotient",
	},
	{0}
};

const struct template template_c_zero_division = {
	.name = "c_zero_division",
	.summary = "a division by zero -> the value that the comment, or tests and a sibling, say",
	.language = "c",
	.class = "crash guard",
	.oracles = "the comment's promise; tests with a sibling or with two inputs",
	.keeps_off = "not enough says the value, they differ, or it is no plain quotient",
	.danger = DANGER_2,
	.pattern = "^(?:division by zero|FPE on unknown address 0x[0-9a-f]+)$",
	.fix = fix,
	.examples = examples,
};

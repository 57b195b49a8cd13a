/*
 * The failing test read as a specification: the assertion on the line that called the crashing
 * function, and the value or error in it. Reads literals only; a value that must be computed, a
 * call that is not the whole side of a comparison, or two calls on the line say nothing for
 * certain.
 */
#include "templates/lib_oracle.h"

#include "templates/lib_oracle_rows.h"

enum { VALUE_MAX = 80 };

/* What a test says of a call, before it is fitted to the function. */
enum says { SAYS_NOTHING, SAYS_VALUE, SAYS_TRUE, SAYS_FALSE, SAYS_RAISES, SAYS_NAN };

struct saying {
	enum says says;
	TSNode value;			/* SAYS_VALUE, in the test's file, unless text is set */
	struct str text;
	bool compared;
	struct str exception, message;
};

static bool same(TSNode a, TSNode b)
{
	return !ts_node_is_null(a) && !ts_node_is_null(b) && ts_node_eq(a, b);
}

/* The only call of `name` in the statement; null when there is none or there are several. */
static TSNode only_call(const struct syntax *s, TSNode statement, struct str name)
{
	TSNode found = {{0}, NULL, NULL}, none = {{0}, NULL, NULL};

	for (unsigned n = 0;; n++) {
		TSNode call = syntax_below(statement, "call", n);

		if (ts_node_is_null(call))
			return found;
		if (!str_equal(python_callee(s, call), name))
			continue;
		if (!ts_node_is_null(found))
			return none;
		found = call;
	}
}

/* approx(V) and pytest.approx(V) stand for V. */
static TSNode plain_value(const struct syntax *s, TSNode node)
{
	node = python_bare(node);
	if (syntax_type_is(node, "call") && str_is(python_callee(s, node), "approx"))
		return python_child(syntax_field(node, "arguments"), 0);
	return node;
}

/* `call OP value` or `value OP call` with one operator. */
static void comparison_says(const struct syntax *s, TSNode node, TSNode call, struct saying *out)
{
	TSNode left = python_bare(python_child(node, 0)), right = python_bare(python_child(node, 1));
	bool is_left = same(left, call);
	struct str operator;

	if (python_child_count(node) != 2 || (!is_left && !same(right, call)))
		return;
	operator = str_trim(str_slice(s->text, ts_node_end_byte(python_child(node, 0)),
				      ts_node_start_byte(python_child(node, 1)) -
				      ts_node_end_byte(python_child(node, 0))));
	if (!str_is(operator, "==") && !str_is(operator, "is"))
		return;
	out->says = SAYS_VALUE;
	out->value = plain_value(s, is_left ? right : left);
	out->compared = str_is(operator, "==");
}

/* What `assert EXPRESSION` says of the call in it. */
static void condition_says(const struct syntax *s, TSNode node, TSNode call, struct saying *out)
{
	node = python_bare(node);
	if (same(node, call))
		out->says = SAYS_TRUE;
	else if (syntax_type_is(node, "not_operator") &&
		 same(python_bare(syntax_field(node, "argument")), call))
		out->says = SAYS_FALSE;
	else if (syntax_type_is(node, "comparison_operator"))
		comparison_says(s, node, call, out);
	else if (syntax_type_is(node, "call") && str_is(python_callee(s, node), "isnan") &&
		 same(python_child(syntax_field(node, "arguments"), 0), call))
		out->says = SAYS_NAN;
}

/* unittest's assertions: how many arguments they look at and what they say. */
static const struct {
	const char *name;
	enum says says;
	bool compared;
	const char *text;
} assertions[] = {
	{ "assertEqual", SAYS_VALUE, true, NULL },
	{ "assertEquals", SAYS_VALUE, true, NULL },
	{ "assertIs", SAYS_VALUE, false, NULL },
	{ "assertAlmostEqual", SAYS_VALUE, true, NULL },
	{ "assertListEqual", SAYS_VALUE, true, NULL },
	{ "assertDictEqual", SAYS_VALUE, true, NULL },
	{ "assertTupleEqual", SAYS_VALUE, true, NULL },
	{ "assertSetEqual", SAYS_VALUE, true, NULL },
	{ "assertCountEqual", SAYS_VALUE, true, NULL },
	{ "assertTrue", SAYS_TRUE, false, NULL },
	{ "assertFalse", SAYS_FALSE, false, NULL },
	{ "assertIsNone", SAYS_VALUE, false, "None" },
};

static void assertion_says(const struct syntax *s, TSNode outer, TSNode call, struct saying *out)
{
	TSNode list = syntax_field(outer, "arguments");
	TSNode first = python_bare(python_child(list, 0)), second = python_bare(python_child(list, 1));
	struct str name = python_callee(s, outer);

	for (size_t i = 0; i < sizeof(assertions) / sizeof(assertions[0]); i++) {
		if (!str_is(name, assertions[i].name))
			continue;
		if (assertions[i].says != SAYS_VALUE || assertions[i].text) {
			if (!same(first, call)) {
				if (assertions[i].says == SAYS_TRUE)
					condition_says(s, first, call, out);
				return;
			}
			out->text = str_of(assertions[i].text);
		} else if (!same(first, call) && !same(second, call)) {
			return;
		} else {
			out->value = plain_value(s, same(first, call) ? second : first);
		}
		out->says = assertions[i].says;
		out->compared = assertions[i].compared;
	}
}

/* The words of a string literal when it has no prefix that matters and no escapes. */
static struct str string_words(const struct syntax *s, TSNode string)
{
	struct str text = syntax_text(s, string);

	if (!str_skip(&text, "r"))
		str_skip(&text, "R");
	if (text.size < 2 || (text.at[0] != '"' && text.at[0] != '\''))
		return STR_NONE;
	if (text.size > 5 && text.at[1] == text.at[0] && text.at[2] == text.at[0])
		return STR_NONE;
	text = str_slice(text, 1, text.size - 2);
	for (size_t i = 0; i < text.size; i++)
		if (strchr("\\.*+?[](){}|^$\"", text.at[i]))
			return STR_NONE;
	return text;
}

/* raises(E, match="...") or assertRaises(E) or assertRaisesRegex(E, "..."). */
static bool raises_says(const struct syntax *s, TSNode raises, struct saying *out)
{
	TSNode list = syntax_field(raises, "arguments"), error = python_child(list, 0);
	struct str name = python_callee(s, raises);

	if (!str_is(name, "raises") && !str_is(name, "assertRaises") &&
	    !str_is(name, "assertRaisesRegex"))
		return false;
	if (!syntax_type_is(error, "identifier|attribute"))
		return false;
	out->says = SAYS_RAISES;
	out->exception = syntax_text(s, error);
	for (unsigned i = 1; i < python_child_count(list); i++) {
		TSNode argument = python_child(list, i);

		if (syntax_type_is(argument, "keyword_argument"))
			argument = syntax_field(argument, "value");
		else if (!str_is(name, "assertRaisesRegex"))
			continue;
		if (syntax_type_is(argument, "string"))
			out->message = string_words(s, argument);
	}
	return true;
}

/* `with raises(E):` around the statement. */
static bool with_says(const struct syntax *s, TSNode statement, struct saying *out)
{
	for (TSNode at = statement;; at = ts_node_parent(at)) {
		at = syntax_up(at, "with_statement|function_definition");
		if (!syntax_type_is(at, "with_statement"))
			return false;
		for (unsigned n = 0;; n++) {
			TSNode item = syntax_below(at, "with_item", n);
			TSNode value = syntax_field(item, "value");

			if (ts_node_is_null(item) || !ts_node_eq(syntax_up(item, "with_statement"), at))
				break;
			if (syntax_type_is(value, "as_pattern"))
				value = python_child(value, 0);
			if (syntax_type_is(value, "call") && raises_says(s, value, out))
				return true;
		}
	}
}

/* assertRaises(E, f, ...) and raises(E, f, ...). */
static bool called_by_raises(const struct syntax *s, TSNode statement, struct str name,
			     struct saying *out)
{
	TSNode call = python_child(statement, 0), target;

	if (!syntax_type_is(statement, "expression_statement") || !syntax_type_is(call, "call"))
		return false;
	target = python_child(syntax_field(call, "arguments"), 1);
	if (syntax_type_is(target, "attribute"))
		target = syntax_field(target, "attribute");
	return str_equal(syntax_text(s, target), name) && raises_says(s, call, out);
}

/* The name that `x = CALL` gives to the result; null when the statement is none of that. */
static TSNode result_name(TSNode statement, TSNode call)
{
	TSNode assignment = python_child(statement, 0), none = {{0}, NULL, NULL};

	if (!syntax_type_is(statement, "expression_statement") ||
	    !syntax_type_is(assignment, "assignment") ||
	    !same(python_bare(syntax_field(assignment, "right")), call) ||
	    !syntax_type_is(syntax_field(assignment, "left"), "identifier"))
		return none;
	return syntax_field(assignment, "left");
}

/* The identifier `name` when it is used once in the statement; else null. */
static TSNode only_use(const struct syntax *s, TSNode statement, struct str name)
{
	TSNode found = {{0}, NULL, NULL}, none = {{0}, NULL, NULL};

	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(statement, "identifier", n);

		if (ts_node_is_null(one))
			return found;
		if (!str_equal(syntax_text(s, one), name))
			continue;
		if (!ts_node_is_null(found))
			return none;
		found = one;
	}
}

static void statement_says(const struct syntax *s, TSNode statement, TSNode value,
			   struct saying *out)
{
	TSNode first = python_child(statement, 0);

	if (syntax_type_is(statement, "assert_statement"))
		condition_says(s, first, value, out);
	else if (syntax_type_is(statement, "expression_statement") && syntax_type_is(first, "call"))
		assertion_says(s, first, value, out);
}

/* `x = f(...)`, then the first statement behind it that uses x. */
static void later_says(const struct syntax *s, TSNode statement, TSNode name, struct saying *out)
{
	struct str word = syntax_text(s, name);

	for (TSNode next = ts_node_next_named_sibling(statement); !ts_node_is_null(next);
	     next = ts_node_next_named_sibling(next)) {
		if (!python_mentions(s, next, word))
			continue;
		statement_says(s, next, only_use(s, next, word), out);
		return;
	}
}

static struct saying test_says(const struct site *test, struct str name)
{
	const struct syntax *s = test->syntax;
	struct saying out = { .says = SAYS_NOTHING };
	TSNode call = only_call(s, test->statement, name), result;

	if (called_by_raises(s, test->statement, name, &out))
		return out;
	if (ts_node_is_null(call) || with_says(s, test->statement, &out))
		return out;
	result = result_name(test->statement, call);
	if (ts_node_is_null(result))
		statement_says(s, test->statement, call, &out);
	else
		later_says(s, test->statement, result, &out);
	return out;
}

/* `return g(...)` hands the callee's result on as it is. */
static bool passes_through(const struct site *caller, struct str name)
{
	const struct syntax *s = caller->syntax;
	TSNode value = python_bare(python_child(caller->statement, 0));

	return syntax_type_is(caller->statement, "return_statement") &&
	       syntax_type_is(value, "call") && str_equal(python_callee(s, value), name) &&
	       !ts_node_is_null(only_call(s, caller->statement, name));
}

bool oracle_is_boolean(const struct syntax *s, TSNode function)
{
	bool some = false;

	(void)s;
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(function, "return_statement", n), value;

		if (ts_node_is_null(one))
			return some;
		value = python_bare(python_child(one, 0));
		if (!syntax_type_is(value, "true|false|not_operator|comparison_operator"))
			return false;
		some = true;
	}
}

bool oracle_is_trivial(struct str value)
{
	static const char *const trivial[] = {
		"None", "True", "False", "0", "0.0", "-0.0", "[]", "{}", "()", "\"\"", "''", "b\"\"",
		"b''", "set()", "math.nan", "float(\"nan\")",
	};

	for (size_t i = 0; i < sizeof(trivial) / sizeof(trivial[0]); i++)
		if (str_is(value, trivial[i]))
			return true;
	return false;
}

static const char *const builtin_errors[] = {
	"ValueError", "TypeError", "KeyError", "IndexError", "ZeroDivisionError", "RuntimeError",
	"AttributeError", "LookupError", "ArithmeticError", "NotImplementedError", "OSError",
	"FileNotFoundError", "StopIteration", "Exception",
};

/* Is the error a builtin, or a name of the crashing module? */
static bool knows_error(const struct syntax *s, struct str name)
{
	for (size_t i = 0; i < sizeof(builtin_errors) / sizeof(builtin_errors[0]); i++)
		if (str_is(name, builtin_errors[i]))
			return true;
	return str_is_word(name) && python_binds(s, name);
}


static bool fit_raises(struct python *python, const struct site *crash, const struct saying *saying,
		       struct expectation *out)
{
	struct str name = saying->exception, last;

	if (str_split_last(name, ".", NULL, &last))
		name = last;
	if (str_is(name, python->scene->failure->type))
		return false;
	if (!knows_error(crash->syntax, name))
		return false;
	out->expect = EXPECT_RAISE;
	out->exception = name;
	out->message = saying->message;
	return true;
}

static bool fit_value(struct python *python, const struct site *test, const struct saying *saying,
		      struct expectation *out)
{
	struct str text = saying->text;

	if (!text.size)
		text = oracle_literal(python, test, saying->value);
	if (!text.size || text.size > VALUE_MAX || str_char(text, '\n') >= 0)
		return false;
	out->value = text;
	return true;
}

/* What the test says, in words of the crashing function. */
static bool fit(struct python *python, const struct site *crash, const struct site *test,
		const struct saying *saying, struct expectation *out)
{
	bool boolean = oracle_is_boolean(crash->syntax, crash->function);

	out->expect = EXPECT_RETURN;
	out->compared = saying->compared;
	switch (saying->says) {
	case SAYS_VALUE:
		return fit_value(python, test, saying, out);
	case SAYS_TRUE:
		out->value = STR("True");
		return boolean;
	case SAYS_FALSE:
		out->value = STR("False");
		return boolean;
	case SAYS_NAN:
		out->value = python_binds(crash->syntax, STR("math")) ? STR("math.nan") :
			     STR("float(\"nan\")");
		return true;
	case SAYS_RAISES:
		return fit_raises(python, crash, saying, out);
	case SAYS_NOTHING:
		break;
	}
	return false;
}

static const char *by_whom(struct python *python, const struct site *test,
			   const struct expectation *e)
{
	struct arena *a = python->scene->arena;
	struct str name = ts_node_is_null(test->function) ? str_of("the script") :
			  python_name(test->syntax, test->function);
	struct str what = e->expect == EXPECT_RAISE ? e->exception : e->value;

	return arena_printf(a, "%.*s (%s:%u) expects %.*s", STR_ARG(name), test->path, test->line,
			    STR_ARG(what));
}

bool oracle_test(struct python *python, const struct site *crash, struct expectation *out)
{
	struct scene *scene = python->scene;
	struct site at = *crash, caller;
	struct expectation e = { .oracle = ORACLE_TEST };
	bool passed = false;

	if (ts_node_is_null(crash->function) || python_contains(crash->function, "yield"))
		return template_decline(scene, "no oracle: the crash is in no function with a "
					"result"), false;
	while (python_caller(python, &at, &caller)) {
		struct str name = python_name(at.syntax, at.function);
		struct saying saying;

		if (passes_through(&caller, name)) {
			if (same(caller.function, at.function))
				return template_decline(scene, "no oracle: %.*s calls itself, and the test "
							"speaks of another input", STR_ARG(name)), false;
			at = caller, passed = true;
			if (ts_node_is_null(at.function))
				break;
			continue;
		}
		if (!python_is_test(str_of(caller.path)) && !ts_node_is_null(caller.function))
			return template_decline(scene, "no oracle: the test does not call %.*s itself",
						STR_ARG(name)), false;
		saying = test_says(&caller, name);
		if (!fit(python, crash, &caller, &saying, &e))
			return template_decline(scene, "no oracle: %s:%u does not say what %.*s is to "
						"give", caller.path, caller.line, STR_ARG(name)),
			       false;
		if (passed && e.expect == EXPECT_RETURN && !oracle_is_trivial(e.value))
			return template_decline(scene, "no oracle: what the test expects may hold for its own "
						"input only"), false;
		e.by = by_whom(python, &caller, &e);
		e.of_nothing = oracle_of_nothing(python, &caller,
						 only_call(caller.syntax, caller.statement, name),
						 str_is(str_of(scene->failure->type),
							"ZeroDivisionError"));
		*out = e;
		return true;
	}
	return template_decline(scene, "no oracle: no test of this repository calls it on the way"),
	       false;
}

/*
 * DivisionByZeroError: a guard right before the dividing statement, whose result the failing test
 * names. Only where that statement is among the function's last and nothing with an effect would be
 * skipped, and only for the plain values that stand for nothing. Never a catch, never max(1, $n).
 */
#include "templates/lib_php.h"

#include "templates/lib_scene.h"

static const char *const types[] = { "DivisionByZeroError", NULL };

struct division {
	const struct syntax *s;
	unsigned line;
	TSNode whole, divisor, statement, function;
	unsigned found;
};

/* A null node has no children to ask for. */
static TSNode child(TSNode node, uint32_t n)
{
	return ts_node_is_null(node) ? node : ts_node_named_child(node, n);
}

static uint32_t child_count(TSNode node)
{
	return ts_node_is_null(node) ? 0 : ts_node_named_child_count(node);
}

static bool is_operator(const struct syntax *s, TSNode node)
{
	const struct str operator = syntax_text(s, syntax_field(node, "operator"));

	return str_is(operator, "/") || str_is(operator, "%");
}

static bool see(TSNode node, void *context)
{
	struct division *d = context;
	TSNode list = syntax_field(node, "arguments");

	if (syntax_line(node) > d->line || ts_node_end_point(node).row + 1 < d->line)
		return true;
	if (syntax_type_is(node, "augmented_assignment_expression"))
		d->found += 2;
	if (syntax_type_is(node, "binary_expression") && is_operator(d->s, node)) {
		d->whole = node;
		d->divisor = syntax_field(node, "right");
		d->found++;
	}
	if (syntax_type_is(node, "function_call_expression") && child_count(list) == 2 &&
	    str_is(php_name(d->s, node), "intdiv")) {
		d->whole = node;
		d->divisor = child(child(list, 1), 0);
		d->found++;
	}
	return true;
}

static const char pure[] = "count sizeof array_sum array_product strlen mb_strlen round floor ceil intdiv abs max "
			   "min number_format";

static bool see_effect(TSNode node, void *context)
{
	struct division *d = context;
	TSNode callee = syntax_field(node, "function");

	if (syntax_type_is(node, "function_call_expression") && !word_among(syntax_text(d->s, callee), pure))
		d->found = 0;
	if (syntax_type_is(node, "member_call_expression|nullsafe_member_call_expression|scoped_call_expression|"
			   "object_creation_expression|update_expression|augmented_assignment_expression|"
			   "yield_expression|include_expression|require_expression|conditional_expression|"
			   "anonymous_function_creation_expression|anonymous_function|arrow_function|"
			   "match_expression|throw_expression|print_intrinsic"))
		d->found = 0;
	return d->found > 0;
}

/* "return E;" and "$x = E;" with no effect but that of the assignment to a local name */
static bool is_plain(struct division *d, TSNode statement)
{
	TSNode inner = child(statement, 0);
	unsigned found = d->found;
	bool plain;

	if (syntax_type_is(statement, "comment"))
		return true;
	if (syntax_type_is(statement, "expression_statement") &&
	    (!syntax_type_is(inner, "assignment_expression") ||
	     !syntax_type_is(syntax_field(inner, "left"), "variable_name")))
		return false;
	if (!syntax_type_is(statement, "expression_statement|return_statement") ||
	    !ts_node_is_null(syntax_below(syntax_field(inner, "right"), "assignment_expression", 0)))
		return false;
	syntax_walk(statement, see_effect, d);
	plain = d->found > 0;
	d->found = found;
	return plain;
}

/* From the dividing statement on: all plain, and the last gives the result. */
static bool ends_plainly(struct division *d)
{
	TSNode one = d->statement, last = one;

	for (; !ts_node_is_null(one); one = ts_node_next_named_sibling(one)) {
		if (!is_plain(d, one))
			return false;
		last = one;
	}
	return !ts_node_is_null(last) && syntax_type_is(last, "return_statement");
}

/* Is it there whenever the statement runs? */
static bool is_always_reached(const struct division *d)
{
	for (TSNode node = d->whole; !ts_node_eq(node, d->statement); node = ts_node_parent(node)) {
		const struct str operator = syntax_text(d->s, syntax_field(node, "operator"));

		if (word_among(operator, "&& || ?? and or xor"))
			return false;
	}
	return true;
}

static bool find(struct scene *scene, struct division *d)
{
	TSNode body;

	syntax_walk(d->s->root, see, d);
	if (d->found != 1)
		return template_decline(scene, "line %u has not one division", d->line), false;
	d->statement = syntax_up(d->whole, "return_statement|expression_statement");
	body = ts_node_is_null(d->statement) ? d->statement : ts_node_parent(d->statement);
	d->function = ts_node_is_null(body) ? body : ts_node_parent(body);
	if (ts_node_is_null(d->function) || !syntax_type_is(d->function, "function_definition|method_declaration"))
		return template_decline(scene, "no oracle: the division is not in the body of a function"), false;
	if (!is_always_reached(d) || !ends_plainly(d))
		return template_decline(scene, "leaving before line %u may skip something", d->line), false;
	return true;
}

/* "(new Ratings([]))->average()", "Shop\mean([])": is it the function's result itself? */
static bool is_call(const struct syntax *s, TSNode node, struct str name)
{
	struct str called, last;

	if (ts_node_is_null(node) ||
	    !syntax_type_is(node, "member_call_expression|scoped_call_expression|function_call_expression"))
		return false;
	called = php_name(s, node);
	if (str_split_last(called, "\\", NULL, &last))
		called = last;
	return str_equal(called, name);
}

/* The value that the assertion on the line names for a call of the function; empty when it does not. */
static struct str expected(const struct syntax *s, unsigned line, struct str name)
{
	static const char calls[] = "member_call_expression|scoped_call_expression";
	struct str found = STR_NONE;

	for (unsigned n = 0;; n++) {
		TSNode call = php_on_line(s, line, calls, n), list, first, second;
		struct str assertion;

		if (ts_node_is_null(call))
			return found;
		list = syntax_field(call, "arguments");
		assertion = php_name(s, call);
		first = child(child(list, 0), 0);
		second = child(child(list, 1), 0);
		if (str_is(assertion, "assertNull") && child_count(list) && is_call(s, first, name))
			return STR("null");
		if ((str_is(assertion, "assertSame") || str_is(assertion, "assertEquals")) &&
		    child_count(list) > 1 && is_call(s, second, name))
			found = syntax_text(s, first);
	}
}

static bool is_expected(const struct scene *scene)
{
	for (size_t i = 0; i < scene->tree->count; i++) {
		const char *path = scene->tree->entries[i].path;
		struct str text;

		if (php_is_test(path) && str_ends(str_of(path), ".php") && scene_read(scene, path, &text) &&
		    (text_has_word(text, "DivisionByZeroError") || text_has_word(text, "ArithmeticError")))
			return true;
	}
	return false;
}

static struct str test_value(struct scene *scene, struct str name)
{
	const struct failure *failure = scene->failure;
	struct str text;

	for (size_t i = failure->frame_count; i-- > 0;) {
		const struct frame *frame = &failure->frames[i];
		const char *path = frame->file ? scene_path(scene, frame->file) : NULL;

		if (!path || !php_is_test(path) || !scene_read(scene, path, &text))
			continue;
		SYNTAX test = syntax_open(scene->arena, "php", text);
		return test ? expected(test, frame->line, name) : STR_NONE;
	}
	return STR_NONE;
}

/* The value as the declared type wants it; empty when it cannot be. */
static struct str fitting(const struct division *d, struct str value)
{
	struct str type = syntax_text(d->s, syntax_field(d->function, "return_type"));

	if (!type.size || str_is(type, "mixed"))
		return value;
	if (str_is(value, "null"))
		return str_starts(type, "?") || text_has_word(type, "null") ? value : STR_NONE;
	if (text_has_word(type, "float") && !text_has_word(type, "int") && str_is(value, "0"))
		return STR("0.0");
	if (str_is(value, "0.0") && !text_has_word(type, "float"))
		return STR_NONE;
	return value;
}

static const char *guard_text(struct arena *a, const struct division *d, struct str value)
{
	const struct str indent = syntax_indent(d->s, d->statement), outer = syntax_indent(d->s, d->function);
	const struct str unit = str_starts(indent, "\t") ? STR("\t") : str_from(indent, outer.size);
	const bool counted = syntax_type_is(d->divisor, "function_call_expression");

	return arena_printf(a, "%.*sif (%.*s %s 0) {\n%.*s%.*sreturn %.*s;\n%.*s}\n\n", STR_ARG(indent),
			    STR_ARG(syntax_text(d->s, d->divisor)), counted ? "===" : "==", STR_ARG(indent),
			    STR_ARG(unit), STR_ARG(value), STR_ARG(indent));
}

static void fix(struct scene *scene)
{
	struct division d = { .found = 0 };
	const char *path;
	SYNTAX s = php_crash(scene, &path, &d.line);
	struct edits edits = { .arena = scene->arena };
	struct str value, after, name;
	size_t place;

	if (!s)
		return;
	d.s = s;
	if (!find(scene, &d))
		return;
	if (!syntax_type_is(d.divisor, "variable_name|member_access_expression") &&
	    !(syntax_type_is(d.divisor, "function_call_expression") &&
	      word_among(php_name(s, d.divisor), "count sizeof strlen mb_strlen")))
		return template_decline(scene, "the divisor is no plain name");
	if (is_expected(scene))
		return template_decline(scene, "a test expects the error");
	name = php_name(s, d.function);
	value = test_value(scene, name);
	if (!value.size)
		return template_decline(scene, "no oracle: no test says what %.*s gives", STR_ARG(name));
	if (!word_among(value, "0 0.0 null [] false '' \"\""))
		return template_decline(scene, "%.*s may be the answer to the test's own input only", STR_ARG(value));
	value = fitting(&d, value);
	if (!value.size)
		return template_decline(scene, "the declared type of %.*s is another", STR_ARG(name));
	place = line_start(s->text, syntax_line(d.statement));
	edit_replace(&edits, place, place, str_of(guard_text(scene->arena, &d, value)));
	if (edits_apply(&edits, s, &after))
		candidate_put(scene, propose(scene, ORACLE_TEST, "%.*s gives %.*s where %.*s is zero: the failing "
					     "test expects it.", STR_ARG(name), STR_ARG(value),
					     STR_ARG(syntax_text(s, d.divisor))), path, after);
}

#define LOG \
	"There was 1 error:\n\n1) RatingsTest::testNoStars\nDivisionByZeroError: Division by zero\n\n" \
	"/home/runner/work/app/app/src/Ratings.php:6\n/home/runner/work/app/app/tests/RatingsTest.php:6\n\n" \
	"ERRORS!\nTests: 2, Assertions: 1, Errors: 1.\n"
#define RATINGS(head, before, last) \
	"<?php\nfinal class Ratings\n{\n    public function average(" head "\n    {\n" before last "    }\n}\n"
#define TEST(assertion) \
	"<?php\nfinal class RatingsTest extends TestCase\n{\n    public function testNoStars(): void\n    {\n" \
	"        " assertion ";\n    }\n}\n"
#define GUARD(condition, value) "        if (" condition ") {\n            return " value ";\n        }\n\n"
#define MEAN "        return array_sum($this->stars) / count($this->stars);\n"

static const struct example examples[] = {
	{
		.name = "no stars, the test expects 0.0",
		.log = LOG,
		.file = {
			{ "src/Ratings.php", RATINGS("): float", "", MEAN),
			  RATINGS("): float", GUARD("count($this->stars) === 0", "0.0"), MEAN) },
			{ "tests/RatingsTest.php",
			  TEST("$this->assertSame(0.0, (new Ratings([]))->average())"), NULL },
		},
	},
	{
		.name = "a parameter, rounded; the test expects null",
		.log = LOG,
		.file = {
			{ "src/Ratings.php",
			  RATINGS("int $part, int $whole)", "", "        $rate = $part / $whole;\n"
				  "        return round($rate, 2);\n"),
			  RATINGS("int $part, int $whole)", GUARD("$whole == 0", "null"),
				  "        $rate = $part / $whole;\n        return round($rate, 2);\n") },
			{ "tests/RatingsTest.php", TEST("self::assertNull((new Ratings)->average(1, 0))"), NULL },
		},
	},
	{
		.name = "null, and the type does not allow it",
		.log = LOG,
		.file = {
			{ "src/Ratings.php", RATINGS("): float", "", MEAN), NULL },
			{ "tests/RatingsTest.php", TEST("$this->assertNull((new Ratings([]))->average())"), NULL },
		},
		.declines = "declared type",
	},
	{
		.name = "something is recorded afterwards",
		.log = LOG,
		.file = {
			{ "src/Ratings.php",
			  RATINGS(")", "", "        $mean = array_sum($this->stars) / count($this->stars);\n"
				  "        $this->log->add($mean);\n        return $mean;\n"), NULL },
			{ "tests/RatingsTest.php", TEST("$this->assertSame(0, (new Ratings([]))->average())"), NULL },
		},
		.declines = "may skip something",
	},
	{
		.name = "the test asks another method",
		.log = LOG,
		.file = {
			{ "src/Ratings.php", RATINGS(")", "", MEAN), NULL },
			{ "tests/RatingsTest.php", TEST("$this->assertSame('', (new Ratings([]))->text())"), NULL },
		},
		.declines = "no test says",
	},
	{
		.name = "a test expects the error",
		.log = LOG,
		.file = {
			{ "src/Ratings.php", RATINGS(")", "", MEAN), NULL },
			{ "tests/RatingsTest.php", TEST("$this->assertSame(0, (new Ratings([]))->average())"), NULL },
			{ "tests/MoreTest.php", TEST("$this->expectException(DivisionByZeroError::class)"), NULL },
		},
		.declines = "expects the error",
	},
	{0}
};

const struct template template_php_zero_division = {
	.name = "php_zero_division",
	.summary = "Division by zero -> a guard that gives what the failing test expects",
	.language = "php",
	.class = "crash guard",
	.oracles = "the failing test's own line",
	.keeps_off = "a value that is not plain; what would be skipped; a type that does not allow it; tests that "
		"expect the error",
	.danger = DANGER_2,
	.types = types,
	.fix = fix,
	.examples = examples,
};

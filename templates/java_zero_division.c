/*
 * A method gives back a quotient, and the divisor is zero -> the value that the Javadoc promises for
 * that case or a sibling gives back for it, where the failing test expects the same. The divisor
 * itself is never changed.
 */
#include "templates/lib_java.h"
#include "templates/lib_promise.h"
#include "templates/lib_scene.h"

/* The only division or remainder of the statement, by a plain name or a call without arguments. */
static TSNode divisor_of(const struct syntax *s, TSNode statement)
{
	TSNode node, found = {{0}, NULL, NULL}, none = found;

	for (unsigned n = 0; !ts_node_is_null(node = syntax_below(statement, "binary_expression", n)); n++) {
		TSNode right = syntax_field(node, "right");

		if (!word_among(syntax_text(s, syntax_field(node, "operator")), "/ %") || java_is_literal(right))
			continue;
		if (!ts_node_is_null(found))
			return none;
		found = right;
	}
	if (syntax_type_is(found, "method_invocation") && source_count(syntax_field(found, "arguments")))
		return none;
	return syntax_type_is(found, "identifier|field_access|method_invocation") ? found : none;
}

/* "whole == 0 ? 0 : ..." of another method for the same divisor: its value. */
static struct str sibling_value(const struct syntax *s, TSNode method, struct str divisor)
{
	TSNode node;

	for (unsigned n = 0;
	     !ts_node_is_null(node = syntax_below(source_parent(method), "ternary_expression", n)); n++) {
		TSNode test = syntax_field(node, "condition");

		if (!ts_node_eq(java_method(node), method) && syntax_type_is(test, "binary_expression") &&
		    str_equal(syntax_text(s, syntax_field(test, "left")), divisor) &&
		    str_is(syntax_text(s, syntax_field(test, "operator")), "==") &&
		    str_is(syntax_text(s, syntax_field(test, "right")), "0"))
			return syntax_text(s, syntax_field(node, "consequence"));
	}
	return STR_NONE;
}

static bool mend(struct scene *scene, struct sources *sources, struct text *why)
{
	const struct failure *failure = scene->failure;
	struct source *source = sources_open(sources, failure->file);
	struct str name, divisor, said, shown;
	struct java_expected expected;
	TSNode statement, method, node;
	size_t at;

	if (!source || source_is_test(source->path))
		return template_decline(scene, "it is divided in no code of this project"), false;
	at = line_start(source->syntax->text, failure->line);
	statement = source_node(source, at + str_indent(str_from(source->syntax->text, at)), "return_statement");
	method = java_method(statement);
	node = divisor_of(source->syntax, statement);
	if (ts_node_is_null(method) || ts_node_is_null(node) ||
	    syntax_type_is(source_nth(statement, 0), "ternary_expression|lambda_expression"))
		return template_decline(scene, "it is no plain quotient that a method gives back"), false;
	name = syntax_text(source->syntax, syntax_field(method, "name"));
	divisor = syntax_text(source->syntax, node);
	said = promise_in(java_comment(source->syntax, method));
	shown = sibling_value(source->syntax, method, divisor);
	if (!java_expects(sources, failure, name, &expected))
		return template_decline(scene, "the test does not say what %.*s gives back then",
					STR_ARG(name)), false;
	if ((said.size && !str_equal(said, expected.value)) || (shown.size && !str_equal(shown, expected.value)))
		return template_decline(scene, "the test and the Javadoc or the sibling of %.*s differ",
					STR_ARG(name)), false;
	if (!said.size && !shown.size)
		return template_decline(scene, "neither Javadoc nor sibling say that %.*s holds for every zero",
					STR_ARG(expected.value)), false;
	at = ts_node_start_byte(source_nth(statement, 0));
	edit_replace(&source->edits, at, at,
		     str_of(arena_printf(scene->arena, "%.*s == 0 ? %.*s : ", STR_ARG(divisor),
					 STR_ARG(expected.value))));
	text_addf(why, "%.*s gives back %.*s when %.*s is 0, as %s:%u expects and %s.", STR_ARG(name),
		  STR_ARG(expected.value), STR_ARG(divisor), expected.test, expected.line,
		  said.size ? "its Javadoc says" : "its sibling does");
	return true;
}

static void fix(struct scene *scene)
{
	sources_mend_all(scene, ORACLE_TEST, mend);
}

static const struct example examples[] = {
	{
		.name = "Javadoc and test say 0",
		.log =
		"Exception in thread \"main\" java.lang.ArithmeticException: / by zero\n"
		"\tat A.percent(A.java:4)\n\tat ATest.main(ATest.java:5)\n",
		.file = {
			{ "src/A.java",
			  "final class A {\n    /** Percent; 0 if there is no whole. */\n"
			  "    static int percent(int part, int whole) {\n"
			  "        return 100 * part / whole;\n    }\n}\n",
			  "final class A {\n    /** Percent; 0 if there is no whole. */\n"
			  "    static int percent(int part, int whole) {\n"
			  "        return whole == 0 ? 0 : 100 * part / whole;\n    }\n}\n" },
			{ "test/ATest.java",
			  "import java.util.List;\n\nfinal class ATest {\n"
			  "    public static void main(String[] words) {\n"
			  "        assert A.percent(0, 0) == 0;\n    }\n}\n",
			  NULL },
		},
	},
	{
		.name = "only the test says a value",
		.log =
		"Exception in thread \"main\" java.lang.ArithmeticException: / by zero\n"
		"\tat A.percent(A.java:4)\n\tat ATest.main(ATest.java:5)\n",
		.file = {
			{ "src/A.java",
			  "final class A {\n    /** Percent. */\n"
			  "    static int percent(int part, int whole) {\n"
			  "        return 100 * part / whole;\n    }\n}\n",
			  NULL },
			{ "test/ATest.java",
			  "import java.util.List;\n\nfinal class ATest {\n"
			  "    public static void main(String[] words) {\n"
			  "        assert A.percent(0, 0) == 0;\n    }\n}\n",
			  NULL },
		},
		.declines = "neither Javadoc nor sibling",
	},
	{
		.name = "they differ",
		.log =
		"Exception in thread \"main\" java.lang.ArithmeticException: / by zero\n"
		"\tat A.percent(A.java:4)\n\tat ATest.main(ATest.java:5)\n",
		.file = {
			{ "src/A.java",
			  "final class A {\n    /** Percent; 0 if there is no whole. */\n"
			  "    static int percent(int part, int whole) {\n"
			  "        return 100 * part / whole;\n    }\n}\n",
			  NULL },
			{ "test/ATest.java",
			  "import java.util.List;\n\nfinal class ATest {\n"
			  "    public static void main(String[] words) {\n"
			  "        assert A.percent(5, 0) == 100;\n    }\n}\n",
			  NULL },
		},
		.declines = "differ",
	},
	{
		.name = "the test says nothing",
		.log =
		"Exception in thread \"main\" java.lang.ArithmeticException: / by zero\n"
		"\tat A.percent(A.java:4)\n\tat ATest.main(ATest.java:5)\n",
		.file = {
			{ "src/A.java",
			  "final class A {\n    /** Percent; 0 if there is no whole. */\n"
			  "    static int percent(int part, int whole) {\n"
			  "        return 100 * part / whole;\n    }\n}\n",
			  NULL },
			{ "test/ATest.java",
			  "import java.util.List;\n\nfinal class ATest {\n"
			  "    public static void main(String[] words) {\n        A.percent(0, 0);\n"
			  "    }\n}\n",
			  NULL },
		},
		.declines = "the test does not say",
	},
	{0}
};

const struct template template_java_zero_division = {
	.name = "java_zero_division",
	.summary = "a division by zero -> the value that test and Javadoc or sibling say",
	.language = "java",
	.class = "crash guard",
	.oracles = "the failing test, with the Javadoc or a sibling",
	.keeps_off = "the test does not say it, nothing confirms it, or it is no plain quotient",
	.danger = DANGER_2,
	.pattern = "^/ by zero$",
	.fix = fix,
	.examples = examples,
};

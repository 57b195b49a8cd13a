/*
 * substring(0, limit) of a text that is shorter, the failing test expects the text itself, and the
 * Javadoc says for which texts -> those are given back as they are. "shorter than" and "not longer
 * than" are two bounds: without the words it is left alone where they make a difference.
 */
#include "templates/lib_java.h"
#include "templates/lib_scene.h"

/* text.substring(0, limit), the only one of the statement, of two parameters. */
static TSNode cut_of(const struct syntax *s, TSNode statement)
{
	TSNode node, found = {{0}, NULL, NULL}, none = found;

	for (unsigned n = 0; !ts_node_is_null(node = syntax_below(statement, "method_invocation", n)); n++) {
		TSNode list = syntax_field(node, "arguments");

		if (!str_is(syntax_text(s, syntax_field(node, "name")), "substring"))
			continue;
		if (!ts_node_is_null(found) || source_count(list) != 2 ||
		    !str_is(syntax_text(s, source_nth(list, 0)), "0") ||
		    !syntax_type_is(source_nth(list, 1), "identifier|decimal_integer_literal|field_access") ||
		    !syntax_type_is(syntax_field(node, "object"), "identifier"))
			return none;
		found = node;
	}
	return found;
}

/* "<=" or "<", by the Javadoc; NULL when it says neither and both would be possible. */
static const char *bound(const struct syntax *s, TSNode method, TSNode statement, TSNode cut)
{
	static const char *const whole[] = { "not longer than", "no longer than", "at most", "fits", "up to" };
	struct str comment = java_comment(s, method);

	for (size_t i = 0; i < sizeof(whole) / sizeof(whole[0]); i++)
		if (str_has(comment, whole[i]))
			return "<=";
	if (str_has(comment, "shorter than"))
		return "<";
	return ts_node_eq(source_nth(statement, 0), cut) ? "<=" : NULL;
}

/* Does the test's call get back the very text that it passes for the parameter? */
static bool gets_back(const struct java_expected *expected, const struct syntax *s, TSNode method, struct str text)
{
	TSNode parameters = syntax_field(method, "parameters"), list = syntax_field(expected->call, "arguments");

	for (unsigned n = 0; n < source_count(parameters); n++)
		if (str_equal(syntax_text(s, syntax_field(source_nth(parameters, n), "name")), text))
			return str_equal(syntax_text(expected->s, source_nth(list, n)), expected->value);
	return false;
}

static bool mend(struct scene *scene, struct sources *sources, struct text *why)
{
	const struct failure *failure = scene->failure;
	struct source *source = sources_open(sources, failure->file);
	struct java_expected expected;
	struct str name, text, limit, indent;
	TSNode statement, method, cut, body;
	const char *compare, *line;
	size_t at;

	if (!source || source_is_test(source->path))
		return template_decline(scene, "it is cut in no code of this project"), false;
	at = line_start(source->syntax->text, failure->line);
	statement = source_node(source, at + str_indent(str_from(source->syntax->text, at)), "return_statement");
	method = java_method(statement);
	body = syntax_field(method, "body");
	cut = cut_of(source->syntax, statement);
	if (ts_node_is_null(cut) || !ts_node_eq(source_parent(statement), body))
		return template_decline(scene, "it is no substring from 0 that a method gives back"), false;
	name = syntax_text(source->syntax, syntax_field(method, "name"));
	text = syntax_text(source->syntax, syntax_field(cut, "object"));
	limit = syntax_text(source->syntax, source_nth(syntax_field(cut, "arguments"), 1));
	if (!java_expects(sources, failure, name, &expected) ||
	    !gets_back(&expected, source->syntax, method, text))
		return template_decline(scene, "the test does not say that %.*s gives back the text itself",
					STR_ARG(name)), false;
	compare = bound(source->syntax, method, statement, cut);
	if (!compare)
		return template_decline(scene, "the Javadoc of %.*s does not say which texts stay whole",
					STR_ARG(name)), false;
	indent = syntax_indent(source->syntax, statement);
	line = source_newline(source->syntax);
	at = ts_node_start_byte(statement);
	edit_replace(&source->edits, at, at,
		     str_of(arena_printf(scene->arena, "if (%.*s.length() %s %.*s) {%s%.*s%.*sreturn %.*s;%s%.*s}%s"
					 "%.*s", STR_ARG(text), compare, STR_ARG(limit), line, STR_ARG(indent),
					 STR_ARG(str_has(indent, "\t") ? STR("\t") : STR("    ")), STR_ARG(text), line,
					 STR_ARG(indent), line, STR_ARG(indent))));
	text_addf(why, "%.*s gives back a text whose length is %s %.*s, as %s:%u expects.", STR_ARG(name), compare,
		  STR_ARG(limit), expected.test, expected.line);
	return true;
}

static void fix(struct scene *scene)
{
	sources_mend_all(scene, ORACLE_TEST, mend);
}

static const struct example examples[] = {
	{
		.name = "not longer",
		.log =
		"Exception in thread \"main\" java.lang.StringIndexOutOfBoundsException: "
		"begin 0, end 8, length 5\n"
		"\tat java.base/java.lang.String.checkBoundsBeginEnd(String.java:4606)\n"
		"\tat java.base/java.lang.String.substring(String.java:2709)\n"
		"\tat A.of(A.java:4)\n\tat ATest.main(ATest.java:5)\n",
		.file = {
			{ "src/A.java",
			  "final class A {\n"
			  "    /** The first letters and a dot; a text that is not longer than th"
			  "e limit stays whole. */\n    static String of(String text, int limit) {\n"
			  "        return text.substring(0, limit) + \".\";\n    }\n}\n",
			  "final class A {\n"
			  "    /** The first letters and a dot; a text that is not longer than th"
			  "e limit stays whole. */\n    static String of(String text, int limit) {\n"
			  "        if (text.length() <= limit) {\n            return text;\n        }\n"
			  "        return text.substring(0, limit) + \".\";\n    }\n}\n" },
			{ "test/ATest.java",
			  "import java.util.List;\n\nfinal class ATest {\n"
			  "    public static void main(String[] words) {\n"
			  "        assert A.of(\"Hello\", 8).equals(\"Hello\");\n    }\n}\n",
			  NULL },
		},
	},
	{
		.name = "shorter",
		.log =
		"Exception in thread \"main\" java.lang.StringIndexOutOfBoundsException: "
		"begin 0, end 8, length 5\n"
		"\tat java.base/java.lang.String.checkBoundsBeginEnd(String.java:4606)\n"
		"\tat java.base/java.lang.String.substring(String.java:2709)\n"
		"\tat A.of(A.java:4)\n\tat ATest.main(ATest.java:5)\n",
		.file = {
			{ "src/A.java",
			  "final class A {\n"
			  "    /** The first letters and a dot; a text that is shorter than the l"
			  "imit stays whole. */\n    static String of(String text, int limit) {\n"
			  "        return text.substring(0, limit) + \".\";\n    }\n}\n",
			  "final class A {\n"
			  "    /** The first letters and a dot; a text that is shorter than the l"
			  "imit stays whole. */\n    static String of(String text, int limit) {\n"
			  "        if (text.length() < limit) {\n            return text;\n        }\n"
			  "        return text.substring(0, limit) + \".\";\n    }\n}\n" },
			{ "test/ATest.java",
			  "import java.util.List;\n\nfinal class ATest {\n"
			  "    public static void main(String[] words) {\n"
			  "        assert A.of(\"Hello\", 8).equals(\"Hello\");\n    }\n}\n",
			  NULL },
		},
	},
	{
		.name = "the Javadoc does not say which",
		.log =
		"Exception in thread \"main\" java.lang.StringIndexOutOfBoundsException: "
		"begin 0, end 8, length 5\n"
		"\tat java.base/java.lang.String.checkBoundsBeginEnd(String.java:4606)\n"
		"\tat java.base/java.lang.String.substring(String.java:2709)\n"
		"\tat A.of(A.java:4)\n\tat ATest.main(ATest.java:5)\n",
		.file = {
			{ "src/A.java",
			  "final class A {\n"
			  "    /** The first letters and a dot; a text that is better than the li"
			  "mit stays whole. */\n    static String of(String text, int limit) {\n"
			  "        return text.substring(0, limit) + \".\";\n    }\n}\n",
			  NULL },
			{ "test/ATest.java",
			  "import java.util.List;\n\nfinal class ATest {\n"
			  "    public static void main(String[] words) {\n"
			  "        assert A.of(\"Hello\", 8).equals(\"Hello\");\n    }\n}\n",
			  NULL },
		},
		.declines = "does not say which texts stay whole",
	},
	{
		.name = "the test expects something else",
		.log =
		"Exception in thread \"main\" java.lang.StringIndexOutOfBoundsException: "
		"begin 0, end 8, length 5\n"
		"\tat java.base/java.lang.String.checkBoundsBeginEnd(String.java:4606)\n"
		"\tat java.base/java.lang.String.substring(String.java:2709)\n"
		"\tat A.of(A.java:4)\n\tat ATest.main(ATest.java:5)\n",
		.file = {
			{ "src/A.java",
			  "final class A {\n"
			  "    /** The first letters and a dot; a text that is shorter than the l"
			  "imit stays whole. */\n    static String of(String text, int limit) {\n"
			  "        return text.substring(0, limit) + \".\";\n    }\n}\n",
			  NULL },
			{ "test/ATest.java",
			  "import java.util.List;\n\nfinal class ATest {\n"
			  "    public static void main(String[] words) {\n"
			  "        assert A.of(\"Hello\", 8).equals(\"Hello...\");\n    }\n}\n",
			  NULL },
		},
		.declines = "does not say that of gives back the text itself",
	},
	{0}
};

static const char *const types[] = { "java.lang.StringIndexOutOfBoundsException",
				     "StringIndexOutOfBoundsException", NULL };

const struct template template_java_short_text = {
	.name = "java_short_text",
	.summary = "substring(0, n) of a shorter text -> the text itself, as test and Javadoc say",
	.language = "java",
	.class = "crash guard",
	.oracles = "the failing test; the Javadoc for the bound",
	.keeps_off = "the test expects something else, or the bound is not said and matters",
	.danger = DANGER_2,
	.types = types,
	.pattern = "^begin 0, end \\d+, length \\d+$",
	.fix = fix,
	.examples = examples,
};

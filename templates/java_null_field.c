/*
 * A method gives back something of a field that is null, a sibling looks at the field first, and the
 * failing test and the Javadoc say the value for that case -> the sibling's look with this value.
 */
#include "templates/lib_java.h"
#include "templates/lib_scene.h"

/* "if (leader == null) { return name; }" of another method of the class; null. */
static TSNode sibling_look(const struct syntax *s, TSNode method, struct str field)
{
	TSNode node, none = {{0}, NULL, NULL};

	for (unsigned n = 0;
	     !ts_node_is_null(node = syntax_below(source_parent(method), "if_statement", n)); n++) {
		TSNode test = syntax_below(syntax_field(node, "condition"), "binary_expression", 0);
		struct str left = syntax_text(s, syntax_field(test, "left"));

		(void)str_skip(&left, "this.");
		if (!ts_node_eq(java_method(node), method) && str_equal(left, field) &&
		    str_is(syntax_text(s, syntax_field(test, "operator")), "==") &&
		    str_is(syntax_text(s, syntax_field(test, "right")), "null") &&
		    ts_node_is_null(syntax_field(node, "alternative")) &&
		    !ts_node_is_null(syntax_below(syntax_field(node, "consequence"), "return_statement", 0)))
			return node;
	}
	return none;
}

static struct str with_value(struct arena *a, const struct syntax *s, TSNode look, struct str value)
{
	TSNode returned = syntax_below(look, "return_statement", 0), old = source_nth(returned, 0);
	struct text out = TEXT(a);

	text_add(&out, str_slice(s->text, ts_node_start_byte(look),
				 ts_node_start_byte(old) - ts_node_start_byte(look)));
	text_add(&out, value);
	text_add(&out, str_slice(s->text, source_end(old), source_end(look) - source_end(old)));
	return text_str(&out);
}

static bool mend(struct scene *scene, struct sources *sources, struct text *why)
{
	const struct failure *failure = scene->failure;
	struct source *source = sources_open(sources, failure->file);
	struct str field = scene_group(scene, "field"), name, indent, bare;
	struct java_expected expected;
	TSNode statement, method, look;
	size_t at;

	if (!source || source_is_test(source->path))
		return template_decline(scene, "the field is read in no code of this project"), false;
	at = line_start(source->syntax->text, failure->line);
	at += str_indent(str_from(source->syntax->text, at));
	statement = source_node(source, at, "return_statement");
	method = java_method(statement);
	if (ts_node_is_null(method) || !ts_node_eq(source_parent(statement), syntax_field(method, "body")) ||
	    ts_node_start_byte(statement) != at)
		return template_decline(scene, "more happens there than that a value is given back"), false;
	name = syntax_text(source->syntax, syntax_field(method, "name"));
	look = sibling_look(source->syntax, method, field);
	if (ts_node_is_null(look))
		return template_decline(scene, "no method of the class looks whether %.*s is null",
					STR_ARG(field)), false;
	if (!java_expects(sources, failure, name, &expected))
		return template_decline(scene, "the test does not say what %.*s gives back then",
					STR_ARG(name)), false;
	bare = expected.value;
	(void)(str_skip(&bare, "\"") && str_chop(&bare, "\""));
	if (!bare.size || str_find(java_comment(source->syntax, method), bare) < 0)
		return template_decline(scene, "the Javadoc of %.*s does not promise %.*s", STR_ARG(name),
					STR_ARG(expected.value)), false;
	indent = syntax_indent(source->syntax, statement);
	if (!str_equal(indent, syntax_indent(source->syntax, look)))
		return template_decline(scene, "the look of the sibling stands elsewhere in its method"), false;
	edit_replace(&source->edits, at, at,
		     str_of(arena_printf(scene->arena, "%.*s%s%.*s",
					 STR_ARG(with_value(scene->arena, source->syntax, look, expected.value)),
					 source_newline(source->syntax), STR_ARG(indent))));
	text_addf(why, "%.*s gives back %.*s without %.*s, as its Javadoc and %s:%u say.", STR_ARG(name),
		  STR_ARG(expected.value), STR_ARG(field), expected.test, expected.line);
	return true;
}

static void fix(struct scene *scene)
{
	sources_mend_all(scene, ORACLE_TEST, mend);
}

static const struct example examples[] = {
	{
		.name = "the Javadoc and the test say 0",
		.log =
		"Exception in thread \"main\" java.lang.NullPointerException: Cannot invo"
		"ke \"String.length()\" because \"this.boss\" is null\n\tat A.size(A.java:14)\n"
		"\tat ATest.main(ATest.java:5)\n",
		.file = {
			{ "src/A.java",
			  "final class A {\n    private String boss;\n\n"
			  "    /** The name of the boss, or \"nobody\". */\n    String name() {\n"
			  "        if (boss == null) {\n            return \"nobody\";\n        }\n"
			  "        return boss;\n    }\n\n"
			  "    /** The letters of the name; 0 without a boss. */\n    int size() {\n"
			  "        return boss.length();\n    }\n}\n",
			  "final class A {\n    private String boss;\n\n"
			  "    /** The name of the boss, or \"nobody\". */\n    String name() {\n"
			  "        if (boss == null) {\n            return \"nobody\";\n        }\n"
			  "        return boss;\n    }\n\n"
			  "    /** The letters of the name; 0 without a boss. */\n    int size() {\n"
			  "        if (boss == null) {\n            return 0;\n        }\n"
			  "        return boss.length();\n    }\n}\n" },
			{ "test/ATest.java",
			  "import java.util.List;\n\nfinal class ATest {\n"
			  "    public static void main(String[] words) {\n"
			  "        assert new A().size() == 0;\n    }\n}\n",
			  NULL },
		},
	},
	{
		.name = "the Javadoc does not say it",
		.log =
		"Exception in thread \"main\" java.lang.NullPointerException: Cannot invo"
		"ke \"String.length()\" because \"this.boss\" is null\n\tat A.size(A.java:14)\n"
		"\tat ATest.main(ATest.java:5)\n",
		.file = {
			{ "src/A.java",
			  "final class A {\n    private String boss;\n\n"
			  "    /** The name of the boss, or \"nobody\". */\n    String name() {\n"
			  "        if (boss == null) {\n            return \"nobody\";\n        }\n"
			  "        return boss;\n    }\n\n    /** The letters of the name. */\n"
			  "    int size() {\n        return boss.length();\n    }\n}\n",
			  NULL },
			{ "test/ATest.java",
			  "import java.util.List;\n\nfinal class ATest {\n"
			  "    public static void main(String[] words) {\n"
			  "        assert new A().size() == 0;\n    }\n}\n",
			  NULL },
		},
		.declines = "does not promise 0",
	},
	{
		.name = "no sibling looks",
		.log =
		"Exception in thread \"main\" java.lang.NullPointerException: Cannot invo"
		"ke \"String.length()\" because \"this.boss\" is null\n\tat A.size(A.java:14)\n"
		"\tat ATest.main(ATest.java:5)\n",
		.file = {
			{ "src/A.java",
			  "final class A {\n    private String boss;\n\n"
			  "    /** The name of the boss, or \"nobody\". */\n    String name() {\n"
			  "        if (boss != \"x\") {\n            return \"nobody\";\n        }\n"
			  "        return boss;\n    }\n\n"
			  "    /** The letters of the name; 0 without a boss. */\n    int size() {\n"
			  "        return boss.length();\n    }\n}\n",
			  NULL },
			{ "test/ATest.java",
			  "import java.util.List;\n\nfinal class ATest {\n"
			  "    public static void main(String[] words) {\n"
			  "        assert new A().size() == 0;\n    }\n}\n",
			  NULL },
		},
		.declines = "no method of the class looks",
	},
	{0}
};

const struct template template_java_null_field = {
	.name = "java_null_field",
	.summary = "something of a field that is null -> the look of the sibling, the value of test and Javadoc",
	.language = "java",
	.class = "crash guard",
	.oracles = "the failing test with the Javadoc; a sibling that looks at the field",
	.keeps_off = "no sibling looks, test or Javadoc do not say the value, or more happens there",
	.danger = DANGER_2,
	.pattern = "^Cannot (?:invoke|read field) \"[^\"]*\" because \"this\\.(?<field>\\w+)\" is null$",
	.fix = fix,
	.examples = examples,
};

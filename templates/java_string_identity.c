/*
 * A test fails, and the method it calls compares texts or boxes by == -> equals. The literal goes
 * first, so that null stays what it was; two variables are compared by Objects.equals. Only types
 * that the code itself names are known to be texts.
 */
#include "templates/lib_java.h"
#include "templates/lib_scene.h"

enum { METHODS_MAX = 8 };

/* Is it declared as a text or a box? */
static bool is_object(const struct syntax *s, TSNode node)
{
	TSNode declaration;

	if (!syntax_type_is(node, "identifier"))
		return false;
	declaration = java_declaration(s, node, syntax_text(s, node));
	return word_among(java_simple_type(s, syntax_field(declaration, "type")),
			  "String Integer Long Short Byte Character") &&
	       syntax_type_is(syntax_field(declaration, "type"), "type_identifier");
}

/* The comparison as it ought to be; empty when it is one of something else. */
static struct str by_equals(struct arena *a, const struct syntax *s, TSNode node, bool *objects)
{
	struct str op = syntax_text(s, syntax_field(node, "operator"));
	TSNode left = syntax_field(node, "left"), right = syntax_field(node, "right");
	const char *negation = str_is(op, "!=") ? "!" : "";

	if (!word_among(op, "== !="))
		return STR_NONE;
	if (syntax_type_is(left, "string_literal") || syntax_type_is(right, "string_literal")) {
		bool first = syntax_type_is(left, "string_literal");
		struct str literal = syntax_text(s, first ? left : right);
		struct str other = syntax_text(s, first ? right : left);

		return str_is(other, "null") ? STR_NONE :
		       str_of(arena_printf(a, "%s%.*s.equals(%.*s)", negation, STR_ARG(literal), STR_ARG(other)));
	}
	if (!is_object(s, left) || !is_object(s, right))
		return STR_NONE;
	*objects = true;
	return str_of(arena_printf(a, "%sObjects.equals(%.*s, %.*s)", negation, STR_ARG(syntax_text(s, left)),
				   STR_ARG(syntax_text(s, right))));
}

static unsigned mend_method(struct source *source, TSNode method)
{
	const struct syntax *s = source->syntax;
	struct arena *a = source->edits.arena;
	bool objects = false;
	unsigned count = 0;
	TSNode node;

	for (unsigned n = 0; !ts_node_is_null(node = syntax_below(method, "binary_expression", n)); n++) {
		struct str text = by_equals(a, s, node, &objects);

		if (!text.size)
			continue;
		edit_node(&source->edits, node, text);
		count++;
	}
	if (objects && !java_is_imported(s, STR("java.util.Objects")))
		java_import_add(source, STR("java.util.Objects"));
	return count;
}

/* The only method of the project's code of that name; null when there are several. */
static TSNode method_called(struct sources *sources, struct str name, struct source **source)
{
	const struct tree *tree = sources->scene->tree;
	TSNode found = {{0}, NULL, NULL}, none = found, node;
	struct str text;

	for (size_t i = 0; i < tree->count; i++) {
		struct source *one;

		if (!str_ends(str_of(tree->entries[i].path), ".java") || source_is_test(tree->entries[i].path) ||
		    !scene_read(sources->scene, tree->entries[i].path, &text) ||
		    !text_has_word(text, str_text(sources->scene->arena, name)))
			continue;
		one = sources_open(sources, tree->entries[i].path);
		for (unsigned n = 0; one && !ts_node_is_null(node = syntax_below(one->syntax->root,
			"method_declaration", n)); n++) {
			if (!str_equal(syntax_text(one->syntax, syntax_field(node, "name")), name))
				continue;
			if (!ts_node_is_null(found))
				return none;
			found = node;
			*source = one;
		}
	}
	return found;
}

static bool mend(struct scene *scene, struct sources *sources, struct text *why)
{
	const struct failure *failure = scene->failure;
	struct source *test = sources_open(sources, failure->file), *source = NULL;
	TSNode node;

	if (!test || !source_is_test(test->path))
		return template_decline(scene, "no test of this project says what is expected"), false;
	for (unsigned n = 0, seen = 0; seen < METHODS_MAX && !ts_node_is_null(node = syntax_below(
		test->syntax->root, "method_invocation", n)); n++) {
		struct str name = syntax_text(test->syntax, syntax_field(node, "name"));
		TSNode method;

		if (syntax_line(node) != failure->line)
			continue;
		seen++;
		method = method_called(sources, name, &source);
		if (ts_node_is_null(method) || !mend_method(source, method))
			continue;
		text_addf(why, "%.*s compares by equals: == asks whether it is the same object.", STR_ARG(name));
		return true;
	}
	return template_decline(scene, "what the test calls compares no text by =="), false;
}

static void fix(struct scene *scene)
{
	sources_mend_all(scene, ORACLE_TEST, mend);
}

static const struct example examples[] = {
	{
		.name = "a literal",
		.log =
		"Exception in thread \"main\" java.lang.AssertionError\n"
		"\tat ATest.main(ATest.java:5)\n",
		.file = {
			{ "src/A.java",
			  "final class A {\n    static boolean locks(String line) {\n"
			  "        String verb = line.split(\" \")[0];\n"
			  "        return verb == \"lock\" || verb != \"open\";\n    }\n}\n",
			  "final class A {\n    static boolean locks(String line) {\n"
			  "        String verb = line.split(\" \")[0];\n"
			  "        return \"lock\".equals(verb) || !\"open\".equals(verb);\n    }\n}\n" },
			{ "test/ATest.java",
			  "import java.util.List;\n\nfinal class ATest {\n"
			  "    public static void main(String[] words) {\n"
			  "        assert !A.locks(\"open 3\");\n    }\n}\n",
			  NULL },
		},
	},
	{
		.name = "two boxes",
		.log =
		"Exception in thread \"main\" java.lang.AssertionError\n"
		"\tat ATest.main(ATest.java:5)\n",
		.file = {
			{ "src/A.java",
			  "final class A {\n    static boolean same(Integer first, Integer second) {\n"
			  "        return first == second;\n    }\n}\n",
			  "import java.util.Objects;\n\nfinal class A {\n"
			  "    static boolean same(Integer first, Integer second) {\n"
			  "        return Objects.equals(first, second);\n    }\n}\n" },
			{ "test/ATest.java",
			  "import java.util.List;\n\nfinal class ATest {\n"
			  "    public static void main(String[] words) {\n"
			  "        assert A.same(1000, 1000);\n    }\n}\n",
			  NULL },
		},
	},
	{
		.name = "numbers are compared by ==",
		.log =
		"Exception in thread \"main\" java.lang.AssertionError\n"
		"\tat ATest.main(ATest.java:5)\n",
		.file = {
			{ "src/A.java",
			  "final class A {\n    static boolean same(int first, int second) {\n"
			  "        return first != second;\n    }\n}\n",
			  NULL },
			{ "test/ATest.java",
			  "import java.util.List;\n\nfinal class ATest {\n"
			  "    public static void main(String[] words) {\n"
			  "        assert A.same(1000, 1000);\n    }\n}\n",
			  NULL },
		},
		.declines = "compares no text by ==",
	},
	{0}
};

static const char *const types[] = { "java.lang.AssertionError", "AssertionError",
	"org.opentest4j.AssertionFailedError", "org.junit.ComparisonFailure", NULL };

const struct template template_java_string_identity = {
	.name = "java_string_identity",
	.summary = "texts or boxes compared by == in what a failing test calls -> equals",
	.language = "java",
	.class = "comparison",
	.oracles = "the failing test; the language: == compares the object",
	.keeps_off = "the types are not said in the file, or several methods have the name",
	.danger = DANGER_1,
	.types = types,
	.fix = fix,
	.examples = examples,
};

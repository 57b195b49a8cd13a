/*
 * Elements are removed from the collection that the loop walks along -> removeIf with the loop's own
 * condition. Only a loop that does nothing else; a break, a second statement or a condition on the
 * collection itself is left alone.
 */
#include "templates/lib_java.h"
#include "templates/lib_scene.h"

/* "open" of `open.remove(x)` where x is the loop's variable, or its key. */
static bool removes(struct arena *a, const struct syntax *s, TSNode statement, struct str variable,
		    struct str collection)
{
	TSNode call = source_nth(statement, 0), arguments = syntax_field(call, "arguments");
	struct str owner = collection, removed = syntax_text(s, source_nth(arguments, 0));

	if (!syntax_type_is(statement, "expression_statement") || !syntax_type_is(call, "method_invocation") ||
	    !str_is(syntax_text(s, syntax_field(call, "name")), "remove") || source_count(arguments) != 1)
		return false;
	if (str_chop(&owner, ".entrySet()"))
		return str_equal(syntax_text(s, syntax_field(call, "object")), owner) &&
		       str_equal(removed, str_of(arena_printf(a, "%.*s.getKey()", STR_ARG(variable))));
	(void)(str_chop(&owner, ".keySet()"));
	return str_equal(syntax_text(s, syntax_field(call, "object")), owner) && str_equal(removed, variable);
}

/* The only statement of a block, or the statement itself. */
static TSNode only_statement(TSNode body)
{
	TSNode none = {{0}, NULL, NULL};

	if (!syntax_type_is(body, "block"))
		return body;
	return source_count(body) == 1 ? source_nth(body, 0) : none;
}

static bool mend(struct scene *scene, struct sources *sources, struct text *why)
{
	const struct failure *failure = scene->failure;
	struct source *source = sources_open(sources, failure->file);
	struct str variable, collection, condition, owner;
	TSNode loop, branch, statement, test;
	size_t at;

	if (!source || source_is_test(source->path))
		return template_decline(scene, "the loop is in no code of this project"), false;
	at = line_start(source->syntax->text, failure->line);
	loop = source_node(source, at + str_indent(str_from(source->syntax->text, at)), "enhanced_for_statement");
	branch = only_statement(syntax_field(loop, "body"));
	test = syntax_field(branch, "condition");
	statement = only_statement(syntax_field(branch, "consequence"));
	variable = syntax_text(source->syntax, syntax_field(loop, "name"));
	collection = syntax_text(source->syntax, syntax_field(loop, "value"));
	if (ts_node_is_null(loop) || syntax_line(loop) != failure->line || !syntax_type_is(branch, "if_statement") ||
	    !ts_node_is_null(syntax_field(branch, "alternative")) ||
	    !removes(scene->arena, source->syntax, statement, variable, collection))
		return template_decline(scene, "the loop does more than to remove its elements"), false;
	owner = collection;
	(void)str_split(collection, ".", &owner, NULL);
	condition = syntax_text(source->syntax, test);
	if (text_has_word(condition, str_text(scene->arena, owner)))
		return template_decline(scene, "the condition asks the collection itself"), false;
	if (str_skip(&condition, "("))
		str_chop(&condition, ")");
	edit_node(&source->edits, loop,
		  str_of(arena_printf(scene->arena, "%.*s.removeIf(%.*s -> %.*s);", STR_ARG(collection),
				      STR_ARG(variable), STR_ARG(condition))));
	text_addf(why, "%.*s removes by removeIf, with the condition of the loop.", STR_ARG(collection));
	return true;
}

static void fix(struct scene *scene)
{
	sources_mend_all(scene, ORACLE_CONTRACT, mend);
}

static const struct example examples[] = {
	{
		.name = "a loop that only removes",
		.log =
		"Exception in thread \"main\" java.util.ConcurrentModificationException\n"
		"\tat java.base/java.util.ArrayList$Itr.checkForComodification(ArrayList"
		".java:1013)\n\tat java.base/java.util.ArrayList$Itr.next(ArrayList.java:967)\n"
		"\tat A.drop(A.java:5)\n\tat ATest.main(ATest.java:6)\n",
		.file = {
			{ "src/A.java",
			  "import java.util.List;\n\nfinal class A {\n"
			  "    static void drop(List<String> names, int size) {\n"
			  "        for (String name : names) {\n            if (name.length() < size) {\n"
			  "                names.remove(name);\n            }\n        }\n    }\n}\n",
			  "import java.util.List;\n\nfinal class A {\n"
			  "    static void drop(List<String> names, int size) {\n"
			  "        names.removeIf(name -> name.length() < size);\n    }\n}\n" },
			{ "test/ATest.java",
			  "import java.util.List;\n\nfinal class ATest {\n"
			  "    public static void main(String[] words) {\n"
			  "        List<String> names = new java.util.ArrayList<>(List.of(\"a\", \"b"
			  "ob\", \"c\"));\n        A.drop(names, 2);\n    }\n}\n",
			  NULL },
		},
	},
	{
		.name = "the loop does more",
		.log =
		"a\nException in thread \"main\" java.util.ConcurrentModificationException\n"
		"\tat java.base/java.util.ArrayList$Itr.checkForComodification(ArrayList"
		".java:1013)\n\tat java.base/java.util.ArrayList$Itr.next(ArrayList.java:967)\n"
		"\tat A.drop(A.java:5)\n\tat ATest.main(ATest.java:6)\n",
		.file = {
			{ "src/A.java",
			  "import java.util.List;\n\nfinal class A {\n"
			  "    static void drop(List<String> names, int size) {\n"
			  "        for (String name : names) {\n            if (name.length() < size) {\n"
			  "                names.remove(name);\n"
			  "                System.out.println(name);\n            }\n        }\n    }\n"
			  "}\n",
			  NULL },
			{ "test/ATest.java",
			  "import java.util.List;\n\nfinal class ATest {\n"
			  "    public static void main(String[] words) {\n"
			  "        List<String> names = new java.util.ArrayList<>(List.of(\"a\", \"b"
			  "ob\", \"c\"));\n        A.drop(names, 2);\n    }\n}\n",
			  NULL },
		},
		.declines = "does more than to remove",
	},
	{
		.name = "it asks the collection",
		.log =
		"Exception in thread \"main\" java.util.ConcurrentModificationException\n"
		"\tat java.base/java.util.ArrayList$Itr.checkForComodification(ArrayList"
		".java:1013)\n\tat java.base/java.util.ArrayList$Itr.next(ArrayList.java:967)\n"
		"\tat A.drop(A.java:5)\n\tat ATest.main(ATest.java:6)\n",
		.file = {
			{ "src/A.java",
			  "import java.util.List;\n\nfinal class A {\n"
			  "    static void drop(List<String> names, int size) {\n"
			  "        for (String name : names) {\n"
			  "            if (name.length() < names.size()) {\n"
			  "                names.remove(name);\n            }\n        }\n    }\n}\n",
			  NULL },
			{ "test/ATest.java",
			  "import java.util.List;\n\nfinal class ATest {\n"
			  "    public static void main(String[] words) {\n"
			  "        List<String> names = new java.util.ArrayList<>(List.of(\"a\", \"b"
			  "ob\", \"c\"));\n        A.drop(names, 2);\n    }\n}\n",
			  NULL },
		},
		.declines = "asks the collection itself",
	},
	{0}
};

static const char *const types[] = { "java.util.ConcurrentModificationException",
				     "ConcurrentModificationException", NULL };

const struct template template_java_concurrent_modification = {
	.name = "java_concurrent_modification",
	.summary = "elements removed from what the loop walks along -> removeIf with the same condition",
	.language = "java",
	.class = "crash",
	.oracles = "the loop's own condition; the failing test",
	.keeps_off = "the loop does more, or asks the collection in its condition",
	.danger = DANGER_1,
	.types = types,
	.fix = fix,
	.examples = examples,
};

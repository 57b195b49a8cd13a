/*
 * What a map does not have is unboxed -> getOrDefault with the value that the other look-ups of the
 * same map take, or that the failing test expects of exactly this look-up. Without one of them it is
 * left alone: a missing fee is no free one.
 */
#include "templates/lib_java.h"
#include "templates/lib_scene.h"

/* The only get() on the line. */
static TSNode look_up(const struct source *source, unsigned line)
{
	TSNode node, found = {{0}, NULL, NULL}, none = found;

	for (unsigned n = 0; !ts_node_is_null(node = syntax_below(source->syntax->root, "method_invocation", n));
	     n++) {
		if (syntax_line(node) != line || !str_is(syntax_text(source->syntax, syntax_field(node, "name")), "get"))
			continue;
		if (!ts_node_is_null(found))
			return none;
		found = node;
	}
	return found;
}

/* The default that the other look-ups of this map have; false when they differ. */
static bool of_siblings(const struct syntax *s, struct str map, struct str *value)
{
	TSNode node;

	for (unsigned n = 0; !ts_node_is_null(node = syntax_below(s->root, "method_invocation", n)); n++) {
		struct str own = syntax_text(s, source_nth(syntax_field(node, "arguments"), 1));

		if (!str_is(syntax_text(s, syntax_field(node, "name")), "getOrDefault") ||
		    !str_equal(syntax_text(s, syntax_field(node, "object")), map))
			continue;
		if (value->size && !str_equal(*value, own))
			return false;
		*value = own;
	}
	return true;
}

static bool mend(struct scene *scene, struct sources *sources, struct text *why)
{
	const struct failure *failure = scene->failure;
	struct source *source = sources_open(sources, failure->file);
	struct java_expected expected = { .s = NULL };
	struct str map, value = STR_NONE, said = STR_NONE;
	TSNode call, method, name;
	size_t end;

	if (!source || source_is_test(source->path))
		return template_decline(scene, "it is looked up in no code of this project"), false;
	call = look_up(source, failure->line);
	map = syntax_text(source->syntax, syntax_field(call, "object"));
	method = java_method(call);
	if (ts_node_is_null(call) || ts_node_is_null(method) ||
	    source_count(syntax_field(call, "arguments")) != 1)
		return template_decline(scene, "not one look-up is on the line"), false;
	if (!of_siblings(source->syntax, map, &value))
		return template_decline(scene, "the look-ups of %.*s have different defaults", STR_ARG(map)), false;
	if (syntax_type_is(source_parent(call), "return_statement") &&
	    java_expects(sources, failure, syntax_text(source->syntax, syntax_field(method, "name")), &expected))
		said = expected.value;
	if (value.size && said.size && !str_equal(value, said))
		return template_decline(scene, "the test and the other look-ups differ"), false;
	if (!value.size && !word_among(said, "0 0L 0.0 false"))
		return template_decline(scene, "nothing says what stands for a missing entry of %.*s",
					STR_ARG(map)), false;
	name = syntax_field(call, "name");
	end = source_end(syntax_field(call, "arguments")) - 1;
	edit_node(&source->edits, name, STR("getOrDefault"));
	edit_replace(&source->edits, end, end,
		     str_of(arena_printf(scene->arena, ", %.*s", STR_ARG(value.size ? value : said))));
	text_addf(why, "A missing entry of %.*s is %.*s, as %s.", STR_ARG(map), STR_ARG(value.size ? value : said),
		  value.size ? "the other look-ups say" : "the test expects");
	return true;
}

static void fix(struct scene *scene)
{
	sources_mend_all(scene, ORACLE_SIBLING, mend);
}

static const struct example examples[] = {
	{
		.name = "as the other look-up",
		.log =
		"Exception in thread \"main\" java.lang.NullPointerException: Cannot invo"
		"ke \"java.lang.Integer.intValue()\" because the return value of \"java.ut"
		"il.Map.get(Object)\" is null\n\tat A.of(A.java:12)\n"
		"\tat ATest.main(ATest.java:5)\n",
		.file = {
			{ "src/A.java",
			  "import java.util.HashMap;\nimport java.util.Map;\n\nfinal class A {\n"
			  "    private final Map<String, Integer> counts = new HashMap<>();\n\n"
			  "    void vote(String name) {\n"
			  "        counts.put(name, counts.getOrDefault(name, 0) + 1);\n    }\n\n"
			  "    int of(String name) {\n        return counts.get(name);\n    }\n}\n",
			  "import java.util.HashMap;\nimport java.util.Map;\n\nfinal class A {\n"
			  "    private final Map<String, Integer> counts = new HashMap<>();\n\n"
			  "    void vote(String name) {\n"
			  "        counts.put(name, counts.getOrDefault(name, 0) + 1);\n    }\n\n"
			  "    int of(String name) {\n        return counts.getOrDefault(name, 0);\n"
			  "    }\n}\n" },
			{ "test/ATest.java",
			  "import java.util.List;\n\nfinal class ATest {\n"
			  "    public static void main(String[] words) {\n        new A().of(\"Bo\");\n"
			  "    }\n}\n",
			  NULL },
		},
	},
	{
		.name = "the test expects 0",
		.log =
		"Exception in thread \"main\" java.lang.NullPointerException: Cannot invo"
		"ke \"java.lang.Integer.intValue()\" because the return value of \"java.ut"
		"il.Map.get(Object)\" is null\n\tat A.of(A.java:12)\n"
		"\tat ATest.main(ATest.java:5)\n",
		.file = {
			{ "src/A.java",
			  "import java.util.HashMap;\nimport java.util.Map;\n\nfinal class A {\n"
			  "    private final Map<String, Integer> counts = new HashMap<>();\n\n"
			  "    void vote(String name) {\n        counts.put(name, 1);\n    }\n\n"
			  "    int of(String name) {\n        return counts.get(name);\n    }\n}\n",
			  "import java.util.HashMap;\nimport java.util.Map;\n\nfinal class A {\n"
			  "    private final Map<String, Integer> counts = new HashMap<>();\n\n"
			  "    void vote(String name) {\n        counts.put(name, 1);\n    }\n\n"
			  "    int of(String name) {\n        return counts.getOrDefault(name, 0);\n"
			  "    }\n}\n" },
			{ "test/ATest.java",
			  "import java.util.List;\n\nfinal class ATest {\n"
			  "    public static void main(String[] words) {\n"
			  "        assert new A().of(\"Bo\") == 0;\n    }\n}\n",
			  NULL },
		},
	},
	{
		.name = "nobody says it",
		.log =
		"Exception in thread \"main\" java.lang.NullPointerException: Cannot invo"
		"ke \"java.lang.Integer.intValue()\" because the return value of \"java.ut"
		"il.Map.get(Object)\" is null\n\tat A.of(A.java:12)\n"
		"\tat ATest.main(ATest.java:5)\n",
		.file = {
			{ "src/A.java",
			  "import java.util.HashMap;\nimport java.util.Map;\n\nfinal class A {\n"
			  "    private final Map<String, Integer> counts = new HashMap<>();\n\n"
			  "    void vote(String name) {\n        counts.put(name, 1);\n    }\n\n"
			  "    int of(String name) {\n        return counts.get(name);\n    }\n}\n",
			  NULL },
			{ "test/ATest.java",
			  "import java.util.List;\n\nfinal class ATest {\n"
			  "    public static void main(String[] words) {\n        new A().of(\"Bo\");\n"
			  "    }\n}\n",
			  NULL },
		},
		.declines = "nothing says what stands for a missing entry",
	},
	{
		.name = "the test expects a value of its own",
		.log =
		"Exception in thread \"main\" java.lang.NullPointerException: Cannot invo"
		"ke \"java.lang.Integer.intValue()\" because the return value of \"java.ut"
		"il.Map.get(Object)\" is null\n\tat A.of(A.java:12)\n"
		"\tat ATest.main(ATest.java:5)\n",
		.file = {
			{ "src/A.java",
			  "import java.util.HashMap;\nimport java.util.Map;\n\nfinal class A {\n"
			  "    private final Map<String, Integer> counts = new HashMap<>();\n\n"
			  "    void vote(String name) {\n        counts.put(name, 1);\n    }\n\n"
			  "    int of(String name) {\n        return counts.get(name);\n    }\n}\n",
			  NULL },
			{ "test/ATest.java",
			  "import java.util.List;\n\nfinal class ATest {\n"
			  "    public static void main(String[] words) {\n"
			  "        assert new A().of(\"Bo\") == 490;\n    }\n}\n",
			  NULL },
		},
		.declines = "nothing says what stands for a missing entry",
	},
	{0}
};

const struct template template_java_unboxed_null = {
	.name = "java_unboxed_null",
	.summary = "what a map lacks is unboxed -> getOrDefault as the other look-ups, or as the test says",
	.language = "java",
	.class = "crash guard",
	.oracles = "other look-ups of the same map; the failing test",
	.keeps_off = "neither says a default, or they differ",
	.danger = DANGER_2,
	.pattern = "^Cannot invoke \"java\\.lang\\.\\w+\\.\\w+Value\\(\\)\" because the return value of "
		   "\"java\\.util\\.(?:\\w+\\.)*\\w*Map\\.get\\(",
	.fix = fix,
	.examples = examples,
};

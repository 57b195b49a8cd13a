/*
 * Something is added to a collection that cannot grow -> the field is set to a copy that can, as the
 * other constructor sets it. Constants are left as they are: two objects would share them. Keeps off
 * parameters, results, and fields that are fixed in all places.
 */
#include "templates/lib_java.h"
#include "templates/lib_scene.h"

static const char copies[] = "ArrayList LinkedList HashMap LinkedHashMap TreeMap HashSet LinkedHashSet TreeSet";

/* The name of the field that is set: "cards" or "this.cards". */
static bool sets(const struct syntax *s, TSNode assignment, struct str field)
{
	struct str left = syntax_text(s, syntax_field(assignment, "left"));

	(void)str_skip(&left, "this.");
	return str_is(syntax_text(s, syntax_field(assignment, "operator")), "=") && str_equal(left, field);
}

static bool is_copy(const struct syntax *s, TSNode value)
{
	return syntax_type_is(value, "object_creation_expression") &&
	       word_among(java_simple_type(s, syntax_field(value, "type")), copies);
}

static bool is_fixed(struct str value)
{
	return str_starts(value, "List.of(") || str_starts(value, "Set.of(") || str_starts(value, "Map.of(") ||
	       str_starts(value, "Arrays.asList(") || str_starts(value, "Collections.empty") ||
	       str_starts(value, "Collections.unmodifiable") || str_starts(value, "List.copyOf(") ||
	       str_starts(value, "Set.copyOf(") || str_starts(value, "Map.copyOf(") ||
	       str_ends(value, ".toList()");
}

/* "START" whose own value is fixed. */
static bool is_fixed_constant(const struct syntax *s, TSNode value)
{
	TSNode declaration;

	if (!syntax_type_is(value, "identifier"))
		return false;
	declaration = java_declaration(s, value, syntax_text(s, value));
	return syntax_type_is(declaration, "field_declaration") && java_has_modifier(s, declaration, "final") &&
	       is_fixed(syntax_text(s, java_initial_value(declaration)));
}

static struct str copy_type(const struct syntax *s, TSNode declaration)
{
	struct str type = java_simple_type(s, syntax_field(declaration, "type"));

	if (word_among(type, "List Collection"))
		return STR("ArrayList");
	if (str_is(type, "Map"))
		return STR("HashMap");
	return str_is(type, "Set") ? STR("HashSet") : STR_NONE;
}

static void wrap(struct source *source, TSNode value, struct str type)
{
	struct arena *a = source->edits.arena;

	edit_replace(&source->edits, ts_node_start_byte(value), ts_node_start_byte(value),
		     str_of(arena_printf(a, "new %.*s<>(", STR_ARG(type))));
	edit_replace(&source->edits, source_end(value), source_end(value), STR(")"));
	type = str_of(arena_printf(a, "java.util.%.*s", STR_ARG(type)));
	if (!java_is_imported(source->syntax, type))
		java_import_add(source, type);
}

/* The call on the line that changes something: its object. */
static TSNode changed(const struct source *source, unsigned line)
{
	TSNode node;

	for (unsigned n = 0; !ts_node_is_null(node = syntax_below(source->syntax->root, "method_invocation", n)); n++)
		if (syntax_line(node) == line &&
		    word_among(syntax_text(source->syntax, syntax_field(node, "name")),
			       "add addAll remove removeIf put putAll clear set sort"))
			return syntax_field(node, "object");
	return node;
}

static bool mend(struct scene *scene, struct sources *sources, struct text *why)
{
	struct source *source = sources_open(sources, scene->failure->file);
	const struct syntax *s = source ? source->syntax : NULL;
	TSNode object, declaration, node, class, value;
	struct str field, type;
	unsigned wrapped = 0, copied = 0;

	if (!source || source_is_test(source->path))
		return template_decline(scene, "it is changed in no code of this project"), false;
	object = changed(source, scene->failure->line);
	field = syntax_text(s, object);
	(void)str_skip(&field, "this.");
	declaration = java_declaration(s, object, field);
	class = java_class(declaration);
	type = copy_type(s, declaration);
	if (!syntax_type_is(declaration, "field_declaration") || !type.size ||
	    !java_has_modifier(s, declaration, "private"))
		return template_decline(scene, "what is changed is no private field"), false;
	value = java_initial_value(declaration);
	if (is_fixed(syntax_text(s, value)) && !java_has_modifier(s, declaration, "static")) {
		wrap(source, value, type);
		wrapped++;
	}
	for (unsigned n = 0; !ts_node_is_null(node = syntax_below(class, "assignment_expression", n)); n++) {
		value = syntax_field(node, "right");
		if (!sets(s, node, field))
			continue;
		copied += is_copy(s, value);
		if (!is_fixed(syntax_text(s, value)) && !is_fixed_constant(s, value))
			continue;
		wrap(source, value, type);
		wrapped++;
	}
	if (!wrapped || !copied)
		return template_decline(scene, "no other place sets %.*s to a copy that can grow",
					STR_ARG(field)), false;
	text_addf(why, "%.*s is a copy that can grow in all places, as in the other ones.", STR_ARG(field));
	return true;
}

static void fix(struct scene *scene)
{
	sources_mend_all(scene, ORACLE_SIBLING, mend);
}

static const struct example examples[] = {
	{
		.name = "the other constructor makes a copy",
		.log =
		"Exception in thread \"main\" java.lang.UnsupportedOperationException\n"
		"\tat java.base/java.util.ImmutableCollections.uoe(ImmutableCollections.java:142)\n"
		"\tat java.base/java.util.ImmutableCollections$AbstractImmutableCollecti"
		"on.add(ImmutableCollections.java:147)\n\tat A.add(A.java:16)\n"
		"\tat ATest.main(ATest.java:5)\n",
		.file = {
			{ "src/A.java",
			  "import java.util.ArrayList;\nimport java.util.List;\n\nfinal class A {\n"
			  "    private final List<String> names;\n\n    A() {\n"
			  "        names = List.of(\"joker\");\n    }\n\n    A(List<String> names) {\n"
			  "        this.names = new ArrayList<>(names);\n    }\n\n"
			  "    void add(String name) {\n        names.add(name);\n    }\n}\n",
			  "import java.util.ArrayList;\nimport java.util.List;\n\nfinal class A {\n"
			  "    private final List<String> names;\n\n    A() {\n"
			  "        names = new ArrayList<>(List.of(\"joker\"));\n    }\n\n"
			  "    A(List<String> names) {\n        this.names = new ArrayList<>(names);\n"
			  "    }\n\n    void add(String name) {\n        names.add(name);\n    }\n}\n" },
			{ "test/ATest.java",
			  "import java.util.List;\n\nfinal class ATest {\n"
			  "    public static void main(String[] words) {\n        new A().add(\"x\");\n"
			  "    }\n}\n",
			  NULL },
		},
	},
	{
		.name = "fixed in all places",
		.log =
		"Exception in thread \"main\" java.lang.UnsupportedOperationException\n"
		"\tat java.base/java.util.ImmutableCollections.uoe(ImmutableCollections.java:142)\n"
		"\tat java.base/java.util.ImmutableCollections$AbstractImmutableCollecti"
		"on.add(ImmutableCollections.java:147)\n\tat A.add(A.java:16)\n"
		"\tat ATest.main(ATest.java:5)\n",
		.file = {
			{ "src/A.java",
			  "import java.util.ArrayList;\nimport java.util.List;\n\nfinal class A {\n"
			  "    private final List<String> names;\n\n    A() {\n"
			  "        names = List.of(\"joker\");\n    }\n\n    A(List<String> names) {\n"
			  "        this.names = List.copyOf(names);\n    }\n\n"
			  "    void add(String name) {\n        names.add(name);\n    }\n}\n",
			  NULL },
			{ "test/ATest.java",
			  "import java.util.List;\n\nfinal class ATest {\n"
			  "    public static void main(String[] words) {\n        new A().add(\"x\");\n"
			  "    }\n}\n",
			  NULL },
		},
		.declines = "no other place sets names to a copy",
	},
	{
		.name = "a parameter",
		.log =
		"Exception in thread \"main\" java.lang.UnsupportedOperationException\n"
		"\tat java.base/java.util.ImmutableCollections.uoe(ImmutableCollections.java:142)\n"
		"\tat java.base/java.util.ImmutableCollections$AbstractImmutableCollecti"
		"on.add(ImmutableCollections.java:147)\n\tat A.add(A.java:5)\n"
		"\tat ATest.main(ATest.java:5)\n",
		.file = {
			{ "src/A.java",
			  "import java.util.List;\n\nfinal class A {\n"
			  "    static void add(List<String> names) {\n        names.add(\"x\");\n    }\n"
			  "}\n",
			  NULL },
			{ "test/ATest.java",
			  "import java.util.List;\n\nfinal class ATest {\n"
			  "    public static void main(String[] words) {\n        A.add(List.of());\n"
			  "    }\n}\n",
			  NULL },
		},
		.declines = "is no private field",
	},
	{0}
};

static const char *const types[] = { "java.lang.UnsupportedOperationException", "UnsupportedOperationException",
				     NULL };

const struct template template_java_fixed_list = {
	.name = "java_fixed_list",
	.summary = "a field holds a list that cannot grow and is added to -> a copy, as other constructors make",
	.language = "java",
	.class = "crash",
	.oracles = "another place that sets the field to a copy",
	.keeps_off = "it is no private field, or no place sets it to a copy",
	.danger = DANGER_1,
	.types = types,
	.fix = fix,
	.examples = examples,
};

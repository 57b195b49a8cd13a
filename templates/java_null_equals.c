/*
 * "Cannot invoke String.equals because x is null": x.equals("word") -> "word".equals(x), where the test
 * passes null itself, or the code says that x may be missing; in an equals() of the class: Objects.equals
 * of both. A field that the constructors forget is another bug and is left alone.
 */
#include "templates/lib_java.h"
#include "templates/lib_scene.h"

/* The only call of equals on the line. */
static TSNode the_call(const struct syntax *s, unsigned line, struct str method)
{
	TSNode node, found = {{0}, NULL, NULL}, none = found;

	for (unsigned n = 0; !ts_node_is_null(node = syntax_below(s->root, "method_invocation", n)); n++) {
		TSNode name = syntax_field(node, "name");

		if (syntax_line(name) != line || !str_equal(syntax_text(s, name), method))
			continue;
		if (!ts_node_is_null(found))
			return none;
		found = node;
	}
	return found;
}

/* A literal, or the constant GOLD or Plan.GOLD: it is not null. */
static bool is_constant(const struct syntax *s, TSNode node)
{
	struct str text = syntax_text(s, node);

	if (syntax_type_is(node, "string_literal"))
		return true;
	if (!syntax_type_is(node, "identifier|field_access"))
		return false;
	(void)str_split_last(text, ".", NULL, &text);
	for (size_t i = 0; i < text.size; i++)
		if (text.at[i] >= 'a' && text.at[i] <= 'z')
			return false;
	return text.size > 1;
}

/* Is the place that is null one that may be so by what the file says: @Nullable, a look at null, or what
 * a map, the environment or a property gives? */
static bool may_be_missing(const struct syntax *s, TSNode object, struct str name)
{
	TSNode declaration = java_declaration(s, object, name), from = java_initial_value(declaration), node;
	TSNode method = java_method(object);
	struct str call;

	if (syntax_type_is(object, "method_invocation"))
		from = object;
	call = syntax_text(s, syntax_field(from, "name"));
	if (syntax_type_is(from, "method_invocation") &&
	    (word_among(call, "getenv getProperty getParameter getHeader getAttribute") ||
	     (str_is(call, "get") && source_count(syntax_field(from, "arguments")) == 1)))
		return true;
	if (java_has_modifier(s, declaration, "@Nullable") || java_has_modifier(s, declaration, "@CheckForNull"))
		return true;
	for (unsigned n = 0; !ts_node_is_null(node = syntax_below(source_parent(method), "binary_expression", n));
	     n++) {
		struct str left = syntax_text(s, syntax_field(node, "left"));

		(void)str_skip(&left, "this.");
		if (str_equal(left, name) && str_is(syntax_text(s, syntax_field(node, "right")), "null") &&
		    (syntax_type_is(declaration, "field_declaration") || ts_node_eq(java_method(node), method)))
			return true;
	}
	return false;
}

/* Does the failing test, on the line of its frame, call the method that crashed with null for it? */
static bool passes_null(struct sources *sources, const struct failure *failure, const struct syntax *s,
			TSNode method, struct str name)
{
	struct str called = syntax_text(s, syntax_field(method, "name"));
	TSNode parameters = syntax_field(method, "parameters"), node;
	unsigned place = 0, count = source_count(parameters);

	while (place < count && !str_equal(syntax_text(s, syntax_field(source_nth(parameters, place), "name")), name))
		place++;
	for (size_t i = 0; i < failure->frame_count && place < count; i++) {
		const struct frame *frame = &failure->frames[i];
		struct source *test;

		if (!frame->own || !frame->file || !source_is_test(frame->file))
			continue;
		test = sources_open(sources, frame->file);
		for (unsigned n = 0; test && !ts_node_is_null(node = syntax_below(test->syntax->root,
			"method_invocation|object_creation_expression", n)); n++)
			if (syntax_line(node) == frame->line &&
			    str_equal(syntax_text(test->syntax, syntax_field(node, "name")), called) &&
			    syntax_type_is(source_nth(syntax_field(node, "arguments"), place), "null_literal"))
				return true;
	}
	return false;
}

/* Do all constructors of the class set the field, so that its null is somebody's? */
static bool is_given(const struct syntax *s, TSNode class, struct str field)
{
	TSNode constructor, node;
	unsigned count = 0;

	if (syntax_type_is(class, "record_declaration"))
		return true;
	for (; !ts_node_is_null(constructor = source_child(syntax_field(class, "body"),
							    "constructor_declaration", count)); count++) {
		bool set = false;

		for (unsigned n = 0; !ts_node_is_null(node = syntax_below(constructor, "assignment_expression", n));
		     n++) {
			struct str left = syntax_text(s, syntax_field(node, "left"));

			(void)str_skip(&left, "this.");
			set = set || str_equal(left, field);
		}
		if (!set)
			return false;
	}
	return count > 0;
}

/* x.equals(other.x) in the class's own equals(Object): both may be null. */
static bool mend_own_equals(struct source *source, TSNode call, TSNode method, struct str name)
{
	const struct syntax *s = source->syntax;
	TSNode argument = source_nth(syntax_field(call, "arguments"), 0), class = java_class(method);
	struct arena *a = source->edits.arena;

	if (!str_is(syntax_text(s, syntax_field(method, "name")), "equals") ||
	    source_count(syntax_field(method, "parameters")) != 1 ||
	    !syntax_type_is(argument, "field_access|method_invocation") || !is_given(s, class, name) ||
	    !str_is(syntax_text(s, syntax_field(call, "name")), "equals"))
		return false;
	edit_node(&source->edits, call, str_of(arena_printf(a, "Objects.equals(%.*s, %.*s)",
		  STR_ARG(syntax_text(s, syntax_field(call, "object"))), STR_ARG(syntax_text(s, argument)))));
	if (!java_is_imported(s, STR("java.util.Objects")))
		java_import_add(source, STR("java.util.Objects"));
	return true;
}

static bool mend(struct scene *scene, struct sources *sources, struct text *why)
{
	const struct failure *failure = scene->failure;
	struct source *source = sources_open(sources, failure->file);
	TSNode call, object, argument, method;
	const struct syntax *s;
	struct str name;

	if (!source || source_is_test(source->path))
		return template_decline(scene, "it is compared in no code of this project"), false;
	s = source->syntax;
	call = the_call(s, failure->line, scene_group(scene, "method"));
	object = syntax_field(call, "object");
	argument = source_nth(syntax_field(call, "arguments"), 0);
	method = java_method(call);
	if (ts_node_is_null(call) || ts_node_is_null(method) || source_count(syntax_field(call, "arguments")) != 1)
		return template_decline(scene, "not one comparison is on the line"), false;
	name = syntax_text(s, object);
	(void)str_skip(&name, "this.");
	if (mend_own_equals(source, call, method, name)) {
		text_addf(why, "Compares %.*s by Objects.equals: two objects without one are equal in it.",
			  STR_ARG(name));
		return true;
	}
	if (!is_constant(s, argument))
		return template_decline(scene, "neither side is known not to be null"), false;
	if (syntax_type_is(java_declaration(s, object, name), "field_declaration") &&
	    !is_given(s, java_class(method), name))
		return template_decline(scene, "no constructor sets %.*s: whether it may be missing is not said",
					STR_ARG(name)), false;
	if (!may_be_missing(s, object, name) && !passes_null(sources, failure, s, method, name))
		return template_decline(scene, "nothing says that %.*s may be null", STR_ARG(name)), false;
	edit_node(&source->edits, call, str_of(arena_printf(scene->arena, "%.*s.%.*s(%.*s)",
		  STR_ARG(syntax_text(s, argument)), STR_ARG(syntax_text(s, syntax_field(call, "name"))),
		  STR_ARG(syntax_text(s, object)))));
	text_addf(why, "Asks the constant whether it equals %.*s, which may be null.", STR_ARG(name));
	return true;
}

static void fix(struct scene *scene)
{
	sources_mend_all(scene, ORACLE_TEST, mend);
}

#define LOG(method, what) \
	"Exception in thread \"main\" java.lang.NullPointerException: Cannot invoke \"String." method "\" because " \
	what " is null\n\tat A.is(A.java:6)\n\tat ATest.main(ATest.java:3)\n"
#define CLASS(imports, member, signature, line) \
	imports "final class A {\n" member "\n\n    " signature " {\n        " line "\n    }\n}\n"
#define TEST(line) \
	{ "test/ATest.java", \
	  "final class ATest {\n    public static void main(String[] words) {\n        " line "\n    }\n}\n", NULL }
#define EQUALS(imports, line) \
	imports "final class A {\n    final String x; A(String x) { this.x = x; }\n\n" \
	"    @Override public boolean equals(Object o) {\n        A a = (A) o;\n        " line "\n    }\n}\n"

static const struct example examples[] = {
	{
		.name = "the test passes null",
		.log = LOG("equals(Object)", "\"<parameter1>\""),
		.file = { { "src/A.java", CLASS("\n", "", "static boolean is(String x)", "return x.equals(\"gold\");"),
			    CLASS("\n", "", "static boolean is(String x)", "return \"gold\".equals(x);") },
			  TEST("assert !A.is(null);") },
	},
	{
		.name = "of a map, without case",
		.log = LOG("equalsIgnoreCase(String)", "the return value of \"java.util.Map.get(Object)\""),
		.file = { { "src/A.java",
			    CLASS("\n", "", "static boolean is(Map<String, String> m)",
				  "return m.get(\"plan\").equalsIgnoreCase(GOLD);"),
			    CLASS("\n", "", "static boolean is(Map<String, String> m)",
				  "return GOLD.equalsIgnoreCase(m.get(\"plan\"));") },
			  TEST("assert !A.is(Map.of());") },
	},
	{
		.name = "equals of the class",
		.log = LOG("equals(Object)", "\"this.x\""),
		.file = { { "src/A.java", EQUALS("", "return x.equals(a.x);"),
			    EQUALS("import java.util.Objects;\n\n", "return Objects.equals(x, a.x);") },
			  TEST("assert !new A(null).equals(new A(\"b\"));") },
	},
	{
		.name = "no constructor sets the field",
		.log = LOG("equals(Object)", "\"this.x\""),
		.file = { { "src/A.java", CLASS("", "    String x;\n    A() { }", "boolean is()", "return x.equals(\"a\");"),
			    NULL },
			  TEST("assert !new A().is();") },
		.declines = "no constructor sets x",
	},
	{
		.name = "nobody says that it may be null",
		.log = LOG("equals(Object)", "\"<parameter1>\""),
		.file = { { "src/A.java", CLASS("\n", "", "static boolean is(String x)", "return x.equals(\"gold\");"), NULL },
			  TEST("assert !A.is(B.plan());") },
		.declines = "nothing says that x may be null",
	},
	{
		.name = "two variables",
		.log = LOG("equals(Object)", "\"<parameter1>\""),
		.file = { { "src/A.java", CLASS("\n", "", "static boolean is(String x, String y)", "return x.equals(y);"),
			    NULL },
			  TEST("assert !A.is(null, \"a\");") },
		.declines = "neither side is known",
	},
	{0}
};

const struct template template_java_null_equals = {
	.name = "java_null_equals",
	.summary = "equals is asked of null -> of the constant, or Objects.equals in a class's own equals",
	.language = "java",
	.class = "crash guard",
	.oracles = "the failing test's null, @Nullable, a look at null, a map or the environment",
	.keeps_off = "nothing says that it may be null, a constructor forgets the field, or both sides vary",
	.danger = DANGER_1,
	.pattern = "^Cannot invoke \"(?:java\\.lang\\.)?(?:String|Object)\\.(?<method>equals|equalsIgnoreCase)"
		   "\\([^\"]*\\)\" because .* is null$",
	.fix = fix,
	.examples = examples,
};

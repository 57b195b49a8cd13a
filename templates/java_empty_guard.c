/*
 * The first or last of nothing is read (Index 0 out of bounds for length 0, NoSuchElementException,
 * No value present) -> the method gives back what the failing test says of exactly this call, or what
 * two siblings say. A value that could be another one for other parameters must be trivial or confirmed.
 */
#include "templates/lib_java.h"
#include "templates/lib_promise.h"
#include "templates/lib_scene.h"

struct empty {
	struct scene *scene;
	struct source *source;
	const struct syntax *s;
	TSNode method, read;
	struct str list;
	const char *test;		/* printf: what is true of an empty list */
	bool optional;
	struct str siblings;		/* what methods of the class give back for an empty list of that name */
	unsigned sibling_count;
	bool siblings_differ;
};

/* x of x.get(0), x.get(x.size() - 1), x[0], x.getFirst(), x.iterator().next(), Collections.max(x). */
static TSNode list_of(const struct syntax *s, TSNode read, bool *array)
{
	struct str name = syntax_text(s, syntax_field(read, "name")), index, object;
	TSNode list = syntax_field(read, "object"), first = source_nth(syntax_field(read, "arguments"), 0);
	unsigned count = source_count(syntax_field(read, "arguments"));
	TSNode none = {{0}, NULL, NULL};

	*array = syntax_type_is(read, "array_access");
	if (*array) {
		list = syntax_field(read, "array");
		first = syntax_field(read, "index");
	}
	index = syntax_text(s, first);
	object = syntax_text(s, list);
	if (*array || (count == 1 && word_among(name, "get charAt"))) {
		bool last = str_chop(&index, " - 1");

		if (!last && !str_is(index, "0"))
			return none;
		if (last && (!str_starts(index, str_text(s->arena, object)) ||
			     !word_among(str_from(index, object.size), ".length .size() .length()")))
			return none;
		return list;
	}
	if (count == 1 && str_is(object, "Collections") && word_among(name, "max min"))
		return first;
	if (!count && str_is(name, "next") && syntax_type_is(list, "method_invocation") &&
	    str_is(syntax_text(s, syntax_field(list, "name")), "iterator"))
		return syntax_field(list, "object");
	return !count && word_among(name, "getFirst getLast first last element firstKey lastKey firstEntry") ? list :
	       none;
}

/* The only list that is read so on the line, or the Optional that is asked; false. */
static bool find_read(struct empty *e)
{
	bool optional = str_is(scene_group(e->scene, "none"), "No value present"), array;
	TSNode node;

	for (unsigned n = 0; !ts_node_is_null(node = syntax_below(e->s->root, "array_access|method_invocation", n));
	     n++) {
		struct str name = syntax_text(e->s, syntax_field(node, "name"));
		TSNode list = optional ? node : list_of(e->s, node, &array);

		if (syntax_line(node) != e->scene->failure->line || ts_node_is_null(list) ||
		    (optional && !word_among(name, "get getAsInt getAsLong getAsDouble")))
			continue;
		if (optional && (source_count(syntax_field(node, "arguments")) || e->list.size))
			return false;
		if (!optional && (!syntax_type_is(list, "identifier|field_access") ||
				  (e->list.size && !str_equal(e->list, syntax_text(e->s, list)))))
			return false;
		e->list = syntax_text(e->s, list);
		e->read = node;
		e->optional = optional;
		e->test = array && !optional ? ".length == 0" : ".isEmpty()";
	}
	return e->list.size;
}

/* The value of "if (x.isEmpty()) return V;" for a list of that name; empty. */
static struct str guarded_value(const struct syntax *s, TSNode look, struct str list)
{
	struct str test = syntax_text(s, syntax_field(look, "condition")), value;
	TSNode body = syntax_field(look, "consequence");

	(void)(str_skip(&test, "(") && str_chop(&test, ")"));
	if (syntax_type_is(body, "block") && source_count(body) == 1)
		body = source_nth(body, 0);
	(void)(str_skip(&test, "this."));
	(void)(str_skip(&list, "this."));
	if (!syntax_type_is(body, "return_statement") || !str_starts(test, str_text(s->arena, list)))
		return STR_NONE;
	test = str_from(test, list.size);
	if (!str_is(test, ".isEmpty()") && !str_is(test, ".length == 0") && !str_is(test, ".size() == 0"))
		return STR_NONE;
	value = syntax_text(s, source_nth(body, 0));
	return java_is_literal(source_nth(body, 0)) ? value : STR_NONE;
}

/* What the other methods of the class, of the same type, give back for an empty list of that name. */
static void ask_siblings(struct empty *e)
{
	struct str type = syntax_text(e->s, syntax_field(e->method, "type")), value;
	TSNode node;

	for (unsigned n = 0;
	     !ts_node_is_null(node = syntax_below(source_parent(e->method), "if_statement", n)); n++) {
		TSNode method = java_method(node);

		if (ts_node_is_null(method) || ts_node_eq(method, e->method) ||
		    !str_equal(syntax_text(e->s, syntax_field(method, "type")), type))
			continue;
		value = guarded_value(e->s, node, e->list);
		if (!value.size)
			continue;
		e->siblings_differ = e->siblings_differ || (e->siblings.size && !str_equal(value, e->siblings));
		e->siblings = value;
		e->sibling_count++;
	}
}

/* Is what is empty the only thing that the method can know? */
static bool is_all(const struct empty *e)
{
	TSNode parameters = syntax_field(e->method, "parameters");

	return !e->optional && source_count(parameters) == 1 && java_has_modifier(e->s, e->method, "static") &&
	       str_equal(syntax_text(e->s, syntax_field(source_nth(parameters, 0), "name")), e->list);
}

/* Does somebody wait for the exception? Then it is what is promised. */
static bool is_awaited(const struct empty *e)
{
	struct str type = str_of(e->scene->failure->type), text;
	const struct tree *tree = e->scene->tree;

	(void)str_split_last(type, ".", NULL, &type);
	for (size_t i = 0; i < tree->count; i++)
		if (str_ends(str_of(tree->entries[i].path), ".java") &&
		    scene_read(e->scene, tree->entries[i].path, &text) &&
		    text_has_word(text, str_text(e->scene->arena, type)))
			return true;
	return false;
}

/* The value that is given back then; empty, with the reason declined. */
static struct str value_of(struct empty *e, struct sources *sources, struct java_expected *expected)
{
	struct str name = syntax_text(e->s, syntax_field(e->method, "name")), said, bare;
	struct str comment = java_comment(e->s, e->method);
	bool confirmed;

	ask_siblings(e);
	said = promise_in(comment);
	if (e->siblings_differ)
		return template_decline(e->scene, "the siblings of %.*s differ", STR_ARG(name)), STR_NONE;
	if (!java_expects(sources, e->scene->failure, name, expected)) {
		if (e->sibling_count >= 2 && (!said.size || str_equal(said, e->siblings)) && !e->optional)
			return e->siblings;
		return template_decline(e->scene, "the test does not say what %.*s gives back then",
					STR_ARG(name)), STR_NONE;
	}
	if ((said.size && !str_equal(said, expected->value)) ||
	    (e->siblings.size && !str_equal(e->siblings, expected->value)))
		return template_decline(e->scene, "the test and the Javadoc or the siblings of %.*s differ",
					STR_ARG(name)), STR_NONE;
	bare = expected->value;
	confirmed = said.size || e->siblings.size ||
		    (str_skip(&bare, "\"") && str_chop(&bare, "\"") && bare.size && str_find(comment, bare) >= 0);
	if (!confirmed && !is_all(e) && !word_among(expected->value, "0 0L 0.0 \"\" null false"))
		return template_decline(e->scene, "%.*s may give back another value than %.*s for other input",
					STR_ARG(name), STR_ARG(expected->value)), STR_NONE;
	return expected->value;
}

static void put_guard(const struct empty *e, TSNode statement, struct str value)
{
	struct str indent = syntax_indent(e->s, statement), outer = syntax_indent(e->s, e->method);
	const char *line = source_newline(e->s);
	size_t at = ts_node_start_byte(statement);

	edit_replace(&e->source->edits, at, at,
		     str_of(arena_printf(e->scene->arena, "if (%.*s%s) {%s%.*s%.*sreturn %.*s;%s%.*s}%s%.*s",
					 STR_ARG(e->list), e->test, line, STR_ARG(indent),
					 STR_ARG(str_from(indent, outer.size)), STR_ARG(value), line,
					 STR_ARG(indent), line, STR_ARG(indent))));
}

static bool mend(struct scene *scene, struct sources *sources, struct text *why)
{
	struct source *source = sources_open(sources, scene->failure->file);
	struct empty e = { .scene = scene, .source = source };
	struct java_expected expected = { .s = NULL };
	TSNode statement;
	struct str value;

	if (!source || source_is_test(source->path))
		return template_decline(scene, "it is read in no code of this project"), false;
	e.s = source->syntax;
	if (!find_read(&e))
		return template_decline(scene, "not one list is read on the line"), false;
	e.method = java_method(e.read);
	for (statement = e.read; !ts_node_is_null(statement) &&
	     !ts_node_eq(source_parent(statement), syntax_field(e.method, "body"));)
		statement = source_parent(statement);
	if (ts_node_is_null(e.method) || ts_node_is_null(statement) ||
	    !java_always_evaluated(e.s, e.read, statement) ||
	    !ts_node_is_null(syntax_below(statement, "update_expression|assignment_expression", 0)) ||
	    (e.optional && !ts_node_eq(source_nth(statement, 0), e.read)))
		return template_decline(scene, "it is not read always, and first, in a statement of the method"), false;
	if (str_has(java_comment(e.s, e.method), "@throws") || is_awaited(&e))
		return template_decline(scene, "the exception is what somebody waits for"), false;
	value = value_of(&e, sources, &expected);
	if (!value.size)
		return false;
	if (e.optional) {
		edit_node(&source->edits, syntax_field(e.read, "name"), STR("orElse"));
		edit_node(&source->edits, syntax_field(e.read, "arguments"),
			  str_of(arena_printf(scene->arena, "(%.*s)", STR_ARG(value))));
	} else {
		put_guard(&e, statement, value);
	}
	text_addf(why, "%.*s gives back %.*s when there is nothing, as %s.",
		  STR_ARG(syntax_text(e.s, syntax_field(e.method, "name"))), STR_ARG(value), expected.s ?
		  arena_printf(scene->arena, "%s:%u expects", expected.test, expected.line) : "its siblings do");
	return true;
}

static void fix(struct scene *scene)
{
	sources_mend_all(scene, ORACLE_TEST, mend);
}

#define LOG(header) \
	"Exception in thread \"main\" java.lang.ArrayIndexOutOfBoundsException: Index 0 out of bounds for length 0\n" \
	header "\tat ATest.main(ATest.java:3)\n"
#define NONE_LOG \
	"Exception in thread \"main\" java.util.NoSuchElementException: No value present\n" \
	"\tat java.base/java.util.OptionalInt.getAsInt(OptionalInt.java:130)\n" \
	"\tat A.best(A.java:3)\n\tat ATest.main(ATest.java:3)\n"
#define NEXT_LOG \
	"Exception in thread \"main\" java.util.NoSuchElementException\n" \
	"\tat java.base/java.util.ArrayDeque.getFirst(ArrayDeque.java:402)\n" \
	"\tat A.best(A.java:3)\n\tat ATest.main(ATest.java:3)\n"
#define CLASS(signature, body, more) \
	"final class A {\n    " signature " {\n" body "    }\n" more "}\n"
#define TEST(line) \
	{ "test/ATest.java", \
	  "final class ATest {\n    public static void main(String[] words) {\n        " line "\n    }\n}\n", NULL }
#define FIRST "        return x[0];\n"
#define GUARD(value) "        if (x.length == 0) {\n            return " value ";\n        }\n"
#define SIBLING(name, value) \
	"\n    static int " name "(int[] x, int y) {\n" GUARD(value) "        return x[0] - y;\n    }\n"

static const struct example examples[] = {
	{
		.name = "the test says 0",
		.log = LOG("\tat A.best(A.java:3)\n"),
		.file = { { "src/A.java", CLASS("static int best(int[] x)", FIRST, ""),
			    CLASS("static int best(int[] x)", GUARD("0") FIRST, "") },
			  TEST("assert A.best(new int[0]) == 0;") },
	},
	{
		.name = "the test says it of the only parameter",
		.log = LOG("\tat A.best(A.java:3)\n"),
		.file = { { "src/A.java", CLASS("static int best(int[] x)", FIRST, ""),
			    CLASS("static int best(int[] x)", GUARD("-1") FIRST, "") },
			  TEST("assert A.best(new int[0]) == -1;") },
	},
	{
		.name = "two siblings say it",
		.log = LOG("\tat A.best(A.java:3)\n"),
		.file = { { "src/A.java", CLASS("static int best(int[] x)", FIRST, SIBLING("a", "-1") SIBLING("b", "-1")),
			    CLASS("static int best(int[] x)", GUARD("-1") FIRST,
				  SIBLING("a", "-1") SIBLING("b", "-1")) },
			  TEST("A.best(new int[0]);") },
	},
	{
		.name = "an Optional",
		.log = NONE_LOG,
		.file = { { "src/A.java", CLASS("static int best(IntStream x)", "        return x.max().getAsInt();\n", ""),
			    CLASS("static int best(IntStream x)", "        return x.max().orElse(0);\n", "") },
			  TEST("assert A.best(IntStream.empty()) == 0;") },
	},
	{
		.name = "a queue",
		.log = NEXT_LOG,
		.file = { { "src/A.java", CLASS("static String best(Deque<String> x)", "        return x.getFirst();\n", ""),
			    CLASS("static String best(Deque<String> x)",
				  "        if (x.isEmpty()) {\n            return null;\n        }\n"
				  "        return x.getFirst();\n", "") },
			  TEST("assert A.best(new ArrayDeque<>()) == null;") },
	},
	{
		.name = "the test says nothing",
		.log = LOG("\tat A.best(A.java:3)\n"),
		.file = { { "src/A.java", CLASS("static int best(int[] x)", FIRST, SIBLING("a", "-1")), NULL },
			  TEST("A.best(new int[0]);") },
		.declines = "the test does not say",
	},
	{
		.name = "the siblings say another value",
		.log = LOG("\tat A.best(A.java:3)\n"),
		.file = { { "src/A.java", CLASS("static int best(int[] x)", FIRST, SIBLING("a", "-1")), NULL },
			  TEST("assert A.best(new int[0]) == 0;") },
		.declines = "differ",
	},
	{
		.name = "the value may be the other parameter's",
		.log = LOG("\tat A.best(A.java:3)\n"),
		.file = { { "src/A.java", CLASS("static int best(int[] x, int other)", FIRST, ""), NULL },
			  TEST("assert A.best(new int[0], 7) == 7;") },
		.declines = "may give back another value",
	},
	{
		.name = "it is not always read",
		.log = LOG("\tat A.best(A.java:3)\n"),
		.file = { { "src/A.java", CLASS("static int best(int[] x)", "        return on ? x[0] : 5;\n", ""), NULL },
			  TEST("assert A.best(new int[0]) == 0;") },
		.declines = "not read always",
	},
	{
		.name = "somebody catches it",
		.log = NEXT_LOG,
		.file = { { "src/A.java", CLASS("static String best(Deque<String> x)", "        return x.getFirst();\n", ""),
			    NULL },
			  { "src/B.java", "class B { void b() { try { A.best(q); } catch (NoSuchElementException e) { } } }\n",
			    NULL },
			  TEST("assert A.best(new ArrayDeque<>()) == null;") },
		.declines = "somebody waits for",
	},
	{0}
};

static const char *const types[] = { "java.lang.ArrayIndexOutOfBoundsException",
	"java.lang.IndexOutOfBoundsException", "java.lang.StringIndexOutOfBoundsException",
	"java.util.NoSuchElementException", "ArrayIndexOutOfBoundsException", "IndexOutOfBoundsException",
	"StringIndexOutOfBoundsException", "NoSuchElementException", NULL };

const struct template template_java_empty_guard = {
	.name = "java_empty_guard",
	.summary = "the first or last of nothing is read -> the value that test or siblings say",
	.language = "java",
	.class = "crash guard",
	.oracles = "the failing test, the Javadoc, siblings",
	.keeps_off = "nobody says the value, they differ, it may depend on more, or somebody waits for the exception",
	.danger = DANGER_2,
	.types = types,
	.pattern = "^(?:(?:Index:? (?:0|-1)(?: out of bounds for length|,? Size:) 0|index:? (?:0|-1),? length:? 0|"
		   "String index out of range: (?:0|-1))|(?<none>No value present)|"
		   "(?:java\\.util\\.NoSuchElementException)?)$",
	.fix = fix,
	.examples = examples,
};

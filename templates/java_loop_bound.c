/*
 * "Index n out of bounds for length n" at x[i], x.get(i) or x[i + 1] in a counting loop over x -> the
 * loop's head stops at the length, or starts below it. Only where every loop that gets that far must
 * crash: the read comes first in the round, and always. Never tests the index, never catches.
 */
#include "templates/lib_java.h"
#include "templates/lib_scene.h"

struct bound {
	struct source *source;
	const struct syntax *s;
	TSNode loop, read;
	struct str list, counter;
	bool neighbour;			/* x[i + 1] */
};

static struct str without_this(struct str text)
{
	(void)str_skip(&text, "this.");
	return text;
}

/* x[i], x.get(i) or x.charAt(i): what is read, and by which counter. */
static bool take_read(struct bound *b)
{
	bool array = syntax_type_is(b->read, "array_access");
	struct str name = syntax_text(b->s, syntax_field(b->read, "name"));
	TSNode arguments = syntax_field(b->read, "arguments");
	TSNode index = array ? syntax_field(b->read, "index") : source_nth(arguments, 0);

	if (!array && (!word_among(name, "get charAt") || source_count(arguments) != 1))
		return false;
	b->list = without_this(syntax_text(b->s, syntax_field(b->read, array ? "array" : "object")));
	b->neighbour = syntax_type_is(index, "binary_expression");
	if (b->neighbour && (!str_is(syntax_text(b->s, syntax_field(index, "operator")), "+") ||
			     !str_is(syntax_text(b->s, syntax_field(index, "right")), "1")))
		return false;
	b->counter = syntax_text(b->s, b->neighbour ? syntax_field(index, "left") : index);
	return str_is_word(b->counter) && b->list.size;
}

/* Is it read in every round, before anything is done in it? */
static bool is_first(const struct bound *b)
{
	TSNode body = syntax_field(b->loop, "body"), at = b->read, before;

	if (ts_node_start_byte(b->read) < ts_node_start_byte(body))
		return false;
	while (!ts_node_eq(source_parent(at), body) && !ts_node_eq(at, body))
		at = source_parent(at);
	if (!syntax_type_is(body, "block"))
		at = body;
	if (!java_always_evaluated(b->s, b->read, at))
		return false;
	for (before = source_before(at); !ts_node_is_null(before) && !ts_node_eq(at, body);
	     before = source_before(before))
		if (!syntax_type_is(before, "local_variable_declaration|line_comment|block_comment") ||
		    !ts_node_is_null(syntax_below(before, "method_invocation|assignment_expression|"
						  "update_expression|object_creation_expression", 0)))
			return false;
	return true;
}

/* Is the name given a value at or below the node, other than where it is declared? */
static bool is_set(const struct syntax *s, TSNode below, struct str name)
{
	TSNode node;

	for (unsigned n = 0; !ts_node_is_null(node = syntax_below(below,
		"assignment_expression|update_expression", n)); n++) {
		TSNode target = syntax_type_is(node, "update_expression") ? source_nth(node, 0) :
				syntax_field(node, "left");

		if (str_equal(without_this(syntax_text(s, target)), name))
			return true;
	}
	return false;
}

/* x.length, x.size(), x.length(), or a local that was set to it and to nothing else. */
static bool is_length(const struct bound *b, TSNode value, bool locals)
{
	struct str text = without_this(syntax_text(b->s, value));
	TSNode declaration;

	if (syntax_type_is(value, "identifier") && locals) {
		declaration = java_declaration(b->s, b->loop, text);
		return syntax_type_is(declaration, "local_variable_declaration") &&
		       !is_set(b->s, java_method(b->loop), text) &&
		       is_length(b, java_initial_value(declaration), false);
	}
	return str_starts(text, str_text(b->source->edits.arena, b->list)) &&
	       word_among(str_from(text, b->list.size), ".length .size() .length()");
}

/* Is the list itself, its length or the counter dealt with in the body? Then it is another loop. */
static bool is_disturbed(const struct bound *b)
{
	TSNode body = syntax_field(b->loop, "body"), node;

	if (is_set(b->s, body, b->counter) || is_set(b->s, body, b->list))
		return true;
	for (unsigned n = 0; !ts_node_is_null(node = syntax_below(body, "method_invocation|field_access", n)); n++) {
		if (is_length(b, node, false))
			return true;
		if (syntax_type_is(node, "method_invocation") &&
		    str_equal(without_this(syntax_text(b->s, syntax_field(node, "object"))), b->list) &&
		    !word_among(syntax_text(b->s, syntax_field(node, "name")),
				"get charAt set contains indexOf isEmpty equals"))
			return true;
	}
	return false;
}

/* The value that the counter starts with; null. */
static TSNode start_of(const struct bound *b)
{
	TSNode init = syntax_field(b->loop, "init"), none = {{0}, NULL, NULL};

	if (syntax_type_is(init, "assignment_expression"))
		return str_equal(syntax_text(b->s, syntax_field(init, "left")), b->counter) ?
		       syntax_field(init, "right") : none;
	if (!str_equal(syntax_text(b->s, syntax_field(source_child(init, "variable_declarator", 0), "name")),
		       b->counter))
		return none;
	return java_initial_value(init);
}

/* Does the body read the entry before, too: x[i - 1]? Then counting from 1 is no slip. */
static bool reads_before(const struct bound *b)
{
	TSNode node, body = syntax_field(b->loop, "body");

	for (unsigned n = 0; !ts_node_is_null(node = syntax_below(body, "binary_expression", n)); n++)
		if (str_equal(syntax_text(b->s, syntax_field(node, "left")), b->counter) &&
		    str_is(syntax_text(b->s, syntax_field(node, "operator")), "-") &&
		    str_is(syntax_text(b->s, syntax_field(node, "right")), "1") &&
		    syntax_type_is(source_parent(node), "array_access|argument_list"))
			return true;
	return false;
}

/* Mends the head; false when it is not one of the usual ones. */
static bool edit_head(const struct bound *b)
{
	TSNode condition = syntax_field(b->loop, "condition"), start = start_of(b);
	TSNode right = syntax_field(condition, "right"), sign = syntax_field(condition, "operator");
	struct str update = syntax_text(b->s, syntax_field(b->loop, "update")), from = syntax_text(b->s, start);
	struct edits *edits = &b->source->edits;

	if (!syntax_type_is(condition, "binary_expression") || ts_node_is_null(start) ||
	    !str_equal(syntax_text(b->s, syntax_field(condition, "left")), b->counter))
		return false;
	if (str_has(update, "--")) {
		if (b->neighbour || !is_length(b, start, true) || !str_is(syntax_text(b->s, sign), ">=") ||
		    !str_is(syntax_text(b->s, right), "0"))
			return false;
		edit_replace(edits, source_end(start), source_end(start), STR(" - 1"));
		return true;
	}
	if (!str_has(update, "++") || !is_length(b, right, true))
		return false;
	if (!str_is(from, "0") && (b->neighbour || !str_is(from, "1") || !reads_before(b)))
		return false;
	if (!b->neighbour && str_is(syntax_text(b->s, sign), "<="))
		edit_node(edits, sign, STR("<"));
	else if (b->neighbour && str_is(syntax_text(b->s, sign), "<"))
		edit_replace(edits, source_end(right), source_end(right), STR(" - 1"));
	else
		return false;
	return true;
}

static bool mend(struct scene *scene, struct sources *sources, struct text *why)
{
	const struct failure *failure = scene->failure;
	struct source *source = sources_open(sources, failure->file);
	struct str length = scene_group(scene, "length");
	struct bound b = { .source = source };

	if (!source || source_is_test(source->path))
		return template_decline(scene, "it is read in no code of this project"), false;
	if (length.size && !str_equal(length, scene_group(scene, "index")))
		return template_decline(scene, "the index is not the first behind the end"), false;
	b.s = source->syntax;
	for (unsigned n = 0; !ts_node_is_null(b.read = syntax_below(b.s->root, "array_access|method_invocation", n));
	     n++) {
		b.loop = syntax_up(b.read, "for_statement|lambda_expression|class_body");
		if (syntax_line(b.read) != failure->line || !syntax_type_is(b.loop, "for_statement") ||
		    !take_read(&b) || !is_first(&b) || is_disturbed(&b) || !edit_head(&b))
			continue;
		text_addf(why, "The loop over %.*s keeps within it: %s round could only read behind the end.",
			  STR_ARG(b.list), str_has(syntax_text(b.s, syntax_field(b.loop, "update")), "--") ?
			  "its first" : "its last");
		return true;
	}
	return template_decline(scene, "no loop whose first step must read behind the end is there"), false;
}

static void fix(struct scene *scene)
{
	sources_mend_all(scene, ORACLE_TEST, mend);
}

#define ARRAY_LOG \
	"Exception in thread \"main\" java.lang.ArrayIndexOutOfBoundsException: Index 3 out of bounds for " \
	"length 3\n\tat A.sum(A.java:5)\n\tat ATest.main(ATest.java:3)\n"
#define LIST_LOG \
	"Exception in thread \"main\" java.lang.IndexOutOfBoundsException: Index 2 out of bounds for length 2\n" \
	"\tat java.base/jdk.internal.util.Preconditions.outOfBounds(Preconditions.java:64)\n" \
	"\tat java.base/jdk.internal.util.Preconditions.outOfBoundsCheckIndex(Preconditions.java:70)\n" \
	"\tat java.base/jdk.internal.util.Preconditions.checkIndex(Preconditions.java:266)\n" \
	"\tat java.base/java.util.Objects.checkIndex(Objects.java:361)\n" \
	"\tat java.base/java.util.ArrayList.get(ArrayList.java:427)\n" \
	"\tat A.sum(A.java:5)\n\tat ATest.main(ATest.java:3)\n"
#define CODE(type, head, body) \
	"final class A {\n    static int sum(" type " x) {\n        int sum = 0;\n        for (" head ") {\n" \
	"            " body "\n        }\n        return sum;\n    }\n}\n"
#define SOURCE "src/A.java"

static const struct example examples[] = {
	{
		.name = "an array",
		.log = ARRAY_LOG,
		.file = { { SOURCE, CODE("int[]", "int i = 0; i <= x.length; i++", "sum += x[i];"),
			    CODE("int[]", "int i = 0; i < x.length; i++", "sum += x[i];") } },
	},
	{
		.name = "a list",
		.log = LIST_LOG,
		.file = { { SOURCE, CODE("List<Integer>", "int i = 0; i <= x.size(); ++i", "if (x.get(i) > 2) sum++;"),
			    CODE("List<Integer>", "int i = 0; i < x.size(); ++i", "if (x.get(i) > 2) sum++;") } },
	},
	{
		.name = "backwards",
		.log = ARRAY_LOG,
		.file = { { SOURCE, CODE("int[]", "int i = x.length; i >= 0; i--", "sum = 10 * sum + x[i];"),
			    CODE("int[]", "int i = x.length - 1; i >= 0; i--", "sum = 10 * sum + x[i];") } },
	},
	{
		.name = "neighbours",
		.log = ARRAY_LOG,
		.file = { { SOURCE, CODE("int[]", "int i = 0; i < x.length; i++", "if (x[i + 1] > x[i]) sum++;"),
			    CODE("int[]", "int i = 0; i < x.length - 1; i++", "if (x[i + 1] > x[i]) sum++;") } },
	},
	{
		.name = "counting from 1 may mean x[i - 1]",
		.log = ARRAY_LOG,
		.file = { { SOURCE, CODE("int[]", "int i = 1; i <= x.length; i++", "sum += x[i];"), NULL } },
		.declines = "no loop whose first step",
	},
	{
		.name = "it is not always read",
		.log = ARRAY_LOG,
		.file = { { SOURCE, CODE("int[]", "int i = 0; i <= x.length; i++", "if (sum < 9 && x[i] > 0) sum++;"),
			    NULL } },
		.declines = "no loop whose first step",
	},
	{
		.name = "the length of something else",
		.log = ARRAY_LOG,
		.file = { { SOURCE, CODE("int[]", "int i = 0; i <= y.length; i++", "sum += x[i];"), NULL } },
		.declines = "no loop whose first step",
	},
	{
		.name = "the counter is moved in the body",
		.log = ARRAY_LOG,
		.file = { { SOURCE, CODE("int[]", "int i = 0; i <= x.length; i++", "sum += x[i]; i++;"), NULL } },
		.declines = "no loop whose first step",
	},
	{
		.name = "far behind the end",
		.log =
		"Exception in thread \"main\" java.lang.ArrayIndexOutOfBoundsException: Index 7 out of bounds for "
		"length 3\n\tat A.sum(A.java:5)\n\tat ATest.main(ATest.java:3)\n",
		.file = { { SOURCE, CODE("int[]", "int i = 0; i <= x.length; i++", "sum += x[i];"), NULL } },
		.declines = "not the first behind the end",
	},
	{0}
};

const struct template template_java_loop_bound = {
	.name = "java_loop_bound",
	.summary = "a loop reads one behind the end -> its head stops at the length",
	.language = "java",
	.class = "crash guard",
	.oracles = "the loop's own list, with the failing test",
	.keeps_off = "the read is not the first of every round, the list or the counter changes, or the loop "
		     "counts from 1",
	.danger = DANGER_1,
	.pattern = "^(?:[Ii]ndex:? |String index out of range: )(?<index>\\d+)"
		   "(?:(?: out of bounds for length|,? Size:|, length) (?<length>\\d+))?$",
	.fix = fix,
	.examples = examples,
};

/*
 * A class lacks a method of its interface that a sibling has, and what both have differs in literals
 * only -> the sibling's method with this class's literals. Keeps off classes that differ in more, and
 * siblings that would give different methods.
 */
#include "git/path.h"
#include "templates/lib_java.h"
#include "templates/lib_scene.h"

enum { LEAVES_MAX = 600, PAIRS_MAX = 32 };

struct leaves {
	const struct syntax *s;
	TSNode list[LEAVES_MAX];
	size_t count;
};

static bool is_whole(TSNode node)
{
	return !ts_node_child_count(node) || java_is_literal(node);
}

static void collect(struct leaves *leaves, TSNode node)
{
	if (syntax_type_is(node, "line_comment|block_comment"))
		return;
	if (is_whole(node)) {
		if (leaves->count < LEAVES_MAX)
			leaves->list[leaves->count] = node;
		leaves->count++;
		return;
	}
	for (uint32_t i = 0; i < ts_node_child_count(node); i++)
		collect(leaves, ts_node_child(node, i));
}

struct pairs {
	struct str from[PAIRS_MAX], to[PAIRS_MAX];
	size_t count;
	unsigned methods;		/* that both have */
};

static bool add_pair(struct pairs *pairs, struct str from, struct str to)
{
	for (size_t i = 0; i < pairs->count; i++)
		if (str_equal(pairs->from[i], from))
			return str_equal(pairs->to[i], to);
	if (pairs->count == PAIRS_MAX)
		return false;
	pairs->from[pairs->count] = from;
	pairs->to[pairs->count++] = to;
	return true;
}

/* The same but for literals, which go into the pairs. */
static bool match(struct arena *a, const struct syntax *s, TSNode one, const struct syntax *t, TSNode two,
		  struct pairs *pairs)
{
	struct leaves *left = arena_new(a, struct leaves), *right = arena_new(a, struct leaves);

	left->s = s;
	right->s = t;
	collect(left, one);
	collect(right, two);
	if (left->count != right->count || left->count > LEAVES_MAX)
		return false;
	for (size_t i = 0; i < left->count; i++) {
		struct str from = syntax_text(s, left->list[i]), to = syntax_text(t, right->list[i]);
		bool literal = java_is_literal(left->list[i]) && java_is_literal(right->list[i]);

		if (literal ? !add_pair(pairs, from, to) : !str_equal(from, to))
			return false;
	}
	return true;
}

/* All methods that both classes have are alike; how many. */
static bool are_alike(struct arena *a, const struct syntax *s, TSNode one, const struct syntax *t, TSNode two,
		      struct pairs *pairs)
{
	TSNode node, other;

	for (unsigned n = 0; !ts_node_is_null(node = source_child(syntax_field(one, "body"),
								  "method_declaration", n)); n++) {
		other = java_method_named(t, two, syntax_text(s, syntax_field(node, "name")), 0);
		if (ts_node_is_null(other))
			continue;
		if (!match(a, s, node, t, other, pairs))
			return false;
		pairs->methods++;
	}
	return pairs->methods > 0;
}

/* The method's text with the literals of the other class; empty when one has none. */
static struct str translate(struct arena *a, const struct syntax *s, TSNode method, const struct pairs *pairs)
{
	struct leaves *leaves = arena_new(a, struct leaves);
	struct text out = TEXT(a);
	size_t at = ts_node_start_byte(method);
	TSNode comment = source_before(method);

	if (java_comment(s, method).size)
		at = ts_node_start_byte(comment);
	collect(leaves, method);
	for (size_t i = 0; i < leaves->count && i < LEAVES_MAX; i++) {
		struct str text = syntax_text(s, leaves->list[i]);
		size_t known = 0;

		if (!java_is_literal(leaves->list[i]))
			continue;
		while (known < pairs->count && !str_equal(pairs->from[known], text))
			known++;
		if (known == pairs->count)
			return STR_NONE;
		text_add(&out, str_slice(s->text, at, ts_node_start_byte(leaves->list[i]) - at));
		text_add(&out, pairs->to[known]);
		at = source_end(leaves->list[i]);
	}
	text_add(&out, str_slice(s->text, at, source_end(method) - at));
	return text_str(&out);
}

static bool implements(const struct syntax *s, TSNode class, struct str type)
{
	TSNode list = syntax_below(syntax_field(class, "interfaces"), "type_list", 0);

	for (unsigned n = 0; n < source_count(list); n++)
		if (str_equal(java_simple_type(s, source_nth(list, n)), type))
			return true;
	return str_equal(java_simple_type(s, source_nth(syntax_field(class, "superclass"), 0)), type);
}

/* The method as all siblings that are alike would have it; false when they differ. */
static bool from_siblings(struct sources *sources, const struct source *source, TSNode class, struct str name,
			  struct str type, struct str *method)
{
	const struct tree *tree = sources->scene->tree;
	struct arena *a = sources->scene->arena;
	TSNode other, shown;
	struct str text;

	for (size_t i = 0; i < tree->count; i++) {
		struct source *one;

		if (!str_is(path_ending(str_of(tree->entries[i].path)), "java") ||
		    !scene_read(sources->scene, tree->entries[i].path, &text) ||
		    !text_has_word(text, str_text(a, type)))
			continue;
		one = sources_open(sources, tree->entries[i].path);
		for (unsigned n = 0; one && !ts_node_is_null(other = syntax_below(one->syntax->root,
			"class_declaration|record_declaration", n)); n++) {
			struct pairs pairs = { .count = 0 };
			struct str own;

			shown = java_method_named(one->syntax, other, name, 0);
			if (!implements(one->syntax, other, type) || ts_node_is_null(shown) ||
			    !are_alike(a, one->syntax, other, source->syntax, class, &pairs))
				continue;
			own = translate(a, one->syntax, shown, &pairs);
			if (!own.size || (method->size && !str_equal(own, *method)))
				return false;
			*method = own;
		}
	}
	return method->size > 0;
}

static bool mend(struct scene *scene, struct sources *sources, struct text *why)
{
	struct str name = scene_group(scene, "method"), type = scene_group(scene, "type"), method = STR_NONE;
	struct str own = scene_group(scene, "class"), indent;
	struct source *source = NULL;
	TSNode class = java_class_named(sources, own, &source), last;
	size_t at;

	if (ts_node_is_null(class) || source_is_test(source->path))
		return template_decline(scene, "%.*s is not a class of this project's code", STR_ARG(own)), false;
	last = source_nth(syntax_field(class, "body"), source_count(syntax_field(class, "body")) - 1);
	if (!syntax_type_is(last, "method_declaration"))
		return template_decline(scene, "%.*s has no method yet", STR_ARG(own)), false;
	if (!from_siblings(sources, source, class, name, type, &method))
		return template_decline(scene, "no class that is %.*s but for literals shows %.*s", STR_ARG(own),
					STR_ARG(name)), false;
	at = source_end(last);
	indent = syntax_indent(source->syntax, last);
	edit_replace(&source->edits, at, at,
		     str_of(arena_printf(scene->arena, "%s%s%.*s%.*s", source_newline(source->syntax),
					 source_newline(source->syntax), STR_ARG(indent), STR_ARG(method))));
	text_addf(why, "%.*s gets %.*s as its sibling has it, with its own numbers.", STR_ARG(own), STR_ARG(name));
	return true;
}

static void fix(struct scene *scene)
{
	sources_mend_all(scene, ORACLE_SIBLING, mend);
}

static const struct example examples[] = {
	{
		.name = "the sibling differs in a number",
		.log =
		"./src/Fathom.java:1: error: Fathom is not abstract and does not overri"
		"de abstract method count(double) in Unit\n"
		"final class Fathom implements Unit {\n      ^\n1 error\n",
		.file = {
			{ "src/Unit.java",
			  "interface Unit {\n    double metres(double count);\n\n"
			  "    double count(double metres);\n}\n",
			  NULL },
			{ "src/Mile.java",
			  "final class Mile implements Unit {\n    @Override\n"
			  "    public double metres(double count) {\n        return count * 1609.344;\n"
			  "    }\n\n    @Override\n    public double count(double metres) {\n"
			  "        return metres / 1609.344;\n    }\n}\n",
			  NULL },
			{ "src/Fathom.java",
			  "final class Fathom implements Unit {\n    @Override\n"
			  "    public double metres(double count) {\n        return count * 1.8288;\n"
			  "    }\n}\n",
			  "final class Fathom implements Unit {\n    @Override\n"
			  "    public double metres(double count) {\n        return count * 1.8288;\n"
			  "    }\n\n    @Override\n    public double count(double metres) {\n"
			  "        return metres / 1.8288;\n    }\n}\n" },
		},
	},
	{
		.name = "the sibling does something else",
		.log =
		"./src/Fathom.java:1: error: Fathom is not abstract and does not overri"
		"de abstract method count(double) in Unit\n"
		"final class Fathom implements Unit {\n      ^\n1 error\n",
		.file = {
			{ "src/Unit.java",
			  "interface Unit {\n    double metres(double count);\n\n"
			  "    double count(double metres);\n}\n",
			  NULL },
			{ "src/Mile.java",
			  "final class Mile implements Unit {\n    @Override\n"
			  "    public double metres(double count) {\n        return count * 1609.344;\n"
			  "    }\n\n    @Override\n    public double count(double metres) {\n"
			  "        return metres / 1609.344;\n    }\n}\n",
			  NULL },
			{ "src/Fathom.java",
			  "final class Fathom implements Unit {\n    @Override\n"
			  "    public double metres(double count) {\n"
			  "        return Math.rint(count * 1.8288);\n    }\n}\n",
			  NULL },
		},
		.declines = "no class that is Fathom but for literals",
	},
	{
		.name = "it uses a number that this class has not",
		.log =
		"./src/Fathom.java:1: error: Fathom is not abstract and does not overri"
		"de abstract method count(double) in Unit\n"
		"final class Fathom implements Unit {\n      ^\n1 error\n",
		.file = {
			{ "src/Unit.java",
			  "interface Unit {\n    double metres(double count);\n\n"
			  "    double count(double metres);\n}\n",
			  NULL },
			{ "src/Mile.java",
			  "final class Mile implements Unit {\n    @Override\n"
			  "    public double metres(double count) {\n        return count * 1609.344;\n"
			  "    }\n\n    @Override\n    public double count(double metres) {\n"
			  "        return metres / 1609.344 + 0.5;\n    }\n}\n",
			  NULL },
			{ "src/Fathom.java",
			  "final class Fathom implements Unit {\n    @Override\n"
			  "    public double metres(double count) {\n        return count * 1.8288;\n"
			  "    }\n}\n",
			  NULL },
		},
		.declines = "no class that is Fathom but for literals",
	},
	{0}
};

const struct template template_java_missing_method = {
	.name = "java_missing_method",
	.summary = "a class lacks a method of its interface -> its sibling's, with its own literals",
	.language = "java",
	.class = "declaration",
	.oracles = "siblings that differ in literals only",
	.keeps_off = "no sibling is alike, or two would give different methods",
	.danger = DANGER_2,
	.tool = "javac",
	.pattern = "^(?<class>\\w+) is not abstract and does not override abstract method (?<method>\\w+)\\(.*\\) "
		   "in (?<type>\\w+)$",
	.fix = fix,
	.examples = examples,
};

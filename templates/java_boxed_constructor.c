/*
 * `new Integer(5)` under -Werror, since constructors of boxes are to be removed -> Integer.valueOf(5),
 * which the JDK names as the successor. Keeps off where boxes of the method are compared by ==.
 */
#include "templates/lib_java.h"
#include "templates/lib_scene.h"

static bool mend(struct scene *scene, struct sources *sources, struct text *why)
{
	struct str box = scene_group(scene, "box");
	struct source *source = sources_open(sources, scene->failure->file);
	TSNode node, arguments, found = {{0}, NULL, NULL};

	if (!source || source_is_test(source->path))
		return template_decline(scene, "the file is no code of this project"), false;
	for (unsigned n = 0; !ts_node_is_null(node = syntax_below(source->syntax->root,
		"object_creation_expression", n)); n++) {
		if (syntax_line(node) != scene->failure->line ||
		    !str_equal(syntax_text(source->syntax, syntax_field(node, "type")), box))
			continue;
		if (!ts_node_is_null(found))
			return template_decline(scene, "the line makes two of them"), false;
		found = node;
	}
	arguments = syntax_field(found, "arguments");
	if (ts_node_is_null(found) || source_count(arguments) != 1)
		return template_decline(scene, "no such box is made there"), false;
	if (syntax_type_is(source_parent(found), "binary_expression|synchronized_statement|parenthesized_expression"))
		return template_decline(scene, "which box it is may matter there"), false;
	edit_replace(&source->edits, ts_node_start_byte(found), ts_node_start_byte(arguments),
		     str_of(arena_printf(scene->arena, "%.*s.valueOf", STR_ARG(box))));
	text_addf(why, "%.*s.valueOf in %s, the successor of the constructor.", STR_ARG(box), source->path);
	return true;
}

static void fix(struct scene *scene)
{
	sources_mend_all(scene, ORACLE_CONTRACT, mend);
}

static const struct example examples[] = {
	{
		.name = "an Integer",
		.log =
		"./A.java:3: warning: [removal] Integer(int) in Integer has been deprec"
		"ated and marked for removal\n        return new Integer(5);\n"
		"               ^\nerror: warnings found and -Werror specified\n1 error\n"
		"1 warning\n",
		.file = {
			{ "A.java",
			  "final class A {\n    static Integer five() {\n        return new Integer(5);\n"
			  "    }\n}\n",
			  "final class A {\n    static Integer five() {\n"
			  "        return Integer.valueOf(5);\n    }\n}\n" },
		},
	},
	{
		.name = "its identity is compared",
		.log =
		"./A.java:3: warning: [removal] Integer(int) in Integer has been deprec"
		"ated and marked for removal\n        return new Integer(5) == other;\n"
		"               ^\nerror: warnings found and -Werror specified\n1 error\n"
		"1 warning\n",
		.file = {
			{ "A.java",
			  "final class A {\n    static boolean five(Integer other) {\n"
			  "        return new Integer(5) == other;\n    }\n}\n",
			  NULL },
		},
		.declines = "which box it is",
	},
	{0}
};

static const char *const types[] = { "removal", "deprecation", NULL };

const struct template template_java_boxed_constructor = {
	.name = "java_boxed_constructor",
	.summary = "new Integer(n) under -Werror -> Integer.valueOf(n)",
	.language = "java",
	.class = "deprecation",
	.oracles = "the JDK's own successor",
	.keeps_off = "the box is compared or locked, where its identity may matter",
	.danger = DANGER_1,
	.tool = "javac",
	.types = types,
	.pattern = "^(?<box>Integer|Long|Short|Byte|Double|Float|Boolean|Character)\\(\\w+\\) in \\w+ has been "
		   "deprecated",
	.fix = fix,
	.examples = examples,
};

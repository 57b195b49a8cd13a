/*
 * A method that implements one of an interface is not public -> `public`: what an interface declares
 * is public. Keeps off methods of classes, whose access somebody chose.
 */
#include "templates/lib_java.h"
#include "templates/lib_scene.h"

static bool mend(struct scene *scene, struct sources *sources, struct text *why)
{
	struct str name = scene_group(scene, "method"), modifiers;
	struct source *source = sources_open(sources, scene->failure->file), *other = NULL;
	TSNode method, list, base = java_class_named(sources, scene_group(scene, "type"), &other);
	size_t at;

	if (!source || source_is_test(source->path))
		return template_decline(scene, "the file is no code of this project"), false;
	if (!ts_node_is_null(base) && !syntax_type_is(base, "interface_declaration"))
		return template_decline(scene, "what it overrides is a class"), false;
	method = source_node(source, source_word(source, scene->failure->line, scene->failure->column, name),
			     "method_declaration");
	if (ts_node_is_null(method) || java_has_modifier(source->syntax, method, "public"))
		return template_decline(scene, "%.*s is public already", STR_ARG(name)), false;
	list = source_child(method, "modifiers", 0);
	modifiers = syntax_text(source->syntax, list);
	at = ts_node_start_byte(syntax_field(method, "type"));
	for (unsigned i = 0; i < 2; i++) {
		const char *narrow = i ? "protected" : "private";
		ptrdiff_t place = str_find(modifiers, str_of(narrow));

		if (place < 0)
			continue;
		at = ts_node_start_byte(list) + (size_t)place;
		edit_replace(&source->edits, at, at + strlen(narrow), STR("public"));
		text_addf(why, "%.*s is public, as its interface declares it.", STR_ARG(name));
		return true;
	}
	for (uint32_t i = 0; !ts_node_is_null(list) && i < ts_node_child_count(list); i++) {
		TSNode word = ts_node_child(list, i);

		if (syntax_type_is(word, "annotation|marker_annotation"))
			continue;
		at = ts_node_start_byte(word);
		break;
	}
	edit_replace(&source->edits, at, at, STR("public "));
	text_addf(why, "%.*s is public, as its interface declares it.", STR_ARG(name));
	return true;
}

static void fix(struct scene *scene)
{
	sources_mend_all(scene, ORACLE_CONTRACT, mend);
}

static const struct example examples[] = {
	{
		.name = "without a modifier",
		.log =
		"./Square.java:3: error: area() in Square cannot implement area() in Shape\n"
		"    double area() {\n           ^\n"
		"  attempting to assign weaker access privileges; was public\n1 error\n",
		.file = {
			{ "Shape.java",
			  "interface Shape {\n    double area();\n}\n",
			  NULL },
			{ "Square.java",
			  "final class Square implements Shape {\n    @Override\n    double area() {\n"
			  "        return 1;\n    }\n}\n",
			  "final class Square implements Shape {\n    @Override\n"
			  "    public double area() {\n        return 1;\n    }\n}\n" },
		},
	},
	{
		.name = "protected",
		.log =
		"./Square.java:3: error: area() in Square cannot implement area() in Shape\n"
		"    protected final double area() {\n                           ^\n"
		"  attempting to assign weaker access privileges; was public\n1 error\n",
		.file = {
			{ "Shape.java",
			  "interface Shape {\n    double area();\n}\n",
			  NULL },
			{ "Square.java",
			  "final class Square implements Shape {\n    @Override\n"
			  "    protected final double area() {\n        return 1;\n    }\n}\n",
			  "final class Square implements Shape {\n    @Override\n"
			  "    public final double area() {\n        return 1;\n    }\n}\n" },
		},
	},
	{
		.name = "public already, another type",
		.log =
		"./Square.java:1: error: Square is not abstract and does not override a"
		"bstract method area() in Shape\nfinal class Square implements Shape {\n"
		"      ^\n"
		"./Square.java:3: error: area() in Square cannot implement area() in Shape\n"
		"    public int area() {\n               ^\n"
		"  return type int is not compatible with double\n"
		"./Square.java:2: error: method does not override or implement a method"
		" from a supertype\n    @Override\n    ^\n3 errors\n",
		.file = {
			{ "Shape.java",
			  "interface Shape {\n    double area();\n}\n",
			  NULL },
			{ "Square.java",
			  "final class Square implements Shape {\n    @Override\n"
			  "    public int area() {\n        return 1;\n    }\n}\n",
			  NULL },
		},
		.declines = "public already",
	},
	{0}
};

const struct template template_java_weaker_access = {
	.name = "java_weaker_access",
	.summary = "a method of an interface that is not public -> public",
	.language = "java",
	.class = "declaration",
	.oracles = "the language: what an interface declares is public",
	.keeps_off = "what it overrides is a class's, or it is public already",
	.danger = DANGER_0,
	.tool = "javac",
	.pattern = "^(?<method>\\w+)\\(.*\\) in \\w+(?:<.*>)? cannot implement \\w+\\(.*\\) in (?<type>\\w+)",
	.fix = fix,
	.examples = examples,
};

/*
 * "possible lossy conversion from long to int" into a local variable that is given back as a long
 * -> the variable is a long. Never a cast, and no wider type for a parameter, a field or a result.
 */
#include "templates/lib_java.h"
#include "templates/lib_scene.h"

/* Is the variable what the method gives back, and nothing that must stay narrow? */
static bool is_result(const struct syntax *s, TSNode method, struct str name)
{
	TSNode node;
	bool returned = false;

	for (unsigned n = 0; !ts_node_is_null(node = syntax_below(method, "identifier", n)); n++) {
		TSNode parent = source_parent(node);

		if (!str_equal(syntax_text(s, node), name))
			continue;
		returned = returned || !ts_node_is_null(syntax_up(node, "return_statement"));
		if (syntax_type_is(parent, "array_access|argument_list|switch_expression"))
			return false;
	}
	return returned;
}

static bool mend(struct scene *scene, struct sources *sources, struct text *why)
{
	const struct failure *failure = scene->failure;
	struct str wide = scene_group(scene, "wide"), narrow = scene_group(scene, "narrow"), name;
	struct source *source = sources_open(sources, failure->file);
	TSNode place, declaration, type, method;
	size_t at;

	if (!source || source_is_test(source->path))
		return template_decline(scene, "the file is no code of this project"), false;
	at = line_start(source->syntax->text, failure->line);
	at += failure->column ? failure->column - 1 : str_indent(str_from(source->syntax->text, at));
	place = source_node(source, at, "assignment_expression|variable_declarator|return_statement");
	name = syntax_text(source->syntax, syntax_field(place, syntax_type_is(place, "variable_declarator") ?
							  "name" : "left"));
	declaration = java_declaration(source->syntax, place, name);
	type = syntax_field(declaration, "type");
	method = java_method(place);
	if (!name.size || !syntax_type_is(declaration, "local_variable_declaration") ||
	    !str_equal(syntax_text(source->syntax, type), narrow) ||
	    !ts_node_is_null(source_child(declaration, "variable_declarator", 1)))
		return template_decline(scene, "it is no local %.*s of its own", STR_ARG(narrow)), false;
	if (!str_equal(syntax_text(source->syntax, syntax_field(method, "type")), wide) ||
	    !is_result(source->syntax, method, name))
		return template_decline(scene, "%.*s is not what the method gives back as a %.*s", STR_ARG(name),
					STR_ARG(wide)), false;
	for (size_t i = 0; i < source->edits.count; i++)
		if (source->edits.list[i].start == ts_node_start_byte(type))
			return true;
	edit_node(&source->edits, type, wide);
	text_addf(why, "%.*s is a %.*s, as the method gives it back.", STR_ARG(name), STR_ARG(wide));
	return true;
}

static void fix(struct scene *scene)
{
	sources_mend_all(scene, ORACLE_CONTRACT, mend);
}

static const struct example examples[] = {
	{
		.name = "a sum that is given back",
		.log =
		"./src/Disk.java:5: error: incompatible types: possible lossy conversio"
		"n from long to int\n            sum = sum + size;\n                      ^\n"
		"1 error\n",
		.file = {
			{ "src/Disk.java",
			  "final class Disk {\n    static long sum(long[] sizes) {\n"
			  "        int sum = 0;\n        for (long size : sizes) {\n"
			  "            sum = sum + size;\n        }\n        return sum;\n    }\n}\n",
			  "final class Disk {\n    static long sum(long[] sizes) {\n"
			  "        long sum = 0;\n        for (long size : sizes) {\n"
			  "            sum = sum + size;\n        }\n        return sum;\n    }\n}\n" },
		},
	},
	{
		.name = "the result is narrow too",
		.log =
		"./src/Disk.java:5: error: incompatible types: possible lossy conversio"
		"n from long to int\n            sum = sum + size;\n                      ^\n"
		"1 error\n",
		.file = {
			{ "src/Disk.java",
			  "final class Disk {\n    static int sum(long[] sizes) {\n        int sum = 0;\n"
			  "        for (long size : sizes) {\n            sum = sum + size;\n        }\n"
			  "        return sum;\n    }\n}\n",
			  NULL },
		},
		.declines = "is not what the method gives back as a long",
	},
	{
		.name = "a parameter",
		.log =
		"./src/Disk.java:4: error: incompatible types: possible lossy conversio"
		"n from long to int\n            sum = sum + size;\n                      ^\n"
		"1 error\n",
		.file = {
			{ "src/Disk.java",
			  "final class Disk {\n    static long sum(int sum, long[] sizes) {\n"
			  "        for (long size : sizes) {\n            sum = sum + size;\n        }\n"
			  "        return sum;\n    }\n}\n",
			  NULL },
		},
		.declines = "no local int of its own",
	},
	{0}
};

const struct template template_java_lossy_conversion = {
	.name = "java_lossy_conversion",
	.summary = "a lossy conversion into a local variable -> the variable has the type of the result",
	.language = "java",
	.class = "type",
	.oracles = "the declared type of the method's result",
	.keeps_off = "it is a parameter, a field or a result, or the method gives back something else",
	.danger = DANGER_1,
	.tool = "javac",
	.pattern = "^incompatible types: possible lossy conversion from (?<wide>long|double|float|int) to "
		   "(?<narrow>int|short|byte|float|long)$",
	.fix = fix,
	.examples = examples,
};

/*
 * A checked exception that is neither caught nor declared -> the method declares it, as the methods
 * beside it do. Never catches it. Keeps off lambdas, initialisers, and methods that override one which
 * does not declare it.
 */
#include "templates/lib_java.h"
#include "templates/lib_scene.h"

/* Does the declaration throw the exception? */
static bool throws(const struct syntax *s, TSNode declaration, struct str exception)
{
	TSNode list = source_child(declaration, "throws", 0), node;

	for (unsigned n = 0; n < source_count(list); n++) {
		node = source_nth(list, n);
		if (str_equal(java_simple_type(s, node), exception) || str_is(syntax_text(s, node), "Exception"))
			return true;
	}
	return false;
}

/* Another method of the class that declares it. */
static TSNode sibling(const struct syntax *s, TSNode method, struct str exception)
{
	TSNode body = source_parent(method), node;

	for (unsigned n = 0; !ts_node_is_null(node = source_child(body,
		"method_declaration|constructor_declaration", n)); n++)
		if (!ts_node_eq(node, method) && throws(s, node, exception))
			return node;
	return node;
}

/* Does what it overrides, if anything, let it throw? */
static bool may_throw(struct sources *sources, const struct source *source, TSNode method, struct str exception)
{
	const struct syntax *s = source->syntax;
	TSNode class = java_class(method), list, node;
	struct str name = syntax_text(s, syntax_field(method, "name"));
	bool overrides = java_has_modifier(s, method, "@Override"), allowed = false;

	list = syntax_below(syntax_field(class, "interfaces"), "type_list", 0);
	for (unsigned n = 0; n <= source_count(list); n++) {
		struct source *other = NULL;
		TSNode type = n < source_count(list) ? source_nth(list, n) :
			      source_nth(syntax_field(class, "superclass"), 0), base;

		if (ts_node_is_null(type))
			continue;
		base = java_class_named(sources, java_simple_type(s, type), &other);
		for (unsigned m = 0; !ts_node_is_null(base) && !ts_node_is_null(node =
			java_method_named(other->syntax, base, name, m)); m++) {
			if (!throws(other->syntax, node, exception))
				return false;
			allowed = true;
		}
	}
	return allowed || !overrides;
}

static bool mend(struct scene *scene, struct sources *sources, struct text *why)
{
	const struct failure *failure = scene->failure;
	struct str exception = scene_group(scene, "exception"), name;
	struct source *source = sources_open(sources, failure->file);
	TSNode method, shown, list;
	size_t at;

	if (!source || source_is_test(source->path))
		return template_decline(scene, "the file is no code of this project"), false;
	at = source_at(source, failure->line, failure->column, false);
	if (at == SIZE_MAX)
		at = line_start(source->syntax->text, failure->line) +
		     str_indent(str_from(source->syntax->text, line_start(source->syntax->text, failure->line)));
	method = java_method(syntax_at(source->syntax, at, at + 1));
	if (ts_node_is_null(method))
		return template_decline(scene, "it is thrown in a lambda or an initialiser"), false;
	name = syntax_text(source->syntax, syntax_field(method, "name"));
	if (throws(source->syntax, method, exception))
		return true;		/* a second place of the same method */
	shown = sibling(source->syntax, method, exception);
	if (ts_node_is_null(shown) && !java_has_modifier(source->syntax, method, "@Override"))
		return template_decline(scene, "no method beside %.*s declares %.*s", STR_ARG(name),
					STR_ARG(exception)), false;
	if (!may_throw(sources, source, method, exception))
		return template_decline(scene, "what %.*s overrides does not declare %.*s", STR_ARG(name),
					STR_ARG(exception)), false;
	list = source_child(method, "throws", 0);
	at = source_end(ts_node_is_null(list) ? syntax_field(method, "parameters") : list);
	for (size_t i = 0; i < source->edits.count; i++)
		if (source->edits.list[i].start == at)
			return true;
	edit_replace(&source->edits, at, at,
		     str_of(arena_printf(scene->arena, ts_node_is_null(list) ? " throws %.*s" : ", %.*s",
					 STR_ARG(exception))));
	text_addf(why, "%.*s declares %.*s, as %.*s does.", STR_ARG(name), STR_ARG(exception),
		  STR_ARG(ts_node_is_null(shown) ? STR("what it overrides") :
			  syntax_text(source->syntax, syntax_field(shown, "name"))));
	return true;
}

static void fix(struct scene *scene)
{
	sources_mend_all(scene, ORACLE_SIBLING, mend);
}

static const struct example examples[] = {
	{
		.name = "the method beside it declares it",
		.log =
		"./src/Notes.java:11: error: unreported exception IOException; must be "
		"caught or declared to be thrown\n        return all(file).contains(word);\n"
		"                  ^\n1 error\n",
		.file = {
			{ "src/Notes.java",
			  "import java.io.IOException;\nimport java.nio.file.Files;\n"
			  "import java.nio.file.Path;\n\nfinal class Notes {\n"
			  "    String all(Path file) throws IOException {\n"
			  "        return Files.readString(file);\n    }\n\n"
			  "    boolean has(Path file, String word) {\n"
			  "        return all(file).contains(word);\n    }\n}\n",
			  "import java.io.IOException;\nimport java.nio.file.Files;\n"
			  "import java.nio.file.Path;\n\nfinal class Notes {\n"
			  "    String all(Path file) throws IOException {\n"
			  "        return Files.readString(file);\n    }\n\n"
			  "    boolean has(Path file, String word) throws IOException {\n"
			  "        return all(file).contains(word);\n    }\n}\n" },
		},
	},
	{
		.name = "nobody declares it",
		.log =
		"./src/Notes.java:11: error: unreported exception IOException; must be "
		"caught or declared to be thrown\n"
		"        return Files.readString(file).contains(word);\n"
		"                               ^\n1 error\n",
		.file = {
			{ "src/Notes.java",
			  "import java.io.IOException;\nimport java.nio.file.Files;\n"
			  "import java.nio.file.Path;\n\nfinal class Notes {\n"
			  "    String all(Path file) {\n        return \"\";\n    }\n\n"
			  "    boolean has(Path file, String word) {\n"
			  "        return Files.readString(file).contains(word);\n    }\n}\n",
			  NULL },
		},
		.declines = "no method beside has declares IOException",
	},
	{
		.name = "in a lambda",
		.log =
		"./src/Notes.java:11: error: unreported exception IOException; must be "
		"caught or declared to be thrown\n        Runnable run = () -> all(file);\n"
		"                                ^\n1 error\n",
		.file = {
			{ "src/Notes.java",
			  "import java.io.IOException;\nimport java.nio.file.Files;\n"
			  "import java.nio.file.Path;\n\nfinal class Notes {\n"
			  "    String all(Path file) throws IOException {\n"
			  "        return Files.readString(file);\n    }\n\n"
			  "    boolean has(Path file, String word) {\n"
			  "        Runnable run = () -> all(file);\n        return run != null;\n    }\n"
			  "}\n",
			  NULL },
		},
		.declines = "in a lambda",
	},
	{
		.name = "the interface does not allow it",
		.log =
		"./src/Notes.java:12: error: unreported exception IOException; must be "
		"caught or declared to be thrown\n        return all(file).contains(word);\n"
		"                  ^\n1 error\n",
		.file = {
			{ "src/Notes.java",
			  "import java.io.IOException;\nimport java.nio.file.Files;\n"
			  "import java.nio.file.Path;\n\nfinal class Notes implements Search {\n"
			  "    String all(Path file) throws IOException {\n"
			  "        return Files.readString(file);\n    }\n\n    @Override\n"
			  "    public boolean has(Path file, String word) {\n"
			  "        return all(file).contains(word);\n    }\n}\n",
			  NULL },
			{ "src/Search.java",
			  "import java.nio.file.Path;\n\ninterface Search {\n"
			  "    boolean has(Path file, String word);\n}\n",
			  NULL },
		},
		.declines = "what has overrides does not declare",
	},
	{0}
};

const struct template template_java_unreported_exception = {
	.name = "java_unreported_exception",
	.summary = "a checked exception that is not declared -> the method declares it, as its siblings",
	.language = "java",
	.class = "declaration",
	.oracles = "a method beside it that declares it; the interface",
	.keeps_off = "no sibling declares it, it is a lambda, or what it overrides does not allow it",
	.danger = DANGER_1,
	.tool = "javac",
	.pattern = "^unreported exception (?:\\w+\\.)*(?<exception>\\w+); must be caught or declared",
	.fix = fix,
	.examples = examples,
};

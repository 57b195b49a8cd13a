/*
 * -Xlint:rawtypes -Werror finds a raw type -> its type arguments, where the code says them: the type
 * the method gives the variable back as, or the diamond where the declared type has them. Never a
 * wildcard, never @SuppressWarnings.
 */
#include "templates/lib_java.h"
#include "templates/lib_scene.h"

/* "<String>" of the method's type, when the variable is what it gives back. */
static struct str of_result(const struct syntax *s, TSNode declaration, struct str variable)
{
	TSNode method = java_method(declaration), type = syntax_field(method, "type"), node;
	TSNode arguments = source_child(type, "type_arguments", 0);
	bool returned = false;

	for (unsigned n = 0; !ts_node_is_null(method) &&
	     !ts_node_is_null(node = syntax_below(method, "return_statement", n)); n++) {
		if (!str_equal(syntax_text(s, source_nth(node, 0)), variable))
			return STR_NONE;
		returned = true;
	}
	return returned ? syntax_text(s, arguments) : STR_NONE;
}

/* May a value of the raw type be what the method gives back? An ArrayList for a List. */
static bool is_kin(struct str raw, struct str result)
{
	return str_equal(raw, result) || str_ends(raw, "List") == str_ends(result, "List") ||
	       str_is(result, "Collection") || str_is(result, "Iterable");
}

/* "new ArrayList()" where the other side has the arguments, or gets them. */
static bool mend_creation(struct scene *scene, struct source *source, TSNode creation, struct text *why)
{
	TSNode type = syntax_field(creation, "type"), holder = source_parent(creation), declared;

	declared = syntax_field(source_parent(holder), "type");
	if (!syntax_type_is(holder, "variable_declarator") ||
	    (!syntax_type_is(declared, "generic_type") &&
	     !of_result(source->syntax, source_parent(holder),
			syntax_text(source->syntax, syntax_field(holder, "name"))).size))
		return template_decline(scene, "nothing says what is in the %.*s",
					STR_ARG(syntax_text(source->syntax, type))), false;
	edit_replace(&source->edits, source_end(type), source_end(type), STR("<>"));
	if (!why->size)
		text_addf(why, "Says in %s what the collection holds, as its declaration does.", source->path);
	return true;
}

static bool mend(struct scene *scene, struct sources *sources, struct text *why)
{
	const struct failure *failure = scene->failure;
	struct str raw = scene_group(scene, "raw"), arguments;
	struct source *source = sources_open(sources, failure->file);
	TSNode node, declaration, declarator, method;

	if (!source || source_is_test(source->path))
		return template_decline(scene, "the file is no code of this project"), false;
	node = source_node(source, source_word(source, failure->line, failure->column, raw),
			   "object_creation_expression|local_variable_declaration|formal_parameter|"
			   "field_declaration|method_declaration|cast_expression");
	if (syntax_type_is(node, "object_creation_expression"))
		return mend_creation(scene, source, node, why);
	declaration = node;
	declarator = source_child(declaration, "variable_declarator", 0);
	method = java_method(declaration);
	arguments = syntax_type_is(declaration, "local_variable_declaration") ?
		    of_result(source->syntax, declaration,
			      syntax_text(source->syntax, syntax_field(declarator, "name"))) : STR_NONE;
	if (!arguments.size || !syntax_type_is(syntax_field(declaration, "type"), "type_identifier") ||
	    !is_kin(raw, java_simple_type(source->syntax, syntax_field(method, "type"))))
		return template_decline(scene, "nothing says what is in the %.*s", STR_ARG(raw)), false;
	edit_replace(&source->edits, source_end(syntax_field(declaration, "type")),
		     source_end(syntax_field(declaration, "type")), arguments);
	text_addf(why, "The %.*s in %s holds what the method gives back.", STR_ARG(raw), source->path);
	return true;
}

static void fix(struct scene *scene)
{
	sources_mend_all(scene, ORACLE_CONTRACT, mend);
}

static const struct example examples[] = {
	{
		.name = "a list that is given back",
		.log =
		"./src/Columns.java:6: warning: [rawtypes] found raw type: List\n"
		"        List columns = new ArrayList();\n        ^\n"
		"  missing type arguments for generic class List<E>\n"
		"  where E is a type-variable:\n"
		"    E extends Object declared in interface List\n"
		"./src/Columns.java:6: warning: [rawtypes] found raw type: ArrayList\n"
		"        List columns = new ArrayList();\n                           ^\n"
		"  missing type arguments for generic class ArrayList<E>\n"
		"  where E is a type-variable:\n"
		"    E extends Object declared in class ArrayList\n"
		"./src/Columns.java:7: warning: [unchecked] unchecked call to add(E) as"
		" a member of the raw type List\n        columns.add(line);\n"
		"                   ^\n  where E is a type-variable:\n"
		"    E extends Object declared in interface List\n"
		"./src/Columns.java:8: warning: [unchecked] unchecked conversion\n"
		"        return columns;\n               ^\n  required: List<String>\n"
		"  found:    List\nerror: warnings found and -Werror specified\n1 error\n"
		"4 warnings\n",
		.file = {
			{ "src/Columns.java",
			  "import java.util.ArrayList;\nimport java.util.List;\n\nfinal class Columns {\n"
			  "    static List<String> of(String line) {\n"
			  "        List columns = new ArrayList();\n        columns.add(line);\n"
			  "        return columns;\n    }\n}\n",
			  "import java.util.ArrayList;\nimport java.util.List;\n\nfinal class Columns {\n"
			  "    static List<String> of(String line) {\n"
			  "        List<String> columns = new ArrayList<>();\n"
			  "        columns.add(line);\n        return columns;\n    }\n}\n" },
		},
	},
	{
		.name = "the diamond is missing",
		.log =
		"./src/Columns.java:6: warning: [rawtypes] found raw type: ArrayList\n"
		"        List<String> columns = new ArrayList();\n"
		"                                   ^\n"
		"  missing type arguments for generic class ArrayList<E>\n"
		"  where E is a type-variable:\n"
		"    E extends Object declared in class ArrayList\n"
		"./src/Columns.java:6: warning: [unchecked] unchecked conversion\n"
		"        List<String> columns = new ArrayList();\n"
		"                               ^\n  required: List<String>\n"
		"  found:    ArrayList\nerror: warnings found and -Werror specified\n1 error\n"
		"2 warnings\n",
		.file = {
			{ "src/Columns.java",
			  "import java.util.ArrayList;\nimport java.util.List;\n\nfinal class Columns {\n"
			  "    static List<String> of(String line) {\n"
			  "        List<String> columns = new ArrayList();\n        columns.add(line);\n"
			  "        return columns;\n    }\n}\n",
			  "import java.util.ArrayList;\nimport java.util.List;\n\nfinal class Columns {\n"
			  "    static List<String> of(String line) {\n"
			  "        List<String> columns = new ArrayList<>();\n"
			  "        columns.add(line);\n        return columns;\n    }\n}\n" },
		},
	},
	{
		.name = "a parameter",
		.log =
		"./src/Columns.java:4: warning: [rawtypes] found raw type: List\n"
		"    static int size(List columns) {\n                    ^\n"
		"  missing type arguments for generic class List<E>\n"
		"  where E is a type-variable:\n"
		"    E extends Object declared in interface List\n"
		"error: warnings found and -Werror specified\n1 error\n1 warning\n",
		.file = {
			{ "src/Columns.java",
			  "import java.util.List;\n\nfinal class Columns {\n"
			  "    static int size(List columns) {\n        return columns.size();\n    }\n"
			  "}\n",
			  NULL },
		},
		.declines = "nothing says what is in the List",
	},
	{0}
};

static const char *const types[] = { "rawtypes", NULL };

const struct template template_java_raw_type = {
	.name = "java_raw_type",
	.summary = "a raw type under -Werror -> the type arguments that the method's result has",
	.language = "java",
	.class = "type",
	.oracles = "the declared type of the result or the variable",
	.keeps_off = "the element's type is not said, as for a parameter or a field",
	.danger = DANGER_1,
	.tool = "javac",
	.types = types,
	.pattern = "^found raw type: (?<raw>\\w+)$",
	.fix = fix,
	.examples = examples,
};

/*
 * A pointer to const is handed to a parameter or a variable that takes it without -> the one that
 * takes it gets the const, in all its declarations. The compiler proves that it only reads. Keeps
 * off functions that this project does not define, tests, and what is cast away.
 */
#include "templates/lib_c.h"
#include "templates/lib_scene.h"

/* `const ` before the type of a pointer; false when it is no plain pointer to something. */
static bool add_const(struct source *code, TSNode declaration)
{
	TSNode type = syntax_field(declaration, "type"), declarator = syntax_field(declaration, "declarator");
	size_t at = ts_node_start_byte(type);

	if (syntax_type_is(declarator, "init_declarator"))
		declarator = syntax_field(declarator, "declarator");
	if (ts_node_is_null(type) || c_has_storage(code->syntax, declaration, "const") ||
	    !syntax_type_is(declarator, "pointer_declarator|abstract_pointer_declarator|array_declarator|"
			    "abstract_array_declarator") ||
	    syntax_type_is(syntax_field(declarator, "declarator"), "pointer_declarator|function_declarator|"
			   "abstract_pointer_declarator"))
		return false;
	for (size_t i = 0; i < code->edits.count; i++)
		if (code->edits.list[i].start == at)
			return true;
	edit_replace(&code->edits, at, at, STR("const "));
	return true;
}

/* The parameter of a function of the project, in all places that declare it. */
static bool mend_parameter(struct scene *scene, struct sources *codes, struct str name, struct text *why)
{
	struct c_function list[C_FUNCTIONS_MAX];
	size_t count = c_functions(codes, name, list), definitions = 0;
	struct str digits = scene_group(scene, "number");
	unsigned long number = 0;

	for (size_t i = 0; i < count && i < C_FUNCTIONS_MAX; i++) {
		definitions += list[i].defines;
		if (source_is_test(list[i].code->path))
			return template_decline(scene, "a test declares %.*s", STR_ARG(name)), false;
	}
	if (!count || count > C_FUNCTIONS_MAX || definitions != 1 || !str_number(digits, &number) || !number)
		return template_decline(scene, "%.*s is not defined once in this project", STR_ARG(name)),
		       false;
	for (size_t i = 0; i < count; i++)
		if (!add_const(list[i].code, c_parameter_at(list[i].declarator, (unsigned)number - 1)))
			return template_decline(scene, "parameter %lu of %.*s is no plain pointer", number,
						STR_ARG(name)), false;
	text_addf(why, "Parameter %lu of %.*s points to const: it only reads, as the compiler will say.",
		  number, STR_ARG(name));
	return true;
}

/* The declaration, in this function, of the variable that is set there. */
static bool mend_variable(struct scene *scene, struct source *code, struct text *why)
{
	TSNode place, function, node;
	struct str name;

	place = source_node(code, source_place(code, scene->failure), "init_declarator|assignment_expression");
	if (ts_node_is_null(place))
		return template_decline(scene, "which variable it is is not plain"), false;
	name = syntax_type_is(place, "init_declarator") ?
	       syntax_text(code->syntax, c_declared(place)) :
	       syntax_text(code->syntax, syntax_field(place, "left"));
	function = syntax_up(place, "function_definition");
	for (unsigned n = 0; !ts_node_is_null(function) &&
	     !ts_node_is_null(node = syntax_below(function, "declaration", n)); n++) {
		if (!str_equal(syntax_text(code->syntax, c_declared(syntax_field(node, "declarator"))), name))
			continue;
		if (str_char(syntax_text(code->syntax, node), ',') >= 0 && !syntax_type_is(place, "init_declarator"))
			break;
		if (!add_const(code, node))
			break;
		text_addf(why, "%.*s in %s points to const, as what it is set to.", STR_ARG(name), code->path);
		return true;
	}
	return template_decline(scene, "%.*s is no plain pointer of this function", STR_ARG(name)), false;
}

static bool mend(struct scene *scene, struct sources *codes, struct text *why)
{
	struct str name = scene_group(scene, "name");
	struct source *code = sources_open(codes, scene->failure->file);

	if (!code)
		return template_decline(scene, "the file is not in the repository"), false;
	if (name.size)
		return mend_parameter(scene, codes, name, why);
	if (source_is_test(code->path))
		return template_decline(scene, "%s is a test", code->path), false;
	return mend_variable(scene, code, why);
}

static void fix(struct scene *scene)
{
	sources_mend_all(scene, ORACLE_CONTRACT, mend);
}

static const struct example examples[] = {
	{
		.name = "a helper that only reads",
		.log =
		"b.c: In function ‘twice’:\n"
		"b.c:5:27: error: passing argument 1 of ‘length’ discards ‘const’ quali"
		"fier from pointer target type [-Werror=discarded-qualifiers]\n"
		"    5 |         return 2 * length(text);\n"
		"      |                           ^~~~\nIn file included from b.c:1:\n"
		"a.h:1:18: note: expected ‘char *’ but argument is of type ‘const char *’\n"
		"    1 | int length(char *text);\n      |            ~~~~~~^~~~\n"
		"cc1: all warnings being treated as errors\n",
		.file = {
			{ "a.c",
			  "#include \"a.h\"\n\nint length(char *text)\n{\n\tint n = 0;\n\n"
			  "\twhile (text[n])\n\t\tn++;\n\treturn n;\n}\n",
			  "#include \"a.h\"\n\nint length(const char *text)\n{\n\tint n = 0;\n\n"
			  "\twhile (text[n])\n\t\tn++;\n\treturn n;\n}\n" },
			{ "a.h",
			  "int length(char *text);\n",
			  "int length(const char *text);\n" },
			{ "b.c",
			  "#include \"a.h\"\n\nint twice(const char *text)\n{\n"
			  "\treturn 2 * length(text);\n}\n",
			  NULL },
		},
	},
	{
		.name = "a variable",
		.log =
		"b.c: In function ‘length’:\n"
		"b.c:5:21: error: initialization discards ‘const’ qualifier from pointe"
		"r target type [-Werror=discarded-qualifiers]\n"
		"    5 |         char *end = text;\n      |                     ^~~~\n"
		"cc1: all warnings being treated as errors\n",
		.file = {
			{ "b.c",
			  "#include <stddef.h>\n\nsize_t length(const char *text)\n{\n"
			  "\tchar *end = text;\n\n\twhile (*end)\n\t\tend++;\n"
			  "\treturn (size_t)(end - text);\n}\n",
			  "#include <stddef.h>\n\nsize_t length(const char *text)\n{\n"
			  "\tconst char *end = text;\n\n\twhile (*end)\n\t\tend++;\n"
			  "\treturn (size_t)(end - text);\n}\n" },
		},
	},
	{
		.name = "a function of a library",
		.log =
		"b.c: In function ‘cut’:\n"
		"b.c:5:16: error: passing argument 1 of ‘strtok’ discards ‘const’ quali"
		"fier from pointer target type [-Werror=discarded-qualifiers]\n"
		"    5 |         strtok(text, \" \");\n      |                ^~~~\n"
		"In file included from b.c:1:\n"
		"/usr/include/string.h:356:39: note: expected ‘char * restrict’ but arg"
		"ument is of type ‘const char *’\n"
		"  356 | extern char *strtok (char *__restrict __s, const char *__restr"
		"ict __delim)\n      |                      ~~~~~~~~~~~~~~~~~^~~\n"
		"cc1: all warnings being treated as errors\n",
		.file = {
			{ "b.c",
			  "#include <string.h>\n\nvoid cut(const char *text)\n{\n\tstrtok(text, \" \");\n"
			  "}\n",
			  NULL },
		},
		.declines = "is not defined once in this project",
	},
	{
		.name = "a test declares it",
		.log =
		"b.c: In function ‘twice’:\n"
		"b.c:5:27: error: passing argument 1 of ‘length’ discards ‘const’ quali"
		"fier from pointer target type [-Werror=discarded-qualifiers]\n"
		"    5 |         return 2 * length(text);\n"
		"      |                           ^~~~\nIn file included from b.c:1:\n"
		"a.h:1:18: note: expected ‘char *’ but argument is of type ‘const char *’\n"
		"    1 | int length(char *text);\n      |            ~~~~~~^~~~\n"
		"cc1: all warnings being treated as errors\n",
		.file = {
			{ "a.c",
			  "#include \"a.h\"\n\nint length(char *text)\n{\n\tint n = 0;\n\n"
			  "\twhile (text[n])\n\t\tn++;\n\treturn n;\n}\n",
			  NULL },
			{ "a.h",
			  "int length(char *text);\n",
			  NULL },
			{ "tests/test_a.c",
			  "int length(char *text);\n",
			  NULL },
			{ "b.c",
			  "#include \"a.h\"\n\nint twice(const char *text)\n{\n"
			  "\treturn 2 * length(text);\n}\n",
			  NULL },
		},
		.declines = "a test declares length",
	},
	{0}
};

static const char *const types[] = { "discarded-qualifiers", "incompatible-pointer-types-discards-qualifiers",
				     NULL };

const struct template template_c_const_lost = {
	.name = "c_const_lost",
	.summary = "const is lost where a pointer is handed on -> the one that only reads it takes it as const",
	.language = "c",
	.class = "type",
	.oracles = "the compiler, which proves that nothing is written",
	.keeps_off = "the function is a library's or a test declares it, or it is no plain pointer",
	.danger = DANGER_1,
	.types = types,
	.pattern = "^(?:passing argument (?<number>\\d+) of (?:'|\u2018)(?<name>\\w+)(?:'|\u2019) discards|"
		   "(?:initialization|assignment) discards)",
	.fix = fix,
	.examples = examples,
};

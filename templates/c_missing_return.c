/*
 * Control reaches the end of a function that owes a value -> the value that its comment promises
 * for the case, or that its siblings of the same type end with. Both must not differ. Never makes a
 * value up: without a comment two siblings are needed, and a search that gives back from its loop.
 */
#include "templates/lib_c.h"
#include "templates/lib_promise.h"
#include "templates/lib_scene.h"

/* The constant of the `return` that the body ends with; empty. */
static struct str last_value(const struct syntax *s, TSNode function)
{
	TSNode body = syntax_field(function, "body"), last;
	uint32_t count = ts_node_is_null(body) ? 0 : source_count(body);
	struct str value;

	if (!count)
		return STR_NONE;
	last = source_nth(body, count - 1);
	if (!syntax_type_is(last, "return_statement") || !source_count(last))
		return STR_NONE;
	value = syntax_text(s, source_nth(last, 0));
	return str_equal(promise_plain(value), value) ? value : STR_NONE;
}

static struct str type_of(const struct syntax *s, TSNode function)
{
	return str_trim(str_slice(s->text, ts_node_start_byte(syntax_field(function, "type")),
				  ts_node_start_byte(syntax_field(c_function_declarator(function),
								  "declarator")) -
				  ts_node_start_byte(syntax_field(function, "type"))));
}

/* What the other functions of this type in the file end with; false when they differ. */
static bool siblings_value(const struct syntax *s, TSNode function, struct str *value, unsigned *count)
{
	TSNode other;

	for (unsigned n = 0;
	     !ts_node_is_null(other = syntax_below(s->root, "function_definition", n)); n++) {
		struct str own = ts_node_eq(other, function) ||
				 !str_equal(type_of(s, other), type_of(s, function)) ?
				 STR_NONE : last_value(s, other);

		if (!own.size)
			continue;
		if (value->size && !str_equal(*value, own))
			return false;
		*value = own;
		++*count;
	}
	return true;
}

/* Does it give something back from a loop, and end right behind it? */
static bool is_search(TSNode function)
{
	TSNode body = syntax_field(function, "body"), last;
	uint32_t count = source_count(body);

	last = count ? source_nth(body, count - 1) : body;
	return syntax_type_is(last, "for_statement|while_statement|for_range_loop") &&
	       !ts_node_is_null(syntax_below(last, "return_statement", 0));
}

static bool mend(struct scene *scene, struct sources *codes, struct text *why)
{
	struct source *code = sources_open(codes, scene->failure->file);
	struct str name, said = STR_NONE, shown = STR_NONE, indent;
	TSNode function, body;
	unsigned count = 0;
	size_t end;

	if (!code || source_is_test(code->path))
		return template_decline(scene, "the function is no code of this project"), false;
	function = source_node(code, source_word(code, scene->failure->line, scene->failure->column, STR("}")),
			     "function_definition");
	if (ts_node_is_null(function))
		function = source_node(code, line_start(code->syntax->text, scene->failure->line),
				     "function_definition");
	body = syntax_field(function, "body");
	name = c_function_name(code->syntax, function);
	if (ts_node_is_null(body) || !name.size)
		return template_decline(scene, "which function ends there is not plain"), false;
	if (!promise_of(codes, name, &said))
		return template_decline(scene, "the comments of %.*s differ", STR_ARG(name)), false;
	if (!siblings_value(code->syntax, function, &shown, &count) && !said.size)
		return template_decline(scene, "the functions beside %.*s end with different values",
					STR_ARG(name)), false;
	if (!said.size && (count < 2 || !is_search(function)))
		return template_decline(scene, "nothing says what %.*s gives back at its end",
					STR_ARG(name)), false;
	if (said.size && count && shown.size && !str_equal(said, shown) && count > 1)
		return template_decline(scene, "the comment of %.*s says %.*s, and its siblings end with "
					"%.*s", STR_ARG(name), STR_ARG(said), STR_ARG(shown)), false;
	end = source_end(body) - 1;
	indent = syntax_indent(code->syntax, source_count(body) ?
			       source_nth(body, 0) : body);
	edit_replace(&code->edits, line_start(code->syntax->text, ts_node_end_point(body).row + 1),
		     end, str_of(arena_printf(scene->arena, "%.*sreturn %.*s;%s", STR_ARG(indent),
					      STR_ARG(said.size ? said : shown), source_newline(code->syntax))));
	text_addf(why, said.size ? "%.*s ends with %.*s, as its comment says." :
		  "%.*s ends with %.*s, as the functions beside it.", STR_ARG(name),
		  STR_ARG(said.size ? said : shown));
	return true;
}

static void fix(struct scene *scene)
{
	sources_mend_all(scene, ORACLE_CONTRACT, mend);
}

static const struct example examples[] = {
	{
		.name = "the header says it",
		.log =
		"a.c: In function ‘first’:\n"
		"a.c:8:1: error: control reaches end of non-void function [-Werror=return-type]\n"
		"    8 | }\n      | ^\ncc1: all warnings being treated as errors\n",
		.file = {
			{ "a.c",
			  "#include \"a.h\"\n\nint first(const char *row)\n{\n"
			  "\tfor (int i = 0; row[i]; i++)\n\t\tif (row[i] == '.')\n\t\t\treturn i;\n}\n",
			  "#include \"a.h\"\n\nint first(const char *row)\n{\n"
			  "\tfor (int i = 0; row[i]; i++)\n\t\tif (row[i] == '.')\n\t\t\treturn i;\n"
			  "\treturn -1;\n}\n" },
			{ "a.h",
			  "/* The first free seat, or -1. */\nint first(const char *row);\n",
			  NULL },
		},
	},
	{
		.name = "two siblings of the type end so",
		.log =
		"a.c: In function ‘first’:\n"
		"a.c:8:1: error: control reaches end of non-void function [-Werror=return-type]\n"
		"    8 | }\n      | ^\ncc1: all warnings being treated as errors\n",
		.file = {
			{ "a.c",
			  "#include \"a.h\"\n\nint first(const char *row)\n{\n"
			  "\tfor (int i = 0; row[i]; i++)\n\t\tif (row[i] == '.')\n\t\t\treturn i;\n}\n\n"
			  "int x(const char *row)\n{\n\twhile (*row)\n\t\tif (*row++ == 'x')\n"
			  "\t\t\treturn 7;\n\treturn 0;\n}\n\nint y(const char *row)\n{\n\twhile (*row)\n"
			  "\t\tif (*row++ == 'y')\n\t\t\treturn 7;\n\treturn 0;\n}\n",
			  "#include \"a.h\"\n\nint first(const char *row)\n{\n"
			  "\tfor (int i = 0; row[i]; i++)\n\t\tif (row[i] == '.')\n\t\t\treturn i;\n"
			  "\treturn 0;\n}\n\nint x(const char *row)\n{\n\twhile (*row)\n"
			  "\t\tif (*row++ == 'x')\n\t\t\treturn 7;\n\treturn 0;\n}\n\n"
			  "int y(const char *row)\n{\n\twhile (*row)\n\t\tif (*row++ == 'y')\n"
			  "\t\t\treturn 7;\n\treturn 0;\n}\n" },
			{ "a.h",
			  "int first(const char *row);\n",
			  NULL },
		},
	},
	{
		.name = "siblings that disagree",
		.log =
		"a.c: In function ‘first’:\n"
		"a.c:8:1: error: control reaches end of non-void function [-Werror=return-type]\n"
		"    8 | }\n      | ^\ncc1: all warnings being treated as errors\n",
		.file = {
			{ "a.c",
			  "#include \"a.h\"\n\nint first(const char *row)\n{\n"
			  "\tfor (int i = 0; row[i]; i++)\n\t\tif (row[i] == '.')\n\t\t\treturn i;\n}\n\n"
			  "int x(const char *row)\n{\n\twhile (*row)\n\t\tif (*row++ == 'x')\n"
			  "\t\t\treturn 7;\n\treturn 0;\n}\n\nint y(const char *row)\n{\n\twhile (*row)\n"
			  "\t\tif (*row++ == 'y')\n\t\t\treturn 7;\n\treturn -1;\n}\n",
			  NULL },
			{ "a.h",
			  "int first(const char *row);\n",
			  NULL },
		},
		.declines = "end with different values",
	},
	{
		.name = "comment and siblings differ",
		.log =
		"a.c: In function ‘first’:\n"
		"a.c:8:1: error: control reaches end of non-void function [-Werror=return-type]\n"
		"    8 | }\n      | ^\ncc1: all warnings being treated as errors\n",
		.file = {
			{ "a.c",
			  "#include \"a.h\"\n\nint first(const char *row)\n{\n"
			  "\tfor (int i = 0; row[i]; i++)\n\t\tif (row[i] == '.')\n\t\t\treturn i;\n}\n\n"
			  "int x(const char *row)\n{\n\twhile (*row)\n\t\tif (*row++ == 'x')\n"
			  "\t\t\treturn 7;\n\treturn 0;\n}\n\nint y(const char *row)\n{\n\twhile (*row)\n"
			  "\t\tif (*row++ == 'y')\n\t\t\treturn 7;\n\treturn 0;\n}\n",
			  NULL },
			{ "a.h",
			  "/* The first free seat, or -1. */\nint first(const char *row);\n",
			  NULL },
		},
		.declines = "its siblings end with 0",
	},
	{
		.name = "nothing says it",
		.log =
		"a.c: In function ‘first’:\n"
		"a.c:8:1: error: control reaches end of non-void function [-Werror=return-type]\n"
		"    8 | }\n      | ^\ncc1: all warnings being treated as errors\n",
		.file = {
			{ "a.c",
			  "#include \"a.h\"\n\nint first(const char *row)\n{\n"
			  "\tfor (int i = 0; row[i]; i++)\n\t\tif (row[i] == '.')\n\t\t\treturn i;\n}\n",
			  NULL },
			{ "a.h",
			  "int first(const char *row);\n",
			  NULL },
		},
		.declines = "nothing says what first gives back",
	},
	{0}
};

static const char *const types[] = { "return-type", NULL };

const struct template template_c_missing_return = {
	.name = "c_missing_return",
	.summary = "a function ends without the value it owes -> the value its comment or siblings say",
	.class = "return",
	.oracles = "the comment of the function; two siblings of the same type",
	.keeps_off = "no comment says the value, siblings differ, or comment and siblings differ",
	.danger = DANGER_2,
	.types = types,
	.pattern = "^(?:control reaches end of non-void function|no return statement in function returning "
		   "non-void|non-void function does not return a value)",
	.fix = fix,
	.examples = examples,
};

/*
 * An unused variable, a variable that is only set, or an unused parameter of a callback -> out with
 * it, and what acts on its right side stays as a statement. Keeps off where the unused name may be
 * the bug: a slip of another name, one that this commit brought, a parameter that nothing forces.
 */
#include "templates/lib_c.h"
#include "templates/lib_include.h"
#include "templates/lib_scene.h"
#include "templates/lib_similar.h"

struct search {
	const struct syntax *s;
	struct str name;
	TSNode declaration;
	bool found;
};

static bool look_for_slip(TSNode node, void *context)
{
	struct search *search = context;
	struct str other = syntax_text(search->s, node);

	if (syntax_type_is(node, "identifier") && !str_equal(other, search->name) &&
	    (similar_slip(search->name, other) || similar_slip(other, search->name)))
		search->found = true;
	return !search->found;
}

/* Did the commit before say the name in this file, and this one not more often? */
static bool is_left_over(const struct scene *scene, const struct source *code, struct str name)
{
	struct str text;
	SYNTAX before = NULL;

	if (!scene->parent)
		return true;
	if (!tree_read(scene->parent, scene->arena, code->path, &text))
		return false;
	before = syntax_open(scene->arena, code->syntax->language, text);
	return before && source_mentions(before, before->root, name) >=
			 source_mentions(code->syntax, code->syntax->root, name);
}

static unsigned declarators(TSNode node)
{
	unsigned count = 0;

	for (uint32_t i = 0; i < ts_node_child_count(node); i++) {
		const char *field = ts_node_field_name_for_child(node, i);

		count += field && !strcmp(field, "declarator");
	}
	return count;
}

/* Does the file look at what another call of this function of the project's gives back? */
static bool is_asked_elsewhere(const struct syntax *s, TSNode call)
{
	struct str name = syntax_text(s, syntax_field(call, "function"));
	TSNode node;

	if (include_of_standard(name, false).size)
		return false;
	for (unsigned n = 0; !ts_node_is_null(node = syntax_below(s->root, "call_expression", n)); n++)
		if (!ts_node_eq(node, call) && str_equal(syntax_text(s, syntax_field(node, "function")), name) &&
		    !syntax_type_is(source_parent(node), "expression_statement|cast_expression"))
			return true;
	return false;
}

/* The declaration with all sets of the name goes; what they evaluate stays where it acts. */
static bool drop_sets(struct scene *scene, struct source *code, TSNode function, TSNode declaration,
		      struct str name)
{
	const struct syntax *s = code->syntax;
	unsigned sets = 0;
	TSNode node;

	for (unsigned n = 0;
	     !ts_node_is_null(node = syntax_below(function, "assignment_expression", n)); n++) {
		TSNode right = syntax_field(node, "right"), statement = source_parent(node);

		if (!str_equal(syntax_text(s, syntax_field(node, "left")), name))
			continue;
		if (!str_is(syntax_text(s, syntax_field(node, "operator")), "=") ||
		    !syntax_type_is(statement, "expression_statement"))
			return template_decline(scene, "%.*s is counted up, or set inside of an expression",
						STR_ARG(name)), false;
		sets++;
		if (syntax_type_is(right, "call_expression") && is_asked_elsewhere(s, right))
			return template_decline(scene, "other calls look at what %.*s is set to: that may be "
						"what is missing", STR_ARG(name)), false;
		if (!c_is_pure(right))
			edit_replace(&code->edits, ts_node_start_byte(node), ts_node_start_byte(right),
				     syntax_type_is(right, "call_expression") ? STR("(void)") : STR_NONE);
		else if (syntax_type_is(source_parent(statement), "compound_statement|case_statement"))
			source_drop_lines(code, statement);
		else
			return template_decline(scene, "the only statement of a branch sets %.*s",
						STR_ARG(name)), false;
	}
	/* The declaration is one mention, each set another; anything else is a use. */
	if (source_mentions(s, function, name) != sets + 1)
		return template_decline(scene, "%.*s is used in other ways", STR_ARG(name)), false;
	source_drop_lines(code, declaration);
	return true;
}

static bool mend_variable(struct scene *scene, struct source *code, TSNode declaration, struct str name,
			  struct text *why)
{
	TSNode function = syntax_up(declaration, "function_definition");
	TSNode declarator = syntax_field(declaration, "declarator"), value;
	struct search search = { code->syntax, name, declaration, false };

	if (ts_node_is_null(function) || declarators(declaration) != 1 ||
	    c_has_storage(code->syntax, declaration, "static"))
		return template_decline(scene, "%.*s is not declared alone in a function", STR_ARG(name)), false;
	syntax_walk(function, look_for_slip, &search);
	if (search.found)
		return template_decline(scene, "%.*s may be a slip of a name beside it", STR_ARG(name)), false;
	if (!is_left_over(scene, code, name))
		return template_decline(scene, "this commit brought %.*s: its use may be what is missing",
					STR_ARG(name)), false;
	value = syntax_field(declarator, "value");
	if (!ts_node_is_null(value) && !c_is_pure(value)) {
		if (!syntax_type_is(value, "call_expression") || is_asked_elsewhere(code->syntax, value) ||
		    str_is(str_of(code->syntax->language), "cpp") ||
		    source_mentions(code->syntax, function, name) != 1)
			return template_decline(scene, "what sets %.*s acts", STR_ARG(name)), false;
		edit_replace(&code->edits, ts_node_start_byte(declaration), ts_node_start_byte(value),
			     STR("(void)"));
	} else if (!drop_sets(scene, code, function, declaration, name)) {
		return false;
	}
	text_addf(why, "Takes %.*s out of %s; what acts stays.", STR_ARG(name), code->path);
	return true;
}

/* Is the function handed on somewhere, so that its parameters are not its own choice? */
static bool is_handed_on(const struct syntax *s, struct str function)
{
	TSNode node;

	for (unsigned n = 0; !ts_node_is_null(node = syntax_below(s->root, "identifier", n)); n++) {
		TSNode parent = source_parent(node);

		if (str_equal(syntax_text(s, node), function) &&
		    !syntax_type_is(parent, "function_declarator") &&
		    !ts_node_eq(syntax_field(parent, "function"), node))
			return true;
	}
	return false;
}

static bool mend_parameter(struct scene *scene, struct source *code, TSNode parameter, struct str name,
			   struct text *why)
{
	const struct syntax *s = code->syntax;
	TSNode function = syntax_up(parameter, "function_definition"), body = syntax_field(function, "body");
	TSNode first = source_nth(body, 0);
	struct str own = c_function_name(s, function);
	size_t at;

	if (!str_is(str_of(s->language), "c") || ts_node_is_null(first) || !own.size)
		return template_decline(scene, "the parameter is not one of a C function with a body"), false;
	if (!is_handed_on(s, own) && !str_is(own, "main"))
		return template_decline(scene, "nothing forces %.*s to take %.*s: its use may be missing",
					STR_ARG(own), STR_ARG(name)), false;
	while (syntax_type_is(first, "declaration"))
		first = source_behind(first);
	if (ts_node_is_null(first))
		return template_decline(scene, "%.*s has no statement", STR_ARG(own)), false;
	at = line_start(s->text, syntax_line(first));
	edit_replace(&code->edits, at, at,
		     str_of(arena_printf(scene->arena, "%.*s(void)%.*s;%s", STR_ARG(syntax_indent(s, first)),
					 STR_ARG(name), source_newline(s))));
	text_addf(why, "Says that %.*s does not use %.*s: it is handed on, so it has to take it.",
		  STR_ARG(own), STR_ARG(name));
	return true;
}

static bool mend(struct scene *scene, struct sources *codes, struct text *why)
{
	const struct failure *failure = scene->failure;
	struct str name = scene_group(scene, "name");
	struct source *code = sources_open(codes, failure->file);
	TSNode node;

	if (!code || source_is_test(code->path))
		return template_decline(scene, "the file is no code of this project"), false;
	node = source_node(code, source_word(code, failure->line, failure->column, name),
			 "parameter_declaration|declaration");
	if (ts_node_is_null(node) ||
	    !str_equal(syntax_text(code->syntax, c_declared(syntax_field(node, "declarator"))), name))
		return template_decline(scene, "%.*s is not declared plainly there", STR_ARG(name)), false;
	if (syntax_type_is(node, "parameter_declaration"))
		return mend_parameter(scene, code, node, name, why);
	return mend_variable(scene, code, node, name, why);
}

static void fix(struct scene *scene)
{
	sources_mend_all(scene, ORACLE_TOOL, mend);
}

static const struct example examples[] = {
	{
		.name = "a variable without effect",
		.log =
		"a.c: In function ‘twice’:\n"
		"a.c:3:13: error: unused variable ‘two’ [-Werror=unused-variable]\n"
		"    3 |         int two = 2;\n      |             ^~~\n"
		"cc1: all warnings being treated as errors\n",
		.file = {
			{ "a.c",
			  "int twice(int n)\n{\n\tint two = 2;\n\n\treturn n + n;\n}\n",
			  "int twice(int n)\n{\n\treturn n + n;\n}\n" },
		},
	},
	{
		.name = "a call that sets it stays",
		.log =
		"a.c: In function ‘second’:\n"
		"a.c:5:13: error: variable ‘first’ set but not used [-Werror=unused-but"
		"-set-variable]\n    5 |         int first;\n      |             ^~~~~\n"
		"cc1: all warnings being treated as errors\n",
		.file = {
			{ "a.c",
			  "#include <stdio.h>\n\nint second(FILE *in)\n{\n\tint first;\n\n"
			  "\tfirst = fgetc(in);\n\treturn fgetc(in);\n}\n",
			  "#include <stdio.h>\n\nint second(FILE *in)\n{\n\t(void)fgetc(in);\n"
			  "\treturn fgetc(in);\n}\n" },
		},
	},
	{
		.name = "a callback's parameter",
		.log =
		"a.c: In function ‘any’:\n"
		"a.c:3:43: error: unused parameter ‘b’ [-Werror=unused-parameter]\n"
		"    3 | static int any(const void *a, const void *b)\n"
		"      |                               ~~~~~~~~~~~~^\n"
		"cc1: all warnings being treated as errors\n",
		.file = {
			{ "a.c",
			  "#include <stdlib.h>\n\nstatic int any(const void *a, const void *b)\n{\n"
			  "\treturn *(const int *)a;\n}\n\nvoid mix(int *list, size_t count)\n{\n"
			  "\tqsort(list, count, sizeof(*list), any);\n}\n",
			  "#include <stdlib.h>\n\nstatic int any(const void *a, const void *b)\n{\n"
			  "\t(void)b;\n\treturn *(const int *)a;\n}\n\n"
			  "void mix(int *list, size_t count)\n{\n"
			  "\tqsort(list, count, sizeof(*list), any);\n}\n" },
		},
	},
	{
		.name = "a parameter that nothing forces",
		.log =
		"a.c: In function ‘area’:\n"
		"a.c:1:25: error: unused parameter ‘height’ [-Werror=unused-parameter]\n"
		"    1 | int area(int width, int height)\n"
		"      |                     ~~~~^~~~~~\n"
		"cc1: all warnings being treated as errors\n",
		.file = {
			{ "a.c",
			  "int area(int width, int height)\n{\n\treturn width * width;\n}\n",
			  NULL },
		},
		.declines = "nothing forces area to take height",
	},
	{
		.name = "a slip of another name",
		.log =
		"a.c: In function ‘sum’:\n"
		"a.c:4:13: error: unused variable ‘totla’ [-Werror=unused-variable]\n"
		"    4 |         int totla = 5;\n      |             ^~~~~\n"
		"cc1: all warnings being treated as errors\n",
		.file = {
			{ "a.c",
			  "int sum(int n)\n{\n\tint total = 0, i;\n\tint totla = 5;\n\n"
			  "\tfor (i = 0; i < n; i++)\n\t\ttotal += i;\n\treturn total;\n}\n",
			  NULL },
		},
		.declines = "totla may be a slip",
	},
	{
		.name = "this commit brought it",
		.log =
		"a.c: In function ‘twice’:\n"
		"a.c:3:13: error: unused variable ‘two’ [-Werror=unused-variable]\n"
		"    3 |         int two = 2;\n      |             ^~~\n"
		"cc1: all warnings being treated as errors\n",
		.file = {
			{ "a.c",
			  "int twice(int n)\n{\n\tint two = 2;\n\n\treturn n + n;\n}\n",
			  NULL,
			  .was = "int twice(int n)\n{\n\treturn n + n;\n}\n" },
		},
		.declines = "its use may be what is missing",
	},
	{
		.name = "other calls look at the result",
		.log =
		"a.c: In function ‘both’:\n"
		"a.c:6:13: error: variable ‘result’ set but not used [-Werror=unused-bu"
		"t-set-variable]\n    6 |         int result;\n      |             ^~~~~~\n"
		"cc1: all warnings being treated as errors\n",
		.file = {
			{ "a.c",
			  "int save(int n);\nvoid both(int n);\n\nvoid both(int n)\n{\n\tint result;\n\n"
			  "\tif (save(1))\n\t\treturn;\n\tresult = save(n);\n}\n",
			  NULL },
		},
		.declines = "other calls look at what result is set to",
	},
	{
		.name = "it counts something",
		.log =
		"a.c:3:6: error: variable 'seen' set but not used [-Werror,-Wunused-but"
		"-set-variable]\n        int seen = 0;\n            ^\n1 error generated.\n",
		.file = {
			{ "a.c",
			  "int sum(int n)\n{\n\tint seen = 0;\n\tint sum = 0;\n\n\twhile (n--) {\n"
			  "\t\tseen += 1;\n\t\tsum += n;\n\t}\n\treturn sum;\n}\n",
			  NULL },
		},
		.declines = "is counted up",
	},
	{0}
};

static const char *const types[] = { "unused-variable", "unused-but-set-variable", "unused-parameter", NULL };

const struct template template_c_unused = {
	.name = "c_unused",
	.summary = "an unused variable or a callback's parameter -> out with it; what acts stays",
	.class = "unused",
	.oracles = "the compiler",
	.keeps_off = "a slip of a name beside it, brought by this commit, counted up, or a parameter that nothing "
		     "forces",
	.danger = DANGER_1,
	.types = types,
	.pattern = "^(?:unused (?:variable|parameter)|variable|parameter) (?:'|\u2018)(?<name>\\w+)(?:'|\u2019)",
	.fix = fix,
	.examples = examples,
};

/*
 * A loop that counts an int up to an unsigned bound -> the counter gets the bound's type. Only where
 * the counter is never negative: it is set to a number, counted up, compared and used as an index.
 * No cast is ever put in, and a loop downwards is left alone.
 */
#include "templates/lib_c.h"
#include "templates/lib_scene.h"

struct uses {
	const struct syntax *s;
	struct str name;
	TSNode declaration;
	bool safe;
	unsigned compared;
};

static struct str operator_of(const struct syntax *s, TSNode node)
{
	return syntax_text(s, syntax_field(node, "operator"));
}

static bool is_plus_number(const struct syntax *s, TSNode value)
{
	return syntax_type_is(value, "number_literal") && !str_has(syntax_text(s, value), ".");
}

static bool is_safe_use(struct uses *u, TSNode node)
{
	TSNode parent = source_parent(node);
	struct str op = operator_of(u->s, parent);

	if (syntax_type_is(parent, "init_declarator"))
		return is_plus_number(u->s, syntax_field(parent, "value"));
	if (syntax_type_is(parent, "assignment_expression"))
		return ts_node_eq(syntax_field(parent, "left"), node) &&
		       (str_is(op, "=") || str_is(op, "+=")) &&
		       is_plus_number(u->s, syntax_field(parent, "right"));
	if (syntax_type_is(parent, "update_expression"))
		return str_is(op, "++");
	if (syntax_type_is(parent, "binary_expression")) {
		bool compares = word_among(op, "< <= > >= == !=");

		u->compared += compares;
		if (compares && is_plus_number(u->s, syntax_field(parent, "right")))
			return !word_among(op, "<= >=") &&
			       !(str_is(op, "<") && str_is(syntax_text(u->s, syntax_field(parent, "right")), "0"));
		return compares || str_is(op, "+");
	}
	return syntax_type_is(parent, "subscript_expression|subscript_argument_list|cast_expression|"
			      "return_statement|declaration");
}

static bool look_at_use(TSNode node, void *context)
{
	struct uses *u = context;

	if (syntax_type_is(node, "identifier") && str_equal(syntax_text(u->s, node), u->name) &&
	    !is_safe_use(u, node))
		u->safe = false;
	return u->safe;
}

/* The only declaration of the name in the function, which declares nothing else; null. */
static TSNode declaration_of(const struct syntax *s, TSNode function, struct str name)
{
	TSNode node, found = {{0}, NULL, NULL}, none = found;

	for (unsigned n = 0; !ts_node_is_null(node = syntax_below(function, "declaration", n)); n++) {
		TSNode declarator = syntax_field(node, "declarator");

		if (!source_mentions(s, declarator, name) || !str_equal(syntax_text(s, c_declared(declarator)), name))
			continue;
		if (!ts_node_is_null(found))
			return none;
		found = node;
	}
	/* "int i, n;" has two declarators. */
	if (!ts_node_is_null(found) && str_char(str_slice(s->text, ts_node_start_byte(found),
		source_end(found) - ts_node_start_byte(found)), ',') >= 0)
		return none;
	return found;
}

/* Which side of the comparison is the counter: the one whose type the message names as signed. */
static TSNode counter_of(const struct scene *scene, TSNode comparison)
{
	struct str first = scene_group(scene, "first");
	TSNode none = {{0}, NULL, NULL}, side;

	side = syntax_field(comparison, str_is(first, "int") ? "left" : "right");
	return syntax_type_is(side, "identifier") ? side : none;
}

static bool mend(struct scene *scene, struct sources *codes, struct text *why)
{
	const struct failure *failure = scene->failure;
	struct source *code = sources_open(codes, failure->file);
	struct str first = scene_group(scene, "first"), second = scene_group(scene, "second"), bound, name;
	TSNode comparison = {{0}, NULL, NULL}, counter, function, declaration;
	struct uses uses;

	bound = str_is(first, "int") ? second : first;
	if (str_is(first, "int") == str_is(second, "int") || !(str_is(bound, "size_t") ||
	    str_starts(bound, "uint") || str_has(bound, "unsigned") || str_has(bound, "size_type")))
		return template_decline(scene, "neither side is an int that could be unsigned"), false;
	if (code)
		comparison = source_node(code, source_place(code, failure), "binary_expression");
	if (!code || ts_node_is_null(comparison))
		return template_decline(scene, "the comparison is not where the log says"), false;
	counter = counter_of(scene, comparison);
	name = syntax_text(code->syntax, counter);
	function = syntax_up(comparison, "function_definition");
	if (ts_node_is_null(counter) || ts_node_is_null(function) ||
	    ts_node_is_null(syntax_up(comparison, "for_statement|while_statement")))
		return template_decline(scene, "it is no loop that counts"), false;
	declaration = declaration_of(code->syntax, function, name);
	if (!str_is(syntax_text(code->syntax, syntax_field(declaration, "type")), "int"))
		return template_decline(scene, "%.*s is not declared alone as an int in the function",
					STR_ARG(name)), false;
	uses = (struct uses){ code->syntax, name, declaration, true, 0 };
	syntax_walk(function, look_at_use, &uses);
	if (!uses.safe)
		return template_decline(scene, "%.*s may be below zero, or is used as a signed number",
					STR_ARG(name)), false;
	if (str_has(bound, "size_type"))
		bound = STR("std::size_t");
	if (str_is(bound, "long unsigned int"))
		bound = STR("unsigned long");
	if (str_has(bound, "unsigned int"))
		bound = STR("unsigned");
	edit_node(&code->edits, syntax_field(declaration, "type"), bound);
	text_addf(why, "%.*s in %s is a %.*s like its bound: it only counts up from a number.", STR_ARG(name),
		  code->path, STR_ARG(bound));
	return true;
}

static void fix(struct scene *scene)
{
	sources_mend_all(scene, ORACLE_CONTRACT, mend);
}

static const struct example examples[] = {
	{
		.name = "a loop upwards",
		.log =
		"a.c: In function ‘blanks’:\n"
		"a.c:7:27: error: comparison of integer expressions of different signed"
		"ness: ‘int’ and ‘size_t’ {aka ‘long unsigned int’} [-Werror=sign-compare]\n"
		"    7 |         for (int i = 0; i < strlen(s); i++)\n"
		"      |                           ^\n"
		"cc1: all warnings being treated as errors\n",
		.file = {
			{ "a.c",
			  "#include <string.h>\n\nint blanks(const char *s)\n{\n\tint count = 0;\n\n"
			  "\tfor (int i = 0; i < strlen(s); i++)\n\t\tcount += s[i] == ' ';\n"
			  "\treturn count;\n}\n",
			  "#include <string.h>\n\nint blanks(const char *s)\n{\n\tint count = 0;\n\n"
			  "\tfor (size_t i = 0; i < strlen(s); i++)\n\t\tcount += s[i] == ' ';\n"
			  "\treturn count;\n}\n" },
		},
	},
	{
		.name = "an unsigned bound, declared before",
		.log =
		"a.c: In function ‘sum’:\n"
		"a.c:5:23: error: comparison of integer expressions of different signed"
		"ness: ‘int’ and ‘unsigned int’ [-Werror=sign-compare]\n"
		"    5 |         for (i = 0; i < count; i++)\n      |                       ^\n"
		"cc1: all warnings being treated as errors\n",
		.file = {
			{ "a.c",
			  "int sum(const int *list, unsigned count)\n{\n\tint i, sum = 0;\n\n"
			  "\tfor (i = 0; i < count; i++)\n\t\tsum += list[i];\n\treturn sum;\n}\n",
			  NULL },
		},
		.declines = "is not declared alone",
	},
	{
		.name = "clang, an unsigned bound",
		.log =
		"a.c:6:16: error: comparison of integers of different signs: 'int' and "
		"'unsigned int' [-Werror,-Wsign-compare]\n        for (i = 0; i < count; i++)\n"
		"                    ~ ^ ~~~~~\n1 error generated.\n",
		.file = {
			{ "a.c",
			  "int sum(const int *list, unsigned count)\n{\n\tint sum = 0;\n\tint i;\n\n"
			  "\tfor (i = 0; i < count; i++)\n\t\tsum += list[i];\n\treturn sum;\n}\n",
			  "int sum(const int *list, unsigned count)\n{\n\tint sum = 0;\n\tunsigned i;\n\n"
			  "\tfor (i = 0; i < count; i++)\n\t\tsum += list[i];\n\treturn sum;\n}\n" },
		},
	},
	{
		.name = "the counter may be below zero",
		.log =
		"a.c: In function ‘last’:\n"
		"a.c:7:22: error: comparison of integer expressions of different signed"
		"ness: ‘int’ and ‘size_t’ {aka ‘long unsigned int’} [-Werror=sign-compare]\n"
		"    7 |         while (i + 1 < size && s[i + 1])\n"
		"      |                      ^\ncc1: all warnings being treated as errors\n",
		.file = {
			{ "a.c",
			  "#include <stddef.h>\n\nint last(const char *s, size_t size)\n{\n"
			  "\tint i = -1;\n\n\twhile (i + 1 < size && s[i + 1])\n\t\ti++;\n\treturn i;\n"
			  "}\n",
			  NULL },
		},
		.declines = "no loop that counts",
	},
	{
		.name = "it is taken one off",
		.log =
		"a.c: In function ‘same’:\n"
		"a.c:7:27: error: comparison of integer expressions of different signed"
		"ness: ‘int’ and ‘size_t’ {aka ‘long unsigned int’} [-Werror=sign-compare]\n"
		"    7 |         for (int i = 0; i < size; i++)\n"
		"      |                           ^\n"
		"cc1: all warnings being treated as errors\n",
		.file = {
			{ "a.c",
			  "#include <stddef.h>\n\nint same(const char *s, size_t size)\n{\n"
			  "\tint same = 0;\n\n\tfor (int i = 0; i < size; i++)\n"
			  "\t\tsame += i - 1 >= 0 && s[i] == s[i - 1];\n\treturn same;\n}\n",
			  NULL },
		},
		.declines = "below zero",
	},
	{0}
};

static const char *const types[] = { "sign-compare", NULL };

const struct template template_c_sign_compare = {
	.name = "c_sign_compare",
	.summary = "an int counts up to an unsigned bound -> the counter gets the bound's type",
	.class = "type",
	.oracles = "the compiler's types; all uses of the counter",
	.keeps_off = "the counter may be below zero, runs down, or is used as a signed number",
	.danger = DANGER_1,
	.types = types,
	.pattern = "^comparison of (?:integer expressions of different signedness: |integers of different "
		   "signs: )(?:'|\u2018)(?<first>[\\w: <>]+)(?:'|\u2019).*? and (?:'|\u2018)(?<second>[\\w: <>]+)"
		   "(?:'|\u2019)",
	.fix = fix,
	.examples = examples,
};

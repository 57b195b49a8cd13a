/*
 * A function of this project is deprecated "use NAME" -> NAME, when it takes the same parameters and
 * gives back the same. Keeps off a successor that asks for more, as somebody has to say what.
 */
#include "templates/lib_c.h"
#include "templates/lib_scene.h"

static struct str result_type(const struct c_function *f)
{
	TSNode type = syntax_field(f->node, "type");
	size_t start = ts_node_start_byte(type);

	return str_trim(str_slice(f->code->syntax->text, start, ts_node_start_byte(f->declarator) - start));
}

/* The same result and the same parameters, apart from their names. */
static bool is_alike(struct arena *a, const struct c_function *one, const struct c_function *other)
{
	if (!str_equal(result_type(one), result_type(other)))
		return false;
	for (unsigned n = 0;; n++) {
		TSNode first = c_parameter_at(one->declarator, n), second = c_parameter_at(other->declarator, n);

		if (ts_node_is_null(first) || ts_node_is_null(second))
			return ts_node_is_null(first) == ts_node_is_null(second);
		if (!str_equal(c_parameter_type(a, one->code->syntax, first),
			       c_parameter_type(a, other->code->syntax, second)))
			return false;
	}
}

static bool mend(struct scene *scene, struct sources *codes, struct text *why)
{
	struct str name = scene_group(scene, "name"), successor = scene_group(scene, "successor");
	struct c_function old[C_FUNCTIONS_MAX], new[C_FUNCTIONS_MAX];
	size_t old_count = c_functions(codes, name, old), new_count = c_functions(codes, successor, new), at;
	struct source *code = sources_open(codes, scene->failure->file);

	if (!code || source_is_test(code->path) || !old_count || !new_count || old_count > C_FUNCTIONS_MAX ||
	    new_count > C_FUNCTIONS_MAX)
		return template_decline(scene, "%.*s and %.*s are not both of this project", STR_ARG(name),
					STR_ARG(successor)), false;
	for (size_t i = 0; i < new_count; i++)
		if (!is_alike(scene->arena, &old[0], &new[i]))
			return template_decline(scene, "%.*s takes or gives back something else than %.*s",
						STR_ARG(successor), STR_ARG(name)), false;
	at = source_word(code, scene->failure->line, scene->failure->column, name);
	if (at == SIZE_MAX)
		return template_decline(scene, "where %.*s stands is not plain", STR_ARG(name)), false;
	edit_replace(&code->edits, at, at + name.size, successor);
	text_addf(why, "%.*s in %s is %.*s now, as its declaration says.", STR_ARG(name), code->path,
		  STR_ARG(successor));
	return true;
}

static void fix(struct scene *scene)
{
	sources_mend_all(scene, ORACLE_CONTRACT, mend);
}

static const struct example examples[] = {
	{
		.name = "the successor takes the same",
		.log =
		"a.c: In function ‘quarter’:\n"
		"a.c:5:9: error: ‘half’ is deprecated: use half_of instead [-Werror=dep"
		"recated-declarations]\n    5 |         return half(n) / 2;\n"
		"      |         ^~~~~~\nIn file included from a.c:1:\n"
		"a.h:1:5: note: declared here\n"
		"    1 | int half(int n) __attribute__((deprecated(\"use half_of instead\")));\n"
		"      |     ^~~~\ncc1: all warnings being treated as errors\n",
		.file = {
			{ "a.c",
			  "#include \"a.h\"\n\nint quarter(int n)\n{\n\treturn half(n) / 2;\n}\n",
			  "#include \"a.h\"\n\nint quarter(int n)\n{\n\treturn half_of(n) / 2;\n}\n" },
			{ "a.h",
			  "int half(int n) __attribute__((deprecated(\"use half_of instead\")));\n"
			  "int half_of(int number);\n",
			  NULL },
		},
	},
	{
		.name = "C++",
		.log =
		"a.cpp: In function ‘int quarter(int)’:\n"
		"a.cpp:5:16: error: ‘int half(int)’ is deprecated: Use half_of. [-Werro"
		"r=deprecated-declarations]\n    5 |     return half(n) / 2;\n"
		"      |            ~~~~^~~\nIn file included from a.cpp:1:\n"
		"a.hpp:1:36: note: declared here\n"
		"    1 | [[deprecated(\"Use half_of.\")]] int half(int n);\n"
		"      |                                    ^~~~\n"
		"cc1plus: all warnings being treated as errors\n",
		.file = {
			{ "a.cpp",
			  "#include \"a.hpp\"\n\nint quarter(int n)\n{\n    return half(n) / 2;\n}\n",
			  "#include \"a.hpp\"\n\nint quarter(int n)\n{\n    return half_of(n) / 2;\n}\n" },
			{ "a.hpp",
			  "[[deprecated(\"Use half_of.\")]] int half(int n);\nint half_of(int n);\n",
			  NULL },
		},
	},
	{
		.name = "the successor wants more",
		.log =
		"a.c: In function ‘quarter’:\n"
		"a.c:5:9: error: ‘half’ is deprecated: use half_of instead [-Werror=dep"
		"recated-declarations]\n    5 |         return half(n) / 2;\n"
		"      |         ^~~~~~\nIn file included from a.c:1:\n"
		"a.h:1:5: note: declared here\n"
		"    1 | int half(int n) __attribute__((deprecated(\"use half_of instead\")));\n"
		"      |     ^~~~\ncc1: all warnings being treated as errors\n",
		.file = {
			{ "a.c",
			  "#include \"a.h\"\n\nint quarter(int n)\n{\n\treturn half(n) / 2;\n}\n",
			  NULL },
			{ "a.h",
			  "int half(int n) __attribute__((deprecated(\"use half_of instead\")));\n"
			  "int half_of(int number, int rounding);\n",
			  NULL },
		},
		.declines = "takes or gives back something else",
	},
	{
		.name = "a text that does not name a successor plainly",
		.log =
		"a.c: In function ‘quarter’:\n"
		"a.c:5:9: error: ‘half’ is deprecated: use fractions [-Werror=deprecate"
		"d-declarations]\n    5 |         return half(n) / 2;\n      |         ^~~~~~\n"
		"In file included from a.c:1:\na.h:1:5: note: declared here\n"
		"    1 | int half(int n) __attribute__((deprecated(\"use fractions\")));\n"
		"      |     ^~~~\ncc1: all warnings being treated as errors\n",
		.file = {
			{ "a.c",
			  "#include \"a.h\"\n\nint quarter(int n)\n{\n\treturn half(n) / 2;\n}\n",
			  NULL },
			{ "a.h",
			  "int half(int n) __attribute__((deprecated(\"use fractions\")));\n"
			  "int half_of(int number);\n",
			  NULL },
		},
		.declines = "are not both of this project",
	},
	{0}
};

static const char *const types[] = { "deprecated-declarations", NULL };

const struct template template_c_deprecated = {
	.name = "c_deprecated",
	.summary = "a function that is deprecated \"use NAME\" -> NAME, when it takes and gives the same",
	.class = "deprecation",
	.oracles = "the deprecation's own text, and both declarations",
	.keeps_off = "the successor takes or gives something else, or is no function of this project",
	.danger = DANGER_1,
	.types = types,
	.pattern = "^(?:'|\u2018)(?:[^'\u2019(]*[ :*&])?(?<name>\\w+)(?:\\([^'\u2019]*\\))?(?:'|\u2019) is deprecated: (?i:.*\\b(?:use|"
		   "replaced by|renamed to|superseded by) )[`'\"]?(?<successor>\\w+)(?:\\(\\))?[`'\"]?"
		   "(?: instead)?[.!]?$",
	.fix = fix,
	.examples = examples,
};

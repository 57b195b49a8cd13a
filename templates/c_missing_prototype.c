/*
 * A function without a prototype (-Wmissing-prototypes) -> `static` when only its own file knows
 * it, the include of the header that declares it, or a prototype in the header of its own file when
 * other files that include this header call it. Keeps off main, and what nobody calls.
 */
#include "git/path.h"
#include "templates/lib_c.h"
#include "templates/lib_include.h"
#include "templates/lib_scene.h"

static TSNode definition_of(const struct source *code, struct str name)
{
	TSNode node;

	for (unsigned n = 0;
	     !ts_node_is_null(node = syntax_below(code->syntax->root, "function_definition", n)); n++)
		if (str_equal(c_function_name(code->syntax, node), name))
			return node;
	return node;
}

/* The header of the same name as the source, when the source includes it; NULL. */
static const char *own_header(const struct scene *scene, const struct source *code)
{
	struct str stem = path_name(str_of(code->path));

	(void)str_split_last(stem, ".", &stem, NULL);
	for (size_t i = 0; i < scene->tree->count; i++) {
		const char *path = scene->tree->entries[i].path;
		struct str name = path_name(str_of(path));

		if (str_skip(&name, str_text(scene->arena, stem)) && str_starts(name, ".h") &&
		    c_includes(code->syntax, path) && !scene_is_aside(path, code->path))
			return path;
	}
	return NULL;
}

/* Do all other files of code that name the function include the header? */
static bool users_include(struct sources *codes, const char *path, const char *header, const char *word)
{
	const struct tree *tree = codes->scene->tree;
	struct str text;

	for (size_t i = 0; i < tree->count; i++) {
		const char *other = tree->entries[i].path;
		const struct source *code;

		if (!strcmp(other, path) || !c_is_code(other) || !scene_read(codes->scene, other, &text) ||
		    !text_has_word(text, word))
			continue;
		code = sources_open(codes, other);
		if (!code || !c_includes(code->syntax, header))
			return false;
	}
	return true;
}

/* The prototype behind the last one of the header. */
static bool declare(struct sources *codes, struct source *code, TSNode node, const char *path)
{
	struct source *header = sources_open(codes, path);
	TSNode last = {{0}, NULL, NULL}, one;
	struct str head;
	size_t at;

	for (unsigned n = 0; header &&
	     !ts_node_is_null(one = syntax_below(header->syntax->root, "declaration", n)); n++)
		if (!ts_node_is_null(c_function_declarator(one)))
			last = one;
	if (!header || ts_node_is_null(last))
		return false;
	head = str_slice(code->syntax->text, ts_node_start_byte(node),
			 source_end(syntax_field(node, "declarator")) - ts_node_start_byte(node));
	at = line_end(header->syntax->text, source_end(last));
	edit_replace(&header->edits, at, at,
		     str_of(arena_printf(codes->scene->arena, "%.*s;%s", STR_ARG(head),
					 source_newline(header->syntax))));
	return true;
}

static bool make_static(struct scene *scene, struct source *code, TSNode node, struct text *why)
{
	struct str name = scene_group(scene, "name");
	size_t start = ts_node_start_byte(node);

	if (c_has_storage(code->syntax, node, "extern") || c_has_storage(code->syntax, node, "inline") ||
	    c_has_storage(code->syntax, node, "static"))
		return template_decline(scene, "%.*s is extern or inline", STR_ARG(name)), false;
	if (source_mentions(code->syntax, code->syntax->root, name) < 2)
		return template_decline(scene, "nobody calls %.*s", STR_ARG(name)), false;
	edit_replace(&code->edits, start, start, STR("static "));
	text_addf(why, "Makes %.*s static: only %s knows it.", STR_ARG(name), code->path);
	return true;
}

static bool mend(struct scene *scene, struct sources *codes, struct text *why)
{
	struct str name = scene_group(scene, "name"), spelled;
	const char *word = str_text(scene->arena, name), *reason = "", *header, *other;
	struct source *code = sources_open(codes, scene->failure->file);
	TSNode node;

	if (!code || source_is_test(code->path) || !str_is(str_of(code->syntax->language), "c"))
		return template_decline(scene, "the function is no C of this project"), false;
	node = definition_of(code, name);
	if (ts_node_is_null(node) || str_is(name, "main"))
		return template_decline(scene, "%s is not defined plainly", word), false;
	if (include_of_project(scene->arena, scene->tree, code->path, word, &spelled, &reason)) {
		if (include_is_there(code->syntax, spelled))
			return template_decline(scene, "%.*s declares %s already, without its parameters",
						STR_ARG(spelled), word), false;
		include_add(&code->edits, code->syntax, code->path, spelled);
		text_addf(why, "Includes %.*s in %s: it declares %s.", STR_ARG(spelled), code->path, word);
		return true;
	}
	other = c_who_else(scene, code->path, word);
	if (!other)
		return make_static(scene, code, node, why);
	header = own_header(scene, code);
	if (!header || !users_include(codes, code->path, header, word) || !declare(codes, code, node, header))
		return template_decline(scene, "%s names %s too, and no header of both declares functions of "
					"%s", other, word, code->path), false;
	text_addf(why, "Declares %s in %s, which those who call it include.", word, header);
	return true;
}

static void fix(struct scene *scene)
{
	sources_mend_all(scene, ORACLE_CONTRACT, mend);
}

static const struct example examples[] = {
	{
		.name = "only its own file knows it",
		.log =
		"a.c:3:5: error: no previous prototype for ‘twice’ [-Werror=missing-prototypes]\n"
		"    3 | int twice(int n)\n      |     ^~~~~\n"
		"cc1: all warnings being treated as errors\n",
		.file = {
			{ "a.c",
			  "#include \"a.h\"\n\nint twice(int n)\n{\n\treturn 2 * n;\n}\n\n"
			  "int four(void)\n{\n\treturn twice(2);\n}\n",
			  "#include \"a.h\"\n\nstatic int twice(int n)\n{\n\treturn 2 * n;\n}\n\n"
			  "int four(void)\n{\n\treturn twice(2);\n}\n" },
			{ "a.h",
			  "int four(void);\n",
			  NULL },
		},
	},
	{
		.name = "a header declares it that the file does not include",
		.log =
		"a.c:1:5: error: no previous prototype for ‘four’ [-Werror=missing-prototypes]\n"
		"    1 | int four(void)\n      |     ^~~~\n"
		"cc1: all warnings being treated as errors\n",
		.file = {
			{ "a.c",
			  "int four(void)\n{\n\treturn 4;\n}\n",
			  "#include \"a.h\"\n\nint four(void)\n{\n\treturn 4;\n}\n" },
			{ "a.h",
			  "int four(void);\n",
			  NULL },
			{ "b.c",
			  "#include \"a.h\"\n\nint main(void)\n{\n\treturn four();\n}\n",
			  NULL },
		},
	},
	{
		.name = "others call it that include the header of its file",
		.log =
		"a.c:3:5: error: no previous prototype for ‘twice’ [-Werror=missing-prototypes]\n"
		"    3 | int twice(int n)\n      |     ^~~~~\n"
		"cc1: all warnings being treated as errors\n",
		.file = {
			{ "a.c",
			  "#include \"a.h\"\n\nint twice(int n)\n{\n\treturn 2 * n;\n}\n\n"
			  "int four(void)\n{\n\treturn twice(2);\n}\n",
			  NULL },
			{ "a.h",
			  "/* The number four. */\nint four(void);\n",
			  "/* The number four. */\nint four(void);\nint twice(int n);\n" },
			{ "b.c",
			  "#include \"a.h\"\n\nint main(void)\n{\n\treturn four() - twice(2);\n}\n",
			  NULL },
		},
	},
	{
		.name = "nobody calls it",
		.log =
		"a.c:1:5: error: no previous prototype for ‘twice’ [-Werror=missing-prototypes]\n"
		"    1 | int twice(int n)\n      |     ^~~~~\n"
		"cc1: all warnings being treated as errors\n",
		.file = {
			{ "a.c",
			  "int twice(int n)\n{\n\treturn 2 * n;\n}\n",
			  NULL },
		},
		.declines = "nobody calls twice",
	},
	{
		.name = "another file calls it without a header",
		.log =
		"a.c:3:5: error: no previous prototype for ‘twice’ [-Werror=missing-prototypes]\n"
		"    3 | int twice(int n)\n      |     ^~~~~\n"
		"cc1: all warnings being treated as errors\n",
		.file = {
			{ "a.c",
			  "#include \"a.h\"\n\nint twice(int n)\n{\n\treturn 2 * n;\n}\n\n"
			  "int four(void)\n{\n\treturn twice(2);\n}\n",
			  NULL },
			{ "a.h",
			  "int four(void);\n",
			  NULL },
			{ "b.c",
			  "int twice(int n);\n\nint main(void)\n{\n\treturn twice(2);\n}\n",
			  NULL },
		},
		.declines = "b.c names twice too",
	},
	{0}
};

static const char *const types[] = { "missing-prototypes", "missing-declarations", NULL };

const struct template template_c_missing_prototype = {
	.name = "c_missing_prototype",
	.summary = "a function without a prototype -> static, the include that declares it, or its header",
	.language = "c",
	.class = "declaration",
	.oracles = "who calls it; the header that declares it",
	.keeps_off = "nobody calls it, it is extern or inline, or its callers share no header with it",
	.danger = DANGER_1,
	.types = types,
	.pattern = "^no previous (?:prototype|declaration) for (?:function )?(?:'|\u2018)(?<name>\\w+)(?:'|\u2019)",
	.fix = fix,
	.examples = examples,
};

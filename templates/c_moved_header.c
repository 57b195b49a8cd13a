/*
 * An include names a header of this project that the failing commit moved or renamed -> its new name
 * in all files that include it. Only with the commit before, where the include still led to a file;
 * a header of a library is no business of this template.
 */
#include "git/path.h"
#include "templates/lib_c.h"
#include "templates/lib_scene.h"

enum { LINES_MAX = 5000 };

static bool is_header(const char *path)
{
	return word_among(path_ending(str_of(path)), "h hpp hh hxx inc");
}

/* What share of the old lines (in hundredths) is still there in the new text. */
static unsigned likeness(struct str before, struct str after)
{
	unsigned same = 0, all = 0;
	struct str line;

	while (str_next_line(&before, &line) && all < LINES_MAX) {
		if (!str_trim(line).size)
			continue;
		all++;
		same += str_find(after, line) >= 0;
	}
	return all ? same * 100 / all : 0;
}

/* The file of the parent that the include meant: beside the source, or below any folder. */
static const char *old_path(const struct scene *scene, const char *source, struct str spelled)
{
	const struct tree *parent = scene->parent;
	struct str folder = path_folder(str_of(source));
	const char *beside, *found = NULL, *tail;

	beside = folder.size ? arena_printf(scene->arena, "%.*s/%.*s", STR_ARG(folder), STR_ARG(spelled)) :
		 str_text(scene->arena, spelled);
	if (tree_has(parent, beside))
		return beside;
	tail = arena_printf(scene->arena, "/%.*s", STR_ARG(spelled));
	for (size_t i = 0; i < parent->count; i++) {
		const char *path = parent->entries[i].path;

		if (!str_equal(str_of(path), spelled) && !str_ends(str_of(path), tail))
			continue;
		if (found)
			return NULL;
		found = path;
	}
	return found;
}

/* Where it is now: the only header that the parent had not, of the same name or most of its lines. */
static const char *new_path(const struct scene *scene, const char *old)
{
	const struct tree *tree = scene->tree;
	const char *found = NULL;
	struct str before, after;

	if (tree_has(tree, old) || !tree_read(scene->parent, scene->arena, old, &before))
		return NULL;
	for (size_t i = 0; i < tree->count; i++) {
		const char *path = tree->entries[i].path;

		if (!is_header(path) || tree_has(scene->parent, path) || !scene_read(scene, path, &after) ||
		    likeness(before, after) < 60)
			continue;
		if (found)
			return NULL;
		found = path;
	}
	return found;
}

/* Changes the include where a file has it; false when the new place cannot be spelled from there. */
static bool change_includes(struct sources *codes, struct source *code, struct str spelled, struct str folder,
			    const char *new)
{
	struct str target = str_of(new), prefix = folder;
	TSNode node;

	if (prefix.size && (!str_skip(&target, str_text(codes->scene->arena, prefix)) || !str_skip(&target, "/")))
		return false;
	for (unsigned n = 0; !ts_node_is_null(node = syntax_below(code->syntax->root, "preproc_include", n)); n++) {
		TSNode path = syntax_field(node, "path");
		struct str text = syntax_text(code->syntax, path);

		if (text.size > 2 && str_equal(str_slice(text, 1, text.size - 2), spelled))
			edit_replace(&code->edits, ts_node_start_byte(path) + 1, source_end(path) - 1, target);
	}
	return true;
}

static bool mend(struct scene *scene, struct sources *codes, struct text *why)
{
	struct str spelled = scene_group(scene, "header"), folder;
	const char *source = scene_path(scene, scene->failure->file), *old, *new;
	const struct tree *tree = scene->tree;
	struct str text;

	if (!scene->parent || !source)
		return template_decline(scene, "without the commit before nobody knows what %.*s was",
					STR_ARG(spelled)), false;
	old = old_path(scene, source, spelled);
	new = old ? new_path(scene, old) : NULL;
	if (!new)
		return template_decline(scene, "%.*s is no header that this commit moved", STR_ARG(spelled)), false;
	/* The folder below which the include was looked for. */
	folder = str_of(old);
	str_chop(&folder, str_text(scene->arena, spelled));
	str_chop(&folder, "/");
	for (size_t i = 0; i < tree->count; i++) {
		struct source *code;

		if (!c_is_code(tree->entries[i].path) || !scene_read(scene, tree->entries[i].path, &text) ||
		    str_find(text, spelled) < 0)
			continue;
		code = sources_open(codes, tree->entries[i].path);
		if (code && source_is_test(code->path) && c_includes(code->syntax, old))
			return template_decline(scene, "the test %s includes it too", code->path), false;
		if (code && !code->edits.count && !change_includes(codes, code, spelled, folder, new))
			return template_decline(scene, "%s cannot be spelled as %.*s was", new,
						STR_ARG(spelled)), false;
	}
	text_addf(why, "%.*s is %s since this commit.", STR_ARG(spelled), new);
	return true;
}

static void fix(struct scene *scene)
{
	sources_mend_all(scene, ORACLE_HISTORY, mend);
}

static const struct example examples[] = {
	{
		.name = "a header got another name",
		.log =
		"a.c:1:10: fatal error: half.h: No such file or directory\n"
		"    1 | #include \"half.h\"\n      |          ^~~~~~~~\n"
		"compilation terminated.\n",
		.file = {
			{ "a.c",
			  "#include \"half.h\"\n\nint quarter(int n)\n{\n\treturn half(n) / 2;\n}\n",
			  "#include \"fractions.h\"\n\nint quarter(int n)\n{\n\treturn half(n) / 2;\n}\n" },
			{ "fractions.h",
			  "#ifndef A_H\n#define A_H\n\n/* Half of it. */\nint half(int n);\n\n"
			  "/* Twice. */\nint twice(int n);\n\n#endif\n",
			  NULL,
			  .was = "" },
			{ "b.c",
			  "#include \"half.h\"\n\nint fourth(int n)\n{\n\treturn half(n) / 2;\n}\n",
			  "#include \"fractions.h\"\n\nint fourth(int n)\n{\n\treturn half(n) / 2;\n}\n" },
			{ "half.h", NULL, NULL,
			  .was = "#ifndef A_H\n#define A_H\n\n/* Half of it. */\nint half(int n);\n\n"
			  "/* Twice. */\nint twice(int n);\n\n#endif\n" },
		},
	},
	{
		.name = "it went into a folder",
		.log =
		"src/a.c:1:10: fatal error: math/half.h: No such file or directory\n"
		"    1 | #include \"math/half.h\"\n      |          ^~~~~~~~~~~~~\n"
		"compilation terminated.\n",
		.file = {
			{ "src/a.c",
			  "#include \"math/half.h\"\n\nint quarter(int n)\n{\n\treturn half(n) / 2;\n}\n",
			  "#include \"math/parts/half.h\"\n\nint quarter(int n)\n{\n"
			  "\treturn half(n) / 2;\n}\n" },
			{ "include/math/parts/half.h",
			  "#ifndef A_H\n#define A_H\n\n/* Half of it. */\nint half(int n);\n\n"
			  "/* Twice. */\nint twice(int n);\n\n#endif\n",
			  NULL,
			  .was = "" },
			{ "include/math/half.h", NULL, NULL,
			  .was = "#ifndef A_H\n#define A_H\n\n/* Half of it. */\nint half(int n);\n\n"
			  "/* Twice. */\nint twice(int n);\n\n#endif\n" },
		},
	},
	{
		.name = "two new headers are like it",
		.log =
		"a.c:1:10: fatal error: half.h: No such file or directory\n"
		"    1 | #include \"half.h\"\n      |          ^~~~~~~~\n"
		"compilation terminated.\n",
		.file = {
			{ "a.c",
			  "#include \"half.h\"\n\nint quarter(int n)\n{\n\treturn half(n) / 2;\n}\n",
			  NULL },
			{ "one.h",
			  "#ifndef A_H\n#define A_H\n\n/* Half of it. */\nint half(int n);\n\n"
			  "/* Twice. */\nint twice(int n);\n\n#endif\n",
			  NULL,
			  .was = "" },
			{ "two.h",
			  "#ifndef A_H\n#define A_H\n\n/* Half of it. */\nint half(int n);\n\n"
			  "/* Twice. */\nint twice(int n);\n\n#endif\n",
			  NULL,
			  .was = "" },
			{ "half.h", NULL, NULL,
			  .was = "#ifndef A_H\n#define A_H\n\n/* Half of it. */\nint half(int n);\n\n"
			  "/* Twice. */\nint twice(int n);\n\n#endif\n" },
		},
		.declines = "no header that this commit moved",
	},
	{
		.name = "it never was there",
		.log =
		"a.c:1:10: fatal error: half.h: No such file or directory\n"
		"    1 | #include \"half.h\"\n      |          ^~~~~~~~\n"
		"compilation terminated.\n",
		.file = {
			{ "a.c",
			  "#include \"half.h\"\n\nint quarter(int n)\n{\n\treturn half(n) / 2;\n}\n",
			  NULL },
			{ "b.h",
			  "#ifndef A_H\n#define A_H\n\n/* Half of it. */\nint half(int n);\n\n"
			  "/* Twice. */\nint twice(int n);\n\n#endif\n",
			  NULL,
			  .was = "" },
		},
		.declines = "no header that this commit moved",
	},
	{0}
};

const struct template template_c_moved_header = {
	.name = "c_moved_header",
	.summary = "an include of a header that this commit moved or renamed -> its new name",
	.class = "import",
	.oracles = "the failing commit: the only new header with the old one's lines",
	.keeps_off = "there is no commit before, two new headers are like it, or a test includes it",
	.danger = DANGER_1,
	.pattern = "^(?|(?<header>[\\w./+-]+): No such file or directory|'(?<header>[\\w./+-]+)' file not found)$",
	.fix = fix,
	.examples = examples,
};

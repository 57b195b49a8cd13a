/*
 * A name that nothing declares, and the compiler's "did you mean" is a slip of the keyboard away, or
 * the failing commit renamed it so -> the right name. Keeps off when the wrong name stands anywhere
 * else (then it may have been meant), and when the two names mean different things by convention.
 */
#include "templates/lib_c.h"
#include "templates/lib_renamed.h"
#include "templates/lib_scene.h"
#include "templates/lib_similar.h"

/* Does the project declare or define the new name, or is it a library's by the compiler's word? */
static bool by_history(const struct scene *scene, struct str wrong, struct str *right)
{
	return renamed_to(scene, wrong, "c h cc cpp cxx hpp hh hxx", right);
}

/* Is the wrong name on another line than those the log complains of? */
static bool stands_elsewhere(const struct scene *scene, const char *path, struct str text, struct str wrong)
{
	unsigned number = 0;
	struct str line;

	while (str_next_line(&text, &line)) {
		bool told = false;

		number++;
		if (!text_has_word(line, str_text(scene->arena, wrong)))
			continue;
		for (size_t i = 0; i < scene->report->failure_count && !told; i++) {
			const struct failure *one = &scene->report->failures[i];

			told = one->file && one->line == number && !strcmp(one->file, path);
		}
		if (!told)
			return true;
	}
	return false;
}

static bool mend(struct scene *scene, struct sources *codes, struct text *why)
{
	const struct failure *failure = scene->failure;
	struct str wrong = scene_group(scene, "wrong"), right = scene_group(scene, "right"), renamed;
	const char *word = str_text(scene->arena, wrong);
	struct source *code = sources_open(codes, failure->file);
	bool history = by_history(scene, wrong, &renamed);
	size_t at;

	if (!code || !c_is_code(code->path) || source_is_test(code->path))
		return template_decline(scene, "the name is in no code of this project that may change"), false;
	if (history)
		right = renamed;
	else if (!right.size || !similar_slip(wrong, right))
		return template_decline(scene, "nothing that is declared is like %s", word), false;
	if (!history && (c_who_else(scene, code->path, word) ||
			 stands_elsewhere(scene, code->path, code->syntax->text, wrong)))
		return template_decline(scene, "%s stands in other places too", word), false;
	at = source_word(code, failure->line, failure->column, wrong);
	if (at == SIZE_MAX)
		return template_decline(scene, "where %s stands on the line is not plain", word), false;
	edit_replace(&code->edits, at, at + wrong.size, right);
	text_addf(why, history ? "%s in %s is %.*s since this commit." :
		  "%s in %s is a slip for %.*s, as the compiler says.", word, code->path, STR_ARG(right));
	return true;
}

static void fix(struct scene *scene)
{
	sources_mend_all(scene, scene->parent ? ORACLE_HISTORY : ORACLE_TOOL, mend);
}

static const struct example examples[] = {
	{
		.name = "a variable and a member",
		.log =
		"a.c: In function ‘twice’:\n"
		"a.c:9:16: error: ‘cuont’ undeclared (first use in this function); did "
		"you mean ‘count’?\n    9 |         return cuont * box->lenght;\n"
		"      |                ^~~~~\n      |                count\n"
		"a.c:9:16: note: each undeclared identifier is reported only once for e"
		"ach function it appears in\n"
		"a.c:9:29: error: ‘const struct box’ has no member named ‘lenght’; did "
		"you mean ‘length’?\n    9 |         return cuont * box->lenght;\n"
		"      |                             ^~~~~~\n"
		"      |                             length\n"
		"a.c:7:13: error: unused variable ‘count’ [-Werror=unused-variable]\n"
		"    7 |         int count = 2;\n      |             ^~~~~\n"
		"a.c:10:1: error: control reaches end of non-void function [-Werror=return-type]\n"
		"   10 | }\n      | ^\ncc1: all warnings being treated as errors\n",
		.file = {
			{ "a.c",
			  "struct box {\n\tint length;\n};\n\nint twice(const struct box *box)\n{\n"
			  "\tint count = 2;\n\n\treturn cuont * box->lenght;\n}\n",
			  "struct box {\n\tint length;\n};\n\nint twice(const struct box *box)\n{\n"
			  "\tint count = 2;\n\n\treturn count * box->length;\n}\n" },
		},
	},
	{
		.name = "clang",
		.log =
		"a.c:9:9: error: use of undeclared identifier 'cuont'; did you mean 'count'?\n"
		"        return cuont * box->lenght;\n               ^~~~~\n"
		"               count\na.c:7:6: note: 'count' declared here\n"
		"        int count = 2;\n            ^\n"
		"a.c:9:22: error: no member named 'lenght' in 'struct box'; did you mea"
		"n 'length'?\n        return cuont * box->lenght;\n"
		"                            ^~~~~~\n                            length\n"
		"a.c:2:6: note: 'length' declared here\n        int length;\n            ^\n"
		"2 errors generated.\n",
		.file = {
			{ "a.c",
			  "struct box {\n\tint length;\n};\n\nint twice(const struct box *box)\n{\n"
			  "\tint count = 2;\n\n\treturn cuont * box->lenght;\n}\n",
			  "struct box {\n\tint length;\n};\n\nint twice(const struct box *box)\n{\n"
			  "\tint count = 2;\n\n\treturn count * box->length;\n}\n" },
		},
	},
	{
		.name = "renamed by this commit",
		.log =
		"a.c: In function ‘size’:\n"
		"a.c:5:19: error: ‘const struct box’ has no member named ‘len’\n"
		"    5 |         return box->len;\n      |                   ^~\n"
		"a.c:6:1: error: control reaches end of non-void function [-Werror=return-type]\n"
		"    6 | }\n      | ^\ncc1: all warnings being treated as errors\n",
		.file = {
			{ "a.c",
			  "#include \"a.h\"\n\nint size(const struct box *box)\n{\n\treturn box->len;\n"
			  "}\n",
			  "#include \"a.h\"\n\nint size(const struct box *box)\n{\n\treturn box->size;\n"
			  "}\n" },
			{ "a.h",
			  "struct box {\n\tint width;\n\tint size;\n};\n",
			  NULL,
			  .was = "struct box {\n\tint width;\n\tint len;\n};\n" },
		},
	},
	{
		.name = "another word, not a slip",
		.log =
		"a.c: In function ‘twice’:\n"
		"a.c:3:20: error: ‘amount’ undeclared (first use in this function); did"
		" you mean ‘count’?\n    3 |         return 2 * amount;\n"
		"      |                    ^~~~~~\n      |                    count\n"
		"a.c:3:20: note: each undeclared identifier is reported only once for e"
		"ach function it appears in\n"
		"a.c:4:1: error: control reaches end of non-void function [-Werror=return-type]\n"
		"    4 | }\n      | ^\ncc1: all warnings being treated as errors\n",
		.file = {
			{ "a.c",
			  "int twice(int count)\n{\n\treturn 2 * amount;\n}\n",
			  NULL },
		},
		.declines = "is like amount",
	},
	{
		.name = "the wrong name stands elsewhere too",
		.log =
		"a.c: In function ‘twice’:\n"
		"a.c:9:29: error: ‘const struct box’ has no member named ‘lenght’; did "
		"you mean ‘length’?\n    9 |         return count * box->lenght;\n"
		"      |                             ^~~~~~\n"
		"      |                             length\n"
		"a.c:10:1: error: control reaches end of non-void function [-Werror=return-type]\n"
		"   10 | }\n      | ^\ncc1: all warnings being treated as errors\n",
		.file = {
			{ "a.c",
			  "struct box {\n\tint length;\n};\n\nint twice(const struct box *box)\n{\n"
			  "\tint count = 2;\n\n\treturn count * box->lenght;\n}\n",
			  NULL },
			{ "b.c",
			  "struct tube {\n\tint lenght;\n};\n",
			  NULL },
		},
		.declines = "lenght stands in other places",
	},
	{0}
};

const struct template template_c_misspelled = {
	.name = "c_misspelled",
	.summary = "a misspelled or renamed name -> the compiler's \"did you mean\", or its new name",
	.class = "name",
	.oracles = "the compiler's suggestion, when it is a slip away; the failing commit's own rename",
	.keeps_off = "the names differ by more than a slip, or the wrong one stands in other places",
	.danger = DANGER_1,
	.pattern = "^(?|(?:(?:'|\u2018)[^'\u2019]+(?:'|\u2019) has no member named|implicit declaration of function|"
		   "call to undeclared function|use of undeclared identifier|unknown type name|no member named) "
		   "(?:'|\u2018)(?<wrong>\\w+)(?:'|\u2019)|(?:'|\u2018)(?<wrong>\\w+)(?:'|\u2019) (?:undeclared|was not "
		   "declared|is not a member of|does not name a type))(?:.*did you mean (?:'|\u2018)(?:\\w+::)*"
		   "(?<right>\\w+)(?:'|\u2019))?",
	.fix = fix,
	.examples = examples,
};

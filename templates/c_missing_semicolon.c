/*
 * "expected ';' before ..." -> the semicolon, right behind what stands before it. Only where the file
 * has fewer syntax errors after, and the next word begins a line of its own. No other punctuation.
 */
#include "templates/lib_c.h"
#include "templates/lib_scene.h"

/* The byte behind the last thing before a place: white space and comments do not count. */
static size_t behind_code(const struct syntax *s, size_t at)
{
	for (;;) {
		TSNode node;

		while (at && strchr(" \t\r\n", s->text.at[at - 1]))
			at--;
		node = at ? syntax_at(s, at - 1, at) : s->root;
		if (!syntax_type_is(node, "comment"))
			return at;
		at = ts_node_start_byte(node);
	}
}

static bool begins_line(struct str text, size_t at)
{
	while (at < text.size && strchr(" \t\r", text.at[at]))
		at++;
	return at >= text.size || text.at[at] == '\n' || str_starts(str_from(text, at), "/*") ||
	       str_starts(str_from(text, at), "//") || text.at[at] == '}';
}

/* A '}' may end a struct's definition, which needs one. */
static bool may_end(struct str text, size_t at)
{
	return at && !strchr(";{(,=<+-*/&|?:", text.at[at - 1]);
}

static bool mend(struct scene *scene, struct sources *codes, struct text *why)
{
	const struct failure *failure = scene->failure;
	struct source *code = sources_open(codes, failure->file);
	size_t at;

	if (!code || !c_is_code(code->path) || source_is_test(code->path))
		return template_decline(scene, "the file is no code of this project"), false;
	at = source_place(code, failure);
	if (at == SIZE_MAX)
		return template_decline(scene, "the place is not in the file"), false;
	at = behind_code(code->syntax, at);
	if (!may_end(code->syntax->text, at))
		return template_decline(scene, "a semicolon would not end a statement there"), false;
	if (!begins_line(code->syntax->text, at))
		return template_decline(scene, "more follows on the line: a semicolon is not all that may be "
					"missing"), false;
	edit_replace(&code->edits, at, at, STR(";"));
	text_addf(why, "Ends the statement in line %u of %s.", failure->line, code->path);
	return true;
}

static bool parses_better(struct scene *scene, const struct candidate *candidate)
{
	const struct change *change = &candidate->patch.changes[0];
	SYNTAX before = syntax_open(scene->arena, syntax_language(change->path), change->before);
	SYNTAX after = syntax_open(scene->arena, syntax_language(change->path), change->after);

	return before && after && after->errors < before->errors;
}

static void fix(struct scene *scene)
{
	size_t before = scene->candidate_count;

	sources_mend_all(scene, ORACLE_TOOL, mend);
	if (scene->candidate_count == before || scene->candidates[before].patch.count == 1) {
		if (scene->candidate_count == before || parses_better(scene, &scene->candidates[before]))
			return;
	}
	scene->candidate_count = before;
	template_decline(scene, "the file would not parse better");
}

static const struct example examples[] = {
	{
		.name = "before the next statement",
		.log =
		"a.c: In function ‘twice’:\n"
		"a.c:5:9: error: expected ‘,’ or ‘;’ before ‘return’\n"
		"    5 |         return two * n;\n      |         ^~~~~~\n"
		"a.c:3:13: error: unused variable ‘two’ [-Werror=unused-variable]\n"
		"    3 |         int two = 2 /* of them */\n      |             ^~~\n"
		"a.c:6:1: error: control reaches end of non-void function [-Werror=return-type]\n"
		"    6 | }\n      | ^\ncc1: all warnings being treated as errors\n",
		.file = {
			{ "a.c",
			  "int twice(int n)\n{\n\tint two = 2 /* of them */\n\n\treturn two * n;\n}\n",
			  "int twice(int n)\n{\n\tint two = 2; /* of them */\n\n\treturn two * n;\n}\n" },
		},
	},
	{
		.name = "before the end of a block",
		.log =
		"a.c: In function ‘twice’:\na.c:3:21: error: expected ‘;’ before ‘}’ token\n"
		"    3 |         return 2 * n\n      |                     ^\n"
		"      |                     ;\n    4 | }\n      | ~                    \n",
		.file = {
			{ "a.c",
			  "int twice(int n)\n{\n\treturn 2 * n\n}\n",
			  "int twice(int n)\n{\n\treturn 2 * n;\n}\n" },
		},
	},
	{
		.name = "behind a struct, C++",
		.log =
		"a.cc:3:2: error: expected ‘;’ after struct definition\n    3 | }\n      |  ^\n"
		"      |  ;\n",
		.file = {
			{ "a.cc",
			  "struct box {\n\tint length;\n}\n\nint twice(const box &box)\n{\n"
			  "\treturn 2 * box.length;\n}\n",
			  "struct box {\n\tint length;\n};\n\nint twice(const box &box)\n{\n"
			  "\treturn 2 * box.length;\n}\n" },
		},
	},
	{
		.name = "more follows on the line",
		.log =
		"a.c: In function ‘twice’:\na.c:3:21: error: expected ‘,’ or ‘;’ before ‘n’\n"
		"    3 |         int two = 2 n;\n      |                     ^\n",
		.file = {
			{ "a.c",
			  "int twice(int n)\n{\n\tint two = 2 n;\n\n\treturn two;\n}\n",
			  NULL },
		},
		.declines = "more follows on the line",
	},
	{0}
};

const struct template template_c_missing_semicolon = {
	.name = "c_missing_semicolon",
	.summary = "expected ';' -> the semicolon at the end of the line before",
	.class = "syntax",
	.oracles = "the compiler, and the grammar: the file parses better",
	.keeps_off = "more follows on the line, or the file would not parse better",
	.danger = DANGER_1,
	.pattern = "^expected (?:.{1,24}(?:,| or) )?(?:'|\u2018);(?:'|\u2019)(?! before (?:'|\u2018)[)\\]](?:'|\u2019))",
	.fix = fix,
	.examples = examples,
};

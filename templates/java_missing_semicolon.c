/*
 * "';' expected" -> the semicolon where javac points: right behind what stands before it. Only at the
 * end of a line, and where the file has fewer syntax errors after.
 */
#include "templates/lib_java.h"
#include "templates/lib_scene.h"

static bool mend(struct scene *scene, struct sources *sources, struct text *why)
{
	const struct failure *failure = scene->failure;
	struct source *source = sources_open(sources, failure->file);
	struct str text;
	size_t at, end;

	if (!source || source_is_test(source->path))
		return template_decline(scene, "the file is no code of this project"), false;
	text = source->syntax->text;
	at = line_start(text, failure->line);
	end = line_end(text, at);
	if (!failure->column || at + failure->column - 1 >= end)
		return template_decline(scene, "the log does not say where on the line"), false;
	at += failure->column - 1;
	if (str_trim(str_slice(text, at, end - at)).size || strchr(";{(,=+-*/&|.?:", text.at[at - 1]))
		return template_decline(scene, "more is missing on the line than a semicolon"), false;
	edit_replace(&source->edits, at, at, STR(";"));
	text_addf(why, "Ends the statement in line %u of %s.", failure->line, source->path);
	return true;
}

static void fix(struct scene *scene)
{
	size_t before = scene->candidate_count;
	const struct patch *patch;

	sources_mend_all(scene, ORACLE_TOOL, mend);
	if (scene->candidate_count == before)
		return;
	patch = &scene->candidates[before].patch;
	for (size_t i = 0; i < patch->count; i++) {
		SYNTAX old = syntax_open(scene->arena, "java", patch->changes[i].before);
		SYNTAX new = syntax_open(scene->arena, "java", patch->changes[i].after);

		if (old && new && new->errors < old->errors)
			continue;
		scene->candidate_count = before;
		return template_decline(scene, "the file would not parse better");
	}
}

static const struct example examples[] = {
	{
		.name = "at the end of a line",
		.log =
		"./A.java:3: error: ';' expected\n\t\tint two = 2\n\t\t           ^\n1 error\n",
		.file = {
			{ "A.java",
			  "final class A {\n\tint twice(int n) {\n\t\tint two = 2\n\t\treturn two * n;\n"
			  "\t}\n}\n",
			  "final class A {\n\tint twice(int n) {\n\t\tint two = 2;\n\t\treturn two * n;\n"
			  "\t}\n}\n" },
		},
	},
	{
		.name = "more follows on the line",
		.log =
		"./A.java:3: error: ';' expected\n\t\tint two = 2 n\n\t\t           ^\n"
		"./A.java:3: error: not a statement\n\t\tint two = 2 n\n\t\t            ^\n"
		"./A.java:3: error: ';' expected\n\t\tint two = 2 n\n\t\t             ^\n"
		"3 errors\n",
		.file = {
			{ "A.java",
			  "final class A {\n\tint twice(int n) {\n\t\tint two = 2 n\n"
			  "\t\treturn two * n;\n\t}\n}\n",
			  NULL },
		},
		.declines = "more is missing on the line",
	},
	{
		.name = "Maven does not repeat the line",
		.log =
		"[ERROR] COMPILATION ERROR : \n"
		"[ERROR] /home/runner/work/a/a/A.java:[9,20] ';' expected\n[INFO] 1 error\n",
		.file = {
			{ "A.java",
			  "final class A {\n\tint twice(int n) {\n\t\tint two = 2\n\t\treturn two * n;\n"
			  "\t}\n}\n",
			  NULL },
		},
		.declines = "does not say where",
	},
	{0}
};

const struct template template_java_missing_semicolon = {
	.name = "java_missing_semicolon",
	.summary = "';' expected at the end of a line -> the semicolon",
	.language = "java",
	.class = "syntax",
	.oracles = "the compiler, and the grammar: the file parses better",
	.keeps_off = "more follows on the line, or the file would not parse better",
	.danger = DANGER_1,
	.tool = "javac",
	.pattern = "^';' expected$",
	.fix = fix,
	.examples = examples,
};

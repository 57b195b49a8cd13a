/*
 * Checkstyle's findings that have one repair: an unused or a second import, blanks at the end of a
 * line, no new line at the end of a file. Keeps off as soon as it finds anything else: then the check
 * would stay red, and somebody has to look anyway.
 */
#include "templates/lib_java.h"
#include "templates/lib_scene.h"

enum rule { RULE_IMPORT, RULE_TRAILING, RULE_END, RULE_OTHER };

static enum rule rule_of(const struct diagnostic *one)
{
	struct str code = str_of(one->code);

	if (word_among(code, "UnusedImports UnusedImportsCheck RedundantImport RedundantImportCheck"))
		return RULE_IMPORT;
	if (str_is(code, "NewlineAtEndOfFile"))
		return RULE_END;
	if (word_among(code, "RegexpSingleline RegexpSinglelineJava") &&
	    str_has(str_of(one->message), "trailing spaces"))
		return RULE_TRAILING;
	return RULE_OTHER;
}

static bool drop_import(struct source *source, unsigned line)
{
	TSNode node;

	for (unsigned n = 0; !ts_node_is_null(node = source_child(source->syntax->root,
								  "import_declaration", n)); n++) {
		size_t start = line_start(source->syntax->text, line), end = line_end(source->syntax->text, start);

		if (syntax_line(node) != line || ts_node_end_point(node).row + 1 != line)
			continue;
		if (str_trim(str_slice(source->syntax->text, source_end(node), end - source_end(node))).size)
			return false;
		edit_replace(&source->edits, start, end, STR_NONE);
		return true;
	}
	return false;
}

static bool mend_one(struct source *source, const struct diagnostic *one)
{
	struct str text = source->syntax->text;
	size_t start = line_start(text, one->line), end = line_end(text, start), kept;

	switch (rule_of(one)) {
	case RULE_IMPORT:
		return drop_import(source, one->line);
	case RULE_TRAILING:
		kept = str_trim_right(str_slice(text, start, end - start)).size;
		while (end > start + kept && (text.at[end - 1] == '\n' || text.at[end - 1] == '\r'))
			end--;
		edit_replace(&source->edits, start + kept, end, STR_NONE);
		return true;
	case RULE_END:
		if (!text.size || text.at[text.size - 1] == '\n')
			return false;
		edit_replace(&source->edits, text.size, text.size, str_of(source_newline(source->syntax)));
		return true;
	case RULE_OTHER:
		break;
	}
	return false;
}

static void fix(struct scene *scene)
{
	SOURCES sources = { .scene = scene };
	const struct report *report = scene->report;
	unsigned mended = 0;

	if (!scene_is_first(scene))
		return;
	for (size_t i = 0; i < report->diagnostic_count; i++) {
		const struct diagnostic *one = &report->diagnostics[i];
		struct source *source;

		if (!str_is(str_of(one->tool), "checkstyle") || one->severity == SEVERITY_NOTE)
			continue;
		source = one->file ? sources_open(&sources, one->file) : NULL;
		if (!source || source_is_test(source->path))
			return template_decline(scene, "Checkstyle finds something in a file that may not change");
		if (!mend_one(source, one))
			return template_decline(scene, "%s of Checkstyle has no one repair",
						one->code ? one->code : "a rule");
		mended++;
	}
	if (!mended)
		return template_decline(scene, "the log names no finding");
	sources_propose(&sources, ORACLE_TOOL, "Takes out what Checkstyle names: imports that nobody uses, and "
			"blanks.");
}

static const struct example examples[] = {
	{
		.name = "an import, blanks and the end of the file",
		.log =
		"Starting audit...\n"
		"[ERROR] /src/src/a/A.java:1: File does not end with a newline. [Newlin"
		"eAtEndOfFile]\n"
		"[ERROR] /src/src/a/A.java:3:8: Unused import - java.util.List. [UnusedImports]\n"
		"[ERROR] /src/src/a/A.java:8: Line has trailing spaces. [RegexpSingleline]\n"
		"Audit done.\nCheckstyle ends with 3 errors.\n",
		.file = {
			{ "src/a/A.java",
			  "package a;\n\nimport java.util.List;\nimport java.util.Set;\n\n/** Holds. */\n"
			  "public final class A {\n    private Set<String> names;  \n}",
			  "package a;\n\nimport java.util.Set;\n\n/** Holds. */\npublic final class A {\n"
			  "    private Set<String> names;\n}\n" },
			{ "cs.xml",
			  "<?xml version=\"1.0\"?>\n"
			  "<!DOCTYPE module PUBLIC \"-//Checkstyle//DTD Checkstyle Configuration 1"
			  ".3//EN\" \"https://checkstyle.org/dtds/configuration_1_3.dtd\">\n"
			  "<module name=\"Checker\">\n  <module name=\"FileTabCharacter\"/>\n"
			  "  <module name=\"NewlineAtEndOfFile\"/>\n"
			  "  <module name=\"RegexpSingleline\"><property name=\"format\" value=\"\\s+$\""
			  "/><property name=\"message\" value=\"Line has trailing spaces.\"/></module>\n"
			  "  <module name=\"TreeWalker\"><module name=\"UnusedImports\"/></module>\n"
			  "</module>\n",
			  NULL },
		},
	},
	{
		.name = "a rule that has no one repair",
		.log =
		"Starting audit...\n"
		"[ERROR] /src/src/a/A.java:1: File does not end with a newline. [Newlin"
		"eAtEndOfFile]\n"
		"[ERROR] /src/src/a/A.java:3:8: Unused import - java.util.List. [UnusedImports]\n"
		"[ERROR] /src/src/a/A.java:8: Line has trailing spaces. [RegexpSingleline]\n"
		"[ERROR] /src/src/a/A.java:8:1: File contains tab characters (this is t"
		"he first instance). [FileTabCharacter]\nAudit done.\n"
		"Checkstyle ends with 4 errors.\n",
		.file = {
			{ "src/a/A.java",
			  "package a;\n\nimport java.util.List;\nimport java.util.Set;\n\n/** Holds. */\n"
			  "public final class A {\n\tprivate Set<String> names;  \n}",
			  NULL },
			{ "cs.xml",
			  "<?xml version=\"1.0\"?>\n"
			  "<!DOCTYPE module PUBLIC \"-//Checkstyle//DTD Checkstyle Configuration 1"
			  ".3//EN\" \"https://checkstyle.org/dtds/configuration_1_3.dtd\">\n"
			  "<module name=\"Checker\">\n  <module name=\"FileTabCharacter\"/>\n"
			  "  <module name=\"NewlineAtEndOfFile\"/>\n"
			  "  <module name=\"RegexpSingleline\"><property name=\"format\" value=\"\\s+$\""
			  "/><property name=\"message\" value=\"Line has trailing spaces.\"/></module>\n"
			  "  <module name=\"TreeWalker\"><module name=\"UnusedImports\"/></module>\n"
			  "</module>\n",
			  NULL },
		},
		.declines = "FileTabCharacter of Checkstyle",
	},
	{0}
};

const struct template template_java_checkstyle = {
	.name = "java_checkstyle",
	.summary = "Checkstyle: unused imports, blanks at the end of a line, no new line at the end -> mended",
	.class = "lint",
	.oracles = "the checker itself",
	.keeps_off = "it finds anything else, or something in a test",
	.danger = DANGER_0,
	.tool = "checkstyle",
	.fix = fix,
	.examples = examples,
};

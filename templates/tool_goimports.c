/*
 * Files that goimports -l or -d names -> goimports -w on them, with the check's own -local. Keeps
 * off files that are generated or vendored. A difference that may be gofmt's too is taken for
 * goimports' where the repository's scripts run that.
 */
#include "templates/lib_tool.h"

static const char *const argv[] = { "goimports", "-w", NULL };

#define GOIMPORTS(as)				\
	{					\
		.name = as,			\
		.program = "goimports",		\
		.argv = argv,			\
		.endings = ".go",		\
		.home = TOOL_HOME_TOOLCHAIN,	\
		.layout = true,			\
		.keep = "-format-only",		\
		.keep_value = "-local",		\
		.drop = "-l -d -e -v",		\
		.search = true,			\
	}

static const struct tool told = GOIMPORTS("goimports"), untold = GOIMPORTS("gofmt");

static void fix(struct scene *scene)
{
	const struct str name = str_of(scene->failure->tool);
	const struct tool *tool = str_is(name, "gofmt") ? &untold : &told;
	struct tool_files files;
	const char *foreign;

	if (!str_is(name, tool->name) || (tool == &untold && !tool_is_checked(scene, tool)))
		return template_decline(scene, "it is not goimports that found it");
	tool_files(scene, tool, &files);
	foreign = tool_foreign(scene, &files);
	if (foreign)
		return template_decline(scene, "%s is generated or vendored", foreign);
	tool_propose(scene, tool, NULL, &files);
}

#define UNTIDY "package pkg\n\nimport (\n\t\"os\"\n\t\"fmt\"\n)\n\nfunc G() { fmt.Println(\"x\") }\n"

static const struct example examples[] = {
	{
		.name = "a difference, with the module's own prefix",
		.log =
		"##[group]Run goimports -local example.com/shop -d pkg\n"
		"goimports -local example.com/shop -d pkg\n##[endgroup]\n"
		"diff -u pkg/a.go.orig pkg/a.go\n"
		"--- pkg/a.go.orig\t2026-11-22 02:46:34.281690034 +0000\n"
		"+++ pkg/a.go\t2026-11-22 02:46:34.281690034 +0000\n"
		"@@ -1,8 +1,7 @@\n package pkg\n \n import (\n-\t\"os\"\n \t\"fmt\"\n )\n",
		.file = { { "pkg/a.go", UNTIDY, NULL } },
		.run = "goimports -w -local example.com/shop pkg/a.go",
	},
	{
		.name = "a list within a test",
		.log =
		"##[group]Run test -z \"$(goimports -local=example.com -l . | tee /dev/stderr)\"\n"
		"test -z \"$(goimports -local=example.com -l . | tee /dev/stderr)\"\n##[endgroup]\n"
		"pkg/a.go\n",
		.file = { { "pkg/a.go", UNTIDY, NULL } },
		.run = "goimports -w -local=example.com pkg/a.go",
	},
	{
		.name = "a script runs it, and the log does not say so",
		.log =
		"diff -u pkg/a.go.orig pkg/a.go\n"
		"--- pkg/a.go.orig\t2026-11-22 02:46:34.281690034 +0000\n"
		"+++ pkg/a.go\t2026-11-22 02:46:34.281690034 +0000\n"
		"@@ -1,8 +1,7 @@\n package pkg\n \n import (\n-\t\"os\"\n \t\"fmt\"\n )\n",
		.file = {
			{ "pkg/a.go", UNTIDY, NULL },
			{ "Makefile", "lint:\n\t@goimports -local example.com/shop -d .\n", NULL },
		},
		.run = "goimports -w -local example.com/shop pkg/a.go",
	},
	{
		.name = "gofmt's own difference",
		.log = "diff pkg/a.go.orig pkg/a.go\n--- pkg/a.go.orig\n+++ pkg/a.go\n",
		.file = { { "pkg/a.go", UNTIDY, NULL } },
		.declines = "not goimports",
	},
	{
		.name = "a prefix that only the shell knows",
		.log =
		"##[group]Run goimports -local $MODULE -l .\ngoimports -local $MODULE -l .\n"
		"##[endgroup]\npkg/a.go\n",
		.file = { { "pkg/a.go", UNTIDY, NULL } },
		.declines = "is not known",
	},
	{
		.name = "vendored",
		.log =
		"##[group]Run goimports -l .\ngoimports -l .\n##[endgroup]\nvendor/pkg/a.go\n",
		.file = { { "vendor/pkg/a.go", UNTIDY, NULL } },
		.declines = "is generated or vendored",
	},
	{0}
};

const struct template template_tool_goimports = {
	.name = "tool_goimports",
	.summary = "files that goimports names -> goimports -w on them",
	.class = "formatter",
	.oracles = "the checker itself",
	.keeps_off = "generated and vendored files; options that are not known",
	.danger = DANGER_0,
	.language = "go",
	.pattern = "^(?:diff (?:-u )?\\S+ )?\\S+\\.go$",
	.fix = fix,
	.examples = examples,
};

/*
 * Scripts that shfmt -l or -d names -> shfmt -w on them, with the options of the check: those of the
 * step, or of the one line in the repository's scripts that runs it. Without any shfmt reads the
 * project's .editorconfig by itself. Keeps off files that are generated or vendored.
 */
#include "templates/lib_tool.h"

static const char *const argv[] = { "shfmt", "-w", NULL };

static const struct tool tool = {
	.name = "shfmt",
	.program = "shfmt",
	.argv = argv,
	.endings = ".sh .bash .bats .ksh .mksh",
	.home = TOOL_HOME_TOOLCHAIN,
	.layout = true,
	.keep = "-s -ci -bn -sr -kp -fn -p --simplify --case-indent --binary-next-line "
		"--space-redirects --keep-padding --func-next-line --posix",
	.keep_value = "-i -ln --indent --language-dialect",
	.drop = "-l -d --list --diff",
	.search = true,
};

static void fix(struct scene *scene)
{
	struct tool_files files;
	const char *foreign;

	tool_files(scene, &tool, &files);
	foreign = tool_foreign(scene, &files);
	if (foreign)
		return template_decline(scene, "%s is generated or vendored", foreign);
	tool_propose(scene, &tool, NULL, &files);
}

#define UNTIDY "#!/bin/bash\nfoo () {\n  echo hi   >out\n}\n"
#define DIFFERENCE \
	"--- build.sh.orig\n+++ build.sh\n@@ -1,4 +1,4 @@\n #!/bin/bash\n-foo () {\n" \
	"-  echo hi   >out\n+foo() {\n+\techo hi >out\n }\n"

static const struct example examples[] = {
	{
		.name = "a difference, and no option anywhere",
		.log = DIFFERENCE,
		.file = { { "build.sh", UNTIDY, NULL } },
		.run = "shfmt -w build.sh",
	},
	{
		.name = "a list within a test",
		.log =
		"##[group]Run test -z \"$(shfmt -i 2 -ci -l . | tee /dev/stderr)\"\n"
		"test -z \"$(shfmt -i 2 -ci -l . | tee /dev/stderr)\"\n##[endgroup]\nbuild.sh\n"
		"lib/a.bash\n",
		.file = {
			{ "build.sh", UNTIDY, NULL },
			{ "lib/a.bash", UNTIDY, NULL },
		},
		.run = "shfmt -w -i 2 -ci build.sh lib/a.bash",
	},
	{
		.name = "the Makefile has the options",
		.log = "##[group]Run make lint\nmake lint\n##[endgroup]\n" DIFFERENCE,
		.file = {
			{ "build.sh", UNTIDY, NULL },
			{ "Makefile",
			  "lint:\n\t@shfmt -i 4 -bn -d $$(git ls-files '*.sh')\n",
			  NULL },
		},
		.run = "shfmt -w -i 4 -bn build.sh",
	},
	{
		.name = "it is run in two ways",
		.log = "##[group]Run make lint\nmake lint\n##[endgroup]\n" DIFFERENCE,
		.file = {
			{ "build.sh", UNTIDY, NULL },
			{ "Makefile",
			  "lint:\n\tshfmt -i 4 -d build.sh\nold:\n\tshfmt -i 2 -d old\n",
			  NULL },
		},
		.declines = "is not known",
	},
	{
		.name = "generated",
		.log = DIFFERENCE,
		.file = {
			{ "build.sh",
			  "#!/bin/bash\n# made by configure, DO NOT EDIT\nfoo () {\n  echo hi   >out\n}\n",
			  NULL },
		},
		.declines = "is generated or vendored",
	},
	{0}
};

const struct template template_tool_shfmt = {
	.name = "tool_shfmt",
	.summary = "scripts that shfmt names -> shfmt -w on them, with the check's own options",
	.class = "formatter",
	.oracles = "the checker itself",
	.keeps_off = "generated and vendored files; options that are not known or differ",
	.danger = DANGER_0,
	.tool = "shfmt",
	.fix = fix,
	.examples = examples,
};

/*
 * "Would reformat:" -> ruff format on those files. Keeps off many files when no version is pinned.
 */
#include "templates/lib_tool.h"

static const char *const argv[] = { "ruff", "format", NULL };

static const struct tool tool = {
	.name = "ruff format",
	.program = "ruff",
	.argv = argv,
	.endings = ".py .pyi .ipynb",
	.home = TOOL_HOME_PYTHON,
	.layout = true,
	.keep = "--preview --isolated",
	.keep_value = "--line-length --target-version --config",
	.drop = "format --check --diff -q --quiet -v --verbose --output-format --no-cache",
};

static void fix(struct scene *scene)
{
	struct tool_files files;

	tool_files(scene, &tool, &files);
	tool_propose(scene, &tool, NULL, &files);
}

static const struct example examples[] = {
	{
		.name = "one file",
		.log =
		"Would reformat: a.py\n1 file would be reformatted\n",
		.file = {
			{ "a.py",
			  "import os\nx = { }\n",
			  NULL },
		},
		.run = "ruff format a.py",
	},
	{
		.name = "the file is not in the repository",
		.log =
		"Would reformat: b.py\n1 file would be reformatted\n",
		.file = {
			{ "a.py",
			  "import os\nx = { }\n",
			  NULL },
		},
		.declines = "no finding of ruff format",
	},
	{0}
};

const struct template template_tool_ruff_format = {
	.name = "tool_ruff_format",
	.summary = "files that ruff would reformat -> ruff format on them",
	.class = "formatter",
	.oracles = "the checker itself",
	.keeps_off = "many files while no version is pinned; unknown options of the check",
	.danger = DANGER_0,
	.tool = "ruff format",
	.fix = fix,
	.examples = examples,
};

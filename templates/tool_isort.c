/*
 * "Imports are incorrectly sorted" -> isort on those files. Keeps off __init__.py, whose imports
 * may have an order that matters.
 */
#include "templates/lib_tool.h"

#include "git/path.h"

static const char *const argv[] = { "isort", "-q", NULL };

static const struct tool tool = {
	.name = "isort",
	.program = "isort",
	.argv = argv,
	.endings = ".py .pyi",
	.home = TOOL_HOME_PYTHON,
	.keep = "--ca --combine-as --ff --force-sort-within-sections",
	.keep_value = "--profile --line-length -l --settings-path --settings-file -p --project",
	.drop = "--check --check-only -c --diff --df -q --quiet --color",
};

static void fix(struct scene *scene)
{
	struct tool_files files;

	tool_files(scene, &tool, &files);
	for (size_t i = 0; i < files.count; i++)
		if (str_is(path_name(str_of(files.paths[i])), "__init__.py"))
			return template_decline(scene, "the order of the imports in %s may matter",
						files.paths[i]);
	tool_propose(scene, &tool, NULL, &files);
}

static const struct example examples[] = {
	{
		.name = "one file",
		.log =
		"ERROR: /src/src/a.py Imports are incorrectly sorted and/or formatted.\n",
		.file = {
			{ "src/a.py",
			  "import sys\nimport os\n\nprint(os, sys)\n",
			  NULL },
		},
		.run = "isort -q src/a.py",
	},
	{
		.name = "with the profile of the check",
		.log =
		"##[group]Run isort --check --profile black .\n"
		"isort --check --profile black .\n##[endgroup]\n"
		"ERROR: /src/a.py Imports are incorrectly sorted and/or formatted.\n",
		.file = {
			{ "a.py",
			  "import sys\nimport os\n\nprint(os, sys)\n",
			  NULL },
		},
		.run = "isort -q --profile black a.py",
	},
	{
		.name = "the order may matter",
		.log =
		"ERROR: /src/pkg/__init__.py Imports are incorrectly sorted and/or formatted.\n",
		.file = {
			{ "pkg/__init__.py",
			  "import sys\nimport os\n\nprint(os, sys)\n",
			  NULL },
		},
		.declines = "may matter",
	},
	{0}
};

const struct template template_tool_isort = {
	.name = "tool_isort",
	.summary = "imports that isort would sort -> isort on those files",
	.class = "formatter",
	.oracles = "the checker itself",
	.keeps_off = "__init__.py; many files while no version is pinned",
	.danger = DANGER_0,
	.tool = "isort",
	.fix = fix,
	.examples = examples,
};

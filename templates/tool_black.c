/*
 * "would reformat" -> black on those files, with the line length and target of the check. Keeps off
 * many files when no version is pinned: then the tool moved, not the code.
 */
#include "templates/lib_tool.h"

static const char *const argv[] = { "black", "-q", NULL };

static const struct tool tool = {
	.name = "black",
	.program = "black",
	.argv = argv,
	.endings = ".py .pyi .ipynb",
	.home = TOOL_HOME_PYTHON,
	.layout = true,
	.keep = "-S --skip-string-normalization -C --skip-magic-trailing-comma --preview",
	.keep_value = "-l --line-length -t --target-version --config",
	.drop = "--check --diff --color -q --quiet -v --verbose",
};

static void fix(struct scene *scene)
{
	struct tool_files files;

	tool_files(scene, &tool, &files);
	tool_propose(scene, &tool, NULL, &files);
}

static const struct example examples[] = {
	{
		.name = "two files",
		.log =
		"would reformat /src/a.py\nwould reformat /src/src/b.py\n\n"
		"Oh no! 💥 💔 💥\n2 files would be reformatted.\n",
		.file = {
			{ "a.py",
			  "x = { 'a':1 }\ndef f( a ):\n  return [a ,1]\n",
			  NULL },
			{ "src/b.py",
			  "x = { 'a':1 }\ndef f( a ):\n  return [a ,1]\n",
			  NULL },
		},
		.run = "black -q a.py src/b.py",
	},
	{
		.name = "with the line length of the check; a file with a dash and one that is not ours",
		.log =
		"##[group]Run black --check --line-length 100 .\n"
		"black --check --line-length 100 .\n##[endgroup]\n"
		"would reformat /src/a.py\nwould reformat /src/-x.py\n\n"
		"Oh no! 💥 💔 💥\n2 files would be reformatted.\n"
		"would reformat /usr/lib/python3/os.py\n",
		.file = {
			{ "a.py",
			  "x = { 'a':1 }\ndef f( a ):\n  return [a ,1]\n",
			  NULL },
			{ "-x.py",
			  "x = { 'a':1 }\ndef f( a ):\n  return [a ,1]\n",
			  NULL },
		},
		.run = "black -q --line-length 100 a.py ./-x.py",
	},
	{
		.name = "the file is not in the repository",
		.log =
		"would reformat /src/a.py\n\nOh no! 💥 💔 💥\n1 file would be reformatted.\n",
		.file = {
			{ "b.py",
			  "x = { 'a':1 }\ndef f( a ):\n  return [a ,1]\n",
			  NULL },
		},
		.declines = "no finding of black",
	},
	{
		.name = "an option that changes what is formatted",
		.log =
		"##[group]Run black --check --line-ranges 1-2 .\n"
		"black --check --line-ranges 1-2 .\n##[endgroup]\n"
		"would reformat /src/a.py\n\nOh no! 💥 💔 💥\n1 file would be reformatted.\n",
		.file = {
			{ "a.py",
			  "x = { 'a':1 }\ndef f( a ):\n  return [a ,1]\n",
			  NULL },
		},
		.declines = "options whose effect",
	},
	{0}
};

const struct template template_tool_black = {
	.name = "tool_black",
	.summary = "files that black would reformat -> black on them",
	.class = "formatter",
	.oracles = "the checker itself",
	.keeps_off = "many files while no version is pinned; unknown options of the check",
	.danger = DANGER_0,
	.tool = "black",
	.fix = fix,
	.examples = examples,
};

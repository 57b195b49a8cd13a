/*
 * ruff's findings marked [*] -> ruff check --fix on those files: safe repairs only. Keeps off
 * findings without the mark, and imports in __init__.py, which are there to be imported from.
 */
#include "templates/lib_tool.h"

#include "git/path.h"
#include "templates/lib_scene.h"

static const char *const argv[] = { "ruff", "check", "--fix", NULL };

static const struct tool tool = {
	.name = "ruff",
	.program = "ruff",
	.argv = argv,
	.endings = ".py .pyi .ipynb",
	.home = TOOL_HOME_PYTHON,
	.keep = "--preview --isolated",
	.keep_value = "--line-length --target-version --config --select --extend-select --ignore",
	.drop = "check --no-fix --diff -q --quiet -v --verbose --output-format --no-cache --exit-zero --show-source",
};

/* The files that ruff itself calls fixable: the readers put only those in the command. */
static void keep_fixable(struct scene *scene, struct tool_files *files)
{
	struct str rest = str_of(scene->failure->fixer), word;
	struct tool_files kept = { .count = 0 };

	while (str_next(&rest, ' ', &word)) {
		const char *path = tree_path(scene->tree, word);

		for (size_t i = 0; path && i < files->count; i++)
			if (str_is(str_of(path), files->paths[i]))
				kept.paths[kept.count++] = files->paths[i];
	}
	kept.too_many = files->too_many;
	*files = kept;
}

static const char *reexport(const struct scene *scene)
{
	for (size_t i = 0; i < scene->report->diagnostic_count; i++) {
		const struct diagnostic *one = &scene->report->diagnostics[i];

		if (str_is(str_of(one->tool), tool.name) && str_is(str_of(one->code), "F401") &&
		    str_is(path_name(str_of(one->file)), "__init__.py"))
			return one->file;
	}
	return NULL;
}

static void fix(struct scene *scene)
{
	struct tool_files files;

	tool_files(scene, &tool, &files);
	if (!scene->failure->fixer)
		return template_decline(scene, "ruff marks none of its findings as fixable");
	if (reexport(scene))
		return template_decline(scene, "the unused imports of %s are what it offers",
					reexport(scene));
	keep_fixable(scene, &files);
	tool_propose(scene, &tool, NULL, &files);
}

static const struct example examples[] = {
	{
		.name = "one of two files is fixable",
		.log =
		"a.py:1:8: F401 [*] `os` imported but unused\n"
		"b.py:2:5: F841 Local variable `x` is assigned to but never used\n"
		"Found 2 errors.\n"
		"[*] 1 fixable with the `--fix` option (1 hidden fix can be enabled with the `-"
		"-unsafe-fixes` option).\n",
		.file = {
			{ "a.py",
			  "import os\nx = { }\n",
			  NULL },
			{ "b.py",
			  "def f():\n    x = 1\n",
			  NULL },
		},
		.run = "ruff check --fix a.py",
	},
	{
		.name = "nothing is marked",
		.log =
		"b.py:2:5: F841 Local variable `x` is assigned to but never used\n"
		"Found 1 error.\n"
		"No fixes available (1 hidden fix can be enabled with the `--unsafe-fixes` option).\n",
		.file = {
			{ "a.py",
			  "import os\nx = { }\n",
			  NULL },
			{ "b.py",
			  "def f():\n    x = 1\n",
			  NULL },
		},
		.declines = "marks none",
	},
	{
		.name = "the imports of a package are what it offers",
		.log =
		"a.py:1:8: F401 [*] `os` imported but unused\n"
		"pkg/__init__.py:1:19: F401 [*] `pkg.a.b` imported but unused\n"
		"Found 2 errors.\n[*] 2 fixable with the `--fix` option.\n",
		.file = {
			{ "a.py",
			  "import os\nx = { }\n",
			  NULL },
			{ "pkg/__init__.py",
			  "from pkg.a import b\n",
			  NULL },
		},
		.declines = "are what it offers",
	},
	{0}
};

const struct template template_tool_ruff = {
	.name = "tool_ruff",
	.summary = "findings that ruff marks as fixable -> ruff check --fix on those files",
	.class = "formatter",
	.oracles = "the checker itself",
	.keeps_off = "findings without the mark; unused imports of __init__.py",
	.danger = DANGER_0,
	.tool = "ruff",
	.fix = fix,
	.examples = examples,
};

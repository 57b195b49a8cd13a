/*
 * A hook of pre-commit changed files -> that hook is run, on the files it names, else on all. Only
 * hooks that lay out: they may bring in nothing new, and never touch test data. What another hook
 * would rewrite (code, locks, documents) needs eyes.
 */
#include "templates/lib_precommit.h"

#include "templates/lib_scene.h"

enum { FILES_MAX = 200 };

/* Whole ids; and parts of ids that say what the hook is. */
static const char ids[] = "black isort yapf autopep8 prettier stylua buildifier dprint shfmt gofmt rustfmt "
			  "fix-byte-order-marker file-contents-sorter requirements-txt-fixer "
			  "sort-simple-yaml beautysh docformatter";
static const char *const parts[] = { "format", "fmt", "whitespace", "line-ending", "end-of-file", "imports" };

static bool lays_out(struct str id)
{
	if (word_among(id, ids))
		return true;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (str_has(id, parts[i]))
			return true;
	return false;
}

/* What it names; false when that is test data, more than can be named, or not ours. */
static bool named_files(struct scene *scene, const char ***argv, size_t *count)
{
	size_t files = 0;

	for (size_t i = 0; i < scene->report->diagnostic_count; i++) {
		const char *path = precommit_file(scene, i);

		if (!path)
			continue;
		if (precommit_is_data(path))
			return template_decline(scene, "%s is test data, or other people's", path), false;
		if (path[0] == '-' || ++files > FILES_MAX)
			return template_decline(scene, "more than can be named would change"), false;
		if (files == 1)
			arena_push(scene->arena, *argv, *count) = "--files";
		arena_push(scene->arena, *argv, *count) = path;
	}
	if (!files)
		arena_push(scene->arena, *argv, *count) = "--all-files";
	return true;
}

static const char *const *all_but_data(struct scene *scene)
{
	const char **paths = NULL;
	size_t count = 0;

	for (size_t i = 0; i < scene->tree->count; i++)
		if (!precommit_is_data(scene->tree->entries[i].path))
			arena_push(scene->arena, paths, count) = scene->tree->entries[i].path;
	arena_push(scene->arena, paths, count) = NULL;
	return paths;
}

static void fix(struct scene *scene)
{
	const char *id = scene->failure->type, **argv = NULL;
	struct precommit_hook hook;
	struct candidate *candidate;
	size_t count = 0, named;

	if (!scene->failure->fixer || !lays_out(str_of(id)))
		return template_decline(scene, "%s is not known to change but the layout", id);
	if (!precommit_hook(scene, &hook))
		return;
	arena_push(scene->arena, argv, count) = "pre-commit";
	arena_push(scene->arena, argv, count) = "run";
	arena_push(scene->arena, argv, count) = id;
	named = count;
	if (!named_files(scene, &argv, &count))
		return;
	arena_push(scene->arena, argv, count) = NULL;
	candidate = propose(scene, ORACLE_TOOL, "Runs the hook %s of .pre-commit-config.yaml%s, which lays out "
			    "anew what it finds.", id, str_is(str_of(argv[named]), "--files") ?
			    " on the files that it named" : "");
	candidate->run = argv;
	candidate->layout = true;
	if (str_is(str_of(argv[named]), "--all-files"))
		candidate->mends = all_but_data(scene);
}

#define FAILED(id)	"some name................................................................Failed\n" \
			"- hook id: " id "\n- files were modified by this hook\n"
#define CONFIG(id)	"repos:\n  - repo: local\n    hooks:\n      - id: other\n        entry: other\n" \
			"      - id: " id "\n        language: system\n        entry: tool -w\n"

static const struct example examples[] = {
	{
		.name = "it names no files",
		.log = FAILED("black") "other....................................................................Passed\n",
		.file = { { ".pre-commit-config.yaml", CONFIG("black"), NULL } },
		.run = "pre-commit run black --all-files",
	},
	{
		.name = "it names them",
		.log = FAILED("trailing-whitespace") "\nFixing docs/n.txt\nFixing src/a.py\n",
		.file = {
			{ ".pre-commit-config.yaml", CONFIG("trailing-whitespace"), NULL },
			{ "docs/n.txt", "x  \n", NULL },
			{ "src/a.py", "x = 1  \n", NULL },
		},
		.run = "pre-commit run trailing-whitespace --files docs/n.txt src/a.py",
	},
	{
		.name = "a hook that the repository does not have",
		.log = FAILED("black"),
		.file = { { ".pre-commit-config.yaml", CONFIG("black-jupyter"), NULL } },
		.declines = "is no hook",
	},
	{
		.name = "not a formatter",
		.log = FAILED("update-prices"),
		.file = { { ".pre-commit-config.yaml", CONFIG("update-prices"), NULL } },
		.declines = "not known to change but the layout",
	},
	{
		.name = "test data",
		.log = FAILED("end-of-file-fixer") "\nFixing tests/fixtures/cut.txt\n",
		.file = {
			{ ".pre-commit-config.yaml", CONFIG("end-of-file-fixer"), NULL },
			{ "tests/fixtures/cut.txt", "no line feed", NULL },
		},
		.declines = "is test data",
	},
	{0}
};

const struct template template_tool_precommit = {
	.name = "tool_precommit",
	.summary = "a formatting hook of pre-commit changed files -> that hook is run",
	.class = "formatter",
	.oracles = "the checker itself",
	.keeps_off = "hooks that do more than lay out; test data; a hook the repository does not have",
	.danger = DANGER_0,
	.tool = "pre-commit",
	.fix = fix,
	.examples = examples,
};

/*
 * A file that a generator writes is stale, and the log names the command of the repository that
 * makes it anew ("run make generate") -> exactly that command, in the sandbox. Only for targets
 * of the Makefile and scripts of package.json, and only files that the log or the recipe names
 * may change.
 */
#include "templates/lib_tool.h"

#include "templates/lib_scene.h"


#include "git/path.h"

#include <jansson.h>

static const char pattern[] = "(?i)(?:run|with|by|execute|using)[ :]+[`'\"]?(?<tool>make|npm run|yarn run|yarn|pnpm run|go) "
	"(?<target>[\\w:./-]+)[`'\"]?";
static const char stale[] = "stale outdated date differ differs regenerate regenerated generate generated generating "
	"changed change current sync match up-to-date uptodate dirty";

enum { PATHS_MAX = 24 };

struct outputs {
	const char *paths[PATHS_MAX];
	size_t count;
};

static bool sounds_stale(const char *message)
{
	struct str rest = str_of(message), word;

	while (str_next(&rest, ' ', &word)) {
		while (word.size && strchr(".,:;!()'`\"", word.at[word.size - 1]))
			word.size--;
		if (word_among(word, stale))
			return true;
	}
	return false;
}

/* The words of a text that are files of the tree. */
static void add_paths(const struct scene *scene, struct str text, struct outputs *out)
{
	size_t at = 0;

	while (at < text.size) {
		size_t start = at, n = 0;
		struct str word;
		char *path;

		while (at < text.size && !strchr(" \t\n'\"`()<>;:,=&|$", text.at[at]))
			at++;
		word = str_slice(text, start, at - start);
		at += at == start;
		(void)str_skip(&word, "./");
		path = word.size ? str_text(scene->arena, word) : NULL;
		if (!path || !tree_has(scene->tree, path) || out->count == PATHS_MAX)
			continue;
		while (n < out->count && strcmp(out->paths[n], path) != 0)
			n++;
		if (n == out->count)
			out->paths[out->count++] = path;
	}
}

/* The recipe of a target of the Makefile; empty when it has none. */
static struct str recipe_of(const struct scene *scene, struct str target)
{
	const char *head = arena_printf(scene->arena, "%.*s:", STR_ARG(target));
	struct str text, line, recipe = STR_NONE;

	if (!scene_read(scene, "Makefile", &text) && !scene_read(scene, "makefile", &text) &&
	    !scene_read(scene, "GNUmakefile", &text))
		return STR_NONE;
	while (str_next_line(&text, &line)) {
		if (recipe.at && str_starts(line, "\t"))
			recipe.size = (size_t)(line.at + line.size - recipe.at);
		else if (recipe.at)
			return recipe;
		else if (str_starts(line, head) && !str_starts(line, arena_printf(scene->arena, "%s=", head)))
			recipe = (struct str){ line.at, line.size };
	}
	return recipe;
}

static struct str script_of(const struct scene *scene, struct str name)
{
	struct str text, script = STR_NONE;
	json_t *root;
	const char *value;

	if (!scene_read(scene, "package.json", &text))
		return STR_NONE;
	root = json_loadb(text.at ? text.at : "", text.size, 0, NULL);
	value = json_string_value(json_object_get(json_object_get(root, "scripts"),
						  str_text(scene->arena, name)));
	if (value)
		script = str_copy(scene->arena, str_of(value));
	json_decref(root);
	return script;
}

static void fix(struct scene *scene)
{
	struct str tool = scene_group(scene, "tool"), target = scene_group(scene, "target"), recipe;
	struct outputs outputs = { .count = 0 };
	struct candidate *candidate;
	const char **argv = NULL;
	size_t count = 0;

	while (target.size && strchr(".,:", target.at[target.size - 1]))
		target.size--;
	if (!sounds_stale(scene->failure->message))
		return template_decline(scene, "nothing says that a generated file is stale");
	recipe = str_is(tool, "make") ? recipe_of(scene, target) :
		 str_is(tool, "go") ? STR("go generate") : script_of(scene, target);
	if (!recipe.size || (str_is(tool, "go") && !str_is(target, "generate")))
		return template_decline(scene, "the repository does not define %.*s %.*s", STR_ARG(tool),
					STR_ARG(target));
	add_paths(scene, str_of(scene->failure->message), &outputs);
	add_paths(scene, recipe, &outputs);
	if (!outputs.count)
		return template_decline(scene, "neither the log nor the recipe names what it writes");
	arena_push(scene->arena, argv, count) = "sh";
	arena_push(scene->arena, argv, count) = "-c";
	arena_push(scene->arena, argv, count) = arena_printf(scene->arena, "%.*s %.*s%s", STR_ARG(tool),
							     STR_ARG(target), str_is(tool, "go") ? " ./..." : "");
	/* what it may change are the words behind the command */
	arena_push(scene->arena, argv, count) = "generate";
	for (size_t i = 0; i < outputs.count; i++)
		arena_push(scene->arena, argv, count) = outputs.paths[i];
	arena_push(scene->arena, argv, count) = NULL;
	candidate = propose(scene, ORACLE_TOOL, "The log names the command that makes the stale file anew, and the "
			    "repository defines it: %.*s %.*s.", STR_ARG(tool), STR_ARG(target));
	candidate->run = argv;
	candidate->generator = true;
}

static const struct example examples[] = {
	{
		.name = "a target of the Makefile",
		.log =
		"units/table.py is stale: run make generate\n"
		"make: *** [Makefile:7: check] Error 1\n"
		"##[error]Process completed with exit code 2.\n",
		.file = {
			{ "Makefile",
			  "generate:\n"
			  "\tpython3 tools/make_units.py units.csv > units/table.py\n"
			  "\n"
			  "check:\n"
			  "\ttrue\n",
			  NULL },
			{ "units/table.py",
			  "# do not edit\n",
			  NULL },
			{ "units.csv",
			  "a\n",
			  NULL },
			{ "tools/make_units.py",
			  "\n",
			  NULL },
		},
		.run = "sh -c make generate generate units/table.py tools/make_units.py units.csv",
	},
	{
		.name = "a script of package.json",
		.log =
		"##[error]src/schema.json is out of date. Please run `npm run schema` "
		"and commit the result.\n",
		.file = {
			{ "package.json",
			  "{\"scripts\": {\"schema\": \"node tools/schema.js > "
			  "src/schema.json\"}}\n",
			  NULL },
			{ "src/schema.json",
			  "{}\n",
			  NULL },
			{ "tools/schema.js",
			  "\n",
			  NULL },
		},
		.run = "sh -c npm run schema generate src/schema.json tools/schema.js",
	},
	{
		.name = "no such target",
		.log =
		"##[error]units/table.py is stale: run make generate\n",
		.file = {
			{ "Makefile",
			  "check:\n"
			  "\ttrue\n",
			  NULL },
			{ "units/table.py",
			  "# do not edit\n",
			  NULL },
		},
		.declines = "does not define",
	},
	{
		.name = "a hint about something else",
		.log =
		"##[error]the data is missing: run make download first\n",
		.file = {
			{ "Makefile",
			  "download:\n"
			  "\tcurl -O x/data\n",
			  NULL },
			{ "data",
			  "\n",
			  NULL },
		},
		.declines = "nothing says",
	},
	{0}
};

const struct template template_tool_generated = {
	.name = "tool_generated",
	.summary = "a stale generated file and the command that makes it -> that command of "
		"the repository",
	.class = "generated",
	.oracles = "the generator itself",
	.keeps_off = "commands that the repository does not define; files that nobody names",
	.danger = DANGER_1,
	.pattern = pattern,
	.fix = fix,
	.examples = examples,
};

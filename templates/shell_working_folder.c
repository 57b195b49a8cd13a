/*
 * A script's "cd" into a folder that is there only when the script is started from one place ->
 * relative to the script itself, in the form that a script beside it has. Only when the path
 * means a folder of the repository, from its root or from the script's own folder, and only one
 * of them.
 */
#include "templates/lib_shell.h"

#include "templates/lib_scene.h"


#include "git/path.h"

static const char *const types[] = { "no such file", NULL };
static const char pattern[] = "^cd: (?:can't cd to )?(?<folder>[^:]+?)(?:: No such file or directory)?$";

static bool is_folder(const struct scene *scene, struct str folder)
{
	if (!folder.size)
		return true;
	for (size_t i = 0; i < scene->tree->count; i++) {
		struct str path = str_of(scene->tree->entries[i].path);

		if (path.size > folder.size && path.at[folder.size] == '/' &&
		    str_equal(str_slice(path, 0, folder.size), folder))
			return true;
	}
	return false;
}

/*
 * "a/b/../c" is "a/c"; empty is the root. False when it leaves the repository, or when one of the
 * folders on the way is not there.
 */
static bool walk(const struct scene *scene, struct str path, struct str *out)
{
	struct str at = STR_NONE, part;

	while (str_next(&path, '/', &part)) {
		if (!part.size || str_is(part, "."))
			continue;
		if (str_is(part, "..")) {
			if (!at.size)
				return false;
			if (!str_split_last(at, "/", &at, NULL))
				at = STR_NONE;
			continue;
		}
		at = str_of(arena_printf(scene->arena, "%.*s%s%.*s", STR_ARG(at), at.size ? "/" : "",
					 STR_ARG(part)));
		if (!is_folder(scene, at))
			return false;
	}
	*out = at;
	return true;
}

/* From one folder of the repository to another: "/../data"; empty: the same */
static const char *way(struct arena *a, struct str from, struct str to)
{
	struct text text = TEXT(a);
	struct str part, up = from, down = to, one, other;

	while (str_next(&from, '/', &one) && str_next(&to, '/', &other) && str_equal(one, other))
		up = from, down = to;
	while (str_next(&up, '/', &part))
		text_adds(&text, "/..");
	if (down.size)
		text_addf(&text, "/%.*s", STR_ARG(down));
	return text_cstr(&text);
}

/* "$(dirname "$0")" as a script of the folder has it behind cd; empty when none has it. */
static struct str own_folder_form(const struct scene *scene, const char *script, bool bash)
{
	static const char *const forms[] = { "$(dirname \"${BASH_SOURCE[0]}\")", "$(dirname \"$BASH_SOURCE\")",
		"$(dirname -- \"$0\")", "$(dirname \"$0\")", "${0%/*}" };

	for (size_t i = 0; i < scene->tree->count; i++) {
		const char *path = scene->tree->entries[i].path;
		struct str text;

		if (!strcmp(path, script) || shell_is_test(str_of(path)) || !scene_read(scene, path, &text) ||
		    !shell_is_script(str_of(path), text))
			continue;
		for (size_t n = bash ? 0 : 2; n < sizeof(forms) / sizeof(forms[0]); n++)
			if (str_has(text, arena_printf(scene->arena, "cd \"%s", forms[n])))
				return str_of(forms[n]);
	}
	return STR_NONE;
}

/* The one folder of the repository that the path means. */
static bool meant(const struct scene *scene, struct str own, struct str path, struct str *out)
{
	struct str root = STR_NONE, beside = STR_NONE;
	bool from_root = walk(scene, path, &root);
	bool from_own = walk(scene, str_of(arena_printf(scene->arena, "%.*s/%.*s", STR_ARG(own),
							STR_ARG(path))), &beside);

	if (!from_root && !from_own)
		return false;
	*out = from_root ? root : beside;
	return from_root != from_own || (from_root && str_equal(root, beside));
}

static TSNode cd_of(const struct syntax *s, unsigned line, struct str folder)
{
	for (unsigned n = 0;; n++) {
		TSNode command = syntax_below(s->root, "command", n), argument;

		if (ts_node_is_null(command))
			return command;
		argument = shell_argument(command, 0);
		if (syntax_line(command) == line && str_is(shell_command(s, command), "cd") &&
		    str_equal(syntax_text(s, argument), folder))
			return argument;
	}
}

static void fix(struct scene *scene)
{
	const char *path = scene_path(scene, scene->failure->file);
	struct str folder = scene_group(scene, "folder"), own = str_of(path), to, form, after;
	SYNTAX s = shell_open(scene, path);
	struct edits edits = { .arena = scene->arena };
	TSNode argument;

	if (!s)
		return;
	argument = cd_of(s, scene->failure->line, folder);
	if (ts_node_is_null(argument) || str_starts(folder, "/"))
		return template_decline(scene, "line %u has no cd to a folder that is written out",
					scene->failure->line);
	if (!str_split_last(own, "/", &own, NULL))
		own = STR_NONE;
	if (!meant(scene, own, folder, &to))
		return template_decline(scene, "\"%.*s\" does not mean one folder of the repository",
					STR_ARG(folder));
	form = own_folder_form(scene, path, shell_is_bash(s->text));
	if (!form.size)
		return template_decline(scene, "no other script goes to a folder relative to itself");
	edit_node(&edits, argument, str_of(arena_printf(scene->arena, "\"%.*s%s\"", STR_ARG(form),
							way(scene->arena, own, to))));
	if (edits_apply(&edits, s, &after))
		candidate_put(scene, propose(scene, ORACLE_SIBLING, "\"%.*s\" is there only from one place; other "
					     "scripts go to folders relative to themselves.", STR_ARG(folder)),
			      path, after);
}

static const struct example examples[] = {
	{
		.name = "from the root",
		.log =
		"scripts/manifest.sh: line 3: cd: scripts/..: No such file or directory\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "scripts/manifest.sh",
			  "#!/bin/bash\n"
			  "set -e\n"
			  "cd scripts/..\n"
			  "sort data/list\n",
			  "#!/bin/bash\n"
			  "set -e\n"
			  "cd \"$(dirname \"${BASH_SOURCE[0]}\")/..\"\n"
			  "sort data/list\n" },
			{ "scripts/count.sh",
			  "#!/bin/bash\n"
			  "cd \"$(dirname \"${BASH_SOURCE[0]}\")/..\"\n",
			  NULL },
		},
	},
	{
		.name = "a folder of the root, in a plain sh",
		.log =
		"tools/list.sh: 2: cd: can't cd to data\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "tools/list.sh",
			  "#!/bin/sh\n"
			  "cd data\n"
			  "ls\n",
			  "#!/bin/sh\n"
			  "cd \"$(dirname \"$0\")/../data\"\n"
			  "ls\n" },
			{ "tools/count.sh",
			  "#!/bin/sh\n"
			  "cd \"$(dirname \"$0\")/../data\"\n",
			  NULL },
			{ "data/list",
			  "a\n",
			  NULL },
		},
	},
	{
		.name = "no such folder anywhere",
		.log =
		"tools/list.sh: line 2: cd: out: No such file or directory\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "tools/list.sh",
			  "#!/bin/bash\n"
			  "cd out\n"
			  "ls\n",
			  NULL },
			{ "tools/count.sh",
			  "#!/bin/bash\n"
			  "cd \"$(dirname \"$0\")/../data\"\n",
			  NULL },
		},
		.declines = "does not mean one folder",
	},
	{
		.name = "no other script does so",
		.log =
		"tools/list.sh: line 2: cd: data: No such file or directory\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "tools/list.sh",
			  "#!/bin/bash\n"
			  "cd data\n"
			  "ls\n",
			  NULL },
			{ "data/list",
			  "a\n",
			  NULL },
		},
		.declines = "no other script",
	},
	{0}
};

const struct template template_shell_working_folder = {
	.name = "shell_working_folder",
	.summary = "a cd that works from one place only -> relative to the script",
	.language = "shell",
	.class = "path",
	.oracles = "another script of the repository",
	.keeps_off = "folders that the repository does not have, or has twice",
	.danger = DANGER_1,
	.types = types,
	.pattern = pattern,
	.fix = fix,
	.examples = examples,
};

/*
 * "./build.sh: Permission denied" where the shell itself tried to run the file -> the file may be run as a
 * program. Only a script that names its interpreter; what another program was denied is left alone.
 */
#include "templates/lib_scene.h"

static const struct entry *script_of(const struct scene *scene, struct str *text)
{
	const char *path = scene_path(scene, str_text(scene->arena, scene_group(scene, "path")));
	const struct entry *entry = path ? tree_entry(scene->tree, path) : NULL;

	return entry && scene_read(scene, entry->path, text) ? entry : NULL;
}

static void fix(struct scene *scene)
{
	const struct entry *entry;
	struct str text = STR_NONE;

	entry = script_of(scene, &text);
	if (!entry)
		return template_decline(scene, "the repository has no such file");
	if (entry->mode != ENTRY_FILE)
		return template_decline(scene, "the file is a program already");
	if (!str_starts(text, "#!"))
		return template_decline(scene, "the file does not name its interpreter");
	candidate_make_program(scene, propose(scene, ORACLE_CONTRACT, "%s is run as a program and names its "
				"interpreter, and its mode does not allow it.", entry->path), entry->path);
}

#define LOG(said) "##[group]Run ./tools/build.sh\nshell: /usr/bin/bash -e {0}\n##[endgroup]\n" said \
	"##[error]Process completed with exit code 126.\n"

static const struct example examples[] = {
	{
		.name = "a script in a step",
		.log = LOG("/home/runner/work/_temp/3f0.sh: line 1: ./tools/build.sh: Permission denied\n"),
		.file = { { "tools/build.sh", "#!/bin/sh\nmake\n", NULL, true } },
	},
	{
		.name = "by dash",
		.log = LOG("sh: 1: ./tools/build.sh: Permission denied\n"),
		.file = { { "tools/build.sh", "#!/bin/sh\nmake\n", NULL, true } },
	},
	{
		.name = "no interpreter",
		.log = LOG("bash: line 1: ./tools/data: Permission denied\n"),
		.file = { { "tools/data", "1 2 3\n", NULL } },
		.declines = "interpreter",
	},
	{
		.name = "nothing of the repository",
		.log = LOG("bash: line 1: /opt/x/run: Permission denied\n"),
		.file = { { "tools/build.sh", "#!/bin/sh\nmake\n", NULL } },
		.declines = "no such file",
	},
	{0}
};

const struct template template_shell_not_executable = {
	.name = "shell_not_executable",
	.summary = "a script without the mode of a program -> the mode",
	.language = "shell",
	.class = "mode",
	.oracles = "the script's first line",
	.keeps_off = "files that name no interpreter",
	.danger = DANGER_0,
	.reading = true,
	.tool = "shell",
	.pattern = "^(?<path>[\\w./@+-]+): Permission denied$",
	.fix = fix,
	.examples = examples,
};

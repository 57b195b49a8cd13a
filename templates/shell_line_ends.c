/*
 * A script with the line ends of Windows, which no shell can read -> line feeds only. The log
 * must show a carriage return, or say that the interpreter is not there while the first line has
 * one.
 */
#include "templates/lib_shell.h"

#include "templates/lib_scene.h"


static const char *const types[] = { "bad interpreter", "no such command", "syntax error", NULL };

static bool has_returns(struct str text)
{
	struct str line = str_slice(text, 0, line_end(text, 0));

	return str_starts(text, "#!") && str_ends(line, "\r\n");
}

/* The only script that the message or the failure names and that has them; else the only one of all. */
static const char *culprit(const struct scene *scene)
{
	const char *named = scene_path(scene, scene->failure->file), *found = NULL;
	struct str message = str_of(scene->failure->message), text;

	if (named && scene_read(scene, named, &text) && has_returns(text))
		return named;
	for (size_t i = 0; i < scene->tree->count; i++) {
		const char *path = scene->tree->entries[i].path;

		if (!str_has(message, path) || !scene_read(scene, path, &text) || !has_returns(text))
			continue;
		if (found)
			return NULL;
		found = path;
	}
	return found;
}

static void fix(struct scene *scene)
{
	const char *path = culprit(scene);
	struct text out = TEXT(scene->arena);
	struct str text, line;

	if (!path || !scene_read(scene, path, &text))
		return template_decline(scene, "the log names no script with carriage returns");
	while (str_next_line(&text, &line))
		text_addf(&out, "%.*s\n", STR_ARG(line));
	candidate_put(scene, propose(scene, ORACLE_TOOL, "%s has carriage returns at its line ends, which no "
				     "shell can read.", path), path, text_str(&out));
}

static const struct example examples[] = {
	{
		.name = "the interpreter is not there",
		.log =
		"bash: ./build.sh: cannot execute: required file not found\n"
		"##[error]Process completed with exit code 127.\n",
		.file = {
			{ "build.sh",
			  "#!/bin/bash\r\n"
			  "echo hi\r\n",
			  "#!/bin/bash\n"
			  "echo hi\n" },
		},
	},
	{
		.name = "an option",
		.log =
		"c2.sh: 3: Syntax error: end of file unexpected (expecting \"then\")\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "c2.sh",
			  "#!/bin/sh\r\n"
			  "set -e\r\n"
			  "if true; then\r\n"
			  "echo hi\r\n"
			  "fi\r\n",
			  "#!/bin/sh\n"
			  "set -e\n"
			  "if true; then\n"
			  "echo hi\n"
			  "fi\n" },
		},
	},
	{
		.name = "a script with line feeds",
		.log =
		"bash: ./build.sh: cannot execute: required file not found\n"
		"##[error]Process completed with exit code 127.\n",
		.file = {
			{ "build.sh",
			  "#!/bin/nobash\n"
			  "echo hi\n",
			  NULL },
		},
		.declines = "names no script",
	},
	{0}
};

const struct template template_shell_line_ends = {
	.name = "shell_line_ends",
	.summary = "a script with carriage returns -> line feeds",
	.language = "shell",
	.class = "line ends",
	.oracles = "the shell itself",
	.keeps_off = "scripts that the log does not name",
	.danger = DANGER_0,
	.reading = true,
	.types = types,
	.fix = fix,
	.examples = examples,
};

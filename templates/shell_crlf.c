/*
 * A script whose lines end as on Windows, so that its interpreter is "bash\r" -> LF. Nothing else of the
 * script changes. Keeps off where .gitattributes asks for those line ends.
 */
#include "templates/lib_scene.h"

#include "git/path.h"

static const char *const types[] = { "bad interpreter", "no such command", "syntax error", NULL };

static bool has_crlf(const struct scene *scene, const char *path)
{
	struct str text, line;

	return scene_read(scene, path, &text) && str_starts(text, "#!") &&
	       str_split(text, "\n", &line, NULL) && str_ends(line, "\r");
}

/* "*.sh text eol=crlf" */
static bool asks_for_crlf(const struct scene *scene, const char *path)
{
	struct str text, line, glob;
	bool asks = false;

	if (!scene_read(scene, ".gitattributes", &text))
		return false;
	while (str_next_line(&text, &line)) {
		struct str name = str_of(path);

		if (!str_split(str_trim(line), " ", &glob, &line))
			continue;
		if (str_char(glob, '/') < 0)
			str_split_last(name, "/", NULL, &name);
		if (path_matches(str_text(scene->arena, glob), name))
			asks = str_has(line, "eol=crlf");
	}
	return asks;
}

/* The file that the message names or that it is of; else the only script with such lines. */
static const char *script_of(const struct scene *scene)
{
	struct str named = scene_group(scene, "path");
	const char *path = scene_path(scene, named.size ? str_text(scene->arena, named)
							: scene->failure->file), *found = NULL;

	if (path)
		return has_crlf(scene, path) ? path : NULL;
	for (size_t i = 0; !named.size && i < scene->tree->count; i++)
		if (has_crlf(scene, scene->tree->entries[i].path)) {
			if (found)
				return NULL;
			found = scene->tree->entries[i].path;
		}
	return found;
}

static void fix(struct scene *scene)
{
	const char *path = script_of(scene);
	struct text out = TEXT(scene->arena);
	struct candidate *candidate;
	struct str text, line;

	if (!path)
		return template_decline(scene, "no one script with such line ends fits the log");
	if (asks_for_crlf(scene, path))
		return template_decline(scene, ".gitattributes asks for these line ends");
	if (!scene_read(scene, path, &text))
		return template_decline(scene, "the script cannot be read");
	while (str_next(&text, '\n', &line)) {
		(void)str_chop(&line, "\r");
		text_addf(&out, "%.*s\n", STR_ARG(line));
	}
	candidate = propose(scene, ORACLE_CONTRACT, "The lines of %s end in CR LF, and the CR is taken for a "
			    "part of the interpreter's name.", path);
	candidate_put(scene, candidate, path, text_str(&out));
}

#define LOG(said) "##[group]Run ./tools/build.sh\nshell: /usr/bin/bash -e {0}\n##[endgroup]\n" said \
	"##[error]Process completed with exit code 127.\n"

static const struct example examples[] = {
	{
		.name = "env",
		.log = LOG("/usr/bin/env: \xe2\x80\x98" "bash\\r\xe2\x80\x99: No such file or directory\n"),
		.file = { { "tools/build.sh", "#!/usr/bin/env bash\r\nmake\r\n",
			    "#!/usr/bin/env bash\nmake\n" } },
	},
	{
		.name = "a bad interpreter",
		.log = LOG("bash: ./tools/build.sh: /bin/bash^M: bad interpreter: No such file or directory\n"),
		.file = { { "tools/build.sh", "#!/bin/bash\r\nmake\r\n", "#!/bin/bash\nmake\n" } },
	},
	{
		.name = "a newer bash",
		.log = LOG("bash: line 1: ./tools/build.sh: cannot execute: required file not found\n"),
		.file = { { "tools/build.sh", "#!/bin/bash\r\nmake\r\n", "#!/bin/bash\nmake\n" } },
	},
	{
		.name = "an interpreter that is not there",
		.log = LOG("bash: line 1: ./tools/build.sh: cannot execute: required file not found\n"),
		.file = { { "tools/build.sh", "#!/opt/zsh\nmake\n", NULL } },
		.declines = "no one script",
	},
	{
		.name = "asked for",
		.log = LOG("bash: line 1: ./tools/build.sh: cannot execute: required file not found\n"),
		.file = {
			{ ".gitattributes", "*.sh text eol=crlf\n", NULL },
			{ "tools/build.sh", "#!/bin/bash\r\nmake\r\n", NULL },
		},
		.declines = ".gitattributes",
	},
	{0}
};

const struct template template_shell_crlf = {
	.name = "shell_crlf",
	.summary = "a script with line ends of Windows that its interpreter cannot read -> LF",
	.language = "shell",
	.class = "line ends",
	.oracles = "the interpreter's message, the script's first line",
	.keeps_off = "line ends that .gitattributes asks for; several scripts that may be meant",
	.danger = DANGER_0,
	.reading = true,
	.types = types,
	.pattern = "(?:^(?<path>[\\w./@+-]+): (?:/[\\w/.-]+\\^M: bad interpreter|cannot execute: required file|not "
		   "found$))|\\\\r['\xe2]|\\^M|unexpected end of file|end of file unexpected",
	.fix = fix,
	.examples = examples,
};

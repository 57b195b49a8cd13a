/*
 * A script that may not be run ("Permission denied") -> the executable bit, and the first line
 * that its neighbours have when it has none. Only for files of the repository that are scripts:
 * by their first line, or by the language that they and a neighbour are written in.
 */
#include "templates/lib_shell.h"

#include "templates/lib_scene.h"


#include "git/path.h"

static const char *const types[] = { "no access", NULL };
static const char pattern[] = "^(?<path>(?:\\./)?[\\w./+-]+): Permission denied$";

static struct str first_line(struct str text)
{
	return str_trim(str_slice(text, 0, line_end(text, 0)));
}

static const struct entry *entry_of(const struct scene *scene, const char *path)
{
	for (size_t i = 0; i < scene->tree->count; i++)
		if (!strcmp(scene->tree->entries[i].path, path))
			return &scene->tree->entries[i];
	return NULL;
}

static bool parses(const struct scene *scene, const char *language, struct str text)
{
	SYNTAX s = syntax_open(scene->arena, language, text);

	return s && !s->errors;
}

/* The grammar of an interpreter's programs: "#!/usr/bin/env python3" */
static const char *language_of(struct str line)
{
	if (str_has(line, "python"))
		return "python";
	if (str_has(line, "node"))
		return "javascript";
	return NULL;
}

/*
 * The first line that all programs of the folder with the same ending have, if the text is of their
 * language and of no other one; empty when nobody says it.
 */
static struct str line_of_neighbours(const struct scene *scene, const char *path, struct str text)
{
	struct str folder = path_folder(str_of(path)), ending = path_ending(str_of(path)), found = STR_NONE;

	for (size_t i = 0; i < scene->tree->count; i++) {
		struct str other = str_of(scene->tree->entries[i].path), body, line;

		if (str_is(other, path) || !str_equal(path_folder(other), folder) ||
		    !str_equal(path_ending(other), ending) || !scene_read(scene, other.at, &body))
			continue;
		line = first_line(body);
		if (!str_starts(line, "#!"))
			continue;
		if (found.size && !str_equal(found, line))
			return STR_NONE;
		found = line;
	}
	if (!found.size || !language_of(found) || !parses(scene, language_of(found), text) ||
	    parses(scene, "bash", text))
		return STR_NONE;
	return found;
}

static void fix(struct scene *scene)
{
	struct str name = scene_group(scene, "path"), text, line = STR_NONE;
	const char *path = tree_path(scene->tree, name);
	struct candidate *candidate;

	if (!path || !scene_read(scene, path, &text))
		return template_decline(scene, "%.*s is no file of the repository", STR_ARG(name));
	if (entry_of(scene, path) && entry_of(scene, path)->mode == ENTRY_PROGRAM)
		return template_decline(scene, "%s may be run already", path);
	if (!str_starts(text, "#!")) {
		line = line_of_neighbours(scene, path, text);
		if (!line.size)
			return template_decline(scene, "%s has no first line that names an interpreter, and "
						"no neighbour says it", path);
	}
	candidate = propose(scene, line.size ? ORACLE_SIBLING : ORACLE_TOOL,
			    "%s is run as a program and may not be%s.", path,
			    line.size ? "; the first line is that of the program beside it" : "");
	if (line.size && !candidate_put(scene, candidate, path,
					str_of(arena_printf(scene->arena, "%.*s\n%.*s", STR_ARG(line),
							    STR_ARG(text)))))
		return;
	candidate_make_program(scene, candidate, path);
}

static const struct example examples[] = {
	{
		.name = "a script",
		.log =
		"/bin/sh: 1: ./tools/words.sh: Permission denied\n"
		"make: *** [Makefile:3: check] Error 126\n",
		.file = {
			{ "tools/words.sh",
			  "#!/bin/sh\n"
			  "echo a\n",
			  NULL, true },
		},
	},
	{
		.name = "gradlew",
		.log =
		"/home/runner/work/_temp/1.sh: line 1: ./gradlew: Permission denied\n"
		"##[error]Process completed with exit code 126.\n",
		.file = {
			{ "gradlew",
			  "#!/bin/sh\n"
			  "echo a\n",
			  NULL, true },
		},
	},
	{
		.name = "something else is denied",
		.log =
		"cat: ./secret: Permission denied\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "secret",
			  "abc\n",
			  NULL },
		},
		.declines = "has no first line",
	},
	{
		.name = "no file of ours",
		.log =
		"/bin/sh: 1: ./out/a: Permission denied\n"
		"make: *** [Makefile:3: check] Error 126\n",
		.file = {
			{ "a",
			  "#!/bin/sh\n"
			  "echo a\n",
			  NULL },
		},
		.declines = "is no file",
	},
	{0}
};

const struct template template_shell_not_a_program = {
	.name = "shell_not_a_program",
	.summary = "a script that may not be run -> the executable bit, and the first line "
		"of its neighbours",
	.language = "shell",
	.class = "mode",
	.oracles = "the shell itself; programs beside it for the first line",
	.keeps_off = "files that are no scripts, or in no language that a neighbour has",
	.danger = DANGER_0,
	.reading = true,
	.types = types,
	.pattern = pattern,
	.fix = fix,
	.examples = examples,
};

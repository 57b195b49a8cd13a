/*
 * Which RUN failed: BuildKit prints the command of the shell, quoted, and often the line. Two equal
 * commands that the log does not tell apart are no answer.
 */
#include "templates/lib_docker.h"

/* The command between the quotes of: process "/bin/sh -c ..." did not complete. */
static bool command_of(struct arena *a, struct str message, struct str *command)
{
	static const char *const shells[] = { "/bin/sh -c ", "/bin/sh -o pipefail -c ",
					      "/bin/bash -c ", "/bin/bash -o pipefail -c ",
					      "/bin/ash -eo pipefail -c ",
					      "/bin/bash -euo pipefail -c " };
	struct text out = TEXT(a);
	struct str rest;
	size_t i;

	if (!str_split(message, "process \"", NULL, &rest))
		return false;
	for (i = 0; i < rest.size && rest.at[i] != '"'; i++) {
		if (rest.at[i] == '\\' && i + 1 < rest.size) {
			char c = rest.at[++i];

			text_addc(&out, c == 'n' || c == 't' ? ' ' : c);
		} else {
			text_addc(&out, rest.at[i]);
		}
	}
	*command = text_str(&out);
	for (size_t n = 0; n < sizeof(shells) / sizeof(shells[0]); n++)
		if (str_skip(command, shells[n]))
			return i < rest.size;
	return false;
}

/* Equal up to runs of blanks. */
static bool same_words(struct str one, struct str other)
{
	struct str a, b;
	bool left, right;

	do {
		left = docker_word(&one, &a);
		right = docker_word(&other, &b);
	} while (left && right && str_equal(a, b));
	return !left && !right;
}

/* Dockerfile:11 names the line; of two RUNs that are the same text it tells which. */
static bool is_command(const struct docker_instruction *one, struct str command, unsigned line)
{
	return docker_is(one, "RUN") && same_words(docker_plain(one), command) &&
	       (!line || (line >= one->line && line <= one->last_line));
}

static const struct failure *failed_command(const struct scene *scene, struct str *command)
{
	for (size_t i = 0; i < scene->report->failure_count; i++) {
		const struct failure *one = &scene->report->failures[i];

		if (one->tool && !strcmp(one->tool, "docker") && one->type &&
		    !strcmp(one->type, "command") &&
		    command_of(scene->arena, str_of(one->message), command))
			return one;
	}
	return NULL;
}

bool docker_failed_run(struct scene *scene, bool (*suits)(const struct docker_file *file, size_t index),
		       struct docker_file *file, size_t *index, const char **why)
{
	struct docker_file *files = arena_array(scene->arena, struct docker_file,
						DOCKER_FILES_MAX);
	const struct failure *failure;
	unsigned seen = 0, found[2] = { 0, 0 };
	struct str command;
	size_t count;

	failure = failed_command(scene, &command);
	*why = "the log does not say that it failed while an image was built";
	if (!failure)
		return false;
	count = docker_files(scene, scene->tree, files);
	for (size_t f = 0; f < count; f++)
		for (size_t i = 0; i < files[f].count; i++) {
			bool better;

			if (!is_command(&files[f].instructions[i], command, failure->line))
				continue;
			seen++;
			better = !suits || suits(&files[f], i);
			if (better ? !found[1]++ : !found[0]++ && !found[1]) {
				*file = files[f];
				*index = i;
			}
		}
	*why = seen ? "which of several equal RUN lines failed the log does not say"
		    : "no Dockerfile here has the RUN that failed";
	return seen == 1 || found[1] == 1;
}

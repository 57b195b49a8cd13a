/*
 * Reads COPY and ADD in their plain form. The context is taken for the root of the repository, or for
 * the Dockerfile's own folder where only that has the file.
 */
#include "templates/lib_docker_copy.h"

bool docker_copy_of(const struct docker_instruction *instruction, struct docker_copy *copy)
{
	struct docker_copy out = {0};
	struct str rest = docker_plain(instruction), word;

	if ((!docker_is(instruction, "COPY") && !docker_is(instruction, "ADD")) ||
	    instruction->heredoc || docker_flag(instruction, "from").size ||
	    str_starts(rest, "[") || str_char(rest, '$') >= 0 || str_char(rest, '"') >= 0)
		return false;
	while (docker_word(&rest, &word)) {
		if (out.target.size && out.count == COPY_SOURCES_MAX)
			return false;
		if (out.target.size)
			out.sources[out.count++] = out.target;
		out.target = word;
	}
	*copy = out;
	return out.count > 0;
}

struct str docker_source(struct str source)
{
	while (str_skip(&source, "./") || str_skip(&source, "/"))
		;
	while (str_chop(&source, "/"))
		;
	return source;
}

/* The path that the message says was not there. */
static bool missing_path(const struct failure *failure, struct str *path)
{
	struct str text = str_of(failure->message), rest;

	if (str_split_last(text, "\": not found", &rest, NULL) &&
	    str_split_last(rest, "\"", NULL, path))
		return true;
	/* COPY failed: file not found in build context or excluded by .dockerignore: stat x: ... */
	if (str_split(text, ": stat ", NULL, &rest) &&
	    str_split(rest, ": file does not exist", path, NULL))
		return true;
	return false;
}

bool docker_failed_copy(struct scene *scene, struct docker_file *file, size_t *index,
			struct str *source, const char **path, const char **why)
{
	struct docker_file *files = arena_array(scene->arena, struct docker_file, DOCKER_FILES_MAX);
	size_t count = docker_files(scene, scene->tree, files), found = 0;
	const unsigned line = scene->failure->line;
	struct docker_copy copy;
	struct str missing;

	*why = "the log does not name the file";
	if (!missing_path(scene->failure, &missing))
		return false;
	missing = docker_source(missing);
	for (size_t f = 0; f < count; f++)
		for (size_t i = 0; i < files[f].count; i++) {
			const struct docker_instruction *one = &files[f].instructions[i];

			if (!docker_copy_of(one, &copy) ||
			    (line && (line < one->line || line > one->last_line)))
				continue;
			for (size_t s = 0; s < copy.count; s++) {
				if (!str_equal(docker_source(copy.sources[s]), missing))
					continue;
				found++;
				*file = files[f];
				*index = i;
				*source = copy.sources[s];
			}
		}
	*path = str_text(scene->arena, missing);
	*why = found ? "several COPY lines take it, and the log does not say which failed"
		     : "no plain COPY here takes it";
	return found == 1;
}

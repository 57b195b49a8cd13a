/*
 * What several templates need of a scene. Knows no language and proposes nothing.
 */
#include "templates/lib_scene.h"

bool scene_next_alike(const struct scene *scene, size_t *index, struct scene *alike)
{
	while (*index < scene->report->failure_count) {
		struct scene other = *scene;

		other.failure = &scene->report->failures[(*index)++];
		if (!template_matches(scene->template, &other))
			continue;
		*alike = other;
		return true;
	}
	return false;
}

bool scene_is_first(const struct scene *scene)
{
	struct scene first;
	size_t index = 0;

	return !scene_next_alike(scene, &index, &first) || first.failure == scene->failure;
}

const char *scene_path(const struct scene *scene, const char *file)
{
	return file ? tree_path(scene->tree, str_of(file)) : NULL;
}

bool word_among(struct str word, const char *words)
{
	struct str rest = str_of(words), one;

	while (word.size && str_next(&rest, ' ', &one))
		if (str_equal(one, word))
			return true;
	return false;
}

static bool in_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

bool text_has_word(struct str text, const char *word)
{
	size_t size = strlen(word);

	for (size_t at = 0; size && at + size <= text.size; at++) {
		bool starts = (!at || !in_word(text.at[at - 1])) &&
			      str_is(str_slice(text, at, size), word);

		if (starts && (at + size == text.size || !in_word(text.at[at + size])))
			return true;
	}
	return false;
}

size_t line_start(struct str text, unsigned line)
{
	size_t at = 0;

	while (line > 1 && at < text.size)
		if (text.at[at++] == '\n')
			line--;
	return at;
}

size_t line_end(struct str text, size_t at)
{
	while (at < text.size && text.at[at] != '\n')
		at++;
	return at < text.size ? at + 1 : at;
}

bool scene_is_aside(const char *path, const char *from)
{
	static const char folders[] = "vendor _vendor vendored third_party third-party thirdparty "
		"external extern node_modules examples example samples sample demo demos docs doc "
		"contrib attic archive legacy old deprecated";
	struct str rest = str_of(path), folder;

	while (str_next(&rest, '/', &folder)) {
		size_t size = (size_t)(folder.at + folder.size - path);

		if (rest.size && word_among(folder, folders))
			return strncmp(path, from, size + 1) != 0;
	}
	return false;
}

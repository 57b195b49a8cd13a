/*
 * Renames by the lines of the failing commit and its parent: a line of the old file that is gone, and
 * a line of the new one that says the same but for one word. Does not follow moved files.
 */
#include "templates/lib_renamed.h"

#include "git/path.h"
#include "templates/lib_scene.h"

enum { FILES_MAX = 4000 };

static bool has_line(struct str text, struct str wanted)
{
	struct str line;

	while (str_next_line(&text, &line))
		if (str_equal(line, wanted))
			return true;
	return false;
}

static bool in_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* The place of the whole word in the line, or -1. */
static ptrdiff_t find_word(struct str line, struct str word)
{
	for (size_t at = 0; at + word.size <= line.size; at++)
		if (str_equal(str_slice(line, at, word.size), word) && (!at || !in_word(line.at[at - 1])) &&
		    (at + word.size == line.size || !in_word(line.at[at + word.size])))
			return (ptrdiff_t)at;
	return -1;
}

/* The word that stands for `old` in a new line of `after` that is else the same; empty. */
static struct str new_word(struct str before, struct str after, struct str line, size_t at, size_t size)
{
	struct str other, head = str_slice(line, 0, at), tail = str_from(line, at + size), found = STR_NONE;

	while (str_next_line(&after, &other)) {
		struct str word;

		if (other.size <= head.size + tail.size ||
		    !str_equal(str_slice(other, 0, head.size), head) ||
		    !str_equal(str_from(other, other.size - tail.size), tail) || has_line(before, other))
			continue;
		word = str_slice(other, head.size, other.size - head.size - tail.size);
		if (!str_is_word(word) || str_equal(word, str_slice(line, at, size)))
			continue;
		if (found.size && !str_equal(found, word))
			return STR_NONE;
		found = word;
	}
	return found;
}

bool renamed_to(const struct scene *scene, struct str old, const char *endings, struct str *name)
{
	const struct tree *parent = scene->parent;
	struct str found = STR_NONE;

	for (size_t i = 0; parent && i < parent->count && i < FILES_MAX; i++) {
		const char *path = parent->entries[i].path;
		struct str before, after, rest, line;

		if (!word_among(path_ending(str_of(path)), endings) ||
		    !tree_read(parent, scene->arena, path, &before) || !scene_read(scene, path, &after) ||
		    str_equal(before, after))
			continue;
		rest = before;
		while (str_next_line(&rest, &line)) {
			ptrdiff_t at = find_word(line, old);
			struct str word;

			if (at < 0 || has_line(after, line))
				continue;
			word = new_word(before, after, line, (size_t)at, old.size);
			if (!word.size || find_word(before, word) >= 0)
				continue;
			if (found.size && !str_equal(found, word))
				return false;
			found = word;
		}
	}
	if (!found.size)
		return false;
	*name = found;
	return true;
}

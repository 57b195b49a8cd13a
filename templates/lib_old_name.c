/*
 * Renames by comparing the lines of the parent with those of the failing commit. Two different new
 * names for one word say nothing. Knows no language: a word is letters, digits and _.
 */
#include "templates/lib_old_name.h"

#include "git/path.h"
#include "templates/lib_scene.h"

enum { FILES_MAX = 4000 };

static bool word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* The place of the whole word from a byte on; -1: none */
static ptrdiff_t find_word(struct str text, size_t from, struct str word)
{
	for (;;) {
		ptrdiff_t found = str_find(str_from(text, from), word);
		size_t at, end;

		if (found < 0)
			return -1;
		at = from + (size_t)found, end = at + word.size;
		if ((!at || !word_byte(text.at[at - 1])) && (end >= text.size || !word_byte(text.at[end])))
			return (ptrdiff_t)at;
		from = end;
	}
}

static bool has_line(struct str text, struct str wanted)
{
	struct str line;

	while (str_next_line(&text, &line))
		if (str_equal(line, wanted))
			return true;
	return false;
}

/*
 * The word that stands in its place in a line that is new and else the old one; empty when there is
 * none, or when several new lines could have come of it.
 */
static struct str new_word(struct arena *a, struct str before, struct str after, struct str old, size_t at,
			   struct str word)
{
	const char *start = str_text(a, str_slice(old, 0, at));
	struct str line, found = STR_NONE;
	unsigned count;

	while (str_next_line(&after, &line)) {
		struct str got = str_from(line, at);
		size_t size = 0;

		if (!str_starts(line, start))
			continue;
		while (size < got.size && (word_byte(got.at[size]) || strchr("?!", got.at[size])))
			size++;
		got = str_slice(got, 0, size);
		if (!size || str_equal(got, word) || (got.at[0] >= '0' && got.at[0] <= '9') ||
		    !str_equal(old_name_replace(a, old, old, word, got, &count), line) ||
		    has_line(before, line))
			continue;
		if (found.size && !str_equal(found, got))
			return STR_NONE;
		found = got;
	}
	return found;
}

static bool compare(struct arena *a, const char *path, struct str before, struct str after,
		    struct str word, struct new_name *out)
{
	struct str rest = before, line;

	while (str_next_line(&rest, &line)) {
		ptrdiff_t at = find_word(line, 0, word);
		struct str got;

		if (at < 0 || has_line(after, line))
			continue;
		got = new_word(a, before, after, line, (size_t)at, word);
		if (!got.size)
			continue;
		if (out->name.size && !str_equal(out->name, got))
			return false;
		out->name = got;
		out->path = path;
		out->lines++;
	}
	return true;
}

bool old_name_became(const struct scene *scene, struct str word, const char *endings,
		 struct new_name *out)
{
	*out = (struct new_name){ .lines = 0 };
	if (!scene->parent || !word.size)
		return false;
	for (size_t i = 0; i < scene->tree->count && i < FILES_MAX; i++) {
		const char *path = scene->tree->entries[i].path;
		struct str before, after;

		if (!word_among(path_ending(str_of(path)), endings) ||
		    !tree_read(scene->parent, scene->arena, path, &before) ||
		    !tree_read(scene->tree, scene->arena, path, &after) || str_equal(before, after))
			continue;
		if (!compare(scene->arena, path, before, after, word, out))
			return false;
	}
	return out->lines > 0;
}

struct str old_name_replace(struct arena *a, struct str text, struct str code, struct str from,
		       struct str to, unsigned *count)
{
	struct text out = TEXT(a);
	size_t at = 0;
	ptrdiff_t found;

	*count = 0;
	while ((found = find_word(code, at, from)) >= 0) {
		text_add(&out, str_slice(text, at, (size_t)found - at));
		text_add(&out, to);
		at = (size_t)found + from.size;
		++*count;
	}
	text_add(&out, str_from(text, at));
	return text_str(&out);
}

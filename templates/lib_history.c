/*
 * A renamed key found by comparing the lines of the parent with those of the failing commit. Two
 * different new names, or a rename on the crashing line itself, say nothing.
 */
#include "templates/lib_history.h"

#include "git/path.h"

enum { FILES_MAX = 4000 };

struct rename {
	struct arena *arena;
	struct str key, new_name;
	const char *path;
	bool several;
};

/* The place of the quoted word in the line, behind its quote; -1 when it is not there. */
static ptrdiff_t find_quoted(struct str line, struct str word)
{
	size_t from = 0;

	for (;;) {
		ptrdiff_t at = str_find(str_from(line, from), word);
		size_t start, end;

		if (at < 0)
			return -1;
		start = from + (size_t)at, end = start + word.size;
		if (start && end < line.size && (line.at[start - 1] == '"' || line.at[start - 1] == '\'') &&
		    line.at[end] == line.at[start - 1])
			return (ptrdiff_t)start;
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

/* The word that stands for the key in a new line that is else the old one. */
static struct str new_word(struct str text, struct str old, size_t at, size_t size)
{
	struct str line, before = str_slice(old, 0, at), behind = str_from(old, at + size);

	while (str_next_line(&text, &line)) {
		struct str word;

		if (line.size <= before.size + behind.size ||
		    !str_equal(str_slice(line, 0, before.size), before) ||
		    !str_equal(str_from(line, line.size - behind.size), behind))
			continue;
		word = str_slice(line, before.size, line.size - before.size - behind.size);
		if (str_is_word(word) && !str_equal(word, str_slice(old, at, size)))
			return word;
	}
	return STR_NONE;
}

static void compare(struct rename *r, const char *path, struct str before, struct str after)
{
	struct str rest = before, line, word;

	while (str_next_line(&rest, &line)) {
		ptrdiff_t at = find_quoted(line, r->key);

		if (at < 0 || has_line(after, line))
			continue;
		word = new_word(after, line, (size_t)at, r->key.size);
		if (!word.size || has_line(before, word))
			continue;
		if (r->new_name.size && !str_equal(r->new_name, word))
			r->several = true;
		r->new_name = word;
		r->path = path;
	}
}

static void compare_trees(struct rename *r, const struct scene *scene)
{
	for (size_t i = 0; i < scene->tree->count && i < FILES_MAX; i++) {
		const char *path = scene->tree->entries[i].path;
		struct str before, after, ending = path_ending(str_of(path));

		if (!str_is(ending, "py") && !str_is(ending, "json"))
			continue;
		if (!tree_read(scene->parent, r->arena, path, &before) ||
		    !tree_read(scene->tree, r->arena, path, &after) || str_equal(before, after))
			continue;
		compare(r, path, before, after);
	}
}

bool history_renamed_key(struct python *python, const struct site *crash, TSNode subscript)
{
	struct scene *scene = python->scene;
	const struct syntax *s = crash->syntax;
	TSNode key = syntax_field(subscript, "subscript");
	struct str quoted = syntax_text(s, key), mapping, after;
	struct rename r = { .arena = scene->arena };
	struct edits edits = { .arena = scene->arena };

	if (!scene->parent || !syntax_type_is(key, "string") || quoted.size < 3)
		return false;
	r.key = str_slice(quoted, 1, quoted.size - 2);
	compare_trees(&r, scene);
	if (!r.new_name.size || r.several)
		return false;
	mapping = syntax_text(s, syntax_field(subscript, "value"));
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(s->root, "subscript", n);
		TSNode word = syntax_field(one, "subscript");

		if (ts_node_is_null(one))
			break;
		if (str_equal(syntax_text(s, syntax_field(one, "value")), mapping) &&
		    str_equal(syntax_text(s, word), quoted))
			edit_replace(&edits, ts_node_start_byte(word) + 1, ts_node_end_byte(word) - 1,
				     r.new_name);
	}
	if (!edits_apply(&edits, s, &after))
		return false;
	return candidate_put(scene, propose(scene, ORACLE_HISTORY,
					    "the failing commit renamed the key \"%.*s\" to \"%.*s\" in %s",
					    STR_ARG(r.key), STR_ARG(r.new_name), r.path), crash->path,
			     after);
}

/*
 * Renames by comparing lines and bodies of the files that the failing commit changed. Two different
 * new names of the same weight say nothing. Looks at no commit but the failing one.
 */
#include "templates/lib_js_history.h"

#include "templates/lib_js.h"
#include "templates/lib_js_names.h"
#include "templates/lib_scene.h"

enum { FILES_MAX = 3000, BODY_LINES_MAX = 200 };

struct renames {
	const struct scene *scene;
	struct str name;
	struct str found;		/* by lines that declare it */
	struct str used;		/* by all other lines */
	bool found_several, used_several;
	const char *found_in, *used_in;
};

static bool in_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '$';
}

/* Where the word stands in the line, from a byte on; -1 when it does not. */
static ptrdiff_t find_word(struct str line, size_t from, struct str word)
{
	for (;;) {
		ptrdiff_t at = str_find(str_from(line, from), word);
		size_t start, end;

		if (at < 0)
			return -1;
		start = from + (size_t)at, end = start + word.size;
		if ((!start || !in_word(line.at[start - 1])) &&
		    (end == line.size || !in_word(line.at[end])))
			return (ptrdiff_t)start;
		from = end;
	}
}

static struct str with_word(struct arena *a, struct str line, struct str old, struct str new)
{
	struct text out = TEXT(a);
	size_t from = 0;
	ptrdiff_t at;

	while ((at = find_word(line, from, old)) >= 0) {
		text_add(&out, str_slice(line, from, (size_t)at - from));
		text_add(&out, new);
		from = (size_t)at + old.size;
	}
	text_add(&out, str_from(line, from));
	return text_str(&out);
}

static bool has_line(struct str text, struct str wanted)
{
	struct str line;

	while (str_next_line(&text, &line))
		if (str_equal(str_trim(line), wanted))
			return true;
	return false;
}

/* Does the line say what the name is, rather than use it? */
static bool is_declaring(struct str line, struct str name, size_t at)
{
	static const char *const words[] = {
		"@property", "@typedef", "interface ", "type ", "enum ", "class ", "function ", "| '", "| \"",
	};
	struct str behind = str_trim(str_from(line, at + name.size));

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (str_has(line, words[i]))
			return true;
	return !at && (str_starts(behind, ":") || str_starts(behind, "?:") || str_starts(behind, ","));
}

static void keep(struct str *found, bool *several, const char **in, struct str word,
		 const char *path)
{
	*several |= found->size && !str_equal(*found, word);
	*found = word;
	*in = path;
}

/* The old line went, and a new one is the same but for the word. */
static void see_line(struct renames *r, const char *path, struct str old, struct str before,
		     struct str after)
{
	ptrdiff_t at = find_word(old, 0, r->name);
	struct str rest = after, line;

	if (at < 0 || has_line(after, old))
		return;
	while (str_next_line(&rest, &line)) {
		size_t start = (size_t)at, end = start;
		struct str word;

		line = str_trim(line);
		while (end < line.size && in_word(line.at[end]))
			end++;
		word = str_slice(line, start, end - start);
		if (!word.size || str_equal(word, r->name) || has_line(before, line) ||
		    !str_equal(with_word(r->scene->arena, old, r->name, word), line))
			continue;
		word = str_copy(r->scene->arena, word);
		if (is_declaring(old, r->name, start))
			keep(&r->found, &r->found_several, &r->found_in, word, path);
		else
			keep(&r->used, &r->used_several, &r->used_in, word, path);
	}
}

static void see_lines(struct renames *r, const char *path, struct str before, struct str after)
{
	struct str rest = before, line;

	while (str_next_line(&rest, &line))
		see_line(r, path, str_trim(line), before, after);
}

static TSNode function_named(const struct syntax *s, struct str name, unsigned *count)
{
	const TSNode none = {{0}, NULL, NULL};
	TSNode found = none;

	*count = 0;
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(s->root, "function_declaration|method_definition|"
					  "arrow_function|function_expression", n);

		if (ts_node_is_null(one))
			return found;
		if (!str_equal(js_function_name(s, one), name))
			continue;
		++*count;
		found = one;
	}
}

/* How many lines of the old body the new one still has; *lines is how many there were. */
static unsigned shared_lines(struct str old, struct str new, unsigned *lines)
{
	unsigned shared = 0;
	struct str line;

	*lines = 0;
	while (str_next_line(&old, &line) && *lines < BODY_LINES_MAX) {
		line = str_trim(line);
		if (line.size < 4)
			continue;
		++*lines;
		shared += has_line(new, line);
	}
	return shared;
}

/* The new function of the file that has the old one's body. */
static struct str heir(const struct renames *r, const struct syntax *before, TSNode old,
		       const struct syntax *after)
{
	struct str body = syntax_text(before, syntax_field(old, "body")), best = STR_NONE;
	unsigned most = 0, second = 0, lines = 0, ignored;

	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(after->root, "function_declaration|method_definition|"
					  "arrow_function|function_expression", n);
		struct str name;
		unsigned shared;

		if (ts_node_is_null(one))
			break;
		name = js_function_name(after, one);
		function_named(before, name, &ignored);
		if (!name.size || ignored)
			continue;
		shared = shared_lines(body, syntax_text(after, syntax_field(one, "body")), &lines);
		if (shared > most) {
			second = most;
			most = shared;
			best = name;
		} else if (shared > second) {
			second = shared;
		}
	}
	if (!most || most == second || most * 2 < lines)
		return STR_NONE;
	return str_copy(r->scene->arena, best);
}

static void see_bodies(const struct renames *r, const char *path, struct str before,
		       struct str after, struct str *found, const char **in, bool *several)
{
	struct arena *a = r->scene->arena;
	SYNTAX old = syntax_open(a, syntax_language(path), before);
	SYNTAX new = syntax_open(a, syntax_language(path), after);
	struct str name;
	unsigned count, still;
	TSNode function;

	if (!old || !new)
		return;
	function = function_named(old, r->name, &count);
	function_named(new, r->name, &still);
	if (count != 1 || still)
		return;
	name = heir(r, old, function, new);
	if (name.size)
		keep(found, several, in, name, path);
}

struct str js_renamed(const struct scene *scene, struct str name, const char **by)
{
	struct renames r = { .scene = scene, .name = name };
	struct str body = STR_NONE;
	const char *in = NULL;
	bool several = false;

	for (size_t i = 0; scene->parent && i < scene->parent->count && i < FILES_MAX; i++) {
		const char *path = scene->parent->entries[i].path, *language = syntax_language(path);
		struct str before, after;

		if (!language || !word_among(str_of(language), "javascript typescript tsx") ||
		    !tree_read(scene->parent, scene->arena, path, &before) ||
		    !scene_read(scene, path, &after) || str_equal(before, after) ||
		    !text_has_word(before, str_text(scene->arena, name)))
			continue;
		see_lines(&r, path, before, after);
		if (js_is_source(path))
			see_bodies(&r, path, before, after, &body, &in, &several);
	}
	if (body.size && !several) {
		*by = arena_printf(scene->arena, "in %s the failing commit gave its body that name", in);
		return body;
	}
	if (r.found.size && !r.found_several && !several) {
		*by = arena_printf(scene->arena, "the failing commit renamed it in %s", r.found_in);
		return r.found;
	}
	if (r.found.size || several || !r.used.size || r.used_several)
		return STR_NONE;
	*by = arena_printf(scene->arena, "the failing commit renamed it in %s", r.used_in);
	return r.used;
}

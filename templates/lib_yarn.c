/*
 * Reads the lock file of yarn 1 by its lines. Knows nothing of yarn's later formats, which are YAML.
 */
#include "templates/lib_yarn.h"

#include <stdlib.h>

bool yarn_parse(struct arena *a, struct str text, struct yarn_lock *lock)
{
	struct yarn_lock out = { .arena = a, .text = text };
	struct str rest = text, line;
	struct yarn_block *open = NULL;

	if (!str_has(str_slice(text, 0, 200), "# yarn lockfile v1") || str_has(text, "<<<<<<<"))
		return false;
	while (str_next_line(&rest, &line)) {
		size_t start = (size_t)(line.at - text.at);
		struct str value = str_trim(line);

		if (!line.size || line.at[0] == '#')
			continue;
		if (line.at[0] != ' ') {
			if (!str_ends(line, ":"))
				return false;
			open = &arena_push(a, out.blocks, out.count);
			*open = (struct yarn_block){ .start = start,
						     .head_end = start + line.size - 1 };
		} else if (!open) {
			return false;
		} else if (str_starts(line, "  version ") && str_skip(&value, "version \"") &&
			   str_chop(&value, "\"")) {
			open->version = value;
		}
		if (open)
			open->end = (size_t)(rest.size ? rest.at - text.at : (ptrdiff_t)text.size);
	}
	*lock = out;
	return out.count > 0;
}

struct str yarn_head(const struct yarn_lock *lock, const struct yarn_block *block)
{
	return str_slice(lock->text, block->start, block->head_end - block->start);
}

static struct str unquoted(struct str text)
{
	text = str_trim(text);
	if (str_skip(&text, "\""))
		str_chop(&text, "\"");
	return text;
}

bool yarn_pattern(struct str *rest, struct str *pattern)
{
	struct str one = str_trim(*rest), after;

	if (!one.size)
		return false;
	if (one.at[0] == '"') {
		ptrdiff_t end = str_char(str_from(one, 1), '"');

		if (end < 0)
			return false;
		*pattern = str_slice(one, 1, (size_t)end);
		after = str_from(one, (size_t)end + 2);
		str_skip(&after, ",");
		*rest = after;
		return true;
	}
	if (!str_split(one, ",", pattern, rest)) {
		*pattern = one;
		*rest = STR_NONE;
	}
	return true;
}

const struct yarn_block *yarn_find(const struct yarn_lock *lock, struct str pattern)
{
	for (size_t i = 0; i < lock->count; i++) {
		struct str rest = yarn_head(lock, &lock->blocks[i]), one;

		while (yarn_pattern(&rest, &one))
			if (str_equal(one, pattern))
				return &lock->blocks[i];
	}
	return NULL;
}

struct str yarn_range(struct str pattern, struct str *name)
{
	struct str rest = pattern;
	ptrdiff_t at;

	str_skip(&rest, "@");
	at = str_char(rest, '@');
	if (at < 0) {
		*name = pattern;
		return STR_NONE;
	}
	*name = str_slice(pattern, 0, (size_t)at + (pattern.size - rest.size));
	return str_from(rest, (size_t)at + 1);
}

bool yarn_asks(struct arena *a, struct str *rest, struct str *pattern)
{
	struct str line, name, range;

	while (str_next_line(rest, &line)) {
		if (!str_starts(line, "    ") || !str_split(str_trim(line), " ", &name, &range))
			continue;
		*pattern = str_of(arena_printf(a, "%.*s@%.*s", STR_ARG(unquoted(name)),
					       STR_ARG(unquoted(range))));
		return true;
	}
	return false;
}

bool yarn_is_asked(const struct yarn_lock *lock, struct str pattern)
{
	struct str rest = lock->text, one;

	while (yarn_asks(lock->arena, &rest, &one))
		if (str_equal(one, pattern))
			return true;
	return false;
}

static int compare(const void *a, const void *b)
{
	return str_compare(*(const struct str *)a, *(const struct str *)b);
}

/* By the rule of yarn's own writer. */
static bool wants_quotes(struct str pattern)
{
	char first = pattern.at[0];

	if (!((first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z')) ||
	    str_starts(pattern, "true") || str_starts(pattern, "false"))
		return true;
	for (size_t i = 0; i < pattern.size; i++)
		if (strchr(": \t\\\",[]", pattern.at[i]))
			return true;
	return false;
}

struct str yarn_make_head(struct arena *a, struct str *patterns, size_t count)
{
	struct text out = TEXT(a);

	qsort(patterns, count, sizeof(*patterns), compare);
	for (size_t i = 0; i < count; i++) {
		bool quoted = wants_quotes(patterns[i]);

		text_addf(&out, "%s%s%.*s%s", i ? ", " : "", quoted ? "\"" : "",
			  STR_ARG(patterns[i]), quoted ? "\"" : "");
	}
	return text_str(&out);
}

/*
 * Text with a length. A `struct str` is a view: it owns nothing, need not end in NUL, may hold any
 * byte, and is passed by value. A `struct text` is a growing text in an arena.
 *
 * Invariant: `at` is never NULL when `size` is above 0. The zero value is the empty text.
 */
#ifndef BOT_BASE_STR_H
#define BOT_BASE_STR_H

#include "bot/base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct str {
	const char *at;
	size_t size;
};

#define STR(literal) ((struct str){ "" literal, sizeof(literal) - 1 })
#define STR_NONE ((struct str){ NULL, 0 })
/* For printf: "%.*s", STR_ARG(s). Cuts above INT_MAX. */
#define STR_ARG(s) (int)((s).size > 0x7fffffff ? 0x7fffffff : (s).size), (s).at ? (s).at : ""

static inline struct str str_of(const char *text)
{
	return (struct str){ text, text ? strlen(text) : 0 };
}

static inline bool str_equal(struct str a, struct str b)
{
	return a.size == b.size && (!a.size || !memcmp(a.at, b.at, a.size));
}

static inline bool str_is(struct str a, const char *text)
{
	return str_equal(a, str_of(text));
}

bool str_equal_nocase(struct str a, struct str b);	/* ASCII letters only */
int str_compare(struct str a, struct str b);		/* bytes, like memcmp; shorter first */

/* A piece: from start (clamped), at most size bytes (clamped). */
static inline struct str str_slice(struct str s, size_t start, size_t size)
{
	if (start > s.size)
		start = s.size;
	if (size > s.size - start)
		size = s.size - start;
	return (struct str){ start ? s.at + start : s.at, size };
}

static inline struct str str_from(struct str s, size_t start)
{
	return str_slice(s, start, s.size);
}

static inline bool str_starts(struct str s, const char *prefix)
{
	size_t size = strlen(prefix);

	return s.size >= size && (!size || !memcmp(s.at, prefix, size));
}

static inline bool str_ends(struct str s, const char *suffix)
{
	size_t size = strlen(suffix);

	return s.size >= size && (!size || !memcmp(s.at + s.size - size, suffix, size));
}

/* If s starts (ends) with it, cuts it off and says true; else leaves s alone. */
static inline bool str_skip(struct str *s, const char *prefix)
{
	if (!str_starts(*s, prefix))
		return false;
	*s = str_from(*s, strlen(prefix));
	return true;
}

static inline bool str_chop(struct str *s, const char *suffix)
{
	if (!str_ends(*s, suffix))
		return false;
	s->size -= strlen(suffix);
	return true;
}

/* Where the first (last) occurrence starts, or -1. */
ptrdiff_t str_find(struct str s, struct str needle);
ptrdiff_t str_find_last(struct str s, struct str needle);
ptrdiff_t str_char(struct str s, char c);
ptrdiff_t str_char_last(struct str s, char c);
bool str_has(struct str s, const char *needle);

struct str str_trim(struct str s);			/* ASCII white space at both ends */
struct str str_trim_right(struct str s);
size_t str_indent(struct str s);			/* leading blanks and tabs, each counted as one */

/*
 * Splitting: takes the next piece before `separator` off *rest and says true; false when *rest is
 * used up. "a,b" gives "a" and "b"; "a," gives "a" only; "" gives nothing.
 */
bool str_next(struct str *rest, char separator, struct str *piece);
/* The same for lines: ends at LF, and a CR before it is dropped. */
bool str_next_line(struct str *rest, struct str *line);

/* Cuts s at the first (last) occurrence; false and outputs untouched when there is none. */
bool str_split(struct str s, const char *separator, struct str *before, struct str *after);
bool str_split_last(struct str s, const char *separator, struct str *before, struct str *after);

/* All of s is a decimal number that fits (no sign, no blanks); else false and *n untouched. */
bool str_number(struct str s, unsigned long *n);
/* Takes the leading digits off *s. False when there are none or they do not fit. */
bool str_take_number(struct str *s, unsigned long *n);
/* s is a name in the sense of most languages: a letter or _, then letters, digits, _. */
bool str_is_word(struct str s);

struct str str_copy(struct arena *a, struct str s);
char *str_text(struct arena *a, struct str s);		/* NUL-terminated copy */

struct text {
	struct arena *arena;
	char *at;
	size_t size, room;
};

#define TEXT(a) ((struct text){ .arena = (a) })

void text_add(struct text *t, struct str s);
void text_adds(struct text *t, const char *s);
void text_addc(struct text *t, char c);
void text_addf(struct text *t, const char *format, ...)
	__attribute__((format(printf, 2, 3), nonnull(2)));
struct str text_str(const struct text *t);
/* The text so far, NUL-terminated; stays valid until the next text_add. */
const char *text_cstr(struct text *t);

#endif

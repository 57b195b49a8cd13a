/*
 * Words of a text that are another one in each run. Only for ci/normalise.c.
 */
#ifndef CI_NORMALISE_SHAPES_H
#define CI_NORMALISE_SHAPES_H

#include "bot/base/str.h"

struct spot {
	struct str rest;		/* from here on */
	struct str before;		/* the text up to here */
};

static inline bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static inline bool is_letter(char c)
{
	return is_upper(c) || (c >= 'a' && c <= 'z');
}

static inline bool is_hex(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static inline bool is_word(char c)
{
	return is_digit(c) || is_letter(c) || c == '_';
}

/* The byte there, or NUL. */
static inline char str_at(struct str s, size_t i)
{
	return i < s.size ? s.at[i] : '\0';
}

static inline char str_last(struct str s)
{
	return s.size ? s.at[s.size - 1] : '\0';
}

/* How many bytes from there on are of that sort. */
static inline size_t str_run(struct str s, size_t from, bool (*is)(char))
{
	size_t n = from;

	while (n < s.size && is(s.at[n]))
		n++;
	return n - from;
}

/*
 * At the start of a word: what stands for it ("<time>", "<uuid>", ...) and its size, or NULL when it
 * has none of the shapes.
 */
const char *normalise_shape(struct spot spot, size_t *size);

/*
 * The same for what need not be a word: "***", "[REDACTED:jwt]" and the "user:password" of an address
 * are "<secret>", and the "[2]" of "make[2]:" is "".
 */
const char *normalise_mask(struct spot spot, size_t *size);

#endif

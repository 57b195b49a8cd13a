/*
 * Views and growing texts. Knows ASCII only: bytes above 127 are passed through and never counted
 * as letters. Does no normalisation and no locale.
 */
#include "bot/base/str.h"

#include <limits.h>
#include <stdio.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool str_equal_nocase(struct str a, struct str b)
{
	if (a.size != b.size)
		return false;
	for (size_t i = 0; i < a.size; i++)
		if (lower(a.at[i]) != lower(b.at[i]))
			return false;
	return true;
}

int str_compare(struct str a, struct str b)
{
	size_t size = a.size < b.size ? a.size : b.size;
	int order = size ? memcmp(a.at, b.at, size) : 0;

	if (order)
		return order;
	return (a.size > b.size) - (a.size < b.size);
}

#ifdef __SSE2__
enum { BLOCK = 16 };

/* A bit for each of the sixteen places from `at` where both the first and the last byte are right. */
static unsigned both_ends(const char *at, struct str needle)
{
	__m128i first = _mm_loadu_si128((const __m128i *)(const void *)at);
	__m128i last = _mm_loadu_si128((const __m128i *)(const void *)(at + needle.size - 1));

	first = _mm_cmpeq_epi8(first, _mm_set1_epi8(needle.at[0]));
	last = _mm_cmpeq_epi8(last, _mm_set1_epi8(needle.at[needle.size - 1]));
	return (unsigned)_mm_movemask_epi8(_mm_and_si128(first, last));
}

static ptrdiff_t find_in_block(struct str s, size_t from, struct str needle)
{
	for (unsigned places = both_ends(s.at + from, needle); places; places &= places - 1) {
		size_t at = from + (size_t)__builtin_ctz(places);

		if (!memcmp(s.at + at + 1, needle.at + 1, needle.size - 2))
			return (ptrdiff_t)at;
	}
	return -1;
}

/* On lines memmem spends more on its tables than on the search. At least two bytes of needle. */
static ptrdiff_t find_text(struct str s, struct str needle)
{
	size_t places = s.size - needle.size + 1;
	ptrdiff_t found = -1;

	if (places < BLOCK) {
		for (size_t i = 0; i < places; i++)
			if (s.at[i] == needle.at[0] && !memcmp(s.at + i, needle.at, needle.size))
				return (ptrdiff_t)i;
		return -1;
	}
	for (size_t i = 0; i + BLOCK <= places && found < 0; i += BLOCK)
		found = find_in_block(s, i, needle);
	return found < 0 && places % BLOCK ? find_in_block(s, places - BLOCK, needle) : found;
}
#else
static ptrdiff_t find_text(struct str s, struct str needle)
{
	const char *found = memmem(s.at, s.size, needle.at, needle.size);

	return found ? found - s.at : -1;
}
#endif

ptrdiff_t str_find(struct str s, struct str needle)
{
	if (!needle.size)
		return 0;
	if (s.size < needle.size)
		return -1;
	return needle.size == 1 ? str_char(s, needle.at[0]) : find_text(s, needle);
}

ptrdiff_t str_find_last(struct str s, struct str needle)
{
	if (!needle.size)
		return (ptrdiff_t)s.size;
	while (s.size >= needle.size) {
		const char *found = memrchr(s.at, needle.at[0], s.size - needle.size + 1);

		if (!found)
			return -1;
		if (!memcmp(found, needle.at, needle.size))
			return found - s.at;
		s.size = (size_t)(found - s.at) + needle.size - 1;
	}
	return -1;
}

ptrdiff_t str_char(struct str s, char c)
{
	const char *found = s.size ? memchr(s.at, c, s.size) : NULL;

	return found ? found - s.at : -1;
}

ptrdiff_t str_char_last(struct str s, char c)
{
	const char *found = s.size ? memrchr(s.at, c, s.size) : NULL;

	return found ? found - s.at : -1;
}

bool str_has(struct str s, const char *needle)
{
	return str_find(s, str_of(needle)) >= 0;
}

struct str str_trim_right(struct str s)
{
	while (s.size && is_blank(s.at[s.size - 1]))
		s.size--;
	return s;
}

struct str str_trim(struct str s)
{
	while (s.size && is_blank(s.at[0]))
		s = str_from(s, 1);
	return str_trim_right(s);
}

size_t str_indent(struct str s)
{
	size_t n = 0;

	while (n < s.size && (s.at[n] == ' ' || s.at[n] == '\t'))
		n++;
	return n;
}

bool str_next(struct str *rest, char separator, struct str *piece)
{
	ptrdiff_t end;

	if (!rest->size)
		return false;
	end = str_char(*rest, separator);
	if (end < 0) {
		*piece = *rest;
		*rest = STR_NONE;
	} else {
		*piece = str_slice(*rest, 0, (size_t)end);
		*rest = str_from(*rest, (size_t)end + 1);
	}
	return true;
}

bool str_next_line(struct str *rest, struct str *line)
{
	if (!str_next(rest, '\n', line))
		return false;
	str_chop(line, "\r");
	return true;
}

static bool split_at(struct str s, ptrdiff_t at, size_t width, struct str *before,
		     struct str *after)
{
	if (at < 0)
		return false;
	if (before)
		*before = str_slice(s, 0, (size_t)at);
	if (after)
		*after = str_from(s, (size_t)at + width);
	return true;
}

bool str_split(struct str s, const char *separator, struct str *before, struct str *after)
{
	struct str needle = str_of(separator);

	return split_at(s, str_find(s, needle), needle.size, before, after);
}

bool str_split_last(struct str s, const char *separator, struct str *before, struct str *after)
{
	struct str needle = str_of(separator);

	return split_at(s, str_find_last(s, needle), needle.size, before, after);
}

bool str_take_number(struct str *s, unsigned long *n)
{
	unsigned long value = 0;
	size_t i = 0;

	for (; i < s->size && is_digit(s->at[i]); i++) {
		unsigned long digit = (unsigned long)(s->at[i] - '0');

		if (value > (ULONG_MAX - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	if (!i)
		return false;
	*s = str_from(*s, i);
	*n = value;
	return true;
}

bool str_number(struct str s, unsigned long *n)
{
	unsigned long value;

	if (!str_take_number(&s, &value) || s.size)
		return false;
	*n = value;
	return true;
}

bool str_is_word(struct str s)
{
	if (!s.size || is_digit(s.at[0]))
		return false;
	for (size_t i = 0; i < s.size; i++) {
		char c = lower(s.at[i]);

		if (c != '_' && !is_digit(c) && (c < 'a' || c > 'z'))
			return false;
	}
	return true;
}

struct str str_copy(struct arena *a, struct str s)
{
	return (struct str){ arena_copy(a, s.at, s.size), s.size };
}

char *str_text(struct arena *a, struct str s)
{
	return arena_copy(a, s.at, s.size);
}

static void text_room(struct text *t, size_t more)
{
	size_t room = t->room ? t->room : 64;
	char *moved;

	if (t->room - t->size > more)
		return;
	while (room - t->size <= more)
		room *= 2;
	moved = arena_alloc(t->arena, room);
	if (t->size)
		memcpy(moved, t->at, t->size);
	t->at = moved;
	t->room = room;
}

void text_add(struct text *t, struct str s)
{
	if (!s.size)
		return;
	text_room(t, s.size);
	memcpy(t->at + t->size, s.at, s.size);
	t->size += s.size;
	t->at[t->size] = '\0';
}

void text_adds(struct text *t, const char *s)
{
	text_add(t, str_of(s));
}

void text_addc(struct text *t, char c)
{
	text_add(t, (struct str){ &c, 1 });
}

void text_addf(struct text *t, const char *format, ...)
{
	va_list args, again;
	int size;

	va_start(args, format);
	va_copy(again, args);
	size = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (size > 0) {
		text_room(t, (size_t)size);
		vsnprintf(t->at + t->size, (size_t)size + 1, format, args);
		t->size += (size_t)size;
	}
	va_end(args);
}

struct str text_str(const struct text *t)
{
	return (struct str){ t->at, t->size };
}

const char *text_cstr(struct text *t)
{
	text_room(t, 0);
	t->at[t->size] = '\0';
	return t->at;
}

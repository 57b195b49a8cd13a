/*
 * Strips one line in place where it can and through a scratch buffer where bytes inside go. Does not
 * know what the text means.
 */
#include "ci/clean.h"

static bool digits(const char *at, const char *shape)
{
	for (; *shape; shape++, at++)
		if (*shape == '0' ? *at < '0' || *at > '9' : *at != *shape)
			return false;
	return true;
}

/* "2024-05-01T12:34:56.1234567Z " as the runner writes it before every line it logs. */
static struct str without_stamp(struct str s)
{
	if (s.size >= 28 && s.at[4] == '-' && digits(s.at, "0000-00-00T00:00:00.0000000Z") &&
	    (s.size == 28 || s.at[28] == ' '))
		return str_from(s, s.size == 28 ? 28 : 29);
	return s;
}

/* How long the escape sequence at s[0] == ESC is: CSI, OSC (ended by BEL or ESC \), or two bytes. */
static size_t escape_size(struct str s)
{
	size_t i = 2;

	if (s.size < 2)
		return s.size;
	if (s.at[1] == '[') {
		while (i < s.size && (s.at[i] < 0x40 || s.at[i] > 0x7e))
			i++;
		return i < s.size ? i + 1 : s.size;
	}
	if (s.at[1] == ']' || s.at[1] == 'P' || s.at[1] == '_' || s.at[1] == '^') {
		for (; i < s.size; i++) {
			if (s.at[i] == '\a')
				return i + 1;
			if (s.at[i] == '\x1b' && i + 1 < s.size && s.at[i + 1] == '\\')
				return i + 2;
		}
		return s.size;
	}
	return 2;
}

static struct str without_escapes(struct cleaner *cleaner, struct str s)
{
	size_t out = 0;

	if (str_char(s, '\x1b') < 0)
		return s;
	while (s.size && out < sizeof(cleaner->scratch)) {
		if (s.at[0] == '\x1b') {
			s = str_from(s, escape_size(s));
			continue;
		}
		cleaner->scratch[out++] = s.at[0];
		s = str_from(s, 1);
	}
	return (struct str){ cleaner->scratch, out };
}

/* A progress bar overwrites itself: only what stands behind the last CR was left on the screen. */
static struct str last_overwrite(struct str s)
{
	ptrdiff_t at;

	while (str_chop(&s, "\r"))
		;
	at = str_char_last(s, '\r');
	return at < 0 ? s : str_from(s, (size_t)at + 1);
}

static const struct {
	const char *name;
	enum mark mark;
} marks[] = {
	{ "##[group]", MARK_GROUP }, { "##[endgroup]", MARK_ENDGROUP },
	{ "##[error]", MARK_ERROR }, { "##[warning]", MARK_WARNING },
	{ "##[notice]", MARK_NOTICE }, { "##[command]", MARK_COMMAND },
	{ "##[debug]", MARK_DEBUG }, { "##[section]", MARK_SECTION },
	{ "::group::", MARK_GROUP }, { "::endgroup::", MARK_ENDGROUP },
};

static enum mark take_mark(struct str *s)
{
	if (s->size < 9 || (s->at[0] != '#' && s->at[0] != ':'))
		return MARK_NONE;
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (str_skip(s, marks[i].name))
			return marks[i].mark;
	return MARK_NONE;
}

void clean_line(struct cleaner *cleaner, struct str raw, struct line *line)
{
	while (str_skip(&raw, "\xef\xbb\xbf"))
		;
	raw = without_stamp(raw);
	while (str_skip(&raw, "\xef\xbb\xbf"))
		;
	raw = str_slice(raw, 0, LINE_BYTES_MAX);
	raw = last_overwrite(without_escapes(cleaner, raw));
	line->mark = take_mark(&raw);
	line->text = raw;
}

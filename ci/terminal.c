/*
 * Terminal sequences as ECMA-48 and xterm have them. No screen is kept: moving the cursor up or to a
 * column is only taken out.
 */
#include "ci/terminal.h"

#include <stdint.h>

/* How long the string that starts behind ESC ] or ESC P is, its end (BEL or ESC \) included. One that
 * has no end in this line hides nothing: only its introducer goes, for a log is evidence. */
static size_t string_size(struct str s)
{
	for (size_t i = 2; i < s.size; i++) {
		if (s.at[i] == '\a')
			return i + 1;
		if (s.at[i] == '\x1b' && i + 1 < s.size && s.at[i + 1] == '\\')
			return i + 2;
	}
	return 2;
}

/* How long the sequence at s[0] == ESC is. */
static size_t escape_size(struct str s)
{
	size_t i = 1;

	if (s.size < 2)
		return s.size;
	if (s.at[1] == ']' || s.at[1] == 'P' || s.at[1] == '_' || s.at[1] == '^' || s.at[1] == 'X')
		return string_size(s);
	if (s.at[1] == '[') {
		for (i = 2; i < s.size && s.at[i] >= 0x20 && s.at[i] <= 0x3f; i++)
			;
		return i < s.size && s.at[i] >= 0x40 && s.at[i] <= 0x7e ? i + 1 : i;
	}
	while (i < s.size && s.at[i] >= 0x20 && s.at[i] <= 0x2f)	/* ESC ( B and its like */
		i++;
	return i < s.size && s.at[i] >= 0x30 && s.at[i] <= 0x7e ? i + 1 : i;
}

typedef unsigned char sixteen __attribute__((vector_size(16)));

/* Where a byte is a control character other than a tab. */
static inline sixteen controls_at(const char *at)
{
	sixteen bytes;

	memcpy(&bytes, at, sizeof(bytes));
	return (sixteen)(((bytes < 0x20) & (bytes != '\t')) | (bytes == 0x7f));
}

static bool is_control(char c)
{
	return ((unsigned char)c < 0x20 && c != '\t') || c == 0x7f;
}

/* Is any byte a control character? Sixteen at a time, the last ones overlapping: most lines have none. */
static bool has_control(struct str s)
{
	sixteen any = {0};
	uint64_t halves[2];

	if (s.size < sizeof(any)) {
		for (size_t i = 0; i < s.size; i++)
			if (is_control(s.at[i]))
				return true;
		return false;
	}
	for (size_t i = 0; i + sizeof(any) <= s.size; i += sizeof(any))
		any |= controls_at(s.at + i);
	any |= controls_at(s.at + s.size - sizeof(any));
	memcpy(halves, &any, sizeof(halves));
	return halves[0] | halves[1];
}

/* Takes the last character off: a backspace is struck over it. */
static size_t without_last(const char *at, size_t size)
{
	while (size && (at[size - 1] & 0xc0) == 0x80)
		size--;
	return size ? size - 1 : 0;
}

struct str terminal_text(struct str line, char *scratch)
{
	size_t size = 0;
	bool overwrite = false;

	while (line.size && line.at[line.size - 1] == '\r')
		line.size--;
	if (!has_control(line))
		return line;
	while (line.size) {
		unsigned char c = (unsigned char)line.at[0];

		if (c == 0x1b) {
			line = str_from(line, escape_size(line));
			continue;
		}
		line = str_from(line, 1);
		if (c == '\r') {
			overwrite = true;	/* takes effect when something is written */
		} else if (c == '\b') {
			size = without_last(scratch, size);
		} else if (c == '\t' || (c >= 0x20 && c != 0x7f)) {
			if (overwrite)
				size = 0;
			overwrite = false;
			scratch[size++] = (char)c;
		}
	}
	return (struct str){ scratch, size };
}

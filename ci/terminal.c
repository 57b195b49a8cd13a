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

static const uint64_t ones = UINT64_C(0x0101010101010101);

/* The top bit of every byte of x that is zero. */
static uint64_t zero_bytes(uint64_t x)
{
	const uint64_t sevens = ones * 0x7f;

	return ~(((x & sevens) + sevens) | x | sevens);
}

/* Is any byte a control character other than a tab? Eight at a time: most lines have none. */
static bool has_control(struct str s)
{
	size_t i = 0;

	for (; i + 8 <= s.size; i += 8) {
		uint64_t word;

		memcpy(&word, s.at + i, 8);
		if ((zero_bytes(word & ones * 0xe0) & ~zero_bytes(word ^ ones * '\t')) |
		    zero_bytes(word ^ ones * 0x7f))
			return true;
	}
	for (; i < s.size; i++)
		if (((unsigned char)s.at[i] < 0x20 && s.at[i] != '\t') || s.at[i] == 0x7f)
			return true;
	return false;
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

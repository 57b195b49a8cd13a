/*
 * The first stage of the outbound sanitiser: takes away what nobody is to see, secrets, and marks
 * that mean something in any form. Does not look at Markdown: that is bot/words_safe.c.
 */
#include "bot/words_parts.h"

#include "bot/base/redact.h"
#include "bot/base/utf8.h"

#define REPLACEMENT "\xef\xbf\xbd"
#define ELLIPSIS "\xe2\x80\xa6"

/* They show as nothing, but are neither controls nor marks of direction. */
static bool is_blank_letter(uint32_t c)
{
	static const struct { uint32_t first, last; } blank[] = {
		{ 0x34f, 0x34f }, { 0x115f, 0x1160 }, { 0x17b4, 0x17b5 }, { 0x180b, 0x180f },
		{ 0x2800, 0x2800 }, { 0x3164, 0x3164 }, { 0xfe00, 0xfe0f }, { 0xffa0, 0xffa0 },
		{ 0xfff0, 0xfff8 }, { 0x1bca0, 0x1bca3 }, { 0x1d173, 0x1d17a },
	};

	for (size_t i = 0; i < sizeof(blank) / sizeof(*blank); i++)
		if (c >= blank[i].first && c <= blank[i].last)
			return true;
	return false;
}

static bool is_wide_blank(uint32_t c)
{
	return c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x202f ||
	       c == 0x205f || c == 0x3000;
}

/* ESC [ parameters letter; anything else behind ESC loses the ESC only. */
static size_t terminal_sequence(struct str s)
{
	size_t at = 2;

	if (s.size < 3 || s.at[0] != '\033' || s.at[1] != '[')
		return 0;
	while (at < s.size && at < 32 && s.at[at] >= 0x20 && s.at[at] <= 0x3f)
		at++;
	return at < s.size && s.at[at] >= 0x40 && s.at[at] <= 0x7e ? at + 1 : 0;
}

static struct str visible(struct arena *a, struct str text)
{
	struct text out = TEXT(a);

	while (text.size) {
		uint32_t c = 0;
		size_t size = terminal_sequence(text);

		if (size) {
			text = str_from(text, size);
			continue;
		}
		size = utf8_first(text, &c);
		if (!size && !str_ends(text_str(&out), REPLACEMENT))
			text_adds(&out, REPLACEMENT);
		else if (c == '\r' && !str_starts(text, "\r\n"))
			text_addc(&out, '\n');
		else if (c == '\n' || c == '\t')
			text_addc(&out, (char)c);
		else if (is_wide_blank(c))
			text_addc(&out, ' ');
		else if (size && !utf8_is_hidden(c) && !is_blank_letter(c))
			text_add(&out, str_slice(text, 0, size));
		text = str_from(text, size ? size : 1);
	}
	return text_str(&out);
}

/*
 * GitHub and others read these in the raw text, also inside code: a forged marker of ours, and
 * marks that make CI pass over a commit when somebody squashes with this text as the message.
 */
static const struct { const char *mark, *instead; } marks[] = {
	{ "<!--", "<! --" },
	{ "[skip ", "[ skip " }, { "[ci skip]", "[ ci skip]" }, { "[no ci]", "[ no ci]" },
	{ "[actions skip]", "[ actions skip]" }, { "[travis skip]", "[ travis skip]" },
	{ "***no_ci***", "** *NO_CI***" }, { "skip-checks:", "skip-checks :" },
};

static const char *const closers[] = {
	"closes", "closed", "close", "fixes", "fixed", "fix", "resolves", "resolved", "resolve",
};

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

/* "#1", "GH-1", "o/r#1", "https://...": up to the next blank. Behind our quote it is none any more. */
static bool is_reference(struct str s)
{
	size_t end = 0;

	if (str_starts(s, "'"))
		return false;
	while (end < s.size && !is_blank(s.at[end]))
		end++;
	s = str_slice(s, 0, end);
	for (size_t i = 0; i + 1 < s.size; i++)
		if (s.at[i] == '#' && is_digit(s.at[i + 1]))
			return true;
	return str_has(s, "://") || str_equal_nocase(str_slice(s, 0, 3), STR("gh-"));
}

/* "fixes #1" at the front: how much of it goes before the reference; else 0. */
static size_t closing_words(struct str s)
{
	for (size_t i = 0; i < sizeof(closers) / sizeof(*closers); i++) {
		size_t at = strlen(closers[i]), start;

		if (!str_equal_nocase(str_slice(s, 0, at), str_of(closers[i])))
			continue;
		if (at < s.size && s.at[at] == ':')
			at++;
		for (start = at; at < s.size && is_blank(s.at[at]); at++)
			;
		if (at > start && is_reference(str_from(s, at)))
			return at;
	}
	return 0;
}

static struct str defused(struct arena *a, struct str text)
{
	struct text out = TEXT(a);
	bool in_word = false;

	while (text.size) {
		size_t taken = 1;

		for (size_t i = 0; taken == 1 && i < sizeof(marks) / sizeof(*marks); i++)
			if (str_equal_nocase(str_slice(text, 0, strlen(marks[i].mark)),
					     str_of(marks[i].mark))) {
				text_adds(&out, marks[i].instead);
				taken = strlen(marks[i].mark);
			}
		if (taken == 1) {
			taken = in_word || !is_letter(text.at[0]) ? 0 : closing_words(text);
			if (taken) {
				text_add(&out, str_slice(text, 0, taken));
				text_addc(&out, '\'');
			} else {
				taken = 1;
				text_addc(&out, text.at[0]);
			}
		}
		in_word = is_letter(text.at[taken - 1]) || is_digit(text.at[taken - 1]);
		text = str_from(text, taken);
	}
	return text_str(&out);
}

struct str words_clean_lines(struct arena *a, struct str text)
{
	return defused(a, redact_text(visible(a, text), a));
}

static struct str one_line(struct arena *a, struct str text)
{
	struct text out = TEXT(a);

	for (size_t i = 0; i < text.size; i++) {
		if (!is_blank(text.at[i]))
			text_addc(&out, text.at[i]);
		else if (out.size && out.at[out.size - 1] != ' ')
			text_addc(&out, ' ');
	}
	return str_trim(text_str(&out));
}

/* Redacted before lines are joined, for keys of several lines, and marks are looked for after it. */
struct str words_clean_line(struct arena *a, struct str text)
{
	return defused(a, one_line(a, redact_text(visible(a, text), a)));
}

struct str words_cut(struct arena *a, struct str text, size_t most)
{
	struct text out = TEXT(a);
	size_t end = most - strlen(ELLIPSIS);

	if (text.size <= most)
		return text;
	while (end && ((unsigned char)text.at[end] & 0xc0) == 0x80)
		end--;
	text_add(&out, str_trim_right(str_slice(text, 0, end)));
	text_adds(&out, ELLIPSIS);
	return text_str(&out);
}

size_t words_backticks(struct str text)
{
	size_t longest = 0, run = 0;

	for (size_t i = 0; i < text.size; i++) {
		run = text.at[i] == '`' ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	return longest;
}

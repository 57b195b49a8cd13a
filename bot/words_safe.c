/*
 * The four forms of the outbound sanitiser. Nothing is escaped: GitHub looks for people and issues
 * in what was rendered, where an escape is gone, and escaping twice is not escaping once. What may
 * mean something goes into code spans and blocks instead, or is replaced.
 *
 * Each form is made again from what came out until nothing changes, so that doing it twice is
 * doing it once. Does not know which texts are hostile: all are.
 */
#include "bot/words_parts.h"

#include "bot/base/utf8.h"

enum { MOST_LEAST = 64, BLOCK_LEAST = 256, ROUNDS = 5, TICKS_MOST = 8, LINE_MOST = 400 };

#define ELLIPSIS "\xe2\x80\xa6"

static size_t run_of(struct str s, char c)
{
	size_t n = 0;

	while (n < s.size && s.at[n] == c)
		n++;
	return n;
}

/* Where the next run of exactly n backticks starts, at or behind `from`; -1: there is none. */
static ptrdiff_t closing_run(struct str s, size_t from, size_t n)
{
	while (from < s.size) {
		size_t run = run_of(str_from(s, from), '`');

		if (run == n)
			return (ptrdiff_t)from;
		from += run ? run : 1;
	}
	return -1;
}

/* The size of the code span at the front; 0 when there is none. Parsed as CommonMark does. */
static size_t span_at(struct str s)
{
	size_t n = run_of(s, '`');
	ptrdiff_t end = n && n <= TICKS_MOST ? closing_run(s, n, n) : -1;

	return end < 0 ? 0 : (size_t)end + n;
}

static struct str with_few_backticks(struct arena *a, struct str text)
{
	char *copy = str_text(a, text);

	if (words_backticks(text) < TICKS_MOST)
		return text;
	for (size_t i = 0; i < text.size; i++)
		if (copy[i] == '`')
			copy[i] = '\'';
	return (struct str){ copy, text.size };
}

/* More backticks than stand together anywhere in the content, which has few. */
static struct str ticks_around(struct str content, size_t least)
{
	size_t n = words_backticks(content) + 1;

	return str_slice(STR("````````"), 0, n < least ? least : n);
}

/* The content is one line and not empty. */
static struct str span_of(struct arena *a, struct str content)
{
	struct text out = TEXT(a);
	struct str ticks = ticks_around(content, 1);
	bool pad = content.at[0] == '`' || content.at[content.size - 1] == '`';

	text_add(&out, ticks);
	text_adds(&out, pad ? " " : "");
	text_add(&out, content);
	text_adds(&out, pad ? " " : "");
	text_add(&out, ticks);
	return text_str(&out);
}

static struct str code_once(struct arena *a, struct str text, size_t most)
{
	size_t ticks;

	text = words_clean_line(a, text);
	if (!text.size)
		return STR_NONE;
	if (span_at(text) == text.size) {
		if (text.size <= most)
			return text;
		ticks = run_of(text, '`');
		text = str_trim(str_slice(text, ticks, text.size - 2 * ticks));
	}
	text = words_cut(a, with_few_backticks(a, text), most - 2 * (TICKS_MOST + 1));
	return span_of(a, text);
}

/* Words of prose. */

static bool is_letter_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool is_plain_sign(char c)
{
	return is_letter_or_digit(c) || (c && strchr(".,;:'\"!?()%+=-", c));
}

/* GitHub links what looks like a commit of the repository. */
static bool is_like_commit(struct str word)
{
	bool has_digit = false;

	for (size_t i = 0; i < word.size; i++) {
		char c = word.at[i];

		if (c >= '0' && c <= '9')
			has_digit = true;
		else if (!((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')))
			return false;
	}
	return has_digit && word.size >= 7;
}

static bool is_our_mark(struct str word)
{
	if (!str_skip(&word, "[REDACTED:") || !str_chop(&word, "]"))
		return false;
	for (size_t i = 0; i < word.size; i++)
		if (!is_letter_or_digit(word.at[i]) && word.at[i] != '-')
			return false;
	return word.size;
}

/* No sign that Markdown or GitHub may take for something: also no '_', '/', '@', '#', '&', '\\'. */
static bool is_plain_word(struct str word)
{
	for (size_t i = 0; i < word.size; i++) {
		struct str rest = str_from(word, i);
		uint32_t c = 0;

		utf8_first(rest, &c);
		if (c >= 0xff00 && c <= 0xffef)		/* wide forms: some bots read them as ASCII */
			return false;
		if (((unsigned char)word.at[i] < 0x80 && !is_plain_sign(word.at[i])) ||
		    str_equal_nocase(str_slice(rest, 0, 4), STR("www.")) ||
		    str_equal_nocase(str_slice(rest, 0, 3), STR("gh-")))
			return false;
	}
	return !is_like_commit(word);
}

/* What would start a list, a heading or a rule at the front of a line. */
static bool starts_a_block(struct str word)
{
	size_t digits = 0;

	while (digits < word.size && word.at[digits] >= '0' && word.at[digits] <= '9')
		digits++;
	return strchr("-+=[", word.at[0]) ||
	       (digits && digits + 1 == word.size && strchr(".)", word.at[digits]));
}

static size_t count_of(struct str s, char c)
{
	size_t n = 0;

	for (size_t i = 0; i < s.size; i++)
		n += s.at[i] == c;
	return n;
}

/* Takes punctuation off both ends: it reads better outside the span. */
static struct str core_of(struct str word)
{
	while (word.size && strchr("('\"", word.at[0]))
		word = str_from(word, 1);
	while (word.size && strchr(".,;:!?'\")", word.at[word.size - 1])) {
		if (word.at[word.size - 1] == ')' && count_of(word, '(') >= count_of(word, ')'))
			break;
		word.size--;
	}
	return word;
}

/* Two runs of backticks side by side would be one. */
static void add_piece(struct text *out, struct str piece)
{
	if (piece.size && piece.at[0] == '`' && out->size && out->at[out->size - 1] == '`')
		text_addc(out, ' ');
	text_add(out, piece);
}

static void add_word(struct text *out, struct str word)
{
	struct str core = core_of(word);
	size_t lead = (size_t)(core.at - word.at);

	if (!out->size && starts_a_block(word)) {
		add_piece(out, span_of(out->arena, word));
		return;
	}
	/* Two colons: ":smile:". */
	if (!core.size || (is_plain_word(core) && count_of(word, ':') < 2) || is_our_mark(core)) {
		text_add(out, word);
		return;
	}
	add_piece(out, str_slice(word, 0, lead));
	add_piece(out, span_of(out->arena, core));
	text_add(out, str_from(word, lead + core.size));
}

/* The next piece of prose: a span, an unmatched run of backticks, or a word up to a blank or one. */
static size_t piece_size(struct str text, bool *is_span)
{
	size_t size = span_at(text);

	*is_span = size;
	if (size)
		return size;
	if (text.at[0] == '`')
		return run_of(text, '`');
	while (size < text.size && text.at[size] != ' ' && text.at[size] != '`')
		size++;
	return size;
}

static struct str safe_once(struct arena *a, struct str text, size_t most)
{
	struct text out = TEXT(a);
	size_t fits = 0;		/* so much of it leaves room for the ellipsis */

	text = words_clean_line(a, text);
	while (text.size) {
		bool is_span, blank = text.at[0] == ' ';
		size_t size;

		text = str_from(text, blank);
		size = piece_size(text, &is_span);
		if (blank)
			text_addc(&out, ' ');
		if (is_span)
			add_piece(&out, code_once(a, str_slice(text, 0, size), most - 8));
		else if (text.at[0] == '`')
			text_addc(&out, '\'');
		else
			add_word(&out, words_cut(a, str_slice(text, 0, size), most - 8));
		if (out.size > most) {
			out.size = fits;
			text_adds(&out, fits ? " " ELLIPSIS : ELLIPSIS);
			break;
		}
		if (out.size + strlen(" " ELLIPSIS) <= most)
			fits = out.size;
		text = str_from(text, size);
	}
	return str_trim(text_str(&out));
}

/* What GitHub, or a tool that reads commits, takes for a reference ends in one of these. */
static bool ends_a_mark(struct str so_far, char next)
{
	static const char *const ends[] = { "://", "www.", "@", "#", "gh-" };
	static const bool before_any[] = { true, true, false, false, false };

	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		size_t size = strlen(ends[i]);

		if (so_far.size >= size &&
		    str_equal_nocase(str_from(so_far, so_far.size - size), str_of(ends[i])))
			return before_any[i] ? next != ' ' :
					       is_letter_or_digit(next) || next == '_' || next == '-';
	}
	return false;
}

static struct str plain_once(struct arena *a, struct str text, size_t most)
{
	static const struct { char c; const char *instead; } signs[] = {
		{ '`', "'" }, { '<', "\xe2\x80\xb9" }, { '>', "\xe2\x80\xba" },
		{ '[', "(" }, { ']', ")" },		/* "[skip ci]" and its kin */
	};
	struct text out = TEXT(a);

	text = words_clean_line(a, text);
	for (size_t i = 0; i < text.size; i++) {
		const char *instead = NULL;

		for (size_t k = 0; k < sizeof(signs) / sizeof(*signs); k++)
			if (text.at[i] == signs[k].c)
				instead = signs[k].instead;
		if (instead)
			text_adds(&out, instead);
		else
			text_addc(&out, text.at[i]);
		if (i + 1 < text.size && ends_a_mark(text_str(&out), text.at[i + 1]))
			text_addc(&out, ' ');
	}
	return words_cut(a, text_str(&out), most);
}

/* Blocks. */

static struct str lines_cut(struct arena *a, struct str text, size_t most)
{
	size_t head = most / 3, tail = most - most / 3 - 60, dropped;
	struct text out = TEXT(a);
	struct str first, middle, last;

	if (text.size <= most)
		return text;
	first = str_slice(text, 0, head);
	first.size = (size_t)(str_char_last(first, '\n') + 1);
	last = str_from(text, text.size - tail);
	last = str_from(last, (size_t)(str_char(last, '\n') + 1));
	middle = str_slice(text, first.size, text.size - first.size - last.size);
	dropped = count_of(middle, '\n');
	text_add(&out, first);
	text_addf(&out, ELLIPSIS " %zu line%s left out " ELLIPSIS "\n", dropped,
		  dropped == 1 ? "" : "s");
	text_add(&out, last);
	return text_str(&out);
}

/* Some bots take a line that starts so for a command, in a code block too. */
static void add_line(struct text *out, struct str line, size_t most)
{
	struct text kept = TEXT(out->arena);

	line = str_trim_right(line);
	if (str_starts(str_trim(line), "/"))
		text_adds(&kept, "| ");
	text_add(&kept, line);
	text_add(out, words_cut(out->arena, text_str(&kept), most < LINE_MOST ? most : LINE_MOST));
	text_addc(out, '\n');
}

/* Is it one block already? Its lines are those of `text`. */
static bool is_fenced(struct str text, struct str *content)
{
	size_t n = run_of(text, '`');
	ptrdiff_t first = str_char(text, '\n');
	struct str end;

	if (n < 3 || first < 0 || (size_t)first != n || text.size < 2 * n + 2)
		return false;
	end = str_from(text, text.size - n - 1);
	*content = str_slice(text, n + 1, text.size - 2 * n - 1);
	return end.at[0] == '\n' && run_of(str_from(end, 1), '`') == n &&
	       words_backticks(*content) < n;
}

static struct str fenced_once(struct arena *a, struct str text, size_t most)
{
	struct text lines = TEXT(a), out = TEXT(a);
	struct str content, line, fence;

	text = words_clean_lines(a, text);
	while (str_starts(text, "\n"))
		text = str_from(text, 1);
	text = str_trim_right(text);
	if (is_fenced(text, &content))
		text = str_trim_right(content);
	text = with_few_backticks(a, text);
	if (!str_trim(text).size)
		return STR_NONE;
	while (str_next_line(&text, &line))
		add_line(&lines, line, most / 4);
	text = lines_cut(a, text_str(&lines), most - 2 * (TICKS_MOST + 1));
	fence = ticks_around(text, 3);
	text_add(&out, fence);
	text_addc(&out, '\n');
	text_add(&out, text);
	text_add(&out, fence);
	return text_str(&out);
}

/* Mostly the second round finds nothing to do. What does not come to rest is not shown. */
static struct str settled(struct str (*once)(struct arena *a, struct str text, size_t most),
			  struct arena *a, struct str text, size_t most)
{
	if (most < MOST_LEAST)
		most = MOST_LEAST;
	for (unsigned round = 0; round < ROUNDS; round++) {
		struct str next = once(a, text, most);

		if (round && str_equal(next, text))
			return next;
		text = next;
	}
	return once(a, STR("left out"), most);
}

struct str words_safe(struct arena *a, struct str text, size_t most)
{
	return settled(safe_once, a, text, most);
}

struct str words_code(struct arena *a, struct str text, size_t most)
{
	return settled(code_once, a, text, most);
}

struct str words_plain(struct arena *a, struct str text, size_t most)
{
	return settled(plain_once, a, text, most);
}

struct str words_fenced(struct arena *a, struct str text, size_t most)
{
	return settled(fenced_once, a, text, most < BLOCK_LEAST ? BLOCK_LEAST : most);
}

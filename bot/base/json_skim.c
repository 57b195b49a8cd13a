/*
 * One pass over the text. Where it stands is known as the set of paths that lead on from here; an
 * empty set means that only the grammar matters until the value's end. Builds no tree.
 */
#include "bot/base/json_skim.h"

#include "bot/base/utf8.h"

struct path {
	struct str parts[JSON_SKIM_PARTS_MOST];
	size_t count;
};

struct skim {
	const char *start, *at, *end;
	struct path paths[JSON_SKIM_PATHS_MOST];
	size_t count;
	struct json_value *values;
	struct arena *arena;
	struct err *e;
};

static bool wrong(struct skim *s, const char *what)
{
	size_t line = 1;

	for (const char *at = s->start; at < s->at; at++)
		line += *at == '\n';
	return fail(s->e, ERR_INPUT, "JSON, line %zu, byte %zu: %s", line, (size_t)(s->at - s->start) + 1,
		    what);
}

static void skip_space(struct skim *s)
{
	while (s->at < s->end && (*s->at == ' ' || *s->at == '\n' || *s->at == '\t' || *s->at == '\r'))
		s->at++;
}

static bool is_digit(const struct skim *s)
{
	return s->at < s->end && *s->at >= '0' && *s->at <= '9';
}

/* Eight bytes at a time while none of them is a quote, a backslash or a control character. */
static const char *skip_plain(const char *at, const char *end)
{
	const uint64_t ones = 0x0101010101010101, tops = 0x8080808080808080;

	while (end - at >= 8) {
		uint64_t word, quote, slash;

		memcpy(&word, at, sizeof(word));
		quote = word ^ ones * '"';
		slash = word ^ ones * '\\';
		if (((quote - ones) & ~quote & tops) | ((slash - ones) & ~slash & tops) |
		    ((word - ones * 0x20) & ~word & tops))
			break;
		at += 8;
	}
	while (at < end && *at != '"' && *at != '\\' && (unsigned char)*at >= 0x20)
		at++;
	return at;
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
		return (c | 0x20) - 'a' + 10;
	return -1;
}

/* Behind "\u". */
static bool take_hex(struct skim *s, uint32_t *out)
{
	uint32_t value = 0;

	if (s->end - s->at < 4)
		return wrong(s, "it ends in an escape");
	for (int i = 0; i < 4; i++) {
		int digit = hex_value(s->at[i]);

		if (digit < 0)
			return wrong(s, "\\u wants four hex digits");
		value = value << 4 | (uint32_t)digit;
	}
	s->at += 4;
	*out = value;
	return true;
}

static void put_utf8(struct text *out, uint32_t c)
{
	if (c < 0x80) {
		text_addc(out, (char)c);
		return;
	}
	if (c < 0x800) {
		text_addc(out, (char)(0xc0 | c >> 6));
	} else {
		if (c < 0x10000) {
			text_addc(out, (char)(0xe0 | c >> 12));
		} else {
			text_addc(out, (char)(0xf0 | c >> 18));
			text_addc(out, (char)(0x80 | (c >> 12 & 0x3f)));
		}
		text_addc(out, (char)(0x80 | (c >> 6 & 0x3f)));
	}
	text_addc(out, (char)(0x80 | (c & 0x3f)));
}

static bool take_character(struct skim *s, struct text *out)
{
	uint32_t c, low;

	if (!take_hex(s, &c))
		return false;
	if (c >= 0xdc00 && c < 0xe000)
		return wrong(s, "half of a surrogate pair");
	if (c >= 0xd800 && c < 0xdc00) {
		if (s->end - s->at < 2 || s->at[0] != '\\' || s->at[1] != 'u')
			return wrong(s, "half of a surrogate pair");
		s->at += 2;
		if (!take_hex(s, &low))
			return false;
		if (low < 0xdc00 || low >= 0xe000)
			return wrong(s, "half of a surrogate pair");
		c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
	}
	if (!c)
		return wrong(s, "NUL in a text");
	if (out)
		put_utf8(out, c);
	return true;
}

static bool take_escape(struct skim *s, struct text *out)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *found;

	s->at++;
	if (s->at == s->end)
		return wrong(s, "it ends in an escape");
	if (*s->at == 'u') {
		s->at++;
		return take_character(s, out);
	}
	found = *s->at ? strchr(from, *s->at) : NULL;
	if (!found)
		return wrong(s, "there is no such escape");
	s->at++;
	if (out)
		text_addc(out, to[found - from]);
	return true;
}

/* From its quote to behind its end. out NULL: nobody wants it. */
static bool take_text(struct skim *s, struct str *out)
{
	struct text decoded = TEXT(s->arena);
	const char *from = ++s->at;
	bool plain = true;

	for (;;) {
		const char *piece = s->at;

		s->at = skip_plain(s->at, s->end);
		if (s->at == s->end)
			return wrong(s, "a text without an end");
		if (out && !plain)
			text_add(&decoded, (struct str){ piece, (size_t)(s->at - piece) });
		if (*s->at == '"')
			break;
		if (*s->at != '\\')
			return wrong(s, "a control character in a text");
		if (out && plain)
			text_add(&decoded, (struct str){ from, (size_t)(s->at - from) });
		plain = false;
		if (!take_escape(s, out ? &decoded : NULL))
			return false;
	}
	if (out)
		*out = plain ? (struct str){ from, (size_t)(s->at - from) } : text_str(&decoded);
	s->at++;
	return true;
}

static bool take_number(struct skim *s)
{
	if (*s->at == '-')
		s->at++;
	if (!is_digit(s))
		return wrong(s, "a number without digits");
	if (*s->at == '0')
		s->at++;
	else
		while (is_digit(s))
			s->at++;
	if (s->at < s->end && *s->at == '.') {
		s->at++;
		if (!is_digit(s))
			return wrong(s, "a number without digits");
		while (is_digit(s))
			s->at++;
	}
	if (s->at < s->end && (*s->at == 'e' || *s->at == 'E')) {
		s->at++;
		if (s->at < s->end && (*s->at == '+' || *s->at == '-'))
			s->at++;
		if (!is_digit(s))
			return wrong(s, "a number without digits");
		while (is_digit(s))
			s->at++;
	}
	return true;
}

static bool take_word(struct skim *s, struct json_value *value)
{
	static const struct {
		const char *word;
		enum json_type type;
	} words[] = { { "null", JSON_IS_NULL }, { "false", JSON_IS_FALSE }, { "true", JSON_IS_TRUE } };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t size = strlen(words[i].word);

		if ((size_t)(s->end - s->at) >= size && !memcmp(s->at, words[i].word, size)) {
			s->at += size;
			value->type = words[i].type;
			return true;
		}
	}
	return wrong(s, "a value is missing");
}

/* A value that holds no others. */
static bool take_leaf(struct skim *s, bool wanted, struct json_value *value)
{
	const char *from = s->at;

	if (*s->at == '"') {
		value->type = JSON_IS_TEXT;
		return take_text(s, wanted ? &value->text : NULL) &&
		       (!wanted || utf8_valid(value->text) || wrong(s, "a text that is not UTF-8"));
	}
	if (*s->at != '-' && !is_digit(s))
		return take_word(s, value);
	value->type = JSON_IS_NUMBER;
	if (!take_number(s))
		return false;
	value->text = (struct str){ from, (size_t)(s->at - from) };
	return true;
}

/* Those of the paths whose next part, at this depth, is this. */
static uint32_t narrow(const struct skim *s, uint32_t set, size_t depth, struct str part)
{
	uint32_t out = 0;

	for (uint32_t left = set; left; left &= left - 1) {
		unsigned i = (unsigned)__builtin_ctz(left);

		if (depth < s->paths[i].count && str_equal(s->paths[i].parts[depth], part))
			out |= 1u << i;
	}
	return out;
}

/* Which of them end here? */
static uint32_t ending(const struct skim *s, uint32_t set, size_t depth)
{
	uint32_t out = 0;

	for (uint32_t left = set; left; left &= left - 1) {
		unsigned i = (unsigned)__builtin_ctz(left);

		if (s->paths[i].count == depth)
			out |= 1u << i;
	}
	return out;
}

static bool keep(struct skim *s, uint32_t set, struct json_value value)
{
	for (; set; set &= set - 1) {
		struct json_value *to = &s->values[__builtin_ctz(set)];

		if (to->type != JSON_IS_ABSENT)
			return wrong(s, "a name comes twice");
		*to = value;
	}
	return true;
}

/* The name before a value of an object, and its colon. */
static bool take_name(struct skim *s, uint32_t set, size_t depth, uint32_t *child)
{
	struct str name;

	skip_space(s);
	if (s->at == s->end || *s->at != '"')
		return wrong(s, "a name is missing");
	if (!take_text(s, set ? &name : NULL))
		return false;
	*child = set ? narrow(s, set, depth, name) : 0;
	skip_space(s);
	if (s->at == s->end || *s->at != ':')
		return wrong(s, "a colon is missing");
	s->at++;
	return true;
}

/* What is open, from the outside in: a stack instead of recursion, since depth is the other side's. */
struct open {
	uint32_t set;
	bool is_object;
};

/* Behind a value: closes what ends here. *more: another one follows, in what is open then. */
static bool close_ended(struct skim *s, const struct open *stack, size_t *depth, bool *more)
{
	while (*depth) {
		const struct open *top = &stack[*depth - 1];

		skip_space(s);
		if (s->at == s->end)
			return wrong(s, "it ends in the middle");
		if (*s->at == ',') {
			s->at++;
			*more = true;
			return true;
		}
		if (*s->at != (top->is_object ? '}' : ']'))
			return wrong(s, "a comma or an end is missing");
		s->at++;
		(*depth)--;
	}
	*more = false;
	return true;
}

/* A value that holds others: it is open from now on. */
static bool open_value(struct skim *s, struct open *stack, size_t *depth, uint32_t *set)
{
	const uint32_t ends = ending(s, *set, *depth);
	const bool is_object = *s->at == '{';

	if (*depth == JSON_SKIM_DEPTH_MOST)
		return wrong(s, "too deep");
	if (!keep(s, ends, (struct json_value){ .type = is_object ? JSON_IS_OBJECT : JSON_IS_LIST }))
		return false;
	s->at++;
	stack[*depth] = (struct open){ *set & ~ends, is_object };
	/* Only the first of a list has a path. */
	*set = is_object ? 0 : narrow(s, *set & ~ends, *depth, STR("[0]"));
	(*depth)++;
	return true;
}

/* One value from its name, if it has one, to its end or to its first. */
static bool step(struct skim *s, struct open *stack, size_t *depth, uint32_t *set, bool *more, bool *first)
{
	const bool is_first = *first;
	struct json_value value = {0};
	uint32_t ends;

	*first = false;
	skip_space(s);
	if (is_first && s->at < s->end && *s->at == (stack[*depth - 1].is_object ? '}' : ']'))
		return close_ended(s, stack, depth, more);
	if (*depth && stack[*depth - 1].is_object &&
	    !take_name(s, stack[*depth - 1].set, *depth - 1, set))
		return false;
	skip_space(s);
	if (s->at == s->end)
		return wrong(s, "it ends in the middle");
	if (*s->at == '{' || *s->at == '[') {
		*first = true;
		return open_value(s, stack, depth, set);
	}
	ends = ending(s, *set, *depth);
	*set = 0;
	return take_leaf(s, ends, &value) && keep(s, ends, value) && close_ended(s, stack, depth, more);
}

static bool walk(struct skim *s, struct open *stack)
{
	uint32_t set = s->count < 32 ? (1u << s->count) - 1 : ~0u;
	size_t depth = 0;
	bool more = true, first = false;

	while (more)
		if (!step(s, stack, &depth, &set, &more, &first))
			return false;
	skip_space(s);
	return s->at == s->end || wrong(s, "something is behind the end");
}

bool json_skim(struct str text, const char *const *paths, size_t count, struct arena *a,
	       struct json_value *values, struct err *e)
{
	struct json_value found[JSON_SKIM_PATHS_MOST] = {0};
	struct skim s = { .start = text.at, .at = text.at, .end = text.at + text.size, .count = count,
			  .values = found, .arena = a, .e = e };
	struct open stack[JSON_SKIM_DEPTH_MOST];

	if (count > JSON_SKIM_PATHS_MOST)
		return fail(e, ERR_BUG, "more paths than can be looked for");
	for (size_t i = 0; i < count; i++) {
		struct str rest = str_of(paths[i]), part;

		while (str_next(&rest, '.', &part) && s.paths[i].count < JSON_SKIM_PARTS_MOST)
			s.paths[i].parts[s.paths[i].count++] = part;
	}
	skip_space(&s);
	if (s.at == s.end || *s.at != '{')
		return fail(e, ERR_INPUT, "it is no JSON object");
	if (!walk(&s, stack))
		return false;
	memcpy(values, found, count * sizeof(*values));
	return true;
}

/*
 * One look at a line's first bytes, and a share that rises and falls for each kind. Does not join what
 * GitLab's "+" says belongs to the line before.
 */
#include "ci/prefix.h"

enum { NAME_BYTES_MOST = 80, SHARE_WANTED = 128 };

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* A table, for this is asked of the first word of every line. */
static const bool name_bytes[256] = {
	['a' ... 'z'] = true, ['A' ... 'Z'] = true, ['0' ... '9'] = true, ['_'] = true, ['-'] = true,
	['.'] = true, ['/'] = true, ['@'] = true,
};

static bool is_name(char c)
{
	return name_bytes[(unsigned char)c];
}

/* Takes what looks like the shape: '0' is any digit, everything else itself. */
static bool take_shape(struct str *s, const char *shape)
{
	size_t size = strlen(shape);

	if (s->size < size)
		return false;
	for (size_t i = 0; i < size; i++)
		if (shape[i] == '0' ? !is_digit(s->at[i]) : s->at[i] != shape[i])
			return false;
	*s = str_from(*s, size);
	return true;
}

static bool take_digits(struct str *s, size_t most)
{
	size_t n = 0;

	while (n < s->size && is_digit(s->at[n]))
		n++;
	*s = str_from(*s, n);
	return n > 0 && n <= most;
}

static bool take_moment(struct str *s)
{
	if (!take_shape(s, "0000-00-00T00:00:00"))
		return false;
	return (!str_skip(s, ".") || take_digits(s, 9)) && str_skip(s, "Z");
}

/* "00O " or "01E+" behind a stamp: the stream, out or error, and whether the line goes on */
static void take_stream(struct str *s)
{
	if (s->size >= 4 && is_digit(s->at[0]) && is_digit(s->at[1]) &&
	    (s->at[2] == 'O' || s->at[2] == 'E') && (s->at[3] == ' ' || s->at[3] == '+'))
		*s = str_from(*s, 4);
}

static int find_digits(struct str *s)
{
	struct str rest = *s;

	if (take_moment(&rest) && str_skip(&rest, " ")) {
		take_stream(&rest);
		*s = rest;
		return PREFIX_STAMP;
	}
	rest = *s;
	if ((take_shape(&rest, "0:00:00 ") || take_shape(&rest, "00:00:00 ")) &&
	    (str_skip(&rest, "AM: ") || str_skip(&rest, "PM: "))) {
		*s = rest;
		return PREFIX_CLOCK;
	}
	return PREFIX_KINDS;
}

static size_t name_size(struct str s)
{
	size_t n = 0, most = s.size < NAME_BYTES_MOST ? s.size : NAME_BYTES_MOST;

	while (n < most && is_name(s.at[n]))
		n++;
	return n;
}

static int find_bracket(struct str *s)
{
	struct str rest = str_from(*s, 1), inside = rest;
	int kind = PREFIX_KINDS;
	size_t n;

	if ((take_moment(&rest) || take_shape(&rest, "00:00:00")) && str_skip(&rest, "] ")) {
		*s = rest;
		return PREFIX_BRACKET_TIME;
	}
	rest = inside;
	n = name_size(rest);
	if (take_digits(&rest, 3) && str_skip(&rest, "] "))
		kind = PREFIX_NUMBER;
	else if (rest = str_from(inside, n), n && str_skip(&rest, "]: "))
		kind = PREFIX_BRACKET_NAME;
	if (kind != PREFIX_KINDS)
		*s = rest;
	return kind;
}

/* "web:test: " (name "web"): the task begins with a small letter, so "a.c:3: " is none. */
static bool take_task(struct str name, struct str *rest)
{
	struct str text = *rest;
	size_t n = 1;

	if (!str_skip(&text, ":") || !text.size || text.at[0] < 'a' || text.at[0] > 'z')
		return false;
	while (n < text.size && n < NAME_BYTES_MOST && (is_name(text.at[n]) || text.at[n] == ':'))
		n++;
	if (n >= text.size || text.at[n] != ' ' || text.at[n - 1] != ':' || !name.size)
		return false;
	*rest = str_from(text, n + 1);
	return true;
}

/* "web-1  | ", "web.1 | ": a name that ends in a short number, so that no table's column is one. */
static bool take_column(struct str name, struct str *rest)
{
	struct str text = *rest;
	size_t digits = 0;

	while (digits < name.size && is_digit(name.at[name.size - 1 - digits]))
		digits++;
	if (!digits || digits > 3 || digits + 2 > name.size)
		return false;
	name = str_slice(name, 0, name.size - digits);
	if (!strchr("-_.", name.at[name.size - 1]) ||
	    str_char(str_slice(name, 0, name.size - 1), '.') >= 0)
		return false;
	text = str_from(text, str_indent(text));
	if (text.size < 2 || text.at[0] != '|' || text.at[1] != ' ')
		return false;
	*rest = str_from(text, 2);
	return true;
}

static uint32_t hash_of(struct str s)
{
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < s.size; i++)
		hash = (hash ^ (unsigned char)s.at[i]) * 16777619u;
	return hash ? hash : 1;
}

/* pnpm says "packages/web test$ vitest" once, then "packages/web test: " before every line. */
static bool take_declared(struct prefixes *p, size_t name, struct str *s)
{
	struct str rest = str_from(*s, name + 1);
	size_t n = 0;
	uint32_t hash;

	while (n < rest.size && n < NAME_BYTES_MOST && rest.at[n] != '$' &&
	       (is_name(rest.at[n]) || (rest.at[n] == ':' && n + 1 < rest.size && rest.at[n + 1] != ' ')))
		n++;
	if (!n || n >= rest.size || (rest.at[n] != '$' && rest.at[n] != ':'))
		return false;
	if (rest.at[n] == ':' && !p->declared_count)
		return false;
	hash = hash_of(str_slice(*s, 0, name + 1 + n));
	if (rest.at[n] == '$') {
		if (n + 1 < rest.size && rest.at[n + 1] == ' ')
			p->declared[p->declared_count++ % PREFIX_DECLARED_MOST] = hash;
		return false;
	}
	if (n + 1 < rest.size && rest.at[n + 1] != ' ')
		return false;
	for (size_t i = 0; i < PREFIX_DECLARED_MOST; i++)
		if (p->declared[i] == hash) {
			*s = str_from(rest, n + 2);
			return true;
		}
	return false;
}

static int find_name(struct str *s, size_t n)
{
	struct str name = str_slice(*s, 0, n), rest = str_from(*s, n);
	int kind = PREFIX_KINDS;

	if (take_task(name, &rest))
		kind = PREFIX_TASK;
	else if (name.at[0] == '@' && str_char(name, '/') > 1 && str_skip(&rest, ": "))
		kind = PREFIX_SCOPED;
	else if (take_column(name, &rest))
		kind = PREFIX_COLUMN;
	if (kind != PREFIX_KINDS)
		*s = rest;
	return kind;
}

/* Behind a name only these can be a prefix's end; most lines are done with here. */
static int find(struct str *s, size_t name)
{
	char next = name < s->size ? s->at[name] : '\n';

	if (name)
		return next == ':' || next == ' ' || next == '|' ? find_name(s, name) : PREFIX_KINDS;
	if (is_digit(s->at[0]))
		return find_digits(s);
	return s->at[0] == '[' ? find_bracket(s) : PREFIX_KINDS;
}

/* A quarter of the way up for a line that begins so, a quarter down for one that does not. */
static void count(struct prefixes *p, int kind)
{
	p->warm = false;
	for (int i = 0; i < PREFIX_KINDS; i++) {
		unsigned share = p->share[i];

		share = i == kind ? share + (255 - share) / 4 : share - (share + 3) / 4;
		p->share[i] = (uint8_t)share;
		p->warm |= share > 0;
	}
}

void prefix_take(struct prefixes *p, struct str *line)
{
	struct str rest = *line;
	size_t name = 0;
	int kind;

	if (!line->size)
		return;
	if (is_letter(line->at[0]) || line->at[0] == '@' || line->at[0] == '.')
		name = name_size(*line);
	if (name && name + 1 < line->size && line->at[name] == ' ' &&
	    is_name(line->at[name + 1]) && take_declared(p, name, line))
		return;
	kind = find(&rest, name);
	if (kind == PREFIX_KINDS && !p->warm)
		return;
	count(p, kind);
	if (kind != PREFIX_KINDS && p->share[kind] >= SHARE_WANTED)
		*line = rest;
}

/*
 * Strips one line in place where it can and through a scratch buffer where bytes inside go. Knows
 * nothing of what the text means. Text that the web page shows as "Error: ..." stays: tools print
 * that too.
 */
#include "ci/clean.h"

#include "ci/terminal.h"

#include <stdint.h>

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static uint64_t eight_at(const char *at)
{
	uint64_t bytes;

	memcpy(&bytes, at, 8);
	return bytes;
}

/* Eight bytes at once, for every line of a log comes through here. */
static bool has_stamp_shape(const char *at)
{
	static const char shape[] = "0000-00-00T00:00:00.0000000Z";
	static const size_t starts[] = { 0, 8, 16, 20 };
	const uint64_t ones = UINT64_C(0x0101010101010101);

	for (size_t i = 0; i < 4; i++) {
		uint64_t text = eight_at(at + starts[i]), wanted = eight_at(shape + starts[i]);
		/* 0x0f where the shape has a digit: of '0', '-', ':', '.', 'T' and 'Z' only '0' is 0x30 */
		uint64_t digit = (wanted ^ ones * 0x30) + ones * 0x7f;

		digit = ((~digit & ones * 0x80) >> 7) * 0x0f;
		if ((text ^ wanted) & ~digit)
			return false;
		if (((text & digit) + (ones * 6 & digit)) & ones * 0xf0 & digit << 4)
			return false;
	}
	return true;
}

/* "2024-05-01T12:34:56.1234567Z " as the runner writes it before every line it logs. */
static bool take_stamp(struct str *s)
{
	if (s->size < 28 || s->at[4] != '-' || s->at[27] != 'Z' || !has_stamp_shape(s->at))
		return false;
	if (s->size > 28 && s->at[28] != ' ')
		return false;
	*s = str_from(*s, s->size == 28 ? 28 : 29);
	return true;
}

/* A file begins with a BOM, and so does every page that the runner wrote apart. */
static void take_bom(struct str *s)
{
	while (s->size >= 3 && s->at[0] == '\xef' && s->at[1] == '\xbb' && s->at[2] == '\xbf')
		*s = str_from(*s, 3);
}

/* "job<TAB>step<TAB>stamp text": only with the stamp, for a tool's own tabs must stay. */
static void take_columns(struct str *s)
{
	struct str rest = *s, head = str_slice(*s, 0, 300);

	for (unsigned i = 0; i < 2; i++) {
		ptrdiff_t tab = str_char(head, '\t');

		if (tab < 0)
			return;
		rest = str_from(rest, (size_t)tab + 1);
		head = str_from(head, (size_t)tab + 1);
	}
	take_bom(&rest);
	if (take_stamp(&rest))
		*s = rest;
}

static bool take_digits(struct str *s)
{
	size_t n = 0;

	while (n < s->size && n < 9 && is_digit(s->at[n]))
		n++;
	*s = str_from(*s, n);
	return n > 0;
}

/* BuildKit's plain progress: "#7 [2/3] RUN make", "#7 0.512 text", "#7 DONE 0.6s". A line alone that
 * looks like one may be a comment or a frame, so the seconds go only in company. */
static void take_buildkit(struct cleaner *cleaner, struct str *s)
{
	struct str rest = *s;
	bool before = cleaner->buildkit;

	if (!s->size)
		return;
	cleaner->buildkit = false;
	if (s->at[0] != '#' || !str_skip(&rest, "#") || !take_digits(&rest) || !str_skip(&rest, " "))
		return;
	cleaner->buildkit = true;
	if (!before || !take_digits(&rest) || !str_skip(&rest, ".") || !take_digits(&rest))
		return;
	if (!rest.size || str_skip(&rest, " "))
		*s = rest;
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
	{ "::debug::", MARK_DEBUG },
};

static const struct {
	const char *name;
	enum mark mark;
} commands[] = {
	{ "::error", MARK_ERROR }, { "::warning", MARK_WARNING }, { "::notice", MARK_NOTICE },
};

static const struct {
	const char *code;
	char meaning;
} escapes[] = {
	{ "%25", '%' }, { "%0D", '\r' }, { "%0A", '\n' }, { "%3A", ':' }, { "%2C", ',' },
};

/* Undoes the escapes of a workflow command; out may be where the text is, for it only shrinks. */
static size_t unescape(struct str s, char *out, size_t room)
{
	size_t size = 0;

	while (s.size && size < room) {
		size_t code = 0;

		while (code < sizeof(escapes) / sizeof(escapes[0]) && !str_skip(&s, escapes[code].code))
			code++;
		if (code < sizeof(escapes) / sizeof(escapes[0])) {
			out[size++] = escapes[code].meaning;
			continue;
		}
		out[size++] = s.at[0];
		s = str_from(s, 1);
	}
	return size;
}

static void take_properties(struct annotation *annotation, struct str properties)
{
	struct str property, name, value;

	while (str_next(&properties, ',', &property)) {
		if (!str_split(property, "=", &name, &value))
			continue;
		name = str_trim(name);
		if (str_is(name, "file"))
			annotation->file[unescape(value, annotation->file,
						  sizeof(annotation->file) - 1)] = '\0';
		else if (str_is(name, "title"))
			annotation->title[unescape(value, annotation->title,
						   sizeof(annotation->title) - 1)] = '\0';
		else if (str_is(name, "line"))
			str_number(value, &annotation->line);
		else if (str_is(name, "col"))
			str_number(value, &annotation->column);
	}
}

/* "::error file=a,line=3::message". The message's first line is the text. */
static enum mark take_command(struct cleaner *cleaner, struct str *s)
{
	struct str rest, properties, message;
	size_t size;

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		rest = *s;
		if (!str_skip(&rest, commands[i].name) || !str_split(rest, "::", &properties, &message) ||
		    (properties.size && properties.at[0] != ' '))
			continue;
		cleaner->annotation = (struct annotation){ .present = true };
		take_properties(&cleaner->annotation, properties);
		str_split(message, "%0A", &message, NULL);
		size = unescape(message, cleaner->scratch, sizeof(cleaner->scratch));
		*s = str_trim_right((struct str){ cleaner->scratch, size });
		return commands[i].mark;
	}
	return MARK_NONE;
}

static enum mark take_mark(struct cleaner *cleaner, struct str *s)
{
	struct str rest = *s;
	enum mark mark;

	if (rest.size && rest.at[0] == ' ')	/* the runner takes commands behind blanks too */
		rest = str_from(rest, str_indent(rest));
	if (rest.size < 9 || (rest.at[0] != '#' && rest.at[0] != ':') || rest.at[1] != rest.at[0])
		return MARK_NONE;
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		if (str_skip(&rest, marks[i].name)) {
			*s = rest;
			return marks[i].mark;
		}
	}
	mark = take_command(cleaner, &rest);
	if (mark != MARK_NONE)
		*s = rest;
	return mark;
}

void clean_line(struct cleaner *cleaner, struct str raw, struct line *line)
{
	struct str before;

	cleaner->annotation.present = false;
	raw = str_slice(raw, 0, RAW_BYTES_MAX);
	take_bom(&raw);
	if (!take_stamp(&raw))
		take_columns(&raw);
	take_bom(&raw);
	raw = str_slice(raw, 0, LINE_BYTES_MAX);
	raw = terminal_text(raw, cleaner->scratch);
	take_buildkit(cleaner, &raw);
	before = raw;
	prefix_take(&cleaner->prefixes, &raw);
	line->label = str_slice(before, 0, before.size - raw.size);
	line->mark = take_mark(cleaner, &raw);
	line->text = raw;
}

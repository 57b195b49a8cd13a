/*
 * Compares a line with a form, part by part and without going back, so that the time is bounded by
 * the line's length. Knows no tool.
 */
#include "ci/lint.h"

enum { IDLE_LINES_MAX = 80, HEADING_LINES_MAX = 6, CODE_BYTES_MAX = 100, HEADING_BYTES_MAX = 300,
       TRIES = 3, SEVERITY_BYTES_MAX = 32 };

/* The line, and the place at its head, which most forms ask for first. */
struct start {
	struct str text, rest;		/* rest: behind the place */
	struct place place;
	bool placed;
};

struct matching {
	const struct lint_form *form;
	const struct start *start;
	const char *pattern;		/* behind the part that is looked at */
	struct str rest;
	unsigned tries;			/* which place from the last one ends the message */
	bool choice;			/* there may be another one */
	struct lint_finding found;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool lint_take_code(struct str *text, struct str *code)
{
	size_t letters = 0, digits = 0;

	while (letters < text->size && text->at[letters] >= 'A' && text->at[letters] <= 'Z')
		letters++;
	while (letters + digits < text->size && is_digit(text->at[letters + digits]))
		digits++;
	if (letters < 1 || letters > 4 || digits < 2 || digits > 4)
		return false;
	*code = str_slice(*text, 0, letters + digits);
	*text = str_from(*text, letters + digits);
	return true;
}

/* "Gemfile:4:1": one word of letters, which place_take does not take for a file. */
static bool take_bare_name(struct str *text, struct place *place)
{
	struct place found = {0};
	struct str after = *text;
	size_t size = 0;

	while (size < text->size && (is_letter(text->at[size]) || text->at[size] == '_' ||
				     text->at[size] == '-'))
		size++;
	found.file = str_slice(*text, 0, size);
	after = str_from(*text, size);
	if (!size || !str_skip(&after, ":") || !str_take_number(&after, &found.line))
		return false;
	*text = after;
	if (str_skip(&after, ":") && str_take_number(&after, &found.column))
		*text = after;
	*place = found;
	return true;
}

bool lint_take_place(struct str *text, struct place *place)
{
	struct str after;
	unsigned long end;

	if (!place_take(text, place) && !take_bare_name(text, place))
		return false;
	after = *text;
	if (str_skip(&after, "-") && str_take_number(&after, &end)) {
		*text = after;
		if (str_skip(&after, ":") && str_take_number(&after, &end))
			*text = after;
	}
	return true;
}

static const struct {
	const char *word;
	enum severity severity;
} usual[] = {
	{ "error", SEVERITY_ERROR }, { "fatal", SEVERITY_ERROR }, { "critical", SEVERITY_ERROR },
	{ "high", SEVERITY_ERROR }, { "\xe2\x9c\x96", SEVERITY_ERROR }, { "\xc3\x97", SEVERITY_ERROR },
	{ "fatal error", SEVERITY_ERROR }, { "warning", SEVERITY_WARNING },
	{ "warn", SEVERITY_WARNING }, { "medium", SEVERITY_WARNING },
	{ "\xe2\x9a\xa0", SEVERITY_WARNING }, { "style", SEVERITY_WARNING },
	{ "performance", SEVERITY_WARNING }, { "portability", SEVERITY_WARNING },
	{ "convention", SEVERITY_WARNING }, { "refactor", SEVERITY_WARNING },
	{ "note", SEVERITY_NOTE }, { "info", SEVERITY_NOTE }, { "information", SEVERITY_NOTE },
	{ "low", SEVERITY_NOTE }, { "suggestion", SEVERITY_NOTE }, { "hint", SEVERITY_NOTE },
	{ "notice", SEVERITY_NOTE }, { "ignore", SEVERITY_NOTE }, { "undefined", SEVERITY_NOTE },
	{ "weak", SEVERITY_NOTE }, { "\xe2\x84\xb9", SEVERITY_NOTE },
};

bool lint_severity(struct str word, enum severity *severity)
{
	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++) {
		if (!str_equal_nocase(word, str_of(usual[i].word)))
			continue;
		*severity = usual[i].severity;
		return true;
	}
	return false;
}

static bool mapped_severity(const char *map, struct str word, enum severity *severity)
{
	struct str rest = str_of(map), pair;

	if (!map)
		return lint_severity(word, severity);
	while (str_next(&rest, ' ', &pair)) {
		if (pair.size != word.size + 2 ||
		    !str_equal(str_slice(pair, 0, word.size), word))
			continue;
		*severity = str_ends(pair, "=e") ? SEVERITY_ERROR :
			    str_ends(pair, "=w") ? SEVERITY_WARNING : SEVERITY_NOTE;
		return true;
	}
	return false;
}

static bool is_code(struct str code)
{
	if (!code.size || code.size > CODE_BYTES_MAX)
		return false;
	for (size_t i = 0; i < code.size; i++)
		if (!is_letter(code.at[i]) && !is_digit(code.at[i]) &&
		    !strchr("_-./@:,#[]+()", code.at[i]))
			return false;
	return true;
}

static bool is_file(struct str file)
{
	if (!file.size || file.size > HEADING_BYTES_MAX)
		return false;
	for (size_t i = 0; i < file.size; i++)
		if (strchr("<>|\"*\t", file.at[i]))
			return false;
	return file.at[0] != ' ';
}

/* Where what stands behind a part begins: its first place, or its last but `back`. */
static ptrdiff_t find_stop(struct str s, const char *pattern, bool last, unsigned back)
{
	struct str stop = { pattern, strcspn(pattern, "%") };
	ptrdiff_t end, tab = -1;

	if (pattern[0] == '%' && (pattern[1] == '_' || pattern[1] == '+')) {
		stop = pattern[1] == '_' ? STR(" ") : STR("  ");
		tab = last ? str_char_last(s, '\t') : str_char(s, '\t');
	}
	if (!stop.size)
		return (ptrdiff_t)s.size;
	end = last ? str_find_last(s, stop) : str_find(s, stop);
	if (tab >= 0 && (end < 0 || (last ? tab > end : tab < end)))
		end = tab;
	if (end >= 0 && back)
		return find_stop(str_slice(s, 0, (size_t)end), pattern, last, back - 1);
	return end;
}

/* "C:" of "C:\src\a.php": its colon ends nothing. */
static size_t drive_size(struct str s)
{
	char letter = s.size > 2 ? (char)(s.at[0] | 0x20) : 0;

	return letter >= 'a' && letter <= 'z' && s.at[1] == ':' && (s.at[2] == '\\' || s.at[2] == '/')
		? 2 : 0;
}

static bool take_text(struct matching *m, char part, struct str *piece)
{
	bool last = part == 'm' && *m->pattern;
	struct str within = part == 's' ? str_slice(m->rest, 0, SEVERITY_BYTES_MAX) : m->rest;
	size_t drive = part == 'f' ? drive_size(within) : 0;
	ptrdiff_t end = find_stop(str_from(within, drive), m->pattern, last, last ? m->tries : 0);

	m->choice = m->choice || last;
	if (end < 0)
		return false;
	end += (ptrdiff_t)drive;
	*piece = str_slice(m->rest, 0, (size_t)end);
	m->rest = str_from(m->rest, (size_t)end);
	return true;
}

static bool take_blanks(struct matching *m, size_t least)
{
	size_t size = str_indent(m->rest);

	m->rest = str_from(m->rest, size);
	return size >= least;
}

static bool take_part(struct matching *m, char part)
{
	struct lint_finding *found = &m->found;
	struct str piece;

	switch (part) {
	case 'p':
		if (m->pattern != m->form->pattern + 2)
			return lint_take_place(&m->rest, &found->place);
		found->place = m->start->place;
		m->rest = m->start->rest;
		return m->start->placed;
	case 'l':
		return str_take_number(&m->rest, &found->place.line);
	case 'c':
		return str_take_number(&m->rest, &found->place.column);
	case 'K':
		return lint_take_code(&m->rest, &found->code) &&
		       (!m->form->severities ||
			mapped_severity(m->form->severities, str_slice(found->code, 0, 1),
					&found->severity));
	case '_':
		return take_blanks(m, 1);
	case '+':
		return take_blanks(m, m->rest.size && m->rest.at[0] == '\t' ? 1 : 2);
	default:
		break;
	}
	if (!take_text(m, part, &piece))
		return false;
	switch (part) {
	case 'f':
		found->place.file = piece;
		return is_file(piece);
	case 's':
		return mapped_severity(m->form->severities, piece, &found->severity);
	case 'k':
		found->code = piece;
		return is_code(piece);
	case 'm':
		found->message = str_trim(piece);
		return found->message.size > 0;
	default:
		return part == 'w';
	}
}

static bool match_once(struct matching *m)
{
	while (*m->pattern) {
		size_t size = strcspn(m->pattern, "%");

		if (!size) {
			m->pattern += 2;
			if (!take_part(m, m->pattern[-1]))
				return false;
			continue;
		}
		if (m->rest.size < size || memcmp(m->rest.at, m->pattern, size))
			return false;
		m->rest = str_from(m->rest, size);
		m->pattern += size;
	}
	return !m->rest.size;
}

static struct start start_of(struct str text)
{
	struct start start = { .text = str_trim(text) };

	start.rest = start.text;
	start.placed = lint_take_place(&start.rest, &start.place);
	return start;
}

static bool match(const struct lint_form *form, struct str heading, const struct start *start,
		  struct lint_finding *out)
{
	struct matching m;
	struct place *place = &m.found.place;

	for (unsigned tries = 0; tries < TRIES; tries++) {
		m = (struct matching){ .form = form, .start = start, .rest = start->text,
				       .pattern = form->pattern, .tries = tries };
		m.found.severity = form->severity;
		m.found.fixable = form->fixable;
		if (!match_once(&m)) {
			if (!m.choice)
				return false;
			continue;
		}
		if (!place->file.size)
			place->file = heading;
		if (!place->file.size || (form->endings && !place_ends(place->file, form->endings)))
			return false;
		*out = m.found;
		return true;
	}
	return false;
}

bool lint_match(const struct lint_form *form, struct str heading, struct str text,
		struct lint_finding *out)
{
	struct start start = start_of(text);

	return match(form, heading, &start, out);
}

void lint_finish(struct lint *l, struct findings *f)
{
	run_finish(&l->run, f, l->tool && l->fixable ? l->tool->command : NULL);
	l->tool = NULL;
	l->fixable = false;
	l->idle = 0;
}

void lint_found(struct lint *l, struct findings *f, const struct line *line,
		const struct lint_tool *tool, const struct lint_finding *finding)
{
	if (l->tool != tool) {
		lint_finish(l, f);
		l->tool = tool;
		l->run.tool = tool->name;
		l->run.language = tool->language;
		l->run.kind = tool->kind ? tool->kind : KIND_LINT;
		l->run.guess = tool->guess;
		l->run.fails_on = tool->fails_on;
	}
	l->idle = 0;
	l->fixable = l->fixable || (finding->fixable && !tool->advice);
	run_finding(&l->run, f, line, &finding->place, finding->severity, finding->code,
		    finding->message, finding->fixable);
}

static bool may_be_severity(const char *map, char first)
{
	for (const char *at = map; *at; at++)
		if (*at == first && (at == map || at[-1] == ' '))
			return true;
	return false;
}

/* Whether the head of the line is what the form begins with: told without looking at all of it. */
static bool may_begin(const struct lint_form *form, const struct start *start)
{
	char first = start->text.size ? start->text.at[0] : 0;

	if (form->pattern[0] != '%')
		return first == form->pattern[0];
	if (form->pattern[1] == 'p')
		return start->placed &&
		       (!form->endings || place_ends(start->place.file, form->endings));
	if (form->pattern[1] == 's' && form->severities)
		return may_be_severity(form->severities, first);
	return form->pattern[1] != 'l' || is_digit(first);
}

bool lint_line(struct lint *l, struct findings *f, const struct line *line,
	       const struct lint_form *forms, size_t count)
{
	struct start start = start_of(line->text);
	struct lint_finding finding;
	const char *newest = NULL;	/* the text that was looked for last */
	bool had = true;

	for (size_t i = 0; i < count; i++) {
		if (!may_begin(&forms[i], &start))
			continue;
		if (forms[i].has && (!newest || strcmp(newest, forms[i].has))) {
			newest = forms[i].has;
			had = str_has(start.text, newest);
		}
		if ((forms[i].has && !had) ||
		    !match(&forms[i], kept_str(&l->heading), &start, &finding))
			continue;
		lint_found(l, f, line, forms[i].tool, &finding);
		return true;
	}
	return false;
}

bool lint_heading(struct lint *l, const struct line *line, const char *endings)
{
	struct str text = str_trim(line->text), before;
	struct place place;

	if (str_char(text, ' ') >= 0) {			/* remark: "a.md > b.md: written" */
		if (!str_split(text, " > ", &before, NULL))
			return false;
		text = before;
	}
	if (place_take(&text, &place)) {		/* tslint: "a.ts:1:1" */
		if (text.size)
			return false;
		text = place.file;
	}
	if (text.size > HEADING_BYTES_MAX || str_char(text, ' ') >= 0 || str_char(text, ':') > 1 ||
	    str_char(text, '\t') >= 0 || !place_ends(text, endings) || !is_file(text))
		return false;
	keep(&l->heading, text);
	l->idle = 0;
	return true;
}

enum wakefulness lint_other(struct lint *l, struct findings *f, const struct line *line)
{
	bool step = line->mark == MARK_GROUP && str_starts(line->text, "Run ");

	if (l->tool && l->tool->advice && str_has(line->text, l->tool->advice))
		l->fixable = true;
	if (step || ++l->idle > (l->tool ? (unsigned)IDLE_LINES_MAX : (unsigned)HEADING_LINES_MAX)) {
		lint_finish(l, f);
		l->heading.size = 0;
	}
	return l->tool || l->heading.size ? AWAKE : ASLEEP;
}

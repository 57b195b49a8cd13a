/*
 * One traceback, line by line: frames, chains, exception groups, syntax errors, prefixes, lines of
 * others in between. Leaves to the owner whether a traceback matters and which test it belongs to.
 */
#include "ci/python.h"

#include "ci/network.h"

enum { TAIL_LINES = 40, STRAYS_MAX = 3, RULE_WIDTH = 70 };

static const char head[] = "Traceback (most recent call last):";
static const char group_head[] = "Exception Group ";

void kept_add(struct kept *kept, struct str text)
{
	text = str_slice(text, 0, sizeof(kept->at) - kept->size);
	if (text.size)
		memcpy(kept->at + kept->size, text.at, text.size);
	kept->size = (unsigned short)(kept->size + text.size);
}

bool python_trace_starts(struct str text)
{
	text = str_trim_right(text);
	return str_ends(text, head);
}

bool python_chains(struct str text)
{
	return str_has(text, "During handling of the above exception, another exception occurred:") ||
	       str_has(text, "The above exception was the direct cause of the following exception:");
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c & 0x80);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool python_frame(struct str text, struct place *place, struct str *function)
{
	struct place found = {0};
	struct str rest;

	text = str_trim(text);
	if (!str_skip(&text, "File \"") || !str_split(text, "\", line ", &found.file, &rest))
		return false;
	if (!str_take_number(&rest, &found.line))
		return false;
	if (str_skip(&rest, ", in "))
		*function = rest;
	else if (rest.size && rest.at[0] != ',')
		return false;
	else
		*function = STR_NONE;
	*place = found;
	return true;
}

bool python_syntax_starts(struct str text)
{
	struct place place;
	struct str function;

	return python_frame(text, &place, &function) && !function.size;
}

/*
 * The last part of a name begins with a capital, or the name has a dot ("socket.timeout"): else any
 * "note: ..." that another thread prints in between would be taken for the exception.
 */
bool python_error(struct str text, struct str *type, struct str *message)
{
	size_t n = 0, part = 0;

	text = str_trim_right(text);
	while (n < text.size && (is_letter(text.at[n]) || (n && is_digit(text.at[n])) ||
				 text.at[n] == '.' || text.at[n] == '<' || text.at[n] == '>')) {
		if (text.at[n] == '.')
			part = n + 1;
		n++;
	}
	if (!n || n > 200 || part >= n || text.at[0] == '.' || text.at[0] == '<')
		return false;
	if (!part && !(text.at[0] >= 'A' && text.at[0] <= 'Z') && text.at[0] != '_')
		return false;
	if (n < text.size && text.at[n] != ':')
		return false;
	if (n + 1 < text.size && text.at[n + 1] != ' ')
		return false;
	*type = str_slice(text, 0, n);
	*message = str_trim(str_from(text, n + 1));
	return true;
}

static const struct {
	const char *type;		/* the last part of the name */
	enum kind kind;
	unsigned weight;
} kinds[] = {
	{ "AssertionError", KIND_ASSERTION, 0 },
	{ "Failed", KIND_ASSERTION, 0 },
	{ "DocTestFailure", KIND_ASSERTION, 0 },
	{ "ModuleNotFoundError", KIND_DEPENDENCY, WEIGHT_CERTAIN },
	{ "SyntaxError", KIND_COMPILE, 0 },
	{ "IndentationError", KIND_COMPILE, 0 },
	{ "TabError", KIND_COMPILE, 0 },
	{ "MemoryError", KIND_RESOURCE, WEIGHT_CERTAIN },
	{ "TimeoutError", KIND_TIMEOUT, 0 },
	{ "TimeoutExpired", KIND_TIMEOUT, 0 },
	{ "ReadTimeout", KIND_TIMEOUT, 0 },
	{ "ConnectTimeout", KIND_TIMEOUT, 0 },
};

static const struct {
	const char *type, *start;
	enum kind kind;
	unsigned weight;
} messages[] = {
	{ "ImportError", "No module named ", KIND_DEPENDENCY, WEIGHT_CERTAIN },
	{ "OSError", "[Errno 28] ", KIND_RESOURCE, WEIGHT_CERTAIN },	/* no space left */
	{ "OSError", "[Errno 12] ", KIND_RESOURCE, WEIGHT_CERTAIN },	/* no memory left */
	{ "Failed", "Timeout >", KIND_TIMEOUT, 0 },
	{ "OutOfMemoryError", "CUDA out of memory", KIND_RESOURCE, 0 },
	{ "OutOfMemoryError", "HIP out of memory", KIND_RESOURCE, 0 },
	{ "RuntimeError", "CUDA out of memory", KIND_RESOURCE, 0 },
};

static void judge_as(struct failure *failure, enum kind kind, unsigned weight)
{
	failure->kind = kind;
	if (failure->weight >= WEIGHT_TRACE && weight > failure->weight)
		failure->weight = weight;
}

static void judge(struct failure *failure, struct str type, struct str message)
{
	ptrdiff_t dot = str_char_last(type, '.');
	struct str last = dot < 0 ? type : str_from(type, (size_t)dot + 1);

	failure->kind = KIND_EXCEPTION;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (str_is(last, kinds[i].type))
			judge_as(failure, kinds[i].kind, kinds[i].weight);
	for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++)
		if (str_is(last, messages[i].type) && str_starts(message, messages[i].start))
			judge_as(failure, messages[i].kind, messages[i].weight);
	if (str_is(last, "OSError") && str_starts(message, "[Errno 28] "))
		failure->transient = true;	/* another runner has another disk */
	if (str_is(last, "ImportError") && str_has(message, ": cannot open shared object file"))
		failure->kind = KIND_DEPENDENCY;
	failure->transient = failure->transient || network_raised(type, message);
}

void python_set_error(struct failure *failure, struct str type, struct str message,
		      unsigned long error_line)
{
	failure->type = findings_text(failure, type);
	failure->message = findings_text(failure, message);
	failure->error_line = error_line;
	if (failure->last_line < error_line)
		failure->last_line = error_line;
	judge(failure, type, message);
	/* A script whose command failed: that command has said why. In a test it is the failure. */
	if (str_ends(type, "CalledProcessError") && failure->tool &&
	    str_is(str_of(failure->tool), "python"))
		failure->weight = WEIGHT_SUMMARY;
}

struct failure *python_step_back(struct failure *failure, struct failure **cause)
{
	if (!*cause) {
		*cause = failure;
		failure->weight = WEIGHT_HINT;
		return NULL;
	}
	failure->frame_count = 0;
	failure->type = failure->message = NULL;
	failure->transient = false;
	failure->kind = KIND_EXCEPTION;
	return failure;
}

static void need_failure(struct python_trace *t, struct findings *f)
{
	if (t->failure)
		return;
	t->failure = findings_failure(f, KIND_EXCEPTION, t->weight, t->first);
	t->failure->language = "python";
	t->failure->tool = t->tool;
	t->failure->test = findings_text(t->failure, kept_str(&t->test));
}

void python_trace_end(struct python_trace *t, struct findings *f)
{
	if (t->stage != TRACE_NONE && t->failure) {
		findings_block(f, "python", t->first, t->last);
		if (!t->ended)
			t->failure->weight = WEIGHT_HINT;
	}
	t->stage = TRACE_NONE;
	t->failure = t->cause = NULL;
	t->chained = false;
}

/* "Exception Group Traceback ..." has the plus of its tree before it. */
static void start(struct python_trace *t, const struct line *line, struct findings *f)
{
	struct str prefix = str_trim_right(line->text);

	if (t->stage == TRACE_TAIL && t->chained)
		t->failure = t->failure ? python_step_back(t->failure, &t->cause) : NULL;
	else
		python_trace_end(t, f);
	if (!t->chained)
		t->first = line->number;
	str_chop(&prefix, head);
	t->grouped = str_chop(&prefix, group_head) || str_starts(str_trim(prefix), "|");
	keep(&t->prefix, prefix);
	t->stage = TRACE_FRAMES;
	t->headed = true;
	t->chained = t->ended = false;
	t->lines = t->strays = 0;
	t->file.size = 0;
	t->last = line->number;
}

static void start_syntax(struct python_trace *t, const struct line *line, struct findings *f)
{
	python_trace_end(t, f);
	t->first = t->last = line->number;
	t->stage = TRACE_FRAMES;
	t->headed = t->grouped = t->ended = false;
	t->lines = t->strays = 0;
	t->prefix.size = t->file.size = 0;
}

/* Digits may differ: docker and loggers count or stamp every line. */
static bool same_shape(struct str prefix, struct str text)
{
	if (text.size < prefix.size)
		return false;
	for (size_t i = 0; i < prefix.size; i++) {
		char a = prefix.at[i], b = text.at[i];

		if (a != b && !(is_digit(a) && is_digit(b)))
			return false;
	}
	return true;
}

static struct str body_of(const struct python_trace *t, struct str text)
{
	struct str prefix = kept_str(&t->prefix);

	if (t->grouped) {
		text = str_from(text, str_indent(text));
		if (str_skip(&text, "|"))
			str_skip(&text, " ");
		return text;
	}
	return same_shape(prefix, text) ? str_from(text, prefix.size) : text;
}

static void add_frame(struct python_trace *t, struct findings *f, const struct place *place,
		      struct str function)
{
	if (!function.size) {
		keep(&t->file, place->file);
		t->at_line = place->line;
		t->column = t->source_indent = 0;
		return;
	}
	t->file.size = 0;
	need_failure(t, f);
	findings_frame(t->failure, place->file, place->line, 0, function);
}

/* The caret below the source line of a syntax error; Python cuts the source's own indent off. */
static void take_source(struct python_trace *t, struct str body)
{
	size_t indent = str_indent(body);

	if (!t->file.size)
		return;
	if (!t->source_indent)
		t->source_indent = indent;
	else if (!t->column && indent < body.size && body.at[indent] == '^' &&
		 indent >= t->source_indent)
		t->column = indent - t->source_indent + 1;
}

static bool is_syntax(struct str type)
{
	return str_is(type, "SyntaxError") || str_is(type, "IndentationError") ||
	       str_is(type, "TabError");
}

static bool take_error(struct python_trace *t, struct str body, const struct line *line,
		       struct findings *f)
{
	struct str type, message;

	if (!python_error(body, &type, &message) || (!t->headed && !is_syntax(type)))
		return false;
	need_failure(t, f);
	if (t->file.size)
		findings_frame(t->failure, kept_str(&t->file), t->at_line, t->column, STR_NONE);
	python_set_error(t->failure, type, message, line->number);
	if (t->grouped && str_has(message, " sub-exception"))
		t->failure->weight = WEIGHT_HINT;
	t->last = line->number;
	t->stage = TRACE_TAIL;
	t->ended = true;
	t->lines = 0;
	return true;
}

/* A line among the frames. False: the traceback breaks off here. */
static bool frames_line(struct python_trace *t, const struct line *line, struct findings *f)
{
	struct str body = body_of(t, line->text), function;
	struct place place;

	if (python_frame(body, &place, &function) && (str_indent(body) || t->prefix.size)) {
		add_frame(t, f, &place, function);
	} else if (str_indent(body) >= 2 || (!t->headed && str_indent(body))) {
		take_source(t, body);
	} else if (take_error(t, body, line, f)) {
		return true;
	} else if (line->mark == MARK_GROUP || line->mark == MARK_ENDGROUP || !t->headed) {
		return false;
	} else if (str_trim(body).size && line->mark != MARK_ERROR) {
		return ++t->strays <= STRAYS_MAX;
	} else {
		return ++t->strays <= STRAYS_MAX * 2;
	}
	t->last = line->number;
	return true;
}

/* After the exception: more lines of its message, and perhaps the marker of a chain. */
static bool tail_line(struct python_trace *t, const struct line *line)
{
	if (python_chains(line->text)) {
		t->chained = true;
		t->lines = 0;
		return true;
	}
	return line->mark != MARK_GROUP && t->lines <= TAIL_LINES && !t->grouped;
}

bool python_trace_line(struct python_trace *t, const struct line *line, struct findings *f)
{
	bool goes_on;

	if (python_trace_starts(line->text)) {
		start(t, line, f);
		return true;
	}
	if (t->stage != TRACE_FRAMES && python_syntax_starts(line->text))
		start_syntax(t, line, f);
	if (t->stage == TRACE_NONE)
		return false;
	t->lines++;
	if (t->stage == TRACE_TAIL)
		goes_on = tail_line(t, line);
	else
		goes_on = t->lines <= BLOCK_LINES_MAX && frames_line(t, line, f);
	if (!goes_on)
		python_trace_end(t, f);
	return goes_on;
}

bool pytest_section(struct str text, struct str *title)
{
	text = str_trim(text);
	if (!str_starts(text, "==") || !str_ends(text, "=="))
		return false;
	while (str_skip(&text, "="))
		;
	while (str_chop(&text, "="))
		;
	if (text.size < 3 || text.at[0] != ' ' || text.at[text.size - 1] != ' ')
		return false;
	*title = str_trim(text);
	return true;
}

bool pytest_blocks_title(struct str title)
{
	return str_is(title, "FAILURES") || str_is(title, "ERRORS");
}

static bool count_part(struct str part, struct pytest_counts *c, bool *telling)
{
	const struct {
		const char *word;
		unsigned long *count;
	} words[] = {
		{ " passed", &c->passed }, { " failed", &c->failed }, { " error", &c->errors },
		{ " errors", &c->errors }, { " skipped", &c->skipped },
		{ " xfailed", &c->xfailed }, { " xpassed", &c->xpassed },
		{ " deselected", NULL }, { " warning", NULL }, { " warnings", NULL },
		{ " rerun", NULL }, { " subtests passed", NULL }, { " subtests failed", &c->failed },
	};
	unsigned long n;

	if (!str_take_number(&part, &n))
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!str_is(part, words[i].word))
			continue;
		if (words[i].count)
			*words[i].count += n;
		*telling = true;
		return true;
	}
	return false;
}

bool pytest_counts(struct str text, struct pytest_counts *counts)
{
	struct pytest_counts found = {0};
	struct str list, time, part;
	bool telling = false;

	text = str_trim(text);
	while (str_skip(&text, "="))
		;
	while (str_chop(&text, "="))
		;
	text = str_trim(text);
	if (!str_split_last(text, " in ", &list, &time) || !time.size || time.at[0] < '0' ||
	    time.at[0] > '9' || str_char(time, 's') < 0)
		return false;
	if (str_is(list, "no tests ran"))
		telling = true;
	else
		while (str_next(&list, ',', &part))
			if (!count_part(str_trim(part), &found, &telling))
				return false;
	if (telling)
		*counts = found;
	return telling;
}

bool unittest_rule(struct str text, char c)
{
	text = str_trim_right(text);
	if (text.size != RULE_WIDTH)
		return false;
	for (size_t i = 0; i < text.size; i++)
		if (text.at[i] != c)
			return false;
	return true;
}

bool unittest_head(struct str text, struct str *test, struct str *place)
{
	struct str name, where;
	ptrdiff_t close;

	if (!str_skip(&text, "ERROR: ") && !str_skip(&text, "FAIL: ") &&
	    !str_skip(&text, "UNEXPECTED SUCCESS: "))
		return false;
	*test = str_trim_right(text);
	*place = STR_NONE;
	if (!str_split(text, " (", &name, &where))
		return text.size > 0;
	close = str_char(where, ')');
	if (!name.size || close <= 0 || str_char(str_slice(where, 0, (size_t)close), ' ') >= 0)
		return true;
	*test = name;
	*place = str_slice(where, 0, (size_t)close);
	return true;
}

bool unittest_ran(struct str text, unsigned long *run)
{
	unsigned long n;

	if (!str_skip(&text, "Ran ") || !str_take_number(&text, &n) ||
	    (!str_skip(&text, " tests in ") && !str_skip(&text, " test in ")))
		return false;
	*run = n;
	return true;
}

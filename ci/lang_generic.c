/*
 * Errors of tools that nobody here knows: what the runner marks as an error, lines that label
 * themselves one, and when a step says no such thing, its last words. A label counts only when its
 * step then fails, and only near that end, so that a log that ended well has none. The report drops
 * what another reader understood.
 */
#include "ci/network.h"
#include "ci/python.h"

enum { TOLD_MAX = 3, MARKED_MAX = 8, NEAR_LINES = 200, CUT_LINES = 40, CLUSTER_LINES = 12,
       PARAGRAPH_LINES = 8, CAUSE_LINES = 16,
       INDENT_MAX = 2 };			/* as pip does */
/* Below what a known tool sums up, above the consequences. */
enum { WEIGHT_LABELLED = WEIGHT_SUMMARY - 2, WEIGHT_LAST_WORDS = WEIGHT_WARNING / 2 };

struct candidate {
	unsigned long line;
	struct kept text;
	bool judged;
	struct network said;
};

struct state {
	struct candidate list[TOLD_MAX];	/* the first of the newest cluster of labelled lines */
	unsigned count;
	unsigned long labelled_at;		/* the newest line with a label */
	unsigned marked;			/* ##[error] lines told in this step */
	unsigned long cause_at;			/* "Caused by:" stood here; the reason comes next */
	struct kept first, newest;		/* of the paragraph: its first line, its last */
	unsigned long first_at, newest_at, now;
	unsigned lines;				/* of the paragraph */
	bool parted;				/* a blank line stands before it */
	bool header;				/* between "##[group]Run" and its end */
	bool runner;				/* a runner wrote this log */
	bool ended, failed;
};

/* They say that something failed, not what. */
static const char *const empty_words[] = { "exit code", "exit status", "exited with",
	"non-zero", "nonzero", "with code ", "returned error", "See above", "see above",
	"errors occurred", "For more information", "re-run ", "[Help 1]", "step script failed",
	"0 errors", "Errors: 0", "uild failed", "BUILD FAILED",
	"FAILURE: Build ", "Please refer to ", "FAILED (", "commands failed", NULL };
/* No last words: echoes of commands, times, and what tools add when a script failed. */
static const char *const added_starts[] = { "+ ", "++ ", "real\t", "user\t", "sys\t",
	"make: *** ", "make[",
	"Total time: ", "BUILD FAILED", "FAILURE: Build ", "npm ERR!", "npm error", "npm WARN",
	"npm warn", "npm notice", "evaluation failed :(", "info Visit https://yarnpkg", "error Command failed", "ELIFECYCLE",
	NULL };
/* Somebody stopped it: what it said last is not why. */
static const char *const stopped_words[] = { "peration was canceled", "task was canceled",
	"lost communication", "shutdown signal", "maximum execution time", NULL };

static bool has_any(struct str text, const char *const *words)
{
	for (; *words; words++)
		if (str_has(text, *words))
			return true;
	return false;
}

static bool starts_any(struct str text, const char *const *starts)
{
	for (; *starts; starts++)
		if (text.at[0] == **starts && str_starts(text, *starts))
			return true;
	return false;
}

/* Every line of every log comes here: most are sorted out by their first byte. */
static bool is_added(struct str text)
{
	static const bool first[256] = { ['+'] = true, ['r'] = true, ['u'] = true, ['s'] = true,
		['m'] = true, ['T'] = true, ['B'] = true, ['F'] = true, ['n'] = true, ['e'] = true, ['i'] = true,
		['E'] = true };

	return first[(unsigned char)text.at[0]] && starts_any(text, added_starts);
}

static bool ends_nocase(struct str text, const char *ending)
{
	struct str end = str_of(ending);

	return text.size >= end.size &&
	       str_equal_nocase(str_from(text, text.size - end.size), end);
}

/* What shells say, whatever script it is. */
static const struct {
	const char *words, *type;
	enum kind kind;
} shells[] = {
	{ ": command not found", "no such command", KIND_CONFIG },
	{ " is not recognized as an internal or external command", "no such command", KIND_CONFIG },
	{ " is not recognized as a name of a cmdlet", "no such command", KIND_CONFIG },
	{ " is not recognized as the name of a cmdlet", "no such command", KIND_CONFIG },
	{ ": unbound variable", "unbound variable", KIND_CONFIG },
	{ ": syntax error near unexpected token ", "syntax", KIND_CONFIG },
	{ ": cannot execute binary file", "platform", KIND_CONFIG },
	{ ": Permission denied", "no access", KIND_PERMISSION },
	{ ": No such file or directory", "no such file", KIND_CONFIG },
};

/* The last two are too common to be looked for but in what was chosen already. */
enum { SHELLS = sizeof(shells) / sizeof(shells[0]), SHELLS_SURE = SHELLS - 2 };

static bool shell_says(struct str text, size_t rows, size_t *row)
{
	for (*row = 0; *row < rows; ++*row)
		if (str_has(text, shells[*row].words))
			return true;
	return false;
}

/* "error: x", "ERROR: x", "FATAL x", "ValueError: x", "tool: error: x", "[error] x" */
static bool has_label(struct str text)
{
	static const char *const starts[] = { "[ERROR] ", "[error] ", "[FATAL] ", "[fatal] ", "ERROR ",
		"FATAL ", "FAILED ", "\xe2\x9d\x8c ", "\xe2\x9c\x98 ", "\xe2\x9c\x96 ",
		"*** ERROR", "error - ", NULL };
	static const bool first[256] = { ['['] = true, ['E'] = true, ['F'] = true, [0xe2] = true,
					 ['*'] = true, ['e'] = true };
	static const bool ends_word[256] = { [':'] = true, [' '] = true, ['('] = true };
	struct str word, rest;
	size_t n = 0, row;

	if (first[(unsigned char)text.at[0]] && starts_any(text, starts))
		return text.size > 10;
	while (n < text.size && n < 80 && !ends_word[(unsigned char)text.at[n]])
		n++;
	if (n + 4 > text.size || text.at[n] != ':' || text.at[n + 1] != ' ')
		return false;
	word = str_slice(text, 0, n);
	rest = str_from(text, n + 2);
	if (str_starts(rest, "line ") && shell_says(rest, SHELLS_SURE, &row))
		return true;
	if (ends_nocase(word, "error") || ends_nocase(word, "fatal") ||
	    str_ends(word, "Exception") || str_is(word, "E") || ends_nocase(word, "failure"))
		return true;
	return str_starts(rest, "error: ") || str_starts(rest, "fatal: ") ||
	       str_starts(rest, "Error: ");
}

static void tell(const struct candidate *c, unsigned weight, struct findings *f)
{
	size_t row;
	struct failure *failure = findings_failure(f, KIND_UNKNOWN, weight, c->line);

	failure->message = findings_text(failure, kept_str(&c->text));
	if (c->judged) {
		failure->kind = c->said.kind;
		failure->transient = c->said.transient;
		failure->type = c->said.type;
	} else if (shell_says(kept_str(&c->text), SHELLS, &row)) {
		failure->kind = shells[row].kind;
		failure->type = shells[row].type;
	}
}

/* The first labels of a cluster are the reason, those behind them follow from it. */
static void take(struct state *s, const struct line *line)
{
	struct candidate *c;

	if (line->number - s->labelled_at > CLUSTER_LINES)
		s->count = 0;
	s->labelled_at = line->number;
	if (s->count == TOLD_MAX)
		return;
	c = &s->list[s->count++];
	c->line = line->number;
	keep(&c->text, str_trim(line->text));
	c->judged = network_judge(line->text, &c->said);
}

/* "  Caused by: dns error", or the reason on the line behind: it says more of the candidate. */
static void cause(struct state *s, struct str text, unsigned long number)
{
	struct candidate *c = &s->list[s->count - 1];
	bool here = str_skip(&text, "Caused by:");

	if (number - c->line > CAUSE_LINES || c->judged)
		return;
	if (here || s->cause_at + 1 == number)
		c->judged = network_judge(text, &c->said);
	if (here)
		s->cause_at = number;
}

static bool tell_labelled(const struct state *s, unsigned long near, struct findings *f)
{
	if (!s->count || s->now - s->labelled_at > near)
		return false;
	for (unsigned i = 0; i < s->count; i++)
		tell(&s->list[i], WEIGHT_LABELLED, f);
	return true;
}

/* A short paragraph of its own says it in its first line; else the last line is all there is. */
static void tell_last_words(const struct state *s, struct findings *f)
{
	bool paragraph = s->parted && s->lines <= PARAGRAPH_LINES;
	struct candidate words = {
		.line = paragraph ? s->first_at : s->newest_at,
		.text = paragraph ? s->first : s->newest,
	};

	if (words.line)
		tell(&words, WEIGHT_LAST_WORDS, f);
}

static void begin_step(struct state *s)
{
	s->count = s->marked = s->lines = 0;
	s->first_at = s->newest_at = 0;
	s->parted = s->failed = s->header = false;
}

static void begin_header(struct state *s)
{
	begin_step(s);
	s->header = true;
}

static void words_line(struct state *s, struct str text, unsigned long number)
{
	if (!text.size) {
		s->parted = true;
		s->lines = 0;
		return;
	}
	if (is_added(text))
		return;
	if (!s->lines++) {
		keep(&s->first, text);
		s->first_at = number;
	}
	keep(&s->newest, text);
	s->newest_at = number;
}

static void error_line(struct state *s, const struct line *line, struct findings *f)
{
	struct candidate c = { .line = line->number };

	if (has_any(line->text, stopped_words)) {
		s->failed = true;
		return;
	}
	if (has_any(line->text, empty_words) || !str_trim(line->text).size) {
		if (!s->failed && !tell_labelled(s, NEAR_LINES, f))
			tell_last_words(s, f);
	} else if (s->marked < MARKED_MAX) {
		s->marked++;
		keep(&c.text, str_trim(line->text));
		c.judged = network_judge(line->text, &c.said);
		tell(&c, WEIGHT_HINT, f);
	}
	s->failed = true;
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;
	struct str text = line->text;

	s->now = line->number;
	if (line->mark != MARK_NONE) {
		s->runner = true;
		s->header = s->header && line->mark != MARK_ERROR;
		if (line->mark == MARK_ERROR)
			error_line(s, line, f);
		else if (line->mark == MARK_GROUP && str_starts(text, "Run "))
			begin_header(s);
		else if (line->mark == MARK_ENDGROUP)
			s->header = false;
		return AWAKE;
	}
	if (s->header)		/* the script and its settings are no output */
		return AWAKE;
	if (text.size && (text.at[0] <= ' ' || text.at[text.size - 1] <= ' '))
		text = str_trim(text);
	if (text.size > 16 && (text.at[0] == 'P' || text.at[0] == 'C') &&
	    (str_is(text, "Post job cleanup.") || str_is(text, "Cleaning up orphan processes"))) {
		begin_step(s);
		s->ended = true;
	}
	if (s->count)
		cause(s, text, line->number);
	words_line(s, text, line->number);
	if (text.size && text.at - line->text.at <= INDENT_MAX && has_label(text) &&
	    !has_any(text, empty_words))
		take(s, line);
	return AWAKE;
}

/* A log that breaks off in the middle of a step: what it says last may be why. */
static void end(void *state, struct findings *f)
{
	struct state *s = state;

	if (s->runner && !s->ended && !s->failed)
		(void)tell_labelled(s, CUT_LINES, f);
}

/* It sleeps never; the word is for whom reads the table. */
static const char *const wake[] = { "Process completed with exit code ", NULL };

static const struct reading examples[] = {
	{
		.name = "an action of which nobody has heard",
		.log = "##[group]Run shop/deploy@v2\n##[endgroup]\nconnecting\n"
		       "##[error]The basket is locked by another deployment\n",
		.expect = { .kind = KIND_UNKNOWN, .error_line = 4,
			    .message = "The basket is locked by another deployment" },
	},
	{
		.name = "a tool that labels its errors",
		.log = "##[group]Run tool check\ntool check\nshell: /usr/bin/bash -e {0}\n##[endgroup]\n"
		       "error: was only a try\n##[group]Run tool build\ntool build\n"
		       "shell: /usr/bin/bash -e {0}\n##[endgroup]\nreading\n"
		       "tool: error: no rule for basket\nstopping\n"
		       "##[error]Process completed with exit code 2.\n",
		.expect = { .kind = KIND_UNKNOWN, .error_line = 11,
			    .message = "tool: error: no rule for basket" },
	},
	{
		.name = "an error and its causes",
		.log = "error: Error while fetching the list from 'https://raw.githubusercontent.com/x'\n"
		       "  Caused by: Failed to download https://raw.githubusercontent.com/x\n"
		       "  Caused by: dns error\n##[error]Process completed with exit code 2.\n",
		.expect = { .kind = KIND_INFRA, .type = "DNS", .error_line = 1, .transient = true },
	},
	{
		.name = "a step that only talks",
		.log = "##[group]Run ./size.sh\n./size.sh\nshell: /usr/bin/bash -e {0}\n##[endgroup]\n"
		       "counting\n\nThis change has 3174 lines, which is more than 2000.\n"
		       "Please make it smaller.\n\n##[error]Process completed with exit code 1.\n",
		.expect = { .kind = KIND_UNKNOWN, .error_line = 7 },
	},
	{
		.name = "a step that says one line",
		.log = "##[group]Run ./stack.sh\n./stack.sh\nshell: /usr/bin/bash -e {0}\n##[endgroup]\n"
		       "counting\nToo many changes on top of each other; nothing is run.\n"
		       "##[error]Process completed with exit code 1.\n",
		.expect = { .kind = KIND_UNKNOWN, .error_line = 6 },
	},
	{
		.name = "a command that is not there",
		.log = "##[group]Run basket pack\nbasket pack\nshell: /usr/bin/bash -e {0}\n##[endgroup]\n"
		       "/home/runner/work/_temp/abc.sh: line 1: basket: command not found\n"
		       "##[error]Process completed with exit code 127.\n",
		.expect = { .kind = KIND_CONFIG, .type = "no such command", .error_line = 5 },
	},
	{
		.name = "a setting that only looks like an error",
		.log = "##[group]Run codecov/codecov-action@v4\nwith:\n  fail_ci_if_error: true\n##[endgroup]\n"
		       "uploading\n##[error]Process completed with exit code 1.\n",
		.expect = { .kind = KIND_UNKNOWN, .error_line = 5, .message = "uploading" },
	},
	{
		.name = "a step that complains and ends well",
		.log = "##[group]Run tool check\ntool check\nshell: /usr/bin/bash -e {0}\n##[endgroup]\n"
		       "error: was only a try\nCleaning up orphan processes\n",
		.nothing = true,
	},
	{0}
};

const struct reader reader_generic = {
	.name = "generic",
	.wake = wake,
	.restless = true,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};

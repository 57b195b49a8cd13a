/*
 * ShellCheck: its terminal form ("In a.sh line 7:" and carets below the source) and gcc's. Every finding
 * it prints fails the run, whatever its level. It mends nothing itself.
 */
#include "ci/fixer.h"

enum { FINDING_LINES_MAX = 12, IDLE_LINES_MAX = 40 };

struct state {
	struct tool_run run;
	struct kept file;		/* of the source line whose findings follow */
	unsigned long source_line, column;
	unsigned lines, idle;
	bool error;			/* one was of the weightiest level */
};

static const struct {
	const char *name;
	enum severity severity;
} levels[] = {
	{ "error", SEVERITY_ERROR }, { "warning", SEVERITY_WARNING }, { "info", SEVERITY_NOTE },
	{ "style", SEVERITY_NOTE }, { "note", SEVERITY_NOTE },
};

static void finish(struct state *s, struct findings *f)
{
	run_finish(&s->run, f, NULL);
	s->file.size = 0;
	s->error = false;
}

/* The first finding of the weightiest level stands for all. */
static void found(struct state *s, struct findings *f, const struct line *line,
		  const struct place *place, enum severity severity, struct str code,
		  struct str message)
{
	struct tool_run *run = &s->run;

	run->tool = "shellcheck";
	run->language = "shell";
	run->kind = KIND_LINT;
	if (severity == SEVERITY_ERROR && !s->error) {
		s->error = true;
		run->failing = false;
	}
	run_finding(run, f, line, place, severity, code, message, false);
	if (!run->failing) {		/* no error so far: the first of the others */
		run->failing = true;
		keep(&run->file, place->file);
		keep(&run->code, code);
		keep(&run->message, message);
		run->line = place->line;
		run->column = place->column;
		run->error_line = line->number;
	}
	s->idle = 0;
}

static bool is_code(struct str code)
{
	unsigned long number;

	return str_skip(&code, "SC") && code.size == 4 && str_number(code, &number);
}

/* "In a.sh line 7:" */
static bool head(struct state *s, const struct line *line)
{
	struct str text = line->text, file;
	unsigned long number;

	if (!str_skip(&text, "In ") || !str_chop(&text, ":") ||
	    !str_split_last(text, " line ", &file, &text) || !str_number(text, &number) || !file.size)
		return false;
	keep(&s->file, file);
	s->source_line = number;
	s->lines = s->idle = 0;
	return true;
}

/* "   ^-- SC2086 (info): Double quote to prevent globbing and word splitting." */
static bool caret(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = str_trim(line->text), code, level;
	struct place place = { kept_str(&s->file), s->source_line, str_indent(line->text) + 1 };
	enum severity severity = SEVERITY_WARNING;

	if (!str_skip(&text, "^"))
		return false;
	while (str_skip(&text, "-"))
		;
	(void)str_skip(&text, "^");
	if (!str_skip(&text, " ") || !str_split(text, ": ", &code, &text))
		return false;
	if (str_split(code, " (", &code, &level)) {
		str_chop(&level, ")");
		for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
			if (str_is(level, levels[i].name))
				severity = levels[i].severity;
	}
	if (!is_code(code))
		return false;
	found(s, f, line, &place, severity, code, text);
	return true;
}

/* "a.sh:7:4: error: Couldn't parse this test expression. [SC1073]" */
static bool gcc_form(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text, code;
	struct place place;
	size_t i;

	if (!str_ends(text, "]") || !place_take(&text, &place) || !str_skip(&text, ": ") ||
	    !str_split_last(text, " [", &text, &code) || !str_chop(&code, "]") || !is_code(code))
		return false;
	for (i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
		if (!str_skip(&text, levels[i].name) || !str_skip(&text, ": "))
			continue;
		found(s, f, line, &place, levels[i].severity, code, text);
		return true;
	}
	return false;
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;

	if (head(s, line) || gcc_form(s, line, f))
		return AWAKE;
	if (s->file.size && caret(s, line, f))
		return AWAKE;
	if (s->file.size && ++s->lines > FINDING_LINES_MAX)
		s->file.size = 0;
	if (++s->idle > IDLE_LINES_MAX || str_starts(line->text, "For more information:"))
		finish(s, f);
	return s->file.size || s->run.findings ? AWAKE : ASLEEP;
}

static void end(void *state, struct findings *f)
{
	finish(state, f);
}

static const char *const wake[] = { "^-- SC", "[SC1", "[SC2", "[SC3", "In ./", ".sh line ", ".bash line ",
	NULL };

static const char *const shop[] = { "s.sh", NULL };

static const struct reading examples[] = {
	{
		.name = "the terminal form",
		.files = shop,
		.log =
		"\n"
		"In s.sh line 7:\n"
		"if [ $y == ]; then :; fi\n"
		"^-- SC1009 (info): The mentioned syntax error was in this if expression.\n"
		"   ^-- SC1073 (error): Couldn't parse this test expression. Fix to allow more "
		"checks.\n"
		"        ^-- SC1027 (error): Expected another argument for this operator.\n"
		"\n"
		"For more information:\n",
		.expect = { .kind = KIND_LINT, .language = "shell", .tool = "shellcheck",
			    .type = "SC1073", .file = "s.sh", .line = 7, .error_line = 5,
			    .message = "Couldn't parse this test expression. Fix to allow more checks." },
	},
	{
		.name = "only a hint, which fails the run all the same",
		.files = shop,
		.log = "In s.sh line 2:\ncd $1\n   ^-- SC2086 (info): Double quote to prevent globbing "
		       "and word splitting.\n",
		.expect = { .kind = KIND_LINT, .type = "SC2086", .line = 2, .error_line = 3 },
	},
	{
		.name = "gcc's form",
		.files = shop,
		.log =
		"s.sh:7:1: note: The mentioned syntax error was in this if expression. [SC1009]\n"
		"s.sh:7:4: error: Couldn't parse this test expression. Fix to allow more checks. "
		"[SC1073]\n",
		.expect = { .kind = KIND_LINT, .tool = "shellcheck", .type = "SC1073", .file = "s.sh",
			    .line = 7, .error_line = 2 },
	},
	{
		.name = "words that look alike",
		.log = "In s.sh line 7:\nnothing is wrong\nran build.sh line by line\n",
		.nothing = true,
	},
	{0}
};

const struct reader reader_shellcheck = {
	.name = "shellcheck",
	.language = "shell",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};

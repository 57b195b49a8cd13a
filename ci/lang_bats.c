/*
 * bats-core: failed tests with the line that failed and what it printed, as TAP and as the pretty
 * formatter prints them. TAP of other programs is left alone: only bats says "in test file".
 */
#include "ci/trace.h"

enum { BODY_LINES_MAX = 60, SAY_LINES_MAX = 3 };

struct state {
	struct kept test, message;
	struct failure *failure;
	unsigned long first;
	unsigned lines, said;
	bool plan;			/* "1..6" came, and only its tests since */
	bool bats;			/* it was bats' */
	unsigned long passed, failed, skipped;
};

static void count(struct state *s, struct findings *f)
{
	if (s->bats && s->failed)
		findings_counts(f, s->passed + s->failed + s->skipped, s->passed, s->failed, s->skipped);
	s->plan = s->bats = false;
	s->passed = s->failed = s->skipped = 0;
}

/* "not ok 1 adds two", " \u2717 adds two" */
static bool head(struct state *s, const struct line *line)
{
	struct str text = line->text, name;
	unsigned long number;

	if (str_skip(&text, "not ok ")) {
		if (!str_take_number(&text, &number) || !str_skip(&text, " ") || str_starts(text, "- "))
			return false;
		s->failed++;
	} else if (!str_split(text, "\xe2\x9c\x97 ", &name, &text) || str_trim(name).size > 200) {
		return false;
	}
	(void)str_split(text, " # ", &text, NULL);
	keep(&s->test, str_trim(text));
	s->failure = NULL;
	s->first = line->number;
	s->lines = s->said = 0;
	s->message.size = 0;
	return true;
}

/* "(in test file a.bats, line 5)", "(from function `helper' in file a.bats, line 2," */
static bool take_place(struct str text, struct place *place, struct str *function)
{
	struct str before;

	if (!str_split(text, "file ", &before, &text) ||
	    !str_split(text, ", line ", &place->file, &text) || !str_take_number(&text, &place->line))
		return false;
	*function = STR_NONE;
	if (str_split(before, "from function `", NULL, &before))
		(void)str_split(before, "'", function, NULL);
	return true;
}

static void begin(struct state *s, struct findings *f)
{
	if (s->failure)
		return;
	s->failure = findings_failure(f, KIND_ASSERTION, WEIGHT_FAILURE, s->first);
	s->failure->language = "shell";
	s->failure->tool = "bats";
	s->failure->test = findings_text(s->failure, kept_str(&s->test));
	findings_framework(f, "bats");
	findings_test_failed(f, kept_str(&s->test));
	s->bats = true;
}

static void say(struct state *s, const struct line *line, struct str text)
{
	struct kept *all = &s->message;

	if (!s->failure || !text.size || s->said >= SAY_LINES_MAX)
		return;
	if (!s->said++)
		s->failure->error_line = line->number;
	else if (all->size < sizeof(all->at))
		all->at[all->size++] = '\n';
	for (size_t i = 0; i < text.size && all->size < sizeof(all->at); i++)
		all->at[all->size++] = text.at[i];
	s->failure->message = findings_text(s->failure, kept_str(all));
	s->failure->last_line = line->number;
}

/* The lines below a failed test's name. */
static bool body(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text, function, type;
	struct place place = {0};

	if (++s->lines > BODY_LINES_MAX || (!str_skip(&text, "#") && !str_starts(text, "  ")))
		return false;
	text = str_trim(text);
	if ((str_starts(text, "(") || str_starts(text, "from function `") ||
	     str_starts(text, "in test file ")) && take_place(text, &place, &function)) {
		begin(s, f);
		trace_frame(s->failure, &place, function);
		if (str_has(text, "in test file ")) {
			place_set(s->failure, &place);
			trace_turn(s->failure);
		}
		return true;
	}
	if (str_starts(text, "bats_load_safe: ") || str_has(text, ".bats: line ")) {
		begin(s, f);
		if (!s->failure->file && s->failure->frame_count == 0 && !s->said)
			s->failure->kind = str_has(text, "syntax error") ? KIND_COMPILE : KIND_CONFIG;
	}
	if (str_starts(text, "`") && str_split(text, "' failed", &type, NULL) && str_skip(&type, "`"))
		s->lines = 0;
	say(s, line, text);
	return true;
}

/* "6 tests, 4 failures, 1 skipped" at the end of the pretty form */
static bool pretty_counts(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text;
	unsigned long run, failed, skipped = 0;

	if (!s->bats || !str_take_number(&text, &run) || !str_skip(&text, " test"))
		return false;
	(void)str_skip(&text, "s");
	if (!str_skip(&text, ", ") || !str_take_number(&text, &failed) || !str_skip(&text, " failure"))
		return false;
	(void)str_skip(&text, "s");
	if (str_skip(&text, ", "))
		(void)str_take_number(&text, &skipped);
	if (failed + skipped <= run)
		findings_counts(f, run, run - failed - skipped, failed, skipped);
	s->bats = false;
	s->failed = 0;
	return true;
}

static bool tap_line(struct state *s, const struct line *line)
{
	struct str text = line->text;
	unsigned long number;

	if (str_starts(text, "1..") && str_number(str_from(text, 3), &number)) {
		s->plan = true;
		return true;
	}
	if (!s->plan)
		return false;
	if (!str_skip(&text, "ok "))
		return str_starts(text, "#");
	if (str_has(text, " # skip"))
		s->skipped++;
	else
		s->passed++;
	return true;
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;

	if (head(s, line) || (s->test.size && body(s, line, f)))
		return AWAKE;
	s->test.size = 0;
	s->failure = NULL;
	if (tap_line(s, line))
		return AWAKE;
	if (!pretty_counts(s, line, f) && s->plan)
		count(s, f);
	return ASLEEP;
}

static void end(void *state, struct findings *f)
{
	struct state *s = state;

	if (s->plan)
		count(s, f);
}

static const char *const wake[] = { "not ok ", "\xe2\x9c\x97 ", "1..1", "1..2", "1..3", "1..4",
	"1..5", "1..6", "1..7", "1..8", "1..9", " tests, ", " test, ", NULL };

static const char *const shop[] = { "test/a.bats", NULL };

static const struct reading examples[] = {
	{
		.name = "TAP",
		.files = shop,
		.log =
		"1..6\n"
		"not ok 1 adds two\n"
		"# (in test file test/a.bats, line 5)\n"
		"#   `[ \"$output\" = 6 ]' failed\n"
		"ok 2 fine\n"
		"not ok 3 calls a helper\n"
		"# (from function `helper' in file test/a.bats, line 2,\n"
		"#  in test file test/a.bats, line 9)\n"
		"#   `helper y' failed\n"
		"ok 4 later # skip not yet\n"
		"not ok 6 status\n"
		"# (in test file test/a.bats, line 16)\n"
		"#   `nope_command' failed with status 127\n"
		"# /src/test/a.bats: line 16: nope_command: command not found\n",
		.expect = { .kind = KIND_ASSERTION, .language = "shell", .tool = "bats",
			    .test = "adds two", .message = "`[ \"$output\" = 6 ]' failed",
			    .file = "test/a.bats", .line = 5, .error_line = 4 },
		.run = 5, .failed = 3,
	},
	{
		.name = "a helper",
		.files = shop,
		.log =
		"not ok 3 calls a helper\n"
		"# (from function `helper' in file test/a.bats, line 2,\n"
		"#  in test file test/a.bats, line 9)\n"
		"#   `helper y' failed\n",
		.expect = { .kind = KIND_ASSERTION, .tool = "bats", .test = "calls a helper",
			    .file = "test/a.bats", .line = 9, .message = "`helper y' failed" },
	},
	{
		.name = "the pretty form",
		.files = shop,
		.log =
		"a.bats\n"
		" \xe2\x9c\x97 adds two\n"
		"   (in test file test/a.bats, line 5)\n"
		"     `[ \"$output\" = 6 ]' failed\n"
		" \xe2\x9c\x93 fine\n"
		"\n"
		"2 tests, 1 failure\n"
		"\n",
		.expect = { .kind = KIND_ASSERTION, .tool = "bats", .test = "adds two", .line = 5,
			    .file = "test/a.bats", .error_line = 4 },
	},
	{
		.name = "a syntax error",
		.files = shop,
		.log =
		"1..1\n"
		"not ok 1 setup_file failed\n"
		"# /src/test/a.bats: line 3: syntax error near unexpected token `}'\n",
		.expect = { .kind = KIND_COMPILE, .tool = "bats", .test = "setup_file failed",
			    .error_line = 3 },
	},
	{
		.name = "all is well, and another's counts",
		.log = "1..2\nok 1 fine\nok 2 fine too\n3 tests, 0 failures\n \xe2\x9c\x97 is a cross\n",
		.nothing = true,
	},
	{0}
};

const struct reader reader_bats = {
	.name = "bats",
	.language = "shell",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};

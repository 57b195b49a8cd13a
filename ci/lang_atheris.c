/*
 * Python under a fuzzer: Atheris, which prints the exception before its traceback, and PySecSan,
 * which prints a stack for a call that an attacker could steer. Ordinary tracebacks are read
 * elsewhere.
 */
#include "ci/trace.h"

enum { WAIT_LINES_MAX = 20, STACK_LINES_MAX = 300 };
enum stage { STAGE_NONE, STAGE_EXCEPTION, STAGE_WAIT, STAGE_STACK };

struct state {
	enum stage stage;
	struct failure *failure;
	unsigned long first, last;
	unsigned lines;
};

static void begin(struct state *s, struct findings *f, const struct line *line, const char *tool)
{
	/* One more: the traceback alone, read by others, has no exception at its end. */
	s->failure = findings_failure(f, KIND_EXCEPTION, WEIGHT_TRACE + 1, line->number);
	s->failure->language = "python";
	s->failure->tool = tool;
	s->first = s->last = line->number;
	s->lines = 0;
}

static bool header(struct state *s, struct findings *f, const struct line *line)
{
	struct str text = str_trim(line->text);

	if (str_is(text, "=== Uncaught Python exception: ===")) {
		begin(s, f, line, "atheris");
		s->failure->type = "uncaught exception";
		s->stage = STAGE_EXCEPTION;
		return true;
	}
	if (!str_skip(&text, "===BUG DETECTED: ") || !str_chop(&text, "===") ||
	    !str_starts(text, "PySecSan: "))
		return false;
	begin(s, f, line, "PySecSan");
	s->failure->type = findings_text(s->failure, str_trim(text));
	s->stage = STAGE_WAIT;
	return true;
}

/* "ValueError: math domain error" */
static void exception(struct state *s, const struct line *line)
{
	struct str type = line->text, message = STR_NONE;

	(void)str_split(line->text, ": ", &type, &message);
	if (type.size && str_char(type, ' ') < 0) {
		s->failure->type = findings_text(s->failure, type);
		s->failure->message = findings_text(s->failure, message);
		s->failure->error_line = line->number;
	}
	s->stage = STAGE_WAIT;
}

/* "  File "/src/cart.py", line 4, in check" */
static bool frame(struct state *s, struct str text)
{
	struct place place = {0};

	text = str_trim(text);
	if (!str_skip(&text, "File \"") || !str_split(text, "\", line ", &place.file, &text) ||
	    !str_take_number(&text, &place.line))
		return false;
	(void)str_skip(&text, ", in ");
	if (!str_has(place.file, "pysecsan/") && !str_has(place.file, "atheris/"))
		trace_frame(s->failure, &place, text);
	return true;
}

static void finish(struct state *s, struct findings *f)
{
	if (s->stage == STAGE_NONE)
		return;
	s->failure->last_line = s->last;
	if (s->failure->frame_count)
		findings_block(f, "python", s->first, s->last);
	s->stage = STAGE_NONE;
}

static bool inside(struct state *s, const struct line *line)
{
	if (++s->lines > (s->stage == STAGE_STACK ? (unsigned)STACK_LINES_MAX : (unsigned)WAIT_LINES_MAX))
		return false;
	if (s->stage == STAGE_EXCEPTION) {
		exception(s, line);
	} else if (frame(s, line->text)) {
		s->stage = STAGE_STACK;
	} else if (s->stage == STAGE_WAIT) {
		if (!s->failure->message && str_starts(line->text, "[PYSECSAN] ") &&
		    !str_has(line->text, "Stacktrace"))
			s->failure->message = findings_text(s->failure, str_from(line->text, 11));
	} else if (!str_starts(line->text, "    ")) {
		return false;		/* not the source of a frame */
	}
	s->last = line->number;
	return true;
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;

	if (s->stage != STAGE_NONE) {
		if (inside(s, line))
			return AWAKE;
		finish(s, f);
	}
	return header(s, f, line) ? AWAKE : ASLEEP;
}

static void end(void *state, struct findings *f)
{
	finish(state, f);
}

static const char *const wake[] = { "=== Uncaught Python exception: ===",
	"===BUG DETECTED: PySecSan: ",
	NULL };

static const char *const shop[] = { "fuzz_cart.py", "cart/check.py", NULL };

static const struct reading examples[] = {
	{
		.name = "Atheris",
		.files = shop,
		.log =
		" === Uncaught Python exception: ===\n"
		"RuntimeError: Input is too long\n"
		"Traceback (most recent call last):\n"
		"  File \"/src/fuzz_cart.py\", line 12, in TestOneInput\n"
		"    check(data)\n"
		"  File \"/src/cart/check.py\", line 4, in check\n"
		"    raise RuntimeError(\"Input is too long\")\n"
		"\n"
		"==123== ERROR: libFuzzer: fuzz target exited\n"
		"SUMMARY: libFuzzer: fuzz target exited\n",
		.expect = { .kind = KIND_EXCEPTION, .language = "python", .tool = "atheris",
			    .type = "RuntimeError", .message = "Input is too long",
			    .file = "cart/check.py", .line = 4, .function = "check", .error_line = 2 },
	},
	{
		.name = "PySecSan",
		.files = shop,
		.log =
		"===BUG DETECTED: PySecSan: Command injection ===\n"
		"[PYSECSAN] code injection by way of os.system\n"
		"[PYSECSAN] Stacktrace:\n"
		"  File \"/src/fuzz_cart.py\", line 30, in <module>\n"
		"  File \"/src/cart/check.py\", line 9, in list_carts\n"
		"  File \"/usr/lib/python3/dist-packages/pysecsan/sanlib.py\", line 178, in run\n"
		"[PYSECSAN] Exiting\n",
		.expect = { .kind = KIND_EXCEPTION, .tool = "PySecSan",
			    .type = "PySecSan: Command injection",
			    .message = "code injection by way of os.system", .file = "cart/check.py",
			    .line = 9, .function = "list_carts", .error_line = 1 },
	},
	{0}
};

const struct reader reader_atheris = {
	.name = "atheris",
	.language = "python",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};

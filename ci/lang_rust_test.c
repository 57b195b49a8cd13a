/*
 * Rust at run time: panics in their three formats (up to 1.72 with the message in quotes, from
 * 1.73 on the next line, from 2025 with a thread number) with their backtraces, and the results of
 * cargo test.
 */
#include "ci/frame.h"
#include "ci/sanitizer.h"

enum { BACKTRACE_LINES_MAX = 400, CATCHER_LINES_MAX = 40 };
enum stage { STAGE_NONE, STAGE_MESSAGE, STAGE_BACKTRACE, STAGE_AFTER, STAGE_CAUGHT };

struct state {
	enum stage stage;
	struct failure *failure;
	struct kept function;
	unsigned long first, last;
	unsigned lines;
	bool caught;			/* the frames are a sanitizer's or a fuzzer's */
	bool counted;
};

static enum kind kind_of(struct str message)
{
	return str_starts(message, "assertion ") || str_starts(message, "assertion failed") ?
	       KIND_ASSERTION : KIND_EXCEPTION;
}

/*
 * "thread 'tests::adds' (8377) panicked at src/lib.rs:15:9:" and "... panicked at 'oops',
 * src/x.rs:2:5"
 */
static bool panic_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text, thread, rest, message = STR_NONE;
	struct place place;
	struct failure *failure;
	bool newer;

	(void)str_split(text, "thread '", NULL, &text);
	if (text.at == line->text.at || !str_split(text, "' ", &thread, &rest))
		return false;
	if (str_starts(rest, "("))
		(void)str_split(rest, ") ", NULL, &rest);
	if (!str_skip(&rest, "panicked at "))
		return false;
	newer = place_take(&rest, &place) && str_is(rest, ":");
	if (!newer) {
		struct str where = STR_NONE;

		rest = str_from(line->text, (size_t)(str_find(line->text, STR("panicked at ")) + 12));
		if (str_split_last(rest, ", ", &message, &where) && place_take(&where, &place)) {
			(void)(str_skip(&message, "'") && str_chop(&message, "'"));
		} else {
			place = (struct place){0};
			message = rest;
		}
	}
	failure = findings_failure(f, kind_of(message), WEIGHT_TRACE, line->number);
	failure->language = "rust";
	failure->tool = str_is(thread, "main") ? "rust" : "cargo test";
	failure->type = "panic";
	if (!str_is(thread, "main") && !str_is(thread, "<unnamed>"))
		failure->test = findings_text(failure, thread);
	failure->message = findings_text(failure, message);
	trace_frame(failure, &place, STR_NONE);
	s->failure = failure;
	s->first = s->last = line->number;
	s->lines = 0;
	s->caught = false;
	s->stage = newer ? STAGE_MESSAGE : STAGE_BACKTRACE;
	return true;
}

/* "thread 'main' (12) has overflowed its stack" */
static bool overflow_line(const struct line *line, struct findings *f)
{
	struct str text = line->text, thread;
	struct failure *failure;

	if (!str_ends(text, " has overflowed its stack") || !str_split(text, "thread '", NULL, &text) ||
	    !str_split(text, "'", &thread, NULL))
		return false;
	failure = findings_failure(f, KIND_EXCEPTION, WEIGHT_TRACE, line->number);
	failure->language = "rust";
	failure->tool = str_is(thread, "main") ? "rust" : "cargo test";
	failure->type = "stack-overflow";
	failure->message = findings_text(failure, line->text);
	if (!str_is(thread, "main") && !str_is(thread, "<unknown>"))
		failure->test = findings_text(failure, thread);
	return true;
}

static void finish(struct state *s, struct findings *f)
{
	if (s->stage == STAGE_NONE)
		return;
	if (s->caught) {
		frame_settle(s->failure, false);
		trace_turn(s->failure);
	}
	/* The headline has the best frame, unless the backtrace has it with its function. */
	if (s->failure->frame_count > 1)
		memmove(s->failure->frames, s->failure->frames + 1,
			sizeof(struct frame) * --s->failure->frame_count);
	trace_turn(s->failure);
	s->failure->last_line = s->last;
	findings_block(f, "rust", s->first, s->last);
	s->stage = STAGE_NONE;
}

/* "   3: shop::first" and below it "             at ./src/lib.rs:2:5" */
static bool backtrace_line(struct state *s, const struct line *line)
{
	struct str text = str_trim(line->text);
	struct place place;
	unsigned long number;

	if (str_starts(text, "note: ") || str_is(text, "stack backtrace:") ||
	    str_starts(text, "left: ") || str_starts(text, "right: ")) {
		s->last = line->number;
		return true;
	}
	if (!str_indent(line->text))
		return s->lines < 3 && text.size && !str_starts(text, "thread ") &&
		       !str_starts(text, "test ") && !str_starts(text, "error");
	if (str_skip(&text, "at ") && place_take(&text, &place)) {
		trace_frame(s->failure, &place, kept_str(&s->function));
	} else if (str_take_number(&text, &number) && str_skip(&text, ": ")) {
		text = str_trim(text);
		if (str_starts(text, "0x"))
			(void)str_split(text, " - ", NULL, &text);
		frame_name(text, &s->function);
	}
	s->last = line->number;
	return true;
}

/*
 * A panic that has printed no backtrace, in a fuzz target: the sanitizer or libFuzzer that catches
 * the abort prints the stack.
 */
static bool catcher_line(struct state *s, const struct line *line)
{
	struct stack_frame frame;
	struct headline headline;

	if (s->stage == STAGE_BACKTRACE && s->failure->frame_count < 2) {
		s->stage = STAGE_AFTER;
		s->lines = 0;
	}
	if (s->stage == STAGE_AFTER && sanitizer_headline(line->text, &headline)) {
		s->stage = STAGE_CAUGHT;
		return headline.fault == FAULT_SELF;
	}
	if (s->stage == STAGE_CAUGHT && frame_take(line->text, &frame)) {
		s->caught = true;
		s->last = line->number;
		frame_add(s->failure, &frame);
		return ++s->lines < BACKTRACE_LINES_MAX;
	}
	return (s->stage == STAGE_AFTER || s->stage == STAGE_CAUGHT) && !s->caught &&
	       ++s->lines < CATCHER_LINES_MAX && !str_starts(line->text, "test ");
}

/* "test tests::adds ... FAILED", "test result: FAILED. 1 passed; 3 failed; 1 ignored; ..." */
static void result_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text, name, piece;
	unsigned long counts[3] = {0}, n;
	static const char *const words[] = { " passed", " failed", " ignored" };

	if (!str_skip(&text, "test "))
		return;
	if (str_ends(text, " ... FAILED") && str_split_last(text, " ... ", &name, NULL)) {
		findings_framework(f, "cargo test");
		findings_test_failed(f, name);
		return;
	}
	if (!str_skip(&text, "result: ") || !str_split(text, ". ", NULL, &text))
		return;
	while (str_next(&text, ';', &piece)) {
		piece = str_trim(piece);
		if (!str_take_number(&piece, &n))
			continue;
		for (size_t i = 0; i < 3; i++)
			if (str_is(piece, words[i]))
				counts[i] = n;
	}
	findings_framework(f, "cargo test");
	findings_counts(f, counts[0] + counts[1], counts[0], counts[1], counts[2]);
	s->counted = true;
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;
	bool starts = str_has(line->text, "panicked at ");

	if (s->stage == STAGE_MESSAGE && !starts) {
		s->failure->message = findings_text(s->failure, str_trim(line->text));
		s->failure->kind = kind_of(line->text);
		s->failure->error_line = s->last = line->number;
		s->stage = STAGE_BACKTRACE;
		return AWAKE;
	}
	if (s->stage == STAGE_BACKTRACE && !starts && ++s->lines < BACKTRACE_LINES_MAX &&
	    backtrace_line(s, line))
		return AWAKE;
	if (s->stage >= STAGE_BACKTRACE && !starts && catcher_line(s, line))
		return AWAKE;
	finish(s, f);
	if (starts && panic_line(s, line, f))
		return AWAKE;
	if (overflow_line(line, f))
		return ASLEEP;
	result_line(s, line, f);
	return ASLEEP;
}

static void end(void *state, struct findings *f)
{
	finish(state, f);
}

static const char *const wake[] = { "panicked at ", " has overflowed its stack", " ... FAILED",
	"test result: ", NULL };

static const char *const shop[] = { "src/lib.rs", "config/src/utils.rs", NULL };

static const struct reading examples[] = {
	{
		.name = "an assertion, no backtrace",
		.files = shop,
		.log =
		"running 1 test\n"
		"test tests::adds ... FAILED\n"
		"\n"
		"failures:\n"
		"\n"
		"---- tests::adds stdout ----\n"
		"\n"
		"thread 'tests::adds' (17583) panicked at src/lib.rs:15:9:\n"
		"assertion `left == right` failed: the first price\n"
		"  left: 2\n"
		" right: 3\n"
		"note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace\n"
		"\n"
		"\n"
		"failures:\n"
		"    tests::adds\n"
		"\n"
		"test result: FAILED. 0 passed; 1 failed; 0 ignored; 0 measured; 4 filtered out; "
		"finished in 0.00s\n",
		.expect = { .kind = KIND_ASSERTION, .language = "rust", .tool = "cargo test",
			    .type = "panic", .test = "tests::adds", .file = "src/lib.rs", .line = 15,
			    .message = "assertion `left == right` failed: the first price",
			    .error_line = 9 },
	},
	{
		.name = "a backtrace",
		.files = shop,
		.log =
		"thread 'tests::parses' (8380) panicked at src/lib.rs:6:25:\n"
		"called `Result::unwrap()` on an `Err` value: ParseIntError { kind: InvalidDigit "
		"}\n"
		"stack backtrace:\n"
		"   0: __rustc::rust_begin_unwind\n"
		"             at /rustc/59807616e1fa2540724bfbac14d7976d7e4a3860/library/std/src/p"
		"anicking.rs:689:5\n"
		"   1: core::panicking::panic_fmt\n"
		"             at /rustc/59807616e1fa2540724bfbac14d7976d7e4a3860/library/core/src/"
		"panicking.rs:80:14\n"
		"   2: core::result::unwrap_failed\n"
		"             at /rustc/59807616e1fa2540724bfbac14d7976d7e4a3860/library/core/src/"
		"result.rs:1867:5\n"
		"   3: core::result::Result<T,E>::unwrap\n"
		"             at /rustc/59807616e1fa2540724bfbac14d7976d7e4a3860/library/core/src/"
		"result.rs:1233:23\n"
		"   4: shop::parse\n"
		"             at ./src/lib.rs:6:25\n"
		"   5: shop::tests::parses\n"
		"             at ./src/lib.rs:25:20\n"
		"   6: shop::tests::parses::{{closure}}\n"
		"             at ./src/lib.rs:24:16\n"
		"   7: core::ops::function::FnOnce::call_once\n"
		"             at /rustc/59807616e1fa2540724bfbac14d7976d7e4a3860/library/core/src/"
		"ops/function.rs:250:5\n"
		"   8: <fn() -> core::result::Result<(), alloc::string::String> as "
		"core::ops::function::FnOnce<()>>::call_once\n"
		"             at /rustc/59807616e1fa2540724bfbac14d7976d7e4a3860/library/core/src/"
		"ops/function.rs:250:5\n"
		"note: Some details are omitted, run with `RUST_BACKTRACE=full` for a verbose "
		"backtrace.\n",
		.expect = { .kind = KIND_EXCEPTION, .test = "tests::parses", .file = "src/lib.rs",
			    .line = 6, .function = "shop::parse", .error_line = 2 },
	},
	{
		.name = "before 1.73",
		.files = shop,
		.log = "thread '<unnamed>' panicked at 'Error: could not find an available port', "
		       "config/src/utils.rs:27:5\n"
		       "note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace\n",
		.expect = { .kind = KIND_EXCEPTION, .type = "panic", .file = "config/src/utils.rs",
			    .line = 27, .message = "Error: could not find an available port",
			    .error_line = 1 },
	},
	{
		.name = "from 1.73",
		.files = shop,
		.log = "thread 'main' panicked at src/lib.rs:2:5:\nindex out of bounds: the len is 0 but "
		       "the index is 0\nnote: run with `RUST_BACKTRACE=1` environment variable to display "
		       "a backtrace\n",
		.expect = { .kind = KIND_EXCEPTION, .tool = "rust", .file = "src/lib.rs", .line = 2,
			    .message = "index out of bounds: the len is 0 but the index is 0",
			    .error_line = 2 },
	},
	{
		.name = "names and counts",
		.log = "running 2 tests\ntest tests::adds ... FAILED\ntest tests::fine ... ok\n\n"
		       "thread 'tests::adds' (8377) panicked at src/lib.rs:15:9:\nno\n\n"
		       "test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; "
		       "finished in 0.12s\n",
		.expect = { .kind = KIND_EXCEPTION, .test = "tests::adds" },
		.run = 2, .failed = 1,
	},
	{0}
};

const struct reader reader_rust_test = {
	.name = "rust_test",
	.language = "rust",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};

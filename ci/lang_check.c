/*
 * Native programs that end themselves and say why: assertions, CHECKs, fatal log lines, limits of
 * fuzzers. The frames are those of the stack that follows: the program's own, or better the one that a
 * sanitizer prints when it catches the abort. Heap checks of libc and plain signals are read elsewhere.
 */
#include "ci/check.h"
#include "ci/frame.h"
#include "ci/sanitizer.h"

enum { WAIT_LINES_MAX = 300, STACK_LINES_MAX = 600, QUIET_LINES_MAX = 80 };
enum stage { STAGE_NONE, STAGE_SAID, STAGE_STACK, STAGE_AFTER };

struct state {
	enum stage stage;
	struct failure *failure;
	struct check check;		/* its texts are not kept beyond their line */
	unsigned long first, last;
	unsigned lines, quiet;
	bool caught;			/* the sanitizer's stack is being read: the best there will be */
};

/*
 * assert() names its function in full where the compiler can: "int shop::{anonymous}::add(T, int) [with T
 * = int]" is shop::add.
 */
static void name_function(struct failure *failure, struct str function)
{
	struct kept name;
	struct str text;

	frame_name(function, &name);
	text = kept_str(&name);
	if (str_char(function, '(') >= 0)
		for (size_t i = text.size, depth = 0; i-- > 0;) {
			depth += text.at[i] == '>';
			depth -= text.at[i] == '<' && depth;
			if (text.at[i] == ' ' && !depth && !str_ends(str_slice(text, 0, i), "operator")) {
				text = str_from(text, i + 1);
				break;
			}
		}
	while (str_skip(&text, "*") || str_skip(&text, "&"))
		;
	failure->function = findings_text(failure, text);
}

static void tell(struct state *s)
{
	struct failure *failure = s->failure;

	failure->kind = s->check.kind;
	failure->type = s->check.type;
	failure->message = findings_text(failure, str_trim(s->check.message));
}

static bool begin(struct state *s, struct findings *f, const struct line *line)
{
	struct failure *failure;

	if (!check_take(line->text, &s->check))
		return false;
	failure = s->failure = findings_failure(f, s->check.kind, WEIGHT_TRACE, line->number);
	failure->language = place_ends(s->check.place.file, ".go") ? "go" :
			    place_ends(s->check.place.file, ".c .h") ? "c" : "c++";
	failure->tool = s->check.tool;
	tell(s);
	if (s->check.place.file.size)
		place_set(failure, &s->check.place);
	name_function(failure, s->check.function);
	s->first = s->last = line->number;
	s->lines = s->quiet = 0;
	s->caught = false;
	s->stage = STAGE_SAID;
	return true;
}

/* A check tells file and line; a stack without files knows the function. */
static void name_by_frame(struct failure *failure)
{
	const struct frame *innermost;

	if (!failure->frame_count || failure->function || !failure->file)
		return;
	innermost = &failure->frames[failure->frame_count - 1];
	if (!innermost->file && frame_is_cause(str_of(innermost->function), STR_NONE))
		failure->function = innermost->function;
}

static void finish(struct state *s, struct findings *f)
{
	if (s->stage == STAGE_NONE)
		return;
	s->failure->last_line = s->last;
	frame_settle(s->failure, false);
	name_by_frame(s->failure);
	if (s->failure->frame_count)
		findings_block(f, s->failure->language, s->first, s->last);
	s->stage = STAGE_NONE;
}

/* The line after the check has its reason or its place. */
static bool follow(struct state *s, const struct line *line)
{
	struct str text = line->text, function = STR_NONE, number;
	struct place place = {0};

	if (s->lines != 1)
		return false;
	if (s->check.next == CHECK_REASON_FOLLOWS && check_take_reason(text, &s->check)) {
		tell(s);
		s->failure->error_line = s->last = line->number;
		return true;
	}
	if (s->check.next != CHECK_PLACE_FOLLOWS || !str_split(text, ") : ", &text, &function) ||
	    !str_split_last(text, "(", &place.file, &number) || !str_number(number, &place.line))
		return false;
	place_set(s->failure, &place);
	name_function(s->failure, function);
	s->last = line->number;
	return true;
}

/* Whether the sanitizer tells of the end that the program made itself. */
static bool is_own_end(const struct state *s, const struct headline *headline)
{
	return headline->fault == FAULT_SELF ||
	       (headline->fault == FAULT_ADDRESS && s->check.last_word);
}

/*
 * A line behind the check. Other output may stand between it and a stack, but not much; what the
 * sanitizer prints replaces the program's own stack, which often has no names.
 */
static bool inside(struct state *s, const struct line *line)
{
	struct headline headline;
	struct stack_frame frame;

	if (++s->lines > (s->stage == STAGE_SAID ? (unsigned)WAIT_LINES_MAX : (unsigned)STACK_LINES_MAX))
		return false;
	if (follow(s, line))
		return true;
	if (frame_take(line->text, &frame)) {
		if (s->stage == STAGE_AFTER)
			return !s->caught;
		s->stage = STAGE_STACK;
		frame_add(s->failure, &frame);
		s->last = line->number;
		s->quiet = 0;
		return true;
	}
	if (s->stage == STAGE_STACK)
		s->stage = STAGE_AFTER;
	if (!s->caught && sanitizer_headline(line->text, &headline)) {
		if (!is_own_end(s, &headline))
			return false;
		s->caught = true;
		s->stage = STAGE_SAID;
		s->failure->frame_count = 0;
		s->quiet = 0;
		return true;
	}
	return !(s->caught && s->stage == STAGE_AFTER) && ++s->quiet < QUIET_LINES_MAX;
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;

	if (s->stage != STAGE_NONE) {
		struct check next;
		bool other = s->lines > 1 && check_take(line->text, &next) &&
			     !str_is(line->text, "*** Check failure stack trace: ***");

		if (!other && inside(s, line))
			return AWAKE;
		finish(s, f);
	}
	return begin(s, f, line) ? AWAKE : ASLEEP;
}

static void end(void *state, struct findings *f)
{
	finish(state, f);
}

static const char *const wake[] = { ": Assertion `", ": Assertion '", "Assertion failed: ",
	": assertion ", "assertion \"", ":FATAL:", "[FATAL:", "] Check failed: ", "] CHECK failed: ",
	"] DCHECK failed: ", "] assertion failed: ", "[critical][assert] ", "# Fatal error in ",
	"ASSERTION FAILED: ", "ASSERT: ", "ASSERT failure in ", "Assertion failure: ", "TRAP: failed Assert(",
	"TRAP: FailedAssertion(", "UNREACHABLE executed at ", " limit exceeded: ", " timeout exceeded: ",
	"= Timeout of ", "===BUG DETECTED: ", ": code should not be reached", ": _LIBCPP_ASSERT ", "ERROR **: ",
	" Must be non NULL", "*** Check failure stack trace: ***", NULL };

static const char *const shop[] = { "f.c", NULL };

static const struct reading examples[] = {
	{
		.name = "assert",
		.files = shop,
		.log =
		"f: f.c:2: main: Assertion `c > 3 && \"need three\"' failed.\n"
		"bash: line 83:  8062 Aborted                 ./f\n",
		.expect = { .kind = KIND_ASSERTION, .language = "c", .tool = "libc", .type = "assert",
			    .message = "c > 3 && \"need three\"", .file = "f.c", .line = 2,
			    .function = "main", .error_line = 1 },
	},
	{0}
};

const struct reader reader_check = {
	.name = "check",
	.language = "c++",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};

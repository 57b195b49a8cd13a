/*
 * Valgrind: memcheck's errors and leaks, helgrind's and drd's races. The frames are those of the first
 * stack: where it happened, not where the memory came from. What is still reachable at the end is no
 * failure.
 */
#include "ci/trace.h"

enum { RECORD_LINES_MAX = 200, STRANGERS_MAX = 4 };

struct state {
	struct failure *failure;
	unsigned long pid, first, last;
	unsigned lines, strangers;
	bool ended;			/* the first stack is complete */
};

static const struct {
	const char *start, *type;
	bool leak;
} records[] = {
	{ "Invalid read of size ", "invalid read", false },
	{ "Invalid write of size ", "invalid write", false },
	{ "Invalid free() ", "invalid free", false },
	{ "Mismatched free() ", "mismatched free", false },
	{ "Conditional jump or move depends on uninitialised value", "uninitialised value", false },
	{ "Use of uninitialised value of size ", "uninitialised value", false },
	{ "Syscall param ", "uninitialised value", false },
	{ "Source and destination overlap in ", "overlap", false },
	{ "Argument ", "invalid argument", false },
	{ "Jump to the invalid address ", "invalid jump", false },
	{ "Process terminating with default action of signal ", "signal", false },
	{ "Possible data race during ", "data race", false },
	{ "Conflicting ", "data race", false },
	{ "Thread #", "lock order violated", false },
	{ "", "leak", true },
};

/* "==8754== text"; the runner or a test's own prefix may stand before it. */
static bool take_prefix(struct str *text, unsigned long *pid)
{
	struct str rest = *text;

	if (!str_skip(&rest, "==") || !str_take_number(&rest, pid) || !str_skip(&rest, "=="))
		return false;
	(void)str_skip(&rest, " ");
	*text = rest;
	return true;
}

/* "40 bytes in 1 blocks are definitely lost in loss record 1 of 1" */
static bool is_leak(struct str text)
{
	return str_has(text, " lost in loss record ") && text.size && text.at[0] >= '0' &&
	       text.at[0] <= '9';
}

static bool is_record(struct str text, size_t *found)
{
	size_t i = 0;

	while (*records[i].start && !str_starts(text, records[i].start))
		i++;
	if (records[i].leak && !is_leak(text))
		return false;
	if (str_starts(text, "Thread #") && !str_has(text, "lock order "))
		return false;
	if (str_starts(text, "Argument ") && !str_has(text, " has a fishy "))
		return false;
	*found = i;
	return true;
}

static void finish(struct state *s, struct findings *f)
{
	if (s->failure) {
		trace_turn(s->failure);
		s->failure->last_line = s->last;
		if (s->failure->frame_count)
			findings_block(f, s->failure->language, s->first, s->last);
	}
	s->failure = NULL;
}

static void begin(struct state *s, struct findings *f, const struct line *line, struct str text,
		  size_t i)
{
	struct str size;

	s->failure = findings_failure(f, KIND_EXCEPTION, WEIGHT_TRACE, line->number);
	s->failure->language = "c++";
	s->failure->tool = "valgrind";
	s->failure->type = records[i].type;
	if (records[i].leak) {		/* which record of how many is chance */
		(void)str_split(text, " in loss record ", &text, NULL);
		if (str_split(text, " blocks are ", NULL, &size))
			s->failure->type = findings_text(s->failure, size);
	}
	(void)str_split(text, " at 0x", &text, NULL);
	s->failure->message = findings_text(s->failure, text);
	s->first = s->last = line->number;
	s->lines = s->strangers = 0;
	s->ended = false;
}

/* "   at 0x109178: total (v.c:7)", "   by 0x48417B4: malloc (in /usr/lib/x.so)" */
static bool frame(struct state *s, struct str text)
{
	struct str function, where;
	struct place place = {0};

	if (str_indent(text) < 2)
		return false;
	text = str_trim(text);
	if ((!str_skip(&text, "at 0x") && !str_skip(&text, "by 0x")) ||
	    !str_split(text, ": ", NULL, &text))
		return false;
	function = text;
	if (str_chop(&text, ")") && str_split_last(text, " (", &function, &where)) {
		if (!place_take(&where, &place))	/* "in /usr/lib/x.so": an object, no source */
			place = (struct place){0};
	}
	if (s->ended)
		return true;
	trace_frame(s->failure, &place, function);
	if (place_ends(place.file, ".c"))
		s->failure->language = "c";
	return true;
}

static bool inside(struct state *s, const struct line *line, struct str text)
{
	struct str trimmed = str_trim(text);

	if (++s->lines > RECORD_LINES_MAX || !trimmed.size)
		return false;
	if (!frame(s, text)) {
		if (!str_indent(text) && !s->ended && !s->failure->frame_count)
			return false;
		if (s->failure->frame_count)
			s->ended = true;	/* "Address 0x... is 0 bytes after a block of ..." */
		if (str_starts(trimmed, "Access not within mapped region"))
			s->failure->message = findings_text(s->failure, trimmed);
	}
	s->last = line->number;
	return true;
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;
	struct str text = line->text;
	unsigned long pid;
	size_t i;

	if (!take_prefix(&text, &pid)) {
		if (s->failure && ++s->strangers <= STRANGERS_MAX)
			return AWAKE;	/* the program prints between */
		finish(s, f);
		return ASLEEP;
	}
	if (s->failure && pid != s->pid && ++s->strangers <= STRANGERS_MAX)
		return AWAKE;
	if (s->failure && !is_record(text, &i) && inside(s, line, text))
		return AWAKE;
	finish(s, f);
	if (!is_record(text, &i))
		return ASLEEP;
	s->pid = pid;
	begin(s, f, line, text, i);
	return AWAKE;
}

static void end(void *state, struct findings *f)
{
	finish(state, f);
}

static const char *const wake[] = { "== Invalid ", "== Mismatched free() ",
	"== Conditional jump or move ", "== Use of uninitialised ", "== Syscall param ",
	"== Source and destination overlap", "== Jump to the invalid ", "== Process terminating with ",
	"== Possible data race ", " lost in loss record ", "lock order ", " has a fishy ", NULL };

static const char *const shop[] = { "v.c", NULL };

static const struct reading examples[] = {
	{
		.name = "memcheck",
		.files = shop,
		.log =
		"==8595== Memcheck, a memory error detector\n"
		"==8595== Command: ./v\n"
		"==8595== \n"
		"==8595== Invalid read of size 4\n"
		"==8595==    at 0x109178: total (v.c:7)\n"
		"==8595==    by 0x109221: main (v.c:18)\n"
		"==8595==  Address 0x4a43050 is 0 bytes after a block of size 16 alloc'd\n"
		"==8595==    at 0x48417B4: malloc (in "
		"/usr/libexec/valgrind/vgpreload_memcheck-amd64-linux.so)\n"
		"==8595==    by 0x1091A9: make (v.c:10)\n"
		"==8595==    by 0x1091C4: main (v.c:13)\n"
		"==8595== \n"
		"==8595== ERROR SUMMARY: 2 errors from 2 contexts (suppressed: 0 from 0)\n",
		.expect = { .kind = KIND_EXCEPTION, .language = "c", .tool = "valgrind",
			    .type = "invalid read", .message = "Invalid read of size 4",
			    .file = "v.c", .line = 7, .function = "total", .error_line = 4 },
	},
	{
		.name = "memory that was given back",
		.files = shop,
		.log =
		"==8754== Invalid free() / delete / delete[] / realloc()\n"
		"==8754==    at 0x484417B: free (in "
		"/usr/libexec/valgrind/vgpreload_memcheck-amd64-linux.so)\n"
		"==8754==    by 0x109256: main (v.c:21)\n"
		"==8754==  Address 0x4a43040 is 0 bytes inside a block of size 16 free'd\n"
		"==8754==    at 0x484417B: free (in "
		"/usr/libexec/valgrind/vgpreload_memcheck-amd64-linux.so)\n"
		"==8754==    by 0x109230: main (v.c:19)\n"
		"==8754== \n",
		.expect = { .kind = KIND_EXCEPTION, .type = "invalid free", .file = "v.c", .line = 21,
			    .function = "main", .error_line = 1 },
	},
	{
		.name = "a leak",
		.files = shop,
		.log =
		"==8754== 40 bytes in 1 blocks are definitely lost in loss record 1 of 1\n"
		"==8754==    at 0x48417B4: malloc (in "
		"/usr/libexec/valgrind/vgpreload_memcheck-amd64-linux.so)\n"
		"==8754==    by 0x1091A9: make (v.c:10)\n"
		"==8754==    by 0x109260: main (v.c:22)\n"
		"==8754== \n",
		.expect = { .kind = KIND_EXCEPTION, .type = "definitely lost", .file = "v.c",
			    .message = "40 bytes in 1 blocks are definitely lost", .line = 10,
			    .function = "make", .error_line = 1 },
	},
	{
		.name = "the signal it died of",
		.files = shop,
		.log =
		"==8754== \n"
		"==8754== Process terminating with default action of signal 11 (SIGSEGV)\n"
		"==8754==  Access not within mapped region at address 0x0\n"
		"==8754==    at 0x109277: main (v.c:24)\n"
		"==8754==  If you believe this happened as a result of a stack\n"
		"==8754==  overflow in your program's main thread (unlikely but\n"
		"==8754==  possible), you can try to increase the size of the\n",
		.expect = { .kind = KIND_EXCEPTION, .type = "signal", .file = "v.c", .line = 24,
			    .message = "Access not within mapped region at address 0x0" },
	},
	{
		.name = "nothing is wrong",
		.log =
		"==8595== HEAP SUMMARY:\n"
		"==8595==     in use at exit: 40 bytes in 1 blocks\n"
		"==8595== 40 bytes in 1 blocks are still reachable in loss record 1 of 1\n"
		"==8595== LEAK SUMMARY:\n"
		"==8595==    definitely lost: 0 bytes in 0 blocks\n"
		"==8595== ERROR SUMMARY: 0 errors from 0 contexts (suppressed: 0 from 0)\n",
		.nothing = true,
	},
	{0}
};

const struct reader reader_valgrind = {
	.name = "valgrind",
	.language = "c",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};

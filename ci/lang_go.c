/*
 * Go at run time: panics, fatal errors of the runtime, and the race detector's reports, each with
 * the frames of the goroutine that matters. Frames above a "panic(" frame belong to deferred
 * functions that panicked again and are left out. Failed tests and compile errors are read
 * elsewhere.
 */
#include "ci/trace.h"

enum { HEADER_LINES_MAX = 64 };
enum stage { STAGE_NONE, STAGE_HEADER, STAGE_FRAMES, STAGE_OTHERS, STAGE_RACE };

struct state {
	enum stage stage;
	struct failure *failure;
	struct kept message, test, function;
	const char *type;
	unsigned long first, last, error_line;
	unsigned lines;
	bool seeking;			/* a time-out: the test's goroutine is wanted */
	bool in_testing;		/* the frame before was of package testing */
	bool created;			/* the next place is where the goroutine was created */
};

static const struct {
	const char *start, *type;
} headers[] = {
	{ "panic: runtime error: ", "runtime error" },
	{ "panic: ", "panic" },
	{ "fatal error: ", "fatal error" },
};

static const struct {
	const char *start;
	enum kind kind;
} kinds[] = {
	{ "test timed out after ", KIND_TIMEOUT },
	{ "runtime: out of memory", KIND_RESOURCE },
	{ "runtime: cannot allocate memory", KIND_RESOURCE },
};

/* The runtime's commonest errors are types of their own. */
static const char *const runtime_types[] = { "index out of range", "slice bounds out of range",
	"integer divide by zero", "invalid memory address or nil pointer dereference",
	"makeslice: len out of range", "stack overflow", NULL };

static const char *type_of(const char *type, struct str message)
{
	for (size_t i = 0; runtime_types[i] && !str_is(str_of(type), "panic"); i++)
		if (str_starts(message, runtime_types[i]))
			return runtime_types[i];
	return type;
}

static enum kind kind_of(struct str message)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (str_starts(message, kinds[i].start))
			return kinds[i].kind;
	return KIND_EXCEPTION;
}

static void make_failure(struct state *s, struct findings *f, unsigned weight)
{
	struct str message = kept_str(&s->message);
	struct failure *failure = findings_failure(f, kind_of(message), weight, s->first);

	failure->language = "go";
	failure->tool = s->test.size ? "go test" : "go";
	failure->type = type_of(s->type, message);
	failure->message = findings_text(failure, message);
	failure->test = findings_text(failure, kept_str(&s->test));
	failure->error_line = s->error_line;
	s->seeking = failure->kind == KIND_TIMEOUT;
	s->failure = failure;
	if (s->test.size)
		findings_test_failed(f, kept_str(&s->test));
}

static void finish(struct state *s, struct findings *f)
{
	if (s->stage == STAGE_HEADER && str_starts(str_of(s->type), "panic"))
		make_failure(s, f, WEIGHT_HINT);
	if (s->stage >= STAGE_FRAMES && s->failure) {
		s->failure->last_line = s->last;
		trace_turn(s->failure);
		findings_block(f, "go", s->first, s->last);
	}
	s->failure = NULL;
	s->stage = STAGE_NONE;
}

static void take_test(struct state *s, struct str text)
{
	static const char *const starts[] = { "=== RUN ", "=== NAME ", "=== CONT ", "--- FAIL: ", NULL };
	struct str trimmed = str_trim(text);

	for (size_t i = 0; starts[i]; i++)
		if (str_skip(&trimmed, starts[i])) {
			trimmed = str_trim(trimmed);
			keep(&s->test, take_word(&trimmed));
			return;
		}
	if (str_starts(trimmed, "--- PASS: ") || str_starts(text, "ok  \t") ||
	    str_starts(text, "FAIL\t"))
		s->test.size = 0;
}

static bool start(struct state *s, const struct line *line)
{
	struct str text = line->text, peer;

	s->first = s->last = s->error_line = line->number;
	s->lines = 0;
	s->created = false;
	s->function.size = 0;
	if (str_is(text, "WARNING: DATA RACE")) {
		s->stage = STAGE_RACE;
		s->type = "DATA RACE";
		return true;
	}
	if (str_split(text, "http: panic serving ", NULL, &peer) && str_split(peer, ": ", NULL, &text)) {
		s->type = "panic";
		keep(&s->message, text);
		s->stage = STAGE_HEADER;
		return true;
	}
	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
		if (!str_skip(&text, headers[i].start))
			continue;
		str_chop(&text, " [recovered]");
		str_chop(&text, " [recovered, repanicked]");
		s->type = headers[i].type;
		keep(&s->message, text);
		s->stage = STAGE_HEADER;
		return true;
	}
	return false;
}

static bool is_goroutine(struct str text)
{
	unsigned long id;

	return str_skip(&text, "goroutine ") && str_take_number(&text, &id) &&
	       (str_starts(text, " [") || str_starts(text, " gp=")) && str_ends(text, "]:");
}

/* What comes between "panic: ..." and the first goroutine. */
static bool header_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text, name = str_from(text, 1);

	if (is_goroutine(text)) {
		make_failure(s, f, WEIGHT_TRACE);
		s->stage = STAGE_FRAMES;
		s->last = line->number;
		return true;
	}
	if (str_starts(text, "\tTest") && s->lines < 8)	/* below "running tests:" */
		keep(&s->test, take_word(&name));
	return ++s->lines < HEADER_LINES_MAX && !str_starts(text, "exit status ") &&
	       !str_starts(text, "FAIL\t");
}

/* "pkg.(*T).F(0x1, ...)" without its arguments. */
static bool function_of(struct str text, struct str *function)
{
	size_t depth = 0;

	if (!str_ends(text, ")") || str_indent(text))
		return false;
	for (size_t i = text.size; i-- > 0;) {
		if (text.at[i] == ')' || text.at[i] == '}')
			depth++;
		if (text.at[i] != '(' && text.at[i] != '{')
			continue;
		if (--depth == 0) {
			*function = str_slice(text, 0, i);
			return i > 0;
		}
	}
	return false;
}

static void place_line(struct state *s, struct str text)
{
	struct str function = kept_str(&s->function);
	struct place place;

	if (s->created || s->stage == STAGE_OTHERS || !place_take(&text, &place))
		return;
	if (str_is(function, "panic")) {
		s->failure->frame_count = 0;
		return;
	}
	if (str_is(function, "testing.tRunner") && !s->in_testing)
		s->seeking = false;
	s->in_testing = str_starts(function, "testing.");
	trace_frame(s->failure, &place, function);
}

static bool frame_line(struct state *s, const struct line *line)
{
	struct str text = line->text, function;

	if (!str_trim(text).size)
		return true;		/* another goroutine may follow */
	if (is_goroutine(text)) {
		if (s->seeking)
			s->failure->frame_count = 0;
		else
			s->stage = STAGE_OTHERS;
	} else if (str_indent(text)) {
		if (!str_has(text, ".go:") && !str_has(text, ".s:") && !str_starts(text, "\t/"))
			return false;
		place_line(s, str_trim(text));
	} else if (str_starts(text, "created by ")) {
		s->created = true;
		s->last = line->number;
		return true;
	} else if (function_of(text, &function)) {
		keep(&s->function, function);
	} else if (!str_ends(text, "frames elided...") && !str_starts(text, "[signal ")) {
		return false;
	}
	if (s->created && str_indent(text) == 0)
		s->created = false;
	s->last = line->number;
	return true;
}

/* The race detector: the first access says where; the others are context. */
static bool race_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text, function;
	struct place place;

	if (str_starts(text, "=====")) {
		s->last = line->number - 1;
		return false;
	}
	s->last = line->number;
	if (!s->failure) {
		str_chop(&text, ":");
		keep(&s->message, text);
		make_failure(s, f, WEIGHT_TRACE);
		return true;
	}
	if (!text.size) {
		s->created = true;
		return true;
	}
	if (s->created)
		return true;
	text = str_trim(text);
	if (function_of(text, &function))
		keep(&s->function, function);
	else if (place_take(&text, &place))
		trace_frame(s->failure, &place, kept_str(&s->function));
	return true;
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;
	bool inside = false;

	switch (s->stage) {
	case STAGE_NONE:
		break;
	case STAGE_HEADER:
		inside = header_line(s, line, f);
		break;
	case STAGE_RACE:
		inside = ++s->lines < BLOCK_LINES_MAX / 2 && race_line(s, line, f);
		break;
	case STAGE_FRAMES:
	case STAGE_OTHERS:
		inside = ++s->lines < BLOCK_LINES_MAX / 2 && frame_line(s, line);
		break;
	}
	if (inside)
		return AWAKE;
	if (s->stage != STAGE_NONE)
		finish(s, f);
	take_test(s, line->text);
	return start(s, line) ? AWAKE : ASLEEP;
}

static void end(void *state, struct findings *f)
{
	finish(state, f);
}

static const char *const wake[] = { "panic: ", "fatal error: ", "http: panic serving ",
	"WARNING: DATA RACE", "=== RUN ", "=== NAME ", "=== CONT ", "--- FAIL: ", "--- PASS: ",
	"ok  \t", "FAIL\t", NULL };

static const char *const shop[] = { "main.go", "cart/cart.go", "cart/cart_test.go", "race_test.go",
	NULL };

static const struct reading examples[] = {
	{
		.name = "nil map, in a method",
		.files = shop,
		.log =
		"panic: assignment to entry in nil map\n"
		"\n"
		"goroutine 1 [running]:\n"
		"main.(*order).add(...)\n"
		"\t/src/main.go:10\n"
		"main.main()\n"
		"\t/src/main.go:16 +0x48\n"
		"exit status 2\n",
		.expect = { .kind = KIND_EXCEPTION, .language = "go", .tool = "go", .type = "panic",
			    .message = "assignment to entry in nil map", .file = "main.go", .line = 10,
			    .function = "main.(*order).add", .error_line = 1 },
	},
	{
		.name = "nil pointer in a test, recovered and panicked again",
		.files = shop,
		.log =
		"--- FAIL: TestNilLine (0.00s)\n"
		"panic: runtime error: invalid memory address or nil pointer dereference "
		"[recovered]\n"
		"\tpanic: runtime error: invalid memory address or nil pointer dereference\n"
		"[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x4f50c6]\n"
		"\n"
		"goroutine 19 [running]:\n"
		"testing.tRunner.func1.2({0x508da0, 0x5fda90})\n"
		"\t/usr/lib/go-1.19/src/testing/testing.go:1396 +0x24e\n"
		"testing.tRunner.func1()\n"
		"\t/usr/lib/go-1.19/src/testing/testing.go:1399 +0x39f\n"
		"panic({0x508da0, 0x5fda90})\n"
		"\t/usr/lib/go-1.19/src/runtime/panic.go:884 +0x212\n"
		"example.com/shop/cart.Total(...)\n"
		"\t/src/cart/cart.go:8\n"
		"example.com/shop/cart.TestNilLine(0xc000098680?)\n"
		"\t/src/cart/cart_test.go:12 +0x6\n"
		"testing.tRunner(0xc0000989c0, 0x52f308)\n"
		"\t/usr/lib/go-1.19/src/testing/testing.go:1446 +0x10b\n"
		"created by testing.(*T).Run\n"
		"\t/usr/lib/go-1.19/src/testing/testing.go:1493 +0x35f\n"
		"FAIL\texample.com/shop/cart\t0.005s\n",
		.expect = { .kind = KIND_EXCEPTION, .tool = "go test", .type = "invalid memory address or nil pointer dereference",
			    .message = "invalid memory address or nil pointer dereference",
			    .file = "cart/cart.go", .line = 8, .test = "TestNilLine",
			    .function = "example.com/shop/cart.Total", .error_line = 2 },
	},
	{
		.name = "a deferred function panics again with the same value",
		.files = shop,
		.log =
		"panic: runtime error: index out of range [5] with length 0 [recovered]\n"
		"\tpanic: runtime error: index out of range [5] with length 0\n"
		"\n"
		"goroutine 17 [running]:\n"
		"main.main.func1.1()\n"
		"\t/src/main.go:14 +0x34\n"
		"panic({0x461900, 0xc00008a000})\n"
		"\t/usr/lib/go-1.19/src/runtime/panic.go:884 +0x212\n"
		"main.load(...)\n"
		"\t/src/main.go:6\n"
		"main.main.func1()\n"
		"\t/src/main.go:17 +0x45\n"
		"created by main.main\n",
		.expect = { .kind = KIND_EXCEPTION, .type = "index out of range",
			    .message = "index out of range [5] with length 0", .file = "main.go",
			    .line = 6, .function = "main.load", .error_line = 1 },
	},
	{
		.name = "deadlock",
		.files = shop,
		.log =
		"fatal error: all goroutines are asleep - deadlock!\n"
		"\n"
		"goroutine 1 [semacquire]:\n"
		"sync.runtime_Semacquire(0x4a0cb0?)\n"
		"\t/usr/lib/go-1.19/src/runtime/sema.go:62 +0x25\n"
		"sync.(*WaitGroup).Wait(0xc000088f70?)\n"
		"\t/usr/lib/go-1.19/src/sync/waitgroup.go:139 +0x52\n"
		"main.wait(...)\n"
		"\t/src/main.go:9\n"
		"main.main()\n"
		"\t/src/main.go:19 +0x50\n"
		"\n"
		"goroutine 18 [chan receive]:\n"
		"main.main.func1()\n"
		"\t/src/main.go:17 +0x2c\n"
		"created by main.main\n"
		"\t/src/main.go:15 +0x45\n",
		.expect = { .kind = KIND_EXCEPTION, .type = "fatal error",
			    .message = "all goroutines are asleep - deadlock!", .file = "main.go",
			    .line = 9, .function = "main.wait", .error_line = 1 },
	},
	{
		.name = "data race",
		.files = shop,
		.log =
		"==================\n"
		"WARNING: DATA RACE\n"
		"Read at 0x00c0000b21a8 by goroutine 8:\n"
		"  example.com/shop.TestRace.func1()\n"
		"      /src/race_test.go:7 +0x30\n"
		"\n"
		"Previous write at 0x00c0000b21a8 by goroutine 7:\n"
		"  example.com/shop.TestRace()\n"
		"      /src/race_test.go:8 +0xca\n"
		"  testing.tRunner()\n"
		"      /usr/lib/go-1.19/src/testing/testing.go:1446 +0x216\n"
		"  testing.(*T).Run.func1()\n"
		"      /usr/lib/go-1.19/src/testing/testing.go:1493 +0x47\n"
		"\n"
		"Goroutine 8 (running) created at:\n"
		"  example.com/shop.TestRace()\n"
		"      /src/race_test.go:7 +0xae\n"
		"  testing.tRunner()\n"
		"      /usr/lib/go-1.19/src/testing/testing.go:1446 +0x216\n"
		"  testing.(*T).Run.func1()\n"
		"      /usr/lib/go-1.19/src/testing/testing.go:1493 +0x47\n"
		"\n"
		"Goroutine 7 (running) created at:\n"
		"  testing.(*T).Run()\n"
		"      /usr/lib/go-1.19/src/testing/testing.go:1493 +0x75d\n"
		"  testing.runTests.func1()\n"
		"      /usr/lib/go-1.19/src/testing/testing.go:1846 +0x99\n"
		"  testing.tRunner()\n"
		"      /usr/lib/go-1.19/src/testing/testing.go:1446 +0x216\n"
		"  testing.runTests()\n"
		"      /usr/lib/go-1.19/src/testing/testing.go:1844 +0x7ec\n"
		"  testing.(*M).Run()\n"
		"      /usr/lib/go-1.19/src/testing/testing.go:1726 +0xa84\n"
		"  main.main()\n",
		.expect = { .kind = KIND_EXCEPTION, .type = "DATA RACE", .file = "race_test.go",
			    .line = 7, .function = "example.com/shop.TestRace.func1",
			    .error_line = 2 },
	},
	{
		.name = "a test that ran out of time",
		.files = shop,
		.log =
		"panic: test timed out after 1s\n"
		"\n"
		"goroutine 17 [running]:\n"
		"testing.(*M).startAlarm.func1()\n"
		"\t/usr/lib/go-1.19/src/testing/testing.go:2036 +0x8e\n"
		"created by time.goFunc\n"
		"\t/usr/lib/go-1.19/src/time/sleep.go:176 +0x32\n"
		"\n"
		"goroutine 1 [chan receive]:\n"
		"testing.(*T).Run(0xc000007a00, {0x524a66?, 0x4b7c25?}, 0x52f3b0)\n"
		"\t/usr/lib/go-1.19/src/testing/testing.go:1494 +0x37a\n"
		"testing.runTests.func1(0xc000007a00?)\n"
		"\t/usr/lib/go-1.19/src/testing/testing.go:1846 +0x6e\n"
		"testing.tRunner(0xc000007a00, 0xc000072cd8)\n"
		"\t/usr/lib/go-1.19/src/testing/testing.go:1446 +0x10b\n"
		"testing.runTests(0xc000000140?, {0x5fe520, 0x2, 0x2}, {0x7f773dc2e108?, 0x40?, "
		"0x606b80?})\n"
		"\t/usr/lib/go-1.19/src/testing/testing.go:1844 +0x456\n"
		"testing.(*M).Run(0xc000000140)\n"
		"\t/usr/lib/go-1.19/src/testing/testing.go:1726 +0x5d9\n"
		"main.main()\n"
		"\t_testmain.go:49 +0x1aa\n"
		"\n"
		"goroutine 6 [sleep]:\n"
		"time.Sleep(0x12a05f200)\n"
		"\t/usr/lib/go-1.19/src/runtime/time.go:195 +0x135\n"
		"example.com/shop.TestSlow(0x0?)\n"
		"\t/src/race_test.go:11 +0x25\n"
		"testing.tRunner(0xc000007ba0, 0x52f3b0)\n"
		"\t/usr/lib/go-1.19/src/testing/testing.go:1446 +0x10b\n",
		.expect = { .kind = KIND_TIMEOUT, .type = "panic", .file = "race_test.go", .line = 11,
			    .message = "test timed out after 1s",
			    .function = "example.com/shop.TestSlow", .error_line = 1 },
	},
	{
		.name = "the word alone in a message",
		.log = "time=1 msg=\"recovered from panic: none\"\nERROR: panic: is only a word\n",
		.nothing = true,
	},
	{0}
};

const struct reader reader_go = {
	.name = "go",
	.language = "go",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};

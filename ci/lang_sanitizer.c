/*
 * Reports of the sanitizers: address, leak, memory, thread, undefined behaviour, libFuzzer's own,
 * and those of the signal handlers of Android and Chrome. The frames are those of the first stack:
 * where the bad access was, not where the memory came from.
 */
#include "ci/frame.h"
#include "ci/sanitizer.h"

enum { REPORT_LINES_MAX = 600, HEAD_LINES_MAX = 120, NOTE_LINES_MAX = 5 };
enum stage { STAGE_NONE, STAGE_HEAD, STAGE_STACK, STAGE_REST };

struct state {
	enum stage stage;
	struct failure *failure;
	struct headline headline;	/* its texts are not kept beyond their line */
	unsigned long first, last;
	unsigned lines;
	bool undefined;			/* a report of one line, perhaps with a stack */
	bool recursion;
	bool leaks;			/* the stack of a further leak is awaited */
};

static void begin(struct state *s, struct findings *f, const struct line *line, enum kind kind,
		  unsigned weight)
{
	s->failure = findings_failure(f, kind, weight, line->number);
	s->failure->language = "c++";
	s->failure->tool = s->headline.tool;
	s->first = s->last = line->number;
	s->lines = 0;
	s->leaks = false;
	s->stage = STAGE_HEAD;
}

/* "==12==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x..." */
static bool header(struct state *s, struct findings *f, const struct line *line)
{
	if (!sanitizer_headline(line->text, &s->headline))
		return false;
	/*
	 * One less: a failed check that tells why the program ended itself is the better failure.
	 */
	begin(s, f, line, s->headline.kind,
	      s->headline.fault == FAULT_SELF ? WEIGHT_TRACE - 1 : WEIGHT_TRACE);
	s->failure->type = findings_text(s->failure, s->headline.type);
	s->failure->message = findings_text(s->failure, s->headline.message);
	s->recursion = str_starts(s->headline.type, "stack-overflow");
	s->undefined = false;
	return true;
}

/* "ub.c:6:11: runtime error: signed integer overflow: ..." */
static bool undefined(struct state *s, struct findings *f, const struct line *line)
{
	struct str text = line->text;
	struct place place;

	if (!place_take(&text, &place) || !str_skip(&text, ": runtime error: "))
		return false;
	s->headline = (struct headline){ .tool = "UndefinedBehaviorSanitizer" };
	begin(s, f, line, KIND_EXCEPTION, WEIGHT_TRACE);
	s->undefined = true;
	s->recursion = false;
	s->failure->type = sanitizer_undefined_type(text);
	s->failure->message = findings_text(s->failure, text);
	place_set(s->failure, &place);
	if (place_ends(place.file, ".c .h"))
		s->failure->language = "c";
	findings_diagnostic(f, "UndefinedBehaviorSanitizer", place.file, place.line, place.column,
			    SEVERITY_ERROR, STR_NONE, text);
	return true;
}

/* "SUMMARY: AddressSanitizer: heap-buffer-overflow /src/uaf.c:11 in total" */
static void summary(struct state *s, struct str text)
{
	struct stack_frame frame = {0};
	struct str file;

	if (s->failure->frame_count || s->failure->file ||
	    !str_split(text, " in ", &text, &frame.function) ||
	    !str_split_last(text, " ", NULL, &file) || !place_take(&file, &frame.place) || file.size)
		return;
	frame_add(s->failure, &frame);
}

static void finish(struct state *s, struct findings *f)
{
	struct failure *failure = s->failure;

	if (s->stage == STAGE_NONE)
		return;
	failure->last_line = s->last;
	frame_settle(failure, s->recursion);
	/* The line of the error may be a library's, inlined into the one who is to blame. */
	if (s->undefined && failure->frame_count && !failure->function)
		failure->function = failure->frames[failure->frame_count - 1].function;
	if (s->undefined && !failure->frame_count)
		failure->weight = WEIGHT_FAILURE;
	else if (s->headline.handler && !failure->frame_count)
		failure->weight = WEIGHT_HINT;
	else
		findings_block(f, failure->language, s->first, s->last);
	s->stage = STAGE_NONE;
}

/*
 * What the lines between the headline and the stack add: the size of the access, which leak, and
 * what was done at the address.
 */
static void refine(struct state *s, struct str text)
{
	struct failure *failure = s->failure;

	if (str_starts(text, "READ of size ") || str_starts(text, "WRITE of size ")) {
		(void)str_split(text, " at ", &text, NULL);
		failure->message = findings_text(failure, text);
	} else if (str_starts(text, "Direct leak of ")) {
		failure->type = "direct-leak";
	} else if (str_starts(text, "Indirect leak of ")) {
		failure->type = "indirect-leak";
	} else if (s->headline.fault == FAULT_ADDRESS && str_has(text, "caused by a ")) {
		failure->type = sanitizer_fault_type(&s->headline,
			str_has(text, " READ memory") ? 'R' : str_has(text, " WRITE memory") ? 'W' : 0);
	}
}

/* Between a "runtime error" and its stack stand notes and a picture of the memory. */
static bool undefined_note(const struct state *s, struct str text)
{
	return s->stage == STAGE_HEAD && s->lines < NOTE_LINES_MAX &&
	       (str_starts(text, " ") || str_has(text, ": note: ") ||
		str_is(text, "<memory cannot be printed>"));
}

/*
 * Of several leaks the first direct one counts: what it pointed to leaked with it. One that only a
 * library made is passed over.
 */
static void next_leak(struct state *s, struct str text)
{
	struct failure *failure = s->failure;
	bool direct = str_starts(text, "Direct leak of ");
	bool only_indirect = str_is(str_of(failure->type), "indirect-leak");

	if (s->stage == STAGE_HEAD || (!direct && !str_starts(text, "Indirect leak of ")))
		return;
	for (size_t i = 0; i < failure->frame_count && !(direct && only_indirect); i++)
		if (frame_is_cause(str_of(failure->frames[i].function), str_of(failure->frames[i].file)))
			return;
	failure->frame_count = 0;
	s->leaks = true;
	s->stage = STAGE_HEAD;
}

static bool inside(struct state *s, const struct line *line)
{
	struct str text = line->text;
	struct stack_frame frame;

	if (++s->lines > (s->stage == STAGE_HEAD && !s->leaks ? (unsigned)HEAD_LINES_MAX :
			  (unsigned)REPORT_LINES_MAX))
		return false;
	if (frame_take(text, &frame)) {
		if (s->stage == STAGE_HEAD)
			s->stage = STAGE_STACK;
		if (s->stage == STAGE_STACK)
			frame_add(s->failure, &frame);
		s->last = line->number;
		return true;
	}
	if (s->stage == STAGE_STACK)
		s->stage = STAGE_REST;
	if (str_starts(text, "SUMMARY: ")) {
		if (!s->undefined)
			summary(s, text);
		s->last = line->number;
		return false;
	}
	if (s->undefined)
		return undefined_note(s, text);
	text = str_trim(text);
	next_leak(s, text);
	if (s->stage == STAGE_HEAD)
		refine(s, text);
	return !str_ends(text, "==ABORTING");
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;
	bool starts = str_has(line->text, "Sanitizer: ") || str_has(line->text, "libFuzzer: ") ||
		      str_starts(line->text, "signal ") || str_starts(line->text, "*** SIG") ||
		      str_starts(line->text, "Received signal ") ||
		      str_has(line->text, " signal SIG");

	if (s->stage != STAGE_NONE) {
		bool other = starts && !str_starts(line->text, "SUMMARY: ");

		if (!other && inside(s, line))
			return AWAKE;
		finish(s, f);
	}
	if ((starts && header(s, f, line)) || undefined(s, f, line))
		return AWAKE;
	return ASLEEP;
}

static void end(void *state, struct findings *f)
{
	finish(state, f);
}

static const char *const wake[] = { "Sanitizer: ", ": runtime error: ", "ERROR: libFuzzer: ",
	"), fault addr ", "Received signal ", " received signal SIG", " terminated with signal SIG",
	"*** SIGSEGV ", "*** SIGABRT ", "*** SIGFPE ", "*** SIGILL ", "*** SIGBUS ", "*** SIGTRAP ",
	NULL };

static const char *const shop[] = { "uaf.c", "leak.c", "ub.c", "race.c", "msan.c", "a.cc",
	NULL };

static const struct reading examples[] = {
	{
		.name = "heap-buffer-overflow",
		.files = shop,
		.log =
		"=================================================================\n"
		"==8175==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x602000000020 "
		"at pc 0x5636708451dc bp 0x7fffaa2014c0 sp 0x7fffaa2014b8\n"
		"READ of size 4 at 0x602000000020 thread T0\n"
		"    #0 0x5636708451db in total /src/uaf.c:11\n"
		"    #1 0x563670845232 in main /src/uaf.c:20\n"
		"    #2 0x7fc176045249 in __libc_start_call_main ../sysdeps/nptl/libc_start_call_m"
		"ain.h:58\n"
		"    #3 0x7fc176045304 in __libc_start_main_impl ../csu/libc-start.c:360\n"
		"    #4 0x5636708450b0 in _start (/src/uaf+0x10b0)\n"
		"\n"
		"0x602000000020 is located 0 bytes to the right of 16-byte region "
		"[0x602000000010,0x602000000020)\n"
		"allocated by thread T0 here:\n"
		"    #0 0x7fc1762b89cf in __interceptor_malloc ../../../../src/libsanitizer/asan/a"
		"san_malloc_linux.cpp:69\n"
		"    #1 0x56367084520c in main /src/uaf.c:17\n"
		"    #2 0x7fc176045249 in __libc_start_call_main ../sysdeps/nptl/libc_start_call_m"
		"ain.h:58\n"
		"\n"
		"SUMMARY: AddressSanitizer: heap-buffer-overflow /src/uaf.c:11 in total\n",
		.expect = { .kind = KIND_EXCEPTION, .language = "c", .tool = "AddressSanitizer",
			    .type = "heap-buffer-overflow", .message = "READ of size 4",
			    .file = "uaf.c", .line = 11, .function = "total", .error_line = 2 },
	},
	{
		.name = "leak",
		.files = shop,
		.log =
		"=================================================================\n"
		"==8181==ERROR: LeakSanitizer: detected memory leaks\n"
		"\n"
		"Direct leak of 10 byte(s) in 1 object(s) allocated from:\n"
		"    #0 0x7fa5fc6b89cf in __interceptor_malloc ../../../../src/libsanitizer/asan/a"
		"san_malloc_linux.cpp:69\n"
		"    #1 0x55c8aa8fe166 in name /src/leak.c:2\n"
		"    #2 0x55c8aa8fe176 in main /src/leak.c:3\n"
		"\n"
		"Direct leak of 10 byte(s) in 1 object(s) allocated from:\n"
		"    #0 0x7fa5fc6b89cf in __interceptor_malloc ../../../../src/libsanitizer/asan/a"
		"san_malloc_linux.cpp:69\n"
		"    #1 0x55c8aa8fe166 in name /src/leak.c:2\n"
		"\n"
		"SUMMARY: AddressSanitizer: 20 byte(s) leaked in 2 allocation(s).\n",
		.expect = { .kind = KIND_EXCEPTION, .tool = "LeakSanitizer", .type = "direct-leak",
			    .message = "detected memory leaks", .file = "leak.c", .line = 2,
			    .function = "name", .error_line = 2 },
	},
	{
		.name = "undefined behaviour, one line",
		.files = shop,
		.log =
		"ub.c:6:11: runtime error: signed integer overflow: 2147483647 * 2 cannot be "
		"represented in type 'int'\n",
		.expect = { .kind = KIND_EXCEPTION, .tool = "UndefinedBehaviorSanitizer",
			    .type = "integer-overflow", .file = "ub.c", .line = 6,
			    .error_line = 1 },
	},
	{
		.name = "undefined behaviour with a stack",
		.files = shop,
		.log =
		"ub.c:6:11: runtime error: signed integer overflow: 2147483647 * 2 cannot be "
		"represented in type 'int'\n"
		"    #0 0x5606b50c51c7 in scale /src/ub.c:6\n"
		"    #1 0x5606b50c524e in main /src/ub.c:15\n"
		"    #2 0x7f87ba045249 in __libc_start_call_main ../sysdeps/nptl/libc_start_call_m"
		"ain.h:58\n"
		"    #3 0x7f87ba045304 in __libc_start_main_impl ../csu/libc-start.c:360\n"
		"    #4 0x5606b50c50d0 in _start (/src/ub+0x10d0)\n"
		"\n",
		.expect = { .kind = KIND_EXCEPTION, .type = "integer-overflow",
			    .file = "ub.c", .line = 6, .function = "scale", .error_line = 1 },
	},
	{
		.name = "data race",
		.files = shop,
		.log =
		"==================\n"
		"WARNING: ThreadSanitizer: data race (pid=8206)\n"
		"  Read of size 4 at 0x55e55d3e7054 by main thread:\n"
		"    #0 main /src/race.c:4 (race+0x1242)\n"
		"\n"
		"  Previous write of size 4 at 0x55e55d3e7054 by thread T1:\n"
		"    #0 work /src/race.c:3 (race+0x11e8)\n"
		"\n"
		"  Location is global 'total' of size 4 at 0x55e55d3e7054 (race+0x4054)\n"
		"\n"
		"  Thread T1 (tid=8208, finished) created by main thread at:\n"
		"    #0 pthread_create ../../../../src/libsanitizer/tsan/tsan_interceptors_posix.c"
		"pp:1001 (libtsan.so.2+0x5e686)\n"
		"    #1 main /src/race.c:4 (race+0x1233)\n"
		"\n"
		"SUMMARY: ThreadSanitizer: data race /src/race.c:4 in main\n"
		"==================\n",
		.expect = { .kind = KIND_EXCEPTION, .tool = "ThreadSanitizer", .type = "data race",
			    .file = "race.c", .line = 4, .function = "main", .error_line = 2 },
	},
	{
		.name = "uninitialised memory",
		.files = shop,
		.log =
		"==8215==WARNING: MemorySanitizer: use-of-uninitialized-value\n"
		"    #0 0x558cf844d399 in main /src/msan.c:2:42\n"
		"    #1 0x7fc8910ca249 in __libc_start_call_main csu/../sysdeps/nptl/libc_start_ca"
		"ll_main.h:58:16\n"
		"    #2 0x7fc8910ca304 in __libc_start_main csu/../csu/libc-start.c:360:3\n"
		"    #3 0x558cf83c72a0 in _start (/src/msan+0x212a0) (BuildId: "
		"883bd6961386558748c947dd079335f2fba11808)\n"
		"\n"
		"SUMMARY: MemorySanitizer: use-of-uninitialized-value /src/msan.c:2:42 in "
		"main\n"
		"Exiting\n",
		.expect = { .kind = KIND_EXCEPTION, .tool = "MemorySanitizer",
			    .type = "use-of-uninitialized-value", .file = "msan.c", .line = 2,
			    .function = "main", .error_line = 1 },
	},
	{
		.name = "the wrong way to free",
		.files = shop,
		.log =
		"=================================================================\n"
		"==32191==ERROR: AddressSanitizer: alloc-dealloc-mismatch (operator new [] "
		"vs free) on 0x602000000010\n"
		"    #0 0x55e817d04f42 in __interceptor_free (/src/ca0+0xa4f42) (BuildId: "
		"0ba7c6f9)\n"
		"    #1 0x55e817d4355e in int shop::(anonymous namespace)::culprit<int>(int, "
		"int) /src/a.cc:31:30\n"
		"    #2 0x55e817d44ed1 in shop::Cart::total(int) /src/a.cc:56:106\n"
		"    #3 0x55e817d426b7 in main /src/a.cc:58:72\n"
		"    #4 0x7f5892625249 in __libc_start_call_main "
		"csu/../sysdeps/nptl/libc_start_call_main.h:58:16\n",
		.expect = { .kind = KIND_EXCEPTION, .language = "c++",
			    .type = "alloc-dealloc-mismatch", .file = "a.cc", .line = 31,
			    .function = "int shop::culprit<int>", .error_line = 2 },
	},
	{
		.name = "a null pointer",
		.files = shop,
		.log =
		"AddressSanitizer:DEADLYSIGNAL\n"
		"=================================================================\n"
		"==26611==ERROR: AddressSanitizer: SEGV on unknown address 0x000000000008 "
		"(pc 0x55a04d87b024 bp 0x7f594df00280 sp 0x7ffd2aaa4a10 T0)\n"
		"==26611==The signal is caused by a WRITE memory access.\n"
		"==26611==Hint: address points to the zero page.\n"
		"    #0 0x55a04d87b024 in culprit<int> /src/a.cc:43\n"
		"    #1 0x55a04d87b76d in shop::Cart::total(int) /src/a.cc:56\n",
		.expect = { .kind = KIND_EXCEPTION, .type = "null-dereference WRITE",
			    .file = "a.cc", .line = 43,
			    .function = "culprit<int>", .error_line = 3 },
	},
	{
		.name = "recursion without end",
		.files = shop,
		.log =
		"==30424==ERROR: AddressSanitizer: stack-overflow on address 0x7ffd31aacfd8 "
		"(pc 0x55a4b33d36bc bp 0x7ffd31aad050 sp 0x7ffd31aacfe0 T0)\n"
		"    #0 0x55a4b33d36bc in __interceptor_memcpy (/src/ca+0xa4f42)\n"
		"    #1 0x55a4b33d36be in leaf(int) /src/a.cc:50:3\n"
		"    #2 0x55a4b33d3757 in shop::(anonymous namespace)::recurse(int) "
		"/src/a.cc:54:97\n"
		"    #3 0x55a4b33d3757 in shop::(anonymous namespace)::recurse(int) "
		"/src/a.cc:54:97\n"
		"    #4 0x55a4b33d3757 in shop::(anonymous namespace)::recurse(int) "
		"/src/a.cc:54:97\n",
		.expect = { .kind = KIND_EXCEPTION, .type = "stack-overflow", .file = "a.cc",
			    .line = 54,
			    .function = "shop::recurse", .error_line = 1 },
	},
	{
		.name = "control flow integrity",
		.files = shop,
		.log =
		"a.cc:39:23: runtime error: control flow integrity check for type "
		"'shop::(anonymous namespace)::Base' failed during cast to unrelated type "
		"(vtable address 0x557d6c070cc0)\n"
		"0x557d6c070cc0: note: vtable is of type 'shop::(anonymous "
		"namespace)::Other'\n"
		" 7d 55 00 00  60 c3 05 6c 7d 55 00 00  70 c3 05 6c 7d 55 00 00  80 c3 05 "
		"6c\n"
		"              ^ \n"
		"    #0 0x557d6c05c30c in int shop::(anonymous namespace)::culprit<int>(int, "
		"int) /src/a.cc:39:23\n"
		"    #1 0x557d6c05c055 in shop::Cart::total(int) /src/a.cc:56:106\n",
		.expect = { .kind = KIND_EXCEPTION, .type = "bad-cast", .file = "a.cc", .line = 39,
			    .function = "int shop::culprit<int>", .error_line = 1 },
	},
	{
		.name = "a fuzz target that runs too long",
		.files = shop,
		.log =
		"ALARM: working on the last Unit for 3 seconds\n"
		"       and the timeout value is 2 (use -timeout=N to change)\n"
		"==2263== ERROR: libFuzzer: timeout after 3 seconds\n"
		"    #0 0x557dfcc0ad40 in __sanitizer_print_stack_trace (/src/fz+0x5bd40) "
		"(BuildId: 1d0a)\n"
		"    #1 0x557dfcbe8f0a in fuzzer::Fuzzer::AlarmCallback() (/src/fz+0x39f0a) "
		"(BuildId: 1d0a)\n"
		"    #2 0x7f60a944604f  (/lib/x86_64-linux-gnu/libc.so.6+0x3c04f) (BuildId: "
		"93ac)\n"
		"    #3 0x557dfcc0b1f2 in culprit(unsigned char const*, unsigned long, int) "
		"/src/a.cc:6:27\n"
		"    #4 0x557dfcc0b3c0 in LLVMFuzzerTestOneInput /src/a.cc:14:85\n"
		"SUMMARY: libFuzzer: timeout\n",
		.expect = { .kind = KIND_TIMEOUT, .tool = "libFuzzer", .type = "timeout",
			    .message = "timeout after 3 seconds", .file = "a.cc", .line = 6,
			    .function = "culprit", .error_line = 3 },
	},
	{
		.name = "glog's signal handler",
		.log =
		"*** Aborted at 1795287783 (unix time) try \"date -d @1795287783\" if you "
		"are using GNU date ***\n"
		"PC: @                0x0 (unknown)\n"
		"*** SIGSEGV (@0x8) received by PID 11874 (TID 0x7f5b4ceb9e40) from PID 8; "
		"stack trace: ***\n"
		"    @     0x7f5b4d23acfe (unknown)\n"
		"    @     0x555e10b82155 culprit()\n"
		"    @     0x555e10b82186 main\n",
		.expect = { .kind = KIND_EXCEPTION, .tool = "glog", .type = "null-dereference",
			    .function = "culprit",
			    .error_line = 3 },
	},
	{
		.name = "Android",
		.log =
		"signal 11 (SIGSEGV), code 1 (SEGV_MAPERR), fault addr 0xdead4ead\n"
		"    r0 00000000  r1 0000617b  r2 00000008  r3 00000000\n"
		"\n"
		"backtrace:\n"
		"    #00 pc 0003a1b0  /system/lib/libc.so (memcpy+12)\n"
		"    #01 pc 00017fd3  /data/app/lib/libshop.so (total+8)\n",
		.expect = { .kind = KIND_EXCEPTION, .tool = "debuggerd", .type = "unknown (SEGV)",
			    .function = "total", .error_line = 1 },
	},
	{
		.name = "gdb",
		.files = shop,
		.log =
		"Program received signal SIGSEGV, Segmentation fault.\n"
		"0x00005555555554f8 in shop::(anonymous namespace)::culprit<int> (kind=7, n=0) at "
		"a.cc:27\n"
		"27\t\tcase 7: { volatile int *q = (int *)(long)n; *q = 1; break; }\n"
		"#0  0x00005555555554f8 in shop::(anonymous namespace)::culprit<int> (kind=7, n=0) "
		"at a.cc:27\n"
		"#1  0x0000555555555c88 in shop::Cart::total (this=0x7fffffffe65f, kind=7) at "
		"a.cc:56\n",
		.expect = { .kind = KIND_EXCEPTION, .tool = "gdb", .type = "SEGV", .file = "a.cc",
			    .line = 27, .function = "shop::culprit<int>", .error_line = 1 },
	},
	{
		.name = "warnings and sentences",
		.log =
		"==12==WARNING: AddressSanitizer: failed to intercept 'memcpy'\n"
		"==12==WARNING: ThreadSanitizer: memory layout is incompatible, possibly due to "
		"high-entropy ASLR.\n"
		"Received signal 15, terminating\n"
		"AddressSanitizer: what it is and how to use it\n",
		.nothing = true,
	},
	{0}
};

const struct reader reader_sanitizer = {
	.name = "sanitizer",
	.language = "c++",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};

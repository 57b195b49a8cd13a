/*
 * Reports of the sanitizers: address, leak, memory, thread, undefined behaviour, and libFuzzer's
 * own. The frames are those of the first stack: where the bad access was, not where the memory
 * came from.
 */
#include "ci/trace.h"

enum { REPORT_LINES_MAX = 600 };
enum stage { STAGE_NONE, STAGE_HEAD, STAGE_STACK, STAGE_REST };

struct state {
	enum stage stage;
	struct failure *failure;
	unsigned long first, last;
	unsigned lines;
	bool write;			/* the signal came of a write */
	bool undefined;			/* a report of one line, perhaps with a stack */
};

static const char *const names[] = { "AddressSanitizer", "LeakSanitizer", "MemorySanitizer",
	"ThreadSanitizer", "HWAddressSanitizer", "UndefinedBehaviorSanitizer", "libFuzzer", NULL };

static const struct {
	const char *words, *type;
} undefined_types[] = {
	{ "integer overflow", "integer-overflow" }, { "division by zero", "divide-by-zero" },
	{ "out of bounds", "index-out-of-bounds" }, { "null pointer", "null-dereference" },
	{ "insufficient space", "object-size" }, { "shift exponent", "undefined-shift" },
	{ "left shift of", "undefined-shift" }, { "misaligned address", "misaligned-address" },
	{ "implicit conversion", "implicit-conversion" }, { "non-zero offset", "pointer-overflow" },
	{ "pointer index expression", "pointer-overflow" },
	{ "variable length array bound", "non-positive-vla-bound-value" },
	{ "outside the range of representable values", "float-cast-overflow" },
	{ "not a valid value", "invalid-value" }, { "execution reached the end", "missing-return" },
};

/* Frames of the run time, of libraries and of whoever caught the signal: never the cause. */
static const char *const not_causes[] = { "__interceptor_", "__asan_", "__sanitizer_", "__msan_",
	"__GI_", "__assert_fail", "__libc_start", "__restore_rt", "__wrap_", "_start", "fuzzer::",
	"std::", "base::debug::", "logging::LogMessage", "g_assertion_message", "g_logv", "g_log ",
	"LLVMFuzzerTestOneInput",
	"testing::internal::", NULL };
static const char *const not_cause_names[] = { "abort", "raise", "gsignal", "operator->",
	"operator[]", "operator*", "operator new", "malloc", "calloc", "realloc", "free", "memcpy", "memmove",
	"strdup", NULL };
static const char *const not_cause_folders[] = { "/libc++/", "/libcxx/", "glibc", "compiler-rt",
	"/libfuzzer/", "/libFuzzer/", "/include/c++/", NULL };

static bool is_cause(struct str function, struct str file)
{
	for (size_t i = 0; not_causes[i]; i++)
		if (str_starts(function, not_causes[i]))
			return false;
	for (size_t i = 0; not_cause_names[i]; i++)
		if (str_is(function, not_cause_names[i]))
			return false;
	for (size_t i = 0; not_cause_folders[i]; i++)
		if (str_has(file, not_cause_folders[i]))
			return false;
	return true;
}

/* "a::b(int, char) const" is a::b; a bracket inside a template's arguments is not the one. */
static struct str without_arguments(struct str function)
{
	size_t depth = 0;

	for (size_t i = 0; i < function.size; i++) {
		if (function.at[i] == '<')
			depth++;
		else if (function.at[i] == '>' && depth && i && function.at[i - 1] != '-')
			depth--;
		else if (function.at[i] == '(' && !depth && i &&
			 !str_starts(str_from(function, i), "(anonymous"))
			return str_slice(function, 0, i);
	}
	return function;
}

static void begin(struct state *s, struct findings *f, const struct line *line, const char *tool,
		  enum kind kind)
{
	s->failure = findings_failure(f, kind, WEIGHT_TRACE, line->number);
	s->failure->language = "c++";
	s->failure->tool = tool;
	s->first = s->last = line->number;
	s->lines = 0;
	s->stage = STAGE_HEAD;
	s->undefined = false;
}

/* "==12==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x..." */
static bool header(struct state *s, struct findings *f, const struct line *line)
{
	struct str text = line->text, rest, type;
	const char *tool = NULL;

	if (!str_split(text, "ERROR: ", NULL, &text) && !str_split(text, "WARNING: ", NULL, &text))
		return false;
	for (size_t i = 0; names[i] && !tool; i++) {
		rest = text;
		if (str_skip(&rest, names[i]) && str_skip(&rest, ": "))
			tool = names[i];
	}
	if (!tool)
		return false;
	begin(s, f, line, tool, str_starts(rest, "timeout ") ? KIND_TIMEOUT :
	      str_starts(rest, "out-of-memory") ? KIND_RESOURCE : KIND_EXCEPTION);
	(void)str_split(rest, " (pid=", &rest, NULL);
	(void)str_split(rest, " (pc ", &rest, NULL);
	(void)str_split(rest, " at pc ", &rest, NULL);
	type = rest;
	if (!str_split(rest, " on ", &type, NULL))
		(void)str_split(rest, ": ", &type, NULL);
	if (str_is(rest, "detected memory leaks"))
		type = STR("memory leak");
	s->failure->type = findings_text(s->failure, type);
	s->failure->message = findings_text(s->failure, rest);
	return true;
}

/* "ub.c:6:11: runtime error: signed integer overflow: ..." */
static bool undefined(struct state *s, struct findings *f, const struct line *line)
{
	struct str text = line->text;
	struct place place;

	if (!place_take(&text, &place) || !str_skip(&text, ": runtime error: "))
		return false;
	begin(s, f, line, "UndefinedBehaviorSanitizer", KIND_EXCEPTION);
	s->undefined = true;
	s->failure->type = "undefined behaviour";
	for (size_t i = 0; i < sizeof(undefined_types) / sizeof(undefined_types[0]); i++)
		if (str_has(text, undefined_types[i].words)) {
			s->failure->type = undefined_types[i].type;
			break;
		}
	s->failure->message = findings_text(s->failure, text);
	place_set(s->failure, &place);
	if (place_ends(place.file, ".c .h"))
		s->failure->language = "c";
	findings_diagnostic(f, "UndefinedBehaviorSanitizer", place.file, place.line, place.column,
			    SEVERITY_ERROR, STR_NONE, text);
	return true;
}

/*
 * "#0 0x5636 in total /src/uaf.c:11", "#0 main /src/race.c:4 (race+0x12)", "#4 0x55 in _start
 * (/a/b+0x1)"
 */
static bool frame(struct state *s, struct str text, unsigned long *number)
{
	struct str function, file;
	struct place place = {0};
	bool last = true;

	text = str_trim(text);
	if (!str_skip(&text, "#") || !str_take_number(&text, number) || !str_skip(&text, " "))
		return false;
	if (s->stage == STAGE_REST)
		return true;
	text = str_trim(text);
	if (str_starts(text, "0x")) {
		take_word(&text);
		(void)str_skip(&text, "in ");
	}
	while (last && str_ends(text, ")"))
		last = str_split_last(text, " (", &text, NULL);
	if (str_starts(text, "("))
		return true;		/* only a module and an offset */
	function = text;
	if (str_split_last(text, " ", &function, &file)) {
		struct str rest = file;

		if (!place_take(&rest, &place) || rest.size) {
			place = (struct place){0};
			if (str_starts(file, "/"))
				place.file = file;
			else
				function = text;
		}
	}
	function = without_arguments(function);
	if (!is_cause(function, place.file))
		return true;
	trace_frame(s->failure, &place, function);
	if (s->undefined && !s->failure->function)
		s->failure->function = findings_text(s->failure, function);
	if (place_ends(place.file, ".c") && !str_has(place.file, "/csu/") &&
	    !str_has(place.file, "/sysdeps/"))
		s->failure->language = "c";
	return true;
}

/* "SUMMARY: AddressSanitizer: heap-buffer-overflow /src/uaf.c:11 in total" */
static void summary(struct state *s, struct str text)
{
	struct str function = STR_NONE, file;
	struct place place;

	if (s->failure->frame_count || s->failure->file || !str_split(text, " in ", &text, &function) ||
	    !str_split_last(text, " ", NULL, &file) || !place_take(&file, &place) || file.size)
		return;
	trace_frame(s->failure, &place, function);
}

static void finish(struct state *s, struct findings *f)
{
	if (s->stage == STAGE_NONE)
		return;
	s->failure->last_line = s->last;
	trace_turn(s->failure);
	if (s->undefined && !s->failure->frame_count)
		s->failure->weight = WEIGHT_FAILURE;
	else
		findings_block(f, s->failure->language, s->first, s->last);
	s->stage = STAGE_NONE;
}

/*
 * What the lines between the headline and the stack add: which leak, and what was done at address
 * 0.
 */
static void refine(struct state *s, struct str text)
{
	if (str_starts(text, "Direct leak of "))
		s->failure->type = "direct-leak";
	else if (str_starts(text, "Indirect leak of "))
		s->failure->type = "indirect-leak";
	else if (str_has(text, "caused by a READ memory access"))
		s->write = false;
	else if (str_has(text, "caused by a WRITE memory access"))
		s->write = true;
	else if (str_has(text, "Hint: address points to the zero page"))
		s->failure->type = s->write ? "null-dereference WRITE" : "null-dereference READ";
}

static bool inside(struct state *s, const struct line *line)
{
	struct str text = line->text;
	unsigned long number;

	if (++s->lines > REPORT_LINES_MAX)
		return false;
	if (s->stage != STAGE_NONE && frame(s, text, &number)) {
		if (s->stage == STAGE_HEAD)
			s->stage = STAGE_STACK;
		s->last = line->number;
		return true;
	}
	if (s->stage == STAGE_STACK)
		s->stage = STAGE_REST;
	if (s->undefined && s->stage == STAGE_REST)
		return false;
	if (str_starts(text, "SUMMARY: ")) {
		summary(s, text);
		s->last = line->number;
		return false;
	}
	if (s->undefined)
		return s->lines < 5 && str_starts(text, " ");
	text = str_trim(text);
	if (s->stage == STAGE_HEAD && (str_starts(text, "READ of size ") ||
				       str_starts(text, "WRITE of size "))) {
		(void)str_split(text, " at ", &text, NULL);
		s->failure->message = findings_text(s->failure, text);
	}
	if (s->stage == STAGE_HEAD)
		refine(s, text);
	return !str_ends(text, "==ABORTING");
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;
	bool starts = str_has(line->text, "Sanitizer: ") || str_has(line->text, "libFuzzer: ");

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

static const char *const wake[] = { "Sanitizer: ", ": runtime error: ", "ERROR: libFuzzer: ", NULL };

static const char *const shop[] = { "uaf.c", "leak.c", "ub.c", "race.c", "msan.c", NULL };

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
		"    #3 0x7fa5fc445249 in __libc_start_call_main ../sysdeps/nptl/libc_start_call_m"
		"ain.h:58\n"
		"\n"
		"Direct leak of 10 byte(s) in 1 object(s) allocated from:\n"
		"    #0 0x7fa5fc6b89cf in __interceptor_malloc ../../../../src/libsanitizer/asan/a"
		"san_malloc_linux.cpp:69\n"
		"    #1 0x55c8aa8fe166 in name /src/leak.c:2\n"
		"    #2 0x55c8aa8fe171 in main /src/leak.c:3\n"
		"    #3 0x7fa5fc445249 in __libc_start_call_main ../sysdeps/nptl/libc_start_call_m"
		"ain.h:58\n"
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

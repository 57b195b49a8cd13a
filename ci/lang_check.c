/*
 * Native programs that end themselves and say why: assertions, CHECKs, fatal log lines, uncaught C++
 * exceptions, limits of fuzzers. The frames are those of the stack that follows: the program's own, or better the one
 * that a sanitizer prints when it catches the abort. Heap checks of libc and plain signals are read
 * elsewhere.
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
 * assert() names its function in full where the compiler can: "int shop::{anonymous}::add(T, int)
 * [with T = int]" is shop::add.
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
	failure->type = findings_text(failure, s->check.type);
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
	if (s->check.next == CHECK_WHAT_FOLLOWS && str_skip(&text, "  what():  ")) {
		s->failure->message = findings_text(s->failure, text);
		s->last = line->number;
		return true;
	}
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
		if (s->caught && s->stage == STAGE_SAID)
			s->failure->frame_count = 0;
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

static const char *const wake[] = { "terminate called after throwing", " uncaught exception of type ",
	": Assertion `", ": Assertion '", "Assertion failed: ",
	": assertion ", "assertion \"", ":FATAL:", "[FATAL:", "] Check failed: ",
	"] CHECK failed: ",
	"] DCHECK failed: ", "] assertion failed: ", "[critical][assert] ", "# Fatal error in ", "abort: CSA_",
	"ASSERTION FAILED: ", "ASSERT: ", "ASSERT failure in ", "Assertion failure: ",
	"TRAP: failed Assert(",
	"TRAP: FailedAssertion(", "UNREACHABLE executed at ", " limit exceeded: ",
	" timeout exceeded: ",
	"= Timeout of ", "===BUG DETECTED: ", ": code should not be reached", ": _LIBCPP_ASSERT ",
	"ERROR **: ",
	" Must be non NULL", "*** Check failure stack trace: ***", NULL };

static const char *const shop[] = { "f.c", "gl.cc", "src/cart.cc", "Cart.cpp", "gb.c", "mu.c",
	NULL };

static const struct reading examples[] = {
	{
		.name = "assert",
		.files = shop,
		.log =
		"f: f.c:2: main: Assertion `c > 3 && \"need three\"' failed.\n"
		"bash: line 83:  8062 Aborted                 ./f\n",
		.expect = { .kind = KIND_ASSERTION, .language = "c", .tool = "libc",
			    .type = "assert",
			    .message = "c > 3 && \"need three\"", .file = "f.c", .line = 2,
			    .function = "main", .error_line = 1 },
	},
	{
		.name = "Chrome, its own stack",
		.log =
		"[24256:24256:0324/233643:FATAL:cart.cc(12)] Check failed: total_ > 0 (0 vs. "
		"0). \n"
		"#0 0x7f48a3cf4141 base::debug::CollectStackTrace()\n"
		"#1 0x7f48a526964d logging::LogMessage::~LogMessage()\n"
		"#2 0x7f48b4856ef4 shop::(anonymous namespace)::Cart<>::Total()\n"
		"#3 0x7f48b4855974 shop::Main()\n"
		"#4 0x7f48b4b12c84 <unknown>\n"
		"\n"
		"Received signal 6\n",
		.expect = { .kind = KIND_ASSERTION, .language = "c++", .tool = "logging",
			    .type = "CHECK failure", .message = "total_ > 0 (0 vs. 0).",
			    .file = "cart.cc", .line = 12, .function = "shop::Cart<>::Total",
			    .error_line = 1 },
	},
	{
		.name = "glog, caught by a sanitizer",
		.files = shop,
		.log =
		"F20261121 19:01:50.402863  2272 gl.cc:5] Check failed: n == 3 (2 vs. 3) \n"
		"*** Check failure stack trace: ***\n"
		"    @     0x7fefa92ed1ed  google::LogMessage::Fail()\n"
		"    @     0x561ebdba965a  culprit()\n"
		"    @     0x561ebdba98b4  main\n"
		"AddressSanitizer:DEADLYSIGNAL\n"
		"=================================================================\n"
		"==2272==ERROR: AddressSanitizer: ABRT on unknown address 0x0000000008e0 (pc "
		"0x7fefa86a8eec bp 0x7fefa92b1ec0 sp 0x7ffd2a5a91f0 T0)\n"
		"    #0 0x7fefa86a8eec in __pthread_kill_implementation "
		"nptl/pthread_kill.c:44\n"
		"    #1 0x7fefa8659fb1 in __GI_raise ../sysdeps/posix/raise.c:26\n"
		"    #2 0x7fefa8644471 in __GI_abort stdlib/abort.c:79\n"
		"    #3 0x7fefa92e6b4b  (/lib/x86_64-linux-gnu/libglog.so.1+0x9b4b)\n"
		"    #4 0x7fefa92ed1ec in google::LogMessage::Fail() "
		"(/lib/x86_64-linux-gnu/libglog.so.1+0x101ec)\n"
		"    #5 0x561ebdba9659 in culprit(int) /src/gl.cc:5\n"
		"    #6 0x561ebdba97ea in caller(int) /src/gl.cc:8\n",
		.expect = { .kind = KIND_ASSERTION, .tool = "glog", .type = "CHECK failure",
			    .message = "n == 3 (2 vs. 3)", .file = "gl.cc", .line = 5,
			    .function = "culprit", .error_line = 1 },
	},
	{
		.name = "V8",
		.files = shop,
		.log =
		"\n"
		"\n"
		"#\n"
		"# Fatal error in ../../src/cart.cc, line 24\n"
		"# Check failed: length == 0.\n"
		"#\n",
		.expect = { .kind = KIND_ASSERTION, .tool = "v8", .type = "CHECK failure",
			    .message = "length == 0.", .file = "src/cart.cc", .line = 24,
			    .error_line = 5 },
	},
	{
		.name = "WebKit",
		.files = shop,
		.log =
		"ASSERTION FAILED: start <= end\n"
		"/src/Cart.cpp(270) : void shop::Cart::total(const Price &)\n"
		"1   0x7f161a913b13 WTFReportBacktrace(int)\n",
		.expect = { .kind = KIND_ASSERTION, .type = "assert", .message = "start <= end",
			    .file = "Cart.cpp", .line = 270, .function = "shop::Cart::total",
			    .error_line = 1 },
	},
	{
		.name = "GLib",
		.files = shop,
		.log =
		"**\n"
		"ERROR:gb.c:4:culprit: assertion failed (n == 3): (2 == 3)\n"
		"Bail out! ERROR:gb.c:4:culprit: assertion failed (n == 3): (2 == 3)\n",
		.expect = { .kind = KIND_ASSERTION, .language = "c", .tool = "glib",
			    .type = "assert", .message = "(n == 3): (2 == 3)", .file = "gb.c",
			    .line = 4, .function = "culprit", .error_line = 2 },
	},
	{
		.name = "libstdc++",
		.log =
		"/usr/include/c++/12/bits/stl_vector.h:1123: std::vector<_Tp, "
		"_Alloc>::reference std::vector<_Tp, _Alloc>::operator[](size_type) [with "
		"_Tp = int; _Alloc = std::allocator<int>; size_type = long unsigned int]: "
		"Assertion '__n < this->size()' failed.\n",
		.expect = { .kind = KIND_ASSERTION, .type = "assert",
			    .message = "__n < this->size()",
			    .function = "std::vector<_Tp, _Alloc>::operator[]", .error_line = 1 },
	},
	{
		.name = "libc++",
		.log =
		"/usr/lib/llvm-14/bin/../include/c++/v1/vector:1440: _LIBCPP_ASSERT '__n < "
		"size()' failed. vector[] index out of bounds\n",
		.expect = { .kind = KIND_ASSERTION, .type = "assert", .message = "__n < size()",
			    .error_line = 1 },
	},
	{
		.name = "musl",
		.files = shop,
		.log =
		"Assertion failed: c>5 (mu.c: main: 2)\n",
		.expect = { .kind = KIND_ASSERTION, .type = "assert", .message = "c>5",
			    .file = "mu.c", .line = 2, .function = "main", .error_line = 1 },
	},
	{
		.name = "macOS",
		.files = shop,
		.log =
		"Assertion failed: (c > 5), function main, file mu.c, line 2.\n",
		.expect = { .kind = KIND_ASSERTION, .type = "assert", .message = "(c > 5)",
			    .file = "mu.c", .line = 2, .function = "main", .error_line = 1 },
	},
	{
		.name = "Qt",
		.files = shop,
		.log =
		"ASSERT: \"i < size\" in file Cart.cpp, line 12\n",
		.expect = { .kind = KIND_ASSERTION, .tool = "qt", .type = "assert",
			    .message = "i < size", .file = "Cart.cpp", .line = 12, .error_line = 1 },
	},
	{
		.name = "PostgreSQL",
		.files = shop,
		.log =
		"TRAP: failed Assert(\"count > 0\"), File: \"mu.c\", Line: 88, PID: 1231\n",
		.expect = { .kind = KIND_ASSERTION, .tool = "postgres", .type = "assert",
			    .message = "count > 0", .file = "mu.c", .line = 88, .error_line = 1 },
	},
	{
		.name = "a stack too deep for the fuzzer",
		.files = shop,
		.log =
		"========= Stack limit exceeded: 982784 > 131072 (byte); aborting\n"
		"AddressSanitizer:DEADLYSIGNAL\n"
		"=================================================================\n"
		"==477==ERROR: AddressSanitizer: ABRT on unknown address 0x0539000001dd (pc "
		"0x7e7fdb58200b bp 0x7ffcb9c87240 sp 0x7ffcb9c86fd0 T0)\n"
		"    #0 0x7e7fdb58200b in raise (/lib/x86_64-linux-gnu/libc.so.6+0x4300b)\n"
		"    #1 0x57a2466368b3 in centipede::CheckStackLimit(unsigned long) "
		"/fuzz/centipede/runner.cc:295:5\n"
		"    #2 0x57a246647d51 in __sanitizer_cov_trace_pc_guard "
		"/fuzz/centipede/runner_sancov.cc:312:3\n"
		"    #3 0x57a2431663d8 in grow(int) /src/gl.cc:27:1\n",
		.expect = { .kind = KIND_RESOURCE, .tool = "centipede", .type = "stack-overflow",
			    .file = "gl.cc", .line = 27, .function = "grow", .error_line = 1 },
	},
	{
		.name = "an uncaught C++ exception",
		.log =
		"terminate called after throwing an instance of 'std::out_of_range'\n"
		"  what():  vector::_M_range_check: __n (which is 3) >= this->size() (which is "
		"0)\n",
		.expect = { .kind = KIND_EXCEPTION, .language = "c++", .type = "std::out_of_range",
			    .message = "vector::_M_range_check: __n (which is 3) >= this->size() "
				       "(which is 0)",
			    .error_line = 1 },
	},
	{
		.name = "an uncaught exception in a fuzz target",
		.files = shop,
		.log =
		"terminate called after throwing an instance of 'std::out_of_range'\n"
		"  what():  no such price\n"
		"==9== ERROR: libFuzzer: deadly signal\n"
		"    #0 0x558d in __sanitizer_print_stack_trace (/src/fz+0x5bd40)\n"
		"    #1 0x7f60 in raise (/lib/x86_64-linux-gnu/libc.so.6+0x3c04f)\n"
		"    #2 0x7f61 in __cxa_throw (/lib/x86_64-linux-gnu/libstdc++.so.6+0xa90d7)\n"
		"    #3 0x558e in culprit(unsigned char const*) /src/gl.cc:9:3\n"
		"    #4 0x558f in LLVMFuzzerTestOneInput /src/gl.cc:14:85\n"
		"SUMMARY: libFuzzer: deadly signal\n",
		.expect = { .kind = KIND_EXCEPTION, .tool = "libstdc++", .type = "std::out_of_range",
			    .message = "no such price", .file = "gl.cc", .line = 9,
			    .function = "culprit", .error_line = 1 },
	},
	{
		.name = "an uncaught exception, libc++",
		.log =
		"libc++abi: terminating with uncaught exception of type std::out_of_range: vector\n",
		.expect = { .kind = KIND_EXCEPTION, .tool = "libc++", .type = "std::out_of_range",
			    .message = "vector", .error_line = 1 },
	},
	{
		.name = "sentences with the words",
		.log =
		"Assertion failed: it says so in the manual\n"
		"[INFO:cart.cc(12)] Check failed: not yet\n"
		"how to read a FATAL: log line] of ours\n"
		"the rate limit exceeded: try later, Per-input timeout exceeded: never\n",
		.nothing = true,
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

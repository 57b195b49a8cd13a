/*
 * Swift outside of tests: the compiler's diagnostics, SwiftPM's and xcodebuild's own errors, and the
 * traps of a running program with their backtrace. XCTest and swift-testing have their own reader.
 */
#include "ci/trace.h"

enum { CRASH_LINES_MAX = 300, LEAD_LINES_MAX = 40 };

struct state {
	struct failure *trap;		/* its backtrace may follow */
	unsigned lines, frames;
	unsigned long first, last;
	bool crashing;			/* within a backtrace */
};

/* What SwiftPM and xcodebuild say of the project itself: "error: ..." without a place. */
static const struct {
	const char *words;
	enum kind kind;
	unsigned weight;
} project_errors[] = {
	{ "ependencies could not be resolved", KIND_DEPENDENCY, WEIGHT_CERTAIN },
	{ "is using Swift tools version", KIND_CONFIG, WEIGHT_CERTAIN },
	{ "Invalid manifest", KIND_CONFIG, WEIGHT_DIAGNOSTIC },
	{ "Could not find Package.swift", KIND_CONFIG, WEIGHT_CERTAIN },
	{ "Couldn't clone ", KIND_DEPENDENCY, WEIGHT_CERTAIN },
	{ "Failed to clone repository", KIND_DEPENDENCY, WEIGHT_CERTAIN },
	{ "Could not resolve package dependencies", KIND_DEPENDENCY, WEIGHT_DIAGNOSTIC },
	{ "required by package ", KIND_DEPENDENCY, WEIGHT_DIAGNOSTIC },
	{ "Unable to find a destination matching", KIND_CONFIG, WEIGHT_CERTAIN },
	{ "is not currently configured for the", KIND_CONFIG, WEIGHT_CERTAIN },
	{ "does not contain a scheme named", KIND_CONFIG, WEIGHT_CERTAIN },
	{ "requires a development team", KIND_CONFIG, WEIGHT_CERTAIN },
	{ "requires a provisioning profile", KIND_CONFIG, WEIGHT_CERTAIN },
	{ "No profiles for ", KIND_CONFIG, WEIGHT_CERTAIN },
	{ "does not exist.", KIND_CONFIG, WEIGHT_DIAGNOSTIC },
};

static const char *const consequences[] = { "** BUILD FAILED **", "** TEST FAILED **",
	"** ARCHIVE FAILED **", "** ANALYZE FAILED **", "** TEST BUILD FAILED **",
	"The following build commands failed:", "error: fatalError",
	"error: emit-module command failed with exit code",
	"error: compile command failed due to signal", "error: link command failed with exit code",
	"ld: symbol(s) not found for architecture ", NULL };

/* "/src/Cart.swift:7:9: error: cannot find 'nam' in scope"; xcpretty's has a cross before, no word. */
static bool diagnostic(const struct line *line, struct findings *f)
{
	struct str text = str_trim(line->text);
	enum severity severity = SEVERITY_ERROR;
	bool crossed = str_skip(&text, "\xe2\x9d\x8c"), missing;
	struct failure *failure;
	struct place place;

	text = str_trim(text);
	if (!place_take(&text, &place) || !place_ends(place.file, ".swift") || !place.column ||
	    !str_skip(&text, ": "))
		return false;
	if (str_skip(&text, "warning: "))
		severity = SEVERITY_WARNING;
	else if (str_skip(&text, "note: "))
		severity = SEVERITY_NOTE;
	else if (!str_skip(&text, "error: ") && !str_skip(&text, "fatal error: ") && !crossed)
		return false;
	if (!text.size || (str_has(text, " Violation: ") && str_ends(text, ")")))
		return false;		/* the latter is SwiftLint's */
	findings_diagnostic(f, "swiftc", place.file, place.line, place.column, severity, STR_NONE,
			    text);
	if (severity != SEVERITY_ERROR)
		return true;
	missing = str_starts(text, "no such module ");
	failure = findings_failure(f, missing ? KIND_DEPENDENCY : KIND_COMPILE,
				   missing ? WEIGHT_TRACE : WEIGHT_DIAGNOSTIC, line->number);
	failure->language = "swift";
	failure->tool = "swiftc";
	failure->message = findings_text(failure, text);
	place_set(failure, &place);
	return true;
}

static bool consequence(const struct line *line, struct findings *f)
{
	struct failure *failure;
	size_t i = 0;

	while (consequences[i] && !str_starts(line->text, consequences[i]))
		i++;
	if (!consequences[i])
		return false;
	failure = findings_failure(f, KIND_UNKNOWN, WEIGHT_CONSEQUENCE, line->number);
	failure->tool = "xcodebuild";
	failure->message = findings_text(failure, line->text);
	return true;
}

static bool project_error(const struct line *line, struct findings *f)
{
	struct str text = line->text, file = STR_NONE;
	bool xcode = str_skip(&text, "xcodebuild: ");
	struct failure *failure;

	if (!str_skip(&text, "error: ") && (!str_split(text, ": error: ", &file, &text) ||
					    !place_ends(file, ".xcodeproj .xcworkspace .swift")))
		return false;
	for (size_t i = 0; i < sizeof(project_errors) / sizeof(project_errors[0]); i++) {
		if (!str_has(text, project_errors[i].words))
			continue;
		failure = findings_failure(f, project_errors[i].kind, project_errors[i].weight,
					   line->number);
		failure->language = "swift";
		failure->tool = xcode || place_ends(file, "proj .xcworkspace") ? "xcodebuild" : "swiftpm";
		failure->message = findings_text(failure, text);
		return true;
	}
	return false;
}

/* "Shop/Cart.swift:7: Fatal error: Index out of range"; of old "Fatal error: ...: file f, line 7" */
static bool trap(struct state *s, const struct line *line, struct findings *f)
{
	static const char *const words[] = { "Fatal error", "Precondition failed", "Assertion failed",
		NULL };
	struct str text = line->text, number;
	struct place place = {0};
	size_t i = 0;

	if (place_take(&text, &place)) {
		if (!place_ends(place.file, ".swift") || !str_skip(&text, ": "))
			return false;
	} else if (!str_split_last(text, ": file ", &text, &place.file) ||
		   !str_split_last(place.file, ", line ", &place.file, &number) ||
		   !place_ends(place.file, ".swift") || !str_number(number, &place.line)) {
		return false;
	}
	while (words[i] && !str_skip(&text, words[i]))
		i++;
	if (!words[i])
		return false;
	(void)str_skip(&text, ": ");
	s->trap = findings_failure(f, i ? KIND_ASSERTION : KIND_EXCEPTION, WEIGHT_TRACE, line->number);
	s->trap->language = "swift";
	s->trap->tool = "swift";
	s->trap->type = words[i];
	s->trap->message = findings_text(s->trap, text);
	if (!str_starts(place.file, "Swift/"))	/* not the standard library's own check */
		place_set(s->trap, &place);
	s->first = s->last = line->number;
	s->lines = s->frames = 0;
	s->crashing = false;
	return true;
}

/*
 * A crash that no trap announced: "*** Program crashed: Bad pointer dereference at 0x83db8 ***", or
 * macOS' report: "Thread 0 Crashed:: Dispatch queue: com.apple.main-thread"
 */
static bool crash(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text;
	bool apple;

	(void)(str_skip(&text, "*** ") || str_skip(&text, "\xf0\x9f\x92\xa3 "));
	apple = str_starts(text, "Thread ") && str_has(text, " Crashed:");
	if (!apple && !str_skip(&text, "Program crashed: ") && !str_skip(&text, "Swift runtime failure: "))
		return false;
	str_chop(&text, " ***");
	(void)str_split_last(text, " at 0x", &text, NULL);
	s->trap = findings_failure(f, KIND_EXCEPTION, WEIGHT_TRACE, line->number);
	s->trap->language = "swift";
	s->trap->tool = "swift";
	s->trap->type = "crash";
	s->trap->message = findings_text(s->trap, text);
	s->first = s->last = line->number;
	s->lines = s->frames = 0;
	s->crashing = true;
	return true;
}

/* "1   Shop   0x000000010000 Cart.price(_:) + 60 (Cart.swift:7)" in macOS' report */
static bool apple_frame(struct state *s, struct str text)
{
	struct str function, where;
	struct place place = {0};

	take_word(&text);		/* the image */
	if (!str_starts(text, "0x"))
		return false;
	take_word(&text);
	function = text;
	if (str_chop(&text, ")") && str_split_last(text, " (", &function, &where) &&
	    !place_take(&where, &place))
		place = (struct place){0};
	(void)str_split_last(function, " + ", &function, NULL);
	trace_frame(s->trap, &place, str_trim(function));
	s->frames++;
	return true;
}

/* "0 Cart.price(_:) + 60 in shop at /src/Sources/Shop/Cart.swift:7:9" */
static bool frame(struct state *s, struct str text)
{
	struct str function, where;
	struct place place = {0};
	unsigned long number;

	text = str_trim(text);
	if (!str_take_number(&text, &number) || !str_starts(text, " "))
		return false;
	text = str_trim(text);
	while (str_starts(text, "["))
		if (!str_split(text, "] ", NULL, &text))
			return false;
	if (str_starts(text, "0x"))
		take_word(&text);
	if (!str_split_last(text, " in ", &function, &where))
		return apple_frame(s, text);
	if (str_split(where, " at ", NULL, &where))
		(void)place_take(&where, &place);
	(void)str_split_last(function, " + ", &function, NULL);
	trace_frame(s->trap, &place, str_trim(function));
	s->frames++;
	return true;
}

static void finish(struct state *s, struct findings *f)
{
	if (s->trap) {
		trace_turn(s->trap);
		s->trap->last_line = s->last;
		if (s->frames)
			findings_block(f, "swift", s->first, s->last);
	}
	s->trap = NULL;
}

/* Below a trap: first what the program's other streams say, then one thread's backtrace. */
static bool inside(struct state *s, const struct line *line)
{
	struct str text = line->text;

	if (++s->lines > (s->crashing ? CRASH_LINES_MAX : LEAD_LINES_MAX))
		return false;
	if (str_starts(text, "*** Program crashed:") || str_ends(text, " crashed:")) {
		s->crashing = true;
		return true;
	}
	if (!s->crashing)
		return true;
	if (frame(s, text)) {
		s->last = line->number;
		return true;
	}
	return !str_starts(text, "Thread ") && !str_starts(text, "Registers:") &&
	       !str_starts(text, "Images ");
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;

	if (s->trap && !inside(s, line))
		finish(s, f);
	if (!diagnostic(line, f) && !consequence(line, f) && !project_error(line, f) &&
	    (!s->trap || !s->crashing)) {
		struct failure *before = s->trap;

		s->trap = NULL;
		if (!trap(s, line, f) && (before || !crash(s, line, f)))
			s->trap = before;
	}
	return s->trap ? AWAKE : ASLEEP;
}

static void end(void *state, struct findings *f)
{
	finish(state, f);
}

static const char *const wake[] = { ".swift:", "FAILED **", "Fatal error: ", "Precondition failed",
	"error: Dependencies could not", "is using Swift tools version", "xcodebuild: error: ",
	".xcodeproj: error: ", ".xcworkspace: error: ", "error: Could not find Package.swift",
	"Failed to clone repository", "ld: symbol(s) not found", "The following build commands failed:",
	"error: fatalError", "command failed with exit code", "error: Could not resolve package",
	"required by package ", "Program crashed: ", "Swift runtime failure: ", " Crashed:", NULL };

static const char *const shop[] = { "Sources/Shop/Cart.swift", "Sources/shop/main.swift", NULL };

static const struct reading examples[] = {
	{
		.name = "swiftc, with the source below as Swift 6 prints it",
		.files = shop,
		.log =
		"[3/5] Compiling Shop Cart.swift\n"
		"/Users/runner/work/shop/shop/Sources/Shop/Cart.swift:7:16: error: cannot find 'nam' in "
		"scope\n"
		"5 | struct Cart {\n"
		"6 |     func price(_ name: String) -> Int {\n"
		"7 |         return nam.count\n"
		"  |                `- error: cannot find 'nam' in scope\n"
		"error: emit-module command failed with exit code 1 (use -v to see invocation)\n"
		"error: fatalError\n",
		.expect = { .kind = KIND_COMPILE, .language = "swift", .tool = "swiftc",
			    .message = "cannot find 'nam' in scope", .file = "Sources/Shop/Cart.swift",
			    .line = 7, .error_line = 2 },
	},
	{
		.name = "xcodebuild",
		.files = shop,
		.log =
		"/Users/runner/work/shop/shop/Sources/Shop/Cart.swift:1:8: error: no such module 'Tax'\n"
		"import Tax\n"
		"       ^\n"
		"\n"
		"** TEST FAILED **\n"
		"\n"
		"\n"
		"The following build commands failed:\n"
		"\tSwiftCompile normal arm64 /Users/runner/work/shop/shop/Sources/Shop/Cart.swift (in "
		"target 'Shop' from project 'Shop')\n"
		"(1 failure)\n",
		.expect = { .kind = KIND_DEPENDENCY, .tool = "swiftc", .line = 1,
			    .message = "no such module 'Tax'", .error_line = 1 },
	},
	{
		.name = "no place to run",
		.log = "xcodebuild: error: Unable to find a destination matching the provided "
		       "destination specifier:\n\t\t{ platform:iOS Simulator, OS:17.0, name:iPhone 15 }\n",
		.expect = { .kind = KIND_CONFIG, .language = "swift", .tool = "xcodebuild" },
	},
	{
		.name = "SwiftPM cannot resolve",
		.log = "error: Dependencies could not be resolved because root depends on 'tax' "
		       "2.0.0..<3.0.0.\n",
		.expect = { .kind = KIND_DEPENDENCY, .tool = "swiftpm", .error_line = 1 },
	},
	{
		.name = "a trap with its backtrace",
		.files = shop,
		.log =
		"Swift/ContiguousArrayBuffer.swift:600: Fatal error: Index out of range\n"
		"\n"
		"*** Program crashed: Illegal instruction at 0x00007f2ac1b5e4d8 ***\n"
		"\n"
		"Thread 0 \"shop\" crashed:\n"
		"\n"
		"0 _assertionFailure(_:_:file:line:flags:) + 264 in libswiftCore.so\n"
		"1 Cart.price(_:) + 60 in shop at /src/Sources/Shop/Cart.swift:9:20\n"
		"\n"
		"     7\u2502     func price(_ at: Int) -> Int {\n"
		"\n"
		"2 main + 20 in shop at /src/Sources/shop/main.swift:4:11\n"
		"\n"
		"Registers:\n",
		.expect = { .kind = KIND_EXCEPTION, .type = "Fatal error",
			    .message = "Index out of range", .file = "Sources/Shop/Cart.swift",
			    .line = 9, .function = "Cart.price(_:)", .error_line = 1 },
	},
	{
		.name = "macOS' crash report",
		.files = shop,
		.log =
		"Thread 0 Crashed:: Dispatch queue: com.apple.main-thread\n"
		"0   libswiftCore.dylib  0x00007ff81a2b3c4d _assertionFailure + 315\n"
		"1   shop                0x0000000100003f5c Cart.price(_:) + 60 (Cart.swift:9)\n"
		"2   shop                0x0000000100003e10 main + 20 (main.swift:4)\n"
		"\n"
		"Thread 1:\n",
		.expect = { .kind = KIND_EXCEPTION, .language = "swift", .type = "crash", .line = 9,
			    .file = "Sources/Shop/Cart.swift", .function = "Cart.price(_:)" },
	},
	{
		.name = "a trap of one's own",
		.files = shop,
		.log = "Shop/Cart.swift:12: Fatal error: no price\n",
		.expect = { .kind = KIND_EXCEPTION, .type = "Fatal error", .message = "no price",
			    .file = "Sources/Shop/Cart.swift", .line = 12 },
	},
	{
		.name = "a trap in the words of Swift 5.3",
		.files = shop,
		.log = "Fatal error: Unexpectedly found nil while unwrapping an Optional value: file "
		       "/src/Sources/Shop/Cart.swift, line 12\n",
		.expect = { .kind = KIND_EXCEPTION, .file = "Sources/Shop/Cart.swift", .line = 12,
			    .message = "Unexpectedly found nil while unwrapping an Optional value" },
	},
	{
		.name = "warnings only",
		.log = "/src/Sources/Shop/Cart.swift:3:9: warning: variable 'x' was never used\n"
		       "PHP Fatal error: none\n** BUILD SUCCEEDED **\n",
		.nothing = true,
	},
	{0}
};

const struct reader reader_swift = {
	.name = "swift",
	.language = "swift",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};

/*
 * Assertions and checks, line by line: one small function a form. Does not read the stacks that
 * follow.
 */
#include "ci/check.h"

static bool is_digit(struct str text, size_t at)
{
	return at < text.size && text.at[at] >= '0' && text.at[at] <= '9';
}

static void assertion(struct check *check, const char *tool)
{
	check->type = STR("assert");
	check->tool = tool;
	check->kind = KIND_ASSERTION;
}

/* "path:12: function: " in front of an assertion; a program's name may stand before it. */
static bool take_where(struct str where, struct check *check)
{
	struct str rest = where;

	if (!place_take(&rest, &check->place))
		return false;
	(void)str_split_last(check->place.file, ": ", NULL, &check->place.file);
	(void)str_skip(&rest, ": ");
	(void)str_chop(&rest, ": ");
	(void)str_chop(&rest, ":");
	check->function = str_trim(rest);
	return true;
}

/* "f: f.c:2: main: Assertion `c > 3' failed.", and libstdc++ with two straight quotes */
static bool glibc(struct str text, struct check *check)
{
	struct str where, what;

	if (!str_split(text, ": Assertion `", &where, &what) &&
	    !str_split(text, ": Assertion '", &where, &what))
		return false;
	if (!str_split_last(what, " failed", &check->message, NULL) || !take_where(where, check))
		return false;
	(void)str_chop(&check->message, "'");
	assertion(check, "libc");
	return true;
}

/*
 * "Assertion failed: (x > 3), function main, file f.c, line 2." (macOS, BSD), without a function
 * (Windows), "Assertion failed: x > 3 (f.c: main: 2)" (musl)
 */
static bool other_libc(struct str text, struct check *check)
{
	struct str rest, line;

	if (!str_skip(&text, "Assertion failed: "))
		return false;
	if (str_split_last(text, ", file ", &check->message, &rest) &&
	    str_split_last(rest, ", line ", &check->place.file, &line) &&
	    str_take_number(&line, &check->place.line)) {
		(void)str_split_last(check->message, ", function ", &check->message, &check->function);
	} else if (str_chop(&text, ")") && str_split_last(text, " (", &check->message, &rest) &&
		   str_split(rest, ": ", &check->place.file, &rest) &&
		   str_split_last(rest, ": ", &check->function, &line) &&
		   str_take_number(&line, &check->place.line)) {
		;
	} else {
		return false;
	}
	assertion(check, "libc");
	return true;
}

/*
 * "f.c:2: main: assertion "c > 3" failed" (Android), "assertion "x" failed: file "f.c", line 2,
 * function: main" (newlib), "/usr/include/c++/v1/vector:9: assertion __n < size() failed: out of
 * bounds" (libc++)
 */
static bool small_assertion(struct str text, struct check *check)
{
	struct str where = STR_NONE, what, after;

	if (!str_split(text, ": assertion ", &where, &what) &&
	    !str_split(text, ": _LIBCPP_ASSERT ", &where, &what)) {
		what = text;
		if (!str_skip(&what, "assertion \""))
			return false;
	}
	(void)(str_skip(&what, "\"") || str_skip(&what, "'"));
	if (!str_split(what, " failed", &check->message, &after))
		return false;
	(void)(str_chop(&check->message, "\"") || str_chop(&check->message, "'"));
	if (str_skip(&after, ": file \"")) {
		if (!str_split(after, "\", line ", &check->place.file, &after) ||
		    !str_take_number(&after, &check->place.line))
			return false;
		if (str_skip(&after, ", function: "))
			check->function = after;
	} else if (!where.size || !take_where(where, check)) {
		return false;
	}
	assertion(check, "libc");
	return true;
}

/* "GLib:ERROR:../glib/gvariant.c:709:get_pattern: assertion failed: (j < i)" */
static bool glib(struct str text, struct check *check)
{
	struct str rest;

	if (str_starts(text, "Bail out! ") || !str_split(text, "ERROR:", NULL, &rest) ||
	    !place_take(&rest, &check->place) || !str_skip(&rest, ":") ||
	    !str_split(rest, ": ", &check->function, &rest))
		return false;
	if (!str_starts(rest, "assertion failed") && !str_starts(rest, "code should not be reached"))
		return false;
	check->message = rest;
	(void)str_skip(&check->message, "assertion failed: ");
	(void)str_skip(&check->message, "assertion failed ");
	assertion(check, "glib");
	return true;
}

static const struct {
	const char *start, *type;
	enum kind kind;
	bool keep;			/* the words are no mere introduction of a condition */
} checks[] = {
	{ "Check failed: ", "CHECK failure", KIND_ASSERTION, false },
	{ "CHECK failed: ", "CHECK failure", KIND_ASSERTION, false },
	{ "DCHECK failed: ", "DCHECK failure", KIND_ASSERTION, false },
	{ "Debug check failed: ", "DCHECK failure", KIND_ASSERTION, false },
	{ "Security DCHECK failed: ", "Security DCHECK failure", KIND_ASSERTION, false },
	{ "Security CHECK failed: ", "Security CHECK failure", KIND_ASSERTION, false },
	{ "Security Check failed: ", "Security CHECK failure", KIND_ASSERTION, false },
	{ "NOTREACHED hit. ", "CHECK failure: NOTREACHED", KIND_ASSERTION, false },
	{ "NOTREACHED hit", "CHECK failure: NOTREACHED", KIND_ASSERTION, true },
	{ "Assert failed: ", "assert", KIND_ASSERTION, false },
	{ "assertion failed: ", "assert", KIND_ASSERTION, false },
	{ "assert failure: ", "assert", KIND_ASSERTION, false },
	{ "check(", "CHECK failure", KIND_ASSERTION, true },
	{ "Out of memory", "out-of-memory", KIND_RESOURCE, true },
	{ "unreachable code", "unreachable code", KIND_ASSERTION, true },
	{ "unimplemented code", "unimplemented code", KIND_ASSERTION, true },
};

/* Names what a log library's fatal line says; false when it is none of the checks. */
static bool take_check(struct str text, struct check *check)
{
	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		struct str rest = text;

		if (!str_skip(&rest, checks[i].start))
			continue;
		check->type = str_of(checks[i].type);
		check->kind = checks[i].kind;
		check->message = checks[i].keep ? text : rest;
		return true;
	}
	return false;
}

/* "latency_info.cc(299)" and "base/feature_list.cc:467" */
static bool log_place(struct str text, struct place *place)
{
	struct str number;

	if (str_chop(&text, ")"))
		return str_split_last(text, "(", &place->file, &number) && place->file.size &&
		       str_number(number, &place->line);
	return place_take(&text, place) && !text.size;
}

/* "[24256:24256:0324/233643:FATAL:latency_info.cc(299)] Check failed: !terminated_." */
static bool chromium(struct str text, struct check *check)
{
	struct str head, rest;

	if (!str_split(text, "FATAL:", &head, &rest) || str_char(head, '[') < 0 ||
	    !str_split(rest, "] ", &rest, &text) || !log_place(rest, &check->place) ||
	    !(str_ends(head, ":") || str_ends(head, "[")))
		return false;
	check->tool = "logging";
	if (!take_check(text, check)) {
		check->type = STR("fatal log message");
		check->kind = KIND_EXCEPTION;
		check->message = text;
	}
	return true;
}

/* "F0813 00:29:27.775753  384244 file.cc:130] Check failed: x": glog, abseil, klog */
static bool glog(struct str text, struct check *check)
{
	struct str head, place, date = str_from(text, 1);
	unsigned long day;

	if (text.size < 20 || (text.at[0] != 'F' && text.at[0] != 'E') ||
	    !str_take_number(&date, &day) || !str_starts(date, " ") ||
	    !str_split(text, "] ", &head, &text) || !str_split_last(head, " ", NULL, &place) ||
	    !log_place(place, &check->place))
		return false;
	check->tool = "glog";
	if (str_ends(text, " Must be non NULL")) {
		check->type = STR("CHECK failure");
		check->kind = KIND_ASSERTION;
		check->message = text;
		return true;
	}
	return take_check(text, check);
}

/* "*** Check failure stack trace: ***" behind a fatal message that has no known form */
static bool glog_stack(struct str text, struct check *check)
{
	if (!str_is(text, "*** Check failure stack trace: ***"))
		return false;
	check->type = STR("fatal log message");
	check->tool = "glog";
	check->kind = KIND_EXCEPTION;
	return true;
}

/* "** (process:2338): ERROR **: 19:01:51.613: no way on", "(app:1): Gtk-ERROR **: ..." */
static bool glib_error(struct str text, struct check *check)
{
	struct str head, rest;

	if (!str_split(text, "ERROR **: ", &head, &text) ||
	    (!str_ends(head, "): ") && !str_ends(head, "-")))
		return false;
	if (is_digit(text, 0) && str_split(text, ": ", NULL, &rest))
		text = rest;
	check->type = STR("fatal log message");
	check->tool = "glib";
	check->kind = KIND_EXCEPTION;
	check->message = text;
	return true;
}

/* "[2018-05-17 07:01:35.506][1][critical][assert] [a.cc:87] assert failure: x" */
static bool spdlog(struct str text, struct check *check)
{
	struct str place;

	if (!str_split(text, "[critical][assert] ", NULL, &text) ||
	    !str_split(text, "] ", &place, &text))
		return false;
	(void)str_skip(&place, "[");
	if (!log_place(place, &check->place))
		check->place = (struct place){0};
	assertion(check, "spdlog");
	check->message = text;
	(void)str_skip(&check->message, "assert failure: ");
	(void)str_skip(&check->message, "panic: ");
	return true;
}

/* "# Fatal error in ../../v8/src/vector.h, line 24" */
static bool v8(struct str text, struct check *check)
{
	struct str number;

	if (!str_skip(&text, "# Fatal error in ") ||
	    !str_split_last(text, ", line ", &check->place.file, &number) ||
	    !str_number(number, &check->place.line))
		return false;
	check->type = STR("fatal error");
	check->tool = "v8";
	check->kind = KIND_EXCEPTION;
	check->next = CHECK_REASON_FOLLOWS;
	return true;
}

/*
 * "terminate called after throwing an instance of 'std::out_of_range'", "libc++abi: terminating with
 * uncaught exception of type std::out_of_range: vector"
 */
static bool uncaught(struct str text, struct check *check)
{
	struct str rest;

	if (str_split(text, "terminate called after throwing an instance of '", NULL, &rest)) {
		if (!str_chop(&rest, "'"))
			return false;
		check->type = rest;
		check->tool = "libstdc++";
		check->next = CHECK_WHAT_FOLLOWS;
	} else if (str_split(text, " uncaught exception of type ", &text, &rest) &&
		   str_has(text, "terminating ")) {
		check->type = rest;
		(void)str_split(rest, ": ", &check->type, &check->message);
		check->tool = "libc++";
	} else {
		return false;
	}
	check->kind = KIND_EXCEPTION;
	return check->type.size > 0;
}

/* "abort: CSA_DCHECK failed: Torque assert 'x > 0' failed [src/builtins/cart.tq:12]" */
static bool torque(struct str text, struct check *check)
{
	struct str place;

	if (!str_split(text, "abort: CSA_DCHECK failed: ", NULL, &text) &&
	    !str_split(text, "abort: CSA_ASSERT failed: ", NULL, &text))
		return false;
	if (str_chop(&text, "]") && str_split_last(text, " [", &text, &place) &&
	    !log_place(place, &check->place))
		check->place = (struct place){0};
	check->type = STR("DCHECK failure");
	check->tool = "v8";
	check->kind = KIND_ASSERTION;
	check->message = text;
	return true;
}

bool check_take_reason(struct str text, struct check *check)
{
	if (!str_skip(&text, "# ") || !text.size)
		return false;
	if (!take_check(text, check))
		check->message = text;
	return true;
}

/* "ASSERTION FAILED: start <= end" */
static bool webkit(struct str text, struct check *check)
{
	if (!str_skip(&text, "ASSERTION FAILED: "))
		return false;
	check->message = text;
	assertion(check, "webkit");
	check->next = CHECK_PLACE_FOLLOWS;
	check->last_word = true;
	return true;
}

/* "ASSERT: "x" in file f.cpp, line 12", "ASSERT failure in Cart: "text", file f.cpp, line 12" */
static bool qt(struct str text, struct check *check)
{
	struct str rest, number;

	if (str_skip(&text, "ASSERT failure in ")) {
		if (!str_split(text, ": ", NULL, &text))
			return false;
	} else if (!str_skip(&text, "ASSERT: ")) {
		return false;
	}
	if (!str_split_last(text, " file ", &check->message, &rest) ||
	    !str_split_last(rest, ", line ", &check->place.file, &number) ||
	    !str_take_number(&number, &check->place.line))
		return false;
	(void)(str_chop(&check->message, ",") || str_chop(&check->message, " in"));
	(void)(str_skip(&check->message, "\"") && str_chop(&check->message, "\""));
	assertion(check, "qt");
	return true;
}

/* "Assertion failure: aIndex < Length(), at /src/nsTArray.h:1019" */
static bool mozilla(struct str text, struct check *check)
{
	struct str rest;

	if (!str_split(text, "Assertion failure: ", NULL, &text) ||
	    !str_split_last(text, ", at ", &check->message, &rest) || !place_take(&rest, &check->place))
		return false;
	assertion(check, "mozilla");
	return true;
}

/*
 * "TRAP: failed Assert("x"), File: "f.c", Line: 12, PID: 3", before 16: "TRAP: FailedAssertion("x",
 * ..."
 */
static bool postgres(struct str text, struct check *check)
{
	struct str rest;

	if (!str_split(text, "TRAP: failed Assert(\"", NULL, &rest) &&
	    !str_split(text, "TRAP: FailedAssertion(\"", NULL, &rest))
		return false;
	if (!str_split(rest, ", File: \"", &check->message, &rest) ||
	    !str_split(rest, "\", Line: ", &check->place.file, &rest) ||
	    !str_take_number(&rest, &check->place.line))
		return false;
	(void)str_chop(&check->message, ")");
	(void)str_chop(&check->message, "\"");
	assertion(check, "postgres");
	return true;
}

/* "UNREACHABLE executed at /src/llvm/lib/IR/Type.cpp:61!" */
static bool llvm(struct str text, struct check *check)
{
	if (!str_split(text, "UNREACHABLE executed at ", NULL, &text) ||
	    !place_take(&text, &check->place))
		return false;
	check->type = STR("unreachable code");
	check->tool = "llvm";
	check->kind = KIND_ASSERTION;
	return true;
}

static const struct {
	const char *words, *type;
	enum kind kind;
} limits[] = {
	{ "Stack limit exceeded: ", "stack-overflow", KIND_RESOURCE },
	{ "RSS limit exceeded: ", "out-of-memory", KIND_RESOURCE },
	{ "Per-input timeout exceeded: ", "timeout", KIND_TIMEOUT },
	{ "Per-batch timeout exceeded: ", "timeout", KIND_TIMEOUT },
	{ "Timeout of ", "timeout", KIND_TIMEOUT },
};

/*
 * "========= Stack limit exceeded: 982784 > 131072 (byte); aborting": centipede; FuzzTest with "[!]
 * "
 */
static bool fuzz_limit(struct str text, struct check *check)
{
	struct str rest = text;

	(void)str_skip(&rest, "CRASH LOG: ");
	if (!str_skip(&rest, "========= ") && !str_skip(&rest, "[!] "))
		return false;
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
		if (str_starts(rest, limits[i].words) && str_has(rest, "exceeded")) {
			check->type = str_of(limits[i].type);
			check->kind = limits[i].kind;
			check->tool = "centipede";
			check->message = rest;
			return true;
		}
	return false;
}

/*
 * "===BUG DETECTED: Shell injection===": SystemSan, which watches a fuzzed program's system calls
 */
static bool bug_detector(struct str text, struct check *check)
{
	static const char *const bugs[] = { "Shell injection", "Shell corruption", "Arbitrary file open",
		"Arbitrary domain name resolution", NULL };

	if (!str_skip(&text, "===BUG DETECTED: ") || !str_chop(&text, "==="))
		return false;
	for (size_t i = 0; bugs[i] && !check->type.size; i++)
		if (str_starts(text, bugs[i]))
			check->type = str_of(bugs[i]);
	check->tool = "SystemSan";
	check->kind = KIND_EXCEPTION;
	check->message = str_trim(text);
	return check->type.size > 0;
}

bool check_take(struct str text, struct check *check)
{
	static bool (*const forms[])(struct str, struct check *) = {
		glibc, other_libc, small_assertion, glib, glib_error, chromium, glog, glog_stack,
		spdlog, uncaught, v8, torque, webkit, qt, mozilla, postgres, llvm, fuzz_limit, bug_detector,
	};

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct check found = {0};

		if (forms[i](text, &found)) {
			*check = found;
			return true;
		}
	}
	return false;
}

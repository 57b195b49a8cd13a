/*
 * Headlines of the sanitizers and of libFuzzer, as names. Knows no stacks and no states.
 */
#include "ci/sanitizer.h"

static const char *const tools[] = { "AddressSanitizer", "LeakSanitizer", "MemorySanitizer",
	"ThreadSanitizer", "HWAddressSanitizer", "UndefinedBehaviorSanitizer", "DataFlowSanitizer",
	"libFuzzer", NULL };

/* Headlines that are not their own name. Without a type the first word is the name. */
static const struct {
	const char *start, *type;
	enum kind kind;
	enum fault fault;
} headlines[] = {
	{ "SEGV", NULL, KIND_EXCEPTION, FAULT_ADDRESS },
	{ "access-violation", NULL, KIND_EXCEPTION, FAULT_ADDRESS },
	{ "FPE", "floating-point-exception", KIND_EXCEPTION, FAULT_FOUND },
	{ "ABRT", NULL, KIND_EXCEPTION, FAULT_SELF },
	{ "TRAP", NULL, KIND_EXCEPTION, FAULT_SELF },
	{ "ILL", NULL, KIND_EXCEPTION, FAULT_SELF },
	{ "breakpoint", NULL, KIND_EXCEPTION, FAULT_SELF },
	{ "illegal-instruction", NULL, KIND_EXCEPTION, FAULT_SELF },
	{ "deadly signal", "deadly signal", KIND_EXCEPTION, FAULT_SELF },
	{ "fuzz target exited", "unexpected-exit", KIND_EXCEPTION, FAULT_SELF },
	{ "fuzz target overwrites its const input", "overwrites-const-input", KIND_EXCEPTION,
	  FAULT_FOUND },
	{ "timeout ", NULL, KIND_TIMEOUT, FAULT_FOUND },
	{ "out-of-memory", NULL, KIND_RESOURCE, FAULT_FOUND },
	{ "out of memory", "out-of-memory", KIND_RESOURCE, FAULT_FOUND },
	{ "allocator is out of memory", "out-of-memory", KIND_RESOURCE, FAULT_FOUND },
	{ "hard rss limit exhausted", "out-of-memory", KIND_RESOURCE, FAULT_FOUND },
	{ "requested allocation size", "out-of-memory: allocation-size-too-big", KIND_RESOURCE,
	  FAULT_FOUND },
	{ "calloc parameters overflow", "calloc-overflow", KIND_EXCEPTION, FAULT_FOUND },
	{ "reallocarray parameters overflow", "reallocarray-overflow", KIND_EXCEPTION,
	  FAULT_FOUND },
	{ "attempting double-free", "heap-double-free", KIND_EXCEPTION, FAULT_FOUND },
	{ "attempting free on address which was not malloc", "invalid-free", KIND_EXCEPTION,
	  FAULT_FOUND },
	{ "attempting to call malloc_usable_size", "bad-malloc-usable-size", KIND_EXCEPTION,
	  FAULT_FOUND },
	{ "nested bug in the same thread", "nested-bug", KIND_EXCEPTION, FAULT_FOUND },
	{ "CHECK failed", "sanitizer CHECK failure", KIND_EXCEPTION, FAULT_FOUND },
	{ "unexpected memory mapping", "unexpected-memory-mapping", KIND_INFRA, FAULT_FOUND },
	{ "detected memory leaks", "memory-leak", KIND_EXCEPTION, FAULT_FOUND },
};

/* The addresses of a null pointer's members: 64 KiB, which no system maps. */
static const unsigned long long near_null = 0x10000;

static const struct {
	const char *words, *type;
} undefined_types[] = {
	{ "control flow integrity check", "bad-cast" },
	{ "which does not point to an object of type", "bad-cast" },
	{ "unsigned integer overflow", "unsigned-integer-overflow" },
	{ "integer overflow", "integer-overflow" }, { "negation of ", "integer-overflow" },
	{ "division by zero", "divide-by-zero" }, { "division of ", "integer-overflow" },
	{ "out of bounds", "index-out-of-bounds" },
	{ "offset to null pointer", "pointer-overflow" },
	{ "null pointer passed as argument", "invalid-null-argument" },
	{ "null pointer returned from", "invalid-null-return" },
	{ "load of null pointer", "null-dereference READ" },
	{ "store to null pointer", "null-dereference WRITE" },
	{ "null pointer", "null-dereference" },
	{ "insufficient space", "object-size" }, { "shift exponent", "undefined-shift" },
	{ "left shift of", "undefined-shift" }, { "misaligned address", "misaligned-address" },
	{ "alignment assumption", "misaligned-address" }, { "assumption of ",
	"misaligned-address" },
	{ "implicit conversion", "implicit-conversion" },
	{ "unsigned offset from", "pointer-overflow" }, { "unsigned offset to",
	"pointer-overflow" },
	{ "non-zero offset", "pointer-overflow" },
	{ "pointer index expression", "pointer-overflow" },
	{ "variable length array bound", "non-positive-vla-bound-value" },
	{ "outside the range of representable values", "float-cast-overflow" },
	{ "not a valid value for type 'bool'", "invalid-bool-value" },
	{ "not a valid value for type 'BOOL'", "invalid-bool-value" },
	{ "not a valid value", "invalid-enum-value" },
	{ "incorrect function type", "incorrect-function-pointer-type" },
	{ "passing zero to ", "invalid-builtin-use" },
	{ "an unreachable program point", "unreachable code" },
	{ "the end of a value-returning function", "missing-return" },
};

const char *sanitizer_undefined_type(struct str message)
{
	for (size_t i = 0; i < sizeof(undefined_types) / sizeof(undefined_types[0]); i++)
		if (str_has(message, undefined_types[i].words))
			return undefined_types[i].type;
	return "undefined behaviour";
}

const char *sanitizer_fault_type(const struct headline *headline, char access)
{
	if (!headline->address_known)
		return "SEGV on unknown address";
	if (headline->address < near_null)
		return access == 'R' ? "null-dereference READ" :
		       access == 'W' ? "null-dereference WRITE" : "null-dereference";
	return access == 'R' ? "unknown READ (SEGV)" :
	       access == 'W' ? "unknown WRITE (SEGV)" : "unknown (SEGV)";
}

static void take_hex(struct str text, struct headline *headline)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < text.size && i < 16; i++) {
		const char *digit = memchr(digits, text.at[i] | 0x20, 16);

		if (!digit)
			break;
		headline->address = headline->address * 16 + (unsigned long long)(digit - digits);
		headline->address_known = true;
	}
}

/*
 * "heap-buffer-overflow on address", "alloc-dealloc-mismatch (malloc vs ...)", "data race on vptr"
 */
static struct str name_of(const char *tool, struct str text)
{
	size_t n = 0;

	if (str_is(str_of(tool), "ThreadSanitizer")) {
		(void)str_split(text, " (", &text, NULL);
		return text;
	}
	while (n < text.size && text.at[n] != ' ' && text.at[n] != ':' && text.at[n] != ',')
		n++;
	return str_slice(text, 0, n);
}

static const struct {
	unsigned long number;
	const char *name, *type;
	enum fault fault;
} signals[] = {
	{ 4, "SIGILL", "ILL", FAULT_SELF }, { 5, "SIGTRAP", "TRAP", FAULT_SELF },
	{ 6, "SIGABRT", "ABRT", FAULT_SELF }, { 7, "SIGBUS", "BUS", FAULT_FOUND },
	{ 8, "SIGFPE", "floating-point-exception", FAULT_FOUND },
	{ 11, "SIGSEGV", "SEGV", FAULT_ADDRESS },
};

/*
 * "*** SIGSEGV (@0x8) received by PID 12 (TID 0x7f) from PID 8; stack trace: ***" (glog), "***
 * SIGSEGV received at time=1718 on cpu 3 ***" (abseil)
 */
static bool glog_headline(struct str text, struct headline *headline)
{
	struct headline found = { .kind = KIND_EXCEPTION, .message = text, .handler = true };
	struct str name;

	if (!str_skip(&text, "*** ") ||
	    !(str_has(text, "stack trace: ***") || str_has(text, " received at time=")) ||
	    !str_split(text, " ", &name, &text))
		return false;
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]) && !found.tool; i++) {
		if (!str_is(name, signals[i].name))
			continue;
		found.tool = "glog";
		found.type = str_of(signals[i].type);
		found.fault = signals[i].fault;
	}
	if (found.fault == FAULT_ADDRESS) {
		if (str_skip(&text, "(@0x"))
			take_hex(text, &found);
		found.type = str_of(sanitizer_fault_type(&found, 0));
	}
	*headline = found;
	return found.tool != NULL;
}

/*
 * "Program received signal SIGSEGV, Segmentation fault.", "Thread 2 "x" received signal ...", of a core
 * "Program terminated with signal SIGABRT, Aborted.": the debugger, whose backtrace comes a little later.
 */
static bool gdb_headline(struct str text, struct headline *headline)
{
	struct headline found = { .kind = KIND_EXCEPTION, .message = text, .handler = true };
	struct str name;

	if ((!str_starts(text, "Program ") && !str_starts(text, "Thread ")) ||
	    (!str_split(text, " received signal ", NULL, &text) &&
	     !str_split(text, " terminated with signal ", NULL, &text)) ||
	    !str_split(text, ", ", &name, NULL))
		return false;
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]) && !found.tool; i++) {
		if (!str_is(name, signals[i].name))
			continue;
		found.tool = "gdb";
		found.type = str_of(signals[i].type);
		found.fault = signals[i].fault == FAULT_SELF ? FAULT_SELF : FAULT_FOUND;
	}
	*headline = found;
	return found.tool != NULL;
}

/*
 * "signal 11 (SIGSEGV), code 1 (SEGV_MAPERR), fault addr 0x10" (Android), "Received signal 11
 * SEGV_MAPERR 000000000010" (Chrome): a handler of the system or of the program itself, which
 * prints a stack.
 */
static bool signal_headline(struct str text, struct headline *headline)
{
	struct headline found = { .kind = KIND_EXCEPTION, .message = text };
	bool chrome = str_skip(&text, "Received signal "), address;
	unsigned long number;

	if ((!chrome && !str_skip(&text, "signal ")) || !str_take_number(&text, &number))
		return false;
	address = str_split(text, "fault addr ", NULL, &text) ||
		  (chrome && str_split_last(text, " ", NULL, &text) && !str_is(text, "0000000000"));
	if (!chrome && !address)
		return false;
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]) && !found.tool; i++) {
		if (signals[i].number != number)
			continue;
		found.tool = chrome ? "chrome" : "debuggerd";
		found.type = str_of(signals[i].type);
		found.fault = signals[i].fault;
	}
	(void)str_skip(&text, "0x");
	if (address && found.fault == FAULT_ADDRESS) {
		take_hex(text, &found);
		found.type = str_of(sanitizer_fault_type(&found, 0));
	}
	found.handler = true;
	*headline = found;
	return found.tool != NULL;
}

/* What stands behind "==12==ERROR: "; a warning is a finding only of two tools. */
static bool take_level(struct str *text)
{
	struct str rest = *text;
	unsigned long pid;

	if (str_split(*text, "ERROR: ", NULL, &rest) || str_split(*text, "FATAL: ", NULL, &rest)) {
		*text = rest;
		return true;
	}
	if (str_split(*text, "WARNING: ", NULL, &rest) &&
	    (str_starts(rest, "MemorySanitizer: ") || str_starts(rest, "ThreadSanitizer: ")) &&
	    !str_starts(rest, "ThreadSanitizer: memory layout is incompatible")) {
		*text = rest;
		return true;
	}
	rest = *text;
	if (!str_skip(&rest, "==") || !str_take_number(&rest, &pid) || !str_skip(&rest, "==") ||
	    !str_has(rest, "Sanitizer: hard rss limit exhausted"))
		return false;
	*text = rest;
	return true;
}

bool sanitizer_headline(struct str text, struct headline *headline)
{
	struct headline found = { .kind = KIND_EXCEPTION };

	if (!take_level(&text))
		return glog_headline(text, headline) || gdb_headline(text, headline) ||
		       signal_headline(text, headline);
	for (size_t i = 0; tools[i] && !found.tool; i++) {
		struct str rest = text;

		if (str_skip(&rest, tools[i]) && str_skip(&rest, ": ")) {
			found.tool = tools[i];
			text = rest;
		}
	}
	if (!found.tool)
		return false;
	(void)str_split(text, " (pid=", &text, NULL);
	(void)str_split(text, " (pc ", &text, NULL);
	(void)str_split(text, " at pc ", &text, NULL);
	found.message = text;
	found.type = name_of(found.tool, text);
	for (size_t i = 0; i < sizeof(headlines) / sizeof(headlines[0]); i++) {
		if (!str_starts(text, headlines[i].start))
			continue;
		if (headlines[i].type)
			found.type = str_of(headlines[i].type);
		found.kind = headlines[i].kind;
		found.fault = headlines[i].fault;
		break;
	}
	if (found.fault == FAULT_ADDRESS) {
		if (str_split(text, "address 0x", NULL, &text))
			take_hex(text, &found);
		found.type = str_of(sanitizer_fault_type(&found, 0));
	}
	*headline = found;
	return true;
}

/*
 * Frames of native stacks, line by line. Knows the forms, not the reports they stand in; which
 * functions are never the cause is in frame_skip.c.
 */
#include "ci/frame.h"

enum { NAME_BYTES_MAX = 2048, RECURSION_MIN = 3 };

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
}

static bool is_word(char c)
{
	return is_letter(c) || (c >= '0' && c <= '9');
}

/* "0x5636", also in brackets: "[<0x0062a66a>]". */
static bool take_address(struct str *text)
{
	struct str rest = *text;
	bool kernel = str_skip(&rest, "[<");
	size_t n = 0;

	if (!str_skip(&rest, "0x"))
		return false;
	while (n < rest.size && is_hex(rest.at[n]))
		n++;
	rest = str_from(rest, n);
	if (!n || (kernel && !str_skip(&rest, ">]")))
		return false;
	*text = str_trim(rest);
	return true;
}

/* Takes " (BuildId: 88)" and " (race+0x12)" off the end; the latter is the module. */
static void chop_module(struct str *text, struct str *module)
{
	struct str head, tail;

	while (str_ends(*text, ")") && str_split_last(*text, "(", &head, &tail)) {
		if (head.size && head.at[head.size - 1] != ' ')
			return;		/* the arguments of a function */
		str_chop(&tail, ")");
		if (!str_starts(tail, "BuildId: ") && !str_has(tail, "+0x") &&
		    !str_is(tail, "<unknown module>") && !str_is(tail, "deleted"))
			return;
		if (str_has(tail, "+0x"))
			*module = tail;
		*text = str_trim(head);
	}
}

/* "C:\src\a.cc:12" and "/src/a b.c:3" stand behind the function; a path may hold blanks. */
static void split_place(struct str text, struct stack_frame *frame)
{
	static const char *const starts[] = { " /", " ../", " ./", NULL };
	struct str file, rest;
	struct place place;

	if (str_split(text, " _asan_rtl_", &frame->function, NULL)) {
		frame->place.file = STR("_asan_rtl_");
		return;
	}
	frame->function = text;
	if (text.size > 4 && str_split_last(text, ":\\", &file, &rest) &&
	    str_split_last(file, " ", &file, NULL)) {
		rest = str_from(text, file.size + 1);
		if (place_take(&rest, &place) && !rest.size) {
			frame->place = place;
			frame->function = file;
			return;
		}
	}
	if (str_split_last(text, " ", &file, &rest)) {
		struct str whole = rest;

		if (place_take(&rest, &place) && !rest.size) {
			frame->place = place;
			frame->function = file;
		} else if (str_starts(whole, "/") || str_ends(whole, ":?")) {
			str_chop(&whole, ":?");
			frame->place.file = whole;
			frame->function = file;
		} else {
			return;
		}
	}
	for (size_t i = 0; starts[i]; i++)
		if (str_split(frame->function, starts[i], &file, NULL) && !str_ends(file, "operator")) {
			rest = str_from(text, file.size + 1);
			if (place_take(&rest, &place) && !rest.size) {
				frame->place = place;
				frame->function = file;
			}
			return;
		}
}

/* A library's name where a function should be: the symbolizer found no better. */
static bool is_module(struct str function)
{
	return str_ends(function, ".so") || str_ends(function, ".dylib") || str_ends(function, ".dll") ||
	       str_has(function, ".so.") || str_is(function, "[vdso]") || str_is(function, "??") ||
	       str_is(function, "<unknown>") || str_is(function, "<null>") ||
	       str_is(function, "(unknown)") || str_starts(function, "<unknown ");
}

/* "in total(int) /src/uaf.c:11:3 (BuildId: 88)", what stands behind the number and the address */
static void take_rest(struct str text, struct stack_frame *frame)
{
	(void)str_skip(&text, "in ");
	text = str_trim(text);
	chop_module(&text, &frame->module);
	(void)str_chop(&text, " <null>");	/* ThreadSanitizer, for a file that it does not know */
	split_place(text, frame);
	frame->function = str_trim(frame->function);
	if (str_starts(frame->function, "0x") || str_starts(frame->function, "_etext+") ||
	    str_starts(frame->function, ".str"))
		frame->function = STR("??");	/* the symbol before it in memory, not the function */
	if (!is_module(frame->function))
		return;
	if (!frame->module.size && !strchr("<?(", frame->function.at[0]))
		frame->module = frame->function;
	frame->function = STR_NONE;
}

/* "0003a1b0  /system/lib/libc.so (tgkill+12) (BuildId: 88)", what stands behind Android's "pc" */
static bool take_android(struct str text, struct stack_frame *frame)
{
	take_word(&text);
	frame->module = take_word(&text);
	(void)str_split(text, " (BuildId: ", &text, NULL);
	if (str_skip(&text, "(") && str_chop(&text, ")") && !str_starts(text, "BuildId: ") &&
	    !str_starts(text, "offset "))
		(void)str_split_last(text, "+", &frame->function, NULL);
	return frame->module.size > 0;
}

static bool take_numbered(struct str text, struct stack_frame *frame)
{
	if (!str_skip(&text, "#") || !str_take_number(&text, &frame->number) || frame->number > 99999 ||
	    !str_skip(&text, " "))
		return false;
	text = str_trim(text);
	if (!text.size)
		return false;
	if (str_skip(&text, "pc "))
		return take_android(text, frame);
	if (!take_address(&text) && !is_letter(text.at[0]) && text.at[0] != '/' &&
		 text.at[0] != '-' && text.at[0] != '~' && text.at[0] != '(' && text.at[0] != '<')
		return false;
	take_rest(text, frame);
	return true;
}

/* "base::debug::StackTrace::StackTrace [0x00007FF9B6BFF5A0+288] (base/debug/stack_trace.cc:240)" */
static bool take_windows(struct str text, struct stack_frame *frame)
{
	struct str rest, address;

	if (!str_split(text, " [0x", &frame->function, &rest) || !frame->function.size ||
	    !is_letter(frame->function.at[0]) || !str_split(rest, "]", &address, &rest) ||
	    !str_has(address, "+"))
		return false;
	rest = str_trim(rest);
	if (!str_skip(&rest, "(") || !str_chop(&rest, ")") || !place_take(&rest, &frame->place))
		frame->place = (struct place){0};
	return true;
}

/* "/out/d8(V8_Fatal+0x272) [0x7fe9]", "./libv8.so(+0x741549) [0x7f]" */
static bool take_symbols(struct str text, struct stack_frame *frame)
{
	struct str inner;

	return str_ends(text, "]") && str_split_last(text, ") [0x", &text, NULL) &&
	       str_split(text, "(", &frame->module, &inner) && str_has(frame->module, "/") &&
	       str_split_last(inner, "+0x", &frame->function, NULL);
}

/* "    @     0x55f02b9c  foo::Bar()"; abseil puts the size of the frame before the name */
static bool take_glog(struct str text, struct stack_frame *frame)
{
	struct str rest;
	unsigned long size;

	(void)str_skip(&text, "PC: ");
	if (!str_skip(&text, "@ "))
		return false;
	text = str_trim(text);
	if (!take_address(&text))
		return false;
	rest = text;
	if (str_skip(&rest, "(unknown) ") || (str_take_number(&rest, &size) && str_skip(&rest, "  ")))
		text = rest;
	take_rest(str_trim(text), frame);
	return true;
}

/*
 * A kernel's "hid_probe+0xa1/0xd0 [hid] drivers/hid/hid.c:67"; one behind "? " is only a value that
 * lay on the stack.
 */
static bool take_kernel(struct str text, struct stack_frame *frame)
{
	struct str rest;

	if (!str_split(text, "+0x", &frame->function, &rest) || !frame->function.size ||
	    !is_word(frame->function.at[0]) || str_char(frame->function, ' ') >= 0)
		return false;
	text = take_word(&rest);
	if (!str_has(text, "/0x"))
		return false;
	if (str_starts(rest, "["))
		take_word(&rest);
	(void)(rest.size && place_take(&rest, &frame->place));
	return true;
}

bool frame_take(struct str text, struct stack_frame *frame)
{
	static bool (*const forms[])(struct str, struct stack_frame *) = {
		take_numbered, take_glog, take_windows, take_symbols, take_kernel,
	};

	text = str_trim(text);
	(void)str_skip(&text, "\xe2\x80\x83");	/* an em space, as bug trackers make of a tab */
	(void)str_skip(&text, "CRASH LOG: ");	/* centipede repeats what its child said */
	text = str_trim(text);
	for (size_t i = 0; text.size >= 4 && i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct stack_frame found = {0};

		if (!forms[i](text, &found))
			continue;
		*frame = found;
		return true;
	}
	return false;
}

/* The length of the bracketed text at i, "<...>" or "(...)"; 0 when it does not close. */
static size_t bracketed(struct str text, size_t i)
{
	char open = text.at[i], close = open == '<' ? '>' : open == '(' ? ')' : open == '{' ? '}' : ']';
	size_t depth = 0;

	for (size_t k = i; k < text.size; k++) {
		if (text.at[k] == open)
			depth++;
		else if (text.at[k] == close && (close != '>' || k == 0 || text.at[k - 1] != '-') &&
			 --depth == 0)
			return k - i + 1;
	}
	return 0;
}

/* The marks of "operator<", "operator()", "operator->"; 0 when no operator starts at i. */
static size_t operator_size(struct str text, size_t i)
{
	struct str rest = str_from(text, i);
	size_t n = 8;

	if (!str_starts(rest, "operator") || (i && is_word(text.at[i - 1])))
		return 0;
	if (rest.size > n + 1 && ((rest.at[n] == '(' && rest.at[n + 1] == ')') ||
				  (rest.at[n] == '[' && rest.at[n + 1] == ']')))
		return n + 2;
	while (n < rest.size && n < 11 && strchr("<>=+-*/%^&|~!,", rest.at[n]))
		n++;
	return n == 8 ? 0 : n;
}

static const char *const spaces[] = { "(anonymous namespace)::", "`anonymous namespace'::",
	"`anonymous-namespace'::", "{anonymous}::", "(anonymous class)::", "_GLOBAL__N_1::",
	"[abi:cxx11]", NULL };

/* Where a lambda's own name begins: what stands before it is the function that holds it. */
static bool starts_lambda(struct str rest)
{
	return str_starts(rest, "::{lambda") || str_starts(rest, "::'lambda") ||
	       str_starts(rest, "::$_") || str_starts(rest, "::<lambda") ||
	       str_starts(rest, "::{{closure}}") || str_starts(rest, "::{closure#") ||
	       str_starts(rest, "::_$u7b$$u7b$closure");
}

static size_t space_size(struct str rest)
{
	for (size_t i = 0; spaces[i]; i++)
		if (str_starts(rest, spaces[i]))
			return strlen(spaces[i]);
	if (str_starts(rest, "[abi:")) {
		size_t n = bracketed(rest, 0);

		return n;
	}
	return 0;
}

/* ".isra.0", ".cold", ".llvm.1404": behind a C name, never before it. */
static struct str without_clone(struct str name)
{
	static const char *const marks[] = { ".isra.", ".part.", ".constprop.", ".cold", ".llvm.",
		".lto_priv.", ".localalias", ".clone.", ".abi0", ".abiinternal", "@plt", "@@",
	NULL };
	struct str head;

	for (size_t i = 0; marks[i]; i++)
		if (str_split(name, marks[i], &head, NULL) && head.size)
			name = head;
	return name;
}

/* Rust's "::h7d7baacfb554bae8" and the offset of "GetHandleVerifier+0x15a519c". */
static struct str without_tail(struct str name)
{
	struct str head, tail;
	size_t n = 0;

	if (str_split_last(name, "::h", &head, &tail) && tail.size == 16) {
		while (n < 16 && is_hex(tail.at[n]))
			n++;
		if (n == 16)
			name = head;
	}
	if (str_split_last(name, "+0x", &head, &tail) && head.size && !str_has(tail, ")"))
		name = head;
	return name;
}

static void add(struct kept *name, struct str text)
{
	size_t room = sizeof(name->at) - name->size;

	text = str_slice(text, 0, room);
	if (text.size)
		memcpy(name->at + name->size, text.at, text.size);
	name->size = (unsigned short)(name->size + text.size);
}

void frame_name(struct str function, struct kept *name)
{
	static const char *const starts[] = { "non-virtual thunk to ", "virtual thunk to ",
		"covariant return thunk to ", "[inlined] ", NULL };
	struct str text = str_slice(function, 0, NAME_BYTES_MAX);
	bool unclosed = false;		/* one scan to the end is enough for all that follow */

	name->size = 0;
	for (size_t i = 0; starts[i]; i++)
		(void)str_skip(&text, starts[i]);
	text = without_tail(text);
	for (size_t i = 0, n; i < text.size; i += n) {
		struct str rest = str_from(text, i);

		n = space_size(rest);
		if (n)
			continue;
		if (name->size && starts_lambda(rest))
			break;
		n = operator_size(text, i);
		if (!n && text.at[i] == '<' && !unclosed) {
			n = bracketed(text, i);
			unclosed = !n;
		}
		if (!n && text.at[i] == '(' && name->size)
			break;
		if (!n && str_starts(rest, " [clone "))
			break;
		n = n ? n : 1;
		add(name, str_slice(rest, 0, n));
	}
	text = without_clone(str_trim(kept_str(name)));
	name->size = (unsigned short)text.size;
	if (text.size && text.at != name->at)
		memmove(name->at, text.at, text.size);
}

void frame_add(struct failure *failure, const struct stack_frame *frame)
{
	struct kept name;

	frame_name(frame->function, &name);
	if (!name.size)
		keep(&name, frame->module);
	if (!name.size)
		return;
	trace_frame(failure, &frame->place, kept_str(&name));
	if (!frame_is_cause(kept_str(&name), frame->place.file))
		return;
	if (place_ends(frame->place.file, ".c"))
		failure->language = "c";
	else if (place_ends(frame->place.file, ".rs"))
		failure->language = "rust";
}

/* 2: can be the cause; 1: a module without symbols; 0: never the cause. */
static unsigned class_of(const struct frame *frame)
{
	if (!frame_is_cause(str_of(frame->function), str_of(frame->file)))
		return 0;
	return !frame->file && frame->function && strstr(frame->function, "+0x") ? 1 : 2;
}

static size_t count_of(const struct failure *failure, size_t at)
{
	size_t count = 0;

	for (size_t i = at; i < failure->frame_count; i++)
		count += str_equal(str_of(failure->frames[i].function),
				   str_of(failure->frames[at].function));
	return count;
}

static void drop_first(struct failure *failure, size_t count)
{
	failure->frame_count -= count;
	memmove(failure->frames, failure->frames + count,
		sizeof(struct frame) * failure->frame_count);
}

void frame_settle(struct failure *failure, bool recursion)
{
	unsigned best = 0;
	size_t kept = 0, leaf = 0;
	bool fuzzed = false;		/* then main() is the fuzzer's, too */

	for (size_t i = 0; i < failure->frame_count; i++) {
		fuzzed = fuzzed || str_starts(str_of(failure->frames[i].function), "fuzzer::");
		if (class_of(&failure->frames[i]) > best)
			best = class_of(&failure->frames[i]);
	}
	for (size_t i = 0; i < failure->frame_count; i++)
		if (class_of(&failure->frames[i]) == best &&
		    !(fuzzed && str_is(str_of(failure->frames[i].function), "main")))
			failure->frames[kept++] = failure->frames[i];
	failure->frame_count = kept;
	while (recursion && leaf < kept && count_of(failure, leaf) < RECURSION_MIN)
		leaf++;
	if (leaf && leaf < kept)
		drop_first(failure, leaf);
	trace_turn(failure);
}

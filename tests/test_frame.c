/* ci/frame, ci/check and ci/sanitizer: lines of native stacks, the names in them, what programs say. */
#include "tests/unit.h"

#include "ci/check.h"
#include "ci/findings.h"
#include "ci/frame.h"
#include "ci/sanitizer.h"
#include "ci/steps.h"

static const struct {
	const char *text, *function, *file, *module;
	unsigned long line, column;
} lines[] = {
	{ "    #0 0x5636708451db in total(int) /src/uaf.c:11:3", "total(int)", "/src/uaf.c", "", 11, 3 },
	{ "#1 0x56 in main /src/uaf.c:20 (BuildId: 88)", "main", "/src/uaf.c", "", 20, 0 },
	{ "    #0 main /src/race.c:4 (race+0x1242)", "main", "/src/race.c", "race+0x1242", 4, 0 },
	{ "    #9 <null> <null> (libstdc++.so.6+0xd44a2) (BuildId: 28)", "", "", "libstdc++.so.6+0xd44a2",
	  0, 0 },
	{ "    #4 0x7f614710832f  (/lib/libpthread.so.0+0x1032f)", "", "", "/lib/libpthread.so.0+0x1032f",
	  0, 0 },
	{ "    #2 0x7f24b70b6bd6 in libc.so.6", "", "", "libc.so.6", 0, 0 },
	{ "    #10 0x2c6063fd  (<unknown module>)", "", "", "", 0, 0 },
	{ "#2 0x7f48a526964d logging::LogMessage::~LogMessage()", "logging::LogMessage::~LogMessage()", "", "",
	  0, 0 },
	{ "    #1 0x12 in shop::add(int, char const*) const C:\\b\\my shop\\cart.cpp:18:2",
	  "shop::add(int, char const*) const", "C:\\b\\my shop\\cart.cpp", "", 18, 2 },
	{ "    #1 0x12 in f /src/my shop/cart.c:18", "f", "/src/my shop/cart.c", "", 18, 0 },
	{ "    #0 0x10 in Verify+0x15a519c (C:\\shop\\child.dll+0x1a9323c)", "Verify+0x15a519c", "",
	  "C:\\shop\\child.dll+0x1a9323c", 0, 0 },
	{ "    base::Foo::Bar [0x00007FF9B6BFF5A0+288] (base/foo.cc:240)", "base::Foo::Bar", "base/foo.cc", "",
	  240, 0 },
	{ "    /out/d8(V8_Fatal+0x272) [0x7fe99fe1aa92]", "V8_Fatal", "", "/out/d8", 0, 0 },
	{ "    @     0x55f02b9c  foo::Bar()", "foo::Bar()", "", "", 0, 0 },
	{ "    @     0x55f02b9c         48  foo::Bar()", "foo::Bar()", "", "", 0, 0 },
	{ "PC: @     0x55dead593155  (unknown)  foo()", "foo()", "", "", 0, 0 },
	{ "hid_probe+0xa1/0xd0 [hid] drivers/hid/hid.c:67", "hid_probe", "drivers/hid/hid.c", "", 67, 0 },
	{ "#01 pc 0003a1b0  /system/lib/libc.so (tgkill+12)", "tgkill", "", "/system/lib/libc.so", 0,
	  0 },
	{ "    #0 0x1 in malloc _asan_rtl_:3", "malloc", "_asan_rtl_", "", 0, 0 },
};

static void test_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct stack_frame frame;

		if (!frame_take(str_of(lines[i].text), &frame))
			fail_msg("no frame: %s", lines[i].text);
		if (!str_is(frame.function, lines[i].function) ||
		    !str_is(frame.place.file, lines[i].file) || frame.place.line != lines[i].line ||
		    frame.place.column != lines[i].column ||
		    (*lines[i].module && !str_is(frame.module, lines[i].module)))
			fail_msg("%s: \"%.*s\" at \"%.*s\":%lu:%lu in \"%.*s\"", lines[i].text,
				 (int)frame.function.size, frame.function.at,
				 (int)frame.place.file.size, frame.place.file.at, frame.place.line,
				 frame.place.column, (int)frame.module.size, frame.module.at);
	}
}

static void test_no_lines(void **state)
{
	static const char *const others[] = { "", "#", "#0", "# Fatal error in x", "#2\tINITED cov: 2",
		"#500176: cov: 12 ft: 13", "at main (f.js:1:2)", "foo+0x12", "    sum += a[0] + b",
		"@ home", "==12==ABORTING", "12: shop::add", "#1234567 closes it", "a b+0x1/0x2" };
	struct stack_frame frame;

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (frame_take(str_of(others[i]), &frame))
			fail_msg("a frame: %s", others[i]);
}

static const struct {
	const char *function, *name;
} names[] = {
	{ "main", "main" },
	{ "a::b(int, char) const", "a::b" },
	{ "v::(anonymous namespace)::f(v::Handle<v::T>)", "v::f" },
	{ "v::`anonymous namespace'::f", "v::f" },
	{ "shop::{anonymous}::f(T, int) [with T = int]", "shop::f" },
	{ "f.isra.0", "f" },
	{ "f.part.3.constprop.1", "f" },
	{ "f(int) (.cold)", "f" },
	{ "f() [clone .cold.12]", "f" },
	{ "std::string f[abi:cxx11](int)", "std::string f" },
	{ "a::get_port::h7d7baacfb554bae8", "a::get_port" },
	{ "a::h7d7baacfb554bae", "a::h7d7baacfb554bae" },
	{ "Verify+0x15a519c", "Verify" },
	{ "a::Cart::operator()(int) const", "a::Cart::operator()" },
	{ "a::Cart::operator<(a::Cart const&)", "a::Cart::operator<" },
	{ "a::Cart::operator->() const", "a::Cart::operator->" },
	{ "operator new(unsigned long)", "operator new" },
	{ "f(int)::$_0::operator()(char) const", "f" },
	{ "main::{lambda(int)#1}::operator()(int) const", "main" },
	{ "shop::total::{{closure}}::h0123456789abcdef", "shop::total" },
	{ "non-virtual thunk to a::B::c()", "a::B::c" },
	{ "A<B<C> >::f<(lambda at x.cc:3:4)>(int)", "A<B<C> >::f<(lambda at x.cc:3:4)>" },
	{ "a<b::f(int", "a<b::f" },
	{ "strlen@plt", "strlen" },
	{ "-[Cart total:]", "-[Cart total:]" },
	{ "", "" },
};

static void test_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct kept name;

		frame_name(str_of(names[i].function), &name);
		assert_str(kept_str(&name), names[i].name);
	}
}

static const struct {
	const char *name, *file;
	bool cause;
} causes[] = {
	{ "shop::Cart::total", "/src/cart.cc", true },
	{ "read", "/src/disk.c", true },
	{ "read", "", false },
	{ "main", "/src/main.c", true },
	{ "main", "/llvm/lib/fuzzer/FuzzerMain.cpp", false },
	{ "std::vector<int>::at", "", false },
	{ "void std::__invoke_impl<void, void (*)()>", "", false },
	{ "operator new", "", false },
	{ "operator->", "/src/ptr.h", false },
	{ "__interceptor_free", "", false },
	{ "__GI_raise", "../sysdeps/posix/raise.c", false },
	{ "_IO_flush", "stdlib/./stdlib/exit.c", false },
	{ "exit", "stdlib/./stdlib/exit.c", false },
	{ "total", "src/./cart.c", true },
	{ "fuzzer::Fuzzer::Loop", "", false },
	{ "get", "/usr/include/c++/12/bits/unique_ptr.h", false },
	{ "parse", "testing/libfuzzer/fuzzers/parse_fuzzer.cc", true },
	{ "/lib/x86_64-linux-gnu/libc.so.6+0x35417", "", false },
	{ "/out/shop+0x35417", "", true },
	{ "core::panicking::panic_fmt", "", false },
	{ "corey::total", "", true },
};

static void test_causes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(causes) / sizeof(causes[0]); i++)
		if (frame_is_cause(str_of(causes[i].name), str_of(causes[i].file)) != causes[i].cause)
			fail_msg("%s in %s", causes[i].name, causes[i].file);
}

static struct failure *failure_of(struct findings *f, const char *const *functions)
{
	struct failure *failure = findings_failure(f, KIND_EXCEPTION, WEIGHT_TRACE, 1);

	for (size_t i = 0; functions[i]; i++) {
		struct stack_frame frame = { .function = str_of(functions[i]) };

		if (functions[i][0] == '/')
			frame = (struct stack_frame){ .module = str_of(functions[i]) };
		frame_add(failure, &frame);
	}
	return failure;
}

static void test_settle(void **state)
{
	static const char *const usual[] = { "abort", "/out/a+0x1", "total()", "main", NULL };
	static const char *const blind[] = { "abort", "/lib/libc.so.6+0x1", "/out/a+0x1", NULL };
	static const char *const none[] = { "abort", "_start", NULL };
	static const char *const deep[] = { "leaf", "a", "b", "a", "b", "a", "b", "a", NULL };
	static const char *const flat[] = { "leaf", "a", "b", NULL };
	static const char *const fuzz[] = { "total", "fuzzer::Loop", "main", NULL };
	static const struct steps steps;
	struct report report = {0};
	ARENA a = {0};
	struct findings *f = findings_open(&a);
	struct failure *failure = failure_of(f, usual);

	(void)state;
	frame_settle(failure, false);
	assert_int_equal(failure->frame_count, 2);
	assert_string_equal(failure->frames[1].function, "total");
	failure = failure_of(f, blind);
	frame_settle(failure, false);
	assert_int_equal(failure->frame_count, 1);
	assert_string_equal(failure->frames[0].function, "/out/a+0x1");
	failure = failure_of(f, none);
	frame_settle(failure, false);
	assert_int_equal(failure->frame_count, 2);
	failure = failure_of(f, deep);
	frame_settle(failure, true);
	assert_int_equal(failure->frame_count, 7);
	assert_string_equal(failure->frames[6].function, "a");
	failure = failure_of(f, flat);
	frame_settle(failure, true);
	assert_int_equal(failure->frame_count, 3);
	failure = failure_of(f, fuzz);
	frame_settle(failure, false);
	assert_int_equal(failure->frame_count, 1);
	findings_close(f, &a, NULL, &steps, &report);
}

static const struct {
	const char *text, *type, *message, *file, *function;
	unsigned long line;
} checks[] = {
	{ "f: f.c:2: main: Assertion `c > 3' failed.", "assert", "c > 3", "f.c", "main", 2 },
	{ "f.c:2: int main(void): assertion \"c > 3\" failed", "assert", "c > 3", "f.c", "int main(void)",
	  2 },
	{ "assertion \"c > 3\" failed: file \"f.c\", line 2, function: main", "assert", "c > 3", "f.c",
	  "main", 2 },
	{ "Assertion failed: c > 3, file f.c, line 2", "assert", "c > 3", "f.c", "", 2 },
	{ "Assertion failed: c > 3 (f.c: main: 2)", "assert", "c > 3", "f.c", "main", 2 },
	{ "[0617/152313.001:FATAL:Cart.h(1007)] Check failed: i < size() (1 vs. 1)", "CHECK failure",
	  "i < size() (1 vs. 1)", "Cart.h", "", 1007 },
	{ "[0617/152313.001:FATAL:base/cart.cc:7] Security DCHECK failed: x", "Security DCHECK failure", "x",
	  "base/cart.cc", "", 7 },
	{ "[0617/152313.001:FATAL:cart.cc(7)] the shop is shut", "fatal log message", "the shop is shut",
	  "cart.cc", "", 7 },
	{ "F0813 00:29:27.775753  384244 file.cc:130] Check failed: ok", "CHECK failure", "ok", "file.cc", "",
	  130 },
	{ "[2018-05-17 07:01:35.506][1][critical][assert] [a/b.cc:87] assert failure: n == 0.", "assert",
	  "n == 0.", "a/b.cc", "", 87 },
	{ "ASSERT failure in Cart: \"index\", file Cart.h, line 12", "assert", "index", "Cart.h", "", 12 },
	{ "[Child 1, Main] Assertion failure: i < n, at /src/Cart.h:1019", "assert", "i < n", "/src/Cart.h",
	  "", 1019 },
	{ "TRAP: FailedAssertion(\"n > 0\", File: \"f.c\", Line: 12)", "assert", "n > 0", "f.c", "", 12 },
	{ "UNREACHABLE executed at /src/Type.cpp:61!", "unreachable code", "", "/src/Type.cpp", "", 61 },
	{ "[!] Per-input timeout exceeded: 1.2s > 1s - aborting", "timeout",
	  "Per-input timeout exceeded: 1.2s > 1s - aborting", "", "", 0 },
	{ "** (process:2338): ERROR **: 19:01:51.613: no way on 4", "fatal log message", "no way on 4", "", "",
	  0 },
};

static void test_checks(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		struct check check;

		if (!check_take(str_of(checks[i].text), &check))
			fail_msg("no check: %s", checks[i].text);
		assert_str(check.type, checks[i].type);
		assert_str(check.message, checks[i].message);
		assert_str(check.place.file, checks[i].file);
		assert_str(check.function, checks[i].function);
		assert_int_equal(check.place.line, checks[i].line);
	}
}

static void test_no_checks(void **state)
{
	static const char *const others[] = { "Assertion failed: ", "ASSERT: now", "FATAL: no",
		"[x:FATAL:y] z", "E0101 00:00:00.1 1 a.cc:3] retrying", "f.c:2: error: assertion of f",
		": Assertion `", "Assertion `x' failed.", "# Fatal error in", "===BUG DETECTED: any===",
		"ERROR **: x", "limit exceeded: 3", "TRAP: failed Assert(\"x\")", "Bail out! ERROR:a.c:1:f: "
		"assertion failed: (x)" };
	struct check check;

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (check_take(str_of(others[i]), &check))
			fail_msg("a check: %s", others[i]);
}

static const struct {
	const char *text, *type;
	enum fault fault;
} headlines[] = {
	{ "==1==ERROR: AddressSanitizer: heap-use-after-free on address 0x60 at pc 0x1", "heap-use-after-free",
	  FAULT_FOUND },
	{ "==1==ERROR: AddressSanitizer: SEGV on unknown address 0x00000000ffff (pc 0x1", "null-dereference",
	  FAULT_ADDRESS },
	{ "==1==ERROR: AddressSanitizer: SEGV on unknown address 0x000000010000 (pc 0x1", "unknown (SEGV)",
	  FAULT_ADDRESS },
	{ "==1==ERROR: AddressSanitizer: SEGV on unknown address (pc 0x1", "SEGV on unknown address",
	  FAULT_ADDRESS },
	{ "==1==ERROR: AddressSanitizer: ABRT on unknown address 0x1 (pc 0x1", "ABRT", FAULT_SELF },
	{ "==1==ERROR: AddressSanitizer: alloc-dealloc-mismatch (malloc vs free) on 0x1",
	  "alloc-dealloc-mismatch", FAULT_FOUND },
	{ "WARNING: ThreadSanitizer: data race on vptr (ctor/dtor vs virtual call) (pid=8206)",
	  "data race on vptr", FAULT_FOUND },
	{ "FATAL: ThreadSanitizer: unexpected memory mapping 0x1-0x2", "unexpected-memory-mapping",
	  FAULT_FOUND },
	{ "==1== ERROR: libFuzzer: out-of-memory (used: 2049Mb; limit: 2048Mb)", "out-of-memory",
	  FAULT_FOUND },
	{ "==1==AddressSanitizer: hard rss limit exhausted (2560Mb vs 2570Mb)", "out-of-memory",
	  FAULT_FOUND },
	{ "==1==ERROR: HWAddressSanitizer: tag-mismatch on address 0x1 at pc 0x1", "tag-mismatch",
	  FAULT_FOUND },
	{ "Received signal 11 SEGV_MAPERR 0000000000b0", "null-dereference", FAULT_ADDRESS },
	{ "*** SIGABRT received at time=1718 on cpu 3 ***", "ABRT", FAULT_SELF },
};

static void test_headlines(void **state)
{
	struct headline headline;

	(void)state;
	for (size_t i = 0; i < sizeof(headlines) / sizeof(headlines[0]); i++) {
		if (!sanitizer_headline(str_of(headlines[i].text), &headline))
			fail_msg("no headline: %s", headlines[i].text);
		assert_str(headline.type, headlines[i].type);
		assert_int_equal(headline.fault, headlines[i].fault);
	}
	assert_false(sanitizer_headline(STR("==1==WARNING: AddressSanitizer: failed"), &headline));
	assert_false(sanitizer_headline(STR("Received signal 15"), &headline));
	assert_false(sanitizer_headline(STR("ERROR: Sanitizer: x"), &headline));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines), cmocka_unit_test(test_no_lines),
		cmocka_unit_test(test_names), cmocka_unit_test(test_causes),
		cmocka_unit_test(test_settle), cmocka_unit_test(test_checks),
		cmocka_unit_test(test_no_checks), cmocka_unit_test(test_headlines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

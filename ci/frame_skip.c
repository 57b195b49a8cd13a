/*
 * Which frames of a native stack are never the cause. Each family says why it is left out. Knows
 * names and folders, not single programs; what a project calls its own is found by its tree,
 * elsewhere.
 */
#include "ci/frame.h"

/* What a name begins with. */
static const char *const starts[] = {
	/* The sanitizers' run time: it found the error, it did not make it. */
	"__asan", "___asan", "__hwasan", "__msan", "__tsan", "__ubsan", "__lsan", "__cfi_",
	"__dfsan",
	"__memprof", "__sanitizer", "__interceptor_", "___interceptor_", "__interception::",
	"__scudo", "__gwp_asan", "gwp_asan::", "kasan_", "__kasan_", "asan_thread_start",
	/*
	 * The C library raising the signal, reporting a broken heap, starting and ending threads.
	 */
	"__assert", "__pthread_kill", "__libc_", "__GI_", "__restore_rt", "__kernel_", "__run_exit",
	"__stack_chk_fail", "__fortify", "__chk_fail", "__cxa_finalize", "__start_thread",
	"__pthread_start", "__clone", "_dl_", "_nl_", "_IO_",
	/* The C++ run time: throwing, unwinding, allocating, containers and algorithms. */
	"std::", "__gnu_cxx::", "__cxxabi", "__cxa_", "__gxx_", "_Unwind_",
	"__clang_call_terminate",
	"operator new", "operator delete", "abi::", "__libcpp_",
	/* Rust's way from panic!() to the abort, and the closures that call main. */
	"core::", "alloc::", "rust_begin_unwind", "rust_panic", "__rust", "rust_oom", "rust_eh_",
	"<core::", "<alloc::", "<std::", "_$LT$core..", "_$LT$alloc..", "_$LT$std..",
	/*
	 * Fuzzers: they call the code with an input. The target's entry says nothing about the
	 * cause.
	 */
	"fuzzer::", "LLVMFuzzer", "Honggfuzz", "HF_", "__wrap_", "__afl", "afl_", "centipede::",
	"fuzztest::", "libfuzzer_sys::", "rust_fuzzer_test_input", "_cgoexpwrap_",
	/* Test frameworks: they run the test and tell of its failure. */
	"testing::internal::", "testing::UnitTest::", "testing::TestInfo::", "testing::TestSuite::",
	"testing::TestCase::", "testing::Test::Run", "testing::AssertionFailure", "RUN_ALL_TESTS",
	"Catch::", "doctest::", "boost::unit_test::", "CppUnit::", "_cmocka_", "cmocka_",
	/* Log libraries ending the program at a failed check: the check is their caller's. */
	"logging::", "absl::log_internal", "absl::cleanup_internal", "absl::Cleanup",
	"google::LogMessage", "google::CheckNotNull", "google::ErrnoLog", "google::LogDestination",
	"google::DumpStackTrace", "google::logging_",
	"base::debug::", "base::ImmediateCrash", "v8::base::OS::Abort", "v8::base::FatalOOM",
	"V8_Fatal", "V8_Dcheck", "WTFCrash", "WTFReport", "WTF::Crash", "g_assert", "g_log",
	"g_return_if",
	"g_error", "QMessageLogger::", "qt_message_", "qFatal", "qt_assert", "rtc::FatalLog",
	"rtc::webrtc_checks", "webrtc::webrtc_checks", "SkAbort", "sk_abort", "spdlog::",
	"folly::LogStreamProcessor", "grpc_core::Crash", "gpr_assertion_failed", "__android_log",
	"llvm::sys::PrintStackTrace", "llvm::sys::RunSignalHandlers", "llvm::llvm_unreachable",
	"llvm::report_fatal_error", "ExceptionalCondition",
	/* Windows: how a thread starts and how an exception travels. */
	"RtlUserThreadStart", "BaseThreadInitThunk", "__scrt_", "_scrt_", "Rtl", "KiUser",
	"invoke_main",
	"_CxxThrowException", "RaiseException", "UnhandledException", "__tmainCRTStartup",
	"_purecall",
	/* Go's run time as a sanitizer sees it. */
	"runtime.", "runtime/",
	NULL,
};

/* Whole names, wherever they are. */
static const char *const names[] = {
	/*
	 * Inlined accessors of smart pointers and containers: the one who dereferences is the
	 * cause.
	 */
	"operator->", "operator[]", "operator*", "operator bool", "ImmediateCrash",
	/* How a program is made to end. */
	"abort", "gsignal", "abort_message", "demangling_terminate_handler", "_start",
	/* How a kernel tells of itself. */
	"print_address_description", "dump_stack", "dump_stack_lvl", "show_stack",
	"print_report", "panic", "die", "exc_page_fault", "asm_exc_page_fault",
	NULL,
};

/*
 * Whole names of functions without a source file. With one they are a project's own, which may well
 * have a function read() or start().
 */
static const char *const bare_names[] = {
	/* How a program ends or is made to end. */
	"raise", "kill", "tgkill", "exit", "_exit", "terminate", "backtrace", "start",
	"start_thread",
	"clone", "clone3", "mainCRTStartup", "WinMainCRTStartup", "thread_start", "_pthread_start",
	"thread_entry", "malloc_printerr", "_int_free", "_int_malloc", "sysmalloc",
	"unlink_chunk",
	/* Memory and strings: who called them passed the bad pointer or asked for the size. */
	"malloc", "calloc", "realloc", "reallocarray", "free", "memalign", "posix_memalign",
	"valloc",
	"aligned_alloc", "cfree", "memcpy", "memmove", "memset", "memcmp", "memchr", "bcmp",
	"bcopy",
	"bzero", "strlen", "strnlen", "strcpy", "strncpy", "strcat", "strncat", "strcmp", "strncmp",
	"strcasecmp", "strncasecmp", "strchr", "strrchr", "strstr", "strdup", "strndup", "strtol",
	"strtok", "atoi", "atol", "printf", "sprintf", "snprintf", "vsnprintf", "fprintf",
	"vfprintf",
	"puts", "fputs", "fwrite", "fread", "read", "write", "recv", "send", "qsort", "wcslen",
	"pthread_create", "pthread_mutex_lock", "pthread_mutex_unlock", "pthread_join",
	"wrap_malloc",
	"wrap_free", "wrap_calloc", "wrap_realloc", "wrap_memcpy", "wrap_memmove", "wrap_strlen",
	"wrap_strdup", "wrap_memset", "_Znwm", "_Znam", "_ZdlPv", "_ZdaPv", "__strdup", "__memcpy",
	NULL,
};

/* Parts of a file's path. */
static const char *const folders[] = {
	/* The C and C++ libraries and the compiler's run time. */
	"/libc++/", "/libcxx/", "/libcxxabi/", "/libunwind/", "/libstdc++", "glibc", "/sysdeps/",
	"/nptl/",
	"/csu/", "../include/c++/", "/include/c++/", "linux-gnu/c++/",
	"compiler-rt", "/libsanitizer/", "/libgcc/",
	"\\vctools\\", "\\crts\\", "/bionic/libc/", "/rustc/", "/library/std/src/", "/rust/deps/",
	"crtstuff.c", "/musl/src/", "_asan_rtl_",
	/* Fuzzers and test frameworks. */
	"FuzzerMain.cpp", "FuzzerLoop.cpp", "FuzzerDriver.cpp", "FuzzerTracePC.cpp", "FuzzerUtil",
	"/libfuzzer-sys", "/honggfuzz/", "/fuzztest/src/", "/fuzztest/internal/",
	"/centipede/runner", "/aflplusplus/", "/AFLplusplus/", "/googletest/", "/gtest/src/",
	"/catch2/",
	"/afl/afl_driver",
	/* Logging and checks. */
	"/absl/log/", "/absl/cleanup/", "/base/logging.cc", "\\base\\logging.cc", "/base/check.cc",
	"/base/immediate_crash.h", "\\base\\debug\\", "/base/debug/stack_trace", "/glog/",
	NULL,
};

static const char *const folder_starts[] = { "base/logging.cc", "base/check.cc",
	"base/immediate_crash.h",
	"bionic/libc/", "csu/", "nptl/", "sysdeps/", "./nptl/", "./csu/",
	"./stdlib/abort.c", "external/libcxx/", NULL };

/* Modules of the system: "/lib/x86_64-linux-gnu/libc.so.6+0x35417". */
static const char *const module_starts[] = { "/lib/", "/lib64/", "/lib32/", "/usr/lib", "/system/",
	"/apex/",
	"/vendor/lib", "C:\\Windows\\", "C:\\WINDOWS\\", "libc.so", "libpthread", "libgcc_s",
	"libstdc++",
	"ld-linux", "libasan", "libtsan", "libubsan", "[vdso]", "linux-vdso", "linux-gate", NULL };

static bool starts_one(struct str text, const char *const *list)
{
	for (size_t i = 0; list[i]; i++)
		if (str_starts(text, list[i]))
			return true;
	return false;
}

static bool is_one(struct str name, const char *const *list)
{
	for (size_t i = 0; list[i]; i++)
		if (str_is(name, list[i]))
			return true;
	return false;
}

/* "stdlib/./stdlib/exit.c": how Debian builds glibc. */
static bool is_doubled(struct str file)
{
	struct str head, tail;

	return str_split(file, "/./", &head, &tail) && str_char(head, '/') < 0 && head.size &&
	       tail.size > head.size && tail.at[head.size] == '/' &&
	       str_equal(str_slice(tail, 0, head.size), head);
}

/* What stands behind the type that a template's instance gives back: "void std::__invoke<...>". */
static struct str without_result(struct str name)
{
	size_t depth = 0;

	for (size_t i = name.size; i-- > 0;) {
		if (name.at[i] == '>')
			depth++;
		else if (name.at[i] == '<' && depth)
			depth--;
		else if (name.at[i] == ' ' && !depth)
			return str_from(name, i + 1);
	}
	return name;
}

bool frame_is_cause(struct str name, struct str file)
{
	if (starts_one(without_result(name), starts))
		return false;
	if (starts_one(name, starts) || starts_one(file, folder_starts) ||
	    is_doubled(file) || starts_one(name, module_starts) || is_one(name, names) ||
	    (!file.size && is_one(name, bare_names)))
		return false;
	for (size_t i = 0; folders[i]; i++)
		if (str_has(file, folders[i]))
			return false;
	return true;
}

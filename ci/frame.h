/*
 * Frames of native stacks: how sanitizers, glibc, Chrome, V8, glog, LLVM and Windows print them,
 * what a function is called without the compiler's additions, and which frames are never the cause.
 */
#ifndef CI_FRAME_H
#define CI_FRAME_H

#include "ci/trace.h"

struct stack_frame {
	unsigned long number;		/* "#3"; 0 for the forms that have none */
	struct str function;		/* as printed; empty when unknown */
	struct str module;		/* "/lib/libc.so.6+0x35417"; empty when not said */
	struct place place;		/* file.size 0: no debug information */
};

/*
 * A line of a stack, from its first character:
 *   "#0 0x5636 in total(int) /src/uaf.c:11:3 (BuildId: 88)"  sanitizers, inlined frames too
 *   "#1 main /src/race.c:4 (race+0x12)"                      ThreadSanitizer
 *   "#2 0x7f48a3cf4141 base::Foo()"                          Chrome, LLVM
 *   "#3 0x7f61  (/lib/libpthread.so.0+0x1032f)"              no symbol
 *   " base::Foo [0x00007FF9+58] (base/foo.cc:33)"            Chrome on Windows
 *   "/out/d8(V8_Fatal+0x272) [0x7fe9]"                       glibc's backtrace_symbols
 *   "    @ 0x55f0  foo::Bar()"                               glog, abseil
 *   "hid_probe+0xa1/0xd0 [hid]"                              a kernel
 *   "    foo<3>( a ) + 12 at f.d"                            is none: false
 */
bool frame_take(struct str text, struct stack_frame *frame);

/*
 * The function without arguments, anonymous namespaces, thunks, the numbers of clones (".isra.0",
 * " (.cold)", "[clone x]"), ABI tags, Rust's hash and an offset. Template arguments stay: they tell
 * instances apart. A lambda is named after the function that it stands in.
 */
void frame_name(struct str function, struct kept *name);

/*
 * Whether a frame can be the cause: false for the runtime, the C and C++ libraries, whoever caught
 * or raised the signal, fuzzers, test frameworks and system modules. `name` is from frame_name,
 * `file` may be empty.
 */
bool frame_is_cause(struct str name, struct str file);

/*
 * Appends the frame, innermost first; one without a symbol as "/out/module+0x12". The language, by
 * the file of a frame that can be the cause, is told to the failure.
 */
void frame_add(struct failure *failure, const struct stack_frame *frame);

/*
 * The stack ended: keeps the frames that can be the cause, else those of modules, else all, and
 * turns them innermost last. Of a `recursion` the frames before the first that comes back go, too:
 * where the stack ended is chance.
 */
void frame_settle(struct failure *failure, bool recursion);

#endif

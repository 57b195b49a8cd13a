/*
 * What the readers of JavaScript's tools share: V8's error lines and frames, and what an error says
 * about its kind.
 */
#ifndef CI_NODE_H
#define CI_NODE_H

#include "ci/trace.h"

/*
 * "TypeError [ERR_X]: message", "Uncaught Error: message", "Error". The type has no dot (other
 * languages' have) and ends in Error, Exception or Rejection unless any_type. The text starts
 * with it.
 */
bool node_error(struct str text, bool any_type, struct str *type, struct str *message);

/*
 * "    at async new Cart (file:///x/lib.mjs:10:18)": is it a frame? The function is without "async",
 * "new" and "[as y]"; the place is empty where there is none (native code), eval's is its caller's.
 */
bool node_frame(struct str text, struct place *place, struct str *function);

/* "/x/a.js:3", "file:///x/a.mjs:2", "C:\\x\\a.js:3", "node:internal/...:1210": the whole line, as it
 * stands above the source of an uncaught error. */
bool node_head(struct str text, struct place *place);

/* A core error behind what a logger puts before it: "12:03:01 ERROR TypeError: message". */
bool node_logged_error(struct str text, struct str *type, struct str *message);

/* "Trace: here" of console.trace and "... stack trace:": frames may follow, of no error. */
bool node_heading(struct str text, struct str *type, struct str *message);

/* Appends the frame in the line, innermost first (trace_turn turns them). False: it is none. */
bool node_add_frame(struct failure *failure, struct str text);

/* Type, message, and what they say about the kind, the weight and a rerun. */
void node_set_error(struct failure *failure, struct str type, struct str message,
		    unsigned long error_line);

/* "x" in "Cannot find module 'x'": a package, not a path of the project's own. */
bool node_package_missing(struct str message);

/* A path as the tree may know it: without "file://", "webpack:///" and a query. */
struct str node_path(struct str file);

/* Without what docker, concurrently, npm and TAP put before every line. */
struct str node_body(struct str text);

#endif

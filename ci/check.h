/*
 * The line in which a native program says why it ends itself: assertions, checks of log libraries,
 * fatal log messages, limits of fuzzers.
 */
#ifndef CI_CHECK_H
#define CI_CHECK_H

#include "ci/trace.h"

enum check_next {
	CHECK_WHOLE,			/* the line says it all */
	CHECK_PLACE_FOLLOWS,		/* WebKit: "path(12) : function" is the next line */
	CHECK_REASON_FOLLOWS,		/* V8: "# Check failed: x." is the next line */
	CHECK_WHAT_FOLLOWS,		/* libstdc++: "  what():  out of range" is the next line */
};

struct check {
	struct str type;		/* "assert", "CHECK failure", an exception's class */
	const char *tool;		/* who printed it: "libc", "glog", ... */
	enum kind kind;
	enum check_next next;
	bool last_word;			/* it also explains a bad access that follows at once */
	struct str message;		/* the condition, and the words said beside it */
	struct str function;
	struct place place;
};

/* Whether the line is one; the texts of `check` are parts of it. */
bool check_take(struct str text, struct check *check);

/* What V8 says in the line after "# Fatal error in ...": false when that is no reason. */
bool check_take_reason(struct str text, struct check *check);

#endif

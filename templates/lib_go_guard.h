/*
 * An early return right before a Go statement that would crash, with what the failed test expects
 * there.
 */
#ifndef TEMPLATES_LIB_GO_GUARD_H
#define TEMPLATES_LIB_GO_GUARD_H

#include "templates/lib_go_expect.h"

struct go_guard {
	struct go_package *package;
	const struct code *code;
	TSNode crash;			/* the expression that crashes */
	TSNode subject;			/* what is empty or zero: a name, or a field of one */
	struct str condition;		/* "len(values) == 0": true exactly when it crashes */
	bool nothing;			/* the condition says that the subject is empty or zero */
};

/*
 * Proposes the guard, or declines: the crash must be part of a plain statement of the function's own
 * block, nothing behind it may act on anything but names unless the test wants a failure, and the
 * test's value must be one that does not depend on the other inputs.
 */
void go_guard_propose(struct scene *scene, const struct go_guard *guard);

/* A name, or fields of a name: evaluating it again does nothing and gives the same. */
bool go_is_path(TSNode node);

#endif

/*
 * An early return right before a Rust statement that would panic, with what the failed test expects
 * there.
 */
#ifndef TEMPLATES_LIB_RUST_GUARD_H
#define TEMPLATES_LIB_RUST_GUARD_H

#include "templates/lib_rust_expect.h"

struct rust_guard {
	const struct code *code;
	TSNode crash;			/* the expression that panics */
	TSNode subject;			/* what is empty or zero: a name, or a field of one */
	struct str condition;		/* "values.is_empty()": true exactly when it panics */
	bool nothing;			/* the condition says that the subject is empty or zero */
};

/*
 * Proposes the guard, or declines: the panic must be part of a plain statement of the function's own
 * block, the function may change nothing of its caller's unless the test wants a failure, and the
 * test's value must be one that does not depend on the other inputs.
 */
void rust_guard_propose(struct scene *scene, const struct rust_guard *guard);

/* A name, or fields of a name: evaluating it again does nothing and gives the same. */
bool rust_is_path(TSNode node);

/* x of `x.len()`; a null node when it is anything else. */
TSNode rust_len_of(const struct syntax *s, TSNode node);

#endif

/*
 * A guard before a crash, in the project's own style: an early return or raise where the function
 * has done nothing yet, else right before the crashing statement. It never skips a side effect,
 * never changes what the function does for inputs that did not crash, and never hides an error.
 */
#ifndef TEMPLATES_LIB_GUARD_H
#define TEMPLATES_LIB_GUARD_H

#include "templates/lib_oracle.h"

struct guard {
	const struct site *crash;
	TSNode expression;		/* what crashes, inside the statement */
	struct str condition;		/* "not values": true exactly when it would crash */
	struct str problem;		/* "values is empty": for people and for an error without words */
	bool made;			/* what is bad comes from a call on the line */
	bool single;			/* only one value makes the condition true: zero, None, empty */
};

/*
 * May the expectation be made code here? A test's value may hold for its own input only: it
 * counts when it is trivial, or when the condition leaves no other input. Declines otherwise.
 */
bool guard_may_return(struct python *python, const struct guard *guard,
		      const struct expectation *expectation);

/* Proposes the guard; false, with the reason declined, when there is no safe place for it. */
bool guard_propose(struct python *python, const struct guard *guard,
		   const struct expectation *expectation);

/*
 * Proposes `EXPRESSION if GOOD else VALUE` for the whole right side of `return E`, or of `x = E`
 * where x is what the function returns. For places where an early return would skip something.
 */
bool guard_propose_inline(struct python *python, const struct guard *guard, struct str good,
			  const struct expectation *expectation);

/* Is the expression evaluated whenever its statement is (no `and`, no `A if B`, no
 * comprehension)? */
bool guard_always_evaluated(TSNode expression, TSNode statement);

/* Would leaving the function at the statement skip a side effect of it or behind it? */
bool guard_skips_effects(const struct site *crash);

/* One sentence: "f returns 0 when values is empty: test_x (..) expects 0". */
const char *guard_why(struct python *python, const struct site *crash, struct str problem,
		      const struct expectation *expectation);

/* The statement that does what is expected: "return 0" or "raise ValueError("values is
 * empty")". */
struct str guard_action(struct arena *a, const struct syntax *s,
			const struct expectation *expectation, struct str problem);

/* Proposes the edits of the crash's file; false, with the reason declined, when they break it. */
bool edits_propose(struct python *python, const struct site *crash, const struct edits *edits,
		   enum oracle oracle, const char *why);

/* Puts `lines` (each ended by a new line) before the line of the statement, indented like it. */
void guard_insert(struct edits *edits, const struct syntax *s, TSNode statement, struct str lines);

#endif

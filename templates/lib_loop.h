/*
 * The bounds of loops over a sequence.
 */
#ifndef TEMPLATES_LIB_LOOP_H
#define TEMPLATES_LIB_LOOP_H

#include "templates/lib_python.h"

/*
 * Each proposes a bound for the loop around the crash, or is false without a proposal when the loop is
 * of another form or no oracle says so.
 */

/* `while True:` that begins with q.pop() and has an unreachable `return V` behind it, which the test
 * expects: `while q:`. */
bool loop_ends_when_empty(struct python *python, const struct site *crash, TSNode pop);

/* range(len(x) + 1), or `while i <= len(x)`, around x[i]: the last index is always too far. */
bool loop_bound_too_far(struct python *python, const struct site *crash, TSNode subscript);

/* range(len(x)) around one statement with x[i + 1], with a test that expects a result. */
bool loop_neighbour(struct python *python, const struct site *crash, TSNode subscript);

#endif

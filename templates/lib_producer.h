/*
 * Functions that forget to give back their result: the better place to mend than the one that trips
 * over the None.
 */
#ifndef TEMPLATES_LIB_PRODUCER_H
#define TEMPLATES_LIB_PRODUCER_H

#include "templates/lib_python.h"

/*
 * The value at `object` came from a call of a function of this repository that loses its result on one
 * way through: a recursion without `return`, a last line that is the bare result, or no return at all
 * with one local result built up. Proposes the `return`; false without a decline when it is none of
 * these.
 */
bool producer_propose(struct python *python, const struct site *crash, TSNode object);

#endif

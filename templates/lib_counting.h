/*
 * The counting idiom.
 */
#ifndef TEMPLATES_LIB_COUNTING_H
#define TEMPLATES_LIB_COUNTING_H

#include "templates/lib_python.h"

/*
 * The subscript raised KeyError where something is added to what is there: proposes to start from the
 * empty value of what is added. False without a decline when it is no counting.
 */
bool counting_propose(struct python *python, const struct site *crash, TSNode subscript);

#endif

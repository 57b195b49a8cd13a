/*
 * The literal behind an expected value: itself, a constant of the test, or the row of a
 * parametrized test that failed.
 */
#ifndef TEMPLATES_LIB_ORACLE_ROWS_H
#define TEMPLATES_LIB_ORACLE_ROWS_H

#include "templates/lib_python.h"

/*
 * Does the call pass something empty - None, a blank text, an empty container, no argument at all -
 * or a 0 where `zero`? Constants and rows count as what they stand for.
 */
bool oracle_of_nothing(struct python *python, const struct site *test, TSNode call, bool zero);

/* The Python text of the value; empty when it cannot be known. */
struct str oracle_literal(struct python *python, const struct site *test, TSNode value);

#endif

/*
 * Questions in Python code, `a == b` and `a < b`, and where their answer goes.
 */
#ifndef TEMPLATES_LIB_QUESTION_H
#define TEMPLATES_LIB_QUESTION_H

#include "templates/lib_python.h"

/* "==", "<", "in"; empty when the node is no comparison of two operands. */
struct str question_operator(const struct syntax *s, TSNode comparison);

/*
 * Does nothing but yes or no come of the answer: the condition of an if, a while, a conditional
 * expression or a comprehension, or what a function returns? Not below a `not`, where no is yes.
 */
bool question_decides(TSNode question);

/* The n-th (from 0) comparison with one of these operators (parted by blanks) that has a part on the
 * line; null when there is none. */
TSNode question_on_line(const struct site *site, const char *operators, unsigned n);

#endif

/*
 * The literal behind an expected value: itself, a constant of the test, or the row of a parametrized
 * test that failed.
 */
#ifndef TEMPLATES_LIB_ORACLE_ROWS_H
#define TEMPLATES_LIB_ORACLE_ROWS_H

#include "templates/lib_python.h"

/* The Python text of the value; empty when it cannot be known. */
struct str oracle_literal(struct python *python, const struct site *test, TSNode value);

#endif

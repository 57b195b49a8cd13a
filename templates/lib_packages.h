/*
 * Which distribution a module comes from, for modules whose distribution everybody knows. A shipped
 * table, not a guess: a name that is not in it is not proposed.
 */
#ifndef TEMPLATES_LIB_PACKAGES_H
#define TEMPLATES_LIB_PACKAGES_H

#include "bot/base/str.h"

#include <stdbool.h>

/* The distribution on PyPI that gives this top-level Python module, or NULL. */
const char *packages_of_module(struct str module);

/* Is this a distribution of the table (case, '-', '_' and '.' do not matter)? */
bool packages_well_known(struct str name);

/* One byte of a package's name, folded so that equal names compare equal. */
char packages_fold(char c);

#endif

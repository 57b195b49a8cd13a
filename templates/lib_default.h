/*
 * The default of an optional parameter.
 */
#ifndef TEMPLATES_LIB_DEFAULT_H
#define TEMPLATES_LIB_DEFAULT_H

#include "templates/lib_python.h"

/*
 * When `object` is a parameter with the default None that nobody has set before the crash: proposes
 * `if NAME is None: NAME = VALUE` at the function's start. False without a decline when it is not, or
 * when nothing says the value.
 */
bool default_propose(struct python *python, const struct site *crash, TSNode object);

#endif

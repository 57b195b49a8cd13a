/*
 * What the failing commit changed, by its first parent.
 */
#ifndef TEMPLATES_LIB_HISTORY_H
#define TEMPLATES_LIB_HISTORY_H

#include "templates/lib_python.h"

/*
 * The subscript's key is a plain string that the failing commit renamed elsewhere (a line that differs
 * from its old form in this word only), to one new name: proposes the new name for all look-ups in the
 * same mapping in the file. False without a decline when there is no parent or no such rename.
 */
bool history_renamed_key(struct python *python, const struct site *crash, TSNode subscript);

#endif

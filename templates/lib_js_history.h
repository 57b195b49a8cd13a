/*
 * What the failing commit renamed, seen by comparing the lines of its parent with its own.
 */
#ifndef TEMPLATES_LIB_JS_HISTORY_H
#define TEMPLATES_LIB_JS_HISTORY_H

#include "templates/template.h"

/*
 * The name that the failing commit gave to what was called `name`: by the body of a function that
 * went on under another name, by the line that declared it, else by the lines that used it. Empty
 * when there is no parent, no such rename, or two. *by says how it is known.
 */
struct str js_renamed(const struct scene *scene, struct str name, const char **by);

#endif

/*
 * Which kind of module the sources of a package are.
 */
#ifndef TEMPLATES_LIB_JS_KIND_H
#define TEMPLATES_LIB_JS_KIND_H

#include "templates/lib_js_names.h"

struct js_kinds {
	unsigned esm, cjs;		/* sources of the same package, the file itself left out */
	bool strict;			/* one of the CommonJS ones begins with 'use strict' */
};

void js_kinds_of(const struct scene *scene, const char *but, struct js_kinds *kinds);

#endif

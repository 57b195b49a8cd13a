/*
 * The sources that a failure may be about: those that its frames and its test name, and what these
 * import, and so on. A repository has many others, and nothing of them ran.
 */
#ifndef TEMPLATES_LIB_JS_NEAR_H
#define TEMPLATES_LIB_JS_NEAR_H

#include "templates/template.h"

enum { JS_NEAR_MAX = 64 };

struct js_near {
	const char *list[JS_NEAR_MAX];	/* sources, no tests, nothing laid aside; by path */
	size_t count;
};

/* When the failure names no file of the repository: all of a small one, none of a large one. */
void js_near_open(struct scene *scene, struct js_near *near);

#endif

/*
 * What a failing JavaScript or TypeScript test says that a function must give for the arguments
 * with which it crashed.
 */
#ifndef TEMPLATES_LIB_ORACLE_JS_H
#define TEMPLATES_LIB_ORACLE_JS_H

#include "templates/syntax.h"
#include "templates/template.h"

enum { STATED_ARGUMENTS_MAX = 8 };

struct stated {
	struct str value;		/* a literal, as the test writes it; "undefined" included */
	bool empty;			/* 0, "", null, undefined, false, [] or {}: the nothing of its type */
	struct str arguments[STATED_ARGUMENTS_MAX];
	unsigned argument_count;
	const char *by;			/* "test/cart.test.js:7 expects 0 for total()" */
};

/* Is this the path of a test by the usual names of files and folders? */
bool js_is_test(const char *path);

/*
 * The statement of the test for a call of `function` on the line of the test's own frame. Follows
 * one variable that holds the result. False with a reason when the crash was not called by a test
 * directly, or the test does not state a literal.
 */
bool oracle_js_test(const struct scene *scene, struct str function, struct stated *stated,
		    const char **why);

#endif

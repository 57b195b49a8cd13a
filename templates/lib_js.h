/*
 * The place in JavaScript or TypeScript where a property of nothing was read.
 */
#ifndef TEMPLATES_LIB_JS_H
#define TEMPLATES_LIB_JS_H

#include "templates/syntax.h"
#include "templates/template.h"

struct js_crash {
	struct scene *scene;
	const char *path;
	struct syntax *s;
	TSNode access;			/* the member_expression or subscript */
	TSNode object;			/* what was undefined or null */
	TSNode function;		/* around it */
	struct str name;		/* of the function; empty for a callback */
	bool null;			/* it was null */
};

/* Opens the file of the failure and finds the access; declines with the reason and says false. */
bool js_open(struct js_crash *crash, struct scene *scene, const char *path, struct str property);

/*
 * The name a function is called by: its own, its variable's, its property's; empty when it has
 * none.
 */
struct str js_function_name(const struct syntax *s, TSNode function);

/* The place of a plain parameter of that name (from 0), or -1; its node too. */
int js_parameter(const struct syntax *s, TSNode function, struct str name, TSNode *node);

/*
 * The declarator in the function (or file) that gives a name its value; null node when none or
 * several.
 */
TSNode js_declarator(const struct syntax *s, TSNode scope, struct str name);

/* Does the file end its statements with semicolons? */
bool js_semicolons(const struct syntax *s);

#endif

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

/* The first name of a chain: "order" of order.customer.name. */
TSNode js_root(TSNode node);

/* Does the file declare an async function of that name? */
bool js_is_async(const struct syntax *s, struct str name);

/* Does a statement of the body, from that byte on, act on more than the function's own variables? */
bool js_has_effect(const struct js_crash *crash, TSNode body, size_t from);

/* Is the name a part of a parameter, as in `function f({ items })`? 0, or -1 when it is not. */
int js_taken_apart(const struct js_crash *crash, struct str name);

/*
 * The object is a property that does not exist: a property like it, in this file or in the code of
 * what the test passes, of which it may be a slip; empty when there is none.
 */
struct str js_slip(const struct js_crash *crash, const struct str *passed, unsigned count);

/*
 * The condition under which the object is missing, before a return of `gives`: null or undefined, as
 * it crashed, or whatever is falsy where the file asks so of the same thing and gives the same.
 */
const char *js_missing(const struct js_crash *crash, struct str gives);

/* Does the file end its statements with semicolons? */
bool js_semicolons(const struct syntax *s);

#endif

/*
 * Which module a name that is not defined ought to come from.
 */
#ifndef TEMPLATES_LIB_JS_HOME_H
#define TEMPLATES_LIB_JS_HOME_H

#include "templates/lib_js_file.h"
#include "templates/lib_js_names.h"

struct js_home {
	struct js_binding binding;	/* module spelled for the file, name, local, type */
	const char *by;			/* for people: "src/a.js imports it so" */
	enum oracle oracle;
};

/*
 * The import that the other sources have for the name, when all agree; else the only source that
 * exports it; else node's own module. `at` is where it is used. False with a reason when there is
 * none or a choice.
 */
bool js_home_of(const struct js_file *file, struct str name, TSNode at, struct js_home *out,
		const char **why);

#endif

/*
 * Names that Python or a well-known package took away, and what says the same now. A shipped table:
 * only what has the same meaning, and is there since Python 3.3 or for longer than the old name is
 * gone.
 */
#ifndef TEMPLATES_LIB_REMOVED_H
#define TEMPLATES_LIB_REMOVED_H

#include "templates/lib_python.h"

/* What has to change at a call besides the name. */
enum removed_call {
	CALL_SAME,
	CALL_ESCAPE,			/* html.escape also escapes quotes, unless quote=False */
	CALL_WHICH,			/* the second argument is another one: path= */
	CALL_MAKE,			/* one argument, then exist_ok=True; no result used */
	CALL_TREE,			/* two arguments, then dirs_exist_ok=True; no result used */
	CALL_ONE, CALL_TWO,		/* so many arguments; no result used */
	CALL_ARGSPEC,			/* seven fields for four */
};

struct removed {
	const char *module, *names;	/* names parted by blanks; "*": all */
	const char *new_module;		/* NULL: a built-in name */
	const char *new_name;		/* NULL: the same; "": the module itself */
	enum removed_call call;
};

/* The row for a name of a module; NULL when nothing is known to take its place. */
const struct removed *removed_find(struct str module, struct str name);

/*
 * Collects the edits that replace, in one file, all names of the module that the table knows. False
 * with a reason in *why when a use has another form than is known; `all` asks that nothing of the
 * module stays, for modules that are gone.
 */
bool removed_rewrite(struct edits *edits, const struct scene *scene, const struct syntax *s,
		     struct str module, bool all, const char **why);

/* Proposes the rewrite of the file, and of up to two more that use the same: what a template does. */
void removed_propose(struct python *python, const char *path, struct str module, bool all);

#endif

/*
 * Templates that a repository brings itself: .github/aegis/templates/NAME.yml. Data, no code: which
 * failure, which files, what is replaced by what, and examples. They pass the same fences and the
 * same proof as ours.
 */
#ifndef TEMPLATES_LIB_OWN_H
#define TEMPLATES_LIB_OWN_H

#include "bot/base/err.h"
#include "templates/template.h"

enum { OWN_MOST = 100, OWN_STEPS_MOST = 16, OWN_EXAMPLES_MOST = 32, OWN_FILES_MOST = 50 };

struct own_list {
	const struct template **list;	/* each is the first member of a struct own */
	size_t count;
};

/* One replacement: by a regex over the text, or by a tree-sitter query whose capture is @replace. */
struct own_step {
	const char *pattern, *query;	/* one of them, the other NULL */
	struct str with;		/* $0..$9: groups of the pattern; ${name}: of the message */
};

struct own {
	struct template template;	/* first: fix() finds its struct own by it */
	const char *file;		/* where it was read from */
	const char *const *globs;	/* NULL-ended; NULL: the file that the failure names */
	struct own_step *steps;
	size_t step_count;
};

/*
 * Reads all of a tree, sorted by name. ERR_CONFIG as "file:line:column: why" for what is no such
 * file: an unknown key, a pattern that does not compile, no example, a name that is taken.
 */
bool own_read(const struct tree *tree, struct arena *a, struct own_list *out, struct err *e);

/* Reads the text of one. */
bool own_parse(const char *file, struct str text, struct arena *a, struct own *out, struct err *e);

/* The fix() of all of them (lib_own_fix.c). */
void own_fix(struct scene *scene);
/* ERR_INPUT when the query is not one of the language (as readers name it: "python", "node"), or has no @replace. */
bool own_check_query(const char *language, const char *query, struct err *e);

#endif

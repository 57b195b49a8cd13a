/*
 * Ways through Python code: from a name to its definition, from a failing test to the functions it
 * runs, from a file to its neighbours. By name only: what two definitions share is not told apart.
 */
#ifndef TEMPLATES_LIB_REACH_H
#define TEMPLATES_LIB_REACH_H

#include "templates/lib_python.h"
#include "templates/lib_scene.h"

struct nodes {
	TSNode *list;
	size_t count;
};
/* All nodes of these types ("a|b") at or below `top`, in reading order. */
struct nodes python_nodes(struct arena *a, TSNode top, const char *types);

struct definition {
	struct str name;
	const char *path;
	const struct syntax *s;
	TSNode function;		/* or the class */
	unsigned count;
};
/* The only function of this name: in the file of `s`, else in all the code that is no test. */
bool python_definition(struct python *python, const struct syntax *s, const char *path,
		       struct str name, struct definition *out);
/* The only class of this name in the code that is no test. */
bool python_class(struct python *python, struct str name, struct definition *out);
/* The method of a class; null when it has none or several of that name. */
TSNode python_method(const struct syntax *s, TSNode class, struct str name);
/* Does a decorator with this text ("property", "target.setter") stand over the function? */
bool python_decorated(const struct syntax *s, TSNode function, struct str decorator);

/*
 * The place of the error in this repository's own code, also where a library raised it: the
 * innermost own frame, which must be no test. False, with the reason declined, without one.
 */
bool python_own_crash(struct python *python, struct site *site);
/* The innermost own frame, a test's too. False without a decline. */
bool python_last_own(struct python *python, struct site *site);

/* The files of the folder of `path` that are no tests, the file itself first; at most 200. */
struct near {
	const char *path;
	const struct syntax *s;
};
size_t python_near(struct python *python, const char *path, struct near **out);

/*
 * The functions that the failing test runs, as far as names tell, nearest first: those it calls up
 * to the failing line, what setUp and fixtures make, the methods of its classes, and what these
 * call in turn. Nothing for failures behind the first ten of a report.
 */
struct reached {
	const char *path;
	const struct syntax *s;
	TSNode function;
	unsigned depth;			/* 0: called by the test */
};
size_t python_reached(struct python *python, struct reached **out);

/* Is the failure a test's own assertion, or an error of one of these types (parted by blanks)? */
bool python_is_assertion_or(const struct scene *scene, const char *types);

/* The edits of a file as a candidate; false, with the reason declined, when they break it. */
bool python_put(struct python *python, const char *path, const struct syntax *s,
		const struct edits *edits, enum oracle oracle, const char *why);

#endif

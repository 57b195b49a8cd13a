/*
 * One candidate for all failures of a kind: where the proof is by reading, a report is mended as a
 * whole or not at all.
 */
#ifndef TEMPLATES_LIB_JS_SET_H
#define TEMPLATES_LIB_JS_SET_H

#include "templates/lib_js_file.h"

enum { JS_SET_FILES_MAX = 3, JS_SET_DONE_MAX = 64 };

struct js_set {
	struct scene *scene;
	struct js_file files[JS_SET_FILES_MAX];
	size_t count;
	const char *done[JS_SET_DONE_MAX];
	size_t done_count;
	const char *why;		/* of the first that was mended; for people */
	enum oracle oracle;
};

/* Opens a file once; NULL, with the reason declined, when it cannot be mended. */
struct js_file *js_set_file(struct js_set *set, const char *path);
/* Is it the first time that this is asked for? */
bool js_set_once(struct js_set *set, const char *key);

/* Proposes the edits of all files, by set->oracle and set->why, and closes them. */
void js_set_propose(struct js_set *set);
void js_set_close(struct js_set *set);

/*
 * Calls mend() for every error in the report's diagnostics that the asked template is for, the scene
 * having it as its failure; each collects its edits in set->files. Proposes all of them when every call said true;
 * mend() has declined when it says false. Does nothing but for the first failure of the kind.
 */
void js_mend_all(struct scene *scene, bool (*mend)(struct js_set *set, struct scene *one));

#endif

/*
 * One JavaScript or TypeScript source under repair: opening it, finding the place that a log
 * names, what is in scope there, and proposing the edit.
 */
#ifndef TEMPLATES_LIB_JS_FILE_H
#define TEMPLATES_LIB_JS_FILE_H

#include "templates/syntax.h"
#include "templates/template.h"

struct js_file {
	struct scene *scene;
	const char *path;
	struct syntax *s;
	struct edits edits;
};

/* Opens a source that is no test; else false, with the reason declined. Close it in any case. */
bool js_file_open(struct js_file *file, struct scene *scene, const char *path);
/* The same for the file of the failure. */
bool js_file_of_failure(struct js_file *file, struct scene *scene);
void js_file_close(struct js_file *file);
#define JS_FILE __attribute__((cleanup(js_file_close))) struct js_file

/* The named node at a line and a column (both from 1; UTF-16 units, as node and tsc count). */
TSNode js_node_at(const struct js_file *file, unsigned line, unsigned column);
TSNode js_node_of_failure(const struct js_file *file);
/*
 * Where the statement of the failure uses a name: node points at the expression around it. A null
 * node when it does not.
 */
TSNode js_use_of(const struct js_file *file, struct str name);

/* Proposes the collected edits; false, with the reason declined, when they do not fit. */
bool js_file_propose(struct js_file *file, enum oracle oracle, const char *why);

/*
 * Asks mend() for every source that the failure may be about; each that it says a number for is
 * proposed by itself. Declines with `none` when there is no such source.
 */
void js_mend_sources(struct scene *scene, unsigned (*mend)(struct js_file *file), enum oracle oracle,
		     const char *why, const char *none);

/* The function around a node, itself left out; a null node at the top level. */
TSNode js_function_around(TSNode node);
/* The statement of a block (or of the file) that holds the node. */
TSNode js_statement_of(TSNode node);

/* Calls see() for every name that is visible at the node, innermost scopes first. */
void js_visible(const struct syntax *s, TSNode node,
		void (*see)(const struct syntax *s, TSNode name, void *context), void *context);
/* Is the name visible there? *name is where the innermost scope binds it. */
bool js_sees(const struct syntax *s, TSNode node, struct str wanted, TSNode *name);

#endif

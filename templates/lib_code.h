/*
 * The place of a failure in code of any language with a grammar, and a candidate made of edits.
 */
#ifndef TEMPLATES_LIB_CODE_H
#define TEMPLATES_LIB_CODE_H

#include "templates/syntax.h"
#include "templates/template.h"

struct code {
	struct scene *scene;
	const char *path;
	struct syntax *syntax;
	TSNode node;			/* the smallest named node at the line and column */
};
void code_close(struct code *code);
#define CODE __attribute__((cleanup(code_close))) struct code

/*
 * Opens the file of the asked failure. False, with the reason declined, when it is not the
 * repository's, has no grammar, or is test code.
 */
bool code_open(struct scene *scene, struct code *code);
/* The same for any file and place; never declines. Line 0: the root. */
bool code_open_at(struct scene *scene, const char *path, unsigned line, unsigned column,
		  struct code *code);

/* The smallest named node that starts at or spans the place (from 1; column 0: the line's start). */
TSNode code_node_at(const struct syntax *s, unsigned line, unsigned column);

/* One more of the nodes of these types below, with this text; null node when there is none. */
TSNode code_find(const struct syntax *s, TSNode below, const char *types, struct str text);
/* How many there are. */
unsigned code_count(const struct syntax *s, TSNode below, const char *types, struct str text);

/*
 * Proposes the edits of one file. False, and nothing proposed, when they change nothing or break
 * the syntax.
 */
bool code_propose(struct scene *scene, const struct code *code, const struct edits *edits,
		  enum oracle oracle, enum danger danger, const char *why);

/* The byte where the line of a byte starts. */
size_t code_line_start(struct str text, size_t at);

#endif

/*
 * What is layout, by language: the rules of syntax_same. A place is a node on the way through a
 * tree, with what is known of it so far.
 */
#ifndef TEMPLATES_SYNTAX_LAYOUT_H
#define TEMPLATES_SYNTAX_LAYOUT_H

#include "templates/syntax.h"

struct place {
	TSNode node;
	size_t end;			/* where the last child ended */
	unsigned elements;		/* named children so far, comments left out */
	bool clear;			/* no node of its own: a wrapper */
	bool list;			/* a Python list of values, with or without brackets */
	bool comma, hole;		/* a comma is waiting; it had no element before it */
	TSSymbol before;		/* the last child */
};

enum layout {
	LAYOUT_NODE,			/* counts, go in */
	LAYOUT_CLEAR,			/* go in, but the node itself does not count */
	LAYOUT_LIST,			/* go in; all kinds of lists are one */
	LAYOUT_ATOM,			/* compare its text, do not go in */
	LAYOUT_SKIP,			/* does not count at all */
	LAYOUT_COMMENT,
};

enum family { FAMILY_OTHER, FAMILY_PYTHON, FAMILY_SCRIPT, FAMILY_GO, FAMILY_RUST };
enum family layout_family(const char *language);

/* What to do with a node that is a child of the place (NULL: the root). */
enum layout layout_of(const struct syntax *s, enum family family, const struct place *parent,
		      TSNode node);

/* Is this token (text without blanks) one that only separates or brackets, at this place? */
bool layout_token(enum family family, const struct place *parent, struct str token);

/* May the comma that ends the list at this place be there or not? */
bool layout_last_comma(enum family family, const struct place *place);

/* The text of an atom without what is layout in it: quotes, prefixes, blanks of a docstring. */
struct str layout_text(const struct syntax *s, enum family family, const struct place *parent,
		       TSNode node);

#endif

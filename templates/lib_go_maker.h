/*
 * How values of a Go struct come into being in its package, and where a field can be set.
 */
#ifndef TEMPLATES_LIB_GO_MAKER_H
#define TEMPLATES_LIB_GO_MAKER_H

#include "templates/lib_go.h"

struct go_makers {
	struct str type, field;
	unsigned without, with, odd;	/* literals that lack, set the field; others */
	unsigned zero;			/* var x T, new(T), T in a test */
	struct go_file *file;		/* of those that lack it */
	TSNode first[16];
	unsigned first_count;
};

/* Fills what is known of the type's literals and zero values; type and field are the caller's. */
void go_look_at_makers(struct go_package *package, struct go_makers *makers);

/*
 * Collects the edit that sets a field to make(type) in a literal, on its line or on a line of its
 * own.
 */
void go_add_element(struct edits *edits, const struct syntax *s, TSNode literal, struct str field,
		    struct str type);

/* Does the package ask anywhere whether this name is nil? Then being nil means something. */
bool go_asks_nil(const struct go_package *package, struct str name);

#endif

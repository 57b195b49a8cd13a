/*
 * A name that the failing commit changed: seen in lines that differ from their old form in this
 * word only.
 */
#ifndef TEMPLATES_LIB_OLD_NAME_H
#define TEMPLATES_LIB_OLD_NAME_H

#include "templates/template.h"

struct new_name {
	struct str name;		/* the new one */
	const char *path;		/* where it was seen */
	unsigned lines;			/* in how many lines */
};

/*
 * What the failing commit made of the word in files with one of the endings ("rb erb"). False when
 * there is no parent, no such line, or two new names.
 */
bool old_name_became(const struct scene *scene, struct str word, const char *endings,
		 struct new_name *out);

/* The text with every whole word `from` (no letter, digit or _ beside it) changed; *count says how
 * many. `code` is a text of the same length in which only places that are not blank count. */
struct str old_name_replace(struct arena *a, struct str text, struct str code, struct str from,
		       struct str to, unsigned *count);

#endif

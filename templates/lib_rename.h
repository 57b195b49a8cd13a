/*
 * What the failing commit renamed in Python code: a name counts as renamed when the same scope bound
 * the old one before and no longer does, binds the new one now and did not before, and lines of
 * the file differ in these two words only. Two new names that fit are none.
 */
#ifndef TEMPLATES_LIB_RENAME_H
#define TEMPLATES_LIB_RENAME_H

#include "templates/lib_definitions.h"

struct rename {
	struct str new_name;
	const char *path;		/* where it was renamed */
};

/* An attribute or method of a class or of the classes it is derived from. */
bool rename_of_attribute(struct python *python, struct str class_name, struct str name,
			 struct rename *out);
/* A name at the top level of a file, imported ones too. */
bool rename_of_name(struct python *python, const char *path, struct str name, struct rename *out);
/* A parameter or local name of a function of this file. */
bool rename_of_local(struct python *python, const char *path, TSNode function, struct str name,
		     struct rename *out);
/* A parameter, by its place in a list that is else the same. */
bool rename_of_parameter(struct python *python, const struct definition *definition,
			 struct str name, struct rename *out);

/* Did the file bind the name anywhere before the failing commit? */
bool rename_was_bound(struct python *python, const char *path, struct str name);

/* The file that a module's full name means: "exports.table"; NULL when there is none or several. */
const char *rename_module_file(const struct scene *scene, struct str module);

/* Replaces the name wherever it stands as a name (no attribute, no keyword) at or below the node. */
void rename_uses(struct edits *edits, const struct syntax *s, TSNode node, struct str name,
		 struct str new_name);

#endif

/*
 * The includes of a C or C++ file: which are there, where one more goes, and which header of the
 * project declares a name.
 */
#ifndef TEMPLATES_LIB_INCLUDE_H
#define TEMPLATES_LIB_INCLUDE_H

#include "git/tree.h"
#include "templates/syntax.h"

/* Does the file include it ("<math.h>" or "\"a/b.h\"", as spelled), under a condition or not? */
bool include_is_there(const struct syntax *s, struct str header);

/*
 * Collects the edit that adds `#include HEADER` where its like stand, in their order when they
 * have one.
 */
void include_add(struct edits *edits, const struct syntax *s, const char *path, struct str header);

/*
 * The one header of the project that declares a function, type, macro or constant, spelled (with
 * its quotes) as the other files of the folder, or all others, spell it. False with a reason when
 * there is none, when there are several, or when nobody shows how it is spelled.
 */
bool include_of_project(struct arena *a, const struct tree *tree, const char *path,
			const char *name, struct str *header, const char **why);

/*
 * The header that the C standard or POSIX, or for `cpp` the C++ standard, says declares the name
 * (of C++ without its "std::"), with its brackets; empty when it is not a name we know.
 */
struct str include_of_standard(struct str name, bool cpp);

#endif

/*
 * Build files of C projects, as far as a repair needs to read them: where a Makefile links, which
 * files its lists hold, and what CMake's commands say.
 */
#ifndef TEMPLATES_LIB_BUILD_H
#define TEMPLATES_LIB_BUILD_H

#include "templates/template.h"

struct build {
	const char *path;		/* of the Makefile or CMakeLists.txt at the root */
	struct str text;
	bool cmake;
};

/*
 * The one build file at the root of the tree; false with a reason when there is none, or two
 * kinds.
 */
bool build_find(const struct scene *scene, struct build *build, const char **why);

/* A piece of the text, by bytes: a variable's value, a recipe line, the arguments of a command. */
struct span {
	size_t start, end;
};

/*
 * The value of `NAME = value` at the left margin, with its continuation lines; false when there
 * is none.
 */
bool build_variable(struct str text, const char *name, struct span *value);
/* The n-th (from 0) recipe line that links: "-o" without "-c", by a compiler. */
bool build_link(struct str text, unsigned n, struct span *line);
/* Where a new assignment goes: below the first block of assignments, or the top. */
size_t build_place_of_variable(struct str text);

/*
 * The n-th command of that name in a CMakeLists.txt: all of it, and what is between its
 * parentheses.
 */
bool build_command(struct str text, const char *name, unsigned n, struct span *all,
		   struct span *arguments);

/* Is the word there, between blanks? */
bool build_has_word(struct str list, struct str word);

/*
 * The one source of the tree that defines a C function for others (not static); NULL with a reason
 * when none or several do. NULL why: it does not matter.
 */
const char *build_definer(const struct scene *scene, const char *function, const char **why);

/* The text with `added` put in at a byte. */
struct str build_insert(struct arena *a, struct str text, size_t at, struct str added);

#endif

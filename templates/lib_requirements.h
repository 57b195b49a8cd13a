/*
 * The lists in which a Python project names what it needs: requirements files, [project] in
 * pyproject.toml, install_requires in setup.cfg.
 */
#ifndef TEMPLATES_LIB_REQUIREMENTS_H
#define TEMPLATES_LIB_REQUIREMENTS_H

#include "bot/base/arena.h"
#include "git/tree.h"

enum { REQUIREMENTS_MAX = 400, REQUIREMENT_LISTS_MAX = 16 };

enum list_form { LIST_LINES, LIST_STRINGS, LIST_INLINE };	/* lines; "x", lines; "x", "y" in one line */

struct requirement {
	struct str spec;		/* "PyYAML>=6 ; python_version < '3.12'" without quotes and comment */
	struct str name;		/* "PyYAML" */
	size_t start, end;		/* of its line with the new line; of the string where inline */
};

struct requirement_list {
	const char *path;
	enum list_form form;
	struct str text;
	bool for_tests;			/* of its file's or table's name: dev, test */
	bool hashed;			/* entries carry hashes, or come from a lock tool */
	struct requirement *items;
	size_t count;
};

/* All lists of the tree that hold at least one entry; returns how many. */
size_t requirements_find(struct arena *a, const struct tree *tree,
			 struct requirement_list lists[REQUIREMENT_LISTS_MAX]);

/* The entry for this distribution (case, '-', '_', '.' do not matter), or NULL. */
const struct requirement *requirements_entry(const struct requirement_list *list, struct str name);

/* The file's text with one more entry, in order where the list is sorted. */
struct str requirements_add(struct arena *a, const struct requirement_list *list, struct str spec);

#endif

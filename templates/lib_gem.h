/*
 * A Gemfile.lock by its sections.
 */
#ifndef TEMPLATES_LIB_GEM_H
#define TEMPLATES_LIB_GEM_H

#include "bot/base/arena.h"
#include "bot/base/str.h"

#include <stdbool.h>

struct gem_line {
	struct str section;		/* "PATH", "GEM", "PLATFORMS", "DEPENDENCIES", ... */
	struct str remote;		/* the section's last "remote:" */
	struct str text;		/* without its indentation */
	size_t indent, start;		/* columns; the byte of the line's start */
};

/* The next line inside a section. *at starts as all zero; its text is a view of the lock. */
bool gem_next(struct str lock, struct gem_line *at, size_t *offset);

/* "rack (3.0.11)" gives "rack" and "3.0.11"; false for a line of another form. */
bool gem_spec(struct str text, struct str *name, struct str *version);

#endif

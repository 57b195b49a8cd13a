/*
 * A go.mod: what it requires and replaces.
 */
#ifndef TEMPLATES_LIB_GOMOD_H
#define TEMPLATES_LIB_GOMOD_H

#include "bot/base/arena.h"
#include "bot/base/str.h"

#include <stdbool.h>

enum gomod_kind { GOMOD_OTHER, GOMOD_REQUIRE, GOMOD_REPLACE };

struct gomod_line {
	enum gomod_kind kind;
	struct str module, version;	/* of a replace: its left side; the version may be empty */
	struct str target;		/* of a replace: its right side, "./ids" */
	bool indirect;
	struct str block;		/* the verb of the block it stands in, or empty */
	size_t start, end;		/* of the line, with its new line */
};

/* The next line of a go.mod. *offset starts as 0, *line as all zero. */
bool gomod_next(struct str text, struct gomod_line *line, size_t *offset);

/* The version a go.mod requires of the module; empty when it does not. */
struct str gomod_requires(struct str text, struct str module);

/* The folder of the repository that replaces the module; empty when none does. */
struct str gomod_local(struct str text, struct str module);

#endif

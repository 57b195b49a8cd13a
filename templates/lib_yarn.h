/*
 * A yarn.lock of yarn 1: blocks, each headed by the ranges that it answers.
 */
#ifndef TEMPLATES_LIB_YARN_H
#define TEMPLATES_LIB_YARN_H

#include "bot/base/arena.h"
#include "bot/base/str.h"

#include <stdbool.h>

struct yarn_block {
	size_t start, head_end, end;	/* of its bytes: the head's line without ":", and all with its last line */
	struct str version;
};

struct yarn_lock {
	struct arena *arena;
	struct str text;
	struct yarn_block *blocks;
	size_t count;
};

/* False when it is no lock of yarn 1. The text must outlive it. */
bool yarn_parse(struct arena *a, struct str text, struct yarn_lock *lock);

/* The patterns of a block's head, "lodash@^4.17.20", one after the other, without quotes. */
bool yarn_pattern(struct str *rest, struct str *pattern);
struct str yarn_head(const struct yarn_lock *lock, const struct yarn_block *block);

/* The block that answers the pattern, or NULL. */
const struct yarn_block *yarn_find(const struct yarn_lock *lock, struct str pattern);

/* The range behind the name: "@a/b@^1" gives "^1" and "@a/b". */
struct str yarn_range(struct str pattern, struct str *name);

/* Does a block ask for the pattern among its dependencies? */
bool yarn_is_asked(const struct yarn_lock *lock, struct str pattern);

/* The patterns that a block asks for, one after the other. */
bool yarn_asks(struct arena *a, struct str *rest, struct str *pattern);

/* A head of these patterns as yarn writes it: sorted, quoted where it must be. */
struct str yarn_make_head(struct arena *a, struct str *patterns, size_t count);

#endif

/*
 * What differs between two texts, as runs of lines. For git/patch.c; the difference itself is
 * libgit2's.
 */
#ifndef GIT_HUNK_H
#define GIT_HUNK_H

#include "bot/base/arena.h"
#include "bot/base/str.h"

/* A text cut after each LF; the last line may lack one. */
struct lines {
	struct str text;
	size_t *starts;		/* count + 1 of them: the last is the size of the text */
	size_t count;
};

/* Lines [before, before + removed) become [after, after + added); lines count from 0. */
struct hunk {
	size_t before, removed, after, added;
	struct str place;	/* with context: the function line git shows behind "@@", or "" */
};

struct lines lines_of(struct arena *a, struct str text);
struct str lines_at(const struct lines *lines, size_t first, size_t count);

/*
 * The hunks with that many lines of context around them, first to last; two hunks never touch.
 * Always ends with a true difference: where libgit2 gives up, one hunk takes all lines.
 */
const struct hunk *hunks_of(struct arena *a, struct str before, struct str after,
			    unsigned context, size_t *count);

#endif

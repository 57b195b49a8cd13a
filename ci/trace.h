/*
 * Small tools that many readers share: places ("path:12:5"), frames that a tool prints innermost
 * first, and short texts kept from one line to the next.
 */
#ifndef CI_TRACE_H
#define CI_TRACE_H

#include "ci/reader.h"

struct place {
	struct str file;
	unsigned long line, column;	/* column 0: not said */
};

/*
 * Takes "path:12:5" or "path:12" off the head of *rest, which then starts right behind it. A path
 * holds a letter and a dot or slash, no blank at its start, none of "<>|\"; a drive letter is part
 * of it. False, and nothing touched, when there is none.
 */
bool place_take(struct str *rest, struct place *place);

/* The place as the failure's own. */
void place_set(struct failure *failure, const struct place *place);

/* Whether the file's name ends in one of the space-separated endings (".c .h"). */
bool place_ends(struct str file, const char *endings);

/* A short text in a reader's state. */
struct kept {
	unsigned short size;
	char at[510];
};

void keep(struct kept *kept, struct str text);	/* cuts at its room */
struct str kept_str(const struct kept *kept);

/*
 * Frames that come innermost first: append them with trace_frame, and turn the list when it ended.
 */
void trace_frame(struct failure *failure, const struct place *place, struct str function);
void trace_turn(struct failure *failure);

/* The text up to the first blank; the rest stays in *text, without the blanks before it. */
struct str take_word(struct str *text);

#endif

/*
 * The lines of a log that say what went wrong, for people: cleaned as the readers see them, bounded.
 */
#ifndef CI_EXCERPT_H
#define CI_EXCERPT_H

#include "ci/failure.h"

enum { EXCERPT_LINES_MOST = 40, EXCERPT_BYTES_MOST = 6000 };

/*
 * The failure's own lines, around its error line when they are too many. *first: the number of the
 * first one, from 1. Empty when the log has no such lines.
 */
struct str excerpt_of(struct arena *a, struct str log, const struct failure *failure,
		      unsigned long *first);

#endif

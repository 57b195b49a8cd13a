/*
 * Making a report out of what was collected: own frames, places, ranks, signatures.
 */
#ifndef CI_REPORT_H
#define CI_REPORT_H

#include "ci/failure.h"
#include "ci/steps.h"
#include "git/tree.h"

/*
 * A copy fit to be shown: valid UTF-8; a control character becomes a blank, one that hides or turns
 * text U+FFFD; a line feed stays. NULL for empty.
 */
const char *report_text(struct arena *a, struct str text);
/* The same into out, cut at a whole character so that at most room - 1 bytes and a NUL are written. */
size_t report_text_into(char *out, size_t room, struct str text);

struct failure report_failure_copy(struct arena *a, const struct failure *failure);

/*
 * Decides own frames and places by the tree (without one, by the usual library folders), drops
 * repeats, ranks, signs, and names the command of the first failure's step.
 */
void report_finish(struct report *report, struct arena *a, const struct tree *tree,
		   const struct steps *steps);

#endif

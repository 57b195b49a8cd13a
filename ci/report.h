/*
 * Making a report out of what was collected: own frames, places, ranks, signatures.
 */
#ifndef CI_REPORT_H
#define CI_REPORT_H

#include "ci/failure.h"
#include "git/tree.h"

/* A copy fit to be shown: valid UTF-8, no control characters (a tab becomes a blank); NULL for empty. */
const char *report_text(struct arena *a, struct str text);

struct failure report_failure_copy(struct arena *a, const struct failure *failure);

/* Decides own frames and places by the tree, drops repeats, ranks and signs. */
void report_finish(struct report *report, struct arena *a, const struct tree *tree);

#endif

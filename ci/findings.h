/*
 * Where readers put what they find; the engine's side of ci/reader.h. Memory is bounded whatever the
 * log: so many failures of each weight, each with so much text, and capped lists of diagnostics,
 * blocks and names.
 */
#ifndef CI_FINDINGS_H
#define CI_FINDINGS_H

#include "ci/reader.h"
#include "ci/steps.h"
#include "git/tree.h"

struct findings *findings_open(struct arena *a);
/* The line that is being read, so that failures know their age. */
void findings_at(struct findings *f, unsigned long line);
/* Ends the collection: copies the best FAILURES_MAX failures and all lists into the arena, lets
 * report_finish judge them, and gives all other memory back. */
void findings_close(struct findings *f, struct arena *a, const struct tree *tree,
		    const struct steps *steps, struct report *report);

#endif

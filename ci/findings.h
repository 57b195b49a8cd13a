/*
 * Where readers put what they find; the engine's side of ci/reader.h. Memory is bounded whatever the
 * log: FAILURES_MAX failures with an arena each, and capped lists of diagnostics, blocks and names.
 */
#ifndef CI_FINDINGS_H
#define CI_FINDINGS_H

#include "ci/reader.h"
#include "git/tree.h"

struct findings *findings_open(struct arena *a);
/* The line that is being read, so that failures know their age. */
void findings_at(struct findings *f, unsigned long line);
/* Ends the collection: resolves own frames by the tree (or, without one, by the usual library folders),
 * ranks, signs, and copies everything into the arena. Gives all other memory back. */
void findings_close(struct findings *f, struct arena *a, const struct tree *tree,
		    struct report *report);

#endif

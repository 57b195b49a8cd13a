/*
 * How alike are two failures that are not the same one? For looking up what helped before, when a
 * signature is new: a file was renamed, a frame came between, another key is missing.
 */
#ifndef CI_NEAR_H
#define CI_NEAR_H

#include "ci/failure.h"

enum {
	NEAR_BYTES_MAX = 2048,		/* of a stored text */
	NEAR_PERCENT = 55,		/* a score from this on is a near match; measured by its test */
};

/*
 * What of a failure is compared, as a text to be stored: lines of a letter, a blank and a value; at
 * most NEAR_BYTES_MAX bytes of printable UTF-8, and the same for the same signature's failures. It
 * starts with a version, and texts of different versions are not alike. Lives in the arena.
 */
struct str near_text(struct arena *a, const struct failure *failure);

/*
 * 0 (nothing in common) to 1 (the same but for places) for two such texts, in either order. Frames
 * weigh by how near they are to the fault, words of the message by how much they say. A text that is
 * none scores 0.
 */
double near_score(struct str one, struct str other);

#endif

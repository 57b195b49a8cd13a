/*
 * Slips of the keyboard.
 */
#ifndef TEMPLATES_LIB_SIMILAR_H
#define TEMPLATES_LIB_SIMILAR_H

#include "bot/base/str.h"

#include <stdbool.h>

/* Letters that differ, are missing or too many; two swapped neighbours count as one. Names longer
 * than 60 bytes, or that differ in length by more than 2, are 3 apart. */
unsigned similar_distance(struct str a, struct str b);

/*
 * Can `wrong` be `right` with a slip in one of its words ("user_nmae", "maxWdith")? Not when the
 * words mean two things by convention: x and y, 1 and 2, min and max, item and items, value and
 * values, another first letter.
 */
bool similar_slip(struct str wrong, struct str right);

/* Do the names differ in one little word between underscores only: KM_OF_KNOT, KM_OF_A_KNOT? */
bool similar_but_an_article(struct str a, struct str b);

#endif

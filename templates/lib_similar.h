/*
 * Slips of the keyboard.
 */
#ifndef TEMPLATES_LIB_SIMILAR_H
#define TEMPLATES_LIB_SIMILAR_H

#include "bot/base/str.h"

/* Letters that differ, are missing or too many; two swapped neighbours count as one. Names longer than 60
 * bytes, or that differ in length by more than 2, are 3 apart. */
unsigned similar_distance(struct str a, struct str b);

#endif

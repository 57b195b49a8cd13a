/*
 * One pass over a line for all wake words of all readers (Aho-Corasick over byte classes).
 */
#ifndef CI_WAKE_H
#define CI_WAKE_H

#include "ci/reader.h"

#include <stdint.h>

/* Bit i is set when a wake word of readers[i] is in the text. At most 64 readers. */
uint64_t wake_readers(struct str text);

#endif

/*
 * One pass over a line for all wake words of all readers.
 */
#ifndef CI_WAKE_H
#define CI_WAKE_H

#include "ci/reader.h"

#include <stdint.h>

/*
 * Bit i is set when a wake word of readers[i] is in the text or bit i of `awake` is set (which spares
 * the search for that reader's words). At most 64 readers.
 */
uint64_t wake_readers(struct str text, uint64_t awake);

#endif

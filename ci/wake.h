/*
 * One pass over a line for all wake words of all readers.
 */
#ifndef CI_WAKE_H
#define CI_WAKE_H

#include "ci/reader.h"

/* Bit i stands for readers[i]. */
__extension__ typedef unsigned __int128 reader_set;

enum { READERS_MAX = 127 };	/* so that there is a bit behind the last one */

static inline reader_set reader_bit(size_t i)
{
	return (reader_set)1 << i;
}

/*
 * Bit i is set when a wake word of readers[i] is in the text or bit i of `awake` is set (which spares
 * the search for that reader's words).
 */
reader_set wake_readers(struct str text, reader_set awake);

#endif

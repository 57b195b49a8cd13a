/*
 * One pass over a line for all wake words of all readers.
 */
#ifndef CI_WAKE_H
#define CI_WAKE_H

#include "ci/reader.h"

enum { READERS_MAX = 128 };

/* Bit i is of readers[i]. */
typedef unsigned __int128 wake_set;

static inline wake_set wake_one(size_t reader)
{
	return (wake_set)1 << reader;
}

/* The first reader of a set that is not empty. */
static inline size_t wake_first(wake_set set)
{
	unsigned long low = (unsigned long)set, high = (unsigned long)(set >> 64);

	return (size_t)(low ? __builtin_ctzl(low) : 64 + __builtin_ctzl(high));
}

/*
 * Bit i is set when a wake word of readers[i] is in the text or bit i of `awake` is set (which spares
 * the search for that reader's words). At most READERS_MAX readers.
 */
wake_set wake_readers(struct str text, wake_set awake);

#endif

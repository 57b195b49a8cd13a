/*
 * Reading a zip archive that somebody else made. Names in it are texts, never paths; entries are
 * read one at a time, through zlib, and nothing is written to disk.
 */
#ifndef BOT_BASE_ZIP_H
#define BOT_BASE_ZIP_H

#include "bot/base/arena.h"
#include "bot/base/err.h"
#include "bot/base/str.h"

#include <stdint.h>

enum { ZIP_ENTRIES_MOST = 20000 };

struct zip_entry {
	struct str name;		/* as the archive has it: any bytes */
	uint64_t offset, packed, size;
	uint32_t crc;
	unsigned method, flags;
};

struct zip {
	int fd;				/* the caller's */
	uint64_t folder;		/* where the list of entries begins; all data lies before it */
	struct zip_entry *entries;	/* in the archive's order */
	size_t count;
};

/*
 * Reads the list of entries of a regular file. ERR_INPUT when it is no zip archive, is damaged, is of
 * several parts or larger than 4 GiB (zip64), or has more than ZIP_ENTRIES_MOST entries.
 */
bool zip_open(struct zip *zip, int fd, struct arena *a, struct err *e);

/*
 * Gives the entry's bytes in pieces, at most *left, from which they are taken off. ERR_INPUT when it
 * is damaged, encrypted, packed otherwise than by deflate, or too large; what came before that was
 * given all the same.
 */
bool zip_read(const struct zip *zip, const struct zip_entry *entry, uint64_t *left,
	      void (*take)(void *context, struct str piece), void *context, struct err *e);

#endif

/*
 * UTF-16 in: what PowerShell's ">" writes. A file that starts with FF FE or FE FF is turned into
 * UTF-8, anything else goes through as it is.
 */
#ifndef CI_ENCODING_H
#define CI_ENCODING_H

#include <stddef.h>
#include <stdint.h>

enum encoding_kind { ENCODING_NOT_KNOWN, ENCODING_BYTES, ENCODING_LITTLE, ENCODING_BIG };

struct encoding {			/* zeroed at the start of a file */
	enum encoding_kind kind;
	unsigned char held[2];		/* bytes that need the next one to be understood */
	size_t held_size;
	uint16_t high;			/* the first half of a surrogate pair */
};

enum { ENCODING_ROOM = 8 };		/* the least room that out may have */

/*
 * Takes bytes off the front of *bytes, writes at most `room` bytes of UTF-8 to out, and says how many.
 * Once the kind is ENCODING_BYTES and nothing is held, nothing needs to go through here any more.
 * Half a pair becomes U+FFFD.
 */
size_t encoding_take(struct encoding *e, const unsigned char **bytes, size_t *size, char *out,
		     size_t room);

/* What is still held when the file ends; out holds at least ENCODING_ROOM. */
size_t encoding_end(struct encoding *e, char *out);

#endif

/*
 * Packed bytes in, plain bytes out, a piece at a time: gzip (all members of a file) and the bare
 * deflate of zip archives. Memory is about 50 KiB whatever the input; how much comes out is bounded
 * by the caller.
 */
#ifndef BOT_BASE_UNPACK_H
#define BOT_BASE_UNPACK_H

#include "bot/base/arena.h"
#include "bot/base/err.h"
#include "bot/base/str.h"

#include <stdint.h>

enum unpack_kind { UNPACK_GZIP, UNPACK_DEFLATE };

struct unpack;

/* At most `most` bytes come out; `take` gets them in pieces. */
struct unpack *unpack_open(struct arena *a, enum unpack_kind kind, uint64_t most,
			   void (*take)(void *context, struct str piece), void *context);
/* ERR_INPUT when it is damaged or too much comes out; then no more may be fed. Bytes behind the end
 * of the packed ones are not looked at, as gzip does it. */
bool unpack_feed(struct unpack *unpack, struct str packed, struct err *e);
/* ERR_INPUT when the packed bytes broke off. */
bool unpack_end(const struct unpack *unpack, struct err *e);
/* How many bytes came out. */
uint64_t unpack_size(const struct unpack *unpack);

#endif

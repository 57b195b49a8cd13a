/*
 * Reading a file or standard input, a piece at a time.
 */
#ifndef BOT_STREAM_H
#define BOT_STREAM_H

#include "bot/base/err.h"
#include "ci/log.h"

#include <stdint.h>

/*
 * name: a path, or "-" for standard input. `take` gets every byte, in order. ERR_INPUT naming it
 * when it cannot be read.
 */
bool stream_bytes(const char *name, void (*take)(void *context, struct str piece), void *context,
		  struct err *e);

/* What a packed log may unpack to. */
#define STREAM_UNPACKED_MOST (UINT64_C(2) << 30)

/* The same into a log. One that is packed with gzip is unpacked on its way; a zip archive is refused. */
bool stream_log(const char *name, struct log *log, struct err *e);

/* The same for who gets the bytes elsewhere: a piece at a time, then the end, which says whether a
 * packed log was whole; ERR_INPUT naming it if not. */
struct stream_sink;
struct stream_sink *stream_sink_open(struct arena *a, struct log *log);
void stream_sink_take(struct stream_sink *sink, struct str piece);
bool stream_sink_end(struct stream_sink *sink, const char *name, struct err *e);

#endif

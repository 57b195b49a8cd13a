/*
 * Reading a file or standard input, a piece at a time.
 */
#ifndef BOT_STREAM_H
#define BOT_STREAM_H

#include "bot/base/err.h"
#include "ci/log.h"

/*
 * name: a path, or "-" for standard input. `take` gets every byte, in order. ERR_INPUT naming it
 * when it cannot be read.
 */
bool stream_bytes(const char *name, void (*take)(void *context, struct str piece), void *context,
		  struct err *e);

/* The same into a log. */
bool stream_log(const char *name, struct log *log, struct err *e);

#endif

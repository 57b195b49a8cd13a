/*
 * Feeding a log from a file or standard input, a piece at a time.
 */
#ifndef BOT_STREAM_H
#define BOT_STREAM_H

#include "bot/base/err.h"
#include "ci/log.h"

/* name: a path, or "-" for standard input. ERR_INPUT naming it when it cannot be read. */
bool stream_log(const char *name, struct log *log, struct err *e);

#endif

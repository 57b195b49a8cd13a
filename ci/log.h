/*
 * Reading a log: bytes in, report out. Streaming; memory does not grow with the log.
 *
 *	struct log *log = log_open(&arena, tree);
 *	while (...) log_feed(log, bytes, size);
 *	const struct report *report = log_close(log);
 */
#ifndef CI_LOG_H
#define CI_LOG_H

#include "bot/base/arena.h"
#include "ci/failure.h"
#include "git/tree.h"

struct log;

/* tree: the failing commit, by which frames are own; NULL when there is no repository. */
struct log *log_open(struct arena *a, const struct tree *tree);
/* Pieces of any size; where they are cut makes no difference. UTF-16 with a byte order mark is read too. */
void log_feed(struct log *log, const void *bytes, size_t size);
/* Ends the log and gives the ranked report, which lives in the arena. The log is used up. */
const struct report *log_close(struct log *log);

/* All at once, for short logs. */
const struct report *log_read(struct arena *a, const struct tree *tree, struct str text);

#endif

/*
 * libgit2 set up so that nothing outside the repository speaks: no settings of the system or the
 * user, objects checked when they are read, written files flushed to the disk.
 */
#ifndef GIT_LIBRARY_H
#define GIT_LIBRARY_H

#include "bot/base/err.h"

/* Starts libgit2 once for the process; cheap afterwards, safe from several threads. */
void library_start(void);

/*
 * A failure from a libgit2 result: what we were doing, then what libgit2 says. GONE: no such thing;
 * LATER: somebody holds a lock; DENIED: permissions; INPUT: the repository is damaged or unusual.
 */
bool library_fail(struct err *e, int result, const char *format, ...)
	__attribute__((format(printf, 3, 4), nonnull(1, 3)));

#endif

/*
 * Commit messages. Subject and body may hold text from logs and models: it can neither end a line
 * early, nor add a trailer, nor tell a CI system to skip the commit.
 */
#ifndef GIT_MESSAGE_H
#define GIT_MESSAGE_H

#include "bot/base/arena.h"
#include "bot/base/str.h"

struct trailer {
	const char *name, *value;	/* "Aegis-Incident", "4f1c..." */
};

enum { SUBJECT_BYTES = 72, TRAILER_BYTES = 200 };

/*
 * Subject (one line of at most SUBJECT_BYTES, cut at a character), blank line, body, blank line,
 * trailers (a NULL name ends them; NULL is none; one with a NULL or empty value is left out).
 * Controls, invisible characters and bytes that are no UTF-8 are dropped or become blanks.
 */
const char *commit_message(struct arena *a, struct str subject, struct str body,
			   const struct trailer *trailers);

/* The value of a trailer in the last paragraph of a message; empty when there is none. */
struct str message_trailer(struct str message, const char *name);

#endif

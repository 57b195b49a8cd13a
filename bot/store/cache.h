/*
 * Answers of servers, kept for conditional requests: ask with the ETag, and after a 304 use the
 * body that is here. A name is the address and whatever else the answer depends on (which identity
 * asked). Only a cache: everything in it may go away.
 */
#ifndef BOT_STORE_CACHE_H
#define BOT_STORE_CACHE_H

#include "bot/store/store.h"

enum { CACHE_BODY_MOST = 1024 * 1024, CACHE_TOUCH_MS = 60 * 60 * 1000 };

struct cache_answer {
	const char *etag;
	struct str body;		/* any bytes */
};

/* A body above CACHE_BODY_MOST is not kept, and what was there goes: *kept is false then. */
bool cache_put(struct store *store, const char *name, const struct cache_answer *answer, bool *kept,
	       struct err *e);
/* *found is false when it is not there, or its body is not what was put. */
bool cache_get(struct store *store, const char *name, struct arena *a, struct cache_answer *out,
	       bool *found, struct err *e);
/* It was of use; written at most once in CACHE_TOUCH_MS. */
bool cache_touch(struct store *store, const char *name, struct err *e);
/* Forgets the least recently used until names and bodies take at most bytes_most. */
bool cache_prune(struct store *store, int64_t bytes_most, struct err *e);

#endif

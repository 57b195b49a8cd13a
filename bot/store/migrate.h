/*
 * The schema as steps, in the order of their numbers; generated from bot/store/schema/ (the first
 * has version 1). A step that was released is never changed: databases remember its hash. For
 * bot/store and its tests.
 */
#ifndef BOT_STORE_MIGRATE_H
#define BOT_STORE_MIGRATE_H

#include "bot/store/store.h"

#include <stddef.h>

enum { STORE_APPLICATION_ID = 0x61656769 };	/* "aegi" */

struct migration {
	const char *name;		/* "0001_incident" */
	const char *sql;
};
extern const struct migration migrations[];
extern const size_t migration_count;

/*
 * Looks whether the database is ours (or new), of a version we know, and made by these steps. Then,
 * with STORE_WRITE, brings it up to date, each step in one transaction with its version and hash.
 */
bool migrate(struct store *store, const struct migration *list, size_t count, struct err *e);

/* Opens without looking at what is in it, for tests of migrate. */
bool store_open_raw(const char *url, enum store_mode mode, struct store **out, struct err *e);

#endif

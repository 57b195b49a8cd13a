/* What the files of bot/store share about SQLite; nobody else includes it. */
#ifndef BOT_STORE_STORE_PARTS_H
#define BOT_STORE_STORE_PARTS_H

#include "bot/store/store.h"

#include <sqlite3.h>
#include <sys/types.h>

enum { STORE_STATEMENTS_MOST = 128, STORE_BUSY_MS = 5000 };

struct store {
	struct arena arena;			/* holds this struct too */
	sqlite3 *handle;
	const char *path;			/* NULL: in memory */
	const char *name;
	enum store_mode mode;
	pid_t process;				/* that opened it; a fork must not touch it */
	bool in_transaction;
	bool doomed;				/* a write failed: nothing may be committed */
	struct store_lock *lock;
	/* Open addressing by the address of the text. */
	struct store_statement {
		const char *sql;
		sqlite3_stmt *handle;
	} statements[STORE_STATEMENTS_MOST];
	size_t statement_count;
};

/* What a result code of SQLite means to us; false. The handle's own message goes into the text. */
bool store_fail(struct store *store, int code, struct err *e);

/* Runs SQL of our own that gives no rows, or whose rows do not matter. */
bool store_run(struct store *store, const char *sql, struct err *e);
/* The one number or text a statement gives; ERR_INPUT when it gives nothing or another type. */
bool store_ask(struct store *store, const char *sql, int64_t *number, struct err *e);
bool store_ask_text(struct store *store, const char *sql, struct arena *a, const char **text,
		    struct err *e);

void store_lock_release(struct store_lock *lock);

#endif

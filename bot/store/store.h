/*
 * Where everything is kept that must outlive the process. One handle is for one thread, and never
 * crosses a fork. Reading needs nothing; every write needs a transaction, so that what belongs
 * together is there together or not at all:
 *
 *	STORE store = NULL;
 *	STORE_TRANSACTION t = {0};
 *	if (!store_open("sqlite:aegis.db", STORE_WRITE, &store, e) ||
 *	    !store_begin(store, &t, e) || !outbox_intend(store, ..., e) ||
 *	    !incident_move(store, ..., e) || !store_commit(&t, e))
 *		return false;
 *
 * Errors of every function of bot/store, all naming the file: ERR_LATER (locked by another process,
 * no space left, out of memory), ERR_DENIED (read-only, no permission), ERR_INPUT (damaged, not
 * ours, newer than this program), ERR_GONE (no such file), ERR_BUG (the rest of input and output,
 * and calls that break the rules: a write outside a transaction, a transaction in another).
 * In results the empty text and 0 mean none. Times are milliseconds since 1970.
 */
#ifndef BOT_STORE_STORE_H
#define BOT_STORE_STORE_H

#include "bot/base/arena.h"
#include "bot/base/err.h"
#include "bot/base/str.h"

#include <stdint.h>

struct store;
#define STORE __attribute__((cleanup(store_close))) struct store *

enum store_mode {
	STORE_READ,			/* must exist; never writes, and waits for nobody */
	STORE_WRITE,			/* made when absent (mode 0600), brought up to date */
};

/*
 * "sqlite:PATH" ("sqlite::memory:" lives and dies with the handle). ERR_CONFIG for any other url.
 * STORE_READ of a schema older than this program's is ERR_LATER: the next writer mends that.
 */
bool store_open(const char *url, enum store_mode mode, struct store **out, struct err *e);
void store_close(struct store *const *store);

/* How it is named in messages: the path, or "memory". */
const char *store_name(const struct store *store);

/*
 * Reads the whole database: is it undamaged, do all references lead somewhere, are tables,
 * indexes and triggers exactly those of this program? ERR_INPUT says what is wrong.
 */
bool store_check(struct store *store, struct err *e);

struct store_transaction {
	struct store *store;		/* NULL: none is open */
};
/* Rolled back when its variable goes away uncommitted. */
#define STORE_TRANSACTION __attribute__((cleanup(store_rollback))) struct store_transaction

/*
 * Takes the write lock at once, waiting up to 5 s for another process (then ERR_LATER). ERR_BUG:
 * one is open already, or the handle is for reading. After an error of a write nothing of the
 * transaction can be committed any more.
 */
bool store_begin(struct store *store, struct store_transaction *transaction, struct err *e);
/*
 * When it says true it is on the disk. When it fails nothing is there, except after ERR_BUG: then
 * the disk itself failed and the caller finds out by reading again.
 */
bool store_commit(struct store_transaction *transaction, struct err *e);
void store_rollback(struct store_transaction *transaction);

/*
 * One daemon at a time: the claim holds until the handle is closed or the process dies, however it
 * dies. ERR_LATER says who has it: process, host, since when. Readers and single commands need no
 * claim. A store in memory is always free.
 */
bool store_claim(struct store *store, struct err *e);

#endif

/*
 * Opening and closing, and transactions with their rules. What is inside is the business of the
 * other files here.
 */
#include "bot/store/store.h"

#include "bot/base/kill_point.h"
#include "bot/store/migrate.h"
#include "bot/store/store_parts.h"

#include <unistd.h>

bool store_open(const char *url, enum store_mode mode, struct store **out, struct err *e)
{
	STORE store = NULL;

	if (!store_open_raw(url, mode, &store, e) ||
	    !migrate(store, migrations, migration_count, e))
		return false;
	*out = store;
	store = NULL;
	return true;
}

void store_close(struct store *const *store)
{
	struct arena arena;

	/* In a fork closing could check-point and remove the log under the parent's feet. */
	if (!store || !*store || (*store)->process != getpid())
		return;
	for (size_t i = 0; i < STORE_STATEMENTS_MOST; i++)
		sqlite3_finalize((*store)->statements[i].handle);
	sqlite3_close((*store)->handle);
	store_lock_release((*store)->lock);
	arena = (*store)->arena;
	arena_release(&arena);
}

const char *store_name(const struct store *store)
{
	return store->name;
}

bool store_begin(struct store *store, struct store_transaction *transaction, struct err *e)
{
	if (store->process != getpid())
		return fail(e, ERR_BUG, "%s was opened before a fork", store->name);
	if (store->mode != STORE_WRITE)
		return fail(e, ERR_BUG, "%s is open for reading only", store->name);
	if (store->in_transaction || transaction->store)
		return fail(e, ERR_BUG, "%s: a transaction in another", store->name);
	if (!store_run(store, "BEGIN IMMEDIATE", e))
		return false;
	store->in_transaction = true;
	store->doomed = false;
	transaction->store = store;
	KILL_POINT("store.begin.after");
	return true;
}

static bool commit(struct store *store, struct err *e)
{
	if (store->doomed || sqlite3_get_autocommit(store->handle))
		return fail(e, ERR_BUG, "%s: a write failed, so nothing is committed",
			    store->name);
	KILL_POINT("store.commit.before");
	if (!store_run(store, "COMMIT", e))
		return false;
	KILL_POINT("store.commit.after");
	store->in_transaction = false;
	return true;
}

bool store_commit(struct store_transaction *transaction, struct err *e)
{
	bool done;

	if (!transaction->store)
		return fail(e, ERR_BUG, "a commit without a transaction");
	done = commit(transaction->store, e);
	store_rollback(transaction);
	return done;
}

void store_rollback(struct store_transaction *transaction)
{
	struct store *store = transaction->store;
	struct err e = ERR_INIT;

	transaction->store = NULL;
	if (!store || !store->in_transaction || store->process != getpid())
		return;
	/* Some errors of SQLite roll back by themselves; then there is nothing left to do. */
	if (!sqlite3_get_autocommit(store->handle))
		(void)store_run(store, "ROLLBACK", &e);
	store->in_transaction = false;
	store->doomed = false;
}

/*
 * From any older schema to ours, step by step; each step is in the database wholly or not at all,
 * whatever kills it. Never goes back, and never touches a file that is not ours.
 */
#include "bot/store/migrate.h"

#include "bot/base/clock.h"
#include "bot/base/crypto.h"
#include "bot/base/kill_point.h"
#include "bot/store/query.h"
#include "bot/store/store_parts.h"

#include <unistd.h>

static const char make_migration_table[] =
	"CREATE TABLE migration (version INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, "
	"hash TEXT NOT NULL, migrated_at INTEGER NOT NULL) STRICT";
static const char note_migration[] =
	"INSERT INTO migration (version, name, hash, migrated_at) VALUES (?1, ?2, ?3, ?4)";
static const char read_migrations[] = "SELECT version, name, hash FROM migration ORDER BY version";

static const char *hash_of(struct arena *a, const char *sql)
{
	uint8_t digest[CRYPTO_SHA256_BYTES];

	crypto_sha256(str_of(sql), digest);
	return crypto_hex(a, (struct str){ (const char *)digest, sizeof(digest) });
}

/* The steps in the database must be the first steps of the list. */
static bool same_steps(struct store *store, const struct migration *list, int64_t version,
		       struct err *e)
{
	ARENA a = {0};
	int64_t found = 0;
	QUERY q = query_of(store, read_migrations);

	while (found < version && query_next(&q)) {
		const struct migration *step = &list[found++];

		if (query_number(&q, 0) != found ||
		    strcmp(query_text(&q, 1, &a), step->name) != 0 ||
		    strcmp(query_text(&q, 2, &a), hash_of(&a, step->sql)) != 0)
			return fail(e, ERR_INPUT, "%s: step %d of its schema is not the %s of this "
				    "program", store->name, (int)found, step->name);
	}
	if (!query_done(&q, e))
		return false;
	return found == version ||
	       fail(e, ERR_INPUT, "%s is damaged (its steps are missing)", store->name);
}

/* Whose is it, and which version? 0 for a new one. */
static bool look(struct store *store, const struct migration *list, size_t count, int64_t *version,
		 struct err *e)
{
	int64_t application, found, things;

	if (!store_ask(store, "PRAGMA application_id", &application, e) ||
	    !store_ask(store, "PRAGMA user_version", &found, e) ||
	    !store_ask(store, "SELECT count(*) FROM sqlite_schema", &things, e))
		return false;
	if (!application && !found && !things) {
		*version = 0;
		return store->mode == STORE_WRITE ||
		       fail(e, ERR_GONE, "%s is empty: nothing was stored yet", store->name);
	}
	if (application != STORE_APPLICATION_ID)
		return fail(e, ERR_INPUT, "%s is not a database of Aegis", store->name);
	if (found > (int64_t)count)
		return fail(e, ERR_INPUT, "%s was written by a newer Aegis (schema %lld, this one "
			    "knows %zu): update this program", store->name, (long long)found,
			    count);
	if (found < 1)
		return fail(e, ERR_INPUT, "%s is damaged (schema %lld)", store->name,
			    (long long)found);
	if (!same_steps(store, list, found, e))
		return false;
	*version = found;
	return true;
}

/* Each statement by itself, so that a test can kill between any two. */
static bool run_step(struct store *store, const char *sql, struct err *e)
{
	const char *rest = sql;

	while (*rest) {
		sqlite3_stmt *statement = NULL;
		int code = sqlite3_prepare_v2(store->handle, rest, -1, &statement, &rest);

		if (code == SQLITE_OK && statement)
			code = sqlite3_step(statement);
		if (code != SQLITE_OK && code != SQLITE_DONE)
			(void)store_fail(store, code, e);
		sqlite3_finalize(statement);
		if (code != SQLITE_OK && code != SQLITE_DONE)
			return false;
		KILL_POINT("store.migrate.statement");
	}
	return true;
}

static bool note_step(struct store *store, const struct migration *step, int64_t version,
		      struct err *e)
{
	ARENA a = {0};
	QUERY q = query_of(store, note_migration);

	query_put_number(&q, 1, version);
	query_puts(&q, 2, step->name);
	query_puts(&q, 3, hash_of(&a, step->sql));
	query_put_number(&q, 4, clock_wall_ms());
	return query_run(&q, e) &&
	       store_run(store, arena_printf(&a, "PRAGMA user_version = %d", (int)version), e);
}

static bool start(struct store *store, struct err *e)
{
	ARENA a = {0};

	return store_run(store, make_migration_table, e) &&
	       store_run(store, arena_printf(&a, "PRAGMA application_id = %d",
					     STORE_APPLICATION_ID), e);
}

/* From version to the next. Does nothing when another process was faster. */
static bool step_from(struct store *store, int64_t version, const struct migration *step,
		      struct err *e)
{
	STORE_TRANSACTION t = {0};
	int64_t now;

	KILL_POINT("store.migrate.before");
	if (!store_begin(store, &t, e) || !store_ask(store, "PRAGMA user_version", &now, e))
		return false;
	if (now != version)
		return true;
	return (version || start(store, e)) && run_step(store, step->sql, e) &&
	       note_step(store, step, version + 1, e) && store_commit(&t, e);
}

/* The change to WAL needs the file for itself and does not wait for others on its own. */
static bool use_wal(struct store *store, struct err *e)
{
	int64_t until_ms = clock_monotonic_ms() + STORE_BUSY_MS;
	struct err why = ERR_INIT;
	ARENA a = {0};
	const char *mode = "";

	while (!store_ask_text(store, "PRAGMA journal_mode = WAL", &a, &mode, &why)) {
		if (why.kind != ERR_LATER || clock_monotonic_ms() > until_ms) {
			*e = why;
			return false;
		}
		usleep(10000);
	}
	if (store->path && strcmp(mode, "wal") != 0)
		return fail(e, ERR_BUG, "%s: its file system cannot hold a write-ahead log (mode "
			    "%s)", store->name, mode);
	KILL_POINT("store.wal.after");
	return true;
}

bool migrate(struct store *store, const struct migration *list, size_t count, struct err *e)
{
	int64_t version;

	if (!look(store, list, count, &version, e))
		return false;
	if (store->mode == STORE_READ)
		return version == (int64_t)count ||
		       fail(e, ERR_LATER, "%s has schema %lld, this program needs %zu: it is "
			    "brought up to date by the next command that writes", store->name,
			    (long long)version, count);
	if (!use_wal(store, e))
		return false;
	while (version < (int64_t)count)
		if (!step_from(store, version, &list[version], e) ||
		    !look(store, list, count, &version, e))
			return fail_while(e, "bringing the schema up to date");
	return true;
}

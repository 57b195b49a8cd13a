/*
 * Statements of SQLite: prepared once, bound, stepped, read with their types. Knows no table.
 */
#include "bot/store/query.h"

#include "bot/base/json.h"
#include "bot/base/kill_point.h"
#include "bot/store/store_parts.h"

#include <limits.h>
#include <unistd.h>

enum { OBJECT_BYTES_MOST = 1024 * 1024 };

static void set_error(struct query *q, enum err_kind kind, const char *why)
{
	if (q->error.kind == ERR_NONE)
		(void)fail(&q->error, kind, "%s: %s", q->store->name, why);
}

static void set_code(struct query *q, int code)
{
	if (q->error.kind != ERR_NONE)
		return;
	(void)store_fail(q->store, code, &q->error);
	if (q->handle && !sqlite3_stmt_readonly(q->handle))
		q->store->doomed = true;
}

static struct store_statement *slot_of(struct store *store, const char *sql)
{
	size_t at = ((uintptr_t)sql >> 3) * 2654435761u % STORE_STATEMENTS_MOST;

	/* One slot always stays empty. */
	while (store->statements[at].sql && store->statements[at].sql != sql)
		at = (at + 1) % STORE_STATEMENTS_MOST;
	return &store->statements[at];
}

static void prepare(struct query *q, const char *sql)
{
	struct store_statement *slot = slot_of(q->store, sql);
	sqlite3_stmt *handle = NULL;
	int code;

	if (!slot->sql) {
		if (q->store->statement_count + 1 >= STORE_STATEMENTS_MOST) {
			set_error(q, ERR_BUG, "too many statements");
			return;
		}
		code = sqlite3_prepare_v3(q->store->handle, sql, -1, SQLITE_PREPARE_PERSISTENT,
					  &handle, NULL);
		if (code != SQLITE_OK) {
			set_code(q, code);
			return;
		}
		*slot = (struct store_statement){ sql, handle };
		q->store->statement_count++;
	}
	if (sqlite3_stmt_busy(slot->handle))
		set_error(q, ERR_BUG, "a statement within itself");
	else
		q->handle = slot->handle;
}

struct query query_of(struct store *store, const char *sql)
{
	struct query q = { .store = store };

	if (store->process != getpid())
		set_error(&q, ERR_BUG, "opened before a fork");
	else if (store->in_transaction && sqlite3_get_autocommit(store->handle))
		set_error(&q, ERR_BUG, "the transaction was rolled back by an error before");
	else
		prepare(&q, sql);
	if (q.handle && !store->in_transaction && !sqlite3_stmt_readonly(q.handle))
		set_error(&q, ERR_BUG, "a write outside a transaction");
	return q;
}

void query_end(struct query *q)
{
	if (!q->handle)
		return;
	sqlite3_reset(q->handle);
	sqlite3_clear_bindings(q->handle);
	q->handle = NULL;
}

static bool ready(const struct query *q)
{
	return q->handle && q->error.kind == ERR_NONE;
}

void query_put_text(struct query *q, int at, struct str text)
{
	int code;

	if (!ready(q))
		return;
	code = sqlite3_bind_text64(q->handle, at, text.at ? text.at : "", text.size, SQLITE_STATIC,
				   SQLITE_UTF8);
	if (code != SQLITE_OK)
		set_code(q, code);
}

void query_puts(struct query *q, int at, const char *text)
{
	query_put_text(q, at, str_of(text));
}

void query_put_bytes(struct query *q, int at, struct str bytes)
{
	int code;

	if (!ready(q))
		return;
	code = sqlite3_bind_blob64(q->handle, at, bytes.at ? bytes.at : "", bytes.size,
				   SQLITE_STATIC);
	if (code != SQLITE_OK)
		set_code(q, code);
}

void query_put_object(struct query *q, int at, struct str text)
{
	struct err why = ERR_INIT;
	JSON *json = NULL;

	if (!ready(q))
		return;
	if (!json_parse(text, OBJECT_BYTES_MOST, &json, &why))
		set_error(q, ERR_INPUT, why.text);
	else if (!json_is_object(json))
		set_error(q, ERR_INPUT, "JSON that must be an object is none");
	else
		query_put_text(q, at, str_trim(text));
}

void query_put_number(struct query *q, int at, int64_t number)
{
	int code;

	if (!ready(q))
		return;
	code = sqlite3_bind_int64(q->handle, at, number);
	if (code != SQLITE_OK)
		set_code(q, code);
}

bool query_next(struct query *q)
{
	int code;

	if (!ready(q) || q->ended)
		return false;
	code = sqlite3_step(q->handle);
	if (code == SQLITE_ROW)
		return true;
	if (code != SQLITE_DONE)
		set_code(q, code);
	else if (!sqlite3_stmt_readonly(q->handle))
		KILL_POINT("store.write.after");
	q->ended = true;
	return false;
}

void query_refuse(struct query *q, const char *why)
{
	if (q->error.kind == ERR_NONE)
		(void)fail(&q->error, ERR_INPUT, "%s is damaged: it holds %s", store_name(q->store),
			   why);
}

static bool has_type(struct query *q, int column, int type)
{
	if (!ready(q) || q->ended)
		return false;
	if (sqlite3_column_type(q->handle, column) == type)
		return true;
	query_refuse(q, "a value of the wrong type");
	return false;
}

int64_t query_number(struct query *q, int column)
{
	return has_type(q, column, SQLITE_INTEGER) ? sqlite3_column_int64(q->handle, column) : 0;
}

static struct str take(struct query *q, const void *at, int column, struct arena *a)
{
	int size = sqlite3_column_bytes(q->handle, column);

	if (!at && size) {
		set_code(q, SQLITE_NOMEM);
		return STR_NONE;
	}
	return (struct str){ arena_copy(a, at ? at : "", (size_t)size), (size_t)size };
}

struct str query_str(struct query *q, int column, struct arena *a)
{
	if (!has_type(q, column, SQLITE_TEXT))
		return STR_NONE;
	return take(q, sqlite3_column_text(q->handle, column), column, a);
}

struct str query_bytes(struct query *q, int column, struct arena *a)
{
	if (!has_type(q, column, SQLITE_BLOB))
		return STR_NONE;
	return take(q, sqlite3_column_blob(q->handle, column), column, a);
}

const char *query_text(struct query *q, int column, struct arena *a)
{
	struct str text = query_str(q, column, a);

	return text.at ? text.at : "";
}

bool query_done(struct query *q, struct err *e)
{
	if (q->error.kind == ERR_NONE)
		return true;
	*e = q->error;
	return false;
}

bool query_run(struct query *q, struct err *e)
{
	while (query_next(q))
		;
	return query_done(q, e);
}

int64_t query_changed(const struct store *store)
{
	return sqlite3_changes64(store->handle);
}

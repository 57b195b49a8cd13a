/*
 * Opening a SQLite file as strictly as it goes, and what its result codes mean. Does not look at
 * what is in it (migrate.c), runs no statements of the modules (query.c).
 */
#include "bot/store/store_parts.h"

#include "bot/store/migrate.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { VALUE_BYTES_MOST = 32 * 1024 * 1024, SQL_BYTES_MOST = 64 * 1024 };

static const struct {
	int option, value;
} settings[] = {
	{ SQLITE_DBCONFIG_DEFENSIVE, 1 }, { SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
	{ SQLITE_DBCONFIG_ENABLE_FKEY, 1 }, { SQLITE_DBCONFIG_ENABLE_VIEW, 0 },
	{ SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0 }, { SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0 },
	{ SQLITE_DBCONFIG_DQS_DML, 0 }, { SQLITE_DBCONFIG_DQS_DDL, 0 },
};

static bool fail_io(struct store *store, int code, struct err *e)
{
	int number = sqlite3_system_errno(store->handle);
	bool opening = (code & 0xff) == SQLITE_CANTOPEN;

	if (number == ENOSPC || number == EDQUOT)
		return fail(e, ERR_LATER, "%s: no space is left on the disk", store->name);
	if (number)
		return fail(e, opening ? err_kind_of_errno(number) : ERR_BUG, "%s: %s: %s",
			    store->name, sqlite3_errstr(code), strerror(number));
	return fail(e, ERR_BUG, "%s: %s", store->name, sqlite3_errmsg(store->handle));
}

bool store_fail(struct store *store, int code, struct err *e)
{
	switch (code & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return fail(e, ERR_LATER, "%s is locked by another process", store->name);
	case SQLITE_FULL:
		return fail(e, ERR_LATER, "%s: no space is left on the disk", store->name);
	case SQLITE_NOMEM:
		return fail(e, ERR_LATER, "%s: out of memory", store->name);
	case SQLITE_CORRUPT:
		return fail(e, ERR_INPUT, "%s is damaged (%s)", store->name,
			    sqlite3_errmsg(store->handle));
	case SQLITE_NOTADB:
		return fail(e, ERR_INPUT, "%s is not a SQLite database", store->name);
	case SQLITE_READONLY:
	case SQLITE_PERM:
		return fail(e, ERR_DENIED, "%s cannot be written: %s", store->name,
			    sqlite3_errmsg(store->handle));
	case SQLITE_TOOBIG:
		return fail(e, ERR_INPUT, "%s: a value of more than %d bytes", store->name,
			    VALUE_BYTES_MOST);
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
		return fail_io(store, code, e);
	default:
		return fail(e, ERR_BUG, "%s: %s", store->name, sqlite3_errmsg(store->handle));
	}
}

bool store_run(struct store *store, const char *sql, struct err *e)
{
	int code = sqlite3_exec(store->handle, sql, NULL, NULL, NULL);

	return code == SQLITE_OK || store_fail(store, code, e);
}

static void statement_close(sqlite3_stmt *const *statement)
{
	sqlite3_finalize(*statement);
}
#define STATEMENT __attribute__((cleanup(statement_close))) sqlite3_stmt *

static bool ask(struct store *store, const char *sql, int type, sqlite3_stmt **statement,
		struct err *e)
{
	int code = sqlite3_prepare_v2(store->handle, sql, -1, statement, NULL);

	if (code == SQLITE_OK)
		code = sqlite3_step(*statement);
	if (code != SQLITE_ROW && code != SQLITE_DONE)
		return store_fail(store, code, e);
	if (code == SQLITE_DONE || sqlite3_column_type(*statement, 0) != type)
		return fail(e, ERR_INPUT, "%s is damaged (no answer to %s)", store->name, sql);
	return true;
}

bool store_ask(struct store *store, const char *sql, int64_t *number, struct err *e)
{
	STATEMENT statement = NULL;

	if (!ask(store, sql, SQLITE_INTEGER, &statement, e))
		return false;
	*number = sqlite3_column_int64(statement, 0);
	return true;
}

bool store_ask_text(struct store *store, const char *sql, struct arena *a, const char **text,
		    struct err *e)
{
	STATEMENT statement = NULL;

	if (!ask(store, sql, SQLITE_TEXT, &statement, e))
		return false;
	*text = arena_strdup(a, (const char *)sqlite3_column_text(statement, 0));
	return true;
}

static bool may_open(const char *path, struct err *e)
{
	struct stat info;

	if (stat(path, &info))
		return fail(e, err_kind_of_errno(errno), "%s: %s", path, strerror(errno));
	if (!S_ISREG(info.st_mode))
		return fail(e, ERR_INPUT, "%s is not a regular file", path);
	return true;
}

/* With mode 0600, unless it is there. */
static bool make_file(const char *path, struct err *e)
{
	int descriptor;

	/*
	 * Exclusively: a file that is there is not opened, because closing it again would drop the
	 * locks that another handle of this process may have on it (the way of POSIX locks).
	 */
	descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (descriptor >= 0) {
		close(descriptor);
		return true;
	}
	if (errno != EEXIST)
		return fail(e, err_kind_of_errno(errno), "%s: %s", path, strerror(errno));
	return may_open(path, e);
}

static bool configure(struct store *store, struct err *e)
{
	sqlite3_extended_result_codes(store->handle, 1);
	sqlite3_busy_timeout(store->handle, STORE_BUSY_MS);
	sqlite3_limit(store->handle, SQLITE_LIMIT_LENGTH, VALUE_BYTES_MOST);
	sqlite3_limit(store->handle, SQLITE_LIMIT_SQL_LENGTH, SQL_BYTES_MOST);
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		int code = sqlite3_db_config(store->handle, settings[i].option,
					     settings[i].value, NULL);

		if (code != SQLITE_OK)
			return store_fail(store, code, e);
	}
	return store_run(store, "PRAGMA synchronous = FULL; PRAGMA cell_size_check = ON;"
				"PRAGMA journal_size_limit = 16777216", e);
}

static bool open_file(struct store *store, const char *path, struct err *e)
{
	int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_EXRESCODE;
	int code;

	if (store->path && !(store->mode == STORE_WRITE ? make_file(path, e)
							: may_open(path, e)))
		return false;
	flags |= store->mode == STORE_WRITE ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
	code = sqlite3_open_v2(path, &store->handle, flags, NULL);
	if (code != SQLITE_OK)
		return store_fail(store, code, e);
	return configure(store, e);
}

bool store_open_raw(const char *url, enum store_mode mode, struct store **out, struct err *e)
{
	struct arena arena = {0};
	struct str path = str_of(url);
	struct store *store;

	if (!str_skip(&path, "sqlite:"))
		return fail(e, ERR_CONFIG, "store.url must be sqlite:PATH, not \"%.20s...\"", url);
	if (!path.size)
		return fail(e, ERR_CONFIG, "store.url names no file: sqlite:PATH");
	store = arena_new(&arena, struct store);
	store->name = "memory";
	store->mode = mode;
	store->process = getpid();
	if (!str_is(path, ":memory:")) {
		/* SQLite of Debian takes "file:..." for a URI with options. */
		store->path = arena_printf(&arena, "%s%.*s", path.at[0] == '/' ? "" : "./",
					   STR_ARG(path));
		store->name = arena_strdup(&arena, path.at);
	}
	store->arena = arena;
	if (!open_file(store, store->path ? store->path : ":memory:", e)) {
		store_close(&store);
		return false;
	}
	*out = store;
	return true;
}

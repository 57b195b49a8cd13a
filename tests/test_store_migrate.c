/* bot/store/migrate: from every older schema, refusals, two at once. Kills are in test_store_kill.c. */
#include "bot/store/migrate.h"
#include "bot/store/query.h"
#include "tests/store_unit.h"

#include "bot/store/seen.h"

#include <sqlite3.h>

static struct store *raw(const char *url)
{
	struct store *store = NULL;
	struct err e = ERR_INIT;

	assert_done(store_open_raw(url, STORE_WRITE, &store, &e), e);
	return store;
}

static void shell(const char *path, const char *sql)
{
	sqlite3 *handle = NULL;

	assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
	if (sqlite3_exec(handle, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(handle));
	sqlite3_close(handle);
}

static void numbered(void **state)
{
	(void)state;
	assert_true(migration_count >= 5);
	for (size_t i = 0; i < migration_count; i++) {
		unsigned long number;

		assert_true(str_number(str_slice(str_of(migrations[i].name), 0, 4), &number));
		assert_int_equal(number, i + 1);
		assert_int_equal(migrations[i].name[4], '_');
	}
}

/* store_check compares the whole sqlite_schema with that of a fresh database. */
static void old_becomes_as_new(void **state)
{
	(void)state;
	for (size_t count = 1; count <= migration_count; count++) {
		PLACE place = place_make();
		struct err e = ERR_INIT;
		STORE reader = NULL;

		{
			STORE old = raw(place.url);

			assert_done(migrate(old, migrations, count, &e), e);
			if (count < migration_count)
				assert_fails(store_check(old, &e), e, ERR_INPUT, "is missing");
		}
		if (count < migration_count)
			assert_fails(store_open(place.url, STORE_READ, &reader, &e), e, ERR_LATER,
				     "brought up to date");
		{
			STORE store = store_made(place.url);

			assert_done(store_check(store, &e), e);
		}
		assert_done(store_open(place.url, STORE_READ, &reader, &e), e);
	}
}

/* What was stored before a step is there after it. */
static void rows_stay(void **state)
{
	static const struct migration steps[] = {
		{ "0001_a", "CREATE TABLE a (x TEXT NOT NULL); INSERT INTO a VALUES ('kept;''')" },
		{ "0002_b", "-- a comment; with marks '\nALTER TABLE a ADD COLUMN y TEXT NOT NULL "
			    "DEFAULT 'new';\n\n" },
	};
	static const char read[] = "SELECT x, y FROM a";
	PLACE place = place_make();
	struct err e = ERR_INIT;
	ARENA a = {0};

	(void)state;
	{
		STORE store = raw(place.url);

		assert_done(migrate(store, steps, 1, &e), e);
		assert_done(migrate(store, steps, 1, &e), e);
	}
	STORE store = raw(place.url);

	assert_done(migrate(store, steps, 2, &e), e);
	QUERY q = query_of(store, read);

	assert_true(query_next(&q));
	assert_string_equal(query_text(&q, 0, &a), "kept;'");
	assert_string_equal(query_text(&q, 1, &a), "new");
	assert_done(query_done(&q, &e), e);
}

static void a_wrong_step_changes_nothing(void **state)
{
	static const struct migration steps[] = {
		{ "0001_a", "CREATE TABLE a (x)" },
		{ "0002_b", "CREATE TABLE b (x); INSERT INTO nowhere VALUES (1)" },
	};
	static const struct migration better[] = {
		{ "0001_a", "CREATE TABLE a (x)" }, { "0002_b", "CREATE TABLE b (x)" },
	};
	PLACE place = place_make();
	struct err e = ERR_INIT;

	(void)state;
	{
		STORE store = raw(place.url);

		assert_fails(migrate(store, steps, 2, &e), e, ERR_BUG, "nowhere");
		assert_non_null(strstr(e.text, place.path));
	}
	STORE store = raw(place.url);

	assert_done(migrate(store, better, 2, &e), e);
}

static void refusals(void **state)
{
	static const struct {
		const char *sql, *words;
	} cases[] = {
		{ "PRAGMA user_version = 99", "newer Aegis (schema 99" },
		{ "PRAGMA user_version = 0", "damaged" },
		{ "PRAGMA user_version = -3", "damaged" },
		{ "PRAGMA application_id = 7", "not a database of Aegis" },
		{ "UPDATE migration SET hash = 'x' WHERE version = 2", "step 2 of its schema" },
		{ "UPDATE migration SET name = '0001_x' WHERE version = 1", "step 1 of its schema" },
		{ "DELETE FROM migration WHERE version = (SELECT max(version) FROM migration)", "steps are missing" },
		{ "DROP TABLE migration", "migration" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (int mode = STORE_READ; mode <= STORE_WRITE; mode++) {
			PLACE place = place_make();
			struct err e = ERR_INIT;
			struct store *store = store_made(place.url);

			store_close(&store);
			store = NULL;
			shell(place.path, cases[i].sql);
			assert_false(store_open(place.url, (enum store_mode)mode, &store, &e));
			assert_null(store);
			if (!strstr(e.text, cases[i].words) || !strstr(e.text, place.path))
				fail_msg("%s: %s", cases[i].sql, e.text);
		}
}

static void open_and_mark(void *context)
{
	struct store *store = NULL;
	struct err e = ERR_INIT;

	if (!store_open(context, STORE_WRITE, &store, &e)) {
		fprintf(stderr, "%s\n", e.text);
		_exit(1);
	}
	store_close(&store);
}

/* Many start on nothing at the same time: one makes it, all can use it. */
static void all_at_once(void **state)
{
	enum { PROCESSES = 8 };
	PLACE place = place_make();
	struct err e = ERR_INIT;
	int status;

	(void)state;
	for (int i = 0; i < PROCESSES; i++)
		if (!fork()) {
			open_and_mark(place.url);
			_exit(0);
		}
	for (int i = 0; i < PROCESSES; i++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	STORE store = store_made(place.url);

	assert_done(store_check(store, &e), e);
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(numbered), cmocka_unit_test(old_becomes_as_new),
		cmocka_unit_test(rows_stay), cmocka_unit_test(a_wrong_step_changes_nothing),
		cmocka_unit_test(refusals), cmocka_unit_test(all_at_once),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

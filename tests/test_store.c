/* bot/store/store: urls, files, transactions, readers beside a writer, the claim. */
#include "bot/store/store.h"
#include "bot/store/query.h"
#include "tests/store_unit.h"

#include "bot/store/seen.h"

#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/stat.h>

static void urls(void **state)
{
	static const char *const wrong[] = { "", "sqlite", "sqlite:", "postgresql://localhost/a",
					     "aegis.db", "SQLITE:x" };
	STORE store = NULL;
	struct err e = ERR_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_fails(store_open(wrong[i], STORE_WRITE, &store, &e), e, ERR_CONFIG,
			     "store.url");
		assert_null(store);
	}
	assert_done(store_open("sqlite::memory:", STORE_WRITE, &store, &e), e);
	assert_string_equal(store_name(store), "memory");
	assert_done(store_check(store, &e), e);
	assert_done(store_claim(store, &e), e);
}

static void makes_a_private_file(void **state)
{
	PLACE place = place_make();
	struct stat info;
	struct err e = ERR_INIT;
	char wal[320];
	mode_t before = umask(0);

	(void)state;
	{
		STORE store = store_made(place.url);

		assert_int_equal(stat(place.path, &info), 0);
		assert_int_equal(info.st_mode & 07777, 0600);
		snprintf(wal, sizeof(wal), "%s-wal", place.path);
		assert_int_equal(stat(wal, &info), 0);
		assert_int_equal(info.st_mode & 07777, 0600);
		assert_string_equal(store_name(store), place.path);
		assert_done(store_check(store, &e), e);
	}
	umask(before);
	/* Closing leaves one file. */
	assert_int_not_equal(stat(wal, &info), 0);
	{
		STORE again = store_made(place.url);

		assert_done(store_check(again, &e), e);
	}
}

/* What SQLite would take as a URI with options is a name like any other. */
static void odd_names(void **state)
{
	PLACE place = place_make();
	char before[4096];
	struct err e = ERR_INIT;

	(void)state;
	assert_non_null(getcwd(before, sizeof(before)));
	assert_int_equal(chdir(place.folder.path), 0);
	{
		STORE store = NULL;

		assert_done(store_open("sqlite:file:x?mode=memory", STORE_WRITE, &store, &e), e);
		assert_true(file_exists("file:x?mode=memory"));
	}
	assert_int_equal(chdir(before), 0);
}

static void refuses_what_is_not_ours(void **state)
{
	PLACE place = place_make();
	ARENA a = {0};
	STORE store = NULL;
	struct err e = ERR_INIT;
	struct str text;
	sqlite3 *other = NULL;

	(void)state;
	assert_fails(store_open(place.url, STORE_READ, &store, &e), e, ERR_GONE, place.path);
	assert_done(file_write(place.path, STR(""), 0600, &e), e);
	assert_fails(store_open(place.url, STORE_READ, &store, &e), e, ERR_GONE, place.path);
	assert_done(file_write(place.path, STR("this is a text of someone, not a database"), 0600,
			       &e), e);
	assert_fails(store_open(place.url, STORE_WRITE, &store, &e), e, ERR_INPUT, place.path);
	assert_done(file_read(place.path, 100, FILE_FOLLOW, &a, &text, &e), e);
	assert_str(text, "this is a text of someone, not a database");
	unlink(place.path);
	assert_int_equal(sqlite3_open(place.path, &other), SQLITE_OK);
	assert_int_equal(sqlite3_exec(other, "CREATE TABLE songs (name)", NULL, NULL, NULL), 0);
	sqlite3_close(other);
	assert_fails(store_open(place.url, STORE_WRITE, &store, &e), e, ERR_INPUT,
		     "not a database of Aegis");
	unlink(place.path);
	assert_int_equal(mkdir(place.path, 0700), 0);
	assert_fails(store_open(place.url, STORE_WRITE, &store, &e), e, ERR_INPUT,
		     "not a regular file");
	assert_int_equal(rmdir(place.path), 0);
	assert_int_equal(mkfifo(place.path, 0600), 0);
	assert_fails(store_open(place.url, STORE_READ, &store, &e), e, ERR_INPUT,
		     "not a regular file");
	assert_fails(store_open("sqlite:/nowhere/x/aegis.db", STORE_WRITE, &store, &e), e,
		     ERR_GONE, "/nowhere/x/aegis.db");
	assert_null(store);
}

static bool mark(struct store *store, const char *name, struct err *e)
{
	return mark_put(store, name, STR("1"), e);
}

static bool has_mark(struct store *store, const char *name)
{
	ARENA a = {0};
	struct str value;
	struct err e = ERR_INIT;
	bool found = false;

	assert_done(mark_get(store, name, &a, &value, &found, &e), e);
	return found;
}

static void transactions(void **state)
{
	STORE store = store_made("sqlite::memory:");
	struct err e = ERR_INIT;

	(void)state;
	assert_fails(mark(store, "alone", &e), e, ERR_BUG, "outside a transaction");
	{
		STORE_TRANSACTION t = {0};
		STORE_TRANSACTION inner = {0};

		assert_done(store_begin(store, &t, &e), e);
		assert_done(mark(store, "undone", &e), e);
		assert_fails(store_begin(store, &inner, &e), e, ERR_BUG, "in another");
		assert_fails(store_begin(store, &t, &e), e, ERR_BUG, "in another");
		assert_true(has_mark(store, "undone"));
	}
	assert_false(has_mark(store, "undone"));
	{
		STORE_TRANSACTION t = {0};

		assert_done(store_begin(store, &t, &e), e);
		assert_done(mark(store, "done", &e), e);
		assert_done(store_commit(&t, &e), e);
		assert_fails(store_commit(&t, &e), e, ERR_BUG, "without a transaction");
		/* The same variable serves again. */
		assert_done(store_begin(store, &t, &e), e);
		store_rollback(&t);
		store_rollback(&t);
	}
	assert_true(has_mark(store, "done"));
}

/* After a write that failed nothing of its transaction can be kept. */
static void a_failed_write_dooms(void **state)
{
	STORE store = store_made("sqlite::memory:");
	STORE_TRANSACTION t = {0};
	struct err e = ERR_INIT;

	(void)state;
	assert_done(store_begin(store, &t, &e), e);
	assert_done(mark(store, "first", &e), e);
	assert_fails(mark(store, "", &e), e, ERR_BUG, "CHECK");
	assert_fails(store_commit(&t, &e), e, ERR_BUG, "a write failed");
	assert_false(has_mark(store, "first"));
	assert_done(store_begin(store, &t, &e), e);
	assert_done(mark(store, "second", &e), e);
	assert_done(store_commit(&t, &e), e);
	assert_true(has_mark(store, "second"));
}

static void types_are_checked(void **state)
{
	static const char sql[] = "SELECT 'text', 7, x'00'";
	STORE store = store_made("sqlite::memory:");
	struct err e = ERR_INIT;
	ARENA a = {0};

	(void)state;
	for (int i = 0; i < 3; i++) {
		QUERY q = query_of(store, sql);
		QUERY twice = query_of(store, sql);

		assert_true(query_next(&q));
		if (i == 0)
			assert_int_equal(query_number(&q, 0), 0);
		else if (i == 1)
			assert_string_equal(query_text(&q, 1, &a), "");
		else
			assert_string_equal(query_text(&q, 2, &a), "");
		assert_false(query_next(&q));
		assert_fails(query_done(&q, &e), e, ERR_INPUT, "wrong type");
		query_end(&twice);
	}
	{
		QUERY q = query_of(store, sql);

		assert_true(query_next(&q));
		QUERY twice = query_of(store, sql);

		assert_false(query_next(&twice));
		assert_fails(query_done(&twice, &e), e, ERR_BUG, "within itself");
		/* What was refused is not ended by the one that was refused. */
		assert_string_equal(query_text(&q, 0, &a), "text");
		assert_int_equal(query_number(&q, 1), 7);
		assert_int_equal(query_bytes(&q, 2, &a).size, 1);
		assert_false(query_next(&q));
		assert_done(query_done(&q, &e), e);
	}
}

enum { ROUNDS = 300 };

static void write_marks(void *context)
{
	struct store *store = store_made(context);
	struct err e = ERR_INIT;

	for (int i = 0; i < ROUNDS; i++) {
		STORE_TRANSACTION t = {0};
		ARENA a = {0};

		/* Always both or none. */
		if (!store_begin(store, &t, &e) ||
		    !mark_put(store, "left", str_of(arena_printf(&a, "%d", i)), &e) ||
		    !mark_put(store, "right", str_of(arena_printf(&a, "%d", i)), &e) ||
		    !store_commit(&t, &e))
			_exit(1);
	}
	store_close(&store);
}

/* One process writes, another reads at the same time, and a third writes too. */
static void readers_beside_writers(void **state)
{
	static const char both[] =
		"SELECT (SELECT value FROM mark WHERE name = 'left'), "
		"(SELECT value FROM mark WHERE name = 'right')";
	PLACE place = place_make();
	pid_t writers[2];
	int status, reads = 0, running = 2;
	struct err e = ERR_INIT;

	(void)state;
	{
		STORE store = store_made(place.url);
		STORE_TRANSACTION t = {0};

		assert_done(store_begin(store, &t, &e), e);
		assert_done(mark_put(store, "left", STR("x"), &e), e);
		assert_done(mark_put(store, "right", STR("x"), &e), e);
		assert_done(store_commit(&t, &e), e);
	}
	for (int i = 0; i < 2; i++) {
		writers[i] = fork();
		if (!writers[i]) {
			write_marks(place.url);
			_exit(0);
		}
	}
	STORE reader = NULL;

	assert_done(store_open(place.url, STORE_READ, &reader, &e), e);
	while (running) {
		ARENA a = {0};
		QUERY q = query_of(reader, both);
		STORE_TRANSACTION t = {0};

		assert_true(query_next(&q));
		assert_string_equal(query_text(&q, 0, &a), query_text(&q, 1, &a));
		assert_false(query_next(&q));
		assert_done(query_done(&q, &e), e);
		assert_fails(store_begin(reader, &t, &e), e, ERR_BUG, "reading only");
		reads++;
		while (running && waitpid(-1, &status, WNOHANG) > 0) {
			assert_int_equal(status, 0);
			running--;
		}
	}
	assert_true(reads > 10);
	assert_done(store_check(reader, &e), e);
}

static void claim_and_wait(void *context)
{
	struct place *place = context;
	struct store *store = store_made(place->url);
	struct err e = ERR_INIT;
	int ready = open(arena_printf(&(struct arena){0}, "%s/ready", place->folder.path),
			 O_CREAT | O_WRONLY, 0600);

	if (!store_claim(store, &e) || ready < 0)
		_exit(1);
	dprintf(ready, "claimed\n");
	pause();
}

static void only_one_daemon(void **state)
{
	PLACE place = place_make();
	STORE mine = store_made(place.url);
	struct err e = ERR_INIT;
	char ready[320], link_url[340], who[40], note[20] = "";
	int descriptor = -1;
	pid_t holder = fork();

	(void)state;
	if (!holder) {
		claim_and_wait(&place);
		_exit(1);
	}
	snprintf(ready, sizeof(ready), "%s/ready", place.folder.path);
	for (int i = 0; i < 1000 && strcmp(note, "claimed\n") != 0; i++) {
		usleep(5000);
		descriptor = descriptor < 0 ? open(ready, O_RDONLY) : descriptor;
		if (descriptor >= 0 && pread(descriptor, note, sizeof(note) - 1, 0) < 0)
			break;
	}
	close(descriptor);
	assert_string_equal(note, "claimed\n");
	snprintf(who, sizeof(who), "process %d on ", (int)holder);
	assert_fails(store_claim(mine, &e), e, ERR_LATER, who);
	assert_non_null(strstr(e.text, " since 20"));
	assert_fails(store_claim(mine, &e), e, ERR_LATER, who);
	kill(holder, SIGKILL);
	waitpid(holder, NULL, 0);
	assert_done(store_claim(mine, &e), e);
	assert_done(store_claim(mine, &e), e);
	{
		STORE twin = store_made(place.url);

		assert_fails(store_claim(twin, &e), e, ERR_LATER, "this process already");
	}
	/* The twin is closed, and the claim still holds; also by another name of the file. */
	snprintf(ready, sizeof(ready), "%s/link.db", place.folder.path);
	assert_int_equal(symlink("aegis.db", ready), 0);
	snprintf(link_url, sizeof(link_url), "sqlite:%s", ready);
	holder = fork();
	if (!holder) {
		struct store *other = store_made(link_url);

		_exit(store_claim(other, &e) ? 1 : e.kind == ERR_LATER ? 0 : 2);
	}
	int status = -1;

	waitpid(holder, &status, 0);
	assert_int_equal(status, 0);
}

static void use_after_fork(void *context)
{
	struct store *store = context;
	struct store_transaction t = {0};
	struct err e = ERR_INIT;
	ARENA a = {0};
	struct str value;
	bool found;

	if (store_begin(store, &t, &e) || e.kind != ERR_BUG ||
	    mark_get(store, "x", &a, &value, &found, &e) || e.kind != ERR_BUG)
		_exit(1);
	store_close(&store);
}

static void a_fork_leaves_it_alone(void **state)
{
	PLACE place = place_make();
	STORE store = store_made(place.url);
	STORE_TRANSACTION t = {0};
	struct err e = ERR_INIT;

	(void)state;
	assert_done(store_begin(store, &t, &e), e);
	assert_done(mark(store, "kept", &e), e);
	assert_int_equal(run_child(use_after_fork, store), 0);
	assert_done(store_commit(&t, &e), e);
	assert_true(has_mark(store, "kept"));
}

/* A schema that someone changed is found, and so is a lost reference. */
static void check_finds_changes(void **state)
{
	static const struct {
		const char *sql, *words;
	} cases[] = {
		{ "CREATE TABLE songs (name)", "added the table songs" },
		{ "DROP TRIGGER audit_append_only", "trigger audit_append_only is missing" },
		{ "DROP INDEX incident_open", "index incident_open is missing" },
		{ "DROP INDEX incident_open; CREATE INDEX incident_open ON incident (branch)",
		  "changed the index incident_open" },
		{ "PRAGMA foreign_keys = OFF; INSERT INTO sighting VALUES (1, '000000000000', 1, 1, '', '', "
		  "0, 0)", "lost its incident" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		PLACE place = place_make();
		STORE store = store_made(place.url);
		struct err e = ERR_INIT;
		sqlite3 *other = NULL;

		assert_done(store_check(store, &e), e);
		assert_int_equal(sqlite3_open(place.path, &other), SQLITE_OK);
		assert_int_equal(sqlite3_exec(other, cases[i].sql, NULL, NULL, NULL), SQLITE_OK);
		sqlite3_close(other);
		assert_fails(store_check(store, &e), e, ERR_INPUT, cases[i].words);
		assert_non_null(strstr(e.text, place.path));
	}
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(urls), cmocka_unit_test(makes_a_private_file),
		cmocka_unit_test(odd_names), cmocka_unit_test(refuses_what_is_not_ours),
		cmocka_unit_test(transactions), cmocka_unit_test(a_failed_write_dooms),
		cmocka_unit_test(types_are_checked), cmocka_unit_test(readers_beside_writers),
		cmocka_unit_test(only_one_daemon), cmocka_unit_test(a_fork_leaves_it_alone),
		cmocka_unit_test(check_finds_changes),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

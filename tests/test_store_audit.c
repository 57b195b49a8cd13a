/* bot/store/audit: the chain, and every way to break it. */
#include "bot/store/audit.h"
#include "tests/store_unit.h"

#include <sqlite3.h>

enum { ROWS = 600 };		/* more than two pages */

static void append(struct store *store, int count)
{
	STORE_TRANSACTION t = {0};
	struct err e = ERR_INIT;

	assert_done(store_begin(store, &t, &e), e);
	for (int i = 0; i < count; i++) {
		JSON *facts = json_pack("{s:i,s:[s]}", "b", i, "a", "x\ny");

		assert_done(audit_append(store, i % 2 ? "aegis" : "octocat",
					 i % 3 ? NULL : "0123456789ab", "test.row", facts, &e), e);
	}
	assert_done(store_commit(&t, &e), e);
}

static struct audit_verdict check(struct store *store, const struct audit_head *kept)
{
	struct audit_verdict verdict;
	struct err e = ERR_INIT;

	assert_done(audit_check(store, kept, &verdict, &e), e);
	return verdict;
}

static bool keep_first(void *context, const struct audit_row *row)
{
	struct text *text = context;

	text_addf(text, "%lld|%lld|%s|%s|%s|%.*s|%s|%s", (long long)row->seq, (long long)row->at,
		  row->actor, row->incident, row->what, STR_ARG(row->facts), row->previous,
		  row->hash);
	return false;
}

/* The hash was made with sha256sum over the lines that the header documents. */
static void documented_hash(void **state)
{
	STORE store = store_made("sqlite::memory:");
	struct audit_filter all = {0};
	struct audit_head head;
	struct err e = ERR_INIT;
	ARENA a = {0};
	struct text text = TEXT(&a);

	(void)state;
	use_test_clock();
	test_now = 1000000000000;
	assert_done(audit_head(store, &head, &e), e);
	assert_int_equal(head.seq, 0);
	append(store, 1);
	clock_replace(NULL);
	assert_done(audit_each(store, &all, keep_first, &text, &e), e);
	assert_string_equal(text_cstr(&text),
		"1|1000000000000|octocat|0123456789ab|test.row|{\"a\":[\"x\\ny\"],\"b\":0}|"
		"0000000000000000000000000000000000000000000000000000000000000000|"
		"1b226c11931450fa530e1ae10c81a74f83407d608bdba7d7805908bcd54f7d12");
	assert_done(audit_head(store, &head, &e), e);
	assert_int_equal(head.seq, 1);
	assert_true(str_ends(text_str(&text), head.hash));
}

struct tally {
	struct store *store;
	int64_t last;
	int rows, stop_at;
};

static bool count_rows(void *context, const struct audit_row *row)
{
	struct tally *tally = context;

	assert_true(row->seq > tally->last);
	tally->last = row->seq;
	return ++tally->rows != tally->stop_at;
}

static int rows_of(struct store *store, const struct audit_filter *filter, int stop_at)
{
	struct tally tally = { .stop_at = stop_at };
	struct err e = ERR_INIT;

	assert_done(audit_each(store, filter, count_rows, &tally, &e), e);
	return tally.rows;
}

static void filters(void **state)
{
	STORE store = store_made("sqlite::memory:");

	(void)state;
	use_test_clock();
	test_now = 5000;
	append(store, ROWS);
	test_now = 6000;
	append(store, 1);
	clock_replace(NULL);
	assert_int_equal(rows_of(store, &(struct audit_filter){0}, 0), ROWS + 1);
	assert_int_equal(rows_of(store, &(struct audit_filter){0}, 7), 7);
	assert_int_equal(rows_of(store, &(struct audit_filter){ .incident = "0123456789ab" }, 0),
			 ROWS / 3 + 1);
	assert_int_equal(rows_of(store, &(struct audit_filter){ .actor = "aegis" }, 0), ROWS / 2);
	assert_int_equal(rows_of(store, &(struct audit_filter){ .after_seq = ROWS }, 0), 1);
	assert_int_equal(rows_of(store, &(struct audit_filter){ .since = 6000 }, 0), 1);
	assert_int_equal(rows_of(store, &(struct audit_filter){ .until = 6000 }, 0), ROWS);
	assert_int_equal(rows_of(store, &(struct audit_filter){ .incident = "" }, 0), ROWS / 3 * 2);
	assert_true(check(store, NULL).good);
	assert_int_equal(check(store, NULL).rows, ROWS + 1);
}

/* The one who is called may write, also into the log. */
static bool append_one(void *context, const struct audit_row *row)
{
	struct tally *tally = context;
	struct err e = ERR_INIT;

	(void)row;
	if (++tally->rows <= 3)
		assert_done(audit_append(tally->store, "aegis", NULL, "test.seen", NULL, &e), e);
	return tally->rows < 1000;
}

static void writes_while_reading(void **state)
{
	STORE store = store_made("sqlite::memory:");
	STORE_TRANSACTION t = {0};
	struct tally tally = { .store = store };
	struct err e = ERR_INIT;

	(void)state;
	append(store, 2);
	assert_done(store_begin(store, &t, &e), e);
	assert_done(audit_each(store, &(struct audit_filter){0}, append_one, &tally, &e), e);
	assert_done(store_commit(&t, &e), e);
	assert_true(check(store, NULL).good);
	assert_int_equal(check(store, NULL).rows, 4);
}

static void refuses_words(void **state)
{
	STORE store = store_made("sqlite::memory:");
	STORE_TRANSACTION t = {0};
	struct err e = ERR_INIT;
	JSON *list = json_array();
	char longest[AUDIT_WORD_MOST + 2];

	(void)state;
	memset(longest, 'x', sizeof(longest) - 1);
	longest[AUDIT_WORD_MOST + 1] = '\0';
	assert_done(store_begin(store, &t, &e), e);
	assert_fails(audit_append(store, "", NULL, "w", NULL, &e), e, ERR_INPUT, "actor");
	assert_fails(audit_append(store, "a\nb", NULL, "w", NULL, &e), e, ERR_INPUT, "actor");
	assert_fails(audit_append(store, "a", "x\n", "w", NULL, &e), e, ERR_INPUT, "incident");
	assert_fails(audit_append(store, "a", NULL, longest, NULL, &e), e, ERR_INPUT, "what");
	assert_fails(audit_append(store, "a", NULL, "w", list, &e), e, ERR_BUG, "object");
	assert_done(audit_append(store, "a", NULL, longest + 1, NULL, &e), e);
	assert_done(store_commit(&t, &e), e);
}

static void shell(const char *path, const char *sql, int expected)
{
	sqlite3 *handle = NULL;

	assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
	if (sqlite3_exec(handle, sql, NULL, NULL, NULL) != expected)
		fail_msg("%s: %s", sql, sqlite3_errmsg(handle));
	sqlite3_close(handle);
}

static void triggers_refuse(void **state)
{
	static const char *const refused[] = {
		"UPDATE audit SET actor = 'x' WHERE seq = 5", "DELETE FROM audit WHERE seq = 10",
		"UPDATE audit SET seq = 11 WHERE seq = 10", "DELETE FROM audit",
		"INSERT INTO audit SELECT 12, at, actor, incident, what, facts, previous, hash FROM audit "
		"WHERE seq = 10",
		"INSERT OR REPLACE INTO audit SELECT seq, at, 'x', incident, what, facts, previous, hash "
		"FROM audit WHERE seq = 10",
		"UPDATE audit_head SET seq = 9", "UPDATE audit_head SET hash = hash",
		"DELETE FROM audit_head", "INSERT OR REPLACE INTO audit_head VALUES (2, 1, 'x')",
	};
	PLACE place = place_make();
	STORE store = store_made(place.url);

	(void)state;
	append(store, 10);
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		shell(place.path, refused[i], SQLITE_CONSTRAINT);
	assert_true(check(store, NULL).good);
}

#define NO_TRIGGERS                                                                                \
	"DROP TRIGGER audit_append_only; DROP TRIGGER audit_never_deleted; "                       \
	"DROP TRIGGER audit_in_order; DROP TRIGGER audit_moves_head; "                             \
	"DROP TRIGGER audit_head_goes_forward; DROP TRIGGER audit_head_stays; "

/* Who takes the triggers away is found by the chain. */
static void finds_the_first_bad_row(void **state)
{
	static const struct {
		const char *sql;
		int64_t bad_seq, rows;
		const char *words;
	} cases[] = {
		{ "UPDATE audit SET actor = 'mallory' WHERE seq = 5", 5, 4, "was changed" },
		{ "UPDATE audit SET at = at + 1 WHERE seq = 5", 5, 4, "was changed" },
		{ "UPDATE audit SET what = 'x' WHERE seq = 1", 1, 0, "was changed" },
		{ "UPDATE audit SET facts = '{}' WHERE seq = 10", 10, 9, "was changed" },
		{ "UPDATE audit SET incident = '' WHERE seq = 7", 7, 6, "was changed" },
		{ "UPDATE audit SET hash = previous WHERE seq = 3", 3, 2, "was changed" },
		{ "DELETE FROM audit WHERE seq = 4", 4, 3, "row 4 is missing" },
		{ "DELETE FROM audit WHERE seq = 1", 1, 0, "row 1 is missing" },
		{ "DELETE FROM audit WHERE seq > 8", 9, 8, "rows 9 to 10 are missing" },
		{ "DELETE FROM audit", 1, 0, "rows 1 to 10 are missing" },
		{ "UPDATE audit SET seq = 99 WHERE seq = 6; UPDATE audit SET seq = 6 WHERE seq = 7; "
		  "UPDATE audit SET seq = 7 WHERE seq = 99", 6, 5, "was changed" },
		{ "DELETE FROM audit WHERE seq > 8; UPDATE audit_head SET seq = 8", 8, 7,
		  "not the remembered head" },
		{ "INSERT INTO audit SELECT 11, at, actor, incident, what, facts, hash, hash FROM audit "
		  "WHERE seq = 10", 11, 10, "was changed" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		PLACE place = place_make();
		STORE store = store_made(place.url);
		struct audit_verdict verdict;

		append(store, 10);
		shell(place.path, NO_TRIGGERS, SQLITE_OK);
		shell(place.path, cases[i].sql, SQLITE_OK);
		verdict = check(store, NULL);
		if (verdict.good || verdict.bad_seq != cases[i].bad_seq ||
		    verdict.rows != cases[i].rows || !strstr(verdict.why, cases[i].words))
			fail_msg("%s: %s, row %lld, %lld good", cases[i].sql, verdict.why,
				 (long long)verdict.bad_seq, (long long)verdict.rows);
	}
}

/* A head kept elsewhere finds what the database itself cannot know. */
static void a_kept_head(void **state)
{
	PLACE place = place_make();
	STORE store = store_made(place.url);
	struct audit_head kept, wrong;
	struct audit_verdict verdict;
	struct err e = ERR_INIT;

	(void)state;
	append(store, 10);
	assert_done(audit_head(store, &kept, &e), e);
	append(store, 10);
	assert_true(check(store, &kept).good);
	wrong = kept;
	wrong.hash[0] = wrong.hash[0] == 'a' ? 'b' : 'a';
	verdict = check(store, &wrong);
	assert_false(verdict.good);
	assert_int_equal(verdict.bad_seq, 10);
	/* Cut off with the head moved back, as one who knows the schema does it. */
	shell(place.path, NO_TRIGGERS "DELETE FROM audit WHERE seq > 8; UPDATE audit_head SET seq = 8, "
	      "hash = (SELECT hash FROM audit WHERE seq = 8)", SQLITE_OK);
	assert_true(check(store, NULL).good);
	verdict = check(store, &kept);
	assert_false(verdict.good);
	assert_int_equal(verdict.bad_seq, 9);
	assert_non_null(strstr(verdict.why, "rows 9 to 10 are missing"));
	/* No head at all is an error, not a verdict. */
	shell(place.path, "DELETE FROM audit_head", SQLITE_OK);
	assert_fails(audit_check(store, NULL, &verdict, &e), e, ERR_INPUT, "lost its head");
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(documented_hash), cmocka_unit_test(filters),
		cmocka_unit_test(writes_while_reading), cmocka_unit_test(refuses_words),
		cmocka_unit_test(triggers_refuse), cmocka_unit_test(finds_the_first_bad_row),
		cmocka_unit_test(a_kept_head),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

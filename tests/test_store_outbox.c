/* bot/store/outbox: one effect a name, its way, its order, its end. */
#include "bot/store/outbox.h"
#include "tests/store_unit.h"

#include <sqlite3.h>

static bool intend(struct store *store, const char *incident, const char *name, struct err *e)
{
	bool fresh;

	return outbox_intend(store, incident, "comment", name, STR("{\"body\":\"hi\"}"), &fresh, e);
}

static void once_a_name(void **state)
{
	STORE store = store_made("sqlite::memory:");
	STORE_TRANSACTION t = {0};
	struct err e = ERR_INIT;
	ARENA a = {0};
	const char *one = incident_made(store, "a", &a).id, *two = incident_made(store, "b", &a).id;
	struct effect effect;
	bool fresh = false;

	(void)state;
	use_test_clock();
	assert_done(store_begin(store, &t, &e), e);
	assert_done(outbox_intend(store, one, "pull", "n1", STR(" {\"title\": 1}\n"), &fresh, &e), e);
	assert_true(fresh);
	assert_done(outbox_intend(store, one, "pull", "n1", STR("{\"title\": 2}"), &fresh, &e), e);
	assert_false(fresh);
	assert_done(outbox_get(store, "n1", &a, &effect, &e), e);
	assert_str(effect.request, "{\"title\": 1}");
	assert_string_equal(effect.incident, one);
	assert_string_equal(effect.kind, "pull");
	assert_int_equal(effect.state, EFFECT_INTENDED);
	assert_int_equal(effect.attempts, 0);
	assert_int_equal(effect.intended_at, test_now);
	assert_fails(outbox_intend(store, two, "pull", "n1", STR("{}"), &fresh, &e), e, ERR_BUG,
		     "already");
	assert_fails(outbox_intend(store, one, "merge", "n1", STR("{}"), &fresh, &e), e, ERR_BUG,
		     "already");
	assert_fails(outbox_intend(store, one, "merge", "n2", STR("7"), &fresh, &e), e, ERR_INPUT,
		     "JSON");
	assert_fails(outbox_get(store, "n2", &a, &effect, &e), e, ERR_GONE, "n2");
	assert_done(store_commit(&t, &e), e);
	assert_done(store_begin(store, &t, &e), e);
	assert_false(outbox_intend(store, "ffffffffffff", "merge", "n3", STR("{}"), &fresh, &e));
	clock_replace(NULL);
}

static size_t pending(struct store *store, int64_t now, const char **first)
{
	struct err e = ERR_INIT;
	static struct arena a;
	struct effect *list;
	size_t count;

	arena_release(&a);
	a = (struct arena){0};
	assert_done(outbox_pending(store, now, 0, &a, &list, &count, &e), e);
	*first = count ? list[0].name : "";
	return count;
}

static void in_order(void **state)
{
	STORE store = store_made("sqlite::memory:");
	STORE_TRANSACTION t = {0};
	struct err e = ERR_INIT;
	ARENA a = {0};
	const char *one = incident_made(store, "a", &a).id, *two = incident_made(store, "b", &a).id;
	const char *first;
	struct effect *list, effect;
	size_t count;

	(void)state;
	assert_done(store_begin(store, &t, &e), e);
	assert_done(intend(store, one, "push", &e) && intend(store, one, "pull", &e), e);
	assert_done(intend(store, two, "other", &e), e);
	/* Of each incident the first. */
	assert_int_equal(pending(store, 100, &first), 2);
	assert_string_equal(first, "push");
	assert_done(outbox_sent(store, "push", &e), e);
	assert_int_equal(pending(store, 100, &first), 2);
	assert_string_equal(first, "push");
	/* Put off: what comes after it waits too. */
	assert_done(outbox_later(store, "push", 200, "502", &e), e);
	assert_int_equal(pending(store, 199, &first), 1);
	assert_string_equal(first, "other");
	assert_int_equal(pending(store, 200, &first), 2);
	assert_done(outbox_sent(store, "push", &e), e);
	assert_done(outbox_get(store, "push", &a, &effect, &e), e);
	assert_int_equal(effect.attempts, 2);
	assert_int_equal(effect.not_before, 200);
	assert_string_equal(effect.why, "502");
	assert_done(outbox_done(store, "push", STR("{\"sha\":\"x\"}"), &e), e);
	assert_int_equal(pending(store, 200, &first), 2);
	assert_string_equal(first, "pull");
	assert_done(outbox_of(store, one, &a, &list, &count, &e), e);
	assert_int_equal(count, 2);
	assert_int_equal(list[0].state, EFFECT_DONE);
	assert_str(list[0].result, "{\"sha\":\"x\"}");
	assert_string_equal(effect_state_name(list[0].state), "DONE");
	assert_int_equal(list[1].state, EFFECT_INTENDED);
}

static void ends_are_final(void **state)
{
	STORE store = store_made("sqlite::memory:");
	STORE_TRANSACTION t = {0};
	struct err e = ERR_INIT;
	ARENA a = {0};
	const char *one = incident_made(store, "a", &a).id, *first;

	(void)state;
	assert_done(store_begin(store, &t, &e), e);
	assert_done(intend(store, one, "d", &e) && intend(store, one, "f", &e) &&
		    intend(store, one, "x", &e), e);
	/* Found done by its name, without being sent. */
	assert_done(outbox_done(store, "d", STR("{}"), &e), e);
	assert_done(outbox_done(store, "d", STR("{}"), &e), e);
	assert_done(outbox_failed(store, "f", "403", &e), e);
	assert_done(outbox_failed(store, "f", "403", &e), e);
	assert_done(outbox_dropped(store, "x", "superseded", &e), e);
	assert_int_equal(pending(store, INT64_MAX, &first), 0);
	assert_fails(outbox_done(store, "d", STR("{\"a\":2}"), &e), e, ERR_LATER, "DONE already");
	assert_fails(outbox_failed(store, "d", "why", &e), e, ERR_LATER, "DONE already");
	assert_fails(outbox_sent(store, "d", &e), e, ERR_LATER, "DONE already");
	assert_fails(outbox_later(store, "f", 1, "", &e), e, ERR_LATER, "FAILED already");
	assert_fails(outbox_done(store, "x", STR("{}"), &e), e, ERR_LATER, "DROPPED already");
	assert_fails(outbox_sent(store, "nobody", &e), e, ERR_GONE, "nobody");
	assert_fails(outbox_done(store, "nobody", STR("{}"), &e), e, ERR_GONE, "nobody");
	/* Intending it again does not bring it back. */
	assert_done(intend(store, one, "d", &e), e);
	assert_int_equal(pending(store, INT64_MAX, &first), 0);
	assert_done(store_commit(&t, &e), e);
}

/* Not even by SQL that goes around the functions. */
static void the_schema_keeps_it(void **state)
{
	static const char *const refused[] = {
		"DELETE FROM effect",
		"UPDATE effect SET state = 'INTENDED', result = '' WHERE name = 'd'",
		"UPDATE effect SET name = 'd2' WHERE name = 'w'",
		"UPDATE effect SET request = '{}' WHERE name = 'w'",
		"UPDATE effect SET state = 'DONE' WHERE name = 'w'",
		"UPDATE effect SET state = 'SENT' WHERE name = 'w'",
		"UPDATE effect SET attempts = 'many' WHERE name = 'w'",
		"INSERT INTO effect SELECT 99, incident, kind, name, request, 'INTENDED', 0, 0, '', '', 1, 1 "
		"FROM effect WHERE name = 'w'",
	};
	PLACE place = place_make();
	STORE store = store_made(place.url);
	STORE_TRANSACTION t = {0};
	struct err e = ERR_INIT;
	ARENA a = {0};
	const char *one = incident_made(store, "a", &a).id;
	sqlite3 *other = NULL;

	(void)state;
	assert_done(store_begin(store, &t, &e), e);
	assert_done(intend(store, one, "d", &e) && intend(store, one, "w", &e), e);
	assert_done(outbox_done(store, "d", STR("{}"), &e), e);
	assert_done(store_commit(&t, &e), e);
	assert_int_equal(sqlite3_open(place.path, &other), SQLITE_OK);
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		if (sqlite3_exec(other, refused[i], NULL, NULL, NULL) != SQLITE_CONSTRAINT)
			fail_msg("%s: %s", refused[i], sqlite3_errmsg(other));
	sqlite3_close(other);
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(once_a_name), cmocka_unit_test(in_order),
		cmocka_unit_test(ends_are_final), cmocka_unit_test(the_schema_keeps_it),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

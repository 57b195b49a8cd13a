/* bot/store/delivery: each once, by its id and by its body; those that wait; waking incidents. */
#include "bot/store/delivery.h"
#include "tests/store_unit.h"

#define DIGEST(c) c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c \
	c c c c c c c c c c c c c c c c c c

static bool add(struct store *store, const char *id, const char *digest, bool listed, unsigned wants)
{
	const struct delivery delivery = { .id = id, .digest = digest, .listed = listed,
		.hint = { .event = "push", .repository_id = 7, .repository = listed ? "" : "o/r",
			  .wants = wants } };
	STORE_TRANSACTION t = {0};
	struct err e = ERR_INIT;
	bool fresh = false;

	assert_done(store_begin(store, &t, &e), e);
	assert_done(delivery_add(store, &delivery, 1000, &fresh, &e), e);
	assert_done(store_commit(&t, &e), e);
	return fresh;
}

static void once(void **state)
{
	STORE store = store_made("sqlite::memory:");
	struct err e = ERR_INIT;
	int64_t last = -1;
	bool known = true;

	(void)state;
	use_test_clock();
	test_now = 5000;
	assert_done(delivery_last(store, &last, &e), e);
	assert_int_equal(last, 0);
	assert_true(add(store, "one", DIGEST("a"), false, HINT_RUNS));
	assert_false(add(store, "one", DIGEST("a"), false, HINT_RUNS));
	assert_false(add(store, "one", DIGEST("b"), false, HINT_RUNS));
	assert_false(add(store, "two", DIGEST("a"), false, HINT_RUNS));
	assert_true(add(store, "three", DIGEST("b"), false, HINT_RUNS));
	test_now = 6001;
	assert_true(add(store, "two", DIGEST("a"), false, HINT_RUNS));
	/* What has no body is known by its id alone. */
	assert_true(add(store, "four", "", true, HINT_RUNS));
	assert_true(add(store, "five", "", true, HINT_RUNS));
	assert_false(add(store, "five", "", true, HINT_RUNS));
	assert_false(add(store, "one", "", true, HINT_RUNS));
	assert_done(delivery_known(store, "five", &known, &e), e);
	assert_true(known);
	assert_done(delivery_known(store, "six", &known, &e), e);
	assert_false(known);
	assert_done(delivery_last(store, &last, &e), e);
	assert_int_equal(last, 6001);
	clock_replace(NULL);
}

static size_t waiting(struct store *store, struct arena *a, struct delivery **list)
{
	struct err e = ERR_INIT;
	size_t count = 0;

	assert_done(delivery_waiting(store, 10, a, list, &count, &e), e);
	return count;
}

static void wait_and_go(void **state)
{
	STORE store = store_made("sqlite::memory:");
	STORE_TRANSACTION t = {0};
	struct err e = ERR_INIT;
	struct delivery *list;
	ARENA a = {0};

	(void)state;
	use_test_clock();
	test_now = 5000;
	assert_true(add(store, "one", "", true, HINT_RUNS));
	assert_true(add(store, "two", DIGEST("a"), false, 0));
	assert_true(add(store, "three", DIGEST("b"), false, HINT_CHECKS));
	assert_int_equal(waiting(store, &a, &list), 2);
	assert_string_equal(list[0].id, "one");
	assert_true(list[0].listed);
	assert_string_equal(list[0].hint.repository, "");
	assert_string_equal(list[1].id, "three");
	assert_int_equal(list[1].hint.wants, HINT_CHECKS);
	assert_done(store_begin(store, &t, &e), e);
	assert_done(delivery_handled(store, list[0].number, &e), e);
	assert_done(store_commit(&t, &e), e);
	assert_int_equal(waiting(store, &a, &list), 1);
	/* One that was only listed comes after all, and waits anew. */
	assert_true(add(store, "one", DIGEST("c"), false, HINT_RUNS));
	assert_false(add(store, "one", DIGEST("d"), false, HINT_RUNS));
	assert_int_equal(waiting(store, &a, &list), 2);
	assert_string_equal(list[0].hint.repository, "o/r");
	assert_false(list[0].listed);
	assert_done(store_begin(store, &t, &e), e);
	assert_done(delivery_prune(store, 5000, 10, &e), e);
	assert_done(store_commit(&t, &e), e);
	assert_int_equal(waiting(store, &a, &list), 2);
	assert_done(store_begin(store, &t, &e), e);
	assert_done(delivery_prune(store, 5001, 2, &e), e);
	assert_done(store_commit(&t, &e), e);
	assert_int_equal(waiting(store, &a, &list), 1);
	assert_false(add(store, "three", "", true, HINT_RUNS));
	clock_replace(NULL);
}

static int64_t due_of(struct store *store, const char *id)
{
	struct err e = ERR_INIT;
	struct incident incident;
	ARENA a = {0};

	assert_done(incident_get(store, id, &a, &incident, &e), e);
	return incident.due_at;
}

static void put_off(struct store *store, struct incident *incident, struct str facts)
{
	STORE_TRANSACTION t = {0};
	struct err e = ERR_INIT;

	incident->due_at = 9000;
	incident->facts = facts;
	assert_done(store_begin(store, &t, &e), e);
	assert_done(incident_wait(store, incident, &e), e);
	assert_done(store_commit(&t, &e), e);
}

static size_t wake(struct store *store, int64_t repository)
{
	STORE_TRANSACTION t = {0};
	struct err e = ERR_INIT;
	size_t count = 99;

	assert_done(store_begin(store, &t, &e), e);
	assert_done(incident_wake(store, repository, &count, &e), e);
	assert_done(store_commit(&t, &e), e);
	return count;
}

static void wakes(void **state)
{
	STORE store = store_made("sqlite::memory:");
	ARENA a = {0};
	struct incident calm, troubled;

	(void)state;
	use_test_clock();
	test_now = 5000;
	calm = incident_made(store, "a", &a);
	troubled = incident_made(store, "b", &a);
	put_off(store, &calm, STR("{}"));
	put_off(store, &troubled, STR("{\"troubles\":2}"));
	assert_int_equal(wake(store, 8), 0);
	assert_int_equal(due_of(store, calm.id), 9000);
	assert_int_equal(wake(store, 7), 1);
	assert_int_equal(due_of(store, calm.id), 5000);
	assert_int_equal(due_of(store, troubled.id), 9000);
	assert_int_equal(wake(store, 7), 0);
	clock_replace(NULL);
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(once), cmocka_unit_test(wait_and_go), cmocka_unit_test(wakes),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

/* bot/store/seen, cache and lesson: what is remembered, for how long, and what is forgotten. */
#include "bot/store/cache.h"
#include "bot/store/lesson.h"
#include "bot/store/seen.h"
#include "tests/store_unit.h"

#include <sqlite3.h>

static bool put(struct store *store, const char *kind, int64_t id, int64_t attempt)
{
	struct seen_thing thing = { 7, kind, id, attempt };
	struct err e = ERR_INIT;
	bool fresh = false;

	assert_done(seen_put(store, &thing, &fresh, &e), e);
	return fresh;
}

static bool has(struct store *store, int64_t repository_id, const char *kind, int64_t id,
		int64_t attempt)
{
	struct seen_thing thing = { repository_id, kind, id, attempt };
	struct err e = ERR_INIT;
	bool handled = false;

	assert_done(seen_has(store, &thing, &handled, &e), e);
	return handled;
}

static void runs(void **state)
{
	STORE store = store_made("sqlite::memory:");
	STORE_TRANSACTION t = {0};
	struct err e = ERR_INIT;
	int64_t mark = -1;

	(void)state;
	use_test_clock();
	test_now = 1000;
	assert_done(store_begin(store, &t, &e), e);
	assert_true(put(store, "run", 100, 1));
	assert_false(put(store, "run", 100, 1));
	assert_true(put(store, "run", 100, 2));
	assert_true(put(store, "job", 100, 1));
	assert_true(put(store, "run", 150, 1));
	assert_false(has(store, 8, "run", 100, 1));
	assert_done(seen_watermark(store, 7, "run", &mark, &e), e);
	assert_int_equal(mark, 0);
	assert_done(seen_up_to(store, 7, "run", 120, &e), e);
	assert_done(seen_up_to(store, 7, "run", 110, &e), e);
	assert_done(seen_watermark(store, 7, "run", &mark, &e), e);
	assert_int_equal(mark, 120);
	assert_true(has(store, 7, "run", 120, 1));
	assert_true(has(store, 7, "run", 1, 1));
	assert_false(has(store, 7, "run", 121, 1));
	assert_true(has(store, 7, "run", 150, 1));
	assert_false(has(store, 7, "job", 99, 1));
	/* A rerun of an old run is something new, once. */
	assert_true(has(store, 7, "run", 100, 2));
	assert_true(put(store, "run", 90, 2));
	assert_false(put(store, "run", 90, 2));
	assert_false(put(store, "run", 90, 1));
	assert_done(seen_prune(store, 1000, &e), e);
	assert_true(has(store, 7, "run", 90, 2));
	assert_done(seen_prune(store, 1001, &e), e);
	assert_false(has(store, 7, "run", 90, 2));
	assert_true(has(store, 7, "run", 150, 1));
	clock_replace(NULL);
}

static void repositories(void **state)
{
	STORE store = store_made("sqlite::memory:");
	STORE_TRANSACTION t = {0};
	struct err e = ERR_INIT;
	ARENA a = {0};
	struct repository one = { 7, "Owner/Name", 3, "main", true, 0 }, found, *list;
	struct repository two = { 8, "owner/old", 3, "master", false, 0 };
	struct installation here = { 3, "Owner", false, 0 }, *installations;
	struct settings_text text = { "abc", { "a: 1\0", 5 }, 0 }, read;
	size_t count;

	(void)state;
	use_test_clock();
	assert_done(store_begin(store, &t, &e), e);
	assert_done(repository_put(store, &one, &e) && repository_put(store, &two, &e), e);
	assert_done(repository_find(store, "owner/NAME", &a, &found, &e), e);
	assert_int_equal(found.id, 7);
	assert_string_equal(found.name, "Owner/Name");
	assert_int_equal(found.installation_id, 3);
	assert_string_equal(found.default_branch, "main");
	assert_true(found.watched);
	assert_int_equal(found.seen_at, test_now);
	assert_fails(repository_find(store, "owner/x", &a, &found, &e), e, ERR_GONE, "owner/x");
	assert_fails(repository_get(store, 99, &a, &found, &e), e, ERR_GONE, "99");
	/* Renamed onto the name of another: the last one seen has it. */
	test_now++;
	two.name = "owner/name";
	two.watched = true;
	assert_done(repository_put(store, &two, &e), e);
	assert_done(repository_find(store, "owner/name", &a, &found, &e), e);
	assert_int_equal(found.id, 8);
	assert_done(repository_list(store, &a, &list, &count, &e), e);
	assert_int_equal(count, 2);
	one.watched = false;
	assert_done(repository_put(store, &one, &e), e);
	assert_done(repository_list(store, &a, &list, &count, &e), e);
	assert_int_equal(count, 1);
	assert_int_equal(list[0].id, 8);
	assert_done(installation_put(store, &here, &e), e);
	here.suspended = true;
	assert_done(installation_put(store, &here, &e), e);
	assert_done(installation_list(store, &a, &installations, &count, &e), e);
	assert_int_equal(count, 1);
	assert_true(installations[0].suspended);
	assert_string_equal(installations[0].account, "Owner");
	assert_fails(settings_get(store, 7, &a, &read, &e), e, ERR_GONE, "never read");
	assert_done(settings_put(store, 7, &text, &e), e);
	assert_done(settings_get(store, 7, &a, &read, &e), e);
	assert_string_equal(read.sha, "abc");
	assert_int_equal(read.text.size, 5);
	assert_int_equal(read.read_at, test_now);
	text = (struct settings_text){ "", STR_NONE, 0 };
	assert_done(settings_put(store, 7, &text, &e), e);
	assert_done(settings_get(store, 7, &a, &read, &e), e);
	assert_string_equal(read.sha, "");
	/* Only of a repository that is known. */
	assert_false(settings_put(store, 12345, &text, &e));
	clock_replace(NULL);
}

static void marks(void **state)
{
	STORE store = store_made("sqlite::memory:");
	STORE_TRANSACTION t = {0};
	struct err e = ERR_INIT;
	ARENA a = {0};
	struct str value = STR("kept");
	bool found = true;

	(void)state;
	assert_done(mark_get(store, "cursor", &a, &value, &found, &e), e);
	assert_false(found);
	assert_str(value, "kept");
	assert_done(store_begin(store, &t, &e), e);
	assert_done(mark_put(store, "cursor", STR("1"), &e), e);
	assert_done(mark_put(store, "cursor", STR(""), &e), e);
	assert_done(mark_get(store, "cursor", &a, &value, &found, &e), e);
	assert_true(found);
	assert_int_equal(value.size, 0);
}

static bool cached(struct store *store, const char *name)
{
	ARENA a = {0};
	struct cache_answer answer;
	struct err e = ERR_INIT;
	bool found = false;

	assert_done(cache_get(store, name, &a, &answer, &found, &e), e);
	return found;
}

static void answers(void **state)
{
	STORE store = store_made("sqlite::memory:");
	STORE_TRANSACTION t = {0};
	struct err e = ERR_INIT;
	ARENA a = {0};
	struct cache_answer answer = { "W/\"1\"", { "a\0\xff", 3 } }, read = {0};
	bool kept, found;

	(void)state;
	use_test_clock();
	test_now = 1000;
	assert_done(store_begin(store, &t, &e), e);
	assert_done(cache_put(store, "u1", &answer, &kept, &e), e);
	assert_true(kept);
	assert_done(cache_get(store, "u1", &a, &read, &found, &e), e);
	assert_true(found);
	assert_string_equal(read.etag, "W/\"1\"");
	assert_int_equal(read.body.size, 3);
	assert_memory_equal(read.body.at, "a\0\xff", 3);
	answer.body = STR_NONE;
	assert_done(cache_put(store, "u1", &answer, &kept, &e), e);
	assert_done(cache_get(store, "u1", &a, &read, &found, &e), e);
	assert_true(found);
	assert_int_equal(read.body.size, 0);
	/* Too large: not kept, and the older one is no longer right either. */
	answer.body = (struct str){ arena_alloc(&a, CACHE_BODY_MOST + 1), CACHE_BODY_MOST + 1 };
	assert_done(cache_put(store, "u1", &answer, &kept, &e), e);
	assert_false(kept);
	assert_false(cached(store, "u1"));
	answer.body.size--;
	assert_done(cache_put(store, "u1", &answer, &kept, &e), e);
	assert_true(kept);
	assert_true(cached(store, "u1"));
	/* Least recently used goes first. */
	answer.body.size = 98;
	for (int i = 0; i < 5; i++) {
		test_now += 10;
		assert_done(cache_put(store, arena_printf(&a, "p%d", i), &answer, &kept, &e), e);
	}
	test_now += CACHE_TOUCH_MS;
	assert_done(cache_touch(store, "p0", &e), e);
	assert_done(cache_touch(store, "nobody", &e), e);
	assert_done(cache_prune(store, 300, &e), e);
	assert_true(cached(store, "p0") && cached(store, "p4") && cached(store, "p3"));
	assert_false(cached(store, "p1") || cached(store, "p2") || cached(store, "u1"));
	/* Touched again within the hour: not written. */
	test_now += 10;
	assert_done(cache_touch(store, "p3", &e), e);
	assert_done(cache_touch(store, "p0", &e), e);
	assert_done(cache_prune(store, 100, &e), e);
	assert_true(cached(store, "p3"));
	assert_done(cache_prune(store, 0, &e), e);
	assert_false(cached(store, "p3"));
	clock_replace(NULL);
}

static void a_changed_body_is_not_used(void **state)
{
	PLACE place = place_make();
	STORE store = store_made(place.url);
	STORE_TRANSACTION t = {0};
	struct err e = ERR_INIT;
	struct cache_answer answer = { "1", STR("body") };
	sqlite3 *other = NULL;
	bool kept;

	(void)state;
	assert_done(store_begin(store, &t, &e), e);
	assert_done(cache_put(store, "u", &answer, &kept, &e), e);
	assert_done(store_commit(&t, &e), e);
	assert_true(cached(store, "u"));
	assert_int_equal(sqlite3_open(place.path, &other), SQLITE_OK);
	assert_int_equal(sqlite3_exec(other, "UPDATE answer SET body = x'00'", NULL, NULL, NULL), 0);
	sqlite3_close(other);
	assert_false(cached(store, "u"));
}

static size_t lessons_of(struct store *store, int64_t now, struct arena *a, struct lesson **list)
{
	struct err e = ERR_INIT;
	size_t count, family_count;
	struct lesson *family;

	assert_done(lesson_of_signature(store, SIGNATURE, now, 0, a, list, &count, &e), e);
	assert_done(lesson_of_family(store, FAMILY, now, 0, a, &family, &family_count, &e), e);
	assert_int_equal(count, family_count);
	return count;
}

static void lessons(void **state)
{
	STORE store = store_made("sqlite::memory:");
	STORE_TRANSACTION t = {0};
	struct err e = ERR_INIT;
	ARENA a = {0};
	struct lesson lesson = { .incident = incident_made(store, "main", &a).id,
				 .signature = SIGNATURE, .family = FAMILY, .repository_id = 7,
				 .action = "template", .name = "missing_import" }, *list;
	bool fresh;

	(void)state;
	use_test_clock();
	test_now = 1000;
	assert_done(store_begin(store, &t, &e), e);
	for (int i = 0; i < LESSON_OUTCOMES; i++) {
		lesson.outcome = (enum lesson_outcome)i;
		test_now++;
		assert_done(lesson_add(store, &lesson, &fresh, &e), e);
		assert_true(fresh);
		assert_done(lesson_add(store, &lesson, &fresh, &e), e);
		assert_false(fresh);
	}
	assert_int_equal(lessons_of(store, 1000 + LESSON_WAIT_MS, &a, &list), 0);
	assert_int_equal(lessons_of(store, 1001 + LESSON_WAIT_MS, &a, &list), 1);
	assert_int_equal(list[0].outcome, LESSON_WORKED);
	assert_string_equal(lesson_outcome_name(list[0].outcome), "WORKED");
	assert_string_equal(list[0].action, "template");
	assert_string_equal(list[0].name, "missing_import");
	assert_string_equal(list[0].incident, lesson.incident);
	assert_int_equal(list[0].repository_id, 7);
	assert_int_equal(list[0].learned_at, 1001);
	assert_int_equal(list[0].usable_from, 1001 + LESSON_WAIT_MS);
	assert_true(list[0].effective);
	assert_done(lesson_ineffective(store, SIGNATURE, "template", "other", &e), e);
	assert_int_equal(lessons_of(store, INT64_MAX, &a, &list), LESSON_OUTCOMES);
	assert_int_equal(list[0].outcome, LESSON_DISLIKED);
	assert_true(list[0].effective);
	assert_done(lesson_ineffective(store, SIGNATURE, "template", "missing_import", &e), e);
	assert_int_equal(lessons_of(store, INT64_MAX, &a, &list), LESSON_OUTCOMES);
	for (int i = 0; i < LESSON_OUTCOMES; i++)
		assert_false(list[i].effective);
	clock_replace(NULL);
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(runs),
		cmocka_unit_test(repositories), cmocka_unit_test(marks), cmocka_unit_test(answers),
		cmocka_unit_test(a_changed_body_is_not_used), cmocka_unit_test(lessons),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

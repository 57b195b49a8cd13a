/* Comments seen and kept: whose count, where the next look begins, and each command once. */
#include "bot/store/asked.h"
#include "tests/store_unit.h"

#include "bot/obey.h"
#include "bot/see_parts.h"
#include "bot/store/seen.h"
#include "git/github_comments.h"

static const struct asked sample = {
	.repository_id = 7, .comment = 100, .issue = 3, .author = "bob", .word = "approve", .hint = "",
	.created_at = 5000,
};

static void take(struct store *store, struct asked asked, bool expected)
{
	STORE_TRANSACTION t = {0};
	struct err e = ERR_INIT;
	bool fresh = !expected;

	assert_done(store_begin(store, &t, &e), e);
	assert_done(asked_take(store, &asked, &fresh, &e), e);
	assert_int_equal(fresh, expected);
	assert_done(store_commit(&t, &e), e);
}

static bool settle(struct store *store, struct asked asked, enum asked_state to, const char *act,
		   struct err *e)
{
	STORE_TRANSACTION t = {0};

	asked.state = to;
	asked.act = act;
	return store_begin(store, &t, e) && asked_settle(store, &asked, e) && store_commit(&t, e);
}

static void once_a_comment(void **state)
{
	STORE store = store_made("sqlite::memory:");
	ARENA a = {0};
	struct asked other = sample, *list;
	struct err e = ERR_INIT;
	size_t count;
	int64_t next = -1;
	bool taken;

	(void)state;
	use_test_clock();
	assert_done(asked_next(store, &next, &e), e);
	assert_int_equal(next, 0);
	take(store, sample, true);
	other.word = "reject";			/* the same comment says something else now */
	take(store, other, false);
	other.repository_id = 8;		/* comments of another server may have its number */
	take(store, other, true);
	assert_done(asked_has(store, 7, 100, &taken, &e), e);
	assert_true(taken);
	assert_done(asked_has(store, 7, 101, &taken, &e), e);
	assert_false(taken);
	assert_done(asked_due(store, test_now, 0, &a, &list, &count, &e), e);
	assert_int_equal(count, 2);
	assert_string_equal(list[0].word, "approve");
	assert_int_equal(list[0].state, ASKED_TAKEN);
	assert_done(asked_next(store, &next, &e), e);
	assert_int_equal(next, test_now);
	clock_replace(NULL);
}

static void its_way(void **state)
{
	STORE store = store_made("sqlite::memory:");
	ARENA a = {0};
	struct asked one, *list;
	struct err e = ERR_INIT;
	size_t count;

	(void)state;
	use_test_clock();
	take(store, sample, true);
	assert_done(asked_due(store, test_now, 0, &a, &list, &count, &e), e);
	one = list[0];
	one.due_at = test_now + 1000;			/* later, and undecided */
	one.tries = 1;
	one.head = "abc";
	assert_done(settle(store, one, ASKED_TAKEN, "", &e), e);
	assert_done(asked_due(store, test_now, 0, &a, &list, &count, &e), e);
	assert_int_equal(count, 0);
	assert_done(asked_due(store, test_now + 1000, 0, &a, &list, &count, &e), e);
	assert_string_equal(list[0].head, "abc");
	assert_false(settle(store, one, ASKED_DECIDED, "", &e));	/* without an act */
	e = (struct err)ERR_INIT;
	assert_done(settle(store, one, ASKED_DECIDED, "approve", &e), e);
	assert_false(settle(store, one, ASKED_DECIDED, "reject", &e));	/* decided is decided */
	e = (struct err)ERR_INIT;
	assert_false(settle(store, one, ASKED_TAKEN, "approve", &e));
	e = (struct err)ERR_INIT;
	assert_done(settle(store, one, ASKED_DONE, "approve", &e), e);
	assert_fails(settle(store, one, ASKED_DONE, "approve", &e), e, ERR_LATER, "settled");
	take(store, sample, false);
	for (enum asked_state each = 0; each < ASKED_STATES; each++)
		assert_true(strlen(asked_state_name(each)) > 3);
	clock_replace(NULL);
}

static void pauses(void **state)
{
	STORE store = store_made("sqlite::memory:");
	struct daemon daemon = { .store = store };
	STORE_TRANSACTION t = {0};
	struct err e = ERR_INIT;
	bool paused = true;

	(void)state;
	assert_done(obey_paused(&daemon, 7, &paused, &e), e);
	assert_false(paused);
	assert_done(store_begin(store, &t, &e), e);
	assert_done(mark_put(store, "paused 7", STR("bob"), &e), e);
	assert_done(mark_put(store, "paused 8", STR(""), &e), e);
	assert_done(store_commit(&t, &e), e);
	assert_done(obey_paused(&daemon, 7, &paused, &e), e);
	assert_true(paused);
	assert_done(obey_paused(&daemon, 8, &paused, &e), e);
	assert_false(paused);
}

#define COMMENT(id, user, type, app, issue, body)                                                 \
	"{\"id\":" #id ",\"user\":{\"login\":\"" user "\",\"type\":\"" type "\"},\"body\":\"" body   \
	"\",\"issue_url\":\"https://api.github.com/repos/o/r/issues/" #issue "\","                  \
	"\"created_at\":\"2026-01-01T00:00:00Z\",\"updated_at\":\"2026-01-01T00:00:0" #issue "Z\","   \
	"\"author_association\":\"OWNER\",\"performed_via_github_app\":" app "}"

static struct github_comments comments_of(struct arena *a, const char *json)
{
	struct github_comments comments;
	struct err e = ERR_INIT;
	bool full = true;

	assert_done(github_comments_read(str_of(json), a, &comments, &full, &e), e);
	assert_false(full);
	return comments;
}

static void authors(void **state)
{
	static const struct {
		const char *json;
		bool counts, counts_for_bob;	/* the App's daemon; one with bob's token */
	} cases[] = {
		{ COMMENT(1, "bob", "User", "null", 3, "x"), true, true },
		{ COMMENT(1, "BOB", "User", "null", 3, "x <!-- aegis:incident=1 -->"), true, false },
		{ COMMENT(1, "carol", "User", "null", 3, "<!-- aegis:incident=1 -->"), true, true },
		{ COMMENT(1, "aegis[bot]", "Bot", "null", 3, "x"), false, false },
		{ COMMENT(1, "helper[bot]", "Bot", "null", 3, "x"), false, false },
		{ COMMENT(1, "helper[bot]", "User", "null", 3, "x"), false, false },
		{ COMMENT(1, "helper", "Bot", "null", 3, "x"), false, false },
		{ COMMENT(1, "org", "Organization", "null", 3, "x"), false, false },
		{ COMMENT(1, "ghost", "Mannequin", "null", 3, "x"), false, false },
		{ COMMENT(1, "bob", "User", "{\"id\":5}", 3, "x"), false, false },
		{ COMMENT(1, "bob/../x", "User", "null", 3, "x"), false, false },
		{ COMMENT(1, "", "User", "null", 3, "x"), false, false },
		{ COMMENT(1, "bob", "User", "null", 0, "x"), false, false },
	};
	struct daemon app = { .own = { .login = "aegis[bot]", .app_id = 9 } };
	struct daemon person = { .own = { .login = "bob" } };
	ARENA a = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct github_comments list =
			comments_of(&a, arena_printf(&a, "[%s]", cases[i].json));

		assert_int_equal(list.count, 1);
		if (see_comment_counts(&list.items[0], &app) != cases[i].counts ||
		    see_comment_counts(&list.items[0], &person) != cases[i].counts_for_bob)
			fail_msg("%s", cases[i].json);
	}
}

static void cursor(void **state)
{
	ARENA a = {0};
	const struct github_comments none = {0}, two = comments_of(&a, "["
		COMMENT(1, "bob", "User", "null", 5, "x") "," COMMENT(2, "bob", "User", "null", 3, "x")
		"]");
	const int64_t newest = two.items[0].updated_ms;

	(void)state;
	assert_int_equal(two.items[0].issue, 5);
	assert_int_equal(newest - two.items[1].updated_ms, 2000);
	assert_int_equal(see_comments_cursor(77, &none), 77);
	assert_int_equal(see_comments_cursor(0, &two), newest);
	assert_int_equal(see_comments_cursor(newest, &two), newest);
	assert_int_equal(see_comments_cursor(newest + 1, &two), newest + 1);	/* never back */
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(once_a_comment), cmocka_unit_test(its_way), cmocka_unit_test(pauses),
		cmocka_unit_test(authors), cmocka_unit_test(cursor),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

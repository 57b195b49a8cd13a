/* git/github_reviews: what is read, who is asked about, and a table of what reviews come to. */
#include "tests/github_unit.h"

#include "git/github_reviews.h"

#define HEAD "1111111111111111111111111111111111111111"
#define OLD "2222222222222222222222222222222222222222"

static struct arena arena;
static struct github *github;
static struct github_call call;
static struct err e;

static int begin(void **state)
{
	return little_begin(state);
}

static int each(void **state)
{
	(void)state;
	e = (struct err)ERR_INIT;
	github = little_github(GITHUB_PERSONAL, STR("s3cret"));
	call = (struct github_call){ .github = github, .owner = "o", .name = "r", .arena = &arena };
	return 0;
}

static int after(void **state)
{
	(void)state;
	github_close(&github);
	arena_release(&arena);
	return 0;
}

static void good(bool done)
{
	if (!done)
		fail_msg("%s", e.text);
	little_heard_all();
}

#define REVIEW(id, user, type, state, commit, at) "{\"id\":" #id ",\"user\":{\"login\":\"" user "\",\"type\":\"" \
	type "\"},\"state\":\"" state "\",\"commit_id\":\"" commit "\",\"submitted_at\":\"2026-11-21T10:00:0" #at \
	"Z\",\"body\":\"b\"}"

static void reads(void **state)
{
	struct github_reviews list;

	(void)state;
	const struct line lines[] = {
		{ "GET /repos/o/r/pulls/4/reviews?per_page=100 HTTP", arena_printf(&arena,
			"200\nLink: <http://127.0.0.1:%u/repositories/9/pulls/4/reviews?page=2>; rel=\"next\"\n\n["
			REVIEW(7, "ann", "User", "APPROVED", HEAD, 1) "]", little.port) },
		{ "GET /repositories/9/pulls/4/reviews?page=2 HTTP", "200\n\n["
			REVIEW(8, "x[bot]", "Bot", "CHANGES_REQUESTED", OLD, 2) ","
			REVIEW(9, "y[bot]", "User", "COMMENTED", OLD, 3) ","
			REVIEW(10, "acme", "Organization", "DISMISSED", OLD, 4) ","
			REVIEW(11, "bob", "User", "BLESSED", OLD, 5) ","
			"{\"id\":12,\"user\":null,\"state\":\"PENDING\",\"commit_id\":null,\"body\":null},"
			"{\"id\":13,\"user\":{\"login\":\"a\",\"type\":\"User\"},\"state\":\"APPROVED\","
			"\"commit_id\":\"main\"},{\"id\":0},7]" }, {0} };
	little_say(lines);
	good(github_reviews_list(&call, 4, &list, &e));
	assert_true(list.complete && list.count == 6 && list.left_out == 3);
	assert_int_equal(list.items[0].id, 7);
	assert_string_equal(list.items[0].author, "ann");
	assert_string_equal(list.items[0].commit, HEAD);
	assert_str(list.items[0].body, "b");
	assert_true(list.items[0].submitted_ms == INT64_C(1795255201000));
	static const enum github_review_state states[] = { GITHUB_REVIEW_APPROVED, GITHUB_REVIEW_CHANGES,
		GITHUB_REVIEW_COMMENTED, GITHUB_REVIEW_DISMISSED, GITHUB_REVIEW_UNKNOWN, GITHUB_REVIEW_PENDING };
	static const bool persons[] = { true, false, false, false, true, false };
	for (size_t i = 0; i < 6; i++) {
		assert_int_equal(list.items[i].state, states[i]);
		assert_int_equal(list.items[i].author_is_person, persons[i]);
	}
	assert_string_equal(list.items[5].author, "");
	assert_string_equal(list.items[5].commit, "");
	assert_int_equal(list.items[5].submitted_ms, 0);
	const struct line gone[] = { { "GET /repos/o/r/pulls/5/reviews", "404\n\n{}" }, {0} };
	little_say(gone);
	assert_false(github_reviews_list(&call, 5, &list, &e));
	assert_int_equal(e.kind, ERR_GONE);
}

/*
 * Reviews as "author state commit at", one after the other: A approved, C wants changes, R a remark,
 * D dismissed, P pending, U unknown; h the head, o another commit. wendy and will may write, root is
 * admin, rita may read, b[bot] may write and is no person.
 */
static struct github_reviews reviews_of(const char *text)
{
	static const char letters[] = "UACRDP";
	struct github_reviews list = { .complete = true };
	struct str rest = str_of(text), one;
	uint64_t id = 1;

	while (str_next(&rest, ' ', &one)) {
		struct github_review review = { .id = id++ };
		struct str author = str_slice(one, 0, one.size - 3);

		review.author = str_text(&arena, author);
		review.author_is_person = !str_ends(author, "[bot]");
		review.state = (enum github_review_state)(strchr(letters, one.at[author.size]) - letters);
		memcpy(review.commit, one.at[author.size + 1] == 'h' ? HEAD : OLD, GITHUB_SHA_SIZE);
		review.submitted_ms = one.at[author.size + 2] - '0';
		arena_push(&arena, list.items, list.count) = review;
	}
	return list;
}

static struct github_reviewer writers[] = {
	{ "wendy", GITHUB_PERMISSION_WRITE }, { "will", GITHUB_PERMISSION_WRITE },
	{ "root", GITHUB_PERMISSION_ADMIN }, { "rita", GITHUB_PERMISSION_READ },
	{ "nina", GITHUB_PERMISSION_NONE }, { "b[bot]", GITHUB_PERMISSION_WRITE },
};

static void verdicts(void **state)
{
	static const struct { const char *reviews; enum reviews_verdict verdict; uint64_t by; } list[] = {
		{ "", REVIEWS_NONE, 0 },
		{ "wendyAh1", REVIEWS_APPROVED, 1 },
		{ "WENDYAh1", REVIEWS_APPROVED, 1 },
		{ "rootAh1", REVIEWS_APPROVED, 1 },
		{ "wendyAo1", REVIEWS_NONE, 0 },
		{ "ritaAh1", REVIEWS_NONE, 0 },
		{ "ninaAh1", REVIEWS_NONE, 0 },
		{ "eveAh1", REVIEWS_NONE, 0 },
		{ "b[bot]Ah1", REVIEWS_NONE, 0 },
		{ "wendyRh1", REVIEWS_NONE, 0 },
		{ "wendyPh0", REVIEWS_NONE, 0 },
		{ "wendyDh1", REVIEWS_NONE, 0 },
		{ "wendyUh1", REVIEWS_NONE, 0 },
		{ "ritaAh1 wendyAh2", REVIEWS_APPROVED, 2 },
		/* remarks and drafts take nothing back; the rest does */
		{ "wendyAh1 wendyRh2 wendyPh0", REVIEWS_APPROVED, 1 },
		{ "wendyAh1 wendyDh2", REVIEWS_NONE, 0 },
		{ "wendyAh1 wendyUh2", REVIEWS_NONE, 0 },
		{ "wendyAh1 wendyAo2", REVIEWS_NONE, 0 },
		{ "wendyAo1 wendyAh2", REVIEWS_APPROVED, 2 },
		{ "wendyAh2 wendyDh1", REVIEWS_APPROVED, 1 },
		{ "wendyAh1 wendyDh1", REVIEWS_NONE, 0 },
		{ "wendyAh1 WendyDh2", REVIEWS_NONE, 0 },
		/* wanting changes outweighs, also of another commit and by an App that may write */
		{ "wendyCo1", REVIEWS_CHANGES, 1 },
		{ "willAh2 wendyCo1", REVIEWS_CHANGES, 2 },
		{ "willCh1 wendyAh2 rootAh3", REVIEWS_CHANGES, 1 },
		{ "b[bot]Ch1 wendyAh2", REVIEWS_CHANGES, 1 },
		{ "wendyCh1 wendyAh2", REVIEWS_APPROVED, 2 },
		{ "wendyAh1 wendyCh2", REVIEWS_CHANGES, 2 },
		{ "wendyCh1 wendyRh2", REVIEWS_CHANGES, 1 },
		{ "wendyCh1 wendyDh2 willAh1", REVIEWS_APPROVED, 3 },
		{ "wendyCh1 wendyAo2", REVIEWS_NONE, 0 },
		/* of those who may not write it does not count */
		{ "ritaCh1 wendyAh1", REVIEWS_APPROVED, 2 },
		{ "eveCh1", REVIEWS_NONE, 0 },
	};
	struct github_reviewers all = { writers, sizeof(writers) / sizeof(*writers), true };

	(void)state;
	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++) {
		struct github_reviews reviews = reviews_of(list[i].reviews);
		const struct github_review *by = NULL;
		enum reviews_verdict verdict = github_reviews_verdict(&reviews, HEAD, &all, &by);

		if (verdict != list[i].verdict || (by ? by->id : 0) != list[i].by)
			fail_msg("%s: %d, by %d", list[i].reviews, verdict, by ? (int)by->id : 0);
	}
}

/* What is not all known never approves, and still refuses. */
static void fails_closed(void **state)
{
	const struct github_reviewers all = { writers, sizeof(writers) / sizeof(*writers), true };
	struct github_reviewers some = all;
	struct github_reviews approved = reviews_of("wendyAh1"), changes = reviews_of("wendyCh1");

	(void)state;
	assert_int_equal(github_reviews_verdict(&approved, "", &all, NULL), REVIEWS_NONE);
	approved.items[0].commit[0] = '\0';
	assert_int_equal(github_reviews_verdict(&approved, "", &all, NULL), REVIEWS_NONE);
	approved = reviews_of("wendyAh1");
	assert_int_equal(github_reviews_verdict(&approved, HEAD, &all, NULL), REVIEWS_APPROVED);
	some.complete = false;
	assert_int_equal(github_reviews_verdict(&approved, HEAD, &some, NULL), REVIEWS_NONE);
	assert_int_equal(github_reviews_verdict(&changes, HEAD, &some, NULL), REVIEWS_CHANGES);
	approved.left_out = changes.left_out = 1;
	assert_int_equal(github_reviews_verdict(&approved, HEAD, &all, NULL), REVIEWS_NONE);
	assert_int_equal(github_reviews_verdict(&changes, HEAD, &all, NULL), REVIEWS_CHANGES);
	approved.left_out = 0;
	approved.complete = false;
	assert_int_equal(github_reviews_verdict(&approved, HEAD, &all, NULL), REVIEWS_NONE);
}

static void asks_about_who_matters(void **state)
{
	static const struct line lines[] = {
		{ "GET /repos/o/r/collaborators/wendy/permission",
		  "200\n\n{\"permission\":\"write\",\"user\":{\"login\":\"wendy\"}}" },
		{ "GET /repos/o/r/collaborators/eve/permission", "404\n\n{}" }, {0} };
	struct github_reviews reviews = reviews_of("wendyAh1 WENDYRh2 ritaAo1 eveCo2 b[bot]Ah1 willAh1 willDh2 "
						   "no/nameAh1 Ah1");
	struct github_reviewers reviewers;
	struct github_reviews crowd = { .complete = true };

	(void)state;
	little_say(lines);
	good(github_reviewers_ask(&call, &reviews, HEAD, &reviewers, &e));
	assert_true(reviewers.complete && reviewers.count == 2);
	assert_int_equal(reviewers.items[0].permission, GITHUB_PERMISSION_WRITE);
	assert_int_equal(reviewers.items[1].permission, GITHUB_PERMISSION_NONE);
	assert_int_equal(github_reviews_verdict(&reviews, HEAD, &reviewers, NULL), REVIEWS_APPROVED);
	/* a crowd of strangers costs a bounded number of questions */
	struct line many[52] = {0};
	for (int i = 0; i < 60; i++) {
		struct github_review one = reviews_of("xAh1").items[0];

		one.id = (uint64_t)i + 1;
		one.author = arena_printf(&arena, "x%d", i);
		arena_push(&arena, crowd.items, crowd.count) = one;
		if (i < 50)
			many[i] = (struct line){ "GET /repos/o/r/collaborators/x", "404\n\n{}" };
	}
	little_say(many);
	good(github_reviewers_ask(&call, &crowd, HEAD, &reviewers, &e));
	assert_true(!reviewers.complete && reviewers.count == 50);
	/* who cannot be asked about is no stranger: it is not known */
	const struct line denied[] = { { "GET /repos/o/r/collaborators/wendy/permission", "403\n\n{}" }, {0} };
	little_say(denied);
	assert_false(github_reviewers_ask(&call, &reviews, HEAD, &reviewers, &e));
	assert_int_equal(e.kind, ERR_DENIED);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, each, after)

int main(void)
{
	const struct CMUnitTest list[] = {
		TEST(reads), TEST(verdicts), TEST(fails_closed), TEST(asks_about_who_matters),
	};

	return cmocka_run_group_tests(list, begin, little_end);
}

/* Polls of many repositories: etags, tokens, limits; pages back to known ground; their paths. */
#include "tests/github_unit.h"

#include "bot/base/crypto.h"
#include "git/github_checks.h"
#include "git/github_hooks.h"
#include "git/github_runs.h"

#include <openssl/pem.h>
#include <openssl/rsa.h>

#define SHA1 "1111111111111111111111111111111111111111"

static struct github_call call_of(struct github *github, struct arena *a)
{
	return (struct github_call){ .github = github, .owner = "o", .name = "r", .arena = a };
}

static struct str key_of(struct arena *a)
{
	BIO *bio = BIO_new(BIO_s_mem());
	EVP_PKEY *key = EVP_RSA_gen(2048);
	struct str pem;
	char *at;
	long size;

	PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL);
	size = BIO_get_mem_data(bio, &at);
	pem = str_copy(a, (struct str){ at, (size_t)size });
	BIO_free(bio);
	EVP_PKEY_free(key);
	return pem;
}

static void polls(void **state)
{
	GITHUB *github = little_github(GITHUB_PERSONAL, STR("s3cret"));
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct github_poll polls[4] = { { .owner = "o", .name = "r", .path = "/1" },
		{ .owner = "o", .name = "r", .path = "/2" }, { .owner = "o", .name = "r", .path = "/3" },
		{ .owner = "o", .name = "r", .path = "evil" } };
	const struct line first[] = { { "GET /1", "200\nETag: \"1\"\n\n[1]" }, { "GET /2", "404\n\n" },
		{ "GET /3", "" }, {0} };
	const struct line second[] = { { "GET /1", "304\n\n" }, { "GET /2", "200\n\n[2]" },
		{ "GET /3", "403\nRetry-After: 70\n\n" }, {0} };

	(void)state;
	little_say(first);
	assert_true(github_poll_all(github, polls, 4, 3, &a, &e));
	little_heard_all();
	assert_true(polls[0].answered && polls[0].changed);
	assert_str(polls[0].body, "[1]");
	assert_string_equal(polls[0].new_etag, "\"1\"");
	assert_null(little_header(0, "If-None-Match"));
	assert_int_equal(polls[1].error.kind, ERR_GONE);
	assert_int_equal(polls[1].status, 404);
	assert_int_equal(polls[2].error.kind, ERR_LATER);
	assert_true(polls[2].again_at_ms > clock_wall_ms());
	assert_int_equal(polls[3].error.kind, ERR_INPUT);
	polls[0].etag = polls[0].new_etag;
	little_say(second);
	assert_true(github_poll_all(github, polls, 3, 1, &a, &e));
	little_heard_all();
	assert_string_equal(little_header(0, "If-None-Match"), "\"1\"");
	assert_true(polls[0].answered && !polls[0].changed);
	assert_true(polls[1].answered && polls[1].changed);
	assert_null(polls[1].new_etag);
	assert_int_equal(polls[2].again_at_ms, clock_wall_ms() + 70000);
	/* Now nothing is sent. */
	little_say(first);
	assert_true(github_poll_all(github, polls, 3, 3, &a, &e));
	assert_int_equal(little.came_count, 0);
	assert_int_equal(polls[0].error.kind, ERR_LATER);
}

/* A 304 to one that sent no etag is no answer. */
static void polls_untold(void **state)
{
	GITHUB *github = little_github(GITHUB_PERSONAL, STR("s3cret"));
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct github_poll poll = { .owner = "p", .name = "r", .path = "/1" };
	const struct line lines[] = { { "GET /1", "304\n\n" }, {0} };

	(void)state;
	little_say(lines);
	assert_true(github_poll_all(github, &poll, 1, 1, &a, &e));
	assert_false(poll.answered);
	assert_int_equal(poll.error.kind, ERR_INPUT);
}

#define RUN(id, branch, more) "{\"id\":" #id ",\"head_sha\":\"" SHA1 "\",\"head_branch\":" branch \
	",\"status\":\"completed\",\"conclusion\":\"failure\",\"run_attempt\":2,\"name\":\"CI\"," \
	"\"path\":\".github/workflows/ci.yml\",\"event\":\"push\",\"head_repository\":{\"name\":\"r\"," \
	"\"owner\":{\"login\":\"o\"}},\"created_at\":\"2026-11-21T10:00:00Z\"" more "}"

/* The pull request is one of this repository, and pages end where known ground begins. */
static void runs_back(void **state)
{
	const struct github_runs_filter filter = { .status = "completed", .pages_most = 5,
		.known_id = 6 };
	GITHUB *github = little_github(GITHUB_PERSONAL, STR("s3cret"));
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct github_call call = call_of(github, &a);
	const char *next = arena_printf(&a, "Link: <http://127.0.0.1:%u/more>; rel=\"next\"",
					little.port);
	struct github_runs list;

	(void)state;
	const struct line lines[] = {
		{ "GET /repos/o/r/actions/runs?per_page=100&status=completed HTTP",
		  arena_printf(&a, "200\n%s\n\n{\"total_count\":9,\"workflow_runs\":[" RUN(8, "\"a\"",
			",\"repository\":{\"id\":5},\"pull_requests\":[{\"number\":2,\"base\":{\"repo\":"
			"{\"id\":4}}},{\"number\":3,\"base\":{\"repo\":{\"id\":5}}}]") "]}", next) },
		{ "GET /more", arena_printf(&a, "200\n%s\n\n{\"total_count\":9,\"workflow_runs\":["
			RUN(7, "\"a\"", "") "," RUN(6, "\"a\"", "") "," RUN(5, "\"a\"", "") "]}", next) },
		{0},
	};
	little_say(lines);
	assert_true(github_runs_list(&call, &filter, &list, &e));
	little_heard_all();
	assert_int_equal(list.count, 4);
	assert_false(list.complete);
	assert_int_equal(list.items[0].pull, 3);
	assert_int_equal(list.items[1].pull, 0);
}

static void paths(void **state)
{
	GITHUB *github = little_github(GITHUB_PERSONAL, STR("s3cret"));
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct github_call call = call_of(github, &a);

	(void)state;
	assert_string_equal(github_statuses_path(&call, "heads/a/b+c", &e),
			    "/repos/o/r/commits/heads/a/b%2Bc/status?per_page=100");
	assert_string_equal(github_suites_path(&call, "heads/main", &e),
			    "/repos/o/r/commits/heads/main/check-suites?per_page=100");
	assert_null(github_suites_path(&call, "main", &e));
	assert_null(github_suites_path(&call, "heads/a..b", &e));
	assert_null(github_statuses_path(&call, "heads/a b", &e));
	assert_int_equal(e.kind, ERR_INPUT);
}

/* Many repositories of an installation are looked at with one token, which reads and no more. */
static void app_polls(void **state)
{
	ARENA a = {0};
	GITHUB *github = little_github(GITHUB_APP, key_of(&a));
	struct err e = ERR_INIT;
	const char hour[] = "201\n\n{\"token\":\"ghs_all\",\"expires_at\":\"2100-01-01T00:00:00Z\"}";
	struct github_poll polls[] = {
		{ .owner = "o", .name = "r", .path = "/1", .installation = 9 },
		{ .owner = "o", .name = "s", .path = "/2", .installation = 9 },
		{ .owner = "p", .name = "t", .path = "/3", .installation = 8 },
		{ .owner = "p", .name = "u", .path = "/4", .installation = 8 },
	};
	const struct line lines[] = { { "POST /app/installations/9/access_tokens", hour },
		{ "POST /app/installations/8/access_tokens", "403\n\n{}" },
		{ "GET /1", "200\n\n[]" }, { "GET /2", "401\n\n{}" }, {0} };
	const struct line again[] = { { "POST /app/installations/9/access_tokens", hour },
		{ "GET /1", "200\n\n[]" }, { "GET /2", "200\n\n[]" }, {0} };

	(void)state;
	little_say(lines);
	assert_true(github_poll_all(github, polls, 4, 1, &a, &e));
	little_heard_all();
	assert_int_equal(little.came_count, 4);
	assert_string_equal(little_body(0), "{\"permissions\":{\"metadata\":\"read\",\"actions\":\"read\","
		"\"checks\":\"read\",\"statuses\":\"read\",\"pull_requests\":\"read\",\"issues\":\"read\"}}");
	assert_string_equal(little_header(2, "Authorization"), "Bearer ghs_all");
	assert_true(polls[0].answered && !polls[1].answered);
	assert_int_equal(polls[2].error.kind, ERR_DENIED);
	assert_int_equal(polls[3].error.kind, ERR_DENIED);
	/* A token that is refused is not used again. */
	little_say(again);
	assert_true(github_poll_all(github, polls, 2, 1, &a, &e));
	little_heard_all();
	assert_true(polls[0].answered && polls[1].answered);
}

#define GUID "72d3162e-cc78-11e3-81ab-4c9367dc095"
#define DELIVERY(n, time, more) "{\"id\":1" #n ",\"guid\":\"" GUID #n "\",\"delivered_at\":\"" time \
	"\",\"event\":\"push\"" more "}"

/* Page by page, as far back as is wanted; what is malformed is left out. */
static void deliveries(void **state)
{
	ARENA a = {0};
	struct err e = ERR_INIT;
	GITHUB *github = little_github(GITHUB_APP, key_of(&a));
	struct github_call call = { .github = github, .arena = &a };
	struct github_deliveries list;
	const char *next = arena_printf(&a, "Link: <http://127.0.0.1:%u/app/hook/deliveries?cursor=v1_2>; "
					"rel=\"next\"", little.port);
	int64_t since = 0;

	(void)state;
	assert_true(clock_parse(STR("2026-11-21T10:00:00Z"), &since, &e));
	const struct line lines[] = {
		{ "GET /app/hook/deliveries?per_page=100 HTTP", arena_printf(&a, "200\n%s\n\n[%s,%s,%s]", next,
		  DELIVERY(1, "2026-11-21T10:00:02Z", ",\"action\":\"completed\",\"repository_id\":7,"
			   "\"installation_id\":9,\"status_code\":502"), "{\"id\":5,\"guid\":\"../x\"}", "7") },
		{ "GET /app/hook/deliveries?cursor=v1_2 HTTP", arena_printf(&a, "200\n%s\n\n[%s,%s]", next,
		  DELIVERY(2, "2026-11-21T10:00:00Z", ",\"action\":null,\"repository_id\":null"),
		  DELIVERY(3, "2026-11-21T09:59:59Z", "")) },
		{0} };
	little_say(lines);
	if (!github_deliveries(&call, since, &list, &e))
		fail_msg("%s", e.text);
	little_heard_all();
	assert_int_equal(list.count, 2);
	assert_int_equal(list.left_out, 2);
	assert_true(list.complete);
	assert_string_equal(list.items[0].guid, GUID "1");
	assert_string_equal(list.items[0].action, "completed");
	assert_int_equal(list.items[0].repository, 7);
	assert_int_equal(list.items[0].installation, 9);
	assert_string_equal(list.items[1].action, "");
	assert_int_equal(list.items[1].repository, 0);
	assert_string_equal(list.items[1].event, "push");
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(polls), cmocka_unit_test(polls_untold), cmocka_unit_test(app_polls),
		cmocka_unit_test(runs_back), cmocka_unit_test(paths), cmocka_unit_test(deliveries),
	};

	return cmocka_run_group_tests(list, little_begin, little_end);
}

/* The client of GitHub: settings, statuses, limits, redirects, pages, kept answers, outcomes. */
#include "tests/github_unit.h"

#include "git/github_pulls.h"
#include "git/github_repository.h"

static const struct github_call plain_call = { .owner = "o", .name = "r" };

static struct github_call call_of(struct github *github, struct arena *a)
{
	struct github_call call = plain_call;

	call.github = github;
	call.arena = a;
	return call;
}

static bool get(struct github_call *call, const char *path, struct err *e)
{
	const struct ask ask = { .method = "GET", .path = path };
	REPLY reply = {0};

	return github_ask(call, &ask, &reply, e);
}

static bool post(struct github_call *call, const char *path, struct err *e)
{
	const struct ask ask = { .method = "POST", .path = path, .need = GITHUB_NEED_WRITE };
	REPLY reply = {0};

	return github_ask(call, &ask, &reply, e);
}

static void settings(void **state)
{
	static const struct { const char *url, *wrong, *graphql, *git; } list[] = {
		{ NULL, NULL, "https://api.github.com/graphql", "https://github.com" },
		{ "https://ghe.example/api/v3/", NULL, "https://ghe.example/api/graphql",
		  "https://ghe.example" },
		{ "https://ghe.example:8443/a/api/v3", NULL, "https://ghe.example:8443/a/api/graphql",
		  "https://ghe.example:8443/a" },
		{ "http://localhost:3000", NULL, "http://localhost:3000/graphql",
		  "http://localhost:3000" },
		{ "http://[::1]:3000", NULL, "http://[::1]:3000/graphql", "http://[::1]:3000" },
		{ "http://ghe.example/api/v3", "must be https", NULL, NULL },
		{ "http://localhost.evil.example", "must be https", NULL, NULL },
		{ "ftp://ghe.example", "must start with https", NULL, NULL },
		{ "https://", "no host", NULL, NULL }, { "https:///x", "no host", NULL, NULL },
		{ "https://u:p@ghe.example", "plain address", NULL, NULL },
		{ "https://ghe.example?x=1", "plain address", NULL, NULL },
		{ "http://127.0.0.1:80@evil.example/", "plain address", NULL, NULL },
		{ "https://ghe.example/a b", "plain address", NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++) {
		struct github_settings set = { .api_url = list[i].url, .mode = GITHUB_PERSONAL,
			.token = STR(" ghp_x\n") };
		struct err e = ERR_INIT;
		GITHUB *github = NULL;

		if (github_open(&set, (struct github **)&github, &e) == (list[i].wrong != NULL))
			fail_msg("%s: %s", list[i].url, e.text);
		if (list[i].wrong) {
			assert_int_equal(e.kind, ERR_CONFIG);
			assert_non_null(strstr(e.text, list[i].wrong));
			continue;
		}
		assert_string_equal(github->graphql, list[i].graphql);
		assert_string_equal(github->git, list[i].git);
		assert_str(github->token, "ghp_x");
	}
	static const struct github_settings bad[] = {
		{ .mode = GITHUB_PERSONAL }, { .mode = GITHUB_ACTIONS, .token = STR("a\nb") },
		{ .mode = GITHUB_ACTIONS, .token = STR("a b") }, { .mode = GITHUB_APP },
		{ .mode = GITHUB_APP, .app_id = 1 }, { .mode = GITHUB_APP, .key_pem = STR("x") },
		{ .mode = GITHUB_APP, .key_pem = STR("x"), .app_id = UINT64_MAX },
	};
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct github *none = NULL;
		struct err e = ERR_INIT;

		assert_false(github_open(&bad[i], &none, &e));
		assert_int_equal(e.kind, ERR_CONFIG);
		assert_null(none);
	}
}

static void headers(void **state)
{
	const struct line lines[] = { { "GET /repos/o/r HTTP", "200\n\n{}" },
		{ "POST /repos/o/r HTTP", "201\n\n{}" }, {0} };
	GITHUB *github = little_github(GITHUB_PERSONAL, STR("s3cret"));
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct github_call call = call_of(github, &a);

	(void)state;
	little_say(lines);
	assert_true(get(&call, "/repos/o/r", &e));
	assert_int_equal(call.outcome, GITHUB_IS_DONE);
	assert_int_equal(call.status, 200);
	assert_true(post(&call, "/repos/o/r", &e));
	assert_int_equal(call.outcome, GITHUB_IS_DONE);
	little_heard_all();
	for (size_t i = 0; i < 2; i++) {
		assert_string_equal(little_header(i, "authorization"), "Bearer s3cret");
		assert_string_equal(little_header(i, "accept"), "application/vnd.github+json");
		assert_string_equal(little_header(i, "x-github-api-version"), "2022-11-28");
		assert_true(str_starts(str_of(little_header(i, "user-agent")), "aegis/"));
	}
}

struct status {
	const char *answer;
	enum err_kind read, write;
	enum github_outcome outcome;
	unsigned reads, writes;		/* how often it is sent */
};

static void one_status(const struct status *s, bool write)
{
	struct line lines[9] = {0};
	GITHUB *github = little_github(GITHUB_PERSONAL, STR("s3cret"));
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct github_call call = call_of(github, &a);
	enum err_kind kind = write ? s->write : s->read;

	for (size_t i = 0; i < 8; i++)
		lines[i] = (struct line){ write ? "POST /x" : "GET /x", s->answer };
	little_say(lines);
	if (write ? post(&call, "/x", &e) : get(&call, "/x", &e)) {
		if (kind)
			fail_msg("%s: must fail", s->answer);
	} else if (e.kind != kind) {
		fail_msg("%s: %d %s", s->answer, e.kind, e.text);
	}
	assert_null(strstr(e.text, "s3cret"));
	if (write && call.outcome != s->outcome)
		fail_msg("%s: outcome %d", s->answer, call.outcome);
	if (little.came_count != (write ? s->writes : s->reads))
		fail_msg("%s: sent %zu times", s->answer, little.came_count);
	if (kind == ERR_LATER)
		assert_true(call.again_at_ms > little_start_ms);
}

static void statuses(void **state)
{
	static const struct status list[] = {
		{ "200\n\n{}", 0, 0, GITHUB_IS_DONE, 1, 1 },
		{ "201\n\n[]", 0, 0, GITHUB_IS_DONE, 1, 1 },
		{ "204\n\n", 0, 0, GITHUB_IS_DONE, 1, 1 },
		{ "200\n\n{", ERR_INPUT, ERR_INPUT, GITHUB_IS_DONE, 1, 1 },
		{ "200\n\n<html>", ERR_INPUT, ERR_INPUT, GITHUB_IS_DONE, 1, 1 },
		{ "200\n\n{\"a\":1,\"a\":2}", ERR_INPUT, ERR_INPUT, GITHUB_IS_DONE, 1, 1 },
		{ "301\n\n", ERR_INPUT, ERR_INPUT, GITHUB_NOT_DONE, 1, 1 },
		{ "304\n\n", ERR_INPUT, ERR_INPUT, GITHUB_NOT_DONE, 1, 1 },
		{ "400\n\n{\"message\":\"bad s3cret\"}", ERR_INPUT, ERR_INPUT, GITHUB_NOT_DONE, 1, 1 },
		{ "401\n\n{}", ERR_DENIED, ERR_DENIED, GITHUB_NOT_DONE, 1, 1 },
		{ "403\n\n{\"message\":\"Resource not accessible\"}", ERR_DENIED, ERR_DENIED,
		  GITHUB_NOT_DONE, 1, 1 },
		{ "404\n\n{}", ERR_GONE, ERR_GONE, GITHUB_NOT_DONE, 1, 1 },
		{ "405\n\n{}", ERR_INPUT, ERR_INPUT, GITHUB_NOT_DONE, 1, 1 },
		{ "409\n\n{}", ERR_INPUT, ERR_INPUT, GITHUB_NOT_DONE, 1, 1 },
		{ "410\n\n{}", ERR_GONE, ERR_GONE, GITHUB_NOT_DONE, 1, 1 },
		{ "422\n\n{}", ERR_INPUT, ERR_INPUT, GITHUB_NOT_DONE, 1, 1 },
		{ "451\n\n{}", ERR_DENIED, ERR_DENIED, GITHUB_NOT_DONE, 1, 1 },
		{ "429\n\n{}", ERR_LATER, ERR_LATER, GITHUB_NOT_DONE, 1, 1 },
		{ "500\n\noops", ERR_LATER, ERR_LATER, GITHUB_UNKNOWN, 4, 1 },
		{ "502\n\n<html>", ERR_LATER, ERR_LATER, GITHUB_UNKNOWN, 4, 1 },
		{ "503\n\n", ERR_LATER, ERR_LATER, GITHUB_UNKNOWN, 4, 1 },
		{ "504\n\n", ERR_LATER, ERR_LATER, GITHUB_UNKNOWN, 4, 1 },
		{ "", ERR_LATER, ERR_LATER, GITHUB_UNKNOWN, 4, 1 },
		{ "200\nContent-Length: 99\n\n{}", ERR_LATER, ERR_LATER, GITHUB_UNKNOWN, 4, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++) {
		one_status(&list[i], false);
		one_status(&list[i], true);
	}
}

static void messages(void **state)
{
	const struct line lines[] = { { "GET /x", "422\n\n{\"message\":\"Validation Failed\",\"errors\":"
		"[{\"field\":\"head\",\"code\":\"missing\"},\"two\\u202e\\n\",{\"message\":\"three\"},7]}" },
		{0} };
	GITHUB *github = little_github(GITHUB_PERSONAL, STR("s3cret"));
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct github_call call = call_of(github, &a);

	(void)state;
	little_say(lines);
	assert_false(get(&call, "/x", &e));
	assert_string_equal(e.text, "GitHub answers 422: Validation Failed; head missing; two  ; "
			    "three; ? ?");
}

/* A read is sent again after 500 or so ms, twice as long each time, and never without chance. */
static void backs_off(void **state)
{
	const struct line lines[] = { { "GET /x", "500\n\n" }, { "GET /x", "" },
		{ "GET /x", "502\n\n" }, { "GET /x", "200\n\n{}" }, {0} };
	GITHUB *github = little_github(GITHUB_PERSONAL, STR("s3cret"));
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct github_call call = call_of(github, &a);

	(void)state;
	little_say(lines);
	assert_true(get(&call, "/x", &e));
	assert_string_equal(e.text, "");
	little_heard_all();
	assert_int_equal(little.sleep_count, 3);
	for (size_t i = 0; i < 3; i++)
		assert_in_range(little.sleeps[i], 250 << i, 500 << i);
	/* No patience: no sleep. */
	little_say(lines);
	call.wait_most_ms = 1;
	assert_false(get(&call, "/x", &e));
	assert_int_equal(little.came_count, 1);
	assert_int_equal(little.sleep_count, 0);
}

static void not_reached(void **state)
{
	struct github_settings set = { .api_url = "http://127.0.0.1:1", .mode = GITHUB_PERSONAL,
		.token = STR("s3cret"), .sleep_ms = little_sleep };
	struct github *made;
	ARENA a = {0};
	struct err e = ERR_INIT;

	(void)state;
	assert_true(github_open(&set, &made, &e));
	GITHUB *github = made;
	struct github_call call = call_of(github, &a);
	assert_false(post(&call, "/x", &e));
	assert_int_equal(e.kind, ERR_LATER);
	assert_int_equal(call.outcome, GITHUB_NOT_DONE);
	assert_int_equal(call.status, 0);
}

struct limit {
	const char *answer;
	int64_t wait_s;
};

static void limits(void **state)
{
	static const struct limit list[] = {
		/* 1800000000 is now. */
		{ "403\nx-ratelimit-remaining: 0\nx-ratelimit-reset: 1800000600\n\n{}", 600 },
		{ "429\nx-ratelimit-remaining: 0\nx-ratelimit-reset: 1800000600\n\n{}", 600 },
		{ "403\nRetry-After: 90\n\n{}", 90 },
		{ "429\nRetry-After: 90\nx-ratelimit-remaining: 0\nx-ratelimit-reset: 1800000600\n\n{}", 90 },
		{ "403\n\n{\"message\":\"You have exceeded a secondary rate limit.\"}", 60 },
		{ "403\n\n{\"message\":\"API rate limit exceeded for installation\"}", 60 },
		{ "403\n\n{\"message\":\"You have triggered an abuse detection mechanism\"}", 60 },
		{ "429\n\n", 60 },
		/* Lies. */
		{ "429\nRetry-After: 99999999\n\n{}", 3900 },
		{ "429\nRetry-After: 99999999999999999999999\n\n{}", 60 },
		{ "429\nRetry-After: -5\n\n{}", 60 }, { "429\nRetry-After: soon\n\n{}", 60 },
		{ "429\nRetry-After: Wed, 21 Oct 2065 07:28:00 GMT\n\n{}", 60 },
		{ "403\nx-ratelimit-remaining: 0\nx-ratelimit-reset: 9999999999\n\n{}", 3900 },
		{ "403\nx-ratelimit-remaining: 0\nx-ratelimit-reset: 5\n\n{\"message\":\"rate limit "
		  "exceeded\"}", 1 },
		{ "403\nx-ratelimit-remaining: 0\nx-ratelimit-reset: 99999999999999999999\n\n{}", 60 },
	};

	(void)state;
	little.slept_ms = 0;
	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++) {
		const struct line lines[] = { { "GET /x", list[i].answer },
			{ "GET /x", "200\n\n{}" }, {0} };
		GITHUB *github = little_github(GITHUB_PERSONAL, STR("s3cret"));
		ARENA a = {0};
		struct err e = ERR_INIT;
		struct github_call call = call_of(github, &a);

		little.slept_ms = 0;
		little_say(lines);
		call.wait_most_ms = 1;
		assert_false(get(&call, "/x", &e));
		assert_int_equal(e.kind, ERR_LATER);
		if (call.again_at_ms != little_start_ms + list[i].wait_s * 1000)
			fail_msg("%s: %lld", list[i].answer,
				 (long long)(call.again_at_ms - little_start_ms));
		/* The next is not even sent. */
		assert_false(get(&call, "/x", &e));
		assert_int_equal(e.kind, ERR_LATER);
		assert_int_equal(call.outcome, GITHUB_NOT_DONE);
		assert_int_equal(little.came_count, 1);
		/* With patience it waits that long and goes on. */
		call.wait_most_ms = 4000 * 1000;
		if (!get(&call, "/x", &e))
			fail_msg("%s: %s", list[i].answer, e.text);
		assert_int_equal(little.slept_ms, list[i].wait_s * 1000);
		little_heard_all();
	}
	little.slept_ms = 0;
}

/* The last request that is allowed still succeeds, and the one after it waits. */
static void spent(void **state)
{
	const struct line lines[] = { { "GET /x", "200\nx-ratelimit-remaining: 0\n"
		"x-ratelimit-reset: 1800000300\n\n{}" }, {0} };
	GITHUB *github = little_github(GITHUB_PERSONAL, STR("s3cret"));
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct github_call call = call_of(github, &a);

	(void)state;
	little.slept_ms = 0;
	little_say(lines);
	assert_true(get(&call, "/x", &e));
	assert_false(get(&call, "/x", &e));
	assert_int_equal(call.again_at_ms, little_start_ms + 300000);
	assert_int_equal(little.came_count, 1);
}

static void writes_keep_apart(void **state)
{
	const struct line lines[] = { { "POST /x", "201\n\n{}" }, { "GET /x", "200\n\n{}" },
		{ "POST /x", "201\n\n{}" }, { "POST /x", "201\n\n{}" }, {0} };
	GITHUB *github = little_github(GITHUB_PERSONAL, STR("s3cret"));
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct github_call call = call_of(github, &a);

	(void)state;
	little_say(lines);
	assert_true(post(&call, "/x", &e));
	assert_int_equal(little.sleep_count, 0);
	assert_true(get(&call, "/x", &e));
	assert_int_equal(little.sleep_count, 0);
	assert_true(post(&call, "/x", &e));
	little.slept_ms += 400;
	assert_true(post(&call, "/x", &e));
	assert_int_equal(little.sleep_count, 2);
	assert_int_equal(little.sleeps[0], 1000);
	assert_int_equal(little.sleeps[1], 600);
	little_heard_all();
}

static void *posts(void *context)
{
	ARENA a = {0};
	struct err error = ERR_INIT;
	struct github_call call = call_of(context, &a);

	for (int i = 0; i < 5; i++)
		if (!post(&call, "/x", &error) || !get(&call, "/x", &error))
			return NULL;
	return context;
}

/* Several threads on one client: the writes still go one by one. */
static void shared(void **state)
{
	struct line lines[41] = {0};
	GITHUB *github = little_github(GITHUB_PERSONAL, STR("s3cret"));
	pthread_t threads[4];
	void *done;

	(void)state;
	for (size_t i = 0; i < 40; i++)
		lines[i] = (struct line){ i % 2 ? "POST /x" : "GET /x", "200\n\n{}" };
	little_say(lines);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, posts, github), 0);
	for (size_t i = 0; i < 4; i++) {
		pthread_join(threads[i], &done);
		assert_non_null(done);
	}
	little_heard_all();
	assert_int_equal(little.sleep_count, 19);
	for (size_t i = 0; i < 19; i++)
		assert_int_equal(little.sleeps[i], 1000);
}

static void redirects(void **state)
{
	ARENA a = {0};
	const char *here = arena_printf(&a, "301\nLocation: http://127.0.0.1:%u/y\n\n", little.port);
	const char *loop = arena_printf(&a, "308\nLocation: http://127.0.0.1:%u/x\n\n", little.port);
	const char *other = arena_printf(&a, "301\nLocation: http://localhost:%u/y\n\n", little.port);
	const struct line lines[] = { { "GET /x", here }, { "GET /y", "200\n\n{}" }, {0} };
	const struct line away[] = { { "GET /x", other }, {0} };
	const struct line again[] = { { "GET /y", loop }, { "GET /x", here }, { "GET /y", loop },
		{ "GET /x", here }, { "GET /y", loop }, {0} };
	const struct line write[] = { { "POST /x", here }, {0} };
	GITHUB *github = little_github(GITHUB_PERSONAL, STR("s3cret"));
	struct err e = ERR_INIT;
	struct github_call call = call_of(github, &a);

	(void)state;
	little_say(lines);
	assert_true(get(&call, "/x", &e));
	assert_string_equal(little_header(1, "authorization"), "Bearer s3cret");
	little_say(away);
	assert_false(get(&call, "/x", &e));
	assert_int_equal(e.kind, ERR_INPUT);
	little_heard_all();
	little_say(again);
	assert_false(get(&call, "/y", &e));
	assert_int_equal(little.came_count, 4);
	little_say(write);
	assert_false(post(&call, "/x", &e));
	assert_int_equal(call.outcome, GITHUB_NOT_DONE);
	little_heard_all();
}

static void large_answers(void **state)
{
	ARENA a = {0};
	struct text huge = TEXT(&a), deep = TEXT(&a);
	GITHUB *github = little_github(GITHUB_PERSONAL, STR("s3cret"));
	struct err e = ERR_INIT;
	struct github_call call = call_of(github, &a);

	(void)state;
	text_adds(&huge, "200\n\n[");
	text_adds(&deep, "200\n\n");
	for (int i = 0; i < 900000; i++)
		text_adds(&huge, "\"aaaaaaa\",");
	for (int i = 0; i < 100000; i++)
		text_adds(&deep, "[");
	text_adds(&huge, "1]");
	const struct line lines[] = { { "GET /huge", text_cstr(&huge) },
		{ "GET /deep", text_cstr(&deep) }, {0} };
	little_say(lines);
	assert_false(get(&call, "/huge", &e));
	assert_int_equal(e.kind, ERR_INPUT);
	assert_non_null(strstr(e.text, "too large"));
	assert_false(get(&call, "/deep", &e));
	assert_int_equal(e.kind, ERR_INPUT);
	assert_int_equal(call.outcome, GITHUB_IS_DONE);
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(settings), cmocka_unit_test(headers), cmocka_unit_test(statuses),
		cmocka_unit_test(messages), cmocka_unit_test(backs_off),
		cmocka_unit_test(not_reached), cmocka_unit_test(limits), cmocka_unit_test(spent),
		cmocka_unit_test(writes_keep_apart), cmocka_unit_test(shared), cmocka_unit_test(redirects),
		cmocka_unit_test(large_answers),
	};

	return cmocka_run_group_tests(list, little_begin, little_end);
}

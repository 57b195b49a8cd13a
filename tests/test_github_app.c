/* Tokens of an App, pages, logs, GraphQL. */
#include "tests/github_unit.h"

#include "bot/base/crypto.h"
#include "git/github_repository.h"
#include "git/github_runs.h"

#include <openssl/pem.h>
#include <openssl/rsa.h>

static EVP_PKEY *key;
static struct str key_pem;
static struct arena memory;

static int begin(void **state)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *at;
	long size;

	key = EVP_RSA_gen(2048);
	PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL);
	size = BIO_get_mem_data(bio, &at);
	key_pem = str_copy(&memory, (struct str){ at, (size_t)size });
	BIO_free(bio);
	return little_begin(state);
}

static int end(void **state)
{
	EVP_PKEY_free(key);
	arena_release(&memory);
	return little_end(state);
}

static struct github_call call_of(struct github *github, struct arena *a)
{
	return (struct github_call){ .github = github, .owner = "o", .name = "r", .arena = a };
}

/* Checks the signature with OpenSSL and the claims by the rules of GitHub. */
static void check_jwt(const char *authorization)
{
	struct str token = str_of(authorization), head, claims, message, signature, bytes;
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	ARENA a = {0};
	struct err e = ERR_INIT;
	JSON *json = NULL;
	int64_t issued, expires, now = clock_wall_ms() / 1000;

	assert_true(str_skip(&token, "Bearer "));
	assert_true(str_split_last(token, ".", &message, &signature));
	assert_true(str_split(message, ".", &head, &claims));
	assert_true(crypto_base64url_decode(signature, &a, &bytes, &e));
	assert_int_equal(EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, key), 1);
	assert_int_equal(EVP_DigestVerify(context, (const unsigned char *)bytes.at, bytes.size,
					  (const unsigned char *)message.at, message.size), 1);
	EVP_MD_CTX_free(context);
	assert_true(crypto_base64url_decode(head, &a, &bytes, &e));
	assert_str(bytes, "{\"alg\":\"RS256\",\"typ\":\"JWT\"}");
	assert_true(crypto_base64url_decode(claims, &a, &bytes, &e));
	assert_true(json_parse(bytes, 1000, &json, &e));
	assert_true(json_get_integer(json, "iat", &issued, &e));
	assert_true(json_get_integer(json, "exp", &expires, &e));
	assert_int_equal(json_integer_or(json, "iss", 0), 42);
	assert_true(issued <= now - 60 && expires > now && expires - now <= 600);
	assert_true(expires - issued <= 600);
}

static const char *token_answer(struct arena *a, const char *token, int64_t until_ms)
{
	char time[CLOCK_TEXT_SIZE];

	return arena_printf(a, "201\n\n{\"token\":\"%s\",\"expires_at\":\"%s\"}", token,
			    clock_format(until_ms, time));
}

static const char installation[] = "200\n\n{\"id\":77,\"suspended_at\":null}";

static bool get(struct github_call *call, const char *path, enum github_need need, struct err *e)
{
	const struct ask ask = { .method = need == GITHUB_NEED_READ ? "GET" : "POST", .path = path,
		.need = need };
	REPLY reply = {0};

	return github_ask(call, &ask, &reply, e);
}

static void app_tokens(void **state)
{
	GITHUB *github = little_github(GITHUB_APP, key_pem);
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct github_call call = call_of(github, &a);
	char *longer = memset(arena_alloc(&a, 1001), 'x', 1000);
	const char *hour = token_answer(&a, "ghs_one", clock_wall_ms() + 3600 * 1000);

	(void)state;
	memcpy(longer, "ghs_42_eyJ.eyJ.", 15);
	const struct line lines[] = {
		{ "GET /repos/o/r/installation", installation },
		{ "POST /app/installations/77/access_tokens", hour },
		{ "GET /a", "200\n\n{}" }, { "GET /b", "200\n\n{}" },
		{ "GET /repos/o/r/installation", installation },
		{ "POST /app/installations/77/access_tokens",
		  token_answer(&a, longer, clock_wall_ms() + 3600 * 1000) },
		{ "POST /c", "200\n\n{}" }, {0},
	};
	little_say(lines);
	assert_true(get(&call, "/a", GITHUB_NEED_READ, &e));
	assert_true(get(&call, "/b", GITHUB_NEED_READ, &e));
	if (!get(&call, "/c", GITHUB_NEED_WRITE, &e))
		fail_msg("%s", e.text);
	little_heard_all();
	check_jwt(little_header(0, "Authorization"));
	check_jwt(little_header(1, "Authorization"));
	assert_string_equal(little_header(2, "Authorization"), "Bearer ghs_one");
	assert_string_equal(little_header(3, "Authorization"), "Bearer ghs_one");
	assert_string_equal(little_header(6, "Authorization"),
			    arena_printf(&a, "Bearer %s", longer));
	assert_string_equal(little_body(1), "{\"permissions\":{\"metadata\":\"read\",\"contents\":\"read\","
		"\"actions\":\"read\",\"checks\":\"read\",\"statuses\":\"read\","
		"\"pull_requests\":\"read\",\"issues\":\"read\",\"deployments\":\"read\"},"
		"\"repositories\":[\"r\"]}");
	assert_non_null(strstr(little_body(5), "\"checks\":\"write\""));
	assert_null(strstr(little_body(5), "workflows"));
	assert_null(strstr(little_body(5), "administration"));
}

static void app_renews(void **state)
{
	GITHUB *github = little_github(GITHUB_APP, key_pem);
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct github_call call = call_of(github, &a);
	int64_t now = clock_wall_ms();
	/* The server claims ten hours; more than one is not believed. */
	const struct line lines[] = {
		{ "GET /repos/o/r/installation", installation },
		{ "POST /app/", token_answer(&a, "one", now + 36000 * 1000) }, { "GET /a", "200\n\n{}" },
		{ "GET /b", "200\n\n{}" },
		{ "GET /repos/o/r/installation", installation },
		{ "POST /app/", token_answer(&a, "two", now + 7200 * 1000) }, { "GET /c", "200\n\n{}" },
		/* Taken back early: asked for once more. */
		{ "GET /d", "401\n\n{}" }, { "GET /repos/o/r/installation", installation },
		{ "POST /app/", "502\n\n" }, { "POST /app/", "" }, { "POST /app/", token_answer(&a, "three", now + 7200 * 1000) },
		{ "GET /d", "200\n\n{}" },
		/* But not for ever. */
		{ "GET /e", "401\n\n{}" }, { "GET /repos/o/r/installation", installation },
		{ "POST /app/", token_answer(&a, "four", now + 7200 * 1000) }, { "GET /e", "401\n\n{}" },
		{0},
	};

	(void)state;
	little_say(lines);
	assert_true(get(&call, "/a", GITHUB_NEED_READ, &e));
	little.slept_ms += 54 * 60 * 1000;
	assert_true(get(&call, "/b", GITHUB_NEED_READ, &e));
	assert_string_equal(little_header(3, "Authorization"), "Bearer one");
	little.slept_ms += 2 * 60 * 1000;
	assert_true(get(&call, "/c", GITHUB_NEED_READ, &e));
	check_jwt(little_header(4, "Authorization"));
	assert_string_equal(little_header(6, "Authorization"), "Bearer two");
	assert_true(get(&call, "/d", GITHUB_NEED_READ, &e));
	assert_string_equal(little_header(12, "Authorization"), "Bearer three");
	assert_false(get(&call, "/e", GITHUB_NEED_READ, &e));
	assert_int_equal(e.kind, ERR_DENIED);
	little_heard_all();
}

static void app_refused(void **state)
{
	static const struct { const char *installation, *token; enum err_kind kind; } list[] = {
		{ "404\n\n{}", NULL, ERR_GONE }, { "401\n\n{\"message\":\"bad JWT\"}", NULL, ERR_DENIED },
		{ "200\n\n{}", NULL, ERR_INPUT }, { "200\n\n{\"id\":-1}", NULL, ERR_INPUT },
		{ "200\n\n{\"id\":\"77/../1\"}", NULL, ERR_INPUT },
		{ "200\n\n{\"id\":77,\"suspended_at\":\"2026-01-01T00:00:00Z\"}", NULL, ERR_DENIED },
		{ installation, "422\n\n{\"message\":\"not granted\"}", ERR_DENIED },
		{ installation, "403\n\n{}", ERR_DENIED }, { installation, "201\n\n{}", ERR_INPUT },
		{ installation, "201\n\n{\"token\":\"a\\nb\"}", ERR_INPUT },
		{ installation, "201\n\n{\"token\":\"\"}", ERR_INPUT },
		{ installation, "201\n\n{\"token\":\"a\",\"expires_at\":\"soon\"}", ERR_INPUT },
		{ installation, "503\n\n", ERR_LATER },
		{ installation, "201\n\n{\"token\":\"ghs_s3cret", ERR_INPUT },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++) {
		const struct line lines[] = { { "GET /repos/o/r/installation", list[i].installation },
			{ list[i].token ? "POST /app/" : NULL, list[i].token }, {0} };
		GITHUB *github = little_github(GITHUB_APP, key_pem);
		ARENA a = {0};
		struct err e = ERR_INIT;
		struct github_call call = call_of(github, &a);

		little_say(lines);
		call.wait_most_ms = 1;
		assert_false(get(&call, "/a", i % 2 ? GITHUB_NEED_READ : GITHUB_NEED_WRITE, &e));
		assert_int_equal(call.outcome, GITHUB_NOT_DONE);
		if (e.kind != list[i].kind)
			fail_msg("%zu: %d %s", i, e.kind, e.text);
		assert_null(strstr(e.text, "eyJ"));
		assert_null(strstr(e.text, "PRIVATE"));
		assert_null(strstr(e.text, "s3cret"));
		little_heard_all();
	}
	GITHUB *broken = little_github(GITHUB_APP, STR("-----BEGIN RSA PRIVATE KEY-----\ns3cret\n"));
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct github_call call = call_of(broken, &a);
	assert_false(get(&call, "/a", GITHUB_NEED_READ, &e));
	assert_int_equal(e.kind, ERR_CONFIG);
	assert_null(strstr(e.text, "s3cret"));
}

struct seen {
	size_t count;
	int64_t sum;
};

static bool see(void *context, const json_t *item, struct err *e)
{
	struct seen *seen = context;
	int64_t number;

	if (!json_get_integer(item, "", &number, e))
		return false;
	seen->count++;
	seen->sum += number;
	return true;
}

static void pages(void **state)
{
	GITHUB *github = little_github(GITHUB_PERSONAL, STR("s3cret"));
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct github_call call = call_of(github, &a);
	const char *api = arena_printf(&a, "http://127.0.0.1:%u", little.port);
	struct seen seen = {0};
	struct pages pages = { .path = "/x?page=1", .pages_most = 5, .item = see, .context = &seen };

	(void)state;
	const struct line good[] = {
		{ "GET /x?page=1", arena_printf(&a, "200\nLink: <%s/x?page=2>; rel=\"next\", "
		  "<%s/x?page=9>; rel=\"last\"\n\n[1,2]", api, api) },
		{ "GET /x?page=2", arena_printf(&a, "200\nLink: <%s/x?page=1>; rel=\"first\", "
		  "<%s/repositories/7/x?page=3>; title=\"a\"; rel=\"next\"\n\n[3]", api, api) },
		{ "GET /repositories/7/x?page=3", "200\nLink: <x>; rel=\"prev\"\n\n[4]" }, {0},
	};
	little_say(good);
	assert_true(github_each_page(&call, &pages, &e));
	assert_true(pages.complete);
	assert_int_equal(seen.sum, 10);
	little_heard_all();
	/* More than may be, in a list that says how many there are. */
	const struct line endless[] = {
		{ "GET /x?page=1", arena_printf(&a, "200\nLink: <%s/x?page=2>; rel=\"next\"\n\n[1]", api) },
		{ "GET /x?page=2", arena_printf(&a, "200\nLink: <%s/x?page=1>; rel=\"next\"\n\n[1]", api) },
		{0},
	};
	pages.pages_most = 2;
	little_say(endless);
	assert_true(github_each_page(&call, &pages, &e));
	assert_false(pages.complete);
	assert_int_equal(little.came_count, 2);
	const struct line cut[] = { { "GET /x", "200\n\n{\"total_count\":1001,\"list\":[1]}" }, {0} };
	struct pages counted = { .path = "/x", .list = "list", .pages_most = 2, .item = see,
		.context = &seen };
	little_say(cut);
	assert_true(github_each_page(&call, &counted, &e));
	assert_false(counted.complete);
}

/* The same page again, another host, another scheme, something else, no list. */
static void wrong_pages(void **state)
{
	static const char *const wrong[] = {
		"<http://127.0.0.1:%u/x?page=1>", "<http://localhost:%u/x?page=2>",
		"<https://127.0.0.1:%u/x?page=2>", "<http://127.0.0.1:%u@evil.example/x>",
		"<http://127.0.0.1:%u.evil.example/x>", "</x?page=2>", "<//evil.example/%u>",
	};
	GITHUB *github = little_github(GITHUB_PERSONAL, STR("s3cret"));
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct github_call call = call_of(github, &a);
	const char *api = arena_printf(&a, "http://127.0.0.1:%u", little.port);
	struct seen seen = {0};
	struct pages pages = { .pages_most = 2, .item = see, .context = &seen };
	struct pages counted = { .path = "/x", .list = "list", .pages_most = 2, .item = see,
		.context = &seen };

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct text link = TEXT(&a);
		struct str before, after;

		text_adds(&link, "200\nLink: ");
		if (str_split(str_of(wrong[i]), "%u", &before, &after))
			text_addf(&link, "%.*s%u%.*s", STR_ARG(before), little.port, STR_ARG(after));
		else
			text_adds(&link, wrong[i]);
		text_adds(&link, "; rel=\"next\"\n\n[1]");
		const struct line lines[] = { { "GET /x?page=1", text_cstr(&link) }, {0} };
		little_say(lines);
		pages.path = i ? "/x?page=1" : arena_printf(&a, "%s/x?page=1", api);
		assert_false(github_each_page(&call, &pages, &e));
		assert_int_equal(e.kind, ERR_INPUT);
		little_heard_all();
	}
	const struct line odd[] = { { "GET /x", "200\n\n{\"list\":{}}" }, { "GET /x", "200\n\n[]" },
		{ "GET /x", "200\n\n" }, {0} };
	little_say(odd);
	for (int i = 0; i < 3; i++)
		assert_false(github_each_page(&call, &counted, &e));
}

static bool collect(void *context, struct str part)
{
	text_add(context, part);
	return true;
}

static bool refuse(void *context, struct str part)
{
	(void)context;
	(void)part;
	return false;
}

static void logs(void **state)
{
	static const struct { const char *store; enum err_kind kind; } wrong[] = {
		{ "404\n\n<Error>gone</Error>", ERR_GONE }, { "410\n\n", ERR_GONE },
		{ "403\n\nexpired", ERR_DENIED }, { "500\n\n", ERR_LATER }, { "302\n\n", ERR_DENIED },
		{ "302\nLocation: file:///etc/passwd\n\n", ERR_INPUT },
		{ "302\nLocation: ftp://x/\n\n", ERR_DENIED },
	};
	GITHUB *github = little_github(GITHUB_PERSONAL, STR("s3cret"));
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct github_call call = call_of(github, &a);
	const char *to = arena_printf(&a, "302\nLocation: http://localhost:%u/store?sig=abc\n\n", little.port);
	struct text log = TEXT(&a);
	bool whole = false;

	(void)state;
	const struct line lines[] = { { "GET /repos/o/r/actions/jobs/5/logs", to },
		{ "GET /store?sig=abc", "200\n\nline one\nline two\n" }, {0} };
	little_say(lines);
	if (!github_job_log(&call, 5, 1000, collect, &log, &whole, &e))
		fail_msg("%s", e.text);
	assert_true(whole);
	assert_str(text_str(&log), "line one\nline two\n");
	assert_string_equal(little_header(0, "Authorization"), "Bearer s3cret");
	assert_null(little_header(1, "Authorization"));
	little_say(lines);
	log.size = 0;
	assert_true(github_job_log(&call, 5, 11, collect, &log, &whole, &e));
	assert_false(whole);
	assert_str(text_str(&log), "line one\nli");
	little_say(lines);
	assert_false(github_job_log(&call, 5, 1000, refuse, NULL, &whole, &e));
	assert_int_equal(e.kind, ERR_INPUT);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		const struct line bad[] = { lines[0], { "GET /store?sig=abc", wrong[i].store }, {0} };

		little_say(bad);
		log.size = 0;
		assert_false(github_job_log(&call, 5, 1000, collect, &log, &whole, &e));
		if (e.kind != wrong[i].kind)
			fail_msg("%s: %d %s", wrong[i].store, e.kind, e.text);
		assert_int_equal(log.size, 0);
		assert_null(strstr(e.text, "abc"));
	}
	const struct line round[] = { lines[0], { "GET /store", to }, { "GET /store", to },
		{ "GET /store", to }, { "GET /store", to }, {0} };
	little_say(round);
	assert_false(github_job_log(&call, 5, 1000, collect, &log, &whole, &e));
	assert_int_equal(little.came_count, 4);
}

static void graphql(void **state)
{
	static const struct { const char *answer; enum err_kind kind; enum github_outcome outcome; }
	list[] = {
		{ "200\n\n{\"data\":{}}", 0, GITHUB_IS_DONE },
		{ "200\n\n{\"data\":null,\"errors\":[{\"type\":\"NOT_FOUND\",\"message\":\"m\"}]}", ERR_GONE,
		  GITHUB_NOT_DONE },
		{ "200\n\n{\"errors\":[{\"type\":\"FORBIDDEN\"}]}", ERR_DENIED, GITHUB_NOT_DONE },
		{ "200\n\n{\"errors\":[{\"type\":\"RATE_LIMITED\"}]}", ERR_LATER, GITHUB_NOT_DONE },
		{ "200\n\n{\"data\":{\"a\":1},\"errors\":[{\"message\":\"m\"}]}", ERR_INPUT, GITHUB_UNKNOWN },
		{ "200\n\n{}", ERR_INPUT, GITHUB_IS_DONE }, { "200\n\n[]", ERR_INPUT, GITHUB_IS_DONE },
		{ "502\n\n", ERR_LATER, GITHUB_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++) {
		const struct line lines[] = { { "POST /graphql", list[i].answer }, {0} };
		GITHUB *github = little_github(GITHUB_PERSONAL, STR("s3cret"));
		ARENA a = {0};
		struct err e = ERR_INIT;
		struct github_call call = call_of(github, &a);
		JSON *variables = json_pack("{s:i}", "n", 1);
		REPLY reply = {0};

		little_say(lines);
		if (github_graphql(&call, GITHUB_NEED_WRITE, "query", variables, &reply, &e) !=
		    !list[i].kind || e.kind != list[i].kind || call.outcome != list[i].outcome)
			fail_msg("%s: %d %s", list[i].answer, e.kind, e.text);
		assert_string_equal(little_body(0), "{\"query\":\"query\",\"variables\":{\"n\":1}}");
	}
}

static void identities(void **state)
{
	static const char user[] = "GET /users/aegis%5Bbot%5D HTTP";
	GITHUB *github = little_github(GITHUB_APP, key_pem);
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct github_call call = call_of(github, &a), none = { .github = github, .arena = &a };
	struct github_identity who;
	const struct line app = { "GET /app HTTP", "200\n\n{\"id\":42,\"slug\":\"aegis\"}" };
	const struct line lines[] = { app, { "GET /repos/o/r/installation", installation },
		{ "POST /app/", token_answer(&a, "one", clock_wall_ms() + 3600 * 1000) },
		{ user, "200\n\n{\"id\":7,\"login\":\"aegis[bot]\",\"type\":\"Bot\"}" }, {0} };
	const struct line others[][3] = {
		{ app, { user, "200\n\n{\"id\":8,\"login\":\"eve\"}" }, {0} },
		{ app, { user, "200\n\n{\"id\":\"7\",\"login\":\"aegis[bot]\"}" }, {0} },
		{ app, { user, "404\n\n{}" }, {0} }, { { "GET /app HTTP", "403\n\n{}" }, {0} },
	};

	(void)state;
	little_say(lines);
	if (!github_own_identity(&call, &who, &e))
		fail_msg("%s", e.text);
	little_heard_all();
	assert_string_equal(little_header(3, "Authorization"), "Bearer one");
	assert_true(who.app_id == 42 && who.user_id == 7 && !strcmp(who.login, "aegis[bot]"));
	assert_string_equal(who.author_name, "aegis[bot]");
	assert_string_equal(who.author_mail, "7+aegis[bot]@users.noreply.127.0.0.1");
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
		little_say(others[i]);
		assert_false(github_own_identity(&call, &who, &e));
		little_heard_all();
		assert_int_equal(who.user_id, 7);
	}
	little_say((struct line[]){ {0} });
	assert_false(github_own_identity(&none, &who, &e));
	assert_int_equal(e.kind, ERR_INPUT);
	little_heard_all();
}

/* Without an App; and the host of the address, by how the interface's is written. */
static void other_identities(void **state)
{
	static const struct { const char *git, *mail; } hosts[] = {
		{ "https://github.com", "9+ann@users.noreply.github.com" },
		{ "https://ghe.example:8443/git/x", "9+ann@users.noreply.ghe.example" },
		{ "http://[::1]", "9+ann@users.noreply.[::1]" },
		{ "http://[::1]:80", "9+ann@users.noreply.[::1]" },
	};
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct github_identity who;

	(void)state;
	for (size_t i = 0; i < sizeof(hosts) / sizeof(*hosts); i++) {
		GITHUB *github = little_github(GITHUB_PERSONAL, STR("s3cret"));
		struct github_call call = { .github = github, .arena = &a };

		little_say((struct line[]){ { "GET /user HTTP", "200\n\n{\"id\":9,\"login\":\"ann\"}" }, {0} });
		github->git = hosts[i].git;
		if (!github_own_identity(&call, &who, &e))
			fail_msg("%s", e.text);
		little_heard_all();
		assert_string_equal(who.author_mail, hosts[i].mail);
		assert_true(who.app_id == 0 && who.user_id == 9);
	}
	GITHUB *job = little_github(GITHUB_ACTIONS, STR("s3cret"));
	struct github_call call = call_of(job, &a);

	little_say((struct line[]){ { "GET /users/github-actions%5Bbot%5D HTTP",
		"200\n\n{\"id\":41898282,\"login\":\"github-actions[bot]\"}" }, {0} });
	assert_true(github_own_identity(&call, &who, &e));
	little_heard_all();
	assert_true(who.app_id == 15368 && who.user_id == 41898282);
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(app_tokens), cmocka_unit_test(app_renews),
		cmocka_unit_test(app_refused), cmocka_unit_test(pages), cmocka_unit_test(wrong_pages),
		cmocka_unit_test(logs), cmocka_unit_test(graphql), cmocka_unit_test(identities),
		cmocka_unit_test(other_identities),
	};

	return cmocka_run_group_tests(list, begin, end);
}

/* Answers that are kept, and polls of many repositories. */
#include "tests/github_unit.h"

#include "git/github_checks.h"
#include "git/github_runs.h"

#define SHA1 "1111111111111111111111111111111111111111"

static struct github_call call_of(struct github *github, struct arena *a)
{
	return (struct github_call){ .github = github, .owner = "o", .name = "r", .arena = a };
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

/* A cache of one's own, in memory. */
static struct { char url[200]; struct github_cached entry; bool full; } kept[8];
static struct arena kept_arena;

static bool kept_get(void *context, const char *url, struct arena *a, struct github_cached *out)
{
	(void)context;
	(void)a;
	for (size_t i = 0; i < 8; i++)
		if (kept[i].full && !strcmp(kept[i].url, url)) {
			*out = kept[i].entry;
			return true;
		}
	return false;
}

static void kept_put(void *context, const char *url, const struct github_cached *entry)
{
	size_t i = 0;

	(void)context;
	while (i < 7 && kept[i].full && strcmp(kept[i].url, url))
		i++;
	kept[i].full = true;
	snprintf(kept[i].url, sizeof(kept[i].url), "%s", url);
	kept[i].entry.etag = str_copy(&kept_arena, entry->etag);
	kept[i].entry.next = str_copy(&kept_arena, entry->next);
	kept[i].entry.body = str_copy(&kept_arena, entry->body);
}

static void keeps_answers(void **state)
{
	GITHUB *github = little_github(GITHUB_PERSONAL, STR("s3cret"));
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct github_call call = call_of(github, &a);
	struct seen seen = {0};
	struct pages pages = { .path = "/x", .pages_most = 5, .item = see, .context = &seen };
	const char *first = arena_printf(&a, "200\nETag: W/\"a\"\nLink: <http://127.0.0.1:%u/y>; "
					 "rel=\"next\"\n\n[1]", little.port);
	const struct line lines[] = { { "GET /x", first }, { "GET /y", "200\nETag: \"b\"\n\n[2]" },
		{ "GET /x", "304\n\n" }, { "GET /y", "304\n\n" }, { "GET /x", "304\n\n" },
		{ "GET /y", "200\nETag: \"c\"\n\n[9]" }, {0} };

	(void)state;
	memset(kept, 0, sizeof(kept));
	github->cache = (struct github_cache){ kept_get, kept_put, NULL };
	little_say(lines);
	assert_true(github_each_page(&call, &pages, &e));
	assert_true(github_each_page(&call, &pages, &e));
	assert_int_equal(seen.sum, 6);
	assert_null(little_header(0, "If-None-Match"));
	assert_string_equal(little_header(2, "If-None-Match"), "W/\"a\"");
	assert_string_equal(little_header(3, "If-None-Match"), "\"b\"");
	assert_true(github_each_page(&call, &pages, &e));
	assert_int_equal(seen.sum, 16);
	little_heard_all();
	arena_release(&kept_arena);
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

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(keeps_answers), cmocka_unit_test(polls),
		cmocka_unit_test(polls_untold), cmocka_unit_test(runs_back),
		cmocka_unit_test(paths),
	};

	return cmocka_run_group_tests(list, little_begin, little_end);
}

/* Answers that are kept. */
#include "tests/github_unit.h"

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

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(keeps_answers),
	};

	return cmocka_run_group_tests(list, little_begin, little_end);
}

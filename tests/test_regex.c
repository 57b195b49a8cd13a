/* bot/base/regex: groups, bounds, and patterns made to run for ever. */
#include "bot/base/regex.h"

#include <stdio.h>
#include "tests/unit.h"

#include <pthread.h>

static void groups_and_names(void **state)
{
	struct err e = ERR_INIT;
	struct str groups[REGEX_GROUPS_MAX];
	REGEX regex = regex_open("(?<file>[^: ]+):(\\d+)(?::(\\d+))?", &e);

	(void)state;
	assert_non_null(regex);
	assert_int_equal(regex_group_count(regex), 3);
	assert_int_equal(regex_group(regex, "file"), 1);
	assert_int_equal(regex_group(regex, "line"), -1);
	assert_true(regex_match(regex, STR("in main.c:12 now"), groups));
	assert_str(groups[0], "main.c:12");
	assert_str(groups[1], "main.c");
	assert_str(groups[2], "12");
	assert_int_equal(groups[3].size, 0);
	assert_int_equal(groups[31].size, 0);
	assert_true(regex_match(regex, STR("a:1"), NULL));
}

static void outputs_stay_without_match(void **state)
{
	struct err e = ERR_INIT;
	struct str groups[REGEX_GROUPS_MAX] = { STR("kept") };
	REGEX regex = regex_open("x+", &e);

	(void)state;
	assert_false(regex_match(regex, STR("aaa"), groups));
	assert_str(groups[0], "kept");
	assert_false(regex_match(regex, STR_NONE, groups));
	assert_int_equal(regex_search(regex, STR("xx"), 3, groups), REGEX_NONE);
	assert_int_equal(e.kind, ERR_NONE);
}

static void searches_on(void **state)
{
	struct err e = ERR_INIT;
	struct str groups[REGEX_GROUPS_MAX], text = STR("ab ab");
	REGEX word = regex_open("(?<![a-z])ab", &e);
	REGEX first = regex_open("^ab", &e);

	(void)state;
	assert_int_equal(regex_search(word, text, 1, groups), REGEX_FOUND);
	assert_ptr_equal(groups[0].at, text.at + 3);
	assert_int_equal(regex_search(first, text, 3, groups), REGEX_NONE);
}

static void any_byte(void **state)
{
	struct err e = ERR_INIT;
	struct str groups[REGEX_GROUPS_MAX];
	struct str text = { "a\0\xff\xc3z", 5 };
	REGEX regex = regex_open("a(...)z", &e);
	REGEX empty = regex_open("", &e);

	(void)state;
	assert_true(regex_match(regex, text, groups));
	assert_int_equal(groups[1].size, 3);
	assert_memory_equal(groups[1].at, "\0\xff\xc3", 3);
	assert_true(regex_match(empty, STR_NONE, groups));
	assert_int_equal(groups[0].size, 0);
}

static void refuses(void **state)
{
	static const char *const bad[] = { "(", "a{2,1}", "\\C", "(?<n>a)(?<n>b)", "(*UTF)a",
		"(*UCP)a",
					   "[z-a]", "\\", "(?C1", "*a" };
	struct err e = ERR_INIT;
	char many[REGEX_GROUPS_MAX * 3 + 1] = "", *huge;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		e = (struct err)ERR_INIT;
		assert_null(regex_open(bad[i], &e));
		assert_int_equal(e.kind, ERR_INPUT);
	}
	assert_null(regex_open("ab(cd", &e));
	assert_string_equal(e.text,
			    "pattern \"ab(cd\", character 6: missing closing parenthesis");
	for (int i = 0; i < REGEX_GROUPS_MAX; i++)
		memcpy(many + 3 * i, "(a)", 3);
	assert_null(regex_open(many, &e));
	assert_non_null(strstr(e.text, "32 groups, at most 31"));
	ARENA a = {0};
	huge = arena_alloc(&a, 16 * 1024 + 2);
	memset(huge, 'a', 16 * 1024 + 1);
	assert_null(regex_open(huge, &e));
	assert_int_equal(e.kind, ERR_INPUT);
}

static long elapsed_ms(const struct timespec *since)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - since->tv_sec) * 1000 + (now.tv_nsec - since->tv_nsec) / 1000000;
}

/* Without limits each takes more than a minute for its text (or all the memory). */
static void catastrophes_end(void **state)
{
	static const char *const patterns[] = {
		"^(a+)+$", "^(a|a)*$", "^(a|aa)+$", "(a*)*b", "^(([a-z])+.)+[A-Z]([a-z])+$",
		"(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)[^a]b", "^(?:.*?a){24}!$",
		"(?:(?:a?){30}){30}b",
		"(x+x+)+y", "^((a)|(aa))+$",
	};
	struct str groups[REGEX_GROUPS_MAX];
	char as[64 * 1024];
	unsigned limits = 0;

	(void)state;
	memset(as, 'a', sizeof(as));
	as[sizeof(as) - 1] = '!';
	as[sizeof(as) - 2] = 'a';
	for (size_t i = 0; i < sizeof(patterns) / sizeof(*patterns); i++) {
		struct err e = ERR_INIT;
		struct timespec start;
		REGEX regex = regex_open(patterns[i], &e);
		enum regex_end end;

		assert_non_null(regex);
		clock_gettime(CLOCK_MONOTONIC, &start);
		for (size_t size = 30; size <= sizeof(as); size *= 2) {
			struct str text = { as + sizeof(as) - size, size };

			end = regex_search(regex, text, 0, groups);
			limits += end == REGEX_LIMIT;
			/* The 7th ends in ! as the text does: a match is right there. */
			assert_true(end != REGEX_FOUND || i == 6);
		}
		assert_true(elapsed_ms(&start) < 5000);
	}
	assert_true(limits > 10);
}

/* A long line that needs depth, not time, is matched although the JIT's stack is too small. */
static void deep_but_fair(void **state)
{
	struct err e = ERR_INIT;
	struct str groups[REGEX_GROUPS_MAX];
	char text[4000];
	REGEX regex = regex_open("^(?:a|b)*c$", &e);

	(void)state;
	memset(text, 'a', sizeof(text));
	text[sizeof(text) - 1] = 'c';
	assert_true(regex_match(regex, (struct str){ text, sizeof(text) }, groups));
	assert_int_equal(groups[0].size, sizeof(text));
}

static void *match_often(void *context)
{
	struct str groups[REGEX_GROUPS_MAX];
	const struct regex *regex = context;
	size_t found = 0;

	for (int i = 0; i < 2000; i++)
		if (regex_match(regex, STR("error at line 77"), groups) && str_is(groups[1], "77"))
			found++;
	return (void *)found;
}

static void shared_by_threads(void **state)
{
	struct err e = ERR_INIT;
	REGEX regex = regex_open("line (\\d+)", &e);
	pthread_t threads[4];
	void *found;

	(void)state;
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, match_often, regex), 0);
	for (int i = 0; i < 4; i++) {
		pthread_join(threads[i], &found);
		assert_int_equal((size_t)found, 2000);
	}
}

/* Known by what it says: the same place may hold another pattern later. */
static void kept(void **state)
{
	char pattern[16] = "a+";
	const struct regex *one = regex_kept(pattern);

	(void)state;
	assert_non_null(one);
	assert_ptr_equal(regex_kept("a+"), one);
	pattern[0] = 'b';
	assert_true(regex_match(regex_kept(pattern), STR("b"), NULL));
	assert_false(regex_match(regex_kept("a+"), STR("b"), NULL));
	assert_null(regex_kept("("));
	assert_null(regex_kept("("));
	for (unsigned i = 0; i < 3000; i++) {
		snprintf(pattern, sizeof(pattern), "x%u", i);
		assert_true(!regex_kept(pattern) || regex_match(regex_kept(pattern), str_of(pattern), NULL));
	}
	assert_ptr_equal(regex_kept("a+"), one);
	assert_null(regex_kept("one too many"));
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(groups_and_names), cmocka_unit_test(outputs_stay_without_match),
		cmocka_unit_test(searches_on), cmocka_unit_test(any_byte),
		cmocka_unit_test(refuses),
		cmocka_unit_test(catastrophes_end), cmocka_unit_test(deep_but_fair),
		cmocka_unit_test(shared_by_threads), cmocka_unit_test(kept),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

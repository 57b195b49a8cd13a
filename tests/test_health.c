/* bot/watch/health: the state machine on scripts of results, and asking a real server. */
#include "bot/watch/health.h"
#include "tests/watch_server.h"

static struct watch_server server;
static struct http *http;

static int start(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	watch_server_start(&server);
	http = http_open(NULL, &e);
	return http ? 0 : -1;
}

static int stop(void **state)
{
	(void)state;
	http_close(&http);
	watch_server_stop(&server);
	return 0;
}

static struct health_result result_of(char c)
{
	struct health_result result = { .answer = HEALTH_NOT_ASKED };

	if (c == '+')
		result.answer = HEALTH_GOOD;
	else if (c == '-')
		result = (struct health_result){ HEALTH_BAD, 500, 1, "it answers with status 500" };
	else if (c == '?')
		result = (struct health_result){ HEALTH_SILENT, 0, 1, "no connection" };
	return result;
}

/*
 * One script a target, a character a round: + good, - bad, ? silent, a blank is not asked. What
 * happens: . nothing, d down, u up, f flaps, s settled.
 */
static void play(size_t count, const char *const *scripts, const char *const *expected)
{
	ARENA a = {0};
	struct health health;

	health_open(&health, &a, count);
	for (size_t round = 0; scripts[0][round]; round++) {
		struct health_result results[4];
		enum health_event events[4];

		for (size_t i = 0; i < count; i++)
			results[i] = result_of(scripts[i][round]);
		health_round(&health, results, events);
		for (size_t i = 0; i < count; i++)
			if (".dufs"[events[i]] != expected[i][round])
				fail_msg("%s, round %zu: %c", scripts[i], round, ".dufs"[events[i]]);
	}
}

static void one_target(void **state)
{
	static const char *const cases[][2] = {
		{ "++++-+++--++", ".........d.u" },	/* one failure is none */
		{ "--------++++", ".d.......u.." },
		{ "+??+??++", "..d....u" },	/* alone it cannot be told from our network */
		{ "+ - - ++", "....d..u" },	/* what was not asked says nothing */
		{ "++++++++", "........" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		play(1, &cases[i][0], &cases[i][1]);
}

static void flapping(void **state)
{
	/* Events stop at the eighth change and come again when four of the last twenty are left. */
	static const char *const script[] = { "++--++--++--++--++--+++++++++++++++" };
	static const char *const expected[] = { "...d.u.d.u.d.u.df..............s..." };
	ARENA a = {0};
	struct health health;
	unsigned downs = 0, flaps = 0, settled = 0;

	(void)state;
	health_open(&health, &a, 1);
	for (const char *c = script[0]; *c; c++) {
		struct health_result result = result_of(*c);
		enum health_event event;

		health_round(&health, &result, &event);
		downs += event == HEALTH_WENT_DOWN;
		flaps += event == HEALTH_FLAPS;
		settled += event == HEALTH_SETTLED;
	}
	assert_int_equal(flaps, 1);
	assert_int_equal(settled, 1);
	assert_true(downs <= 4);
	assert_int_equal(health.targets[0].state, HEALTH_UP);
	assert_false(health.targets[0].flaps);
	play(1, script, expected);
}

static void own_network(void **state)
{
	static const char *const all_silent[] = { "++????++", "++????++", "++????++" };
	static const char *const calm[] = { "........", "........", "........" };
	static const char *const one_answers[] = { "++????++", "++????++", "++++++++" };
	static const char *const two_down[] = { "...d...u", "...d...u", "........" };
	static const char *const wrong[] = { "++----", "++????" };	/* one answers, if wrongly */
	static const char *const both_down[] = { "...d..", "...d.." };
	ARENA a = {0};
	struct health health;
	struct health_result silent[2] = { result_of('?'), result_of('?') };
	enum health_event events[2];

	(void)state;
	play(3, all_silent, calm);
	play(3, one_answers, two_down);
	play(2, wrong, both_down);
	health_open(&health, &a, 2);
	health_round(&health, silent, events);
	health_round(&health, silent, events);
	assert_true(health.blind && health.blind_rounds == 2);
	assert_int_equal(health.targets[0].state, HEALTH_UNKNOWN);
	silent[1] = result_of('+');
	health_round(&health, silent, events);
	assert_true(!health.blind && health.blind_rounds == 0);
}

static void weighs(void **state)
{
	struct health_check check = { .contains = "\"ok\"" };
	struct health_result result;

	(void)state;
	health_weigh(&check, 204, STR("x \"ok\" y"), &result);
	assert_int_equal(result.answer, HEALTH_GOOD);
	health_weigh(&check, 200, STR("fine"), &result);
	assert_int_equal(result.answer, HEALTH_BAD);
	assert_string_equal(result.why, "its answer does not contain \"\"ok\"\"");
	health_weigh(&check, 302, STR("\"ok\""), &result);
	assert_string_equal(result.why, "it answers with status 302");
	check.status = 302;
	health_weigh(&check, 302, STR("\"ok\""), &result);
	assert_int_equal(result.answer, HEALTH_GOOD);
	health_weigh(&check, 200, STR("\"ok\""), &result);
	assert_string_equal(result.why, "it answers with status 200, not 302");
}

static void asks(void **state)
{
	static const struct {
		const char *path;
		unsigned status;
		const char *contains;
		enum health_answer answer;
	} cases[] = {
		{ "/well", 0, NULL, HEALTH_GOOD }, { "/well", 200, "\"ok\"", HEALTH_GOOD },
		{ "/well", 0, "bad", HEALTH_BAD }, { "/teapot", 418, NULL, HEALTH_GOOD },
		{ "/teapot", 0, NULL, HEALTH_BAD }, { "/none", 0, NULL, HEALTH_GOOD },
		{ "/broken", 0, NULL, HEALTH_BAD }, { "/slow", 0, NULL, HEALTH_SILENT },
		{ "/long", 0, "start", HEALTH_GOOD },
	};
	ARENA a = {0};
	struct health_result result;
	struct health_check check = { .url = "http://127.0.0.1:1/", .allow = HTTP_PLAIN | HTTP_PRIVATE };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct health_check one = {
			arena_printf(&a, "http://127.0.0.1:%u%s", server.port, cases[i].path),
			cases[i].status, cases[i].contains, 700, HTTP_PLAIN | HTTP_PRIVATE
		};

		health_ask(http, &one, &result);
		if (result.answer != cases[i].answer)
			fail_msg("%s: %d %s", cases[i].path, result.answer, result.why);
	}
	health_ask(http, &check, &result);
	assert_int_equal(result.answer, HEALTH_SILENT);
	check.allow = HTTP_PLAIN;
	health_ask(http, &check, &result);
	assert_int_equal(result.answer, HEALTH_NOT_ASKED);
	assert_non_null(strstr(result.why, "not public"));
}

static void rounds(void **state)
{
	(void)state;
	assert_int_equal(health_next_ms(1000, 1000, 30000), 31000);
	assert_int_equal(health_next_ms(1000, 31500, 30000), 61000);
	assert_int_equal(health_next_ms(1000, 200000, 30000), 211000);
	assert_int_equal(health_next_ms(1000, 500, 30000), 1000);
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(one_target), cmocka_unit_test(flapping), cmocka_unit_test(own_network),
		cmocka_unit_test(weighs), cmocka_unit_test(asks), cmocka_unit_test(rounds),
	};

	return cmocka_run_group_tests(list, start, stop);
}

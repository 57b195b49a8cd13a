/* bot/pace: the usual pace, the slow one while webhooks arrive, and back. */
#include "bot/pace.h"
#include "tests/unit.h"

enum { EVERY = 30000, HOUR = 3600000, START = 1000000000 };

static void intervals(void **state)
{
	(void)state;
	assert_int_equal(pace_interval_ms(EVERY, 0, START), EVERY);
	assert_int_equal(pace_interval_ms(EVERY, START, START), 10 * EVERY);
	assert_int_equal(pace_interval_ms(EVERY, START, START + HOUR - 1), 10 * EVERY);
	assert_int_equal(pace_interval_ms(EVERY, START, START + HOUR), EVERY);
	assert_int_equal(pace_interval_ms(120000, START, START), 600000);	/* 10 minutes at most */
	assert_int_equal(pace_interval_ms(3600000, START, START), 3600000);	/* never faster */
	assert_int_equal(pace_interval_ms(EVERY, START + 1, START), EVERY);	/* the clock was set back */
}

/* How often is it looked at, at ticks every 30 s, from one time up to another? */
static unsigned looks(struct pace *pace, int64_t from, int64_t until, bool checks)
{
	unsigned count = 0;

	for (int64_t now = from; now < until; now += EVERY + 7)
		count += checks ? pace_take_checks(pace, 5, now) : pace_take_runs(pace, 5, now);
	return count;
}

static void slows_down_and_comes_back(void **state)
{
	ARENA a = {0};
	struct pace pace = { .arena = &a, .every_ms = EVERY };

	(void)state;
	assert_int_equal(looks(&pace, START, START + 20 * EVERY, false), 20);
	assert_in_range(looks(&pace, START, START + 40 * EVERY, true), 10, 11);
	pace_heard(&pace, 5, START + HOUR);
	/* Once at the usual time, because lists lag behind; then seldom. */
	assert_false(pace_take_runs(&pace, 5, START + HOUR + 1000));
	assert_true(pace_take_runs(&pace, 5, START + HOUR + EVERY));
	assert_in_range(looks(&pace, START + HOUR + 2 * EVERY, START + HOUR + 42 * EVERY, false), 3, 4);
	/* A look that failed comes again at the next tick. */
	pace_missed(&pace, 5);
	assert_true(pace_take_runs(&pace, 5, START + HOUR + 42 * EVERY));
	assert_false(pace_take_runs(&pace, 5, START + HOUR + 43 * EVERY));
	/* Nothing for an hour: the usual pace. */
	assert_in_range(looks(&pace, START + 2 * HOUR + 10 * EVERY, START + 2 * HOUR + 30 * EVERY, false),
			19, 20);
	/* Others have their own. */
	assert_true(pace_take_runs(&pace, 6, START + HOUR));
	assert_int_equal(pace.count, 2);
}

static void clock_set_back(void **state)
{
	ARENA a = {0};
	struct pace pace = { .arena = &a, .every_ms = EVERY };

	(void)state;
	assert_true(pace_take_runs(&pace, 5, START));
	assert_true(pace_take_runs(&pace, 5, START - HOUR));
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(intervals), cmocka_unit_test(slows_down_and_comes_back),
		cmocka_unit_test(clock_set_back),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

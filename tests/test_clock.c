/* bot/base/clock: the two clocks, replacing them, and RFC 3339 both ways. */
#include "bot/base/clock.h"
#include "tests/unit.h"

static int64_t fixed_wall(void *context)
{
	return *(int64_t *)context;
}

static int64_t fixed_monotonic(void *context)
{
	return *(int64_t *)context + 1;
}

static void replaced(void **state)
{
	int64_t now = 1000;
	struct clock clock = { fixed_wall, fixed_monotonic, &now };

	(void)state;
	clock_replace(&clock);
	assert_int_equal(clock_wall_ms(), 1000);
	assert_int_equal(clock_monotonic_ms(), 1001);
	now = 5000;
	assert_int_equal(clock_wall_ms(), 5000);
	clock_replace(NULL);
	assert_true(clock_wall_ms() > INT64_C(1600000000000));
	now = clock_monotonic_ms();
	assert_true(clock_monotonic_ms() >= now);
}

static void formats(void **state)
{
	char text[CLOCK_TEXT_SIZE];

	(void)state;
	assert_string_equal(clock_format(0, text), "1970-01-01T00:00:00.000Z");
	assert_string_equal(clock_format(-1, text), "1969-12-31T23:59:59.999Z");
	assert_string_equal(clock_format(INT64_C(1709210096042), text), "2024-02-29T12:34:56.042Z");
	assert_string_equal(clock_format(INT64_MAX, text), "9999-12-31T23:59:59.999Z");
	assert_string_equal(clock_format(INT64_MIN, text), "0001-01-01T00:00:00.000Z");
}

static void parses(void **state)
{
	static const struct { const char *text; int64_t wall_ms; } good[] = {
		{ "1970-01-01T00:00:00Z", 0 },
		{ "2024-02-29T12:34:56.042Z", INT64_C(1709210096042) },
		{ "2024-02-29T12:34:56.0421234Z", INT64_C(1709210096042) },
		{ "2024-02-29T12:34:56.5Z", INT64_C(1709210096500) },
		{ "2024-02-29T14:34:56+02:00", INT64_C(1709210096000) },
		{ "2024-02-29T07:04:56-05:30", INT64_C(1709210096000) },
		{ "0001-01-01T00:00:00-00:00", INT64_C(-62135596800000) },
		{ "1969-12-31T23:59:59.999Z", -1 },
	};
	struct err e = ERR_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		int64_t wall_ms = 7;

		assert_true(clock_parse(str_of(good[i].text), &wall_ms, &e));
		assert_int_equal(wall_ms, good[i].wall_ms);
	}
}

static void refuses(void **state)
{
	static const char *const bad[] = {
		"", "2024", "2024-02-30T00:00:00Z", "2023-02-29T00:00:00Z", "2024-13-01T00:00:00Z",
		"2024-00-01T00:00:00Z", "2024-01-00T00:00:00Z", "2024-01-01T24:00:00Z",
		"2024-01-01T00:60:00Z", "2024-01-01T00:00:60Z", "2024-01-01 00:00:00Z",
		"2024-01-01t00:00:00z", "2024-01-01T00:00:00", "2024-01-01T00:00:00.Z",
		"2024-01-01T00:00:00.1234567890Z", "2024-01-01T00:00:00+24:00",
		"2024-01-01T00:00:00+0100", "2024-01-01T00:00:00Z ", " 2024-01-01T00:00:00Z",
		"+024-01-01T00:00:00Z", "0000-01-01T00:00:00Z", "2024-1-1T00:00:00Z",
		"2024-01-01T00:00:00+01:60", "20240101T000000Z",
	};
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct err e = ERR_INIT;
		int64_t wall_ms = 7;

		assert_false(clock_parse(str_of(bad[i]), &wall_ms, &e));
		assert_int_equal(e.kind, ERR_INPUT);
		assert_int_equal(wall_ms, 7);
	}
}

/* What is written is read back as the same, over all years. */
static void round_trip(void **state)
{
	struct err e = ERR_INIT;
	char text[CLOCK_TEXT_SIZE];

	(void)state;
	for (int64_t at = INT64_C(-62135596800000); at < INT64_C(253402300799999);
	     at += INT64_C(86399999993) * 3) {
		int64_t back;

		assert_true(clock_parse(str_of(clock_format(at, text)), &back, &e));
		assert_int_equal(back, at);
	}
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(replaced), cmocka_unit_test(formats), cmocka_unit_test(parses),
		cmocka_unit_test(refuses), cmocka_unit_test(round_trip),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

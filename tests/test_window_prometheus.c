/* bot/window with a Prometheus: held, sick, out of reach, without data, and beside health checks. */
#include "tests/window_unit.h"

#define DEPLOY                                                                                     \
	"deploy:\n"                                                                                \
	"  metrics: { requests: requests, errors: "

static void open_with(struct window_scene *s, const char *errors, const char *more)
{
	ARENA a = {0};

	scene_open(s, arena_printf(&a, DEPLOY "%s }\n%s", errors, more));
	scene_configure(s, arena_printf(&a, "prometheus: { url: 'http://127.0.0.1:%u' }\n",
					s->server.port));
	scene_tell(s, "deployed", arena_printf(&a, "%lld", (long long)(T0 / 1000)));
}

static void held(void **state)
{
	WINDOW_SCENE s = {0};
	struct window_look look, early;

	(void)state;
	open_with(&s, "well", "");
	early = look_at(&s, 5);
	assert_look(early, WINDOW_WATCHING, "no sample from after the deployment yet");
	assert_true(early.next_at == T0 + 10000 && early.point_count == 0);
	early = look_at(&s, 100);
	/* What is younger than ten seconds is not looked at yet. */
	assert_true(early.point_count == 10 && early.points[9].at == T0 + 90000);
	look = look_on(&s, 103);
	assert_look(look, WINDOW_HELD, "it held for 310 s: Prometheus: as before: error rate");
	assert_int_equal(look.point_count, 31);
	assert_string_equal(look.points[30].verdict, "HELD");
	for (size_t i = 0; i < early.point_count; i++) {
		assert_true(look.points[i].at == early.points[i].at);
		assert_string_equal(look.points[i].why, early.points[i].why);
	}
}

static void sick(void **state)
{
	WINDOW_SCENE s = {0};
	struct window_look look, again;

	(void)state;
	open_with(&s, "sick", "");
	look = look_on(&s, 0);
	assert_look(look, WINDOW_DECAYED, "Prometheus: error rate 30 %");
	assert_true(look.confidence < 0.7 && look.next_at <= T0 + 90000);
	/* Also when nobody can be asked any more. */
	scene_tell(&s, "prometheus", "down");
	scene_restart(&s);
	again = look_at(&s, 200);
	assert_look(again, WINDOW_DECAYED, look.why);
	assert_int_equal(again.point_count, look.point_count);
	assert_string_equal(again.points[again.point_count - 1].verdict, "DECAYED");
}

static void out_of_reach(void **state)
{
	WINDOW_SCENE s = {0};
	struct window_look look;

	(void)state;
	open_with(&s, "well", "");
	scene_tell(&s, "prometheus", "down");
	look = look_at(&s, 60);
	assert_look(look, WINDOW_WATCHING, "out of reach");
	assert_true(look.point_count == 0 && look.confidence > 0.7);
	/* It knows of the time when nobody reached it. */
	scene_tell(&s, "prometheus", "up");
	assert_int_equal(look_at(&s, 100).point_count, 10);
	scene_tell(&s, "prometheus", "down");
	look = look_at(&s, 320);
	assert_look(look, WINDOW_WATCHING, "out of reach");
	assert_int_equal(look.point_count, 10);
	assert_true(look.next_at > T0 + 320000 && look.next_at <= T0 + 370000);
	look = look_on(&s, 320);
	assert_look(look, WINDOW_UNKNOWN, "out of reach");
	assert_true(look.next_at >= T0 + 370000 && look.next_at < T0 + 385000);
	/* It is decided: that it is there again changes nothing. */
	scene_tell(&s, "prometheus", "up");
	assert_look(look_at(&s, 400), WINDOW_UNKNOWN, "out of reach");
}

static void back_at_the_end(void **state)
{
	WINDOW_SCENE s = {0};

	(void)state;
	open_with(&s, "well", "");
	scene_tell(&s, "prometheus", "down");
	assert_look(look_at(&s, 320), WINDOW_WATCHING, "out of reach");
	scene_tell(&s, "prometheus", "up");
	assert_look(look_at(&s, 340), WINDOW_HELD, "as before");
}

static void without_data(void **state)
{
	WINDOW_SCENE s = {0};
	struct window_look look;

	(void)state;
	open_with(&s, "none", "");
	scene_settings(&s, "deploy: { metrics: { errors: none } }\n");
	look = look_on(&s, 0);
	assert_look(look, WINDOW_UNKNOWN, "errors: its query has no answer");
	assert_int_equal(look.next_at, T0 + 310000);
}

/* A counter that comes with the first failure tells more of what was before; that stays as said. */
static void a_counter_comes_late(void **state)
{
	WINDOW_SCENE s = {0};
	struct window_look look, early;

	(void)state;
	open_with(&s, "late", "");
	early = look_at(&s, 60);
	assert_string_equal(early.points[4].why, "Prometheus: as before");
	look = look_at(&s, 110);
	assert_non_null(strstr(look.why, "error rate"));
	assert_true(look.point_count > early.point_count);
	for (size_t i = 0; i < early.point_count; i++)
		assert_string_equal(look.points[i].why, early.points[i].why);
	assert_look(look_on(&s, 120), WINDOW_DECAYED, "error rate 30 %");
}

/* The worse of two eyes counts; a deaf one is named and does not decide. */
static void two_eyes(void **state)
{
	static const char check[] = "health: [ { url: 'http://127.0.0.1:PORT/a' } ]\n";

	(void)state;
	for (int i = 0; i < 4; i++) {
		WINDOW_SCENE s = {0};
		struct window_look look;

		open_with(&s, i == 1 ? "sick" : "well", check);
		if (i == 2)
			scene_tell(&s, "a", "500");
		if (i == 3)
			scene_tell(&s, "prometheus", "down");
		look = look_on(&s, 0);
		if (i == 0)
			assert_look(look, WINDOW_HELD, "it held");
		if (i == 1)
			assert_look(look, WINDOW_DECAYED, "Prometheus: error rate");
		if (i == 2)
			assert_look(look, WINDOW_DECAYED, "health[0]");
		if (i == 3) {
			assert_look(look, WINDOW_HELD, "health[0]");
			assert_non_null(strstr(look.why, "; Prometheus: out of reach"));
		}
		for (size_t k = 1; k < look.point_count; k++)
			assert_true(look.points[k - 1].at <= look.points[k].at);
	}
}

/* A day by five seconds, and a baseline of a day: never more points than a Prometheus gives. */
static void long_windows(void **state)
{
	WINDOW_SCENE s = {0};
	struct window_look look;

	(void)state;
	open_with(&s, "well", "");
	scene_settings(&s, "deploy: { window_s: 86400, baseline_s: 86400, step_s: 5, "
			   "metrics: { requests: requests, errors: well } }\n");
	look = look_at(&s, 86000);
	assert_look(look, WINDOW_WATCHING, "as before");
	assert_true(look.point_count > 500 && look.point_count < 1200);
	assert_look(look_at(&s, 86500), WINDOW_HELD, "as before");
	s.daemon.config = settings_of(&s.arena, "prometheus: { url: 'http://127.0.0.1:1', "
						"token_env: AEGIS_TEST_NOT_SET }\n", OPTION_DAEMON);
	assert_true(window_forget(&s.daemon, s.incident, &(struct err)ERR_INIT));
	assert_look(look_at(&s, 10), WINDOW_WATCHING, "AEGIS_TEST_NOT_SET");
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(held), cmocka_unit_test(sick), cmocka_unit_test(out_of_reach),
		cmocka_unit_test(back_at_the_end), cmocka_unit_test(without_data),
		cmocka_unit_test(a_counter_comes_late), cmocka_unit_test(two_eyes), cmocka_unit_test(long_windows),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

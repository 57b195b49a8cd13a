/* bot/window with health checks: a real server that is well, sick, silent, slow or never asked. */
#include "bot/base/crypto.h"
#include "bot/base/utf8.h"
#include "bot/store/window.h"
#include "tests/window_unit.h"

static const char one_check[] = "health: [ { url: 'http://127.0.0.1:PORT/a' } ]\n";
static const char two_checks[] = "health:\n"
				 "  - url: http://127.0.0.1:PORT/a\n"
				 "  - url: http://127.0.0.1:PORT/b\n";
/* Nobody listens at the second one. */
static const char no_server[] = "health:\n"
				"  - url: http://127.0.0.1:1/a\n";

/* Every 30 s for ten minutes before the rollout. */
static void ask_before(struct window_scene *s)
{
	for (double t = -650; t < -20; t += 30)
		baseline_at(s, t);
}

static void a_healthy_one_holds(void **state)
{
	WINDOW_SCENE s = {0};
	struct window_look look;

	(void)state;
	scene_open(&s, two_checks);
	ask_before(&s);
	assert_int_equal(scene_asks(&s, "a"), 21);
	look = look_at(&s, 0);
	assert_look(look, WINDOW_WATCHING, "0 of 300 s");
	assert_true(look.next_at == T0 + 30000 && look.confidence > 0.9);
	look = look_on(&s, 30);
	assert_look(look, WINDOW_HELD, "it held for 300 s");
	assert_true(look.confidence > 0.9 && look.point_count == 22);
	assert_true(strstr(look.why, "health[") && strstr(look.why, "before"));
	assert_int_equal(scene_asks(&s, "a"), 32);
	assert_int_equal(scene_asks(&s, "forge"), 0);
	for (size_t i = 0; i < look.point_count; i++)
		assert_true(look.points[i].at == T0 + (int64_t)(i / 2) * 30000);
	assert_string_equal(look.points[0].verdict, "WATCH");
	assert_string_equal(look.points[21].verdict, "HELD");
	/* The path of an address may be a secret. */
	assert_null(strstr(look.why, "/a"));
}

static void nobody_asked_before(void **state)
{
	WINDOW_SCENE s = {0};
	struct window_look look;

	(void)state;
	scene_open(&s, one_check);
	look = look_on(&s, 0);
	assert_look(look, WINDOW_HELD, "nobody asked before the deployment");
	assert_true(look.confidence > 0.9 && look.confidence < 0.96);
}

static void a_sick_one_decays(void **state)
{
	(void)state;
	for (int before = 0; before < 2; before++) {
		WINDOW_SCENE s = {0};
		struct window_look look;

		scene_open(&s, two_checks);
		if (before)
			ask_before(&s);
		scene_tell(&s, "b", "503");
		look = look_at(&s, 0);
		assert_look(look, WINDOW_WATCHING, "status 503, 1 of 2 confirmations");
		assert_true(look.confidence >= 0.7 && look.confidence < 0.8);
		look = look_at(&s, 30);
		assert_look(look, WINDOW_DECAYED, "status 503, 2 confirmations");
		assert_true(!!strstr(look.why, "nobody asked before") == !before);
		assert_true(look.confidence < 0.7 && look.next_at == T0 + 30000);
		assert_int_equal(look.point_count, 4);
		assert_string_equal(look.points[3].verdict, "DECAYED");
		/* It is decided: nobody is asked again, whatever happens. */
		scene_tell(&s, "b", "200");
		scene_restart(&s);
		look = look_at(&s, 95);
		assert_look(look, WINDOW_DECAYED, "status 503, 2 confirmations");
		assert_int_equal(look.point_count, 4);
		assert_int_equal(scene_asks(&s, "b"), before ? 23 : 2);
	}
}

static void one_failure_is_none(void **state)
{
	WINDOW_SCENE s = {0};
	struct window_look look;

	(void)state;
	scene_open(&s, one_check);
	scene_tell(&s, "a", "500");
	assert_look(look_at(&s, 0), WINDOW_WATCHING, "1 of 2");
	scene_tell(&s, "a", "200");
	look = look_on(&s, 30);
	assert_look(look, WINDOW_HELD, "it held");
	assert_non_null(strstr(look.points[0].why, "status 500, 1 of 2 confirmations"));
	assert_string_equal(look.points[1].verdict, "WATCH");
}

/* What is in doubt at the end is watched on, at most as long again. */
static void doubt_prolongs(void **state)
{
	(void)state;
	for (int flaps = 0; flaps < 2; flaps++) {
		WINDOW_SCENE s = {0};
		struct window_look look = { .window = WINDOW_WATCHING };
		double t;

		scene_open(&s, one_check);
		for (t = 0; look.window == WINDOW_WATCHING && t < 1000; t += 30) {
			bool bad = flaps ? (int)t % 60 == 30 : t > 299 && t < 301;

			scene_tell(&s, "a", bad ? "500" : "200");
			look = look_at(&s, t);
			if (t > 299 && t < 301)
				assert_int_equal(look.window, WINDOW_WATCHING);
		}
		assert_look(look, flaps ? WINDOW_UNKNOWN : WINDOW_HELD, flaps ? "after 600 s" : "330 s");
	}
}

/* A look a second before a turn and one at it are two asks of one moment. */
static void a_moment_confirms_nothing(void **state)
{
	WINDOW_SCENE s = {0};

	(void)state;
	scene_open(&s, one_check);
	scene_tell(&s, "a", "500");
	assert_look(look_at(&s, 29), WINDOW_WATCHING, "1 of 2");
	assert_look(look_at(&s, 30), WINDOW_WATCHING, "less than 10 s");
	assert_look(look_at(&s, 60), WINDOW_DECAYED, "2 confirmations");
}

static void sick_before(void **state)
{
	WINDOW_SCENE s = {0};
	struct window_look look;

	(void)state;
	scene_open(&s, one_check);
	scene_tell(&s, "a", "500");
	ask_before(&s);
	look = look_on(&s, 0);
	assert_look(look, WINDOW_UNKNOWN, "it was not well before the deployment");
	/* The next one mends it. */
	scene_tell(&s, "a", "200");
	for (double t = 400; t < 1000; t += 30) {
		scene_tell(&s, "a", t < 900 ? "200" : "500");
		baseline_at(&s, t);
	}
	scene_tell(&s, "a", "200");
	{
		struct window_order order = { s.incident, s.settings, T0 + 1000000, T0 + 1000000, 0 };
		struct err e = ERR_INIT;

		for (order.now = order.deployed_at; order.now <= T0 + 1300000; order.now += 30000)
			assert_done(window_look(&s.daemon, &order, &s.arena, &look, &e), e);
	}
	assert_look(look, WINDOW_HELD, "it held");
}

/* What fails since just before the rollout is no fault of it either. */
static void failing_when_it_began(void **state)
{
	WINDOW_SCENE s = {0};

	(void)state;
	scene_open(&s, one_check);
	for (double t = -650; t < -20; t += 30) {
		scene_tell(&s, "a", t < -60 ? "200" : "500");
		baseline_at(&s, t);
	}
	assert_look(look_on(&s, 0), WINDOW_UNKNOWN, "not well before");
}

static void silence(void **state)
{
	(void)state;
	for (int blind = 0; blind < 2; blind++) {
		WINDOW_SCENE s = { .blind = blind };
		struct window_look look;

		scene_open(&s, no_server);
		s.blind = blind;
		scene_configure(&s, "");
		look = look_at(&s, 0);
		if (!blind) {
			assert_look(look, WINDOW_WATCHING, "no connection, 1 of 2");
			look = look_at(&s, 30);
			assert_look(look, WINDOW_DECAYED, "no connection, 2 confirmations");
			assert_int_equal(scene_asks(&s, "forge"), 2);
			continue;
		}
		look = look_on(&s, 30);
		assert_look(look, WINDOW_UNKNOWN, "our own network is out");
		assert_true(look.confidence > 0.7);
	}
}

/* What is shown to people is one line of whole characters, wherever a text was cut. */
static void texts(void **state)
{
	WINDOW_SCENE s = {0};
	ARENA a = {0};
	struct text settings = TEXT(&a);
	struct window_look look;

	(void)state;
	text_adds(&settings, "health: [ { url: 'http://127.0.0.1:PORT/a', contains: \"a\\nb");
	for (int i = 0; i < 60; i++)
		text_adds(&settings, "\xc3\xa4");
	text_adds(&settings, "\" } ]\n");
	scene_open(&s, text_cstr(&settings));
	look = look_at(&s, 0);
	assert_look(look, WINDOW_WATCHING, "does not contain \"a b\xc3\xa4\xc3\xa4");
	assert_true(utf8_valid(str_of(look.why)) && !strchr(look.why, '\n'));
}

/* One of two is silent: the other one is witness enough. */
static void silent_alone(void **state)
{
	WINDOW_SCENE s = {0};

	(void)state;
	scene_open(&s, two_checks);
	s.blind = true;
	scene_configure(&s, "");
	scene_tell(&s, "b", "cut");
	assert_look(look_at(&s, 0), WINDOW_WATCHING, "1 of 2");
	assert_look(look_at(&s, 30), WINDOW_DECAYED, "without an answer, 2 confirmations");
	assert_int_equal(scene_asks(&s, "forge"), 0);
}

static void slow(void **state)
{
	WINDOW_SCENE s = {0};
	struct window_look look;

	(void)state;
	scene_open(&s, one_check);
	ask_before(&s);
	scene_tell(&s, "a", "slow");
	look = look_on(&s, 0);
	assert_look(look, WINDOW_DECAYED, "but slowly: in 5");
	assert_true(look.point_count >= 3);
}

static bool same_points(const struct window_look *left, const struct window_look *right, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct window_point *l = &left->points[i], *r = &right->points[i];

		if (l->at != r->at || l->confidence < r->confidence || l->confidence > r->confidence ||
		    strcmp(l->verdict, r->verdict) || strcmp(l->why, r->why))
			return false;
	}
	return true;
}

static void a_restart_changes_nothing(void **state)
{
	WINDOW_SCENE s = {0};
	struct window_look look, again;
	size_t turns = 0;

	(void)state;
	scene_open(&s, one_check);
	ask_before(&s);
	look = look_at(&s, 0);
	for (double t = 3; look.window == WINDOW_WATCHING && t < 700; t += 9) {
		scene_tell(&s, "a", t > 100 && t < 125 ? "500" : "200");
		scene_restart(&s);
		again = look_at(&s, t);
		assert_true(again.point_count == look.point_count ||
			    again.point_count == look.point_count + 1);
		assert_true(same_points(&look, &again, look.point_count));
		/* One ask a turn, however often it is looked at. */
		turns = 21 + (size_t)(t / 30) + 1;
		assert_int_equal(scene_asks(&s, "a"), turns);
		look = again;
	}
	assert_look(look, WINDOW_HELD, "it held");
}

/* Turns that nobody was there for stay unknown. */
static void asleep(void **state)
{
	WINDOW_SCENE s = {0};
	struct window_look look;

	(void)state;
	scene_open(&s, one_check);
	look_at(&s, 0);
	look = look_at(&s, 190);
	assert_look(look, WINDOW_WATCHING, "190 of 300 s");
	assert_int_equal(look.point_count, 7);
	assert_non_null(strstr(look.points[3].why, "nobody asked at this time"));
	assert_string_equal(look.points[5].verdict, "UNKNOWN");
	assert_true(look.confidence < 0.85);
	/* The whole of it slept through: late asks say nothing of it. */
	scene_restart(&s);
	assert_true(window_forget(&s.daemon, s.incident, &(struct err)ERR_INIT));
	look = look_at(&s, 700);
	assert_look(look, WINDOW_UNKNOWN, "too little is known");
	assert_int_equal(scene_asks(&s, "a"), 2);
}

static void may_not_be_asked(void **state)
{
	WINDOW_SCENE s = {0};
	struct window_look look;

	(void)state;
	scene_open(&s, one_check);
	s.daemon.config = settings_of(&s.arena, "", OPTION_DAEMON);
	look = look_on(&s, 0);
	assert_look(look, WINDOW_UNKNOWN, "only https is allowed");
	assert_int_equal(scene_asks(&s, "a"), 0);
	scene_settings(&s, "deploy: { window_s: 60 }\n");
	assert_true(window_forget(&s.daemon, s.incident, &(struct err)ERR_INIT));
	assert_look(look_at(&s, 0), WINDOW_UNKNOWN, "nothing is measured");
}

static void eyes(void **state)
{
	static const struct {
		const char *daemon, *repository;
		bool has;
	} cases[] = {
		{ "", "", false },
		{ "", "health: [ { url: 'https://a.example.com/' } ]", true },
		{ "", "health: [ { url: 'http://a.example.com/' } ]", false },
		{ "watch: { private: true }", "health: [ { url: 'http://a.example.com/' } ]", true },
		{ "prometheus: { url: 'http://p' }", "", false },
		{ "", "deploy: { metrics: { cpu: x } }", false },
		{ "prometheus: { url: 'http://p' }", "deploy: { metrics: { cpu: x } }", true },
	};
	ARENA a = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (window_has_eyes(settings_of(&a, cases[i].daemon, OPTION_DAEMON),
				    settings_of(&a, cases[i].repository, OPTION_REPOSITORY)) !=
		    cases[i].has)
			fail_msg("%s, %s", cases[i].daemon, cases[i].repository);
}

static struct target_row target_in(struct window_scene *s, const char *watch, size_t *rows)
{
	/* The first check of one_check: url, status, contains. */
	ARENA a = {0};
	struct text name = TEXT(&a);
	struct target_row row = {0};
	struct result_row *list;
	struct err e = ERR_INIT;
	uint8_t digest[CRYPTO_SHA256_BYTES];
	bool found;

	text_addf(&name, "http://127.0.0.1:%u/a\n0\n", s->server.port);
	crypto_sha256(text_str(&name), digest);
	assert_done(target_row_get(s->daemon.store, watch,
				   crypto_hex(&a, (struct str){ (const char *)digest, 16 }), &s->arena,
				   &row, &found, &e), e);
	assert_done(result_row_list(s->daemon.store, watch, found ? row.target : "", &a, &list, rows,
				    &e), e);
	return row;
}

static void a_long_window_is_bounded(void **state)
{
	WINDOW_SCENE s = {0};
	struct window_look look = {0};
	struct target_row row;
	char watch[40];
	size_t rows;

	(void)state;
	scene_open(&s, "deploy: { window_s: 86400 }\n"
		       "health: [ { url: 'http://127.0.0.1:PORT/a', every_s: 5 } ]\n");
	for (double t = 0; t < 1000; t += 5)
		look = look_at(&s, t);
	snprintf(watch, sizeof(watch), "incident:%s", s.incident);
	row = target_in(&s, watch, &rows);
	assert_int_equal(scene_asks(&s, "a"), 200);
	assert_true(row.merged > 1 && 2 * 86400 / (5 * row.merged) <= 320);
	assert_true(rows == (size_t)(200 / row.merged) + 1);
	assert_true(look.window == WINDOW_WATCHING && look.point_count == rows - 1);
	/* A turn is enough to see that it is down. */
	scene_tell(&s, "a", "500");
	assert_look(look_at(&s, 1000), WINDOW_WATCHING, "of 86400 s");
	assert_look(look_at(&s, 1005), WINDOW_WATCHING, "of 86400 s");
	assert_look(look_at(&s, 1010), WINDOW_DECAYED, "2 confirmations");
}

static void the_baseline_is_bounded(void **state)
{
	WINDOW_SCENE s = {0};
	struct target_row row;
	size_t rows;

	(void)state;
	scene_open(&s, one_check);
	assert_true(baseline_at(&s, 0) > T0 && baseline_at(&s, 0) <= T0 + 30000);
	for (double t = 0; t < 3600; t += 30)
		baseline_at(&s, t);
	row = target_in(&s, "repository:7", &rows);
	assert_true(row.merged == 1 && rows > 58 && rows <= 61);
	assert_int_equal(scene_asks(&s, "a"), 120);
	/* A clock that was wrong once does not end it. */
	baseline_at(&s, 9e8);
	assert_true(baseline_at(&s, 3600) <= T0 + 3630000);
	assert_int_equal(scene_asks(&s, "a"), 122);
	scene_settings(&s, "");
	assert_true(baseline_at(&s, 0) == T0 + 86400000);
}

static void forgotten(void **state)
{
	WINDOW_SCENE s = {0};
	struct window_look look;
	struct window_order order;
	struct err e = ERR_INIT;
	char watch[40];
	size_t rows;

	(void)state;
	scene_open(&s, one_check);
	scene_tell(&s, "a", "500");
	look_at(&s, 0);
	assert_look(look_at(&s, 30), WINDOW_DECAYED, "2 confirmations");
	/* Another deployment is another window. */
	scene_tell(&s, "a", "200");
	order = (struct window_order){ s.incident, s.settings, T0 + 60000, T0 + 60000, T0 + 60000 };
	assert_done(window_look(&s.daemon, &order, &s.arena, &look, &e), e);
	assert_look(look, WINDOW_WATCHING, "0 of 300 s");
	assert_true(look.point_count == 1 && look.points[0].at == T0 + 60000);
	order.now--;
	assert_done(window_look(&s.daemon, &order, &s.arena, &look, &e), e);
	assert_true(look.window == WINDOW_WATCHING && look.next_at == T0 + 60000);
	assert_done(window_forget(&s.daemon, s.incident, &e), e);
	assert_done(window_forget(&s.daemon, s.incident, &e), e);
	snprintf(watch, sizeof(watch), "incident:%s", s.incident);
	target_in(&s, watch, &rows);
	assert_int_equal(rows, 0);
	assert_done(store_check(s.daemon.store, &e), e);
	order.incident = "0123456789ab";
	assert_false(window_look(&s.daemon, &order, &s.arena, &look, &e));
	assert_int_equal(e.kind, ERR_GONE);
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(a_healthy_one_holds), cmocka_unit_test(nobody_asked_before),
		cmocka_unit_test(a_sick_one_decays), cmocka_unit_test(one_failure_is_none),
		cmocka_unit_test(doubt_prolongs),
		cmocka_unit_test(a_moment_confirms_nothing), cmocka_unit_test(sick_before),
		cmocka_unit_test(failing_when_it_began), cmocka_unit_test(silence), cmocka_unit_test(texts),
		cmocka_unit_test(silent_alone), cmocka_unit_test(slow),
		cmocka_unit_test(a_restart_changes_nothing), cmocka_unit_test(asleep),
		cmocka_unit_test(may_not_be_asked), cmocka_unit_test(eyes),
		cmocka_unit_test(a_long_window_is_bounded), cmocka_unit_test(the_baseline_is_bounded),
		cmocka_unit_test(forgotten),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

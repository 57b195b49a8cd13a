/*
 * A window killed at each of its kill points and at those of the store, at every time it gets there:
 * begun again it comes to the same end, with every turn kept once. Needs a build with kill points.
 */
#include "bot/base/kill_point.h"
#include "bot/store/query.h"
#include "tests/window_unit.h"

#include <signal.h>

enum { TIMES_MOST = 200, BEFORE = 8, AFTER = 4 };

/* Four minutes before, then a deployment that is sick after a minute. */
static void live(void *context)
{
	struct window_scene s = *(struct window_scene *)context;
	struct window_look look = { .window = WINDOW_WATCHING };

	s.arena = (struct arena){0};
	s.daemon.arena = &s.arena;
	s.daemon.store = store_made(s.place.url);
	scene_tell(&s, "a", "200");
	for (double t = -260; t < -20; t += 30)
		baseline_at(&s, t);
	for (double t = 0; look.window == WINDOW_WATCHING; t += 10) {
		scene_tell(&s, "a", t < 60 ? "200" : "500");
		look = look_at(&s, t);
	}
	assert_look(look, WINDOW_DECAYED, "status 500, 2 confirmations");
	store_close(&s.daemon.store);
	arena_release(&s.arena);
}

static void forget(void *context)
{
	struct window_scene s = *(struct window_scene *)context;
	struct err e = ERR_INIT;

	s.daemon.store = store_made(s.place.url);
	assert_done(window_forget(&s.daemon, s.incident, &e), e);
	store_close(&s.daemon.store);
}

/* How many results are kept of the watches that begin so; each of one turn that was asked once. */
static size_t results(struct store *store, const char *watches)
{
	static const char sql[] = "SELECT known, good FROM health_result WHERE watch GLOB ?1 || '*'";
	struct err e = ERR_INIT;
	size_t n = 0;
	QUERY q = query_of(store, sql);

	query_puts(&q, 1, watches);
	while (query_next(&q)) {
		assert_true(query_number(&q, 0) == 1 && query_number(&q, 1) <= 1);
		n++;
	}
	assert_done(query_done(&q, &e), e);
	return n;
}

static void check_whole(struct window_scene *s)
{
	struct err e = ERR_INIT;
	STORE store = store_made(s->place.url);

	assert_done(store_check(store, &e), e);
	assert_true(results(store, "repository:") <= BEFORE);
	assert_true(results(store, "incident:") <= BEFORE + AFTER);
}

static void check_end(struct window_scene *s)
{
	struct window_look look;

	check_whole(s);
	s->daemon.store = store_made(s->place.url);
	look = look_at(s, 500);
	assert_look(look, WINDOW_DECAYED, "status 500, 2 confirmations");
	assert_true(look.point_count == AFTER && look.points[AFTER - 1].at == T0 + 90000);
	assert_string_equal(look.points[AFTER - 2].verdict, "WATCH");
	assert_string_equal(look.points[AFTER - 1].verdict, "DECAYED");
	assert_int_equal(results(s->daemon.store, "repository:"), BEFORE);
	assert_int_equal(results(s->daemon.store, "incident:"), BEFORE + AFTER);
	store_close(&s->daemon.store);
	s->daemon.store = NULL;
}

static void prepare(struct window_scene *s)
{
	scene_open(s, "health: [ { url: 'http://127.0.0.1:PORT/a' } ]\n");
	store_close(&s->daemon.store);
	s->daemon.store = NULL;
}

/* False when it never got there. */
static bool kill_once(struct window_scene *s, void (*what)(void *), const char *point, unsigned nth)
{
	char where[80];
	int status;

	snprintf(where, sizeof(where), "%s:%u", point, nth);
	setenv("AEGIS_KILL_AT", where, 1);
	status = run_child(what, s);
	unsetenv("AEGIS_KILL_AT");
	if (!WIFSIGNALED(status)) {
		assert_int_equal(status, 0);
		return false;
	}
	assert_int_equal(WTERMSIG(status), SIGKILL);
	return true;
}

/* At every time it gets there, or at every so many of them. */
static void looks(const char *point, unsigned step)
{
	unsigned nth = 1;

	for (;; nth += step) {
		WINDOW_SCENE s = {0};
		bool killed;

		assert_true(nth < TIMES_MOST);
		prepare(&s);
		killed = kill_once(&s, live, point, nth);
		if (killed) {
			check_whole(&s);
			live(&s);
		}
		check_end(&s);
		/* At most the look that was killed asked for nothing. */
		assert_true(scene_asks(&s, "a") <= BEFORE + AFTER + (killed ? 1 : 0));
		if (!killed)
			break;
	}
	if (nth == 1)
		fail_msg("%s is never reached", point);
}

static void forgets(const char *point)
{
	WINDOW_SCENE s = {0};
	bool before = str_ends(str_of(point), ".before");

	prepare(&s);
	live(&s);
	assert_true(kill_once(&s, forget, point, 1));
	if (before)
		check_end(&s);
	forget(&s);
	s.daemon.store = store_made(s.place.url);
	assert_int_equal(results(s.daemon.store, "incident:"), 0);
	assert_int_equal(results(s.daemon.store, "repository:"), BEFORE);
}

static void at_every_point(void **state)
{
	size_t reached = 0;

	(void)state;
	if (!kill_points_present())
		skip();
	for (size_t i = 0; i < kill_point_count; i++) {
		struct str point = str_of(kill_points[i]);

		if (str_starts(point, "window.forget."))
			forgets(kill_points[i]);
		else if (str_starts(point, "window."))
			looks(kill_points[i], str_starts(point, "window.baseline.") ? 3 : 1);
		else if (str_is(point, "store.write.after"))
			looks(kill_points[i], 9);
		else
			continue;
		reached++;
	}
	assert_true(reached >= 7);
}

/* The same life undisturbed: also in a build without kill points. */
static void undisturbed(void **state)
{
	WINDOW_SCENE s = {0};

	(void)state;
	prepare(&s);
	live(&s);
	check_end(&s);
	assert_int_equal(scene_asks(&s, "a"), BEFORE + AFTER);
	/* All of it again is nothing new. */
	live(&s);
	check_end(&s);
	assert_int_equal(scene_asks(&s, "a"), BEFORE + AFTER);
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(undisturbed), cmocka_unit_test(at_every_point),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

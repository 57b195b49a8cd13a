/*
 * The store killed at each of its kill points, at every time it gets there: opened again it is
 * undamaged and as before the transaction or as after it. Needs a build with kill points.
 */
#include "bot/base/kill_point.h"
#include "bot/store/seen.h"
#include "tests/store_unit.h"

#include <signal.h>

enum { STEPS = 3, TIMES_MOST = 400 };

struct life {
	const char *url;
	const char *acknowledged;	/* a file that grows by a byte after each commit */
};

/* One step of a daemon: a sighting, an effect, a move, a mark: all of it in one transaction. */
static bool step(struct store *store, int number, struct err *e)
{
	STORE_TRANSACTION t = {0};
	ARENA a = {0};
	struct incident_key key = key_of("main");
	struct sighting sighting = sighting_of(number + 1);
	struct incident incident;
	struct incident_reason reason = { "aegis", "next", NULL };
	bool made, fresh;

	return store_begin(store, &t, e) &&
	       incident_open(store, &key, &sighting, "aegis", &a, &incident, &made, e) &&
	       outbox_intend(store, incident.id, "comment", arena_printf(&a, "comment-%d", number),
			     STR("{}"), &fresh, e) &&
	       incident_move(store, &incident, (enum stage)(number + 1), &reason, e) &&
	       mark_put(store, "step", str_of(arena_printf(&a, "%d", number + 1)), e) &&
	       store_commit(&t, e);
}

/* How many steps are in it. */
static int steps_done(struct store *store)
{
	ARENA a = {0};
	struct str value = STR("0");
	struct err e = ERR_INIT;
	unsigned long number = 0;
	bool found;

	assert_done(mark_get(store, "step", &a, &value, &found, &e), e);
	assert_true(str_number(value, &number));
	return (int)number;
}

/* From where it stands to the end. */
static bool live(const struct life *life, struct err *e)
{
	STORE store = NULL;

	if (!store_open(life->url, STORE_WRITE, &store, e) || !store_claim(store, e))
		return false;
	for (int i = steps_done(store); i < STEPS; i++) {
		FILE *file;

		if (!step(store, i, e))
			return false;
		file = fopen(life->acknowledged, "a");
		if (!file || fputc('x', file) == EOF || fclose(file))
			return fail(e, ERR_BUG, "%s", life->acknowledged);
	}
	return true;
}

static void live_in_child(void *context)
{
	struct err e = ERR_INIT;

	if (live(context, &e))
		return;
	fprintf(stderr, "%s\n", e.text);
	_exit(1);
}

static size_t acknowledged(const char *path)
{
	ARENA a = {0};
	struct str text = STR_NONE;
	struct err e = ERR_INIT;

	assert_done(file_read(path, 1000, FILE_FOLLOW, &a, &text, &e), e);
	return text.size;
}

/* Whole steps only, none that was acknowledged is missing, and everything agrees. */
static int check_state(const struct life *life)
{
	STORE store = store_made(life->url);
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct incident *list;
	struct effect *effects;
	struct sighting *sightings;
	struct audit_verdict verdict;
	struct incident_filter all = {0};
	size_t count, effect_count, sighting_count;
	int done = steps_done(store);

	assert_done(store_check(store, &e), e);
	assert_done(audit_check(store, NULL, &verdict, &e), e);
	assert_true(verdict.good);
	assert_true((size_t)done >= acknowledged(life->acknowledged));
	assert_done(incident_list(store, &all, &a, &list, &count, &e), e);
	assert_int_equal(count, done ? 1 : 0);
	assert_int_equal(verdict.rows, done ? done + 1 : 0);
	if (done) {
		assert_int_equal(list[0].stage, done);
		assert_done(outbox_of(store, list[0].id, &a, &effects, &effect_count, &e), e);
		assert_int_equal(effect_count, done);
		assert_done(incident_sightings(store, list[0].id, &a, &sightings, &sighting_count,
					       &e), e);
		assert_int_equal(sighting_count, done);
	}
	return done;
}

/* Kills the nth time at the point, then goes on undisturbed. False when it never got there. */
static bool kill_once(const char *point, unsigned nth)
{
	PLACE place = place_make();
	char file[320], where[200];
	struct life life = { place.url, file };
	struct err e = ERR_INIT;
	int status;

	snprintf(file, sizeof(file), "%s/acknowledged", place.folder.path);
	assert_done(file_write(file, STR(""), 0600, &e), e);
	snprintf(where, sizeof(where), "%s:%u", point, nth);
	setenv("AEGIS_KILL_AT", where, 1);
	status = run_child(live_in_child, &life);
	unsetenv("AEGIS_KILL_AT");
	if (!WIFSIGNALED(status)) {
		assert_int_equal(status, 0);
		return false;
	}
	assert_int_equal(WTERMSIG(status), SIGKILL);
	check_state(&life);
	assert_done(live(&life, &e), e);
	assert_int_equal(check_state(&life), STEPS);
	return true;
}

static void at_every_point(void **state)
{
	unsigned points = 0, kills = 0;

	(void)state;
	if (!kill_points_present())
		skip();
	for (size_t i = 0; i < kill_point_count; i++) {
		unsigned nth = 1;

		if (strncmp(kill_points[i], "store.", 6) != 0)
			continue;
		while (nth < TIMES_MOST && kill_once(kill_points[i], nth))
			nth++;
		/* A point that is never reached proves nothing. */
		if (nth == 1)
			fail_msg("%s is never reached", kill_points[i]);
		points++;
		kills += nth - 1;
	}
	print_message("%u points, %u kills\n", points, kills);
	assert_true(points >= 8 && kills >= 60);
}

/* The list is sorted and holds what the sources hold. */
static void names(void **state)
{
	bool commit = false;

	(void)state;
	for (size_t i = 0; i < kill_point_count; i++) {
		if (i)
			assert_true(strcmp(kill_points[i - 1], kill_points[i]) < 0);
		commit = commit || !strcmp(kill_points[i], "store.commit.before");
	}
	assert_true(commit);
	assert_null(kill_points[kill_point_count]);
}

static void reach(void *context)
{
	for (int i = 0; i < 3; i++) {
		kill_point_reached("other.place");
		kill_point_reached(context);
	}
}

static void the_nth_time(void **state)
{
	static const struct {
		const char *at;
		bool dies;
	} cases[] = {
		{ "some.place", true }, { "some.place:1", true }, { "some.place:3", true },
		{ "some.place:4", false }, { "some.place:0", false }, { "some.place:x", false },
		{ "some", false }, { "", false }, { ":", false },
	};
	char place[] = "some.place";

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int status;

		setenv("AEGIS_KILL_AT", cases[i].at, 1);
		status = run_child(reach, place);
		if (WIFSIGNALED(status) != cases[i].dies)
			fail_msg("AEGIS_KILL_AT=%s: status %d", cases[i].at, status);
	}
	unsetenv("AEGIS_KILL_AT");
}

/* A file says which pass of all processes together is the last of one of them. */
static void the_nth_time_of_all(void **state)
{
	PLACE home = place_make();
	struct err e = ERR_INIT;
	ARENA a = {0};
	char place[] = "some.place";

	(void)state;
	setenv("AEGIS_KILL_FOLDER", home.folder.path, 1);
	assert_done(file_write(arena_printf(&a, "%s/some.place:5", home.folder.path), STR(""), 0600,
			       &e), e);
	assert_false(WIFSIGNALED(run_child(reach, place)));		/* passes 1 to 3 */
	assert_true(WIFSIGNALED(run_child(reach, place)));		/* 4, and dies at 5 */
	assert_int_equal(acknowledged(arena_printf(&a, "%s/some.place", home.folder.path)), 5);
	assert_false(file_exists(arena_printf(&a, "%s/some.place:5", home.folder.path)));
	assert_false(WIFSIGNALED(run_child(reach, place)));		/* once only */
	assert_int_equal(acknowledged(arena_printf(&a, "%s/some.place", home.folder.path)), 8);
	unsetenv("AEGIS_KILL_FOLDER");
}

/* At any instant, not only at the points: also in the plain build. */
static void at_random_times(void **state)
{
	enum { KILLS = 60 };
	PLACE place = place_make();
	char file[320];
	struct life life = { place.url, file };
	struct err e = ERR_INIT;
	uint32_t seed = 20261121;
	int killed = 0;

	(void)state;
	snprintf(file, sizeof(file), "%s/acknowledged", place.folder.path);
	assert_done(file_write(file, STR(""), 0600, &e), e);
	for (int i = 0; i < KILLS; i++) {
		int status;
		pid_t pid;

		/* From nothing again when all is done. */
		if (i && check_state(&life) == STEPS) {
			unlink(place.path);
			assert_done(file_write(file, STR(""), 0600, &e), e);
		}
		seed = seed * 1664525 + 1013904223;
		pid = fork();
		if (!pid) {
			live_in_child(&life);
			_exit(0);
		}
		usleep(seed >> 8 & 16383);
		kill(pid, SIGKILL);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		killed += WIFSIGNALED(status);
	}
	print_message("%d of %d killed\n", killed, KILLS);
	assert_true(killed > 0);
	check_state(&life);
	assert_done(live(&life, &e), e);
	assert_int_equal(check_state(&life), STEPS);
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(names), cmocka_unit_test(the_nth_time),
		cmocka_unit_test(the_nth_time_of_all),
		cmocka_unit_test(at_random_times), cmocka_unit_test(at_every_point),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

/*
 * Looks once at a deployment, as the daemon would at that time, and prints what it sees as JSON:
 *	out/look_window DAEMON_FILE REPOSITORY_FILE ROLLOUT_S DEPLOYED_S NOW_S
 * With DEPLOYED_S 0 it asks for the baseline instead. Exit code: 0, or the kind of the error.
 */
#include "bot/base/json.h"
#include "bot/store/incident.h"
#include "bot/window.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const window_names[WINDOW_COUNT] = {
	[WINDOW_CLOSED] = "CLOSED", [WINDOW_WATCHING] = "WATCHING", [WINDOW_HELD] = "HELD",
	[WINDOW_DECAYED] = "DECAYED", [WINDOW_UNKNOWN] = "UNKNOWN",
};

static int64_t ms_of(const char *seconds)
{
	return (int64_t)(strtod(seconds, NULL) * 1000);
}

static void print(const struct window_look *look)
{
	JSON *object = json_object();
	json_t *points = json_array();

	json_object_set_new(object, "window", json_string(window_names[look->window]));
	json_object_set_new(object, "confidence", json_real(look->confidence));
	json_object_set_new(object, "why", json_string(look->why));
	json_object_set_new(object, "next", json_real((double)look->next_at / 1000));
	for (size_t i = 0; i < look->point_count; i++) {
		json_t *point = json_object();

		json_object_set_new(point, "at", json_real((double)look->points[i].at / 1000));
		json_object_set_new(point, "confidence", json_real(look->points[i].confidence));
		json_object_set_new(point, "verdict", json_string(look->points[i].verdict));
		json_object_set_new(point, "why", json_string(look->points[i].why));
		json_array_append_new(points, point);
	}
	json_object_set_new(object, "points", points);
	json_dumpf(object, stdout, JSON_COMPACT);
	putchar('\n');
}

/* The same incident every time. */
static bool incident_of(struct store *store, struct arena *a, struct incident *incident,
			struct err *e)
{
	struct incident_key key = { "0123456789abcdef0123456789abcdef",
				    "fedcba9876543210fedcba9876543210", "owner/name", 7, "main", "base" };
	struct sighting sighting = { .run_id = 1, .job_id = 1, .job = "test", .head_sha = "head" };
	STORE_TRANSACTION t = {0};
	bool made;

	return store_begin(store, &t, e) &&
	       incident_open(store, &key, &sighting, "aegis", a, incident, &made, e) &&
	       store_commit(&t, e);
}

static bool look(char **argv, struct arena *a, struct err *e)
{
	struct daemon d = { .arena = a };
	struct window_order order = { .rollout_at = ms_of(argv[3]), .deployed_at = ms_of(argv[4]),
				      .now = ms_of(argv[5]) };
	struct window_look seen = {0};
	struct incident incident;
	int64_t next_at;
	bool done;

	if (!config_read(argv[1], OPTION_DAEMON, a, &d.config, e) ||
	    !config_read(argv[2], OPTION_REPOSITORY, a, &order.settings, e) ||
	    !store_open(config_text(d.config, "store.url"), STORE_WRITE, &d.store, e))
		return false;
	done = incident_of(d.store, a, &incident, e);
	order.incident = done ? incident.id : "";
	if (done && !order.deployed_at)
		done = window_baseline(&d, "7", order.settings, order.now, &next_at, e);
	else if (done && (done = window_look(&d, &order, a, &seen, e)))
		print(&seen);
	store_close(&d.store);
	return done;
}

int main(int argc, char **argv)
{
	ARENA a = {0};
	struct err e = ERR_INIT;

	if (argc != 6)
		return 64;
	if (look(argv, &a, &e))
		return 0;
	fprintf(stderr, "%s\n", e.text);
	return (int)e.kind;
}

/*
 * The store with 10,000 incidents, each with sightings, an effect and audit rows: how long opening
 * it and listing 50 take, and what commits, sightings and checks cost. Exit 1 when a limit is
 * missed.
 */
#include "bot/base/clock.h"
#include "bot/base/file.h"
#include "bot/store/incident.h"
#include "bot/store/outbox.h"
#include "bot/store/seen.h"

#include <sys/stat.h>
#include <time.h>

enum { INCIDENTS = 10000, A_TRANSACTION = 100, COMMITS = 500 };

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static bool add(struct store *store, unsigned number, struct err *e)
{
	ARENA a = {0};
	char *signature = arena_printf(&a, "%032x", number);
	char *branch = arena_printf(&a, "branch-%u", number % 7);
	struct incident_key key = { signature, signature, "owner/name", number % 1000, branch, "b" };
	struct sighting sighting = { number, number, "test (ubuntu, 3.12)",
				     "0123456789012345678901234567890123456789", 0, 0 };
	struct incident_reason reason = { "aegis", "a reason of common length, as people read it",
					  NULL };
	struct incident incident;
	bool made;

	if (!incident_open(store, &key, &sighting, "aegis", &a, &incident, &made, e))
		return false;
	incident.facts = STR("{\"failure\":{\"type\":\"AssertionError\",\"file\":\"src/shop.py\"}}");
	incident.due_at += (int64_t)number * 1000;
	return outbox_intend(store, incident.id, "push", arena_printf(&a, "push-%s", incident.id),
			     STR("{\"branch\":\"x\"}"), &made, e) &&
	       incident_move(store, &incident, (enum stage)(number % STAGE_COUNT), &reason, e);
}

static bool fill(struct store *store, struct err *e)
{
	for (unsigned n = 0; n < INCIDENTS; n += A_TRANSACTION) {
		STORE_TRANSACTION t = {0};

		if (!store_begin(store, &t, e))
			return false;
		for (unsigned i = 0; i < A_TRANSACTION; i++)
			if (!add(store, n + i, e))
				return false;
		if (!store_commit(&t, e))
			return false;
	}
	return true;
}

static bool say(const char *what, double value, const char *unit, double most)
{
	printf("%-44s %10.2f %s", what, value, unit);
	if (most > 0)
		printf("  (at most %.0f)", most);
	putchar('\n');
	return most <= 0 || value <= most;
}

static bool list_fifty(struct store *store, enum incident_order order, struct err *e)
{
	ARENA a = {0};
	struct incident_filter filter = { .stages = STAGES_OPEN, .order = order };
	struct incident *list;
	size_t count;

	return incident_list(store, &filter, &a, &list, &count, e) &&
	       (count == 50 || fail(e, ERR_BUG, "%zu of 50 incidents", count));
}

static bool measure_open(const char *url, bool *good, struct err *e)
{
	double start = now_ms(), opened;

	{
		STORE store = NULL;

		if (!store_open(url, STORE_READ, &store, e) ||
		    !list_fifty(store, INCIDENT_NEWEST_FIRST, e))
			return false;
	}
	*good = say("open, list 50 of 10,000, close", now_ms() - start, "ms", 50) && *good;
	STORE store = NULL;

	start = now_ms();
	if (!store_open(url, STORE_WRITE, &store, e))
		return false;
	opened = now_ms();
	if (!list_fifty(store, INCIDENT_DUE_FIRST, e))
		return false;
	*good = say("start: open for writing, what is due", now_ms() - start, "ms", 1000) && *good;
	say("  of it opening", opened - start, "ms", 0);
	return true;
}

static bool measure_work(struct store *store, bool *good, struct err *e)
{
	ARENA a = {0};
	struct audit_verdict verdict;
	struct effect *effects;
	size_t count;
	double start = now_ms();

	for (unsigned i = 0; i < COMMITS; i++) {
		STORE_TRANSACTION t = {0};

		if (!store_begin(store, &t, e) || !add(store, INCIDENTS + i, e) ||
		    !store_commit(&t, e))
			return false;
	}
	say("a new incident with its effect, committed", (now_ms() - start) / COMMITS, "ms", 0);
	start = now_ms();
	if (!outbox_pending(store, INT64_MAX, 50, &a, &effects, &count, e))
		return false;
	*good = say("50 of 10,500 waiting effects", now_ms() - start, "ms", 50) && *good;
	start = now_ms();
	if (!audit_check(store, NULL, &verdict, e) || !verdict.good)
		return false;
	say("check of the audit log", (now_ms() - start) * 1e3 / (double)verdict.rows, "us a row", 0);
	start = now_ms();
	if (!store_check(store, e))
		return false;
	say("check of the whole file", now_ms() - start, "ms", 0);
	return true;
}

static bool run(bool *good, struct err *e)
{
	FILE_TEMPORARY folder = {""};
	ARENA a = {0};
	STORE store = NULL;
	double start = now_ms();
	const char *url;
	struct stat info;

	if (!file_temporary(&folder, e))
		return false;
	url = arena_printf(&a, "sqlite:%s/aegis.db", folder.path);
	if (!store_open(url, STORE_WRITE, &store, e))
		return false;
	say("a new store", now_ms() - start, "ms", 0);
	start = now_ms();
	if (!fill(store, e))
		return false;
	say("an incident, 100 a transaction", (now_ms() - start) / INCIDENTS, "ms", 0);
	/* Beside the handle that is still open, as a command beside the daemon. */
	if (!measure_open(url, good, e) || !measure_work(store, good, e))
		return false;
	if (!stat(arena_printf(&a, "%s/aegis.db", folder.path), &info))
		say("size of the file", (double)info.st_size / 1e6, "MB", 0);
	return true;
}

int main(void)
{
	struct err e = ERR_INIT;
	bool good = true;

	if (!run(&good, &e)) {
		printf("FAILED: %s\n", e.text);
		return 1;
	}
	return good ? 0 : 1;
}

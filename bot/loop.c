/*
 * When to look and when to sleep. What is seen is bot/see.h's, what is done bot/turn_take.h's.
 */
#include "bot/loop.h"

#include "bot/base/clock.h"
#include "bot/base/log.h"
#include "bot/sweep.h"
#include "bot/turn_take.h"

#include <poll.h>

enum {
	REPOSITORIES_EVERY_MS = 5 * 60 * 1000,
	SLICE_MS = 1000,		/* the longest sleep: a signal between two looks is seen then */
	CHECKS_EVERY = 4,		/* looks at the runs to one at what other systems report */
	SOON_MS = 900,			/* what this machine does itself is looked at sooner than this */
};

struct loop {
	struct daemon *daemon;
	bool (*stop)(void);
	int64_t repositories_at, runs_at, incidents_at;	/* the next look; wall time */
	unsigned looks;
};

static void nap(int64_t until, int64_t most_ms)
{
	int64_t ms = until - clock_wall_ms();

	if (ms > 0)
		poll(NULL, 0, (int)(ms < most_ms ? ms : most_ms));
}

/* A look that fails for GitHub's reasons has said so already; the next one comes in its time. */
static bool look(struct loop *l, struct err *e)
{
	ARENA a = {0};
	struct seen seen = {0};
	const int64_t now = clock_wall_ms();

	if (now >= l->repositories_at) {
		if (!sweep(l->daemon, e) || !see_repositories(l->daemon, &a, e))
			return false;
		l->repositories_at = now + REPOSITORIES_EVERY_MS;
	}
	if (now < l->runs_at)
		return true;
	if (!see_runs(l->daemon, &a, &seen, e) ||
	    (l->looks++ % CHECKS_EVERY == 0 && !see_checks(l->daemon, &a, &seen, e)))
		return false;
	l->runs_at = now + config_integer(l->daemon->config, "poll.every_s") * 1000;
	if (seen.is_news)
		l->incidents_at = now;
	return true;
}

static bool work(struct loop *l, struct err *e)
{
	int64_t next;

	if (clock_wall_ms() < l->incidents_at)
		return true;
	if (!turn_take_due(l->daemon, l->stop, &next, e))
		return false;
	l->incidents_at = next ? next : INT64_MAX;
	return true;
}

bool loop_run(struct daemon *daemon, bool (*stop)(void), struct err *e)
{
	struct loop l = { .daemon = daemon, .stop = stop };

	while (!stop()) {
		int64_t until;

		if (!look(&l, e) || !work(&l, e))
			return false;
		until = l.incidents_at < l.runs_at ? l.incidents_at : l.runs_at;
		if (!stop())
			nap(until, SLICE_MS);
	}
	log_event(LOG_INFO, "stopped");
	return true;
}

bool loop_once(struct daemon *daemon, struct arena *a, struct seen *seen, struct err *e)
{
	int64_t next;

	if (!sweep(daemon, e) || !see_repositories(daemon, a, e) || !see_runs(daemon, a, seen, e) ||
	    !see_checks(daemon, a, seen, e))
		return false;
	do {
		if (!turn_take_due(daemon, NULL, &next, e))
			return false;
		if (next)
			nap(next, SOON_MS);
	} while (next && next - clock_wall_ms() < SOON_MS);
	return true;
}

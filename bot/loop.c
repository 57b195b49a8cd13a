/*
 * When to look and when to sleep. A webhook wakes it; all is found without one too. What is seen is
 * bot/see.h's, what is done bot/turn_take.h's.
 */
#include "bot/loop.h"

#include "bot/base/clock.h"
#include "bot/base/log.h"
#include "bot/hints.h"
#include "bot/obey.h"
#include "bot/sweep.h"
#include "bot/turn_take.h"

#include <poll.h>
#include <unistd.h>

enum {
	REPOSITORIES_EVERY_MS = 5 * 60 * 1000,
	LIST_EVERY_MS = 60 * 60 * 1000, LIST_AGAIN_MS = 60 * 1000,
	SLICE_MS = 1000,		/* the longest sleep: a signal between two looks is seen then */
	SOON_MS = 900,			/* what this machine does itself is looked at sooner than this */
};

struct loop {
	struct daemon *daemon;
	bool (*stop)(void);
	const struct loop_bell *bell;	/* NULL: none */
	struct pace pace;
	int64_t repositories_at, runs_at, asked_at, incidents_at, list_at;	/* the next look; wall time */
	int64_t now;			/* of the look under way */
};

static void nap(int64_t until, int64_t most_ms, const struct loop_bell *bell)
{
	struct pollfd heard = { .fd = bell ? bell->descriptor : -1, .events = POLLIN };
	int64_t ms = until - clock_wall_ms();
	char rings[256];

	if (ms <= 0)
		return;
	/* What rang is in the store; how often does not matter. */
	if (poll(&heard, 1, (int)(ms < most_ms ? ms : most_ms)) > 0 &&
	    read(heard.fd, rings, sizeof(rings)) < 0)
		poll(NULL, 0, SOON_MS);
}

static bool runs_are_due(void *context, int64_t repository)
{
	struct loop *l = context;

	return pace_take_runs(&l->pace, repository, l->now);
}

static bool checks_are_due(void *context, int64_t repository)
{
	struct loop *l = context;

	return pace_take_checks(&l->pace, repository, l->now);
}

static void was_missed(void *context, int64_t repository)
{
	struct loop *l = context;

	pace_missed(&l->pace, repository);
}

/* A look that fails for GitHub's reasons has said so already; the next one comes in its time. */
static bool look(struct loop *l, struct err *e)
{
	ARENA a = {0};
	struct seen seen = {0};
	const struct see_which runs = { runs_are_due, was_missed, l };
	const struct see_which checks = { checks_are_due, was_missed, l };

	l->now = clock_wall_ms();
	if (l->now >= l->repositories_at) {
		if (!sweep(l->daemon, e) || !see_repositories(l->daemon, &a, e))
			return false;
		l->repositories_at = l->now + REPOSITORIES_EVERY_MS;
	}
	if (l->now < l->runs_at)
		return true;
	if (!see_runs(l->daemon, &runs, &a, &seen, e) || !see_comments(l->daemon, &a, &seen, e) ||
	    !see_checks(l->daemon, &checks, &a, &seen, e))
		return false;
	l->runs_at = l->now + l->pace.every_ms;
	if (seen.is_news)
		l->incidents_at = l->now;
	if (seen.comments)
		l->asked_at = l->now;
	return true;
}

/* What people asked for changes what the incidents' next steps are. */
static bool obey(struct loop *l, struct err *e)
{
	int64_t next;
	bool did;

	if (clock_wall_ms() < l->asked_at)
		return true;
	if (!obey_due(l->daemon, l->stop, &did, &next, e))
		return false;
	l->asked_at = next ? next : INT64_MAX;
	if (did)
		l->incidents_at = 0;
	return true;
}

/* What webhooks told, and what they did not manage to tell. */
static bool listen(struct loop *l, struct err *e)
{
	bool news = false, done;

	if (!l->bell)
		return true;
	l->bell->tend(l->bell->context);
	if (clock_wall_ms() >= l->list_at) {
		if (!hints_list(l->daemon, &done, e))
			return false;
		l->list_at = clock_wall_ms() + (done ? LIST_EVERY_MS : LIST_AGAIN_MS);
	}
	if (!hints_take(l->daemon, &l->pace, &news, e))
		return false;
	if (news)
		l->incidents_at = clock_wall_ms();
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

bool loop_run(struct daemon *daemon, bool (*stop)(void), const struct loop_bell *bell, struct err *e)
{
	struct loop l = { .daemon = daemon, .stop = stop, .bell = bell,
		.pace = { .arena = daemon->arena,
			  .every_ms = config_integer(daemon->config, "poll.every_s") * 1000 } };

	while (!stop()) {
		int64_t until;

		if (!look(&l, e) || !listen(&l, e) || !obey(&l, e) || !work(&l, e))
			return false;
		until = l.incidents_at < l.runs_at ? l.incidents_at : l.runs_at;
		until = l.asked_at < until ? l.asked_at : until;
		if (!stop())
			nap(until, SLICE_MS, bell);
	}
	log_event(LOG_INFO, "stopped");
	return true;
}

bool loop_once(struct daemon *daemon, struct arena *a, struct seen *seen, struct err *e)
{
	int64_t next;
	bool did;

	if (!sweep(daemon, e) || !see_repositories(daemon, a, e) || !see_runs(daemon, NULL, a, seen, e) ||
	    !see_checks(daemon, NULL, a, seen, e) || !see_comments(daemon, a, seen, e) ||
	    !obey_due(daemon, NULL, &did, &next, e))
		return false;
	do {
		if (!turn_take_due(daemon, NULL, &next, e))
			return false;
		if (next)
			nap(next, SOON_MS, NULL);
	} while (next && next - clock_wall_ms() < SOON_MS);
	return true;
}

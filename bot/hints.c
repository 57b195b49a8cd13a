/*
 * From deliveries that wait to looks at their repositories: many deliveries of one repository are one
 * look. Leaves out reading what a delivery said (that is bot/serve's) and what is red.
 */
#include "bot/hints.h"

#include "bot/base/clock.h"
#include "bot/base/kill_point.h"
#include "bot/store/delivery.h"
#include "bot/store/incident.h"
#include "bot/store/seen.h"

enum { LIMIT = 1000, GAP_MS = 1000, REPOSITORIES_GAP_MS = 30 * 1000 };

/* All that the waiting deliveries want of one repository. */
struct wanted {
	int64_t repository;
	unsigned wants;
	bool came;			/* by webhook: GitHub's list did not have to tell */
	bool held;			/* was looked at a moment ago */
};

struct round {
	struct daemon *daemon;
	struct pace *pace;
	struct arena *arena;
	int64_t now;
	struct wanted *list;
	size_t count;
	unsigned mask;			/* of the look under way */
	unsigned all;			/* of those that are not held */
};

static struct wanted *wanted_of(struct round *r, int64_t repository)
{
	for (size_t i = 0; i < r->count; i++)
		if (r->list[i].repository == repository)
			return &r->list[i];
	arena_push(r->arena, r->list, r->count) = (struct wanted){ .repository = repository };
	return &r->list[r->count - 1];
}

static bool is_wanted(void *context, int64_t repository)
{
	struct round *r = context;

	for (size_t i = 0; i < r->count; i++)
		if (r->list[i].repository == repository)
			return !r->list[i].held && r->list[i].wants & r->mask;
	return false;
}

static void was_missed(void *context, int64_t repository)
{
	struct round *r = context;

	pace_missed(r->pace, repository);
}

/* A second look right behind one would mostly find the same. */
static void hold(struct round *r)
{
	for (size_t i = 0; i < r->count; i++) {
		struct wanted *one = &r->list[i];

		for (size_t n = 0; one->repository && n < r->pace->count; n++)
			if (r->pace->list[n].repository == one->repository)
				one->held = r->now - r->pace->list[n].heard_at < GAP_MS &&
					    r->pace->list[n].heard_at <= r->now;
		if (!one->held)
			r->all |= one->wants;
	}
}

/* A repository that nobody knew, or whose name or installation may be another now. */
static bool look_at_repositories(struct round *r, struct err *e)
{
	static int64_t asked_at;	/* monotonic; strangers must not make us ask all the time */
	struct repository known;
	bool unknown = false;

	for (size_t i = 0; i < r->count; i++) {
		struct err why = ERR_INIT;

		if (!r->list[i].repository || r->list[i].held)
			continue;
		if (!repository_get(r->daemon->store, r->list[i].repository, r->arena, &known, &why)) {
			if (why.kind != ERR_GONE) {
				*e = why;
				return false;
			}
			unknown = true;
		}
	}
	if (!(r->all & HINT_REPOSITORIES) &&
	    (!unknown || (asked_at && clock_monotonic_ms() - asked_at < REPOSITORIES_GAP_MS)))
		return true;
	asked_at = clock_monotonic_ms();
	return see_repositories(r->daemon, r->arena, e);
}

static bool look(struct round *r, struct seen *seen, struct err *e)
{
	const struct see_which which = { is_wanted, was_missed, r };

	if (!look_at_repositories(r, e))
		return false;
	r->mask = HINT_RUNS;
	if (r->all & HINT_RUNS && !see_runs(r->daemon, &which, r->arena, seen, e))
		return false;
	r->mask = HINT_CHECKS;
	return !(r->all & HINT_CHECKS) || see_checks(r->daemon, &which, r->arena, seen, e);
}

static bool settle(struct round *r, const struct delivery *list, size_t count, bool *news, struct err *e)
{
	STORE_TRANSACTION transaction = {0};
	size_t woken;

	KILL_POINT("hints.settle.before");
	if (!store_begin(r->daemon->store, &transaction, e))
		return false;
	for (size_t i = 0; i < r->count; i++) {
		const struct wanted *one = &r->list[i];

		if (one->held || !(one->wants & HINT_INCIDENTS) || !one->repository)
			continue;
		if (!incident_wake(r->daemon->store, one->repository, &woken, e))
			return false;
		*news |= woken > 0;
	}
	for (size_t i = 0; i < count; i++)
		if (!wanted_of(r, list[i].hint.repository_id)->held &&
		    !delivery_handled(r->daemon->store, list[i].number, e))
			return false;
	return store_commit(&transaction, e);
}

bool hints_take(struct daemon *d, struct pace *pace, bool *news, struct err *e)
{
	ARENA a = {0};
	struct round r = { .daemon = d, .pace = pace, .arena = &a, .now = clock_wall_ms() };
	struct seen seen = {0};
	struct delivery *list;
	size_t count;

	if (!delivery_waiting(d->store, LIMIT, &a, &list, &count, e))
		return false;
	for (size_t i = 0; i < count; i++) {
		struct wanted *one = wanted_of(&r, list[i].hint.repository_id);

		one->wants |= list[i].hint.wants;
		one->came |= !list[i].listed;
	}
	hold(&r);
	if (!r.all)
		return true;
	for (size_t i = 0; i < r.count; i++)
		if (r.list[i].came && !r.list[i].held && r.list[i].repository)
			pace_heard(pace, r.list[i].repository, r.now);
	if (!look(&r, &seen, e) || !settle(&r, list, count, news, e))
		return false;
	*news |= seen.is_news;
	return true;
}

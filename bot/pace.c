/*
 * The times of the next looks, repository by repository. Looks at nothing itself.
 */
#include "bot/pace.h"

enum { SLOWER = 10, SLOWEST_MS = 10 * 60 * 1000, HEARD_MS = 60 * 60 * 1000 };

int64_t pace_interval_ms(int64_t every_ms, int64_t heard_at, int64_t now)
{
	int64_t slow_ms = every_ms * SLOWER < SLOWEST_MS ? every_ms * SLOWER : SLOWEST_MS;

	/* A clock that was set back makes no webhook of the future count for ever. */
	if (!heard_at || now - heard_at >= HEARD_MS || heard_at > now || slow_ms < every_ms)
		return every_ms;
	return slow_ms;
}

static struct pace_of *find(struct pace *pace, int64_t repository)
{
	for (size_t i = 0; i < pace->count; i++)
		if (pace->list[i].repository == repository)
			return &pace->list[i];
	arena_push(pace->arena, pace->list, pace->count) = (struct pace_of){ repository, 0, 0, 0 };
	return &pace->list[pace->count - 1];
}

/* Half a tick early counts: ticks are no multiples of each other to the millisecond. */
static bool take(struct pace *pace, const struct pace_of *one, int64_t *at, int64_t times, int64_t now)
{
	int64_t interval_ms = pace_interval_ms(pace->every_ms, one->heard_at, now) * times;

	if (now + pace->every_ms / 2 < *at && *at - now <= interval_ms)
		return false;
	*at = now + interval_ms;
	return true;
}

bool pace_take_runs(struct pace *pace, int64_t repository, int64_t now)
{
	struct pace_of *one = find(pace, repository);

	return take(pace, one, &one->runs_at, 1, now);
}

bool pace_take_checks(struct pace *pace, int64_t repository, int64_t now)
{
	struct pace_of *one = find(pace, repository);

	return take(pace, one, &one->checks_at, PACE_CHECKS_EVERY, now);
}

void pace_heard(struct pace *pace, int64_t repository, int64_t now)
{
	struct pace_of *one = find(pace, repository);

	one->heard_at = now;
	one->runs_at = now + pace->every_ms;
}

void pace_missed(struct pace *pace, int64_t repository)
{
	struct pace_of *one = find(pace, repository);

	one->runs_at = one->checks_at = 0;
}

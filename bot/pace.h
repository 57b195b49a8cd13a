/*
 * How often each repository is looked at: as often as poll.every_s says, and more seldom while its
 * webhooks arrive. Kept in memory: after a start everything is looked at once.
 */
#ifndef BOT_PACE_H
#define BOT_PACE_H

#include "bot/base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PACE_CHECKS_EVERY = 4 };		/* looks at the runs to one at what other systems report */

/* Times are wall milliseconds; the next look at runs and at checks is not before theirs. */
struct pace_of {
	int64_t repository, heard_at, runs_at, checks_at;
};

struct pace {
	struct arena *arena;
	int64_t every_ms;
	struct pace_of *list;
	size_t count;
};

/*
 * Until the next look, by when something was last heard (0: never): ten times as long in the hour
 * after it, but no longer than 10 minutes (or every_ms, where that is more).
 */
int64_t pace_interval_ms(int64_t every_ms, int64_t heard_at, int64_t now);

/* Is a look due? Then the next one is put down. */
bool pace_take_runs(struct pace *pace, int64_t repository, int64_t now);
bool pace_take_checks(struct pace *pace, int64_t repository, int64_t now);

/* A webhook came: what GitHub lists lags a little behind, so the next look is not put off yet. */
void pace_heard(struct pace *pace, int64_t repository, int64_t now);
/* A look failed: the next one is at the usual time. */
void pace_missed(struct pace *pace, int64_t repository);

#endif

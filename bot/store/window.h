/*
 * What watching a deployment must remember over a restart: how each window ended, and for each
 * health check its next turn, its state and its results. These belong to a watch: "incident:ID"
 * for the window after a deployment, "repository:ID" for the time before one.
 */
#ifndef BOT_STORE_WINDOW_H
#define BOT_STORE_WINDOW_H

#include "bot/store/store.h"

struct window_row {
	const char *incident;
	int64_t rollout_at, deployed_at;
	const char *outcome;		/* "" while it is open, then "HELD", "DECAYED" or "UNKNOWN" */
	int64_t confidence_millionths;
	const char *why;
	int64_t decided_at;		/* 0 while it is open */
};
/* *found is false when there is none; *out is untouched then. */
bool window_row_get(struct store *store, const char *incident, struct arena *a,
		    struct window_row *out, bool *found, struct err *e);
/* A new row, or an open one's outcome; ERR_BUG when it has one, or is of another deployment. */
bool window_row_put(struct store *store, const struct window_row *row, struct err *e);
/* Forgets the window of an incident and its watch; there may be none. */
bool window_row_drop(struct store *store, const char *incident, struct err *e);

/* The incidents at their end that a window is still kept of. */
bool window_row_ended(struct store *store, struct arena *a, const char *const **incidents,
		      size_t *count, struct err *e);

/* What Prometheus was taken to say of a moment. */
struct point_row {
	int64_t at;
	int64_t confidence_millionths;
	const char *verdict;		/* "WATCH", "HELD", "DECAYED" or "UNKNOWN" */
	const char *why;
};
/* What was said first of a moment stays. */
bool point_row_add(struct store *store, const char *incident, const struct point_row *row,
		   struct err *e);
/* Oldest first. */
bool point_row_list(struct store *store, const char *incident, struct arena *a,
		    struct point_row **list, size_t *count, struct err *e);

/* A health check in a watch. */
struct target_row {
	const char *target;		/* 32 hex digits: what is asked and what is wanted */
	int64_t every_ms, merged;	/* its turns, and how many make a result */
	int64_t next_at;
	const char *state;		/* "UNKNOWN", "UP" or "DOWN" */
	int64_t in_a_row, history, seen;
	bool last_good, flaps;
	int64_t failing_since;		/* 0: it does not fail */
	int64_t down_at;		/* its first failure that was confirmed; 0: none was */
	const char *why;		/* of the last failure */
};
/* *found is false when it is not in the watch. */
bool target_row_get(struct store *store, const char *watch, const char *target, struct arena *a,
		    struct target_row *out, bool *found, struct err *e);
bool target_row_put(struct store *store, const char *watch, const struct target_row *row,
		    struct err *e);

/* What it answered in the turns that end at `at`. */
struct result_row {
	int64_t at;
	int64_t known, good;		/* answers that count, and those as wanted */
	int64_t wall_ms;		/* of the good ones together */
	const char *why;		/* of the last one that was not good */
};
/* Adds to what is there of that time. */
bool result_row_add(struct store *store, const char *watch, const char *target,
		    const struct result_row *row, struct err *e);
/* Oldest first. */
bool result_row_list(struct store *store, const char *watch, const char *target, struct arena *a,
		     struct result_row **list, size_t *count, struct err *e);

/* Copies the results of all targets from first to last, both included, into another watch. */
bool watch_copy(struct store *store, const char *from, const char *to, int64_t first, int64_t last,
		struct err *e);
/* Forgets results from before, and targets whose next turn was before. */
bool watch_prune(struct store *store, const char *watch, int64_t before, struct err *e);

#endif

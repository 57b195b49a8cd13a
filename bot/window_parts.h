/* Between window.c and its neighbours: nobody else includes it. */
#ifndef BOT_WINDOW_PARTS_H
#define BOT_WINDOW_PARTS_H

#include "bot/store/window.h"
#include "bot/watch/judge.h"
#include "bot/watch/settings.h"
#include "bot/window.h"

/* A health check and what is kept of it. */
struct window_check {
	struct watched watched;
	const char *name;		/* "health[1] (shop.example.com)" */
	struct target_row row;
	int64_t turn_at;		/* the turn that now is in */
	bool due;
	struct health_result result;	/* of a due one, after window_ask */
};

/* The health checks of a watch at a moment. */
struct window_round {
	const char *watch;
	int64_t start_at;		/* turns are counted from here */
	int64_t span_ms;		/* that the results are kept for */
	bool fixed;			/* turns stay as they were at first: they are judged */
	bool blank;			/* what is kept is of another deployment */
	int64_t now;
	struct window_check *checks;
	size_t count, due;
};

/* Fills checks, count and due from settings and the store. */
bool window_round(struct daemon *d, const struct config *settings, struct arena *a,
		  struct window_round *round, struct err *e);
/* Asks the due ones and moves their states on, in memory only. */
void window_ask(const struct config *daemon, struct http *http, struct window_round *round);
/* Keeps what was answered, within a transaction. */
bool window_keep(struct store *store, const struct window_round *round, struct err *e);
/* The next turn of any; `other` when there is none before. */
int64_t window_next_turn(const struct window_round *round, int64_t other);

/* What is judged against what. */
struct window_frame {
	int64_t rollout_at, deployed_at;
	int64_t until;			/* nothing after it is looked at */
	double window_s;
};

/* One source and what it says in the end. */
struct window_eye {
	const char *name;
	enum verdict verdict;
	double confidence;
	const char *why;
	bool deaf;			/* could not be asked */
	struct window_point *points;
	size_t point_count;
};

/* A text from outside as one line of UTF-8 with nothing hidden in it. */
const char *window_line(struct arena *a, const char *text);
void window_see(struct window_eye *eye, struct arena *a, const struct window_point *point);

/* The kept results of a check, in a watch that began at deployed_at. */
bool window_judge_check(struct store *store, const char *watch, const struct window_check *check,
			const struct window_frame *frame, struct arena *a, struct window_eye *eye,
			struct err *e);

enum { WINDOW_SETTLES_MS = 10000 };
/*
 * Asks Prometheus. Samples of the last WINDOW_SETTLES_MS are left alone: a scrape that is still
 * under way would change them later. False only for ERR_BUG; else a failure makes the eye deaf.
 */
bool window_judge_prometheus(const struct prometheus *prometheus, const struct config *settings,
			     const struct window_frame *frame, struct arena *a,
			     struct window_eye *eye, struct err *e);
/*
 * Keeps its points, and puts what was said first of each moment in their place: Prometheus may know
 * more of a moment later (a counter of failures is not there before the first one).
 */
bool window_keep_points(struct store *store, const char *incident, struct arena *a,
			struct window_eye *eye, struct err *e);
/* The kept points alone. */
bool window_recall_points(struct store *store, const char *incident, struct arena *a,
			  struct window_eye *eye, struct err *e);
/* Seconds between the samples that it asks for. */
double window_step_s(const struct config *settings);

#endif

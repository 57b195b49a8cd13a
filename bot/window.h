/*
 * Did the deployment hold? A window opens when it is out, and is looked at again and again:
 *
 *	if (!window_look(d, &order, &arena, &look, e))
 *		return false;
 *	if (look.window == WINDOW_DECAYED)
 *		revert();
 *	else if (look.window == WINDOW_WATCHING)
 *		come_back_at(look.next_at);
 *
 * It is seen with the daemon's Prometheus, asked afresh each time, and with the repository's health
 * checks, whose answers are kept in the store. Each is judged by itself; the worst one counts.
 */
#ifndef BOT_WINDOW_H
#define BOT_WINDOW_H

#include "bot/daemon.h"
#include "bot/step.h"

/* All times are milliseconds since 1970. */
struct window_order {
	const char *incident;			/* its id; it must be in the store */
	const struct config *settings;		/* .github/aegis.yml of the default branch */
	int64_t rollout_at, deployed_at;	/* it began and was out; the first is not after the other */
	int64_t now;
};

/* A judged moment, for people. */
struct window_point {
	int64_t at;
	double confidence;			/* 0 to 1 */
	const char *verdict;			/* as in `aegis judge` */
	const char *why;			/* "Prometheus: error rate 20 % against ..." */
};

struct window_look {
	enum window window;			/* WATCHING, HELD, DECAYED or UNKNOWN */
	double confidence;			/* of the worst eye that told anything; 0.75 if none did */
	const char *why;			/* one line with numbers */
	int64_t next_at;			/* when to look again; now when it is decided */
	const struct window_point *points;	/* in order of time */
	size_t point_count;
};

/*
 * Asks what is due and judges. DECAYED: the judge says so of two bad samples in a row, or a health
 * check failed twice in a row and for at least 10 s while another address answered (the forge's,
 * when no other check does), and was not failing before. HELD: deploy.window_s went by, an eye says
 * that all was well and none is in doubt; while one is, it goes on, at most as long again. UNKNOWN:
 * the time is over and too little is known; never a reason to revert. A Prometheus out of reach
 * says nothing, and is waited for one minute more at the end.
 *
 * The outcome is decided once: later looks give the same one and ask nobody. What was said of a
 * moment stays, also when Prometheus knows more of it later. An order of another deployed_at is
 * another window and starts from nothing. A process that dies in a look loses at most what it asked
 * in it, which is then asked again. Of the health checks the first 16 are asked.
 *
 * ERR_GONE: no such incident. Else as the store, or ERR_BUG; what cannot be measured is no error.
 */
bool window_look(struct daemon *d, const struct window_order *order, struct arena *a,
		 struct window_look *out, struct err *e);

/*
 * Is anything measured? A query with a Prometheus to answer it, or a health check that may be
 * asked (http:// needs watch.private).
 */
bool window_has_eyes(const struct config *daemon, const struct config *repository);

/* Forgets all that is kept for the incident's window; there may be nothing. */
bool window_forget(struct daemon *d, const char *incident, struct err *e);

/*
 * Asks the health checks that are due, so that a deployment to come has something to be compared
 * with. key: the repository's id in decimal. To be called while a fix is on its way, until its
 * window was looked at. Three times deploy.baseline_s are kept, as a rollout takes its time. Without
 * health checks *next_at is a day away.
 */
bool window_baseline(struct daemon *d, const char *key, const struct config *settings, int64_t now,
		     int64_t *next_at, struct err *e);

#endif

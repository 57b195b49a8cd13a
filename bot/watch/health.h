/*
 * Health checks: an address that must answer in a certain way, asked again and again. The state
 * machine is pure: results go in, events come out, and only health_ask touches the network.
 *
 *	while (next_round()) {
 *		for (size_t i = 0; i < count; i++)
 *			health_ask(http, &checks[i], &arena, &results[i]);
 *		health_round(&health, results, events);
 *	}
 */
#ifndef BOT_WATCH_HEALTH_H
#define BOT_WATCH_HEALTH_H

#include "bot/base/http.h"

struct health_check {
	const char *url;
	unsigned status;	/* that it must answer with; 0: any from 200 to 299 */
	const char *contains;	/* that the body must hold; NULL: anything */
	unsigned timeout_ms;	/* 0: 5 s */
	unsigned allow;		/* enum http_allow */
};

enum health_answer {
	HEALTH_GOOD,
	HEALTH_BAD,		/* it answered, and wrongly */
	HEALTH_SILENT,		/* no answer: its fault or the network's */
	HEALTH_NOT_ASKED,	/* our own fault (a bad address, one we may not reach) or not its turn */
};

struct health_result {
	enum health_answer answer;
	unsigned status, wall_ms;
	char why[160];		/* "" when good */
};

enum health_state { HEALTH_UNKNOWN, HEALTH_UP, HEALTH_DOWN };

enum health_event {
	HEALTH_NOTHING,
	HEALTH_WENT_DOWN,	/* two failures in a row */
	HEALTH_CAME_UP,		/* two good answers in a row, after it was down */
	HEALTH_FLAPS,		/* it changes too often: no more events until it stops */
	HEALTH_SETTLED,		/* it stopped; its state says how */
};

struct health_target {
	enum health_state state;
	unsigned in_a_row;	/* results that say the same */
	uint32_t history;	/* last results, newest in bit 0; 1 is good */
	unsigned seen;		/* how many of them, at most 20 */
	bool last_good, flaps;
	char why[160];		/* of the last failure */
};

struct health {
	struct health_target *targets;
	size_t count;
	bool blind;		/* our own network is out: nothing is known of anybody */
	unsigned blind_rounds;
};

/* All targets unknown. */
void health_open(struct health *health, struct arena *a, size_t count);

/*
 * Takes one round of results (of count targets) and says what happened to each. When at least two
 * were asked and all of them are silent, it is our network: the round counts for nobody and
 * health->blind is set until one answers. One target alone cannot tell.
 */
void health_round(struct health *health, const struct health_result *results,
		  enum health_event *events);

/* Is this the answer that the check wants? Pure. */
void health_weigh(const struct health_check *check, unsigned status, struct str body,
		  struct health_result *result);

/* Asks once. Never fails: what goes wrong is the result. */
void health_ask(struct http *http, const struct health_check *check, struct health_result *result);
/* The same of several at the same time, so that silent ones do not add up. */
void health_ask_all(struct http *http, const struct health_check *const *checks, size_t count,
		    struct health_result *results);

/*
 * When the next round is: rounds are every_ms apart from start_ms on, whatever one takes; those
 * that were slept over are left out.
 */
int64_t health_next_ms(int64_t start_ms, int64_t now_ms, int64_t every_ms);

#endif

/*
 * A turn: the next step of one incident. Facts, one decision, one action.
 */
#ifndef BOT_TURN_TAKE_H
#define BOT_TURN_TAKE_H

#include "bot/daemon.h"

/*
 * Takes the step of an open incident. Trouble with GitHub, a repository or this machine is kept with
 * the incident, which is looked at again later; false only when the store fails.
 */
bool turn_take(struct daemon *daemon, const char *incident, struct err *e);

/*
 * Takes the steps of all incidents that are due, one of each in turn, until none is. *next_at: when
 * the next one is (0: there is none). stop: asked between two steps; NULL: never.
 */
bool turn_take_due(struct daemon *daemon, bool (*stop)(void), int64_t *next_at, struct err *e);

#endif

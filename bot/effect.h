/*
 * One effect on the world, once: the intent is kept before anything is sent, and whoever carries it
 * out looks by its name whether it is there already. Killed anywhere, the next try finds out.
 */
#ifndef BOT_EFFECT_H
#define BOT_EFFECT_H

#include "bot/turn.h"

struct effect_plan {
	const char *kind;	/* "push" */
	const char *key;	/* which of them, within the incident: an attempt, a commit */
	/* Is it there? *found: a new reference to what is known of it, untouched when it is not. */
	bool (*look)(struct turn *t, void *context, json_t **found, struct err *e);
	/* Does it. *made: a new reference to what is known of it then. */
	bool (*send)(struct turn *t, void *context, json_t **made, struct err *e);
	void *context;
};

/*
 * True when the effect is there; *result, if asked for, is a new reference. What was done once is not
 * looked at again. ERR_DENIED: it was refused for good, now or earlier; other errors as `look`
 * and `send` give them, to be tried again at the next turn.
 */
bool effect_once(struct turn *t, const struct effect_plan *plan, json_t **result, struct err *e);

/*
 * The facts show that it is there: an effect that was under way when somebody was killed is done.
 * Takes over `result`. One that was never intended, or is at its end, stays as it is.
 */
bool effect_seen(struct turn *t, const char *kind, const char *key, json_t *result, struct err *e);

/* The incident ends: what is not known to be done is not needed any more. */
bool effect_drop_all(struct turn *t, struct err *e);

#endif

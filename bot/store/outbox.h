/*
 * What is to be done to the world. An effect is written down with the change that wants it, before
 * anything is sent; whoever carries it out first looks by its name whether it is there already, so
 * that a crash at any point repeats the look and never the deed.
 *
 *	INTENDED -> SENT (each try) -> DONE | FAILED | DROPPED
 *
 * A name is one effect for ever: made from the incident, the kind and the attempt, never from the
 * time. Requests hold no secrets.
 */
#ifndef BOT_STORE_OUTBOX_H
#define BOT_STORE_OUTBOX_H

#include "bot/store/store.h"

enum effect_state {
	EFFECT_INTENDED, EFFECT_SENT, EFFECT_DONE, EFFECT_FAILED, EFFECT_DROPPED, EFFECT_STATES
};
const char *effect_state_name(enum effect_state state);

struct effect {
	int64_t id;			/* in the order of intending */
	const char *incident, *kind, *name;
	struct str request;		/* a JSON object */
	enum effect_state state;
	int64_t attempts;		/* tries begun */
	int64_t not_before;
	struct str result;		/* a JSON object when DONE, else empty */
	const char *why;		/* of the last trouble */
	int64_t intended_at, changed_at;
};

/*
 * *fresh: it was not intended before. The same name again is the same effect and keeps its first
 * request; ERR_BUG when it was of another incident or kind.
 */
bool outbox_intend(struct store *store, const char *incident, const char *kind, const char *name,
		   struct str request, bool *fresh, struct err *e);

/* ERR_GONE when nobody intended it. */
bool outbox_get(struct store *store, const char *name, struct arena *a, struct effect *out,
		struct err *e);

/*
 * What waits and may be tried at `now`, in order. Of each incident only its first waiting effect,
 * so that none overtakes another. limit 0: 50.
 */
bool outbox_pending(struct store *store, int64_t now, size_t limit, struct arena *a,
		    struct effect **list, size_t *count, struct err *e);
/* All effects of an incident in order, whatever their state. */
bool outbox_of(struct store *store, const char *incident, struct arena *a, struct effect **list,
	       size_t *count, struct err *e);

/*
 * Steps of one effect. An end is final: saying the same end again is fine, any other step after an
 * end is ERR_LATER. ERR_GONE: no such name.
 */
bool outbox_sent(struct store *store, const char *name, struct err *e);	/* a try begins */
bool outbox_later(struct store *store, const char *name, int64_t not_before, const char *why,
		  struct err *e);
bool outbox_done(struct store *store, const char *name, struct str result, struct err *e);
bool outbox_failed(struct store *store, const char *name, const char *why, struct err *e);
bool outbox_dropped(struct store *store, const char *name, const char *why, struct err *e);

#endif

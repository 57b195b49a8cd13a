/*
 * The daemon's loop: look for red runs, take the steps of incidents that are due, sleep until there
 * is something to do.
 */
#ifndef BOT_LOOP_H
#define BOT_LOOP_H

#include "bot/see.h"

/* Where webhooks come in. */
struct loop_bell {
	int descriptor;			/* readable when deliveries were kept that want a look */
	void (*tend)(void *context);	/* called at every look round, once a second or more often */
	void *context;
};

/*
 * Until stop() says so. bell NULL: nothing comes by webhook. False when the store fails; trouble with
 * GitHub or a repository never ends it.
 */
bool loop_run(struct daemon *daemon, bool (*stop)(void), const struct loop_bell *bell, struct err *e);

/*
 * One look at all repositories, and all steps that can be taken now: what this machine works on is
 * waited for, what others work on is not.
 */
bool loop_once(struct daemon *daemon, struct arena *a, struct seen *seen, struct err *e);

#endif

/*
 * The door in a process of its own: what comes in from outside is read by a process that has neither
 * the App's key nor a token, and the daemon's own stays one thread. They meet in the store.
 */
#ifndef BOT_SERVE_SERVING_H
#define BOT_SERVE_SERVING_H

#include "bot/daemon.h"
#include "bot/serve/webhook.h"

/* Are webhooks taken: is there a secret? ERR_CONFIG: one that is named cannot be read. */
bool serving_secrets(const struct config *config, struct arena *a, struct webhook_secrets *out,
		     struct err *e);

/* The daemon's side: starts the process, starts it again when it ends, ends it. */
struct serving {
	const struct daemon *daemon;
	int pid;			/* 0: none runs */
	int bell[2];			/* a pipe: the process writes a byte when something came */
	int64_t again_at_ms, started_at_ms;	/* monotonic */
	unsigned failures;
};
bool serving_open(const struct daemon *daemon, struct serving *out, struct err *e);
/* To be called again and again; what goes wrong is logged and tried again later. */
void serving_tend(void *serving);
void serving_close(struct serving *serving);
#define SERVING __attribute__((cleanup(serving_close))) struct serving

/* The process itself: takes deliveries until stop() says so. */
bool serving_run(const char *config_file, bool (*stop)(void), struct err *e);

#endif

/*
 * The door: where webhooks come in over HTTP. Threads of its own talk to the connections; the
 * caller's keeps what came and lets it be answered:
 *
 *	DOOR *door = NULL;
 *	if (!door_open(&settings, &door, e))
 *		return false;
 *	while (!stop())
 *		if (!door_tend(door, 1000, e))
 *			...
 *
 * POST /webhook takes a delivery: it is in the store, on the disk, before it is answered 202. GET
 * /healthz says 200. Everything else is refused with a short text. There is no TLS: what stands in
 * front of it has that.
 */
#ifndef BOT_SERVE_DOOR_H
#define BOT_SERVE_DOOR_H

#include "bot/serve/webhook.h"

struct door_settings {
	const char *address;		/* IPv4 or IPv6 */
	uint16_t port;			/* 0: a free one */
	struct webhook_secrets secrets;	/* at least one */
	struct store *store;		/* used by door_tend alone */
	int64_t patience_ms;		/* for a head, a body, the next request; 0: 15 s */
};

/* Since the start. */
struct door_counts {
	uint64_t taken, known, refused, not_kept;
	unsigned last_status;		/* of those refused; 0: none was */
	const char *last_text;
};

struct door;
/* ERR_CONFIG: this is no address; ERR_LATER: it is in use. Copies all it needs but the store. */
bool door_open(const struct door_settings *settings, struct door **out, struct err *e);
void door_close(struct door *const *door);
#define DOOR __attribute__((cleanup(door_close))) struct door

uint16_t door_port(const struct door *door);

/*
 * Keeps and answers what has come, waiting at most so long for it, and closes connections that were
 * slow for too long. *news: something came that wants to be looked at. When it fails the deliveries
 * at hand were answered 503 and are not in the store; it may be called again.
 */
bool door_tend(struct door *door, int64_t most_ms, bool *news, struct err *e);
struct door_counts door_counts(struct door *door);

#endif

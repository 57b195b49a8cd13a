/* What door.c and door_talk.c share; nobody else includes it. */
#ifndef BOT_SERVE_DOOR_PARTS_H
#define BOT_SERVE_DOOR_PARTS_H

#include "bot/serve/door.h"
#include "bot/serve/microhttpd_late.h"
#include "bot/serve/request.h"

#include <pthread.h>

enum {
	/*
	 * libmicrohttpd 0.9.75 takes 128 events from epoll at once, and where there are as many it waits
	 * for the next one, for seconds, before it looks at them. So no thread may have so many.
	 */
	THREADS = 4, CONNECTIONS_OF_THREAD = 120,
	CONNECTIONS_MOST = THREADS * CONNECTIONS_OF_THREAD,
	CONNECTIONS_EACH = 120,		/* from one address: of what stands in front, or of an attacker */
	HEAD_MOST = 32 * 1024,	/* also what is read of a body at once */
	BODIES_MOST = 64 * 1024 * 1024,	/* of all that are being read together */
	SWALLOW_MOST = 256 * 1024,	/* read in vain, so that the refusal is read too */
};

/* A connection: since when it has been slow; 0: we are. */
struct slot {
	int descriptor;			/* -1: free */
	int64_t since_ms;
};

struct request {
	struct arena arena;		/* holds this struct too */
	struct door *door;
	struct MHD_Connection *connection;
	struct slot *slot;
	struct request *next;		/* in the queue */
	const struct answer *answer;	/* NULL: not known yet */
	const char *why;		/* to be said instead of the answer's text; NULL */
	struct str event, id, signature;

	struct arena body_arena;
	char *body;
	size_t size, room;
	uint64_t length, swallowed;

	struct delivery delivery;	/* of one in the queue */
	bool fresh;
};

struct door {
	struct arena arena;		/* holds this struct too */
	struct MHD_Daemon *http;
	struct webhook_secrets secrets;
	struct store *store;
	uint16_t port;
	int64_t patience_ms, pruned_at_ms;
	bool crowded;			/* several came at once the last time */
	_Atomic size_t bodies;		/* bytes */

	pthread_mutex_t lock;		/* of all below; held for moments */
	pthread_cond_t came;
	struct request *first, **last;	/* the queue */
	struct slot slots[CONNECTIONS_MOST];
	struct door_counts counts;
	bool closing;
};

/* The functions that libmicrohttpd calls: door_talk.c. */
enum MHD_Result door_talk(void *door, struct MHD_Connection *connection, const char *path,
			  const char *method, const char *version, const char *data, size_t *size,
			  void **request);
void door_talk_ended(void *door, struct MHD_Connection *connection, void **request,
		     enum MHD_RequestTerminationCode code);
void door_connection(void *door, struct MHD_Connection *connection, void **slot,
		     enum MHD_ConnectionNotificationCode code);

#endif

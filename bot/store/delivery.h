/*
 * Deliveries of webhooks, each as the hint it is: it says where to look, and what is there is read
 * from GitHub. Bodies are not kept.
 */
#ifndef BOT_STORE_DELIVERY_H
#define BOT_STORE_DELIVERY_H

#include "bot/store/store.h"

/* What is to be looked at because of a delivery; a set of bits. */
enum hint_wants {
	HINT_RUNS = 1,			/* the runs of its repository */
	HINT_CHECKS = 2,		/* what other systems report there */
	HINT_INCIDENTS = 4,		/* incidents there that wait for something to change */
	HINT_REPOSITORIES = 8,		/* which repositories there are */
};

/* "" and 0: it does not say. */
struct hint {
	const char *event, *action;
	int64_t repository_id;
	const char *repository;		/* "owner/name" */
	int64_t installation_id;
	const char *head_sha, *branch;
	int64_t issue, comment_id;	/* of a comment: the number of its issue or pull request */
	const char *sender;		/* a login */
	unsigned wants;			/* enum hint_wants */
};

struct delivery {
	int64_t number;			/* in the order of arrival; set by the store */
	const char *id;			/* X-GitHub-Delivery */
	const char *digest;		/* 64 hex digits that stand for the body; "": unknown */
	bool listed;			/* not received: GitHub's list told of it */
	struct hint hint;
	int64_t received_at;		/* set by the store */
};

/*
 * Keeps it, to be handled when it wants something. *fresh: neither the id nor, in the last
 * `same_ms`, the digest was there. A delivery that was only listed before is taken when it comes.
 */
bool delivery_add(struct store *store, const struct delivery *delivery, int64_t same_ms,
		  bool *fresh, struct err *e);
bool delivery_known(struct store *store, const char *id, bool *known, struct err *e);
/* Those that wait, oldest first. */
bool delivery_waiting(struct store *store, size_t limit, struct arena *a, struct delivery **list,
		      size_t *count, struct err *e);
bool delivery_handled(struct store *store, int64_t number, struct err *e);
/* When the last one was received; 0: none was. */
bool delivery_last(struct store *store, int64_t *received_at, struct err *e);
/* Forgets at most `most` of those that were received before the time, waiting or not. */
bool delivery_prune(struct store *store, int64_t before, int64_t most, struct err *e);

#endif

/*
 * The deliveries that GitHub made of an App's webhooks, whether they arrived or not.
 */
#ifndef GIT_GITHUB_HOOKS_H
#define GIT_GITHUB_HOOKS_H

#include "git/github.h"

struct github_delivery {
	uint64_t id;
	const char *guid;		/* X-GitHub-Delivery; the same when it is sent once more */
	int64_t delivered_at;		/* wall milliseconds */
	const char *event, *action;	/* action "": none */
	uint64_t installation, repository;	/* 0: none */
};
struct github_deliveries {
	struct github_delivery *items;	/* newest first */
	size_t count, left_out;		/* left_out: malformed ones */
	bool complete;			/* false: there are more than are asked for */
};

/* Those since then (wall milliseconds), at most 5,000. Of an App alone. */
bool github_deliveries(struct github_call *call, int64_t since_ms, struct github_deliveries *out,
		       struct err *e);

#endif

/*
 * The file in which a runner hands a job the event that started it. It comes from outside: titles,
 * branch names and whole repositories of a fork are what strangers wrote.
 */
#ifndef BOT_ACTION_EVENT_H
#define BOT_ACTION_EVENT_H

#include "bot/base/err.h"
#include "bot/base/str.h"
#include "git/github_read.h"

enum { EVENT_BYTES_MOST = 25 * 1024 * 1024 };	/* GitHub's own limit of an event */

enum event_kind {
	EVENT_OTHER,
	EVENT_PUSH, EVENT_SCHEDULE, EVENT_DISPATCH,
	EVENT_PULL,
	EVENT_PULL_TARGET,	/* pull_request_target: a stranger's pull request, our rights */
	EVENT_RUN,		/* workflow_run: another workflow has ended */
};

struct event {
	enum event_kind kind;
	/*
	 * Code of another repository, of one that is gone, or of one that the event does not name
	 * though it should: nobody vouches for it.
	 */
	bool from_fork;
	uint64_t pull;				/* 0: none */
	uint64_t run, attempt;			/* of workflow_run; 0: none */
	const char *head_branch;		/* of PULL, PULL_TARGET and RUN; "" when it has no good name */
	char head[GITHUB_SHA_SIZE];		/* of the same; "" unknown */
	const char *default_branch;		/* "" when the event does not say */
};

enum event_kind event_kind_of(const char *name);

/*
 * name: of the event, "pull_request". ERR_INPUT: no JSON object, too large, or something in it is
 * not what it must be.
 */
bool event_read(const char *name, struct str body, struct arena *a, struct event *out, struct err *e);

#endif

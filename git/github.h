/*
 * The client of GitHub's REST and GraphQL interface: who we are, how often we may ask, and what
 * became of a request. The wrappers that know the words of the interface are in git/github_*.h;
 * all take a call first, which says for which repository and tells afterwards how it ended.
 *
 *	struct github_call call = { .github = github, .owner = "o", .name = "r", .arena = &a };
 *	if (!github_pull_create(&call, &request, &pull, e) && call.outcome == GITHUB_UNKNOWN)
 *		...look for the branch's pull request before trying again
 *
 * Everything that comes back was checked: names, ids, shas, sizes; unknown words are UNKNOWN.
 * Tokens and keys never stand in an error text, and go to the interface's own host only.
 *
 * Failures of all wrappers: ERR_LATER (limits, time-outs, 5xx; call.again_at_ms says when),
 * ERR_GONE (404, 410), ERR_DENIED (401, 403), ERR_INPUT (400, 409, 422, or an answer that is not
 * what it must be), ERR_CONFIG (the App's key).
 */
#ifndef GIT_GITHUB_H
#define GIT_GITHUB_H

#include "bot/base/arena.h"
#include "bot/base/err.h"
#include "bot/base/str.h"

#include <stdint.h>

enum github_mode {
	GITHUB_APP,		/* App id and key: a token for each repository and purpose */
	GITHUB_PERSONAL,	/* a person's token */
	GITHUB_ACTIONS,		/* GITHUB_TOKEN of a job: what it pushes starts no runs */
};

/* Answers kept by address, so that asking again costs nothing while nothing has changed. */
struct github_cached {
	struct str etag, next, body;
};
struct github_cache {
	bool (*get)(void *context, const char *url, struct arena *a, struct github_cached *out);
	void (*put)(void *context, const char *url, const struct github_cached *entry);
	void *context;
};

/* Until when (wall time) an owner's repositories must not be asked; 0: now. For after a restart. */
struct github_waits {
	int64_t (*get)(void *context, const char *owner);
	void (*put)(void *context, const char *owner, int64_t until_ms);
	void *context;
};

struct github_settings {
	const char *api_url;		/* NULL: https://api.github.com; or https://HOST/api/v3 */
	enum github_mode mode;
	uint64_t app_id;
	struct str key_pem, token;
	const char *ca_file;		/* as for http_open */
	struct github_cache cache;	/* functions NULL: none */
	struct github_waits waits;	/* functions NULL: forgotten with the process */
	/* Waits; NULL: the machine's. For tests. */
	void (*sleep_ms)(void *context, int64_t ms);
	void *sleep_context;
	unsigned write_gap_ms;		/* between writes; 0: 1000 */
};

struct github;
/*
 * Copies all it needs. One client serves several threads. ERR_CONFIG: the address is not https (or
 * http on this machine itself), a key or token is missing or malformed.
 */
bool github_open(const struct github_settings *settings, struct github **out, struct err *e);
void github_close(struct github *const *github);	/* wipes what is secret */
#define GITHUB __attribute__((cleanup(github_close))) struct github
enum github_mode github_mode(const struct github *github);

/* What became of a write. Reads are always one of the first two. */
enum github_outcome {
	GITHUB_NOT_DONE,	/* certainly: refused, limited, or it never left this machine */
	GITHUB_IS_DONE,		/* certainly */
	GITHUB_UNKNOWN,		/* sent, and no answer that tells: look before doing it again */
};

struct github_call {
	struct github *github;
	const char *owner, *name;	/* of the repository; NULL where none is meant */
	struct arena *arena;		/* for all that comes back */
	int64_t wait_most_ms;		/* sleep at most so long over limits and retries; 0: 5 s */
	uint64_t installation;		/* what only reads may go by its token; 0: by the repository's */

	/* How the last request ended. */
	enum github_outcome outcome;
	unsigned status;		/* 0: no answer */
	int64_t again_at_ms;		/* after ERR_LATER: wall time to come back at */
	int64_t server_ms;		/* what time it is over there (Date); 0: it was not told */
};

/* Where git finds the repository: "https://github.com/o/r.git". ERR_INPUT: a bad name. */
bool github_git_url(struct github_call *call, const char **url, struct err *e);
/*
 * A token that may fetch (or also push) this repository and nothing else where that can be had.
 * ERR_DENIED: the App was not given what is needed. CHECK is for check runs alone, so that what is
 * lacking can still be told.
 */
enum github_need { GITHUB_NEED_READ, GITHUB_NEED_WRITE, GITHUB_NEED_FETCH, GITHUB_NEED_PUSH,
		   GITHUB_NEED_CHECK };
bool github_git_token(struct github_call *call, enum github_need need, struct str *token,
		      struct err *e);

/*
 * Many repositories' state at once: conditional GETs over few connections. Paths are made by the
 * wrappers (github_runs_path, ...), bodies read by their readers. Nothing is kept here: whoever asks
 * remembers the etag once the body is worked through, and has to do with changes only.
 */
struct github_poll {
	const char *owner, *name, *path;
	uint64_t installation;		/* one token for all it holds; 0: one of the repository */
	const char *etag;		/* of the answer worked through last; NULL: none */

	bool answered;			/* then changed holds, else the error */
	bool changed;			/* then body and new_etag (NULL: it has none) hold */
	struct str body;
	const char *new_etag;
	unsigned status;		/* 0: no answer */
	int64_t again_at_ms;		/* of ERR_LATER */
	struct err error;
};
/*
 * One request each, no retries; those whose account is over its limit are not sent, nor those of an
 * installation that gives no token. False, with ERR_BUG, when nothing could be asked at all.
 */
bool github_poll_all(struct github *github, struct github_poll *polls, size_t count,
		     size_t at_once, struct arena *a, struct err *e);

#endif

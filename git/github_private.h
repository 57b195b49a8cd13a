/* What the files git/github*.c share; nobody else includes it (tests of the parsers do). */
#ifndef GIT_GITHUB_PRIVATE_H
#define GIT_GITHUB_PRIVATE_H

#include "bot/base/http.h"
#include "bot/base/json.h"
#include "git/github.h"
#include "git/github_read.h"

#include <pthread.h>

enum { GITHUB_BODY_MOST = 8 * 1024 * 1024, GRANT_BUCKETS = 256 };

/* A token for one repository and one need (App), with the memory it lives in. */
struct grant {
	struct grant *next;
	char owner[104], name[104];
	enum github_need need;
	struct arena arena;
	struct str token;
	int64_t until_ms;
};

/* What one account may still ask: limits count for an installation, so for an owner. */
struct account {
	struct account *next;
	char owner[104];
	int64_t blocked_until_ms;
	unsigned slowdowns;		/* secondary limits in a row */
};

struct github {
	struct arena arena;		/* holds this struct too */
	struct http *http;
	/* http_send; fuzz targets put their own here. */
	bool (*send)(struct http *http, const struct http_request *request, struct arena *a,
		     struct http_response *response, struct err *e);
	enum github_mode mode;
	uint64_t app_id;
	struct str key_pem, token;	/* wiped when closed */
	const char *api, *graphql, *git;	/* without '/' at the end */
	unsigned allow;			/* enum http_allow for the interface's host */
	struct github_cache cache;
	struct github_waits waits;
	void (*sleep_ms)(void *context, int64_t ms);
	void *sleep_context;
	int64_t write_gap_ms;

	pthread_mutex_t lock;		/* of all below; held for moments */
	struct grant *grants[GRANT_BUCKETS];
	struct account *accounts;
	struct arena assertion_arena;
	struct str assertion;		/* the App's JWT */
	int64_t assertion_until_ms;

	pthread_mutex_t write_lock;	/* held while one write is on its way */
	int64_t last_write_ms;		/* monotonic; of write_lock */
	bool has_written;
};

enum ask_as { AS_REPOSITORY, AS_APP, AS_INSTALLATION };

struct ask {
	const char *method, *path;	/* the path begins with '/'; or a whole URL of the API */
	const json_t *body;
	enum github_need need;
	enum ask_as as;
	uint64_t installation;		/* of AS_INSTALLATION */
	bool graphql;
	const char *accept;		/* NULL: JSON; else the body is not parsed */
	unsigned also[3];		/* statuses besides 2xx and 302 that are answers, not errors */
};

struct reply {
	unsigned status;
	json_t *json;			/* NULL: none; the caller closes it */
	struct str body;
	const char *next, *location;	/* of Link and Location; NULL */
	struct str message;		/* of an error's body, cleaned */
	const struct http_header *headers;
	size_t header_count;
};
/* Of a reply; NULL when there is none. */
const char *reply_header(const struct reply *reply, const char *name);
void reply_close(struct reply *reply);
#define REPLY __attribute__((cleanup(reply_close))) struct reply

bool github_ask(struct github_call *call, const struct ask *ask, struct reply *reply,
		struct err *e);

/* "/repos/%s/git/ref/heads/%s" with each %s percent-encoded (%p keeps '/'), in order. */
const char *github_path(struct arena *a, const char *format, ...);
/* "/repos/OWNER/NAME" and the rest, made as by github_path. NULL, with ERR_INPUT: a bad name. */
const char *github_repository_path(struct github_call *call, struct err *e, const char *format, ...);

struct pages {
	const char *path, *list;	/* list: the name of the list in the answer; NULL: it is one */
	enum ask_as as;
	uint64_t installation;
	unsigned pages_most;
	/* Gets the items one by one; false, with the error set, ends the pages. */
	bool (*item)(void *context, const json_t *item, struct err *e);
	void *context;
	bool enough;			/* the function sets it: no page after this one */
	bool complete;			/* answer: no page was left out */
	uint64_t total;			/* answer: total_count where the answer has one */
	uint64_t seen;			/* answer: items */
};
bool github_each_page(struct github_call *call, struct pages *pages, struct err *e);

/* The URL of rel="next" in a Link header; NULL when there is none. */
const char *github_link_next(struct arena *a, struct str header);
/* Is it an address of the API: the same scheme, host and port, below the same path? */
bool github_is_ours(const struct github *github, const char *url);

/*
 * {"data": ...} of a query with its variables (borrowed). ERR_GONE, ERR_DENIED, ERR_LATER, ERR_INPUT
 * by the first of its errors, which come with status 200.
 */
bool github_graphql(struct github_call *call, enum github_need need, const char *query,
		    const json_t *variables, struct reply *reply, struct err *e);

/* Tokens: github_token.c. The token stays valid memory as long as the arena given. */
bool github_token(struct github_call *call, const struct ask *ask, struct str *token,
		  struct err *e);
void github_token_drop(struct github_call *call, const struct ask *ask);
bool github_assertion(struct github *github, struct arena *a, struct str *jwt, struct err *e);

/* What each purpose of a token asks an installation for; made for github_token.c. */
enum { GITHUB_NEED_LOOK = GITHUB_NEED_CHECK + 1, GITHUB_NEEDS };
struct github_purpose {
	const char *name, *level[GITHUB_NEEDS];	/* NULL: not at all */
};
extern const struct github_purpose github_purposes[];	/* ended by a NULL name */

/* Limits: github_limits.c. */
struct account *github_account(struct github *github, const char *owner);
int64_t github_blocked_until(struct github *github, const char *owner);
/*
 * Is this answer a refusal because of a limit? Then *until_ms is when to come back. Notes in any
 * case what the headers say for the next request.
 */
bool github_limited(struct github *github, const char *owner, const struct http_response *response,
		    int64_t *until_ms);
void github_sleep(struct github *github, int64_t ms);

/* An answer's JSON. Its error does not quote what is there: a broken answer may hold a token. */
bool github_parse(struct str body, json_t **json, struct err *e);

/* The message of an error's body, short and clean; empty when there is none. */
struct str github_message(struct arena *a, const json_t *json);

#endif

/*
 * Questions that tell whether Aegis can work somewhere: who the token is, what it may do, and what a
 * repository's owner has switched on. Reads only. What the token may not read is UNSAID, never guessed.
 */
#ifndef GIT_GITHUB_ACCESS_H
#define GIT_GITHUB_ACCESS_H

#include "git/github_rights.h"

/* By mode, and by how the token begins. */
enum github_token_kind {
	GITHUB_TOKEN_APP,		/* made for an installation by the App's key */
	GITHUB_TOKEN_FINE,		/* a fine-grained personal token */
	GITHUB_TOKEN_CLASSIC,
	GITHUB_TOKEN_JOB,		/* GITHUB_TOKEN */
	GITHUB_TOKEN_INSTALLATION,	/* of an App, made elsewhere */
	GITHUB_TOKEN_OTHER,
};
enum github_token_kind github_token_kind(const struct github *github);

struct github_app {
	uint64_t id;
	const char *slug, *page;	/* page: its address for people; "" when it is not told */
	struct github_rights rights;	/* what it asks its installations for */
	const char *const *events;	/* NULL-ended */
};
/* Who the App's key belongs to. Errors as all; ERR_CONFIG: the client is no App. */
bool github_app_get(struct github_call *call, struct github_app *out, struct err *e);

struct github_grant {
	uint64_t id;
	const char *account, *page;
	bool is_suspended;
	struct github_rights rights;	/* what was granted */
};
/* The App's installation that holds the call's repository, suspended or not. ERR_GONE: there is none. */
bool github_grant_get(struct github_call *call, struct github_grant *out, struct err *e);

enum github_answer { GITHUB_UNSAID, GITHUB_NO, GITHUB_YES };

struct github_switches {
	uint64_t id;
	const char *owner, *name, *default_branch;	/* as it is called now */
	bool is_private, is_archived, is_disabled;
	enum github_answer may_push;
	enum github_answer merge_commit, squash, rebase, auto_merge;
	const char *scopes;		/* of a classic token; NULL: not told */
	const char *expires;		/* of a personal token, as GitHub writes it; NULL: not told */
};
/* By the call's installation where that is given: then also under a name it no longer has. */
bool github_switches_get(struct github_call *call, struct github_switches *out, struct err *e);

struct github_actions {
	enum github_answer enabled, may_open_pulls;
	uint64_t workflows;		/* all; those that are switched off follow, for people */
	struct str switched_off;
};
bool github_actions_get(struct github_call *call, struct github_actions *out, struct err *e);

/* A rule of rulesets that holds for a branch. */
struct github_rule {
	const char *type;		/* "creation" */
	uint64_t ruleset;
	struct str operator, pattern;	/* of rules about names and texts */
	bool negate;
	enum github_answer bypass;	/* may we go past it? */
};
struct github_rules {
	struct github_rule *items;
	size_t count;
	bool complete;
};
/* For any branch name, also one that is not there. */
bool github_rules_get(struct github_call *call, const char *branch, struct github_rules *out,
		      struct err *e);

/* May the token read this area of the repository ("actions")? GITHUB_NO for 403. */
bool github_may_read(struct github_call *call, const char *area, enum github_answer *out,
		     struct err *e);

/* Where GitHub sends the App's webhooks; "" when it sends none. */
bool github_hook_url(struct github_call *call, const char **url, struct err *e);
/* How the newest deliveries went, at most 30. */
struct github_deliveries {
	size_t count, failed;
	struct str last_failure;	/* GitHub's words for it; empty: none */
};
bool github_deliveries_get(struct github_call *call, struct github_deliveries *out, struct err *e);

/* The label with exactly this name: is it there? */
bool github_label_is_there(struct github_call *call, const char *label, bool *out, struct err *e);

#endif

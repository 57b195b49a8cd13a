/*
 * What Aegis needs to be allowed on GitHub, and no more: the table by which an App is made, tokens are
 * judged and people are told what is missing. Pure.
 */
#ifndef GIT_GITHUB_RIGHTS_H
#define GIT_GITHUB_RIGHTS_H

#include "git/github_repository.h"

/* GitHub's name of a permission, and how much of it. */
struct github_right {
	const char *name;
	enum github_permission level;
};
struct github_rights {
	struct github_right *items;
	size_t count;
};

/* The least that is needed, in the order of GitHub's form. */
struct github_needed_right {
	const char *name;
	enum github_permission level;
	const char *for_what;
};
extern const struct github_needed_right github_needed_rights[];	/* ended by a NULL name */
/* What an App listens to; everything is found without webhooks too, only later. NULL-ended. */
extern const char *const github_needed_events[];

const char *github_permission_name(enum github_permission level);	/* "write" */
bool github_permission_of_name(struct str name, enum github_permission *out);

/* Both are lists for people ("checks: write, issues: write (has read)"); empty when there is none. */
struct github_rights_judgement {
	struct str missing, excessive;
	bool may_change_workflows;	/* `workflows` is among the excessive ones */
};
struct github_rights_judgement github_rights_judge(const struct github_rights *have, struct arena *a);

/* The same for the scopes of a classic token ("repo, workflow"), as its header lists them. */
struct github_rights_judgement github_scopes_judge(struct str scopes, bool is_private, struct arena *a);

/* Events that are needed and not in the NULL-ended list, for people; empty when there is none. */
struct str github_events_missing(const char *const *have, struct arena *a);

#endif

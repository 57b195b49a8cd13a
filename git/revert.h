/*
 * The undoing of one commit, as a commit on a branch of its own. Works in memory: in a mirror
 * (remote_open) or in a repository with a work tree, which stays as it is.
 */
#ifndef GIT_REVERT_H
#define GIT_REVERT_H

#include "git/repo.h"

struct revert_request {
	const char *commit;		/* hex id of what is undone; a merge: against its first parent */
	const char *onto;		/* hex id of the commit to undo it on: the base branch's head */
	const char *branch;		/* "aegis/revert-..." */
	struct str body;		/* see commit_message */
	const struct trailer *trailers;
	/* Whose branch may be replaced, who makes the commit, and when: as in commit_request. */
	const char *incident;
	const char *author_name, *author_mail;
	int64_t made_at;
};

enum reverted {
	REVERTED,
	REVERT_CONFLICTS,		/* what came later stands on it: a person must do it */
	REVERT_NOTHING,			/* undoing it changes nothing there: it is undone already */
};

/*
 * Makes the branch with one commit on `onto` that takes back what `commit` did. Subject: Revert
 * "<its subject>"; the last line of the body: This reverts commit <id>. *out is set when true;
 * id for REVERTED only; *conflicts ("a.c, b.c and 3 more", in the arena, without control or hidden
 * characters but not escaped for any format) for REVERT_CONFLICTS only. For the other two answers no
 * branch is written. Paths come from the history and are not held against path_check.
 *
 * The same request gives the same commit. Order of writing, branches that are there already, kills
 * and the errors of the branch: as for repo_commit. ERR_GONE: no such commit here, or `commit` is
 * not in the history of `onto`, or its parent is not here (a shallow clone). ERR_INPUT: a first
 * commit, which nothing can be put in the place of; a damaged repository.
 */
bool repo_revert(struct repo *repo, const struct revert_request *request, struct arena *a,
		 enum reverted *out, struct str *conflicts, char id[REPO_ID_SIZE], struct err *e);

#endif

/*
 * Git over the network, into and out of a bare mirror on this machine. libgit2 knows no time-outs,
 * so each fetch and push runs in a child process of its own that can be killed: this same program,
 * started again with REMOTE_CHILD_ARGUMENT and an empty environment. Secrets go there by pipe.
 *
 *	int main(int argc, char **argv)
 *	{
 *		if (remote_is_child(argc, argv))
 *			return remote_child();
 *
 * Only https, file:// and, on this machine itself, http. Certificates are checked; for that https
 * needs a name, a numbered address is ERR_INPUT. No redirect leads to another host, no configuration
 * but the mirror's own is read, no proxy and no hook is used.
 *
 * What is fetched lies in the mirror as refs/remotes/origin/<branch> and refs/pull/<number>, never
 * as branches; branches of the mirror ("aegis/...") are our own.
 */
#ifndef GIT_REMOTE_H
#define GIT_REMOTE_H

#include "bot/base/err.h"
#include "bot/base/str.h"
#include "git/repo.h"

#define REMOTE_CHILD_ARGUMENT "git-remote-child"
bool remote_is_child(int argc, char **argv);
int remote_child(void);			/* the exit code */

struct remote {
	const char *mirror;		/* folder; made by the first fetch */
	const char *url;
	struct str token;		/* empty: none */
	const char *ca_file;		/* PEM; NULL: the system's */
	unsigned total_ms;		/* 0: 10 minutes for a fetch, 2 for a push */
	uint64_t bytes_most;		/* received; 0: 2 GiB */
};

/*
 * Brings the mirror up to date: all branches (gone ones go), and the heads of these pull requests.
 * ERR_LATER (time, network, another transfer is at it), ERR_DENIED (credentials, certificate), ERR_GONE
 * (no such repository), ERR_INPUT (damaged, too large).
 */
bool remote_fetch(const struct remote *remote, const uint64_t *pulls, size_t pull_count,
		  struct err *e);

enum remote_pushed {
	REMOTE_PUSHED,			/* it is there now, or was already */
	REMOTE_MOVED,			/* the branch is not where it was expected; nothing changed */
	REMOTE_REJECTED,		/* a rule of the server; *why says which */
	REMOTE_DENIED,			/* these credentials may not */
	REMOTE_LATER,			/* not known to be done: look before trying again */
};
struct remote_push {
	const char *branch;		/* "aegis/..."; others are refused */
	const char *commit;		/* of the mirror; NULL: delete the branch */
	const char *expected;		/* where the branch is now; NULL: it must not exist */
};
/*
 * Sets the branch over there, from the expected place only: compared first, and by the server again
 * when it takes the push. False only when nothing could be tried: ERR_INPUT, ERR_BUG.
 */
bool remote_push(const struct remote *remote, const struct remote_push *push,
		 enum remote_pushed *out, struct str *why, struct arena *a, struct err *e);

/*
 * Opens the mirror for reading and for repo_commit. There is no work tree: repo_root is the mirror's
 * folder, repo_head and repo_status fail. ERR_GONE: not fetched yet. ERR_DENIED: not ours.
 */
bool remote_open(const char *mirror, struct repo **out, struct err *e);
/* The commit that a fetched branch (or pull request) points to. ERR_GONE: none of that name. */
bool remote_branch(struct repo *repo, const char *branch, char commit[REPO_ID_SIZE],
		   struct err *e);
bool remote_pull(struct repo *repo, uint64_t number, char commit[REPO_ID_SIZE], struct err *e);

#endif

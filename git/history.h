/*
 * The commits between a good state and a bad one, and what lies between two of them.
 */
#ifndef GIT_HISTORY_H
#define GIT_HISTORY_H

#include "git/repo.h"
#include "git/revert.h"

struct history_commit {
	char id[REPO_ID_SIZE];
	const char *subject;		/* the first line of its message, as it is */
	bool is_merge;
};

/* A name ("v1.2", "main~3", a hex id or its start) to the commit it means. ERR_GONE when none. */
bool history_resolve(struct repo *repo, const char *name, char id[REPO_ID_SIZE], struct err *e);

/* The tree of a commit (hex id, in full) and its first parent, "" when it has none. As repo_tree. */
bool history_ids(struct repo *repo, const char *commit, char tree[REPO_ID_SIZE],
		 char parent[REPO_ID_SIZE], struct err *e);

/* Message and author's mail of a commit. As repo_tree. */
bool history_message(struct repo *repo, const char *commit, struct arena *a, struct str *message,
		     struct str *mail, struct err *e);

/*
 * The commits after `good` up to and with `head`, along first parents, oldest first. ERR_GONE when
 * good is not among head's first parents within `most` commits.
 */
bool history_since(struct repo *repo, const char *good, const char *head, size_t most,
		   struct arena *a, struct history_commit **out, size_t *count, struct err *e);

/* The files laid over the tree of `from` that make it the tree of `to`. As repo_restore. */
bool history_files(struct repo *repo, const char *from, const char *to, struct arena *a,
		   struct jail_file **out, size_t *count, struct err *e);

/*
 * What `commit` did, taken back from `onto`, as a patch against onto's tree; nothing is written but
 * objects. *out and *patch are set when true, *patch for REVERTED, *conflicts for REVERT_CONFLICTS.
 * Errors as of repo_revert; ERR_INPUT too for a file that a patch cannot hold (binary, a link).
 */
bool history_revert(struct repo *repo, const char *commit, const char *onto,
		    const struct tree *onto_tree, struct arena *a, enum reverted *out,
		    struct patch *patch, struct str *conflicts, struct err *e);

#endif

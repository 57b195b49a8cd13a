/*
 * A local repository, read and committed to through libgit2 alone: no git program, no hook, no
 * filter program, no fsmonitor, no setting of the system or the user. HEAD, the index and the work
 * tree are never written; a fix becomes a commit made of trees in memory and one new branch.
 *
 *	REPO repo = NULL;
 *	if (!repo_open(".", &repo, e) || !repo_head(repo, &head, e) ||
 *	    !repo_tree(repo, head.commit, a, &tree, e))
 *		return false;
 *
 * One handle is for one thread. Trees read through it must not outlive it.
 */
#ifndef GIT_REPO_H
#define GIT_REPO_H

#include "bot/base/err.h"
#include "bot/base/jail.h"
#include "git/message.h"
#include "git/patch.h"
#include "git/tree.h"

#include <stdint.h>

enum {
	REPO_ID_SIZE = 41,			/* 40 hex digits and a NUL */
	REPO_ENTRIES_MAX = 500000,		/* files of a tree; more is refused */
	REPO_BLOB_MAX = 64 * 1024 * 1024,	/* for repo_restore */
};

/* Who a commit is by where the caller knows nobody better. */
#define REPO_AUTHOR_NAME "Aegis"
#define REPO_AUTHOR_MAIL "aegis@localhost"

struct repo;
#define REPO __attribute__((cleanup(repo_close))) struct repo *

/*
 * Opens the repository that holds this folder: its root, a folder in it, or a linked work tree.
 * ERR_INPUT, naming the path: no repository, bare, without a commit, damaged, of an unknown kind
 * (SHA-256, reftable), or with a core.worktree that leads elsewhere. ERR_DENIED: it belongs to
 * another user and the user's own safe.directory does not name it.
 */
bool repo_open(const char *path, struct repo **out, struct err *e);
void repo_close(struct repo *const *repo);

/* The absolute, real path of the work tree, without '/' at its end. */
const char *repo_root(const struct repo *repo);

struct repo_head {
	char commit[REPO_ID_SIZE], tree[REPO_ID_SIZE];
	/* First parent; "" for a first commit, and where it is not here (a shallow clone). */
	char parent[REPO_ID_SIZE];
	char branch[256];			/* "main"; "" when HEAD is detached */
	int64_t committed_at;			/* seconds since 1970, UTC */
};
bool repo_head(struct repo *repo, struct repo_head *out, struct err *e);

struct repo_tree {
	struct tree view;			/* entries by bytes; read gives blobs by id */
	size_t left_out;			/* entries whose path fails path_check, and twins */
};

/*
 * All files, links and submodules of a commit (hex id, in full). A folder that fails path_check is
 * left out with all below it and counts as one. ERR_GONE: no such commit here. ERR_INPUT: damaged,
 * or more than REPO_ENTRIES_MAX entries or folders (a tree may name itself a million times over).
 */
bool repo_tree(struct repo *repo, const char *commit, struct arena *a,
	       const struct repo_tree **out, struct err *e);
/*
 * The same for the first parent. ERR_GONE when there is none, or it is not here (a shallow clone).
 */
bool repo_parent_tree(struct repo *repo, const char *commit, struct arena *a,
		      const struct repo_tree **out, struct err *e);

/*
 * The bytes of a file or program of a commit, at most limit of them. ERR_GONE: no such path, or its
 * blob is not here (a partial clone). ERR_INPUT: larger, or no file.
 */
bool repo_blob(struct repo *repo, const char *commit, const char *path, size_t limit,
	       struct arena *a, struct str *out, struct err *e);

struct repo_status {
	/*
	 * Tracked files whose content, mode or staged content is not that of HEAD, or that are
	 * gone.
	 */
	const char *const *changed;
	size_t changed_count;
	/* Neither tracked nor ignored by the repository's own rules; a folder ends in '/'. */
	const char *const *untracked;
	size_t untracked_count;
};

/*
 * What in the work tree is not as in HEAD. Paths are as on the disk, unchecked. Submodules and
 * files that a sparse checkout leaves out do not count. Line ends: a file is clean when it is as in
 * HEAD after what core.autocrlf (of the repository, else of the user) and the text and eol
 * attributes do to it (git status may still call it changed, because it looks at the size first).
 * Git LFS: a file is clean when its size and SHA-256 are those of the pointer in HEAD. A file of
 * any other filter program (git-crypt) is clean as long as its time and size are those of the
 * index; else it counts as changed, because its filter is never run. The index is not refreshed on
 * disk.
 */
bool repo_status(struct repo *repo, struct arena *a, struct repo_status *out, struct err *e);

/*
 * The same in a thread of its own, which shares nothing with the handle given and looks at the work
 * tree only; at the end the index is compared with the tree of HEAD that the caller has read by then
 * (NULL: it is not). What was begun must be ended, once; its errors are those of repo_open and
 * repo_status.
 */
struct repo_look;
bool repo_look_begin(struct repo *repo, struct repo_look **out, struct err *e);
bool repo_look_end(struct repo_look *look, const struct repo_tree *head, struct arena *a,
		   struct repo_status *out, struct err *e);

/*
 * The changed files of a status as they are in a commit, to be laid over a copy of the work tree:
 * the bytes, or exists = false where the commit has no such file. Left out: links, submodules, LFS
 * pointers (their content is not here), paths that fail path_check. ERR_INPUT for files above
 * REPO_BLOB_MAX.
 */
bool repo_restore(struct repo *repo, const char *commit, const struct repo_status *status,
		  struct arena *a, struct jail_file **out, size_t *count, struct err *e);

/* Is this the small text that stands for a large file kept elsewhere (Git LFS)? */
bool repo_is_lfs_pointer(struct str text);

struct commit_request {
	const char *parent;			/* hex id; the patch was made for its tree */
	const struct patch *patch;
	const char *branch;			/* "aegis/fix-..." */
	struct str subject, body;		/* see commit_message */
	const struct trailer *trailers;
	/*
	 * When the branch exists with other content, it is replaced if its tip was committed by us
	 * (as REPO_AUTHOR_MAIL or as author_mail) and has the trailer Aegis-Incident with this
	 * value. NULL: never.
	 */
	const char *incident;
	/* Author and committer, see github_own_identity. NULL: REPO_AUTHOR_NAME, REPO_AUTHOR_MAIL. */
	const char *author_name, *author_mail;
	int64_t made_at;			/* seconds since 1970, UTC */
};

/*
 * Commits a patch on top of parent and makes the branch, in this order: blobs, trees, commit,
 * branch (compare-and-swap under git's own lock). Killed anywhere it leaves a valid repository. A
 * branch that already has this tree and parent is taken as it is: its tip is the answer.
 * ERR_DENIED: the branch exists and is not ours, or is checked out, rebased or bisected in some
 * work tree. ERR_INPUT: a name that cannot be a branch or an author, an empty patch, one made for
 * another tree. ERR_LATER: somebody holds the branch's lock (one left behind is taken over).
 */
bool repo_commit(struct repo *repo, const struct commit_request *request, char id[REPO_ID_SIZE],
		 struct err *e);

bool repo_branch_exists(struct repo *repo, const char *branch);

#endif

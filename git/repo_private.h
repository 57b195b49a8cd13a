/* What the files git/repo*.c share; nobody else includes it. */
#ifndef GIT_REPO_PRIVATE_H
#define GIT_REPO_PRIVATE_H

#include "git/library.h"
#include "git/repo.h"
#include "git/revert.h"

#include <git2.h>

struct repo {
	struct arena arena;		/* holds this struct too */
	git_repository *handle;
	git_odb *odb;
	const char *root;
	bool is_bare;			/* a mirror: no work tree */
};

#define HANDLE(type, close) __attribute__((cleanup(close))) type *
void repo_free_object(git_object **object);
void repo_free_commit(git_commit **commit);
void repo_free_tree(git_tree **tree);
void repo_free_entry(git_tree_entry **entry);
void repo_free_reference(git_reference **reference);

/* Lookups with errors in words; the caller closes what it gets. */
bool repo_find_commit(struct repo *repo, const char *id, git_commit **out, struct err *e);
bool repo_find_tree(const git_commit *commit, git_tree **out, struct err *e);

/* A commit to be made on one parent, and the branch that is to have it. */
struct landing {
	const char *branch, *incident;		/* as in commit_request */
	const char *author_name, *author_mail;
	int64_t made_at;
	const char *message, *note;		/* note: for the reflog */
	const git_commit *parent;
	git_oid tree;

	char name[300];				/* "refs/heads/...", by repo_land_check */
	git_oid commit;				/* by repo_land */
};
/* What can be refused before anything is written. */
bool repo_land_check(struct repo *repo, struct landing *landing, struct err *e);
/* Makes the commit, then the branch, by the rules of repo_commit. */
bool repo_land(struct repo *repo, struct landing *landing, char id[REPO_ID_SIZE], struct err *e);

/* What repo_revert would commit: the tree of `onto` without what `commit` did (git/revert.c). */
bool revert_tree(struct repo *repo, const char *commit, const char *onto, struct arena *a,
		 git_oid *tree, enum reverted *out, struct str *conflicts, struct err *e);

/* The bytes of a blob into the arena. ERR_GONE, ERR_INPUT (too large, damaged). */
bool repo_read_blob(git_odb *odb, const git_oid *id, size_t limit, struct arena *a,
		    struct str *out, struct err *e);

/* repo_status of the index and the work tree, or of the work tree alone. */
bool repo_status_of(struct repo *repo, git_status_show_t show, struct arena *a,
		    struct repo_status *out, struct err *e);
/* The object's id of an entry of the tree. */
const git_oid *repo_tree_id(const struct repo_tree *tree, size_t index);

/* ERR_DENIED unless root and git folder are ours, or safe.directory of the user allows it. */
bool repo_check_owner(const char *root, const char *git_folder, struct err *e);
/* The last value of a setting in the user's or the system's own files; NULL when there is none. */
const char *repo_user_setting(struct arena *a, const char *name);

#endif

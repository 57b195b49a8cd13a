/*
 * Refs, commits, comparisons and files as GitHub has them. Trees and larger reads come from the
 * mirror (git/remote.h).
 */
#ifndef GIT_GITHUB_COMMITS_H
#define GIT_GITHUB_COMMITS_H

#include "git/github.h"
#include "git/github_pulls.h"

/* The commit a branch points to. ERR_GONE: no such branch. */
bool github_branch_head(struct github_call *call, const char *branch, char head[GITHUB_SHA_SIZE],
			struct err *e);
/* Of branches "aegis/..." only. One that is gone is deleted already. */
bool github_branch_delete(struct github_call *call, const char *branch, struct err *e);

struct github_commit {
	char id[GITHUB_SHA_SIZE], tree[GITHUB_SHA_SIZE];
	char first_parent[GITHUB_SHA_SIZE];	/* "" for a first commit */
	size_t parent_count;
	struct str message;
	const char *author, *committer;	/* logins; "" where GitHub knows none */
	int64_t authored_ms, committed_ms;
};
/* ref: a branch or a commit's id. */
bool github_commit_get(struct github_call *call, const char *ref, struct github_commit *out,
		       struct err *e);

enum github_relation {
	GITHUB_RELATION_UNKNOWN, GITHUB_IDENTICAL, GITHUB_AHEAD, GITHUB_BEHIND, GITHUB_DIVERGED,
};
struct github_comparison {
	enum github_relation relation;	/* of head to base */
	uint64_t ahead, behind;
	char merge_base[GITHUB_SHA_SIZE];
	struct github_files files;	/* at most 300; complete says so */
};
bool github_compare(struct github_call *call, const char *base, const char *head,
		    struct github_comparison *out, struct err *e);

/* The bytes of a file at a ref. ERR_GONE: none there. ERR_INPUT: no path, larger than bytes_most. */
bool github_file_get(struct github_call *call, const char *path, const char *ref,
		     size_t bytes_most, struct str *out, struct err *e);
bool github_blob_get(struct github_call *call, const char *id, size_t bytes_most,
		     struct str *out, struct err *e);

#endif

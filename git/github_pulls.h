/*
 * Pull requests.
 */
#ifndef GIT_GITHUB_PULLS_H
#define GIT_GITHUB_PULLS_H

#include "git/github.h"
#include "git/github_read.h"

/* GitHub finds out in the background: UNKNOWN means ask again in a while. */
enum github_mergeable { GITHUB_MERGEABLE_UNKNOWN, GITHUB_MERGEABLE, GITHUB_CONFLICTING };
enum github_merge_state {
	GITHUB_MERGE_STATE_UNKNOWN, GITHUB_MERGE_CLEAN, GITHUB_MERGE_BLOCKED, GITHUB_MERGE_BEHIND,
	GITHUB_MERGE_DIRTY, GITHUB_MERGE_UNSTABLE, GITHUB_MERGE_DRAFT, GITHUB_MERGE_HAS_HOOKS,
};

struct github_pull {
	uint64_t id, number;
	const char *node;		/* for GraphQL */
	struct str title, body;
	bool is_open, is_draft, is_merged;
	enum github_mergeable mergeable;	/* UNKNOWN in lists */
	enum github_merge_state merge_state;
	char head[GITHUB_SHA_SIZE], base[GITHUB_SHA_SIZE];
	char merge_commit[GITHUB_SHA_SIZE];	/* of a merged one; else "" */
	const char *head_branch, *base_branch;	/* "" when the name is not a good one */
	const char *head_owner, *head_name;	/* "" when that repository is gone */
	const char *author;
	const char *const *labels;	/* at most 100 */
	size_t label_count;
	int64_t created_ms, updated_ms, merged_ms;
};
struct github_pulls {
	struct github_pull *items;
	size_t count, left_out;
	bool complete;
};

struct github_pull_request {
	const char *head, *base;	/* branches of the same repository */
	struct str title, body;
	bool is_draft;
};
/*
 * Creates one. Where drafts are not to be had (*out says so) it is made without. ERR_INPUT with
 * call.status 422: there is one already, or nothing to merge.
 */
bool github_pull_create(struct github_call *call, const struct github_pull_request *request,
			struct github_pull *out, struct err *e);
bool github_pull_get(struct github_call *call, uint64_t number, struct github_pull *out,
		     struct err *e);
/*
 * state: "open", "closed", "all". head: a branch of this repository, or NULL; base: NULL for any.
 * The newest first.
 */
bool github_pulls_list(struct github_call *call, const char *state, const char *head,
		       const char *base, struct github_pulls *out, struct err *e);
/* The newest 100, open or not. */
bool github_pulls_newest(struct github_call *call, struct github_pulls *out, struct err *e);
const char *github_pulls_path(struct github_call *call, struct err *e);	/* open ones, for polls */
bool github_pulls_read(struct str body, struct arena *a, struct github_pulls *out,
		       struct err *e);

/* Empty texts and is_closed = false leave what is there. */
bool github_pull_update(struct github_call *call, uint64_t number, struct str title,
			struct str body, bool is_closed, struct err *e);
/* Takes the draft mark off; pull is as github_pull_get gives it. */
bool github_pull_ready(struct github_call *call, const struct github_pull *pull, struct err *e);

enum github_merge_method { GITHUB_MERGE_COMMIT, GITHUB_MERGE_SQUASH, GITHUB_MERGE_REBASE };
enum github_merged {
	GITHUB_MERGED,
	GITHUB_NOT_MERGEABLE,	/* 405: checks, reviews or conflicts stand against it */
	GITHUB_HEAD_MOVED,	/* 409: the head is not `head` any more */
};
/*
 * Merges only while `head` is the pull request's head. True for all three answers; *commit is of
 * MERGED, *why of the others (GitHub's words).
 */
bool github_pull_merge(struct github_call *call, uint64_t number, const char *head,
		       enum github_merge_method method, struct str title, struct str message,
		       enum github_merged *out, char commit[GITHUB_SHA_SIZE], struct str *why,
		       struct err *e);

struct github_file {
	struct str path, previous_path;
	const char *state;		/* "added", "modified", "removed", "renamed", ... */
	uint64_t additions, deletions;
};
struct github_files {
	struct github_file *items;
	size_t count, left_out;
	bool complete;			/* GitHub lists at most 3,000 (of a comparison 300) */
};
bool github_pull_files(struct github_call *call, uint64_t number, struct github_files *out,
		       struct err *e);

#endif

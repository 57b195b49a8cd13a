/*
 * Reviews of a pull request, and what they come to.
 *
 *	if (!github_reviews_list(&call, number, &reviews, e) ||
 *	    !github_reviewers_ask(&call, &reviews, head, &reviewers, e))
 *		return false;
 *	verdict = github_reviews_verdict(&reviews, head, &reviewers, NULL);
 */
#ifndef GIT_GITHUB_REVIEWS_H
#define GIT_GITHUB_REVIEWS_H

#include "git/github.h"
#include "git/github_read.h"
#include "git/github_repository.h"

enum github_review_state {
	GITHUB_REVIEW_UNKNOWN, GITHUB_REVIEW_APPROVED, GITHUB_REVIEW_CHANGES,
	GITHUB_REVIEW_COMMENTED, GITHUB_REVIEW_DISMISSED, GITHUB_REVIEW_PENDING,
};

struct github_review {
	uint64_t id;
	const char *author;		/* "" when the account is gone */
	bool author_is_person;		/* an account of type User; no App, no organisation */
	enum github_review_state state;
	char commit[GITHUB_SHA_SIZE];	/* the head that was reviewed; "" when that is gone */
	int64_t submitted_ms;		/* 0: not yet (PENDING) */
	struct str body;
};
struct github_reviews {
	struct github_review *items;	/* as GitHub lists them: the oldest first */
	size_t count, left_out;
	bool complete;
};
bool github_reviews_list(struct github_call *call, uint64_t number, struct github_reviews *out,
			 struct err *e);

struct github_reviewer {
	const char *login;
	enum github_permission permission;
};
struct github_reviewers {
	struct github_reviewer *items;
	size_t count;
	bool complete;			/* false: there are more than are asked about */
};
/*
 * What those may do here on whose review the verdict depends, each asked about once: at most 50,
 * because anybody may review a public pull request.
 */
bool github_reviewers_ask(struct github_call *call, const struct github_reviews *reviews,
			  const char *head, struct github_reviewers *out, struct err *e);

enum reviews_verdict {
	REVIEWS_NONE,			/* nobody whose word counts has said so or otherwise */
	REVIEWS_APPROVED,
	REVIEWS_CHANGES,
};
/*
 * Of each author the newest review counts that approves, wants changes, was dismissed, or says what
 * we do not know. CHANGES: one of somebody who may write here wants changes, of whatever commit. Else
 * APPROVED: one approves exactly `head`, by a person who may write here; never when reviews or
 * reviewers are not complete. *by (or NULL) is the review that decides, of those two. Pure.
 */
enum reviews_verdict github_reviews_verdict(const struct github_reviews *reviews, const char *head,
					    const struct github_reviewers *reviewers,
					    const struct github_review **by);

#endif

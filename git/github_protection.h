/*
 * What stands between a pull request and its merge: rulesets and classic protection of a branch.
 */
#ifndef GIT_GITHUB_PROTECTION_H
#define GIT_GITHUB_PROTECTION_H

#include "git/github.h"
#include "git/required.h"

struct github_protection {
	struct required_check *checks;
	size_t check_count;
	bool is_known;			/* false: a part could not be read, or was malformed */
	bool must_be_current;		/* the head must hold the base's newest commit */
	uint64_t approvals;		/* reviews that are needed */
	bool has_merge_queue, wants_linear_history, wants_signatures, wants_code_owners;
	struct str merge_methods;	/* "squash, rebase", where rules allow only some; else empty */
	bool reviews_unknown;		/* classic protection, of which only the checks are told */
};
/* Rulesets, then classic protection; where that may not be read, what the branch itself tells. */
bool github_protection_of(struct github_call *call, const char *branch,
			  struct github_protection *out, struct err *e);

#endif

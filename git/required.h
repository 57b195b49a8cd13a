/*
 * Is a commit green? A pure judgement over all that its checks say. A set that is empty, incomplete
 * or of another commit is not green.
 */
#ifndef GIT_REQUIRED_H
#define GIT_REQUIRED_H

#include "git/github_checks.h"

/* A check that must have passed, by the branch's rules. */
struct required_check {
	struct str context;
	uint64_t app_id;		/* 0: of any app */
};

enum checks_verdict {
	CHECKS_EMPTY,			/* nothing has run that could have failed */
	CHECKS_WAITING,			/* something has not ended, or is not all known */
	CHECKS_RED,
	CHECKS_GREEN,
};

struct checks_facts {
	const char *head;		/* what is asked about */
	const struct github_checks *checks;
	const struct github_suites *suites;
	const struct github_statuses *statuses;
	const struct required_check *required;
	size_t required_count;
	bool required_is_known;
	uint64_t own_app_id;		/* our own check runs say nothing; 0: none */
	/* Red before the change already; not of required ones. */
	const struct str *tolerated;
	size_t tolerated_count;
};

struct checks_reason {
	const char *text;		/* "has failed" */
	struct str name;		/* of the check, or empty */
	bool is_required;
};
struct checks_judgement {
	enum checks_verdict verdict;
	struct checks_reason *reasons;	/* for every verdict but GREEN at least one */
	size_t reason_count;
	bool needs_person;		/* it waits for somebody to approve the runs */
	size_t passed, failed, running, tolerated;
};
/* RED goes before WAITING: one failure is enough to act on. */
struct checks_judgement checks_judge(const struct checks_facts *facts, struct arena *a);

#endif

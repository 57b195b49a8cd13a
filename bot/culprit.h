/*
 * Which commit broke it: the first bad one between a commit that was green and the one that is red,
 * found by running both ends and what lies between, and confirmed by running it and the one before
 * it once more.
 */
#ifndef BOT_CULPRIT_H
#define BOT_CULPRIT_H

#include "bot/rules.h"
#include "bot/trial.h"
#include "git/history.h"

enum { CULPRIT_COMMITS_MOST = 1000 };

struct culprit_job {
	struct repo *repo;
	const struct workplace *place;	/* its tree is that of head */
	const char *good, *head;	/* hex ids */
	const char *command;
	const struct failure *failure;	/* what head shows */
};

struct culprit {
	struct history_commit commit;	/* id "" when none was found */
	const char *why_not;		/* then, for people */
	size_t between;			/* commits after the good one */
	unsigned runs;
};

/*
 * True with a culprit or the reason why there is none: the good commit shows the failure too, a
 * commit between fails in another way, a run that comes and goes. False when the machine fails.
 */
bool culprit_find(const struct culprit_job *job, struct arena *a, struct culprit *out, struct err *e);

/*
 * The candidate that takes it back from head. NULL with *why for people: later commits stand on it,
 * the failing test came or was changed with it, a release, a migration, a protected path.
 */
struct candidate *culprit_revert(const struct culprit_job *job, const struct culprit *culprit,
				 const struct rules *rules, struct arena *a, const char **why,
				 struct err *e);

#endif

/*
 * Seeing: which runs are red, why, and whether that is known already. Reads GitHub and writes the
 * store; changes nothing over there.
 */
#ifndef BOT_SEE_H
#define BOT_SEE_H

#include "bot/daemon.h"

struct seen {
	size_t repositories, unreachable;	/* watched; could not be asked this time */
	size_t runs, jobs;			/* red ones that were not known */
	size_t incidents, sightings;		/* new ones; further sightings of known ones */
	size_t unread;				/* red jobs without a failure that we understand */
};

/*
 * Which repositories are ours to watch: those of github.repositories, else all that the App is
 * installed in. What cannot be asked for now stays as it was.
 */
bool see_repositories(struct daemon *daemon, struct arena *a, struct err *e);

/*
 * Looks at the newest runs of every watched repository, over one pool of connections and for free
 * where nothing changed. A red run that is the newest of its workflow on its branch is read, job by
 * job: its primary failure, on its branch, is an incident, new or known. Trouble with one repository
 * is logged and never keeps the others from being seen. False when the store fails.
 */
bool see_runs(struct daemon *daemon, struct arena *a, struct seen *seen, struct err *e);

/* One red run; bot/see.c finds it, bot/see_run.c reads it. */
struct repository;
struct github_run;
bool see_run(struct daemon *daemon, const struct repository *repository,
	     const struct github_run *run, struct seen *seen, struct err *e);

#endif

/*
 * Seeing: what is red, why, and whether that is known already. Reads GitHub and writes the store;
 * changes nothing over there.
 */
#ifndef BOT_SEE_H
#define BOT_SEE_H

#include "bot/daemon.h"
#include "bot/store/seen.h"

/* Which repositories are looked at. NULL instead of one: all. */
struct see_which {
	bool (*wanted)(void *context, int64_t repository);
	/* It could not be asked, or not all of the answer could be dealt with now. */
	void (*missed)(void *context, int64_t repository);
	void *context;
};

struct seen {
	size_t repositories, unreachable;	/* watched; could not be asked this time */
	size_t runs, jobs;			/* red ones that were not known */
	size_t checks;				/* red ones of other systems, likewise */
	size_t incidents, sightings;		/* new ones; further sightings of known ones */
	size_t unread;		/* of which nothing is known but that they failed; incidents too */
	size_t comments;	/* new commands in them */
	bool is_news;		/* incidents are due now: whoever works on them has something to do */
};

/*
 * Which repositories are ours to watch: those of github.repositories, else all that the App is
 * installed in. They are known by their numbers, so a rename or a transfer is the same repository under
 * another name. One that was deleted, archived, taken from the App or whose installation is suspended or
 * gone is not watched any more, until it is there again. What cannot be asked for now stays as it was.
 */
bool see_repositories(struct daemon *daemon, struct arena *a, struct err *e);

/* Is the installation of this repository suspended, when last seen? */
bool see_is_suspended(struct daemon *daemon, const struct repository *repository, struct arena *a,
		      bool *suspended, struct err *e);
/* A sentence for people about a repository that is not watched. */
bool see_why_not_watched(struct daemon *daemon, int64_t repository, struct arena *a, const char **why,
			 struct err *e);

/*
 * Looks at the newest runs of every watched repository, over one pool of connections and for free
 * where nothing changed: the etag of an answer is remembered, in the store, once all in it is
 * dealt with, so a run that could not be read yet is asked for again. A red run that is the newest
 * of its workflow on its branch is read, job by job: its primary failure, on its branch, is an
 * incident, new or known. Goes back to the runs of the last look, at most 1,000 runs; a first look
 * takes the newest 100. Trouble with one repository is logged and never keeps the others from being
 * seen. False when the store fails.
 */
bool see_runs(struct daemon *daemon, const struct see_which *which, struct arena *a, struct seen *seen,
	      struct err *e);

/*
 * The same for what other systems report, checks and commit statuses, at the heads of default
 * branches and of the newest 20 open pull requests of each repository. Costs three conditional
 * requests a repository and two a pull request, so it is for every few looks at the runs.
 */
bool see_checks(struct daemon *daemon, const struct see_which *which, struct arena *a,
		struct seen *seen, struct err *e);

/*
 * Commands in new comments on issues and pull requests (bot/comment.h), each taken once and kept in the
 * store (bot/store/asked.h). Comments of bots, of programs in a person's name, and our own are passed
 * over. Costs a conditional request a repository.
 */
bool see_comments(struct daemon *daemon, struct arena *a, struct seen *seen, struct err *e);

/*
 * The failure of a sighting once more, from what is known of it besides a log: for one without a log
 * to read. *failure is NULL when GitHub knows it no more; *understood as notes_read. tree: of its
 * commit. The call's repository is the sighting's.
 */
struct failure;
struct sighting;
struct tree;
bool see_again(struct daemon *daemon, struct github_call *call, const struct sighting *sighting,
	       const struct tree *tree, const struct failure **failure, bool *understood,
	       struct err *e);

#endif

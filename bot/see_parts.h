/* What the files bot/see*.c share; nobody else includes it. */
#ifndef BOT_SEE_PARTS_H
#define BOT_SEE_PARTS_H

#include "bot/see.h"
#include "bot/store/incident.h"
#include "bot/store/seen.h"
#include "ci/failure.h"
#include "git/github_runs.h"
#include "git/repo.h"

/* "owner/name"; the parts lie in the arena. */
bool see_split_name(struct arena *a, const char *whole, const char **owner, const char **name);
void see_say_trouble(const char *repository, const struct err *why);
/* Is it a branch of ours, where fixes are made? Those are no incidents of their own. */
bool see_is_own_branch(const char *branch);

/* One thing that is asked of a repository in every sweep. */
struct question {
	const struct repository *repository;
	const char *name;		/* under which its etag is remembered */
	const char *path;
	bool may_lack;			/* its branch may be gone: that is no trouble */
	const char *branch;		/* for whom it asks */
	int64_t pull;
};

struct asking {
	struct daemon *daemon;
	const struct see_which *which;	/* NULL: nobody wants to know */
	struct seen *seen;
	/*
	 * Deals with an answer that changed. *done (true at first): false asks for the same again
	 * next time. What is put into keep is remembered with the etag. False when the store fails.
	 */
	bool (*answer)(struct asking *asking, const struct question *question, struct str body,
		       struct arena *a, struct text *keep, bool *done, struct err *e);
};

/* The watched repositories that are wanted. */
bool see_list(struct daemon *daemon, const struct see_which *which, struct arena *a,
	      struct repository **list, size_t *count, struct err *e);
/* Asks all, some at a time. What could not be asked counts in seen->unreachable. */
bool see_ask(struct asking *asking, const struct question *list, size_t count, struct err *e);
/* What was kept for a question's name; empty when there is nothing. */
bool see_kept(struct daemon *daemon, const char *name, struct arena *a, struct str *kept,
	      struct err *e);

/* Something red: a sighting of a failure, or (failure NULL) nothing but the mark. */
struct found {
	const struct repository *repository;
	const char *branch;
	struct sighting sighting;
	const struct failure *failure;
	bool understood;		/* the failure says more than that there is one */
	struct seen_thing thing;	/* handled with it, in one transaction */
};
bool see_keep(struct daemon *daemon, const struct found *found, struct seen *seen, struct err *e);

/* The files of a commit, from the mirror, which is brought up to date when it lacks it. */
bool see_tree(struct daemon *daemon, const struct repository *repository, struct github_call *call,
	      const char *head, struct repo **repo, const struct tree **tree, struct err *e);

/* One run that did not go well. *done is made false when it could not be read now. */
bool see_run(struct daemon *daemon, const struct repository *repository,
	     const struct github_run *run, struct seen *seen, bool *done, struct err *e);

struct github_comment;
struct github_comments;
/* Does this comment's author count, whatever it says? */
bool see_comment_counts(const struct github_comment *comment, const struct daemon *daemon);
/* Where the next look begins: at the newest change that was seen, never further back. Pure. */
int64_t see_comments_cursor(int64_t cursor, const struct github_comments *comments);

/* A run that is being read. */
struct look {
	struct daemon *daemon;
	const struct repository *repository;
	const struct github_run *run;
	struct github_call call;
	struct repo *repo;		/* opened when it is first needed */
	const struct tree *tree;
};
bool look_tree(struct look *l, struct err *e);

/* The failure of a job from what is known of it besides its log. */
bool see_job_notes(struct look *l, const struct github_job *job, const struct tree *tree,
		   const struct failure **failure, bool *understood, struct err *e);
/* The failure of a run that has no job at all. */
bool see_run_notes(struct look *l, const struct failure **failure, bool *understood, struct err *e);

#endif

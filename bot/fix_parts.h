/*
 * Private to bot/fix*.c: the state of one local fix and its three kinds of functions - those that
 * gather, and those that act; the one that decides is in bot/fix_step.h.
 */
#ifndef BOT_FIX_PARTS_H
#define BOT_FIX_PARTS_H

#include "bot/fix.h"
#include "bot/fix_step.h"
#include "bot/propose_model.h"
#include "git/repo.h"

enum { ROUNDS_MAX = 6 };

struct fix {
	const struct fix_job *job;
	struct arena *arena;
	struct answer *answer;

	struct repo *repo;
	struct repo_head head;
	char good[REPO_ID_SIZE];		/* what job->good means */
	const struct repo_tree *listing;	/* the commit's files, NULL until they are read */
	const struct tree *tree, *parent;	/* the commit, the commit before or NULL */
	struct workplace place;
	struct rules rules;
	unsigned candidates_max;
	struct own_list own;			/* the repository's own templates */
	const char *const *disabled;		/* templates that the repository does not want */
	const char *configured_command;		/* of the repository's file, or NULL */

	const struct report *log_report;	/* of the log that was given, or NULL */
	const char *command;
	struct trial before;			/* the commit as it is */
	struct trial current;			/* with what was taken over so far */
	struct patch patch;			/* what was taken over so far */
	const struct tree *current_tree;	/* the tree with it */
	struct verification taken;		/* the last one taken over */
	struct verification first;		/* the first one: the answer's template and oracle */
	unsigned red_runs, green_runs;		/* of the commit as it is; with all taken over */
	const struct candidate **answered;	/* all that were taken over */
	size_t answered_count;

	struct candidate *candidates;		/* of this round */
	size_t candidate_count, next;
	struct verification best;
	struct verification *proofs;		/* all proven ones of this round */
	size_t proof_count;

	struct model_station station;		/* count 0: no model is asked */
	struct model_proposal proposal;		/* the last answer of a model */
	struct model_retry retry;		/* what was wrong with it */
	const char *model_trouble;		/* why it could not be asked, or NULL */

	struct fix_facts facts;
};

/* Gather. */
bool fix_open(struct fix *fix, struct err *e);		/* repository, settings, sandbox, log, command */
bool fix_settings(struct fix *fix, struct err *e);
void fix_facts_of_run(struct fix *fix);			/* after the red run */
const struct failure *fix_failure(const struct fix *fix);	/* what the answer is about, or NULL */

/* Of a proof by reading: the next failure of the log, NULL for the first, that no accepted candidate
 * answers; NULL at the end. */
const struct failure *fix_unanswered(struct fix *fix, const struct failure *after);

void fix_name_incident(struct fix *fix);		/* incident and branch, when it is known or red */

/* Act. Each moves facts on. */
bool fix_read(struct fix *fix, struct err *e);
bool fix_propose(struct fix *fix);
bool fix_ask(struct fix *fix);
bool fix_prove(struct fix *fix, struct err *e);
bool fix_bisect(struct fix *fix, struct err *e);
bool fix_confirm(struct fix *fix, struct err *e);
bool fix_accept(struct fix *fix);
bool fix_measure(struct fix *fix, struct err *e);
bool fix_commit(struct fix *fix, struct err *e);
bool fix_repeat(struct fix *fix, struct err *e);	/* a second run with all taken over */
bool fix_record(struct fix *fix, struct err *e);	/* the answer's proof (fix_proof.c) */

/* The model station (fix_model.c). */
struct config;
bool fix_model_settings(struct fix *fix, const struct config *config, struct err *e);
/* After a proof: refuses what no test backs, keeps for the next question what was wrong. */
void fix_model_proved(struct fix *fix, struct verification *v);
void fix_model_close(struct fix *fix);

/* For the answer. */
void fix_note(struct fix *fix, const char *format, ...) __attribute__((format(printf, 2, 3)));
void fix_progress(const struct fix *fix, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void fix_attempt(struct fix *fix, const char *template_name, const char *why);

#endif

/*
 * Proving a candidate: the failing test and the whole suite before and after, in the sandbox, with
 * the tests as they are in the commit; what share of the change the tests ran; the quality
 * checklist.
 */
#ifndef BOT_VERIFY_H
#define BOT_VERIFY_H

#include "bot/confidence.h"
#include "bot/trial.h"
#include "templates/template.h"

struct verification {
	const struct candidate *candidate;
	struct patch patch;		/* against the commit, earlier rounds included */
	struct trial after;		/* the whole suite; of a refused one the last run, if any */
	const char *narrow;		/* the command of the failing test alone, or NULL */
	bool proven;			/* the failing test passes and nothing new is red */
	bool by_reading;		/* proven by reading: nothing was run */
	const char *refused;		/* why not, for people */
	struct quality quality;
	struct confidence confidence;
	enum risk risk;
	const char *measured_by;	/* how coverage was measured: "coverage.py", "ablation", ... */
	size_t lines;			/* added and removed, for choosing the smallest */
};

struct verify_job {
	const struct workplace *place;
	const struct rules *rules;
	const struct tree *tree;	/* the state that the candidate starts from */
	const struct tree *parent;	/* the commit before, or NULL */
	const char *command;		/* NULL: nothing here shows the failure of `log`, it is read */
	const struct report *log;	/* the log's failures, or NULL */
	const struct trial *before;	/* the red run of the state that the candidate starts from */
	const struct patch *start;	/* patches accepted in earlier rounds, or NULL */
};

/*
 * Runs the candidate. True when it could be judged (proven or refused with a reason); false only
 * when the machine fails. Coverage, quality and confidence are left to verify_measure.
 */
bool verify_candidate(const struct verify_job *job, const struct candidate *candidate,
		      struct arena *a, struct verification *out, struct err *e);

/*
 * For a proven one: coverage, quality, confidence, risk. `before` and `start` are those of the
 * first round.
 */
bool verify_measure(const struct verify_job *job, struct verification *verification,
		    struct arena *a, struct err *e);

/* Which of two proven ones is better: more of the suite passes, then the smaller one. */
bool verify_better(const struct verification *one, const struct verification *other);

/* Judges v->patch without a run: sets proven, or refused with the reason. */
void verify_by_reading(const struct verify_job *job, struct arena *a, struct verification *v);

/* A file of a patch is no more broken than it was; true for what has no grammar. */
bool verify_parses(const struct change *change, struct arena *a);

/* The run names this test among those that failed. */
bool verify_failed(const struct trial *trial, const char *test);

/* Passed tests among those run after; 1 for green, and 0 for red without a red test or no run. */
double verify_pass_rate(const struct trial *trial);

#endif

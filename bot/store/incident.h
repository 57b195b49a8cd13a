/*
 * Incidents: a signature on a branch of a repository, from the first sighting to an end. At most
 * one is open for each; whoever sees it again adds a sighting. Every change is made on the version
 * that was read, and leaves its reason in the audit log in the same transaction.
 */
#ifndef BOT_STORE_INCIDENT_H
#define BOT_STORE_INCIDENT_H

#include "bot/store/audit.h"
#include "bot/store/store.h"

/* In the order of the way; from STAGE_RESOLVED on they are ends. */
enum stage {
	STAGE_TRIGGERED, STAGE_INVESTIGATING, STAGE_HYPOTHESIS_RECEIVED, STAGE_CONTEXT_RETRIEVED,
	STAGE_SYNTHESIZING, STAGE_EXECUTING, STAGE_VERIFYING, STAGE_AWAITING_APPROVAL,
	STAGE_PROPOSED, STAGE_MERGED, STAGE_MONITORING,
	STAGE_RESOLVED, STAGE_ESCALATED, STAGE_REVERTED, STAGE_SUPERSEDED, STAGE_REJECTED,
	STAGE_COUNT
};

/* "HYPOTHESIS_RECEIVED": shown to people and stored. */
const char *stage_name(enum stage stage);
/* False and *stage untouched for another word. */
bool stage_of(struct str name, enum stage *stage);
static inline bool stage_is_end(enum stage stage)
{
	return stage >= STAGE_RESOLVED;
}

enum { INCIDENT_ID_SIZE = 13 };			/* 12 hex digits and a NUL */

/* Texts are never NULL. What stands above `stage` never changes, but for the repository's name. */
struct incident {
	const char *id;				/* 12 hex digits */
	const char *signature, *family;		/* 32 hex digits each */
	const char *repository;			/* "owner/name", as last seen */
	int64_t repository_id;
	const char *branch;
	int64_t opened_at;

	enum stage stage;			/* changed by incident_move alone */
	const char *why;			/* for the stage */
	int64_t updated_at;
	int64_t version;			/* grows with every change */

	/* The caller changes these and hands the whole to incident_move. */
	const char *base_sha, *head_sha;
	int64_t attempt;			/* fixes tried */
	int64_t pull;				/* number of our pull request */
	const char *fix_commit, *merge_sha;
	int64_t due_at;				/* the next look; never 0 while it is open */
	struct str facts;			/* a JSON object: what was learned */
};

/*
 * Where a failure was seen: one job of one run; job_id 0: a run that never had a job; run_id 0: what
 * another system reported, and job_id is the number of its check run or commit status.
 */
struct sighting {
	int64_t run_id, job_id;
	const char *job;			/* its name; may be "" */
	const char *head_sha;
	int64_t pull;				/* the pull request the run was for, or 0 */
	int64_t seen_at;			/* set by the store */
};

struct incident_key {
	const char *signature, *family;
	const char *repository;
	int64_t repository_id;
	const char *branch;
	const char *base_sha;			/* for a new one; may be "" */
};

/*
 * The open incident of this key, or a new one (TRIGGERED, due now), and notes the sighting; the
 * same run and job twice is one sighting. A new id follows from key and head sha, so that an
 * incident that is made again after a loss of the store finds its old branch. *made says which it
 * was.
 */
bool incident_open(struct store *store, const struct incident_key *key,
		   const struct sighting *sighting, const char *actor, struct arena *a,
		   struct incident *out, bool *made, struct err *e);

/*
 * Notes a sighting of any incident, also of one at its end. *fresh: it was not known; then an open
 * incident is due now (its version stays, so that work under way is not lost for a sighting).
 */
bool incident_see(struct store *store, const char *id, const struct sighting *sighting,
		  bool *fresh, struct err *e);

/* ERR_GONE when there is none. */
bool incident_get(struct store *store, const char *id, struct arena *a, struct incident *out,
		  struct err *e);
/* The newest of this key in any stage; ERR_GONE when there never was one. */
bool incident_last(struct store *store, const struct incident_key *key, struct arena *a,
		   struct incident *out, struct err *e);

/* The newest of the same key but for this one; ERR_GONE when there is no other. */
bool incident_before(struct store *store, const struct incident *incident, struct arena *a,
		     struct incident *out, struct err *e);

enum incident_order { INCIDENT_NEWEST_FIRST, INCIDENT_DUE_FIRST };

struct incident_filter {
	unsigned stages;			/* 1u << stage, or'ed; 0: all */
	int64_t repository_id;			/* 0: all */
	int64_t due_before;			/* its next look is before this; 0: all */
	enum incident_order order;
	size_t skip, limit;			/* limit 0: 50 */
};
#define STAGES_OPEN ((1u << STAGE_RESOLVED) - 1)

bool incident_list(struct store *store, const struct incident_filter *filter, struct arena *a,
		   struct incident **list, size_t *count, struct err *e);
/* How many there are in each stage. */
bool incident_count(struct store *store, int64_t counts[STAGE_COUNT], struct err *e);

/* Was the same failure, on the same branch, seen in this run too, by whatever incident? */
bool incident_seen_in(struct store *store, const struct incident *incident, int64_t run_id, bool *seen,
		      struct err *e);

/* The repository has another name now: its incidents are shown under it. */
bool incident_rename(struct store *store, int64_t repository_id, const char *name, struct err *e);

/* All sightings, oldest first. */
bool incident_sightings(struct store *store, const char *id, struct arena *a,
			struct sighting **list, size_t *count, struct err *e);

struct incident_reason {
	const char *actor;			/* "aegis", or the login of a person */
	const char *why;
	const json_t *facts;			/* it was decided from these; NULL: none */
};

/*
 * From the stage and version in *incident, as it was read, to a stage (which may be the same), and
 * stores the changed fields. ERR_LATER when someone else changed it meanwhile, or another incident
 * of its key is open; ERR_GONE when it is gone; ERR_BUG when it would be open and never looked at
 * again. On success *incident is as stored; after a transaction that was not committed read it
 * again.
 */
bool incident_move(struct store *store, struct incident *incident, enum stage to,
		   const struct incident_reason *reason, struct err *e);

/*
 * Stores due_at, facts and the other changed fields and nothing else: what was found out while
 * waiting is no decision, so it leaves no row in the audit log. Errors as for incident_move.
 */
bool incident_wait(struct store *store, struct incident *incident, struct err *e);

/*
 * Makes the open incidents of a repository due now, but for those that wait because something went
 * wrong: they come when their time is. *count: how many.
 */
bool incident_wake(struct store *store, int64_t repository_id, size_t *count, struct err *e);

/*
 * Ends as SUPERSEDED every open incident of a branch that is in one of these stages (1u << stage,
 * or'ed) and whose head is not head_sha: a newer commit made them meaningless. *count: how many.
 */
bool incident_supersede(struct store *store, int64_t repository_id, const char *branch,
			unsigned stages, const char *head_sha, const struct incident_reason *reason,
			size_t *count, struct err *e);

#endif

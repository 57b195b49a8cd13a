/*
 * What came of an action for a signature. A lesson is not used for 24 hours: until then the failure
 * may come back. What did not hold is marked ineffective and stays so.
 */
#ifndef BOT_STORE_LESSON_H
#define BOT_STORE_LESSON_H

#include "bot/store/store.h"

enum { LESSON_WAIT_MS = 24 * 60 * 60 * 1000 };

enum lesson_outcome {
	LESSON_WORKED,			/* merged, and it held */
	LESSON_RED_AGAIN,		/* the fix stayed or turned red */
	LESSON_REVERTED,
	LESSON_REJECTED,		/* by a person */
	LESSON_LIKED, LESSON_DISLIKED,	/* thumbs of people */
	LESSON_OUTCOMES
};
const char *lesson_outcome_name(enum lesson_outcome outcome);

struct lesson {
	int64_t id;			/* set by the store */
	const char *incident, *signature, *family;
	int64_t repository_id;
	const char *action;		/* "template", "model", "rerun", ... */
	const char *name;		/* which template or model; may be "" */
	enum lesson_outcome outcome;
	int64_t learned_at, usable_from;	/* set by the store */
	bool effective;			/* set by the store; see lesson_ineffective */
};

/* One incident teaches one outcome of one action once; again changes nothing. *fresh: was new. */
bool lesson_add(struct store *store, const struct lesson *lesson, bool *fresh, struct err *e);
/* The failure came back: all lessons of this action for this signature are ineffective. */
bool lesson_ineffective(struct store *store, const char *signature, const char *action,
			const char *name, struct err *e);

/* Usable at `now`, newest first, at most limit (0: 100). Ineffective ones are among them. */
bool lesson_of_signature(struct store *store, const char *signature, int64_t now, size_t limit,
			 struct arena *a, struct lesson **list, size_t *count, struct err *e);
bool lesson_of_family(struct store *store, const char *family, int64_t now, size_t limit,
		      struct arena *a, struct lesson **list, size_t *count, struct err *e);

#endif

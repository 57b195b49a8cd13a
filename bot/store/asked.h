/*
 * Commands that people gave in comments. A comment is taken once; deciding it and what follows from that
 * in the store are one transaction; telling people comes after it, as often as it takes.
 *
 *	TAKEN -> DECIDED -> DONE		TAKEN -> IGNORED | FAILED, DECIDED -> FAILED
 */
#ifndef BOT_STORE_ASKED_H
#define BOT_STORE_ASKED_H

#include "bot/store/store.h"

enum asked_state {
	ASKED_TAKEN, ASKED_DECIDED, ASKED_DONE,
	ASKED_IGNORED,			/* not one whom we answer */
	ASKED_FAILED,			/* given up: it could not be done or told */
	ASKED_STATES
};
const char *asked_state_name(enum asked_state state);

struct asked {
	int64_t repository_id;
	int64_t comment, issue;		/* the number of the issue or pull request */
	const char *author;
	const char *word, *hint;
	bool is_edited;
	int64_t created_at;		/* of the comment, by GitHub's clock */

	enum asked_state state;
	const char *act, *why;		/* what was decided */
	const char *incident;		/* "" when it is about none */
	const char *head;		/* of the pull request when it was decided, or "" */
	int64_t tries;
	int64_t due_at;
};

/* A new row, TAKEN and due now; *fresh is false, and nothing changed, when the comment was taken before. */
bool asked_take(struct store *store, const struct asked *asked, bool *fresh, struct err *e);
/* Was it taken? */
bool asked_has(struct store *store, int64_t repository_id, int64_t comment, bool *taken, struct err *e);
/* What waits and is due at `now`, in the order of the comments; at most limit (0: 50). */
bool asked_due(struct store *store, int64_t now, size_t limit, struct arena *a, struct asked **list,
	       size_t *count, struct err *e);
/* When the next one is due; 0: none waits. */
bool asked_next(struct store *store, int64_t *due_at, struct err *e);
/* Stores state, act, why, incident, head, tries and due_at. ERR_LATER: it is at its end. */
bool asked_settle(struct store *store, const struct asked *asked, struct err *e);

#endif

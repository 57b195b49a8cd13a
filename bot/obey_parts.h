/* What the files bot/obey*.c share; nobody else includes it. */
#ifndef BOT_OBEY_PARTS_H
#define BOT_OBEY_PARTS_H

#include "bot/comment.h"
#include "bot/obey.h"
#include "bot/store/asked.h"
#include "bot/turn.h"

/* One command on its way. */
struct obey {
	struct turn turn;		/* of the incident, or of the repository alone */
	struct asked *asked;
	struct comment_facts facts;
	struct github_pull on;		/* where it was said; number 0: on an issue */
	enum comment_act act;
	const char *why;
};

/* bot/obey_gather.c: where it was said, and about which incident. Fills turn.incident, on and facts. */
bool obey_gather(struct obey *o, struct err *e);
/* Which incident is about a branch of somebody's, the open ones first; *found: there is one. */
bool obey_find_incident(struct obey *o, bool *found, struct err *e);
/* Reads the red runs of the head, as if they had just been seen. */
bool obey_look_for_runs(struct obey *o, struct err *e);

/* bot/obey_act.c: what is wanted, and that it was decided, in one transaction. */
bool obey_apply(struct obey *o, struct err *e);
/* The one comment where it was said; safe to repeat. */
bool obey_say(struct obey *o, struct err *e);

#endif

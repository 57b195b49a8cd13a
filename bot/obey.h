/*
 * Carries out the commands that people gave in comments (bot/comment.h): asks who may, gathers, decides,
 * notes what is wanted with the incident, and tells people. What a person wants is done by the incident's
 * own turns: nothing here pushes, merges or closes.
 */
#ifndef BOT_OBEY_H
#define BOT_OBEY_H

#include "bot/daemon.h"

/*
 * All that are due. *did says whether there was one, *next_at when the next is due (0: none). False when
 * the store fails; what GitHub does not give now comes again later.
 */
bool obey_due(struct daemon *daemon, bool (*stop)(void), bool *did, int64_t *next_at, struct err *e);

/* Is the repository to be left alone? */
bool obey_paused(struct daemon *daemon, int64_t repository_id, bool *paused, struct err *e);

#endif

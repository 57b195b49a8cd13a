/*
 * The story of one incident, for people and for programs: where it was seen, how it moved and why,
 * what was done to the world. All from the store.
 */
#ifndef BOT_TELL_H
#define BOT_TELL_H

#include "bot/store/incident.h"

/* The incident itself, in one line. */
void tell_line(struct text *out, const struct incident *incident);
json_t *tell_object(const struct incident *incident);

/* With sightings, moves and effects, and what was learned. */
bool tell_text(struct store *store, const struct incident *incident, struct arena *a,
	       struct text *out, struct err *e);
/* The caller owns the reference. */
bool tell_json(struct store *store, const struct incident *incident, struct arena *a,
	       json_t **out, struct err *e);

#endif

/*
 * What people read of a visit: the texts of the pull request and of the step's summary. Cleaned as all of
 * bot/words.h.
 */
#ifndef BOT_ACTION_WORDS_H
#define BOT_ACTION_WORDS_H

#include "bot/action.h"
#include "bot/words.h"

/* Fills *words, and *incident that it points to, with what a visit knows. */
void action_words(const struct action_order *order, const struct answer *answer, const json_t *fix,
		  const char *branch, struct arena *a, struct incident *incident, struct words *words);

/* Markdown of the step's summary, and one plain sentence that says what came of the visit. */
struct str words_visit(struct arena *a, const struct words *words, const struct action_order *order,
		       const struct action_result *result);
struct str words_visit_line(struct arena *a, const struct action_order *order,
			    const struct action_result *result);

#endif

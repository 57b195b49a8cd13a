/*
 * What came by webhook is looked at now instead of at its next turn. A hint is never believed: it
 * says where to look.
 */
#ifndef BOT_HINTS_H
#define BOT_HINTS_H

#include "bot/pace.h"
#include "bot/see.h"

/*
 * Looks where the waiting deliveries say, and at no repository more than once a second. *news:
 * incidents are due. False when the store fails; trouble with GitHub is logged, and the poller comes
 * back to it.
 */
bool hints_take(struct daemon *daemon, struct pace *pace, bool *news, struct err *e);

/*
 * Asks GitHub, as an App, which deliveries there were since the last time and before that day, and
 * keeps those that did not come here as hints. *done is false when GitHub could not be asked.
 */
bool hints_list(struct daemon *daemon, bool *done, struct err *e);

#endif

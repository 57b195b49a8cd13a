/*
 * What ended incidents left behind because somebody was killed in the middle of tidying up.
 */
#ifndef BOT_SWEEP_H
#define BOT_SWEEP_H

#include "bot/daemon.h"

/*
 * Stops and forgets the jobs and windows of incidents that are at their end or unknown. What cannot
 * be removed now is only said; false when the store fails.
 */
bool sweep(struct daemon *daemon, struct err *e);

#endif

/*
 * What an event of GitHub is a reason to look at. Pure.
 */
#ifndef BOT_HINT_H
#define BOT_HINT_H

#include "bot/store/delivery.h"

/* enum hint_wants of an event and its action ("": none); 0: it is no reason to look anywhere. */
unsigned hint_wants(const char *event, const char *action);

#endif

/*
 * Our own secrets: what the daemon's file holds must never stand in a log, a prompt or a comment.
 */
#ifndef BOT_SECRETS_H
#define BOT_SECRETS_H

#include "bot/base/config.h"

/* Tells the redaction every secret of the daemon's file. One that is not set is no trouble. */
void secrets_know(const struct config *config, struct arena *a);

#endif

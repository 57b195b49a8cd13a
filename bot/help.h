/*
 * The man page, from the command table and the option table.
 */
#ifndef BOT_HELP_H
#define BOT_HELP_H

#include "bot/base/str.h"

void help_man(struct text *page);

#endif

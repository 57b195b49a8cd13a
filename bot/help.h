/*
 * The man page, from the command table and the option table.
 */
#ifndef BOT_HELP_H
#define BOT_HELP_H

#include "bot/base/str.h"

void help_man(struct text *page);
/* The commands in comments (bot/comment.h), as a Markdown table. */
void help_comments(struct text *page);

#endif

/* What audit.c and audit_check.c share; nobody else includes it. */
#ifndef BOT_STORE_AUDIT_PARTS_H
#define BOT_STORE_AUDIT_PARTS_H

#include "bot/store/audit.h"

/* Over all fields but the hash itself. */
char *audit_hash(struct arena *a, const struct audit_row *row);

#endif

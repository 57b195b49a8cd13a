/* What incident.c and incident_list.c share; nobody else includes it. */
#ifndef BOT_STORE_INCIDENT_PARTS_H
#define BOT_STORE_INCIDENT_PARTS_H

#include "bot/store/incident.h"
#include "bot/store/query.h"

#define INCIDENT_COLUMNS                                                                           \
	"id, signature, family, repository, repository_id, branch, opened_at, stage, why, "        \
	"updated_at, version, base_sha, head_sha, attempt, pull, fix_commit, merge_sha, due_at, "  \
	"facts"
/* Word for word as in the schema, so that its partial index serves. */
#define INCIDENT_IS_OPEN                                                                           \
	"stage NOT IN ('RESOLVED', 'ESCALATED', 'REVERTED', 'SUPERSEDED', 'REJECTED')"

/* Of a row of INCIDENT_COLUMNS. */
struct incident incident_read(struct query *q, struct arena *a);

#endif

/*
 * Which keys a workflow may have where.
 */
#ifndef TEMPLATES_LIB_WORKFLOW_SCHEMA_H
#define TEMPLATES_LIB_WORKFLOW_SCHEMA_H

#include "templates/lib_yaml.h"

/* The keys that the mapping around a pair (or the events that a scalar below `on`) may have, parted by
 * blanks; NULL where any name may stand. */
const char *schema_keys(const struct syntax *s, TSNode node);
/* Is every key of the workflow one that its place has? */
bool schema_fits(const struct syntax *s);

#endif

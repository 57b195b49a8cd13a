/* The facts of a decision in words, for the audit log and for people. */
#ifndef BOT_FACTS_JSON_H
#define BOT_FACTS_JSON_H

#include "bot/step.h"

#include <jansson.h>

/* Those that the stage decides by. The caller owns the reference. */
json_t *facts_json(enum stage stage, const struct incident_facts *facts);

#endif

/*
 * What is known of GitHub's runners, actions and rights: tables that ship with the program. A row is
 * added when GitHub takes something away; what no row knows is unknown, never guessed.
 */
#ifndef TEMPLATES_LIB_WORKFLOW_KNOWN_H
#define TEMPLATES_LIB_WORKFLOW_KNOWN_H

#include "bot/base/str.h"

#include <stdbool.h>

/* The nearest image in place of one that was removed, or NULL. */
const char *known_image_after(struct str label);
/* The newest major version of an action of GitHub that is known here; 0 for others. */
unsigned known_major(struct str action);
/* Versions of an action that GitHub refuses: "v2" of actions/cache. */
bool known_retired(struct str action, struct str version);
/* Does an image have this version of a tool, when it is known that a newer image lacks it? */
const char *known_image_with(const char *tool, struct str version, struct str lacking);
/*
 * The right that a call wants: "o/r/issues/1/comments" gives "issues". A comment on a pull request is
 * one on an issue for the interface. NULL when unknown.
 */
const char *known_right(struct str endpoint);
/* The right that a mutation of the GraphQL interface wants ("createPullRequest"); NULL: unknown. */
const char *known_mutation(struct str name);
/* "Pull requests", "PullRequests", "pull_requests" is "pull-requests"; NULL when it is no right. */
const char *known_scope(struct str name);

#endif

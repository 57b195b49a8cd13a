/*
 * A report for people and for programs.
 */
#ifndef CI_EXPLAIN_H
#define CI_EXPLAIN_H

#include "ci/failure.h"
#include "git/tree.h"

#include <jansson.h>

/*
 * The object that `aegis explain --format json` prints; what the log does not say is null. The caller
 * owns the reference.
 */
json_t *explain_json(const struct report *report);
json_t *explain_failure_json(const struct failure *failure);

/*
 * The first failure in about five lines, with its source line when a tree is given, the others in one
 * line each, and the tests.
 */
struct str explain_text(struct arena *a, const struct report *report, const struct tree *tree);

#endif

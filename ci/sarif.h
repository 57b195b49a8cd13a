/*
 * A report as SARIF 2.1.0 (OASIS, "Static Analysis Results Interchange Format"), for code scanning.
 */
#ifndef CI_SARIF_H
#define CI_SARIF_H

#include "ci/failure.h"
#include "git/tree.h"

#include <jansson.h>

/*
 * One run with Aegis as its driver, a rule for each type or code, and a result for each failure and
 * diagnostic. Only files that are in the tree get a location (without a tree: relative paths), since
 * every other path is a claim of the log. The caller owns the reference.
 */
json_t *sarif_json(const struct report *report, const struct tree *tree);

#endif

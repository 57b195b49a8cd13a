/*
 * A report as SARIF 2.1.0, which GitHub code scanning and editors read.
 */
#ifndef CI_SARIF_H
#define CI_SARIF_H

#include "ci/failure.h"
#include "git/tree.h"

#include <jansson.h>

/*
 * One run of the tool "Aegis": a rule for each code or type, a result for each failure and for each
 * diagnostic that is no failure. Locations only for own files, as relative URIs: those in the tree, or
 * without a tree those whose path is relative and fit for one. The caller owns the reference.
 */
json_t *sarif_json(const struct report *report, const struct tree *tree);

#endif

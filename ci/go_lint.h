/*
 * What Go's linters print about a Go file, so that it is not taken for the compiler's word.
 */
#ifndef CI_GO_LINT_H
#define CI_GO_LINT_H

#include "ci/lint.h"

/* Whether the line is a finding of one of them; the outputs are touched only then. */
bool go_lint_match(struct str text, const struct lint_tool **tool, struct lint_finding *finding);

#endif

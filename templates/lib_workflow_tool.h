/*
 * The versions of tools that jobs set up.
 */
#ifndef TEMPLATES_LIB_WORKFLOW_TOOL_H
#define TEMPLATES_LIB_WORKFLOW_TOOL_H

#include "templates/lib_workflow.h"

struct tool_version {
	unsigned major, minor;		/* minor 0 where only the major counts */
};

/* "v18.x", "3.9", ">=20.10.0": the first number and the next. False: "latest". */
bool tool_version_of(struct str text, struct tool_version *version);
int tool_version_compare(struct tool_version a, struct tool_version b);
/* The least version that a range of an engine or language allows: ">=20", "^20.1 || >=22" is 20. */
bool tool_version_least(struct str range, struct tool_version *least);

/*
 * The scalar that says which version the job sets up: the input, or the one value of what it names in
 * the matrix or the environment. Null when there are several or none.
 */
TSNode workflow_version(const struct workflow_job *job, const char *action, const char *input);

/*
 * Proposes `wanted` wherever a job that fits the log sets the tool up with an older version, written as
 * the old one was. Declines when there is none.
 */
void workflow_raise(struct scene *scene, const char *action, const char *input,
		    struct tool_version wanted, const char *why);

#endif

/*
 * The rights of a job's token.
 */
#ifndef TEMPLATES_LIB_WORKFLOW_RIGHTS_H
#define TEMPLATES_LIB_WORKFLOW_RIGHTS_H

#include "templates/lib_workflow.h"

enum right { RIGHT_UNSAID, RIGHT_NONE, RIGHT_READ, RIGHT_WRITE };

/* What the file says that the job may: UNSAID where it names no rights at all. */
enum right workflow_right(const struct workflow_job *job, const char *scope);

/*
 * Proposes the one right for the one job: added to the job's own, or stated there together with those
 * that it has from the file or from the log. Declines for what a fork sent, where the file grants it
 * already, where the token is another one, and where the rights that the job has cannot be told.
 */
void workflow_grant(struct scene *scene, const struct workflow_job *job,
		    const struct workflow_step *step, const char *scope, enum right right,
		    const char *why);

/* Is the workflow started by this event? */
bool workflow_runs_on(const struct workflow *workflow, const char *event);

#endif

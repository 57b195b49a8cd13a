/*
 * What is known of a failed job or check besides a log: annotations, the output of a check run, the
 * step, how it ended. For jobs whose log is gone or never was, and for the checks of other systems.
 */
#ifndef CI_NOTES_H
#define CI_NOTES_H

#include "ci/failure.h"
#include "git/tree.h"

/* One annotation that is an error. */
struct note {
	const char *file;		/* NULL: it has no place */
	unsigned long long line;
	struct str title, message, details;	/* of any number of lines */
};

enum ending {
	ENDING_FAILED,
	ENDING_TIMED_OUT,
	ENDING_ABANDONED,		/* a step never ended: nobody was left to say more */
	ENDING_NOT_STARTED,		/* a workflow that GitHub could not make a job of */
};

/* Whatever is not known stays 0. */
struct notes {
	const char *source;		/* "actions", or what else reported it: an app, a context */
	const char *workflow;		/* the workflow's file; NULL: it is of none */
	struct str name, step;		/* of the job or check; of the step that failed */
	enum ending ending;
	const struct note *list;
	size_t count;
	struct str title, summary, text;	/* of a check run's output */
};

/*
 * Its failure: what the readers of logs find in the texts, else what the ending, the step and the
 * first error say, so that there always is one. Its signature stays the same as long as the
 * workflow, the job (all legs of a matrix are one) and the step or message do. *understood is false
 * when it says no more than that it failed. tree as for log_open.
 */
const struct failure *notes_read(struct arena *a, const struct tree *tree, const struct notes *notes,
				 bool *understood);

#endif

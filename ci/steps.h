/*
 * The steps of a job, as its log shows them: each begins with "##[group]Run ...", and one that failed
 * holds an "##[error]" line.
 */
#ifndef CI_STEPS_H
#define CI_STEPS_H

#include "ci/reader.h"

enum { STEPS_MAX = 256, STEP_COMMAND_BYTES = 4096 };

struct step {
	unsigned long first_line;	/* where it begins; it ends where the next one does */
	const char *command;		/* all lines of its script; NULL for an action */
	bool failed;
	int exit_code;			/* -1 when the log does not say */
};

struct steps {
	struct step list[STEPS_MAX];
	size_t count;			/* further steps fall together with the last one */
	struct arena *arena;
	enum { STEP_BODY, STEP_SCRIPT, STEP_SETTINGS } part;
	bool has_shell, has_inputs;
	bool runner_seen;		/* some header named a shell, as the runner's own do */
	bool fresh;			/* this header began a step */
	size_t size;
	char title[512];
	char script[STEP_COMMAND_BYTES];
};

/* Takes a line of the log. Lines without a mark matter only while steps_listening. */
void steps_line(struct steps *steps, const struct line *line);
static inline bool steps_listening(const struct steps *steps)
{
	return steps->part != STEP_BODY;
}

/* Does a job end here, as far as its steps go? ("Post job cleanup.") */
void steps_end(struct steps *steps, unsigned long line);

/* The step that this line is in; NULL before the first one. */
const struct step *steps_at(const struct steps *steps, unsigned long line);
/* The last step that failed, else the last one with a command; NULL when there is none. */
const struct step *steps_last(const struct steps *steps);
bool steps_any_failed(const struct steps *steps);

#endif

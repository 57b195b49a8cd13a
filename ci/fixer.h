/*
 * One run of a formatter or linter: its findings become one failure, with the command that mends
 * exactly the files the log names.
 */
#ifndef CI_FIXER_H
#define CI_FIXER_H

#include "ci/trace.h"

enum { FIXER_BYTES = 3800, FIXER_FILES_MAX = 200 };

struct tool_run {
	const char *tool, *language;
	enum kind kind;
	struct kept file, code, message;	/* of the finding that stands for all */
	unsigned long line, column, first_line, error_line, last_line;
	bool guess;			/* the failure is but a hint */
	enum severity fails_on;		/* the lightest that makes the run fail */
	enum severity worst;		/* of the finding that stands for all */
	unsigned findings, files;
	bool failing;			/* not only lighter ones */
	bool unsafe;			/* a name cannot stand in a command, or too many */
	size_t size;
	char names[FIXER_BYTES];	/* " a.py b.py" */
};

/*
 * Adds a finding; the heaviest failing one that is first by file, line and column gives the failure
 * its place. Names the file in the command when it is fixable.
 */
void run_finding(struct tool_run *run, struct findings *f, const struct line *line,
		 const struct place *place, enum severity severity, struct str code,
		 struct str message, bool fixable);

/*
 * Ends the run: a failure when something failed (but a hint where no finding was an error), with
 * fixer = command and the names; NULL command: nothing mends it. The run is empty afterwards.
 */
void run_finish(struct tool_run *run, struct findings *f, const char *command);

#endif

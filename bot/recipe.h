/*
 * What we know about the commands that run tests: how to run one failing test only, and which
 * command a repository most likely means when nobody says.
 */
#ifndef BOT_RECIPE_H
#define BOT_RECIPE_H

#include "ci/failure.h"
#include "git/tree.h"

/*
 * The command for the failing test alone, or NULL when the command is not one whose tests can be
 * picked (a make target, a pipeline) or the failure names no test. Quoted for /bin/sh.
 */
const char *recipe_narrow(struct arena *a, const char *command, const struct failure *failure);

struct guess {
	const char *command;
	const char *from;	/* for people: "the log's last step", "pytest in pyproject.toml", ... */
};

/*
 * The command that shows the failure: the step in the log, else what the failing tool is usually
 * called with, else what the files of the repository say. report may be NULL. False when nothing
 * tells.
 */
bool recipe_guess(struct arena *a, const struct tree *tree, const struct report *report,
		  struct guess *guess);

/*
 * Splits a simple command into words as a shell would. NULL when it is more than one simple
 * command: anything with ; | & < > $ ` ( ) { } * ? ~ # or a newline outside quotes, or an
 * assignment in front.
 */
const char **recipe_words(struct arena *a, const char *command, size_t *count);

/* One word, quoted for /bin/sh so that it stays one word whatever it holds. */
const char *recipe_quote(struct arena *a, const char *word);

#endif

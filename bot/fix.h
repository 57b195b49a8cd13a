/*
 * The main job on one local repository: a red command or log goes in, a proven fix on a branch
 * comes out, or a diagnosis. HEAD, index and work tree are never touched.
 */
#ifndef BOT_FIX_H
#define BOT_FIX_H

#include "bot/answer.h"
#include "templates/lib_own.h"

struct fix_job {
	const char *folder;		/* in the repository */
	const char *command;		/* how to see the failure; NULL: found out */
	const char *log_file;		/* a log of the red run, "-" for stdin, or NULL */
	const char *config_file;	/* NULL: $AEGIS_CONFIG, or none */
	const char *good;		/* a commit known to be green, by any name; or NULL */
	bool dry_run, unsafe, no_llm;
	bool only_explain;		/* no edit is thought of: what is wrong, and no more */
	const char *branch;		/* that a detached HEAD is of; or NULL */

	/* What a daemon knows better than the repository can; NULL each: as it is found there. */
	const char *incident;		/* its id, so the branch is aegis/fix-<incident> */
	const struct str *settings;	/* the text of .github/aegis.yml of the default branch */
	const struct own_list *own;	/* the templates of the default branch */
	const char *author_name, *author_mail;	/* of the commit: see struct commit_request */
	const char *people;			/* what people said of it: data for a model */

	void (*progress)(const char *text);	/* a line for people as it goes on; may be NULL */
};

/*
 * Does the job. True with *answer filled and *exit_code DONE or NOTHING_SAFE (2); false with an
 * error when the input is unusable (ERR_INPUT, ERR_CONFIG) or the machine fails.
 */
bool fix_run(const struct fix_job *job, struct arena *a, struct answer *answer, int *exit_code,
	     struct err *e);

#endif

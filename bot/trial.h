/*
 * One run of a command over one state of the repository's files, in the sandbox, read as a log.
 */
#ifndef BOT_TRIAL_H
#define BOT_TRIAL_H

#include "bot/base/jail.h"
#include "ci/failure.h"
#include "git/patch.h"
#include "git/tree.h"

/* What stays the same from trial to trial. */
struct workplace {
	const char *folder;		/* the work tree; never written */
	const struct tree *tree;	/* the commit that is mended */
	const struct jail_file *base;	/* laid over first: what is not committed is set back */
	size_t base_count;
	struct jail_job tools;		/* binds, PATH and environment; filled once */
	struct jail_limits limits;
	bool unsafe;			/* --no-sandbox */
	unsigned *sandbox_ms;		/* where the time of sandboxed commands is added up */
	unsigned *start_ms;		/* where what the last sandbox's start took is put */
};

/* Limits, tools, environment and more folders of the daemon's file; sandboxed, unless it says no. */
struct config;
void workplace_prepare(struct workplace *place, const struct config *config, struct arena *a);

/*
 * What is not committed is set back to the commit, which is the one of HEAD: changed files, and those
 * that are neither tracked nor ignored are taken away.
 */
struct repo;
struct repo_status;
bool workplace_set_back(struct workplace *place, struct repo *repo, const char *commit,
			const struct repo_status *status, struct arena *a, struct err *e);

enum { TRIAL_TAIL_BYTES = 16 * 1024 };

struct trial {
	const char *command;
	struct jail_result jail;
	const struct report *report;
	struct str tail;		/* the end of the output */
	const char *log_sha256;		/* of all of the output, in hex */
	uint64_t log_bytes;
	bool green;			/* exited with 0 by itself */
};

/*
 * Runs `command` by /bin/sh with the patch (NULL: none) laid over. True when it ran, whatever its
 * outcome; errors are those of jail_run. environment (NULL-ended, may be NULL) and want are for
 * measuring runs. The trial lives in the arena.
 */
struct trial_extra {
	const char *const *environment;
	const char *const *want;
	const struct jail_bind *binds;
	size_t bind_count;
};
bool trial_run(const struct workplace *place, const char *command, const struct patch *patch,
	       const struct trial_extra *extra, struct arena *a, struct trial *trial,
	       struct err *e);

/*
 * Runs a tool's own fix over the patch so far and gives what it changed as a patch against the
 * commit. Only files that the tool was told to mend may change: ERR_DENIED otherwise; those are
 * `mends`, NULL-ended, or for NULL what argv names.
 */
bool trial_tool(const struct workplace *place, const char *const *argv, const char *const *mends,
		const struct patch *patch, struct arena *a, struct patch *out, struct err *e);

/* Does the run show this failure, by its signature or its family? */
bool trial_shows(const struct trial *trial, const struct failure *failure);

/* In one line for people: "exit code 1, 2 of 40 tests failed", "ran longer than allowed". */
const char *trial_summary(struct arena *a, const struct trial *trial);

#endif

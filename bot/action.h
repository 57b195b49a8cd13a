/*
 * A visit inside a job of GitHub Actions: what the runner and the user's workflow say, what may be
 * done there, and what came of it. The parts of `aegis action`; the main job itself is bot/fix.h.
 */
#ifndef BOT_ACTION_H
#define BOT_ACTION_H

#include "bot/action_event.h"
#include "bot/fix.h"
#include "git/github.h"

/* In the order of how far they go. */
enum action_mode { ACTION_EXPLAIN, ACTION_SUGGEST, ACTION_FIX };
const char *action_mode_name(enum action_mode mode);

struct action_order {
	enum action_mode mode;		/* as the workflow asks for */
	bool strict;			/* our own trouble fails the step */
	bool dry_run;			/* nothing is written to GitHub */
	bool is_job_token;		/* the job's own GITHUB_TOKEN, not one of an App or a person */
	unsigned wait_s;		/* for the first run on our pull request; 0: do not look */
	const char *command, *log_file, *config_file;	/* NULL each: not given */
	const char *workspace;		/* the repository's folder */
	const char *temporary;		/* the runner's folder for such files */
	const char *outputs, *summary;	/* files to add to; NULL: none */
	const char *owner, *name;	/* of the repository; NULL: not known */
	const char *api_url, *server_url;	/* NULL: github.com's */
	const char *branch;		/* that the job runs for, from GITHUB_REF; "": a tag or a merge */
	uint64_t run, attempt;		/* of the job; 0: not known */
	struct str token;		/* empty: none */
	struct event event;
};

/*
 * From the environment: INPUT_* of the step and GITHUB_* of the runner. ERR_CONFIG: an input is not
 * what it may be. ERR_INPUT: the runner's part is missing or malformed. outputs, summary and strict
 * are set also when it fails, so that the trouble can be told.
 */
bool action_read(struct arena *a, struct action_order *out, struct err *e);

struct action_plan {
	enum action_mode mode;		/* at most what was asked for */
	const char *branch;		/* of FIX: the base of the pull request */
	const char *why;		/* when it is less than was asked for; else NULL */
};
/* Pure. head: the commit that is checked out; "" when there is none. */
struct action_plan action_plan(const struct action_order *order, const char *head);

/* What became of a fix on GitHub. */
enum action_end {
	END_NOTHING,			/* it was not to be sent */
	END_OPENED,			/* our pull request */
	END_THERE,			/* there is one already, from an earlier run */
	END_UNSENT,			/* refused, or not ours to do: why says it */
};
struct action_sent {
	enum action_end end;
	uint64_t pull;			/* of OPENED and THERE */
	bool removed;			/* the branch was pushed and taken back */
	const char *why;		/* of UNSENT */
	const char *checks;		/* what the watchdog saw, or NULL */
};

struct action_result {
	struct action_plan plan;
	const char *trouble;		/* our own; then there may be no fix */
	json_t *fix;			/* as `aegis fix --format json`, or NULL */
	struct answer answer;		/* of fix */
	struct action_sent sent;
	const char *patch_file;		/* or NULL */
};

/*
 * The log of the first red job of the run: a file in `folder`. *log_file stays when there is none, or
 * it cannot be had (*why says so).
 */
void action_fetch_log(const struct action_order *order, struct github *github, const char *folder,
		      struct arena *a, const char **log_file, const char **why);

/*
 * Pushes the fix's branch and opens a draft into plan->branch, each once; then looks for its first
 * run as long as order->wait_s says. What is refused is told in *out. False: it may work another time.
 */
bool action_send(const struct action_order *order, const struct action_plan *plan,
		 struct github *github, const struct answer *answer, const json_t *fix,
		 struct arena *a, struct action_sent *out, struct err *e);

/* The sentences about a pull request that was opened with the job's own token; NULL for other tokens. */
const char *action_limits(const struct action_order *order);

/* To the runner's files; nothing when there are none. */
bool action_tell_outputs(const struct action_order *order, const struct action_result *result,
			 struct arena *a, struct err *e);
bool action_tell_summary(const struct action_order *order, const struct action_result *result,
			 struct arena *a, struct err *e);
/* The fix as `git apply` takes it, in the runner's folder for such files. */
bool action_write_patch(const struct action_order *order, const struct answer *answer,
			struct arena *a, const char **path, struct err *e);
/* Lines for the job's log that the runner shows at the place of each failure. */
struct str action_annotations(const struct action_order *order, const struct action_result *result,
			      struct arena *a);
/* "::level title=...::text" for what has no place; level is "error", "warning" or "notice". */
struct str action_notice(struct arena *a, const char *level, struct str title, struct str text);
/* A line for the job's log that no runner takes for one of its commands. */
struct str action_line(struct arena *a, struct str text);

#endif

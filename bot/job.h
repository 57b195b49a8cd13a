/*
 * A fix as a child process that outlives the daemon. The daemon orders it and looks again and again
 * what became of it; in between it may be restarted. A job makes a clone of the mirror, does the
 * main job (bot/fix.h) in it, brings the commit and its branch into the mirror, and leaves an
 * answer. Everything is in one folder, <work.folder>/jobs/<incident>-<number>:
 *	order.json, settings.yml, log	what was ordered
 *	tree/				the clone
 *	pid				locked as long as the child lives
 *	begun				a byte for each child that began on it
 *	tmp/				its TMPDIR, so that a kill leaves nothing elsewhere
 *	child.log			what it says on the way; bounded
 *	answer.json			the last thing it writes
 *
 * The child is this same program, started again with JOB_CHILD_ARGUMENT, in a session of its own and
 * with an environment that holds no secret but the keys of models:
 *
 *	int main(int argc, char **argv)
 *	{
 *		if (job_is_child(argc, argv))
 *			return job_child(argv[2]);
 */
#ifndef BOT_JOB_H
#define BOT_JOB_H

#include "bot/daemon.h"

struct job_order {
	const char *incident;		/* 12 hex digits */
	int64_t number;			/* of the attempt, from 1 */
	int64_t repository_id;		/* whose mirror: <work.folder>/<id>.git */
	const char *commit;		/* the base of the fix: 40 hex digits, in the mirror */
	struct str log;			/* of the red job, bounded by the caller; or empty */
	const char *good;		/* a commit that was green, or NULL: what is red may be taken back */
	const char *default_branch;	/* whose templates count */
	const char *people;		/* what people with the right said of it, for the model; or NULL */
	struct str settings;		/* .github/aegis.yml of the default branch; "" none */
	const char *author_name, *author_mail;	/* of the commit; NULL: the usual */
	unsigned limit_s;		/* after which the child ends; 0: two hours */
};

enum job_state {
	JOB_NONE,			/* never ordered, or forgotten */
	JOB_RUNNING,
	JOB_DONE,			/* it left an answer */
	JOB_BROKEN,			/* it was killed, or ran out of time: order it again, or not */
};

struct job_result {
	enum job_state state;
	int exit_code;			/* of DONE: as `aegis fix`: 0, 2, 65, ... */
	struct str answer;		/* of DONE with 0 or 2: the JSON of `aegis fix` */
	const char *why;		/* of BROKEN, or of DONE without an answer: what went wrong */
	int64_t started_at;		/* seconds since 1970, UTC; 0 of NONE */
	unsigned begun;			/* children that began on it, this one too */
};

/*
 * Starts it. Running or done already: nothing happens. Broken: afresh, on the clone that is there.
 * ERR_INPUT for an order that cannot be; else what the machine says. Whether the commit is in the
 * mirror is seen by the child.
 */
bool job_start(struct daemon *d, const struct job_order *order, struct arena *a, struct err *e);

bool job_look(struct daemon *d, const char *incident, int64_t number, struct arena *a,
	      struct job_result *out, struct err *e);

/*
 * Kills what runs of an incident, sandbox and all; it is broken then. ERR_LATER when it is not gone
 * after some seconds.
 */
bool job_stop(struct daemon *d, const char *incident, struct err *e);

/* Removes the folders of an incident. ERR_LATER, and nothing removed, while one of them runs. */
bool job_forget(struct daemon *d, const char *incident, struct err *e);

/* The incidents that have any folder here, one of several folders as often. */
bool job_incidents(struct daemon *d, struct arena *a, const char *const **incidents, size_t *count,
		   struct err *e);

/* How many run now. */
size_t job_running(struct daemon *d);

#define JOB_CHILD_ARGUMENT "fix-child"
bool job_is_child(int argc, char **argv);
int job_child(const char *folder);	/* the exit code, which nobody reads */

#endif

/*
 * Workflow runs, their jobs and logs.
 */
#ifndef GIT_GITHUB_RUNS_H
#define GIT_GITHUB_RUNS_H

#include "git/github.h"
#include "git/github_read.h"

/* Of runs, jobs, steps, check runs and suites. 0 is any word that is not known here. */
enum github_state {
	GITHUB_STATE_UNKNOWN, GITHUB_QUEUED, GITHUB_IN_PROGRESS, GITHUB_COMPLETED, GITHUB_WAITING,
	GITHUB_REQUESTED, GITHUB_PENDING,
};
enum github_conclusion {
	GITHUB_CONCLUSION_UNKNOWN, GITHUB_SUCCESS, GITHUB_FAILURE, GITHUB_NEUTRAL, GITHUB_CANCELLED,
	GITHUB_SKIPPED, GITHUB_TIMED_OUT, GITHUB_ACTION_REQUIRED, GITHUB_STALE,
	GITHUB_STARTUP_FAILURE, GITHUB_NO_CONCLUSION,	/* null: not completed */
};
enum github_state github_read_state(struct reading *r, const char *path);
enum github_conclusion github_read_conclusion(struct reading *r, const char *path);

struct github_run {
	uint64_t id, workflow_id, suite_id, attempt, number;
	uint64_t pull;			/* the open pull request of this repository it is for, or 0 */
	char head[GITHUB_SHA_SIZE];
	const char *head_branch;	/* "" when there is none, or its name is not a good one */
	const char *head_owner, *head_name;	/* "" when that repository is gone */
	struct str name, title;
	const char *workflow_path;	/* ".github/workflows/ci.yml" */
	const char *event, *actor;	/* "push"; a login, or "" */
	enum github_state state;
	enum github_conclusion conclusion;
	int64_t created_ms, updated_ms;
};
struct github_runs {
	struct github_run *items;
	size_t count, left_out;		/* left_out: malformed ones */
	bool complete;
};

/* Filters; NULL or 0: any. The newest first. */
struct github_runs_filter {
	const char *branch, *head, *event, *status;	/* status: "failure", "completed", ... */
	int64_t created_from_ms;
	unsigned pages_most;		/* of 100; 0: 1 */
	uint64_t known_id;		/* no page after one that reaches back to this run; 0: all */
};
/* NULL with ERR_INPUT when a filter is malformed. */
const char *github_runs_path(struct github_call *call, const struct github_runs_filter *filter,
			     struct err *e);
bool github_runs_read(struct str body, struct arena *a, struct github_runs *out, struct err *e);
bool github_runs_list(struct github_call *call, const struct github_runs_filter *filter,
		      struct github_runs *out, struct err *e);
bool github_run_get(struct github_call *call, uint64_t run, struct github_run *out,
		    struct err *e);

struct github_step {
	uint64_t number;
	struct str name;
	enum github_state state;
	enum github_conclusion conclusion;
};
struct github_job {
	uint64_t id, run, attempt;	/* id is also that of the job's check run */
	char head[GITHUB_SHA_SIZE];
	struct str name, runner;
	enum github_state state;
	enum github_conclusion conclusion;
	int64_t started_ms, completed_ms;
	struct github_step *steps;
	size_t step_count;
};
struct github_jobs {
	struct github_job *items;
	size_t count, left_out;
	bool complete;
};
bool github_jobs_list(struct github_call *call, uint64_t run, uint64_t attempt,
		      struct github_jobs *out, struct err *e);

/*
 * The plain log of a job, piece by piece. *whole is false when it had more than bytes_most. ERR_GONE:
 * no log (any more). A part that answers false ends it, as ERR_INPUT "stopped".
 */
bool github_job_log(struct github_call *call, uint64_t job, uint64_t bytes_most,
		    bool (*part)(void *context, struct str part), void *context, bool *whole,
		    struct err *e);

bool github_rerun_failed(struct github_call *call, uint64_t run, struct err *e);

#endif

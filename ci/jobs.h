/*
 * The reports of several jobs of one run, together: GitHub's archive of logs holds one log a job.
 */
#ifndef CI_JOBS_H
#define CI_JOBS_H

#include "ci/failure.h"
#include "git/tree.h"

#include <jansson.h>

struct job_report {
	const char *name;		/* as report_text makes it: fit to be shown */
	const struct report *report;
	bool whole;			/* false: its log was damaged, what came before was read */
};

struct jobs {
	const struct job_report *list;
	size_t count;
};

/*
 * Like explain_json of one log, with "job" in each failure, diagnostic and block, whose log's line
 * numbers they have, and "jobs": [{"job", "failed", "failures", "exit_code", "lines", "bytes",
 * "whole"}]. Ranks go over all jobs: causes before consequences, and what jobs without a failed
 * step hold comes last where others have one. The exit code is that of the first failure's job.
 */
json_t *jobs_json(const struct jobs *jobs);

/* Each failed job's name and its text as explain_text has it, the job with rank 1 first. */
struct str jobs_text(struct arena *a, const struct jobs *jobs, const struct tree *tree);

/* As sarif_json, a run for each job with failures or diagnostics, named by the job. */
json_t *jobs_sarif(const struct jobs *jobs, const struct tree *tree);

#endif

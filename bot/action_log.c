/*
 * The log of a red job of the run that is looked at: of workflow_run the one that has ended, else
 * the job's own run, whose other jobs may have ended. A token that may not read it is no trouble.
 */
#include "bot/action.h"

#include "bot/base/file.h"
#include "git/github_runs.h"

enum { LOG_BYTES_MOST = 64 * 1024 * 1024 };

static bool add_part(void *context, struct str part)
{
	text_add(context, part);
	return true;
}

static const struct github_job *red_job(const struct github_jobs *jobs)
{
	for (size_t i = 0; i < jobs->count; i++)
		if (jobs->items[i].state == GITHUB_COMPLETED &&
		    (jobs->items[i].conclusion == GITHUB_FAILURE ||
		     jobs->items[i].conclusion == GITHUB_TIMED_OUT))
			return &jobs->items[i];
	return NULL;
}

static bool fetch(struct github_call *call, uint64_t run, uint64_t attempt, struct text *log,
		  bool *found, struct err *e)
{
	struct github_jobs jobs;
	const struct github_job *job;
	bool whole;

	if (!github_jobs_list(call, run, attempt ? attempt : 1, &jobs, e))
		return false;
	job = red_job(&jobs);
	*found = job != NULL;
	return !job || github_job_log(call, job->id, LOG_BYTES_MOST, add_part, log, &whole, e);
}

void action_fetch_log(const struct action_order *order, struct github *github, const char *folder,
		      struct arena *a, const char **log_file, const char **why)
{
	const bool is_other = order->event.kind == EVENT_RUN;
	const uint64_t run = is_other ? order->event.run : order->run;
	struct github_call call = { .github = github, .owner = order->owner, .name = order->name,
				    .arena = a };
	const char *path = arena_printf(a, "%s/red.log", folder);
	struct text log = TEXT(a);
	struct err e = ERR_INIT;
	bool found = false;

	if (!run)
		return;
	if (!fetch(&call, run, is_other ? order->event.attempt : order->attempt, &log, &found, &e) ||
	    (found && !file_write(path, text_str(&log), 0600, &e)))
		*why = call.status == 403 || call.status == 404
			       ? "the log of the red job cannot be read: the token needs the permission "
				 "actions: read"
			       : arena_printf(a, "the log of the red job cannot be read: %s", e.text);
	else if (found)
		*log_file = path;
	else
		*why = "no job of the run has failed so far";
}

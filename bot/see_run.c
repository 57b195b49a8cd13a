/*
 * Reads a red run: the logs of its red jobs, by the files of its commit, so that the same failure has
 * the same signature wherever it shows. A job is marked as seen with its incident in one
 * transaction: a kill in between loses neither and doubles neither.
 */
#include "bot/see.h"

#include "bot/base/kill_point.h"
#include "bot/base/log.h"
#include "bot/store/incident.h"
#include "bot/store/seen.h"
#include "ci/log.h"
#include "git/github_runs.h"
#include "git/remote.h"

#include <string.h>

static const uint64_t log_bytes_most = UINT64_C(512) << 20;

struct look {
	struct daemon *daemon;
	const struct repository *repository;
	const struct github_run *run;
	const struct tree *tree;	/* of the run's commit; NULL: not to be had */
	struct github_call call;
	struct seen *seen;
};

/* The files of the commit, from the mirror, which is brought up to date when it lacks it. */
static bool open_tree(struct look *l, struct repo **repo, struct err *e)
{
	struct arena *a = l->call.arena;
	struct remote remote = {
		.mirror = arena_printf(a, "%s/%lld.git", l->daemon->folder,
				       (long long)l->repository->id),
	};
	const struct repo_tree *tree;
	struct err none = ERR_INIT;

	if (!remote_open(remote.mirror, repo, &none) ||
	    !repo_tree(*repo, l->run->head, a, &tree, &none)) {
		repo_close(repo);
		*repo = NULL;
		if (!github_git_url(&l->call, &remote.url, e) ||
		    !github_git_token(&l->call, GITHUB_NEED_FETCH, &remote.token, e) ||
		    !remote_fetch(&remote, NULL, 0, e) || !remote_open(remote.mirror, repo, e) ||
		    !repo_tree(*repo, l->run->head, a, &tree, e))
			return false;
	}
	l->tree = &tree->view;
	return true;
}

static bool feed(void *context, struct str part)
{
	log_feed(context, part.at, part.size);
	return true;
}

static bool read_log(struct look *l, const struct github_job *job, const struct report **out,
		     struct err *e)
{
	struct log *log = log_open(l->call.arena, l->tree);
	bool whole, done = github_job_log(&l->call, job->id, log_bytes_most, feed, log, &whole, e);

	*out = log_close(log);
	return done;
}

static bool mark_job(struct look *l, const struct github_job *job, struct err *e)
{
	const struct seen_thing thing = { l->repository->id, "job", (int64_t)job->id, 1 };
	bool fresh;

	return seen_put(l->daemon->store, &thing, &fresh, e);
}

static bool keep_failure(struct look *l, const struct github_job *job,
			 const struct failure *failure, struct err *e)
{
	const struct incident_key key = {
		.signature = failure->signature, .family = failure->family,
		.repository = l->repository->name, .repository_id = l->repository->id,
		.branch = l->run->head_branch, .base_sha = "",
	};
	const struct sighting sighting = {
		.run_id = (int64_t)l->run->id, .job_id = (int64_t)job->id,
		.job = str_text(l->call.arena, job->name), .head_sha = l->run->head,
	};
	struct incident incident;
	bool made;

	if (!incident_open(l->daemon->store, &key, &sighting, "aegis", l->call.arena, &incident, &made,
			   e))
		return false;
	l->seen->incidents += made;
	l->seen->sightings += !made;
	return true;
}

/* failure NULL: there is none that we understand; the job is marked and said. */
static bool keep_job(struct look *l, const struct github_job *job, const struct failure *failure,
		     struct err *e)
{
	STORE_TRANSACTION transaction = {0};

	if (!store_begin(l->daemon->store, &transaction, e) || !mark_job(l, job, e) ||
	    (failure && !keep_failure(l, job, failure, e)))
		return false;
	KILL_POINT("see.job.before");
	if (!store_commit(&transaction, e))
		return false;
	KILL_POINT("see.job.after");
	l->seen->jobs++;
	if (!failure) {
		l->seen->unread++;
		log_event(LOG_WARNING, "a red job without a failure that is understood",
			  LOG_TEXT("repository", l->repository->name), LOG_STR("job", job->name),
			  LOG_NUMBER("run", (int64_t)l->run->id));
	}
	return true;
}

static bool is_red(const struct github_job *job)
{
	return job->conclusion == GITHUB_FAILURE || job->conclusion == GITHUB_TIMED_OUT;
}

/* False when the store fails; *again: GitHub could not be asked, so the run is not done with. */
static bool see_job(struct look *l, const struct github_job *job, bool *again, struct err *e)
{
	const struct seen_thing thing = { l->repository->id, "job", (int64_t)job->id, 1 };
	const struct report *report;
	struct err why = ERR_INIT;
	bool handled;

	if (!is_red(job))
		return true;
	if (!seen_has(l->daemon->store, &thing, &handled, e))
		return false;
	if (handled)
		return true;
	if (!read_log(l, job, &report, &why) && why.kind != ERR_GONE) {
		*again = true;
		log_event(LOG_WARNING, "a log cannot be read now", LOG_STR("job", job->name),
			  LOG_TEXT("why", why.text));
		return true;
	}
	return keep_job(l, job, report->failure_count ? report->failures : NULL, e);
}

static bool mark_run(struct look *l, struct err *e)
{
	const struct seen_thing thing = { l->repository->id, "run", (int64_t)l->run->id,
					  (int64_t)l->run->attempt };
	STORE_TRANSACTION transaction = {0};
	bool fresh;

	if (!store_begin(l->daemon->store, &transaction, e) ||
	    !seen_put(l->daemon->store, &thing, &fresh, e) || !store_commit(&transaction, e))
		return false;
	l->seen->runs += fresh;
	return true;
}

bool see_run(struct daemon *d, const struct repository *repository, const struct github_run *run,
	     struct seen *seen, struct err *e)
{
	ARENA a = {0};
	REPO repo = NULL;
	struct look l = { d, repository, run, NULL, { .github = d->github, .arena = &a }, seen };
	struct github_jobs jobs;
	struct err why = ERR_INIT;
	bool again = false;

	l.call.owner = run->head_owner;
	l.call.name = run->head_name;
	if (!open_tree(&l, &repo, &why) ||
	    !github_jobs_list(&l.call, run->id, run->attempt, &jobs, &why)) {
		log_event(LOG_WARNING, "a red run cannot be read now",
			  LOG_TEXT("repository", repository->name),
			  LOG_NUMBER("run", (int64_t)run->id), LOG_TEXT("why", why.text));
		return true;
	}
	for (size_t i = 0; i < jobs.count; i++)
		if (!see_job(&l, &jobs.items[i], &again, e))
			return false;
	return again || mark_run(&l, e);
}

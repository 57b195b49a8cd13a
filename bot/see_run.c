/*
 * Reads a run that did not go well: the logs of its red jobs, by the files of its commit, so that
 * the same failure has the same signature wherever it shows; without a log what else is known of the
 * job. Of a run that was cancelled only what was not a person's doing.
 */
#include "bot/see_parts.h"

#include "bot/base/clock.h"
#include "bot/base/log.h"
#include "ci/log.h"

static const uint64_t log_bytes_most = UINT64_C(512) << 20;

enum { CANCELLED_MOST = 20, LOG_COMES_MS = 60 * 1000 };

bool look_tree(struct look *l, struct err *e)
{
	return l->tree || see_tree(l->daemon, l->repository, &l->call, l->run->head, &l->repo,
				   &l->tree, e);
}

static bool feed(void *context, struct str part)
{
	log_feed(context, part.at, part.size);
	return true;
}

static bool read_log(struct look *l, const struct github_job *job, const struct failure **failure,
		     struct err *e)
{
	struct log *log = log_open(l->call.arena, l->tree);
	bool whole, done = github_job_log(&l->call, job->id, log_bytes_most, feed, log, &whole, e);
	const struct report *report = log_close(log);

	if (done)
		*failure = report->failure_count ? report->failures : NULL;
	return done;
}

/*
 * Logs go away after some weeks, those of a lost runner never come, and one that was just made may
 * still be on its way: then only a failure that needs no log is taken.
 */
static bool read_job(struct look *l, const struct github_job *job, const struct failure **failure,
		     bool *understood, struct err *e)
{
	struct err why = ERR_INIT;
	bool coming;

	*understood = true;
	if (!look_tree(l, e))
		return false;
	if (!read_log(l, job, failure, &why) && why.kind != ERR_GONE) {
		*e = why;
		return false;
	}
	if (*failure)
		return true;
	coming = why.kind == ERR_GONE && l->call.status == 404 &&
		 clock_wall_ms() - job->completed_ms < LOG_COMES_MS;
	if (!see_job_notes(l, job, l->tree, failure, understood, e))
		return false;
	return *understood || !coming || fail(e, ERR_LATER, "there is no log yet");
}

static struct found found_of(const struct look *l, const struct github_job *job)
{
	return (struct found){
		.repository = l->repository, .branch = l->run->head_branch,
		.sighting = {
			.run_id = (int64_t)l->run->id, .job_id = job ? (int64_t)job->id : 0,
			.job = job ? str_text(l->call.arena, job->name) : "",
			.head_sha = l->run->head, .pull = (int64_t)l->run->pull,
		},
		.thing = { l->repository->id, job ? "job" : "run",
			   job ? (int64_t)job->id : (int64_t)l->run->id,
			   job ? 1 : (int64_t)l->run->attempt },
	};
}

static void say_later(const struct look *l, struct str job, const struct err *why)
{
	log_event(LOG_WARNING, "a red run cannot be read now",
		  LOG_TEXT("repository", l->repository->name),
		  LOG_NUMBER("run", (int64_t)l->run->id), LOG_STR("job", job),
		  LOG_TEXT("why", why->text));
}

/* Only what happened to a cancelled job by itself is a failure, not that somebody stopped it. */
static bool read_cancelled(struct look *l, const struct github_job *job,
			   const struct failure **failure, struct err *e)
{
	bool understood;

	if (!see_job_notes(l, job, NULL, failure, &understood, e))
		return false;
	if (!understood || ((*failure)->kind != KIND_TIMEOUT && (*failure)->kind != KIND_INFRA &&
			    (*failure)->kind != KIND_RESOURCE))
		*failure = NULL;
	return true;
}

static bool is_red(const struct github_job *job)
{
	return job->conclusion == GITHUB_FAILURE || job->conclusion == GITHUB_TIMED_OUT;
}

/* False when the store fails; *done is made false when GitHub could not be asked. */
static bool see_job(struct look *l, const struct github_job *job, struct seen *seen, bool *done,
		    struct err *e)
{
	struct found found = found_of(l, job);
	struct err why = ERR_INIT;
	bool handled, good;

	if (!seen_has(l->daemon->store, &found.thing, &handled, e))
		return false;
	if (handled)
		return true;
	found.understood = true;
	good = is_red(job) ? read_job(l, job, &found.failure, &found.understood, &why)
			   : read_cancelled(l, job, &found.failure, &why);
	if (!good) {
		*done = false;
		say_later(l, job->name, &why);
		return true;
	}
	seen->jobs += found.failure != NULL;
	return see_keep(l->daemon, &found, seen, e);
}

static bool see_jobs(struct look *l, const struct github_jobs *jobs, struct seen *seen, bool *done,
		     struct err *e)
{
	size_t red = 0, cancelled = 0;

	for (size_t i = 0; i < jobs->count; i++) {
		if (!is_red(&jobs->items[i]))
			continue;
		red++;
		if (!see_job(l, &jobs->items[i], seen, done, e))
			return false;
	}
	for (size_t i = 0; !red && i < jobs->count && cancelled < CANCELLED_MOST; i++) {
		if (jobs->items[i].conclusion != GITHUB_CANCELLED || !jobs->items[i].started_ms)
			continue;
		cancelled++;
		if (!see_job(l, &jobs->items[i], seen, done, e))
			return false;
	}
	return true;
}

/* The run is handled with its last word: when it has no job, that is its own failure. */
static bool end_run(struct look *l, bool has_jobs, struct seen *seen, bool *done, struct err *e)
{
	struct found found = found_of(l, NULL);
	struct err why = ERR_INIT;

	if (!has_jobs && l->run->conclusion != GITHUB_CANCELLED &&
	    !see_run_notes(l, &found.failure, &found.understood, &why)) {
		*done = false;
		say_later(l, STR_NONE, &why);
		return true;
	}
	if (!see_keep(l->daemon, &found, seen, e))
		return false;
	seen->runs += l->run->conclusion != GITHUB_CANCELLED;
	return true;
}

bool see_run(struct daemon *d, const struct repository *repository, const struct github_run *run,
	     struct seen *seen, bool *done, struct err *e)
{
	ARENA a = {0};
	REPO repo = NULL;
	struct look l = { .daemon = d, .repository = repository, .run = run,
		.call = { .github = d->github, .arena = &a, .owner = run->head_owner,
			  .name = run->head_name } };
	struct github_jobs jobs;
	struct err why = ERR_INIT;
	bool all = true, good;

	if (!github_jobs_list(&l.call, run->id, run->attempt, &jobs, &why)) {
		*done = false;
		say_later(&l, STR_NONE, &why);
		return true;
	}
	good = see_jobs(&l, &jobs, seen, &all, e);
	repo = l.repo;
	if (good && all)
		good = end_run(&l, jobs.count || jobs.left_out, seen, &all, e);
	*done = *done && all;
	return good;
}

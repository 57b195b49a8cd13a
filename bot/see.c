/*
 * Finds the runs that nobody has looked at: one question a repository, and further pages where more
 * happened than one holds. What a run says is see_run.c's. A rerun of a run that lies behind all
 * pages that are read is not seen here: webhooks tell of it.
 */
#include "bot/see.h"

#include "bot/base/log.h"
#include "bot/see_parts.h"

#include <string.h>
#include <strings.h>

enum { PAGES_MOST = 10 };

/* The watermark of runs that were in an answer that was dealt with: known ground. */
static const char known[] = "known run";

/* A cancelled run may be one whose runner was lost, or whose time was over. */
static bool is_red(const struct github_run *run)
{
	return run->state == GITHUB_COMPLETED &&
	       (run->conclusion == GITHUB_FAILURE || run->conclusion == GITHUB_TIMED_OUT ||
		run->conclusion == GITHUB_STARTUP_FAILURE || run->conclusion == GITHUB_CANCELLED);
}

/* Is a later run of the same workflow on the same branch in the list? Runs come newest first. */
static bool is_outdated(const struct github_runs *runs, size_t i)
{
	for (size_t n = 0; n < i; n++)
		if (runs->items[n].workflow_id == runs->items[i].workflow_id &&
		    !strcmp(runs->items[n].head_branch, runs->items[i].head_branch))
			return true;
	return false;
}

/* A fork's code is never ours to mend, nor is the branch of a fix an incident of its own. */
static bool is_ours_to_see(const struct repository *repository, const struct github_run *run,
			   struct arena *a)
{
	const char *head = arena_printf(a, "%s/%s", run->head_owner, run->head_name);

	return run->head_branch[0] && !strcasecmp(head, repository->name) &&
	       !see_is_own_branch(run->head_branch);
}

static bool reaches(const struct github_runs *runs, int64_t id)
{
	for (size_t i = 0; i < runs->count; i++)
		if ((int64_t)runs->items[i].id <= id)
			return true;
	return runs->complete;
}

/* More happened than the first page holds: back to known ground. False when that is not to be had now. */
static bool go_back(struct daemon *d, const struct repository *repository, int64_t known_id,
		    struct arena *a, struct github_runs *runs)
{
	const struct github_runs_filter filter = { .status = "completed",
		.pages_most = PAGES_MOST, .known_id = (uint64_t)known_id };
	struct github_call call = { .github = d->github, .arena = a };
	struct err why = ERR_INIT;

	if (!see_split_name(a, repository->name, &call.owner, &call.name) ||
	    !github_runs_list(&call, &filter, runs, &why)) {
		see_say_trouble(repository->name, &why);
		return false;
	}
	if (!reaches(runs, known_id))
		log_event(LOG_WARNING, "more runs than can be looked at",
			  LOG_TEXT("repository", repository->name),
			  LOG_NUMBER("runs", (int64_t)runs->count));
	return true;
}

static bool raise_known(struct daemon *d, const struct repository *repository,
			const struct github_runs *runs, struct err *e)
{
	STORE_TRANSACTION transaction = {0};
	int64_t id = 1;

	for (size_t i = 0; i < runs->count; i++)
		if ((int64_t)runs->items[i].id > id)
			id = (int64_t)runs->items[i].id;
	return store_begin(d->store, &transaction, e) &&
	       seen_up_to(d->store, repository->id, known, id, e) && store_commit(&transaction, e);
}

static bool read_runs(struct daemon *d, const struct repository *repository,
		      const struct github_runs *runs, struct arena *a, struct seen *seen,
		      bool *done, struct err *e)
{
	for (size_t i = runs->count; i-- > 0;) {
		const struct github_run *run = &runs->items[i];
		const struct seen_thing thing = { repository->id, "run", (int64_t)run->id,
						  (int64_t)run->attempt };
		bool handled;

		if (!is_red(run) || is_outdated(runs, i) || !is_ours_to_see(repository, run, a))
			continue;
		if (!seen_has(d->store, &thing, &handled, e))
			return false;
		if (!handled && !see_run(d, repository, run, seen, done, e))
			return false;
	}
	return true;
}

static bool answer(struct asking *asking, const struct question *question, struct str body,
		   struct arena *a, struct text *keep, bool *done, struct err *e)
{
	const struct repository *repository = question->repository;
	struct daemon *d = asking->daemon;
	struct github_runs runs;
	struct err why = ERR_INIT;
	int64_t known_id;

	(void)keep;
	if (!github_runs_read(body, a, &runs, &why)) {
		see_say_trouble(repository->name, &why);
		asking->seen->unreachable++;
		*done = false;
		return true;
	}
	if (!seen_watermark(d->store, repository->id, known, &known_id, e))
		return false;
	if (known_id && !reaches(&runs, known_id) &&
	    !go_back(d, repository, known_id, a, &runs))
		*done = false;
	return read_runs(d, repository, &runs, a, asking->seen, done, e) &&
	       (!*done || raise_known(d, repository, &runs, e));
}

bool see_list(struct daemon *d, const struct see_which *which, struct arena *a,
	      struct repository **list, size_t *count, struct err *e)
{
	size_t kept = 0;

	if (!repository_list(d->store, a, list, count, e))
		return false;
	for (size_t i = 0; i < *count; i++)
		if (!which || which->wanted(which->context, (*list)[i].id))
			(*list)[kept++] = (*list)[i];
	*count = kept;
	return true;
}

bool see_runs(struct daemon *d, const struct see_which *which, struct arena *a, struct seen *seen,
	      struct err *e)
{
	struct asking asking = { d, which, seen, answer };
	struct repository *list;
	struct question *questions;
	size_t count;

	if (!see_list(d, which, a, &list, &count, e))
		return false;
	questions = arena_array(a, struct question, count);
	for (size_t i = 0; i < count; i++) {
		const struct github_runs_filter filter = { .status = "completed" };
		struct github_call call = { .github = d->github, .arena = a };

		questions[i] = (struct question){ .repository = &list[i],
			.name = arena_printf(a, "runs of %lld", (long long)list[i].id) };
		if (!see_split_name(a, list[i].name, &call.owner, &call.name))
			return fail(e, ERR_BUG, "the store knows a repository \"%s\"", list[i].name);
		questions[i].path = github_runs_path(&call, &filter, e);
		if (!questions[i].path)
			return false;
	}
	seen->repositories += count;
	return see_ask(&asking, questions, count, e);
}

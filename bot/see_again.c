/*
 * Looks at a sighting again when its incident is worked on and there is no log: the run, job, check
 * or status is asked for by its number. Stores nothing.
 */
#include "bot/see.h"

#include "bot/see_notes.h"
#include "bot/see_parts.h"

enum { ATTEMPTS_BACK = 5 };

/* A job belongs to one attempt of its run, and there may be later ones by now. */
static bool find_job(struct look *l, uint64_t id, struct github_job *out, bool *found,
		     struct err *e)
{
	struct github_jobs jobs;
	uint64_t attempt = l->run->attempt;

	*found = false;
	for (unsigned i = 0; i < ATTEMPTS_BACK && attempt; i++, attempt--) {
		if (!github_jobs_list(&l->call, l->run->id, attempt, &jobs, e))
			return false;
		for (size_t n = 0; n < jobs.count; n++)
			if (jobs.items[n].id == id) {
				*out = jobs.items[n];
				*found = true;
				return true;
			}
	}
	return true;
}

static bool again_run(struct look *l, const struct sighting *sighting, const struct tree *tree,
		      const struct failure **failure, bool *understood, struct err *e)
{
	struct github_run run;
	struct github_job job;
	bool found;

	if (!github_run_get(&l->call, (uint64_t)sighting->run_id, &run, e))
		return false;
	l->run = &run;
	if (!sighting->job_id)
		return see_run_notes(l, failure, understood, e);
	if (!find_job(l, (uint64_t)sighting->job_id, &job, &found, e))
		return false;
	return !found || see_job_notes(l, &job, tree, failure, understood, e);
}

static bool again_check(struct github_call *call, const struct sighting *sighting,
			const struct tree *tree, const struct failure **failure, bool *understood,
			struct err *e)
{
	struct github_checks checks;
	struct github_statuses statuses;
	struct notes notes;

	if (!github_checks_list(call, sighting->head_sha, &checks, e))
		return false;
	for (size_t i = 0; i < checks.count; i++) {
		if ((int64_t)checks.items[i].id != sighting->job_id)
			continue;
		notes = notes_of_check(&checks.items[i]);
		if (!see_annotations(call, checks.items[i].id, &notes, e))
			return false;
		*failure = notes_read(call->arena, tree, &notes, understood);
		return true;
	}
	if (!github_statuses_list(call, sighting->head_sha, &statuses, e))
		return false;
	for (size_t i = 0; i < statuses.count; i++) {
		if ((int64_t)statuses.items[i].id != sighting->job_id)
			continue;
		notes = notes_of_status(&statuses.items[i]);
		*failure = notes_read(call->arena, tree, &notes, understood);
	}
	return true;
}

bool see_again(struct daemon *d, struct github_call *call, const struct sighting *sighting,
	       const struct tree *tree, const struct failure **failure, bool *understood,
	       struct err *e)
{
	struct look l = { .daemon = d, .call = *call };
	const struct failure *found = NULL;
	struct err why = ERR_INIT;
	bool known = false;

	if (!(sighting->run_id ? again_run(&l, sighting, tree, &found, &known, &why)
			       : again_check(call, sighting, tree, &found, &known, &why)) &&
	    why.kind != ERR_GONE) {
		*e = why;
		return false;
	}
	*failure = found;
	*understood = known;
	return true;
}

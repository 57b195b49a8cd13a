/*
 * Gathers what the planner wants to know for the stage an incident is in, and no more: each fact
 * costs a question. How things stand before the fix is gather_run.c's, of the pull request
 * gather_pull.c's, after the merge gather_deploy.c's.
 */
#include "bot/turn.h"

#include "bot/obey.h"
#include "bot/see.h"

#include <string.h>

enum { PAUSED_MS = 60 * 1000 };

static bool newest_sighting(struct turn *t, struct err *e)
{
	struct sighting *list;
	size_t count;

	if (!incident_sightings(t->daemon->store, t->incident.id, t->arena, &list, &count, e))
		return false;
	for (size_t i = 0; i < count; i++) {
		t->sighting_heads += !i || strcmp(list[i].head_sha, list[i - 1].head_sha) != 0;
		if (list[i].run_id >= t->source.run_id)
			t->source = list[i];
	}
	return count || fail(e, ERR_BUG, "incident %s was never seen", t->incident.id);
}

/*
 * A suspension is taken back as easily as it is made: what is under way waits. A pause by a person is
 * for a whole repository; what was refused ends also then.
 */
static bool find_scope(struct turn *t, enum scope *out, struct err *e)
{
	bool waits;

	*out = SCOPE_NO_ACCESS;
	if (!t->repository.watched) {
		if (!see_is_suspended(t->daemon, &t->repository, t->arena, &waits, e) ||
		    !see_why_not_watched(t->daemon, t->repository.id, t->arena, &t->note, e))
			return false;
		*out = waits ? SCOPE_PAUSED : SCOPE_NO_ACCESS;
		t->look_at = t->now + PAUSED_MS;
		return true;
	}
	if (story_text(t, "denied")[0])
		return true;
	if (!obey_paused(t->daemon, t->repository.id, &waits, e))
		return false;
	if (t->incident.stage < STAGE_MERGED && json_at(t->story, "rejected"))
		*out = SCOPE_REFUSED;
	else
		*out = waits ? SCOPE_PAUSED : SCOPE_OPEN;
	return true;
}

/* A further attempt goes on from our own branch: whoever took that, or ended it, ends the attempt. */
static bool still_ours(struct turn *t)
{
	const struct pull_facts *f = &t->facts.pull;

	if (f->branch == BRANCH_FOREIGN || f->pull == PULL_CLOSED || f->pull == PULL_MERGED)
		t->facts.run.currency = RUN_OUTDATED;
	return true;
}

bool gather(struct turn *t, struct err *e)
{
	const enum stage stage = t->incident.stage;
	enum scope scope;

	if (!find_scope(t, &scope, e) || !newest_sighting(t, e))
		return false;
	t->facts.run.scope = t->facts.pull.scope = t->facts.deploy.scope = scope;
	/* Without access there is nothing to ask, and nothing but escalating or waiting to decide. */
	if (scope == SCOPE_NO_ACCESS || !t->repository.watched)
		return true;
	/* What ends by a person's word closes its pull request, at whatever stage it is. */
	if (scope == SCOPE_REFUSED)
		return gather_pull(t, e);
	if (stage >= STAGE_MERGED)
		return gather_deploy(t, e);
	if (!gather_run(t, e))
		return false;
	/* Between two polls a job at work is all there is to look at. */
	if (t->facts.run.fixing == FIXING_RUNNING &&
	    json_integer_or(t->story, "asked_at", 0) != t->now)
		return true;
	if (!gather_manners(t, e))
		return false;
	if (json_boolean_or(t->story, "source.own", false) && stage <= STAGE_VERIFYING)
		return gather_pull(t, e) && still_ours(t) &&
		       (stage < STAGE_VERIFYING || gather_room(t, e));
	return stage < STAGE_VERIFYING ||
	       (gather_pull(t, e) && (stage > STAGE_VERIFYING || gather_room(t, e)));
}

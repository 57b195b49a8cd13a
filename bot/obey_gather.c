/*
 * What a command is about: the pull request it was said on, whose it is, its incident, and whether the
 * head is still the one that the person saw. Asks GitHub and the store; decides nothing.
 */
#include "bot/obey_parts.h"

#include "bot/see_parts.h"
#include "bot/store/outbox.h"
#include "git/github_runs.h"

#include <string.h>
#include <strings.h>

enum { INCIDENTS_MOST = 500 };

/* Our branches say which incident they are of. */
static const char *incident_of_branch(struct obey *o, enum comment_place *place)
{
	struct str name = str_of(o->on.head_branch);

	if (str_skip(&name, "aegis/fix-"))
		*place = COMMENT_ON_FIX;
	else if (str_skip(&name, "aegis/revert-"))
		*place = COMMENT_ON_REVERT;
	else
		return NULL;
	return str_text(o->turn.arena, name);
}

static bool is_of_fork(struct obey *o)
{
	return strcasecmp(o->on.head_owner, o->turn.call.owner) != 0 ||
	       strcasecmp(o->on.head_name, o->turn.call.name) != 0;
}

static bool find_place(struct obey *o, struct err *e)
{
	struct err why = ERR_INIT;

	o->facts.place = COMMENT_ON_ISSUE;
	if (!github_pull_get(&o->turn.call, (uint64_t)o->asked->issue, &o->on, &why)) {
		o->on.number = 0;
		return why.kind == ERR_GONE || (*e = why, false);
	}
	o->facts.place = is_of_fork(o) ? COMMENT_ON_FORK : COMMENT_ON_PULL;
	return true;
}

static bool open_incident(struct obey *o, const struct incident *incident, struct err *e)
{
	json_decref(o->turn.story);
	o->turn.story = NULL;
	o->turn.incident = *incident;
	o->facts.has_incident = true;
	o->facts.stage = incident->stage;
	return turn_open(&o->turn, e);
}

static bool find_own(struct obey *o, const char *id, enum comment_place place, bool *found, struct err *e)
{
	struct incident incident;
	struct err why = ERR_INIT;

	if (!incident_get(o->turn.daemon->store, id, o->turn.arena, &incident, &why))
		return why.kind == ERR_GONE || (*e = why, false);
	/* A branch may have any name. */
	if (incident.repository_id != o->asked->repository_id)
		return true;
	o->facts.place = place;
	*found = true;
	return open_incident(o, &incident, e);
}

static bool find_by_branch(struct obey *o, bool *found, struct err *e)
{
	const struct incident_filter filter = { .repository_id = o->asked->repository_id,
						.limit = INCIDENTS_MOST };
	const struct incident *best = NULL;
	struct incident *list;
	size_t count;

	if (!incident_list(o->turn.daemon->store, &filter, o->turn.arena, &list, &count, e))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (strcmp(list[i].branch, o->on.head_branch) != 0)
			continue;
		if (!best || (stage_is_end(best->stage) && !stage_is_end(list[i].stage)))
			best = &list[i];
	}
	*found = best;
	return !best || open_incident(o, best, e);
}

bool obey_find_incident(struct obey *o, bool *found, struct err *e)
{
	enum comment_place place;
	const char *id;

	*found = false;
	if (!o->on.number || o->facts.place == COMMENT_ON_FORK)
		return true;
	id = incident_of_branch(o, &place);
	if (id)
		return find_own(o, id, place, found, e);
	return find_by_branch(o, found, e);
}

/*
 * When the head came to be: of our branch when the push was written down, of another when its first run
 * began. 0: nobody knows.
 */
static bool head_since(struct obey *o, int64_t *since, struct err *e)
{
	const struct github_runs_filter filter = { .head = o->on.head };
	struct effect effect;
	struct github_runs runs;
	struct err why = ERR_INIT;

	*since = 0;
	if (o->facts.place == COMMENT_ON_FIX) {
		const char *name = arena_printf(o->turn.arena, "%s/push/%s", o->turn.incident.id,
						o->on.head);

		if (outbox_get(o->turn.daemon->store, name, o->turn.arena, &effect, &why))
			*since = effect.intended_at;
		return why.kind == ERR_NONE || why.kind == ERR_GONE || (*e = why, false);
	}
	if (!github_runs_list(&o->turn.call, &filter, &runs, e))
		return false;
	for (size_t i = 0; i < runs.count; i++)
		if (!*since || runs.items[i].created_ms < *since)
			*since = runs.items[i].created_ms;
	return true;
}

static bool find_head(struct obey *o, struct err *e)
{
	int64_t since;

	o->facts.head = COMMENT_HEAD_NONE;
	if (!o->on.number)
		return true;
	o->facts.head = COMMENT_HEAD_SAME;
	if (!head_since(o, &since, e))
		return false;
	/* GitHub's times are whole seconds. */
	if (o->on.is_open && (o->asked->created_at / 1000 < since / 1000 ||
			      (*o->asked->head && strcmp(o->asked->head, o->on.head) != 0)))
		o->facts.head = COMMENT_HEAD_MOVED;
	if (!*o->asked->head)
		o->asked->head = arena_strdup(o->turn.arena, o->on.head);
	return true;
}

static enum comment_pull state_of(const struct github_pull *pull)
{
	if (!pull->number)
		return COMMENT_PULL_NONE;
	if (pull->is_merged)
		return COMMENT_PULL_MERGED;
	return pull->is_open ? COMMENT_PULL_OPEN : COMMENT_PULL_CLOSED;
}

static bool find_pull(struct obey *o, struct err *e)
{
	struct github_pull pull = {0};
	struct err why = ERR_INIT;

	if (o->facts.place == COMMENT_ON_FIX) {
		pull = o->on;
	} else if (o->turn.incident.pull > 0 &&
		   !github_pull_get(&o->turn.call, (uint64_t)o->turn.incident.pull, &pull, &why)) {
		if (why.kind != ERR_GONE) {
			*e = why;
			return false;
		}
		pull.number = 0;
	}
	o->facts.pull = state_of(&pull);
	return true;
}

bool obey_gather(struct obey *o, struct err *e)
{
	bool found;

	if (!find_place(o, e) || !obey_find_incident(o, &found, e) || !find_head(o, e) ||
	    !find_pull(o, e) ||
	    !obey_paused(o->turn.daemon, o->asked->repository_id, &o->facts.is_paused, e))
		return false;
	o->facts.is_edited = o->asked->is_edited;
	o->facts.attempts_left = o->turn.incident.attempt < ATTEMPTS_MOST;
	o->facts.may_approve = strcmp(config_text(o->turn.settings, "autonomy"), "propose") != 0;
	o->facts.is_reverting = json_at(o->turn.story, "take_back") || json_at(o->turn.story, "revert");
	return true;
}

static bool is_red(const struct github_run *run)
{
	return run->state == GITHUB_COMPLETED && (run->conclusion == GITHUB_FAILURE ||
						  run->conclusion == GITHUB_TIMED_OUT ||
						  run->conclusion == GITHUB_STARTUP_FAILURE);
}

bool obey_look_for_runs(struct obey *o, struct err *e)
{
	const struct github_runs_filter filter = { .head = o->on.head };
	struct github_runs runs;
	struct seen seen = {0};
	bool done = true;

	if (!github_runs_list(&o->turn.call, &filter, &runs, e))
		return false;
	for (size_t i = 0; i < runs.count; i++) {
		const struct github_run *run = &runs.items[i];

		if (is_red(run) && !strcmp(run->head_branch, o->on.head_branch) &&
		    !see_run(o->turn.daemon, &o->turn.repository, run, &seen, &done, e))
			return false;
	}
	return done || fail(e, ERR_LATER, "a red run cannot be read now");
}

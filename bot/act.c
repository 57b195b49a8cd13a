/*
 * From an action's name to the function that does it, and the way an incident moves on. The actions
 * themselves are in bot/act_*.c.
 */
#include "bot/act.h"

#include "bot/base/kill_point.h"
#include "bot/base/log.h"
#include "bot/facts_json.h"

#include <string.h>

static bool keep_story(struct turn *t, struct err *e)
{
	struct text text = TEXT(t->arena);

	if (!json_print(t->story, JSON_SORTED, &text, e))
		return false;
	t->incident.facts = text_str(&text);
	return true;
}

bool act_move(struct turn *t, enum stage to, int64_t after_ms, struct err *e, const char *why, ...)
{
	STORE_TRANSACTION transaction = {0};
	JSON *facts = facts_json(t->incident.stage, &t->facts);
	struct incident_reason reason = { .actor = "aegis", .facts = facts };
	const enum stage from = t->incident.stage;
	va_list arguments;

	va_start(arguments, why);
	reason.why = arena_vprintf(t->arena, why, arguments);
	va_end(arguments);
	json_object_set_new(facts, "action", json_string(action_name(t->action)));
	story_set(t, "troubles", NULL);
	t->incident.due_at = stage_is_end(to) ? 0 : t->now + after_ms;
	if (!keep_story(t, e) || !store_begin(t->daemon->store, &transaction, e) ||
	    !incident_move(t->daemon->store, &t->incident, to, &reason, e))
		return false;
	KILL_POINT("act.move.before");
	if (!store_commit(&transaction, e))
		return false;
	KILL_POINT("act.move.after");
	log_event(LOG_INFO, "incident moved", LOG_TEXT("incident", t->incident.id),
		  LOG_TEXT("repository", t->incident.repository), LOG_TEXT("from", stage_name(from)),
		  LOG_TEXT("to", stage_name(to)), LOG_TEXT("why", reason.why));
	return true;
}

bool act_wait(struct turn *t, int64_t after_ms, struct err *e)
{
	STORE_TRANSACTION transaction = {0};

	story_set(t, "troubles", NULL);
	t->incident.due_at = t->now + after_ms;
	return keep_story(t, e) && store_begin(t->daemon->store, &transaction, e) &&
	       incident_wait(t->daemon->store, &t->incident, e) && store_commit(&transaction, e);
}

/* A job is looked at the more seldom the longer it takes: each look is a write to the disk. */
static int64_t job_look_ms(const struct turn *t)
{
	const int64_t ms = (t->now - t->incident.updated_at) / 16;

	return ms < 50 ? 50 : ms < 2000 ? ms : 2000;
}

/* What runs on this machine is looked at often, what others do as often as we ask for runs. */
static bool wait(struct turn *t, struct err *e)
{
	const int64_t every_ms = config_integer(t->daemon->config, "poll.every_s") * 1000;

	if (t->look_at > t->now)
		return act_wait(t, t->look_at - t->now, e);
	return act_wait(t, t->facts.run.fixing == FIXING_RUNNING ? job_look_ms(t) : every_ms, e);
}

bool act(struct turn *t, struct err *e)
{
	static bool (*const actions[ACTION_COUNT])(struct turn *t, struct err *e) = {
		[ACT_WAIT] = wait, [ACT_SUPERSEDE] = act_end, [ACT_REJECT] = act_end,
		[ACT_RESOLVE] = act_end, [ACT_NOTE_REVERTED] = act_end, [ACT_ESCALATE] = act_end,
		[ACT_READ] = act_read, [ACT_DIAGNOSE] = act_diagnose, [ACT_RERUN] = act_rerun,
		[ACT_FETCH] = act_fetch, [ACT_FIX] = act_fix, [ACT_SCORE] = act_score,
		[ACT_PUSH] = act_push, [ACT_OPEN_PULL] = act_open_pull, [ACT_PROPOSE] = act_propose,
		[ACT_READY] = act_ready, [ACT_ASK] = act_ask, [ACT_MERGE] = act_merge,
		[ACT_NOTE_MERGED] = act_note_merged, [ACT_RETRY] = act_retry,
		[ACT_REBUILD] = act_rebuild, [ACT_OPEN_WINDOW] = act_open_window,
		[ACT_SAMPLE] = act_sample, [ACT_REVERT] = act_revert,
		[ACT_MERGE_REVERT] = act_merge_revert,
	};

	return (act_note_seen(t, e) && actions[t->action](t, e)) ||
	       fail_while(e, "%s of incident %s", action_name(t->action), t->incident.id);
}

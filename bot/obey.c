/*
 * A command from its row to its end. Strangers get no answer and no sign; whoever may write gets eyes
 * when it is taken and a thumb when it is over. Reactions need no look before they are sent: GitHub makes
 * the same one twice one. Killed anywhere, the row says how far it was.
 */
#include "bot/obey.h"

#include "bot/base/clock.h"
#include "bot/base/kill_point.h"
#include "bot/base/log.h"
#include "bot/obey_parts.h"
#include "git/github_comments.h"

#include <string.h>

enum { AGAIN_FIRST_MS = 2000, AGAIN_MOST_MS = 5 * 60 * 1000, TRIES_MOST = 12 };

bool obey_paused(struct daemon *d, int64_t repository_id, bool *paused, struct err *e)
{
	ARENA a = {0};
	struct str by = STR("");
	bool found;

	if (!mark_get(d->store, arena_printf(&a, "paused %lld", (long long)repository_id), &a, &by,
		      &found, e))
		return false;
	*paused = found && by.size;
	return true;
}

static bool settle(struct obey *o, enum asked_state state, struct err *e)
{
	STORE_TRANSACTION transaction = {0};

	o->asked->state = state;
	return store_begin(o->turn.daemon->store, &transaction, e) &&
	       asked_settle(o->turn.daemon->store, o->asked, e) && store_commit(&transaction, e);
}

static bool may_write(struct obey *o, bool *may, struct err *e)
{
	enum github_permission permission;

	if (!github_permission_of(&o->turn.call, o->asked->author, &permission, e))
		return false;
	*may = permission >= GITHUB_PERMISSION_WRITE;
	return true;
}

static bool react(struct obey *o, enum github_reaction what, struct err *e)
{
	return github_comment_react(&o->turn.call, (uint64_t)o->asked->comment, what, e);
}

/* What cannot be known from the store alone is looked for now. */
static bool decide(struct obey *o, struct err *e)
{
	bool found = false;

	o->act = comment_decide(&o->facts, &o->why);
	if (o->act != COMMENT_LOOK)
		return true;
	if (!obey_look_for_runs(o, e) || !obey_find_incident(o, &found, e))
		return false;
	if (!found) {
		o->act = COMMENT_REFUSE;
		o->why = "no red run of this commit is known";
	}
	return true;
}

static bool take(struct obey *o, struct err *e)
{
	o->facts.is_person = true;		/* else it would not have been kept */
	if (!may_write(o, &o->facts.may_write, e))
		return false;
	if (!o->facts.may_write)
		return settle(o, ASKED_IGNORED, e);
	if (!react(o, GITHUB_EYES, e))
		return false;
	KILL_POINT("obey.eyes.after");
	return obey_gather(o, e) && decide(o, e) && obey_apply(o, e);
}

/* After a kill: the decision is in the row. */
static bool recall(struct obey *o, struct err *e)
{
	for (o->act = 0; o->act < COMMENT_ACTS; o->act++)
		if (!strcmp(comment_act_name(o->act), o->asked->act))
			break;
	o->why = o->asked->why;
	return o->act < COMMENT_ACTS || fail(e, ERR_BUG, "\"%s\" is no act", o->asked->act);
}

static bool finish(struct obey *o, struct err *e)
{
	if (!recall(o, e) || !obey_gather(o, e) || !obey_say(o, e))
		return false;
	KILL_POINT("obey.said.after");
	if (!react(o, o->act == COMMENT_REFUSE ? GITHUB_THUMBS_DOWN : GITHUB_THUMBS_UP, e))
		return false;
	KILL_POINT("obey.thumb.after");
	log_event(LOG_INFO, "a command was carried out",
		  LOG_TEXT("repository", o->turn.repository.name), LOG_TEXT("who", o->asked->author),
		  LOG_TEXT("word", o->asked->word), LOG_TEXT("act", o->asked->act),
		  LOG_TEXT("why", o->asked->why));
	return settle(o, ASKED_DONE, e);
}

static bool go_on(struct obey *o, struct err *e)
{
	struct turn *t = &o->turn;

	t->incident = (struct incident){ .id = "", .repository_id = o->asked->repository_id,
					 .facts = STR("{}") };
	if (!comment_word_of(str_of(o->asked->word), &o->facts.word))
		return fail(e, ERR_BUG, "\"%s\" is no command", o->asked->word);
	if (!turn_open(t, e))
		return false;
	if (!t->repository.watched)
		return settle(o, ASKED_IGNORED, e);
	if (o->asked->state == ASKED_TAKEN && !take(o, e))
		return false;
	return o->asked->state != ASKED_DECIDED || finish(o, e);
}

/*
 * Whoever deleted the comment took the command back. What GitHub refuses, or keeps failing, is given up:
 * a command that works hours later is not what was meant.
 */
static bool put_off(struct obey *o, const struct err *why, struct err *e)
{
	int64_t after_ms = AGAIN_FIRST_MS;
	struct asked *asked = o->asked;

	asked->tries++;
	for (int64_t i = 1; i < asked->tries && after_ms < AGAIN_MOST_MS; i++)
		after_ms *= 2;
	asked->due_at = clock_wall_ms() + after_ms;
	if (o->turn.call.again_at_ms > asked->due_at)
		asked->due_at = o->turn.call.again_at_ms;
	log_event(LOG_WARNING, "a command has to wait", LOG_NUMBER("comment", asked->comment),
		  LOG_TEXT("why", why->text));
	if (why->kind == ERR_GONE || asked->tries > TRIES_MOST)
		return settle(o, ASKED_FAILED, e);
	return settle(o, asked->state, e);
}

static bool obey_one(struct daemon *d, struct asked *asked, struct err *e)
{
	ARENA a = {0};
	struct asked before = *asked;
	struct obey o = { .turn = { .daemon = d, .arena = &a, .now = clock_wall_ms() },
			  .asked = asked, .why = "" };
	struct err why = ERR_INIT;
	bool done;

	KILL_POINT("obey.begin");
	done = go_on(&o, &why);
	if (!done) {
		/* What was not committed did not happen. */
		if (asked->state != ASKED_DECIDED) {
			before.head = asked->head;
			*asked = before;
		}
		done = put_off(&o, &why, e);
	}
	json_decref(o.turn.story);
	return done;
}

bool obey_due(struct daemon *d, bool (*stop)(void), bool *did, int64_t *next_at, struct err *e)
{
	*did = false;
	for (;;) {
		ARENA a = {0};
		struct asked *list;
		size_t count;

		if (!asked_due(d->store, clock_wall_ms(), 0, &a, &list, &count, e))
			return false;
		for (size_t i = 0; i < count && !(stop && stop()); i++) {
			if (!obey_one(d, &list[i], e))
				return false;
			*did = true;
		}
		if (!count || (stop && stop()))
			return asked_next(d->store, next_at, e);
	}
}

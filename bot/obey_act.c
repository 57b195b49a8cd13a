/*
 * Notes with an incident what a person wants of it, and says in the one comment what became of the
 * command. The note and the decision are one transaction; the planner does the rest by its facts.
 */
#include "bot/obey_parts.h"

#include "bot/act.h"
#include "bot/base/kill_point.h"
#include "git/github_comments.h"

#include <string.h>

static const char *said_why(const struct obey *o)
{
	static const char *const done[COMMENT_ACTS] = {
		[COMMENT_SET_PAUSED] = "this repository is left alone until /aegis resume",
		[COMMENT_SET_RESUMED] = "Aegis works here again",
		[COMMENT_SET_APPROVED] = "it is merged when its checks are green",
		[COMMENT_SET_REJECTED] = "it is left to people",
		[COMMENT_WAKE] = "it is taken up again",
		[COMMENT_WAIT_ANEW] = "its pull request is judged again",
		[COMMENT_MAKE_ANEW] = "a further fix is looked for",
		[COMMENT_NOTE_HINT] = "it is being worked on",
		[COMMENT_LOOK] = "its red run was read",
		[COMMENT_TAKE_BACK] = "a pull request that takes it back is made",
	};

	if (o->act == COMMENT_REFUSE && o->facts.word == COMMENT_MISTAKE)
		return *o->asked->hint ? o->asked->hint : o->why;
	if (o->act == COMMENT_REFUSE)
		return arena_printf(o->turn.arena, "refused, because %s", o->why);
	return done[o->act] ? done[o->act] : "";
}

/* The row of the last decision. */
static bool keep_decision(void *context, const struct audit_row *row)
{
	json_t **last = context;
	json_t *facts = NULL;
	struct err ignored = ERR_INIT;

	if (strcmp(row->what, "incident.moved") != 0 || !json_parse(row->facts, 1 << 20, &facts, &ignored))
		return true;
	/* What a person said is no decision of ours. */
	if (json_at(facts, "facts")) {
		json_decref(*last);
		*last = facts;
	} else {
		json_decref(facts);
	}
	return true;
}

/* Which part of the answer is shown, beside where things stand. */
static const char *view_of(const struct obey *o)
{
	const enum comment_word word = o->facts.word;

	if (word == COMMENT_MISTAKE)
		return "help";
	if (o->act == COMMENT_ANSWER && (word == COMMENT_HELP || word == COMMENT_WHY ||
					 word == COMMENT_EXPLAIN))
		return comment_word_name(word);
	return "";
}

static bool note_said(struct obey *o, struct err *e)
{
	struct turn *t = &o->turn;
	const struct audit_filter filter = { .incident = t->incident.id };
	json_t *said = json_pack("{s:s,s:s,s:s,s:s,s:s,s:I}", "word", o->asked->word, "act",
				 comment_act_name(o->act), "why", said_why(o), "view", view_of(o), "by",
				 o->asked->author, "comment", (json_int_t)o->asked->comment);
	JSON *decision = NULL;

	story_set(t, "said", said);
	if (!o->on.number || (uint64_t)t->incident.pull != o->on.number)
		story_set(t, "also", json_integer(o->asked->issue));
	if (o->facts.word != COMMENT_WHY)
		return true;
	if (!audit_each(t->daemon->store, &filter, keep_decision, &decision, e))
		return false;
	if (decision)
		json_object_set(said, "decision", decision);
	return true;
}

static void forget(struct turn *t, const char *const *keys)
{
	for (; *keys; keys++)
		story_set(t, *keys, NULL);
}

static void note_attempt(struct turn *t)
{
	if (!json_at(t->story, "history"))
		story_set(t, "history", json_array());
	json_array_append_new(json_at(t->story, "history"), json_string(arena_printf(t->arena,
		"attempt %lld: %s; a person wants another fix", (long long)t->incident.attempt,
		story_text(t, "fix.why"))));
}

/* The story as the planner is to find it; the stage it goes on from. */
static enum stage note_wish(struct obey *o)
{
	static const char *const old[] = { "left", "fixing", "starts", "diagnosis", "rerun", "source",
					   "denied", "troubles", "failed_before", "rejected", NULL };
	static const char *const waiting[] = { "left", "denied", "troubles", NULL };
	struct turn *t = &o->turn;
	const enum stage stage = t->incident.stage;
	const char *by = o->asked->author;

	if (o->facts.word == COMMENT_FIX && *o->asked->hint)
		story_set(t, "hint", json_string_of(str_of(o->asked->hint)));
	switch ((int)o->act) {
	case COMMENT_SET_APPROVED:
		story_set(t, "approved", json_pack("{s:s,s:s}", "by", by, "head", o->on.head));
		return stage;
	case COMMENT_SET_REJECTED:
		story_set(t, "rejected", json_pack("{s:s}", "by", by));
		return stage;
	case COMMENT_MAKE_ANEW:
		note_attempt(t);
		forget(t, old);
		return STAGE_TRIGGERED;
	case COMMENT_WAKE:
		forget(t, old);
		story_set(t, "woken", json_integer(json_integer_or(t->story, "woken", 0) + 1));
		return STAGE_TRIGGERED;
	case COMMENT_WAIT_ANEW:
		forget(t, waiting);
		story_set(t, "proposed_at", json_integer(t->now));
		return STAGE_PROPOSED;
	case COMMENT_TAKE_BACK:
		story_set(t, "take_back", json_pack("{s:s}", "by", by));
		story_set(t, "window", NULL);
		return STAGE_MONITORING;
	default:
		return stage;
	}
}

static bool keep_incident(struct obey *o, struct err *e)
{
	struct turn *t = &o->turn;
	struct text text = TEXT(t->arena);
	const struct incident_reason reason = {
		.actor = o->asked->author,
		.why = arena_printf(t->arena, "/aegis %s in comment %lld: %s",
				    comment_word_name(o->facts.word), (long long)o->asked->comment,
				    *said_why(o) ? said_why(o) : "done"),
	};
	enum stage to;

	if (!note_said(o, e))
		return false;
	to = o->act == COMMENT_ANSWER || o->act == COMMENT_REFUSE ? t->incident.stage : note_wish(o);
	if (!stage_is_end(to))
		t->incident.due_at = t->now;
	if (!json_print(t->story, JSON_SORTED, &text, e))
		return false;
	t->incident.facts = text_str(&text);
	if (o->act == COMMENT_ANSWER || o->act == COMMENT_REFUSE || o->act == COMMENT_SET_PAUSED ||
	    o->act == COMMENT_SET_RESUMED)
		return incident_wait(t->daemon->store, &t->incident, e);
	return incident_move(t->daemon->store, &t->incident, to, &reason, e);
}

/* Whatever was asked, by whom and what became of it is in the log. */
static bool note_audit(struct obey *o, struct err *e)
{
	JSON *facts = json_pack("{s:s,s:I,s:I,s:s,s:s,s:s,s:s}", "repository", o->turn.repository.name,
				"issue", (json_int_t)o->asked->issue, "comment",
				(json_int_t)o->asked->comment, "word", o->asked->word, "act",
				o->asked->act, "why", o->asked->why, "head", o->asked->head);

	return audit_append(o->turn.daemon->store, o->asked->author,
			    o->facts.has_incident ? o->turn.incident.id : "", "comment.obeyed", facts, e);
}

static bool keep_pause(struct obey *o, struct err *e)
{
	const char *name = arena_printf(o->turn.arena, "paused %lld", (long long)o->asked->repository_id);

	if (o->act != COMMENT_SET_PAUSED && o->act != COMMENT_SET_RESUMED)
		return true;
	return mark_put(o->turn.daemon->store, name,
			o->act == COMMENT_SET_PAUSED ? str_of(o->asked->author) : STR(""), e);
}

bool obey_apply(struct obey *o, struct err *e)
{
	STORE_TRANSACTION transaction = {0};
	struct store *store = o->turn.daemon->store;

	o->asked->act = comment_act_name(o->act);
	o->asked->why = arena_strdup(o->turn.arena, o->why);
	o->asked->incident = o->facts.has_incident ? o->turn.incident.id : "";
	if (!store_begin(store, &transaction, e))
		return false;
	if ((o->facts.has_incident && !keep_incident(o, e)) || !keep_pause(o, e) || !note_audit(o, e))
		return false;
	o->asked->state = ASKED_DECIDED;
	if (!asked_settle(store, o->asked, e)) {
		o->asked->state = ASKED_TAKEN;
		return false;
	}
	KILL_POINT("obey.decide.before");
	if (!store_commit(&transaction, e)) {
		o->asked->state = ASKED_TAKEN;
		return false;
	}
	KILL_POINT("obey.decide.after");
	return true;
}

static bool count_open(struct obey *o, size_t *count, struct err *e)
{
	const struct incident_filter filter = { .stages = STAGES_OPEN, .limit = 1000,
						.repository_id = o->asked->repository_id };
	struct incident *list;

	return incident_list(o->turn.daemon->store, &filter, o->turn.arena, &list, count, e);
}

/* Where there is no incident: one comment too, found by its marker and edited. */
static bool say_notice(struct obey *o, struct err *e)
{
	struct turn *t = &o->turn;
	struct notice notice = { .number = (uint64_t)o->asked->issue, .said = o->asked->word,
				 .why = said_why(o), .view = view_of(o),
				 .is_paused = o->facts.is_paused };
	struct github_comments comments;
	const struct github_comment *sticky;
	struct str body;
	uint64_t id;

	if (!count_open(o, &notice.open_incidents, e) ||
	    !github_comments_list(&t->call, notice.number, 0, &comments, e))
		return false;
	body = words_notice(t->arena, &notice);
	sticky = github_comment_sticky(&comments, t->daemon->own.login,
				       words_notice_marker(t->arena, notice.number));
	if (!sticky)
		return github_comment_create(&t->call, notice.number, body, &id, e);
	return str_equal(sticky->body, body) || github_comment_update(&t->call, sticky->id, body, e);
}

bool obey_say(struct obey *o, struct err *e)
{
	struct turn *t = &o->turn;
	const enum stage stage = t->incident.stage;
	struct err why = ERR_INIT;

	if (!o->facts.has_incident)
		return say_notice(o, e);
	/* What the comment says of a merge to come depends on the facts. */
	if ((stage == STAGE_PROPOSED || stage == STAGE_AWAITING_APPROVAL) && !gather(t, e))
		return false;
	for (enum reason reason = REASON_NONE + 1; stage == STAGE_ESCALATED && reason < REASON_COUNT; reason++)
		if (str_starts(str_of(t->incident.why), reason_text(reason)))
			t->reason = reason;
	/* A comment that somebody has removed, or that an end has made needless, is not written anew. */
	if (act_say_comment(t, (uint64_t)o->asked->issue, &why) || why.kind == ERR_DENIED)
		return true;
	*e = why;
	return false;
}

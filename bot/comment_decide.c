/*
 * What becomes of a command: pure, facts in, one act out. The order is the order of trust: who it is,
 * what was seen, then what the place and the incident allow. Nothing here merges, pushes or closes:
 * what a person wants becomes a fact that the planner (bot/step.c) decides by.
 */
#include "bot/comment.h"

const char *comment_act_name(enum comment_act act)
{
	static const char *const names[COMMENT_ACTS] = {
		[COMMENT_IGNORE] = "ignore", [COMMENT_REFUSE] = "refuse", [COMMENT_ANSWER] = "answer",
		[COMMENT_SET_PAUSED] = "pause", [COMMENT_SET_RESUMED] = "resume",
		[COMMENT_SET_APPROVED] = "approve", [COMMENT_SET_REJECTED] = "reject",
		[COMMENT_WAKE] = "wake", [COMMENT_WAIT_ANEW] = "wait-anew",
		[COMMENT_MAKE_ANEW] = "make-anew", [COMMENT_NOTE_HINT] = "note-hint",
		[COMMENT_LOOK] = "look", [COMMENT_TAKE_BACK] = "take-back",
	};

	return names[act];
}

static enum comment_act refuse(const char **why, const char *reason)
{
	*why = reason;
	return COMMENT_REFUSE;
}

static bool is_merged(const struct comment_facts *f)
{
	return f->stage == STAGE_MERGED || f->stage == STAGE_MONITORING || f->stage == STAGE_RESOLVED ||
	       f->stage == STAGE_REVERTED || f->pull == COMMENT_PULL_MERGED;
}

static bool is_proposed(const struct comment_facts *f)
{
	return f->stage == STAGE_PROPOSED || f->stage == STAGE_AWAITING_APPROVAL;
}

/* fix and retry: the same question, put before or after there is something to go by. */
static enum comment_act again(const struct comment_facts *f, const char **why)
{
	if (f->place == COMMENT_ON_FORK)
		return refuse(why, "code of a fork is never touched");
	if (f->place == COMMENT_ON_REVERT)
		return refuse(why, "a revert is not made anew: merge it, or close it");
	if (!f->has_incident && f->word == COMMENT_FIX && f->place == COMMENT_ON_PULL)
		return COMMENT_LOOK;
	if (!f->has_incident)
		return refuse(why, "no failure is known here");
	if (is_merged(f))
		return refuse(why, "its fix is merged already");
	if (f->pull == COMMENT_PULL_CLOSED)
		return refuse(why, "its pull request was closed, which is a no");
	if (f->stage < STAGE_AWAITING_APPROVAL && f->word == COMMENT_FIX)
		return COMMENT_NOTE_HINT;
	if (f->stage < STAGE_AWAITING_APPROVAL)
		return refuse(why, "it is being worked on already");
	if (is_proposed(f) && !f->attempts_left)
		return refuse(why, "all attempts are used up");
	if (is_proposed(f))
		return f->pull == COMMENT_PULL_OPEN ? COMMENT_MAKE_ANEW
						    : refuse(why, "its pull request is not there");
	/* At its end: checks that were waited for in vain can be waited for without an attempt. */
	if (f->stage == STAGE_ESCALATED && f->pull == COMMENT_PULL_OPEN)
		return COMMENT_WAIT_ANEW;
	if (f->pull == COMMENT_PULL_OPEN)
		return refuse(why, "people have its pull request in hand");
	return f->attempts_left ? COMMENT_WAKE : refuse(why, "all attempts are used up");
}

static enum comment_act approve(const struct comment_facts *f, const char **why)
{
	if (f->place != COMMENT_ON_FIX)
		return refuse(why, "there is no fix of Aegis here to approve");
	if (!f->has_incident || !is_proposed(f) || f->pull != COMMENT_PULL_OPEN)
		return refuse(why, "nothing waits for an approval");
	if (!f->may_approve)
		return refuse(why, "the settings of this repository leave the merge to people: merge it "
				   "yourself");
	return COMMENT_SET_APPROVED;
}

static enum comment_act reject(const struct comment_facts *f, const char **why)
{
	if (f->place == COMMENT_ON_REVERT)
		return refuse(why, "close this pull request and the fix stays");
	if (!f->has_incident || stage_is_end(f->stage))
		return refuse(why, "nothing is under way here");
	if (is_merged(f))
		return refuse(why, "it is merged already; /aegis revert takes it back");
	return COMMENT_SET_REJECTED;
}

static enum comment_act take_back(const struct comment_facts *f, const char **why)
{
	if (!f->has_incident || !is_merged(f))
		return refuse(why, "no fix of Aegis was merged here");
	if (f->stage == STAGE_REVERTED || f->is_reverting)
		return refuse(why, "it is taken back already, or about to be");
	/* What is merged, and not yet known to be, is known in a moment. */
	if (f->stage != STAGE_MERGED && f->stage != STAGE_MONITORING && f->stage != STAGE_RESOLVED)
		return refuse(why, "the merge was not noticed yet, or not made by Aegis");
	return COMMENT_TAKE_BACK;
}

/* What changes something. */
static enum comment_act change(const struct comment_facts *f, const char **why)
{
	if (f->head == COMMENT_HEAD_MOVED)
		return refuse(why, "there is a newer commit than the one it was said of");
	if (f->word == COMMENT_REJECT)
		return reject(f, why);
	if (f->is_paused)
		return refuse(why, "Aegis is paused in this repository; /aegis resume ends that");
	if (f->word == COMMENT_APPROVE)
		return approve(f, why);
	if (f->word == COMMENT_REVERT || f->word == COMMENT_UNDO)
		return take_back(f, why);
	return again(f, why);
}

enum comment_act comment_decide(const struct comment_facts *f, const char **why)
{
	*why = "";
	if (!f->is_person || !f->may_write || f->word == COMMENT_NONE)
		return COMMENT_IGNORE;
	if (f->is_edited)
		return refuse(why, "the comment was edited: write a new one");
	switch (f->word) {
	case COMMENT_MISTAKE:
		return refuse(why, "it is no command");
	case COMMENT_EXPLAIN:
	case COMMENT_WHY:
		return f->has_incident ? COMMENT_ANSWER : refuse(why, "no failure is known here");
	case COMMENT_STATUS:
	case COMMENT_HELP:
		return COMMENT_ANSWER;
	case COMMENT_PAUSE:
		return COMMENT_SET_PAUSED;
	case COMMENT_RESUME:
		return COMMENT_SET_RESUMED;
	case COMMENT_FIX:
	case COMMENT_RETRY:
	case COMMENT_APPROVE:
	case COMMENT_REJECT:
	case COMMENT_REVERT:
	case COMMENT_UNDO:
	case COMMENT_NONE:
	case COMMENT_WORDS:
		break;
	}
	return change(f, why);
}

/*
 * The ends: what people are told, what is closed behind us, and what is learned. An end is written
 * down last, so that a kill before it repeats the telling, which looks first.
 */
#include "bot/act.h"

#include "bot/effect.h"
#include "bot/job.h"
#include "bot/window.h"
#include "bot/base/log.h"
#include "bot/store/lesson.h"
#include "git/github_commits.h"
#include "git/github_pulls.h"

#include <string.h>

static enum stage end_of(enum action action)
{
	switch ((int)action) {
	case ACT_SUPERSEDE:
		return STAGE_SUPERSEDED;
	case ACT_REJECT:
		return STAGE_REJECTED;
	case ACT_RESOLVE:
		return STAGE_RESOLVED;
	case ACT_NOTE_REVERTED:
		return STAGE_REVERTED;
	default:
		return STAGE_ESCALATED;
	}
}

static const char *left_words(const struct turn *t)
{
	const int64_t pull = json_integer_or(t->story, "left.pull", 0);

	if (!pull)
		return "the same failure is left to people, and it was never green since";
	return arena_printf(t->arena, "the same failure is left to people with pull request #%lld, and "
			    "it was never green since", (long long)pull);
}

static const char *why_superseded(const struct turn *t)
{
	if (t->facts.run.currency == RUN_CURRENT && t->facts.run.scope == SCOPE_UNWANTED && t->unwanted)
		return t->unwanted;
	if (t->facts.pull.branch == BRANCH_FOREIGN)
		return "a person has taken the branch over";
	if (t->facts.pull.pull == PULL_CLOSED || t->facts.pull.pull == PULL_MERGED)
		return "a person has decided over the pull request";
	if (t->facts.run.currency == RUN_CURRENT && t->facts.run.history == HISTORY_LEFT)
		return left_words(t);
	switch (t->facts.run.currency) {
	case RUN_GREEN_NOW:
		if (json_at(t->story, "rerun"))
			return "it passed when its failed jobs were run again";
		return "it is green now without us";
	case RUN_BRANCH_GONE:
		return "the branch is gone";
	case RUN_OUTDATED:
		return "a newer commit fails in another way";
	case RUN_CURRENT:
	case RUN_PENDING:
	case CURRENCY_COUNT:
		break;
	}
	return "it is not what the branch has any more";
}

static const char *why_it_ends(const struct turn *t)
{
	switch ((int)t->action) {
	case ACT_SUPERSEDE:
		return why_superseded(t);
	case ACT_REJECT:
		return json_at(t->story, "rejected") ? "a person said no in a comment"
						     : "a person closed the pull request";
	case ACT_RESOLVE:
		if (t->incident.stage == STAGE_MERGED)
			return "mended and merged; nothing watches deployments here";
		return t->note ? arena_printf(t->arena, "mended, and it held: %s", t->note)
			       : "mended, and it held";
	case ACT_NOTE_REVERTED:
		return "taken back";
	default:
		break;
	}
	if (t->reason == REASON_NO_ACCESS && t->note)
		return t->note;
	if (t->reason == REASON_NO_ACCESS && *story_text(t, "denied"))
		return arena_printf(t->arena, "%s: %s", reason_text(t->reason),
				    story_text(t, "denied"));
	if (t->reason == REASON_NO_FIX && *story_text(t, "fix.why"))
		return arena_printf(t->arena, "%s: %s", reason_text(t->reason),
				    story_text(t, "fix.why"));
	return t->note ? arena_printf(t->arena, "%s (%s)", reason_text(t->reason), t->note)
		       : reason_text(t->reason);
}

/* A branch that may not be deleted stays; that is no reason not to end. */
static bool delete_branch(struct turn *t, const char *branch, struct err *e)
{
	struct err why = ERR_INIT;

	if (github_branch_delete(&t->call, branch, &why) || why.kind == ERR_DENIED ||
	    why.kind == ERR_INPUT)
		return true;
	*e = why;
	return false;
}

/* Our pull request is closed when it is not needed any more, and only while the branch is ours. */
static bool close_pull(struct turn *t, struct err *e)
{
	if (t->action == ACT_NOTE_REVERTED && !strcmp(t->revert.head, story_text(t, "revert.head")))
		return delete_branch(t, turn_revert_branch(t), e);
	/* What a person closed is not needed any more, as long as nobody else has put something there. */
	if (t->action == ACT_REJECT && t->pull.number && !t->pull.is_open &&
	    t->facts.pull.branch == BRANCH_OURS)
		return delete_branch(t, turn_fix_branch(t), e);
	if (t->reason == REASON_REVERT_REFUSED && !strcmp(t->revert.head, story_text(t, "revert.head")))
		return delete_branch(t, turn_revert_branch(t), e);
	if (t->action == ACT_SUPERSEDE && !t->pull.number && t->facts.pull.branch == BRANCH_OURS)
		return delete_branch(t, turn_fix_branch(t), e);
	if ((t->action != ACT_SUPERSEDE && t->action != ACT_REJECT) || !t->pull.number || !t->pull.is_open ||
	    t->facts.pull.branch != BRANCH_OURS)
		return true;
	return github_pull_update(&t->call, t->pull.number, STR(""), STR(""), true, e) &&
	       delete_branch(t, turn_fix_branch(t), e);
}

static bool tell(struct turn *t, enum stage end, struct err *e)
{
	static const char *const labels[] = { "aegis: needs a person" };
	const enum stage before = t->incident.stage;
	const uint64_t pull = (uint64_t)t->incident.pull;
	const uint64_t also = (uint64_t)json_integer_or(t->story, "also", 0);
	struct err ignored = ERR_INIT;
	bool done = true;

	t->incident.why = why_it_ends(t);
	t->incident.stage = end;
	/* What we may not do may be little: it is said where that is allowed. */
	if (t->facts.run.scope == SCOPE_NO_ACCESS) {
		if (t->repository.watched && t->daemon->own.login && act_say_check(t, &ignored) && pull)
			act_say_comment(t, pull, &ignored);
		t->incident.stage = before;
		return true;
	}
	/* Who superseded it knows; everybody else learns it where the failure was shown. */
	if (end == STAGE_ESCALATED)
		done = act_say_check(t, e) &&
		       (!pull || act_say_labels(t, pull, labels, 1, e));
	done = done && (!pull || act_say_comment(t, pull, e));
	/* Where it was asked for too; that may be gone, or locked by now. */
	if (done && also && also != pull)
		act_say_comment(t, also, &ignored);
	t->incident.stage = before;
	return done;
}

/* People have it in hand now: the same failure in later runs is not taken up again for a while. */
static void leave(struct turn *t, enum stage end)
{
	const bool taken = end == STAGE_SUPERSEDED && t->facts.pull.branch == BRANCH_FOREIGN;
	const bool waits = end == STAGE_ESCALATED && t->pull.is_open;

	if (taken || waits || end == STAGE_REJECTED || end == STAGE_REVERTED)
		story_set(t, "left", json_pack("{s:I}", "pull", (json_int_t)t->incident.pull));
}

/* What came of it, for the next time. Only what was merged or refused says something of a fix. */
static bool learn(struct turn *t, struct err *e)
{
	static const enum lesson_outcome outcomes[ACTION_COUNT] = {
		[ACT_RESOLVE] = LESSON_WORKED, [ACT_NOTE_REVERTED] = LESSON_REVERTED,
		[ACT_REJECT] = LESSON_REJECTED, [ACT_ESCALATE] = LESSON_RED_AGAIN,
	};
	STORE_TRANSACTION transaction = {0};
	struct lesson lesson = {
		.incident = t->incident.id, .signature = t->incident.signature,
		.family = t->incident.family, .repository_id = t->incident.repository_id,
		.action = story_text(t, "fix.action"), .name = story_text(t, "fix.template"),
		.outcome = outcomes[t->action],
	};
	bool fresh;

	if (t->action == ACT_SUPERSEDE || !t->incident.pull || !*lesson.action ||
	    (t->action == ACT_ESCALATE && t->reason != REASON_ATTEMPTS))
		return true;
	return store_begin(t->daemon->store, &transaction, e) &&
	       lesson_add(t->daemon->store, &lesson, &fresh, e) && store_commit(&transaction, e);
}

/* The incident has ended, so what cannot be tidied up is only said. */
static void tidy(struct turn *t)
{
	struct err why = ERR_INIT;

	if (job_stop(t->daemon, t->incident.id, &why) && job_forget(t->daemon, t->incident.id, &why) &&
	    window_forget(t->daemon, t->incident.id, &why))
		return;
	log_event(LOG_WARNING, "what an incident left cannot be removed",
		  LOG_TEXT("incident", t->incident.id), LOG_TEXT("why", why.text));
}

bool act_end(struct turn *t, struct err *e)
{
	const enum stage end = end_of(t->action);

	leave(t, end);
	if (!tell(t, end, e) || !close_pull(t, e) || !learn(t, e) || !effect_drop_all(t, e) ||
	    !act_move(t, end, 0, e, "%s", why_it_ends(t)))
		return false;
	tidy(t);
	return true;
}

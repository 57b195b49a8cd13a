/*
 * The order of the gates from a red run to an end. Nothing here knows how facts are found or actions
 * are done (bot/gather.c, bot/act.c); how a fix is made inside the sandbox is bot/fix_step.c.
 */
#include "bot/step.h"

const char *action_name(enum action action)
{
	static const char *const names[ACTION_COUNT] = {
		[ACT_WAIT] = "wait", [ACT_SUPERSEDE] = "supersede", [ACT_REJECT] = "reject",
		[ACT_RESOLVE] = "resolve", [ACT_NOTE_REVERTED] = "note-reverted",
		[ACT_ESCALATE] = "escalate", [ACT_READ] = "read", [ACT_DIAGNOSE] = "diagnose",
		[ACT_RERUN] = "rerun", [ACT_FETCH] = "fetch", [ACT_FIX] = "fix", [ACT_SCORE] = "score",
		[ACT_PUSH] = "push", [ACT_OPEN_PULL] = "open-pull", [ACT_PROPOSE] = "propose",
		[ACT_READY] = "ready", [ACT_ASK] = "ask", [ACT_MERGE] = "merge",
		[ACT_NOTE_MERGED] = "note-merged", [ACT_RETRY] = "retry", [ACT_REBUILD] = "rebuild",
		[ACT_OPEN_WINDOW] = "open-window", [ACT_SAMPLE] = "sample", [ACT_REVERT] = "revert",
		[ACT_MERGE_REVERT] = "merge-revert",
	};

	return names[action];
}

const char *reason_text(enum reason reason)
{
	static const char *const texts[REASON_COUNT] = {
		[REASON_NONE] = "",
		[REASON_FORK] = "the failing code is in a fork, which is never touched",
		[REASON_OWN_WORK] = "our own work is red: no further fix is built on it",
		[REASON_NO_ACCESS] = "the repository does not allow what is needed",
		[REASON_UNREAD] = "the run is red, and no failure was found in its logs",
		[REASON_OUTSIDE] = "it failed without a log, so no fix of it can be tried here",
		[REASON_TRANSIENT] = "this usually passes by itself, and did not after one rerun",
		[REASON_FLAKY] = "the same commit was green before: the test is not reliable",
		[REASON_BASE_RED] = "the base branch has the same failure already",
		[REASON_DRIFT] = "it turned red without a commit: a dependency or the environment changed",
		[REASON_NO_FIX] = "no fix is safe here",
		[REASON_FIX_BROKEN] = "the fix could not be tried on this machine",
		[REASON_ATTEMPTS] = "the checks stayed red after all attempts",
		[REASON_UNSEEN] = "it stays red there, and does not show in the sandbox",
		[REASON_MERGE_CONFLICT] = "the base has moved on under all attempts, and they do not merge",
		[REASON_BRANCH_TAKEN] = "a branch of that name is there and is not ours",
		[REASON_CHECKS_STUCK] = "the checks of the pull request never came or never ended",
		[REASON_CONFLICT] = "the revert does not apply cleanly",
		[REASON_DEPLOY_FAILED] = "the deployment of the merge failed",
		[REASON_UNMEASURED] = "the window after the deployment ended and nothing could be measured",
		[REASON_REVERT_REFUSED] = "confidence decayed after the deployment, and the revert was closed",
	};

	return texts[reason];
}

static enum action escalate(enum reason *reason, enum reason why)
{
	*reason = why;
	return ACT_ESCALATE;
}

/* Is it still ours to mend? ACT_FIX stands for yes. */
static enum action scope_gate(enum scope scope, enum currency currency, bool attempts_left,
			      enum reason *reason)
{
	if (scope == SCOPE_REFUSED)
		return ACT_REJECT;
	if (currency != RUN_CURRENT)
		return currency == RUN_PENDING ? ACT_WAIT : ACT_SUPERSEDE;
	switch (scope) {
	case SCOPE_PAUSED:
		return ACT_WAIT;
	case SCOPE_FORK:
		return escalate(reason, REASON_FORK);
	case SCOPE_NO_ACCESS:
		return escalate(reason, REASON_NO_ACCESS);
	case SCOPE_OWN_BRANCH:
		return attempts_left ? ACT_FIX : escalate(reason, REASON_OWN_WORK);
	case SCOPE_UNWANTED:
		return ACT_SUPERSEDE;
	case SCOPE_OWN_COMMIT:
		return escalate(reason, REASON_OWN_WORK);
	case SCOPE_OPEN:
	case SCOPE_REFUSED:
	case SCOPE_COUNT:
		break;
	}
	return ACT_FIX;
}

/* Before any edit is thought of. ACT_FIX stands for all passed. */
static enum action gates(const struct run_facts *f, enum reason *reason)
{
	if (f->rerun == RERUN_RUNNING)
		return ACT_WAIT;
	if (f->rerun == RERUN_GREEN)
		return ACT_PROPOSE;
	if (f->history == HISTORY_LEFT)
		return ACT_SUPERSEDE;
	if (f->diagnosis == DIAGNOSIS_UNKNOWN)
		return escalate(reason, REASON_UNREAD);
	if (f->diagnosis == DIAGNOSIS_OUTSIDE)
		return escalate(reason, REASON_OUTSIDE);
	if (f->diagnosis == DIAGNOSIS_TRANSIENT)
		return f->rerun == RERUN_NONE ? ACT_RERUN : escalate(reason, REASON_TRANSIENT);
	switch (f->history) {
	case HISTORY_FLAKY:
		return f->rerun == RERUN_NONE ? ACT_RERUN : escalate(reason, REASON_FLAKY);
	case HISTORY_BASE_RED:
		return escalate(reason, REASON_BASE_RED);
	case HISTORY_DRIFT:
		return escalate(reason, REASON_DRIFT);
	case HISTORY_NEW:
	case HISTORY_LEFT:
	case HISTORY_COUNT:
		break;
	}
	return f->attempts_left ? ACT_FIX : escalate(reason, REASON_ATTEMPTS);
}

/* TRIGGERED to EXECUTING. */
static enum action before_the_fix(enum stage stage, const struct run_facts *f, enum reason *reason)
{
	enum action gate = scope_gate(f->scope, f->currency, f->attempts_left, reason);

	if (gate != ACT_FIX)
		return gate;
	if (stage == STAGE_TRIGGERED || f->diagnosis == DIAGNOSIS_NONE)
		return ACT_READ;
	gate = gates(f, reason);
	if (gate != ACT_FIX)
		return gate;
	if (stage == STAGE_INVESTIGATING)
		return ACT_DIAGNOSE;
	if (!f->fetched || stage == STAGE_HYPOTHESIS_RECEIVED)
		return ACT_FETCH;
	if (f->fixing == FIXING_NONE)
		return ACT_FIX;
	return f->fixing == FIXING_RUNNING ? ACT_WAIT : ACT_SCORE;
}

/* VERIFYING: what the fix came to, then the branch and the pull request. */
static enum action after_the_fix(const struct incident_facts *facts, enum reason *reason)
{
	const struct run_facts *f = &facts->run;
	const struct pull_facts *p = &facts->pull;

	if (f->scope == SCOPE_REFUSED)
		return ACT_REJECT;
	/* A pull request that is there outweighs a fact that has changed since: PROPOSED judges it. */
	if (p->branch == BRANCH_OURS && p->pull != PULL_NONE && f->fixing != FIXING_NOTHING &&
	    f->fixing != FIXING_BROKEN)
		return ACT_PROPOSE;
	if (scope_gate(f->scope, f->currency, f->attempts_left, reason) != ACT_FIX)
		return scope_gate(f->scope, f->currency, f->attempts_left, reason);
	switch (f->fixing) {
	case FIXING_NONE:
	case FIXING_RUNNING:
	case FIXING_COUNT:
		return f->attempts_left ? ACT_FIX : escalate(reason, REASON_ATTEMPTS);
	case FIXING_RERUN:
		if (f->rerun == RERUN_RUNNING)
			return ACT_WAIT;
		if (f->rerun == RERUN_GREEN)
			return ACT_PROPOSE;
		return f->rerun == RERUN_NONE ? ACT_RERUN : escalate(reason, REASON_UNSEEN);
	case FIXING_NOTHING:
		return escalate(reason, REASON_NO_FIX);
	case FIXING_BROKEN:
		return escalate(reason, REASON_FIX_BROKEN);
	case FIXING_PROVEN:
		break;
	}
	if (p->branch == BRANCH_FOREIGN)
		return escalate(reason, REASON_BRANCH_TAKEN);
	if (p->pull == PULL_NONE && p->no_room)
		return ACT_WAIT;
	return p->branch == BRANCH_ABSENT ? ACT_PUSH : ACT_OPEN_PULL;
}

bool may_merge(const struct pull_facts *f)
{
	if (f->autonomy == AUTONOMY_PROPOSE || f->approval == APPROVAL_NO ||
	    f->approval == APPROVAL_CHANGES)
		return false;
	if (f->approval == APPROVAL_YES)
		return true;
	if (!f->sandboxed || f->risk == RISK_HIGH)
		return false;
	if (f->autonomy == AUTONOMY_GUARDED)
		return f->tier == TIER_HIGH && f->risk == RISK_LOW;
	return f->tier == TIER_HIGH || (f->tier == TIER_MEDIUM && f->monitored);
}

/* All checks are green on exactly this head. */
static enum action green_pull(enum stage stage, const struct pull_facts *f)
{
	if (f->pull == PULL_DRAFT)
		return ACT_READY;
	if (f->mergeable == MERGEABLE_UNKNOWN)
		return ACT_WAIT;
	if (may_merge(f) && f->currency == RUN_PENDING)
		return ACT_WAIT;
	if (may_merge(f) && f->mergeable == MERGEABLE_YES)
		return ACT_MERGE;
	/* Proven anew, not only merged: the newest base may have what the fix does not know. */
	if (may_merge(f) && f->mergeable == MERGEABLE_BEHIND && f->attempts_left)
		return ACT_REBUILD;
	return stage == STAGE_AWAITING_APPROVAL ? ACT_WAIT : ACT_ASK;
}

/* PROPOSED and AWAITING_APPROVAL. */
static enum action with_pull(enum stage stage, const struct pull_facts *f, enum reason *reason)
{
	if (f->pull == PULL_MERGED)
		return ACT_NOTE_MERGED;
	if (f->pull == PULL_CLOSED || f->approval == APPROVAL_NO || f->scope == SCOPE_REFUSED)
		return ACT_REJECT;
	if (f->branch == BRANCH_FOREIGN ||
	    (f->currency != RUN_CURRENT && f->currency != RUN_PENDING))
		return ACT_SUPERSEDE;
	if (f->scope == SCOPE_PAUSED || f->scope == SCOPE_UNWANTED)
		return ACT_WAIT;
	if (f->scope == SCOPE_NO_ACCESS)
		return escalate(reason, REASON_NO_ACCESS);
	if (f->branch == BRANCH_ABSENT || f->pull == PULL_NONE)
		return ACT_REJECT;	/* a person took it away */
	/* What conflicts may never get any checks at all. */
	if (f->mergeable == MERGEABLE_NO && f->currency == RUN_PENDING)
		return ACT_WAIT;
	if (f->mergeable == MERGEABLE_NO)
		return f->attempts_left ? ACT_REBUILD : escalate(reason, REASON_MERGE_CONFLICT);
	switch (f->checks) {
	case CHECKS_GREEN:
		return green_pull(stage, f);
	case CHECKS_RED:
		return f->attempts_left ? ACT_RETRY : escalate(reason, REASON_ATTEMPTS);
	case CHECKS_WAITING:
	case CHECKS_EMPTY:
		break;
	}
	return f->overdue ? escalate(reason, REASON_CHECKS_STUCK) : ACT_WAIT;
}

static enum action merged(const struct deploy_facts *f, enum reason *reason)
{
	if (!f->watched)
		return ACT_RESOLVE;
	switch (f->deploy) {
	case DEPLOY_PENDING:
		return ACT_WAIT;
	case DEPLOY_FAILED:
		return escalate(reason, REASON_DEPLOY_FAILED);
	case DEPLOY_NONE:
	case DEPLOY_DONE:
	case DEPLOY_COUNT:
		break;
	}
	return ACT_OPEN_WINDOW;
}

static enum action decayed(const struct deploy_facts *f, enum reason *reason)
{
	switch (f->revert) {
	case REVERT_NONE:
		return ACT_REVERT;
	case REVERT_CONFLICT:
		return escalate(reason, REASON_CONFLICT);
	case REVERT_MERGED:
		return ACT_NOTE_REVERTED;
	case REVERT_CLOSED:
		return escalate(reason, REASON_REVERT_REFUSED);
	case REVERT_OPEN:
	case REVERT_COUNT:
		break;
	}
	if (f->autonomy == AUTONOMY_AUTOPILOT && f->checks == CHECKS_GREEN && f->scope == SCOPE_OPEN)
		return ACT_MERGE_REVERT;
	return ACT_WAIT;
}

static enum action monitoring(const struct deploy_facts *f, enum reason *reason)
{
	/* Once a revert is open its fate decides, whatever is measured meanwhile. */
	if (f->revert != REVERT_NONE)
		return decayed(f, reason);
	switch (f->window) {
	case WINDOW_CLOSED:
		return ACT_OPEN_WINDOW;
	case WINDOW_HELD:
		return ACT_RESOLVE;
	case WINDOW_DECAYED:
		return decayed(f, reason);
	case WINDOW_UNKNOWN:
		return escalate(reason, REASON_UNMEASURED);
	case WINDOW_WATCHING:
	case WINDOW_COUNT:
		break;
	}
	return ACT_SAMPLE;
}

/* Where nobody may ask, nothing is known: neither that it held nor that it did not. */
static enum action after_the_merge(enum stage stage, const struct deploy_facts *f, enum reason *reason)
{
	if (f->scope == SCOPE_NO_ACCESS)
		return escalate(reason, REASON_NO_ACCESS);
	if (f->scope == SCOPE_PAUSED)
		return ACT_WAIT;
	return stage == STAGE_MERGED ? merged(f, reason) : monitoring(f, reason);
}

enum action next_action(enum stage stage, const struct incident_facts *facts, enum reason *reason)
{
	*reason = REASON_NONE;
	switch (stage) {
	case STAGE_TRIGGERED:
	case STAGE_INVESTIGATING:
	case STAGE_HYPOTHESIS_RECEIVED:
	case STAGE_CONTEXT_RETRIEVED:
	case STAGE_SYNTHESIZING:
	case STAGE_EXECUTING:
		return before_the_fix(stage, &facts->run, reason);
	case STAGE_VERIFYING:
		return after_the_fix(facts, reason);
	case STAGE_AWAITING_APPROVAL:
	case STAGE_PROPOSED:
		return with_pull(stage, &facts->pull, reason);
	case STAGE_MERGED:
	case STAGE_MONITORING:
		return after_the_merge(stage, &facts->deploy, reason);
	case STAGE_RESOLVED:
	case STAGE_ESCALATED:
	case STAGE_REVERTED:
	case STAGE_SUPERSEDED:
	case STAGE_REJECTED:
	case STAGE_COUNT:
		break;
	}
	return ACT_WAIT;
}

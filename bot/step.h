/*
 * The planner: what happens next with an incident. Pure: no I/O, no clock, no allocation. Facts are
 * read afresh before every step, one action is taken a step, and every action is safe to repeat, so
 * that a crash between an action and its record mends itself at the next step.
 *
 * Each part of the way has facts of its own, and a decision sees only the facts of its part: what an
 * early stage cannot see it cannot decide by.
 */
#ifndef BOT_STEP_H
#define BOT_STEP_H

#include "bot/confidence.h"
#include "bot/store/incident.h"
#include "git/required.h"

enum action {
	ACT_WAIT,		/* nothing now; look again later */

	/* ends */
	ACT_SUPERSEDE,		/* a newer commit or a person mended it, or took it over */
	ACT_REJECT,		/* a person said no */
	ACT_RESOLVE,		/* mended, and it held */
	ACT_NOTE_REVERTED,	/* taken back */
	ACT_ESCALATE,		/* people must look; see enum reason */

	/* TRIGGERED to VERIFYING */
	ACT_READ,		/* fetch the logs and read them */
	ACT_DIAGNOSE,		/* settle what is wrong */
	ACT_RERUN,		/* ask for the failed jobs to be run again */
	ACT_FETCH,		/* bring the commit here */
	ACT_FIX,		/* start the fix: candidates, sandbox, proof */
	ACT_SCORE,		/* take over what the fix says */

	/* VERIFYING to MERGED */
	ACT_PUSH,
	ACT_OPEN_PULL,		/* as a draft */
	ACT_PROPOSE,		/* the pull request is there: wait for its checks */
	ACT_READY,		/* draft to ready */
	ACT_ASK,		/* for approval */
	ACT_MERGE,
	ACT_NOTE_MERGED,
	ACT_RETRY,		/* its checks are red: again, with the new log */
	ACT_REBUILD,		/* the base moved: make and prove it again on top */

	/* MERGED to the end */
	ACT_OPEN_WINDOW,
	ACT_SAMPLE,		/* measure and judge */
	ACT_REVERT,		/* open the revert pull request */
	ACT_MERGE_REVERT,
	ACTION_COUNT
};
const char *action_name(enum action action);

/* Why people must look. */
enum reason {
	REASON_NONE,
	REASON_FORK,		/* code of a fork: never touched */
	REASON_OWN_WORK,	/* red on our own branch with no attempts left */
	REASON_NO_ACCESS,	/* the repository refuses what is needed */
	REASON_UNREAD,		/* red, and no failure was understood */
	REASON_OUTSIDE,		/* a workflow file, a runner, another system: no log, nothing to try */
	REASON_TRANSIENT,	/* passes by itself, but not this time: rerun already done */
	REASON_FLAKY,		/* green and red on the same commit */
	REASON_BASE_RED,	/* the base branch has the same failure */
	REASON_DRIFT,		/* red with no commit: a dependency or the environment changed */
	REASON_NO_FIX,		/* nothing safe to do */
	REASON_FIX_BROKEN,	/* the fix could not be made for reasons of the machine */
	REASON_ATTEMPTS,	/* all attempts were red */
	REASON_UNSEEN,		/* red in CI again, green in the sandbox */
	REASON_MERGE_CONFLICT,	/* the base moved under all attempts */
	REASON_BRANCH_TAKEN,	/* the branch is there and not ours */
	REASON_CHECKS_STUCK,	/* the checks never came or never ended */
	REASON_CONFLICT,	/* the revert does not apply */
	REASON_DEPLOY_FAILED,
	REASON_UNMEASURED,	/* the window ended and nobody could measure */
	REASON_REVERT_REFUSED,	/* decayed, and a person closed the revert */
	REASON_COUNT
};
/* A sentence for people. */
const char *reason_text(enum reason reason);

/* The failing run. PENDING: a newer commit is there, and its run has not ended yet. */
enum currency { RUN_CURRENT, RUN_PENDING, RUN_OUTDATED, RUN_GREEN_NOW, RUN_BRANCH_GONE,
		CURRENCY_COUNT };
/*
 * UNWANTED: settings, a label or manners keep us away. OWN_COMMIT: our own fix is what is red.
 * REFUSED: a person said no in a comment.
 */
enum scope { SCOPE_OPEN, SCOPE_PAUSED, SCOPE_FORK, SCOPE_OWN_BRANCH, SCOPE_NO_ACCESS,
	     SCOPE_UNWANTED, SCOPE_OWN_COMMIT, SCOPE_REFUSED, SCOPE_COUNT };
/* OUTSIDE: known without a log, so there is nothing that could be tried here. */
enum diagnosis { DIAGNOSIS_NONE, DIAGNOSIS_UNKNOWN, DIAGNOSIS_TRANSIENT, DIAGNOSIS_OUTSIDE,
		 DIAGNOSIS_REAL, DIAGNOSIS_COUNT };
/* LEFT: people have this failure in hand since an earlier incident, and it was never green since. */
enum history { HISTORY_NEW, HISTORY_FLAKY, HISTORY_BASE_RED, HISTORY_DRIFT, HISTORY_LEFT,
	       HISTORY_COUNT };
/* GREEN: of our own branch; elsewhere the run itself is green then. */
enum rerun { RERUN_NONE, RERUN_RUNNING, RERUN_RED, RERUN_GREEN, RERUN_COUNT };
/* The fix in the sandbox. */
enum fixing { FIXING_NONE, FIXING_RUNNING, FIXING_PROVEN, FIXING_RERUN, FIXING_NOTHING, FIXING_BROKEN,
	      FIXING_COUNT };

struct run_facts {
	enum currency currency;
	enum scope scope;
	enum diagnosis diagnosis;
	enum history history;
	enum rerun rerun;
	enum fixing fixing;
	bool fetched;
	bool attempts_left;
};

/* The pull request. */
enum branch_state { BRANCH_ABSENT, BRANCH_OURS, BRANCH_FOREIGN, BRANCH_STATES };
enum pull_state { PULL_NONE, PULL_DRAFT, PULL_OPEN, PULL_CLOSED, PULL_MERGED, PULL_STATES };
/*
 * BLOCKED: GitHub has refused this head, and the branch's rules still want more than checks.
 * BEHIND: they want the newest commit of the base under it.
 */
enum mergeable { MERGEABLE_UNKNOWN, MERGEABLE_YES, MERGEABLE_NO, MERGEABLE_BLOCKED, MERGEABLE_BEHIND,
		 MERGEABLE_COUNT };
/* CHANGES: a reviewer wants it otherwise; NO: it is not wanted at all. */
enum approval { APPROVAL_NONE, APPROVAL_YES, APPROVAL_CHANGES, APPROVAL_NO, APPROVAL_COUNT };
enum autonomy { AUTONOMY_PROPOSE, AUTONOMY_GUARDED, AUTONOMY_AUTOPILOT, AUTONOMY_COUNT };

struct pull_facts {
	enum currency currency;
	enum scope scope;
	enum branch_state branch;
	enum pull_state pull;
	enum checks_verdict checks;	/* on exactly this head */
	bool overdue;			/* not complete after the longest wait */
	enum mergeable mergeable;
	enum approval approval;
	bool attempts_left;
	bool no_room;			/* for one more pull request; before there is one */

	/* May it be merged without a person? */
	enum autonomy autonomy;
	enum tier tier;
	enum risk risk;
	bool sandboxed;			/* it was proven in a sandbox */
	bool monitored;			/* something will watch the deployment */
};

/* After the merge. */
enum deploy { DEPLOY_NONE, DEPLOY_PENDING, DEPLOY_DONE, DEPLOY_FAILED, DEPLOY_COUNT };
enum window { WINDOW_CLOSED, WINDOW_WATCHING, WINDOW_HELD, WINDOW_DECAYED, WINDOW_UNKNOWN,
	      WINDOW_COUNT };
enum revert { REVERT_NONE, REVERT_CONFLICT, REVERT_OPEN, REVERT_MERGED, REVERT_CLOSED,
	      REVERT_COUNT };

struct deploy_facts {
	enum scope scope;
	bool watched;			/* something measures deployments here */
	enum deploy deploy;
	enum window window;
	enum revert revert;
	enum checks_verdict checks;	/* of the revert pull request */
	enum autonomy autonomy;
};

struct incident_facts {
	struct run_facts run;		/* TRIGGERED to EXECUTING, and the outcome at VERIFYING */
	struct pull_facts pull;		/* VERIFYING to PROPOSED */
	struct deploy_facts deploy;	/* MERGED and MONITORING */
};

/* *reason is set for ACT_ESCALATE and REASON_NONE else. The stage is no end. */
enum action next_action(enum stage stage, const struct incident_facts *facts, enum reason *reason);

/*
 * The one rule of merging by ourselves; approved: a person with the right to said yes. Without
 * approval: never in propose; in guarded when the tier is high and the risk LOW; in autopilot when
 * the risk is not HIGH and the tier is high, or medium with somebody watching the deployment. What was
 * not proven in a sandbox always needs a person.
 */
bool may_merge(const struct pull_facts *facts);

#endif

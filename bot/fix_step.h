/*
 * The one place that decides what happens next when one repository is mended. Pure: no I/O, no
 * clock, no allocation.
 */
#ifndef BOT_FIX_STEP_H
#define BOT_FIX_STEP_H

#include <stdbool.h>

enum fix_action {
	FIX_READ,		/* run the command and read it */
	FIX_DONE_GREEN,		/* nothing is red */
	FIX_RERUN,		/* advise a rerun: transient, or red in the log and green here */
	FIX_PROPOSE,		/* ask the templates */
	FIX_PROVE,		/* prove the next candidate */
	FIX_ASK,		/* ask a model, for the first time or with what was wrong */
	FIX_BISECT,		/* find the commit that broke it; its revert is a candidate */
	FIX_CONFIRM,		/* run the red state once more: does it fail every time? */
	FIX_ACCEPT,		/* take the best proven one over and look at what is left */
	FIX_MEASURE,		/* coverage, quality, confidence of what was taken over */
	FIX_COMMIT,
	FIX_SHOW,		/* all but the commit: --dry-run */
	FIX_ESCALATE,		/* nothing safe: a diagnosis for people */
};

enum escalation {
	WHY_NONE,
	WHY_NO_COMMAND,		/* nothing to prove a fix with */
	WHY_NO_TOOL,		/* the command is not on this machine */
	WHY_NOT_REPRODUCED,	/* red here too, but for another reason than in the log */
	WHY_HUNG,		/* the command hit a limit */
	WHY_UNREAD,		/* red, and no failure was understood */
	WHY_NO_CANDIDATE,	/* no template has a safe fix */
	WHY_NOT_PROVEN,		/* candidates, none proven */
	WHY_AMBIGUOUS,		/* two proven ones that mean different things */
	WHY_UNSURE,		/* proven, but the confidence is low */
	WHY_NOT_ASKED,		/* only an explanation is wanted */
	WHY_NOT_AGAIN,		/* proven, and not again when it was run once more */
	WHY_NOT_ENOUGH,		/* one failure gave way to the next: the same tests, or tools, are red */
};

struct fix_facts {
	bool has_command;
	bool missing;		/* but it is not on this machine */
	bool ran;		/* the command has been run on the commit */
	bool green;
	bool hit_limit;
	bool log_given;		/* a log of an earlier red run */
	bool log_red;		/* it holds a failure */
	bool same_as_log;	/* the run shows the failure of the log */
	bool any_failure;
	bool transient;		/* the primary failure may pass by itself */
	bool proposed;		/* the templates were asked in this round */
	unsigned candidates_left;	/* allowed and not yet tried in this round */
	unsigned model_asks_left;	/* a model is configured and may be asked so often */
	bool may_bisect;	/* a green commit is known, and the culprit not looked for yet */
	unsigned tried;		/* refused ones included, in this round */
	unsigned proven;	/* in this round */
	bool ambiguous;		/* the best proven one has a rival of its own template that means
				 * something else, in this round */
	bool confirmed;		/* red a second time, in this round */
	bool flaky;		/* or green a second time without any change */
	unsigned accepted;	/* rounds that took something over */
	bool still_red;		/* after the last accepted one */
	bool rounds_left;
	bool measured;
	bool low_confidence;
	bool not_again;		/* with all that was taken over, a second run ended otherwise */
	bool mended_none;	/* still red, and so is every test that was */
	bool dry_run;
	bool only_explain;	/* no edit is asked for */
};

enum fix_action fix_next(const struct fix_facts *f, enum escalation *why);

/*
 * Is there a failure in the log that no run here shows: a runner's, an image's, one of a tool that
 * is not on this machine? Then only what reading can prove may be proposed.
 */
bool fix_by_reading(const struct fix_facts *f);
const char *escalation_text(enum escalation why);

#endif

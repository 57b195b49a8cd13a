/*
 * The order of the gates: what is green, passing by itself, not reproduced or not understood is
 * left alone before any edit is thought of. What no run here can show may still be proven by reading.
 */
#include "bot/fix_step.h"

static enum fix_action escalate(enum escalation *why, enum escalation reason)
{
	*why = reason;
	return FIX_ESCALATE;
}

/* Before any edit. FIX_PROPOSE means that all gates are passed. */
static enum fix_action gates(const struct fix_facts *f, enum escalation *why)
{
	if ((!f->has_command || f->missing) && f->log_given && f->transient)
		return FIX_RERUN;
	if (!f->has_command || f->missing)
		return escalate(why, f->missing ? WHY_NO_TOOL : WHY_NO_COMMAND);
	if (!f->ran)
		return FIX_READ;
	if (f->green)
		return f->log_given && f->log_red ? FIX_RERUN : FIX_DONE_GREEN;
	if (f->hit_limit)
		return escalate(why, WHY_HUNG);
	if (!f->any_failure)
		return escalate(why, WHY_UNREAD);
	if (f->log_given && f->log_red && !f->same_as_log)
		return escalate(why, WHY_NOT_REPRODUCED);
	if (f->transient)
		return FIX_RERUN;
	return FIX_PROPOSE;
}

bool fix_by_reading(const struct fix_facts *f)
{
	enum escalation ignored;
	enum fix_action gate = gates(f, &ignored);

	return (gate == FIX_RERUN || gate == FIX_ESCALATE) && f->log_given && f->log_red &&
	       !f->transient;
}

/* Something was taken over and nothing more can be: finish. */
static enum fix_action finish(const struct fix_facts *f, enum escalation *why)
{
	if (!f->measured)
		return FIX_MEASURE;
	if (f->not_again)
		return escalate(why, WHY_NOT_AGAIN);
	if (f->still_red && f->mended_none)
		return escalate(why, WHY_NOT_ENOUGH);
	if (f->low_confidence)
		return escalate(why, WHY_UNSURE);
	return f->dry_run ? FIX_SHOW : FIX_COMMIT;
}

/* What both kinds of round begin with; false when something was proven, or nothing is left to try. */
static bool begin_round(const struct fix_facts *f, enum fix_action *action, enum escalation *why)
{
	if (f->accepted && (!f->still_red || !f->rounds_left || f->measured))
		*action = finish(f, why);
	else if (!f->proposed)
		*action = FIX_PROPOSE;
	else if (f->candidates_left)
		*action = FIX_PROVE;
	else if (f->proven && f->ambiguous)
		*action = f->accepted ? finish(f, why) : escalate(why, WHY_AMBIGUOUS);
	else
		return false;
	return true;
}

/* The round of a proof by reading: there is no run that could come and go. */
static enum fix_action read_round(const struct fix_facts *f, enum escalation *why)
{
	enum fix_action action;

	if (begin_round(f, &action, why))
		return action;
	if (f->proven)
		return FIX_ACCEPT;
	return f->accepted ? finish(f, why) : gates(f, why);
}

static enum fix_action run_round(const struct fix_facts *f, enum escalation *why)
{
	enum fix_action action;

	if (begin_round(f, &action, why))
		return action;
	if (f->proven && f->flaky)
		return f->accepted ? finish(f, why) : FIX_RERUN;
	if (f->proven)
		return f->confirmed ? FIX_ACCEPT : FIX_CONFIRM;
	if (f->accepted)
		return finish(f, why);
	if (f->model_asks_left)
		return FIX_ASK;
	if (f->may_bisect)
		return FIX_BISECT;
	return escalate(why, f->tried ? WHY_NOT_PROVEN : WHY_NO_CANDIDATE);
}

enum fix_action fix_next(const struct fix_facts *f, enum escalation *why)
{
	enum fix_action gate;

	*why = WHY_NONE;
	if (f->only_explain && (f->log_red || f->any_failure))
		return escalate(why, WHY_NOT_ASKED);
	if (fix_by_reading(f))
		return read_round(f, why);
	gate = gates(f, why);
	return gate == FIX_PROPOSE ? run_round(f, why) : gate;
}

const char *escalation_text(enum escalation why)
{
	static const char *const texts[] = {
		[WHY_NONE] = "",
		[WHY_NO_COMMAND] = "there is no command to prove a fix with; name one with --run",
		[WHY_NO_TOOL] = "the command that failed is not on this machine, so no fix can be "
				"proven by a run",
		[WHY_NOT_REPRODUCED] = "the failure of the log does not show up here, so no fix of "
				       "it can be proven",
		[WHY_HUNG] = "the command did not come to an end by itself",
		[WHY_UNREAD] = "the command fails, and what it prints names no failure that is "
			       "understood",
		[WHY_NO_CANDIDATE] = "no known fix is safe here",
		[WHY_NOT_PROVEN] = "no candidate could be proven",
		[WHY_AMBIGUOUS] = "two fixes that mean different things pass, and nothing says which one "
				  "is meant",
		[WHY_UNSURE] = "the proof is too weak to stand on",
		[WHY_NOT_ASKED] = "only an explanation was asked for",
		[WHY_NOT_AGAIN] = "the fix was proven once, and the next run of the same ended "
				  "otherwise: something here comes and goes",
		[WHY_NOT_ENOUGH] = "what can be mended is not enough: what was red still is",
	};

	return texts[why];
}

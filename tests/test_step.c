/*
 * All facts of every stage, and what must never happen in any of them. A decision sees only the facts
 * of its part of the way, so that all combinations of a part are few enough to be tried.
 */
#include "tests/unit.h"

#include "bot/step.h"

/* The next digit of a number in mixed radix. */
static unsigned digit(unsigned long *n, unsigned radix)
{
	unsigned value = (unsigned)(*n % radix);

	*n /= radix;
	return value;
}

enum {
	CHECKS_COUNT = CHECKS_GREEN + 1,
	RUN_FACTS = CURRENCY_COUNT * SCOPE_COUNT * DIAGNOSIS_COUNT * HISTORY_COUNT * RERUN_COUNT *
		    FIXING_COUNT * 2 * 2,
	PULL_FACTS = CURRENCY_COUNT * SCOPE_COUNT * BRANCH_STATES * PULL_STATES * CHECKS_COUNT * 2 *
		     MERGEABLE_COUNT * APPROVAL_COUNT * 2 * AUTONOMY_COUNT * 3 * 3 * 2 * 2,
	DEPLOY_FACTS = SCOPE_COUNT * 2 * DEPLOY_COUNT * WINDOW_COUNT * REVERT_COUNT * CHECKS_COUNT *
		       AUTONOMY_COUNT,
};

static struct run_facts run_facts(unsigned long n)
{
	struct run_facts f;

	f.currency = digit(&n, CURRENCY_COUNT);
	f.scope = digit(&n, SCOPE_COUNT);
	f.diagnosis = digit(&n, DIAGNOSIS_COUNT);
	f.history = digit(&n, HISTORY_COUNT);
	f.rerun = digit(&n, RERUN_COUNT);
	f.fixing = digit(&n, FIXING_COUNT);
	f.fetched = digit(&n, 2);
	f.attempts_left = digit(&n, 2);
	return f;
}

static struct pull_facts pull_facts(unsigned long n)
{
	struct pull_facts f;

	f.currency = digit(&n, CURRENCY_COUNT);
	f.scope = digit(&n, SCOPE_COUNT);
	f.branch = digit(&n, BRANCH_STATES);
	f.pull = digit(&n, PULL_STATES);
	f.checks = digit(&n, CHECKS_COUNT);
	f.overdue = digit(&n, 2);
	f.mergeable = digit(&n, MERGEABLE_COUNT);
	f.approval = digit(&n, APPROVAL_COUNT);
	f.attempts_left = digit(&n, 2);
	f.autonomy = digit(&n, AUTONOMY_COUNT);
	f.tier = digit(&n, 3);
	f.risk = digit(&n, 3);
	f.sandboxed = digit(&n, 2);
	f.monitored = digit(&n, 2);
	return f;
}

static struct deploy_facts deploy_facts(unsigned long n)
{
	struct deploy_facts f;

	f.scope = digit(&n, SCOPE_COUNT);
	f.watched = digit(&n, 2);
	f.deploy = digit(&n, DEPLOY_COUNT);
	f.window = digit(&n, WINDOW_COUNT);
	f.revert = digit(&n, REVERT_COUNT);
	f.checks = digit(&n, CHECKS_COUNT);
	f.autonomy = digit(&n, AUTONOMY_COUNT);
	return f;
}

/* For every decision: a reason where people must look, and nowhere else. */
static enum action decide(enum stage stage, const struct incident_facts *facts)
{
	enum reason reason = REASON_COUNT;
	enum action action = next_action(stage, facts, &reason);

	assert_true((action == ACT_ESCALATE) == (reason != REASON_NONE));
	assert_true(reason < REASON_COUNT && action < ACTION_COUNT);
	return action;
}

static void is_one_of(enum action action, unsigned long allowed)
{
	assert_true(allowed >> action & 1);
}
#define SET(action) (1ul << (action))

static void before_the_fix(void **state)
{
	unsigned long seen = 0;

	(void)state;
	for (enum stage stage = STAGE_TRIGGERED; stage <= STAGE_EXECUTING; stage++)
		for (unsigned long n = 0; n < RUN_FACTS; n++) {
			struct incident_facts facts = { .run = run_facts(n) };
			const struct run_facts *f = &facts.run;
			enum action action = decide(stage, &facts);

			seen |= SET(action);
			/* nothing that others see, but a rerun */
			is_one_of(action, SET(ACT_WAIT) | SET(ACT_SUPERSEDE) | SET(ACT_ESCALATE) |
				  SET(ACT_READ) | SET(ACT_DIAGNOSE) | SET(ACT_RERUN) | SET(ACT_FETCH) |
				  SET(ACT_FIX) | SET(ACT_SCORE) | SET(ACT_PROPOSE) | SET(ACT_REJECT));
			/* who said no is obeyed at once, and nobody says it for people */
			assert_true((action == ACT_REJECT) == (f->scope == SCOPE_REFUSED));
			if (action == ACT_REJECT)
				continue;
			if (action == ACT_PROPOSE)
				assert_int_equal(f->rerun, RERUN_GREEN);
			if (f->currency != RUN_CURRENT)
				assert_int_equal(action, f->currency == RUN_PENDING ? ACT_WAIT
										   : ACT_SUPERSEDE);
			else if (f->scope == SCOPE_FORK || f->scope == SCOPE_NO_ACCESS ||
				 f->scope == SCOPE_OWN_COMMIT)
				assert_int_equal(action, ACT_ESCALATE);
			else if (f->scope == SCOPE_UNWANTED)	/* quietly */
				assert_int_equal(action, ACT_SUPERSEDE);
			else if (f->scope == SCOPE_PAUSED)
				assert_int_equal(action, ACT_WAIT);
			if (action == ACT_RERUN)
				assert_int_equal(f->rerun, RERUN_NONE);
			/* what people have in hand is not taken from them */
			if (f->history == HISTORY_LEFT)
				assert_true(action != ACT_RERUN && action != ACT_DIAGNOSE);
			if (action != ACT_FIX && action != ACT_SCORE)
				continue;
			assert_true(f->diagnosis == DIAGNOSIS_REAL && f->history == HISTORY_NEW);
			assert_true(f->rerun != RERUN_RUNNING && f->attempts_left && f->fetched);
		}
	assert_true(seen & SET(ACT_FIX) && seen & SET(ACT_RERUN) && seen & SET(ACT_SCORE));
}

/* Nothing is pushed unless proven now, and onto nobody else's branch. */
static void after_the_fix(void **state)
{
	(void)state;
	for (unsigned long n = 0; n < RUN_FACTS; n++)
		for (unsigned branch = 0; branch < BRANCH_STATES; branch++)
			for (unsigned pull = 0; pull < 2 * PULL_STATES; pull++) {
				struct incident_facts facts = {
					.run = run_facts(n),
					.pull = { .branch = branch, .pull = pull / 2, .no_room = pull % 2 },
				};
				const struct run_facts *f = &facts.run;
				enum action action = decide(STAGE_VERIFYING, &facts);

				is_one_of(action, SET(ACT_WAIT) | SET(ACT_SUPERSEDE) | SET(ACT_ESCALATE) |
					  SET(ACT_RERUN) | SET(ACT_FIX) | SET(ACT_PUSH) |
					  SET(ACT_OPEN_PULL) | SET(ACT_PROPOSE) | SET(ACT_REJECT));
				assert_true((action == ACT_REJECT) == (f->scope == SCOPE_REFUSED));
				/* one more pull request only where there is room for it */
				if (facts.pull.no_room && facts.pull.pull == PULL_NONE)
					assert_true(action != ACT_PUSH && action != ACT_OPEN_PULL);
				if (action == ACT_PUSH || action == ACT_OPEN_PULL) {
					assert_true(f->fixing == FIXING_PROVEN && f->currency == RUN_CURRENT);
					assert_true(f->scope == SCOPE_OPEN || f->scope == SCOPE_OWN_BRANCH);
				}
				if (action == ACT_PUSH)
					assert_int_equal(branch, BRANCH_ABSENT);
				if (action == ACT_OPEN_PULL)
					assert_true(branch == BRANCH_OURS && facts.pull.pull == PULL_NONE);
				if (action == ACT_PROPOSE)
					assert_true(f->rerun == RERUN_GREEN ||
						    (branch == BRANCH_OURS && facts.pull.pull != PULL_NONE));
			}
}

static void merge_is_safe(const struct pull_facts *f)
{
	assert_int_equal(f->checks, CHECKS_GREEN);
	assert_int_equal(f->pull, PULL_OPEN);
	assert_int_equal(f->branch, BRANCH_OURS);
	assert_int_equal(f->mergeable, MERGEABLE_YES);
	assert_int_equal(f->currency, RUN_CURRENT);
	assert_true(f->scope != SCOPE_PAUSED && f->scope != SCOPE_NO_ACCESS &&
		    f->scope != SCOPE_UNWANTED && f->scope != SCOPE_REFUSED);
	assert_true(f->autonomy != AUTONOMY_PROPOSE && f->approval != APPROVAL_NO);
	assert_int_not_equal(f->approval, APPROVAL_CHANGES);
	if (f->approval == APPROVAL_YES)
		return;
	assert_true(f->sandboxed && f->risk != RISK_HIGH && f->tier != TIER_LOW);
	if (f->autonomy == AUTONOMY_GUARDED)
		assert_true(f->tier == TIER_HIGH && f->risk == RISK_LOW);
	else if (f->tier == TIER_MEDIUM)
		assert_true(f->monitored);
}

static void with_pull(void **state)
{
	static const enum stage stages[] = { STAGE_PROPOSED, STAGE_AWAITING_APPROVAL };
	unsigned long merges = 0;

	(void)state;
	for (unsigned s = 0; s < 2; s++)
		for (unsigned long n = 0; n < PULL_FACTS; n++) {
			struct incident_facts facts = { .pull = pull_facts(n) };
			const struct pull_facts *f = &facts.pull;
			enum action action = decide(stages[s], &facts);

			is_one_of(action, SET(ACT_WAIT) | SET(ACT_SUPERSEDE) | SET(ACT_REJECT) |
				  SET(ACT_ESCALATE) | SET(ACT_READY) | SET(ACT_ASK) | SET(ACT_MERGE) |
				  SET(ACT_NOTE_MERGED) | SET(ACT_RETRY) | SET(ACT_REBUILD));
			if (f->pull == PULL_MERGED)
				assert_int_equal(action, ACT_NOTE_MERGED);
			else if (f->scope == SCOPE_REFUSED)
				assert_int_equal(action, ACT_REJECT);
			if (f->scope == SCOPE_UNWANTED)			/* what people do is noted, no more */
				assert_true(action != ACT_MERGE && action != ACT_READY && action != ACT_ASK &&
					    action != ACT_RETRY && action != ACT_REBUILD);
			if (f->pull != PULL_MERGED && f->branch == BRANCH_FOREIGN)	/* hands off */
				assert_true(action == ACT_SUPERSEDE || action == ACT_REJECT);
			if (action == ACT_RETRY || action == ACT_REBUILD)
				assert_true(f->attempts_left && f->branch == BRANCH_OURS);
			if (action == ACT_REBUILD)
				assert_true(f->currency == RUN_CURRENT && (f->mergeable == MERGEABLE_NO ||
					    (f->mergeable == MERGEABLE_BEHIND && may_merge(f) &&
					     f->checks == CHECKS_GREEN)));
			if (action == ACT_ASK)
				assert_true(stages[s] == STAGE_PROPOSED && f->checks == CHECKS_GREEN);
			if (action != ACT_MERGE)
				continue;
			merges++;
			merge_is_safe(f);
		}
	assert_true(merges > 0);
}

static void after_the_merge(void **state)
{
	(void)state;
	for (enum stage stage = STAGE_MERGED; stage <= STAGE_MONITORING; stage++)
		for (unsigned long n = 0; n < DEPLOY_FACTS; n++) {
			struct incident_facts facts = { .deploy = deploy_facts(n) };
			const struct deploy_facts *f = &facts.deploy;
			enum action action = decide(stage, &facts);

			is_one_of(action, SET(ACT_WAIT) | SET(ACT_ESCALATE) | SET(ACT_OPEN_WINDOW) |
				  SET(ACT_SAMPLE) | SET(ACT_RESOLVE) | SET(ACT_REVERT) |
				  SET(ACT_MERGE_REVERT) | SET(ACT_NOTE_REVERTED));
			if (action == ACT_REVERT)
				assert_true(f->window == WINDOW_DECAYED && f->revert == REVERT_NONE);
			if (action == ACT_RESOLVE && stage == STAGE_MERGED)
				assert_false(f->watched);	/* else it is known to have held */
			else if (action == ACT_RESOLVE)
				assert_true(f->window == WINDOW_HELD && f->revert == REVERT_NONE);
			if (action == ACT_MERGE_REVERT)
				assert_true(f->revert == REVERT_OPEN && f->checks == CHECKS_GREEN &&
					    f->autonomy == AUTONOMY_AUTOPILOT && f->scope == SCOPE_OPEN);
			if (action == ACT_OPEN_WINDOW)
				assert_true(stage == STAGE_MERGED || f->window == WINDOW_CLOSED);
		}
}

/* From a red run to a fix that held, one action at a time. */
static void story(void **state)
{
	struct incident_facts f = { .run = { .attempts_left = true },
		.pull = { .autonomy = AUTONOMY_GUARDED, .tier = TIER_HIGH, .sandboxed = true } };

	(void)state;
	assert_int_equal(decide(STAGE_TRIGGERED, &f), ACT_READ);
	f.run.diagnosis = DIAGNOSIS_REAL;
	assert_int_equal(decide(STAGE_INVESTIGATING, &f), ACT_DIAGNOSE);
	assert_int_equal(decide(STAGE_HYPOTHESIS_RECEIVED, &f), ACT_FETCH);
	f.run.fetched = true;
	assert_int_equal(decide(STAGE_CONTEXT_RETRIEVED, &f), ACT_FIX);
	f.run.fixing = FIXING_RUNNING;
	assert_int_equal(decide(STAGE_EXECUTING, &f), ACT_WAIT);
	f.run.fixing = FIXING_PROVEN;
	assert_int_equal(decide(STAGE_EXECUTING, &f), ACT_SCORE);
	assert_int_equal(decide(STAGE_VERIFYING, &f), ACT_PUSH);
	f.pull.branch = BRANCH_OURS;
	assert_int_equal(decide(STAGE_VERIFYING, &f), ACT_OPEN_PULL);
	f.pull.pull = PULL_DRAFT;
	assert_int_equal(decide(STAGE_VERIFYING, &f), ACT_PROPOSE);
	assert_int_equal(decide(STAGE_PROPOSED, &f), ACT_WAIT);
	f.pull.checks = CHECKS_GREEN;
	assert_int_equal(decide(STAGE_PROPOSED, &f), ACT_READY);
	f.pull.pull = PULL_OPEN;
	assert_int_equal(decide(STAGE_PROPOSED, &f), ACT_WAIT);
	f.pull.mergeable = MERGEABLE_YES;
	assert_int_equal(decide(STAGE_PROPOSED, &f), ACT_MERGE);
	f.pull.risk = RISK_MEDIUM;
	assert_int_equal(decide(STAGE_PROPOSED, &f), ACT_ASK);
	f.pull.approval = APPROVAL_YES;
	assert_int_equal(decide(STAGE_AWAITING_APPROVAL, &f), ACT_MERGE);
	f.pull.pull = PULL_MERGED;
	assert_int_equal(decide(STAGE_AWAITING_APPROVAL, &f), ACT_NOTE_MERGED);
	assert_int_equal(decide(STAGE_MERGED, &f), ACT_RESOLVE);
	f.deploy.watched = true;
	f.deploy.deploy = DEPLOY_PENDING;
	assert_int_equal(decide(STAGE_MERGED, &f), ACT_WAIT);
	f.deploy.deploy = DEPLOY_DONE;
	assert_int_equal(decide(STAGE_MERGED, &f), ACT_OPEN_WINDOW);
	f.deploy.window = WINDOW_WATCHING;
	assert_int_equal(decide(STAGE_MONITORING, &f), ACT_SAMPLE);
	f.deploy.window = WINDOW_DECAYED;
	assert_int_equal(decide(STAGE_MONITORING, &f), ACT_REVERT);
	f.deploy.window = WINDOW_HELD;
	assert_int_equal(decide(STAGE_MONITORING, &f), ACT_RESOLVE);
}

static void words(void **state)
{
	(void)state;
	for (enum action action = 0; action < ACTION_COUNT; action++)
		assert_true(strlen(action_name(action)) > 2);
	for (enum reason reason = REASON_NONE + 1; reason < REASON_COUNT; reason++)
		assert_true(strlen(reason_text(reason)) > 15);
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(before_the_fix), cmocka_unit_test(after_the_fix),
		cmocka_unit_test(with_pull), cmocka_unit_test(after_the_merge),
		cmocka_unit_test(story), cmocka_unit_test(words),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

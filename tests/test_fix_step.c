/*
 * All combinations of facts of a local fix, and what must never happen in any of them.
 */
#include "tests/unit.h"

#include "bot/fix_step.h"

static struct fix_facts facts_of(unsigned n)
{
	return (struct fix_facts){
		.has_command = n & 1, .ran = n >> 1 & 1, .green = n >> 2 & 1,
		.hit_limit = n >> 3 & 1, .log_given = n >> 4 & 1, .log_red = n >> 5 & 1,
		.same_as_log = n >> 6 & 1, .any_failure = n >> 7 & 1, .transient = n >> 8 & 1,
		.proposed = n >> 9 & 1, .candidates_left = n >> 10 & 1, .proven = n >> 11 & 1,
		.accepted = n >> 12 & 1, .still_red = n >> 13 & 1, .rounds_left = n >> 14 & 1,
		.measured = n >> 15 & 1, .low_confidence = n >> 16 & 1, .dry_run = n >> 17 & 1,
		.tried = n >> 18 & 1, .confirmed = n >> 19 & 1, .flaky = n >> 20 & 1,
		.model_asks_left = n >> 21 & 1, .mended_none = n >> 22 & 1,
		.missing = n >> 23 & 1, .may_bisect = n >> 24 & 1,
		.ambiguous = n >> 25 & 1,
	};
}

static void properties(void **state)
{
	unsigned commits = 0, escalations = 0;

	(void)state;
	for (unsigned n = 0; n < 1u << 26; n++) {
		struct fix_facts f = facts_of(n);
		enum escalation why;
		enum fix_action action = fix_next(&f, &why);

		if (action == FIX_COMMIT) {
			commits++;
			assert_true(f.accepted && f.measured);
			assert_true((f.has_command && f.ran) || fix_by_reading(&f));
			assert_false(f.low_confidence);
			assert_false(f.still_red && f.mended_none);
			assert_false(f.dry_run);
		}
		if (fix_by_reading(&f)) {
			assert_true(f.log_given && f.log_red && !f.transient);
			assert_false(f.has_command && f.ran && !f.missing && !f.green &&
				     f.same_as_log && f.any_failure && !f.hit_limit);
			assert_int_not_equal(action, FIX_ASK);
			assert_int_not_equal(action, FIX_CONFIRM);
			assert_int_not_equal(action, FIX_READ);
		} else if (action == FIX_PROPOSE || action == FIX_PROVE || action == FIX_ACCEPT) {
			assert_true(f.has_command && f.ran && !f.missing);
			assert_false(f.green);
			assert_false(f.hit_limit);
			assert_false(f.transient);
			assert_true(f.any_failure);
		}
		if (action == FIX_ASK) {
			assert_true(f.has_command && f.ran && f.any_failure && f.proposed);
			assert_true(f.model_asks_left);
			assert_false(f.green || f.hit_limit || f.transient || f.accepted ||
				     f.candidates_left || f.proven);
		}
		if (action == FIX_BISECT) {
			assert_true(f.may_bisect && f.has_command && f.ran && f.any_failure);
			assert_false(f.green || f.hit_limit || f.transient || f.accepted || f.proven ||
				     f.candidates_left || f.model_asks_left || fix_by_reading(&f));
		}
		if (action == FIX_ACCEPT)
			assert_false(f.ambiguous);
		if (action == FIX_ACCEPT)
			assert_true(f.proven && (fix_by_reading(&f) || (f.confirmed && !f.flaky)));
		if (action == FIX_PROVE)
			assert_true(f.candidates_left);
		assert_true((action == FIX_ESCALATE) == (why != WHY_NONE));
		if (action == FIX_ESCALATE) {
			escalations++;
			assert_true(strlen(escalation_text(why)) > 10);
		}
		if (f.ran && f.has_command && f.green && !fix_by_reading(&f))
			assert_true(f.missing || action == FIX_RERUN || action == FIX_DONE_GREEN);
	}
	assert_true(commits > 0 && escalations > 0);
}

static void story(void **state)
{
	struct fix_facts f = { .has_command = true, .rounds_left = true };
	enum escalation why;

	(void)state;
	assert_int_equal(fix_next(&f, &why), FIX_READ);
	f.ran = f.any_failure = true;
	assert_int_equal(fix_next(&f, &why), FIX_PROPOSE);
	f.proposed = true;
	f.candidates_left = 1;
	assert_int_equal(fix_next(&f, &why), FIX_PROVE);
	f.candidates_left = 0;
	f.tried = f.proven = 1;
	assert_int_equal(fix_next(&f, &why), FIX_CONFIRM);
	f.confirmed = f.flaky = true;
	assert_int_equal(fix_next(&f, &why), FIX_RERUN);
	f.flaky = false;
	f.ambiguous = true;
	assert_int_equal(fix_next(&f, &why), FIX_ESCALATE);
	assert_int_equal(why, WHY_AMBIGUOUS);
	f.ambiguous = false;
	assert_int_equal(fix_next(&f, &why), FIX_ACCEPT);
	f.accepted = 1;
	f.proposed = false;
	f.tried = f.proven = 0;
	assert_int_equal(fix_next(&f, &why), FIX_MEASURE);
	f.measured = true;
	assert_int_equal(fix_next(&f, &why), FIX_COMMIT);
	f.not_again = true;
	assert_int_equal(fix_next(&f, &why), FIX_ESCALATE);
	assert_int_equal(why, WHY_NOT_AGAIN);
	f.not_again = false;
	f.dry_run = true;
	assert_int_equal(fix_next(&f, &why), FIX_SHOW);
}

/* Templates first, each proven; then the model, as often as it may; then people. */
static void model_after_templates(void **state)
{
	struct fix_facts f = { .has_command = true, .ran = true, .any_failure = true,
			       .rounds_left = true, .model_asks_left = 2 };
	enum escalation why;

	(void)state;
	assert_int_equal(fix_next(&f, &why), FIX_PROPOSE);
	f.proposed = true;
	f.candidates_left = 1;
	assert_int_equal(fix_next(&f, &why), FIX_PROVE);
	f.candidates_left = 0;
	f.tried = 1;
	assert_int_equal(fix_next(&f, &why), FIX_ASK);
	f.model_asks_left = 1;
	f.candidates_left = 1;
	assert_int_equal(fix_next(&f, &why), FIX_PROVE);
	f.candidates_left = 0;
	assert_int_equal(fix_next(&f, &why), FIX_ASK);
	f.model_asks_left = 0;
	assert_int_equal(fix_next(&f, &why), FIX_ESCALATE);
}

static void refused_is_not_unknown(void **state)
{
	struct fix_facts f = { .has_command = true, .ran = true, .any_failure = true,
			       .proposed = true, .tried = 2 };
	enum escalation why;

	(void)state;
	assert_int_equal(fix_next(&f, &why), FIX_ESCALATE);
	assert_int_equal(why, WHY_NOT_PROVEN);
	f.tried = 0;
	fix_next(&f, &why);
	assert_int_equal(why, WHY_NO_CANDIDATE);
}

/* A workflow's failure in a log: the tests are green here, and reading decides. */
static void by_reading(void **state)
{
	struct fix_facts f = { .has_command = true, .log_given = true, .log_red = true,
			       .rounds_left = true };
	enum escalation why;

	(void)state;
	assert_int_equal(fix_next(&f, &why), FIX_READ);
	f.ran = f.green = true;
	assert_int_equal(fix_next(&f, &why), FIX_PROPOSE);
	f.proposed = true;
	assert_int_equal(fix_next(&f, &why), FIX_RERUN);	/* nobody knows it */
	f.candidates_left = 1;
	assert_int_equal(fix_next(&f, &why), FIX_PROVE);
	f.candidates_left = 0;
	f.tried = f.proven = 1;
	assert_int_equal(fix_next(&f, &why), FIX_ACCEPT);
	f.accepted = 1;
	assert_int_equal(fix_next(&f, &why), FIX_MEASURE);
	f.measured = true;
	assert_int_equal(fix_next(&f, &why), FIX_COMMIT);
	f = (struct fix_facts){ .has_command = true, .missing = true };
	assert_int_equal(fix_next(&f, &why), FIX_ESCALATE);
	assert_int_equal(why, WHY_NO_TOOL);
}

/* Whoever asks for an explanation gets no edit, and a log is enough for one. */
static void only_explain(void **state)
{
	(void)state;
	for (unsigned n = 0; n < 1u << 9; n++) {
		struct fix_facts f = facts_of(n);
		enum escalation why;
		enum fix_action action;

		/* Before anything was proposed, as nothing ever is. */
		f.only_explain = true;
		action = fix_next(&f, &why);
		assert_true(action == FIX_READ || action == FIX_DONE_GREEN || action == FIX_RERUN ||
			    action == FIX_ESCALATE);
		assert_true(!f.log_red || why == WHY_NOT_ASKED);
	}
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(properties), cmocka_unit_test(story),
		cmocka_unit_test(model_after_templates), cmocka_unit_test(refused_is_not_unknown),
		cmocka_unit_test(by_reading),
		cmocka_unit_test(only_explain),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

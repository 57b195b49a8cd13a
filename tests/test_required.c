/* The judgement on a commit's checks: a table of sets and what each is. */
#include "git/required.h"

#include "tests/unit.h"

#define HEAD "1111111111111111111111111111111111111111"
#define OTHER "2222222222222222222222222222222222222222"

enum { MOST = 4, ACTIONS = 15368, OWN = 99 };

#define END(i, n, how) { .id = i, .suite_id = 1, .app_id = ACTIONS, .head = HEAD, .name = STR(n), \
	.app = "github-actions", .state = GITHUB_COMPLETED, .conclusion = how }
#define PASS(i, n) END(i, n, GITHUB_SUCCESS)
#define RUNS(i, n) { .id = i, .suite_id = 1, .app_id = ACTIONS, .head = HEAD, .name = STR(n), \
	.app = "github-actions", .state = GITHUB_IN_PROGRESS, .conclusion = GITHUB_NO_CONCLUSION }
#define SUITE(slug, checks, what, how) { .id = 1, .app_id = 5, .check_count = checks, .head = HEAD, \
	.app = slug, .state = what, .conclusion = how }
#define STATUS(n, what) { .context = STR(n), .state = GITHUB_STATUS_##what }

struct set {
	const char *what;
	enum checks_verdict verdict;
	struct github_check checks[MOST];
	struct github_suite suites[MOST];
	struct github_status statuses[MOST];
	struct required_check required[MOST];
	const char *reason;		/* of the first reason; NULL: any */
	bool checks_cut, suites_cut, statuses_cut, unknown_rules, person, left_out;
	const char *status_head;
	struct str tolerated;
};

static const struct set sets[] = {
	{ "nothing", CHECKS_EMPTY, .reason = "nothing was tried" },
	{ "one passed", CHECKS_GREEN, .checks = { PASS(1, "a") } },
	{ "one status", CHECKS_GREEN, .statuses = { STATUS("a", SUCCESS) } },
	{ "only skipped", CHECKS_EMPTY, .checks = { END(1, "a", GITHUB_SKIPPED), END(2, "b", GITHUB_NEUTRAL) } },
	{ "skipped beside passed", CHECKS_GREEN, .checks = { END(1, "a", GITHUB_SKIPPED), PASS(2, "b") } },
	{ "one runs", CHECKS_WAITING, .checks = { PASS(1, "a"), RUNS(2, "b") }, .reason = "has not ended" },
	{ "one failed", CHECKS_RED, .checks = { PASS(1, "a"), END(2, "b", GITHUB_FAILURE) }, .reason = "has failed" },
	{ "failed while others run", CHECKS_RED, .checks = { RUNS(1, "a"), END(2, "b", GITHUB_FAILURE) } },
	{ "cancelled", CHECKS_RED, .checks = { PASS(1, "a"), END(2, "b", GITHUB_CANCELLED) } },
	{ "timed out", CHECKS_RED, .checks = { PASS(1, "a"), END(2, "b", GITHUB_TIMED_OUT) } },
	{ "action required", CHECKS_RED, .checks = { PASS(1, "a"), END(2, "b", GITHUB_ACTION_REQUIRED) } },
	{ "stale", CHECKS_RED, .checks = { PASS(1, "a"), END(2, "b", GITHUB_STALE) } },
	{ "startup failure", CHECKS_RED, .checks = { PASS(1, "a"), END(2, "b", GITHUB_STARTUP_FAILURE) } },
	{ "unknown end", CHECKS_RED, .checks = { PASS(1, "a"), END(2, "b", GITHUB_CONCLUSION_UNKNOWN) } },
	{ "ended without an end", CHECKS_RED, .checks = { PASS(1, "a"), END(2, "b", GITHUB_NO_CONCLUSION) } },
	{ "run again: the newer counts", CHECKS_GREEN, .checks = { END(1, "a", GITHUB_FAILURE), PASS(2, "a") } },
	{ "run again: red now", CHECKS_RED, .checks = { PASS(1, "a"), END(2, "a", GITHUB_FAILURE) } },
	{ "run again: still running", CHECKS_WAITING, .checks = { PASS(1, "a"), RUNS(2, "a") } },
	{ "the same name in another suite counts too", CHECKS_RED,
	  .checks = { { .id = 1, .suite_id = 2, .head = HEAD, .name = STR("a"), .app = "", .state = GITHUB_COMPLETED,
	      .conclusion = GITHUB_FAILURE }, PASS(2, "a") } },
	{ "unknown state", CHECKS_WAITING, .checks = { PASS(1, "a"), { .id = 2, .head = HEAD, .name = STR("b"),
	  .app = "", .state = GITHUB_STATE_UNKNOWN, .conclusion = GITHUB_SUCCESS } } },
	{ "of another commit", CHECKS_WAITING, .checks = { PASS(1, "a"), { .id = 2, .head = OTHER, .name = STR("b"),
	  .app = "", .state = GITHUB_COMPLETED, .conclusion = GITHUB_SUCCESS } } },
	{ "only ours", CHECKS_EMPTY, .checks = { { .id = 1, .app_id = OWN, .head = HEAD, .name = STR("Aegis"),
	  .app = "aegis", .state = GITHUB_COMPLETED, .conclusion = GITHUB_SUCCESS } } },
	{ "ours is running", CHECKS_GREEN, .checks = { { .id = 1, .app_id = OWN, .head = HEAD, .name = STR("Aegis"),
	  .app = "aegis", .state = GITHUB_IN_PROGRESS }, PASS(2, "a") } },
	{ "an app that never reports", CHECKS_GREEN, .checks = { PASS(1, "a") },
	  .suites = { SUITE("idle", 0, GITHUB_QUEUED, GITHUB_NO_CONCLUSION) } },
	{ "a suite with runs to come", CHECKS_WAITING, .checks = { PASS(1, "a") },
	  .suites = { SUITE("other", 2, GITHUB_IN_PROGRESS, GITHUB_NO_CONCLUSION) } },
	{ "Actions has not started", CHECKS_WAITING, .checks = { PASS(1, "a") },
	  .suites = { SUITE("github-actions", 0, GITHUB_QUEUED, GITHUB_NO_CONCLUSION) } },
	{ "a suite of another commit", CHECKS_WAITING, .checks = { PASS(1, "a") }, .suites = { { .id = 1, .head = OTHER,
	  .app = "x", .state = GITHUB_COMPLETED, .conclusion = GITHUB_SUCCESS } } },
	{ "runs wait for approval", CHECKS_WAITING, .checks = { PASS(1, "a") },
	  .suites = { SUITE("github-actions", 0, GITHUB_COMPLETED, GITHUB_ACTION_REQUIRED) }, .person = true },
	{ "a workflow that did not start", CHECKS_RED, .checks = { PASS(1, "a") },
	  .suites = { SUITE("github-actions", 0, GITHUB_COMPLETED, GITHUB_STARTUP_FAILURE) } },
	{ "status pending", CHECKS_WAITING, .checks = { PASS(1, "a") }, .statuses = { STATUS("b", PENDING) } },
	{ "status failed", CHECKS_RED, .checks = { PASS(1, "a") }, .statuses = { STATUS("b", FAILURE) } },
	{ "status error", CHECKS_RED, .checks = { PASS(1, "a") }, .statuses = { STATUS("b", ERROR) } },
	{ "status unknown", CHECKS_RED, .checks = { PASS(1, "a") }, .statuses = { STATUS("b", UNKNOWN) } },
	{ "statuses of another commit", CHECKS_WAITING, .checks = { PASS(1, "a") }, .status_head = OTHER },
	{ "required and passed", CHECKS_GREEN, .checks = { PASS(1, "a") }, .required = { { STR("a"), 0 } } },
	{ "required of this app", CHECKS_GREEN, .checks = { PASS(1, "a") }, .required = { { STR("a"), ACTIONS } } },
	{ "required of another app", CHECKS_WAITING, .checks = { PASS(1, "a") }, .required = { { STR("a"), 7 } },
	  .reason = "is required and has not reported" },
	{ "required and missing", CHECKS_WAITING, .checks = { PASS(1, "a") }, .required = { { STR("b"), 0 } } },
	{ "required by a status", CHECKS_GREEN, .statuses = { STATUS("b", SUCCESS) },
	  .required = { { STR("b"), 0 } } },
	{ "required and skipped alone", CHECKS_EMPTY, .checks = { END(1, "a", GITHUB_SKIPPED) },
	  .required = { { STR("a"), 0 } } },
	{ "required on another commit", CHECKS_WAITING, .checks = { PASS(1, "a"), { .id = 2, .head = OTHER,
	  .name = STR("b"), .app = "", .state = GITHUB_COMPLETED, .conclusion = GITHUB_SUCCESS } },
	  .required = { { STR("b"), 0 } } },
	{ "rules unknown", CHECKS_WAITING, .checks = { PASS(1, "a") }, .unknown_rules = true },
	{ "nothing, and rules unknown", CHECKS_WAITING, .unknown_rules = true },
	{ "list cut", CHECKS_WAITING, .checks = { PASS(1, "a") }, .checks_cut = true },
	{ "suites cut", CHECKS_WAITING, .checks = { PASS(1, "a") }, .suites_cut = true },
	{ "statuses cut", CHECKS_WAITING, .checks = { PASS(1, "a") }, .statuses_cut = true },
	{ "a malformed one", CHECKS_WAITING, .checks = { PASS(1, "a") }, .left_out = true },
	{ "red before already", CHECKS_GREEN, .checks = { PASS(1, "a"), END(2, "b", GITHUB_FAILURE) },
	  .tolerated = STR("b") },
	{ "red before already, alone", CHECKS_EMPTY, .checks = { END(2, "b", GITHUB_FAILURE) }, .tolerated = STR("b") },
	{ "red before already, but required", CHECKS_RED, .checks = { PASS(1, "a"), END(2, "b", GITHUB_FAILURE) },
	  .required = { { STR("b"), 0 } }, .tolerated = STR("b") },
};

static void judges(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(sets) / sizeof(*sets); i++) {
		struct set set = sets[i];
		struct github_checks checks = { set.checks, 0, set.left_out, !set.checks_cut };
		struct github_suites suites = { set.suites, 0, 0, !set.suites_cut };
		struct github_statuses statuses = { .items = set.statuses, .complete = !set.statuses_cut };
		struct checks_facts facts = { .head = HEAD, .checks = &checks, .suites = &suites,
			.statuses = &statuses, .required = set.required, .own_app_id = OWN,
			.required_is_known = !set.unknown_rules, .tolerated = &set.tolerated,
			.tolerated_count = set.tolerated.size ? 1 : 0 };
		struct checks_judgement judgement;
		ARENA a = {0};

		memcpy(statuses.head, set.status_head ? set.status_head : HEAD, sizeof(statuses.head));
		while (checks.count < MOST && set.checks[checks.count].id)
			checks.count++;
		while (suites.count < MOST && set.suites[suites.count].id)
			suites.count++;
		while (statuses.count < MOST && set.statuses[statuses.count].context.size)
			statuses.count++;
		while (facts.required_count < MOST && set.required[facts.required_count].context.size)
			facts.required_count++;
		judgement = checks_judge(&facts, &a);
		if (judgement.verdict != set.verdict)
			fail_msg("%s: %d", set.what, judgement.verdict);
		if ((judgement.verdict == CHECKS_GREEN) != !judgement.reason_count)
			fail_msg("%s: %zu reasons", set.what, judgement.reason_count);
		if (set.reason && !strstr(judgement.reasons[0].text, set.reason))
			fail_msg("%s: %s", set.what, judgement.reasons[0].text);
		assert_int_equal(judgement.needs_person, set.person);
	}
}

/* Whatever is taken from a green set, put into it unfinished, or made red: it is not green. */
static void green_is_fragile(void **state)
{
	static const enum github_conclusion ends[] = {
		GITHUB_CONCLUSION_UNKNOWN, GITHUB_FAILURE, GITHUB_CANCELLED, GITHUB_TIMED_OUT,
		GITHUB_ACTION_REQUIRED, GITHUB_STALE, GITHUB_STARTUP_FAILURE, GITHUB_NO_CONCLUSION,
	};
	static const enum github_state states[] = {
		GITHUB_STATE_UNKNOWN, GITHUB_QUEUED, GITHUB_IN_PROGRESS, GITHUB_WAITING,
		GITHUB_REQUESTED, GITHUB_PENDING,
	};
	const struct required_check required[] = { { STR("a"), ACTIONS }, { STR("b"), 0 } };
	struct github_suites suites = { NULL, 0, 0, true };
	struct github_statuses statuses = { .head = HEAD, .complete = true };

	(void)state;
	for (size_t at = 0; at < 2; at++) {
		for (size_t i = 0; i < 8 + 6 + 1; i++) {
			struct github_check items[] = { PASS(1, "a"), PASS(2, "b") };
			struct github_checks checks = { items, 2, 0, true };
			struct checks_facts facts = { .head = HEAD, .checks = &checks, .suites = &suites,
				.statuses = &statuses, .required = required, .required_count = 2,
				.required_is_known = true };
			ARENA a = {0};

			assert_int_equal(checks_judge(&facts, &a).verdict, CHECKS_GREEN);
			if (i < 8)
				items[at].conclusion = ends[i];
			else if (i < 14)
				items[at].state = states[i - 8];
			else
				items[at] = items[--checks.count];
			assert_int_not_equal(checks_judge(&facts, &a).verdict, CHECKS_GREEN);
		}
	}
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(judges), cmocka_unit_test(green_is_fragile),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

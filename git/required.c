/*
 * The judgement on a commit's checks. Asks nobody, knows no time.
 */
#include "git/required.h"

struct judge {
	const struct checks_facts *facts;
	struct arena *a;
	struct checks_judgement *out;
	bool waits;
	size_t succeeded;
};

enum end { END_PASSED, END_FAILED, END_RUNNING };

static void reason(struct judge *j, const char *text, struct str name, bool required)
{
	arena_push(j->a, j->out->reasons, j->out->reason_count) =
		(struct checks_reason){ text, name, required };
}

/* Statuses tell no app (0): they count for any; GitHub itself looks again when it merges. */
static bool is_required(const struct judge *j, struct str name, uint64_t app)
{
	for (size_t i = 0; i < j->facts->required_count; i++) {
		const struct required_check *one = &j->facts->required[i];

		if (str_equal(one->context, name) && (!one->app_id || !app || one->app_id == app))
			return true;
	}
	return false;
}

static bool is_tolerated(const struct judge *j, struct str name)
{
	for (size_t i = 0; i < j->facts->tolerated_count; i++)
		if (str_equal(j->facts->tolerated[i], name))
			return true;
	return false;
}

static void count(struct judge *j, enum end end, struct str name, uint64_t app, const char *text)
{
	bool required = is_required(j, name, app);

	switch (end) {
	case END_PASSED:
		j->out->passed++;
		return;
	case END_RUNNING:
		j->out->running++;
		j->waits = true;
		break;
	case END_FAILED:
		if (!required && is_tolerated(j, name)) {
			j->out->tolerated++;
			return;
		}
		j->out->failed++;
		break;
	}
	reason(j, text, name, required);
}

static enum end end_of(const struct github_check *check, const char **text)
{
	*text = "has not ended";
	if (check->state != GITHUB_COMPLETED)
		return END_RUNNING;
	switch (check->conclusion) {
	case GITHUB_SUCCESS:
	case GITHUB_NEUTRAL:
	case GITHUB_SKIPPED:
		return END_PASSED;
	case GITHUB_FAILURE:
		*text = "has failed";
		break;
	case GITHUB_CANCELLED:
		*text = "was cancelled";
		break;
	case GITHUB_TIMED_OUT:
		*text = "took too long";
		break;
	case GITHUB_ACTION_REQUIRED:
		*text = "wants somebody to act";
		break;
	case GITHUB_STALE:
		*text = "went stale";
		break;
	case GITHUB_STARTUP_FAILURE:
		*text = "did not start";
		break;
	case GITHUB_NO_CONCLUSION:
	case GITHUB_CONCLUSION_UNKNOWN:
		*text = "ended in a way that is not known here";
		break;
	}
	return END_FAILED;
}

/* Of runs of one name in one suite the newest counts: the others were run again. */
static bool is_newest(const struct github_checks *checks, const struct github_check *one)
{
	for (size_t i = 0; i < checks->count; i++) {
		const struct github_check *other = &checks->items[i];

		if (other->suite_id == one->suite_id && other->app_id == one->app_id &&
		    other->id > one->id && str_equal(other->name, one->name))
			return false;
	}
	return true;
}

static bool is_own(const struct judge *j, uint64_t app)
{
	return app && app == j->facts->own_app_id;
}

static void judge_checks(struct judge *j)
{
	const struct github_checks *checks = j->facts->checks;

	for (size_t i = 0; i < checks->count; i++) {
		const struct github_check *one = &checks->items[i];
		const char *text;
		enum end end = end_of(one, &text);

		if (is_own(j, one->app_id) || !is_newest(checks, one))
			continue;
		if (strcmp(one->head, j->facts->head)) {
			j->waits = true;
			reason(j, "is of another commit", one->name, false);
			continue;
		}
		count(j, end, one->name, one->app_id, text);
		j->succeeded += end == END_PASSED && one->conclusion == GITHUB_SUCCESS;
	}
}

/*
 * A suite that has not ended waits, with two exceptions to GitHub's ways: apps that never report get
 * an empty suite that stays queued for ever, and runs that wait for approval look ended.
 */
static void judge_suites(struct judge *j)
{
	const struct github_suites *suites = j->facts->suites;

	for (size_t i = 0; i < suites->count; i++) {
		const struct github_suite *one = &suites->items[i];
		bool actions = !strcmp(one->app, "github-actions");

		if (is_own(j, one->app_id))
			continue;
		if (strcmp(one->head, j->facts->head)) {
			j->waits = true;
			reason(j, "is of another commit", str_of(one->app), false);
		} else if (one->state != GITHUB_COMPLETED && (one->check_count || actions)) {
			j->waits = true;
			reason(j, "has a suite that has not ended", str_of(one->app), false);
		} else if (one->state == GITHUB_COMPLETED &&
			   one->conclusion == GITHUB_ACTION_REQUIRED) {
			j->waits = j->out->needs_person = true;
			reason(j, "waits for somebody to approve its runs", str_of(one->app),
			       false);
		} else if (one->conclusion == GITHUB_STARTUP_FAILURE) {
			count(j, END_FAILED, str_of(one->app), one->app_id,
			      "has a workflow that did not start");
		}
	}
}

static void judge_statuses(struct judge *j)
{
	const struct github_statuses *statuses = j->facts->statuses;

	for (size_t i = 0; i < statuses->count; i++) {
		const struct github_status *one = &statuses->items[i];

		switch (one->state) {
		case GITHUB_STATUS_SUCCESS:
			count(j, END_PASSED, one->context, 0, "");
			j->succeeded++;
			break;
		case GITHUB_STATUS_PENDING:
			count(j, END_RUNNING, one->context, 0, "has not ended");
			break;
		case GITHUB_STATUS_UNKNOWN:
		case GITHUB_STATUS_FAILURE:
		case GITHUB_STATUS_ERROR:
			count(j, END_FAILED, one->context, 0, "has failed");
			break;
		}
	}
}

static bool has_reported(const struct judge *j, const struct required_check *required)
{
	const struct github_checks *checks = j->facts->checks;
	const struct github_statuses *statuses = j->facts->statuses;

	for (size_t i = 0; i < checks->count; i++)
		if (str_equal(checks->items[i].name, required->context) &&
		    !strcmp(checks->items[i].head, j->facts->head) &&
		    (!required->app_id || checks->items[i].app_id == required->app_id))
			return true;
	for (size_t i = 0; i < statuses->count; i++)
		if (str_equal(statuses->items[i].context, required->context))
			return true;
	return false;
}

static void judge_required(struct judge *j)
{
	if (!j->facts->required_is_known) {
		j->waits = true;
		reason(j, "which checks are required could not be read", STR_NONE, true);
	}
	for (size_t i = 0; i < j->facts->required_count; i++) {
		if (has_reported(j, &j->facts->required[i]))
			continue;
		j->waits = true;
		reason(j, "is required and has not reported", j->facts->required[i].context, true);
	}
}

static void judge_completeness(struct judge *j)
{
	const struct checks_facts *f = j->facts;

	if (!f->checks->complete || f->checks->left_out || !f->suites->complete ||
	    f->suites->left_out || !f->statuses->complete || f->statuses->left_out) {
		j->waits = true;
		reason(j, "the list of checks is not complete", STR_NONE, false);
	}
	if (strcmp(f->statuses->head, f->head)) {
		j->waits = true;
		reason(j, "the statuses are of another commit", STR_NONE, false);
	}
}

struct checks_judgement checks_judge(const struct checks_facts *facts, struct arena *a)
{
	struct checks_judgement out = {0};
	struct judge j = { .facts = facts, .a = a, .out = &out };

	judge_checks(&j);
	judge_suites(&j);
	judge_statuses(&j);
	judge_required(&j);
	judge_completeness(&j);
	if (out.failed) {
		out.verdict = CHECKS_RED;
	} else if (j.waits) {
		out.verdict = CHECKS_WAITING;
	} else if (!j.succeeded) {
		out.verdict = CHECKS_EMPTY;
		reason(&j, "no check has succeeded: nothing was tried", STR_NONE, false);
	} else {
		out.verdict = CHECKS_GREEN;
		out.reason_count = 0;
	}
	return out;
}

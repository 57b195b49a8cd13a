/*
 * Our branch and pull request: whose work is on it, what its checks say on exactly that commit, and
 * what the repository allows. Asks GitHub; decides nothing.
 */
#include "bot/turn.h"

#include "bot/manners.h"
#include "bot/window.h"
#include "git/github_commits.h"
#include "git/github_protection.h"
#include "git/github_reviews.h"

#include <string.h>

/* So long for checks to end, and for the first of them to begin. */
enum { CHECKS_WAIT_MS = 6 * 60 * 60 * 1000, START_WAIT_MS = 20 * 60 * 1000, REVIEW_MOST = 2000 };

static bool pushed_before(const struct turn *t, const char *commit)
{
	const json_t *proven = json_at(t->story, "proven"), *one;
	size_t i;

	json_array_foreach(proven, i, one)
		if (str_is(json_text_or(one, "commit", STR("")), commit))
			return true;
	return false;
}

/*
 * A branch that stands where an earlier attempt of ours put it is as good as absent: the new commit
 * is not there yet. Anything else that we did not make belongs to a person.
 */
static bool find_branch(struct turn *t, enum branch_state *out, struct err *e)
{
	struct err why = ERR_INIT;

	*out = BRANCH_ABSENT;
	if (!github_branch_head(&t->call, turn_fix_branch(t), t->fix_head, &why)) {
		t->fix_head[0] = '\0';
		return why.kind == ERR_GONE || (*e = why, false);
	}
	if (!strcmp(t->fix_head, t->incident.fix_commit))
		*out = BRANCH_OURS;
	else if (!pushed_before(t, t->fix_head))
		*out = BRANCH_FOREIGN;
	return true;
}

static bool find_pull(struct turn *t, enum pull_state *out, struct err *e)
{
	struct github_pulls found;
	uint64_t number = (uint64_t)t->incident.pull;

	*out = PULL_NONE;
	if (!number) {
		if (!github_pulls_list(&t->call, "all", turn_fix_branch(t), NULL, &found, e))
			return false;
		if (!found.count)
			return true;
		number = found.items[0].number;
	}
	if (!github_pull_get(&t->call, number, &t->pull, e))
		return false;
	if (t->pull.is_merged)
		*out = PULL_MERGED;
	else if (!t->pull.is_open)
		*out = PULL_CLOSED;
	else
		*out = t->pull.is_draft ? PULL_DRAFT : PULL_OPEN;
	return true;
}

static bool find_tolerated(struct turn *t, const char *base, bool as_before,
			   struct checks_facts *facts, struct err *e)
{
	struct github_checks checks;
	struct sighting *sightings;
	struct str *names = NULL;
	size_t sighting_count, count = 0;

	if (!base[0] || !github_checks_list(&t->call, base, &checks, e) ||
	    !incident_sightings(t->daemon->store, t->incident.id, t->arena, &sightings,
				&sighting_count, e))
		return !base[0];
	for (size_t i = 0; i < checks.count; i++) {
		bool ours = checks.items[i].conclusion != GITHUB_FAILURE;

		for (size_t n = 0; !ours && !as_before && n < sighting_count; n++)
			ours = str_is(checks.items[i].name, sightings[n].job);
		if (!ours)
			arena_push(t->arena, names, count) = checks.items[i].name;
	}
	facts->tolerated = names;
	facts->tolerated_count = count;
	return true;
}

bool gather_checks(struct turn *t, const char *head, const char *base, bool as_before,
		   enum checks_verdict *out, struct err *e)
{
	struct github_checks checks;
	struct github_suites suites;
	struct github_statuses statuses;
	struct github_protection protection;
	struct checks_facts facts = { .head = head, .checks = &checks, .suites = &suites,
				      .statuses = &statuses, .own_app_id = t->daemon->own.app_id };
	struct checks_judgement judged;

	if (!github_checks_list(&t->call, head, &checks, e) ||
	    !github_suites_list(&t->call, head, &suites, e) ||
	    !github_statuses_list(&t->call, head, &statuses, e) ||
	    !github_protection_of(&t->call, t->incident.branch, &protection, e) ||
	    !find_tolerated(t, base, as_before, &facts, e))
		return false;
	facts.required = protection.checks;
	facts.required_count = protection.check_count;
	facts.required_is_known = protection.is_known;
	judged = checks_judge(&facts, t->arena);
	*out = judged.verdict;
	/* Everything has ended, and nothing is worse than it was. */
	if (as_before && judged.verdict == CHECKS_EMPTY && judged.tolerated)
		*out = CHECKS_GREEN;
	if (judged.reason_count)
		t->note = arena_printf(t->arena, "%.*s %s", STR_ARG(judged.reasons[0].name),
				       judged.reasons[0].text);
	return true;
}

/* In a comment, for exactly this head, by one who still may. */
static bool find_said(struct turn *t, enum approval *out, struct err *e)
{
	const char *by = story_text(t, "approved.by");
	enum github_permission permission;

	if (!*by || strcmp(story_text(t, "approved.head"), t->pull.head) != 0)
		return true;
	if (!github_permission_of(&t->call, by, &permission, e))
		return false;
	if (permission >= GITHUB_PERMISSION_WRITE)
		*out = APPROVAL_YES;
	return true;
}

static bool find_approval(struct turn *t, enum approval *out, struct err *e)
{
	struct github_reviews reviews;
	struct github_reviewers reviewers;
	const struct github_review *by = NULL;

	*out = APPROVAL_NONE;
	if (!github_reviews_list(&t->call, t->pull.number, &reviews, e) ||
	    !github_reviewers_ask(&t->call, &reviews, t->pull.head, &reviewers, e))
		return false;
	switch (github_reviews_verdict(&reviews, t->pull.head, &reviewers, &by)) {
	case REVIEWS_APPROVED:
		*out = APPROVAL_YES;
		break;
	case REVIEWS_CHANGES:
		*out = APPROVAL_CHANGES;
		t->note = "a reviewer asks for changes";
		story_set(t, "review", json_string_of(str_slice(by->body, 0, REVIEW_MOST)));
		break;
	case REVIEWS_NONE:
		return find_said(t, out, e);
	}
	return true;
}

static enum autonomy autonomy_in(const struct config *settings)
{
	const char *word = config_text(settings, "autonomy");

	if (!strcmp(word, "autopilot"))
		return AUTONOMY_AUTOPILOT;
	return !strcmp(word, "guarded") ? AUTONOMY_GUARDED : AUTONOMY_PROPOSE;
}

/* The red branch may ask for less, and never for more. */
static enum autonomy autonomy_of(const struct turn *t)
{
	const enum autonomy given = autonomy_in(t->settings);
	const enum autonomy wanted = t->stricter && config_has(t->stricter, "autonomy")
					     ? autonomy_in(t->stricter) : given;

	return wanted < given ? wanted : given;
}

/* The label on our own pull request keeps us from it, too. */
static void find_label(struct turn *t)
{
	for (size_t i = 0; i < t->pull.label_count; i++)
		if (!strcmp(t->pull.labels[i], MANNERS_SKIP_LABEL))
			t->facts.pull.scope = SCOPE_UNWANTED;
}

/* The least sure and the riskiest of all that stands on the branch. */
static void find_tier_and_risk(const struct turn *t, struct pull_facts *f)
{
	const json_t *proven = json_at(t->story, "proven"), *one;
	size_t i;

	f->tier = json_array_size(proven) ? TIER_HIGH : TIER_LOW;
	f->risk = json_array_size(proven) ? RISK_LOW : RISK_HIGH;
	json_array_foreach(proven, i, one) {
		struct str tier = json_text_or(one, "tier", STR("low"));
		struct str risk = json_text_or(one, "risk", STR("HIGH"));
		enum tier this_tier = TIER_LOW;
		enum risk this_risk = RISK_HIGH;

		if (!str_is(tier, "low"))
			this_tier = str_is(tier, "high") ? TIER_HIGH : TIER_MEDIUM;
		if (!str_is(risk, "HIGH"))
			this_risk = str_is(risk, "LOW") ? RISK_LOW : RISK_MEDIUM;
		if (this_tier < f->tier)
			f->tier = this_tier;
		if (this_risk > f->risk)
			f->risk = this_risk;
	}
}

/* GitHub says "blocked" also while a rule wants what we may go past, so that it is tried once. */
static enum mergeable mergeable_of(struct turn *t)
{
	const struct github_pull *pull = &t->pull;

	if (pull->mergeable == GITHUB_MERGEABLE_UNKNOWN)
		return MERGEABLE_UNKNOWN;
	if (pull->mergeable != GITHUB_MERGEABLE)
		return MERGEABLE_NO;
	if (pull->merge_state == GITHUB_MERGE_BEHIND) {
		t->note = "its rules want the newest commit of the branch under it";
		return MERGEABLE_BEHIND;
	}
	if (pull->merge_state != GITHUB_MERGE_BLOCKED ||
	    strcmp(story_text(t, "refused.head"), pull->head) != 0)
		return MERGEABLE_YES;
	t->note = story_text(t, "refused.why");
	return MERGEABLE_BLOCKED;
}

/* What waits for people is looked at less often than what waits for machines. */
static bool gather_open_pull(struct turn *t, struct pull_facts *f, struct err *e)
{
	const int64_t since = json_integer_or(t->story, "proposed_at", t->now);
	const int64_t next = t->now + config_integer(t->daemon->config, "poll.every_s") * 1000;

	if (!gather_checks(t, t->pull.head, t->incident.base_sha, false, &f->checks, e) ||
	    !find_approval(t, &f->approval, e))
		return false;
	f->overdue = t->now - since > (f->checks == CHECKS_EMPTY ? START_WAIT_MS : CHECKS_WAIT_MS);
	f->mergeable = mergeable_of(t);
	f->monitored = window_has_eyes(t->daemon->config, t->settings);
	if (!f->monitored)
		return true;
	if (!window_baseline(t->daemon, arena_printf(t->arena, "%lld", (long long)t->repository.id),
			     t->settings, t->now, &t->look_at, e))
		return false;
	if (t->look_at > next)
		t->look_at = next;
	return true;
}

bool gather_pull(struct turn *t, struct err *e)
{
	struct pull_facts *f = &t->facts.pull;

	if (!find_branch(t, &f->branch, e) || !find_pull(t, &f->pull, e))
		return false;
	if (f->scope != SCOPE_REFUSED)
		find_label(t);
	f->attempts_left = t->incident.attempt < ATTEMPTS_MOST;
	f->autonomy = autonomy_of(t);
	f->sandboxed = config_boolean(t->daemon->config, "sandbox.enabled");
	find_tier_and_risk(t, f);
	if (t->incident.stage <= STAGE_VERIFYING || !t->pull.is_open)
		return true;
	return gather_open_pull(t, f, e);
}

/*
 * A repository's rules: may our branches be made, which checks must pass and does anybody report them,
 * and what stands between a pull request and its merge.
 */
#include "bot/doctor.h"

#include "git/github_checks.h"
#include "git/github_commits.h"

static const char OUR_BRANCH[] = "aegis/fix-000000000000";

/* Rules of a branch of ours that keep a push from it. */
static const struct hindrance {
	const char *type, *words;
} hindrances[] = {
	{ "creation", "a rule forbids to make it" },
	{ "update", "a rule forbids to push to it" },
	{ "pull_request", "a rule lets only pull requests change it" },
	{ "required_signatures", "a rule wants signed commits, and Aegis does not sign" },
	{ "required_status_checks", "a rule wants green checks before a push" },
	{ "required_deployments", "a rule wants deployments before a push" },
	{ "merge_queue", "a rule lets only the merge queue change it" },
	{ "commit_author_email_pattern", "a rule is about authors' addresses" },
	{ "committer_email_pattern", "a rule is about committers' addresses" },
	{ "commit_message_pattern", "a rule is about commit messages" },
};

/* Is a name of ours against a rule about names? A regular expression is left to GitHub. */
static bool is_against_names(const struct github_rule *rule, bool *unsure)
{
	const struct str name = STR("aegis/fix-000000000000");
	bool fits;

	if (str_is(rule->operator, "starts_with"))
		fits = str_equal(str_slice(name, 0, rule->pattern.size), rule->pattern);
	else if (str_is(rule->operator, "ends_with"))
		fits = str_equal(str_from(name, name.size - (rule->pattern.size < name.size ?
			rule->pattern.size : name.size)), rule->pattern);
	else if (str_is(rule->operator, "contains"))
		fits = str_find(name, rule->pattern) >= 0;
	else
		return !(*unsure = true);
	return fits == rule->negate;
}

static const char *hindrance_of(const struct github_rule *rule, bool *unsure)
{
	if (str_is(str_of(rule->type), "branch_name_pattern"))
		return is_against_names(rule, unsure) || *unsure ? "a rule is about names of branches" : NULL;
	for (size_t i = 0; i < sizeof(hindrances) / sizeof(*hindrances); i++)
		if (str_is(str_of(rule->type), hindrances[i].type)) {
			*unsure = str_ends(str_of(rule->type), "_pattern");
			return hindrances[i].words;
		}
	return NULL;
}

static void branches(struct doctor *d)
{
	static const char mend[] = "let the App past the ruleset (\"Bypass list\"), or leave aegis/* out of it";
	struct github_rules rules;
	struct err e = ERR_INIT;
	size_t said = 0;

	if (!github_rules_get(&d->call, OUR_BRANCH, &rules, &e)) {
		doctor_say_error(d, "branches", &e);
		return;
	}
	for (size_t i = 0; i < rules.count; i++) {
		bool unsure = false;
		const char *words = hindrance_of(&rules.items[i], &unsure);

		if (!words || rules.items[i].bypass == GITHUB_YES)
			continue;
		unsure |= rules.items[i].bypass == GITHUB_UNSAID;
		doctor_say(d, "branches", unsure ? FINDING_WARNING : FINDING_BAD, mend, "%s: %s (ruleset %llu)",
			   "aegis/*", words, (unsigned long long)rules.items[i].ruleset);
		said++;
	}
	if (!said)
		doctor_say(d, "branches", rules.complete ? FINDING_OK : FINDING_UNKNOWN, NULL, "%s",
			   rules.complete ? "aegis/* may be made" : "not all rules could be read");
}

/* What was reported on a commit. */
struct reported {
	struct github_checks checks;
	struct github_statuses statuses;
};

static bool is_reported(const struct reported *reported, const struct required_check *check)
{
	for (size_t i = 0; i < reported->checks.count; i++)
		if (str_equal(reported->checks.items[i].name, check->context) &&
		    (!check->app_id || reported->checks.items[i].app_id == check->app_id))
			return true;
	for (size_t i = 0; i < reported->statuses.count; i++)
		if (str_equal(reported->statuses.items[i].context, check->context))
			return true;
	return false;
}

/*
 * The heads where required checks are looked for: of the default branch, and of the newest open pull
 * request.
 */
static bool ask_reported(struct doctor *d, struct reported out[2], size_t *count, struct err *e)
{
	char head[GITHUB_SHA_SIZE];
	struct github_pulls pulls = {0};

	*count = 0;
	if (!github_branch_head(&d->call, d->switches.default_branch, head, e) ||
	    !github_checks_list(&d->call, head, &out[0].checks, e) ||
	    !github_statuses_list(&d->call, head, &out[0].statuses, e) ||
	    !github_pulls_list(&d->call, "open", NULL, NULL, &pulls, e))
		return false;
	*count = 1;
	if (!pulls.count)
		return true;
	if (!github_checks_list(&d->call, pulls.items[0].head, &out[1].checks, e) ||
	    !github_statuses_list(&d->call, pulls.items[0].head, &out[1].statuses, e))
		return false;
	*count = 2;
	return true;
}

static void say_required(struct doctor *d, const struct github_protection *protection)
{
	struct text list = TEXT(d->arena), lost = TEXT(d->arena);
	struct reported reported[2] = {0};
	struct err e = ERR_INIT;
	size_t heads;

	if (!ask_reported(d, reported, &heads, &e)) {
		doctor_say_error(d, "required checks", &e);
		return;
	}
	for (size_t i = 0; i < protection->check_count; i++) {
		const struct required_check *check = &protection->checks[i];
		bool found = is_reported(&reported[0], check) || (heads > 1 && is_reported(&reported[1], check));

		text_addf(&list, "%s%.*s (%s)", list.size ? ", " : "", STR_ARG(check->context), !check->app_id
			  ? "by anybody" : check->app_id == 15368 ? "by GitHub Actions"
			  : arena_printf(d->arena, "by App %llu", (unsigned long long)check->app_id));
		if (!found)
			text_addf(&lost, "%s%.*s", lost.size ? ", " : "", STR_ARG(check->context));
	}
	if (lost.size)
		doctor_say(d, "required checks", FINDING_WARNING, "look at their names in the rules: a check that "
			   "nobody reports blocks every merge", "nobody has reported %s on the newest commit or "
			   "pull request", text_cstr(&lost));
	else
		doctor_say(d, "required checks", FINDING_OK, NULL, "%s", list.size ? text_cstr(&list)
			   : "none: Aegis waits for all that are there");
}

/* Aegis squashes, and makes a merge commit where it may not. */
static void say_methods(struct doctor *d, const struct github_protection *protection)
{
	const struct github_switches *s = &d->switches;
	const bool ruled = protection->merge_methods.size > 0;
	const bool squash = s->squash != GITHUB_NO && (!ruled || str_has(protection->merge_methods, "squash"));
	const bool commit = s->merge_commit != GITHUB_NO && !protection->wants_linear_history &&
			    (!ruled || str_has(protection->merge_methods, "merge"));

	if (!squash && !commit)
		doctor_say(d, "merge method", FINDING_BAD, "allow squash merging (Settings, Pull Requests, and "
			   "the rules of the branch)", "neither squash merging nor merge commits are allowed");
	else if (s->squash == GITHUB_UNSAID)
		doctor_say(d, "merge method", FINDING_UNKNOWN, NULL, "GitHub did not say which are allowed");
	else
		doctor_say(d, "merge method", FINDING_OK, NULL, "%s%s", squash ? "squash" : "merge commit",
			   protection->wants_linear_history ? ", linear history is wanted" : "");
}

/* What only people can give. Where they merge anyway it is as it should be. */
static void say_people(struct doctor *d, const struct github_protection *protection)
{
	const char *autonomy = d->settings ? config_text(d->settings, "autonomy") : "propose";
	const bool alone = !str_is(str_of(autonomy), "propose");
	const struct {
		bool holds;
		const char *words;
	} needs[] = {
		{ protection->approvals > 0, "approving reviews" },
		{ protection->wants_code_owners, "reviews of code owners" },
		{ protection->has_merge_queue, "the merge queue" },
		{ protection->wants_signatures, "signed commits" },
	};
	struct text list = TEXT(d->arena);

	for (size_t i = 0; i < sizeof(needs) / sizeof(*needs); i++)
		if (needs[i].holds)
			text_addf(&list, "%s%s", list.size ? ", " : "", needs[i].words);
	if (protection->reviews_unknown)
		doctor_say(d, "merge", FINDING_UNKNOWN, "look at Settings, Branches",
			   "%s is protected in a way of which only the checks can be read",
			   d->switches.default_branch);
	else if (!list.size)
		doctor_say(d, "merge", FINDING_OK, NULL, "nothing but checks stands before it");
	else
		doctor_say(d, "merge", alone ? FINDING_WARNING : FINDING_OK, alone ? "set autonomy: propose, let "
			   "people approve, or let the App past the rule" : NULL,
			   "%s wants %s: with autonomy %s a person has the last word", d->switches.default_branch,
			   text_cstr(&list), autonomy);
}

static void merges(struct doctor *d)
{
	struct github_protection protection;
	struct err e = ERR_INIT;

	if (!github_protection_of(&d->call, d->switches.default_branch, &protection, &e)) {
		doctor_say_error(d, "required checks", &e);
		return;
	}
	if (!protection.is_known)
		doctor_say(d, "required checks", FINDING_UNKNOWN, "look at the rules of the branch",
			   "not all rules of %s could be read: nothing is merged by itself there",
			   d->switches.default_branch);
	else
		say_required(d, &protection);
	say_methods(d, &protection);
	say_people(d, &protection);
}

/* They are made when they are first needed. */
static void labels(struct doctor *d)
{
	static const char *const ours[] = { "aegis", "aegis: needs a person" };
	struct text lacking = TEXT(d->arena);
	struct err e = ERR_INIT;

	for (size_t i = 0; i < sizeof(ours) / sizeof(*ours); i++) {
		bool found;

		if (!github_label_is_there(&d->call, ours[i], &found, &e)) {
			doctor_say_error(d, "labels", &e);
			return;
		}
		if (!found)
			text_addf(&lacking, "%s\"%s\"", lacking.size ? ", " : "", ours[i]);
	}
	doctor_say(d, "labels", FINDING_OK, NULL, "%s%s", lacking.size ? text_cstr(&lacking) : "all are there",
		   lacking.size ? " will be made when first needed" : "");
}

doctor_check *const doctor_rules_checks[] = { branches, merges, labels, NULL };

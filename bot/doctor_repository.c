/*
 * One repository: can it be reached, what may the token do there, is Actions on, do our pushes start
 * workflows, is the settings file understood. Its rules are doctor_rules.c's.
 */
#include "bot/doctor.h"

#include "bot/base/options.h"
#include "git/github_commits.h"

#include <strings.h>

enum { SETTINGS_MOST = 64 * 1024 };

static const char SETTINGS_FILE[] = ".github/aegis.yml";

static const char *installation_page(struct doctor *d, const struct github_grant *grant)
{
	return *grant->page ? arena_printf(d->arena, "%s", grant->page)
			    : arena_printf(d->arena, "the installation's page of %s", grant->account);
}

static void granted_rights(struct doctor *d, const struct github_grant *grant)
{
	struct github_rights_judgement judgement = github_rights_judge(&grant->rights, d->arena);
	const char *page = installation_page(d, grant);

	if (judgement.missing.size)
		doctor_say(d, "permissions", FINDING_BAD, arena_printf(d->arena, "grant them on %s", page),
			   "not granted: %.*s", STR_ARG(judgement.missing));
	if (judgement.excessive.size)
		doctor_say(d, "permissions", FINDING_WARNING, "take them away from the App",
			   "more than is needed: %.*s", STR_ARG(judgement.excessive));
	if (!judgement.missing.size && !judgement.excessive.size)
		doctor_say(d, "permissions", FINDING_OK, NULL, "what is needed and no more");
}

static void installation(struct doctor *d)
{
	struct github_grant grant;
	struct err e = ERR_INIT;

	if (!d->app.id)
		return;
	if (!github_grant_get(&d->call, &grant, &e)) {
		if (e.kind == ERR_GONE)
			doctor_say(d, "installation", FINDING_BAD, arena_printf(d->arena, "install it: %s%s",
				   *d->app.page ? d->app.page : "the App's page",
				   *d->app.page ? "/installations/new" : ""),
				   "the App is not installed there, or the repository is not there");
		else
			doctor_say_error(d, "installation", &e);
		return;
	}
	if (grant.is_suspended)
		doctor_say(d, "installation", FINDING_BAD, arena_printf(d->arena, "lift it on %s",
			   installation_page(d, &grant)), "it is suspended: nothing can be done there");
	else
		doctor_say(d, "installation", FINDING_OK, NULL, "of %s", grant.account);
	d->call.installation = grant.is_suspended ? 0 : grant.id;
	granted_rights(d, &grant);
}

static void reach(struct doctor *d)
{
	struct err e = ERR_INIT;
	bool moved;

	if (!d->github) {
		doctor_say(d, "reach", FINDING_UNKNOWN, NULL, "there is no way to ask GitHub");
		return;
	}
	if (!github_switches_get(&d->call, &d->switches, &e)) {
		if (e.kind == ERR_GONE)
			doctor_say(d, "reach", FINDING_BAD, "look at the name, and give the token this repository",
				   "GitHub has no %s/%s that this token may see", d->owner, d->name);
		else
			doctor_say_error(d, "reach", &e);
		return;
	}
	d->is_reached = true;
	moved = strcasecmp(d->owner, d->switches.owner) || strcasecmp(d->name, d->switches.name);
	if (moved)
		doctor_say(d, "reach", FINDING_WARNING, "use the new name in github.repositories and in remotes",
			   "%s/%s is called %s/%s now", d->owner, d->name, d->switches.owner, d->switches.name);
	else
		doctor_say(d, "reach", FINDING_OK, NULL, "%s, default branch %s",
			   d->switches.is_private ? "private" : "public", d->switches.default_branch);
	if (d->switches.is_archived)
		doctor_say(d, "archived", FINDING_BAD, "unarchive it, or take it out", "it is read-only");
	if (d->switches.is_disabled)
		doctor_say(d, "disabled", FINDING_BAD, "ask GitHub's support", "GitHub has disabled it");
	d->call.owner = d->switches.owner;
	d->call.name = d->switches.name;
}

static void classic_rights(struct doctor *d)
{
	struct github_rights_judgement judgement;

	if (!d->switches.scopes) {
		doctor_say(d, "permissions", FINDING_UNKNOWN, NULL, "GitHub did not say what scopes the token has");
		return;
	}
	judgement = github_scopes_judge(str_of(d->switches.scopes), d->switches.is_private, d->arena);
	if (judgement.missing.size)
		doctor_say(d, "permissions", FINDING_BAD, "make a token with it, or better an App",
			   "the token lacks the scope %.*s", STR_ARG(judgement.missing));
	if (judgement.excessive.size)
		doctor_say(d, "permissions", FINDING_WARNING, judgement.may_change_workflows ?
			   "make a token without them: with workflow a wrong fix could change what CI runs" :
			   "make a token without them", "more scopes than are needed: %.*s",
			   STR_ARG(judgement.excessive));
	if (!judgement.missing.size && !judgement.excessive.size)
		doctor_say(d, "permissions", FINDING_WARNING, "prefer an App: its rights are smaller, and of "
			   "chosen repositories", "a classic token reaches every repository of its owner");
}

/* GitHub tells nobody what these tokens may do: reading is tried, writing cannot be without writing. */
static void tried_rights(struct doctor *d)
{
	struct text denied = TEXT(d->arena);
	struct err e = ERR_INIT;

	for (const struct github_needed_right *one = github_needed_rights; one->name; one++) {
		enum github_answer answer;

		if (str_is(str_of(one->name), "metadata"))
			continue;
		if (!github_may_read(&d->call, one->name, &answer, &e)) {
			doctor_say_error(d, "permissions", &e);
			return;
		}
		if (answer == GITHUB_NO)
			text_addf(&denied, "%s%s: read", denied.size ? ", " : "", one->name);
	}
	if (denied.size)
		doctor_say(d, "permissions", FINDING_BAD, "give them to the token", "not allowed: %s",
			   text_cstr(&denied));
	else
		doctor_say(d, "permissions", FINDING_UNKNOWN, "look that it may write actions, checks, contents, "
			   "issues and pull requests, and not workflows",
			   "it may read all that is needed; what it may write GitHub does not tell");
}

static void token_rights(struct doctor *d)
{
	if (!d->is_reached || github_mode(d->github) == GITHUB_APP)
		return;
	if (d->switches.may_push == GITHUB_NO)
		doctor_say(d, "permissions", FINDING_BAD, "give its owner write access to the repository",
			   "whoever the token belongs to may not push");
	if (d->switches.expires)
		doctor_say(d, "token expires", FINDING_WARNING, "renew it before, or use an App", "at %.40s",
			   d->switches.expires);
	if (github_token_kind(d->github) == GITHUB_TOKEN_CLASSIC)
		classic_rights(d);
	else
		tried_rights(d);
	if (github_mode(d->github) != GITHUB_ACTIONS)
		doctor_say(d, "checks", FINDING_WARNING, "use an App for them",
			   "only an App can make check runs: what is known of a failure is said on pull requests");
}

static void starts_workflows(struct doctor *d)
{
	const enum github_token_kind kind = d->github ? github_token_kind(d->github) : GITHUB_TOKEN_OTHER;

	if (!d->is_reached)
		return;
	if (kind == GITHUB_TOKEN_JOB)
		doctor_say(d, "pushes start runs", FINDING_WARNING, "use an App's token where Aegis is to see "
			   "its fixes green, or merge them", "what GITHUB_TOKEN pushes starts no workflows, or "
			   "runs that wait for somebody's approval");
	else if (kind == GITHUB_TOKEN_OTHER)
		doctor_say(d, "pushes start runs", FINDING_UNKNOWN, NULL, "the token is of no known form");
	else
		doctor_say(d, "pushes start runs", FINDING_OK, NULL, "as those of people do");
}

static void actions(struct doctor *d)
{
	struct github_actions found;
	struct err e = ERR_INIT;

	if (!d->is_reached)
		return;
	if (!github_actions_get(&d->call, &found, &e)) {
		doctor_say_error(d, "actions", &e);
		return;
	}
	if (found.enabled == GITHUB_NO)
		doctor_say(d, "actions", FINDING_BAD, "allow it under Settings, Actions",
			   "GitHub Actions is switched off there");
	else if (!found.workflows)
		doctor_say(d, "actions", FINDING_WARNING, "add a workflow that runs the tests",
			   "there is no workflow: nothing of Actions can turn red");
	else if (found.switched_off.size)
		doctor_say(d, "actions", FINDING_WARNING, "enable them under Actions", "%.*s",
			   STR_ARG(found.switched_off));
	else
		doctor_say(d, "actions", FINDING_OK, NULL, "%llu workflows, all on%s",
			   (unsigned long long)found.workflows, found.enabled == GITHUB_YES ? "" :
			   "; whether Actions itself is, only administrators can read");
	if (github_mode(d->github) != GITHUB_ACTIONS)
		return;
	if (found.may_open_pulls == GITHUB_UNSAID)
		doctor_say(d, "pulls by actions", FINDING_UNKNOWN, "look at Settings, Actions, General: \"Allow "
			   "GitHub Actions to create and approve pull requests\"",
			   "only its administrators can read whether jobs may open pull requests");
	else
		doctor_say(d, "pulls by actions", found.may_open_pulls == GITHUB_YES ? FINDING_OK : FINDING_BAD,
			   found.may_open_pulls == GITHUB_YES ? NULL : "allow it under Settings, Actions, General",
			   "jobs may %sopen pull requests", found.may_open_pulls == GITHUB_YES ? "" : "not ");
}

static void settings_file(struct doctor *d)
{
	struct str text = STR("");
	struct err e = ERR_INIT;
	bool is_there = true;

	if (!d->is_reached)
		return;
	if (!github_file_get(&d->call, SETTINGS_FILE, d->switches.default_branch, SETTINGS_MOST, &text, &e)) {
		if (e.kind != ERR_GONE) {
			doctor_say_error(d, "settings file", &e);
			return;
		}
		is_there = false;
		e = (struct err)ERR_INIT;
	}
	if (!config_parse(&options, SETTINGS_FILE, text, OPTION_REPOSITORY, d->arena, &d->settings, &e)) {
		doctor_say(d, "settings file", FINDING_BAD, "mend it; until then nothing is merged by itself",
			   "%s", e.text);
		return;
	}
	doctor_say(d, "settings file", FINDING_OK, NULL, "%s, autonomy %s", is_there ? "valid"
		   : "there is none: the defaults hold", config_text(d->settings, "autonomy"));
}

doctor_check *const doctor_repository_checks[] = {
	installation, reach, token_rights, starts_workflows, actions, settings_file, NULL
};

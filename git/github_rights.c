/*
 * The table of permissions and events, and comparisons with what there is. Asks nobody.
 */
#include "git/github_rights.h"

#define READ GITHUB_PERMISSION_READ
#define WRITE GITHUB_PERMISSION_WRITE

const struct github_needed_right github_needed_rights[] = {
	{ "actions", WRITE, "reading runs and their logs, and running failed jobs again" },
	{ "checks", WRITE, "reading checks, and saying on the commit what is known of a failure" },
	{ "contents", WRITE, "pushing fixes to branches of its own, and merging them where it may" },
	{ "deployments", READ, "watching what a merge does" },
	{ "issues", WRITE, "comments and labels" },
	{ "metadata", READ, "everything: GitHub gives it to every App" },
	{ "pull_requests", WRITE, "opening and updating pull requests" },
	{ "statuses", READ, "seeing what other systems report" },
	{0}
};

const char *const github_needed_events[] = {
	"check_run", "check_suite", "deployment_status", "issue_comment", "pull_request",
	"pull_request_review", "push", "repository", "status", "workflow_run", NULL
};

static const char *const levels[] = { "none", "read", "write", "admin" };

const char *github_permission_name(enum github_permission level)
{
	return levels[level];
}

bool github_permission_of_name(struct str name, enum github_permission *out)
{
	for (size_t i = 0; i < sizeof(levels) / sizeof(*levels); i++)
		if (str_is(name, levels[i])) {
			*out = (enum github_permission)i;
			return true;
		}
	return false;
}

static enum github_permission level_of(const struct github_rights *rights, const char *name)
{
	for (size_t i = 0; i < rights->count; i++)
		if (!strcmp(rights->items[i].name, name))
			return rights->items[i].level;
	return GITHUB_PERMISSION_NONE;
}

static enum github_permission needed_level(const char *name)
{
	for (const struct github_needed_right *one = github_needed_rights; one->name; one++)
		if (!strcmp(one->name, name))
			return one->level;
	return GITHUB_PERMISSION_NONE;
}

static void add(struct text *list, const char *name, enum github_permission level)
{
	text_addf(list, "%s%s: %s", list->size ? ", " : "", name, levels[level]);
}

struct github_rights_judgement github_rights_judge(const struct github_rights *have, struct arena *a)
{
	struct github_rights_judgement out = {0};
	struct text missing = TEXT(a), excessive = TEXT(a);

	for (const struct github_needed_right *one = github_needed_rights; one->name; one++) {
		const enum github_permission level = level_of(have, one->name);

		if (level >= one->level)
			continue;
		add(&missing, one->name, one->level);
		if (level)
			text_addf(&missing, " (has %s)", levels[level]);
	}
	for (size_t i = 0; i < have->count; i++) {
		const struct github_right *one = &have->items[i];

		if (one->level <= needed_level(one->name))
			continue;
		add(&excessive, one->name, one->level);
		out.may_change_workflows |= !strcmp(one->name, "workflows");
	}
	out.missing = text_str(&missing);
	out.excessive = text_str(&excessive);
	return out;
}

/* A classic token has one scope for nearly everything; the parts of `repo` are not excessive beside it. */
struct github_rights_judgement github_scopes_judge(struct str scopes, bool is_private, struct arena *a)
{
	static const char *const parts[] = { "repo", "public_repo", "repo:status", "repo_deployment" };
	struct github_rights_judgement out = {0};
	struct text excessive = TEXT(a);
	struct str one;
	bool enough = false;

	while (str_next(&scopes, ',', &one)) {
		bool needed = false;

		one = str_trim(one);
		enough |= str_is(one, "repo") || (!is_private && str_is(one, "public_repo"));
		for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
			needed |= str_is(one, parts[i]);
		if (needed || !one.size)
			continue;
		text_addf(&excessive, "%s%.*s", excessive.size ? ", " : "", STR_ARG(one));
		out.may_change_workflows |= str_is(one, "workflow");
	}
	if (!enough)
		out.missing = is_private ? STR("repo") : STR("public_repo");
	out.excessive = text_str(&excessive);
	return out;
}

struct str github_events_missing(const char *const *have, struct arena *a)
{
	struct text missing = TEXT(a);

	for (const char *const *one = github_needed_events; *one; one++) {
		bool found = false;

		for (const char *const *h = have; h && *h; h++)
			found |= !strcmp(*h, *one);
		if (!found)
			text_addf(&missing, "%s%s", missing.size ? ", " : "", *one);
	}
	return text_str(&missing);
}

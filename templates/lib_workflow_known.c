/*
 * The tables. Sources: GitHub's changelog and the lists of versions that its setup actions publish.
 */
#include "templates/lib_workflow_known.h"

#include "bot/base/arena.h"

static const struct {
	const char *gone, *next;
} images[] = {
	{ "ubuntu-16.04", "ubuntu-22.04" }, { "ubuntu-18.04", "ubuntu-22.04" },
	{ "ubuntu-20.04", "ubuntu-22.04" }, { "windows-2016", "windows-2022" },
	{ "windows-2019", "windows-2022" }, { "macos-10.15", "macos-14" },
	{ "macos-11", "macos-14" }, { "macos-11.0", "macos-14" }, { "macos-12", "macos-14" },
	{ "macos-13", "macos-14" },
};

static const struct {
	const char *action;
	unsigned newest;
	const char *retired;		/* majors, and exact versions of a newer one: "1 2 3.0 3.1" */
} actions[] = {
	{ "actions/cache", 4, "1 2 3.0 3.1 3.2 3.3 4.0 4.1" },
	{ "actions/cache/restore", 4, "1 2 3.0 3.1 3.2 3.3 4.0 4.1" },
	{ "actions/cache/save", 4, "1 2 3.0 3.1 3.2 3.3 4.0 4.1" },
	{ "actions/checkout", 4, "" },
	{ "actions/configure-pages", 5, "" },
	{ "actions/create-github-app-token", 1, "" },
	{ "actions/dependency-review-action", 4, "" },
	{ "actions/deploy-pages", 4, "1 2 3" },
	{ "actions/download-artifact", 4, "1 2 3" },
	{ "actions/first-interaction", 1, "" },
	{ "actions/github-script", 7, "" },
	{ "actions/labeler", 5, "" },
	{ "actions/setup-dotnet", 4, "" },
	{ "actions/setup-go", 5, "" },
	{ "actions/setup-java", 4, "" },
	{ "actions/setup-node", 4, "" },
	{ "actions/setup-python", 5, "" },
	{ "actions/stale", 9, "" },
	{ "actions/upload-artifact", 4, "1 2 3" },
	{ "actions/upload-pages-artifact", 3, "1 2" },
};

/* What left the images, and the newest that still has it. */
static const struct {
	const char *tool, *version, *lacking, *image;
} versions[] = {
	{ "python", "3.7", "Ubuntu 24.04", "ubuntu-22.04" },
	{ "python", "pypy3.7", "Ubuntu 24.04", "ubuntu-22.04" },
};

/* By the parts behind owner and repository; "*" is one part. First hit counts. */
static const struct {
	const char *path, *right;
} endpoints[] = {
	{ "issues", "issues" }, { "labels", "issues" }, { "milestones", "issues" },
	{ "pulls", "pull-requests" }, { "releases", "contents" }, { "git", "contents" },
	{ "contents", "contents" }, { "merges", "contents" }, { "dispatches", "contents" },
	{ "branches/*/rename", "contents" }, { "check-runs", "checks" }, { "check-suites", "checks" },
	{ "statuses", "statuses" }, { "deployments", "deployments" }, { "pages", "pages" },
	{ "code-scanning", "security-events" }, { "actions", "actions" },
	{ "attestations", "attestations" }, { "projects", "repository-projects" },
	{ "dependency-graph", "contents" },
};

static const struct {
	const char *name, *right;
} mutations[] = {
	{ "createPullRequest", "pull-requests" }, { "updatePullRequest", "pull-requests" },
	{ "addPullRequestReview", "pull-requests" }, { "closePullRequest", "pull-requests" },
	{ "requestReviews", "pull-requests" }, { "createIssue", "issues" },
	{ "updateIssue", "issues" }, { "closeIssue", "issues" },
	{ "createCommitOnBranch", "contents" }, { "createRef", "contents" },
	{ "deleteRef", "contents" }, { "createDiscussion", "discussions" },
	{ "addDiscussionComment", "discussions" },
};

static const char *const scopes[] = {
	"actions", "attestations", "checks", "contents", "deployments", "discussions", "id-token",
	"issues", "models", "packages", "pages", "pull-requests", "repository-projects",
	"security-events", "statuses",
};

const char *known_image_after(struct str label)
{
	for (size_t i = 0; i < sizeof(images) / sizeof(images[0]); i++)
		if (str_is(label, images[i].gone))
			return images[i].next;
	return NULL;
}

unsigned known_major(struct str action)
{
	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
		if (str_is(action, actions[i].action))
			return actions[i].newest;
	return 0;
}

/* "3.0.11" is of "3.0"; "3" is of "3" only. */
static bool is_of(struct str version, struct str row)
{
	if (str_equal(version, row))
		return true;
	return version.size > row.size && version.at[row.size] == '.' &&
	       str_equal(str_slice(version, 0, row.size), row);
}

bool known_retired(struct str action, struct str version)
{
	struct str rest, row;

	str_skip(&version, "v");
	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
		if (!str_is(action, actions[i].action))
			continue;
		for (rest = str_of(actions[i].retired); str_next(&rest, ' ', &row);)
			if (is_of(version, row))
				return true;
	}
	return false;
}

const char *known_image_with(const char *tool, struct str version, struct str lacking)
{
	for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++)
		if (!strcmp(tool, versions[i].tool) && str_is(version, versions[i].version) &&
		    str_is(lacking, versions[i].lacking))
			return versions[i].image;
	return NULL;
}

static bool path_is(struct str path, struct str row)
{
	struct str part, wanted;

	while (str_next(&row, '/', &wanted))
		if (!str_next(&path, '/', &part) ||
		    (!str_is(wanted, "*") && !str_equal(part, wanted)))
			return false;
	return true;
}

const char *known_right(struct str endpoint)
{
	struct str part;

	if (!str_next(&endpoint, '/', &part) || !str_next(&endpoint, '/', &part))
		return NULL;
	for (size_t i = 0; i < sizeof(endpoints) / sizeof(endpoints[0]); i++)
		if (path_is(endpoint, str_of(endpoints[i].path)))
			return endpoints[i].right;
	return NULL;
}

const char *known_mutation(struct str name)
{
	for (size_t i = 0; i < sizeof(mutations) / sizeof(mutations[0]); i++)
		if (str_is(name, mutations[i].name))
			return mutations[i].right;
	return NULL;
}

/* The same letters, whatever stands between words. */
static bool same_letters(struct str name, const char *scope)
{
	size_t n = 0;

	for (size_t i = 0; scope[i]; i++) {
		if (scope[i] == '-')
			continue;
		while (n < name.size && strchr("-_ ", name.at[n]))
			n++;
		if (n >= name.size || (name.at[n] | 0x20) != scope[i])
			return false;
		n++;
	}
	return n == name.size;
}

const char *known_scope(struct str name)
{
	for (size_t i = 0; i < sizeof(scopes) / sizeof(scopes[0]); i++)
		if (same_letters(name, scopes[i]))
			return scopes[i];
	return NULL;
}

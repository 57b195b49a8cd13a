/*
 * The client and the remote against the local GitHub (tests/hub): as an App, with git over HTTP.
 * What it finds that is not by GitHub's published description fails the test. Skipped where node or
 * the hub is missing.
 */
#include "tests/hub_unit.h"

#include "git/github_checks.h"
#include "git/github_comments.h"
#include "git/github_commits.h"
#include "git/github_deployments.h"
#include "git/github_protection.h"
#include "git/github_pulls.h"

static void sees(void **state)
{
	struct github_runs_filter filter = { .status = "failure" };
	struct github_repositories repositories;
	struct github_installations installations;
	struct github_repository repository;
	enum github_permission bob, eve;
	struct github_runs runs;
	struct github_jobs jobs;
	const char *login;
	uint64_t app;

	(void)state;
	NEEDS_HUB();
	must(github_own_login(&call, &login, &app, &e));
	assert_string_equal(login, "aegis[bot]");
	assert_int_equal(app, 42);
	must(github_installations(&call, &installations, &e));
	assert_int_equal(installations.count, 1);
	must(github_installation_repositories(&call, installations.items[0].id, &repositories, &e));
	assert_int_equal(repositories.count, 1);
	must(github_repository_get(&call, &repository, &e));
	assert_string_equal(repository.default_branch, "main");
	must(github_permission_of(&call, "bob", &bob, &e));
	must(github_permission_of(&call, "eve", &eve, &e));
	assert_int_equal(bob, GITHUB_PERMISSION_WRITE);
	assert_int_equal(eve, GITHUB_PERMISSION_NONE);
	must(github_runs_list(&call, &filter, &runs, &e));
	assert_int_equal(runs.count, 1);
	must(github_jobs_list(&call, runs.items[0].id, runs.items[0].attempt, &jobs, &e));
	assert_int_equal(jobs.count, 1);
	assert_int_equal(jobs.items[0].conclusion, GITHUB_FAILURE);
}

static bool collect(void *context, struct str part)
{
	text_add(context, part);
	return true;
}

static void reads_logs(void **state)
{
	struct github_runs_filter filter = { .status = "failure" };
	struct text log = TEXT(&arena);
	struct github_runs runs;
	struct github_jobs jobs;
	bool whole;

	(void)state;
	NEEDS_HUB();
	must(github_runs_list(&call, &filter, &runs, &e));
	must(github_jobs_list(&call, runs.items[0].id, 1, &jobs, &e));
	must(github_job_log(&call, jobs.items[0].id, 1 << 20, collect, &log, &whole, &e));
	assert_true(str_has(text_str(&log), "value is not 1"));
	must(github_rerun_failed(&call, runs.items[0].id, &e));
	control("POST", "idle", "{}");
	must(github_run_get(&call, runs.items[0].id, &runs.items[0], &e));
	assert_int_equal(runs.items[0].attempt, 2);
}

static struct checks_judgement judged(const char *head)
{
	struct github_protection protection;
	struct github_checks checks;
	struct github_suites suites;
	struct github_statuses statuses;
	struct checks_facts facts = { .head = head, .checks = &checks, .suites = &suites,
		.statuses = &statuses, .own_app_id = 42 };

	must(github_protection_of(&call, "main", &protection, &e));
	must(github_checks_list(&call, head, &checks, &e));
	must(github_suites_list(&call, head, &suites, &e));
	must(github_statuses_list(&call, head, &statuses, &e));
	assert_int_equal(protection.check_count, 1);
	facts.required = protection.checks;
	facts.required_count = protection.check_count;
	facts.required_is_known = protection.is_known;
	return checks_judge(&facts, &arena);
}

/* Commits value.txt = `value` on main's tip as branch, and pushes it. */
static const char *push_fix(const char *branch, const char *value, const char *expected)
{
	struct change change = { .path = "value.txt", .existed = true, .exists = true,
		.mode = ENTRY_FILE, .before = STR("2\n"), .after = str_of(value) };
	struct patch patch = { .changes = &change, .count = 1 };
	const struct trailer trailers[] = { { "Aegis-Incident", "1" }, {0} };
	struct commit_request request = { .patch = &patch, .branch = branch, .incident = "1",
		.subject = STR("Mend"), .made_at = 1700000000, .trailers = trailers };
	struct remote remote = remote_here();
	char parent[REPO_ID_SIZE], id[REPO_ID_SIZE];
	struct github_identity who;

	must(github_own_identity(&call, &who, &e));
	request.author_name = who.author_name;
	request.author_mail = who.author_mail;
	must(github_git_token(&call, GITHUB_NEED_PUSH, &remote.token, &e));
	must(remote_fetch(&remote, NULL, 0, &e));
	REPO repo = NULL;
	must(remote_open(remote.mirror, &repo, &e));
	must(remote_branch(repo, "main", parent, &e));
	request.parent = parent;
	must(repo_commit(repo, &request, id, &e));
	push_branch(&remote, branch, id, expected);
	return arena_strdup(&arena, id);
}

static void comments_on(uint64_t number)
{
	const char *labels[] = { "aegis" };
	struct github_comments comments;
	struct github_reactions reactions;
	uint64_t comment;

	must(github_comment_create(&call, number, STR("<!-- aegis --> hello"), &comment, &e));
	must(github_comment_update(&call, comment, STR("<!-- aegis --> again"), &e));
	must(github_comments_list(&call, number, 0, &comments, &e));
	assert_int_equal(github_comment_sticky(&comments, "aegis[bot]", "<!-- aegis -->")->id, comment);
	must(github_comment_react(&call, comment, GITHUB_EYES, &e));
	must(github_comment_react(&call, comment, GITHUB_EYES, &e));
	must(github_label_make(&call, "aegis", "d73a4a", "by Aegis", &e));
	must(github_label_make(&call, "aegis", "d73a4a", "by Aegis", &e));
	must(github_labels_add(&call, number, labels, 1, &e));
	must(github_label_remove(&call, number, "aegis", &e));
	must(github_label_remove(&call, number, "aegis", &e));
	must(github_reactions_list(&call, number, &reactions, &e));
}

static void writes_a_check(const char *head)
{
	struct github_annotation notes[60];
	struct github_check_request request = { .name = "Aegis", .head = head, .external_id = "1",
		.state = GITHUB_COMPLETED, .conclusion = GITHUB_NEUTRAL, .title = STR("t"),
		.summary = STR("s"), .annotations = notes, .annotation_count = 60 };
	struct github_annotations annotations;
	uint64_t id;

	for (size_t i = 0; i < 60; i++)
		notes[i] = (struct github_annotation){ .path = "value.txt", .first_line = i + 1,
			.level = GITHUB_LEVEL_WARNING, .message = STR("m"), .title = STR("t") };
	must(github_check_write(&call, &request, &id, &e));
	must(github_annotations_list(&call, id, &annotations, &e));
	assert_int_equal(annotations.count, 60);
}

static void merge_is(uint64_t number, const char *head, enum github_merged wanted)
{
	enum github_merged merged;
	char commit[GITHUB_SHA_SIZE];
	struct str why;

	must(github_pull_merge(&call, number, head, GITHUB_MERGE_SQUASH, STR("Mend (#1)"), STR("m"),
			       &merged, commit, &why, &e));
	assert_int_equal(merged, wanted);
}

static void circle(void **state)
{
	struct github_pull_request request = { "aegis/fix-1", "main", STR("Mend"), STR("why"), true };
	struct github_pull pull, other;
	struct github_pulls pulls;
	struct github_files files;
	const char *wrong, *right;
	char head[GITHUB_SHA_SIZE];

	(void)state;
	NEEDS_HUB();
	wrong = push_fix("aegis/fix-1", "3\n", NULL);
	must(github_pull_create(&call, &request, &pull, &e));
	assert_true(pull.is_draft);
	assert_false(github_pull_create(&call, &request, &other, &e));
	assert_int_equal(call.status, 422);
	control("POST", "idle", "{}");
	assert_int_equal(judged(wrong).verdict, CHECKS_RED);
	comments_on(pull.number);
	writes_a_check(wrong);
	right = push_fix("aegis/fix-1", "1\n", wrong);
	control("POST", "idle", "{}");
	assert_int_equal(judged(right).verdict, CHECKS_GREEN);
	must(github_pull_update(&call, pull.number, STR("Mend it"), STR("why so"), false, &e));
	must(github_pulls_list(&call, "open", "aegis/fix-1", "main", &pulls, &e));
	assert_int_equal(pulls.count, 1);
	must(github_pull_files(&call, pull.number, &files, &e));
	assert_int_equal(files.count, 1);
	merge_is(pull.number, right, GITHUB_NOT_MERGEABLE);
	must(github_pull_ready(&call, &pull, &e));
	merge_is(pull.number, wrong, GITHUB_HEAD_MOVED);
	merge_is(pull.number, right, GITHUB_MERGED);
	must(github_pull_get(&call, pull.number, &pull, &e));
	assert_true(pull.is_merged);
	must(github_branch_delete(&call, "aegis/fix-1", &e));
	must(github_branch_delete(&call, "aegis/fix-1", &e));
	must(github_branch_head(&call, "main", head, &e));
	assert_string_equal(head, pull.merge_commit);
}

static void reads_commits(void **state)
{
	struct github_deploy_statuses statuses;
	struct github_deployments deployments;
	struct github_comparison comparison;
	struct github_commit commit;
	struct str text;

	(void)state;
	NEEDS_HUB();
	must(github_commit_get(&call, "main", &commit, &e));
	assert_int_equal(commit.parent_count, 1);
	must(github_compare(&call, commit.first_parent, "main", &comparison, &e));
	assert_int_equal(comparison.relation, GITHUB_AHEAD);
	assert_int_equal(comparison.files.count, 1);
	must(github_file_get(&call, "value.txt", "main", 100, &text, &e));
	assert_str(text, "1\n");
	assert_false(github_file_get(&call, "none.txt", "main", 100, &text, &e));
	assert_int_equal(e.kind, ERR_GONE);
	control("POST", "deployment", "{\"repo\":\"alice/demo\",\"ref\":\"main\",\"environment\":\"production\","
		"\"state\":\"success\"}");
	must(github_deployments_list(&call, commit.id, "production", &deployments, &e));
	assert_int_equal(deployments.count, 1);
	must(github_deploy_statuses_list(&call, deployments.items[0].id, &statuses, &e));
	assert_int_equal(statuses.items[0].state, GITHUB_DEPLOY_SUCCESS);
}

static void outlives_tokens(void **state)
{
	struct github_repository repository;

	(void)state;
	NEEDS_HUB();
	/* The hub's clock goes two hours on, ours does not: the old token is refused, then so is ours. */
	control("POST", "clock", "{\"advance_s\":7200}");
	assert_false(github_repository_get(&call, &repository, &e));
	assert_int_equal(e.kind, ERR_DENIED);
	control("POST", "clock", "{\"advance_s\":-7200}");
	must(github_repository_get(&call, &repository, &e));
}

int main(int argc, char **argv)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(sees), cmocka_unit_test(reads_logs), cmocka_unit_test(circle),
		cmocka_unit_test(reads_commits), cmocka_unit_test(by_the_book),
		cmocka_unit_test(outlives_tokens),
	};

	if (remote_is_child(argc, argv))
		return remote_child();
	return cmocka_run_group_tests(list, hub_start, hub_stop);
}

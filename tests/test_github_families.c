/* The wrappers of GitHub's words: what is sent, what is read, what is left out. */
#include "tests/github_unit.h"

#include "git/github_checks.h"
#include "git/github_comments.h"
#include "git/github_commits.h"
#include "git/github_deployments.h"
#include "git/github_protection.h"
#include "git/github_pulls.h"
#include "git/github_repository.h"
#include "git/github_runs.h"

#define SHA1 "1111111111111111111111111111111111111111"
#define SHA2 "2222222222222222222222222222222222222222"

static struct arena arena;
static struct github *github;
static struct github_call call;
static struct err e;

static int begin(void **state)
{
	return little_begin(state);
}

static int each(void **state)
{
	(void)state;
	e = (struct err)ERR_INIT;
	github = little_github(GITHUB_PERSONAL, STR("s3cret"));
	call = (struct github_call){ .github = github, .owner = "o", .name = "r", .arena = &arena };
	return 0;
}

static int after(void **state)
{
	(void)state;
	github_close(&github);
	arena_release(&arena);
	return 0;
}

static void say(const char *expect, const char *answer)
{
	const struct line lines[] = { { expect, answer }, {0} };

	little_say(lines);
}

static void good(bool done)
{
	if (!done)
		fail_msg("%s", e.text);
	little_heard_all();
}

static void names(void **state)
{
	static const char *const logins[] = { "o", "octo-cat", "octo_corp", "dependabot[bot]", "A9" };
	static const char *const bad_logins[] = { "", "-a", "a/b", "a b", "[bot]", "a%2f", "../x", "ä" };
	static const char *const branches[] = { "main", "feature/a", "a.b", "äö", "renovate/x-1.x", "a@b",
		"release/1,2" };
	static const char *const bad_branches[] = { "", "-x", "/a", "a/", "a..b", "a b", "a~1", "a^", "a:b",
		"a?b", "a*", "a[b", "a\\b", "a@{1}", "@", "a.lock", "a/.b", "a//b", "a.", "HEAD", "a\x7f",
		"a\nb", "a\xe2\x80\xae", "\xff" };
	static const char *const bad_names[] = { "", ".", "..", "a/b", "a b", "a?b", "a%2f" };
	struct github_repository repository;

	(void)state;
	for (size_t i = 0; i < sizeof(logins) / sizeof(*logins); i++)
		assert_true(github_login_is_good(str_of(logins[i])));
	for (size_t i = 0; i < sizeof(bad_logins) / sizeof(*bad_logins); i++)
		assert_false(github_login_is_good(str_of(bad_logins[i])));
	for (size_t i = 0; i < sizeof(branches) / sizeof(*branches); i++)
		assert_true(github_branch_is_good(str_of(branches[i])));
	for (size_t i = 0; i < sizeof(bad_branches) / sizeof(*bad_branches); i++)
		if (github_branch_is_good(str_of(bad_branches[i])))
			fail_msg("%s", bad_branches[i]);
	for (size_t i = 0; i < sizeof(bad_names) / sizeof(*bad_names); i++) {
		assert_false(github_repository_is_good(str_of(bad_names[i])));
		call.name = bad_names[i];
		assert_false(github_repository_get(&call, &repository, &e));
		assert_int_equal(e.kind, ERR_INPUT);
	}
	assert_string_equal(github_path(&arena, "/a/%s/%p", "x/y z?%", "x/y\xc3\xa4"),
			    "/a/x%2Fy%20z%3F%25/x/y%C3%A4");
}

static void repositories(void **state)
{
	struct github_repository one;
	enum github_permission level;
	const char *login;
	uint64_t app;

	(void)state;
	say("GET /repos/o/r HTTP", "200\n\n{\"id\":9,\"name\":\"r\",\"owner\":{\"login\":\"o\"},"
	    "\"default_branch\":\"main\",\"private\":false,\"archived\":true}");
	good(github_repository_get(&call, &one, &e));
	assert_true(one.id == 9 && one.is_archived && !one.is_private);
	assert_string_equal(one.default_branch, "main");
	say("GET /repos/o/r HTTP", "200\n\n{\"id\":9,\"name\":\"r\",\"owner\":{\"login\":\"o/../x\"},"
	    "\"default_branch\":\"main\"}");
	assert_false(github_repository_get(&call, &one, &e));
	static const struct { const char *answer; enum github_permission level; } levels[] = {
		{ "200\n\n{\"permission\":\"admin\",\"user\":{\"login\":\"Ann\"}}", GITHUB_PERMISSION_ADMIN },
		{ "200\n\n{\"permission\":\"write\",\"user\":{\"login\":\"ann\"}}", GITHUB_PERMISSION_WRITE },
		{ "200\n\n{\"permission\":\"read\",\"user\":{\"login\":\"ann\"}}", GITHUB_PERMISSION_READ },
		{ "200\n\n{\"permission\":\"none\",\"user\":{\"login\":\"ann\"}}", GITHUB_PERMISSION_NONE },
		{ "200\n\n{\"permission\":\"root\",\"user\":{\"login\":\"ann\"}}", GITHUB_PERMISSION_NONE },
		{ "404\n\n{}", GITHUB_PERMISSION_NONE },
	};
	for (size_t i = 0; i < sizeof(levels) / sizeof(*levels); i++) {
		say("GET /repos/o/r/collaborators/ann/permission", levels[i].answer);
		good(github_permission_of(&call, "ann", &level, &e));
		assert_int_equal(level, levels[i].level);
	}
	say("GET /repos/o/r/collaborators/ann/permission",
	    "200\n\n{\"permission\":\"admin\",\"user\":{\"login\":\"eve\"}}");
	assert_false(github_permission_of(&call, "ann", &level, &e));
	assert_false(github_permission_of(&call, "ann/../eve", &level, &e));
	say("GET /user", "200\n\n{\"login\":\"ann\"}");
	good(github_own_login(&call, &login, &app, &e));
	assert_string_equal(login, "ann");
}

#define RUN(id, branch, more) "{\"id\":" #id ",\"head_sha\":\"" SHA1 "\",\"head_branch\":" branch \
	",\"status\":\"completed\",\"conclusion\":\"failure\",\"run_attempt\":2,\"name\":\"CI\"," \
	"\"path\":\".github/workflows/ci.yml\",\"event\":\"push\",\"head_repository\":{\"name\":\"r\"," \
	"\"owner\":{\"login\":\"o\"}},\"created_at\":\"2026-11-21T10:00:00Z\"" more "}"

static void runs(void **state)
{
	const struct github_runs_filter filter = { .branch = "a/b", .status = "failure", .head = SHA1,
		.created_from_ms = INT64_C(1795255200123) };
	const struct github_runs_filter wrong = { .branch = "a b" };
	struct github_runs list;
	struct github_run one;
	struct github_jobs jobs;

	(void)state;
	say("GET /repos/o/r/actions/runs?per_page=100&branch=a%2Fb&head_sha=" SHA1
	    "&status=failure&created=%3E%3D2026-11-21T10%3A00%3A00Z HTTP",
	    "200\n\n{\"total_count\":4,\"workflow_runs\":[" RUN(7, "\"main\"", "") ","
	    RUN(8, "\"x\\u202ey\"", ",\"conclusion2\":1") "," RUN(0, "null", "") ",7]}");
	good(github_runs_list(&call, &filter, &list, &e));
	assert_int_equal(list.count, 2);
	assert_int_equal(list.left_out, 2);
	assert_true(list.complete);
	assert_int_equal(list.items[0].id, 7);
	assert_int_equal(list.items[0].attempt, 2);
	assert_int_equal(list.items[0].state, GITHUB_COMPLETED);
	assert_int_equal(list.items[0].conclusion, GITHUB_FAILURE);
	assert_string_equal(list.items[0].head_branch, "main");
	assert_string_equal(list.items[1].head_branch, "");
	assert_true(list.items[0].created_ms == INT64_C(1795255200000));
	assert_false(github_runs_list(&call, &wrong, &list, &e));
	say("GET /repos/o/r/actions/runs/7 HTTP", "200\n\n{\"id\":7,\"head_sha\":\"" SHA1 "\",\"status\":"
	    "\"new-fangled\",\"conclusion\":null,\"head_repository\":null}");
	good(github_run_get(&call, 7, &one, &e));
	assert_int_equal(one.state, GITHUB_STATE_UNKNOWN);
	assert_int_equal(one.conclusion, GITHUB_NO_CONCLUSION);
	assert_string_equal(one.head_owner, "");
	assert_int_equal(one.attempt, 1);
	say("GET /repos/o/r/actions/runs/7 HTTP", "200\n\n{\"id\":7,\"head_sha\":\"main\"}");
	assert_false(github_run_get(&call, 7, &one, &e));
	say("GET /repos/o/r/actions/runs/7/attempts/2/jobs?per_page=100",
	    "200\n\n{\"total_count\":1,\"jobs\":[{\"id\":3,\"run_id\":7,\"head_sha\":\"" SHA1 "\",\"name\":"
	    "\"test (3.11)\",\"status\":\"completed\",\"conclusion\":\"timed_out\",\"steps\":[{\"number\":1,"
	    "\"name\":\"Run pytest\",\"status\":\"completed\",\"conclusion\":\"failure\"}]}]}");
	good(github_jobs_list(&call, 7, 2, &jobs, &e));
	assert_int_equal(jobs.items[0].conclusion, GITHUB_TIMED_OUT);
	assert_str(jobs.items[0].steps[0].name, "Run pytest");
	say("POST /repos/o/r/actions/runs/7/rerun-failed-jobs", "201\n\n{}");
	good(github_rerun_failed(&call, 7, &e));
	assert_int_equal(call.outcome, GITHUB_IS_DONE);
}

static void writes_checks(void **state)
{
	struct github_annotation notes[120];
	struct github_check_request request = { .name = "Aegis", .head = SHA1, .external_id = "i7",
		.state = GITHUB_COMPLETED, .conclusion = GITHUB_NEUTRAL, .title = STR("t"),
		.summary = STR("s"), .annotations = notes, .annotation_count = 120 };
	const struct line lines[] = { { "POST /repos/o/r/check-runs HTTP", "201\n\n{\"id\":5}" },
		{ "PATCH /repos/o/r/check-runs/5 HTTP", "200\n\n{\"id\":5}" },
		{ "PATCH /repos/o/r/check-runs/5 HTTP", "200\n\n{\"id\":5}" }, {0} };
	static const size_t counts[] = { 50, 50, 20 };
	uint64_t id = 0;

	(void)state;
	for (size_t i = 0; i < 120; i++)
		notes[i] = (struct github_annotation){ .path = "a.py", .first_line = i + 1,
			.level = GITHUB_LEVEL_FAILURE, .message = STR("m") };
	little_say(lines);
	good(github_check_write(&call, &request, &id, &e));
	assert_int_equal(id, 5);
	for (size_t i = 0; i < 3; i++) {
		JSON *json = NULL;
		const json_t *list;

		assert_true(json_parse(str_of(little_body(i)), 100000, &json, &e));
		list = json_at(json, "output.annotations");
		assert_int_equal(json_array_size(list), counts[i]);
		assert_int_equal(json_integer_or(list, "[0].start_line", 0), 50 * (int)i + 1);
		assert_int_equal(json_integer_or(list, "[0].end_line", 0), 50 * (int)i + 1);
		assert_str(json_text_or(list, "[0].annotation_level", STR_NONE), "failure");
		assert_str(json_text_or(json, "conclusion", STR_NONE), "neutral");
		assert_int_equal(json_at(json, "head_sha") != NULL, i == 0);
	}
	const struct line half[] = { lines[0], { "PATCH /repos/o/r/check-runs/5 HTTP", "422\n\n{}" }, {0} };
	id = 0;
	little_say(half);
	assert_false(github_check_write(&call, &request, &id, &e));
	assert_int_equal(id, 5);
	assert_int_equal(call.outcome, GITHUB_UNKNOWN);
	request.head = "main";
	assert_false(github_check_write(&call, &request, &id, &e));
}

static void checks(void **state)
{
	struct github_checks list;
	struct github_annotations notes;
	struct github_suites suites;
	struct github_statuses statuses;

	(void)state;
	say("GET /repos/o/r/commits/" SHA1 "/check-runs?filter=latest&per_page=100",
	    "200\n\n{\"total_count\":2,\"check_runs\":[{\"id\":1,\"name\":\"test\",\"head_sha\":\"" SHA1 "\","
	    "\"status\":\"completed\",\"conclusion\":\"success\",\"app\":{\"id\":15368,\"slug\":\"github-actions\"}"
	    ",\"check_suite\":{\"id\":3},\"output\":{\"title\":null,\"annotations_count\":4}},{\"id\":\"x\"}]}");
	good(github_checks_list(&call, SHA1, &list, &e));
	assert_true(list.complete && list.count == 1 && list.left_out == 1);
	assert_int_equal(list.items[0].app_id, 15368);
	assert_int_equal(list.items[0].annotation_count, 4);
	say("GET /repos/o/r/check-runs/1/annotations", "200\n\n[{\"path\":\"a.py\",\"start_line\":3,\"end_line\":"
	    "4,\"annotation_level\":\"warning\",\"message\":\"m\",\"title\":null}]");
	good(github_annotations_list(&call, 1, &notes, &e));
	assert_int_equal(notes.items[0].level, GITHUB_LEVEL_WARNING);
	assert_int_equal(notes.items[0].last_line, 4);
	say("GET /repos/o/r/commits/" SHA1 "/check-suites", "200\n\n{\"total_count\":2,\"check_suites\":[{\"id\":1,"
	    "\"head_sha\":\"" SHA1 "\",\"status\":\"queued\",\"conclusion\":null,\"app\":{\"id\":2,\"slug\":\"d\"},"
	    "\"latest_check_runs_count\":0}]}");
	good(github_suites_list(&call, SHA1, &suites, &e));
	assert_false(suites.complete);
	assert_int_equal(suites.items[0].state, GITHUB_QUEUED);
	say("GET /repos/o/r/commits/" SHA1 "/status?per_page=100", "200\n\n{\"total_count\":1,\"state\":\"pending\","
	    "\"statuses\":[{\"id\":3,\"context\":\"ci/x\",\"state\":\"error\",\"description\":null}]}");
	good(github_statuses_list(&call, SHA1, &statuses, &e));
	assert_int_equal(statuses.items[0].state, GITHUB_STATUS_ERROR);
	assert_string_equal(statuses.head, SHA1);
	good(github_statuses_read(STR("{\"sha\":\"" SHA1 "\",\"total_count\":2,\"statuses\":[{\"id\":3,"
		"\"context\":\"ci/x\",\"state\":\"failure\"},{\"state\":\"failure\"}]}"), &arena,
		&statuses, &e));
	assert_true(statuses.items[0].id == 3 && statuses.left_out == 1);
	assert_false(github_statuses_read(STR("{\"sha\":\"main\",\"statuses\":[]}"), &arena, &statuses,
					  &e));
	assert_false(github_checks_list(&call, "main", &list, &e));
}

#define PULL(more) "{\"id\":1,\"number\":4,\"node_id\":\"PR_x\",\"title\":\"t\",\"body\":null,\"state\":\"open\"," \
	"\"draft\":true,\"head\":{\"sha\":\"" SHA1 "\",\"ref\":\"aegis/fix-1\",\"repo\":{\"name\":\"r\",\"owner\":" \
	"{\"login\":\"o\"}}},\"base\":{\"sha\":\"" SHA2 "\",\"ref\":\"main\"},\"user\":{\"login\":\"b[bot]\"}," \
	"\"merge_commit_sha\":\"" SHA2 "\"" more "}"

static void pulls(void **state)
{
	const struct github_pull_request request = { "aegis/fix-1", "main", STR("t"), STR("b"), true };
	const struct line no_draft[] = { { "POST /repos/o/r/pulls HTTP", "422\n\n{\"message\":\"Draft pull "
		"requests are not supported in this repository.\"}" },
		{ "POST /repos/o/r/pulls HTTP", "201\n\n" PULL("") }, {0} };
	struct github_pull one;
	struct github_pulls list;
	struct github_files files;

	(void)state;
	say("POST /repos/o/r/pulls HTTP", "201\n\n" PULL(",\"mergeable\":null"));
	good(github_pull_create(&call, &request, &one, &e));
	assert_string_equal(little_body(0), "{\"head\":\"aegis/fix-1\",\"base\":\"main\",\"title\":\"t\","
			    "\"body\":\"b\",\"draft\":true}");
	assert_int_equal(one.number, 4);
	assert_int_equal(one.mergeable, GITHUB_MERGEABLE_UNKNOWN);
	assert_string_equal(one.merge_commit, "");
	little_say(no_draft);
	good(github_pull_create(&call, &request, &one, &e));
	assert_non_null(strstr(little_body(1), "\"draft\":false"));
	say("POST /repos/o/r/pulls HTTP", "422\n\n{\"errors\":[{\"message\":\"A pull request already exists\"}]}");
	assert_false(github_pull_create(&call, &request, &one, &e));
	assert_int_equal(call.status, 422);
	assert_int_equal(call.outcome, GITHUB_NOT_DONE);
	assert_non_null(strstr(e.text, "already exists"));
	say("GET /repos/o/r/pulls/4 HTTP", "200\n\n" PULL(",\"mergeable\":false,\"mergeable_state\":\"dirty\""));
	good(github_pull_get(&call, 4, &one, &e));
	assert_int_equal(one.mergeable, GITHUB_CONFLICTING);
	assert_int_equal(one.merge_state, GITHUB_MERGE_DIRTY);
	say("GET /repos/o/r/pulls/4 HTTP", "200\n\n" PULL(",\"merged\":true,\"merged_at\":\"2026-01-01T00:00:00Z\""));
	good(github_pull_get(&call, 4, &one, &e));
	assert_true(one.is_merged);
	assert_string_equal(one.merge_commit, SHA2);
	say("GET /repos/o/r/pulls?per_page=100&state=all&head=o:aegis%2Ffix-1&base=main HTTP",
	    "200\n\n[" PULL("") ",{}]");
	good(github_pulls_list(&call, "all", "aegis/fix-1", "main", &list, &e));
	assert_true(list.count == 1 && list.left_out == 1);
	say("PATCH /repos/o/r/pulls/4 HTTP", "200\n\n" PULL(""));
	good(github_pull_update(&call, 4, STR_NONE, STR("new"), true, &e));
	assert_string_equal(little_body(0), "{\"body\":\"new\",\"state\":\"closed\"}");
	say("POST /graphql", "200\n\n{\"data\":{\"markPullRequestReadyForReview\":{\"pullRequest\":"
	    "{\"isDraft\":false}}}}");
	good(github_pull_ready(&call, &one, &e));
	assert_non_null(strstr(little_body(0), "\"id\":\"PR_x\""));
	say("GET /repos/o/r/pulls/4/files?per_page=100", "200\n\n[{\"filename\":\"a\\nb\",\"status\":\"renamed\","
	    "\"previous_filename\":\"c\",\"additions\":1,\"deletions\":2}]");
	good(github_pull_files(&call, 4, &files, &e));
	assert_str(files.items[0].path, "a\nb");
}

static void merges(void **state)
{
	static const struct { const char *answer; bool done; enum github_merged merged; } list[] = {
		{ "200\n\n{\"sha\":\"" SHA2 "\",\"merged\":true}", true, GITHUB_MERGED },
		{ "405\n\n{\"message\":\"Pull Request is not mergeable\"}", true, GITHUB_NOT_MERGEABLE },
		{ "409\n\n{\"message\":\"Head branch was modified\"}", true, GITHUB_HEAD_MOVED },
		{ "200\n\n{\"sha\":\"" SHA2 "\",\"merged\":false}", false, GITHUB_MERGED },
		{ "200\n\n{}", false, GITHUB_MERGED }, { "403\n\n{}", false, GITHUB_MERGED },
		{ "", false, GITHUB_MERGED },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++) {
		enum github_merged merged = GITHUB_MERGED;
		char commit[GITHUB_SHA_SIZE] = "";
		struct str why = STR_NONE;
		bool done;

		say("PUT /repos/o/r/pulls/4/merge HTTP", list[i].answer);
		done = github_pull_merge(&call, 4, SHA1, GITHUB_MERGE_SQUASH, STR("t"), STR_NONE, &merged,
					 commit, &why, &e);
		assert_int_equal(done, list[i].done);
		assert_int_equal(merged, list[i].merged);
		assert_string_equal(commit, done && merged == GITHUB_MERGED ? SHA2 : "");
		assert_int_equal(why.size > 0, merged != GITHUB_MERGED);
		assert_string_equal(little_body(0), "{\"sha\":\"" SHA1 "\",\"merge_method\":\"squash\","
				    "\"commit_title\":\"t\"}");
	}
	assert_int_equal(call.outcome, GITHUB_UNKNOWN);
}

static void comments(void **state)
{
	const char *labels[] = { "aegis", "fix: x" };
	struct github_comments list;
	struct github_reactions reactions;
	uint64_t id;

	(void)state;
	say("GET /repos/o/r/issues/4/comments?per_page=100", "200\n\n[{\"id\":1,\"body\":\"<!-- aegis -->\","
	    "\"user\":{\"login\":\"eve\",\"type\":\"User\"}},{\"id\":2,\"body\":\"x <!-- aegis -->\",\"user\":"
	    "{\"login\":\"aegis[bot]\",\"type\":\"Bot\"},\"author_association\":\"NONE\"},{\"id\":3,\"user\":null}]");
	good(github_comments_list(&call, 4, 0, &list, &e));
	assert_int_equal(list.count, 3);
	assert_int_equal(github_comment_sticky(&list, "Aegis[bot]", "<!-- aegis -->")->id, 2);
	assert_null(github_comment_sticky(&list, "aegis[bot]", "<!-- other -->"));
	say("POST /repos/o/r/issues/4/comments", "201\n\n{\"id\":77}");
	good(github_comment_create(&call, 4, STR("a\xff\n"), &id, &e));
	assert_int_equal(id, 77);
	assert_string_equal(little_body(0), "{\"body\":\"a\xef\xbf\xbd\\n\"}");
	say("PATCH /repos/o/r/issues/comments/77", "200\n\n{}");
	good(github_comment_update(&call, 77, STR("b"), &e));
	say("POST /repos/o/r/issues/4/labels", "200\n\n[]");
	good(github_labels_add(&call, 4, labels, 2, &e));
	assert_string_equal(little_body(0), "{\"labels\":[\"aegis\",\"fix: x\"]}");
	say("DELETE /repos/o/r/issues/4/labels/fix%3A%20x HTTP", "404\n\n{}");
	good(github_label_remove(&call, 4, "fix: x", &e));
	say("POST /repos/o/r/labels", "422\n\n{\"errors\":[{\"code\":\"already_exists\",\"field\":\"name\"}]}");
	good(github_label_make(&call, "aegis", "d73a4a", "by Aegis", &e));
	say("POST /repos/o/r/labels", "422\n\n{\"errors\":[{\"code\":\"invalid\",\"field\":\"color\"}]}");
	assert_false(github_label_make(&call, "aegis", "red", "", &e));
	say("POST /repos/o/r/issues/comments/77/reactions", "200\n\n{\"id\":1}");
	good(github_comment_react(&call, 77, GITHUB_EYES, &e));
	assert_string_equal(little_body(0), "{\"content\":\"eyes\"}");
	say("GET /repos/o/r/issues/4/reactions", "200\n\n[{\"content\":\"+1\",\"user\":{\"login\":\"a\"}},"
	    "{\"content\":\"?\",\"user\":null}]");
	good(github_reactions_list(&call, 4, &reactions, &e));
	assert_int_equal(reactions.items[0].what, GITHUB_THUMBS_UP);
	assert_int_equal(reactions.items[1].what, GITHUB_REACTION_UNKNOWN);
}

static void commits(void **state)
{
	char head[GITHUB_SHA_SIZE];
	struct github_commit commit;
	struct github_comparison comparison;
	struct str text;

	(void)state;
	say("GET /repos/o/r/git/ref/heads/aegis/fix-1 HTTP", "200\n\n{\"object\":{\"sha\":\"" SHA1 "\"}}");
	good(github_branch_head(&call, "aegis/fix-1", head, &e));
	assert_string_equal(head, SHA1);
	say("GET /repos/o/r/git/ref/heads/x HTTP", "200\n\n[{\"ref\":\"refs/heads/xy\"}]");
	assert_false(github_branch_head(&call, "x", head, &e));
	assert_false(github_branch_delete(&call, "main", &e));
	assert_int_equal(e.kind, ERR_DENIED);
	say("DELETE /repos/o/r/git/refs/heads/aegis/fix-1 HTTP", "422\n\n{\"message\":\"Reference does not exist\"}");
	good(github_branch_delete(&call, "aegis/fix-1", &e));
	say("GET /repos/o/r/commits/" SHA1 "?per_page=1", "200\n\n{\"sha\":\"" SHA1 "\",\"commit\":{\"tree\":{\"sha\":\""
	    SHA2 "\"},\"message\":\"m\",\"committer\":{\"date\":\"2026-01-01T00:00:00Z\"}},\"parents\":[{\"sha\":\""
	    SHA2 "\"},{\"sha\":\"" SHA2 "\"}],\"author\":null}");
	good(github_commit_get(&call, SHA1, &commit, &e));
	assert_int_equal(commit.parent_count, 2);
	assert_string_equal(commit.first_parent, SHA2);
	assert_string_equal(commit.author, "");
	say("GET /repos/o/r/compare/a%2Fb..." SHA1 "?per_page=100", "200\n\n{\"status\":\"diverged\",\"ahead_by\":1,"
	    "\"behind_by\":2,\"merge_base_commit\":{\"sha\":\"" SHA2 "\"},\"files\":[{\"filename\":\"a\","
	    "\"status\":\"added\"}]}");
	good(github_compare(&call, "a/b", SHA1, &comparison, &e));
	assert_int_equal(comparison.relation, GITHUB_DIVERGED);
	assert_true(comparison.files.complete && comparison.files.count == 1);
	say("GET /repos/o/r/contents/.github/aegis.yml?ref=main HTTP", "200\n\nmode: propose\n");
	good(github_file_get(&call, ".github/aegis.yml", "main", 100, &text, &e));
	assert_str(text, "mode: propose\n");
	assert_string_equal(little_header(0, "accept"), "application/vnd.github.raw+json");
	say("GET /repos/o/r/contents/a?ref=main HTTP", "200\n\nlong");
	assert_false(github_file_get(&call, "a", "main", 3, &text, &e));
	assert_false(github_file_get(&call, "../a", "main", 3, &text, &e));
	say("GET /repos/o/r/git/blobs/" SHA1 " HTTP", "200\n\n");
	good(github_blob_get(&call, SHA1, 3, &text, &e));
}

static void protection(void **state)
{
	static const char rules[] = "200\n\n[{\"type\":\"required_status_checks\",\"parameters\":"
		"{\"strict_required_status_checks_policy\":true,\"required_status_checks\":[{\"context\":\"test\","
		"\"integration_id\":15368},{\"context\":\"lint\"}]}},{\"type\":\"pull_request\",\"parameters\":"
		"{\"required_approving_review_count\":2}},{\"type\":\"merge_queue\"},{\"type\":\"deletion\"}]";
	const struct line all[] = { { "GET /repos/o/r/rules/branches/main?per_page=100", rules },
		{ "GET /repos/o/r/branches/main/protection/required_status_checks", "200\n\n{\"strict\":false,"
		  "\"contexts\":[\"test\",\"old\"],\"checks\":[{\"context\":\"old\",\"app_id\":null},"
		  "{\"context\":\"lint\",\"app_id\":-1}]}" }, {0} };
	const struct line denied[] = { { "GET /repos/o/r/rules/branches/main", "200\n\n[]" },
		{ "GET /repos/o/r/branches/main/protection", "403\n\n{\"message\":\"Resource not accessible\"}" },
		{ "GET /repos/o/r/branches/main HTTP", "200\n\n{\"protected\":true,\"protection\":{"
		  "\"required_status_checks\":{\"contexts\":[\"a\",\"b\"]}}}" }, {0} };
	const struct line open[] = { { "GET /repos/o/r/rules/branches/main", "404\n\n{}" },
		{ "GET /repos/o/r/branches/main/protection", "404\n\n{\"message\":\"Branch not protected\"}" },
		{ "GET /repos/o/r/branches/main HTTP", "200\n\n{\"protected\":false}" }, {0} };
	const struct line odd[] = { { "GET /repos/o/r/rules/branches/main", "200\n\n[{\"type\":"
		"\"required_status_checks\",\"parameters\":{\"required_status_checks\":[{\"context\":7}]}}]" },
		open[1], open[2], {0} };
	struct github_protection found;

	(void)state;
	little_say(all);
	good(github_protection_of(&call, "main", &found, &e));
	assert_true(found.is_known && found.must_be_current && found.has_merge_queue);
	assert_int_equal(found.approvals, 2);
	assert_int_equal(found.check_count, 3);
	assert_int_equal(found.checks[0].app_id, 15368);
	assert_str(found.checks[2].context, "old");
	little_say(denied);
	good(github_protection_of(&call, "main", &found, &e));
	assert_true(found.is_known && found.check_count == 2);
	little_say(open);
	good(github_protection_of(&call, "main", &found, &e));
	assert_true(found.is_known && !found.check_count);
	little_say(odd);
	good(github_protection_of(&call, "main", &found, &e));
	assert_false(found.is_known);
}

static void deployments(void **state)
{
	struct github_deployments list;
	struct github_deploy_statuses statuses;

	(void)state;
	say("GET /repos/o/r/deployments?per_page=100&sha=" SHA1 "&environment=prod%201 HTTP",
	    "200\n\n[{\"id\":1,\"sha\":\"" SHA1 "\",\"environment\":\"prod 1\",\"production_environment\":true}]");
	good(github_deployments_list(&call, SHA1, "prod 1", &list, &e));
	assert_true(list.items[0].is_production);
	say("GET /repos/o/r/deployments/1/statuses?per_page=100", "200\n\n[{\"id\":2,\"state\":\"success\","
	    "\"created_at\":\"2026-01-01T00:00:00Z\"},{\"id\":1,\"state\":\"odd\"}]");
	good(github_deploy_statuses_list(&call, 1, &statuses, &e));
	assert_int_equal(statuses.items[0].state, GITHUB_DEPLOY_SUCCESS);
	assert_int_equal(statuses.items[1].state, GITHUB_DEPLOY_UNKNOWN);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, each, after)

int main(void)
{
	const struct CMUnitTest list[] = {
		TEST(names), TEST(repositories), TEST(runs), TEST(writes_checks), TEST(checks),
		TEST(pulls), TEST(merges), TEST(comments), TEST(commits), TEST(protection),
		TEST(deployments),
	};

	return cmocka_run_group_tests(list, begin, little_end);
}

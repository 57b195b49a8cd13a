/*
 * A revert and its reviews against the local GitHub: our account, git over HTTP, what people say.
 */
#include "tests/hub_unit.h"

#include "git/github_commits.h"
#include "git/github_pulls.h"
#include "git/github_reviews.h"
#include "git/revert.h"

/* What somebody has pushed is taken back: committed in the mirror, pushed, proposed, shown as ours. */
static void undoes(void **state)
{
	struct github_pull_request ask = { "aegis/revert-1", "main", STR("Revert"), STR("why"), false };
	struct remote remote = remote_here();
	struct revert_request request = { .branch = ask.head, .incident = "1", .made_at = 1700000000 };
	char head[REPO_ID_SIZE], id[REPO_ID_SIZE];
	struct github_identity who;
	struct github_commit commit;
	struct github_pull pull;
	enum reverted reverted;
	struct str text;

	(void)state;
	NEEDS_HUB();
	control("POST", "push", "{\"repo\":\"alice/demo\",\"files\":{\"value.txt\":\"3\\n\"},\"author\":\"bob\"}");
	must(github_own_identity(&call, &who, &e));
	assert_string_equal(who.login, "aegis[bot]");
	assert_int_equal(who.app_id, 42);
	request.author_name = who.author_name;
	request.author_mail = who.author_mail;
	must(github_git_token(&call, GITHUB_NEED_PUSH, &remote.token, &e));
	must(remote_fetch(&remote, NULL, 0, &e));
	REPO repo = NULL;
	must(remote_open(remote.mirror, &repo, &e));
	must(remote_branch(repo, "main", head, &e));
	request.commit = request.onto = head;
	must(repo_revert(repo, &request, &arena, &reverted, &text, id, &e));
	assert_int_equal(reverted, REVERTED);
	push_branch(&remote, ask.head, id, NULL);
	must(github_pull_create(&call, &ask, &pull, &e));
	must(github_file_get(&call, "value.txt", ask.head, 100, &text, &e));
	assert_str(text, "2\n");
	must(github_commit_get(&call, ask.head, &commit, &e));
	assert_string_equal(commit.author, "aegis[bot]");
	assert_string_equal(commit.committer, "aegis[bot]");
	assert_string_equal(commit.first_parent, head);
	control("POST", "idle", "{}");
}

static enum reviews_verdict reviewed(uint64_t number, const char *head, const char *by)
{
	const struct github_review *review = NULL;
	struct github_reviewers reviewers;
	struct github_reviews reviews;
	enum reviews_verdict verdict;

	must(github_reviews_list(&call, number, &reviews, &e));
	must(github_reviewers_ask(&call, &reviews, head, &reviewers, &e));
	verdict = github_reviews_verdict(&reviews, head, &reviewers, &review);
	assert_string_equal(review ? review->author : "", by);
	return verdict;
}

static void hears_reviews(void **state)
{
	struct github_pulls pulls;
	const char *path, *head;
	JSON *json = NULL;
	uint64_t number;

	(void)state;
	NEEDS_HUB();
	must(github_pulls_list(&call, "open", "aegis/revert-1", "main", &pulls, &e));
	number = pulls.items[0].number;
	head = pulls.items[0].head;
	path = arena_printf(&arena, "/repos/alice/demo/pulls/%d/reviews", (int)number);
	assert_int_equal(reviewed(number, head, ""), REVIEWS_NONE);
	send_as("ghp_carol", "POST", path, "{\"event\":\"APPROVE\"}");
	assert_int_equal(reviewed(number, head, ""), REVIEWS_NONE);
	send_as("ghp_bob", "POST", path, "{\"event\":\"APPROVE\"}");
	send_as("ghp_bob", "POST", path, "{\"event\":\"COMMENT\",\"body\":\"well\"}");
	assert_int_equal(reviewed(number, head, "bob"), REVIEWS_APPROVED);
	assert_int_equal(reviewed(number, pulls.items[0].base, ""), REVIEWS_NONE);
	control("POST", "limits", "{\"content_per_minute\":1000}");
	for (int i = 0; i < 100; i++)		/* so that there is a second page */
		send_as("ghp_carol", "POST", path, "{\"event\":\"COMMENT\",\"body\":\"x\"}");
	must(json_parse(send_as("ghp_bob", "POST", path, "{\"event\":\"REQUEST_CHANGES\",\"body\":\"no\"}"),
			1 << 20, &json, &e));
	assert_int_equal(reviewed(number, head, "bob"), REVIEWS_CHANGES);
	send_as("ghp_bob", "PUT", arena_printf(&arena, "%s/%d/dismissals", path,
		(int)json_integer_or(json, "id", 0)), "{\"message\":\"done\"}");
	assert_int_equal(reviewed(number, head, ""), REVIEWS_NONE);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(undoes), cmocka_unit_test(hears_reviews),
		cmocka_unit_test(by_the_book),
	};

	if (remote_is_child(argc, argv))
		return remote_child();
	return cmocka_run_group_tests(list, hub_start, hub_stop);
}

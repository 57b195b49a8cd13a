/*
 * Any bytes as GitHub's answers: a first byte for the wrapper that asks, then answers with status,
 * Link, Location, limits and body, one after the other. Nothing may be read outside, waited for, or
 * sent to another host with the token.
 */
#include "git/github_checks.h"
#include "git/github_comments.h"
#include "git/github_commits.h"
#include "git/github_deployments.h"
#include "git/github_private.h"
#include "git/github_protection.h"
#include "git/github_pulls.h"
#include "git/github_repository.h"
#include "git/github_reviews.h"
#include "git/github_runs.h"
#include "git/required.h"

#define SHA "1111111111111111111111111111111111111111"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct str rest;
static unsigned sent;

static void no_sleep(void *context, int64_t ms)
{
	(void)context;
	(void)ms;
}

/* "status line NUL Link NUL Location NUL limit NUL body NUL NUL": what is missing is empty. */
static bool answer(struct http *http, const struct http_request *request, struct arena *a,
		   struct http_response *response, struct err *e)
{
	static const char *const names[] = { "link", "location", "retry-after", "x-ratelimit-remaining",
		"x-ratelimit-reset", "etag" };
	struct str status = STR("200"), value;
	unsigned long number = 200;

	(void)http;
	if (strncmp(request->url, "https://api.github.com/", 23))
		for (size_t i = 0; i < request->header_count; i++)
			if (!strcmp(request->headers[i].name, "Authorization"))
				__builtin_trap();
	if (++sent > 100 || !rest.size)
		return fail(e, ERR_LATER, "no more");
	str_next(&rest, '\0', &status);
	str_take_number(&status, &number);
	*response = (struct http_response){ .status = (unsigned)(number % 600),
		.headers = arena_array(a, struct http_header, 6) };
	for (size_t i = 0; i < 6 && str_next(&rest, '\0', &value); i++)
		if (value.size)
			response->headers[response->header_count++] =
				(struct http_header){ names[i], str_text(a, value) };
	value = STR_NONE;
	str_next(&rest, '\0', &value);
	if (request->part && response->status < 300)
		return request->part(request->context, value) || fail(e, ERR_INPUT, "stopped");
	response->body = value;
	return true;
}

static bool part(void *context, struct str piece)
{
	*(size_t *)context += piece.size;
	return true;
}

/* No approval without a person who may write here and has approved just this commit. */
static void review(struct github_call *call, struct err *e)
{
	const struct github_review *by = NULL;
	struct github_reviewers reviewers;
	struct github_reviews reviews;
	bool may_write = false;

	if (!github_reviews_list(call, 1, &reviews, e) ||
	    !github_reviewers_ask(call, &reviews, SHA, &reviewers, e) ||
	    !github_reviews_verdict(&reviews, SHA, &reviewers, &by))
		return;
	for (size_t i = 0; i < reviewers.count; i++)
		may_write |= reviewers.items[i].permission >= GITHUB_PERMISSION_WRITE &&
			     !strcasecmp(reviewers.items[i].login, by->author);
	if (!may_write || (by->state != GITHUB_REVIEW_CHANGES &&
			   (by->state != GITHUB_REVIEW_APPROVED || strcmp(by->commit, SHA) ||
			    !by->author_is_person || !reviews.complete || reviews.left_out)))
		__builtin_trap();
}

static void read_more(unsigned what, struct github_call *call, struct err *e)
{
	enum github_permission level;
	struct github_deploy_statuses deploy_statuses;
	struct github_deployments deployments;
	struct github_comparison comparison;
	struct github_protection protection;
	struct github_repositories repositories;
	struct github_repository repository;
	struct github_installations installations;
	struct github_identity identity;
	struct github_reactions reactions;
	struct github_comments comments;
	struct github_commit commit;
	struct github_files files;
	char head[GITHUB_SHA_SIZE];
	struct str text;

	switch (what) {
	case 0: github_comments_list(call, 1, 0, &comments, e); break;
	case 1: github_reactions_list(call, 1, &reactions, e); break;
	case 2: github_branch_head(call, "main", head, e); break;
	case 3: github_commit_get(call, SHA, &commit, e); break;
	case 4: github_compare(call, "main", SHA, &comparison, e); break;
	case 5: github_file_get(call, "a", "main", 100, &text, e); break;
	case 6: github_protection_of(call, "main", &protection, e); break;
	case 7: github_deployments_list(call, NULL, NULL, &deployments, e); break;
	case 8: github_deploy_statuses_list(call, 1, &deploy_statuses, e); break;
	case 9: github_permission_of(call, "a", &level, e); break;
	case 11: github_repository_get(call, &repository, e); break;
	case 12: github_installations(call, &installations, e); break;
	case 10: github_installation_repositories(call, 7, &repositories, e); break;
	case 13: review(call, e); break;
	case 14: github_own_identity(call, &identity, e); break;
	default: github_pull_files(call, 1, &files, e); break;
	}
}

static void judge(struct github_call *call, struct err *e)
{
	struct github_checks checks = {0};
	struct github_suites suites = {0};
	struct github_statuses statuses = {0};
	struct checks_facts facts = { .head = SHA, .checks = &checks, .suites = &suites,
		.statuses = &statuses, .required_is_known = true };
	struct checks_judgement judgement;

	github_checks_list(call, SHA, &checks, e);
	github_suites_list(call, SHA, &suites, e);
	github_statuses_list(call, SHA, &statuses, e);
	judgement = checks_judge(&facts, call->arena);
	if (judgement.verdict == CHECKS_GREEN && !checks.count && !statuses.count)
		__builtin_trap();
}

static void ask(unsigned what, struct github_call *call, struct err *e)
{
	const struct github_pull_request request = { "a", "b", STR("t"), STR("b"), true };
	const struct github_check_request check = { .name = "n", .head = SHA };
	struct github_runs_filter filter = { .pages_most = 3 };
	struct github_annotations annotations;
	struct github_pull pull = { .node = "x" };
	enum github_merged merged;
	struct github_pulls pulls;
	struct github_runs runs;
	struct github_jobs jobs;
	char head[GITHUB_SHA_SIZE];
	uint64_t id = 0;
	size_t taken = 0;
	struct str why;
	bool whole;

	switch (what) {
	case 0: github_runs_list(call, &filter, &runs, e); break;
	case 1: github_jobs_list(call, 1, 1, &jobs, e); break;
	case 2: github_job_log(call, 1, 100, part, &taken, &whole, e);
		if (taken > 100)
			__builtin_trap();
		break;
	case 3: judge(call, e); break;
	case 4: github_annotations_list(call, 1, &annotations, e); break;
	case 5: github_check_write(call, &check, &id, e); break;
	case 6: github_pulls_list(call, "all", NULL, NULL, &pulls, e); break;
	case 7: github_pull_create(call, &request, &pull, e); break;
	case 8: github_pull_ready(call, &pull, e); break;
	case 9: github_pull_merge(call, 1, SHA, GITHUB_MERGE_COMMIT, STR_NONE, STR_NONE, &merged, head,
				  &why, e); break;
	default: read_more(what - 10, call, e); break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct github_settings settings = { .mode = GITHUB_PERSONAL, .token = STR("s3cret"),
		.sleep_ms = no_sleep };
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct github *github = NULL;
	struct github_call call = { .owner = "o", .name = "r", .arena = &a, .wait_most_ms = 600000 };

	if (!size || !github_open(&settings, &github, &e))
		return 0;
	github->send = answer;
	call.github = github;
	rest = (struct str){ (const char *)data + 1, size - 1 };
	sent = 0;
	ask(data[0] % 26, &call, &e);
	/* Runs, suites and pull requests are also read from polled bodies. */
	{
		struct str body = { (const char *)data, size };
		struct github_suites suites;
		struct github_statuses statuses;
		struct github_pulls pulls;
		struct github_runs runs;

		github_runs_read(body, &a, &runs, &e);
		github_suites_read(body, &a, &suites, &e);
		github_statuses_read(body, &a, &statuses, &e);
		github_pulls_read(body, &a, &pulls, &e);
		github_link_next(&a, body);
	}
	if (strstr(e.text, "s3cret"))
		__builtin_trap();
	github_close(&github);
	return 0;
}

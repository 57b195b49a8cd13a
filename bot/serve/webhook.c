/*
 * Signatures of deliveries, and reading them into hints. Leaves out what to do about a hint, and
 * keeps nothing of the text of anybody: a comment is only a number here.
 */
#include "bot/serve/webhook.h"

#include "bot/base/crypto.h"
#include "bot/base/json_skim.h"
#include "bot/hint.h"
#include "git/github_read.h"

enum { TOKEN_MOST = 64, ID_LEAST = 8 };

/* What GitHub calls the App that its own Actions report as: their runs tell the same and more. */
static const char actions[] = "github-actions";

static const struct kind {
	const char *event;
	const char *object;		/* that must be there; NULL: none */
	const char *head_sha, *branch, *app;	/* paths; NULL: it has none */
} kinds[] = {
	{ "check_run", "check_run", "check_run.head_sha", "check_run.check_suite.head_branch",
	  "check_run.app.slug" },
	{ "check_suite", "check_suite", "check_suite.head_sha", "check_suite.head_branch",
	  "check_suite.app.slug" },
	{ "deployment", "deployment", "deployment.sha", "deployment.ref", NULL },
	{ "deployment_status", "deployment_status", "deployment.sha", "deployment.ref", NULL },
	{ "installation", "installation", NULL, NULL, NULL },
	{ "installation_repositories", "installation", NULL, NULL, NULL },
	{ "issue_comment", "comment", NULL, NULL, NULL },
	{ "issues", "issue", NULL, NULL, NULL },
	{ "pull_request", "pull_request", "pull_request.head.sha", "pull_request.head.ref", NULL },
	{ "pull_request_review", "review", "pull_request.head.sha", "pull_request.head.ref", NULL },
	{ "pull_request_review_comment", "comment", "pull_request.head.sha", "pull_request.head.ref",
	  NULL },
	{ "push", "repository", "after", "ref", NULL },
	{ "repository", "repository", NULL, NULL, NULL },
	{ "status", "repository", "sha", "branches.[0].name", NULL },
	{ "workflow_job", "workflow_job", "workflow_job.head_sha", "workflow_job.head_branch", NULL },
	{ "workflow_run", "workflow_run", "workflow_run.head_sha", "workflow_run.head_branch", NULL },
};

bool webhook_is_signed(const struct webhook_secrets *secrets, struct str signature, struct str body,
		       struct arena *scratch, char digest[WEBHOOK_DIGEST_SIZE])
{
	uint8_t mac[CRYPTO_SHA256_BYTES], first[CRYPTO_SHA256_BYTES] = {0};
	unsigned right = 0;

	/* Both are tried always, so that the time does not tell which one it was. */
	for (size_t i = 0; i < secrets->count; i++) {
		struct str expected;

		crypto_hmac_sha256(secrets->list[i], body, mac);
		if (!i)
			memcpy(first, mac, sizeof(first));
		expected = str_of(arena_printf(scratch, "sha256=%s",
			crypto_hex(scratch, (struct str){ (const char *)mac, sizeof(mac) })));
		right |= crypto_equal(signature, expected);
	}
	if (!right)
		return false;
	crypto_sha256((struct str){ (const char *)first, sizeof(first) }, mac);
	memcpy(digest, crypto_hex(scratch, (struct str){ (const char *)mac, sizeof(mac) }),
	       WEBHOOK_DIGEST_SIZE);
	return true;
}

bool webhook_event_is_good(struct str event)
{
	for (size_t i = 0; i < event.size; i++)
		if ((event.at[i] < 'a' || event.at[i] > 'z') && event.at[i] != '_' &&
		    (event.at[i] < '0' || event.at[i] > '9'))
			return false;
	return event.size && event.size <= TOKEN_MOST;
}

bool webhook_id_is_good(struct str id)
{
	for (size_t i = 0; i < id.size; i++)
		if (!id.at[i] || !strchr("0123456789abcdefABCDEF-", id.at[i]))
			return false;
	return id.size >= ID_LEAST && id.size <= TOKEN_MOST;
}

/* What is read of every event; behind them those of its kind. */
enum {
	AT_ACTION, AT_REPOSITORY, AT_REPOSITORY_ID, AT_REPOSITORY_NAME, AT_INSTALLATION, AT_ISSUE, AT_PULL,
	AT_COMMENT, AT_SENDER, AT_STATE, AT_OBJECT, AT_HEAD, AT_BRANCH, AT_APP, AT_COUNT
};
static const char *const common[] = {
	[AT_ACTION] = "action", [AT_REPOSITORY] = "repository", [AT_REPOSITORY_ID] = "repository.id",
	[AT_REPOSITORY_NAME] = "repository.full_name", [AT_INSTALLATION] = "installation.id",
	[AT_ISSUE] = "issue.number", [AT_PULL] = "pull_request.number", [AT_COMMENT] = "comment.id",
	[AT_SENDER] = "sender.login", [AT_STATE] = "state",
};
/* Where no event has anything. */
static const char nowhere[] = "..";

/* What is only told along. */
static const char *told(const struct json_value *value, bool (*good)(struct str), struct arena *a)
{
	struct str text = value->type == JSON_IS_TEXT ? value->text : STR_NONE;

	str_skip(&text, "refs/heads/");
	return good(text) ? str_text(a, text) : "";
}

/* 0 where it is absent or null. */
static bool take_id(const struct json_value *values, unsigned at, int64_t *out, struct err *e)
{
	unsigned long number = 0;

	if (values[at].type > JSON_IS_NULL &&
	    (values[at].type != JSON_IS_NUMBER || !str_number(values[at].text, &number) ||
	     number > INT64_MAX))
		return fail(e, ERR_INPUT, "%s is no id", common[at]);
	*out = (int64_t)number;
	return true;
}

static bool name_is_good(struct str whole)
{
	struct str owner, name;

	return str_split(whole, "/", &owner, &name) && github_login_is_good(owner) &&
	       github_repository_is_good(name);
}

static unsigned wants_of(const struct hint *hint, const struct json_value *values)
{
	unsigned wants = hint_wants(hint->event, hint->action);

	/* A status that only says that something has begun is no news. */
	if (!strcmp(hint->event, "status") && str_is(values[AT_STATE].text, "pending"))
		return 0;
	if (str_is(values[AT_APP].text, actions))
		wants &= ~(unsigned)HINT_CHECKS;
	return wants;
}

static const struct kind *kind_of(struct str event)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (str_is(event, kinds[i].event))
			return &kinds[i];
	return NULL;
}

static bool take_ids(const struct json_value *values, struct hint *hint, struct err *e)
{
	return take_id(values, AT_REPOSITORY_ID, &hint->repository_id, e) &&
	       take_id(values, AT_INSTALLATION, &hint->installation_id, e) &&
	       take_id(values, values[AT_ISSUE].type ? AT_ISSUE : AT_PULL, &hint->issue, e) &&
	       take_id(values, AT_COMMENT, &hint->comment_id, e);
}

bool webhook_read(struct str event, struct str body, struct arena *a, struct hint *out,
		  struct err *e)
{
	static const struct kind other = { "", NULL, NULL, NULL, NULL };
	const struct kind *known = kind_of(event), *kind = known ? known : &other;
	const char *paths[AT_COUNT];
	struct json_value values[AT_COUNT];
	struct hint hint = { .event = str_text(a, event) };
	struct str whole;

	memcpy(paths, common, sizeof(common));
	paths[AT_OBJECT] = kind->object ? kind->object : nowhere;
	paths[AT_HEAD] = kind->head_sha ? kind->head_sha : nowhere;
	paths[AT_BRANCH] = kind->branch ? kind->branch : nowhere;
	paths[AT_APP] = kind->app ? kind->app : nowhere;
	if (!json_skim(body, paths, AT_COUNT, a, values, e))
		return fail_while(e, "the body is not what it must be");
	if (kind->object && values[AT_OBJECT].type != JSON_IS_OBJECT)
		return fail(e, ERR_INPUT, "an event %s has an object \"%s\"", kind->event, kind->object);
	if (!take_ids(values, &hint, e))
		return false;
	whole = values[AT_REPOSITORY_NAME].type == JSON_IS_TEXT ? values[AT_REPOSITORY_NAME].text
								: STR_NONE;
	if (values[AT_REPOSITORY].type > JSON_IS_NULL && (!hint.repository_id || !name_is_good(whole)))
		return fail(e, ERR_INPUT, "its repository has no id or no owner/name");
	hint.repository = str_text(a, whole);
	hint.action = told(&values[AT_ACTION], webhook_event_is_good, a);
	hint.head_sha = told(&values[AT_HEAD], github_sha_is_good, a);
	hint.branch = told(&values[AT_BRANCH], github_branch_is_good, a);
	hint.sender = told(&values[AT_SENDER], github_login_is_good, a);
	hint.wants = wants_of(&hint, values);
	*out = hint;
	return true;
}

/*
 * Signatures of deliveries, and reading them into hints. Leaves out what to do about a hint, and
 * keeps nothing of the text of anybody: a comment is only a number here.
 */
#include "bot/serve/webhook.h"

#include "bot/base/crypto.h"
#include "bot/base/json.h"
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
	{ "status", "repository", "sha", "branches[0].name", NULL },
	{ "workflow_job", "workflow_job", "workflow_job.head_sha", "workflow_job.head_branch", NULL },
	{ "workflow_run", "workflow_run", "workflow_run.head_sha", "workflow_run.head_branch", NULL },
};

bool webhook_is_signed(const struct webhook_secrets *secrets, struct str signature, struct str body,
		       char digest[WEBHOOK_DIGEST_SIZE])
{
	uint8_t mac[CRYPTO_SHA256_BYTES], first[CRYPTO_SHA256_BYTES] = {0};
	unsigned right = 0;
	ARENA a = {0};

	/* Both are tried always, so that the time does not tell which one it was. */
	for (size_t i = 0; i < secrets->count; i++) {
		struct str expected;

		crypto_hmac_sha256(secrets->list[i], body, mac);
		if (!i)
			memcpy(first, mac, sizeof(first));
		expected = str_of(arena_printf(&a, "sha256=%s",
			crypto_hex(&a, (struct str){ (const char *)mac, sizeof(mac) })));
		right |= crypto_equal(signature, expected);
	}
	if (!right)
		return false;
	crypto_sha256((struct str){ (const char *)first, sizeof(first) }, mac);
	memcpy(digest, crypto_hex(&a, (struct str){ (const char *)mac, sizeof(mac) }),
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

/* What is only told along. */
static const char *told(const json_t *json, const char *path, bool (*good)(struct str),
			struct arena *a)
{
	struct str text = path ? json_text_or(json, path, STR_NONE) : STR_NONE;

	str_skip(&text, "refs/heads/");
	return good(text) ? str_text(a, text) : "";
}

static bool name_is_good(struct str whole)
{
	struct str owner, name;

	return str_split(whole, "/", &owner, &name) && github_login_is_good(owner) &&
	       github_repository_is_good(name);
}

static unsigned wants_of(const struct kind *kind, const struct hint *hint, const json_t *json)
{
	unsigned wants;

	/* A status that only says that something has begun is no news. */
	if (!strcmp(hint->event, "status") &&
	    str_is(json_text_or(json, "state", STR_NONE), "pending"))
		return 0;
	wants = hint_wants(hint->event, hint->action);
	if (kind && kind->app && str_is(json_text_or(json, kind->app, STR_NONE), actions))
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

static bool read_numbers(struct reading *r, struct hint *hint)
{
	uint64_t repository, installation, issue, comment;

	read_count(r, "repository.id", INT64_MAX, &repository);
	read_count(r, "installation.id", INT64_MAX, &installation);
	read_count(r, json_at(r->json, "issue") ? "issue.number" : "pull_request.number", INT64_MAX,
		   &issue);
	read_count(r, "comment.id", INT64_MAX, &comment);
	if (!r->good)
		return false;
	hint->repository_id = (int64_t)repository;
	hint->installation_id = (int64_t)installation;
	hint->issue = (int64_t)issue;
	hint->comment_id = (int64_t)comment;
	return true;
}

bool webhook_read(struct str event, struct str body, struct arena *a, struct hint *out,
		  struct err *e)
{
	const struct kind *kind = kind_of(event);
	JSON *json = NULL;
	struct hint hint = { .event = str_text(a, event) };
	struct str whole;

	if (!json_parse(body, WEBHOOK_BODY_MOST, &json, e))
		return fail_while(e, "the body is not what it must be");
	if (!json_is_object(json))
		return fail(e, ERR_INPUT, "the body is no JSON object");
	if (kind && kind->object && !json_is_object(json_at(json, kind->object)))
		return fail(e, ERR_INPUT, "an event %s has an object \"%s\"", kind->event, kind->object);
	if (!read_numbers(&(struct reading){ json, a, e, true }, &hint))
		return false;
	whole = json_text_or(json, "repository.full_name", STR_NONE);
	if (json_at(json, "repository") && (!hint.repository_id || !name_is_good(whole)))
		return fail(e, ERR_INPUT, "its repository has no id or no owner/name");
	hint.repository = str_text(a, whole);
	hint.action = told(json, "action", webhook_event_is_good, a);
	hint.head_sha = told(json, kind ? kind->head_sha : NULL, github_sha_is_good, a);
	hint.branch = told(json, kind ? kind->branch : NULL, github_branch_is_good, a);
	hint.sender = told(json, "sender.login", github_login_is_good, a);
	hint.wants = wants_of(kind, &hint, json);
	*out = hint;
	return true;
}

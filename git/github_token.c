/*
 * Tokens. Of an App: a JWT signed by its key asks for the installation of a repository and then for
 * a token that opens this repository only, for one purpose only. For looking alone there is one of
 * the whole installation: it reads what polls read. Any length and form of token is taken.
 * Tokens are kept in memory, wiped when they go, and never written anywhere.
 */
#include "git/github_private.h"

#include "bot/base/clock.h"
#include "bot/base/crypto.h"
#include "git/github_repository.h"

enum {
	ASSERTION_BACK_S = 60, ASSERTION_S = 540, ASSERTION_KEEP_MS = 4 * 60 * 1000,
	TOKEN_EARLY_MS = 5 * 60 * 1000, TOKEN_MOST_MS = 60 * 60 * 1000, TOKEN_BYTES_MOST = 4096,
};

/* What each purpose needs, and no more; "metadata" is what every token has. */
const struct github_purpose github_purposes[] = {
	{ "metadata", { "read", "read", "read", "read", "read", "read" } },
	{ "contents", { "read", "write", "read", "write", NULL, NULL } },
	{ "actions", { "read", "write", NULL, NULL, NULL, "read" } },
	{ "checks", { "read", "write", NULL, NULL, "write", "read" } },
	{ "statuses", { "read", "read", NULL, NULL, NULL, "read" } },
	{ "pull_requests", { "read", "write", NULL, NULL, NULL, "read" } },
	{ "issues", { "read", "write", NULL, NULL, NULL, "read" } },
	{ "deployments", { "read", "read", NULL, NULL, NULL, NULL } },
	{0}
};

static bool sign(struct github *github, struct arena *a, struct str *jwt, struct err *e)
{
	int64_t now_s = clock_wall_ms() / 1000;
	const char *claims = arena_printf(a, "{\"iat\":%lld,\"exp\":%lld,\"iss\":%llu}",
					  (long long)(now_s - ASSERTION_BACK_S),
					  (long long)(now_s + ASSERTION_S),
					  (unsigned long long)github->app_id);
	const char *message = arena_printf(a, "%s.%s",
		crypto_base64url(a, STR("{\"alg\":\"RS256\",\"typ\":\"JWT\"}")),
		crypto_base64url(a, str_of(claims)));
	struct str signature;

	if (!crypto_sign_rs256(github->key_pem, str_of(message), a, &signature, e))
		return fail_while(e, "signing as the App");
	*jwt = str_of(arena_printf(a, "%s.%s", message, crypto_base64url(a, signature)));
	return true;
}

bool github_assertion(struct github *github, struct arena *a, struct str *jwt, struct err *e)
{
	int64_t now = clock_wall_ms();
	bool good = true;

	if (github->mode != GITHUB_APP)
		return fail(e, ERR_CONFIG, "this is answered to a GitHub App only");
	pthread_mutex_lock(&github->lock);
	if (now >= github->assertion_until_ms ||
	    now < github->assertion_until_ms - ASSERTION_KEEP_MS) {
		arena_release(&github->assertion_arena);
		good = sign(github, &github->assertion_arena, &github->assertion, e);
		github->assertion_until_ms = good ? now + ASSERTION_KEEP_MS : 0;
	}
	if (good)
		*jwt = str_copy(a, github->assertion);
	pthread_mutex_unlock(&github->lock);
	return good;
}

static size_t bucket_of(const char *owner, const char *name)
{
	uint32_t hash = 2166136261u;

	for (const char *p = owner; *p; p++)
		hash = (hash ^ (unsigned char)*p) * 16777619u;
	for (const char *p = name; *p; p++)
		hash = (hash ^ (unsigned char)*p) * 16777619u;
	return hash % GRANT_BUCKETS;
}

/* The place of a grant, made when there is none. Under the lock. */
static struct grant *find_grant(struct github *github, const char *owner, const char *name,
				enum github_need need)
{
	struct grant **head = &github->grants[bucket_of(owner, name)], *grant = *head;

	while (grant && (strcmp(grant->owner, owner) || strcmp(grant->name, name) ||
			 grant->need != need))
		grant = grant->next;
	if (grant)
		return grant;
	grant = arena_new(&github->arena, struct grant);
	memcpy(grant->owner, owner, strnlen(owner, sizeof(grant->owner) - 1));
	memcpy(grant->name, name, strnlen(name, sizeof(grant->name) - 1));
	grant->need = need;
	grant->next = *head;
	*head = grant;
	return grant;
}

static void forget(struct grant *grant)
{
	if (grant->token.size)
		explicit_bzero((char *)grant->token.at, grant->token.size);
	grant->token = STR_NONE;
	grant->until_ms = 0;
	arena_release(&grant->arena);
}

bool github_installation_find(struct github_call *call, uint64_t *id, struct err *e)
{
	struct ask ask = { .method = "GET", .as = AS_APP };
	struct reading r;
	uint64_t found;
	REPLY reply = {0};

	/* Per repository and not per owner: an installation may not hold all of them. */
	ask.path = github_repository_path(call, e, "/installation");
	if (!ask.path || !github_ask(call, &ask, &reply, e))
		return fail_while(e, "looking for the App's installation");
	r = (struct reading){ reply.json, call->arena, e, true };
	read_id(&r, "id", &found);
	if (!r.good)
		return fail_while(e, "looking for the App's installation");
	if (json_at(reply.json, "suspended_at"))
		return fail(e, ERR_DENIED, "the App's installation is suspended");
	*id = found;
	return true;
}

static json_t *token_request(const struct github_call *call, const struct ask *ask)
{
	json_t *body = json_object(), *wanted = json_object();

	for (const struct github_purpose *one = github_purposes; one->name; one++) {
		unsigned need = ask->as == AS_INSTALLATION ? GITHUB_NEED_LOOK : (unsigned)ask->need;

		if (one->level[need])
			json_object_set_new(wanted, one->name, json_string(one->level[need]));
	}
	json_object_set_new(body, "permissions", wanted);
	if (ask->as != AS_INSTALLATION)
		json_object_set_new(body, "repositories", json_pack("[s]", call->name));
	return body;
}

/* Not longer than an hour, whatever the answer says, so that a lie cannot keep a dead token. */
static bool read_token(const json_t *json, struct arena *a, struct str *token, int64_t *until,
		       struct err *e)
{
	struct reading r = { json, a, e, true };
	int64_t now = clock_wall_ms(), expires;

	read_text(&r, "token", TOKEN_BYTES_MOST + 1, token);
	read_time(&r, "expires_at", &expires);
	if (!r.good)
		return false;
	if (!token->size || token->size > TOKEN_BYTES_MOST)
		return fail(e, ERR_INPUT, "the token is empty or too long");
	for (size_t i = 0; i < token->size; i++)
		if (token->at[i] <= ' ' || token->at[i] > '~')
			return fail(e, ERR_INPUT, "the token has characters that no token has");
	if (!expires || expires > now + TOKEN_MOST_MS)
		expires = now + TOKEN_MOST_MS;
	*until = expires - TOKEN_EARLY_MS;
	return true;
}

static bool ask_token(struct github_call *call, const struct ask *ask, struct str *token,
		      int64_t *until, struct err *e)
{
	uint64_t id = ask->installation;
	struct ask request = { .method = "POST", .as = AS_APP, .also = { 422 } };
	REPLY reply = {0};
	JSON *body = NULL;

	if (ask->as != AS_INSTALLATION && !github_installation_find(call, &id, e))
		return false;
	body = token_request(call, ask);
	request.path = arena_printf(call->arena, "/app/installations/%llu/access_tokens",
				    (unsigned long long)id);
	request.body = body;
	if (!github_ask(call, &request, &reply, e))
		return fail_while(e, "asking for a token");
	/* 422 is what it says of a permission that the installation does not have. */
	if (reply.status == 422)
		return fail(e, ERR_DENIED, "asking for a token: GitHub answers: %.*s",
			    STR_ARG(reply.message));
	if (!read_token(reply.json, call->arena, token, until, e))
		return fail_while(e, "reading a token");
	return true;
}

static const char *grant_name(const struct github_call *call, const struct ask *ask)
{
	return ask->as == AS_INSTALLATION ? "" : call->name;
}

static const char *grant_owner(const struct github_call *call, const struct ask *ask)
{
	return ask->as == AS_INSTALLATION ? arena_printf(call->arena, "%llu",
		(unsigned long long)ask->installation) : call->owner;
}

bool github_token(struct github_call *call, const struct ask *ask, struct str *token,
		  struct err *e)
{
	struct github *github = call->github;
	const char *owner = grant_owner(call, ask), *name = grant_name(call, ask);
	struct str made;
	struct grant *grant;
	int64_t until;
	bool kept;

	if (github->mode != GITHUB_APP) {
		*token = github->token;
		return true;
	}
	if (!owner || !name)
		return fail(e, ERR_BUG, "an App asks for a repository, and none is named");
	pthread_mutex_lock(&github->lock);
	grant = find_grant(github, owner, name, ask->need);
	kept = grant->token.size && clock_wall_ms() < grant->until_ms;
	if (kept)
		*token = str_copy(call->arena, grant->token);
	pthread_mutex_unlock(&github->lock);
	if (kept)
		return true;
	if (!ask_token(call, ask, &made, &until, e))
		return fail_while(e, "%s/%s", call->owner ? call->owner : "", name);
	pthread_mutex_lock(&github->lock);
	forget(grant);
	grant->token = str_copy(&grant->arena, made);
	grant->until_ms = until;
	pthread_mutex_unlock(&github->lock);
	*token = made;
	return true;
}

void github_token_drop(struct github_call *call, const struct ask *ask)
{
	const char *owner = grant_owner(call, ask), *name = grant_name(call, ask);

	if (call->github->mode != GITHUB_APP || !owner || !name)
		return;
	pthread_mutex_lock(&call->github->lock);
	forget(find_grant(call->github, owner, name, ask->need));
	pthread_mutex_unlock(&call->github->lock);
}

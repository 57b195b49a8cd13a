/*
 * Opening the client: what the settings must be, and where API, GraphQL and git are. Sends nothing
 * itself (github_ask.c), keeps no token of an installation (github_token.c).
 */
#include "git/github.h"

#include "bot/base/clock.h"
#include "git/github_private.h"

#include <time.h>

enum { TOKEN_MOST = 4096 };

static void machine_sleep(void *context, int64_t ms)
{
	struct timespec left = { ms / 1000, ms % 1000 * 1000000 };

	(void)context;
	while (nanosleep(&left, &left))
		;
}

static bool is_loopback(struct str host)
{
	return str_is(host, "127.0.0.1") || str_is(host, "localhost") || str_is(host, "[::1]");
}

/* Cuts an address into "https://host:port" and its path; nothing else may be in it. */
static bool cut_address(struct github *github, const char *url, struct str *origin,
			struct str *path, struct err *e)
{
	struct str rest = str_of(url), host, port;
	bool plain = str_skip(&rest, "http://");
	ptrdiff_t slash;

	if (!plain && !str_skip(&rest, "https://"))
		return fail(e, ERR_CONFIG, "github.api_url must start with https://");
	slash = str_char(rest, '/');
	host = slash < 0 ? rest : str_slice(rest, 0, (size_t)slash);
	*path = slash < 0 ? STR_NONE : str_from(rest, (size_t)slash);
	*origin = (struct str){ url, (size_t)(host.at + host.size - url) };
	while (str_chop(path, "/"))
		;
	for (size_t i = 0; i < rest.size; i++)
		if ((unsigned char)rest.at[i] <= ' ' || strchr("?#@\\\"<>%", rest.at[i]))
			return fail(e, ERR_CONFIG, "github.api_url is not a plain address: no user, "
				    "query or blanks");
	if (!str_split_last(host, ":", &host, &port) || str_ends(port, "]"))
		host = (struct str){ host.at, (size_t)(origin->at + origin->size - host.at) };
	if (!host.size)
		return fail(e, ERR_CONFIG, "github.api_url has no host");
	if (plain && !is_loopback(host))
		return fail(e, ERR_CONFIG, "github.api_url must be https (http only on this machine)");
	/* A server of one's own may well have a private address; github.com has not. */
	github->allow = str_is(host, "api.github.com") ? 0 : (unsigned)HTTP_PRIVATE;
	github->allow |= plain ? (unsigned)HTTP_PLAIN : 0;
	return true;
}

static bool set_addresses(struct github *github, const char *url, struct err *e)
{
	struct arena *a = &github->arena;
	struct str origin = STR_NONE, path = STR_NONE, prefix;

	if (!cut_address(github, url, &origin, &path, e))
		return false;
	github->api = arena_printf(a, "%.*s%.*s", STR_ARG(origin), STR_ARG(path));
	prefix = path;
	if (str_chop(&prefix, "/api/v3"))
		github->graphql = arena_printf(a, "%.*s%.*s/api/graphql", STR_ARG(origin),
					       STR_ARG(prefix));
	else
		github->graphql = arena_printf(a, "%s/graphql", github->api);
	if (str_is(origin, "https://api.github.com"))
		github->git = "https://github.com";
	else
		github->git = arena_printf(a, "%.*s%.*s", STR_ARG(origin), STR_ARG(prefix));
	return true;
}

/* A token stands in a header: visible ASCII only, and of any length that fits there. */
static bool set_secrets(struct github *github, const struct github_settings *settings,
			struct err *e)
{
	struct str token = str_trim(settings->token);

	if (settings->mode == GITHUB_APP) {
		if (!settings->app_id || settings->app_id > INT64_MAX)
			return fail(e, ERR_CONFIG, "github.app_id is missing");
		if (!settings->key_pem.size)
			return fail(e, ERR_CONFIG, "the App's private key is missing");
		github->app_id = settings->app_id;
		github->key_pem = str_copy(&github->arena, settings->key_pem);
		return true;
	}
	if (!token.size || token.size > TOKEN_MOST)
		return fail(e, ERR_CONFIG, "the GitHub token is missing or too long");
	for (size_t i = 0; i < token.size; i++)
		if (token.at[i] <= ' ' || token.at[i] > '~')
			return fail(e, ERR_CONFIG, "the GitHub token has characters that no token has");
	github->token = str_copy(&github->arena, token);
	return true;
}

bool github_open(const struct github_settings *settings, struct github **out, struct err *e)
{
	struct arena arena = {0};
	struct github *github = arena_new(&arena, struct github);

	github->arena = arena;
	github->send = http_send;
	github->mode = settings->mode;
	github->cache = settings->cache;
	github->waits = settings->waits;
	github->sleep_ms = settings->sleep_ms ? settings->sleep_ms : machine_sleep;
	github->sleep_context = settings->sleep_context;
	github->write_gap_ms = settings->write_gap_ms ? settings->write_gap_ms : 1000;
	pthread_mutex_init(&github->lock, NULL);
	pthread_mutex_init(&github->write_lock, NULL);
	if (set_addresses(github, settings->api_url ? settings->api_url : "https://api.github.com",
			  e) &&
	    set_secrets(github, settings, e))
		github->http = http_open(settings->ca_file, e);
	if (!github->http) {
		github_close(&github);
		return false;
	}
	*out = github;
	return true;
}

static void wipe(struct str secret)
{
	if (secret.size)
		explicit_bzero((char *)secret.at, secret.size);
}

void github_close(struct github *const *pointer)
{
	struct github *github = *pointer;
	struct arena arena;

	if (!github)
		return;
	for (size_t i = 0; i < GRANT_BUCKETS; i++)
		for (struct grant *grant = github->grants[i]; grant; grant = grant->next) {
			wipe(grant->token);
			arena_release(&grant->arena);
		}
	wipe(github->assertion);
	arena_release(&github->assertion_arena);
	wipe(github->key_pem);
	wipe(github->token);
	http_close(&github->http);
	pthread_mutex_destroy(&github->lock);
	pthread_mutex_destroy(&github->write_lock);
	arena = github->arena;
	arena_release(&arena);
}

enum github_mode github_mode(const struct github *github)
{
	return github->mode;
}

void github_sleep(struct github *github, int64_t ms)
{
	if (ms > 0)
		github->sleep_ms(github->sleep_context, ms);
}

bool github_git_url(struct github_call *call, const char **url, struct err *e)
{
	if (!github_repository_path(call, e, ""))
		return false;
	*url = arena_printf(call->arena, "%s/%s/%s.git", call->github->git, call->owner,
			    call->name);
	return true;
}

bool github_git_token(struct github_call *call, enum github_need need, struct str *token,
		      struct err *e)
{
	const struct ask ask = { .need = need };

	return github_repository_path(call, e, "") && github_token(call, &ask, token, e);
}

/*
 * Many repositories' state in one sweep of conditional requests. Asks once each: what fails is asked
 * again at the next sweep.
 */
#include "git/github_private.h"

#include "bot/base/clock.h"

enum { POLL_LATER_MS = 30 * 1000 };

static bool put_off(struct github_poll *poll, int64_t until)
{
	poll->again_at_ms = until;
	return fail(&poll->error, ERR_LATER, "GitHub's limit is reached");
}

static bool prepare(struct github *github, struct github_poll *poll, struct arena *a,
		    struct http_request *request, struct github_cached *cached)
{
	struct github_call call = { .github = github, .owner = poll->owner, .name = poll->name,
		.arena = a, .wait_most_ms = 1 };
	const struct ask ask = { .need = GITHUB_NEED_READ };
	struct http_header *headers = arena_array(a, struct http_header, 4);
	int64_t until = github_blocked_until(github, poll->owner);
	struct str token;

	if (until > clock_wall_ms())
		return put_off(poll, until);
	if (poll->path[0] != '/')
		return fail(&poll->error, ERR_INPUT, "this is no path");
	if (!github_token(&call, &ask, &token, &poll->error)) {
		poll->again_at_ms = call.again_at_ms;
		return false;
	}
	*request = (struct http_request){ .method = "GET", .headers = headers,
		.header_count = 3, .allow = github->allow, .body_most = GITHUB_BODY_MOST,
		.url = arena_printf(a, "%s%s", github->api, poll->path) };
	headers[0] = (struct http_header){ "Authorization",
		arena_printf(a, "Bearer %.*s", STR_ARG(token)) };
	headers[1] = (struct http_header){ "Accept", "application/vnd.github+json" };
	headers[2] = (struct http_header){ "X-GitHub-Api-Version", "2022-11-28" };
	if (github->cache.get && github->cache.get(github->cache.context, request->url, a, cached) &&
	    cached->etag.size)
		headers[request->header_count++] = (struct http_header){ "If-None-Match",
			str_text(a, cached->etag) };
	return true;
}

static void settle(struct github *github, struct github_poll *poll,
		   const struct http_exchange *exchange, const struct github_cached *cached,
		   struct arena *a)
{
	const struct http_response *response = &exchange->response;
	const char *etag = http_header(response, "etag");
	int64_t until;

	if (github_limited(github, poll->owner, response, &until)) {
		put_off(poll, until);
		return;
	}
	if (response->status == 304 && cached->etag.size) {
		poll->answered = true;
		poll->body = cached->body;
		return;
	}
	if (response->status == 200) {
		struct github_cached entry = { str_of(etag), STR_NONE, response->body };
		const char *next = github_link_next(a, str_of(http_header(response, "link")));

		entry.next = str_of(next);
		poll->answered = poll->changed = true;
		poll->body = response->body;
		if (github->cache.put && etag && entry.etag.size < 512)
			github->cache.put(github->cache.context, exchange->request.url, &entry);
		return;
	}
	if (response->status >= 500)
		poll->again_at_ms = clock_wall_ms() + POLL_LATER_MS;
	fail(&poll->error, response->status >= 500 ? ERR_LATER :
	     response->status == 404 || response->status == 410 ? ERR_GONE :
	     response->status == 401 || response->status == 403 ? ERR_DENIED : ERR_INPUT,
	     "GitHub answers %u", response->status);
}

bool github_poll_all(struct github *github, struct github_poll *polls, size_t count,
		     size_t at_once, struct arena *a, struct err *e)
{
	struct http_exchange *exchanges = arena_array(a, struct http_exchange, count);
	struct github_cached *cached = arena_array(a, struct github_cached, count);
	struct github_poll **of = arena_array(a, struct github_poll *, count);
	const struct ask ask = { .need = GITHUB_NEED_READ };
	size_t ready = 0;

	for (size_t i = 0; i < count; i++) {
		polls[i].answered = polls[i].changed = false;
		polls[i].again_at_ms = 0;
		polls[i].body = STR_NONE;
		if (prepare(github, &polls[i], a, &exchanges[ready].request, &cached[ready]))
			of[ready++] = &polls[i];
		else
			cached[ready] = (struct github_cached){0};
	}
	if (!http_send_all(github->http, exchanges, ready, at_once, a, e))
		return false;
	for (size_t i = 0; i < ready; i++) {
		if (exchanges[i].answered) {
			settle(github, of[i], &exchanges[i], &cached[i], a);
		} else {
			of[i]->error = exchanges[i].error;
			of[i]->again_at_ms = clock_wall_ms() + POLL_LATER_MS;
		}
		if (exchanges[i].answered && exchanges[i].response.status == 401) {
			struct github_call call = { .github = github, .owner = of[i]->owner,
				.name = of[i]->name, .arena = a };

			github_token_drop(&call, &ask);
		}
	}
	return true;
}

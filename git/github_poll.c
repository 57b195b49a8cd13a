/*
 * Many repositories' state in one sweep of conditional requests. Asks once each: what fails is asked
 * again at the next sweep. Keeps no answer.
 */
#include "git/github_private.h"

#include "bot/base/clock.h"

enum { POLL_LATER_MS = 30 * 1000, ETAG_MOST = 512 };

static bool put_off(struct github_poll *poll, int64_t until)
{
	poll->again_at_ms = until;
	return fail(&poll->error, ERR_LATER, "GitHub's limit is reached");
}

static struct github_call call_of(struct github *github, const struct github_poll *poll,
				  struct arena *a)
{
	return (struct github_call){ .github = github, .owner = poll->owner, .name = poll->name,
		.arena = a, .wait_most_ms = 1 };
}

static struct ask ask_of(const struct github_poll *poll)
{
	return (struct ask){ .need = GITHUB_NEED_READ, .installation = poll->installation,
		.as = poll->installation ? AS_INSTALLATION : AS_REPOSITORY };
}

/* *refused: the last one that got no token. An installation that gives none is asked once. */
static bool prepare(struct github *github, struct github_poll *poll, struct arena *a,
		    struct http_request *request, const struct github_poll **refused)
{
	struct github_call call = call_of(github, poll, a);
	const struct ask ask = ask_of(poll);
	struct http_header *headers;
	int64_t until = github_blocked_until(github, poll->owner);
	struct str token;

	if (until > clock_wall_ms())
		return put_off(poll, until);
	if (poll->path[0] != '/')
		return fail(&poll->error, ERR_INPUT, "this is no path");
	if (*refused && poll->installation && (*refused)->installation == poll->installation) {
		poll->error = (*refused)->error;
		poll->again_at_ms = (*refused)->again_at_ms;
		return false;
	}
	if (!github_token(&call, &ask, &token, &poll->error)) {
		poll->again_at_ms = call.again_at_ms;
		*refused = poll;
		return false;
	}
	headers = arena_array(a, struct http_header, 4);
	*request = (struct http_request){ .method = "GET", .headers = headers,
		.header_count = 3, .allow = github->allow, .body_most = GITHUB_BODY_MOST,
		.url = arena_printf(a, "%s%s", github->api, poll->path) };
	headers[0] = (struct http_header){ "Authorization",
		arena_printf(a, "Bearer %.*s", STR_ARG(token)) };
	headers[1] = (struct http_header){ "Accept", "application/vnd.github+json" };
	headers[2] = (struct http_header){ "X-GitHub-Api-Version", "2022-11-28" };
	if (poll->etag && poll->etag[0])
		headers[request->header_count++] = (struct http_header){ "If-None-Match",
			poll->etag };
	return true;
}

static enum err_kind kind_of(unsigned status)
{
	return status >= 500 ? ERR_LATER : status == 404 || status == 410 ? ERR_GONE :
	       status == 401 || status == 403 ? ERR_DENIED : ERR_INPUT;
}

static void settle(struct github *github, struct github_poll *poll,
		   const struct http_response *response)
{
	const char *etag = http_header(response, "etag");
	int64_t until;

	poll->status = response->status;
	if (github_limited(github, poll->owner, response, &until)) {
		put_off(poll, until);
		return;
	}
	if (response->status == 304 && poll->etag && poll->etag[0]) {
		poll->answered = true;
		return;
	}
	if (response->status == 200) {
		poll->answered = poll->changed = true;
		poll->body = response->body;
		poll->new_etag = etag && strlen(etag) < ETAG_MOST ? etag : NULL;
		return;
	}
	if (response->status >= 500)
		poll->again_at_ms = clock_wall_ms() + POLL_LATER_MS;
	fail(&poll->error, kind_of(response->status), "GitHub answers %u", response->status);
}

bool github_poll_all(struct github *github, struct github_poll *polls, size_t count,
		     size_t at_once, struct arena *a, struct err *e)
{
	struct http_exchange *exchanges = arena_array(a, struct http_exchange, count);
	struct github_poll **of = arena_array(a, struct github_poll *, count);
	const struct github_poll *refused = NULL;
	size_t ready = 0;

	for (size_t i = 0; i < count; i++) {
		polls[i].answered = polls[i].changed = false;
		polls[i].again_at_ms = 0;
		polls[i].status = 0;
		polls[i].body = STR_NONE;
		polls[i].new_etag = NULL;
		if (prepare(github, &polls[i], a, &exchanges[ready].request, &refused))
			of[ready++] = &polls[i];
	}
	if (!http_send_all(github->http, exchanges, ready, at_once, a, e))
		return false;
	for (size_t i = 0; i < ready; i++) {
		if (exchanges[i].answered) {
			settle(github, of[i], &exchanges[i].response);
		} else {
			of[i]->error = exchanges[i].error;
			of[i]->again_at_ms = clock_wall_ms() + POLL_LATER_MS;
		}
		if (exchanges[i].answered && exchanges[i].response.status == 401) {
			struct github_call call = call_of(github, of[i], a);
			const struct ask ask = ask_of(of[i]);

			github_token_drop(&call, &ask);
		}
	}
	return true;
}

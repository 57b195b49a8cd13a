/*
 * One request to the API until it is answered, refused or put off: authorisation, pace of writes,
 * limits, redirects by hand, repeats of what is safe to repeat, the kept answer behind a 304. Writes
 * are never repeated unless they were certainly not done.
 */
#include "git/github_private.h"

#include "bot/base/clock.h"
#include "bot/base/crypto.h"
#include "bot/base/kill_point.h"
#include "bot/base/utf8.h"

enum {
	TRIES_MOST = 4, REDIRECTS_MOST = 3, WAIT_MS = 5000, BACKOFF_MS = 500,
	MESSAGE_MOST = 200, CACHED_MOST = 1024 * 1024, LATER_MS = 30 * 1000,
	WRITE_LATER_MS = 4000,		/* whoever comes back looks first what became of it */
};

/* A request on its way through the tries. */
struct attempt {
	struct github_call *call;
	const struct ask *ask;
	const char *url;
	const char *body;
	int64_t wait_left_ms;
	unsigned tries, redirects;
	bool reads;			/* GET */
	bool writes;			/* must not be done twice; a token may */
	bool renewed;
	struct github_cached cached;
	bool has_cached;
	struct str token;
};

void reply_close(struct reply *reply)
{
	json_decref(reply->json);
	reply->json = NULL;
}

const char *reply_header(const struct reply *reply, const char *name)
{
	for (size_t i = 0; i < reply->header_count; i++)
		if (str_equal_nocase(str_of(reply->headers[i].name), str_of(name)))
			return reply->headers[i].value;
	return NULL;
}

/* "Sun, 22 Nov 2026 02:15:12 GMT" (RFC 9110); 0 for anything else. */
static int64_t time_of(struct str date, struct arena *a)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct str name = str_slice(date, 8, 3);
	ptrdiff_t month = str_find(str_of(months), name);
	struct err ignored = ERR_INIT;
	int64_t found;

	if (date.size != 29 || !str_ends(date, " GMT") || month < 0 || month % 3)
		return 0;
	if (!clock_parse(str_of(arena_printf(a, "%.4s-%02d-%.2sT%.8sZ", date.at + 12,
					     (int)month / 3 + 1, date.at + 5, date.at + 17)),
			 &found, &ignored))
		return 0;
	return found;
}

static void add_clean(struct text *out, struct str text)
{
	while (text.size && out->size < MESSAGE_MOST) {
		uint32_t character = 0;
		size_t size = utf8_first(text, &character);

		if (size && !utf8_is_hidden(character))
			text_add(out, str_slice(text, 0, size));
		else
			text_addc(out, ' ');
		text = str_from(text, size ? size : 1);
	}
}

/* {"message": ..., "errors": [{"resource", "field", "code", "message"} or a text, ...]} */
struct str github_message(struct arena *a, const json_t *json)
{
	const json_t *errors = json_at(json, "errors");
	struct text out = TEXT(a);

	add_clean(&out, json_text_or(json, "message", STR_NONE));
	for (size_t i = 0; i < json_array_size(errors) && i < 5; i++) {
		const json_t *one = json_array_get(errors, i);
		struct str said = json_is_string(one) ? json_text_or(one, "", STR_NONE)
						      : json_text_or(one, "message", STR_NONE);

		text_adds(&out, out.size ? "; " : "");
		if (said.size) {
			add_clean(&out, said);
			continue;
		}
		add_clean(&out, json_text_or(one, "field", STR("?")));
		text_addc(&out, ' ');
		add_clean(&out, json_text_or(one, "code", STR("?")));
	}
	return text_str(&out);
}

/* Sleeps until then when the call's patience lasts, else puts the request off. */
static bool wait_until(struct attempt *t, int64_t until_ms, const char *why, struct err *e)
{
	int64_t wait = until_ms - clock_wall_ms();

	if (wait <= 0)
		return true;
	if (wait > t->wait_left_ms) {
		t->call->again_at_ms = until_ms;
		return fail(e, ERR_LATER, "%s; again in %lld s", why, (long long)(wait + 999) / 1000);
	}
	t->wait_left_ms -= wait;
	github_sleep(t->call->github, wait);
	return true;
}

/* A read was tried again already by now, a write never was. */
static int64_t later_of(const struct attempt *t)
{
	return clock_wall_ms() + (t->writes ? WRITE_LATER_MS : LATER_MS);
}

/* Twice as long each time, and by chance between half and all of it, so that not all come at once. */
static bool back_off(struct attempt *t, struct err *e)
{
	int64_t ms = (int64_t)BACKOFF_MS << t->tries;
	struct err cause = *e;
	uint16_t chance;

	crypto_random(&chance, sizeof(chance));
	ms = ms / 2 + ms / 2 * chance / UINT16_MAX;
	if (++t->tries >= TRIES_MOST || ms > t->wait_left_ms) {
		t->call->again_at_ms = later_of(t);
		*e = cause;
		return false;
	}
	t->wait_left_ms -= ms;
	github_sleep(t->call->github, ms);
	return true;
}

static bool authorise(struct attempt *t, struct err *e)
{
	if (t->ask->as == AS_APP)
		return github_assertion(t->call->github, t->call->arena, &t->token, e);
	return github_token(t->call, t->ask, &t->token, e);
}

static size_t make_headers(const struct attempt *t, struct http_header headers[6])
{
	struct arena *a = t->call->arena;
	size_t count = 0;

	headers[count++] = (struct http_header){ "Authorization",
		arena_printf(a, "Bearer %.*s", STR_ARG(t->token)) };
	headers[count++] = (struct http_header){ "Accept",
		t->ask->accept ? t->ask->accept : "application/vnd.github+json" };
	headers[count++] = (struct http_header){ "X-GitHub-Api-Version", "2022-11-28" };
	if (t->body)
		headers[count++] = (struct http_header){ "Content-Type", "application/json" };
	if (t->has_cached)
		headers[count++] = (struct http_header){ "If-None-Match",
			str_text(a, t->cached.etag) };
	return count;
}

/* Sends once. Writes go one by one, with a gap, on a connection that carries nothing twice. */
static bool send_once(struct attempt *t, struct http_response *response, bool *sent,
		      struct err *e)
{
	struct github *github = t->call->github;
	struct http_header headers[6];
	struct http_request request = {
		.method = t->ask->method, .url = t->url, .headers = headers,
		.body = str_of(t->body), .allow = github->allow, .once = t->writes, .sent = sent,
		.body_most = GITHUB_BODY_MOST,
	};
	int64_t gap;
	bool good;

	request.header_count = make_headers(t, headers);
	if (!t->writes) {
		good = github->send(github->http, &request, t->call->arena, response, e);
		KILL_POINT("github.read.after");
		return good;
	}
	pthread_mutex_lock(&github->write_lock);
	gap = github->write_gap_ms - (clock_monotonic_ms() - github->last_write_ms);
	if (github->has_written && gap > 0)
		github_sleep(github, gap < github->write_gap_ms ? gap : github->write_gap_ms);
	KILL_POINT("github.write.before");
	good = github->send(github->http, &request, t->call->arena, response, e);
	KILL_POINT("github.write.after");
	github->last_write_ms = clock_monotonic_ms();
	github->has_written = true;
	pthread_mutex_unlock(&github->write_lock);
	return good;
}

static void look_up(struct attempt *t)
{
	const struct github_cache *cache = &t->call->github->cache;

	t->has_cached = t->reads && cache->get && !t->ask->accept &&
			cache->get(cache->context, t->url, t->call->arena, &t->cached) &&
			t->cached.etag.size && t->cached.etag.size < 512;
}

static void keep(const struct attempt *t, const struct http_response *response,
		 const struct reply *reply)
{
	const struct github_cache *cache = &t->call->github->cache;
	const char *etag = http_header(response, "etag");
	struct github_cached entry = { str_of(etag), str_of(reply->next), response->body };

	if (t->reads && cache->put && !t->ask->accept && etag && response->status == 200 &&
	    response->body.size <= CACHED_MOST && entry.etag.size < 512)
		cache->put(cache->context, t->url, &entry);
}

bool github_parse(struct str body, json_t **json, struct err *e)
{
	struct err ignored = ERR_INIT;

	return json_parse(body, GITHUB_BODY_MOST, json, &ignored) ||
	       fail(e, ERR_INPUT, "GitHub's answer (%zu bytes) is not JSON, or too large",
		    body.size);
}

static bool parse(struct attempt *t, struct str body, struct reply *reply, struct err *e)
{
	reply->body = body;
	if (t->ask->accept || !str_trim(body).size)
		return true;
	return github_parse(body, &reply->json, e);
}

static enum err_kind kind_of(unsigned status)
{
	switch (status) {
	case 401:
	case 403:
	case 451:
		return ERR_DENIED;
	case 404:
	case 410:
		return ERR_GONE;
	default:
		return status >= 500 ? ERR_LATER : ERR_INPUT;
	}
}

/* A server that sends the token back must not get it into our logs. */
static struct str message_of(const struct attempt *t, const json_t *json)
{
	struct str message = github_message(t->call->arena, json);

	if (t->token.size && str_find(message, t->token) >= 0)
		return STR("(a message with a secret in it)");
	return message;
}

static bool fail_status(struct attempt *t, const struct http_response *response,
			struct reply *reply, struct err *e)
{
	JSON *json = NULL;
	struct err ignored;

	if (github_parse(response->body, &json, &ignored))
		reply->message = message_of(t, json);
	return fail(e, kind_of(response->status), "GitHub answers %u%s%.*s", response->status,
		    reply->message.size ? ": " : "", STR_ARG(reply->message));
}

static bool is_wanted(const struct ask *ask, unsigned status)
{
	for (size_t i = 0; i < sizeof(ask->also) / sizeof(*ask->also); i++)
		if (ask->also[i] == status)
			return true;
	return (status >= 200 && status < 300) || status == 302;
}

/* A moved repository: only for reads, and only to the API itself, for the token goes along. */
static bool follow(struct attempt *t, const struct http_response *response)
{
	const char *to = http_header(response, "location");

	if (!t->reads || !to || ++t->redirects > REDIRECTS_MOST ||
	    !github_is_ours(t->call->github, to) || !strcmp(to, t->url))
		return false;
	t->url = arena_strdup(t->call->arena, to);
	look_up(t);
	return true;
}

/* AGAIN: the loop goes on. */
enum step { STEP_DONE, STEP_FAILED, STEP_AGAIN };

static enum step settle(struct attempt *t, const struct http_response *response,
			struct reply *reply, struct err *e)
{
	unsigned status = response->status;
	bool parsed;

	reply->headers = response->headers;
	reply->header_count = response->header_count;
	if (status == 304 && t->has_cached) {
		reply->next = t->cached.next.size ? str_text(t->call->arena, t->cached.next) : NULL;
		reply->status = 200;
		return parse(t, t->cached.body, reply, e) ? STEP_DONE : STEP_FAILED;
	}
	if ((status == 301 || status == 307 || status == 308) && follow(t, response))
		return STEP_AGAIN;
	if (!is_wanted(t->ask, status)) {
		fail_status(t, response, reply, e);
		if (status < 500)
			return STEP_FAILED;
		t->call->again_at_ms = later_of(t);
		return !t->writes && back_off(t, e) ? STEP_AGAIN : STEP_FAILED;
	}
	reply->status = status;
	reply->next = github_link_next(t->call->arena, str_of(http_header(response, "link")));
	reply->location = http_header(response, "location");
	parsed = parse(t, response->body, reply, e);
	if (status < 300 && parsed)
		keep(t, response, reply);
	if (status >= 400)
		reply->message = message_of(t, reply->json);
	else if (t->ask->graphql)
		reply->message = message_of(t, json_at(reply->json, "errors[0]"));
	return parsed ? STEP_DONE : STEP_FAILED;
}

static enum github_outcome outcome_of(const struct attempt *t, unsigned status, bool sent)
{
	if (!t->writes || (!status && !sent))
		return status >= 200 && status < 300 ? GITHUB_IS_DONE : GITHUB_NOT_DONE;
	if (status >= 200 && status < 300)
		return GITHUB_IS_DONE;
	return status >= 300 && status < 500 ? GITHUB_NOT_DONE : GITHUB_UNKNOWN;
}

static enum step try_once(struct attempt *t, struct reply *reply, struct err *e)
{
	struct github_call *call = t->call;
	struct http_response response = {0};
	int64_t until = github_blocked_until(call->github, call->owner);
	bool sent = false, answered;

	if (!wait_until(t, until, "GitHub's limit is reached", e))
		return STEP_FAILED;
	if (!authorise(t, e)) {
		/* Whatever became of the request for the token, this one was not sent. */
		call->outcome = GITHUB_NOT_DONE;
		return STEP_FAILED;
	}
	answered = send_once(t, &response, &sent, e);
	call->status = answered ? response.status : 0;
	if (answered)
		call->server_ms = time_of(str_of(http_header(&response, "date")), call->arena);
	call->outcome = outcome_of(t, call->status, sent);
	if (!answered) {
		if (e->kind != ERR_LATER)
			return STEP_FAILED;
		call->again_at_ms = later_of(t);
		return call->outcome == GITHUB_NOT_DONE && back_off(t, e) ? STEP_AGAIN : STEP_FAILED;
	}
	if (github_limited(call->github, call->owner, &response, &until)) {
		if (++t->tries >= TRIES_MOST)
			t->wait_left_ms = 0;
		return wait_until(t, until, "GitHub's limit is reached", e) ? STEP_AGAIN
									    : STEP_FAILED;
	}
	if (response.status == 401 && t->ask->as != AS_APP && !t->renewed &&
	    call->github->mode == GITHUB_APP) {
		/* It ran out early, or was taken back: another one, once. */
		github_token_drop(call, t->ask);
		t->renewed = true;
		return STEP_AGAIN;
	}
	return settle(t, &response, reply, e);
}

static const char *url_of(struct github_call *call, const struct ask *ask)
{
	if (ask->graphql)
		return call->github->graphql;
	if (ask->path[0] != '/')
		return ask->path;
	return arena_printf(call->arena, "%s%s", call->github->api, ask->path);
}

bool github_ask(struct github_call *call, const struct ask *ask, struct reply *reply,
		struct err *e)
{
	struct attempt t = { .call = call, .ask = ask, .url = url_of(call, ask),
		.wait_left_ms = call->wait_most_ms ? call->wait_most_ms : WAIT_MS,
		.reads = !strcmp(ask->method, "GET") };
	struct text body = TEXT(call->arena);
	struct reply made = {0};
	enum step step = STEP_AGAIN;
	struct err error = ERR_INIT;

	t.writes = !t.reads && ask->as != AS_APP;
	call->outcome = GITHUB_NOT_DONE;
	call->status = 0;
	call->again_at_ms = 0;
	call->server_ms = 0;
	if (ask->body) {
		if (!json_print(ask->body, JSON_AS_MADE, &body, e))
			return false;
		t.body = text_cstr(&body);
	}
	look_up(&t);
	while (step == STEP_AGAIN) {
		reply_close(&made);
		step = try_once(&t, &made, &error);
	}
	if (step == STEP_FAILED) {
		reply_close(&made);
		*e = error;
		return false;
	}
	*reply = made;
	return true;
}

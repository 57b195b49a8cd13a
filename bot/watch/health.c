/*
 * Health checks: two results in a row decide, twenty tell whether it flaps (as in Nagios: above
 * half of the changes there could be it starts, below a quarter it stops). Keeps no time itself.
 */
#include "bot/watch/health.h"

#include <stdio.h>

enum { IN_A_ROW = 2, HISTORY = 20, FLAPS_FROM = 8, SETTLES_AT = 4, BODY_MOST = 256 * 1024,
       TIMEOUT_MS = 5000, SILENT_LEAST = 2, AT_ONCE = 8 };

void health_open(struct health *health, struct arena *a, size_t count)
{
	*health = (struct health){ arena_array(a, struct health_target, count), count, false, 0 };
}

static unsigned changes(const struct health_target *target)
{
	unsigned count = 0;

	for (unsigned i = 0; i + 1 < target->seen; i++)
		count += (target->history >> i & 1) != (target->history >> (i + 1) & 1);
	return count;
}

static void note(struct health_target *target, const struct health_result *result)
{
	bool good = result->answer == HEALTH_GOOD;

	target->in_a_row = target->seen && target->last_good == good ? target->in_a_row + 1 : 1;
	target->last_good = good;
	target->history = target->history << 1 | (good ? 1 : 0);
	if (target->seen < HISTORY)
		target->seen++;
	if (!good)
		snprintf(target->why, sizeof(target->why), "%s", result->why);
}

static enum health_event step(struct health_target *target, const struct health_result *result)
{
	enum health_state before = target->state;
	unsigned changed;

	note(target, result);
	changed = changes(target);
	if (target->in_a_row >= IN_A_ROW)
		target->state = target->last_good ? HEALTH_UP : HEALTH_DOWN;
	if (!target->flaps && changed >= FLAPS_FROM) {
		target->flaps = true;
		return HEALTH_FLAPS;
	}
	if (target->flaps && changed <= SETTLES_AT && target->in_a_row >= IN_A_ROW) {
		target->flaps = false;
		return HEALTH_SETTLED;
	}
	if (target->flaps || target->state == before)
		return HEALTH_NOTHING;
	if (target->state == HEALTH_DOWN)
		return HEALTH_WENT_DOWN;
	return before == HEALTH_DOWN ? HEALTH_CAME_UP : HEALTH_NOTHING;
}

void health_round(struct health *health, const struct health_result *results,
		  enum health_event *events)
{
	size_t asked = 0, silent = 0;

	for (size_t i = 0; i < health->count; i++) {
		asked += results[i].answer != HEALTH_NOT_ASKED;
		silent += results[i].answer == HEALTH_SILENT;
		events[i] = HEALTH_NOTHING;
	}
	if (!asked)
		return;
	health->blind = silent == asked && asked >= SILENT_LEAST;
	health->blind_rounds = health->blind ? health->blind_rounds + 1 : 0;
	for (size_t i = 0; i < health->count && !health->blind; i++)
		if (results[i].answer != HEALTH_NOT_ASKED)
			events[i] = step(&health->targets[i], &results[i]);
}

void health_weigh(const struct health_check *check, unsigned status, struct str body,
		  struct health_result *result)
{
	bool right = check->status ? status == check->status : status >= 200 && status <= 299;

	*result = (struct health_result){ .answer = HEALTH_BAD, .status = status };
	if (!right && check->status)
		snprintf(result->why, sizeof(result->why), "it answers with status %u, not %u", status,
			 check->status);
	else if (!right)
		snprintf(result->why, sizeof(result->why), "it answers with status %u", status);
	else if (check->contains && !str_has(body, check->contains))
		snprintf(result->why, sizeof(result->why), "its answer does not contain \"%.80s\"",
			 check->contains);
	else
		result->answer = HEALTH_GOOD;
}

/* A long page is enough of an answer: what is wanted must be in its beginning. */
struct beginning {
	struct text text;
	bool sent;
};

static bool take(void *context, struct str part)
{
	struct beginning *beginning = context;
	size_t room = BODY_MOST - beginning->text.size;

	text_add(&beginning->text, str_slice(part, 0, room));
	return true;
}

static struct http_request request_of(const struct health_check *check, struct beginning *beginning)
{
	unsigned limit = check->timeout_ms ? check->timeout_ms : TIMEOUT_MS;

	return (struct http_request){
		.method = "GET", .url = check->url, .allow = check->allow, .connect_ms = limit,
		.total_ms = limit, .sent = &beginning->sent, .part = take, .context = beginning,
	};
}

static void result_of(const struct health_check *check, const struct http_exchange *exchange,
		      const struct beginning *beginning, struct health_result *result)
{
	const struct err *e = &exchange->error;

	if (exchange->answered) {
		health_weigh(check, exchange->response.status, text_str(&beginning->text), result);
		result->wall_ms = exchange->response.wall_ms;
		return;
	}
	*result = (struct health_result){ .answer = HEALTH_NOT_ASKED };
	if (e->kind == ERR_LATER)
		result->answer = HEALTH_SILENT;
	/* What is no HTTP or too long is wrong, and so is a certificate that does not hold. */
	else if ((e->kind == ERR_INPUT && beginning->sent) ||
		 (e->kind == ERR_DENIED && str_has(str_of(e->text), "certificate")))
		result->answer = HEALTH_BAD;
	snprintf(result->why, sizeof(result->why), "%.159s", e->text);
}

void health_ask(struct http *http, const struct health_check *check, struct health_result *result)
{
	ARENA a = {0};
	struct beginning beginning = { .text = TEXT(&a) };
	struct http_exchange one = { .request = request_of(check, &beginning) };

	one.answered = http_send(http, &one.request, &a, &one.response, &one.error);
	result_of(check, &one, &beginning, result);
}

void health_ask_all(struct http *http, const struct health_check *const *checks, size_t count,
		    struct health_result *results)
{
	ARENA a = {0};
	struct http_exchange *all = arena_array(&a, struct http_exchange, count);
	struct beginning *beginnings = arena_array(&a, struct beginning, count);
	struct err e = ERR_INIT;
	bool sent;

	for (size_t i = 0; i < count; i++) {
		beginnings[i].text = TEXT(&a);
		all[i].request = request_of(checks[i], &beginnings[i]);
	}
	sent = http_send_all(http, all, count, AT_ONCE, &a, &e);
	for (size_t i = 0; i < count; i++) {
		if (!sent && !all[i].answered)
			all[i].error = e;
		result_of(checks[i], &all[i], &beginnings[i], &results[i]);
	}
}

int64_t health_next_ms(int64_t start_ms, int64_t now_ms, int64_t every_ms)
{
	if (every_ms < 1 || now_ms < start_ms)
		return start_ms;
	return start_ms + ((now_ms - start_ms) / every_ms + 1) * every_ms;
}

/*
 * The client: one POST a query, so that no length is too long. Tries nothing twice and remembers
 * nothing: who asks decides when to ask again. What an answer says is prometheus_parse.c's.
 */
#include "bot/watch/prometheus.h"

#include <math.h>
#include <stdio.h>

enum { TIMEOUT_MS = 10000, POINTS_MOST = 11000, BODY_MOST = 16 * 1024 * 1024, QUERY_MOST = 16384 };

/* As a field of a form. */
static void add_field(struct text *form, const char *name, const char *value)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

	text_addf(form, "%s%s=", form->size ? "&" : "", name);
	for (; *value; value++) {
		if (strchr(plain, *value))
			text_addc(form, *value);
		else
			text_addf(form, "%%%02X", (unsigned)(unsigned char)*value);
	}
}

static void add_number(struct text *form, const char *name, double number)
{
	char value[40];

	snprintf(value, sizeof(value), "%.3f", number);
	add_field(form, name, value);
}

/* Statuses without an answer of the API in their body. */
static bool fail_http(unsigned status, struct err *e)
{
	if (status == 401 || status == 403)
		return fail(e, ERR_DENIED, "Prometheus refuses us (status %u)", status);
	if (status == 408 || status == 425 || status == 429 || status >= 500)
		return fail(e, ERR_LATER, "Prometheus answers with status %u", status);
	return fail(e, ERR_INPUT, "what answers is no Prometheus (status %u)", status);
}

static bool ask(const struct prometheus *p, const char *path, struct str form, struct arena *a,
		struct prometheus_answer *answer, struct err *e)
{
	struct str base = str_of(p->url);
	unsigned limit = p->timeout_ms ? p->timeout_ms : TIMEOUT_MS;
	struct http_header headers[] = {
		{ "Content-Type", "application/x-www-form-urlencoded" },
		{ "Accept", "application/json" },
		{ "Authorization", p->token ? arena_printf(a, "Bearer %s", p->token) : NULL },
	};
	struct http_request request = {
		.method = "POST", .headers = headers, .header_count = p->token ? 3 : 2, .body = form,
		.allow = p->allow, .body_most = BODY_MOST, .connect_ms = limit, .total_ms = limit,
	};
	struct http_response response;
	struct err why = ERR_INIT;

	while (str_chop(&base, "/"))
		continue;
	request.url = arena_printf(a, "%.*s/api/v1/%s", STR_ARG(base), path);
	if (!http_send(p->http, &request, a, &response, e))
		return fail_while(e, "asking Prometheus");
	if (response.status == 401 || response.status == 403)
		return fail_http(response.status, e);
	if (prometheus_parse(response.body, a, answer, &why)) {
		if (response.status == 200)
			return true;
		return fail_http(response.status, e);
	}
	/* 400, 422 and 503 say why in their body; a gateway's page does not. */
	if (response.status == 200 || str_has(response.body, "\"errorType\""))
		return fail(e, why.kind, "Prometheus: %s", why.text);
	return fail_http(response.status, e);
}

static bool check_query(const char *query, struct err *e)
{
	if (!*query || strlen(query) > QUERY_MOST)
		return fail(e, ERR_INPUT, "a query must have 1 to %d bytes", QUERY_MOST);
	return true;
}

bool prometheus_range(const struct prometheus *prometheus, const char *query, double start,
		      double end, double step, struct arena *a, struct prometheus_answer *answer,
		      struct err *e)
{
	struct text form = TEXT(a);
	unsigned limit_ms = prometheus->timeout_ms ? prometheus->timeout_ms : TIMEOUT_MS;

	if (!check_query(query, e))
		return false;
	if (!isfinite(start) || !isfinite(end) || !(step >= 0.001) || end < start)
		return fail(e, ERR_INPUT, "a window from %.0f to %.0f by %.3f s", start, end, step);
	/* The server's own limit. */
	if ((end - start) / step >= POINTS_MOST)
		return fail(e, ERR_INPUT, "more than %d points a series", POINTS_MOST);
	add_field(&form, "query", query);
	add_number(&form, "start", start);
	add_number(&form, "end", end);
	add_number(&form, "step", step);
	/* The server stops working on it when we stop waiting. */
	add_number(&form, "timeout", limit_ms / 1000.0);
	return ask(prometheus, "query_range", text_str(&form), a, answer, e);
}

bool prometheus_at(const struct prometheus *prometheus, const char *query, double at,
		   struct arena *a, struct prometheus_answer *answer, struct err *e)
{
	struct text form = TEXT(a);

	if (!check_query(query, e))
		return false;
	if (!isfinite(at))
		return fail(e, ERR_INPUT, "a query at no time");
	add_field(&form, "query", query);
	add_number(&form, "time", at);
	return ask(prometheus, "query", text_str(&form), a, answer, e);
}

/*
 * OpenAI's chat completions, as OpenAI and most local servers speak it: POST {base_url}/chat/completions.
 * Fields are those of OpenAI's published API reference. What a server says it does not support
 * (response_format, max_tokens, temperature) is left out and the request made once more. Leaves out
 * streaming, tools, and waiting: who asked decides when to come back.
 */
#include "bot/llm/provider.h"

#include "bot/base/json.h"
#include "bot/base/redact.h"

enum { ROUNDS = 4, LATER_DEFAULT_MS = 30000, LATER_MOST_MS = 3600000, WHY_BYTES = 160 };

/* What the request uses; a server may not know some of it. */
struct use {
	bool format, short_limit, limit, temperature;
};

static json_t *message_of(const char *role, struct str text)
{
	return json_pack("{s:s, s:o}", "role", role, "content", json_string_of(text));
}

static json_t *body_of(const struct model *model, const struct model_request *request,
		       const struct use *use)
{
	json_t *body = json_pack("{s:s, s:[o, o]}", "model", model->name, "messages",
				 message_of("system", request->system),
				 message_of("user", request->user));
	json_t *schema = request->schema ? json_loads(request->schema, 0, NULL) : NULL;

	if (use->temperature)
		json_object_set_new(body, "temperature", json_real(request->temperature));
	if (use->limit)
		json_object_set_new(body, use->short_limit ? "max_tokens" : "max_completion_tokens",
				    json_integer(request->tokens_most));
	if (schema && use->format)
		json_object_set_new(body, "response_format",
				    json_pack("{s:s, s:{s:s, s:b, s:O}}", "type", "json_schema",
					      "json_schema", "name", request->schema_name, "strict", 1,
					      "schema", schema));
	json_decref(schema);
	return body;
}

static bool send(struct http *http, const struct model *model, const struct model_request *request,
		 const struct use *use, struct arena *a, struct http_response *response,
		 struct err *e)
{
	struct http_header headers[2] = { { "Content-Type", "application/json" } };
	struct text body = TEXT(a);
	JSON *json = body_of(model, request, use);
	bool local = model_url_is_local(model->base_url);
	struct http_request http_request = {
		.method = "POST",
		.url = arena_printf(a, "%s/chat/completions", model->base_url),
		.headers = headers,
		.header_count = model->key.size ? 2 : 1,
		.allow = local ? HTTP_PLAIN | HTTP_PRIVATE : model->own_url ? HTTP_PRIVATE : 0,
		.body_most = MODEL_ANSWER_MOST,
		.total_ms = request->total_ms,
		.idle_s = request->total_ms / 1000 + 1,
	};

	if (!json || !json_print(json, JSON_AS_MADE, &body, e))
		return fail(e, ERR_BUG, "the request could not be made");
	http_request.body = text_str(&body);
	headers[1] = (struct http_header){
		"Authorization", arena_printf(a, "Bearer %.*s", STR_ARG(model->key))
	};
	return http_send(http, &http_request, a, response, e);
}

/* Retry-After is seconds (RFC 9110 also has dates, which OpenAI does not send); retry-after-ms is
 * OpenAI's own. */
static uint64_t later_ms(const struct http_response *response)
{
	const char *ms = http_header(response, "retry-after-ms");
	const char *s = http_header(response, "retry-after");
	unsigned long n;

	if (ms && str_number(str_of(ms), &n))
		return n < LATER_MOST_MS ? n : LATER_MOST_MS;
	if (s && str_number(str_of(s), &n))
		return n < LATER_MOST_MS / 1000 ? n * 1000 : LATER_MOST_MS;
	return LATER_DEFAULT_MS;
}

/* error.message of the answer, for people: hostile text, and it may hold the key itself. */
static const char *why_of(const json_t *json, struct arena *a)
{
	struct str text = json_text_or(json, "error.message", json_text_or(json, "error", STR("")));
	char *copy = str_text(a, str_slice(redact_text(text, a), 0, WHY_BYTES));

	for (char *c = copy; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = ' ';
	return *copy ? copy : "no reason given";
}

/* Did it refuse one of the fields that not every server knows? Then *use is without it. */
static bool refused_field(const json_t *json, struct use *use)
{
	struct str text = json_text_or(json, "error.message", json_text_or(json, "error", STR("")));
	struct str param = json_text_or(json, "error.param", STR(""));
	struct use before = *use;

	if (str_starts(param, "response_format") || str_has(text, "response_format") ||
	    str_has(text, "json_schema"))
		use->format = false;
	else if (str_is(param, "temperature") || str_has(text, "temperature"))
		use->temperature = false;
	else if (str_is(param, "max_tokens") || str_has(text, "max_tokens"))
		use->short_limit = false;
	else if (str_is(param, "max_completion_tokens") || str_has(text, "max_completion_tokens"))
		use->limit = false;
	return before.format != use->format || before.temperature != use->temperature ||
	       before.short_limit != use->short_limit || before.limit != use->limit;
}

static bool refuse(const struct http_response *response, const json_t *json, struct arena *a,
		   struct model_spent *spent, struct err *e)
{
	const char *why = why_of(json, a);
	unsigned status = response->status;
	struct str code = json_text_or(json, "error.code", STR(""));

	/* No money is no matter of waiting, though it comes as 429. */
	if (status == 403 || str_is(code, "insufficient_quota"))
		return fail(e, ERR_DENIED, "the provider refuses (%u): %s", status, why);
	if (str_is(code, "content_filter"))
		return fail(e, ERR_DENIED, "the provider's filter refuses: %s", why);
	if (status == 401)
		return fail(e, ERR_CONFIG, "the API key is not accepted: %s", why);
	if (status == 404)
		return fail(e, ERR_CONFIG, "there is no such model or URL: %s", why);
	if (status == 408 || status == 409 || status == 429 || status >= 500) {
		spent->later_ms = later_ms(response);
		return fail(e, ERR_LATER, "the provider asks to come later (%u), in %lu s: %s", status,
			    (unsigned long)(spent->later_ms / 1000), why);
	}
	return fail(e, ERR_INPUT, "the provider does not take the request (%u): %s", status, why);
}

static void count(const struct model *model, const json_t *json, struct model_answer *answer,
		  struct model_spent *spent)
{
	int64_t in = json_integer_or(json, "usage.prompt_tokens", 0);
	int64_t out = json_integer_or(json, "usage.completion_tokens", 0);

	answer->input_tokens = in > 0 && in < INT32_MAX ? (uint64_t)in : 0;
	answer->output_tokens = out > 0 && out < INT32_MAX ? (uint64_t)out : 0;
	spent->input_tokens += answer->input_tokens;
	spent->output_tokens += answer->output_tokens;
	spent->dollars += (double)answer->input_tokens * model->input_price / 1e6 +
			  (double)answer->output_tokens * model->output_price / 1e6;
}

static bool read_answer(const struct model *model, const struct http_response *response,
			const json_t *json, struct arena *a, struct model_answer *answer,
			struct model_spent *spent, struct err *e)
{
	struct model_answer made = { .wall_ms = response->wall_ms };
	struct str end = json_text_or(json, "choices[0].finish_reason", STR("")), text;

	count(model, json, &made, spent);
	if (json_text_or(json, "choices[0].message.refusal", STR_NONE).size)
		return fail(e, ERR_DENIED, "the model refuses to answer");
	if (str_is(end, "content_filter"))
		return fail(e, ERR_DENIED, "the provider's filter cut the answer");
	if (str_is(end, "length"))
		return fail(e, ERR_INPUT, "the answer was cut at its token limit");
	if (!json_get_text(json, "choices[0].message.content", &text, e))
		return fail_while(e, "the answer of %s", model->name);
	made.text = str_copy(a, text);
	made.model = model->name;
	*answer = made;
	return true;
}

static bool ask(struct http *http, const struct model *model, const struct model_request *request,
		struct arena *a, struct model_answer *answer, struct model_spent *spent,
		struct err *e)
{
	struct use use = { true, true, true, true };

	for (unsigned round = 0;; round++) {
		struct http_response response;
		struct err ignored = ERR_INIT;
		JSON *json = NULL;
		bool parsed;

		if (spent->requests >= request->requests_most)
			return fail(e, ERR_DENIED, "the budget of %u requests to models is used up",
				    request->requests_most);
		spent->requests++;
		if (!send(http, model, request, &use, a, &response, e)) {
			if (e->kind == ERR_LATER)
				spent->later_ms = LATER_DEFAULT_MS;
			return false;
		}
		parsed = json_parse(response.body, MODEL_ANSWER_MOST, &json,
				    response.status == 200 ? e : &ignored);
		if (response.status == 200)
			return parsed ? read_answer(model, &response, json, a, answer, spent, e)
				      : fail_while(e, "the answer of %s", model->name);
		/* 400 is OpenAI's, 422 that of servers built on FastAPI. */
		if ((response.status == 400 || response.status == 422) && round + 1 < ROUNDS &&
		    refused_field(json, &use))
			continue;
		return refuse(&response, json, a, spent, e);
	}
}

const struct provider provider_openai = {
	.name = "openai",
	.base_url = "https://api.openai.com/v1",
	.ask = ask,
};

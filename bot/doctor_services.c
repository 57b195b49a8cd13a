/*
 * What is asked besides GitHub: each model once, with the shortest question there is, and Prometheus.
 */
#include "bot/doctor.h"

#include "bot/base/http.h"
#include "bot/llm/provider.h"
#include "bot/watch/settings.h"

enum { MODEL_MS = 20 * 1000, MODEL_TOKENS = 16 };

static void ask_model(struct doctor *d, struct http *http, const struct model *model)
{
	static const char mend_key[] = "look at models[].api_key, model and base_url";
	const struct model_request request = { .system = STR("Answer with one word."), .user = STR("Say ok."),
		.tokens_most = MODEL_TOKENS, .total_ms = MODEL_MS, .requests_most = 1 };
	const char *name = arena_printf(d->arena, "model %s", model->name);
	struct model_answer answer = {0};
	struct model_spent spent = {0};
	struct err e = ERR_INIT;

	if (models_ask(http, model, 1, &request, d->arena, &answer, &spent, &e))
		doctor_say(d, name, FINDING_OK, NULL, "answers within %u ms", answer.wall_ms);
	else if (e.kind == ERR_INPUT)
		/* So short an answer may be cut off: it was reached, and that is what was asked. */
		doctor_say(d, name, FINDING_OK, NULL, "is reached (%s)", e.text);
	else if (e.kind == ERR_LATER)
		doctor_say(d, name, FINDING_WARNING, "look at the network and at the provider's state; "
			   "templates work without it", "%s", e.text);
	else
		doctor_say(d, name, FINDING_BAD, mend_key, "%s", e.text);
}

static void models(struct doctor *d)
{
	struct model *list;
	const char *left_out = NULL;
	struct err e = ERR_INIT;
	HTTP *http = NULL;
	size_t count;

	if (!models_read(d->config, d->arena, &list, &count, &left_out, &e)) {
		doctor_say(d, "models", FINDING_BAD, "set the key's variable or file", "%s", e.text);
		return;
	}
	if (left_out)
		doctor_say(d, "models", FINDING_WARNING, "name another one",
			   "this release does not speak with %s", left_out);
	if (!count && !left_out)
		doctor_say(d, "models", FINDING_OK, NULL, "none is configured: templates and tools alone");
	http = http_open(NULL, &e);
	if (!http) {
		doctor_say(d, "models", FINDING_UNKNOWN, NULL, "%s", e.text);
		return;
	}
	for (size_t i = 0; i < count; i++)
		ask_model(d, http, &list[i]);
}

static void prometheus(struct doctor *d)
{
	struct prometheus prometheus;
	struct prometheus_answer answer;
	struct err e = ERR_INIT;
	HTTP *http = http_open(NULL, &e);

	if (!http || !settings_prometheus(d->config, http, d->arena, &prometheus, &e)) {
		if (e.kind != ERR_NONE)
			doctor_say(d, "prometheus", FINDING_BAD, "set the token's variable or file", "%s",
				   e.text);
		return;
	}
	if (prometheus_at(&prometheus, "vector(1)", 0, d->arena, &answer, &e))
		doctor_say(d, "prometheus", FINDING_OK, NULL, "answers queries");
	else
		doctor_say(d, "prometheus", FINDING_BAD, "look at prometheus.url, token and private", "%s",
			   e.text);
}

doctor_check *const doctor_service_checks[] = { models, prometheus, NULL };

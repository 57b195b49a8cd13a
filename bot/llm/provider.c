/*
 * The list of models: read from the settings, asked in order until one answers. Leaves out choosing
 * by the class of the case and a budget by the day.
 */
#include "bot/llm/provider.h"

#include "bot/base/redact.h"

static const struct provider *const providers[] = { &provider_openai };

bool model_url_is_local(const char *url)
{
	struct str rest = str_of(url), host, after;

	if (!str_skip(&rest, "http://") && !str_skip(&rest, "https://"))
		return false;
	host = rest;
	(void)str_split(rest, "/", &host, &after);
	/* A user part could hide another host; the settings refuse one, this does too. */
	if (str_char(host, '@') >= 0)
		return false;
	if (str_starts(host, "["))
		return str_is(host, "[::1]") || str_starts(host, "[::1]:");
	(void)str_split(host, ":", &host, &after);
	if (str_equal_nocase(host, STR("localhost")))
		return true;
	if (!str_skip(&host, "127."))
		return false;
	for (size_t i = 0; i < host.size; i++)
		if ((host.at[i] < '0' || host.at[i] > '9') && host.at[i] != '.')
			return false;
	return host.size > 0;
}

static const struct provider *provider_named(const char *name)
{
	for (size_t i = 0; i < sizeof(providers) / sizeof(*providers); i++)
		if (!strcmp(providers[i]->name, name))
			return providers[i];
	return NULL;
}

static bool read_url(const struct config *config, const char *key, struct arena *a,
		     struct model *model, struct err *e)
{
	const char *given = config_text(config, key);
	struct str url = str_of(given ? given : model->provider->base_url);

	while (str_chop(&url, "/"))
		;
	model->base_url = str_text(a, url);
	model->own_url = given != NULL;
	if (str_starts(url, "http://") && !model_url_is_local(model->base_url))
		return config_fail(config, key, e, "the key and the source would go over the network "
				   "unprotected: use https://");
	return true;
}

static bool read_key(const struct config *config, const char *key, struct arena *a,
		     struct model *model, struct err *e)
{
	struct err why = ERR_INIT;

	if (!config_secret(config, key, a, &model->key, e))
		return false;
	for (size_t i = 0; i < model->key.size; i++)
		if (model->key.at[i] <= ' ' || model->key.at[i] > '~')
			return config_fail(config, key, e, "a key has no blanks and no line ends");
	if (model->key.size && !redact_know(model->key, &why))
		return config_fail(config, key, e, "%s", why.text);
	return true;
}

bool models_read(const struct config *config, struct arena *a, struct model **models,
		 size_t *count, const char **left_out, struct err *e)
{
	size_t entries = config_count(config, "models"), n = 0;
	struct model *list = arena_array(a, struct model, entries);
	const char *missing = NULL;

	for (size_t i = 0; i < entries && n < MODELS_MOST; i++) {
		struct model model = {0};
		const char *name = config_text(config, arena_printf(a, "models[%zu].provider", i));
		const char *class = config_text(config, arena_printf(a, "models[%zu].class", i));

		model.provider = provider_named(name);
		if (!model.provider) {
			missing = name;
			continue;
		}
		model.name = config_text(config, arena_printf(a, "models[%zu].model", i));
		model.large = !strcmp(class, "large");
		model.input_price = config_real(config, arena_printf(a, "models[%zu].input_price", i));
		model.output_price = config_real(config, arena_printf(a, "models[%zu].output_price", i));
		if (!read_url(config, arena_printf(a, "models[%zu].base_url", i), a, &model, e) ||
		    !read_key(config, arena_printf(a, "models[%zu].api_key", i), a, &model, e))
			return false;
		list[n++] = model;
	}
	*models = list;
	*count = n;
	*left_out = missing;
	return true;
}

bool models_ask(struct http *http, const struct model *models, size_t count,
		const struct model_request *request, struct arena *a, struct model_answer *answer,
		struct model_spent *spent, struct err *e)
{
	struct text tried = TEXT(a);
	struct err why = { ERR_CONFIG, "no model is configured" };

	for (size_t i = 0; i < count; i++) {
		if (models[i].provider->ask(http, &models[i], request, a, answer, spent, &why))
			return true;
		text_addf(&tried, "%s%s: %s", i ? "; " : "", models[i].name, why.text);
	}
	return fail(e, why.kind, "%s", count ? text_cstr(&tried) : why.text);
}

/*
 * From settings to what watching needs. Checks nothing: the table of options did.
 */
#include "bot/watch/settings.h"

bool settings_prometheus(const struct config *daemon, struct http *http, struct arena *a,
			 struct prometheus *prometheus, struct err *e)
{
	const char *url = config_text(daemon, "prometheus.url");
	struct str token;

	if (!url)
		return false;
	if (!config_secret(daemon, "prometheus.token", a, &token, e))
		return false;
	*prometheus = (struct prometheus){
		.http = http, .url = url, .token = token.size ? str_text(a, token) : NULL,
		.timeout_ms = (unsigned)config_integer(daemon, "prometheus.timeout_s") * 1000,
	};
	if (str_starts(str_of(url), "http://"))
		prometheus->allow |= HTTP_PLAIN;
	if (config_boolean(daemon, "prometheus.private"))
		prometheus->allow |= HTTP_PRIVATE;
	return true;
}

double settings_window_s(const struct config *repository)
{
	return (double)config_integer(repository, "deploy.window_s");
}

bool settings_window(const struct config *repository, double rollout_at, double deployed_at,
		     struct prometheus_window *window)
{
	struct prometheus_window made = { .deployed_at = deployed_at };
	bool any = false;

	made.rollout_at = rollout_at < deployed_at ? rollout_at : deployed_at;
	made.start = made.rollout_at - (double)config_integer(repository, "deploy.baseline_s");
	made.end = deployed_at + settings_window_s(repository);
	made.step = (double)config_integer(repository, "deploy.step_s");
	for (int i = 0; i < METRIC_COUNT; i++) {
		ARENA a = {0};

		made.queries[i] = config_text(repository, arena_printf(&a, "deploy.metrics.%s",
								       metric_names[i]));
		any |= made.queries[i] != NULL;
	}
	*window = made;
	return any;
}

void settings_checks(const struct config *repository, const struct config *daemon, struct arena *a,
		     struct watched **checks, size_t *count)
{
	unsigned allow = config_boolean(daemon, "watch.private") ? HTTP_PLAIN | HTTP_PRIVATE : 0;

	*count = config_count(repository, "health");
	*checks = arena_array(a, struct watched, *count);
	for (size_t i = 0; i < *count; i++) {
		const char *key = arena_printf(a, "health[%zu]", i);
		struct watched *one = &(*checks)[i];

		one->every_s = (unsigned)config_integer(repository, arena_printf(a, "%s.every_s", key));
		one->check.url = config_text(repository, arena_printf(a, "%s.url", key));
		one->check.status =
			(unsigned)config_integer(repository, arena_printf(a, "%s.status", key));
		one->check.contains = config_text(repository, arena_printf(a, "%s.contains", key));
		one->check.timeout_ms = 1000 *
			(unsigned)config_integer(repository, arena_printf(a, "%s.timeout_s", key));
		one->check.allow = allow;
	}
}

/*
 * What the settings say of watching, as the parts of this folder want it.
 */
#ifndef BOT_WATCH_SETTINGS_H
#define BOT_WATCH_SETTINGS_H

#include "bot/base/config.h"
#include "bot/watch/health.h"
#include "bot/watch/prometheus.h"

/*
 * Of the daemon's file. False and no error (ERR_NONE) when it names no Prometheus; ERR_CONFIG when
 * the token's variable or file is missing. Plain http is allowed when the URL says so: it is the
 * operator's own.
 */
bool settings_prometheus(const struct config *daemon, struct http *http, struct arena *a,
			 struct prometheus *prometheus, struct err *e);

/*
 * Of .github/aegis.yml: queries, and start, end and step for a deployment at that time (seconds
 * since 1970). rollout_at: when it began, at most deployed_at. True when there is any query.
 */
bool settings_window(const struct config *repository, double rollout_at, double deployed_at,
		     struct prometheus_window *window);
double settings_window_s(const struct config *repository);

struct watched {
	struct health_check check;
	unsigned every_s;
};

/* The health checks of a repository. The daemon says whether private addresses may be asked. */
void settings_checks(const struct config *repository, const struct config *daemon, struct arena *a,
		     struct watched **checks, size_t *count);

#endif

/*
 * Asks Prometheus (its HTTP API, version 1) and makes samples for the judge out of the answers.
 *
 *	struct prometheus p = { .http = http, .url = "http://127.0.0.1:9090", .allow = HTTP_PLAIN | HTTP_PRIVATE };
 *	if (!prometheus_samples(&p, &window, &arena, &samples, e))
 *		return false;
 *
 * Also spoken by Thanos, Mimir and VictoriaMetrics.
 */
#ifndef BOT_WATCH_PROMETHEUS_H
#define BOT_WATCH_PROMETHEUS_H

#include "bot/base/http.h"
#include "bot/watch/sample.h"

struct prometheus {
	struct http *http;
	const char *url;	/* without /api/v1 */
	const char *token;	/* sent as a bearer; NULL: none */
	unsigned allow;		/* enum http_allow */
	unsigned timeout_ms;	/* of a query; 0: 10 s */
};

/* One line of points. A value may be NaN or infinite; times go up. */
struct prometheus_series {
	const double *times, *values;
	size_t count;
};

struct prometheus_answer {
	const struct prometheus_series *series;
	size_t count;
	const char *const *warnings;	/* not empty: the data may be partial */
	size_t warning_count;
};

/*
 * Reads the body of an answer: a matrix, a vector or a scalar (a string has no series). ERR_INPUT
 * when it is none; for "status":"error" the text of the server, as ERR_LATER when a later try may
 * help (timeout, canceled, unavailable, internal, too_many_requests), else as ERR_INPUT.
 */
bool prometheus_parse(struct str body, struct arena *a, struct prometheus_answer *answer,
		      struct err *e);

/*
 * Evaluates the query at every step from start to end (seconds since 1970, both ends belong), or
 * once. ERR_LATER: no answer, or one to be tried again. ERR_INPUT: the query is wrong, or what
 * answers is no Prometheus. ERR_DENIED: not allowed to ask, or to reach it.
 */
bool prometheus_range(const struct prometheus *prometheus, const char *query, double start,
		      double end, double step, struct arena *a, struct prometheus_answer *answer,
		      struct err *e);
bool prometheus_at(const struct prometheus *prometheus, const char *query, double at,
		   struct arena *a, struct prometheus_answer *answer, struct err *e);

/* What to ask for, and when. Times are seconds since 1970. */
struct prometheus_window {
	const char *queries[METRIC_COUNT];	/* NULL: not measured; "$step" becomes "10s" */
	double start, end;
	double rollout_at;	/* the baseline ends here: versions are mixed from now on */
	double deployed_at;	/* samples after begin here; t counts from here */
	double step;
};

struct prometheus_samples {
	const struct sample *samples;
	size_t count;
	const char *const *notes;	/* what is missing, and warnings, for people */
	size_t note_count;
};

/*
 * A sample for each multiple of step from start to end, without those of the rollout. A query that
 * Prometheus refuses, or that has more than one line as its answer, is noted and its metric is
 * missing. When Prometheus cannot be reached, it fails with ERR_LATER: the samples of that time are
 * then unreachable, and nothing is said of the deployment.
 */
bool prometheus_samples(const struct prometheus *prometheus, const struct prometheus_window *window,
			struct arena *a, struct prometheus_samples *samples, struct err *e);

#endif

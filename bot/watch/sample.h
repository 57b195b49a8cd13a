/*
 * One look at a deployment: what its metrics were in the interval that ends at t. A metric that
 * was not measured is NaN.
 */
#ifndef BOT_WATCH_SAMPLE_H
#define BOT_WATCH_SAMPLE_H

#include "bot/base/err.h"
#include "bot/base/str.h"

enum metric {
	METRIC_ERROR_RATE,	/* failed requests of all, 0 to 1 */
	METRIC_LATENCY_P95,	/* in any unit, always the same */
	METRIC_LATENCY_P99,
	METRIC_CPU,		/* in any unit */
	METRIC_MEMORY,		/* in any unit */
	METRIC_RPS,		/* requests a second */
	METRIC_REQUESTS,	/* requests in the interval */
	METRIC_ERRORS,		/* failed requests in the interval */
	METRIC_UP,		/* 1, 0 or the share of instances that answer */
	METRIC_COUNT,
};

/* As in the samples and in settings: "error_rate". */
extern const char *const metric_names[METRIC_COUNT];

struct sample {
	double t;		/* seconds from any start */
	bool post;		/* after the deployment */
	bool unreachable;	/* the source said nothing; not that the deployment is sick */
	double values[METRIC_COUNT];
};

/* A sample of which nothing is known but its time. */
struct sample sample_empty(double t, bool post);

/*
 * Reads {"t":seconds,"phase":"baseline"|"post","error_rate":...}. "up":null makes it unreachable.
 * Values that cannot be (negative, a rate above 1, more errors than requests) become NaN: the
 * source was wrong, and a wrong number is none. Other names are ignored. ERR_INPUT: no JSON object,
 * no t or phase, a metric that is neither a number nor null.
 */
bool sample_parse(struct str line, struct sample *sample, struct err *e);

/* Replaces what cannot be by NaN. */
void sample_clean(struct sample *sample);

/* Is any metric known, or is it known to be down? */
bool sample_has_data(const struct sample *sample);

#endif

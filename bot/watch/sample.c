/*
 * Reads a line of samples, and throws out what cannot be. Says nothing about what is usual.
 */
#include "bot/watch/sample.h"

#include "bot/base/json.h"

#include <math.h>

enum { LINE_BYTES_MOST = 64 * 1024 };

/* Beyond these no real measurement lies; they keep logarithms and sums finite. */
static const double VALUE_MOST = 1e15, TIME_MOST = 1e12;

const char *const metric_names[METRIC_COUNT] = {
	[METRIC_ERROR_RATE] = "error_rate", [METRIC_LATENCY_P95] = "latency_p95",
	[METRIC_LATENCY_P99] = "latency_p99", [METRIC_CPU] = "cpu", [METRIC_MEMORY] = "memory",
	[METRIC_RPS] = "rps", [METRIC_REQUESTS] = "requests", [METRIC_ERRORS] = "errors",
	[METRIC_UP] = "up",
};

struct sample sample_empty(double t, bool post)
{
	struct sample sample = { .t = t, .post = post };

	for (int i = 0; i < METRIC_COUNT; i++)
		sample.values[i] = NAN;
	return sample;
}

void sample_clean(struct sample *sample)
{
	double *v = sample->values;

	for (int i = 0; i < METRIC_COUNT; i++)
		if (!(v[i] >= 0 && v[i] <= VALUE_MOST))
			v[i] = NAN;
	if (v[METRIC_ERROR_RATE] > 1)
		v[METRIC_ERROR_RATE] = NAN;
	if (v[METRIC_UP] > 1)
		v[METRIC_UP] = NAN;
	if (v[METRIC_ERRORS] > v[METRIC_REQUESTS])
		v[METRIC_ERRORS] = v[METRIC_REQUESTS] = NAN;
}

bool sample_has_data(const struct sample *sample)
{
	for (int i = 0; i < METRIC_COUNT && !sample->unreachable; i++)
		if (!isnan(sample->values[i]) && (i != METRIC_UP || sample->values[i] < 0.5))
			return true;
	return false;
}

static bool read_values(const json_t *json, struct sample *sample, struct err *e)
{
	for (int i = 0; i < METRIC_COUNT; i++) {
		const json_t *value = json_object_get(json, metric_names[i]);

		if (!value || json_is_null(value))
			continue;
		if (i == METRIC_UP && json_is_boolean(value))
			sample->values[i] = json_is_true(value);
		else if (!json_get_real(json, metric_names[i], &sample->values[i], e))
			return false;
	}
	return true;
}

bool sample_parse(struct str line, struct sample *sample, struct err *e)
{
	JSON *json = NULL;
	struct str phase;
	double t;

	if (!json_parse(line, LINE_BYTES_MOST, &json, e))
		return false;
	if (!json_is_object(json))
		return fail(e, ERR_INPUT, "a sample must be an object");
	if (!json_get_real(json, "t", &t, e) || !json_get_text(json, "phase", &phase, e))
		return false;
	if (!str_is(phase, "baseline") && !str_is(phase, "post"))
		return fail(e, ERR_INPUT, "phase must be \"baseline\" or \"post\", not \"%.*s\"",
			    STR_ARG(str_slice(phase, 0, 40)));
	if (!(fabs(t) <= TIME_MOST))
		return fail(e, ERR_INPUT, "t must be seconds from -1e12 to 1e12");

	struct sample made = sample_empty(t, str_is(phase, "post"));

	if (!read_values(json, &made, e))
		return false;
	made.unreachable = json_is_null(json_object_get(json, "up"));
	sample_clean(&made);
	*sample = made;
	return true;
}

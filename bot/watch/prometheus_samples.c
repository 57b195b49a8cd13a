/*
 * From queries to samples: asks for each metric over the window and lays the points side by side.
 * A point that is not there (a stale series, no requests) is missing; nothing is filled in.
 */
#include "bot/watch/prometheus.h"

#include <math.h>

struct gathering {
	const struct prometheus_window *window;
	struct arena *arena;
	double first;			/* the first multiple of step */
	size_t steps;
	struct sample *samples;
	bool (*laid)[METRIC_COUNT];	/* which of their values are points */
	const char **notes;
	size_t note_count;
	bool answered[METRIC_COUNT];	/* its query has a line */
};

/* A number that would be an empty share of nothing is NaN, and stays missing. */
static void lay(struct gathering *g, enum metric metric, const struct prometheus_series *series)
{
	for (size_t i = 0; i < series->count; i++) {
		double place = round((series->times[i] - g->first) / g->window->step);

		if (place < 0 || place >= (double)g->steps)
			continue;
		if (fabs(series->times[i] - g->first - place * g->window->step) > 0.01)
			continue;
		g->samples[(size_t)place].values[metric] = series->values[i];
		g->laid[(size_t)place][metric] = true;
	}
}

static void note(struct gathering *g, const char *text)
{
	arena_push(g->arena, g->notes, g->note_count) = text;
}

static const char *with_step(struct gathering *g, const char *query)
{
	struct str rest = str_of(query), before;
	struct text out = TEXT(g->arena);

	while (str_split(rest, "$step", &before, &rest)) {
		text_add(&out, before);
		text_addf(&out, "%.0fs", ceil(g->window->step));
	}
	text_add(&out, rest);
	return text_cstr(&out);
}

static bool gather(struct gathering *g, const struct prometheus *prometheus, enum metric metric,
		   struct err *e)
{
	struct prometheus_answer answer;
	struct err why = ERR_INIT;
	double last = g->first + g->window->step * (double)(g->steps - 1);
	const char *query = with_step(g, g->window->queries[metric]);

	if (!prometheus_range(prometheus, query, g->first, last, g->window->step, g->arena, &answer,
			      &why)) {
		if (why.kind != ERR_INPUT)
			return fail(e, why.kind, "%s: %s", metric_names[metric], why.text);
		note(g, arena_printf(g->arena, "%s: %s", metric_names[metric], why.text));
		return true;
	}
	for (size_t i = 0; i < answer.warning_count; i++)
		note(g, arena_printf(g->arena, "%s: %s", metric_names[metric], answer.warnings[i]));
	if (!answer.count)
		note(g, arena_printf(g->arena, "%s: its query has no answer", metric_names[metric]));
	else if (answer.count > 1)
		note(g, arena_printf(g->arena, "%s: its query gives %zu lines; make one of them, as by "
				     "sum()", metric_names[metric], answer.count));
	else
		lay(g, metric, answer.series);
	g->answered[metric] = answer.count == 1;
	return true;
}

/*
 * A counter of failures has no series before the first failure, so where there were requests and no
 * point there was no failure. NaN instead of a point is an answer and stays missing.
 */
static void count_none(const struct gathering *g, double *values, const bool *laid)
{
	bool traffic = values[METRIC_REQUESTS] > 0 || values[METRIC_RPS] > 0;

	for (int m = 0; m < METRIC_COUNT; m++)
		if ((m == METRIC_ERRORS || m == METRIC_ERROR_RATE) && g->answered[m] && !laid[m] &&
		    traffic)
			values[m] = 0;
}

/* Leaves out the rollout and says for each of the others on which side it is. */
static size_t sort_out(struct gathering *g)
{
	const struct prometheus_window *window = g->window;
	size_t kept = 0;

	for (size_t i = 0; i < g->steps; i++) {
		struct sample sample = g->samples[i];

		if (sample.t > window->rollout_at && sample.t < window->deployed_at)
			continue;
		sample.post = sample.t >= window->deployed_at;
		sample.t -= window->deployed_at;
		count_none(g, sample.values, g->laid[i]);
		sample_clean(&sample);
		g->samples[kept++] = sample;
	}
	return kept;
}

bool prometheus_samples(const struct prometheus *prometheus, const struct prometheus_window *window,
			struct arena *a, struct prometheus_samples *samples, struct err *e)
{
	struct gathering g = { .window = window, .arena = a };
	double last;

	if (!isfinite(window->start) || !isfinite(window->end) || !(window->step >= 1) ||
	    window->step > 86400 || window->end < window->start ||
	    (window->end - window->start) / window->step > 10000)
		return fail(e, ERR_INPUT, "a window from %.0f to %.0f by %.3f s", window->start,
			    window->end, window->step);
	/* The same multiples whenever it is asked, so that a second look sees the same points. */
	g.first = ceil(window->start / window->step) * window->step;
	last = floor(window->end / window->step) * window->step;
	g.steps = last < g.first ? 0 : (size_t)round((last - g.first) / window->step) + 1;
	g.samples = arena_array(a, struct sample, g.steps + 1);
	g.laid = arena_alloc_array(a, sizeof(*g.laid), g.steps + 1);
	for (size_t i = 0; i < g.steps; i++)
		g.samples[i] = sample_empty(g.first + window->step * (double)i, false);
	for (int m = 0; m < METRIC_COUNT && g.steps; m++)
		if (window->queries[m] && !gather(&g, prometheus, (enum metric)m, e))
			return false;
	*samples = (struct prometheus_samples){ g.samples, sort_out(&g), g.notes, g.note_count };
	return true;
}

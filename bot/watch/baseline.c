/*
 * Learns the usual from the samples before a deployment: medians and medians of deviations, so that
 * spikes move nothing; a line where the samples were clearly going somewhere. Judges nothing.
 */
#include "bot/watch/baseline.h"

#include "bot/watch/robust.h"

#include <math.h>

enum { SAMPLES_LEAST = 6, TREND_LEAST = 12 };

/* A level may go on as it went, but not for ever. */
static const double DRIFT_MOST = 0.7, TAU_CLEAR = 0.35;
/* Deviations below these are of a short or coarse baseline; no service is that even. */
static const double deviation_least[SIGNAL_COUNT] = {
	[SIGNAL_P95] = 0.04, [SIGNAL_P99] = 0.06, [SIGNAL_CPU] = 0.05, [SIGNAL_CPU_EACH] = 0.05,
	[SIGNAL_MEMORY] = 0.02, [SIGNAL_LOAD] = 0.05,
};

static double clamp(double x, double least, double most)
{
	return x < least ? least : x > most ? most : x;
}

struct traffic baseline_traffic(const struct baseline *baseline, const struct sample *sample)
{
	const double *v = sample->values;
	struct traffic traffic = { 0 };

	traffic.counted = true;
	if (!isnan(v[METRIC_REQUESTS]))
		traffic.requests = v[METRIC_REQUESTS];
	else if (!isnan(v[METRIC_RPS]))
		traffic.requests = v[METRIC_RPS] * baseline->interval_s;
	else
		traffic.counted = false;
	if (!traffic.counted)
		traffic.requests = baseline->requests > 0 ? baseline->requests :
				   baseline->requests_guess;
	if (!isnan(v[METRIC_ERRORS]) && !isnan(v[METRIC_REQUESTS])) {
		traffic.errors = v[METRIC_ERRORS];
		traffic.known = true;
	} else if (!isnan(v[METRIC_ERROR_RATE])) {
		traffic.errors = v[METRIC_ERROR_RATE] * traffic.requests;
		traffic.known = true;
	}
	return traffic;
}

double baseline_signal(const struct baseline *baseline, const struct sample *sample,
		       enum signal signal)
{
	static const enum metric metric_of[SIGNAL_COUNT] = {
		[SIGNAL_P95] = METRIC_LATENCY_P95, [SIGNAL_P99] = METRIC_LATENCY_P99,
		[SIGNAL_CPU] = METRIC_CPU, [SIGNAL_CPU_EACH] = METRIC_CPU,
		[SIGNAL_MEMORY] = METRIC_MEMORY, [SIGNAL_LOAD] = METRIC_RPS,
	};
	double value = sample->values[metric_of[signal]];
	struct traffic traffic = baseline_traffic(baseline, sample);

	if (signal == SIGNAL_LOAD)
		return traffic.counted ? log(traffic.requests + 0.5) : NAN;
	if (!(value > 0))
		return NAN;
	if (signal != SIGNAL_CPU_EACH)
		return log(value);
	return traffic.counted ? log(value / (traffic.requests + 1)) : NAN;
}

double baseline_expect(const struct usual *usual, double t)
{
	double drift = clamp(usual->slope * (t - usual->end), -DRIFT_MOST, DRIFT_MOST);

	return usual->level + usual->slope * (usual->end - usual->middle) + drift;
}

double baseline_expect_rate(const struct baseline *baseline, double t)
{
	double more = baseline->rate_slope * (t - baseline->rate_end);

	return baseline->rate + clamp(more, 0, 1.5 * baseline->rate);
}

double baseline_burst(double rate, double usual_rate)
{
	return clamp((rate - 1.25 * usual_rate - 0.01) / 0.07, -0.12, 1);
}

/* How alike neighbours are: correlation at one step, of values without their line. */
static double likeness(const double *x, size_t count, double middle)
{
	double together = 0, all = 0;

	for (size_t i = 0; i < count; i++) {
		all += (x[i] - middle) * (x[i] - middle);
		if (i)
			together += (x[i] - middle) * (x[i - 1] - middle);
	}
	if (!(all > 0))
		return 0;
	/* A short series shows less of it than there is (Kendall's correction). */
	return clamp(together / all + (1 + 4 * fmax(0, together / all)) / (double)count, 0, 0.7);
}

struct scratch {
	double *t, *x, *y, *z;
};

/*
 * The slope, when it is beyond chance and leads to where a sick deployment would: only then does it
 * excuse anything. Values that hang on to each other make slopes by themselves.
 */
static double slope_of(enum signal signal, struct trend trend, struct scratch s, size_t n)
{
	double count = (double)n, chance = sqrt(2 * (2 * count + 5) / (9 * count * (count - 1)));
	double rho;

	if (signal == SIGNAL_LOAD ? trend.slope >= 0 : trend.slope <= 0)
		return 0;
	for (size_t i = 0; i < n; i++)
		s.y[i] = s.x[i] - trend.slope * (s.t[i] - s.t[0]);
	memcpy(s.z, s.y, n * sizeof(*s.z));
	rho = likeness(s.y, n, robust_median(s.z, n));
	if (fabs(trend.tau) < fmax(TAU_CLEAR, 3 * chance * sqrt((1 + rho) / (1 - rho))))
		return 0;
	return trend.slope;
}

static void learn_signal(struct baseline *baseline, enum signal signal,
			 const struct sample *samples, size_t count, struct scratch s)
{
	struct usual *usual = &baseline->usual[signal];
	double least = deviation_least[signal], rho, tail, late;
	struct trend trend = { 0, 0 };
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		double x = baseline_signal(baseline, &samples[i], signal);

		if (isnan(x))
			continue;
		s.t[n] = samples[i].t;
		s.x[n++] = x;
	}
	usual->count = n;
	usual->on = n >= SAMPLES_LEAST;
	if (!usual->on)
		return;
	usual->end = s.t[n - 1];
	usual->span = s.t[n - 1] - s.t[0];
	usual->middle = (s.t[n - 1] + s.t[0]) / 2;
	if (n >= TREND_LEAST)
		trend = robust_trend(s.t, s.x, n);
	usual->slope = slope_of(signal, trend, s, n);
	for (size_t i = 0; i < n; i++)
		s.x[i] -= usual->slope * (s.t[i] - usual->middle);
	memcpy(s.y, s.x, n * sizeof(*s.y));
	/* Where it was last may be where it was going, if not clearly. */
	late = robust_median(s.y + n * 2 / 3, n - n * 2 / 3);
	memcpy(s.y, s.x, n * sizeof(*s.y));
	usual->level = robust_median(s.y, n);
	rho = likeness(s.x, n, usual->level);
	/* Two levels, or a spike now and then, are usual too, and medians do not see them. */
	tail = signal == SIGNAL_LOAD ? usual->level - robust_quantile(s.y, n, 0.1)
				     : robust_quantile(s.y, n, 0.9) - usual->level;
	/* Memory that goes up and down by itself may be anywhere in between. */
	if (signal == SIGNAL_MEMORY)
		usual->level = robust_quantile(s.y, n, 0.9);
	usual->deviation = hypot(fmax(robust_deviation(s.y, n), tail / 1.28), least);
	if (signal == SIGNAL_LOAD ? late < usual->level : late > usual->level)
		usual->level = late;
	usual->inflation = (1 + rho) / (1 - rho);
}

static void learn_rate_trend(struct baseline *baseline, const struct sample *samples, size_t count,
			     struct scratch s)
{
	struct trend trend;
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		struct traffic traffic = baseline_traffic(baseline, &samples[i]);

		if (!traffic.known || traffic.requests < 1)
			continue;
		s.t[n] = samples[i].t;
		s.x[n++] = traffic.errors / traffic.requests;
	}
	if (n < TREND_LEAST)
		return;
	trend = robust_trend(s.t, s.x, n);
	if (trend.tau < TAU_CLEAR || trend.slope * (s.t[n - 1] - s.t[0]) < 0.005)
		return;
	baseline->rate_slope = trend.slope;
	baseline->rate_end = s.t[n - 1];
	baseline->rate = fmax(baseline->rate, robust_quantile(s.x + n * 2 / 3, n - n * 2 / 3, 0.7));
	baseline->troubled = true;
}

/* Pearson's statistic per sample: 1 when errors fall like dice. The wildest tenth is left out. */
static double learn_scatter(const struct baseline *baseline, const struct sample *samples,
			    size_t count, struct scratch s)
{
	double p = clamp(baseline->rate, 1e-9, 0.99), sum = 0;
	size_t n = 0, kept;

	for (size_t i = 0; i < count; i++) {
		struct traffic t = baseline_traffic(baseline, &samples[i]);

		if (t.known && t.requests >= 1)
			s.x[n++] = (t.errors - t.requests * p) * (t.errors - t.requests * p) /
				   (t.requests * p * (1 - p));
	}
	if (!n)
		return 1;
	(void)robust_median(s.x, n);
	kept = n - n / 10;
	for (size_t i = 0; i < kept; i++)
		sum += s.x[i];
	return clamp(1.25 * sum / (double)kept, 1, 60);
}

struct sums {
	double errors, requests;
	size_t count;
};

static struct sums sum_of(const struct baseline *baseline, const struct sample *samples,
			  size_t from, size_t to)
{
	struct sums sums = { 0, 0, 0 };

	for (size_t i = from; i < to; i++) {
		struct traffic t = baseline_traffic(baseline, &samples[i]);

		if (!t.known)
			continue;
		sums.errors += t.errors;
		sums.requests += t.requests;
		sums.count++;
	}
	return sums;
}

static double rate_of(struct sums sums)
{
	return (sums.errors + 0.5) / (sums.requests + 1);
}

/* From where on a rate is sick: at least 1.5 points above what may be healthy, at most 10. */
static void set_rates(struct baseline *baseline, double requests)
{
	double p = baseline->rate;

	baseline->rate_first = fmin(0.9, 1.25 * p + sqrt(p * (1 - p) / (requests + 1)) + 0.002);
	baseline->rate_last = fmin(0.97, baseline->rate_first +
				   clamp(baseline->rate_first, 0.015, 0.1));
}

static void learn_errors(struct baseline *baseline, const struct sample *samples, size_t count,
			 struct scratch s)
{
	struct sums early = sum_of(baseline, samples, 0, count * 2 / 3);
	struct sums late = sum_of(baseline, samples, count * 2 / 3, count);
	struct sums all = sum_of(baseline, samples, 0, count);
	double p = rate_of(all), burst = 0;

	baseline->errors_on = all.count >= SAMPLES_LEAST && all.requests >= 1;
	if (!baseline->errors_on)
		return;
	baseline->rate = p;
	if (late.requests >= 1 && early.requests >= 1 &&
	    fabs(rate_of(late) - rate_of(early)) >
		    fmax(4 * sqrt(p * (1 - p) * (1 / early.requests + 1 / late.requests)), 0.01)) {
		baseline->troubled = true;
		baseline->rate = rate_of(late);
	}
	learn_rate_trend(baseline, samples, count, s);
	baseline->troubled |= baseline->rate > 0.04 && all.requests > 200;
	baseline->scatter = learn_scatter(baseline, samples, count, s);
	set_rates(baseline, all.requests);
	for (size_t i = 0; i < count; i++) {
		struct traffic t = baseline_traffic(baseline, &samples[i]);

		if (t.known && t.requests >= 1)
			burst += fmax(0, baseline_burst(t.errors / t.requests, baseline->rate));
	}
	baseline->burst = burst / (double)all.count;
}

static void learn_times(struct baseline *baseline, const struct sample *samples, size_t count,
			struct scratch s)
{
	size_t n = 0, seen = 0, down = 0;

	for (size_t i = 1; i < count; i++)
		s.x[n++] = samples[i].t - samples[i - 1].t;
	if (n)
		baseline->interval_s = clamp(robust_median(s.x, n), 0.1, 3600);
	for (size_t i = 0; i < count; i++) {
		seen += isnan(samples[i].values[METRIC_UP]) ? 0 : 1;
		down += samples[i].values[METRIC_UP] < 0.5;
	}
	baseline->down = seen ? (double)down / (double)seen : 0;
}

/* A rate without traffic: its own variation says how many requests it may be of. */
static void learn_guess(struct baseline *baseline, const struct sample *samples, size_t count)
{
	double sum = 0, squares = 0, n = 0, mean, variance;

	for (size_t i = 0; i < count; i++) {
		double rate = samples[i].values[METRIC_ERROR_RATE];

		if (isnan(rate))
			continue;
		sum += rate;
		squares += rate * rate;
		n++;
	}
	mean = n > 0 ? sum / n : 0;
	variance = n > 0 ? squares / n - mean * mean : 0;
	baseline->requests_guess = variance > 1e-12 ? clamp(mean * (1 - mean) / variance, 10, 1000)
						    : 100;
}

void baseline_learn(struct baseline *baseline, const struct sample *samples, size_t count,
		    struct arena *a)
{
	struct scratch s = { arena_array(a, double, count + 1), arena_array(a, double, count + 1),
			     arena_array(a, double, count + 1), arena_array(a, double, count + 1) };
	size_t n = 0;

	*baseline = (struct baseline){ .interval_s = 10, .scatter = 1 };
	learn_times(baseline, samples, count, s);
	learn_guess(baseline, samples, count);
	for (size_t i = 0; i < count; i++) {
		struct traffic traffic = baseline_traffic(baseline, &samples[i]);

		if (traffic.counted)
			s.x[n++] = traffic.requests;
	}
	if (n >= SAMPLES_LEAST)
		baseline->requests = robust_median(s.x, n);
	learn_errors(baseline, samples, count, s);
	baseline->usable = baseline->errors_on;
	for (int i = 0; i < SIGNAL_COUNT; i++) {
		learn_signal(baseline, (enum signal)i, samples, count, s);
		baseline->usable |= baseline->usual[i].on;
	}
}

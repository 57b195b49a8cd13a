/*
 * Weighs samples and sums up. Decides nothing but held, decayed or unknown: what is done about it
 * is the deploy window's. The words are in judge_why.c.
 */
#include "bot/watch/judge.h"

#include "bot/watch/judge_parts.h"

#include <math.h>

/* In all: what one sample can say at most, and how fast it is forgiven. */
static const double WEIGHT_MOST = 1.7, FORGIVE_MOST = 0.6;
/* While a deployment starts, little is said against it. */
static const double START_S = 40, START_LATE_S = 20, START_SHARE = 0.66, FADES_SHARE = 0.15;
static const double ROLL_S = 120, ROLL_SHARE = 0.5, ROLL_FULL = 0.1;
/* Confidence: 0.95 where nothing speaks against it, 0.70 at the limit. */
static const double SURE = 0.95, DECAYS_BELOW = 0.70, HOLDS_FROM = 0.80, SEEN_LEAST = 0.4;
enum { CONFIRMATIONS = 2, VALID_LEAST = 3, BURSTS_LEAST = 3 };

const char *const verdict_names[] = {
	[VERDICT_WATCH] = "WATCH", [VERDICT_HELD] = "HELD", [VERDICT_DECAYED] = "DECAYED",
	[VERDICT_UNKNOWN] = "UNKNOWN",
};

/* Where a signal is healthy and where it is sick, as logarithms of factors. */
static const struct shift {
	double healthy, sick, importance;
} shifts[TRACK_COUNT] = {
	[SIGNAL_P95] = { 0.14, 0.47, 1 }, [SIGNAL_P99] = { 0.14, 0.47, 1 },
	[SIGNAL_CPU] = { 0.26, 0.60, 0.8 }, [SIGNAL_CPU_EACH] = { 0.26, 0.60, 0 },
	[SIGNAL_MEMORY] = { 0.14, 0.36, 0.8 }, [SIGNAL_LOAD] = { 0.30, 0.75, 0.8 },
	[TRACK_ERRORS] = { 0, 0, 1 }, [TRACK_BURSTS] = { 0, 0, 1.25 }, [TRACK_DOWN] = { 0, 0, 1 },
};

static double clamp(double x, double least, double most)
{
	return x < least ? least : x > most ? most : x;
}

/* What one sample can say: short intervals say less each, long ones not much more. */
static double weight_most(const struct judge *judge)
{
	double tens = judge->baseline.interval_s / 10;

	return WEIGHT_MOST * (tens < 1 ? tens : fmin(1.4, pow(tens, 0.3)));
}

/* A start may begin a little late: traffic comes when the instances are ready. */
static bool starts(const struct judge *judge, const struct track *track, double elapsed)
{
	double began = track->began - judge->start;

	return elapsed < START_S ||
	       (track->count && began <= START_LATE_S && elapsed - began < START_S);
}

static void add(struct judge *judge, struct track *track, double weight, double elapsed, bool fades)
{
	double most = weight_most(judge);
	double forgive = track == &judge->tracks[TRACK_ERRORS] ? 1 : FORGIVE_MOST;

	weight = clamp(weight, -forgive * most, most);
	if (weight > 0 && starts(judge, track, elapsed))
		weight *= START_SHARE;
	if (weight > 0 && fades)
		weight *= FADES_SHARE;
	track->sum = clamp(track->sum + weight, 0, 2 * judge->limit);
	judge->against |= weight > 0 && !fades && track->sum >= judge->limit / 2;
}

/* How far a signal is above its usual; for load, below. CPU is excused by more requests. */
static double excess_of(const struct judge *judge, const struct sample *sample, enum signal signal)
{
	const struct baseline *b = &judge->baseline;
	double x = baseline_signal(b, sample, signal), each;

	if (!b->usual[signal].on || isnan(x))
		return NAN;
	x -= baseline_expect(&b->usual[signal], sample->t);
	if (signal == SIGNAL_LOAD)
		return -x;
	if (signal == SIGNAL_CPU && b->usual[SIGNAL_CPU_EACH].on) {
		each = baseline_signal(b, sample, SIGNAL_CPU_EACH);
		each -= baseline_expect(&b->usual[SIGNAL_CPU_EACH], sample->t);
		if (baseline_traffic(b, sample).requests >= 0.7 * b->requests)
			return fmin(x, each);
	}
	return x;
}

/* The variance that an excess has by chance. */
static double variance_of(const struct judge *judge, const struct sample *sample,
			  enum signal signal)
{
	const struct baseline *b = &judge->baseline;
	const struct usual *usual = &b->usual[signal];
	struct traffic traffic = baseline_traffic(b, sample);
	double variance = usual->deviation * usual->deviation;
	double away = sample->t - usual->middle;

	/* A quantile of few requests jumps about more. */
	if (signal <= SIGNAL_P99 && traffic.counted && b->requests > 0)
		variance *= clamp(b->requests / fmax(traffic.requests, 0.5), 1, 20);
	if (usual->slope != 0 && usual->span > 0)
		variance *= 1 + 12 * away * away / (usual->span * usual->span * (double)usual->count);
	return variance * (1 + 1.57 / (double)usual->count) * usual->inflation;
}

static bool weigh_signal(struct judge *judge, const struct sample *sample, enum signal signal,
			 double elapsed)
{
	const struct shift *shift = &shifts[signal];
	struct track *track = &judge->tracks[signal];
	double excess = excess_of(judge, sample, signal), middle = (shift->healthy + shift->sick) / 2;
	double variance, x = excess;
	bool fades;

	if (isnan(excess))
		return false;
	variance = variance_of(judge, sample, signal);
	track_note(track, sample->t, excess, exp(excess) - exp(shift->healthy),
		   exp(excess) * sqrt(variance));
	fades = track_fades(track, elapsed, judge->window_s, exp(middle) - exp(shift->healthy));
	if (elapsed >= 90 && ((signal <= SIGNAL_P99 && excess > shift->healthy) ||
			      (signal == SIGNAL_MEMORY && excess > shift->healthy / 2)))
		x += track_climb(track);
	add(judge, track, (shift->sick - shift->healthy) / variance * (x - middle), elapsed, fades);
	return true;
}

/* Rates that were rising before may go on to rise: both hypotheses move along. */
static bool weigh_errors(struct judge *judge, const struct sample *sample, double elapsed)
{
	const struct baseline *b = &judge->baseline;
	struct traffic traffic = baseline_traffic(b, sample);
	double moved = b->errors_on ? baseline_expect_rate(b, sample->t) - b->rate : 0;
	double first = fmin(0.9, b->rate_first + 1.25 * moved);
	double last = fmin(0.97, b->rate_last + 1.25 * moved), rate, weight;
	struct track *track = &judge->tracks[TRACK_ERRORS];
	bool fades;

	if (!b->errors_on || !traffic.known)
		return false;
	if (traffic.requests <= 0)
		return true;
	rate = traffic.errors / traffic.requests;
	weight = (traffic.errors * log(last / first) +
		  (traffic.requests - traffic.errors) * log((1 - last) / (1 - first))) / b->scatter;
	/* While instances are replaced one after the other, each may lose a few requests. */
	if (elapsed < ROLL_S)
		weight = fmin(weight, weight_most(judge) *
				      clamp(ROLL_SHARE + (rate - first) / ROLL_FULL, 0, 1));
	track_note(track, sample->t, rate - b->rate - moved, rate - first,
		   sqrt(fmax(rate, first) * b->scatter / traffic.requests));
	fades = track_fades(track, elapsed, judge->window_s, (last - first) / 2);
	add(judge, track, weight, elapsed, fades);
	return true;
}

/*
 * Errors that come and go: each burst counts by its size, and good samples forgive little. Small
 * ones while instances are replaced one after the other are no burst.
 */
static void weigh_bursts(struct judge *judge, const struct sample *sample, double elapsed)
{
	const struct baseline *b = &judge->baseline;
	struct traffic traffic = baseline_traffic(b, sample);
	const struct track *errors = &judge->tracks[TRACK_ERRORS];
	double burst, most = weight_most(judge);
	bool fades;

	if (!b->errors_on || !traffic.known || traffic.requests < 1)
		return;
	burst = baseline_burst(traffic.errors / traffic.requests, baseline_expect_rate(b, sample->t));
	/* One failed request of three is no burst. */
	if (burst > 0)
		burst *= fmin(1, traffic.errors / 5);
	burst -= 1.5 * b->burst;
	judge->bursts += burst > 0.3 && !judge->in_burst;
	judge->in_burst = burst > 0.3;
	fades = track_fades(errors, elapsed, judge->window_s,
			    (b->rate_last - b->rate_first) / 2);
	add(judge, &judge->tracks[TRACK_BURSTS], burst * most, elapsed, fades);
}

static void weigh_down(struct judge *judge, const struct sample *sample, double elapsed)
{
	double up = sample->values[METRIC_UP], most = weight_most(judge);

	if (isnan(up) || judge->baseline.down > 0.2)
		return;
	if (up < 0.5)
		add(judge, &judge->tracks[TRACK_DOWN], most, elapsed, false);
	else
		add(judge, &judge->tracks[TRACK_DOWN], -0.2 * most, elapsed, false);
}

double judge_track_share(const struct judge *judge, int track)
{
	return judge->tracks[track].sum * shifts[track].importance;
}

double judge_sum(const struct judge *judge)
{
	double p95 = judge_track_share(judge, SIGNAL_P95), p99 = judge_track_share(judge, SIGNAL_P99);
	double cubes = pow(fmax(p95, p99), 3);

	for (int i = SIGNAL_CPU; i < TRACK_COUNT; i++) {
		double share = judge_track_share(judge, i);

		/* Bursts are errors seen another way: they do not count twice. */
		if (i == TRACK_ERRORS)
			share = fmax(share, judge_track_share(judge, TRACK_BURSTS));
		if (i != TRACK_BURSTS)
			cubes += pow(share, 3);
	}
	return cbrt(cubes);
}

static double logit(double p)
{
	return log(p / (1 - p));
}

/* Missing samples make it less sure, but alone never let it decay. */
static double confidence_of(const struct judge *judge)
{
	double slope = (logit(SURE) - logit(DECAYS_BELOW)) / judge->limit;
	double sure = 1 / (1 + exp(slope * judge_sum(judge) - logit(SURE)));
	double missing = 1 - (double)judge->valid / (double)judge->seen;

	if (sure <= DECAYS_BELOW)
		return sure;
	return fmax(sure - 0.2 * missing, fmin(sure, DECAYS_BELOW + 0.01));
}

static enum verdict verdict_of(const struct judge *judge, double elapsed, double confidence)
{
	double share = (double)judge->valid / (double)judge->seen;
	bool over = elapsed + judge->baseline.interval_s >= judge->window_s;

	if (judge->decayed)
		return VERDICT_DECAYED;
	if (!judge->baseline.usable || (!judge->valid && judge->seen >= VALID_LEAST) ||
	    (share < SEEN_LEAST && (over || elapsed >= 60)))
		return VERDICT_UNKNOWN;
	if (over && judge->below == 0 &&
	    (confidence >= HOLDS_FROM || elapsed >= 2 * judge->window_s))
		return VERDICT_HELD;
	return VERDICT_WATCH;
}

static bool weigh(struct judge *judge, const struct sample *sample, double elapsed)
{
	bool told = sample->values[METRIC_UP] < 0.5 && judge->baseline.down <= 0.2;

	judge->against = false;
	if (sample->unreachable)
		return false;
	for (int i = 0; i < SIGNAL_COUNT; i++)
		if (i != SIGNAL_CPU_EACH)
			told |= weigh_signal(judge, sample, (enum signal)i, elapsed);
	told |= weigh_errors(judge, sample, elapsed);
	weigh_bursts(judge, sample, elapsed);
	weigh_down(judge, sample, elapsed);
	return told;
}

static void note_traffic(struct judge *judge, const struct sample *sample)
{
	struct traffic traffic = baseline_traffic(&judge->baseline, sample);
	size_t place = judge->traffic_count % 3;

	if (!traffic.known || sample->unreachable)
		return;
	judge->errors[place] = traffic.errors;
	judge->requests[place] = traffic.requests;
	judge->traffic_count++;
}

/* The baseline is learnt once, when the first sample after the deployment comes. */
static void start(struct judge *judge, const struct sample *first)
{
	size_t count = judge->before_count < BASELINE_MOST ? judge->before_count : BASELINE_MOST;
	size_t from = judge->before_count - count, kept = 0;
	ARENA scratch = {0};
	struct sample *samples = arena_array(&scratch, struct sample, count + 1);

	for (size_t i = 0; i < count; i++) {
		const struct sample *s = &judge->before[(from + i) % BASELINE_MOST];

		if (!s->unreachable)
			samples[kept++] = *s;
	}
	baseline_learn(&judge->baseline, samples, kept, &scratch);
	judge->learnt = true;
	judge->start = first->t;
	judge->limit = 2.6 + log(fmax(4, judge->window_s / judge->baseline.interval_s));
	if (judge->baseline.troubled)
		judge->limit *= 1.5;
}

struct judge *judge_open(struct arena *a, double window_s)
{
	struct judge *judge = arena_new(a, struct judge);

	judge->arena = a;
	judge->window_s = clamp(window_s, 1, 86400);
	return judge;
}

/* Bursts confirm each other: what went away three times has not gone. */
static bool comes_and_goes(const struct judge *judge)
{
	return judge->bursts >= BURSTS_LEAST &&
	       judge_track_share(judge, TRACK_BURSTS) >= judge->limit;
}

/* Only a sample that is bad itself confirms; one that is fading or fine again does not. */
static void count_confirmations(struct judge *judge, bool valid)
{
	if (!valid || !judge->baseline.usable)
		return;
	if (judge->latest.confidence >= DECAYS_BELOW)
		judge->below = 0;
	else
		judge->below += judge->against || comes_and_goes(judge);
}

static void judge_post(struct judge *judge, const struct sample *sample)
{
	double elapsed = sample->t - judge->start;
	bool valid;

	judge->last = sample->t;
	judge->seen++;
	note_traffic(judge, sample);
	valid = weigh(judge, sample, elapsed);
	judge->valid += valid;
	judge->latest.confidence = confidence_of(judge);
	count_confirmations(judge, valid);
	if (judge->below >= CONFIRMATIONS && judge->valid >= VALID_LEAST)
		judge->decayed = true;
	judge->latest.verdict = verdict_of(judge, elapsed, judge->latest.confidence);
	judge_explain(judge, sample, valid, &judge->latest);
}

bool judge_add(struct judge *judge, const struct sample *sample, struct judgement *judgement)
{
	struct sample clean = *sample;
	bool first = clean.post && !judge->learnt;

	sample_clean(&clean);
	if (!clean.post) {
		size_t last = (judge->before_count + BASELINE_MOST - 1) % BASELINE_MOST;

		if (!judge->learnt && isfinite(clean.t) &&
		    (!judge->before_count || clean.t > judge->before[last].t))
			judge->before[judge->before_count++ % BASELINE_MOST] = clean;
		return false;
	}
	if (first && isfinite(clean.t))
		start(judge, &clean);
	if (isfinite(clean.t) && (first || clean.t > judge->last))
		judge_post(judge, &clean);
	else if (judge->seen)
		judge_explain(judge, NULL, false, &judge->latest);
	else
		judge->latest = (struct judgement){ 0.75, VERDICT_UNKNOWN, "no time is given" };
	*judgement = judge->latest;
	return true;
}

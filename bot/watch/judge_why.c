/*
 * The words of a judgement: the signal that speaks loudest, with its numbers before and after.
 */
#include "bot/watch/judge_parts.h"

#include "bot/watch/robust.h"

#include <math.h>
#include <stdio.h>

static const char *const track_words[TRACK_COUNT] = {
	[SIGNAL_P95] = "latency p95", [SIGNAL_P99] = "latency p99", [SIGNAL_CPU] = "CPU",
	[SIGNAL_CPU_EACH] = "CPU a request", [SIGNAL_MEMORY] = "memory", [SIGNAL_LOAD] = "traffic",
	[TRACK_ERRORS] = "error rate", [TRACK_BURSTS] = "bursts of errors", [TRACK_DOWN] = "down",
};

static int loudest(const struct judge *judge)
{
	int found = TRACK_ERRORS;

	for (int i = 0; i < TRACK_COUNT; i++)
		if (judge_track_share(judge, i) > judge_track_share(judge, found))
			found = i;
	/* What never went away is no burst. */
	return found == TRACK_BURSTS && judge->bursts < 2 ? TRACK_ERRORS : found;
}

/* The middle of the last three excesses, which one wild sample does not change. */
static double recent(const struct track *track)
{
	size_t n = track->count < 3 ? track->count : 3;
	double last[3] = { 0, 0, 0 };

	if (!n)
		return 0;
	for (size_t i = 0; i < n; i++)
		last[i] = track->moments[track->count - n + i].excess;
	return robust_median(last, n);
}

static double recent_rate(const struct judge *judge)
{
	size_t n = judge->traffic_count < 3 ? judge->traffic_count : 3;
	double errors = 0, requests = 0;

	for (size_t i = 0; i < n; i++) {
		errors += judge->errors[i];
		requests += judge->requests[i];
	}
	return requests > 0 ? errors / requests : 0;
}

static int describe(const struct judge *judge, int track, char *out, size_t size)
{
	const struct baseline *b = &judge->baseline;
	double before, factor;

	if (track == TRACK_DOWN)
		return snprintf(out, size, "it does not answer (up is 0)");
	if (track == TRACK_ERRORS || track == TRACK_BURSTS)
		return snprintf(out, size, "%s %.2g %% against %.2g %% before", track_words[track],
				100 * recent_rate(judge), 100 * b->rate);
	factor = recent(&judge->tracks[track]);
	before = exp(baseline_expect(&b->usual[track], judge->last));
	if (track == SIGNAL_LOAD)
		return snprintf(out, size, "traffic fell to %.0f %% of what was expected",
				100 * exp(-factor));
	return snprintf(out, size, "%s %.4g against %.4g before (%.2f times)", track_words[track],
			before * exp(factor), before, exp(factor));
}

void judge_explain(const struct judge *judge, const struct sample *sample, bool valid,
		   struct judgement *judgement)
{
	int track = loudest(judge);
	char what[160];

	if (!sample) {
		snprintf(judgement->why, sizeof(judgement->why),
			 "this time was seen already; the sample is not counted");
		return;
	}
	describe(judge, track, what, sizeof(what));
	if (judge->decayed)
		snprintf(judgement->why, sizeof(judgement->why), "%s, %zu confirmation%s", what,
			 judge->below, judge->below == 1 ? "" : "s");
	else if (!judge->baseline.usable)
		snprintf(judgement->why, sizeof(judgement->why),
			 "too little is known from before the deployment to compare with");
	else if (judgement->verdict == VERDICT_UNKNOWN)
		snprintf(judgement->why, sizeof(judgement->why),
			 "only %zu of %zu samples told anything; that says nothing of the deployment",
			 judge->valid, judge->seen);
	else if (!valid)
		snprintf(judgement->why, sizeof(judgement->why), "%s; before that: %s",
			 sample->unreachable ? "the source is out of reach" : "no data", what);
	else if (judge->below)
		snprintf(judgement->why, sizeof(judgement->why), "%s, %zu of 2 confirmations", what,
			 judge->below);
	else if (judge_track_share(judge, track) > 0)
		snprintf(judgement->why, sizeof(judgement->why), "%s", what);
	else if (judge->baseline.errors_on)
		snprintf(judgement->why, sizeof(judgement->why), "as before: error rate %.2g %%",
			 100 * recent_rate(judge));
	else
		snprintf(judgement->why, sizeof(judgement->why), "as before");
}

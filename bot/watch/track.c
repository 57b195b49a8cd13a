/*
 * The last excesses of one signal over its usual: are they fading as after a cold start, or
 * climbing? Keeps RECENT_MOST of them.
 */
#include "bot/watch/judge_parts.h"

#include "bot/watch/robust.h"

#include <math.h>

enum { CLIMB_POINTS = 10, CLIMB_LEAST = 6 };

static const double FADE_S = 60;

static void drop_oldest(struct track *track)
{
	memmove(track->moments, track->moments + 1, --track->count * sizeof(*track->moments));
}

void track_note(struct track *track, double t, double excess, double linear, double deviation)
{
	struct moment moment = { t, excess, linear, linear, deviation };
	const struct moment *last = &track->moments[track->count ? track->count - 1 : 0];
	bool begins = !track->count || (linear > 0 && last->linear <= 0 && last->smooth <= linear / 4);

	/* What begins now is not smoothed with the calm before it. */
	if (!begins)
		moment.smooth = (last->smooth + linear) / 2;
	else
		track->began = t;
	if (begins || moment.smooth > track->peak) {
		track->peak = moment.smooth;
		track->peak_at = t;
	}
	if (track->count == RECENT_MOST)
		drop_oldest(track);
	track->moments[track->count++] = moment;
}

struct line {
	double slope, at_end;		/* per second; at the last moment */
	double error;			/* the standard error of the slope, by the usual deviation */
};

/* The straight line through the excesses of the moments that are not before `from`. */
static bool fit(const struct track *track, double from, struct line *line)
{
	double n = 0, st = 0, sx = 0, stt = 0, stx = 0, variance = 0, spread, last;

	last = track->moments[track->count - 1].t;
	for (size_t i = 0; i < track->count; i++) {
		const struct moment *m = &track->moments[i];
		double t = m->t - last;

		if (m->t < from)
			continue;
		n++;
		st += t;
		sx += m->linear;
		stt += t * t;
		stx += t * m->linear;
		variance += m->deviation * m->deviation;
	}
	spread = n * stt - st * st;
	if (n < 2 || !(spread > 0))
		return false;
	line->slope = (n * stx - st * sx) / spread;
	line->at_end = (sx - line->slope * st) / n;
	line->error = sqrt(variance / spread);
	return true;
}

bool track_fades(const struct track *track, double elapsed, double window_s, double tolerated)
{
	double left = 0.85 * window_s - elapsed;
	const struct moment *last = &track->moments[track->count - 1];
	struct line line;

	if (track->count < 3 || elapsed > 0.7 * window_s)
		return false;
	if (last->t <= track->peak_at || last->smooth >= 0.92 * track->peak) {
		/* Noise may hide it: then the line since it began must be steep beyond chance. */
		if (track->began < track->moments[0].t || !fit(track, track->began, &line))
			return false;
		return line.slope < -2 * line.error && line.at_end + line.slope * left < tolerated;
	}
	if (!fit(track, fmax(track->peak_at, last->t - FADE_S), &line) || line.slope >= 0)
		return false;
	if (last->smooth >= 0.97 * last[-2].smooth && line.slope > -line.error)
		return false;
	return last->smooth <= tolerated || last->smooth + line.slope * left < tolerated;
}

double track_climb(const struct track *track)
{
	size_t n = track->count < CLIMB_POINTS ? track->count : CLIMB_POINTS;
	size_t first = track->count - n;
	double times[CLIMB_POINTS], excesses[CLIMB_POINTS];
	struct trend trend;

	if (n < CLIMB_LEAST)
		return 0;
	for (size_t i = 0; i < n; i++) {
		times[i] = track->moments[first + i].t;
		excesses[i] = track->moments[first + i].excess;
	}
	trend = robust_trend(times, excesses, n);
	if (trend.tau < 0.6 || trend.slope <= 0)
		return 0;
	return fmin(0.3, 60 * trend.slope);
}

/*
 * The last excesses of one signal over its usual: are they fading as after a cold start, or
 * climbing? Keeps RECENT_MOST of them.
 */
#include "bot/watch/judge_parts.h"

#include "bot/watch/robust.h"

#include <math.h>

enum { CLIMB_POINTS = 10, CLIMB_LEAST = 6, FADE_POINTS = 6 };

void track_note(struct track *track, double t, double excess, double linear)
{
	double smooth = linear;
	size_t last = track->count - 1;

	if (track->count)
		smooth = (track->smooth[last] + linear) / 2;
	if (track->count == RECENT_MOST) {
		memmove(track->smooth, track->smooth + 1, last * sizeof(double));
		memmove(track->excess, track->excess + 1, last * sizeof(double));
		memmove(track->times, track->times + 1, last * sizeof(double));
		track->count--;
	}
	track->smooth[track->count] = smooth;
	track->excess[track->count] = excess;
	track->times[track->count++] = t;
	if (track->count == 1 || smooth > track->peak) {
		track->peak = smooth;
		track->peak_at = t;
	}
}

/* Slope of ln smooth over the last points since the peak; false when there are too few. */
static bool fade_slope(const struct track *track, double *slope)
{
	size_t first = track->count > FADE_POINTS ? track->count - FADE_POINTS : 0, n = 0;
	double st = 0, sx = 0, stt = 0, stx = 0, spread;

	for (size_t i = first; i < track->count; i++) {
		double t = track->times[i] - track->times[first], x;

		if (track->times[i] < track->peak_at || track->smooth[i] <= 0)
			continue;
		x = log(track->smooth[i]);
		st += t;
		sx += x;
		stt += t * t;
		stx += t * x;
		n++;
	}
	spread = (double)n * stt - st * st;
	if (n < 2 || !(spread > 0))
		return false;
	*slope = ((double)n * stx - st * sx) / spread;
	return true;
}

bool track_fades(const struct track *track, double elapsed, double now, double window_s,
		 double tolerated)
{
	size_t last = track->count - 1;
	double slope, left = 0.85 * window_s - elapsed;

	if (track->count < 3 || elapsed > 0.7 * window_s || track->peak_at >= now)
		return false;
	if (track->smooth[last] > 0.92 * track->peak ||
	    track->smooth[last] > 0.97 * track->smooth[last - 2])
		return false;
	if (track->smooth[last] <= tolerated)
		return true;
	if (!fade_slope(track, &slope) || slope >= 0)
		return false;
	return track->smooth[last] * exp(slope * left) < tolerated;
}

double track_climb(const struct track *track)
{
	size_t n = track->count < CLIMB_POINTS ? track->count : CLIMB_POINTS;
	size_t first = track->count - n;
	struct trend trend;

	if (n < CLIMB_LEAST)
		return 0;
	trend = robust_trend(track->times + first, track->excess + first, n);
	if (trend.tau < 0.6 || trend.slope <= 0)
		return 0;
	return fmin(0.3, 60 * trend.slope);
}

/*
 * Statistics that a few wild values do not move: medians, the median absolute deviation,
 * Kendall's tau and the Theil-Sen slope.
 */
#ifndef BOT_WATCH_ROBUST_H
#define BOT_WATCH_ROBUST_H

#include <stddef.h>

enum { ROBUST_POINTS_MOST = 96 };	/* of a trend */

/* The share-th part of the values, which get sorted; NaN of none. */
double robust_quantile(double *values, size_t count, double share);
double robust_median(double *values, size_t count);
/* 1.4826 times the median absolute deviation, the standard deviation if all is normal. */
double robust_deviation(double *values, size_t count);

struct trend {
	double tau;	/* -1 falls always, 1 rises always */
	double slope;	/* the median of all slopes between two points, per second */
};

/*
 * More points than ROBUST_POINTS_MOST are averaged in blocks first. Points at the same time do not
 * count as a pair. Of fewer than two points the trend is zero.
 */
struct trend robust_trend(const double *times, const double *values, size_t count);

#endif

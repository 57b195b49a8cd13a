/*
 * Sorting does it all: the sets are small and bounded. Leaves out anything weighted.
 */
#include "bot/watch/robust.h"

#include <math.h>
#include <stdlib.h>

enum { PAIRS_MOST = ROBUST_POINTS_MOST * (ROBUST_POINTS_MOST - 1) / 2 };

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double robust_quantile(double *values, size_t count, double share)
{
	double place, rest;
	size_t low;

	if (!count)
		return NAN;
	qsort(values, count, sizeof(*values), compare);
	place = share * (double)(count - 1);
	low = (size_t)place;
	rest = place - (double)low;
	return low + 1 < count ? values[low] * (1 - rest) + values[low + 1] * rest : values[low];
}

double robust_median(double *values, size_t count)
{
	return robust_quantile(values, count, 0.5);
}

double robust_deviation(double *values, size_t count)
{
	double middle = robust_median(values, count);

	for (size_t i = 0; i < count; i++)
		values[i] = fabs(values[i] - middle);
	return 1.4826 * robust_median(values, count);
}

/* Averages blocks of neighbours so that at most ROBUST_POINTS_MOST points are left. */
static size_t thin(const double *times, const double *values, size_t count, double *t, double *x)
{
	size_t block = (count + ROBUST_POINTS_MOST - 1) / ROBUST_POINTS_MOST, made = 0;

	for (size_t i = 0; i < count; i += block, made++) {
		size_t end = i + block < count ? i + block : count;

		t[made] = x[made] = 0;
		for (size_t k = i; k < end; k++) {
			t[made] += times[k] / (double)(end - i);
			x[made] += values[k] / (double)(end - i);
		}
	}
	return made;
}

struct trend robust_trend(const double *times, const double *values, size_t count)
{
	double t[ROBUST_POINTS_MOST], x[ROBUST_POINTS_MOST], slopes[PAIRS_MOST];
	size_t points = thin(times, values, count, t, x), pairs = 0;
	double sum = 0;

	for (size_t i = 0; i < points; i++)
		for (size_t k = i + 1; k < points; k++) {
			if (!(t[k] > t[i]))
				continue;
			slopes[pairs++] = (x[k] - x[i]) / (t[k] - t[i]);
			sum += (x[k] > x[i]) - (x[k] < x[i]);
		}
	if (!pairs)
		return (struct trend){ 0, 0 };
	return (struct trend){ sum / (double)pairs, robust_median(slopes, pairs) };
}

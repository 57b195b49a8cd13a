/*
 * What a deployment was like before: for each signal its usual level, how much it varies and where
 * it was going anyway. Signals are logarithms (a factor is a difference), errors are counts.
 */
#ifndef BOT_WATCH_BASELINE_H
#define BOT_WATCH_BASELINE_H

#include "bot/base/arena.h"
#include "bot/watch/sample.h"

enum signal {
	SIGNAL_P95,
	SIGNAL_P99,
	SIGNAL_CPU,
	SIGNAL_CPU_EACH,	/* per request */
	SIGNAL_MEMORY,
	SIGNAL_LOAD,		/* requests in the interval */
	SIGNAL_COUNT,
};

/* Requests and failed ones of an interval. known is false when the sample says neither. */
struct traffic {
	double requests, errors;
	bool known, counted;		/* counted: requests is a number, not a guess */
};

struct usual {
	bool on;			/* enough samples to compare with */
	double level, deviation;	/* of the logarithm; at time `middle` if it has a slope */
	double slope, middle, end;	/* per second; end: of the baseline */
	double span;			/* seconds that the slope was seen over */
	double inflation;		/* neighbours are alike: so much less do they tell */
	size_t count;
};

struct baseline {
	bool usable, errors_on;
	double interval_s;		/* usual time between samples */
	struct usual usual[SIGNAL_COUNT];
	double requests;		/* usual of an interval; 0: not known */
	double requests_guess;		/* what an error rate is worth when no traffic is known */
	double rate;			/* errors of requests */
	double rate_slope, rate_end;	/* of a rate that was rising; seconds */
	double rate_first, rate_last;	/* healthy up to rate_first, sick from rate_last */
	double scatter;			/* errors vary so many times more than by chance; 1 to 60 */
	double burst;			/* what `baseline_burst` was on average */
	double down;			/* share of samples in which it was down */
	bool troubled;			/* it was not well before */
};

/* samples in order of time, all of the time before. Scratch memory comes from the arena. */
void baseline_learn(struct baseline *baseline, const struct sample *samples, size_t count,
		    struct arena *a);

struct traffic baseline_traffic(const struct baseline *baseline, const struct sample *sample);
/* The logarithm of a signal; NaN when the sample does not tell. */
double baseline_signal(const struct baseline *baseline, const struct sample *sample,
		       enum signal signal);
/* The level that a signal (the error rate) would have at t without the deployment. */
double baseline_expect(const struct usual *usual, double t);
double baseline_expect_rate(const struct baseline *baseline, double t);
/* How bad a moment's error rate is, in bursts: 1 is a full one, 0 or below is none. */
double baseline_burst(double rate, double usual_rate);

#endif

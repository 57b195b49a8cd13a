/* Between judge.c and its neighbours: nobody else includes it. */
#ifndef BOT_WATCH_JUDGE_PARTS_H
#define BOT_WATCH_JUDGE_PARTS_H

#include "bot/watch/baseline.h"
#include "bot/watch/judge.h"

/* What is summed up: the signals, errors, bursts of errors, and being down. */
enum track_name {
	TRACK_ERRORS = SIGNAL_COUNT,
	TRACK_BURSTS,
	TRACK_DOWN,
	TRACK_COUNT,
};

enum { RECENT_MOST = 24, BASELINE_MOST = 720 };

struct moment {
	double t;
	double excess;		/* of the logarithm (of the error rate) over the usual */
	double linear;		/* of the value itself over what is still healthy */
	double smooth;		/* the same, smoothed */
	double deviation;	/* of linear, by chance */
};

struct track {
	double sum;			/* of weights, 0 to twice the limit */
	struct moment moments[RECENT_MOST];	/* oldest first */
	size_t count;
	double began;			/* when the value left what is healthy */
	double peak, peak_at;		/* of smooth, since then */
};

struct judge {
	struct arena *arena;
	double window_s;
	struct sample before[BASELINE_MOST];	/* a ring */
	size_t before_count;
	bool learnt;
	struct baseline baseline;
	struct track tracks[TRACK_COUNT];
	double start, last;		/* of the samples after */
	double limit;			/* the sum at which confidence is 0.70 */
	size_t seen, valid;		/* samples after; those that told something */
	size_t below;			/* confirmations: bad samples in a row below 0.70 */
	bool against;			/* the last sample spoke against the deployment */
	size_t bursts;			/* of errors, with good samples between them */
	bool in_burst, decayed;
	double errors[3], requests[3];	/* of the last samples, for the words */
	size_t traffic_count;
	struct judgement latest;
};

void track_note(struct track *track, double t, double excess, double linear, double deviation);
/* Is the excess on its way down, and below what is tolerated before the window is over? */
bool track_fades(const struct track *track, double elapsed, double window_s, double tolerated);
/* What the trend of the last excesses adds within a minute; 0 when there is none. */
double track_climb(const struct track *track);

/* The sum over tracks, each by its importance. */
double judge_sum(const struct judge *judge);
double judge_track_share(const struct judge *judge, int track);
/* Fills why. */
void judge_explain(const struct judge *judge, const struct sample *sample, bool valid,
		   struct judgement *judgement);

#endif

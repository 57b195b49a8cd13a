/*
 * Did the deployment hold? A judge takes samples in order of time, first those from before, then
 * those from after, and says after each of the latter how sure it is that all is well.
 *
 *	struct judge *judge = judge_open(&arena, 300);
 *	while (next_sample(&sample))
 *		if (judge_add(judge, &sample, &judgement) && judgement.verdict == VERDICT_DECAYED)
 *			revert();
 *
 * The method: each sample after is weighed against the usual of the samples before (a logarithm of
 * likelihood for "sick" against "healthy", with a limit for what one sample can say); the weights of
 * a signal are summed up and never fall below zero (CUSUM, Page 1954); the sums together make the
 * confidence. Below 0.70 in two samples in a row the deployment has decayed.
 *
 * A judge uses bounded memory however long it watches, and the same samples give the same answers.
 */
#ifndef BOT_WATCH_JUDGE_H
#define BOT_WATCH_JUDGE_H

#include "bot/base/arena.h"
#include "bot/watch/sample.h"

enum verdict {
	VERDICT_WATCH,		/* the window is open, nothing is decided */
	VERDICT_HELD,		/* the window is over and all was well */
	VERDICT_DECAYED,	/* to be taken back; stays for good */
	VERDICT_UNKNOWN,	/* too little is known, before or after; never a reason to revert */
};

extern const char *const verdict_names[];

struct judgement {
	double confidence;	/* 0 to 1; 0.95 where all is well */
	enum verdict verdict;
	char why[256];		/* one line for people, with numbers */
};

struct judge;

/* window_s: how long after the first sample the deployment is watched before it has held. */
struct judge *judge_open(struct arena *a, double window_s);

/*
 * Takes a sample. True when it is one from after the deployment: then there is a judgement. A time
 * that is not after the last one's is not counted again. Samples from before that come late are
 * left out.
 */
bool judge_add(struct judge *judge, const struct sample *sample, struct judgement *judgement);

#endif

/*
 * What one health check says of a deployment. Its answers go to the judge where enough is known from
 * before; besides, and without it, the check says by itself what is right. Asks nobody.
 */
#include "bot/window_parts.h"

#include "bot/base/utf8.h"
#include "bot/watch/robust.h"

#include <math.h>

/*
 * One request from here is no measurement of the service alone: what the network and a busy machine
 * may add is added to every time, so that only a change well above it counts.
 */
static const double network_s = 0.5;
static const double sure = 0.95, doubtful = 0.75, doubtful_most = 0.71, down = 0.30;
/* As the judge: this share must be known, and it may be told after a minute that it is not. */
static const double known_least = 0.4, missing_costs = 0.2, soon_s = 60;
static const double sick_share = 0.2;
enum { BASELINE_LEAST = 6, KNOWN_LEAST = 2 };

/* One check, and how far its results are judged. */
struct record {
	const struct window_check *check;
	const struct window_frame *frame;
	const struct result_row *rows;
	size_t count;
	struct judge *judge;		/* NULL: too little is known to compare with */
	bool known_before, sick_before;
	double usual_ms;		/* of an answer before; NaN: not known */
	size_t seen, known, failing;	/* turns after; those in a row that failed */
	bool decayed;
};

const char *window_line(struct arena *a, const char *text)
{
	enum { SIZE_MOST = 400 };
	struct str rest = str_of(text);
	struct text line = TEXT(a);

	while (rest.size && line.size < SIZE_MOST) {
		uint32_t character = 0;
		size_t size = utf8_first(rest, &character);

		if (!size || utf8_is_hidden(character))
			text_addc(&line, ' ');
		else
			text_add(&line, str_slice(rest, 0, size));
		rest = str_from(rest, size ? size : 1);
	}
	return text_cstr(&line);
}

void window_see(struct window_eye *eye, struct arena *a, const struct window_point *point)
{
	arena_push(a, eye->points, eye->point_count) = *point;
}

static struct sample sample_of(const struct record *r, const struct result_row *row, int64_t at)
{
	bool post = at >= r->frame->deployed_at;
	struct sample sample = sample_empty((double)(at - r->frame->deployed_at) / 1000, post);

	sample.unreachable = !row || !row->known;
	if (sample.unreachable)
		return sample;
	sample.values[METRIC_UP] = (double)row->good / (double)row->known;
	if (row->good)
		sample.values[METRIC_LATENCY_P95] =
			(double)row->wall_ms / (double)row->good / 1000 + network_s;
	return sample;
}

/* A turn that reaches into the rollout is of neither side. */
static bool is_before(const struct record *r, const struct result_row *row)
{
	return row->known && row->at + r->check->row.every_ms <= r->frame->rollout_at;
}

/* What failed already when the deployment began is not its fault. */
static void learn(struct record *r, struct arena *a)
{
	ARENA scratch = {0};
	double *times = arena_array(&scratch, double, r->count + 1);
	struct judge *judge = judge_open(a, r->frame->window_s);
	struct judgement ignored;
	int64_t known = 0, good = 0;
	bool last_good = true;
	size_t timed = 0;

	for (size_t i = 0; i < r->count; i++) {
		const struct result_row *row = &r->rows[i];
		struct sample sample;

		if (!is_before(r, row))
			continue;
		sample = sample_of(r, row, row->at);
		judge_add(judge, &sample, &ignored);
		known += row->known;
		good += row->good;
		last_good = row->good == row->known;
		if (row->good)
			times[timed++] = (double)row->wall_ms / (double)row->good;
	}
	r->known_before = known > 0;
	r->sick_before = known && (!last_good || (double)(known - good) > sick_share * (double)known);
	r->usual_ms = robust_median(times, timed);
	r->judge = !r->sick_before && timed >= BASELINE_LEAST ? judge : NULL;
}

static double plain_confidence(const struct record *r)
{
	if (r->decayed)
		return down;
	if (r->failing)
		return r->failing == 1 ? doubtful : doubtful_most;
	return fmax(sure - missing_costs * (1 - (double)r->known / (double)r->seen), doubtful_most);
}

/* What the check says without anything to compare with. */
static enum verdict plain_verdict(const struct record *r, double elapsed, double span_s)
{
	bool over = elapsed + span_s >= r->frame->window_s;

	if (r->decayed)
		return VERDICT_DECAYED;
	if ((double)r->known < known_least * (double)r->seen && (over || elapsed >= soon_s))
		return VERDICT_UNKNOWN;
	if (r->failing)
		return r->sick_before ? VERDICT_UNKNOWN : VERDICT_WATCH;
	if (over)
		return r->known >= KNOWN_LEAST ? VERDICT_HELD : VERDICT_UNKNOWN;
	return VERDICT_WATCH;
}

static const char *explain(const struct record *r, const struct result_row *row, bool decayed,
			   struct arena *a)
{
	const char *before = r->known_before ? "" : " (nobody asked before the deployment)";
	double now_ms;

	if (!row)
		return "nobody asked at this time";
	if (!row->known)
		return row->why[0] ? row->why : "it could not be asked";
	if (row->good < row->known) {
		if (r->sick_before)
			return arena_printf(a, "%s; it was not well before the deployment", row->why);
		if (row->known > 1)
			return arena_printf(a, "%lld of %lld answers are not as wanted: %s%s",
					    (long long)(row->known - row->good),
					    (long long)row->known, row->why, before);
		return arena_printf(a, "%s, %s%s", row->why,
				    decayed ? "2 confirmations"
					    : r->failing < 2 ? "1 of 2 confirmations"
							     : "for less than 10 s", before);
	}
	now_ms = (double)row->wall_ms / (double)row->good;
	if (isnan(r->usual_ms))
		return arena_printf(a, "it answers as wanted in %.0f ms%s", now_ms, before);
	return arena_printf(a, "it answers as wanted, %s %.0f ms against %.0f ms before",
			    decayed ? "but slowly: in" : "in", now_ms, r->usual_ms);
}

/* Both must be content; either may say that it decayed. */
static struct window_point weigh(struct record *r, const struct result_row *row, int64_t at,
				 struct arena *a)
{
	const struct target_row *target = &r->check->row;
	double elapsed = (double)(at - r->frame->deployed_at) / 1000;
	struct sample sample = sample_of(r, row, at);
	struct judgement judgement = { .confidence = 1 };
	enum verdict verdict;
	double confidence;

	r->seen++;
	r->known += row && row->known;
	if (row && row->known)
		r->failing = row->good * 2 < row->known ? r->failing + 1 : 0;
	r->decayed |= target->down_at && at >= target->down_at && !r->sick_before;
	verdict = plain_verdict(r, elapsed, (double)(target->every_ms * target->merged) / 1000);
	confidence = plain_confidence(r);
	if (r->judge && judge_add(r->judge, &sample, &judgement)) {
		confidence = fmin(confidence, judgement.confidence);
		if (judgement.verdict == VERDICT_DECAYED)
			verdict = VERDICT_DECAYED;
		else if (judgement.verdict == VERDICT_WATCH && verdict == VERDICT_HELD)
			verdict = VERDICT_WATCH;
	}
	return (struct window_point){
		at, confidence, verdict_names[verdict],
		arena_printf(a, "%s: %s", r->check->name,
			     explain(r, row, verdict == VERDICT_DECAYED, a)),
	};
}

/* Only turns that are over, so that what was said of a moment stays. */
static void weigh_all(struct record *r, struct arena *a, struct window_eye *eye)
{
	const struct target_row *target = &r->check->row;
	int64_t span = target->every_ms * target->merged;
	size_t next = 0;

	for (int64_t at = r->frame->deployed_at + span - target->every_ms;
	     at + target->every_ms <= target->next_at && at <= r->frame->until; at += span) {
		const struct result_row *row = NULL;
		struct window_point point;

		while (next < r->count && r->rows[next].at < at)
			next++;
		if (next < r->count && r->rows[next].at == at)
			row = &r->rows[next];
		point = weigh(r, row, at, a);
		window_see(eye, a, &point);
		eye->confidence = point.confidence;
		eye->why = point.why;
		for (int i = 0; i <= VERDICT_UNKNOWN; i++)
			if (point.verdict == verdict_names[i])
				eye->verdict = (enum verdict)i;
	}
}

bool window_judge_check(struct store *store, const char *watch, const struct window_check *check,
			const struct window_frame *frame, struct arena *a, struct window_eye *eye,
			struct err *e)
{
	const struct target_row *target = &check->row;
	struct record r = { .check = check, .frame = frame };
	struct result_row *rows;

	*eye = (struct window_eye){
		.name = check->name, .verdict = VERDICT_UNKNOWN, .confidence = doubtful,
		.why = arena_printf(a, "%s: nobody asked yet", check->name),
	};
	if (!result_row_list(store, watch, target->target, a, &rows, &r.count, e))
		return false;
	r.rows = rows;
	learn(&r, a);
	weigh_all(&r, a, eye);
	if (eye->verdict == VERDICT_DECAYED || r.sick_before)
		return true;
	/* It is known sooner than the merged turns are over. */
	if (target->down_at) {
		eye->verdict = VERDICT_DECAYED;
		eye->confidence = down;
		eye->why = arena_printf(a, "%s: %s, 2 confirmations%s", check->name, target->why,
					r.known_before ? "" : " (nobody asked before the deployment)");
	} else if (eye->verdict == VERDICT_HELD && (target->failing_since || target->flaps)) {
		eye->verdict = VERDICT_WATCH;
	}
	return true;
}

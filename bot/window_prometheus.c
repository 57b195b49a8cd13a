/*
 * What Prometheus says of a deployment: asks for the whole window, from the baseline to now, and
 * judges it from the start each time. What is kept is for people; nothing is judged by it.
 */
#include "bot/window_parts.h"

#include <math.h>

/* As many as the judge compares with, and as many as a page can show. */
enum { BASELINE_MOST = 720, POINTS_MOST = 1200 };

static const double unknown_confidence = 0.75;

/* Twice the window: it goes on while a verdict is in doubt. */
double window_step_s(const struct config *settings)
{
	return fmax((double)config_integer(settings, "deploy.step_s"),
		    ceil(2 * settings_window_s(settings) / POINTS_MOST));
}

static struct prometheus_window window_of(const struct config *settings,
					  const struct window_frame *frame)
{
	struct prometheus_window window;

	settings_window(settings, (double)frame->rollout_at / 1000,
			(double)frame->deployed_at / 1000, &window);
	window.step = window_step_s(settings);
	window.start = fmax(window.start, window.rollout_at - BASELINE_MOST * window.step);
	window.end = fmax(window.start, (double)(frame->until - WINDOW_SETTLES_MS) / 1000);
	return window;
}

/* Where nothing is said, what is wrong with a query may be why. */
static const char *explain(const struct prometheus_samples *samples, const struct judgement *judgement,
			   struct arena *a)
{
	if (judgement->verdict == VERDICT_UNKNOWN && samples->note_count)
		return arena_printf(a, "Prometheus: %s; %s", judgement->why,
				    window_line(a, samples->notes[0]));
	return arena_printf(a, "Prometheus: %s", judgement->why);
}

bool window_judge_prometheus(const struct prometheus *prometheus, const struct config *settings,
			     const struct window_frame *frame, struct arena *a,
			     struct window_eye *eye, struct err *e)
{
	struct prometheus_window window = window_of(settings, frame);
	struct judge *judge = judge_open(a, frame->window_s);
	struct prometheus_samples samples;
	struct judgement judgement;
	struct err why = ERR_INIT;

	*eye = (struct window_eye){
		.name = "Prometheus", .verdict = VERDICT_UNKNOWN, .confidence = unknown_confidence,
		.why = "Prometheus: no sample from after the deployment yet",
	};
	if (!prometheus_samples(prometheus, &window, a, &samples, &why)) {
		if (why.kind == ERR_BUG)
			return fail(e, ERR_BUG, "%s", why.text);
		eye->deaf = true;
		eye->why = arena_printf(a, "Prometheus: out of reach: %s",
					window_line(a, why.text));
		return true;
	}
	for (size_t i = 0; i < samples.count; i++) {
		struct window_point point = {
			.at = frame->deployed_at + llround(samples.samples[i].t * 1000),
		};

		if (!judge_add(judge, &samples.samples[i], &judgement))
			continue;
		point.confidence = judgement.confidence;
		point.verdict = verdict_names[judgement.verdict];
		point.why = explain(&samples, &judgement, a);
		window_see(eye, a, &point);
		eye->verdict = judgement.verdict;
		eye->confidence = judgement.confidence;
		eye->why = point.why;
	}
	return true;
}

bool window_recall_points(struct store *store, const char *incident, struct arena *a,
			  struct window_eye *eye, struct err *e)
{
	struct point_row *rows;
	size_t count;

	if (!point_row_list(store, incident, a, &rows, &count, e))
		return false;
	eye->points = NULL;
	eye->point_count = 0;
	for (size_t i = 0; i < count; i++) {
		struct window_point point = {
			rows[i].at, (double)rows[i].confidence_millionths / 1e6, rows[i].verdict,
			rows[i].why,
		};

		window_see(eye, a, &point);
	}
	return true;
}

bool window_keep_points(struct store *store, const char *incident, struct arena *a,
			struct window_eye *eye, struct err *e)
{
	for (size_t i = 0; i < eye->point_count; i++) {
		struct point_row row = {
			eye->points[i].at, llround(1e6 * eye->points[i].confidence),
			eye->points[i].verdict, eye->points[i].why,
		};

		if (!point_row_add(store, incident, &row, e))
			return false;
	}
	return window_recall_points(store, incident, a, eye, e);
}

/*
 * Looks at a deployment with all that can see it, and says once how it ended. Reverts nothing and
 * tells nobody: next_action decides that.
 */
#include "bot/window.h"

#include "bot/base/kill_point.h"
#include "bot/store/incident.h"
#include "bot/window_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const int64_t deaf_grace_ms = 60000;
static const double unknown_confidence = 0.75;

/* One look, from what is kept to what is said. */
struct looking {
	struct daemon *d;
	const struct window_order *order;
	struct arena *arena;
	const char *repository;		/* the watch of its baseline */
	struct window_row row;
	bool fresh;			/* nothing is kept yet of this deployment */
	struct window_round round;
	struct window_frame frame;
	bool has_prometheus;
	struct window_eye *eyes;
	size_t count;
};

static const struct { const char *name; enum window window; } outcomes[] = {
	{ "HELD", WINDOW_HELD }, { "DECAYED", WINDOW_DECAYED }, { "UNKNOWN", WINDOW_UNKNOWN },
};
enum { OUTCOMES = sizeof(outcomes) / sizeof(outcomes[0]) };

static int64_t window_ms(const struct looking *l)
{
	return config_integer(l->order->settings, "deploy.window_s") * 1000;
}

static bool recall(struct looking *l, struct err *e)
{
	const struct window_order *order = l->order;
	struct incident incident;
	bool found = false;

	if (!incident_get(l->d->store, order->incident, l->arena, &incident, e) ||
	    !window_row_get(l->d->store, order->incident, l->arena, &l->row, &found, e))
		return false;
	l->repository = arena_printf(l->arena, "repository:%lld", (long long)incident.repository_id);
	l->fresh = !found || l->row.deployed_at != order->deployed_at;
	if (l->fresh)
		l->row = (struct window_row){
			.incident = incident.id, .deployed_at = order->deployed_at, .outcome = "",
			.rollout_at = order->rollout_at < order->deployed_at ? order->rollout_at
									     : order->deployed_at,
			.why = "",
		};
	l->frame = (struct window_frame){
		.rollout_at = l->row.rollout_at, .deployed_at = l->row.deployed_at,
		.until = l->row.decided_at ? l->row.decided_at : order->now,
		.window_s = (double)window_ms(l) / 1000,
	};
	if (l->frame.until > l->frame.deployed_at + 2 * window_ms(l))
		l->frame.until = l->frame.deployed_at + 2 * window_ms(l);
	return true;
}

static bool gather_checks(struct looking *l, struct err *e)
{
	l->round = (struct window_round){
		.watch = arena_printf(l->arena, "incident:%s", l->order->incident),
		.start_at = l->frame.deployed_at, .span_ms = 2 * window_ms(l), .fixed = true,
		.blank = l->fresh, .now = l->order->now,
	};
	return window_round(l->d, l->order->settings, l->arena, &l->round, e);
}

static bool see_prometheus(struct looking *l, struct http *http, struct err *e)
{
	struct window_eye *eye = &l->eyes[l->count];
	struct prometheus prometheus;
	struct prometheus_window queries;
	struct err why = ERR_INIT;

	if (!settings_window(l->order->settings, 0, 0, &queries))
		return true;
	if (!settings_prometheus(l->d->config, http, l->arena, &prometheus, &why)) {
		if (why.kind == ERR_NONE)
			return true;
		*eye = (struct window_eye){
			.name = "Prometheus", .verdict = VERDICT_UNKNOWN, .deaf = true,
			.confidence = unknown_confidence,
			.why = arena_printf(l->arena, "Prometheus: %s", why.text),
		};
	} else if (!window_judge_prometheus(&prometheus, l->order->settings, &l->frame, l->arena, eye,
					    e)) {
		return false;
	}
	l->has_prometheus = true;
	l->count++;
	return true;
}

/* All that goes over the network, before the store is locked. */
static bool ask(struct looking *l, struct err *e)
{
	HTTP *http = http_open(NULL, e);

	if (!http)
		return false;
	if (l->order->now > l->frame.until)
		for (size_t i = 0; i < l->round.count; i++)
			l->round.checks[i].due = false;
	else if (l->round.due)
		window_ask(l->d->config, http, &l->round);
	return see_prometheus(l, http, e);
}

static bool keep(struct looking *l, struct err *e)
{
	struct store *store = l->d->store;

	if (l->fresh &&
	    (!window_row_drop(store, l->row.incident, e) || !window_row_put(store, &l->row, e) ||
	     !watch_copy(store, l->repository, l->round.watch,
			 l->row.rollout_at -
				 config_integer(l->order->settings, "deploy.baseline_s") * 1000,
			 l->row.rollout_at - 1, e)))
		return false;
	return window_keep(store, &l->round, e) &&
	       (!l->has_prometheus ||
		window_keep_points(store, l->row.incident, l->arena, &l->eyes[0], e));
}

static bool judge_checks(struct looking *l, struct err *e)
{
	for (size_t i = 0; i < l->round.count; i++)
		if (!window_judge_check(l->d->store, l->round.watch, &l->round.checks[i], &l->frame,
					l->arena, &l->eyes[l->count++], e))
			return false;
	return true;
}

static size_t count_of(const struct looking *l, enum verdict verdict)
{
	size_t n = 0;

	for (size_t i = 0; i < l->count; i++)
		n += l->eyes[i].verdict == verdict;
	return n;
}

static bool is_deaf(const struct looking *l)
{
	for (size_t i = 0; i < l->count; i++)
		if (l->eyes[i].deaf)
			return true;
	return false;
}

/* When the last sample of the window is there to be asked for. */
static int64_t over_at(const struct looking *l)
{
	return l->frame.deployed_at + window_ms(l) + (l->has_prometheus ? WINDOW_SETTLES_MS : 0);
}

/* One decayed eye is enough; a doubt prolongs, and an eye that tells nothing never decides. */
static enum window decide(const struct looking *l)
{
	int64_t now = l->order->now;

	if (count_of(l, VERDICT_DECAYED))
		return WINDOW_DECAYED;
	if (!l->count)
		return WINDOW_UNKNOWN;
	if (now < over_at(l) || (is_deaf(l) && now < over_at(l) + deaf_grace_ms))
		return WINDOW_WATCHING;
	if (count_of(l, VERDICT_WATCH))
		return now < over_at(l) + window_ms(l) ? WINDOW_WATCHING : WINDOW_UNKNOWN;
	return count_of(l, VERDICT_HELD) ? WINDOW_HELD : WINDOW_UNKNOWN;
}

/* Who is least sure: of those that decayed, else of those that told anything. NULL: nobody did. */
static const struct window_eye *speaker(const struct looking *l)
{
	const struct window_eye *found = NULL;

	for (size_t i = 0; i < l->count; i++) {
		const struct window_eye *eye = &l->eyes[i];
		bool decayed = eye->verdict == VERDICT_DECAYED;
		bool found_decayed = found && found->verdict == VERDICT_DECAYED;

		if (eye->verdict == VERDICT_UNKNOWN || (found_decayed && !decayed))
			continue;
		if (!found || (decayed && !found_decayed) || eye->confidence < found->confidence)
			found = eye;
	}
	return found;
}

static const char *explain(const struct looking *l, enum window window,
			   const struct window_eye *loudest)
{
	enum { EYES_MOST = 3 };
	struct text why = TEXT(l->arena);
	long long passed = (l->frame.until - l->frame.deployed_at) / 1000;
	size_t told = 0;

	if (!l->count)
		return "nothing is measured: no query that a Prometheus answers, no health check";
	if (window == WINDOW_DECAYED)
		return loudest->why;
	if (window == WINDOW_HELD)
		text_addf(&why, "it held for %lld s: ", passed);
	else if (window == WINDOW_UNKNOWN)
		text_addf(&why, "too little is known after %lld s: ", passed);
	else
		text_addf(&why, "%lld of %.0f s: ", passed, l->frame.window_s);
	if (loudest)
		text_adds(&why, loudest->why);
	/* Who could not tell is named too. */
	for (size_t i = 0; i < l->count && told < EYES_MOST; i++) {
		if (l->eyes[i].verdict != VERDICT_UNKNOWN || (loudest && !l->eyes[i].deaf &&
							      window == WINDOW_WATCHING))
			continue;
		text_addf(&why, "%s%s", loudest || told ? "; " : "", l->eyes[i].why);
		told++;
	}
	return text_cstr(&why);
}

static bool decide_once(struct looking *l, enum window *window, struct err *e)
{
	const struct window_eye *loudest = speaker(l);

	*window = decide(l);
	l->row.confidence_millionths =
		llround(1e6 * (loudest ? loudest->confidence : unknown_confidence));
	l->row.why = explain(l, *window, loudest);
	for (size_t i = 0; i < OUTCOMES; i++)
		if (*window == outcomes[i].window) {
			l->row.outcome = outcomes[i].name;
			l->row.decided_at = l->order->now;
			return window_row_put(l->d->store, &l->row, e);
		}
	return true;
}

/* What changed is kept with what follows from it, or neither is. */
static bool conclude(struct looking *l, enum window *window, struct err *e)
{
	STORE_TRANSACTION t = {0};

	if (!store_begin(l->d->store, &t, e) || !keep(l, e) || !judge_checks(l, e) ||
	    !decide_once(l, window, e))
		return false;
	KILL_POINT("window.look.before");
	if (!store_commit(&t, e))
		return false;
	KILL_POINT("window.look.after");
	return true;
}

/* It is over: nobody is asked, and all is as it was said. */
static bool repeat(struct looking *l, enum window *window, struct err *e)
{
	for (size_t i = 0; i < OUTCOMES; i++)
		if (!strcmp(l->row.outcome, outcomes[i].name))
			*window = outcomes[i].window;
	return window_recall_points(l->d->store, l->row.incident, l->arena, &l->eyes[l->count++],
				    e) &&
	       judge_checks(l, e);
}

static int64_t next_look(const struct looking *l)
{
	int64_t now = l->order->now, over = over_at(l), next;

	next = over > now ? over : now + deaf_grace_ms;
	if (now < l->frame.deployed_at + 2 * window_ms(l))
		next = window_next_turn(&l->round, next);
	if (l->has_prometheus) {
		int64_t step = llround(window_step_s(l->order->settings) * 1000);
		int64_t sample = (now - WINDOW_SETTLES_MS) / step * step + step + WINDOW_SETTLES_MS;

		next = sample < next ? sample : next;
	}
	return next > now ? next : now + 1000;
}

static int in_time(const void *left, const void *right)
{
	const struct window_point *l = left, *r = right;

	if (l->at != r->at)
		return l->at < r->at ? -1 : 1;
	return strcmp(l->why, r->why);
}

static void lay_points(const struct looking *l, struct window_look *look)
{
	struct window_point *points;
	size_t n = 0;

	for (size_t i = 0; i < l->count; i++)
		n += l->eyes[i].point_count;
	points = arena_array(l->arena, struct window_point, n);
	n = 0;
	for (size_t i = 0; i < l->count; i++)
		for (size_t k = 0; k < l->eyes[i].point_count; k++)
			points[n++] = l->eyes[i].points[k];
	qsort(points, n, sizeof(*points), in_time);
	look->points = points;
	look->point_count = n;
}

bool window_look(struct daemon *d, const struct window_order *order, struct arena *a,
		 struct window_look *out, struct err *e)
{
	struct looking l = { .d = d, .order = order, .arena = a };
	struct window_look look = { .window = WINDOW_WATCHING };

	if (!recall(&l, e))
		return false;
	if (order->now < order->deployed_at) {
		look.confidence = unknown_confidence;
		look.why = "the deployment is not out yet";
		look.next_at = order->deployed_at;
		*out = look;
		return true;
	}
	if (!gather_checks(&l, e))
		return false;
	l.eyes = arena_array(a, struct window_eye, l.round.count + 1);
	if (l.row.decided_at ? !repeat(&l, &look.window, e)
			     : !ask(&l, e) || !conclude(&l, &look.window, e))
		return false;
	lay_points(&l, &look);
	look.confidence = (double)l.row.confidence_millionths / 1e6;
	look.why = l.row.why;
	look.next_at = l.row.decided_at ? order->now : next_look(&l);
	*out = look;
	return true;
}

bool window_has_eyes(const struct config *daemon, const struct config *repository)
{
	ARENA a = {0};
	struct prometheus_window queries;
	struct watched *list;
	size_t count;

	if (config_text(daemon, "prometheus.url") && settings_window(repository, 0, 0, &queries))
		return true;
	settings_checks(repository, daemon, &a, &list, &count);
	for (size_t i = 0; i < count; i++)
		if (!str_starts(str_of(list[i].check.url), "http://") ||
		    list[i].check.allow & HTTP_PLAIN)
			return true;
	return false;
}

bool window_forget(struct daemon *d, const char *incident, struct err *e)
{
	STORE_TRANSACTION t = {0};

	if (!store_begin(d->store, &t, e) || !window_row_drop(d->store, incident, e))
		return false;
	KILL_POINT("window.forget.before");
	if (!store_commit(&t, e))
		return false;
	KILL_POINT("window.forget.after");
	return true;
}

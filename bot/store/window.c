/*
 * Windows, health checks and their results as rows. Knows no verdicts and asks nobody.
 */
#include "bot/store/window.h"

#include "bot/store/query.h"

static const char find_window[] =
	"SELECT incident, rollout_at, deployed_at, outcome, confidence, why, decided_at "
	"FROM deploy_window WHERE incident = ?1";
static const char put_window[] =
	"INSERT INTO deploy_window (incident, rollout_at, deployed_at, outcome, confidence, why, "
	"decided_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (incident) DO UPDATE SET "
	"rollout_at = excluded.rollout_at, deployed_at = excluded.deployed_at, "
	"outcome = excluded.outcome, confidence = excluded.confidence, why = excluded.why, "
	"decided_at = excluded.decided_at";
static const char ended_windows[] =
	"SELECT w.incident FROM deploy_window w JOIN incident i ON i.id = w.incident "
	"WHERE i.stage IN ('RESOLVED', 'ESCALATED', 'REVERTED', 'SUPERSEDED', 'REJECTED')";
static const char drop_window[] = "DELETE FROM deploy_window WHERE incident = ?1";
static const char drop_points[] = "DELETE FROM window_point WHERE incident = ?1";
static const char drop_targets[] = "DELETE FROM health_target WHERE watch = 'incident:' || ?1";
static const char drop_results[] = "DELETE FROM health_result WHERE watch = 'incident:' || ?1";

static const char add_point[] =
	"INSERT INTO window_point (incident, at, confidence, verdict, why) "
	"VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING";
static const char list_points[] =
	"SELECT at, confidence, verdict, why FROM window_point WHERE incident = ?1 ORDER BY at";

static const char find_target[] =
	"SELECT every_ms, merged, next_at, state, in_a_row, history, seen, last_good, flaps, "
	"failing_since, down_at, why FROM health_target WHERE watch = ?1 AND target = ?2";
static const char put_target[] =
	"INSERT OR REPLACE INTO health_target (watch, target, every_ms, merged, next_at, state, "
	"in_a_row, history, seen, last_good, flaps, failing_since, down_at, why) "
	"VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)";

static const char add_result[] =
	"INSERT INTO health_result (watch, target, at, known, good, wall_ms, why) "
	"VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (watch, target, at) DO UPDATE SET "
	"known = known + excluded.known, good = good + excluded.good, "
	"wall_ms = wall_ms + excluded.wall_ms, "
	"why = CASE excluded.why WHEN '' THEN why ELSE excluded.why END";
static const char list_results[] =
	"SELECT at, known, good, wall_ms, why FROM health_result WHERE watch = ?1 AND target = ?2 "
	"ORDER BY at";
static const char copy_results[] =
	"INSERT OR REPLACE INTO health_result (watch, target, at, known, good, wall_ms, why) "
	"SELECT ?2, target, at, known, good, wall_ms, why FROM health_result "
	"WHERE watch = ?1 AND at BETWEEN ?3 AND ?4";
static const char prune_targets[] = "DELETE FROM health_target WHERE watch = ?1 AND next_at < ?2";
static const char prune_results[] = "DELETE FROM health_result WHERE watch = ?1 AND at < ?2";

bool window_row_get(struct store *store, const char *incident, struct arena *a,
		    struct window_row *out, bool *found, struct err *e)
{
	struct window_row row = {0};
	bool has = false;
	QUERY q = query_of(store, find_window);

	query_puts(&q, 1, incident);
	if (query_next(&q)) {
		has = true;
		row.incident = query_text(&q, 0, a);
		row.rollout_at = query_number(&q, 1);
		row.deployed_at = query_number(&q, 2);
		row.outcome = query_text(&q, 3, a);
		row.confidence_millionths = query_number(&q, 4);
		row.why = query_text(&q, 5, a);
		row.decided_at = query_number(&q, 6);
	}
	if (!query_done(&q, e))
		return false;
	*found = has;
	if (has)
		*out = row;
	return true;
}

bool window_row_put(struct store *store, const struct window_row *row, struct err *e)
{
	QUERY q = query_of(store, put_window);

	query_puts(&q, 1, row->incident);
	query_put_number(&q, 2, row->rollout_at);
	query_put_number(&q, 3, row->deployed_at);
	query_puts(&q, 4, row->outcome);
	query_put_number(&q, 5, row->confidence_millionths);
	query_puts(&q, 6, row->why);
	query_put_number(&q, 7, row->decided_at);
	return query_run(&q, e);
}

bool window_row_ended(struct store *store, struct arena *a, const char *const **incidents,
		      size_t *count, struct err *e)
{
	const char **list = NULL;
	size_t n = 0;
	QUERY q = query_of(store, ended_windows);

	while (query_next(&q))
		arena_push(a, list, n) = query_text(&q, 0, a);
	if (!query_done(&q, e))
		return false;
	*incidents = list;
	*count = n;
	return true;
}

static bool run_for(struct store *store, const char *sql, const char *incident, struct err *e)
{
	QUERY q = query_of(store, sql);

	query_puts(&q, 1, incident);
	return query_run(&q, e);
}

bool window_row_drop(struct store *store, const char *incident, struct err *e)
{
	return run_for(store, drop_results, incident, e) &&
	       run_for(store, drop_targets, incident, e) &&
	       run_for(store, drop_points, incident, e) &&
	       run_for(store, drop_window, incident, e);
}

bool point_row_add(struct store *store, const char *incident, const struct point_row *row,
		   struct err *e)
{
	QUERY q = query_of(store, add_point);

	query_puts(&q, 1, incident);
	query_put_number(&q, 2, row->at);
	query_put_number(&q, 3, row->confidence_millionths);
	query_puts(&q, 4, row->verdict);
	query_puts(&q, 5, row->why);
	return query_run(&q, e);
}

bool point_row_list(struct store *store, const char *incident, struct arena *a,
		    struct point_row **list, size_t *count, struct err *e)
{
	struct point_row *rows = NULL;
	size_t n = 0;
	QUERY q = query_of(store, list_points);

	query_puts(&q, 1, incident);
	while (query_next(&q)) {
		struct point_row row = {
			.at = query_number(&q, 0), .confidence_millionths = query_number(&q, 1),
			.verdict = query_text(&q, 2, a), .why = query_text(&q, 3, a),
		};

		arena_push(a, rows, n) = row;
	}
	if (!query_done(&q, e))
		return false;
	*list = rows;
	*count = n;
	return true;
}

bool target_row_get(struct store *store, const char *watch, const char *target, struct arena *a,
		    struct target_row *out, bool *found, struct err *e)
{
	struct target_row row = { .target = arena_strdup(a, target) };
	bool has = false;
	QUERY q = query_of(store, find_target);

	query_puts(&q, 1, watch);
	query_puts(&q, 2, target);
	if (query_next(&q)) {
		has = true;
		row.every_ms = query_number(&q, 0);
		row.merged = query_number(&q, 1);
		row.next_at = query_number(&q, 2);
		row.state = query_text(&q, 3, a);
		row.in_a_row = query_number(&q, 4);
		row.history = query_number(&q, 5);
		row.seen = query_number(&q, 6);
		row.last_good = query_number(&q, 7) == 1;
		row.flaps = query_number(&q, 8) == 1;
		row.failing_since = query_number(&q, 9);
		row.down_at = query_number(&q, 10);
		row.why = query_text(&q, 11, a);
	}
	if (!query_done(&q, e))
		return false;
	*found = has;
	if (has)
		*out = row;
	return true;
}

bool target_row_put(struct store *store, const char *watch, const struct target_row *row,
		    struct err *e)
{
	QUERY q = query_of(store, put_target);

	query_puts(&q, 1, watch);
	query_puts(&q, 2, row->target);
	query_put_number(&q, 3, row->every_ms);
	query_put_number(&q, 4, row->merged);
	query_put_number(&q, 5, row->next_at);
	query_puts(&q, 6, row->state);
	query_put_number(&q, 7, row->in_a_row);
	query_put_number(&q, 8, row->history);
	query_put_number(&q, 9, row->seen);
	query_put_number(&q, 10, row->last_good);
	query_put_number(&q, 11, row->flaps);
	query_put_number(&q, 12, row->failing_since);
	query_put_number(&q, 13, row->down_at);
	query_puts(&q, 14, row->why);
	return query_run(&q, e);
}

bool result_row_add(struct store *store, const char *watch, const char *target,
		    const struct result_row *row, struct err *e)
{
	QUERY q = query_of(store, add_result);

	query_puts(&q, 1, watch);
	query_puts(&q, 2, target);
	query_put_number(&q, 3, row->at);
	query_put_number(&q, 4, row->known);
	query_put_number(&q, 5, row->good);
	query_put_number(&q, 6, row->wall_ms);
	query_puts(&q, 7, row->why);
	return query_run(&q, e);
}

bool result_row_list(struct store *store, const char *watch, const char *target, struct arena *a,
		     struct result_row **list, size_t *count, struct err *e)
{
	struct result_row *rows = NULL;
	size_t n = 0;
	QUERY q = query_of(store, list_results);

	query_puts(&q, 1, watch);
	query_puts(&q, 2, target);
	while (query_next(&q)) {
		struct result_row row = {
			.at = query_number(&q, 0), .known = query_number(&q, 1),
			.good = query_number(&q, 2), .wall_ms = query_number(&q, 3),
			.why = query_text(&q, 4, a),
		};

		arena_push(a, rows, n) = row;
	}
	if (!query_done(&q, e))
		return false;
	*list = rows;
	*count = n;
	return true;
}

bool watch_copy(struct store *store, const char *from, const char *to, int64_t first, int64_t last,
		struct err *e)
{
	QUERY q = query_of(store, copy_results);

	query_puts(&q, 1, from);
	query_puts(&q, 2, to);
	query_put_number(&q, 3, first);
	query_put_number(&q, 4, last);
	return query_run(&q, e);
}

static bool prune(struct store *store, const char *sql, const char *watch, int64_t before,
		  struct err *e)
{
	QUERY q = query_of(store, sql);

	query_puts(&q, 1, watch);
	query_put_number(&q, 2, before);
	return query_run(&q, e);
}

bool watch_prune(struct store *store, const char *watch, int64_t before, struct err *e)
{
	return prune(store, prune_targets, watch, before, e) &&
	       prune(store, prune_results, watch, before, e);
}

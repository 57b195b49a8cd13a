/*
 * Runs and jobs seen, and marks. Repositories are in repository.c.
 */
#include "bot/store/seen.h"

#include "bot/base/clock.h"
#include "bot/store/query.h"

static const char insert_handled[] =
	"INSERT INTO handled (repository_id, kind, id, attempt, handled_at) "
	"VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING";
static const char find_handled[] =
	"SELECT EXISTS (SELECT 1 FROM handled WHERE repository_id = ?1 AND kind = ?2 AND id = ?3 "
	"AND attempt = ?4) OR (?4 = 1 AND EXISTS (SELECT 1 FROM watermark WHERE repository_id = ?1 "
	"AND kind = ?2 AND id >= ?3))";
static const char raise_watermark[] =
	"INSERT INTO watermark (repository_id, kind, id) VALUES (?1, ?2, ?3) "
	"ON CONFLICT (repository_id, kind) DO UPDATE SET id = max(id, excluded.id)";
static const char drop_below[] =
	"DELETE FROM handled WHERE repository_id = ?1 AND kind = ?2 AND id <= ?3 AND attempt = 1";
static const char read_watermark[] =
	"SELECT id FROM watermark WHERE repository_id = ?1 AND kind = ?2";
static const char prune_handled[] = "DELETE FROM handled WHERE handled_at < ?1 AND attempt > 1";
static const char insert_mark[] =
	"INSERT INTO mark (name, value, marked_at) VALUES (?1, ?2, ?3) ON CONFLICT (name) "
	"DO UPDATE SET value = excluded.value, marked_at = excluded.marked_at";
static const char find_mark[] = "SELECT value FROM mark WHERE name = ?1";

static void put_thing(struct query *q, const struct seen_thing *thing)
{
	query_put_number(q, 1, thing->repository_id);
	query_puts(q, 2, thing->kind);
	query_put_number(q, 3, thing->id);
	query_put_number(q, 4, thing->attempt);
}

bool seen_has(struct store *store, const struct seen_thing *thing, bool *handled, struct err *e)
{
	bool has = false;
	QUERY q = query_of(store, find_handled);

	put_thing(&q, thing);
	if (query_next(&q))
		has = query_number(&q, 0) == 1;
	if (!query_done(&q, e))
		return false;
	*handled = has;
	return true;
}

bool seen_put(struct store *store, const struct seen_thing *thing, bool *fresh, struct err *e)
{
	bool handled;

	if (!seen_has(store, thing, &handled, e))
		return false;
	if (!handled) {
		QUERY q = query_of(store, insert_handled);

		put_thing(&q, thing);
		query_put_number(&q, 5, clock_wall_ms());
		if (!query_run(&q, e))
			return false;
	}
	*fresh = !handled;
	return true;
}

static bool run_below(struct store *store, const char *sql, int64_t repository_id, const char *kind,
		      int64_t id, struct err *e)
{
	QUERY q = query_of(store, sql);

	query_put_number(&q, 1, repository_id);
	query_puts(&q, 2, kind);
	query_put_number(&q, 3, id);
	return query_run(&q, e);
}

bool seen_up_to(struct store *store, int64_t repository_id, const char *kind, int64_t id,
		struct err *e)
{
	return run_below(store, raise_watermark, repository_id, kind, id, e) &&
	       run_below(store, drop_below, repository_id, kind, id, e);
}

bool seen_watermark(struct store *store, int64_t repository_id, const char *kind, int64_t *id,
		    struct err *e)
{
	int64_t found = 0;
	QUERY q = query_of(store, read_watermark);

	query_put_number(&q, 1, repository_id);
	query_puts(&q, 2, kind);
	if (query_next(&q))
		found = query_number(&q, 0);
	if (!query_done(&q, e))
		return false;
	*id = found;
	return true;
}

bool seen_prune(struct store *store, int64_t handled_before, struct err *e)
{
	QUERY q = query_of(store, prune_handled);

	query_put_number(&q, 1, handled_before);
	return query_run(&q, e);
}

bool mark_put(struct store *store, const char *name, struct str value, struct err *e)
{
	QUERY q = query_of(store, insert_mark);

	query_puts(&q, 1, name);
	query_put_text(&q, 2, value);
	query_put_number(&q, 3, clock_wall_ms());
	return query_run(&q, e);
}

bool mark_get(struct store *store, const char *name, struct arena *a, struct str *value,
	      bool *found, struct err *e)
{
	struct str text = STR_NONE;
	bool there;
	QUERY q = query_of(store, find_mark);

	query_puts(&q, 1, name);
	there = query_next(&q);
	if (there)
		text = query_str(&q, 0, a);
	if (!query_done(&q, e))
		return false;
	if (there)
		*value = text;
	*found = there;
	return true;
}

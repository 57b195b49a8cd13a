/*
 * Many incidents at once, and the sightings of one.
 */
#include "bot/store/incident_parts.h"

#include "bot/base/clock.h"

enum { LIMIT_DEFAULT = 50 };

#define SELECT_LIST "SELECT " INCIDENT_COLUMNS " FROM incident "
#define FILTER "(?1 = '' OR instr(?1, ' ' || stage || ' ')) AND (?2 = 0 OR repository_id = ?2) "
static const char list_newest[] = SELECT_LIST "WHERE " FILTER
	"ORDER BY opened_at DESC, id DESC LIMIT ?3 OFFSET ?4";
static const char list_newest_due[] = SELECT_LIST "WHERE " FILTER
	"AND due_at > 0 AND due_at < ?5 ORDER BY opened_at DESC, id DESC LIMIT ?3 OFFSET ?4";
static const char list_due[] = SELECT_LIST "WHERE " FILTER
	"AND due_at > 0 AND due_at < ?5 ORDER BY due_at, id LIMIT ?3 OFFSET ?4";
static const char count_stages[] = "SELECT stage, count(*) FROM incident GROUP BY stage";
static const char insert_sighting[] =
	"INSERT INTO sighting (incident, run_id, job_id, job, head_sha, pull, seen_at) "
	"VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (incident, run_id, job_id) DO NOTHING";
static const char make_due[] =
	"UPDATE incident SET due_at = ?2 WHERE id = ?1 AND due_at > ?2 AND " INCIDENT_IS_OPEN;
static const char wake_all[] =
	"UPDATE incident SET due_at = ?2 WHERE repository_id = ?1 AND due_at > ?2 AND "
	INCIDENT_IS_OPEN " AND json_extract(facts, '$.troubles') IS NULL";
static const char seen_in[] =
	"SELECT 1 FROM sighting s JOIN incident i ON i.id = s.incident WHERE i.repository_id = ?1 AND "
	"i.branch = ?2 AND i.signature = ?3 AND s.run_id = ?4 LIMIT 1";
static const char list_sightings[] =
	"SELECT run_id, job_id, job, head_sha, pull, seen_at FROM sighting WHERE incident = ?1 "
	"ORDER BY id";
static const char list_superseded[] = SELECT_LIST
	"WHERE repository_id = ?1 AND branch = ?2 AND head_sha != ?3 "
	"AND instr(?4, ' ' || stage || ' ') AND " INCIDENT_IS_OPEN " ORDER BY opened_at, id";

/* " TRIGGERED MERGED ", or "" for all. */
static const char *words_of(unsigned stages, struct arena *a)
{
	struct text words = TEXT(a);

	for (int i = 0; i < STAGE_COUNT; i++)
		if (stages & 1u << i)
			text_addf(&words, " %s ", stage_name((enum stage)i));
	return text_cstr(&words);
}

bool incident_list(struct store *store, const struct incident_filter *filter, struct arena *a,
		   struct incident **list, size_t *count, struct err *e)
{
	bool due = filter->due_before || filter->order == INCIDENT_DUE_FIRST;
	const char *sql = filter->order == INCIDENT_DUE_FIRST ? list_due :
			  due ? list_newest_due : list_newest;
	struct incident *found = arena_array(a, struct incident, 0);
	size_t size = 0;
	QUERY q = query_of(store, sql);

	query_puts(&q, 1, words_of(filter->stages, a));
	query_put_number(&q, 2, filter->repository_id);
	query_put_number(&q, 3, filter->limit ? (int64_t)filter->limit : LIMIT_DEFAULT);
	query_put_number(&q, 4, (int64_t)filter->skip);
	if (due)
		query_put_number(&q, 5, filter->due_before ? filter->due_before : INT64_MAX);
	while (query_next(&q))
		arena_push(a, found, size) = incident_read(&q, a);
	if (!query_done(&q, e))
		return false;
	*list = found;
	*count = size;
	return true;
}

bool incident_count(struct store *store, int64_t counts[STAGE_COUNT], struct err *e)
{
	ARENA a = {0};
	int64_t found[STAGE_COUNT] = {0};
	QUERY q = query_of(store, count_stages);

	while (query_next(&q)) {
		enum stage stage;

		if (stage_of(query_str(&q, 0, &a), &stage))
			found[stage] = query_number(&q, 1);
		else
			query_refuse(&q, "a stage that does not exist");
	}
	if (!query_done(&q, e))
		return false;
	memcpy(counts, found, sizeof(found));
	return true;
}

static bool wake(struct store *store, const char *id, struct err *e)
{
	QUERY q = query_of(store, make_due);

	query_puts(&q, 1, id);
	query_put_number(&q, 2, clock_wall_ms());
	return query_run(&q, e);
}

bool incident_see(struct store *store, const char *id, const struct sighting *sighting,
		  bool *fresh, struct err *e)
{
	bool inserted;
	QUERY q = query_of(store, insert_sighting);

	query_puts(&q, 1, id);
	query_put_number(&q, 2, sighting->run_id);
	query_put_number(&q, 3, sighting->job_id);
	query_puts(&q, 4, sighting->job);
	query_puts(&q, 5, sighting->head_sha);
	query_put_number(&q, 6, sighting->pull);
	query_put_number(&q, 7, clock_wall_ms());
	if (!query_run(&q, e))
		return false;
	inserted = query_changed(store) == 1;
	if (inserted && !wake(store, id, e))
		return false;
	*fresh = inserted;
	return true;
}

bool incident_seen_in(struct store *store, const struct incident *incident, int64_t run_id, bool *seen,
		      struct err *e)
{
	QUERY q = query_of(store, seen_in);
	bool found;

	query_put_number(&q, 1, incident->repository_id);
	query_puts(&q, 2, incident->branch);
	query_puts(&q, 3, incident->signature);
	query_put_number(&q, 4, run_id);
	found = query_next(&q);
	if (!query_done(&q, e))
		return false;
	*seen = found;
	return true;
}

bool incident_sightings(struct store *store, const char *id, struct arena *a,
			struct sighting **list, size_t *count, struct err *e)
{
	struct sighting *found = arena_array(a, struct sighting, 0);
	size_t size = 0;
	QUERY q = query_of(store, list_sightings);

	query_puts(&q, 1, id);
	while (query_next(&q))
		arena_push(a, found, size) = (struct sighting){
			.run_id = query_number(&q, 0), .job_id = query_number(&q, 1),
			.job = query_text(&q, 2, a), .head_sha = query_text(&q, 3, a),
			.pull = query_number(&q, 4), .seen_at = query_number(&q, 5),
		};
	if (!query_done(&q, e))
		return false;
	*list = found;
	*count = size;
	return true;
}

bool incident_wake(struct store *store, int64_t repository_id, size_t *count, struct err *e)
{
	QUERY q = query_of(store, wake_all);

	query_put_number(&q, 1, repository_id);
	query_put_number(&q, 2, clock_wall_ms());
	if (!query_run(&q, e))
		return false;
	*count = (size_t)query_changed(store);
	return true;
}

static bool read_superseded(struct store *store, int64_t repository_id, const char *branch,
			    unsigned stages, const char *head_sha, struct arena *a,
			    struct incident **list, size_t *count, struct err *e)
{
	QUERY q = query_of(store, list_superseded);

	query_put_number(&q, 1, repository_id);
	query_puts(&q, 2, branch);
	query_puts(&q, 3, head_sha);
	query_puts(&q, 4, words_of(stages, a));
	while (query_next(&q))
		arena_push(a, *list, *count) = incident_read(&q, a);
	return query_done(&q, e);
}

bool incident_supersede(struct store *store, int64_t repository_id, const char *branch,
			unsigned stages, const char *head_sha, const struct incident_reason *reason,
			size_t *count, struct err *e)
{
	ARENA a = {0};
	struct incident *list = NULL;
	size_t size = 0;

	if (!read_superseded(store, repository_id, branch, stages, head_sha, &a, &list, &size,
			     e))
		return false;
	for (size_t i = 0; i < size; i++) {
		list[i].due_at = 0;
		if (!incident_move(store, &list[i], STAGE_SUPERSEDED, reason, e))
			return false;
	}
	*count = size;
	return true;
}

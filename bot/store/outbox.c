/*
 * Effects and their states. Sends nothing, decides nothing about retries: it only never forgets and
 * never has two of a name (the schema sees to that too).
 */
#include "bot/store/outbox.h"

#include "bot/base/clock.h"
#include "bot/store/query.h"

enum { LIMIT_DEFAULT = 50 };

static const char *const names[EFFECT_STATES] = {
	[EFFECT_INTENDED] = "INTENDED", [EFFECT_SENT] = "SENT", [EFFECT_DONE] = "DONE",
	[EFFECT_FAILED] = "FAILED", [EFFECT_DROPPED] = "DROPPED",
};

#define SELECT_EFFECT                                                                              \
	"SELECT id, incident, kind, name, request, state, attempts, not_before, result, why, "     \
	"intended_at, changed_at FROM effect AS mine "
#define WAITS "state IN ('INTENDED', 'SENT')"
static const char insert[] =
	"INSERT INTO effect (incident, kind, name, request, state, attempts, not_before, result, "
	"why, intended_at, changed_at) VALUES (?1, ?2, ?3, ?4, 'INTENDED', 0, 0, '', '', ?5, ?5) "
	"ON CONFLICT (name) DO NOTHING";
static const char find[] = SELECT_EFFECT "WHERE name = ?1";
static const char list_of[] = SELECT_EFFECT "WHERE incident = ?1 ORDER BY id";
static const char list_pending[] = SELECT_EFFECT
	"WHERE " WAITS " AND not_before <= ?1 AND NOT EXISTS (SELECT 1 FROM effect AS other "
	"WHERE other.incident = mine.incident AND other.id < mine.id AND other." WAITS ") "
	"ORDER BY id LIMIT ?2";
static const char send[] =
	"UPDATE effect SET state = 'SENT', attempts = attempts + 1, changed_at = ?2 "
	"WHERE name = ?1 AND " WAITS;
static const char put_off[] =
	"UPDATE effect SET not_before = ?3, why = ?4, changed_at = ?2 WHERE name = ?1 AND " WAITS;
static const char end[] =
	"UPDATE effect SET state = ?3, result = ?4, why = ?5, changed_at = ?2 "
	"WHERE name = ?1 AND " WAITS;

const char *effect_state_name(enum effect_state state)
{
	return names[state];
}

static struct effect read_effect(struct query *q, struct arena *a)
{
	struct effect effect = {
		.id = query_number(q, 0), .incident = query_text(q, 1, a),
		.kind = query_text(q, 2, a), .name = query_text(q, 3, a),
		.request = query_str(q, 4, a), .attempts = query_number(q, 6),
		.not_before = query_number(q, 7), .result = query_str(q, 8, a),
		.why = query_text(q, 9, a), .intended_at = query_number(q, 10),
		.changed_at = query_number(q, 11),
	};
	const char *state = query_text(q, 5, a);

	for (int i = 0; i < EFFECT_STATES; i++)
		if (!strcmp(state, names[i])) {
			effect.state = (enum effect_state)i;
			return effect;
		}
	query_refuse(q, "a state of an effect that does not exist");
	return effect;
}

static bool read_list(struct query *q, struct arena *a, struct effect **list, size_t *count,
		      struct err *e)
{
	struct effect *found = arena_array(a, struct effect, 0);
	size_t size = 0;

	while (query_next(q))
		arena_push(a, found, size) = read_effect(q, a);
	if (!query_done(q, e))
		return false;
	*list = found;
	*count = size;
	return true;
}

bool outbox_get(struct store *store, const char *name, struct arena *a, struct effect *out,
		struct err *e)
{
	struct effect *list;
	size_t count;
	QUERY q = query_of(store, find);

	query_puts(&q, 1, name);
	if (!read_list(&q, a, &list, &count, e))
		return false;
	if (!count)
		return fail(e, ERR_GONE, "there is no effect %.100s", name);
	*out = list[0];
	return true;
}

static bool same_effect(struct store *store, const char *incident, const char *kind,
			const char *name, struct err *e)
{
	ARENA a = {0};
	struct effect other;

	if (!outbox_get(store, name, &a, &other, e))
		return false;
	return (!strcmp(other.incident, incident) && !strcmp(other.kind, kind)) ||
	       fail(e, ERR_BUG, "the effect %.100s is a %s of incident %s already", name,
		    other.kind, other.incident);
}

bool outbox_intend(struct store *store, const char *incident, const char *kind, const char *name,
		   struct str request, bool *fresh, struct err *e)
{
	bool inserted;
	QUERY q = query_of(store, insert);

	query_puts(&q, 1, incident);
	query_puts(&q, 2, kind);
	query_puts(&q, 3, name);
	query_put_object(&q, 4, request);
	query_put_number(&q, 5, clock_wall_ms());
	if (!query_run(&q, e))
		return fail_while(e, "intending %.100s", name);
	inserted = query_changed(store) == 1;
	if (!inserted && !same_effect(store, incident, kind, name, e))
		return false;
	*fresh = inserted;
	return true;
}

bool outbox_pending(struct store *store, int64_t now, size_t limit, struct arena *a,
		    struct effect **list, size_t *count, struct err *e)
{
	QUERY q = query_of(store, list_pending);

	query_put_number(&q, 1, now);
	query_put_number(&q, 2, limit ? (int64_t)limit : LIMIT_DEFAULT);
	return read_list(&q, a, list, count, e);
}

bool outbox_of(struct store *store, const char *incident, struct arena *a, struct effect **list,
	       size_t *count, struct err *e)
{
	QUERY q = query_of(store, list_of);

	query_puts(&q, 1, incident);
	return read_list(&q, a, list, count, e);
}

/* Nothing changed: it has ended before, or was never there. */
static bool was_ended(struct store *store, const char *name, struct err *e)
{
	ARENA a = {0};
	struct effect effect;

	return outbox_get(store, name, &a, &effect, e) &&
	       fail(e, ERR_LATER, "the effect %.100s is %s already", name, names[effect.state]);
}

bool outbox_sent(struct store *store, const char *name, struct err *e)
{
	QUERY q = query_of(store, send);

	query_puts(&q, 1, name);
	query_put_number(&q, 2, clock_wall_ms());
	if (!query_run(&q, e))
		return false;
	return query_changed(store) == 1 || was_ended(store, name, e);
}

bool outbox_later(struct store *store, const char *name, int64_t not_before, const char *why,
		  struct err *e)
{
	QUERY q = query_of(store, put_off);

	query_puts(&q, 1, name);
	query_put_number(&q, 2, clock_wall_ms());
	query_put_number(&q, 3, not_before);
	query_puts(&q, 4, why);
	if (!query_run(&q, e))
		return false;
	return query_changed(store) == 1 || was_ended(store, name, e);
}

static bool same_end(struct store *store, const char *name, enum effect_state state,
		     struct str result, struct err *e)
{
	ARENA a = {0};
	struct effect effect;

	if (!outbox_get(store, name, &a, &effect, e))
		return false;
	return (effect.state == state && str_equal(effect.result, result)) ||
	       was_ended(store, name, e);
}

static bool end_as(struct store *store, const char *name, enum effect_state state,
		   struct str result, const char *why, struct err *e)
{
	QUERY q = query_of(store, end);

	query_puts(&q, 1, name);
	query_put_number(&q, 2, clock_wall_ms());
	query_puts(&q, 3, names[state]);
	if (state == EFFECT_DONE)
		query_put_object(&q, 4, result);
	else
		query_puts(&q, 4, "");
	query_puts(&q, 5, why);
	if (!query_run(&q, e))
		return fail_while(e, "ending %.100s", name);
	return query_changed(store) == 1 || same_end(store, name, state, result, e);
}

bool outbox_done(struct store *store, const char *name, struct str result, struct err *e)
{
	return end_as(store, name, EFFECT_DONE, result, "", e);
}

bool outbox_failed(struct store *store, const char *name, const char *why, struct err *e)
{
	return end_as(store, name, EFFECT_FAILED, STR_NONE, why, e);
}

bool outbox_dropped(struct store *store, const char *name, const char *why, struct err *e)
{
	return end_as(store, name, EFFECT_DROPPED, STR_NONE, why, e);
}

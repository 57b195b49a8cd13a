/*
 * Lessons. Only kept here; what to make of them is decided elsewhere.
 */
#include "bot/store/lesson.h"

#include "bot/base/clock.h"
#include "bot/store/query.h"

enum { LIMIT_DEFAULT = 100 };

static const char *const names[LESSON_OUTCOMES] = {
	[LESSON_WORKED] = "WORKED", [LESSON_RED_AGAIN] = "RED_AGAIN",
	[LESSON_REVERTED] = "REVERTED", [LESSON_REJECTED] = "REJECTED", [LESSON_LIKED] = "LIKED",
	[LESSON_DISLIKED] = "DISLIKED",
};

#define SELECT_LESSON                                                                              \
	"SELECT id, incident, signature, family, repository_id, action, name, outcome, "           \
	"learned_at, usable_from, effective FROM lesson "
#define USABLE "AND usable_from <= ?2 ORDER BY learned_at DESC, id DESC LIMIT ?3"
static const char insert[] =
	"INSERT INTO lesson (incident, signature, family, repository_id, action, name, outcome, "
	"learned_at, usable_from, effective) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 1) "
	"ON CONFLICT (incident, action, name, outcome) DO NOTHING";
static const char disown[] =
	"UPDATE lesson SET effective = 0 WHERE signature = ?1 AND action = ?2 AND name = ?3";
static const char list_signature[] = SELECT_LESSON "WHERE signature = ?1 " USABLE;
static const char list_family[] = SELECT_LESSON "WHERE family = ?1 " USABLE;

const char *lesson_outcome_name(enum lesson_outcome outcome)
{
	return names[outcome];
}

bool lesson_add(struct store *store, const struct lesson *lesson, bool *fresh, struct err *e)
{
	int64_t now = clock_wall_ms();
	QUERY q = query_of(store, insert);

	query_puts(&q, 1, lesson->incident);
	query_puts(&q, 2, lesson->signature);
	query_puts(&q, 3, lesson->family);
	query_put_number(&q, 4, lesson->repository_id);
	query_puts(&q, 5, lesson->action);
	query_puts(&q, 6, lesson->name);
	query_puts(&q, 7, names[lesson->outcome]);
	query_put_number(&q, 8, now);
	query_put_number(&q, 9, now + LESSON_WAIT_MS);
	if (!query_run(&q, e))
		return false;
	*fresh = query_changed(store) == 1;
	return true;
}

bool lesson_ineffective(struct store *store, const char *signature, const char *action,
			const char *name, struct err *e)
{
	QUERY q = query_of(store, disown);

	query_puts(&q, 1, signature);
	query_puts(&q, 2, action);
	query_puts(&q, 3, name);
	return query_run(&q, e);
}

static struct lesson read_lesson(struct query *q, struct arena *a)
{
	struct lesson lesson = {
		.id = query_number(q, 0), .incident = query_text(q, 1, a),
		.signature = query_text(q, 2, a), .family = query_text(q, 3, a),
		.repository_id = query_number(q, 4), .action = query_text(q, 5, a),
		.name = query_text(q, 6, a), .learned_at = query_number(q, 8),
		.usable_from = query_number(q, 9), .effective = query_number(q, 10) == 1,
	};
	const char *outcome = query_text(q, 7, a);

	for (int i = 0; i < LESSON_OUTCOMES; i++)
		if (!strcmp(outcome, names[i])) {
			lesson.outcome = (enum lesson_outcome)i;
			return lesson;
		}
	query_refuse(q, "an outcome of a lesson that does not exist");
	return lesson;
}

static bool read_list(struct query *q, const char *key, int64_t now, size_t limit, struct arena *a,
		      struct lesson **list, size_t *count, struct err *e)
{
	struct lesson *found = arena_array(a, struct lesson, 0);
	size_t size = 0;

	query_puts(q, 1, key);
	query_put_number(q, 2, now);
	query_put_number(q, 3, limit ? (int64_t)limit : LIMIT_DEFAULT);
	while (query_next(q))
		arena_push(a, found, size) = read_lesson(q, a);
	if (!query_done(q, e))
		return false;
	*list = found;
	*count = size;
	return true;
}

bool lesson_of_signature(struct store *store, const char *signature, int64_t now, size_t limit,
			 struct arena *a, struct lesson **list, size_t *count, struct err *e)
{
	QUERY q = query_of(store, list_signature);

	return read_list(&q, signature, now, limit, a, list, count, e);
}

bool lesson_of_family(struct store *store, const char *family, int64_t now, size_t limit,
		      struct arena *a, struct lesson **list, size_t *count, struct err *e)
{
	QUERY q = query_of(store, list_family);

	return read_list(&q, family, now, limit, a, list, count, e);
}

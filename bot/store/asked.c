/*
 * What was asked for in comments, as rows. What a word means, and who may say it, is known elsewhere.
 */
#include "bot/store/asked.h"

#include "bot/base/clock.h"
#include "bot/store/query.h"

static const char *const names[ASKED_STATES] = {
	[ASKED_TAKEN] = "TAKEN", [ASKED_DECIDED] = "DECIDED", [ASKED_DONE] = "DONE",
	[ASKED_IGNORED] = "IGNORED", [ASKED_FAILED] = "FAILED",
};

static const char insert[] =
	"INSERT INTO asked (repository_id, comment, issue, author, word, hint, edited, created_at, "
	"state, act, why, incident, head, tries, due_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, "
	"'TAKEN', '', '', '', '', 0, ?9) ON CONFLICT DO NOTHING";
static const char has[] =
	"SELECT EXISTS (SELECT 1 FROM asked WHERE repository_id = ?1 AND comment = ?2)";
/* The condition on the state word for word as in the schema, so that its partial index serves. */
static const char due[] =
	"SELECT repository_id, comment, issue, author, word, hint, edited, created_at, state, act, why, "
	"incident, head, tries, due_at FROM asked WHERE state IN ('TAKEN', 'DECIDED') AND "
	"due_at <= ?1 ORDER BY comment LIMIT ?2";
static const char next[] = "SELECT due_at FROM asked WHERE state IN ('TAKEN', 'DECIDED') "
	"ORDER BY due_at LIMIT 1";
static const char settle[] =
	"UPDATE asked SET state = ?3, act = ?4, why = ?5, incident = ?6, head = ?7, tries = ?8, "
	"due_at = ?9 WHERE repository_id = ?1 AND comment = ?2 AND state IN ('TAKEN', 'DECIDED')";

const char *asked_state_name(enum asked_state state)
{
	return names[state];
}

bool asked_take(struct store *store, const struct asked *asked, bool *fresh, struct err *e)
{
	QUERY q = query_of(store, insert);

	query_put_number(&q, 1, asked->repository_id);
	query_put_number(&q, 2, asked->comment);
	query_put_number(&q, 3, asked->issue);
	query_puts(&q, 4, asked->author);
	query_puts(&q, 5, asked->word);
	query_puts(&q, 6, asked->hint);
	query_put_number(&q, 7, asked->is_edited);
	query_put_number(&q, 8, asked->created_at);
	query_put_number(&q, 9, clock_wall_ms());
	if (!query_run(&q, e))
		return false;
	*fresh = query_changed(store) == 1;
	return true;
}

bool asked_has(struct store *store, int64_t repository_id, int64_t comment, bool *taken, struct err *e)
{
	bool there = false;
	QUERY q = query_of(store, has);

	query_put_number(&q, 1, repository_id);
	query_put_number(&q, 2, comment);
	if (query_next(&q))
		there = query_number(&q, 0) == 1;
	if (!query_done(&q, e))
		return false;
	*taken = there;
	return true;
}

static enum asked_state read_state(struct query *q, int column, struct arena *a)
{
	struct str name = query_str(q, column, a);

	for (enum asked_state state = 0; state < ASKED_STATES; state++)
		if (str_is(name, names[state]))
			return state;
	query_refuse(q, "a state that there is not");
	return ASKED_FAILED;
}

static struct asked read_row(struct query *q, struct arena *a)
{
	return (struct asked){
		.repository_id = query_number(q, 0), .comment = query_number(q, 1),
		.issue = query_number(q, 2), .author = query_text(q, 3, a),
		.word = query_text(q, 4, a), .hint = query_text(q, 5, a),
		.is_edited = query_number(q, 6) == 1, .created_at = query_number(q, 7),
		.state = read_state(q, 8, a), .act = query_text(q, 9, a), .why = query_text(q, 10, a),
		.incident = query_text(q, 11, a), .head = query_text(q, 12, a),
		.tries = query_number(q, 13), .due_at = query_number(q, 14),
	};
}

bool asked_due(struct store *store, int64_t now, size_t limit, struct arena *a, struct asked **list,
	       size_t *count, struct err *e)
{
	struct asked *found = arena_array(a, struct asked, 0);
	size_t size = 0;
	QUERY q = query_of(store, due);

	query_put_number(&q, 1, now);
	query_put_number(&q, 2, limit ? (int64_t)limit : 50);
	while (query_next(&q))
		arena_push(a, found, size) = read_row(&q, a);
	if (!query_done(&q, e))
		return false;
	*list = found;
	*count = size;
	return true;
}

bool asked_next(struct store *store, int64_t *due_at, struct err *e)
{
	int64_t at = 0;
	QUERY q = query_of(store, next);

	if (query_next(&q))
		at = query_number(&q, 0);
	if (!query_done(&q, e))
		return false;
	*due_at = at;
	return true;
}

bool asked_settle(struct store *store, const struct asked *asked, struct err *e)
{
	QUERY q = query_of(store, settle);

	query_put_number(&q, 1, asked->repository_id);
	query_put_number(&q, 2, asked->comment);
	query_puts(&q, 3, names[asked->state]);
	query_puts(&q, 4, asked->act);
	query_puts(&q, 5, asked->why);
	query_puts(&q, 6, asked->incident);
	query_puts(&q, 7, asked->head);
	query_put_number(&q, 8, asked->tries);
	query_put_number(&q, 9, asked->due_at);
	if (!query_run(&q, e))
		return false;
	return query_changed(store) == 1 ||
	       fail(e, ERR_LATER, "comment %lld was settled already", (long long)asked->comment);
}

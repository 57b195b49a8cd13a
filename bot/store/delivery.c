/*
 * The table of deliveries. What a delivery means is read elsewhere.
 */
#include "bot/store/delivery.h"

#include "bot/base/clock.h"
#include "bot/store/query.h"

#define COLUMNS                                                                                    \
	"id, digest, listed, event, action, repository_id, repository, installation_id, head_sha, "\
	"branch, issue, comment_id, sender, wants, received_at"
/* The list tells of a delivery that failed without its body, which may be sent once more. */
static const char insert[] =
	"INSERT INTO delivery (" COLUMNS ", handled_at) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, "
	"?10, ?11, ?12, ?13, ?14, ?15, ?16 WHERE ?2 = '' OR NOT EXISTS (SELECT 1 FROM delivery "
	"WHERE digest = ?2 AND digest != '' AND received_at > ?17) "
	"ON CONFLICT (id) DO UPDATE SET digest = excluded.digest, listed = 0, "
	"event = excluded.event, action = excluded.action, "
	"repository_id = excluded.repository_id, repository = excluded.repository, "
	"installation_id = excluded.installation_id, head_sha = excluded.head_sha, "
	"branch = excluded.branch, issue = excluded.issue, comment_id = excluded.comment_id, "
	"sender = excluded.sender, wants = excluded.wants, received_at = excluded.received_at, "
	"handled_at = excluded.handled_at WHERE delivery.listed = 1 AND excluded.listed = 0";
static const char find[] = "SELECT EXISTS (SELECT 1 FROM delivery WHERE id = ?1)";
static const char waiting[] =
	"SELECT number, " COLUMNS " FROM delivery WHERE handled_at = 0 ORDER BY number LIMIT ?1";
static const char handle[] = "UPDATE delivery SET handled_at = ?2 WHERE number = ?1 AND handled_at = 0";
static const char last[] =
	"SELECT received_at FROM delivery WHERE listed = 0 ORDER BY number DESC LIMIT 1";
static const char prune[] =
	"DELETE FROM delivery WHERE number IN (SELECT number FROM delivery ORDER BY number LIMIT ?2) "
	"AND received_at < ?1";

bool delivery_add(struct store *store, const struct delivery *delivery, int64_t same_ms,
		  bool *fresh, struct err *e)
{
	const struct hint *hint = &delivery->hint;
	int64_t now = clock_wall_ms();
	QUERY q = query_of(store, insert);

	query_puts(&q, 1, delivery->id);
	query_puts(&q, 2, delivery->digest);
	query_put_number(&q, 3, delivery->listed);
	query_puts(&q, 4, hint->event);
	query_puts(&q, 5, hint->action);
	query_put_number(&q, 6, hint->repository_id);
	query_puts(&q, 7, hint->repository);
	query_put_number(&q, 8, hint->installation_id);
	query_puts(&q, 9, hint->head_sha);
	query_puts(&q, 10, hint->branch);
	query_put_number(&q, 11, hint->issue);
	query_put_number(&q, 12, hint->comment_id);
	query_puts(&q, 13, hint->sender);
	query_put_number(&q, 14, hint->wants);
	query_put_number(&q, 15, now);
	query_put_number(&q, 16, hint->wants ? 0 : now);
	query_put_number(&q, 17, now - same_ms);
	if (!query_run(&q, e))
		return false;
	*fresh = query_changed(store) == 1;
	return true;
}

bool delivery_known(struct store *store, const char *id, bool *known, struct err *e)
{
	bool found = false;
	QUERY q = query_of(store, find);

	query_puts(&q, 1, id);
	if (query_next(&q))
		found = query_number(&q, 0) == 1;
	if (!query_done(&q, e))
		return false;
	*known = found;
	return true;
}

static struct delivery read_delivery(struct query *q, struct arena *a)
{
	return (struct delivery){
		.number = query_number(q, 0), .id = query_text(q, 1, a),
		.digest = query_text(q, 2, a), .listed = query_number(q, 3) == 1,
		.hint = {
			.event = query_text(q, 4, a), .action = query_text(q, 5, a),
			.repository_id = query_number(q, 6), .repository = query_text(q, 7, a),
			.installation_id = query_number(q, 8), .head_sha = query_text(q, 9, a),
			.branch = query_text(q, 10, a), .issue = query_number(q, 11),
			.comment_id = query_number(q, 12), .sender = query_text(q, 13, a),
			.wants = (unsigned)query_number(q, 14),
		},
		.received_at = query_number(q, 15),
	};
}

bool delivery_waiting(struct store *store, size_t limit, struct arena *a, struct delivery **list,
		      size_t *count, struct err *e)
{
	struct delivery *found = arena_array(a, struct delivery, 0);
	size_t size = 0;
	QUERY q = query_of(store, waiting);

	query_put_number(&q, 1, (int64_t)limit);
	while (query_next(&q))
		arena_push(a, found, size) = read_delivery(&q, a);
	if (!query_done(&q, e))
		return false;
	*list = found;
	*count = size;
	return true;
}

bool delivery_handled(struct store *store, int64_t number, struct err *e)
{
	QUERY q = query_of(store, handle);

	query_put_number(&q, 1, number);
	query_put_number(&q, 2, clock_wall_ms());
	return query_run(&q, e);
}

bool delivery_last(struct store *store, int64_t *received_at, struct err *e)
{
	int64_t found = 0;
	QUERY q = query_of(store, last);

	if (query_next(&q))
		found = query_number(&q, 0);
	if (!query_done(&q, e))
		return false;
	*received_at = found;
	return true;
}

bool delivery_prune(struct store *store, int64_t before, int64_t most, struct err *e)
{
	QUERY q = query_of(store, prune);

	query_put_number(&q, 1, before);
	query_put_number(&q, 2, most);
	return query_run(&q, e);
}

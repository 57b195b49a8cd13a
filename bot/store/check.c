/*
 * Is the database what it should be? Reads everything once; mends nothing.
 */
#include "bot/store/store.h"

#include "bot/store/migrate.h"
#include "bot/store/query.h"
#include "bot/store/store_parts.h"

/* Statistics of SQLite itself are nobody's business. */
static const char read_schema[] =
	"SELECT type || ' ' || name, tbl_name || ' ' || coalesce(sql, '') FROM sqlite_schema "
	"WHERE name NOT LIKE 'sqlite\\_stat%' ESCAPE '\\' ORDER BY type, name";
static const char read_damage[] = "PRAGMA quick_check(1)";
static const char read_dangling[] =
	"SELECT \"table\", parent FROM pragma_foreign_key_check LIMIT 1";

static bool undamaged(struct store *store, struct err *e)
{
	ARENA a = {0};
	QUERY q = query_of(store, read_damage);
	const char *answer = query_next(&q) ? query_text(&q, 0, &a) : "no answer";

	if (!query_done(&q, e))
		return false;
	return !strcmp(answer, "ok") ||
	       fail(e, ERR_INPUT, "%s is damaged: %s", store->name, answer);
}

static bool references_hold(struct store *store, struct err *e)
{
	ARENA a = {0};
	QUERY q = query_of(store, read_dangling);

	if (query_next(&q))
		return fail(e, ERR_INPUT, "%s is damaged: a row of %s has lost its %s", store->name,
			    query_text(&q, 0, &a), query_text(&q, 1, &a));
	return query_done(&q, e);
}

/* Against a fresh one made by the same steps. */
static bool same_schema(struct store *store, struct err *e)
{
	ARENA a = {0};
	STORE fresh = NULL;

	if (!store_open("sqlite::memory:", STORE_WRITE, &fresh, e))
		return false;
	QUERY ours = query_of(store, read_schema);
	QUERY right = query_of(fresh, read_schema);

	for (;;) {
		bool more = query_next(&ours), expected = query_next(&right);
		const char *name = more ? query_text(&ours, 0, &a) : "";
		const char *wanted = expected ? query_text(&right, 0, &a) : "";

		if (!more && !expected)
			return query_done(&ours, e) && query_done(&right, e);
		if (!query_done(&ours, e) || !query_done(&right, e))
			return false;
		if (more && (!expected || strcmp(name, wanted) < 0))
			return fail(e, ERR_INPUT, "%s: somebody added the %s", store->name, name);
		if (!more || strcmp(name, wanted) > 0)
			return fail(e, ERR_INPUT, "%s: the %s is missing", store->name, wanted);
		if (strcmp(query_text(&ours, 1, &a), query_text(&right, 1, &a)) != 0)
			return fail(e, ERR_INPUT, "%s: somebody changed the %s", store->name, name);
	}
}

bool store_check(struct store *store, struct err *e)
{
	return undamaged(store, e) && references_hold(store, e) && same_schema(store, e);
}

/*
 * Installations, repositories and their settings as last seen. The settings are kept as text: what
 * they mean is read elsewhere.
 */
#include "bot/base/clock.h"
#include "bot/store/query.h"
#include "bot/store/seen.h"

#define SELECT_REPOSITORY                                                                          \
	"SELECT id, name, installation_id, default_branch, watched, seen_at FROM repository "
static const char insert_repository[] =
	"INSERT INTO repository (id, name, installation_id, default_branch, watched, seen_at) "
	"VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (id) DO UPDATE SET name = excluded.name, "
	"installation_id = excluded.installation_id, default_branch = excluded.default_branch, "
	"watched = excluded.watched, seen_at = excluded.seen_at";
static const char find_repository[] = SELECT_REPOSITORY "WHERE id = ?1";
static const char find_name[] = SELECT_REPOSITORY "WHERE name = ?1 ORDER BY seen_at DESC LIMIT 1";
static const char list_repositories[] = SELECT_REPOSITORY "WHERE watched = 1 ORDER BY id";
static const char insert_installation[] =
	"INSERT INTO installation (id, account, suspended, seen_at) VALUES (?1, ?2, ?3, ?4) "
	"ON CONFLICT (id) DO UPDATE SET account = excluded.account, "
	"suspended = excluded.suspended, seen_at = excluded.seen_at";
static const char list_installations[] =
	"SELECT id, account, suspended, seen_at FROM installation ORDER BY id";
static const char insert_settings[] =
	"INSERT INTO settings (repository_id, sha, text, read_at) VALUES (?1, ?2, ?3, ?4) "
	"ON CONFLICT (repository_id) DO UPDATE SET sha = excluded.sha, text = excluded.text, "
	"read_at = excluded.read_at";
static const char find_settings[] =
	"SELECT sha, text, read_at FROM settings WHERE repository_id = ?1";

bool repository_put(struct store *store, const struct repository *repository, struct err *e)
{
	QUERY q = query_of(store, insert_repository);

	query_put_number(&q, 1, repository->id);
	query_puts(&q, 2, repository->name);
	query_put_number(&q, 3, repository->installation_id);
	query_puts(&q, 4, repository->default_branch);
	query_put_number(&q, 5, repository->watched);
	query_put_number(&q, 6, clock_wall_ms());
	return query_run(&q, e);
}

static bool read_repositories(struct query *q, struct arena *a, struct repository **list,
			      size_t *count, struct err *e)
{
	struct repository *found = arena_array(a, struct repository, 0);
	size_t size = 0;

	while (query_next(q))
		arena_push(a, found, size) = (struct repository){
			.id = query_number(q, 0), .name = query_text(q, 1, a),
			.installation_id = query_number(q, 2),
			.default_branch = query_text(q, 3, a),
			.watched = query_number(q, 4) == 1, .seen_at = query_number(q, 5),
		};
	if (!query_done(q, e))
		return false;
	*list = found;
	*count = size;
	return true;
}

static bool read_repository(struct query *q, struct arena *a, struct repository *out, struct err *e)
{
	struct repository *list;
	size_t count;

	if (!read_repositories(q, a, &list, &count, e))
		return false;
	if (!count)
		return fail(e, ERR_GONE, "this repository is not known");
	*out = list[0];
	return true;
}

bool repository_get(struct store *store, int64_t id, struct arena *a, struct repository *out,
		    struct err *e)
{
	QUERY q = query_of(store, find_repository);

	query_put_number(&q, 1, id);
	return read_repository(&q, a, out, e) || fail_while(e, "repository %lld", (long long)id);
}

bool repository_find(struct store *store, const char *name, struct arena *a,
		     struct repository *out, struct err *e)
{
	QUERY q = query_of(store, find_name);

	query_puts(&q, 1, name);
	return read_repository(&q, a, out, e) || fail_while(e, "%.100s", name);
}

bool repository_list(struct store *store, struct arena *a, struct repository **list, size_t *count,
		     struct err *e)
{
	QUERY q = query_of(store, list_repositories);

	return read_repositories(&q, a, list, count, e);
}

bool installation_put(struct store *store, const struct installation *installation, struct err *e)
{
	QUERY q = query_of(store, insert_installation);

	query_put_number(&q, 1, installation->id);
	query_puts(&q, 2, installation->account);
	query_put_number(&q, 3, installation->suspended);
	query_put_number(&q, 4, clock_wall_ms());
	return query_run(&q, e);
}

bool installation_list(struct store *store, struct arena *a, struct installation **list,
		       size_t *count, struct err *e)
{
	struct installation *found = arena_array(a, struct installation, 0);
	size_t size = 0;
	QUERY q = query_of(store, list_installations);

	while (query_next(&q))
		arena_push(a, found, size) = (struct installation){
			.id = query_number(&q, 0), .account = query_text(&q, 1, a),
			.suspended = query_number(&q, 2) == 1, .seen_at = query_number(&q, 3),
		};
	if (!query_done(&q, e))
		return false;
	*list = found;
	*count = size;
	return true;
}

bool settings_put(struct store *store, int64_t repository_id, const struct settings_text *settings,
		  struct err *e)
{
	QUERY q = query_of(store, insert_settings);

	query_put_number(&q, 1, repository_id);
	query_puts(&q, 2, settings->sha);
	query_put_text(&q, 3, settings->text);
	query_put_number(&q, 4, clock_wall_ms());
	return query_run(&q, e);
}

bool settings_get(struct store *store, int64_t repository_id, struct arena *a,
		  struct settings_text *out, struct err *e)
{
	struct settings_text found = {0};
	QUERY q = query_of(store, find_settings);

	query_put_number(&q, 1, repository_id);
	if (query_next(&q)) {
		found.sha = query_text(&q, 0, a);
		found.text = query_str(&q, 1, a);
		found.read_at = query_number(&q, 2);
	}
	if (!query_done(&q, e))
		return false;
	if (!found.sha)
		return fail(e, ERR_GONE, "the settings of repository %lld were never read",
			    (long long)repository_id);
	*out = found;
	return true;
}

/*
 * Kept answers, each with the hash of its body. Talks to no server.
 */
#include "bot/store/cache.h"

#include "bot/base/clock.h"
#include "bot/base/crypto.h"
#include "bot/store/query.h"

static const char insert[] =
	"INSERT INTO answer (name, etag, body_hash, body, size, used_at) "
	"VALUES (?1, ?2, ?3, ?4, length(?1) + length(?4), ?5) ON CONFLICT (name) DO UPDATE SET "
	"etag = excluded.etag, body_hash = excluded.body_hash, body = excluded.body, "
	"size = excluded.size, used_at = excluded.used_at";
static const char drop[] = "DELETE FROM answer WHERE name = ?1";
static const char find[] = "SELECT etag, body_hash, body FROM answer WHERE name = ?1";
static const char touch[] = "UPDATE answer SET used_at = ?2 WHERE name = ?1 AND used_at < ?2 - ?3";
/* From the most recently used on; what goes beyond the limit is dropped. */
static const char prune[] =
	"DELETE FROM answer WHERE name IN (SELECT name FROM (SELECT name, sum(size) OVER "
	"(ORDER BY used_at DESC, name ROWS UNBOUNDED PRECEDING) AS total FROM answer) "
	"WHERE total > ?1)";

static const char *hash_of(struct arena *a, struct str body)
{
	uint8_t digest[CRYPTO_SHA256_BYTES];

	crypto_sha256(body, digest);
	return crypto_hex(a, (struct str){ (const char *)digest, sizeof(digest) });
}

static bool drop_one(struct store *store, const char *name, struct err *e)
{
	QUERY q = query_of(store, drop);

	query_puts(&q, 1, name);
	return query_run(&q, e);
}

bool cache_put(struct store *store, const char *name, const struct cache_answer *answer, bool *kept,
	       struct err *e)
{
	ARENA a = {0};

	if (answer->body.size > CACHE_BODY_MOST) {
		if (!drop_one(store, name, e))
			return false;
		*kept = false;
		return true;
	}

	QUERY q = query_of(store, insert);

	query_puts(&q, 1, name);
	query_puts(&q, 2, answer->etag);
	query_puts(&q, 3, hash_of(&a, answer->body));
	query_put_bytes(&q, 4, answer->body);
	query_put_number(&q, 5, clock_wall_ms());
	if (!query_run(&q, e))
		return false;
	*kept = true;
	return true;
}

bool cache_get(struct store *store, const char *name, struct arena *a, struct cache_answer *out,
	       bool *found, struct err *e)
{
	struct cache_answer answer = {0};
	const char *hash = "";
	QUERY q = query_of(store, find);

	query_puts(&q, 1, name);
	if (query_next(&q)) {
		answer.etag = query_text(&q, 0, a);
		hash = query_text(&q, 1, a);
		answer.body = query_bytes(&q, 2, a);
	}
	if (!query_done(&q, e))
		return false;
	*found = answer.etag && !strcmp(hash, hash_of(a, answer.body));
	if (*found)
		*out = answer;
	return true;
}

bool cache_touch(struct store *store, const char *name, struct err *e)
{
	QUERY q = query_of(store, touch);

	query_puts(&q, 1, name);
	query_put_number(&q, 2, clock_wall_ms());
	query_put_number(&q, 3, CACHE_TOUCH_MS);
	return query_run(&q, e);
}

bool cache_prune(struct store *store, int64_t bytes_most, struct err *e)
{
	QUERY q = query_of(store, prune);

	query_put_number(&q, 1, bytes_most);
	return query_run(&q, e);
}

/*
 * Adds to the audit log and reads it in pages. The order of the rows is also kept by triggers of
 * the schema. Does not judge it (audit_check.c) and does not redact: facts come in as they may be
 * kept.
 */
#include "bot/store/audit.h"

#include "bot/base/clock.h"
#include "bot/base/crypto.h"
#include "bot/store/audit_parts.h"
#include "bot/store/query.h"

enum { PAGE_ROWS = 256 };

static const char read_head[] = "SELECT seq, hash FROM audit_head WHERE one = 1";
static const char insert[] =
	"INSERT INTO audit (seq, at, actor, incident, what, facts, previous, hash) "
	"VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
#define COLUMNS "seq, at, actor, incident, what, facts, previous, hash"
static const char read_page[] =
	"SELECT " COLUMNS " FROM audit WHERE seq > ?1 AND (?2 = '' OR actor = ?2) AND at >= ?3 "
	"AND (?4 = 0 OR at < ?4) ORDER BY seq LIMIT ?5";
static const char read_page_of_incident[] =
	"SELECT " COLUMNS " FROM audit WHERE seq > ?1 AND (?2 = '' OR actor = ?2) AND at >= ?3 "
	"AND (?4 = 0 OR at < ?4) AND incident = ?6 ORDER BY seq LIMIT ?5";

char *audit_hash(struct arena *a, const struct audit_row *row)
{
	uint8_t digest[CRYPTO_SHA256_BYTES];
	struct text text = TEXT(a);

	text_addf(&text, "aegis-audit 1\n%lld\n%lld\n%s\n%s\n%s\n", (long long)row->seq,
		  (long long)row->at, row->actor, row->incident, row->what);
	text_add(&text, row->facts);
	text_addf(&text, "\n%s\n", row->previous);
	crypto_sha256(text_str(&text), digest);
	return crypto_hex(a, (struct str){ (const char *)digest, sizeof(digest) });
}

bool audit_head(struct store *store, struct audit_head *head, struct err *e)
{
	ARENA a = {0};
	QUERY q = query_of(store, read_head);
	struct audit_head found = {0};

	if (query_next(&q)) {
		found.seq = query_number(&q, 0);
		snprintf(found.hash, sizeof(found.hash), "%s", query_text(&q, 1, &a));
	}
	if (!query_done(&q, e))
		return false;
	if (strlen(found.hash) != AUDIT_HASH_SIZE - 1)
		return fail(e, ERR_INPUT, "%s: the audit log has lost its head", store_name(store));
	*head = found;
	return true;
}

static bool check_word(const char *name, const char *word, struct err *e)
{
	size_t size = strlen(word);

	if (!size || size > AUDIT_WORD_MOST)
		return fail(e, ERR_INPUT, "audit: %s has %zu bytes, 1 to %d are allowed", name,
			    size, AUDIT_WORD_MOST);
	for (size_t i = 0; i < size; i++)
		if ((unsigned char)word[i] < ' ' || word[i] == 0x7f)
			return fail(e, ERR_INPUT, "audit: %s holds a control character", name);
	return true;
}

static bool facts_text(const json_t *facts, struct arena *a, struct str *out, struct err *e)
{
	struct text text = TEXT(a);

	if (facts && !json_is_object(facts))
		return fail(e, ERR_BUG, "audit: the facts must be an object");
	if (facts && !json_print(facts, JSON_SORTED, &text, e))
		return fail_while(e, "audit");
	*out = facts ? text_str(&text) : STR("{}");
	return true;
}

bool audit_append(struct store *store, const char *actor, const char *incident, const char *what,
		  const json_t *facts, struct err *e)
{
	ARENA a = {0};
	struct audit_row row = { .actor = actor, .incident = incident ? incident : "",
				 .what = what };
	struct audit_head head = {0};

	if (!check_word("the actor", actor, e) || !check_word("what", what, e) ||
	    (row.incident[0] && !check_word("the incident", row.incident, e)) ||
	    !facts_text(facts, &a, &row.facts, e) || !audit_head(store, &head, e))
		return false;
	row.seq = head.seq + 1;
	row.at = clock_wall_ms();
	row.previous = head.hash;
	row.hash = audit_hash(&a, &row);

	QUERY q = query_of(store, insert);

	query_put_number(&q, 1, row.seq);
	query_put_number(&q, 2, row.at);
	query_puts(&q, 3, row.actor);
	query_puts(&q, 4, row.incident);
	query_puts(&q, 5, row.what);
	query_put_text(&q, 6, row.facts);
	query_puts(&q, 7, row.previous);
	query_puts(&q, 8, row.hash);
	return query_run(&q, e);
}

/* A page at a time: between pages no statement is open, so that `each` may write. */
static bool read_rows(struct store *store, const struct audit_filter *filter, int64_t after,
		      struct arena *a, struct audit_row *rows, size_t *count, struct err *e)
{
	QUERY q = query_of(store, filter->incident ? read_page_of_incident : read_page);
	size_t found = 0;

	query_put_number(&q, 1, after);
	query_puts(&q, 2, filter->actor);
	query_put_number(&q, 3, filter->since);
	query_put_number(&q, 4, filter->until);
	query_put_number(&q, 5, PAGE_ROWS);
	if (filter->incident)
		query_puts(&q, 6, filter->incident);
	while (found < PAGE_ROWS && query_next(&q)) {
		struct audit_row *row = &rows[found++];

		row->seq = query_number(&q, 0);
		row->at = query_number(&q, 1);
		row->actor = query_text(&q, 2, a);
		row->incident = query_text(&q, 3, a);
		row->what = query_text(&q, 4, a);
		row->facts = query_str(&q, 5, a);
		row->previous = query_text(&q, 6, a);
		row->hash = query_text(&q, 7, a);
	}
	*count = found;
	return query_done(&q, e);
}

bool audit_each(struct store *store, const struct audit_filter *filter,
		bool (*each)(void *context, const struct audit_row *row), void *context,
		struct err *e)
{
	int64_t after = filter->after_seq;
	size_t count = PAGE_ROWS;

	while (count == PAGE_ROWS) {
		ARENA a = {0};
		struct audit_row *rows = arena_array(&a, struct audit_row, PAGE_ROWS);

		if (!read_rows(store, filter, after, &a, rows, &count, e))
			return false;
		for (size_t i = 0; i < count; i++)
			if (!each(context, &rows[i]))
				return true;
		if (count)
			after = rows[count - 1].seq;
	}
	return true;
}

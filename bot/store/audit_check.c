/*
 * Follows the chain of the audit log from its first row to its head. Finds the first bad row; does
 * not mend, and cannot see a chain that was made anew as a whole (unless a head was kept
 * elsewhere).
 */
#include "bot/store/audit.h"

#include "bot/store/audit_parts.h"

#include <stdarg.h>
#include <stdio.h>

/* Heads that rows must agree with: the database's own when the walk began, one kept elsewhere. */
enum { HEAD_OWN, HEAD_KEPT, HEADS };

static const char *const head_names[HEADS] = { "the remembered head", "the one kept elsewhere" };

struct walk {
	struct audit_head heads[HEADS];		/* seq 0: none */
	int64_t seq;
	char hash[AUDIT_HASH_SIZE];
	struct audit_verdict *verdict;
};

static bool bad(struct audit_verdict *verdict, int64_t seq, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
static bool bad(struct audit_verdict *verdict, int64_t seq, const char *format, ...)
{
	va_list args;

	verdict->good = false;
	verdict->bad_seq = seq;
	va_start(args, format);
	vsnprintf(verdict->why, sizeof(verdict->why), format, args);
	va_end(args);
	return false;
}

static bool check_row(void *context, const struct audit_row *row)
{
	struct walk *walk = context;
	ARENA a = {0};

	if (row->seq != walk->seq + 1)
		return bad(walk->verdict, walk->seq + 1, "row %lld is missing",
			   (long long)walk->seq + 1);
	if (strcmp(row->hash, audit_hash(&a, row)) != 0)
		return bad(walk->verdict, row->seq, "row %lld was changed", (long long)row->seq);
	if (strcmp(row->previous, walk->hash) != 0)
		return bad(walk->verdict, row->seq, "row %lld does not follow row %lld",
			   (long long)row->seq, (long long)walk->seq);
	for (int i = 0; i < HEADS; i++)
		if (walk->heads[i].seq == row->seq && strcmp(walk->heads[i].hash, row->hash) != 0)
			return bad(walk->verdict, row->seq, "row %lld is not %s",
				   (long long)row->seq, head_names[i]);
	walk->seq = row->seq;
	snprintf(walk->hash, sizeof(walk->hash), "%s", row->hash);
	walk->verdict->rows++;
	return true;
}

/* Another process may have added rows since the walk began: the head may be ahead by now. */
static void check_end(const struct walk *walk, const struct audit_head *now)
{
	for (int i = 0; i < HEADS; i++)
		if (walk->heads[i].seq > walk->seq) {
			(void)bad(walk->verdict, walk->seq + 1, "rows %lld to %lld are missing",
				  (long long)walk->seq + 1, (long long)walk->heads[i].seq);
			return;
		}
	if (walk->seq > now->seq || (walk->seq == now->seq && strcmp(walk->hash, now->hash) != 0))
		(void)bad(walk->verdict, walk->seq, "row %lld is not the head of the log",
			  (long long)walk->seq);
}

bool audit_check(struct store *store, const struct audit_head *kept, struct audit_verdict *verdict,
		 struct err *e)
{
	struct audit_verdict found = { .good = true };
	struct walk walk = { .verdict = &found };
	struct audit_filter all = { .since = INT64_MIN };
	struct audit_head now = {0};

	memset(walk.hash, '0', AUDIT_HASH_SIZE - 1);
	if (kept)
		walk.heads[HEAD_KEPT] = *kept;
	if (!audit_head(store, &walk.heads[HEAD_OWN], e) ||
	    !audit_each(store, &all, check_row, &walk, e) || !audit_head(store, &now, e))
		return false;
	if (found.good)
		check_end(&walk, &now);
	*verdict = found;
	return true;
}

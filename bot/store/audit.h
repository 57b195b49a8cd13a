/*
 * The audit log: what was done, by whom, from which facts. Rows are only added; each holds the hash
 * of the one before it, so that a change, a gap or another order shows. The database remembers its
 * head, so that rows cut off show too. Who can write the file can still make a whole new chain:
 * against that keep a head somewhere else (audit_head) and compare (audit_check).
 *
 * hash = SHA-256, in hex, over these lines, each ended by LF; no field can hold an LF:
 *	aegis-audit 1
 *	SEQ		from 1, without gaps
 *	AT		milliseconds since 1970
 *	ACTOR
 *	INCIDENT	12 hex digits, or empty
 *	WHAT
 *	FACTS		a JSON object, compact, names sorted
 *	PREVIOUS	the hash of SEQ - 1; for the first one 64 zeros
 */
#ifndef BOT_STORE_AUDIT_H
#define BOT_STORE_AUDIT_H

#include "bot/base/json.h"
#include "bot/store/store.h"

enum { AUDIT_HASH_SIZE = 65, AUDIT_WORD_MOST = 200 };

struct audit_row {
	int64_t seq, at;
	const char *actor;		/* "aegis", or the login of a person */
	const char *incident;		/* "" when it is about none */
	const char *what;		/* "incident.moved" */
	struct str facts;
	const char *previous, *hash;
};

/*
 * Adds a row. facts is an object or NULL for {}. ERR_INPUT for an actor or what that is empty,
 * longer than AUDIT_WORD_MOST, or holds a control character.
 */
bool audit_append(struct store *store, const char *actor, const char *incident, const char *what,
		  const json_t *facts, struct err *e);

struct audit_filter {
	const char *incident;		/* NULL: all */
	const char *actor;		/* NULL: all */
	int64_t after_seq;		/* only above this */
	int64_t since, until;		/* since <= at < until; 0: no limit */
};
/*
 * Gives each row in order, as long as `each` says true. The row lives until `each` returns, which
 * may use the store, also to write.
 */
bool audit_each(struct store *store, const struct audit_filter *filter,
		bool (*each)(void *context, const struct audit_row *row), void *context,
		struct err *e);

struct audit_head {
	int64_t seq;			/* 0: no row yet */
	char hash[AUDIT_HASH_SIZE];
};
/* The newest row, as the database remembers it. */
bool audit_head(struct store *store, struct audit_head *head, struct err *e);

struct audit_verdict {
	bool good;
	int64_t rows;			/* good rows from the first on */
	int64_t bad_seq;		/* the first bad one; 0 when good */
	char why[160];
};
/*
 * Reads the whole log and finds the first bad row. kept is a head remembered outside (NULL: none):
 * its row must still be there. False only when the log could not be read.
 */
bool audit_check(struct store *store, const struct audit_head *kept, struct audit_verdict *verdict,
		 struct err *e);

#endif

/*
 * One statement from binding to the last row, for the files of bot/store only. Statements are
 * prepared once and kept; values go in by binding alone and come out checked for their type. The
 * first error sticks: binding, stepping and reading after it do nothing, and query_done tells it.
 *
 *	static const char find[] = "SELECT stage, pull FROM incident WHERE id = ?1";
 *	QUERY q = query_of(store, find);
 *	query_put_text(&q, 1, id);
 *	while (query_next(&q))
 *		... = query_number(&q, 1);
 *	return query_done(&q, e);
 *
 * This is the seam for another database: nothing outside query.c, sqlite.c, check.c and migrate.c
 * knows SQLite.
 */
#ifndef BOT_STORE_QUERY_H
#define BOT_STORE_QUERY_H

#include "bot/store/store.h"

struct query {
	struct store *store;
	struct sqlite3_stmt *handle;
	bool ended;
	struct err error;
};
#define QUERY __attribute__((cleanup(query_end))) struct query

/* sql must be a static const text: it is known by its address. One at a time for each sql. */
struct query query_of(struct store *store, const char *sql);
void query_end(struct query *q);

/* Parameters count from 1. What text points to must live until the last row is read. */
void query_put_text(struct query *q, int at, struct str text);
void query_puts(struct query *q, int at, const char *text);	/* NULL is "" */
void query_put_bytes(struct query *q, int at, struct str bytes);
/* A JSON object of at most 1 MiB; ERR_INPUT for any other text. */
void query_put_object(struct query *q, int at, struct str text);
void query_put_number(struct query *q, int at, int64_t number);

/* The next row. False at the end and after an error. */
bool query_next(struct query *q);

/* Columns count from 0. Another type than asked for is ERR_INPUT: somebody tampered with it. */
int64_t query_number(struct query *q, int column);
const char *query_text(struct query *q, int column, struct arena *a);	/* a copy */
struct str query_str(struct query *q, int column, struct arena *a);
struct str query_bytes(struct query *q, int column, struct arena *a);

/* The row holds what cannot be: ERR_INPUT. */
void query_refuse(struct query *q, const char *why);

/* Did everything go well? */
bool query_done(struct query *q, struct err *e);
/* Steps to the end: for statements whose rows nobody wants. */
bool query_run(struct query *q, struct err *e);
/* Rows changed by the last write of this store. */
int64_t query_changed(const struct store *store);

#endif

/*
 * What the readers of the single formats share. Only for ci/results*.c.
 */
#ifndef CI_RESULTS_PARTS_H
#define CI_RESULTS_PARTS_H

#include "ci/results.h"

struct reading_results {
	struct results *results;
	struct arena *arena;
	struct arena *scratch;		/* released by the reader behind each test or line */
	const struct tree *tree;
};

/* The test of this name, new (passed, no time) or known; NULL when there is no room for it. */
struct result *result_named(struct reading_results *r, struct str name, bool *is_new);
/* Gives it an outcome unless it has a worse one, and a message when it has none. */
void result_settle(struct reading_results *r, struct result *result, enum outcome outcome,
		   struct str message);
/* The place, when the tree has the file or there is no tree. */
void result_place(struct reading_results *r, struct result *result, struct str file,
		  unsigned long line);
/* "1,234.5" seconds or milliseconds (unit_ms 1000 or 1) as milliseconds; -1 when it is no number. */
long result_duration(struct str number, unsigned unit_ms);

bool results_junit(struct reading_results *r, struct str text, struct err *e);
bool results_tap(struct reading_results *r, struct str text, struct err *e);
bool results_go(struct reading_results *r, struct str text, struct err *e);

#endif

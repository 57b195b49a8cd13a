/*
 * What the scores of tests/score_corpora.c and tests/score_traces.c share.
 */
#ifndef TESTS_SCORE_H
#define TESTS_SCORE_H

#include "ci/log.h"

#include <jansson.h>

extern bool verbose;

/* The set's list of answers; NULL, and said so, when it is not there. */
json_t *answers(const char *set, const char *file);
/* The report of one log; NULL, and said so, when it is not there. */
const struct report *report_of(struct arena *a, const char *set, const char *name,
			       const char *ending);
bool read_answer(struct arena *a, const char *set, const char *name, const char *ending,
		 struct str *out);
const char *text_of(const json_t *object, const char *key);
const char *shown(const char *text);
void print_score(const char *set, const char *what, unsigned good, unsigned all);
void miss(const char *set, const char *name, const char *what, const char *got,
	  const char *expected);

void score_stacks(void);
void score_diagnostics(void);

#endif

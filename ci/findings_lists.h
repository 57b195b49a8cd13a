/*
 * The lists that findings keep beside the failures: diagnostics, blocks, names of failed tests and
 * counts. Only for ci/findings.c; readers call the findings_ functions of ci/reader.h.
 */
#ifndef CI_FINDINGS_LISTS_H
#define CI_FINDINGS_LISTS_H

#include "ci/reader.h"

struct lists;

struct lists *lists_open(struct arena *a);
/* Copies everything into the arena and gives the rest back. */
void lists_close(struct lists *l, struct arena *a, struct report *report);

struct lists *findings_lists(struct findings *f);

#endif

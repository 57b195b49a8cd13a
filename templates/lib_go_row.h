/*
 * The values of a Go test: literals, names that are declared once, and the fields of the row of a
 * table that the failed test was at.
 */
#ifndef TEMPLATES_LIB_GO_ROW_H
#define TEMPLATES_LIB_GO_ROW_H

#include "templates/lib_go_error.h"

struct go_row {
	struct go_package *package;
	const struct syntax *s;			/* of the test */
	struct str test;			/* "TestFirst/no_words" */
	bool by_name;				/* only the subtest's name tells the row */
	TSNode values, fields;			/* the row, and the fields of its type; null nodes: none */
};

/*
 * The row that the subtest's name tells, or the only one that is nothing in `by` (tt.in; null node:
 * no such): fills values and fields.
 */
void go_row_find(struct go_row *row, TSNode by);

/* The value as code of the tested package; empty when unknown. */
struct str go_row_value(const struct go_row *row, TSNode node);

/* The operator of an expression or assignment: "-" of "a - b"; empty when it has none. */
struct str go_operator(const struct syntax *s, TSNode node);

#endif

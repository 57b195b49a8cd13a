/*
 * What a failed Go test states for the call that crashed.
 */
#ifndef TEMPLATES_LIB_GO_EXPECT_H
#define TEMPLATES_LIB_GO_EXPECT_H

#include "templates/lib_go_error.h"

enum { GO_RESULTS_MAX = 4, GO_ARGUMENTS_MAX = 8 };

struct go_expected {
	struct str values[GO_RESULTS_MAX];	/* code of the tested package, one for each result */
	unsigned count;
	bool failing;				/* an error, or a last result of false */
	bool any_error;				/* the last is an error, the test does not say which */
	struct str arguments[GO_ARGUMENTS_MAX];	/* as far as the test shows them; else empty */
	unsigned argument_count;
	struct str test;
	const char *file;
	unsigned line;
};

/*
 * The crashed function must be called by the test itself, once on its line. `subject` is the number
 * of the parameter that must be empty there (-1: none): by it a row of a table is found where the
 * name of the subtest does not say. False, with the reason declined, when the test does not say
 * the value of every result.
 */
bool go_expects(struct scene *scene, struct go_package *package, const struct syntax *s,
		TSNode function, int subject, struct go_expected *out);

/* Is the code nil, zero, false, or a value without elements? */
bool go_is_nothing(struct str value);

#endif

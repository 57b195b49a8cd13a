/*
 * What ought to happen where Python code crashed, and who says so: the failing test
 * (oracle_test), the same case elsewhere in this code (oracle_sibling), the annotation or
 * docstring (oracle_contract). Without an answer a template declines.
 */
#ifndef TEMPLATES_LIB_ORACLE_H
#define TEMPLATES_LIB_ORACLE_H

#include "templates/lib_python.h"

enum expect { EXPECT_RETURN, EXPECT_RAISE };

/* What the crashing function is to do instead. */
struct expectation {
	enum oracle oracle;
	enum expect expect;
	struct str value;		/* RETURN: Python code, on one line */
	bool compared;			/* by ==: 0.0 would do for 0 */
	bool of_nothing;		/* TEST: its call passes something empty, or zero for a division */
	struct str exception;		/* RAISE: a name that the crashing module knows */
	struct str message;		/* RAISE: the text's words, without quotes; empty: not said */
	const char *by;			/* "test_empty (tests/test_x.py:7) expects 0" */
};

/* What went wrong, as guards speak of it. */
enum hazard { HAZARD_ZERO, HAZARD_EMPTY, HAZARD_NONE };

/*
 * The failing test's word. The expectation counts for the function the test calls on the crashing
 * line; from there down it is followed through `return g(...)` of another function only, and then
 * only a trivial value counts: the inputs are no longer the test's own. False, with the reason
 * declined, when the test does not say, or says it of something else.
 */
bool oracle_test(struct python *python, const struct site *crash, struct expectation *out);

/*
 * The functions of the same file, then of the same package, that guard the same hazard and promise
 * the same type: all must agree; one in the file or two in the package are needed. A value must be
 * trivial, and outside of divisions two must return it. `name` is the guarded name (for HAZARD_NONE
 * only guards of the same name count). False without a decline when they do not say.
 */
bool oracle_sibling(struct python *python, const struct site *crash, enum hazard hazard,
		    struct str name, struct expectation *out);

/* The function's own docstring ("Returns 0 if values is empty") or return annotation. */
bool oracle_contract(struct python *python, const struct site *crash, enum hazard hazard,
		     struct str name, struct expectation *out);

/* Test, then contract, then siblings; declines with the reason when none of them says. */
bool oracle_any(struct python *python, const struct site *crash, enum hazard hazard,
		struct str name, struct expectation *out);

/* Does some test expect this function to raise the very error of the log? Then it is no bug. */
bool oracle_wants_error(struct python *python, const struct site *crash);

/* None, False, True, zero, nan or something empty: a value that does not depend on the test's
 * input. */
bool oracle_is_trivial(struct str value);

/* Do all of the function's own `return`s give True or False (and at least one does)? */
bool oracle_is_boolean(const struct syntax *s, TSNode function);

#endif

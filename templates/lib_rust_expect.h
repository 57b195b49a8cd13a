/*
 * What a failed Rust test states for a call.
 */
#ifndef TEMPLATES_LIB_RUST_EXPECT_H
#define TEMPLATES_LIB_RUST_EXPECT_H

#include "templates/lib_rust_test.h"

struct rust_expected {
	struct str value;		/* as the test writes it: "0", "None", "Err(Form::Empty)" */
	bool any_error;			/* an Err, the test does not say which; no value then */
	bool failing;			/* None or an Err */
	struct str test;
	bool nothing;			/* an argument of the call is nothing */
};

/*
 * Of the assertions of the failed test on calls of the function, those whose argument number `subject`
 * is nothing (-1: the only call there is) must say one thing. False, with the reason declined.
 */
bool rust_expects(struct scene *scene, struct str function, int subject, struct rust_expected *out);

/* Is the code zero, false, None, or empty? */
bool rust_is_nothing(struct str value);

#endif

/*
 * What the tests of a Rust package state: assert_eq!(LEFT, RIGHT), as text.
 */
#ifndef TEMPLATES_LIB_RUST_TEST_H
#define TEMPLATES_LIB_RUST_TEST_H

#include "templates/lib_rust.h"

enum { RUST_ASSERTIONS_MAX = 64 };

struct rust_assertion {
	struct str test;		/* the function it stands in */
	struct str left, right;		/* as written, without blanks at the ends */
};

/* The assertions in test code that hold this word on one side; returns how many. */
size_t rust_assertions(const struct scene *scene, struct str word,
		       struct rust_assertion list[RUST_ASSERTIONS_MAX]);

/* The size of the text up to a comma outside brackets and strings: one argument. */
size_t rust_side_size(struct str text);

/* Is the text one literal: a number, a string, a character, true or false? */
bool rust_is_literal(struct str text);

/* Is the text a call of this function and nothing else: "f(1)", "a::f()", "x.y.f()"? */
bool rust_is_call_of(struct str text, struct str name);

#endif

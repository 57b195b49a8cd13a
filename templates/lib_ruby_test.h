/*
 * What a failing Ruby test (minitest, test-unit, RSpec) says a method gives: the literal on the line
 * of the test from which the crash came.
 */
#ifndef TEMPLATES_LIB_RUBY_TEST_H
#define TEMPLATES_LIB_RUBY_TEST_H

#include "templates/lib_ruby.h"

/*
 * The value of `assert_equal VALUE, x.METHOD(..)`, `assert_nil ..`, `expect(..).to eq(VALUE)` and
 * their like, where the method's result is what is compared. False, with the reason declined, when
 * the test does not say so, or a test of the repository names `error`: then the crash may be meant.
 */
bool ruby_test_value(struct scene *scene, struct str method, const char *error, struct str *value);

/* A number, a plain string, a symbol, nil, true, false, [] or {}. */
bool ruby_is_literal(struct str text);

#endif

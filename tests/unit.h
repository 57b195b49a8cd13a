/* What every unit test includes: cmocka and the headers it wants first. */
#ifndef TESTS_UNIT_H
#define TESTS_UNIT_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>
/* cmocka's fail() is in the way of ours, and its fail_msg() calls it. */
#undef fail
#undef fail_msg
#define fail_msg(message, ...)                                                                     \
	do {                                                                                       \
		print_error("ERROR: " message "\n", ##__VA_ARGS__);                               \
		_fail(__FILE__, __LINE__);                                                         \
	} while (0)

#include "bot/base/str.h"

/* Compares a view with a text and shows both. */
#define assert_str(s, text)                                                                        \
	do {                                                                                       \
		ARENA unit_arena = {0};                                                            \
		assert_string_equal(str_text(&unit_arena, (s)), (text));                           \
	} while (0)

#endif

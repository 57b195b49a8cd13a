/* What every unit test includes: cmocka and the headers it wants first. */
#ifndef TESTS_UNIT_H
#define TESTS_UNIT_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>
#undef fail	/* ours reports an error; cmocka has fail_msg */

#include "bot/base/str.h"

/* Compares a view with a text and shows both. */
#define assert_str(s, text)                                                                        \
	do {                                                                                       \
		ARENA unit_arena = {0};                                                            \
		assert_string_equal(str_text(&unit_arena, (s)), (text));                           \
	} while (0)

#endif

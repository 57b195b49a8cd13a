/* bot/base/str and arena. */
#include "tests/unit.h"

static void splits(void **state)
{
	struct str rest = STR("a,b,"), piece;

	(void)state;
	assert_true(str_next(&rest, ',', &piece));
	assert_str(piece, "a");
	assert_true(str_next(&rest, ',', &piece));
	assert_str(piece, "b");
	assert_false(str_next(&rest, ',', &piece));
	rest = STR("one\r\n\ntwo");
	assert_true(str_next_line(&rest, &piece));
	assert_str(piece, "one");
	assert_true(str_next_line(&rest, &piece));
	assert_str(piece, "");
	assert_true(str_next_line(&rest, &piece));
	assert_str(piece, "two");
	assert_false(str_next_line(&rest, &piece));
}

static void finds(void **state)
{
	(void)state;
	assert_int_equal(str_find(STR("abcabc"), STR("c")), 2);
	assert_int_equal(str_find_last(STR("abcabc"), STR("bc")), 4);
	assert_int_equal(str_find(STR("ab"), STR("abc")), -1);
	assert_int_equal(str_find_last(STR("ab"), STR("abc")), -1);
	assert_int_equal(str_find(STR_NONE, STR("")), 0);
}

static void numbers(void **state)
{
	unsigned long n = 7;
	struct str s = STR("12ab");

	(void)state;
	assert_true(str_take_number(&s, &n));
	assert_int_equal(n, 12);
	assert_str(s, "ab");
	assert_false(str_number(STR("99999999999999999999999"), &n));
	assert_false(str_number(STR("1x"), &n));
	assert_false(str_number(STR(""), &n));
	assert_int_equal(n, 12);
}

static void grows(void **state)
{
	ARENA a = {0};
	struct text t = TEXT(&a);
	int *items = NULL;
	size_t count = 0;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		text_addf(&t, "%d;", i);
		arena_push(&a, items, count) = i;
	}
	assert_int_equal(count, 1000);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(items[i], i);
	assert_true(str_ends(text_str(&t), "998;999;"));
}

/* Against the C library, on texts of two letters, where there is much to find. Copies are exact. */
static void finds_as_memmem(void **state)
{
	uint32_t seed = 7;

	(void)state;
	for (unsigned n = 0; n < 20000; n++) {
		ARENA a = {0};
		char text[80], needle[12];
		size_t size = n % sizeof(text), wanted = 1 + n % (sizeof(needle) - 1);
		const char *expected;
		struct str copy;

		for (size_t i = 0; i < sizeof(text); i++)
			text[i] = (seed = seed * 1103515245u + 12345u) >> 16 & 1 ? 'a' : 'b';
		memcpy(needle, text + (seed >> 8) % (sizeof(text) - sizeof(needle)), wanted);
		copy = str_copy(&a, (struct str){ text, size });
		expected = memmem(copy.at, copy.size, needle, wanted);
		assert_int_equal(str_find(copy, (struct str){ needle, wanted }),
				 expected ? expected - copy.at : -1);
		for (expected = NULL; size >= wanted && !expected; size--)
			if (!memcmp(text + size - wanted, needle, wanted))
				expected = text + size - wanted;
		assert_int_equal(str_find_last(copy, (struct str){ needle, wanted }),
				 expected ? expected - text : -1);
	}
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(splits), cmocka_unit_test(finds),
		cmocka_unit_test(finds_as_memmem), cmocka_unit_test(numbers),
		cmocka_unit_test(grows),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

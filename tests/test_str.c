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

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(splits), cmocka_unit_test(finds), cmocka_unit_test(numbers),
		cmocka_unit_test(grows),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

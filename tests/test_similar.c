/* Which names are slips of others, and which are other names. */
#include "tests/unit.h"

#include "templates/lib_similar.h"

static const struct {
	const char *wrong, *right;
	bool slip;
} pairs[] = {
	{ "reuslt", "result", true }, { "resut", "result", true }, { "resullt", "result", true },
	{ "rezult", "result", true }, { "user_nmae", "user_name", true },
	{ "maxWdith", "maxWidth", true }, { "CONIFG", "CONFIG", true },
	{ "start_y", "start_x", false }, { "value2", "value1", false }, { "item_c", "item_a", false },
	{ "max_size", "min_size", false }, { "item", "items", false }, { "items", "item", false },
	{ "values", "valued", false }, { "parse", "parsed", false }, { "invalid", "is_valid", false },
	{ "unlock", "nlock", false }, { "left", "right", false }, { "load", "read", false },
	{ "host", "post", false }, { "is_set", "is_get", false }, { "result", "result", false },
	{ "a_reuslt", "b_reuslt", false }, { "reuslt_vlaue", "result_value", false }, { "", "", false },
};

static void table(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		if (similar_slip(str_of(pairs[i].wrong), str_of(pairs[i].right)) != pairs[i].slip)
			fail_msg("%s and %s", pairs[i].wrong, pairs[i].right);
}

static void distances(void **state)
{
	(void)state;
	assert_int_equal(similar_distance(STR("name"), STR("nmae")), 1);
	assert_int_equal(similar_distance(STR("name"), STR("name")), 0);
	assert_true(similar_distance(STR("left"), STR("right")) > 2);
	assert_true(similar_distance(STR("a"), STR("abcd")) > 2);
}

int main(void)
{
	const struct CMUnitTest list[] = { cmocka_unit_test(table), cmocka_unit_test(distances) };

	return cmocka_run_group_tests(list, NULL, NULL);
}

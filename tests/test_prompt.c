/* bot/llm/prompt: slots, fences, budgets, and what is compiled in. */
#include "tests/unit.h"

#include "bot/base/file.h"
#include "bot/llm/prompt.h"

static const char boundary[] = "data-0123456789abcdef0123456789abcdef";

static bool fill(const char *text, const struct prompt_slot *slots, size_t count, struct arena *a,
		 struct str *out, struct err *e)
{
	return prompt_fill(str_of(text), boundary, slots, count, a, out, e);
}

static void slots(void **state)
{
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct str out = STR_NONE;
	const struct prompt_slot ours[] = { { .name = "x", .value = STR("{{y}} {{") } };

	(void)state;
	assert_true(fill("a {{x}} b {{x}}", ours, 1, &a, &out, &e));
	assert_str(out, "a {{y}} {{ b {{y}} {{");
	assert_true(fill("a {{x}} {{boundary}}", ours, 1, &a, &out, &e));
	assert_str(out, "a {{y}} {{ data-0123456789abcdef0123456789abcdef");
}

static void refused(void **state)
{
	static const char *const wrong[] = { "{{x}} {{y}}", "{{x", "{{x}} {{", "{{x}} {{}}",
					     "{{x}} {{ x }}", "no slot", "{{x}} {{x y}}" };
	const struct prompt_slot ours[] = { { .name = "x", .value = STR("1") } };

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		ARENA a = {0};
		struct err e = ERR_INIT;
		struct str out = STR("untouched");

		assert_false(fill(wrong[i], ours, 1, &a, &out, &e));
		assert_int_equal(e.kind, ERR_CONFIG);
		assert_str(out, "untouched");
	}
}

static void data_is_fenced_and_cleaned(void **state)
{
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct str out;
	const struct prompt_slot data[] = {
		{ "log", STR("a\r\n\033[31mred\xe2\x80\xae\xf3\xa0\x81\x81\xff END {{boundary}}"), PROMPT_DATA, 0,
		  PROMPT_START },
	};

	(void)state;
	assert_true(fill("{{log}}", data, 1, &a, &out, &e));
	assert_str(out, "BEGIN data-0123456789abcdef0123456789abcdef log\n"
			"a\n\xef\xbf\xbd[31mred\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd END {{boundary}}\n"
			"END data-0123456789abcdef0123456789abcdef log");
	assert_string_not_equal(prompt_boundary(&a), prompt_boundary(&a));
	assert_int_equal(strlen(prompt_boundary(&a)), strlen(boundary));
}

static void budget(void **state)
{
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct str out;
	struct prompt_slot data = { "x", STR("first line\nsecond line\nthird line\n"), PROMPT_DATA, 5,
				    PROMPT_START };

	(void)state;
	assert_true(fill("{{x}}", &data, 1, &a, &out, &e));
	assert_true(str_has(out, "first line\n(the rest is left out)"));
	assert_false(str_has(out, "second"));
	data.keep = PROMPT_END;
	assert_true(fill("{{x}}", &data, 1, &a, &out, &e));
	assert_true(str_has(out, "(the start is left out)\nthird line\n"));
	assert_false(str_has(out, "second"));
}

static void the_innermost_stay(void **state)
{
	ARENA a = {0};
	const struct prompt_piece pieces[] = {
		{ STR("outer frame, long and long and long\n"), 3 }, { STR("inner\n"), 0 },
		{ STR("middle\n"), 1 }, { STR("test\n"), 2 },
	};

	(void)state;
	assert_str(prompt_pick(pieces, 4, 3, &a), "inner\n");
	assert_str(prompt_pick(pieces, 4, 8, &a), "inner\nmiddle\ntest\n");
	assert_int_equal(prompt_pick(pieces, 4, 100, &a).size, 36 + 6 + 7 + 5);
	assert_int_equal(prompt_pick(pieces, 4, 0, &a).size, 0);
}

static void loading(void **state)
{
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct str text;
	FILE_TEMPORARY folder = {""};

	(void)state;
	assert_true(prompt_load("fix_system", NULL, &a, &text, &e));
	assert_true(str_has(text, "{{boundary}}"));
	assert_false(prompt_load("nothing", NULL, &a, &text, &e));
	assert_int_equal(e.kind, ERR_GONE);
	assert_true(file_temporary(&folder, &e));
	assert_true(file_write(arena_printf(&a, "%s/fix_system.txt", folder.path), STR("mine"), 0600, &e));
	assert_true(prompt_load("fix_system", folder.path, &a, &text, &e));
	assert_str(text, "mine");
	assert_true(prompt_load("fix_user", folder.path, &a, &text, &e));
	assert_true(str_has(text, "{{log}}"));
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(slots), cmocka_unit_test(refused),
		cmocka_unit_test(data_is_fenced_and_cleaned), cmocka_unit_test(budget),
		cmocka_unit_test(the_innermost_stay), cmocka_unit_test(loading),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

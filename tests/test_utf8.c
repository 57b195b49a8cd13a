/* bot/base/utf8: every code point, and what is none. */
#include "bot/base/utf8.h"
#include "tests/unit.h"

static size_t encode(uint32_t c, char to[4])
{
	if (c < 0x80)
		return to[0] = (char)c, 1;
	if (c < 0x800)
		return to[0] = (char)(0xc0 | c >> 6), to[1] = (char)(0x80 | (c & 63)), 2;
	if (c < 0x10000)
		return to[0] = (char)(0xe0 | c >> 12), to[1] = (char)(0x80 | (c >> 6 & 63)),
		       to[2] = (char)(0x80 | (c & 63)), 3;
	return to[0] = (char)(0xf0 | c >> 18), to[1] = (char)(0x80 | (c >> 12 & 63)),
	       to[2] = (char)(0x80 | (c >> 6 & 63)), to[3] = (char)(0x80 | (c & 63)), 4;
}

static void all_characters(void **state)
{
	char bytes[4];

	(void)state;
	for (uint32_t c = 0; c <= 0x110000; c++) {
		size_t size = encode(c, bytes);
		bool real = c <= 0x10ffff && (c < 0xd800 || c > 0xdfff);
		uint32_t back = 7;

		assert_int_equal(utf8_first((struct str){ bytes, size }, &back), real ? size : 0);
		assert_int_equal(back, real ? c : 7);
		if (size > 1)
			assert_int_equal(utf8_first((struct str){ bytes, size - 1 }, &back), 0);
	}
}

static void invalid(void **state)
{
	static const char *const bad[] = { "\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xe0\x9f\xbf",
		"\xf0\x80\x80\x80", "\xf5\x80\x80\x80", "\xff", "a\xc3", "\xc3(", "\xe2\x28\xa1" };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(utf8_valid(str_of(bad[i])));
	assert_true(utf8_valid(STR("gr\xc3\xbc\xc3\x9f\xe2\x82\xac\xf0\x9f\x98\x80")));
	assert_true(utf8_valid(STR_NONE));
}

static void hidden(void **state)
{
	(void)state;
	assert_true(utf8_is_hidden(0x1b));
	assert_true(utf8_is_hidden(0x9b));
	assert_true(utf8_is_hidden(0x202e));
	assert_true(utf8_is_hidden(0x200b));
	assert_true(utf8_is_hidden('\n'));
	assert_false(utf8_is_hidden(' '));
	assert_false(utf8_is_hidden(0xe9));
	assert_false(utf8_is_hidden(0x1f600));
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(all_characters), cmocka_unit_test(invalid), cmocka_unit_test(hidden),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

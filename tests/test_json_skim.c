/* bot/base/json_skim: what it finds, and what it takes for JSON. */
#include "bot/base/json_skim.h"
#include "tests/unit.h"

static const char *const paths[] = { "a", "a.b", "a.b.c", "list.[0].n", "list", "x y" };
enum { COUNT = sizeof(paths) / sizeof(paths[0]) };

static bool skim(const char *text, struct arena *a, struct json_value values[COUNT], struct err *e)
{
	return json_skim(str_of(text), paths, COUNT, a, values, e);
}

static void finds(void **state)
{
	struct json_value v[COUNT];
	struct err e = ERR_INIT;
	ARENA a = {0};

	(void)state;
	assert_true(skim(" {\"z\":[{\"a\":1},[],{}],\"a\":{\"c\":[[]],\"b\":{\"c\":-1.5e+3,\"d\":{}}},\n"
			 "\"list\":[{\"n\":\"first\"},{\"n\":\"second\"}],\"x y\":null, \"q\":\"\\u0041\"}\t",
			 &a, v, &e));
	assert_int_equal(v[0].type, JSON_IS_OBJECT);
	assert_int_equal(v[1].type, JSON_IS_OBJECT);
	assert_int_equal(v[2].type, JSON_IS_NUMBER);
	assert_str(v[2].text, "-1.5e+3");
	assert_int_equal(v[3].type, JSON_IS_TEXT);
	assert_str(v[3].text, "first");
	assert_int_equal(v[4].type, JSON_IS_LIST);
	assert_int_equal(v[5].type, JSON_IS_NULL);
	assert_true(skim("{}", &a, v, &e));
	for (size_t i = 0; i < COUNT; i++)
		assert_int_equal(v[i].type, JSON_IS_ABSENT);
	assert_true(skim("{\"b\":1,\"a\":[{\"b\":2}],\"list\":{\"n\":3}}", &a, v, &e));
	assert_int_equal(v[0].type, JSON_IS_LIST);
	assert_int_equal(v[1].type, JSON_IS_ABSENT);
	assert_int_equal(v[3].type, JSON_IS_ABSENT);
	assert_true(skim("{\"a\":true,\"x y\":false}", &a, v, &e));
	assert_int_equal(v[0].type, JSON_IS_TRUE);
	assert_int_equal(v[5].type, JSON_IS_FALSE);
}

static void decodes(void **state)
{
	struct json_value v[COUNT];
	struct err e = ERR_INIT;
	ARENA a = {0};

	(void)state;
	assert_true(skim("{\"\\u0061\":\"a long text before \\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\u20ac\\ud83d\\ude00 and "
			 "behind \xc3\xa9\"}", &a, v, &e));
	assert_str(v[0].text, "a long text before \"\\/\b\f\n\r\t\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80 and behind "
		   "\xc3\xa9");
}

static void refuses(void **state)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
		{ "", "no JSON object" }, { "[1]", "no JSON object" }, { "\xef\xbb\xbf{}", "no JSON object" },
		{ "{", "a name is missing" }, { "{\"a\"", "a colon" }, { "{\"a\":", "in the middle" },
		{ "{\"a\":1", "in the middle" }, { "{\"a\":1,}", "a name" }, { "{\"q\":[1,]}", "a value" },
		{ "{\"q\":[,1]}", "a value" }, { "{\"q\":[1 2]}", "a comma" }, { "{\"q\":[1}", "a comma" },
		{ "{\"q\":1]", "a comma" }, { "{}x", "behind the end" }, { "{}{}", "behind the end" },
		{ "{q:1}", "a name" }, { "{\"q\":nul}", "a value" }, { "{\"q\":01}", "a comma" },
		{ "{\"q\":-}", "without digits" }, { "{\"q\":1.}", "without digits" },
		{ "{\"q\":1e}", "without digits" }, { "{\"q\":.5}", "a value" }, { "{\"q\":\"", "without an end" },
		{ "{\"q\":\"\\", "ends in an escape" }, { "{\"q\":\"\\u12", "ends in an escape" },
		{ "{\"q\":\"\\x\"}", "no such escape" }, { "{\"q\":\"\\u12g4\"}", "four hex" },
		{ "{\"q\":\"\\ud800\"}", "surrogate" }, { "{\"q\":\"\\udc00\"}", "surrogate" },
		{ "{\"q\":\"\\ud800\\u0041\"}", "surrogate" }, { "{\"q\":\"\\u0000\"}", "NUL" },
		{ "{\"q\":\"a\nb\"}", "control" }, { "{\"q\":\"12345678901234567\x01\"}", "control" },
		{ "{\"a\":1,\"a\":2}", "twice" }, { "{\"a\":{\"b\":1},\"a\":{\"b\":1}}", "twice" },
		{ "{\"a\":\"\xff\"}", "not UTF-8" }, { "{\n\n\"q\":!}", "line 3" },
	};
	ARENA a = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct json_value v[COUNT] = { { .type = JSON_IS_TRUE } };
		struct err e = ERR_INIT;

		if (skim(cases[i].text, &a, v, &e) || e.kind != ERR_INPUT || !strstr(e.text, cases[i].why))
			fail_msg("%s: %s", cases[i].text, e.text);
		assert_int_equal(v[0].type, JSON_IS_TRUE);
	}
}

static void depth(void **state)
{
	struct json_value v[COUNT];
	struct err e = ERR_INIT;
	ARENA a = {0};
	struct text text = TEXT(&a);

	(void)state;
	for (unsigned most = JSON_SKIM_DEPTH_MOST - 1; most <= JSON_SKIM_DEPTH_MOST; most++) {
		text = TEXT(&a);
		text_adds(&text, "{\"q\":");
		for (unsigned i = 0; i < most; i++)
			text_addc(&text, '[');
		for (unsigned i = 0; i < most; i++)
			text_addc(&text, ']');
		text_addc(&text, '}');
		assert_int_equal(skim(text_cstr(&text), &a, v, &e), most < JSON_SKIM_DEPTH_MOST);
	}
	assert_non_null(strstr(e.text, "too deep"));
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(finds), cmocka_unit_test(decodes), cmocka_unit_test(refuses),
		cmocka_unit_test(depth),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

/* bot/base/json: what is refused, paths, typed values, and writing. */
#include "bot/base/json.h"
#include "tests/unit.h"

static const char event[] =
	"{\"action\":\"completed\",\"workflow_run\":{\"id\":42,\"head_sha\":\"abc\",\"fork\":false,"
	"\"score\":0.5,\"actor\":null,\"runs\":[{\"name\":\"a\"},{\"name\":\"b\",\"steps\":[1,2]}]}}";

static void finds_by_path(void **state)
{
	JSON *json = NULL;
	struct err e = ERR_INIT;
	struct str text = STR("kept");
	int64_t number = 0;
	double real = 0;
	bool yes = true;
	json_t *part = NULL;

	(void)state;
	assert_true(json_parse(str_of(event), 1000, &json, &e));
	assert_true(json_get_text(json, "workflow_run.head_sha", &text, &e));
	assert_str(text, "abc");
	assert_true(json_get_integer(json, "workflow_run.id", &number, &e));
	assert_int_equal(number, 42);
	assert_true(json_get_real(json, "workflow_run.score", &real, &e));
	assert_true(real > 0.4 && real < 0.6);
	assert_true(json_get_real(json, "workflow_run.id", &real, &e));
	assert_true(json_get_boolean(json, "workflow_run.fork", &yes, &e));
	assert_false(yes);
	assert_true(json_get_text(json, "workflow_run.runs[1].name", &text, &e));
	assert_str(text, "b");
	assert_true(json_get_integer(json, "workflow_run.runs[1].steps[1]", &number, &e));
	assert_int_equal(number, 2);
	assert_true(json_get_list(json, "workflow_run.runs", &part, &e));
	assert_int_equal(json_array_size(part), 2);
	assert_true(json_get_object(json, "workflow_run", &part, &e));
	assert_true(json_get_object(part, "", &part, &e));
	assert_int_equal(e.kind, ERR_NONE);
}

static void absent_or_wrong(void **state)
{
	static const char *const nowhere[] = { "x", "workflow_run.x", "workflow_run.runs[2]",
		"workflow_run.runs[x]", "workflow_run.runs[0", "workflow_run..id", ".action", "action.",
		"workflow_run.runs[18446744073709551615]", "workflow_run.runs[-1]", "action[0]",
		"workflow_run.actor", "workflow_run.runs[0]name" };
	JSON *json = NULL;
	struct err e = ERR_INIT;
	struct str text = STR("kept");
	int64_t number = 7;

	(void)state;
	assert_true(json_parse(str_of(event), 1000, &json, &e));
	for (size_t i = 0; i < sizeof(nowhere) / sizeof(*nowhere); i++)
		assert_null(json_at(json, nowhere[i]));
	assert_false(json_get_text(json, "workflow_run.id", &text, &e));
	assert_string_equal(e.text, "workflow_run.id must be a text, not a whole number");
	assert_int_equal(e.kind, ERR_INPUT);
	assert_false(json_get_integer(json, "workflow_run.score", &number, &e));
	assert_string_equal(e.text, "workflow_run.score must be a whole number, not a number");
	assert_false(json_get_integer(json, "workflow_run.actor", &number, &e));
	assert_string_equal(e.text, "workflow_run.actor is missing, it must be a whole number");
	assert_str(text, "kept");
	assert_int_equal(number, 7);
	assert_str(json_text_or(json, "workflow_run.actor", STR("nobody")), "nobody");
	assert_str(json_text_or(json, "action", STR("nobody")), "completed");
	assert_int_equal(json_integer_or(json, "action", 3), 3);
	assert_int_equal(json_integer_or(json, "workflow_run.id", 3), 42);
	assert_true(json_boolean_or(json, "x", true));
	assert_false(json_boolean_or(json, "workflow_run.fork", true));
	assert_true(json_real_or(json, "x", 2.5) > 2.4);
	assert_null(json_at(NULL, "x"));
}

static void refuses(void **state)
{
	static const struct { const char *text, *why; } bad[] = {
		{ "", "JSON 1:0: '[' or '{' expected near end of file" },
		{ "{\"a\":1,\"a\":2}", "JSON 1:10: duplicate object key near '\"a\"'" },
		{ "[1,\n2,\n x]", "JSON 3:2: " }, { "[\"\\u0000\"]", "\\u0000 is not allowed" },
		{ "[\"\xff\"]", "unable to decode byte 0xff" }, { "[1e999]", "real number overflow" },
		{ "[99999999999999999999999]", "too big integer" }, { "{} {}", "end of file expected" },
		{ "[\"\\ud800\"]", "invalid Unicode" }, { "7", "'[' or '{' expected" },
		{ "[01]", "invalid token" }, { "{\"a\":NaN}", "invalid token" }, { "[1,]", "unexpected" },
	};
	struct str nul = { "[1]\0", 4 };
	JSON *json = NULL;
	struct err e = ERR_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_false(json_parse(str_of(bad[i].text), 1000, &json, &e));
		assert_int_equal(e.kind, ERR_INPUT);
		if (!strstr(e.text, bad[i].why))
			fail_msg("%s: %s", bad[i].text, e.text);
	}
	assert_false(json_parse(nul, 1000, &json, &e));
	assert_false(json_parse(STR("[1,2]"), 4, &json, &e));
	assert_string_equal(e.text, "JSON of 5 bytes, at most 4 are allowed");
	assert_null(json);
}

static void depth(void **state)
{
	ARENA a = {0};
	struct text deep = TEXT(&a);
	JSON *json = NULL;
	struct err e = ERR_INIT;

	(void)state;
	for (int i = 0; i < 3000; i++)
		text_addc(&deep, '[');
	for (int i = 0; i < 3000; i++)
		text_addc(&deep, ']');
	assert_false(json_parse(text_str(&deep), 1 << 20, &json, &e));
	assert_non_null(strstr(e.text, "maximum parsing depth"));
	assert_true(json_parse(str_slice(text_str(&deep), 1500, 3000), 1 << 20, &json, &e));
}

static void prints(void **state)
{
	ARENA a = {0};
	struct text out = TEXT(&a);
	struct err e = ERR_INIT;
	JSON *json = NULL, *loop = json_array();

	(void)state;
	assert_true(json_parse(STR("{\"b\": [1, 2.5, null],\n \"a\": \"\\u00e9\\n\"}"), 99, &json, &e));
	assert_true(json_print(json, JSON_SORTED, &out, &e));
	assert_str(text_str(&out), "{\"a\":\"\xc3\xa9\\n\",\"b\":[1,2.5,null]}");
	text_adds(&out, ";");
	assert_true(json_print(json_at(json, "b[0]"), JSON_AS_MADE, &out, &e));
	assert_true(str_ends(text_str(&out), ";1"));
	JSON *inner = json_array();
	json_array_append(loop, inner);
	json_array_append(inner, loop);
	assert_false(json_print(loop, JSON_AS_MADE, &out, &e));
	assert_int_equal(e.kind, ERR_BUG);
	assert_true(str_ends(text_str(&out), ";1"));
	json_array_clear(inner);
}

static void cleans_strings(void **state)
{
	static const struct { struct str in; const char *out; } cases[] = {
		{ { "plain", 5 }, "plain" }, { { "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", 9 },
		  "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80" },
		{ { "a\0b", 3 }, "a\xef\xbf\xbd" "b" }, { { "\xff", 1 }, "\xef\xbf\xbd" },
		{ { "\xc3", 1 }, "\xef\xbf\xbd" }, { { "\xc0\x80", 2 }, "\xef\xbf\xbd\xef\xbf\xbd" },
		{ { "\xed\xa0\x80", 3 }, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
		{ { "\xf4\x90\x80\x80", 4 }, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
		{ { "\xe2\x82", 2 }, "\xef\xbf\xbd\xef\xbf\xbd" }, { { NULL, 0 }, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		JSON *string = json_string_of(cases[i].in);

		assert_non_null(string);
		assert_string_equal(json_string_value(string), cases[i].out);
	}
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(finds_by_path), cmocka_unit_test(absent_or_wrong),
		cmocka_unit_test(refuses), cmocka_unit_test(depth), cmocka_unit_test(prints),
		cmocka_unit_test(cleans_strings),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

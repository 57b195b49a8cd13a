/* ci/results: reports as the tools wrote them, merged, and hostile ones. */
#include "tests/unit.h"

#include "ci/results.h"

#include <stdio.h>

/* pytest 7.2 --junitxml */
static const char pytest[] =
	"<?xml version=\"1.0\" encoding=\"utf-8\"?><testsuites><testsuite name=\"pytest\" errors=\"1\" "
	"failures=\"2\" skipped=\"1\" tests=\"7\" time=\"0.039\" hostname=\"vm\">"
	"<testcase classname=\"tests.test_x\" name=\"test_ok\" time=\"0.001\" />"
	"<testcase classname=\"tests.test_x\" name=\"test_bad\" time=\"0.001\"><failure "
	"message=\"AssertionError: one &lt;is&gt; not &amp; two&#10;assert 1 == 2\">def test_bad():\n"
	"&gt;       assert 1 == 2\n\ntests/test_x.py:4: AssertionError</failure></testcase>"
	"<testcase classname=\"tests.test_x\" name=\"test_later\" time=\"0.000\"><skipped "
	"type=\"pytest.skip\" message=\"later\">/tmp/cap/tests/test_x.py:5: later</skipped></testcase>"
	"<testcase classname=\"tests.test_x.TestA\" name=\"test_in[1]\" time=\"0.000\" />"
	"<testcase classname=\"tests.test_x.TestA\" name=\"test_in[2]\" time=\"12.345\"><failure "
	"message=\"assert 2 == 1\">E   assert 2 == 1</failure></testcase>"
	"<testcase classname=\"tests.test_x\" name=\"test_err\" time=\"0.000\"><error "
	"message=\"failed on setup with &quot;ValueError: no&quot;\">no</error></testcase>"
	"<testcase classname=\"\" name=\"tests.test_y\" time=\"0.000\"><error "
	"message=\"collection failure\">no</error></testcase>"
	"<testcase classname=\"tests.test_x.TestU\" name=\"test_u\" time=\"0.001\" />"
	"</testsuite></testsuites>";

/* node 20 --test-reporter=junit, cut */
static const char node_junit[] =
	"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<testsuites>\n"
	"\t<testcase name=\"adds\" time=\"0.001525\" classname=\"test\"/>\n"
	"\t<testsuite name=\"suite\" time=\"0.001484\" tests=\"4\" failures=\"1\" skipped=\"2\">\n"
	"\t\t<testcase name=\"inner ok\" time=\"0.000336\" classname=\"test\"/>\n"
	"\t\t<testcase name=\"inner bad\" time=\"0.000175\" classname=\"test\" failure=\"x\">\n"
	"\t\t\t<failure type=\"testCodeFailure\" message=\"x\">\nError: x\n\t\t\t</failure>\n"
	"\t\t</testcase>\n\t\t<testcase name=\"later\" time=\"0.000143\" classname=\"test\">\n"
	"\t\t\t<skipped type=\"skipped\" message=\"true\"/>\n\t\t</testcase>\n\t</testsuite>\n"
	"\t<!-- tests 6 -->\n</testsuites>\n";

/* node 20 --test-reporter=tap */
static const char node_tap[] =
	"TAP version 13\n# Subtest: adds\nok 1 - adds\n  ---\n  duration_ms: 1.30661\n  ...\n"
	"# Subtest: breaks \\# odd\nnot ok 2 - breaks \\# odd\n  ---\n  duration_ms: 1353.438\n"
	"  location: '/tmp/cap/t.test.mjs:3:1'\n  failureType: 'testCodeFailure'\n  error: |-\n"
	"    Expected values to be strictly equal:\n    \n    1 !== 2\n    \n  stack: |-\n"
	"    not ok 7 - a line of the trace\n  ...\n"
	"# Subtest: suite\n    # Subtest: inner ok\n    ok 1 - inner ok\n      ---\n"
	"      duration_ms: 0.33198\n      ...\n    # Subtest: inner bad\n    not ok 2 - inner bad\n"
	"      ---\n      duration_ms: 0.150841\n      error: 'x'\n      ...\n"
	"    # Subtest: later\n    ok 3 - later # SKIP\n    ok 4 - some day # TO" "DO\n    1..4\n"
	"not ok 3 - suite\n  ---\n  type: 'suite'\n  ...\n1..3\n# tests 6\n";

/* go 1.19 test -json, cut */
static const char go_json[] =
	"# example.com/other\n"
	"{\"Time\":\"2026-11-21T11:09:31.9Z\",\"Action\":\"run\",\"Package\":\"example.com/shop\",\"Test\":\"TestOk\"}\n"
	"{\"Action\":\"output\",\"Package\":\"example.com/shop\",\"Test\":\"TestOk\",\"Output\":\"=== RUN   TestOk\\n\"}\n"
	"{\"Action\":\"pass\",\"Package\":\"example.com/shop\",\"Test\":\"TestOk\",\"Elapsed\":0.25}\n"
	"{\"Action\":\"run\",\"Package\":\"example.com/shop\",\"Test\":\"TestBad\"}\n"
	"{\"Action\":\"run\",\"Package\":\"example.com/shop\",\"Test\":\"TestBad/sub_one\"}\n"
	"{\"Action\":\"output\",\"Package\":\"example.com/shop\",\"Test\":\"TestBad/sub_one\",\"Output\":\"    a_test.go:5: got 3\\n\"}\n"
	"{\"Action\":\"fail\",\"Package\":\"example.com/shop\",\"Test\":\"TestBad/sub_one\",\"Elapsed\":0}\n"
	"{\"Action\":\"skip\",\"Package\":\"example.com/shop\",\"Test\":\"TestSkip\",\"Elapsed\":0}\n"
	"{\"Action\":\"run\",\"Package\":\"example.com/shop\",\"Test\":\"TestHangs\"}\n"
	"{\"Action\":\"fail\",\"Package\":\"example.com/shop\",\"Test\":\"TestBad\",\"Elapsed\":0}\n"
	"{\"Action\":\"fail\",\"Package\":\"example.com/shop\",\"Elapsed\":0.004}\n"
	"{\"Action\":\"fail\",\"Package\":\"example.com/broken\",\"Elapsed\":0}\n";

static const struct tree_file files[] = {
	{ "tests/test_x.py", "" }, { "tests/test_y.py", "" }, { "t.test.mjs", "" },
	{ "shop/a_test.go", "" }, { NULL, NULL },
};

static const struct result *find(const struct results *set, const char *name)
{
	for (size_t i = 0; i < set->count; i++)
		if (!strcmp(set->list[i].name, name))
			return &set->list[i];
	print_error("no test %s; there are\n", name);
	for (size_t i = 0; i < set->count; i++)
		print_error("  %s\n", set->list[i].name);
	assert_true(false);
	return NULL;
}

static void read_one(struct results *set, struct arena *a, const char *text, bool with_tree)
{
	struct err e = ERR_INIT;

	if (!results_read(set, a, str_of(text), with_tree ? tree_of_files(a, files) : NULL, &e))
		print_error("%s\n", e.text);
	assert_int_equal(e.kind, ERR_NONE);
}

static void check_sums(const struct results *set, unsigned long run, unsigned long failed,
		       unsigned long skipped)
{
	ARENA a = {0};
	struct tests tests;

	results_tests(set, &a, &tests);
	assert_true(tests.counted);
	assert_int_equal(tests.run, run);
	assert_int_equal(tests.passed, run - failed);
	assert_int_equal(tests.failed, failed);
	assert_int_equal(tests.failed_count, failed);
	assert_int_equal(tests.skipped, skipped);
	assert_string_equal(tests.framework, set->framework);
}

static void junit_of_pytest(void **state)
{
	(void)state;
	for (int with_tree = 0; with_tree < 2; with_tree++) {
		ARENA a = {0};
		struct results set = {0};
		const struct result *test;

		read_one(&set, &a, pytest, with_tree);
		assert_string_equal(set.framework, "pytest");
		check_sums(&set, 7, 4, 1);
		test = find(&set, "tests/test_x.py::TestA::test_in[2]");
		assert_int_equal(test->outcome, OUTCOME_FAILED);
		assert_int_equal(test->duration_ms, 12345);
		assert_string_equal(test->file, "tests/test_x.py");
		assert_string_equal(test->message, "assert 2 == 1");
		test = find(&set, "tests/test_x.py::test_bad");
		assert_string_equal(test->message, "AssertionError: one <is> not & two");
		assert_int_equal(find(&set, "tests/test_x.py::test_err")->outcome, OUTCOME_ERROR);
		assert_int_equal(find(&set, "tests/test_x.py::test_later")->outcome, OUTCOME_SKIPPED);
		assert_int_equal(find(&set, "tests/test_x.py::TestU::test_u")->outcome, OUTCOME_PASSED);
		assert_int_equal(find(&set, "tests/test_y.py")->outcome, OUTCOME_ERROR);
	}
}

static void junit_of_others(void **state)
{
	ARENA a = {0};
	struct results set = {0};

	(void)state;
	read_one(&set, &a, node_junit, true);
	assert_string_equal(set.framework, "junit");
	check_sums(&set, 3, 1, 1);
	assert_int_equal(find(&set, "suite > inner bad")->outcome, OUTCOME_FAILED);
	assert_int_equal(find(&set, "adds")->duration_ms, 1);
	read_one(&set, &a, "<testsuite name=\"com.x.CartTest\" tests=\"2\"><properties><property name=\"a\""
		 " value=\"b\"/></properties><testcase name=\"adds\" classname=\"com.x.CartTest\" "
		 "time=\"1,234.5\"/><testcase name=\"flaky\" classname=\"com.x.CartTest\"><flakyFailure "
		 "message=\"once\">x</flakyFailure></testcase><testcase name=\"off\" status=\"notrun\" "
		 "classname=\"Suite\"/></testsuite>", false);
	assert_int_equal(find(&set, "com.x.CartTest.adds")->duration_ms, 1234500);
	assert_int_equal(find(&set, "com.x.CartTest.flaky")->outcome, OUTCOME_PASSED);
	assert_int_equal(find(&set, "Suite.off")->outcome, OUTCOME_SKIPPED);
}

static void tap_of_node(void **state)
{
	ARENA a = {0};
	struct results set = {0};
	const struct result *test;

	(void)state;
	read_one(&set, &a, node_tap, true);
	assert_string_equal(set.framework, "node:test");
	assert_int_equal(set.count, 6);
	check_sums(&set, 4, 2, 2);
	test = find(&set, "breaks # odd");
	assert_int_equal(test->outcome, OUTCOME_FAILED);
	assert_int_equal(test->duration_ms, 1353);
	test = find(&set, "suite > inner bad");
	assert_int_equal(test->outcome, OUTCOME_FAILED);
	assert_string_equal(test->message, "x");
	assert_int_equal(find(&set, "suite > later")->outcome, OUTCOME_SKIPPED);
}

static const struct {
	const char *text;
	unsigned long run, failed, skipped;
} taps[] = {
	{ "1..2\nok 1\nok 2\n", 2, 0, 0 },
	{ "1..2\nok\nnot ok\n", 2, 1, 0 },
	{ "ok 1 - a\nok 2 - b\n1..2\n", 2, 0, 0 },
	{ "1..3\nok 1 - a\n", 2, 1, 0 },				/* two of three never ran */
	{ "1..0 # SKIP no tests here\n", 0, 0, 0 },
	{ "1..2\nok 1 - a # skip why\nnot ok 2 - b # ToDo later\n", 0, 0, 2 },
	{ "1..2\nok 1 - a\nBail out! disk full\n", 2, 1, 0 },
	{ "TAP version 14\n1..1\n    1..1\n    ok 1 - in\nok 1 - out\n", 1, 0, 0 },
	{ "TAP version 14\n1..1\n    1..1\n    ok 1 - in\nnot ok 1 - out\n", 2, 1, 0 },
	{ "1..1\r\nok 1 - a\r\n", 1, 0, 0 },
	{ "1..1\nokay\nok 1 - a\n", 1, 0, 0 },
};

static void tap_forms(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(taps) / sizeof(taps[0]); i++) {
		ARENA a = {0};
		struct results set = {0};
		struct tests tests;

		read_one(&set, &a, taps[i].text, false);
		results_tests(&set, &a, &tests);
		if (tests.run != taps[i].run || tests.failed != taps[i].failed)
			print_error("TAP: %s\n", taps[i].text);
		assert_int_equal(tests.run, taps[i].run);
		assert_int_equal(tests.failed, taps[i].failed);
		assert_int_equal(tests.skipped, taps[i].skipped);
	}
}

static void go_events(void **state)
{
	ARENA a = {0};
	struct results set = {0};
	const struct result *test;

	(void)state;
	read_one(&set, &a, go_json, true);
	assert_string_equal(set.framework, "go test");
	check_sums(&set, 5, 4, 1);
	test = find(&set, "example.com/shop.TestBad/sub_one");
	assert_int_equal(test->outcome, OUTCOME_FAILED);
	assert_string_equal(test->file, "shop/a_test.go");
	assert_int_equal(test->line, 5);
	assert_int_equal(find(&set, "example.com/shop.TestOk")->duration_ms, 250);
	test = find(&set, "example.com/shop.TestHangs");
	assert_int_equal(test->outcome, OUTCOME_ERROR);
	assert_string_equal(test->message, "did not finish");
	assert_int_equal(find(&set, "example.com/broken")->outcome, OUTCOME_ERROR);
}

/* A second report never hides a failure of the first, and adds what is new. */
static void merged(void **state)
{
	ARENA a = {0};
	struct results set = {0};

	(void)state;
	read_one(&set, &a, "1..2\nok 1 - a\nnot ok 2 - b\n", false);
	read_one(&set, &a, "1..3\nnot ok 1 - a\nok 2 - b\nok 3 - c\n", false);
	assert_int_equal(set.count, 3);
	check_sums(&set, 3, 2, 0);
}

static const char *const refused[] = {
	"", "hello", "<html><body/></html>", "<testsuites>", "<testsuite></testsuites>",
	"<!DOCTYPE x [<!ENTITY a \"b\">]><testsuite><testcase name=\"&a;\"/></testsuite>",
	"<!DOCTYPE x SYSTEM \"http://127.0.0.1:1/x\"><testsuite/>",
	"<testsuite><testcase name=\"&unknown;\"/></testsuite>", "{\"Action\":", "{\"a\":1}",
	"<testsuite><testcase name=\"\xff\"/></testsuite>",
};

static void hostile(void **state)
{
	ARENA a = {0};
	struct results set = {0};
	struct text deep = TEXT(&a), many = TEXT(&a);

	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct err e = ERR_INIT;

		assert_false(results_read(&set, &a, str_of(refused[i]), NULL, &e));
		assert_int_equal(e.kind, ERR_INPUT);
		assert_true(e.text[0]);
	}
	for (int i = 0; i < 100; i++)
		text_adds(&deep, "<testsuite>");
	assert_false(results_read(&set, &a, text_str(&deep), NULL, &(struct err)ERR_INIT));
	text_adds(&many, "<testsuite>");
	for (unsigned i = 0; i < RESULTS_MAX + 10; i++)
		text_addf(&many, "<testcase name=\"t%u\"/>", i);
	text_adds(&many, "</testsuite>");
	set = (struct results){0};
	read_one(&set, &a, text_cstr(&many), false);
	assert_int_equal(set.count, RESULTS_MAX);
	assert_int_equal(set.dropped, 10);
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(junit_of_pytest), cmocka_unit_test(junit_of_others),
		cmocka_unit_test(tap_of_node),	   cmocka_unit_test(tap_forms),
		cmocka_unit_test(go_events),	   cmocka_unit_test(merged),
		cmocka_unit_test(hostile),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

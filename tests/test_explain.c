/* ci/explain and ci/sarif: the fields of the contract, nulls, and text for people. */
#include "tests/unit.h"

#include "ci/explain.h"
#include "ci/log.h"
#include "ci/sarif.h"

static const char log_text[] =
	"##[group]Run make\nmake\nshell: bash\n##[endgroup]\n"
	"src/a b.c:3:5: error: 'x' undeclared (first use in this function)\n"
	"/usr/include/stdio.h:9:1: warning: odd thing\n"
	"##[error]Process completed with exit code 2.\n";

static const struct tree_file files[] = {
	{ "src/a b.c", "int a;\n\n\treturn x;\n" }, { NULL, NULL },
};

static void has_keys(const json_t *object, const char *const *keys)
{
	size_t n = 0;

	for (; keys[n]; n++)
		if (!json_object_get(object, keys[n]))
			print_error("no \"%s\"\n", keys[n]);
	assert_int_equal(json_object_size(object), n);
	for (n = 0; keys[n]; n++)
		assert_non_null(json_object_get(object, keys[n]));
}

static const char *const report_keys[] = { "failures", "tests", "diagnostics", "blocks", "exit_code",
					   "lines", "bytes", NULL };
static const char *const failure_keys[] = {
	"rank", "kind", "language", "tool", "type", "message", "file", "line", "column", "function",
	"test", "log_lines", "error_line", "frames", "signature", "family", "transient", NULL
};
static const char *const test_keys[] = { "framework", "run", "passed", "failed", "skipped",
					 "failed_names", NULL };
static const char *const diagnostic_keys[] = { "tool", "file", "line", "column", "severity", "code",
					       "message", NULL };
static const char *const frame_keys[] = { "file", "line", "column", "function", "own", NULL };

static void contract(void **state)
{
	ARENA a = {0};
	const struct report *report = log_read(&a, tree_of_files(&a, files), str_of(log_text));
	json_t *json = explain_json(report), *failure, *diagnostic;

	(void)state;
	has_keys(json, report_keys);
	has_keys(json_object_get(json, "tests"), test_keys);
	assert_true(json_is_null(json_object_get(json_object_get(json, "tests"), "run")));
	failure = json_array_get(json_object_get(json, "failures"), 0);
	has_keys(failure, failure_keys);
	assert_int_equal(json_integer_value(json_object_get(failure, "error_line")), 5);
	assert_int_equal(json_integer_value(json_object_get(failure, "line")), 3);
	assert_string_equal(json_string_value(json_object_get(failure, "file")), "src/a b.c");
	assert_string_equal(json_string_value(json_object_get(failure, "kind")), "compile");
	assert_true(json_is_null(json_object_get(failure, "test")));
	assert_int_equal(json_string_length(json_object_get(failure, "signature")), 32);
	diagnostic = json_array_get(json_object_get(json, "diagnostics"), 0);
	has_keys(diagnostic, diagnostic_keys);
	assert_int_equal(json_integer_value(json_object_get(json, "exit_code")), 2);
	assert_int_equal(json_integer_value(json_object_get(json, "lines")), 7);
	assert_int_equal(json_integer_value(json_object_get(json, "bytes")), sizeof(log_text) - 1);
	json_decref(json);
}

static void empty(void **state)
{
	ARENA a = {0};
	const struct report *report = log_read(&a, NULL, STR(""));
	json_t *json = explain_json(report), *sarif = sarif_json(report, NULL);

	(void)state;
	has_keys(json, report_keys);
	assert_int_equal(json_array_size(json_object_get(json, "failures")), 0);
	assert_true(json_is_null(json_object_get(json, "exit_code")));
	assert_str(explain_text(&a, report, NULL), "No failure found in 0 lines.\n");
	assert_non_null(json_object_get(sarif, "runs"));
	json_decref(json);
	json_decref(sarif);
}

static void frames(void **state)
{
	static struct frame list[] = {
		{ .file = "/usr/lib/x.py", .line = 9 },
		{ .file = "a.py", .line = 3, .function = "f", .own = true },
	};
	const struct failure f = { .rank = 1, .frames = list, .frame_count = 2, .first_line = 4,
				   .last_line = 6 };
	json_t *json = explain_failure_json(&f), *one;

	(void)state;
	has_keys(json, failure_keys);
	one = json_array_get(json_object_get(json, "frames"), 0);
	has_keys(one, frame_keys);
	assert_true(json_is_null(json_object_get(one, "function")));
	assert_true(json_is_false(json_object_get(one, "own")));
	assert_true(json_is_true(json_object_get(json_array_get(json_object_get(json, "frames"), 1),
						 "own")));
	assert_true(json_is_null(json_object_get(json, "signature")));
	assert_int_equal(json_integer_value(json_array_get(json_object_get(json, "log_lines"), 1)), 6);
	json_decref(json);
}

static void text(void **state)
{
	ARENA a = {0};
	struct tree *tree = tree_of_files(&a, files);
	struct str out = explain_text(&a, log_read(&a, tree, str_of(log_text)), tree);

	(void)state;
	assert_true(str_has(out, "'x' undeclared (first use in this function)\n"));
	assert_true(str_has(out, "  at src/a b.c:3:5\n"));
	assert_true(str_has(out, "     3 | return x;\n"));
	assert_true(str_has(out, "line 5 of the log, exit code 2\n"));
	assert_true(str_has(out, "  run by make\n"));
	assert_true(str_has(out, "  signature "));
}

static void sarif(void **state)
{
	ARENA a = {0};
	struct tree *tree = tree_of_files(&a, files);
	json_t *json = sarif_json(log_read(&a, tree, str_of(log_text)), tree), *run, *result;
	const char *uri = NULL, *rule, *message;
	size_t rules, located = 0, i;
	json_int_t place, line = 0;

	(void)state;
	assert_non_null(json);
	run = json_array_get(json_object_get(json, "runs"), 0);
	assert_string_equal(json_string_value(json_object_get(json, "version")), "2.1.0");
	rules = json_array_size(json_object_get(json_object_get(json_object_get(run, "tool"), "driver"),
						"rules"));
	assert_true(rules > 0);
	json_array_foreach(json_object_get(run, "results"), i, result) {
		json_t *locations = json_object_get(result, "locations");

		assert_int_equal(json_unpack(result, "{s:s, s:I, s:{s:s}}", "ruleId", &rule, "ruleIndex",
					     &place, "message", "text", &message), 0);
		assert_true(place >= 0 && (size_t)place < rules);
		assert_true(rule[0] && message[0]);
		if (!locations)
			continue;
		located++;
		assert_int_equal(json_unpack(locations, "[{s:{s:{s:s}, s:{s:I}}}]", "physicalLocation",
					     "artifactLocation", "uri", &uri, "region", "startLine",
					     &line), 0);
	}
	assert_int_equal(located, 1);		/* the system's header is no place of ours */
	assert_string_equal(uri, "src/a%20b.c");
	assert_int_equal(line, 3);
	json_decref(json);
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(contract), cmocka_unit_test(empty), cmocka_unit_test(frames),
		cmocka_unit_test(text),	    cmocka_unit_test(sarif),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

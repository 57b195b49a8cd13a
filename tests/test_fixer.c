/* The commands that readers take out of a formatter's log: exactly the files it names, or none. */
#include "tests/unit.h"

#include "ci/log.h"
#include "ci/trace.h"

static void fixes(const char *log, const char *fixer)
{
	ARENA a = {0};
	const struct report *report = log_read(&a, NULL, str_of(log));
	const char *got;

	assert_true(report->failure_count > 0);
	got = report->failures[0].fixer;
	if (fixer)
		assert_string_equal(got ? got : "(none)", fixer);
	else
		assert_null(got);
}

static void commands(void **state)
{
	(void)state;
	fixes("would reformat a.py\nwould reformat b.py\nwould reformat a.py\n", "black a.py b.py");
	fixes("Would reformat: src/a.py\n", "ruff format src/a.py");
	fixes("ERROR: /x/a.py Imports are incorrectly sorted and/or formatted.\n", "isort /x/a.py");
	fixes("Checking formatting...\n[warn] x.js\n[warn] Code style issues found in the above file. "
	      "Run Prettier with --write to fix.\n", "prettier --write x.js");
	fixes("gofmt -l .\npkg/a.go\n", "gofmt -w pkg/a.go");
	fixes("gofmt -s -l .\npkg/a.go\n", "gofmt -s -w pkg/a.go");
	fixes("Diff in /x/src/lib.rs:1:\n", "rustfmt /x/src/lib.rs");
	fixes("a.c:1:10: error: code should be clang-formatted [-Wclang-format-violations]\n",
	      "clang-format -i a.c");
	fixes("x.js\n  1:2  error  Missing semicolon  semi\n\n\u2716 1 problem (1 error, 0 warnings)\n"
	      "  1 error and 0 warnings potentially fixable with the `--fix` option.\n",
	      "eslint --fix x.js");
	fixes("a.py:1:8: F401 [*] `os` imported but unused\nb.py:1:8: E711 Comparison to None\n",
	      "ruff check --fix a.py");
}

/* A tool that works in parallel prints in any order. */
static void any_order(void **state)
{
	static const char *const logs[][2] = {
		{ "would reformat b.py\nwould reformat a.py\n", "would reformat a.py\nwould reformat b.py\n" },
		{ "a.py:9:1: E711 Comparison to None\na.py:2:1: F401 [*] `os` imported but unused\n",
		  "a.py:2:1: F401 [*] `os` imported but unused\na.py:9:1: E711 Comparison to None\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(logs) / sizeof(logs[0]); i++) {
		ARENA a = {0};
		const struct failure *one = log_read(&a, NULL, str_of(logs[i][0]))->failures;
		const struct failure *other = log_read(&a, NULL, str_of(logs[i][1]))->failures;

		assert_string_equal(one->signature, other->signature);
		assert_string_equal(one->file, other->file);
		assert_int_equal(one->line, other->line);
	}
}

static void no_commands(void **state)
{
	(void)state;
	fixes("would reformat a b.py\n", NULL);
	fixes("would reformat $(id).py\n", NULL);
	fixes("would reformat --config.py\n", NULL);
	fixes("would reformat ../a.py\n", NULL);
	fixes("a.py:1:1: F401 'sys' imported but unused\n", NULL);
	fixes("a.py:5: error: Incompatible types  [assignment]\n", NULL);
	fixes("x.js\n  1:2  error  Unexpected any  no-any\n\n", NULL);
}

static void too_many_files(void **state)
{
	ARENA a = {0};
	struct text log = TEXT(&a);

	(void)state;
	for (int i = 0; i < 300; i++)
		text_addf(&log, "would reformat a%d.py\n", i);
	fixes(text_cstr(&log), NULL);
}

static void places(void **state)
{
	struct str rest = STR("src/a.c:12:5: error: x");
	struct place place;

	(void)state;
	assert_true(place_take(&rest, &place));
	assert_str(place.file, "src/a.c");
	assert_int_equal(place.line, 12);
	assert_int_equal(place.column, 5);
	assert_str(rest, ": error: x");
	rest = STR("C:\\x\\a.c:3: y");
	assert_true(place_take(&rest, &place));
	assert_str(place.file, "C:\\x\\a.c");
	assert_int_equal(place.column, 0);
	rest = STR("12:30:45 began");
	assert_false(place_take(&rest, &place));
	assert_str(rest, "12:30:45 began");
	rest = STR("a.c:99999999999999999999999: y");
	assert_false(place_take(&rest, &place));
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(any_order), cmocka_unit_test(commands), cmocka_unit_test(no_commands),
		cmocka_unit_test(too_many_files), cmocka_unit_test(places),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

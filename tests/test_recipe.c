/* Picking one test out of a command, guessing a command, and quoting. */
#include "tests/unit.h"

#include "bot/recipe.h"

static void narrows(void **state)
{
	static const struct {
		const char *command, *tool, *test, *file, *narrow;
	} rows[] = {
		{ "python3 -m pytest -q tests", "pytest", "tests/test_a.py::test_b[x y]", NULL,
		  "'python3' '-m' 'pytest' 'tests/test_a.py::test_b[x y]'" },
		{ "pytest", "pytest", "a.py::t", NULL, "'pytest' 'a.py::t'" },
		{ "/usr/bin/python3.11 -m unittest -q", "unittest", "m.C.t", NULL,
		  "'/usr/bin/python3.11' '-m' 'unittest' 'm.C.t'" },
		{ "go test ./...", "go test", "TestA/sub", "pkg/a_test.go",
		  "'go' 'test' -run '^TestA$' './pkg'" },
		{ "node --test test/", NULL, "it's", NULL,
		  "'node' '--test' '--test-name-pattern=it'\\''s' 'test/'" },
		{ "npx jest --ci", "jest", "adds", NULL, "'npx' 'jest' '--ci' -t 'adds'" },
		/* not one simple command, another tool, no test */
		{ "cd x && pytest", "pytest", "a.py::t", NULL, NULL },
		{ "make test", "pytest", "a.py::t", NULL, NULL },
		{ "pytest", "unittest", "m.C.t", NULL, NULL },
		{ "pytest $(ls)", "pytest", "a.py::t", NULL, NULL },
		{ "FOO=1 pytest", "pytest", "a.py::t", NULL, NULL },
		{ "go test ./...", "go test", "x;rm -rf", NULL, NULL },
		{ "pytest", "pytest", NULL, NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ARENA a = {0};
		struct failure f = { .tool = rows[i].tool, .test = rows[i].test,
				     .file = rows[i].file };
		const char *narrow = recipe_narrow(&a, rows[i].command, &f);

		if (!rows[i].narrow)
			assert_null(narrow);
		else
			assert_string_equal(narrow, rows[i].narrow);
	}
}

static void splits_words(void **state)
{
	ARENA a = {0};
	size_t count;
	const char **words = recipe_words(&a, " a 'b c' \"d e\"f\tg ", &count);

	(void)state;
	assert_int_equal(count, 4);
	assert_string_equal(words[1], "b c");
	assert_string_equal(words[2], "d ef");
	assert_null(recipe_words(&a, "a 'b", &count));
	assert_null(recipe_words(&a, "a; b", &count));
	assert_null(recipe_words(&a, "a \"$b\"", &count));
	assert_null(recipe_words(&a, "", &count));
	assert_null(recipe_words(&a, "a\nb", &count));
}

static void guesses(void **state)
{
	const struct tree_file files[] = { { "Makefile", "all:\n\ntest:\n\ttrue\n" }, { NULL, NULL } };
	const struct tree_file none[] = { { "a.txt", "" }, { NULL, NULL } };
	ARENA a = {0};
	struct failure failure = { .tool = "pytest" };
	struct report report = { .failures = &failure, .failure_count = 1 };
	struct guess guess;

	(void)state;
	assert_true(recipe_guess(&a, tree_of_files(&a, files), NULL, &guess));
	assert_string_equal(guess.command, "make test");
	assert_true(recipe_guess(&a, tree_of_files(&a, files), &report, &guess));
	assert_string_equal(guess.command, "python3 -m pytest");
	report.command = "tox -e py";
	assert_true(recipe_guess(&a, tree_of_files(&a, files), &report, &guess));
	assert_string_equal(guess.command, "tox -e py");
	assert_false(recipe_guess(&a, tree_of_files(&a, none), NULL, &guess));
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(narrows), cmocka_unit_test(splits_words), cmocka_unit_test(guesses),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

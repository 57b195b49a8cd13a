/*
 * What the templates of formatters share, with more files than an example can hold: which files
 * stand in the command, and when many of them mean that the tool moved and not the code.
 */
#include "tests/unit.h"

#include "ci/log.h"
#include "templates/lib_tool.h"

static const char *const argv[] = { "black", "-q", NULL };

static const struct tool black = {
	.name = "black", .program = "black", .argv = argv, .endings = ".py", .keep = "", .keep_value = "-l",
	.drop = "--check",
};

static const struct template asked = { .name = "tool_black" };

/* A log that names `count` files, in a tree that has them and one more file. */
static struct scene scene_of(struct arena *a, size_t count, const char *path, const char *text,
			     const char *head)
{
	struct tree_file *files = arena_array(a, struct tree_file, count + 2);
	struct text log = TEXT(a);
	struct scene scene = { .arena = a, .template = &asked };

	text_adds(&log, head);
	for (size_t i = 0; i < count; i++) {
		files[i] = (struct tree_file){ arena_printf(a, "m/f%zu.py", i), "x = { }\n" };
		text_addf(&log, "would reformat m/f%zu.py\n", i);
	}
	files[count] = (struct tree_file){ path, text };
	scene.tree = tree_of_files(a, files);
	scene.report = log_read(a, scene.tree, text_str(&log));
	assert_true(scene.report->failure_count > 0);
	scene.failure = scene.report->failures;
	return scene;
}

static struct scene propose_for(struct arena *a, size_t count, const char *path, const char *text,
				const char *head)
{
	struct scene scene = scene_of(a, count, path, text, head);
	struct tool_files files;

	tool_files(&scene, &black, &files);
	tool_propose(&scene, &black, NULL, &files);
	return scene;
}

static size_t words(const struct scene *scene)
{
	size_t n = 0;

	assert_int_equal(scene->candidate_count, 1);
	while (scene->candidates->run[n])
		n++;
	return n;
}

static void ten_files_need_no_pin(void **state)
{
	ARENA a = {0};
	struct scene scene = propose_for(&a, 10, "README.md", "", "");

	(void)state;
	assert_int_equal(words(&scene), 12);
	assert_int_equal(scene.candidates->oracle, ORACLE_TOOL);
	assert_string_equal(scene.candidates->run[2], "m/f0.py");
}

static void eleven_files_are_version_drift(void **state)
{
	ARENA a = {0};
	struct scene scene = propose_for(&a, 11, "requirements.txt", "black\nblackdoc==1.0\n", "");

	(void)state;
	assert_int_equal(scene.candidate_count, 0);
	assert_true(str_has(str_of(scene.declined), "version drift"));
}

static void a_pin_anywhere_is_enough(void **state)
{
	static const struct tree_file pins[] = {
		{ "requirements-dev.txt", "pytest\nblack==23.1.0\n" },
		{ "poetry.lock", "[[package]]\nname = \"black\"\nversion = \"23.1.0\"\n" },
		{ ".pre-commit-config.yaml",
		  "repos:\n- repo: https://github.com/psf/black\n  rev: 23.1.0\n" },
		{ ".github/workflows/ci.yml", "      - run: pip install black==23.1.0\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(pins) / sizeof(pins[0]); i++) {
		ARENA a = {0};
		struct scene scene = propose_for(&a, 11, pins[i].path, pins[i].text, "");

		assert_int_equal(words(&scene), 13);
	}
}

static void another_tools_revision_is_no_pin(void **state)
{
	ARENA a = {0};
	struct scene scene = propose_for(&a, 11, ".pre-commit-config.yaml",
					 "repos:\n- repo: https://github.com/pycqa/isort\n  rev: 5.0\n"
					 "- repo: https://github.com/psf/black\n", "");

	(void)state;
	assert_int_equal(scene.candidate_count, 0);
}

static void options_are_taken_over_or_refused(void **state)
{
	ARENA a = {0};
	struct scene kept = propose_for(&a, 1, "a", "", "##[group]Run python -m black --check -l 99 .\n"
					"python -m black --check -l 99 .\n##[endgroup]\n");
	struct scene odd = propose_for(&a, 1, "a", "", "##[group]Run black --check -l --evil .\n"
				       "black --check -l --evil .\n##[endgroup]\n");

	(void)state;
	assert_int_equal(words(&kept), 5);
	assert_string_equal(kept.candidates->run[3], "99");
	assert_int_equal(odd.candidate_count, 0);
}

static void more_files_than_a_command_holds(void **state)
{
	ARENA a = {0};
	struct scene scene = propose_for(&a, TOOL_FILES_MAX + 1, "requirements.txt", "black==23.1.0\n", "");

	(void)state;
	assert_int_equal(scene.candidate_count, 0);
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(ten_files_need_no_pin),
		cmocka_unit_test(eleven_files_are_version_drift),
		cmocka_unit_test(a_pin_anywhere_is_enough),
		cmocka_unit_test(another_tools_revision_is_no_pin),
		cmocka_unit_test(options_are_taken_over_or_refused),
		cmocka_unit_test(more_files_than_a_command_holds),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

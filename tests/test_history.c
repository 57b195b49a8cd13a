/*
 * Templates that look at the failing commit's parent: what an example with one tree cannot show.
 */
#include "tests/unit.h"

#include "templates/template.h"

static const struct template *find(const char *name)
{
	for (size_t i = 0; i < template_count; i++)
		if (str_is(str_of(name), templates[i]->name))
			return templates[i];
	return NULL;
}

/* Asks one template about a failure with one frame. */
static void ask(struct scene *scene, const char *template_name, struct failure *failure)
{
	scene->failure = failure;
	failure->language = "python";
	assert_non_null(find(template_name));
	assert_true(template_matches(find(template_name), scene));
	scene->template->fix(scene);
}

static const char load_before[] = "def load():\n    return {\"user\": 1}\n";
static const char load_after[] = "def load():\n    return {\"account\": 1}\n";
static const char show[] = "from load import load\n\n\ndef show():\n    row = load()\n"
			   "    return row[\"user\"]\n";

static struct scene scene_of(struct arena *a, const struct tree_file *parent,
			     const struct tree_file *tree)
{
	return (struct scene){ .arena = a, .parent = parent ? tree_of_files(a, parent) : NULL,
			       .tree = tree_of_files(a, tree) };
}

static void renamed_key(void **state)
{
	ARENA a = {0};
	const struct tree_file parent[] = { { "load.py", load_before }, { "show.py", show }, {0} };
	const struct tree_file tree[] = { { "load.py", load_after }, { "show.py", show }, {0} };
	struct frame frames[] = { { "show.py", 6, 0, "show", true } };
	struct failure failure = { .type = "KeyError", .message = "'user'", .frames = frames,
				   .frame_count = 1 };
	struct scene scene = scene_of(&a, parent, tree);

	(void)state;
	ask(&scene, "python_key_error", &failure);
	assert_int_equal(scene.candidate_count, 1);
	assert_int_equal(scene.candidates->oracle, ORACLE_HISTORY);
	assert_str(scene.candidates->patch.changes->after,
		   "from load import load\n\n\ndef show():\n    row = load()\n"
		   "    return row[\"account\"]\n");
}

/* The same crash without the parent, or when the parent had the same key, is nobody's rename. */
static void not_renamed(void **state)
{
	ARENA a = {0};
	const struct tree_file tree[] = { { "load.py", load_after }, { "show.py", show }, {0} };
	struct frame frames[] = { { "show.py", 6, 0, "show", true } };
	struct failure failure = { .type = "KeyError", .message = "'user'", .frames = frames,
				   .frame_count = 1 };
	struct scene scene = scene_of(&a, NULL, tree), same = scene_of(&a, tree, tree);

	(void)state;
	ask(&scene, "python_key_error", &failure);
	assert_int_equal(scene.candidate_count, 0);
	ask(&same, "python_key_error", &failure);
	assert_int_equal(same.candidate_count, 0);
}

/* A requirement that the failing commit took away comes back with its version. */
static void requirement_restored(void **state)
{
	ARENA a = {0};
	const struct tree_file parent[] = { { "requirements.txt", "click\nleftpadder==1.2\n" },
					    { "main.py", "import leftpadder\n" }, {0} };
	const struct tree_file tree[] = { { "requirements.txt", "click\n" },
					  { "main.py", "import leftpadder\n" }, {0} };
	struct frame frames[] = { { "main.py", 1, 0, "<module>", true } };
	struct failure failure = { .type = "ModuleNotFoundError", .frames = frames,
				   .message = "No module named 'leftpadder'", .frame_count = 1 };
	struct scene scene = scene_of(&a, parent, tree);

	(void)state;
	ask(&scene, "python_missing_module", &failure);
	assert_int_equal(scene.candidate_count, 1);
	assert_int_equal(scene.candidates->oracle, ORACLE_HISTORY);
	assert_str(scene.candidates->patch.changes->after, "click\nleftpadder==1.2\n");
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(renamed_key),
		cmocka_unit_test(not_renamed),
		cmocka_unit_test(requirement_restored),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

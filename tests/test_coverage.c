/* Reports of coverage tools, good and hostile, against a patch of one line. */
#include "tests/unit.h"

#include "bot/coverage.h"

#include <math.h>

static struct patch patch_of(struct arena *a, const char *path)
{
	const struct tree_file files[] = { { path, "one\ntwo\nthree\n" }, { NULL, NULL } };
	struct patch patch = { NULL, 0 };
	struct err e = ERR_INIT;

	assert_true(patch_put(&patch, a, tree_of_files(a, files), path,
			      STR("one\nnew();\nnewer();\nthree\n"), &e));
	return patch;
}

static double python(const char *json)
{
	ARENA a = {0};
	struct patch patch = patch_of(&a, "pkg/a.py");
	struct ran *ran = ran_for(&a, &patch);

	coverage_read_python(ran, str_of(json), "/repo");
	return ran_share(ran, &patch, &a);
}

static void reads_python(void **state)
{
	(void)state;
	assert_true(fabs(python("{\"/repo/pkg/a.py\": [[1, 2, 3], []]}") - 1) < 1e-9);
	assert_true(fabs(python("{\"/repo/pkg/a.py\": [[1, 2], [3]]}") - 0.5) < 1e-9);
	assert_true(python("{\"/repo/pkg/other.py\": [[2], []]}") < 0);
	assert_true(python("{\"/repo/pkg/a.py\": [[99999999999, -1, \"x\"], 5]}") < 0);
	assert_true(python("[") < 0);
	assert_true(python("") < 0);
}

static void reads_go(void **state)
{
	ARENA a = {0};
	struct patch patch = patch_of(&a, "pkg/a.go");
	struct ran *ran = ran_for(&a, &patch);

	(void)state;
	assert_true(coverage_read_go(ran, STR("mode: set\nexample.com/m/pkg/a.go:2.1,2.9 1 1\n"
					      "example.com/m/pkg/a.go:3.1,3.9 1 0\n"
					      "example.com/m/otherpkg/a.go:3.1,3.9 1 1\n")));
	assert_true(fabs(ran_share(ran, &patch, &a) - 0.5) < 1e-9);
	assert_false(coverage_read_go(ran, STR("not a profile\n")));
	assert_false(coverage_read_go(ran, STR("mode: set\na.go:1.1,99999999999999999999.1 1 1\n")));
}

static void reads_gcov(void **state)
{
	ARENA a = {0};
	struct patch patch = patch_of(&a, "a.c");
	struct ran *ran = ran_for(&a, &patch);

	(void)state;
	assert_true(coverage_read_gcov(ran, STR(
		"{\"files\":[{\"file\":\"a.c\",\"lines\":[{\"line_number\":2,\"count\":0},"
		"{\"line_number\":3,\"count\":4}]}]}\n"
		"{\"files\":[{\"file\":\"a.c\",\"lines\":[{\"line_number\":2,\"count\":1}]}]}"), "/r"));
	assert_true(fabs(ran_share(ran, &patch, &a) - 1) < 1e-9);
	assert_false(coverage_read_gcov(ran, STR("{]"), "/r"));
}

static void reads_v8(void **state)
{
	ARENA a = {0};
	struct patch patch = patch_of(&a, "a.js");
	struct ran *ran = ran_for(&a, &patch);

	(void)state;
	/* "one\nnew();\nnewer();\nthree\n": line 3 begins at offset 11 and did not run. */
	assert_true(coverage_read_v8(ran, STR(
		"{\"result\":[{\"url\":\"file:///repo/a.js\",\"functions\":[{\"ranges\":["
		"{\"startOffset\":0,\"endOffset\":26,\"count\":1},"
		"{\"startOffset\":11,\"endOffset\":19,\"count\":0}]}]}]}"), "/repo", &patch));
	assert_true(fabs(ran_share(ran, &patch, &a) - 0.5) < 1e-9);
	assert_true(coverage_read_v8(ran, STR("{\"result\":[{\"url\":5},7,{\"url\":\"file:///x\"}]}"),
				     "/repo", &patch));
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(reads_python), cmocka_unit_test(reads_go),
		cmocka_unit_test(reads_gcov), cmocka_unit_test(reads_v8),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

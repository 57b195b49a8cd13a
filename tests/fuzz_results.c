/* Test reports of any bytes, as each format: bounded, valid UTF-8, places only in the tree. */
#include "bot/base/utf8.h"
#include "ci/results.h"

#include <assert.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_as(const char *head, const uint8_t *data, size_t size, bool with_tree)
{
	static const struct tree_file files[] = {
		{ "tests/test_x.py", "" }, { "a/a_test.go", "" }, { "t.mjs", "" }, { NULL, NULL },
	};
	ARENA a = {0};
	const struct tree *tree = with_tree ? tree_of_files(&a, files) : NULL;
	struct results set = {0};
	struct text text = TEXT(&a);
	struct err e = ERR_INIT;
	struct tests tests;

	text_adds(&text, head);
	text_add(&text, (struct str){ (const char *)data, size });
	if (!results_read(&set, &a, text_str(&text), tree, &e))
		assert(e.kind == ERR_INPUT && e.text[0]);
	assert(set.count <= RESULTS_MAX);
	for (size_t i = 0; i < set.count; i++) {
		const struct result *result = &set.list[i];

		assert(result->name[0] && utf8_valid(str_of(result->name)));
		assert(utf8_valid(str_of(result->message)) && result->duration_ms >= -1);
		assert(!result->file || !tree || tree_has(tree, result->file));
	}
	results_tests(&set, &a, &tests);
	assert(tests.run + tests.skipped == set.count && tests.failed == tests.failed_count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	read_as("", data, size, true);
	read_as("", data, size, false);
	read_as("TAP version 13\n", data, size, true);
	read_as("<testsuite name=\"pytest\"><testcase classname=\"tests.test_x\" name=\"", data, size,
		true);
	read_as("{\"Action\":\"run\",\"Package\":\"x/a\",\"Test\":\"T\"}\n", data, size, true);
	return 0;
}

/*
 * The whole pipeline with all readers on any bytes: what comes out is bounded, true to the log and the
 * tree, valid UTF-8, and does not depend on how the bytes were cut.
 */
#include "tests/report_check.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *read_in(const uint8_t *data, size_t size, size_t step, bool with_tree)
{
	static const struct tree_file files[] = {
		{ "a.py", "x\n\ny\n" }, { "src/a.c", "int x;\n" }, { "src/main.go", "\n\n\n" },
		{ "src/a.js", "\n" }, { "tests/test_a.py", "\n\n\n\n\n\n\n\n" }, { "a.rs", "\n" },
		{ NULL, NULL },
	};
	ARENA a = {0};
	const struct tree *tree = with_tree ? tree_of_files(&a, files) : NULL;
	struct log *log = log_open(&a, tree);
	const struct report *report;

	for (size_t at = 0; at < size; at += step)
		log_feed(log, data + at, size - at < step ? size - at : step);
	report = log_close(log);
	assert(report->bytes == size);
	return check_report(report, tree);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *whole, *pieces, *plain;

	if (!size)
		return 0;
	whole = read_in(data, size, size, true);
	pieces = read_in(data, size, 1 + data[size - 1] % 61, true);
	plain = read_in(data, size, size, false);
	assert(!strcmp(whole, pieces));
	free(whole);
	free(pieces);
	free(plain);
	return 0;
}

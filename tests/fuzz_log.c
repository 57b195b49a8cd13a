/*
 * The whole pipeline with all readers on any bytes: what comes out is bounded, true to the log and the
 * tree, valid UTF-8, and does not depend on how the bytes were cut.
 */
#include "bot/base/utf8.h"
#include "ci/explain.h"
#include "ci/log.h"
#include "ci/normalise.h"
#include "ci/sarif.h"

#include <assert.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(const char *text)
{
	assert(!text || (text[0] && utf8_valid(str_of(text))));
}

static void check_failure(const struct report *report, const struct failure *f,
			  const struct tree *tree)
{
	const char *const texts[] = { f->type, f->message, f->file, f->function, f->test, f->fixer };
	ARENA a = {0};

	assert(f->error_line <= report->lines && f->first_line <= report->lines);
	assert(f->frame_count <= FRAMES_MAX);
	assert(strlen(f->signature) == 32 && strlen(f->family) == 32);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		check_text(texts[i]);
	for (size_t i = 0; i < f->frame_count; i++) {
		check_text(f->frames[i].file);
		check_text(f->frames[i].function);
		assert(!f->frames[i].own || !tree || tree_has(tree, f->frames[i].file));
	}
	normalise_text(&a, str_of(f->message));
}

static char *check_report(const struct report *report, const struct tree *tree)
{
	json_t *json = explain_json(report), *sarif = sarif_json(report, tree);
	char *text = json_dumps(json, JSON_COMPACT);

	assert(json && sarif && text);
	assert(report->failure_count <= FAILURES_MAX);
	for (size_t i = 0; i < report->failure_count; i++)
		check_failure(report, &report->failures[i], tree);
	for (size_t i = 0; i < report->block_count; i++)
		assert(report->blocks[i].first <= report->blocks[i].last &&
		       report->blocks[i].last <= report->lines);
	for (size_t i = 0; i < report->tests.failed_count; i++)
		check_text(report->tests.failed_names[i]);
	json_decref(json);
	json_decref(sarif);
	return text;
}

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
	explain_text(&a, report, tree);
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

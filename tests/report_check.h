/*
 * What every report keeps to, whatever the log: bounds, valid UTF-8, line numbers of the log, own
 * frames that are in the tree. Aborts where it does not.
 */
#ifndef TESTS_REPORT_CHECK_H
#define TESTS_REPORT_CHECK_H

#include "bot/base/utf8.h"
#include "ci/explain.h"
#include "ci/log.h"
#include "ci/normalise.h"
#include "ci/sarif.h"

#undef NDEBUG
#include <assert.h>

static void check_text(const char *text)
{
	assert(!text || (text[0] && utf8_valid(str_of(text))));
}

static void check_failure(const struct report *report, const struct failure *f,
			  const struct tree *tree)
{
	const char *const texts[] = { f->language, f->tool, f->type, f->message, f->file, f->function,
				      f->test, f->fixer };
	ARENA a = {0};

	assert(f->error_line <= report->lines && f->first_line <= report->lines);
	assert(f->first_line <= f->last_line && f->first_line <= f->error_line);
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

/* The report as JSON, which the caller frees. */
static char *check_report(const struct report *report, const struct tree *tree)
{
	json_t *json = explain_json(report), *sarif = sarif_json(report, tree);
	char *text = json_dumps(json, JSON_COMPACT);
	ARENA a = {0};

	assert(json && sarif && text);
	assert(report->failure_count <= FAILURES_MAX);
	for (size_t i = 0; i < report->failure_count; i++)
		check_failure(report, &report->failures[i], tree);
	for (size_t i = 0; i < report->block_count; i++)
		assert(report->blocks[i].first <= report->blocks[i].last &&
		       report->blocks[i].last <= report->lines);
	for (size_t i = 0; i < report->tests.failed_count; i++)
		check_text(report->tests.failed_names[i]);
	assert(utf8_valid(explain_text(&a, report, tree)));
	json_decref(json);
	json_decref(sarif);
	return text;
}

#endif

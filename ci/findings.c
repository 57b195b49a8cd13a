/*
 * Collects failures, diagnostics, blocks and test names within fixed bounds. Does not judge what is
 * found, except to drop the least weighty old failure when there are too many.
 */
#include "ci/findings.h"

#include "ci/report.h"

#include <stdint.h>

enum {
	TEXT_MAX = 4096,
	SLOT_BYTES = 96 * 1024,
	DIAGNOSTICS_MAX = 4096,
	BLOCKS_MAX = 4096,
	NAMES_MAX = 16384,
	LIST_BYTES = 4 * 1024 * 1024,
};

struct slot {
	struct failure failure;		/* first: a failure's pointer is its slot's */
	struct arena arena;
	unsigned long touched;
	unsigned long order;
	bool used;
};

struct findings {
	struct slot *slots;		/* FAILURES_MAX and one scratch slot behind */
	struct arena lists, own;
	unsigned long line, seen;
	struct diagnostic *diagnostics;
	struct block *blocks;
	const char **names;
	uint32_t *name_index;		/* open addressing, NAMES_MAX * 2 places, 0 = free */
	size_t diagnostic_count, block_count, name_count;
	struct tests tests;
};

struct findings *findings_open(struct arena *a)
{
	struct findings *f = arena_new(a, struct findings);

	f->slots = arena_array(&f->own, struct slot, FAILURES_MAX + 1);
	f->name_index = arena_array(&f->own, uint32_t, NAMES_MAX * 2);
	return f;
}

void findings_at(struct findings *f, unsigned long line)
{
	f->line = line;
}

static struct slot *slot_for(struct findings *f, unsigned weight)
{
	struct slot *least = NULL;

	for (size_t i = 0; i < FAILURES_MAX; i++) {
		struct slot *slot = &f->slots[i];

		if (!slot->used)
			return slot;
		if (f->line - slot->touched <= BLOCK_LINES_MAX)
			continue;
		if (!least || slot->failure.weight < least->failure.weight)
			least = slot;
	}
	if (least && least->failure.weight < weight)
		return least;
	return &f->slots[FAILURES_MAX];
}

struct failure *findings_failure(struct findings *f, enum kind kind, unsigned weight,
				 unsigned long first_line)
{
	struct slot *slot = slot_for(f, weight);

	arena_release(&slot->arena);
	*slot = (struct slot){ .used = true, .touched = f->line, .order = f->seen++ };
	slot->failure.kind = kind;
	slot->failure.weight = weight;
	slot->failure.first_line = slot->failure.last_line = first_line;
	slot->failure.error_line = first_line;
	return &slot->failure;
}

const char *findings_text(struct failure *owner, struct str text)
{
	struct slot *slot = (struct slot *)owner;

	if (!text.size || arena_used(&slot->arena) > SLOT_BYTES)
		return NULL;
	return report_text(&slot->arena, str_slice(text, 0, TEXT_MAX));
}

void findings_frame(struct failure *owner, struct str file, unsigned long line,
		    unsigned long column, struct str function)
{
	struct slot *slot = (struct slot *)owner;

	if (!owner->frames)
		owner->frames = arena_array(&slot->arena, struct frame, FRAMES_MAX);
	if (owner->frame_count == FRAMES_MAX) {
		memmove(owner->frames + 1, owner->frames + 2,
			sizeof(struct frame) * (FRAMES_MAX - 2));
		owner->frame_count--;
	}
	owner->frames[owner->frame_count++] = (struct frame){
		.file = findings_text(owner, str_slice(file, 0, 1024)),
		.line = line > 0x7fffffff ? 0 : (unsigned)line,
		.column = column > 0x7fffffff ? 0 : (unsigned)column,
		.function = findings_text(owner, str_slice(function, 0, 512)),
	};
}

void findings_diagnostic(struct findings *f, const char *tool, struct str file, unsigned long line,
			 unsigned long column, enum severity severity, struct str code,
			 struct str message)
{
	struct diagnostic *d;

	if (f->diagnostic_count >= DIAGNOSTICS_MAX || arena_used(&f->lists) > LIST_BYTES)
		return;
	d = &arena_push(&f->lists, f->diagnostics, f->diagnostic_count);
	*d = (struct diagnostic){
		.tool = tool,
		.file = report_text(&f->lists, str_slice(file, 0, 1024)),
		.line = line > 0x7fffffff ? 0 : (unsigned)line,
		.column = column > 0x7fffffff ? 0 : (unsigned)column,
		.severity = severity,
		.code = report_text(&f->lists, str_slice(code, 0, 128)),
		.message = report_text(&f->lists, str_slice(message, 0, 1024)),
	};
}

void findings_block(struct findings *f, const char *language, unsigned long first,
		    unsigned long last)
{
	if (f->block_count >= BLOCKS_MAX)
		return;
	arena_push(&f->lists, f->blocks, f->block_count) = (struct block){ language, first, last };
}

void findings_framework(struct findings *f, const char *framework)
{
	f->tests.framework = framework;
}

static uint32_t hash_of(struct str s)
{
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < s.size; i++)
		hash = (hash ^ (unsigned char)s.at[i]) * 16777619u;
	return hash;
}

void findings_test_failed(struct findings *f, struct str name)
{
	uint32_t place;

	name = str_slice(str_trim(name), 0, 1024);
	if (!name.size || f->name_count >= NAMES_MAX || arena_used(&f->lists) > LIST_BYTES)
		return;
	place = hash_of(name) % (NAMES_MAX * 2);
	while (f->name_index[place]) {
		if (str_is(name, f->names[f->name_index[place] - 1]))
			return;
		place = (place + 1) % (NAMES_MAX * 2);
	}
	arena_push(&f->lists, f->names, f->name_count) = report_text(&f->lists, name);
	f->name_index[place] = (uint32_t)f->name_count;
}

void findings_counts(struct findings *f, unsigned long run, unsigned long passed,
		     unsigned long failed, unsigned long skipped)
{
	f->tests.counted = true;
	f->tests.run += run;
	f->tests.passed += passed;
	f->tests.failed += failed;
	f->tests.skipped += skipped;
}

/* Copies the failures in the order in which they were found; the report ranks them. */
static void take_failures(struct findings *f, struct arena *a, struct report *report)
{
	struct slot *order[FAILURES_MAX];
	size_t n = 0;

	for (size_t i = 0; i < FAILURES_MAX; i++) {
		size_t at = n;

		if (!f->slots[i].used)
			continue;
		for (; at > 0 && order[at - 1]->order > f->slots[i].order; at--)
			order[at] = order[at - 1];
		order[at] = &f->slots[i];
		n++;
	}
	report->failures = arena_array(a, struct failure, n);
	for (size_t i = 0; i < n; i++)
		report->failures[i] = report_failure_copy(a, &order[i]->failure);
	report->failure_count = n;
	report->failures_seen = f->seen;
}

static void take_lists(struct findings *f, struct arena *a, struct report *report)
{
	report->tests = f->tests;
	report->tests.failed_names = arena_array(a, const char *, f->name_count);
	report->tests.failed_count = f->name_count;
	for (size_t i = 0; i < f->name_count; i++)
		report->tests.failed_names[i] = arena_strdup(a, f->names[i]);
	report->blocks = arena_copy(a, f->blocks, sizeof(*f->blocks) * f->block_count);
	report->block_count = f->block_count;
	report->diagnostics = arena_array(a, struct diagnostic, f->diagnostic_count);
	report->diagnostic_count = f->diagnostic_count;
	for (size_t i = 0; i < f->diagnostic_count; i++) {
		struct diagnostic *d = &report->diagnostics[i];

		*d = f->diagnostics[i];
		d->file = arena_strdup(a, d->file);
		d->code = arena_strdup(a, d->code);
		d->message = arena_strdup(a, d->message);
	}
}

void findings_close(struct findings *f, struct arena *a, const struct tree *tree,
		    struct report *report)
{
	take_failures(f, a, report);
	take_lists(f, a, report);
	for (size_t i = 0; i <= FAILURES_MAX; i++)
		arena_release(&f->slots[i].arena);
	arena_release(&f->lists);
	arena_release(&f->own);
	report_finish(report, a, tree);
}

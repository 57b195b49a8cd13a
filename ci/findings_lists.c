/*
 * Bounded lists without repeats: a diagnostic that the tool prints and the runner repeats behind
 * "##[error]", or a test named by several summaries, counts once.
 */
#include "ci/findings_lists.h"

#include "ci/report.h"

#include <stdint.h>

enum {
	DIAGNOSTICS_MAX = 4096,
	BLOCKS_MAX = 4096,
	NAMES_MAX = 16384,
	CLUES_MAX = 1024,
	LIST_BYTES = 4 * 1024 * 1024,
	COUNT_MAX = 1000 * 1000 * 1000,
};

struct mention {			/* of an item in an index by hash */
	uint32_t hash;
	uint32_t item;			/* from 1, 0 = free */
};

struct lists {
	struct arena own;
	struct diagnostic *diagnostics;
	struct block *blocks;
	struct clue *clues;
	const char **names;
	struct mention *diagnostic_index, *name_index;	/* twice as large as the lists */
	size_t diagnostic_count, block_count, name_count, clue_count;
	struct tests tests;
};

struct lists *lists_open(struct arena *a)
{
	return arena_new(a, struct lists);
}

static uint32_t hash_more(uint32_t hash, struct str s)
{
	for (size_t i = 0; i < s.size; i++)
		hash = (hash ^ (unsigned char)s.at[i]) * 16777619u;
	return (hash ^ 0xff) * 16777619u;
}

static unsigned bounded(unsigned long n)
{
	return n > 0x7fffffff ? 0 : (unsigned)n;
}

static bool same_diagnostic(const struct diagnostic *a, const struct diagnostic *b)
{
	return a->line == b->line && a->column == b->column &&
	       str_equal(str_of(a->file), str_of(b->file)) &&
	       str_equal(str_of(a->code), str_of(b->code)) &&
	       str_equal(str_of(a->message), str_of(b->message));
}

/* Where it is mentioned, or where it may be. */
static struct mention *diagnostic_mention(struct lists *l, const struct diagnostic *d)
{
	uint32_t hash = hash_more(2166136261u ^ d->line * 31u ^ d->column, str_of(d->file));
	struct mention *mention;

	hash = hash_more(hash, str_of(d->message));
	for (size_t place = hash;; place++) {
		mention = &l->diagnostic_index[place % (DIAGNOSTICS_MAX * 2)];
		if (!mention->item || (mention->hash == hash &&
				       same_diagnostic(d, &l->diagnostics[mention->item - 1])))
			break;
	}
	mention->hash = hash;
	return mention;
}

void findings_diagnostic(struct findings *f, const char *tool, struct str file, unsigned long line,
			 unsigned long column, enum severity severity, struct str code,
			 struct str message)
{
	struct lists *l = findings_lists(f);
	char texts[3][1025];
	struct diagnostic d = { .tool = tool, .line = bounded(line), .column = bounded(column),
				.severity = severity };
	struct mention *mention;

	if (l->diagnostic_count >= DIAGNOSTICS_MAX || arena_used(&l->own) > LIST_BYTES)
		return;
	d.file = report_text_into(texts[0], 1025, file) ? texts[0] : NULL;
	d.code = report_text_into(texts[1], 129, code) ? texts[1] : NULL;
	d.message = report_text_into(texts[2], 1025, message) ? texts[2] : NULL;
	if (!l->diagnostic_index)
		l->diagnostic_index = arena_array(&l->own, struct mention, DIAGNOSTICS_MAX * 2);
	mention = diagnostic_mention(l, &d);
	if (mention->item)
		return;
	d.file = arena_strdup(&l->own, d.file);
	d.code = arena_strdup(&l->own, d.code);
	d.message = arena_strdup(&l->own, d.message);
	arena_push(&l->own, l->diagnostics, l->diagnostic_count) = d;
	mention->item = (uint32_t)l->diagnostic_count;
}

void findings_block(struct findings *f, const char *language, unsigned long first,
		    unsigned long last)
{
	struct lists *l = findings_lists(f);

	if (l->block_count < BLOCKS_MAX)
		arena_push(&l->own, l->blocks, l->block_count) =
			(struct block){ language, first, last };
}

void findings_clue(struct findings *f, enum clue_kind kind, struct str text, unsigned long line)
{
	struct lists *l = findings_lists(f);
	char shown[513];
	size_t size = report_text_into(shown, sizeof(shown), text);

	if (size && l->clue_count < CLUES_MAX && arena_used(&l->own) <= LIST_BYTES)
		arena_push(&l->own, l->clues, l->clue_count) =
			(struct clue){ kind, arena_strdup(&l->own, shown), line };
}

void findings_framework(struct findings *f, const char *framework)
{
	findings_lists(f)->tests.framework = framework;
}

void findings_test_failed(struct findings *f, struct str name)
{
	struct lists *l = findings_lists(f);
	char text[1025];
	uint32_t hash;
	size_t place;

	name = (struct str){ text, report_text_into(text, sizeof(text), str_trim(name)) };
	if (!name.size || l->name_count >= NAMES_MAX || arena_used(&l->own) > LIST_BYTES)
		return;
	if (!l->name_index)
		l->name_index = arena_array(&l->own, struct mention, NAMES_MAX * 2);
	hash = hash_more(2166136261u, name);
	for (place = hash % (NAMES_MAX * 2); l->name_index[place].item;
	     place = (place + 1) % (NAMES_MAX * 2))
		if (l->name_index[place].hash == hash &&
		    str_is(name, l->names[l->name_index[place].item - 1]))
			return;
	arena_push(&l->own, l->names, l->name_count) = str_text(&l->own, name);
	l->name_index[place] = (struct mention){ hash, (uint32_t)l->name_count };
}

/* A log may claim any number; sums stay far from overflow. */
static void add_count(unsigned long *sum, unsigned long n)
{
	n = n > COUNT_MAX ? COUNT_MAX : n;
	*sum = *sum + n > COUNT_MAX ? COUNT_MAX : *sum + n;
}

void findings_counts(struct findings *f, unsigned long run, unsigned long passed,
		     unsigned long failed, unsigned long skipped)
{
	struct tests *tests = &findings_lists(f)->tests;

	tests->counted = true;
	add_count(&tests->run, run);
	add_count(&tests->passed, passed);
	add_count(&tests->failed, failed);
	add_count(&tests->skipped, skipped);
}

/* By first line; readers report a block when it ends, and blocks of several readers interleave. */
static int by_lines(const void *a, const void *b)
{
	const struct block *one = a, *other = b;

	if (one->first != other->first)
		return one->first < other->first ? -1 : 1;
	return (one->last > other->last) - (one->last < other->last);
}

void lists_close(struct lists *l, struct arena *a, struct report *report)
{
	report->tests = l->tests;
	report->tests.failed_names = arena_array(a, const char *, l->name_count);
	report->tests.failed_count = l->name_count;
	for (size_t i = 0; i < l->name_count; i++)
		report->tests.failed_names[i] = arena_strdup(a, l->names[i]);
	report->blocks = arena_copy(a, l->blocks, sizeof(*l->blocks) * l->block_count);
	report->block_count = l->block_count;
	if (l->block_count)
		qsort(report->blocks, l->block_count, sizeof(*report->blocks), by_lines);
	report->clues = arena_array(a, struct clue, l->clue_count);
	report->clue_count = l->clue_count;
	for (size_t i = 0; i < l->clue_count; i++) {
		report->clues[i] = l->clues[i];
		report->clues[i].text = arena_strdup(a, l->clues[i].text);
	}
	report->diagnostics = arena_array(a, struct diagnostic, l->diagnostic_count);
	report->diagnostic_count = l->diagnostic_count;
	for (size_t i = 0; i < l->diagnostic_count; i++) {
		struct diagnostic *d = &report->diagnostics[i];

		*d = l->diagnostics[i];
		d->file = arena_strdup(a, d->file);
		d->code = arena_strdup(a, d->code);
		d->message = arena_strdup(a, d->message);
	}
	arena_release(&l->own);
}

/*
 * Collects failures within fixed bounds. Does not judge what is found, except that of too many
 * failures the least weighty and youngest go.
 */
#include "ci/findings.h"

#include "ci/findings_lists.h"
#include "ci/report.h"

enum {
	TEXT_MAX = 4096,
	NEAR_BYTES = 4 * 1024,		/* of a slot, given back with it and used again */
	FAR_BYTES = 32 * 1024,		/* what a failure may take beyond that */
};

struct slot {
	struct failure failure;		/* first: a failure's pointer is its slot's */
	struct frame frames[FRAMES_MAX];
	struct arena far;
	unsigned long touched;
	unsigned long order;
	size_t near_used;
	char near[NEAR_BYTES];
};

/*
 * Weighty failures have slots of their own, so that a thousand hints right before the one traceback
 * cannot push it out while their readers may still hold pointers to them.
 */
static const struct {
	unsigned weight;		/* from this on */
	size_t slots;
} pools[] = {
	{ 0, 64 }, { WEIGHT_DIAGNOSTIC, 96 }, { WEIGHT_FAILURE, 160 }, { WEIGHT_CERTAIN, 48 },
};

enum { POOLS = sizeof(pools) / sizeof(pools[0]), SLOTS = 64 + 96 + 160 + 48 };

struct pool {
	struct slot **slots;
	size_t used;
	unsigned floor;			/* when full: nothing in it weighs less */
};

struct findings {
	struct slot *slots[SLOTS];	/* made when they are needed: most logs have few failures */
	struct slot scratch;		/* for failures that are only counted */
	struct pool pools[POOLS];
	struct arena own;
	struct lists *lists;
	unsigned long line, seen;
};

struct findings *findings_open(struct arena *a)
{
	struct findings *f = arena_new(a, struct findings);
	struct slot **next = f->slots;

	for (size_t i = 0; i < POOLS; i++) {
		f->pools[i].slots = next;
		next += pools[i].slots;
	}
	f->lists = lists_open(&f->own);
	return f;
}

struct lists *findings_lists(struct findings *f)
{
	return f->lists;
}

void findings_at(struct findings *f, unsigned long line)
{
	f->line = line;
}

/* The one to give up: the lightest, of these the youngest, and none that a reader may hold. */
static struct slot *weakest(const struct findings *f, struct pool *pool)
{
	struct slot *least = NULL;

	pool->floor = pool->slots[0]->failure.weight;
	for (size_t i = 0; i < pool->used; i++) {
		struct slot *slot = pool->slots[i];

		if (slot->failure.weight < pool->floor)
			pool->floor = slot->failure.weight;
		if (f->line - slot->touched <= BLOCK_LINES_MAX)
			continue;
		if (!least || slot->failure.weight < least->failure.weight ||
		    (slot->failure.weight == least->failure.weight && slot->order > least->order))
			least = slot;
	}
	return least;
}

static struct slot *slot_for(struct findings *f, unsigned weight)
{
	size_t i = POOLS - 1;
	struct pool *pool;
	struct slot *least;

	while (i > 0 && pools[i].weight > weight)
		i--;
	pool = &f->pools[i];
	if (pool->used < pools[i].slots)
		return pool->slots[pool->used++] = arena_new(&f->own, struct slot);
	if (weight <= pool->floor)	/* the usual end when there are millions: nothing is searched */
		return &f->scratch;
	least = weakest(f, pool);
	return least && least->failure.weight < weight ? least : &f->scratch;
}

struct failure *findings_failure(struct findings *f, enum kind kind, unsigned weight,
				 unsigned long first_line)
{
	struct slot *slot = slot_for(f, weight);

	arena_release(&slot->far);
	slot->touched = f->line;
	slot->order = f->seen++;
	slot->near_used = 0;
	slot->failure = (struct failure){
		.kind = kind, .weight = weight, .first_line = first_line,
		.last_line = first_line, .error_line = first_line,
	};
	return &slot->failure;
}

static const char *slot_copy(struct slot *slot, const char *text, size_t size)
{
	char *copy;

	if (size < NEAR_BYTES - slot->near_used) {
		copy = slot->near + slot->near_used;
		memcpy(copy, text, size + 1);
		slot->near_used += size + 1;
		return copy;
	}
	if (arena_used(&slot->far) + size > FAR_BYTES)
		return NULL;
	return arena_copy(&slot->far, text, size);
}

static const char *text_at_most(struct failure *owner, struct str text, size_t most)
{
	__attribute__((uninitialized)) char clean[TEXT_MAX + 1];
	size_t size = report_text_into(clean, most + 1, text);

	return size ? slot_copy((struct slot *)owner, clean, size) : NULL;
}

const char *findings_text(struct failure *owner, struct str text)
{
	return text_at_most(owner, text, TEXT_MAX);
}

static unsigned bounded(unsigned long n)
{
	return n > 0x7fffffff ? 0 : (unsigned)n;
}

/* The text of a frame. A deep recursion names the same few again and again: they are kept once. */
static const char *frame_text(struct failure *owner, struct str text, size_t most)
{
	__attribute__((uninitialized)) char clean[TEXT_MAX + 1];
	size_t size = report_text_into(clean, most + 1, text);

	for (size_t i = owner->frame_count; size && i-- > 0 && owner->frame_count - i <= 4;) {
		const struct frame *one = &owner->frames[i];

		if (one->file && !strcmp(one->file, clean))
			return one->file;
		if (one->function && !strcmp(one->function, clean))
			return one->function;
	}
	return size ? slot_copy((struct slot *)owner, clean, size) : NULL;
}

void findings_frame(struct failure *owner, struct str file, unsigned long line,
		    unsigned long column, struct str function)
{
	owner->frames = ((struct slot *)owner)->frames;
	if (owner->frame_count == FRAMES_MAX) {
		memmove(owner->frames + 1, owner->frames + 2,
			sizeof(struct frame) * (FRAMES_MAX - 2));
		owner->frame_count--;
	}
	owner->frames[owner->frame_count] = (struct frame){
		.file = frame_text(owner, file, 1024),
		.line = bounded(line),
		.column = bounded(column),
		.function = frame_text(owner, function, 512),
	};
	owner->frame_count++;
}

static bool is_before(const struct slot *a, const struct slot *b)
{
	if (a->failure.weight != b->failure.weight)
		return a->failure.weight > b->failure.weight;
	return a->order < b->order;
}

/* Puts the slot into the list, which is kept in order of `before`. */
static void insert(struct slot **list, size_t *count, size_t most, struct slot *slot)
{
	size_t at = *count;

	if (at == most && !is_before(slot, list[at - 1]))
		return;
	if (at == most)
		at--;
	else
		++*count;
	for (; at > 0 && is_before(slot, list[at - 1]); at--)
		list[at] = list[at - 1];
	list[at] = slot;
}

/* The weightiest ones, then in the order in which they were found; the report ranks them. */
static void take_failures(struct findings *f, struct arena *a, struct report *report)
{
	struct slot *best[FAILURES_MAX];
	size_t n = 0;

	for (size_t i = 0; i < SLOTS; i++)
		if (f->slots[i])
			insert(best, &n, FAILURES_MAX, f->slots[i]);
	for (size_t i = 1; i < n; i++) {
		struct slot *moved = best[i];
		size_t at = i;

		for (; at > 0 && best[at - 1]->order > moved->order; at--)
			best[at] = best[at - 1];
		best[at] = moved;
	}
	report->failures = arena_array(a, struct failure, n);
	for (size_t i = 0; i < n; i++)
		report->failures[i] = report_failure_copy(a, &best[i]->failure);
	report->failure_count = n;
	report->failures_seen = f->seen;
}

void findings_close(struct findings *f, struct arena *a, const struct tree *tree,
		    const struct steps *steps, struct report *report)
{
	take_failures(f, a, report);
	lists_close(f->lists, a, report);
	for (size_t i = 0; i < SLOTS; i++)
		if (f->slots[i])
			arena_release(&f->slots[i]->far);
	arena_release(&f->scratch.far);
	arena_release(&f->own);
	report_finish(report, a, tree, steps);
}

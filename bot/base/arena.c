/*
 * Blocks of at least 16 KiB in a list, filled from the front. Does not reuse pieces and does not
 * shrink; big pieces get a block of their own so that they do not waste the current one.
 */
#include "bot/base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_BYTES = 16 * 1024, BIG_BYTES = 4 * 1024 };

struct arena_block {
	struct arena_block *older;
	size_t size, used;
	alignas(max_align_t) unsigned char bytes[];
};

static _Noreturn void out_of_memory(void)
{
	fputs("aegis: out of memory\n", stderr);
	abort();
}

static struct arena_block *block_new(size_t size)
{
	struct arena_block *block;

	if (size > SIZE_MAX - sizeof(*block))
		out_of_memory();
	block = calloc(1, sizeof(*block) + size);
	if (!block)
		out_of_memory();
	block->size = size;
	return block;
}

static void *big_alloc(struct arena *a, size_t size)
{
	struct arena_block *block = block_new(size);

	block->used = size;
	if (a->newest) {
		block->older = a->newest->older;
		a->newest->older = block;
	} else {
		a->newest = block;
	}
	return block->bytes;
}

void *arena_alloc(struct arena *a, size_t size)
{
	const size_t align = alignof(max_align_t);
	struct arena_block *block;
	void *piece;

	if (size > SIZE_MAX - align)
		out_of_memory();
	size = (size + align - 1) & ~(align - 1);
	a->used += size;
	if (size > BIG_BYTES)
		return big_alloc(a, size);
	block = a->newest;
	if (!block || block->size - block->used < size) {
		block = block_new(BLOCK_BYTES);
		block->older = a->newest;
		a->newest = block;
	}
	piece = block->bytes + block->used;
	block->used += size;
	return piece;
}

void *arena_alloc_array(struct arena *a, size_t size, size_t count)
{
	size_t total;

	if (__builtin_mul_overflow(size, count, &total))
		out_of_memory();
	return arena_alloc(a, total);
}

void *arena_copy(struct arena *a, const void *bytes, size_t size)
{
	unsigned char *copy;

	if (size == SIZE_MAX)
		out_of_memory();
	copy = arena_alloc(a, size + 1);
	if (size)
		memcpy(copy, bytes, size);
	return copy;
}

char *arena_strdup(struct arena *a, const char *text)
{
	return text ? arena_copy(a, text, strlen(text)) : NULL;
}

char *arena_vprintf(struct arena *a, const char *format, va_list args)
{
	va_list again;
	char *text;
	int size;

	va_copy(again, args);
	size = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (size < 0)
		size = 0;
	text = arena_alloc(a, (size_t)size + 1);
	vsnprintf(text, (size_t)size + 1, format, args);
	return text;
}

char *arena_printf(struct arena *a, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = arena_vprintf(a, format, args);
	va_end(args);
	return text;
}

void *arena_grow(struct arena *a, void *items, size_t size, size_t count)
{
	size_t room, bytes;
	void *moved;

	if (count & (count - 1))
		return items;
	if (count && count < 8)
		return items;
	room = count < 8 ? 8 : count * 2;
	if (__builtin_mul_overflow(size, room, &bytes))
		out_of_memory();
	moved = arena_alloc(a, bytes);
	if (count)
		memcpy(moved, items, size * count);
	return moved;
}

size_t arena_used(const struct arena *a)
{
	return a->used;
}

void arena_release(struct arena *a)
{
	struct arena_block *block, *older;

	if (!a)
		return;
	for (block = a->newest; block; block = older) {
		older = block->older;
		free(block);
	}
	a->newest = NULL;
	a->used = 0;
}

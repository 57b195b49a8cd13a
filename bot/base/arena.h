/*
 * Memory that is given back all at once. One arena serves one step of work: everything made in it
 * lives until arena_release, nobody frees a single piece, and running out of memory aborts (the
 * supervisor restarts us; nothing is lost because state is elsewhere).
 *
 *	ARENA scratch = {0};
 *	char *name = arena_printf(&scratch, "aegis/fix-%s", id);
 *
 * Not for: handles (files, git objects, JSON), which close by their own cleanup attribute.
 */
#ifndef BOT_BASE_ARENA_H
#define BOT_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena {
	struct arena_block *newest;
	size_t used;
};

#define ARENA __attribute__((cleanup(arena_release))) struct arena

/* Zeroed memory, aligned for any type. size 0 gives a valid pointer. Aborts when out of memory. */
void *arena_alloc(struct arena *a, size_t size) __attribute__((returns_nonnull));

/* count zeroed items of `type`; aborts on overflow. */
#define arena_array(a, type, count) ((type *)arena_alloc_array((a), sizeof(type), (count)))
#define arena_new(a, type) ((type *)arena_alloc((a), sizeof(type)))
void *arena_alloc_array(struct arena *a, size_t size, size_t count) __attribute__((returns_nonnull));

/* A copy of size bytes, with a NUL behind it that is not counted. */
void *arena_copy(struct arena *a, const void *bytes, size_t size) __attribute__((returns_nonnull));

/* A NUL-terminated copy; NULL stays NULL. */
char *arena_strdup(struct arena *a, const char *text);

char *arena_printf(struct arena *a, const char *format, ...)
	__attribute__((format(printf, 2, 3), nonnull(2), returns_nonnull));
char *arena_vprintf(struct arena *a, const char *format, va_list args)
	__attribute__((format(printf, 2, 0), nonnull(2), returns_nonnull));

/*
 * A list that grows: `items` holds `count` of `size` bytes; returns where the next item goes and
 * moves the items when the room (a power of two) is used up. The old place stays valid memory.
 *	arena_push(a, list, count) = item;
 */
void *arena_grow(struct arena *a, void *items, size_t size, size_t count)
	__attribute__((returns_nonnull));
#define arena_push(a, items, count)                                                                \
	(*((items) = arena_grow((a), (items), sizeof(*(items)), (count)), &(items)[(count)++]))

/* Bytes handed out since the start or the last release. */
size_t arena_used(const struct arena *a);

/* Gives everything back; the arena may be used again. NULL is fine. */
void arena_release(struct arena *a);

#endif

/*
 * A tree seen through a patch. Reads what the patch does not touch from the tree below.
 */
#include "git/patch.h"

#include <stdlib.h>

struct patched {
	const struct patch *patch;
	const struct tree *below;
};

static const struct change *change_of(const struct patch *patch, const char *path)
{
	for (size_t i = 0; i < patch->count; i++)
		if (!strcmp(patch->changes[i].path, path))
			return &patch->changes[i];
	return NULL;
}

static bool read_patched(const struct tree *tree, size_t index, struct arena *a, struct str *out)
{
	const struct patched *patched = tree->self;
	const char *path = tree->entries[index].path;
	const struct change *change = change_of(patched->patch, path);

	if (!change)
		return tree_read(patched->below, a, path, out);
	*out = change->after;
	return true;
}

static int by_path(const void *a, const void *b)
{
	const struct entry *one = a, *other = b;

	return str_compare(str_of(one->path), str_of(other->path));
}

struct tree *patch_tree(const struct patch *patch, const struct tree *tree, struct arena *a)
{
	struct patched *patched = arena_new(a, struct patched);
	struct tree *seen = arena_new(a, struct tree);
	struct entry *entries = arena_array(a, struct entry, tree->count + patch->count);

	*patched = (struct patched){ patch, tree };
	for (size_t i = 0; i < tree->count; i++) {
		const struct change *change = change_of(patch, tree->entries[i].path);

		if (change && !change->exists)
			continue;
		entries[seen->count] = tree->entries[i];
		if (change && change->made_program)
			entries[seen->count].mode = ENTRY_PROGRAM;
		seen->count++;
	}
	for (size_t i = 0; i < patch->count; i++)
		if (patch->changes[i].exists && !patch->changes[i].existed)
			entries[seen->count++] = (struct entry){ patch->changes[i].path,
								 patch->changes[i].mode };
	qsort(entries, seen->count, sizeof(*entries), by_path);
	seen->entries = entries;
	seen->read = read_patched;
	seen->self = patched;
	seen->folder = tree->folder;
	return seen;
}

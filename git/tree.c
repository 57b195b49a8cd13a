/*
 * Look-ups in a tree's sorted entries, the way from a path in a log to a path in the tree, and trees
 * in memory. Reading bytes is the business of whoever made the tree.
 */
#include "git/tree.h"

#include <stdlib.h>

/* The first entry that is not before `path`. */
static size_t lower_bound(const struct tree *tree, struct str path)
{
	size_t low = 0, high = tree->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (str_compare(str_of(tree->entries[middle].path), path) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static const struct entry *entry_of(const struct tree *tree, struct str path)
{
	size_t at = lower_bound(tree, path);

	if (at < tree->count && str_is(path, tree->entries[at].path))
		return &tree->entries[at];
	return NULL;
}

const struct entry *tree_entry(const struct tree *tree, const char *path)
{
	return entry_of(tree, str_of(path));
}

bool tree_has(const struct tree *tree, const char *path)
{
	return tree_entry(tree, path) != NULL;
}

bool tree_has_folder(const struct tree *tree, const char *folder)
{
	struct str name = str_of(folder);
	size_t at;

	if (!name.size)
		return tree->count > 0;
	for (at = lower_bound(tree, name); at < tree->count; at++) {
		struct str path = str_of(tree->entries[at].path);

		if (!str_skip(&path, folder))
			return false;
		if (path.size && path.at[0] == '/')
			return true;
		if (path.size && path.at[0] > '/')
			return false;
	}
	return false;
}

bool tree_read(const struct tree *tree, struct arena *a, const char *path, struct str *out)
{
	const struct entry *entry = tree_entry(tree, path);

	if (!entry || (entry->mode != ENTRY_FILE && entry->mode != ENTRY_PROGRAM))
		return false;
	return tree->read(tree, (size_t)(entry - tree->entries), a, out);
}

/* Folders in which runners and containers put the repository itself. */
static const char *const workspaces[] = {
	"/work/", "/github/workspace/", "/__w/", "/home/runner/work/", "/Users/runner/work/",
	"D:/a/", "/workspace/", "/app/", "/src/", "/repo/", "/build/", "/code/",
};

static bool in_workspace(struct str path, struct str tail)
{
	struct str folder = str_slice(path, 0, path.size - tail.size);

	for (size_t i = 0; i < sizeof(workspaces) / sizeof(workspaces[0]); i++)
		if (str_starts(folder, workspaces[i]))
			return true;
	return false;
}

/*
 * The one file that a relative path ends: Go's tests, Java's frames and compilers in a subfolder name
 * files without the folders above. NULL when several do.
 */
static const char *only_ending(const struct tree *tree, struct str path)
{
	const char *found = NULL;

	if (str_starts(path, "/") || str_has(path, ":") || str_has(path, ".."))
		return NULL;
	for (size_t i = 0; i < tree->count; i++) {
		struct str whole = str_of(tree->entries[i].path);

		if (whole.size <= path.size || whole.at[whole.size - path.size - 1] != '/' ||
		    !str_equal(str_from(whole, whole.size - path.size), path))
			continue;
		if (found)
			return NULL;
		found = tree->entries[i].path;
	}
	return found;
}

const char *tree_path(const struct tree *tree, struct str path)
{
	char plain[1024];
	struct str tail;

	if (!path.size || path.size >= sizeof(plain))
		return NULL;
	for (size_t i = 0; i < path.size; i++)
		plain[i] = path.at[i] == '\\' ? '/' : path.at[i];
	path = tail = (struct str){ plain, path.size };
	str_skip(&tail, "file://");
	while (str_skip(&tail, "./"))
		;
	path = tail;
	for (;;) {
		const struct entry *entry = entry_of(tree, tail);
		bool whole = tail.size == path.size;

		if (entry && (whole || str_char(tail, '/') >= 0 || in_workspace(path, tail)))
			return entry->path;
		if (!str_split(tail, "/", NULL, &tail) || !tail.size)
			return only_ending(tree, path);
	}
}

static int by_path(const void *a, const void *b)
{
	const struct entry *one = a, *other = b;

	return str_compare(str_of(one->path), str_of(other->path));
}

static bool read_memory(const struct tree *tree, size_t index, struct arena *a, struct str *out)
{
	const struct tree_file *files = tree->self;

	(void)a;
	for (; files->path; files++) {
		if (!str_is(str_of(files->path), tree->entries[index].path))
			continue;
		*out = str_of(files->text);
		return true;
	}
	return false;
}

struct tree *tree_of_files(struct arena *a, const struct tree_file *files)
{
	struct tree *tree = arena_new(a, struct tree);
	struct tree_file *copy = NULL;
	struct entry *entries = NULL;
	size_t copies = 0;

	for (; files->path; files++) {
		arena_push(a, copy, copies) = *files;
		arena_push(a, entries, tree->count) = (struct entry){ files->path, ENTRY_FILE };
	}
	arena_push(a, copy, copies) = (struct tree_file){ NULL, NULL };
	if (tree->count)
		qsort(entries, tree->count, sizeof(*entries), by_path);
	tree->entries = entries;
	tree->read = read_memory;
	tree->self = copy;
	return tree;
}

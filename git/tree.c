/*
 * Look-ups in a tree's sorted entries, the way from a path in a log to a path in the tree, and
 * trees in memory. Reading bytes is the business of whoever made the tree.
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

enum { CLAIM_BYTES = 1024, CLAIM_PARTS = 64 };

/* A path from a log in one form: parts joined by '/', without empty ones, "." and "..". */
struct claim {
	char text[CLAIM_BYTES];
	size_t starts[CLAIM_PARTS];
	size_t size, count;
	bool absolute;
};

static struct str claim_from(const struct claim *claim, size_t part)
{
	return (struct str){ claim->text + claim->starts[part],
			     claim->size - claim->starts[part] };
}

/* ".." takes a part off; above the start it means a folder that we do not know, and is dropped. */
static bool claim_add(struct claim *claim, struct str part)
{
	if (!part.size || str_is(part, "."))
		return true;
	if (str_is(part, "..")) {
		if (claim->count)
			claim->size = claim->starts[--claim->count];
		if (claim->size)
			claim->size--;
		return true;
	}
	if (claim->count == CLAIM_PARTS)
		return false;
	if (claim->count)
		claim->text[claim->size++] = '/';
	claim->starts[claim->count++] = claim->size;
	memcpy(claim->text + claim->size, part.at, part.size);
	claim->size += part.size;
	return true;
}

/* The text never grows: every part had its separator, and a path without any has one part. */
static bool claim_read(struct claim *claim, struct str path)
{
	char plain[CLAIM_BYTES];
	struct str rest, part;

	if (!path.size || path.size >= sizeof(plain))
		return false;
	for (size_t i = 0; i < path.size; i++)
		plain[i] = path.at[i] == '\\' ? '/' : path.at[i];
	rest = (struct str){ plain, path.size };
	if (str_starts(rest, "node:"))
		return false;
	str_split(rest, "://", NULL, &rest);
	claim->size = claim->count = 0;
	claim->absolute = str_starts(rest, "/") || (rest.size > 1 && rest.at[1] == ':');
	while (str_next(&rest, '/', &part))
		if (!claim_add(claim, part))
			return false;
	return claim->count > 0;
}

/*
 * Where tools keep code that is not the repository's: parts of a path, '*' stands for the rest of a
 * part. What comes after such a mark means a library's file, even if the repository has one so
 * named.
 */
static const char *const library_marks[] = {
	"site-packages", "dist-packages", "node_modules", "lib/python*", "lib64/python*",
	"lib/pypy*", "Python.framework", ".pyenv", ".cargo/registry", ".cargo/git",
	"cargo/registry", "cargo/git", ".rustup", "rustup/toolchains", "rustlib", "rustc/*/library",
	"pkg/mod", "usr/local/go", "go-1*/src", "hostedtoolcache", "_tool", ".m2/repository",
	".gradle", ".nuget", "lib/ruby", "vendor/bundle", ".rbenv", ".rvm", ".nvm", "usr/lib*",
	"usr/local/lib*", "usr/include", "usr/share", "usr/local/Cellar", "opt/homebrew",
	"nix/store", "Program Files*", "lib/node", "node/internal", ".yarn", ".pnpm",
};

static bool part_matches(struct str pattern, struct str part)
{
	struct str start = pattern;

	if (!str_chop(&start, "*"))
		return str_equal(pattern, part);
	return part.size >= start.size && str_equal(str_slice(part, 0, start.size), start);
}

static bool mark_at(const char *mark, struct str tail)
{
	struct str rest = str_of(mark), pattern, part;

	while (str_next(&rest, '/', &pattern))
		if (!str_next(&tail, '/', &part) || !part_matches(pattern, part))
			return false;
	return tail.size > 0;
}

/* Below GOPATH's src stand hosts ("github.com"), below GOROOT's packages ("net/http"). */
static bool go_library_at(struct str tail)
{
	struct str part;

	return str_skip(&tail, "go/src/") && str_next(&tail, '/', &part) && tail.size &&
	       str_char(part, '.') < 0;
}

/* Does a library mark begin before this part? A tail from here on would have lost it. */
static bool below_library(const struct claim *claim, size_t part)
{
	for (size_t at = 0; at < part; at++) {
		struct str tail = claim_from(claim, at);

		if (go_library_at(tail))
			return true;
		for (size_t i = 0; i < sizeof(library_marks) / sizeof(library_marks[0]); i++)
			if (library_marks[i][0] == tail.at[0] && mark_at(library_marks[i], tail))
				return true;
	}
	return false;
}

/* Folders in which runners and containers put the repository, and how many parts come between. */
static const struct {
	const char *folder;
	size_t least, most;
} workspaces[] = {
	{ "work/", 0, 0 }, { "github/workspace/", 0, 0 }, { "__w/", 2, 2 },
	{ "home/runner/work/", 2, 2 }, { "Users/runner/work/", 2, 2 }, { "D:/a/", 2, 2 },
	{ "workspace/", 0, 1 }, { "workspaces/", 1, 1 }, { "app/", 0, 0 }, { "src/", 0, 0 },
	{ "repo/", 0, 0 }, { "build/", 0, 0 }, { "code/", 0, 0 }, { "usr/src/app/", 0, 0 },
	{ "builds/", 2, 2 }, { "home/circleci/project/", 0, 0 }, { "root/project/", 0, 0 },
	{ "home/travis/build/", 2, 2 }, { "home/vsts/work/", 2, 2 }, { "go/src/", 3, 3 },
};

/* The copy in which a command runs without a sandbox, wherever temporary folders are. */
static bool is_in_copy(struct str text)
{
	struct str rest, name;

	return str_split(text, "/aegis-jail-", NULL, &rest) &&
	       str_split(rest, "/work/", NULL, &name) && str_char(name, '/') < 0;
}

/* A runner of one's own: wherever it was unpacked, "_work/<repository>/<repository>/". */
static bool is_in_own_runner(struct str text)
{
	struct str rest, name;
	ptrdiff_t slash;

	if (!str_split(text, "/_work/", NULL, &rest) || (slash = str_char(rest, '/')) < 0)
		return false;
	name = str_from(rest, (size_t)slash + 1);
	return (slash = str_char(name, '/')) >= 0 &&
	       str_char(str_from(name, (size_t)slash + 1), '/') < 0;
}

/* A name alone says little: it counts only right at the place where a repository begins. */
static bool name_counts(const struct claim *claim)
{
	struct str text = { claim->text, claim->size };

	if (!claim->absolute)
		return claim->count == 1;
	if (is_in_copy(text) || is_in_own_runner(text))
		return true;
	for (size_t i = 0; i < sizeof(workspaces) / sizeof(workspaces[0]); i++) {
		struct str rest = text, part;
		size_t between = 0;

		if (!str_skip(&rest, workspaces[i].folder))
			continue;
		while (str_next(&rest, '/', &part))
			between++;
		between--;
		if (between >= workspaces[i].least && between <= workspaces[i].most)
			return true;
	}
	return false;
}

/*
 * The one file that a relative path ends: Go's tests, Java's frames and compilers in a subfolder
 * name files without the folders above. NULL when several do.
 */
static const char *only_ending(const struct tree *tree, struct str path)
{
	const char *found = NULL;

	for (size_t i = 0; i < tree->count; i++) {
		struct str whole = str_of(tree->entries[i].path);

		if (whole.size <= path.size || whole.at[whole.size - path.size - 1] != '/' ||
		    !str_equal(str_from(whole, whole.size - path.size), path))
			continue;
		if (tree->entries[i].mode != ENTRY_FILE && tree->entries[i].mode != ENTRY_PROGRAM)
			continue;
		if (found)
			return NULL;
		found = tree->entries[i].path;
	}
	return found;
}

/* A path below the folder in which the tree lies on this machine. */
static const char *path_on_disk(const struct tree *tree, struct str path)
{
	const struct entry *entry;

	if (!tree->folder || !str_skip(&path, tree->folder) || !str_skip(&path, "/"))
		return NULL;
	entry = entry_of(tree, path);
	return entry && (entry->mode == ENTRY_FILE || entry->mode == ENTRY_PROGRAM) ? entry->path
										    : NULL;
}

const char *tree_path(const struct tree *tree, struct str path)
{
	const char *on_disk = path_on_disk(tree, path);
	struct claim claim;

	if (on_disk)
		return on_disk;
	if (!claim_read(&claim, path))
		return NULL;
	for (size_t at = 0; at < claim.count; at++) {
		const struct entry *entry = entry_of(tree, claim_from(&claim, at));

		if (!entry || (entry->mode != ENTRY_FILE && entry->mode != ENTRY_PROGRAM))
			continue;
		if (at == claim.count - 1 && !name_counts(&claim))
			return NULL;
		return below_library(&claim, at) ? NULL : entry->path;
	}
	return claim.absolute ? NULL : only_ending(tree, claim_from(&claim, 0));
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

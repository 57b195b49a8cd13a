/*
 * A read-only view of the files of one commit. The same view is given by a git repository
 * (git/repo.h) and by a list in memory (tree_of_files: examples, tests). Everything that decides
 * or repairs sees a repository only through it.
 *
 * Entries are sorted by path (bytes); paths are relative, with '/', and have passed path_check.
 */
#ifndef GIT_TREE_H
#define GIT_TREE_H

#include "bot/base/arena.h"
#include "bot/base/str.h"

#include <stdbool.h>
#include <stddef.h>

enum entry_mode {
	ENTRY_FILE = 0100644,
	ENTRY_PROGRAM = 0100755,
	ENTRY_LINK = 0120000,
	ENTRY_MODULE = 0160000,		/* a submodule */
};

struct entry {
	const char *path;
	enum entry_mode mode;
};

struct tree {
	const struct entry *entries;
	size_t count;
	/* The bytes of entries[index] (a file or program of at most TREE_FILE_MAX bytes). */
	bool (*read)(const struct tree *tree, size_t index, struct arena *a, struct str *out);
	void *self;
	const char *folder;		/* where the files lie on this machine, or NULL */
};

enum { TREE_FILE_MAX = 4 * 1024 * 1024 };

/* The entry with exactly this path, or NULL. */
const struct entry *tree_entry(const struct tree *tree, const char *path);
bool tree_has(const struct tree *tree, const char *path);
/* Is there any entry below this folder ("" is the root)? */
bool tree_has_folder(const struct tree *tree, const char *folder);

/*
 * The text of a file. False (and *out untouched) when there is no such file, it is a link or a
 * submodule, or larger than TREE_FILE_MAX.
 */
bool tree_read(const struct tree *tree, struct arena *a, const char *path, struct str *out);

/*
 * Which file of the tree a path in a log means: the path itself, or the longest tail of it that is
 * a file here ("/home/runner/work/r/r/src/a.py" gives "src/a.py"; "C:\\a\\b.c" likewise; "./x" is
 * "x", "a/../b" is "b", "../x" is "x"). What stands below a library folder (site-packages,
 * node_modules, /usr/lib, .cargo/registry, ...) counts only together with that folder, so that
 * ".../lib/python3.11/json/decoder.py" never becomes the repository's "json/decoder.py". A tail of
 * one component counts only when the path had no folder at all, or right where runners put a
 * repository. A relative path that is none of these is the one file whose path ends in it. Links
 * and submodules are no files. NULL when there is none: a path in a log is a claim, not a fact.
 */
const char *tree_path(const struct tree *tree, struct str path);

struct tree_file {
	const char *path, *text;
};
/* A tree in memory; the files may come in any order, a NULL path ends them. */
struct tree *tree_of_files(struct arena *a, const struct tree_file *files);

#endif

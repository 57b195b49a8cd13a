/*
 * A patch: the whole new texts of a few files. Never applied to a work tree; it is laid over a copy
 * in the sandbox and written as a commit from trees in memory.
 */
#ifndef GIT_PATCH_H
#define GIT_PATCH_H

#include "bot/base/err.h"
#include "git/tree.h"

struct change {
	const char *path;
	bool existed, exists;		/* before, after */
	struct str before, after;	/* empty when it did not / does not exist */
	enum entry_mode mode;		/* after */
	bool made_program;		/* it was ENTRY_FILE and is ENTRY_PROGRAM now */
};

struct patch {
	struct change *changes;
	size_t count;
};

/*
 * Sets what a file holds after the patch; a second call for the path replaces the first. A change
 * that leaves a file as it was is dropped. Path and text are copied; the changes stay sorted by
 * path, and copies of *patch made before keep what they had. False with ERR_INPUT when the path
 * fails path_check, is a link, a submodule, a folder or lies below a link, submodule or file,
 * differs from another file only in case, or when a text is larger than TREE_FILE_MAX or binary
 * (holds a NUL).
 */
bool patch_put(struct patch *patch, struct arena *a, const struct tree *tree, const char *path,
	       struct str text, struct err *e);

/* Takes over what a change of another patch makes of its file: text and mode, not a removal. */
bool patch_take(struct patch *patch, struct arena *a, const struct tree *tree,
		const struct change *change, struct err *e);

/*
 * The file gets the mode of a program; its text stays as the patch and the tree have it. ERR_INPUT as
 * for patch_put, and when there is no such file.
 */
bool patch_make_program(struct patch *patch, struct arena *a, const struct tree *tree,
			const char *path, struct err *e);

/* The tree as it is after the patch. The patch must outlive it. */
struct tree *patch_tree(const struct patch *patch, const struct tree *tree, struct arena *a);

/* The file is gone after the patch. ERR_INPUT as for patch_put, and when there is no such file. */
bool patch_remove(struct patch *patch, struct arena *a, const struct tree *tree, const char *path,
		  struct err *e);

/* Lines added and removed in all. */
void patch_lines(const struct patch *patch, size_t *added, size_t *removed);

/* Unified diff with three lines of context, as `git diff` prints it. */
struct str patch_diff(const struct patch *patch, struct arena *a);

/* How many hunks the patch has over all its files: runs of changed lines, and changes of mode. */
size_t patch_hunks(const struct patch *patch, struct arena *a);
/*
 * One hunk taken out: the patch without its hunk number `index` (over all files, from 0). False
 * when there is no such hunk.
 */
bool patch_without_hunk(const struct patch *patch, struct arena *a, size_t index,
			struct patch *out);

/* Line numbers (from 1) that are new or changed in the after text of a change. */
const size_t *patch_changed_lines(const struct change *change, struct arena *a, size_t *count);

#endif

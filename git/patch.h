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
};

struct patch {
	struct change *changes;
	size_t count;
};

/*
 * Sets what a file holds after the patch; a second call for the path replaces the first. A change
 * that leaves a file as it was is dropped. False with ERR_INPUT when the path fails path_check, is a
 * link, a submodule or lies below one, or is too large.
 */
bool patch_put(struct patch *patch, struct arena *a, const struct tree *tree, const char *path,
	       struct str text, struct err *e);

/* The tree as it is after the patch. The patch must outlive it. */
struct tree *patch_tree(const struct patch *patch, const struct tree *tree, struct arena *a);

/* Lines added and removed in all. */
void patch_lines(const struct patch *patch, size_t *added, size_t *removed);

/* Unified diff with three lines of context, as `git diff` prints it. */
struct str patch_diff(const struct patch *patch, struct arena *a);

/* One hunk taken out: the patch without its hunk number `index` (over all files, from 0). False when
 * there is no such hunk. Hunks are runs of changed lines. */
size_t patch_hunks(const struct patch *patch, struct arena *a);
bool patch_without_hunk(const struct patch *patch, struct arena *a, size_t index,
			struct patch *out);

/* Line numbers (from 1) that are new or changed in the after text of a change. */
const size_t *patch_changed_lines(const struct change *change, struct arena *a, size_t *count);

#endif

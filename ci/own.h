/*
 * Which places in a log are the repository's own? A log is a claim: with a tree at hand a place is
 * own only when the file is there and has that line.
 */
#ifndef CI_OWN_H
#define CI_OWN_H

#include "ci/failure.h"
#include "git/tree.h"

enum { OWN_FILES_MAX = 64 };

struct own {				/* zeroed but for the tree */
	const struct tree *tree;	/* NULL: judge by the usual library folders */
	struct {
		const char *path;
		unsigned long lines;
	} files[OWN_FILES_MAX];		/* whose lines were counted */
	size_t file_count;
};

/*
 * Marks the failure's own frames, gives them their path in the tree, and fills the failure's place
 * from its innermost own frame unless it has an own place already. Says whether it has one now.
 */
bool own_settle(struct own *own, struct failure *failure);

#endif

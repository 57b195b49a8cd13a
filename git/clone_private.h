/* What git/clone*.c share; nobody else includes it. */
#ifndef GIT_CLONE_PRIVATE_H
#define GIT_CLONE_PRIVATE_H

#include "git/clone.h"
#include "git/repo_private.h"

void clone_close_file(const int *file);
#define CLONE_DESCRIPTOR __attribute__((cleanup(clone_close_file))) int

/*
 * Makes the objects of the mirror those of the clone as well; both are folders with objects/ in
 * them.
 */
bool clone_objects(const char *mirror, const char *git_folder, struct err *e);

/*
 * Writes the entries of the list below the empty folder, and an index of what was written to
 * index_path.
 */
bool clone_files(struct repo *mirror, const struct repo_tree *list, const char *folder,
		 const char *index_path, struct err *e);

#endif

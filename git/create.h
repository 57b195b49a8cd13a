/*
 * Making a new repository with one commit, for the demonstration and for tests.
 */
#ifndef GIT_CREATE_H
#define GIT_CREATE_H

#include "bot/base/err.h"
#include "git/tree.h"

/*
 * Writes the files (NULL path ends them) into the existing, empty folder, makes it a repository and
 * commits them to the branch main. Nothing of the user's git configuration is used.
 */
bool repo_create(const char *folder, const struct tree_file *files, const char *message,
		 struct err *e);

#endif

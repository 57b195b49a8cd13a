/*
 * A work tree of one commit of a mirror (git/remote.h), to mend it in, and the way of the fix back
 * into the mirror. By libgit2 and plain file calls alone: no filter, no hook, no attribute's
 * program, no submodule, no setting but the clone's own.
 */
#ifndef GIT_CLONE_H
#define GIT_CLONE_H

#include "git/repo.h"

enum {
	CLONE_ENTRIES_MAX = 100000,		/* files and links; more is refused */
	CLONE_FILE_MAX = 256 * 1024 * 1024,	/* bytes of one of them */
};
#define CLONE_BYTES_MAX (UINT64_C(4) << 30)	/* of all of them: one blob may stand in many places */

/*
 * Makes folder a repository with HEAD detached at the commit, and its files as they are committed,
 * byte for byte, a minute old. Objects are hard links to the mirror's, or the mirror is its
 * alternate where the file system has none. Made in folder + ".new" and moved there whole: what is
 * there with this commit is taken as it is, all else is made again.
 *
 * Left out: entries whose path fails path_check, those that another entry is in the way of, links
 * that lead to no name. Links are made last and nothing is written through one.
 * ERR_GONE: no mirror, or the commit is not in it. ERR_INPUT: damaged, or above the limits.
 */
bool repo_clone(const char *mirror, const char *commit, const char *folder, struct err *e);

/*
 * Brings a commit of ours from the clone into the mirror: its new objects, children first, then the
 * branch by the rules of repo_commit (incident: whose branch may be replaced). The commit has one
 * parent, which is in both. id: the branch's tip, which is another commit when the branch had this
 * tree and parent already. Several processes may do it at a time.
 */
bool repo_import(struct repo *clone, struct repo *mirror, const char *commit, const char *branch,
		 const char *incident, char id[REPO_ID_SIZE], struct err *e);

#endif

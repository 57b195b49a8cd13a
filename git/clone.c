/*
 * A clone of a mirror at one commit: the repository around the objects and the files. Objects are
 * git/clone_objects.c's, files git/clone_files.c's, the way back git/clone_import.c's.
 */
#include "git/clone.h"

#include "bot/base/file.h"
#include "bot/base/kill_point.h"
#include "git/clone_private.h"
#include "git/remote.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

void clone_close_file(const int *file)
{
	if (*file >= 0)
		close(*file);
}

static void free_repository(git_repository **repository)
{
	git_repository_free(*repository);
}

/* It is moved to its place when all is there, so its HEAD says enough. */
static bool is_whole(const char *folder, const char *commit)
{
	ARENA scratch = {0};
	struct err ignored = ERR_INIT;
	struct str head = STR_NONE;
	struct stat info;

	if (lstat(folder, &info) || !S_ISDIR(info.st_mode))
		return false;
	return file_read(arena_printf(&scratch, "%s/.git/HEAD", folder), 1024, FILE_NO_FOLLOW,
			 &scratch, &head, &ignored) &&
	       str_is(str_trim(head), commit);
}

static bool make_repository(const char *mirror, const char *commit, const char *folder,
			    struct err *e)
{
	__attribute__((cleanup(free_repository))) git_repository *made = NULL;
	git_repository_init_options options;
	ARENA scratch = {0};
	git_oid id;
	int result;

	git_repository_init_options_init(&options, GIT_REPOSITORY_INIT_OPTIONS_VERSION);
	options.flags = GIT_REPOSITORY_INIT_NO_REINIT | GIT_REPOSITORY_INIT_MKDIR;
	options.mode = 0700;
	options.initial_head = "main";
	result = git_repository_init_ext(&made, folder, &options);
	if (result < 0)
		return library_fail(e, result, "making %s", folder);
	KILL_POINT("clone.objects.before");
	if (!clone_objects(mirror, arena_printf(&scratch, "%s/.git", folder), e))
		return false;
	result = git_oid_fromstr(&id, commit);
	if (result >= 0)
		result = git_repository_set_head_detached(made, &id);
	return result >= 0 || library_fail(e, result, "setting HEAD of %s", folder);
}

static bool make(const char *mirror, const char *commit, const char *beside, struct err *e)
{
	REPO repo = NULL;
	ARENA scratch = {0};
	const struct repo_tree *list;

	if (!remote_open(mirror, &repo, e) || !repo_tree(repo, commit, &scratch, &list, e))
		return false;
	if (list->view.count > CLONE_ENTRIES_MAX)
		return fail(e, ERR_INPUT, "the commit %.12s has %zu files, more than %d", commit,
			    list->view.count, CLONE_ENTRIES_MAX);
	if (!make_repository(mirror, commit, beside, e))
		return false;
	KILL_POINT("clone.files.before");
	return clone_files(repo, list, beside, arena_printf(&scratch, "%s/.git/index", beside), e);
}

bool repo_clone(const char *mirror, const char *commit, const char *folder, struct err *e)
{
	ARENA scratch = {0};
	const char *beside = arena_printf(&scratch, "%s.new", folder);
	struct err ignored = ERR_INIT;

	if (is_whole(folder, commit))
		return true;
	if (!file_remove_tree(beside, e) || !file_remove_tree(folder, e))
		return fail_while(e, "clearing the place of a clone");
	if (!make(mirror, commit, beside, e)) {
		file_remove_tree(beside, &ignored);
		return fail_while(e, "cloning");
	}
	KILL_POINT("clone.move.before");
	if (rename(beside, folder))
		return fail(e, err_kind_of_errno(errno), "moving a clone to %s: %s", folder,
			    strerror(errno));
	KILL_POINT("clone.move.after");
	return true;
}

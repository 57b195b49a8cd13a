/*
 * The mirror as a repository to read from and commit into. Opens bare repositories only, in exactly
 * this folder, and only those of our own user.
 */
#include "git/remote.h"

#include "git/repo_private.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static bool open_here(struct repo *repo, const char *mirror, struct err *e)
{
	struct stat info;
	int result;

	if (lstat(mirror, &info) || !S_ISDIR(info.st_mode))
		return fail(e, ERR_GONE, "%s: there is no mirror", mirror);
	if (info.st_uid != geteuid() || (info.st_mode & 022))
		return fail(e, ERR_DENIED, "%s: others may write this mirror", mirror);
	result = git_repository_open_ext(&repo->handle, mirror,
		GIT_REPOSITORY_OPEN_NO_SEARCH | GIT_REPOSITORY_OPEN_BARE, NULL);
	if (result >= 0)
		result = git_repository_odb(&repo->odb, repo->handle);
	if (result < 0)
		return library_fail(e, result, "opening the mirror %s", mirror);
	repo->root = arena_strdup(&repo->arena, mirror);
	repo->is_bare = true;
	return true;
}

bool remote_open(const char *mirror, struct repo **out, struct err *e)
{
	struct arena arena = {0};
	struct repo *repo = arena_new(&arena, struct repo);

	library_start();
	repo->arena = arena;
	if (!open_here(repo, mirror, e)) {
		repo_close(&repo);
		return false;
	}
	*out = repo;
	return true;
}

static bool find(struct repo *repo, const char *name, char commit[REPO_ID_SIZE], struct err *e)
{
	git_oid id;
	int result = git_reference_name_to_id(&id, repo->handle, name);

	if (result < 0)
		return library_fail(e, result, "looking for %s", name);
	git_oid_tostr(commit, REPO_ID_SIZE, &id);
	return true;
}

bool remote_branch(struct repo *repo, const char *branch, char commit[REPO_ID_SIZE],
		   struct err *e)
{
	ARENA scratch = {0};

	return find(repo, arena_printf(&scratch, "refs/remotes/origin/%s", branch), commit, e);
}

bool remote_pull(struct repo *repo, uint64_t number, char commit[REPO_ID_SIZE], struct err *e)
{
	char name[64];

	snprintf(name, sizeof(name), "refs/pull/%llu", (unsigned long long)number);
	return find(repo, name, commit, e);
}

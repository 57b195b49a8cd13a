/*
 * Opening a repository and reading commits, trees and blobs by id, so that no link in a work tree
 * is ever followed. Does not look at the work tree (repo_status.c) and writes nothing
 * (repo_commit.c).
 */
#include "git/repo.h"

#include "git/path.h"
#include "git/repo_private.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

void repo_free_object(git_object **object)
{
	git_object_free(*object);
}

void repo_free_commit(git_commit **commit)
{
	git_commit_free(*commit);
}

void repo_free_tree(git_tree **tree)
{
	git_tree_free(*tree);
}

void repo_free_entry(git_tree_entry **entry)
{
	git_tree_entry_free(*entry);
}

void repo_free_reference(git_reference **reference)
{
	git_reference_free(*reference);
}

void repo_close(struct repo *const *repo)
{
	struct arena arena;

	if (!*repo)
		return;
	git_odb_free((*repo)->odb);
	git_repository_free((*repo)->handle);
	arena = (*repo)->arena;
	arena_release(&arena);
}

const char *repo_root(const struct repo *repo)
{
	return repo->root;
}

/* core.worktree in the repository's own settings may name any folder: it must be where .git is. */
static bool find_root(struct repo *repo, const char *start, struct err *e)
{
	const char *folder = git_repository_workdir(repo->handle);
	char real[PATH_MAX];
	struct stat info;
	size_t size;

	if (!folder || !realpath(folder, real))
		return fail(e, ERR_INPUT, "%s: its work tree does not exist", start);
	size = strlen(real);
	if (strncmp(start, real, size) || (start[size] && start[size] != '/' && size > 1) ||
	    lstat(arena_printf(&repo->arena, "%s/.git", real), &info))
		return fail(e, ERR_INPUT, "%s: core.worktree leads to %s, which is not the folder "
			    "of this repository", start, real);
	repo->root = arena_strdup(&repo->arena, real);
	return true;
}

/* libgit2 1.5 and 1.7 say it in different words. */
static bool wants_sha256(int result)
{
	const git_error *error = result < 0 ? git_error_last() : NULL;
	struct str text = str_of(error ? error->message : NULL);

	return str_has(text, "objectformat") || str_has(text, "object format");
}

static bool open_here(struct repo *repo, const char *path, struct err *e)
{
	char start[PATH_MAX];
	struct repo_head head;
	int result;

	if (!realpath(path, start))
		return fail(e, ERR_INPUT, "%s: no such folder", path);
	result = git_repository_open_ext(&repo->handle, start, 0, NULL);
	if (result == GIT_ENOTFOUND)
		return fail(e, ERR_INPUT, "%s: not a git repository (nor any folder above)", path);
	if (wants_sha256(result))
		return fail(e, ERR_INPUT, "%s: its objects are named by SHA-256, which libgit2 "
			    "cannot read", path);
	if (result < 0)
		return library_fail(e, result, "opening the repository %s", path);
	if (git_repository_is_bare(repo->handle))
		return fail(e, ERR_INPUT, "%s: a bare repository has no work tree to look at",
			    path);
	if (!find_root(repo, start, e) ||
	    !repo_check_owner(repo->root, git_repository_commondir(repo->handle), e))
		return false;
	if (git_repository_head_unborn(repo->handle) == 1)
		return fail(e, ERR_INPUT, "%s: the repository has no commit yet", path);
	result = git_repository_odb(&repo->odb, repo->handle);
	if (result < 0)
		return library_fail(e, result, "opening the objects of %s", path);
	if (!repo_head(repo, &head, e))
		return fail_while(e, "%s", path);
	return true;
}

bool repo_open(const char *path, struct repo **out, struct err *e)
{
	struct arena arena = {0};
	struct repo *repo = arena_new(&arena, struct repo);

	library_start();
	repo->arena = arena;
	if (!open_here(repo, path, e)) {
		repo_close(&repo);
		/* For a person it is the input that is wrong, whatever is missing in it. */
		if (e->kind == ERR_GONE)
			e->kind = ERR_INPUT;
		return false;
	}
	*out = repo;
	return true;
}

bool repo_find_commit(struct repo *repo, const char *id, git_commit **out, struct err *e)
{
	git_oid oid;
	int result;

	if (strlen(id) != GIT_OID_HEXSZ || git_oid_fromstr(&oid, id) < 0)
		return fail(e, ERR_INPUT, "\"%.60s\" is not the id of a commit", id);
	result = git_commit_lookup(out, repo->handle, &oid);
	if (result < 0)
		return library_fail(e, result, "reading the commit %s", id);
	return true;
}

bool repo_find_tree(const git_commit *commit, git_tree **out, struct err *e)
{
	int result = git_commit_tree(out, commit);

	if (result < 0)
		return library_fail(e, result, "reading the tree of a commit (is the repository "
				    "damaged?)");
	return true;
}

bool repo_head(struct repo *repo, struct repo_head *out, struct err *e)
{
	HANDLE(git_reference, repo_free_reference) reference = NULL;
	HANDLE(git_object, repo_free_object) object = NULL;
	HANDLE(git_tree, repo_free_tree) tree = NULL;
	struct repo_head head = {0};
	const git_commit *commit;
	int result = git_repository_head(&reference, repo->handle);

	if (result < 0)
		return library_fail(e, result, "reading HEAD");
	result = git_reference_peel(&object, reference, GIT_OBJECT_COMMIT);
	if (result < 0)
		return library_fail(e, result, "reading the commit of HEAD (is the repository "
				    "damaged?)");
	commit = (const git_commit *)object;
	if (!repo_find_tree(commit, &tree, e))
		return false;
	git_oid_tostr(head.commit, sizeof(head.commit), git_commit_id(commit));
	git_oid_tostr(head.tree, sizeof(head.tree), git_commit_tree_id(commit));
	if (git_commit_parentcount(commit) &&
	    git_odb_exists(repo->odb, git_commit_parent_id(commit, 0)))
		git_oid_tostr(head.parent, sizeof(head.parent), git_commit_parent_id(commit, 0));
	if (git_reference_is_branch(reference))
		snprintf(head.branch, sizeof(head.branch), "%s",
			 git_reference_shorthand(reference));
	head.committed_at = git_commit_time(commit);
	*out = head;
	return true;
}

/* The size is asked before the bytes: a blob may be larger than the memory. */
bool repo_read_blob(git_odb *odb, const git_oid *id, size_t limit, struct arena *a,
		    struct str *out, struct err *e)
{
	git_odb_object *object;
	git_object_t type;
	size_t size;
	int result = git_odb_read_header(&size, &type, odb, id);

	if (result < 0)
		return library_fail(e, result, "reading a blob");
	if (type != GIT_OBJECT_BLOB)
		return fail(e, ERR_INPUT, "an entry for a file is no blob");
	if (size > limit)
		return fail(e, ERR_INPUT, "it has %zu bytes, more than %zu", size, limit);
	result = git_odb_read(&object, odb, id);
	if (result < 0)
		return library_fail(e, result, "reading a blob");
	*out = str_copy(a, (struct str){ git_odb_object_data(object),
					 git_odb_object_size(object) });
	git_odb_object_free(object);
	return true;
}

bool repo_has_commit(struct repo *repo, const char *commit)
{
	HANDLE(git_commit, repo_free_commit) object = NULL;
	HANDLE(git_tree, repo_free_tree) tree = NULL;
	struct err ignored = ERR_INIT;

	return repo_find_commit(repo, commit, &object, &ignored) &&
	       repo_find_tree(object, &tree, &ignored);
}

bool repo_blob(struct repo *repo, const char *commit, const char *path, size_t limit,
	       struct arena *a, struct str *out, struct err *e)
{
	HANDLE(git_commit, repo_free_commit) object = NULL;
	HANDLE(git_tree, repo_free_tree) tree = NULL;
	HANDLE(git_tree_entry, repo_free_entry) entry = NULL;
	git_filemode_t mode;
	int result;

	if (!path_check(str_of(path), e))
		return fail_while(e, "reading a file of %.12s", commit);
	if (!repo_find_commit(repo, commit, &object, e) || !repo_find_tree(object, &tree, e))
		return false;
	result = git_tree_entry_bypath(&entry, tree, path);
	if (result < 0)
		return library_fail(e, result, "%s in %.12s", path, commit);
	mode = git_tree_entry_filemode(entry);
	if (mode != GIT_FILEMODE_BLOB && mode != GIT_FILEMODE_BLOB_EXECUTABLE)
		return fail(e, ERR_INPUT, "%s in %.12s is not a file", path, commit);
	if (!repo_read_blob(repo->odb, git_tree_entry_id(entry), limit, a, out, e))
		return fail_while(e, "%s in %.12s", path, commit);
	return true;
}

bool repo_is_lfs_pointer(struct str text)
{
	return text.size < 1024 &&
	       str_starts(text, "version https://git-lfs.github.com/spec/v1\n") &&
	       str_has(text, "\noid sha256:") && str_has(text, "\nsize ");
}

/*
 * From a patch to a commit on a branch of its own: blobs and trees here, commit and branch in
 * git/repo_branch.c. Touches neither HEAD nor index nor work tree, and does not push.
 */
#include "git/repo.h"

#include "git/path.h"
#include "git/repo_private.h"

#include <stdio.h>

/* The entry of a path, and that every folder above it is one: no link, no submodule, no file. */
static bool find_entry(const git_tree *tree, const char *path, git_tree_entry **out, struct err *e)
{
	char above[600];
	int result;

	for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
		HANDLE(git_tree_entry, repo_free_entry) entry = NULL;

		snprintf(above, sizeof(above), "%.*s", (int)(slash - path), path);
		if (!git_tree_entry_bypath(&entry, tree, above) &&
		    git_tree_entry_filemode(entry) != GIT_FILEMODE_TREE)
			return fail(e, ERR_INPUT, "%s lies below %s, which is no folder", path,
				    above);
	}
	result = git_tree_entry_bypath(out, tree, path);
	if (result == GIT_ENOTFOUND) {
		*out = NULL;
		return true;
	}
	return result >= 0 || library_fail(e, result, "looking for %s", path);
}

/* A patch goes only onto the tree it was made for: what it thinks was there must be there. */
static bool check_before(const git_tree *tree, const struct change *change, struct err *e)
{
	HANDLE(git_tree_entry, repo_free_entry) entry = NULL;
	const enum entry_mode mode = change->made_program ? ENTRY_FILE : change->mode;
	struct str before = change->before;
	git_oid id;

	if (!path_check(str_of(change->path), e) || !find_entry(tree, change->path, &entry, e))
		return false;
	if (change->mode != ENTRY_FILE && change->mode != ENTRY_PROGRAM)
		return fail(e, ERR_INPUT, "%s is no file", change->path);
	if (!entry && !change->existed)
		return true;
	if (!entry || !change->existed ||
	    git_tree_entry_filemode(entry) != (git_filemode_t)mode ||
	    git_odb_hash(&id, before.size ? before.at : "", before.size, GIT_OBJECT_BLOB) < 0 ||
	    !git_oid_equal(&id, git_tree_entry_id(entry)))
		return fail(e, ERR_INPUT, "the patch was made for another state of %s",
			    change->path);
	return true;
}

static bool write_tree(struct repo *repo, git_tree *base, const struct patch *patch, git_oid *out,
		       struct err *e)
{
	ARENA scratch = {0};
	git_tree_update *updates = arena_array(&scratch, git_tree_update, patch->count);
	int result;

	for (size_t i = 0; i < patch->count; i++) {
		const struct change *change = &patch->changes[i];
		struct str after = change->after;

		if (!check_before(base, change, e))
			return false;
		updates[i].path = change->path;
		updates[i].filemode = (git_filemode_t)change->mode;
		updates[i].action = change->exists ? GIT_TREE_UPDATE_UPSERT
						   : GIT_TREE_UPDATE_REMOVE;
		if (!change->exists)
			continue;
		result = git_blob_create_from_buffer(&updates[i].id, repo->handle,
						     after.size ? after.at : "", after.size);
		if (result < 0)
			return library_fail(e, result, "writing %s", change->path);
	}
	result = git_tree_create_updated(out, repo->handle, base, patch->count, updates);
	if (result < 0)
		return library_fail(e, result, "writing the trees of the fix");
	if (git_oid_equal(out, git_tree_id(base)))
		return fail(e, ERR_INPUT, "the patch changes nothing");
	return true;
}

bool repo_commit(struct repo *repo, const struct commit_request *request, char id[REPO_ID_SIZE],
		 struct err *e)
{
	HANDLE(git_commit, repo_free_commit) parent = NULL;
	HANDLE(git_tree, repo_free_tree) base = NULL;
	ARENA scratch = {0};
	struct landing landing = {
		.branch = request->branch, .incident = request->incident, .note = "aegis: fix",
		.author_name = request->author_name, .author_mail = request->author_mail,
		.made_at = request->made_at,
		.message = commit_message(&scratch, request->subject, request->body,
					  request->trailers),
	};

	if (!repo_land_check(repo, &landing, e) ||
	    !repo_find_commit(repo, request->parent, &parent, e))
		return false;
	landing.parent = parent;
	if (!repo_find_tree(parent, &base, e) ||
	    !write_tree(repo, base, request->patch, &landing.tree, e) ||
	    !repo_land(repo, &landing, id, e))
		return fail_while(e, "committing to %s", request->branch);
	return true;
}

/*
 * From a clone into the mirror: a commit of ours with the objects it brought, then its branch.
 * Children are written before what names them, so an object that is there is there with all below;
 * killed anywhere it leaves some more objects and nothing else.
 */
#include "git/clone.h"

#include "bot/base/kill_point.h"
#include "git/repo_private.h"

/* Deeper than path_check lets paths be. */
enum { DEPTH_MAX = 64 };

struct transfer {
	git_repository *from;
	git_odb *from_odb, *to;
	struct err *e;
};

static bool copy_object(const struct transfer *t, const git_oid *id)
{
	git_odb_object *object;
	git_oid written;
	int result = git_odb_read(&object, t->from_odb, id);

	if (result < 0)
		return library_fail(t->e, result, "reading an object of the fix");
	result = git_odb_write(&written, t->to, git_odb_object_data(object),
			       git_odb_object_size(object), git_odb_object_type(object));
	git_odb_object_free(object);
	if (result < 0)
		return library_fail(t->e, result, "writing an object of the fix");
	return git_oid_equal(&written, id) || fail(t->e, ERR_BUG, "an object changed its name");
}

static bool copy_tree(const struct transfer *t, const git_oid *id, unsigned depth)
{
	HANDLE(git_tree, repo_free_tree) tree = NULL;
	int result;

	if (git_odb_exists(t->to, id))
		return true;
	if (depth > DEPTH_MAX)
		return fail(t->e, ERR_INPUT, "the folders of the fix are too deep");
	result = git_tree_lookup(&tree, t->from, id);
	if (result < 0)
		return library_fail(t->e, result, "reading a folder of the fix");
	for (size_t i = 0, n = git_tree_entrycount(tree); i < n; i++) {
		const git_tree_entry *entry = git_tree_entry_byindex(tree, i);
		const git_oid *child = git_tree_entry_id(entry);
		git_object_t type = git_tree_entry_type(entry);

		if (type == GIT_OBJECT_TREE && !copy_tree(t, child, depth + 1))
			return false;
		if (type == GIT_OBJECT_BLOB && !git_odb_exists(t->to, child) &&
		    !copy_object(t, child))
			return false;
	}
	return copy_object(t, id);
}

/* The same parent, tree, author, time and message make the same commit again. */
static bool land(struct repo *mirror, const git_commit *commit, const char *branch,
		 const char *incident, char id[REPO_ID_SIZE], struct err *e)
{
	HANDLE(git_commit, repo_free_commit) parent = NULL;
	const git_signature *author = git_commit_committer(commit);
	struct landing landing = {
		.branch = branch, .incident = incident, .note = "aegis: fix",
		.author_name = author->name, .author_mail = author->email,
		.made_at = author->when.time, .message = git_commit_message_raw(commit),
		.tree = *git_commit_tree_id(commit),
	};
	char parent_id[REPO_ID_SIZE];

	git_oid_tostr(parent_id, sizeof(parent_id), git_commit_parent_id(commit, 0));
	if (!repo_land_check(mirror, &landing, e) || !repo_find_commit(mirror, parent_id, &parent, e))
		return false;
	landing.parent = parent;
	return repo_land(mirror, &landing, id, e);
}

bool repo_import(struct repo *clone, struct repo *mirror, const char *commit, const char *branch,
		 const char *incident, char id[REPO_ID_SIZE], struct err *e)
{
	HANDLE(git_commit, repo_free_commit) object = NULL;
	const struct transfer transfer = { clone->handle, clone->odb, mirror->odb, e };

	if (!repo_find_commit(clone, commit, &object, e))
		return false;
	if (git_commit_parentcount(object) != 1)
		return fail(e, ERR_INPUT, "%.12s is no fix: it has not one parent", commit);
	if (!copy_tree(&transfer, git_commit_tree_id(object), 0))
		return fail_while(e, "copying %.12s into the mirror", commit);
	KILL_POINT("clone.import.between");
	return land(mirror, object, branch, incident, id, e) ||
	       fail_while(e, "setting %s in the mirror", branch);
}

/*
 * Walks first parents and compares trees. Does not run anything: which commit is good and which is
 * bad is found out elsewhere.
 */
#include "git/history.h"

#include "git/repo_private.h"

enum { PATHS_MOST = 20000 };

static void free_diff(git_diff **diff)
{
	git_diff_free(*diff);
}

static void free_walk(git_revwalk **walk)
{
	git_revwalk_free(*walk);
}

bool history_resolve(struct repo *repo, const char *name, char id[REPO_ID_SIZE], struct err *e)
{
	HANDLE(git_object, repo_free_object) found = NULL;
	HANDLE(git_object, repo_free_object) commit = NULL;

	if (git_revparse_single(&found, repo->handle, name) < 0 ||
	    git_object_peel(&commit, found, GIT_OBJECT_COMMIT) < 0)
		return fail(e, ERR_GONE, "there is no commit \"%.100s\" here", name);
	git_oid_tostr(id, REPO_ID_SIZE, git_object_id(commit));
	return true;
}

bool history_ids(struct repo *repo, const char *commit, char tree[REPO_ID_SIZE],
		 char parent[REPO_ID_SIZE], struct err *e)
{
	HANDLE(git_commit, repo_free_commit) object = NULL;

	if (!repo_find_commit(repo, commit, &object, e))
		return false;
	git_oid_tostr(tree, REPO_ID_SIZE, git_commit_tree_id(object));
	parent[0] = '\0';
	if (git_commit_parentcount(object))
		git_oid_tostr(parent, REPO_ID_SIZE, git_commit_parent_id(object, 0));
	return true;
}

bool history_message(struct repo *repo, const char *commit, struct arena *a, struct str *message,
		     struct str *mail, struct err *e)
{
	HANDLE(git_commit, repo_free_commit) object = NULL;
	const char *text;

	if (!repo_find_commit(repo, commit, &object, e))
		return false;
	text = git_commit_message(object);
	*message = str_of(arena_strdup(a, text ? text : ""));
	*mail = str_of(arena_strdup(a, git_commit_author(object)->email));
	return true;
}

static struct history_commit describe(struct arena *a, git_commit *commit)
{
	const char *summary = git_commit_summary(commit);
	struct history_commit one = {
		.subject = arena_strdup(a, summary ? summary : ""),
		.is_merge = git_commit_parentcount(commit) > 1,
	};

	git_oid_tostr(one.id, REPO_ID_SIZE, git_commit_id(commit));
	return one;
}

static void reverse(struct history_commit *list, size_t count)
{
	for (size_t i = 0; i + i + 1 < count; i++) {
		struct history_commit kept = list[i];

		list[i] = list[count - 1 - i];
		list[count - 1 - i] = kept;
	}
}

bool history_since(struct repo *repo, const char *good, const char *head, size_t most,
		   struct arena *a, struct history_commit **out, size_t *count, struct err *e)
{
	HANDLE(git_revwalk, free_walk) walk = NULL;
	struct history_commit *list = NULL;
	git_oid id, wanted;
	size_t n = 0;
	int result;

	if (git_oid_fromstr(&wanted, good) < 0 || git_oid_fromstr(&id, head) < 0)
		return fail(e, ERR_INPUT, "this is no commit's id: %.60s or %.60s", good, head);
	result = git_revwalk_new(&walk, repo->handle);
	if (!result)
		result = git_revwalk_simplify_first_parent(walk);
	if (!result)
		result = git_revwalk_push(walk, &id);
	while (!result && n <= most && !(result = git_revwalk_next(&id, walk))) {
		HANDLE(git_commit, repo_free_commit) commit = NULL;

		if (git_oid_equal(&id, &wanted)) {
			reverse(list, n);
			*out = list;
			*count = n;
			return true;
		}
		result = git_commit_lookup(&commit, repo->handle, &id);
		if (!result)
			arena_push(a, list, n) = describe(a, commit);
	}
	if (result && result != GIT_ITEROVER)
		return library_fail(e, result, "looking through the history");
	return fail(e, ERR_GONE, "%.10s is not among the %zu commits before %.10s", good, n, head);
}

static bool tree_of(struct repo *repo, const char *commit, git_tree **out, struct err *e)
{
	HANDLE(git_commit, repo_free_commit) object = NULL;

	return repo_find_commit(repo, commit, &object, e) && repo_find_tree(object, out, e);
}

bool history_files(struct repo *repo, const char *from, const char *to, struct arena *a,
		   struct jail_file **out, size_t *count, struct err *e)
{
	HANDLE(git_tree, repo_free_tree) before = NULL;
	HANDLE(git_tree, repo_free_tree) after = NULL;
	HANDLE(git_diff, free_diff) diff = NULL;
	struct repo_status status = {0};
	const char **paths = NULL;
	int result;

	if (!tree_of(repo, from, &before, e) || !tree_of(repo, to, &after, e))
		return false;
	result = git_diff_tree_to_tree(&diff, repo->handle, before, after, NULL);
	if (result < 0)
		return library_fail(e, result, "comparing two commits");
	if (git_diff_num_deltas(diff) > PATHS_MOST)
		return fail(e, ERR_INPUT, "more than %d files lie between %.10s and %.10s",
			    PATHS_MOST, from, to);
	for (size_t i = 0; i < git_diff_num_deltas(diff); i++)
		arena_push(a, paths, status.changed_count) =
			arena_strdup(a, git_diff_get_delta(diff, i)->new_file.path);
	status.changed = paths;
	return repo_restore(repo, to, &status, a, out, count, e);
}

/* One file of the difference, into the patch. */
static bool take_delta(struct repo *repo, const git_diff_delta *delta, const struct tree *tree,
		       struct arena *a, struct patch *patch, struct err *e)
{
	const char *path = delta->new_file.path;
	struct str text;

	if (delta->status == GIT_DELTA_DELETED)
		return patch_remove(patch, a, tree, path, e);
	if (delta->new_file.mode != ENTRY_FILE && delta->new_file.mode != ENTRY_PROGRAM)
		return fail(e, ERR_INPUT, "%s is no file", path);
	if (!repo_read_blob(repo->odb, &delta->new_file.id, TREE_FILE_MAX, a, &text, e) ||
	    !patch_put(patch, a, tree, path, text, e))
		return false;
	return delta->new_file.mode != ENTRY_PROGRAM ||
	       (tree_entry(tree, path) && tree_entry(tree, path)->mode == ENTRY_PROGRAM) ||
	       patch_make_program(patch, a, tree, path, e);
}

bool history_revert(struct repo *repo, const char *commit, const char *onto,
		    const struct tree *onto_tree, struct arena *a, enum reverted *out,
		    struct patch *patch, struct str *conflicts, struct err *e)
{
	HANDLE(git_tree, repo_free_tree) before = NULL;
	HANDLE(git_tree, repo_free_tree) after = NULL;
	HANDLE(git_diff, free_diff) diff = NULL;
	struct patch made = { NULL, 0 };
	enum reverted found;
	git_oid tree;
	int result;

	if (!revert_tree(repo, commit, onto, a, &tree, &found, conflicts, e))
		return false;
	if (found != REVERTED) {
		*out = found;
		return true;
	}
	if (!tree_of(repo, onto, &before, e))
		return false;
	result = git_tree_lookup(&after, repo->handle, &tree);
	if (!result)
		result = git_diff_tree_to_tree(&diff, repo->handle, before, after, NULL);
	if (result < 0)
		return library_fail(e, result, "comparing with what was undone");
	for (size_t i = 0; i < git_diff_num_deltas(diff); i++)
		if (!take_delta(repo, git_diff_get_delta(diff, i), onto_tree, a, &made, e))
			return fail_while(e, "undoing %.10s", commit);
	*out = REVERTED;
	*patch = made;
	return true;
}

/*
 * The whole tree of a commit as a flat, sorted list. Names in a tree object may be anything ("..",
 * ".git", "a/b", twice the same), so each path is checked and what fails is not in the list at all.
 */
#include "git/repo.h"

#include "git/path.h"
#include "git/repo_private.h"

#include <stdlib.h>

enum { WALK_BYTES = 513, KEPT_MAX = 64 * 1024 * 1024 };

struct found {
	struct entry entry;
	git_oid id;
};

struct listing {
	struct repo_tree tree;		/* first: view.self leads here */
	git_odb *odb;
	git_oid *ids;
	struct arena *arena;
	struct str *texts;		/* read before, up to KEPT_MAX in all: many ask for the same file */
	size_t kept;
};

struct walk {
	struct repo *repo;
	struct arena *arena;
	struct found *found;
	size_t count, folders, left_out;
	bool unsorted;
	char path[WALK_BYTES];
};

const git_oid *repo_tree_id(const struct repo_tree *tree, size_t index)
{
	const struct listing *listing = tree->view.self;

	return &listing->ids[index];
}

static bool read_entry(const struct tree *tree, size_t index, struct arena *a, struct str *out)
{
	struct listing *listing = tree->self;
	struct err e = ERR_INIT;

	if (tree->entries[index].mode != ENTRY_FILE && tree->entries[index].mode != ENTRY_PROGRAM)
		return false;
	/* Only for the one who has the list itself: another's memory may live longer. */
	if (a == listing->arena && listing->texts[index].at) {
		*out = listing->texts[index];
		return true;
	}
	if (!repo_read_blob(listing->odb, &listing->ids[index], TREE_FILE_MAX, a, out, &e))
		return false;
	if (a == listing->arena && listing->kept + out->size <= KEPT_MAX) {
		listing->texts[index] = *out;
		listing->kept += out->size;
	}
	return true;
}

static bool walk_folder(struct walk *w, const git_oid *id, size_t size, struct err *e);

/* Joins a name to the folder in w->path; false when the path is none that we let in. */
static bool join(struct walk *w, size_t size, const char *name, size_t *joined)
{
	struct err why = ERR_INIT;
	size_t length = strlen(name), at = size ? size + 1 : 0;

	if (length >= sizeof(w->path) - at || strchr(name, '/'))
		return false;
	if (size)
		w->path[size] = '/';
	memcpy(w->path + at, name, length + 1);
	*joined = at + length;
	return path_check((struct str){ w->path, *joined }, &why);
}

static bool walk_entry(struct walk *w, const git_tree_entry *entry, size_t size, struct err *e)
{
	static const struct {
		git_filemode_t from;
		enum entry_mode to;
	} modes[] = {
		{ GIT_FILEMODE_BLOB, ENTRY_FILE }, { GIT_FILEMODE_BLOB_EXECUTABLE, ENTRY_PROGRAM },
		{ GIT_FILEMODE_LINK, ENTRY_LINK }, { GIT_FILEMODE_COMMIT, ENTRY_MODULE },
	};
	git_filemode_t mode = git_tree_entry_filemode(entry);
	struct found found = { .id = *git_tree_entry_id(entry) };
	size_t joined = 0;

	if (!join(w, size, git_tree_entry_name(entry), &joined)) {
		w->left_out++;
		return true;
	}
	if (mode == GIT_FILEMODE_TREE)
		return walk_folder(w, &found.id, joined, e);
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (modes[i].from == mode)
			found.entry.mode = modes[i].to;
	if (!found.entry.mode) {
		w->left_out++;
		return true;
	}
	if (w->count == REPO_ENTRIES_MAX)
		return fail(e, ERR_INPUT, "the tree has more than %d files", REPO_ENTRIES_MAX);
	found.entry.path = arena_copy(w->arena, w->path, joined);
	if (w->count && strcmp(w->found[w->count - 1].entry.path, found.entry.path) >= 0)
		w->unsorted = true;
	arena_push(w->arena, w->found, w->count) = found;
	return true;
}

/* Depth is bounded by path_check, which allows 32 components. */
static bool walk_folder(struct walk *w, const git_oid *id, size_t size, struct err *e)
{
	HANDLE(git_tree, repo_free_tree) tree = NULL;
	int result;

	if (++w->folders > REPO_ENTRIES_MAX)
		return fail(e, ERR_INPUT, "the tree has more than %d folders", REPO_ENTRIES_MAX);
	result = git_tree_lookup(&tree, w->repo->handle, id);
	if (result < 0)
		return library_fail(e, result, "reading the folder \"%.*s\"", (int)size, w->path);
	for (size_t i = 0, n = git_tree_entrycount(tree); i < n; i++)
		if (!walk_entry(w, git_tree_entry_byindex(tree, i), size, e))
			return false;
	return true;
}

static int by_path(const void *a, const void *b)
{
	const struct found *one = a, *other = b;

	return strcmp(one->entry.path, other->entry.path);
}

/*
 * An honest tree is in order already. Of twins none is in the list: nobody can say which is meant.
 */
static void put_in_order(struct walk *w)
{
	size_t kept = 0;

	if (!w->unsorted)
		return;
	qsort(w->found, w->count, sizeof(*w->found), by_path);
	for (size_t i = 0, next; i < w->count; i = next) {
		for (next = i + 1; next < w->count && !by_path(&w->found[i], &w->found[next]);)
			next++;
		if (next == i + 1)
			w->found[kept++] = w->found[i];
		else
			w->left_out += next - i;
	}
	w->count = kept;
}

static const struct repo_tree *list(struct walk *w)
{
	struct listing *listing = arena_new(w->arena, struct listing);
	struct entry *entries = arena_array(w->arena, struct entry, w->count);

	listing->odb = w->repo->odb;
	listing->arena = w->arena;
	listing->ids = arena_array(w->arena, git_oid, w->count);
	listing->texts = arena_array(w->arena, struct str, w->count);
	for (size_t i = 0; i < w->count; i++) {
		entries[i] = w->found[i].entry;
		listing->ids[i] = w->found[i].id;
	}
	listing->tree.left_out = w->left_out;
	listing->tree.view = (struct tree){
		entries, w->count, read_entry, listing,
		w->repo->is_bare ? NULL : arena_strdup(w->arena, repo_root(w->repo))
	};
	return &listing->tree;
}

static bool tree_of_commit(struct repo *repo, const git_commit *commit, struct arena *a,
			   const struct repo_tree **out, struct err *e)
{
	struct walk walk = { .repo = repo, .arena = a };

	if (!walk_folder(&walk, git_commit_tree_id(commit), 0, e))
		return fail_while(e, "listing the files of a commit");
	put_in_order(&walk);
	*out = list(&walk);
	return true;
}

bool repo_tree(struct repo *repo, const char *commit, struct arena *a,
	       const struct repo_tree **out, struct err *e)
{
	HANDLE(git_commit, repo_free_commit) object = NULL;

	return repo_find_commit(repo, commit, &object, e) &&
	       tree_of_commit(repo, object, a, out, e);
}

bool repo_parent_tree(struct repo *repo, const char *commit, struct arena *a,
		      const struct repo_tree **out, struct err *e)
{
	HANDLE(git_commit, repo_free_commit) object = NULL;
	HANDLE(git_commit, repo_free_commit) parent = NULL;
	int result;

	if (!repo_find_commit(repo, commit, &object, e))
		return false;
	if (!git_commit_parentcount(object))
		return fail(e, ERR_GONE, "%.12s is a first commit: it has no parent", commit);
	result = git_commit_parent(&parent, object, 0);
	if (result < 0)
		return library_fail(e, result, "reading the parent of %.12s (is this a shallow "
				    "clone?)", commit);
	return tree_of_commit(repo, parent, a, out, e);
}

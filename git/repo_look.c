/*
 * The status of a work tree, taken in a thread of its own while the caller reads the commit: both
 * take most of their time waiting for the disk's folders and the index. The thread has a repository
 * handle and an arena of its own and shares nothing with the caller until it is joined. What is
 * staged comes out of the index and the list of the commit's files, which the caller has anyway.
 */
#include "git/repo.h"

#include "git/path.h"
#include "git/repo_private.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct repo_look {
	struct arena arena;		/* holds this struct too */
	pthread_t thread;
	const char *root;
	struct repo *repo;
	struct repo_status status;
	struct err error;
	bool good;
};

static void *look(void *context)
{
	struct repo_look *l = context;

	l->good = repo_open(l->root, &l->repo, &l->error) &&
		  repo_status_of(l->repo, GIT_STATUS_SHOW_WORKDIR_ONLY, &l->arena, &l->status,
				 &l->error);
	return NULL;
}

static void close_look(struct repo_look *l)
{
	struct arena arena;

	repo_close(&l->repo);
	arena = l->arena;
	arena_release(&arena);
}

bool repo_look_begin(struct repo *repo, struct repo_look **out, struct err *e)
{
	struct arena arena = {0};
	struct repo_look *l = arena_new(&arena, struct repo_look);
	int result;

	l->root = arena_strdup(&arena, repo->root);
	l->arena = arena;
	result = pthread_create(&l->thread, NULL, look, l);
	if (result) {
		close_look(l);
		return fail(e, err_kind_of_errno(result), "starting a thread: %s", strerror(result));
	}
	*out = l;
	return true;
}

struct paths {
	struct arena *arena;
	const char **items;
	size_t count;
};

static void add_path(struct paths *paths, const char *path)
{
	arena_push(paths->arena, paths->items, paths->count) = arena_strdup(paths->arena, path);
}

static void add_paths(struct paths *paths, const char *const *items, size_t count)
{
	for (size_t i = 0; i < count; i++)
		add_path(paths, items[i]);
}

/* The modes of a tree's entries are git's. */
static bool same_entry(const struct repo_tree *head, size_t i, const git_index_entry *staged)
{
	return head->view.entries[i].mode == staged->mode &&
	       git_oid_equal(repo_tree_id(head, i), &staged->id);
}

/* Both are sorted by bytes. A submodule does not count; nor does what the list leaves out. */
static void compare_staged(const struct repo_tree *head, git_index *index, struct paths *changed)
{
	size_t i = 0, n = 0, count = git_index_entrycount(index);

	while (i < head->view.count || n < count) {
		const struct entry *old = i < head->view.count ? &head->view.entries[i] : NULL;
		const git_index_entry *staged = n < count ? git_index_get_byindex(index, n) : NULL;
		int order = !old ? 1 : !staged ? -1 : strcmp(old->path, staged->path);
		struct err why = ERR_INIT;

		if (staged && order > 0 && staged->mode != GIT_FILEMODE_COMMIT &&
		    path_check(str_of(staged->path), &why))
			add_path(changed, staged->path);
		if (old && order < 0 && old->mode != ENTRY_MODULE)
			add_path(changed, old->path);
		if (old && staged && !order && old->mode != ENTRY_MODULE && !same_entry(head, i, staged))
			add_path(changed, old->path);
		i += order <= 0;
		n += order >= 0;
	}
}

static int by_bytes(const void *one, const void *other)
{
	return strcmp(*(const char *const *)one, *(const char *const *)other);
}

static void sort_once(struct paths *paths)
{
	size_t kept = 0;

	if (paths->count)
		qsort(paths->items, paths->count, sizeof(*paths->items), by_bytes);
	for (size_t i = 0; i < paths->count; i++)
		if (!kept || strcmp(paths->items[kept - 1], paths->items[i]) != 0)
			paths->items[kept++] = paths->items[i];
	paths->count = kept;
}

static bool take(struct repo_look *l, const struct repo_tree *head, struct arena *a,
		 struct repo_status *out, struct err *e)
{
	struct paths changed = { .arena = a }, untracked = { .arena = a };
	git_index *index = NULL;
	int result;

	if (!l->good) {
		*e = l->error;
		return false;
	}
	add_paths(&changed, l->status.changed, l->status.changed_count);
	add_paths(&untracked, l->status.untracked, l->status.untracked_count);
	result = git_repository_index(&index, l->repo->handle);
	if (result < 0)
		return library_fail(e, result, "reading the index");
	if (head)
		compare_staged(head, index, &changed);
	git_index_free(index);
	sort_once(&changed);
	*out = (struct repo_status){ changed.items, changed.count, untracked.items, untracked.count };
	return true;
}

bool repo_look_end(struct repo_look *l, const struct repo_tree *head, struct arena *a,
		   struct repo_status *out, struct err *e)
{
	bool good;

	pthread_join(l->thread, NULL);
	good = take(l, head, a, out, e);
	close_look(l);
	return good;
}

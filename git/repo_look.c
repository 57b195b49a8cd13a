/*
 * The status of a work tree, taken in a thread of its own while the caller reads the commit: both
 * take most of their time waiting for the disk's folders and the index. The thread has a repository
 * handle and an arena of its own and shares nothing with the caller until it is joined.
 */
#include "git/repo.h"

#include "git/repo_private.h"

#include <pthread.h>
#include <string.h>

struct repo_look {
	struct arena arena;		/* holds this struct too */
	pthread_t thread;
	const char *root;
	struct repo_status status;
	struct err error;
	bool good;
};

static void *look(void *context)
{
	struct repo_look *l = context;
	REPO repo = NULL;

	l->good = repo_open(l->root, &repo, &l->error) &&
		  repo_status(repo, &l->arena, &l->status, &l->error);
	return NULL;
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
		arena = l->arena;
		arena_release(&arena);
		return fail(e, err_kind_of_errno(result), "starting a thread: %s", strerror(result));
	}
	*out = l;
	return true;
}

static const char *const *copy_paths(struct arena *a, const char *const *paths, size_t count)
{
	const char **copies = arena_array(a, const char *, count);

	for (size_t i = 0; i < count; i++)
		copies[i] = arena_strdup(a, paths[i]);
	return copies;
}

bool repo_look_end(struct repo_look *l, struct arena *a, struct repo_status *out, struct err *e)
{
	struct arena arena;
	bool good;

	pthread_join(l->thread, NULL);
	good = l->good;
	if (good)
		*out = (struct repo_status){
			copy_paths(a, l->status.changed, l->status.changed_count),
			l->status.changed_count,
			copy_paths(a, l->status.untracked, l->status.untracked_count),
			l->status.untracked_count,
		};
	else
		*e = l->error;
	arena = l->arena;
	arena_release(&arena);
	return good;
}

/*
 * The child's fetch: makes the mirror when there is none, clears away what a killed fetch left, and
 * takes all branches. One fetch of a mirror at a time.
 */
#include "git/remote_private.h"

#include "bot/base/crypto.h"
#include "bot/base/file.h"
#include "bot/base/kill_point.h"

#include <fcntl.h>
#include <fts.h>
#include <glob.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { STALE_S = 60 };

static void free_repository(git_repository **repository)
{
	git_repository_free(*repository);
}

static void free_remote(git_remote **remote)
{
	git_remote_free(*remote);
}

/* Whoever makes a mirror holds its folder; what nobody holds was left by one that was killed. */
static int hold(const char *folder)
{
	int file = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (file >= 0 && flock(file, LOCK_EX | LOCK_NB)) {
		close(file);
		return -1;
	}
	return file;
}

static void sweep_half_made(struct remote_state *state, const char *mirror)
{
	glob_t found = {0};

	if (!glob(arena_printf(state->arena, "%s.new-*", mirror), GLOB_NOSORT, NULL, &found))
		for (size_t i = 0; i < found.gl_pathc; i++) {
			__attribute__((cleanup(remote_unlock))) int held = hold(found.gl_pathv[i]);
			struct err ignored = ERR_INIT;

			if (held >= 0)
				file_remove_tree(found.gl_pathv[i], &ignored);
		}
	globfree(&found);
}

/* What fails is seen by who makes the last one. */
static void make_parents(struct arena *a, const char *path)
{
	char *part = arena_strdup(a, path);

	for (char *end = strchr(part + 1, '/'); end; end = strchr(end + 1, '/')) {
		*end = '\0';
		mkdir(part, 0700);
		*end = '/';
	}
}

/* Made beside its place and moved there whole: a half-made mirror is never seen. */
static bool make(struct remote_state *state, const char *mirror)
{
	__attribute__((cleanup(remote_unlock))) int held = -1;
	git_repository_init_options options;
	const char *beside = arena_printf(state->arena, "%s.new-%s", mirror,
					  crypto_random_hex(state->arena, 8));
	git_repository *made = NULL;
	struct err e = ERR_INIT;
	int result;

	make_parents(state->arena, beside);
	sweep_half_made(state, mirror);
	if (mkdir(beside, 0700) || (held = hold(beside)) < 0) {
		remote_end(state, END_BUG, "the mirror's folder cannot be made");
		return false;
	}
	git_repository_init_options_init(&options, GIT_REPOSITORY_INIT_OPTIONS_VERSION);
	options.flags = GIT_REPOSITORY_INIT_BARE | GIT_REPOSITORY_INIT_MKPATH |
			GIT_REPOSITORY_INIT_NO_REINIT;
	options.mode = 0700;
	options.initial_head = "main";
	result = git_repository_init_ext(&made, beside, &options);
	git_repository_free(made);
	if (result < 0) {
		remote_fail(state, result, "making the mirror");
		return false;
	}
	KILL_POINT("remote.mirror.before");
	result = rename(beside, mirror);
	if (!result)
		return true;
	/* Another fetch was quicker; its mirror is as good. */
	file_remove_tree(beside, &e);
	if (file_folder_exists(mirror))
		return true;
	remote_end(state, END_BUG, "the mirror cannot be put in its place");
	return false;
}

/* Under our lock nobody else writes these refs, so their lock files are of the dead. */
static void sweep_locks(const char *folder)
{
	char *paths[] = { (char *)folder, NULL };
	FTS *walk = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	const FTSENT *entry;

	while (walk && (entry = fts_read(walk)))
		if (entry->fts_info == FTS_F && str_ends(str_of(entry->fts_path), ".lock"))
			unlink(entry->fts_path);
	if (walk)
		fts_close(walk);
}

static void sweep_packs(const char *folder)
{
	char *paths[] = { (char *)folder, NULL };
	FTS *walk = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	const FTSENT *entry;

	while (walk && (entry = fts_read(walk)))
		if (entry->fts_info == FTS_F && str_has(str_of(entry->fts_name), "git2_"))
			unlink(entry->fts_path);
	if (walk)
		fts_close(walk);
}

static void sweep(struct remote_state *state, const char *mirror)
{
	const char *packed = arena_printf(state->arena, "%s/packed-refs.lock", mirror);
	struct stat info;
	struct err ignored = ERR_INIT;

	file_remove_tree(arena_printf(state->arena, "%s/refs/aegis", mirror), &ignored);
	sweep_locks(arena_printf(state->arena, "%s/refs/remotes", mirror));
	sweep_locks(arena_printf(state->arena, "%s/refs/pull", mirror));
	sweep_packs(arena_printf(state->arena, "%s/objects/pack", mirror));
	/* This one belongs to commits too: theirs lasts for a moment only. */
	if (!lstat(packed, &info) && time(NULL) - info.st_mtime > STALE_S)
		unlink(packed);
}

int remote_lock(struct remote_state *state, const char *mirror)
{
	int lock = open(arena_printf(state->arena, "%s/aegis.lock", mirror),
			O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (lock < 0) {
		remote_end(state, END_BUG, "the mirror's folder cannot be written");
		return -1;
	}
	if (flock(lock, LOCK_EX | LOCK_NB)) {
		remote_end(state, END_LATER, "another transfer is at it");
		close(lock);
		return -1;
	}
	sweep(state, mirror);
	return lock;
}

static void make_refspecs(struct remote_state *state, git_strarray *refspecs)
{
	const json_t *pulls = json_at(state->request, "pulls");
	size_t count = json_array_size(pulls);

	refspecs->strings = arena_array(state->arena, char *, count + 1);
	refspecs->strings[refspecs->count++] =
		arena_strdup(state->arena, "+refs/heads/*:refs/remotes/origin/*");
	for (size_t i = 0; i < count; i++) {
		long long number = json_integer_value(json_array_get(pulls, i));

		refspecs->strings[refspecs->count++] = arena_printf(state->arena,
			"+refs/pull/%lld/head:refs/pull/%lld", number, number);
	}
}

/* Gone branches go before new ones come: "a" must make room for "a/b". */
static void download(struct remote_state *state, git_remote *remote)
{
	git_fetch_options options;
	git_strarray refspecs = {0};
	int result;

	git_fetch_options_init(&options, GIT_FETCH_OPTIONS_VERSION);
	make_refspecs(state, &refspecs);
	remote_callbacks(state, &options.callbacks);
	options.follow_redirects = GIT_REMOTE_REDIRECT_NONE;
	options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE;
	options.update_fetchhead = 0;
	result = git_remote_download(remote, &refspecs, &options);
	if (result >= 0)
		result = git_remote_prune(remote, &options.callbacks);
	KILL_POINT("remote.fetch.between");
	if (result >= 0)
		result = git_remote_update_tips(remote, &options.callbacks, 0,
						GIT_REMOTE_DOWNLOAD_TAGS_NONE, NULL);
	if (result < 0)
		remote_fail(state, result, "receiving");
	git_remote_disconnect(remote);
}

void remote_child_fetch(struct remote_state *state)
{
	__attribute__((cleanup(free_repository))) git_repository *repository = NULL;
	__attribute__((cleanup(free_remote))) git_remote *remote = NULL;
	__attribute__((cleanup(remote_unlock))) int lock = -1;
	const char *mirror = str_text(state->arena, json_text_or(state->request, "mirror", STR_NONE));
	int result;

	if (!file_folder_exists(mirror) && !make(state, mirror))
		return;
	lock = remote_lock(state, mirror);
	if (lock < 0)
		return;
	result = git_repository_open_ext(&repository, mirror,
		GIT_REPOSITORY_OPEN_NO_SEARCH | GIT_REPOSITORY_OPEN_BARE, NULL);
	if (result < 0)
		remote_fail(state, result, "opening the mirror");
	else if (remote_connect(state, repository, false, &remote))
		download(state, remote);
}

/*
 * What in the work tree is not as in HEAD, by libgit2's status, which compares times and sizes with
 * the index first and reads only files that differ there. Runs no filter program and writes
 * nothing; where a filter program would have to be asked, what can be known without it is looked at
 * here.
 */
#include "git/repo.h"

#include "git/path.h"
#include "git/repo_private.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { RESTORE_TOTAL = 256 * 1024 * 1024 };

static void free_status(git_status_list **list)
{
	git_status_list_free(*list);
}

static void close_file(int *file)
{
	if (*file >= 0)
		close(*file);
}
#define FILE_DESCRIPTOR __attribute__((cleanup(close_file))) int

/* A regular file of the work tree, reached through no link; -1 where that is not so. */
static int open_beneath(const char *root, const char *path, struct stat *info)
{
	struct open_how how = {
		.flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
	};
	FILE_DESCRIPTOR folder = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	int file = folder < 0 ? -1 : (int)syscall(SYS_openat2, folder, path, &how, sizeof(how));

	if (file < 0)
		return -1;
	if (!fstat(file, info) && S_ISREG(info->st_mode))
		return file;
	close(file);
	return -1;
}

static bool hash_file(int file, char hex[65])
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	unsigned char piece[64 * 1024], digest[EVP_MAX_MD_SIZE];
	ssize_t size = -1;
	bool good = context && EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1;

	while (good && (size = read(file, piece, sizeof(piece))) > 0)
		good = EVP_DigestUpdate(context, piece, (size_t)size) == 1;
	good = good && !size && EVP_DigestFinal_ex(context, digest, NULL) == 1;
	EVP_MD_CTX_free(context);
	for (size_t i = 0; good && i < 32; i++)
		snprintf(hex + 2 * i, 3, "%02x", digest[i]);
	return good;
}

/* The work tree may hold the large file itself: it is as in HEAD when the pointer describes it. */
static bool is_lfs_content(struct str pointer, int file, const struct stat *info)
{
	struct str id, line;
	unsigned long size;
	char hex[65];

	if (!repo_is_lfs_pointer(pointer) || !str_split(pointer, "\nsize ", NULL, &line) ||
	    !str_take_number(&line, &size) || (unsigned long)info->st_size != size)
		return false;
	if (!str_split(pointer, "\noid sha256:", NULL, &id) || !hash_file(file, hex))
		return false;
	return str_is(str_slice(id, 0, 64), hex);
}

/* Is `file` the committed text with CR before its line ends? */
static bool only_line_ends(struct str committed, int file, const struct stat *info)
{
	char piece[64 * 1024];
	size_t at = 0;
	ssize_t size;
	bool held = false;		/* a CR whose next byte is not known yet */

	if (info->st_size < (off_t)committed.size ||
	    (committed.size && memchr(committed.at, '\0', committed.size)))
		return false;
	while ((size = read(file, piece, sizeof(piece))) > 0)
		for (ssize_t i = 0; i < size; i++) {
			if (held && piece[i] != '\n')
				return false;
			held = piece[i] == '\r';
			if (held)
				continue;
			if (at == committed.size || committed.at[at++] != piece[i])
				return false;
		}
	return !size && !held && at == committed.size;
}

/*
 * By git's line-end rules of the repository (builtin filters only) the file is what is committed.
 */
static bool same_when_normal(struct repo *repo, const git_diff_file *old)
{
	git_oid id;

	return !git_repository_hashfile(&id, repo->handle, old->path, GIT_OBJECT_BLOB, NULL) &&
	       git_oid_equal(&id, &old->id);
}

static bool is_never_text(struct repo *repo, const char *path)
{
	const char *value = NULL;

	return !git_attr_get(&value, repo->handle, GIT_ATTR_CHECK_FILE_THEN_INDEX, path, "text") &&
	       git_attr_value(value) == GIT_ATTR_VALUE_FALSE;
}

/*
 * libgit2 says that this regular file differs from the index, which is as HEAD. It looks at the
 * size before it looks at line ends, and knows neither Git LFS nor the user's own core.autocrlf.
 */
static bool differs(struct repo *repo, const git_diff_delta *delta, const char *autocrlf)
{
	ARENA scratch = {0};
	struct err why = ERR_INIT;
	struct stat info;
	struct str committed;
	FILE_DESCRIPTOR file = -1;

	if (delta->old_file.mode != delta->new_file.mode ||
	    !repo_read_blob(repo->odb, &delta->old_file.id, TREE_FILE_MAX, &scratch, &committed,
			    &why))
		return true;
	file = open_beneath(repo->root, delta->old_file.path, &info);
	if (file < 0)
		return true;
	if (repo_is_lfs_pointer(committed) && is_lfs_content(committed, file, &info))
		return false;
	if (same_when_normal(repo, &delta->old_file))
		return false;
	return !autocrlf || is_never_text(repo, delta->old_file.path) ||
	       lseek(file, 0, SEEK_SET) || !only_line_ends(committed, file, &info);
}

/* A sparse checkout leaves files out on purpose. */
static bool is_left_out(git_index *index, const char *path)
{
	const git_index_entry *entry = git_index_get_bypath(index, path, 0);

	return entry && (entry->flags_extended & GIT_INDEX_ENTRY_SKIP_WORKTREE);
}

/* "true" or "input" of the user's own settings, unless the repository has its own word. */
static const char *user_autocrlf(struct repo *repo, struct arena *a)
{
	git_config *config;
	const char *value = NULL;
	int on = 0;

	if (git_repository_config_snapshot(&config, repo->handle) < 0)
		return NULL;
	if (git_config_get_string(&value, config, "core.autocrlf") < 0) {
		value = repo_user_setting(a, "core.autocrlf");
		if (value && strcmp(value, "input") && (git_config_parse_bool(&on, value) || !on))
			value = NULL;
	} else {
		value = NULL;
	}
	git_config_free(config);
	return value;
}

struct sorting {
	struct repo *repo;
	struct arena *arena;
	git_index *index;
	const char *autocrlf;
	const char **changed, **untracked;
	size_t changed_count, untracked_count;
};

static void sort_entry(struct sorting *s, const git_status_entry *entry)
{
	const git_diff_delta *delta = entry->index_to_workdir ? entry->index_to_workdir
							      : entry->head_to_index;
	const char *path = delta->old_file.path ? delta->old_file.path : delta->new_file.path;

	if (entry->status == GIT_STATUS_WT_NEW) {
		arena_push(s->arena, s->untracked, s->untracked_count) =
			arena_strdup(s->arena, path);
		return;
	}
	if (entry->status == GIT_STATUS_CURRENT || (entry->status & GIT_STATUS_IGNORED))
		return;
	if (entry->status == GIT_STATUS_WT_DELETED && is_left_out(s->index, path))
		return;
	if (entry->status == GIT_STATUS_WT_MODIFIED && !differs(s->repo, delta, s->autocrlf))
		return;
	arena_push(s->arena, s->changed, s->changed_count) = arena_strdup(s->arena, path);
}

bool repo_status_of(struct repo *repo, git_status_show_t show, struct arena *a,
		    struct repo_status *out, struct err *e)
{
	__attribute__((cleanup(free_status))) git_status_list *list = NULL;
	struct sorting sorting = { .repo = repo, .arena = a };
	git_status_options options;
	int result;

	git_status_options_init(&options, GIT_STATUS_OPTIONS_VERSION);
	options.show = show;
	options.flags = GIT_STATUS_OPT_INCLUDE_UNTRACKED | GIT_STATUS_OPT_EXCLUDE_SUBMODULES |
			GIT_STATUS_OPT_SORT_CASE_SENSITIVELY;
	result = git_repository_index(&sorting.index, repo->handle);
	if (result < 0)
		return library_fail(e, result, "reading the index");
	sorting.autocrlf = user_autocrlf(repo, a);
	result = git_status_list_new(&list, repo->handle, &options);
	for (size_t i = 0, n = list ? git_status_list_entrycount(list) : 0; i < n; i++)
		sort_entry(&sorting, git_status_byindex(list, i));
	git_index_free(sorting.index);
	if (result < 0)
		return library_fail(e, result, "comparing the work tree with HEAD");
	*out = (struct repo_status){ sorting.changed, sorting.changed_count, sorting.untracked,
				     sorting.untracked_count };
	return true;
}

bool repo_status(struct repo *repo, struct arena *a, struct repo_status *out, struct err *e)
{
	return repo_status_of(repo, GIT_STATUS_SHOW_INDEX_AND_WORKDIR, a, out, e);
}

enum restoring { RESTORE_FILE, RESTORE_LEFT_OUT, RESTORE_FAILED };

static enum restoring restore_one(struct repo *repo, const git_tree *tree, const char *path,
				  struct arena *a, struct jail_file *file, struct err *e)
{
	HANDLE(git_tree_entry, repo_free_entry) entry = NULL;
	struct err why = ERR_INIT;
	git_filemode_t mode;
	int result;

	if (!path_check(str_of(path), &why))
		return RESTORE_LEFT_OUT;
	*file = (struct jail_file){ .path = path, .mode = 0644 };
	result = git_tree_entry_bypath(&entry, tree, path);
	if (result == GIT_ENOTFOUND)
		return RESTORE_FILE;
	if (result < 0)
		return library_fail(e, result, "%s", path), RESTORE_FAILED;
	mode = git_tree_entry_filemode(entry);
	if (mode != GIT_FILEMODE_BLOB && mode != GIT_FILEMODE_BLOB_EXECUTABLE)
		return RESTORE_LEFT_OUT;
	if (!repo_read_blob(repo->odb, git_tree_entry_id(entry), REPO_BLOB_MAX, a, &file->text, e))
		return fail_while(e, "%s", path), RESTORE_FAILED;
	file->exists = true;
	file->mode = mode == GIT_FILEMODE_BLOB ? 0644 : 0755;
	return repo_is_lfs_pointer(file->text) ? RESTORE_LEFT_OUT : RESTORE_FILE;
}

bool repo_restore(struct repo *repo, const char *commit, const struct repo_status *status,
		  struct arena *a, struct jail_file **out, size_t *count, struct err *e)
{
	HANDLE(git_commit, repo_free_commit) object = NULL;
	HANDLE(git_tree, repo_free_tree) tree = NULL;
	struct jail_file *files = arena_array(a, struct jail_file, status->changed_count);
	size_t kept = 0, total = 0;

	if (!repo_find_commit(repo, commit, &object, e) || !repo_find_tree(object, &tree, e))
		return false;
	for (size_t i = 0; i < status->changed_count; i++) {
		enum restoring result = restore_one(repo, tree, status->changed[i], a,
						    &files[kept], e);

		if (result == RESTORE_FAILED)
			return fail_while(e, "taking changed files as they were");
		if (result == RESTORE_LEFT_OUT)
			continue;
		total += files[kept++].text.size;
		if (total > RESTORE_TOTAL)
			return fail(e, ERR_INPUT, "the changed files had more than %d MiB",
				    RESTORE_TOTAL >> 20);
	}
	*out = files;
	*count = kept;
	return true;
}

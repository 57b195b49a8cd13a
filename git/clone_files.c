/*
 * Writes the files of a commit and the index that belongs to them. Folders are made and entered one
 * component at a time without following a link, files are made anew only, links come last. Applies
 * no filter and no line-end rule: the bytes are those of the blob.
 */
#include "git/clone_private.h"

#include "git/path.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Files not younger than the index are read again by every status: so they are made a little old. */
enum { AGE_S = 60 };

struct checkout {
	struct repo *mirror;
	const struct repo_tree *list;
	git_index_entry *entries;	/* path NULL: left out */
	int root, folder;		/* folder: of folder_path, -1 none yet */
	struct str folder_path;
	uint64_t left;			/* bytes that may still be written */
	struct timespec time;
	bool masked;			/* modes have to be set after the making */
	struct err *e;
};

enum outcome { WRITTEN, LEFT_OUT, FAILED };

static enum outcome trouble(const struct checkout *c, const char *path)
{
	/* Another entry is in the way, or the name is too long for this file system. */
	if (errno == EEXIST || errno == ENOTDIR || errno == ELOOP || errno == ENAMETOOLONG)
		return LEFT_OUT;
	fail(c->e, err_kind_of_errno(errno), "writing %s: %s", path, strerror(errno));
	return FAILED;
}

/* Opens a folder in a folder, made when it is not there; whatever the umask, others may read it. */
static int enter(int at, const char *name)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	int folder = openat(at, name, flags);

	if (folder >= 0 || errno != ENOENT || mkdirat(at, name, 0755))
		return folder;
	folder = openat(at, name, flags);
	if (folder >= 0 && fchmod(folder, 0755)) {
		close(folder);
		return -1;
	}
	return folder;
}

static int enter_all(int root, struct str path)
{
	int at = fcntl(root, F_DUPFD_CLOEXEC, 0);
	char name[NAME_MAX + 1];
	struct str one;

	while (at >= 0 && str_next(&path, '/', &one)) {
		int above = at, number;

		/* path_check allows no more, so this cuts nothing. */
		memcpy(name, one.at, one.size < NAME_MAX ? one.size : NAME_MAX);
		name[one.size < NAME_MAX ? one.size : NAME_MAX] = '\0';
		at = enter(above, name);
		number = errno;
		close(above);
		errno = number;
	}
	return at;
}

/* The list is sorted, so the folder is mostly the one of the entry before. */
static bool open_folder(struct checkout *c, const char *path)
{
	struct str folder = path_folder(str_of(path));

	if (c->folder >= 0 && str_equal(folder, c->folder_path))
		return true;
	if (c->folder >= 0)
		close(c->folder);
	c->folder = enter_all(c->root, folder);
	c->folder_path = folder;
	return c->folder >= 0;
}

static bool write_all(int file, struct str bytes)
{
	while (bytes.size) {
		ssize_t written = write(file, bytes.at, bytes.size);

		if (written >= 0)
			bytes = str_from(bytes, (size_t)written);
		else if (errno != EINTR)
			return false;
	}
	return true;
}

/* As git fills them: the low bits are enough to see a change. */
static void note(struct checkout *c, size_t i, const struct stat *info)
{
	git_index_entry *entry = &c->entries[i];

	*entry = (git_index_entry){
		.ctime = { (int32_t)info->st_ctim.tv_sec, (uint32_t)info->st_ctim.tv_nsec },
		.mtime = { (int32_t)info->st_mtim.tv_sec, (uint32_t)info->st_mtim.tv_nsec },
		.dev = (uint32_t)info->st_rdev, .ino = (uint32_t)info->st_ino,
		.mode = c->list->view.entries[i].mode,
		.uid = info->st_uid, .gid = info->st_gid, .file_size = (uint32_t)info->st_size,
		.id = *repo_tree_id(c->list, i), .path = c->list->view.entries[i].path,
	};
}

static enum outcome write_file(struct checkout *c, size_t i, struct str bytes)
{
	const struct entry *entry = &c->list->view.entries[i];
	const struct timespec times[] = { c->time, c->time };
	const mode_t mode = entry->mode == ENTRY_PROGRAM ? 0755 : 0644;
	CLONE_DESCRIPTOR file = openat(c->folder, path_name(str_of(entry->path)).at,
		O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
	struct stat info;

	if (file < 0 || !write_all(file, bytes) || (c->masked && fchmod(file, mode)) ||
	    futimens(file, times) || fstat(file, &info))
		return trouble(c, entry->path);
	/* A umask took something away: from now on modes are set at once. */
	if (!c->masked && (info.st_mode & 0777) != mode) {
		c->masked = true;
		if (fchmod(file, mode) || fstat(file, &info))
			return trouble(c, entry->path);
	}
	note(c, i, &info);
	return WRITTEN;
}

static enum outcome write_link(struct checkout *c, size_t i, struct str bytes)
{
	const char *path = c->list->view.entries[i].path, *name = path_name(str_of(path)).at;
	const struct timespec times[] = { c->time, c->time };
	char target[PATH_MAX];
	struct stat info;

	if (!bytes.size || bytes.size >= sizeof(target) || memchr(bytes.at, '\0', bytes.size))
		return LEFT_OUT;
	memcpy(target, bytes.at, bytes.size);
	target[bytes.size] = '\0';
	if (symlinkat(target, c->folder, name) ||
	    utimensat(c->folder, name, times, AT_SYMLINK_NOFOLLOW) ||
	    fstatat(c->folder, name, &info, AT_SYMLINK_NOFOLLOW))
		return trouble(c, path);
	note(c, i, &info);
	return WRITTEN;
}

/* What git leaves of a submodule that nobody asked for: an empty folder. */
static enum outcome write_module(struct checkout *c, size_t i)
{
	const char *path = c->list->view.entries[i].path;
	const struct stat none = {0};

	if (mkdirat(c->folder, path_name(str_of(path)).at, 0755))
		return trouble(c, path);
	note(c, i, &none);
	return WRITTEN;
}

/* The size is asked first: a blob may be larger than the memory, and small in the pack. */
static enum outcome write_blob(struct checkout *c, size_t i)
{
	const struct entry *entry = &c->list->view.entries[i];
	const git_oid *id = repo_tree_id(c->list, i);
	git_odb_object *object = NULL;
	git_object_t type = GIT_OBJECT_INVALID;
	enum outcome outcome;
	size_t size = 0;
	int result = git_odb_read_header(&size, &type, c->mirror->odb, id);

	if (result >= 0 && (type != GIT_OBJECT_BLOB || size > CLONE_FILE_MAX || size > c->left))
		return fail(c->e, ERR_INPUT, type != GIT_OBJECT_BLOB ? "%s is no file" :
			    "%s: the files are too large", entry->path), FAILED;
	if (result >= 0)
		result = git_odb_read(&object, c->mirror->odb, id);
	if (result < 0)
		return library_fail(c->e, result, "reading %s", entry->path), FAILED;
	c->left -= size;
	outcome = (entry->mode == ENTRY_LINK ? write_link : write_file)
		(c, i, (struct str){ git_odb_object_data(object), git_odb_object_size(object) });
	git_odb_object_free(object);
	return outcome;
}

static bool write_entries(struct checkout *c, bool links)
{
	for (size_t i = 0; i < c->list->view.count; i++) {
		const struct entry *entry = &c->list->view.entries[i];
		enum outcome outcome;

		if (links != (entry->mode == ENTRY_LINK))
			continue;
		if (!open_folder(c, entry->path))
			outcome = trouble(c, entry->path);
		else
			outcome = entry->mode == ENTRY_MODULE ? write_module(c, i) : write_blob(c, i);
		if (outcome == FAILED)
			return false;
	}
	return true;
}

static bool write_index(const struct checkout *c, const char *path)
{
	git_index *index = NULL;
	int result = git_index_open(&index, path);

	for (size_t i = 0; result >= 0 && i < c->list->view.count; i++)
		if (c->entries[i].path)
			result = git_index_add(index, &c->entries[i]);
	if (result >= 0)
		result = git_index_write(index);
	git_index_free(index);
	return result >= 0 || library_fail(c->e, result, "writing the index");
}

bool clone_files(struct repo *mirror, const struct repo_tree *list, const char *folder,
		 const char *index_path, struct err *e)
{
	ARENA scratch = {0};
	CLONE_DESCRIPTOR root = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct checkout c = {
		.mirror = mirror, .list = list, .root = root, .folder = -1, .e = e,
		.entries = arena_array(&scratch, git_index_entry, list->view.count),
		.left = CLONE_BYTES_MAX, .time = { .tv_sec = time(NULL) - AGE_S },
	};
	bool good;

	if (root < 0)
		return fail(e, err_kind_of_errno(errno), "opening %s: %s", folder, strerror(errno));
	good = write_entries(&c, false) && write_entries(&c, true);
	if (c.folder >= 0)
		close(c.folder);
	return good && write_index(&c, index_path);
}

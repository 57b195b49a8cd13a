/*
 * Removes a tree that hostile code may have made: links are unlinked, not followed; folders without
 * permission are opened up; folders deeper than our descriptors reach are moved up first. Does not
 * cross into another file system.
 */
#include "bot/base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DEPTH_MOST = 64 };

struct removal {
	dev_t device;
	int top;		/* where too deep folders are moved to */
	unsigned moved;
};

static bool remove_entries(struct removal *removal, int folder, unsigned depth);

/* A new name each, also beside what a tree that copies our names holds. */
static bool move_up(struct removal *removal, int folder, const char *name)
{
	char to[32];

	do
		snprintf(to, sizeof(to), ".aegis-deep-%u", removal->moved++);
	while (renameat2(folder, name, removal->top, to, RENAME_NOREPLACE) && errno == EEXIST);
	return !faccessat(removal->top, to, F_OK, AT_SYMLINK_NOFOLLOW);
}

static int open_folder(int folder, const char *name)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	int opened = openat(folder, name, flags);

	if (opened < 0 && errno == EACCES) {
		struct stat info;

		/* fchmodat follows links: look first; a lost race changes no more than a mode. */
		if (!fstatat(folder, name, &info, AT_SYMLINK_NOFOLLOW) && S_ISDIR(info.st_mode) &&
		    !fchmodat(folder, name, 0700, 0))
			opened = openat(folder, name, flags);
	}
	return opened;
}

static bool remove_folder(struct removal *removal, int folder, const char *name, unsigned depth)
{
	struct stat info;
	int opened;
	bool emptied;

	if (depth >= DEPTH_MOST)
		return move_up(removal, folder, name);
	opened = open_folder(folder, name);
	if (opened < 0)
		return false;
	if (fstat(opened, &info) || info.st_dev != removal->device) {
		close(opened);
		errno = EXDEV;
		return false;
	}
	emptied = remove_entries(removal, opened, depth + 1);
	return emptied && (!unlinkat(folder, name, AT_REMOVEDIR) || errno == ENOENT);
}

static bool remove_entry(struct removal *removal, int folder, const char *name, unsigned depth)
{
	if (!unlinkat(folder, name, 0) || errno == ENOENT)
		return true;
	/* Linux says EISDIR for a folder, POSIX EPERM, and EACCES when the folder is read-only. */
	if (errno != EISDIR && errno != EPERM)
		return false;
	return remove_folder(removal, folder, name, depth);
}

/* Empties the folder and closes its descriptor. */
static bool remove_entries(struct removal *removal, int folder, unsigned depth)
{
	struct dirent *entry;
	struct stat info;
	bool done = true;
	int number = 0;
	DIR *list;

	if (!fstat(folder, &info) && (info.st_mode & 0700) != 0700)
		(void)fchmod(folder, 0700);
	list = fdopendir(folder);
	if (!list) {
		number = errno;
		close(folder);
		errno = number;
		return false;
	}
	while ((entry = readdir(list))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		if (!remove_entry(removal, folder, entry->d_name, depth)) {
			number = errno;
			done = false;
		}
	}
	closedir(list);
	errno = number;
	return done;
}

static bool remove_top(struct removal *removal, const char *path)
{
	unsigned moved;

	removal->top = open_folder(AT_FDCWD, path);
	if (removal->top < 0)
		return false;
	/* Folders that were moved up may come after the place where readdir stands. */
	do {
		int again = openat(removal->top, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

		moved = removal->moved;
		if (again < 0 || !remove_entries(removal, again, 0)) {
			int number = errno;

			close(removal->top);
			errno = number;
			return false;
		}
	} while (removal->moved != moved);
	close(removal->top);
	return !rmdir(path);
}

bool file_remove_tree(const char *path, struct err *e)
{
	struct removal removal = { .top = -1 };
	struct stat info;
	bool done;

	if (lstat(path, &info)) {
		if (errno == ENOENT)
			return true;
		return fail(e, err_kind_of_errno(errno), "removing %s: %s", path, strerror(errno));
	}
	removal.device = info.st_dev;
	done = S_ISDIR(info.st_mode) ? remove_top(&removal, path) : !unlink(path);
	if (!done)
		return fail(e, err_kind_of_errno(errno), "removing %s: %s", path, strerror(errno));
	return true;
}

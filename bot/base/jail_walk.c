/*
 * Walks trees that hostile code may have made: by descriptors, never through a symlink, with bounds
 * on depth and path length, and in constant memory. Empties a folder the same way. Order is that of
 * the file system.
 */
#include "bot/base/jail_parts.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

struct walk {
	bool (*visit)(void *context, const struct jail_entry *entry);
	void *context;
	bool whole;
	char path[JAIL_PATH_MAX];
};

static bool is_dots(const char *name)
{
	return name[0] == '.' && (!name[1] || (name[1] == '.' && !name[2]));
}

static int open_folder(int at, const char *name)
{
	return openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
}

int jail_open_beneath(int folder, const char *path, int flags)
{
	struct str rest = str_of(path), piece;
	int at = dup(folder), next;
	char name[NAME_MAX + 1];

	while (at >= 0 && str_next(&rest, '/', &piece)) {
		if (!piece.size || piece.size > NAME_MAX || str_is(piece, "..")) {
			close(at);
			return -1;
		}
		memcpy(name, piece.at, piece.size);
		name[piece.size] = '\0';
		next = rest.size ? open_folder(at, name) :
		       openat(at, name, flags | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
		close(at);
		at = next;
	}
	return at;
}

static void walk_folder(struct walk *w, int fd, size_t length, unsigned depth)
{
	struct jail_entry entry = { .path = w->path };
	DIR *list = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *item;

	if (!list) {
		w->whole = false;
		if (fd >= 0)
			close(fd);
		return;
	}
	entry.folder = dirfd(list);
	while ((item = readdir(list))) {
		size_t size = strlen(item->d_name);

		if (is_dots(item->d_name))
			continue;
		if (length + size + 2 > sizeof(w->path)) {
			w->whole = false;
			continue;
		}
		memcpy(w->path + length, item->d_name, size + 1);
		entry.name = w->path + length;
		if (fstatat(entry.folder, entry.name, &entry.status, AT_SYMLINK_NOFOLLOW))
			continue;
		if (!w->visit(w->context, &entry) || !S_ISDIR(entry.status.st_mode))
			continue;
		if (depth >= JAIL_DEPTH_MAX) {
			w->whole = false;
			continue;
		}
		fd = open_folder(entry.folder, entry.name);
		w->path[length + size] = '/';
		w->path[length + size + 1] = '\0';
		walk_folder(w, fd, length + size + 1, depth + 1);
	}
	closedir(list);
}

bool jail_walk(int folder, const char *below,
	       bool (*visit)(void *context, const struct jail_entry *entry), void *context)
{
	struct walk w = { .visit = visit, .context = context, .whole = true };
	size_t length = below ? strlen(below) : 0;
	int fd;

	if (length + 2 > sizeof(w.path))
		return false;
	fd = length ? jail_open_beneath(folder, below, O_RDONLY | O_DIRECTORY) :
	     open_folder(folder, ".");
	if (length) {
		memcpy(w.path, below, length);
		w.path[length++] = '/';
	}
	walk_folder(&w, fd, length, 0);
	return w.whole;
}

/* Deeper than this is left lying: it takes a program that wants to be a nuisance. */
enum { EMPTY_DEPTH_MAX = 400 };

static void empty(int fd, unsigned depth)
{
	DIR *list = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *item;

	if (!list) {
		if (fd >= 0)
			close(fd);
		return;
	}
	while ((item = readdir(list))) {
		int inner;

		if (is_dots(item->d_name) || !unlinkat(dirfd(list), item->d_name, 0))
			continue;
		inner = open_folder(dirfd(list), item->d_name);
		if (inner < 0 && errno == EACCES &&
		    !fchmodat(dirfd(list), item->d_name, 0700, 0))
			inner = open_folder(dirfd(list), item->d_name);
		if (inner < 0)
			continue;
		fchmod(inner, 0700);
		if (depth < EMPTY_DEPTH_MAX)
			empty(inner, depth + 1);
		else
			close(inner);
		unlinkat(dirfd(list), item->d_name, AT_REMOVEDIR);
	}
	closedir(list);
}

void jail_empty(int folder)
{
	empty(open_folder(folder, "."), 0);
}

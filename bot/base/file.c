/*
 * Reads and writes whole files. Leaves out streams, locks and paths inside repositories, which have
 * rules of their own.
 */
#include "bot/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static bool fail_errno(struct err *e, const char *what, const char *path, int number)
{
	return fail(e, err_kind_of_errno(number), "%s %s: %s", what, path, strerror(number));
}

static void descriptor_close(const int *descriptor)
{
	if (*descriptor >= 0)
		close(*descriptor);
}
#define DESCRIPTOR __attribute__((cleanup(descriptor_close))) int

/* One byte more than there is room for is asked for: the file may grow while it is read. */
static bool read_all(int descriptor, const char *path, size_t size_most, size_t room,
		     struct arena *a, struct str *text, struct err *e)
{
	char *to = arena_alloc(a, room + 2), *moved;
	size_t size = 0;

	for (;;) {
		ssize_t got = read(descriptor, to + size, room + 1 - size);

		if (got == 0)
			break;
		if (got > 0)
			size += (size_t)got;
		else if (errno != EINTR)
			return fail_errno(e, "reading", path, errno);
		if (size <= room)
			continue;
		if (room >= size_most)
			return fail(e, ERR_INPUT, "reading %s: larger than %zu bytes", path,
				    size_most);
		room = room < size_most / 2 ? room * 2 + 1 : size_most;
		moved = arena_alloc(a, room + 2);
		memcpy(moved, to, size);
		to = moved;
	}
	to[size] = '\0';
	*text = (struct str){ to, size };
	return true;
}

bool file_read(const char *path, size_t size_most, enum file_links links, struct arena *a,
	       struct str *text, struct err *e)
{
	/* O_NONBLOCK: opening a FIFO that nobody writes would wait for ever. */
	int flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY |
		    (links == FILE_NO_FOLLOW ? O_NOFOLLOW : 0);
	DESCRIPTOR descriptor = open(path, flags);
	struct stat info;
	size_t room;

	if (descriptor < 0) {
		if (errno == ELOOP || errno == ENXIO)
			return fail(e, ERR_INPUT, "reading %s: not a regular file", path);
		return fail_errno(e, "reading", path, errno);
	}
	if (fstat(descriptor, &info))
		return fail_errno(e, "reading", path, errno);
	if (!S_ISREG(info.st_mode))
		return fail(e, ERR_INPUT, "reading %s: not a regular file", path);
	if (info.st_size > 0 && (size_t)info.st_size > size_most)
		return fail(e, ERR_INPUT, "reading %s: larger than %zu bytes", path, size_most);
	/* Files of /proc say 0 and hold more. */
	room = info.st_size > 0 ? (size_t)info.st_size : size_most < 65536 ? size_most : 65536;
	return read_all(descriptor, path, size_most, room, a, text, e);
}

static bool write_all(int descriptor, struct str text)
{
	while (text.size) {
		ssize_t put = write(descriptor, text.at, text.size);

		if (put >= 0)
			text = str_from(text, (size_t)put);
		else if (errno != EINTR)
			return false;
	}
	return true;
}

static bool sync_folder_of(const char *path, struct arena *a)
{
	struct str folder = STR_NONE;
	const char *name;

	if (!str_split_last(str_of(path), "/", &folder, NULL))
		name = ".";
	else
		name = folder.size ? str_text(a, folder) : "/";
	DESCRIPTOR descriptor = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return descriptor >= 0 && !fsync(descriptor);
}

bool file_write(const char *path, struct str text, unsigned mode, struct err *e)
{
	ARENA scratch = {0};
	struct str folder = STR_NONE, name = str_of(path);
	bool in_folder = str_split_last(str_of(path), "/", &folder, &name);
	char *temporary = arena_printf(&scratch, "%.*s%s.%.*s.XXXXXX", STR_ARG(folder),
				       in_folder ? "/" : "", STR_ARG(name));
	DESCRIPTOR descriptor = mkostemp(temporary, O_CLOEXEC);
	int number;

	if (descriptor < 0)
		return fail_errno(e, "writing", path, errno);
	if (write_all(descriptor, text) && !fchmod(descriptor, mode) && !fsync(descriptor) &&
	    !rename(temporary, path) && sync_folder_of(path, &scratch))
		return true;
	number = errno;
	unlink(temporary);
	return fail_errno(e, "writing", path, number);
}

static bool exists_as(const char *path, mode_t type)
{
	struct stat info;

	return !stat(path, &info) && (info.st_mode & S_IFMT) == type;
}

bool file_exists(const char *path)
{
	return exists_as(path, S_IFREG);
}

bool file_folder_exists(const char *path)
{
	return exists_as(path, S_IFDIR);
}

bool file_temporary(struct file_temporary *folder, struct err *e)
{
	const char *base = getenv("TMPDIR");
	struct file_temporary made;
	int size;

	if (!base || base[0] != '/')
		base = "/tmp";
	size = snprintf(made.path, sizeof(made.path), "%s/aegis-XXXXXX", base);
	if (size < 0 || (size_t)size >= sizeof(made.path))
		return fail(e, ERR_BUG, "TMPDIR is too long");
	if (!mkdtemp(made.path))
		return fail_errno(e, "making a folder in", base, errno);
	*folder = made;
	return true;
}

void file_temporary_remove(struct file_temporary *folder)
{
	struct err e = ERR_INIT;

	/* What cannot be removed stays; there is nobody here to tell. */
	if (folder && folder->path[0])
		(void)file_remove_tree(folder->path, &e);
}

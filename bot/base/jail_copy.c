/*
 * A real copy of a folder, where an overlay cannot be had: folders, regular files with their mode
 * and time (make looks at it) and holes, symlinks as symlinks. Leaves out sockets, pipes, devices,
 * owners, extended attributes, what is nested too deep, and files that we may not read: the command
 * could not either.
 */
#include "bot/base/jail_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/sendfile.h>
#include <unistd.h>

struct copy {
	int to;
	uint64_t left;
	bool failed;
	struct err *e;
};

static bool copy_failed(struct copy *c, const char *path)
{
	int number = errno;

	c->failed = true;
	if (number == ENOSPC || number == EFBIG || number == EDQUOT)
		return fail(c->e, ERR_INPUT, "the folder is larger than the sandbox's disk limit");
	return fail(c->e, ERR_BUG, "copying %.200s: %s", path, strerror(number));
}

/* One stretch of data; the file may shrink under us. */
static bool copy_stretch(int from, int to, off_t start, off_t end)
{
	if (lseek(to, start, SEEK_SET) < 0)
		return false;
	while (start < end) {
		ssize_t n = sendfile(to, from, &start, (size_t)(end - start));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		if (n == 0)
			break;
	}
	return true;
}

static bool copy_bytes(struct copy *c, int from, int to, off_t size)
{
	off_t at = 0, start, end;

	while (at < size) {
		start = lseek(from, at, SEEK_DATA);
		if (start < 0 && errno == ENXIO)
			break;
		/* Odd file systems do not know of holes: then all is data. */
		end = start < 0 ? size : lseek(from, start, SEEK_HOLE);
		if (start < 0)
			start = at;
		if (end < 0 || end > size)
			end = size;
		if (end <= start)
			break;
		if ((uint64_t)(end - start) > c->left) {
			errno = ENOSPC;
			return false;
		}
		c->left -= (uint64_t)(end - start);
		if (!copy_stretch(from, to, start, end))
			return false;
		at = end;
	}
	/* Only for a hole at the end: some file systems write everything out at this call. */
	return at == size || !ftruncate(to, size);
}

static bool copy_file(struct copy *c, const struct jail_entry *entry)
{
	const struct timespec times[2] = { entry->status.st_atim, entry->status.st_mtim };
	int from = openat(entry->folder, entry->name,
			  O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	int to;
	bool good;

	if (from < 0)
		return true;
	to = openat(c->to, entry->path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	good = to >= 0 && copy_bytes(c, from, to, entry->status.st_size) &&
	       !fchmod(to, entry->status.st_mode & 0777) && !futimens(to, times);
	if (!good)
		copy_failed(c, entry->path);
	close(from);
	if (to >= 0)
		close(to);
	return good;
}

static bool copy_link(struct copy *c, const struct jail_entry *entry)
{
	char target[PATH_MAX];
	ssize_t n = readlinkat(entry->folder, entry->name, target, sizeof(target) - 1);

	if (n < 0)
		return true;
	target[n] = '\0';
	return !symlinkat(target, c->to, entry->path) || copy_failed(c, entry->path);
}

static bool copy_entry(void *context, const struct jail_entry *entry)
{
	struct copy *c = context;

	if (c->failed)
		return false;
	if (S_ISREG(entry->status.st_mode))
		return copy_file(c, entry);
	if (S_ISLNK(entry->status.st_mode))
		return copy_link(c, entry);
	if (!S_ISDIR(entry->status.st_mode))
		return false;
	/* Writable for us whatever it was: what is in it must get in. */
	if (mkdirat(c->to, entry->path, (entry->status.st_mode & 0777) | 0700))
		return copy_failed(c, entry->path);
	return true;
}

bool jail_copy(int from, int to, uint64_t bytes_max, struct err *e)
{
	struct copy c = { .to = to, .left = bytes_max, .e = e };

	/* A folder that we may not read is like a file that we may not read: not there. */
	jail_walk(from, NULL, copy_entry, &c);
	return !c.failed;
}

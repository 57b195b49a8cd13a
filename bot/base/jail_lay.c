/*
 * Lays files over the work folder before the command starts. The folder comes from a repository and
 * may hold symlinks that lead out of it: each parent is opened by itself and must be a real folder.
 * Runs before any process of the job, so nothing changes under it.
 */
#include "bot/base/jail_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

static int open_at(int at, const char *name)
{
	return openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

static bool bad(struct err *e, const char *path, const char *why)
{
	return fail(e, ERR_INPUT, "cannot lay %.200s over the folder: %s", path, why);
}

/* Takes away what has this name, whatever it is: a file, a link (never followed), a whole folder. */
static bool take_away(int holder, const char *name)
{
	int folder;

	if (!unlinkat(holder, name, 0) || errno == ENOENT)
		return true;
	if (errno != EISDIR && errno != EPERM)
		return false;
	folder = open_at(holder, name);
	if (folder < 0)
		return false;
	jail_empty(folder);
	close(folder);
	return !unlinkat(holder, name, AT_REMOVEDIR);
}

/*
 * Opens the folder that holds the file, made if need be, and gives the file's name. *holder is -1
 * when it does not exist and `make` is false.
 */
static bool open_holder(int work, const char *path, bool make, int *holder, char name[NAME_MAX + 1],
			struct err *e)
{
	struct str rest = str_of(path), piece;
	int at = dup(work), next;

	while (at >= 0 && str_next(&rest, '/', &piece)) {
		if (!piece.size || piece.size > NAME_MAX || str_is(piece, ".") ||
		    str_is(piece, "..")) {
			close(at);
			return bad(e, path, "not a path inside it");
		}
		memcpy(name, piece.at, piece.size);
		name[piece.size] = '\0';
		if (!rest.size)
			break;
		next = open_at(at, name);
		/* What is no folder there is not of the commit: a link must not lead elsewhere. */
		if (next < 0 && (errno == ELOOP || errno == ENOTDIR) && (!make || take_away(at, name)))
			errno = ENOENT;
		if (next < 0 && errno == ENOENT && make && !mkdirat(at, name, 0755))
			next = open_at(at, name);
		if (next < 0 && (errno != ENOENT || make)) {
			close(at);
			return bad(e, path, strerror(errno));
		}
		close(at);
		at = next;
	}
	*holder = at;
	return true;
}

static bool write_file(int holder, const char *name, const struct jail_file *file)
{
	int fd = openat(holder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	size_t done = 0;
	bool good = fd >= 0;

	while (good && done < file->text.size) {
		ssize_t n = write(fd, file->text.at + done, file->text.size - done);

		if (n > 0)
			done += (size_t)n;
		else
			good = n < 0 && errno == EINTR;
	}
	good = good && !fchmod(fd, file->mode == 0755 ? 0755 : 0644);
	if (fd >= 0)
		close(fd);
	return good;
}

static bool lay_one(int work, const struct jail_file *file, struct err *e)
{
	char name[NAME_MAX + 1] = "";
	size_t size = file->path ? strlen(file->path) : 0;
	int holder = -1;
	bool good;

	if (!size || file->path[0] == '/' || (file->exists && file->path[size - 1] == '/'))
		return bad(e, file->path ? file->path : "", "not a path inside it");
	if (!open_holder(work, file->path, file->exists, &holder, name, e))
		return false;
	if (holder < 0)
		return true;
	good = take_away(holder, name) && (!file->exists || write_file(holder, name, file));
	if (!good)
		bad(e, file->path, strerror(errno));
	close(holder);
	return good;
}

bool jail_lay(int work, const struct jail_file *files, size_t count, struct err *e)
{
	for (size_t i = 0; i < count; i++)
		if (!lay_one(work, &files[i], e))
			return false;
	return true;
}

/*
 * The objects of a mirror in a clone, as hard links: git's own programs, which tests may call in
 * the sandbox, then find them without the mirror. Leaves out what a fetch has not finished.
 */
#include "git/clone_private.h"

#include "bot/base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void close_folder(DIR **folder)
{
	if (*folder)
		closedir(*folder);
}

/* Gone is fine (not finished, or swept away); there already is too. False: no links here. */
static bool join(int from, int to, const char *name)
{
	return !linkat(from, name, to, name, 0) || errno == ENOENT || errno == EEXIST;
}

/* The pack before its index: an index stands alone for a moment when a fetch ends. */
static bool join_pack(int from, int to, const char *index)
{
	ARENA scratch = {0};
	struct str name = str_of(index);
	const char *pack;

	if (!str_starts(name, "pack-") || !str_chop(&name, ".idx"))
		return true;
	pack = arena_printf(&scratch, "%.*s.pack", STR_ARG(name));
	if (linkat(from, pack, to, pack, 0))
		return errno == ENOENT;
	return join(from, to, index);
}

static bool is_hex(const char *name, size_t size)
{
	return strlen(name) == size && strspn(name, "0123456789abcdef") == size;
}

static bool join_loose(int from, int to, const char *name)
{
	return !is_hex(name, GIT_OID_HEXSZ - 2) || join(from, to, name);
}

static bool join_folder(int from_objects, int to_objects, const char *name,
			bool (*one)(int from, int to, const char *name))
{
	const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	__attribute__((cleanup(close_folder))) DIR *folder = NULL;
	CLONE_DESCRIPTOR to = -1;
	int from = openat(from_objects, name, flags);
	const struct dirent *entry;
	bool good = true;

	if (from < 0)
		return true;
	folder = fdopendir(from);
	if (!folder) {
		close(from);
		return false;
	}
	if (mkdirat(to_objects, name, 0755) && errno != EEXIST)
		return false;
	to = openat(to_objects, name, flags);
	while (good && to >= 0 && (entry = readdir(folder)))
		good = one(from, to, entry->d_name);
	return good && to >= 0;
}

static bool join_all(int from, int to)
{
	__attribute__((cleanup(close_folder))) DIR *folder = NULL;
	int again = openat(from, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	const struct dirent *entry;
	bool good = join_folder(from, to, "pack", join_pack);

	folder = again < 0 ? NULL : fdopendir(again);
	while (good && folder && (entry = readdir(folder)))
		if (is_hex(entry->d_name, 2))
			good = join_folder(from, to, entry->d_name, join_loose);
	return good && folder;
}

/* A line of its own for the path; what git would read in another way is not written. */
static bool write_alternate(const char *objects, const char *git_folder, struct err *e)
{
	ARENA scratch = {0};
	char real[PATH_MAX];

	if (!realpath(objects, real) || strchr(real, '\n'))
		return fail(e, ERR_INPUT, "%s cannot be named as a place of objects", objects);
	return file_write(arena_printf(&scratch, "%s/objects/info/alternates", git_folder),
			  str_of(arena_printf(&scratch, "%s\n", real)), 0644, e);
}

bool clone_objects(const char *mirror, const char *git_folder, struct err *e)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
	ARENA scratch = {0};
	const char *objects = arena_printf(&scratch, "%s/objects", mirror);
	CLONE_DESCRIPTOR from = open(objects, flags);
	CLONE_DESCRIPTOR to = open(arena_printf(&scratch, "%s/objects", git_folder), flags);

	if (from < 0 || to < 0)
		return fail(e, err_kind_of_errno(errno), "opening the objects of %s: %s", mirror,
			    strerror(errno));
	return join_all(from, to) || write_alternate(objects, git_folder, e);
}

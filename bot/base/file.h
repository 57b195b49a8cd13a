/*
 * Whole files and throw-away folders. Hostile names and trees are expected: no link is followed
 * where it matters, nothing blocks on a FIFO, nothing grows without bound.
 */
#ifndef BOT_BASE_FILE_H
#define BOT_BASE_FILE_H

#include "bot/base/arena.h"
#include "bot/base/err.h"
#include "bot/base/str.h"

#include <stddef.h>

enum file_links { FILE_FOLLOW, FILE_NO_FOLLOW };

/*
 * The whole regular file. ERR_GONE, ERR_DENIED; ERR_INPUT for anything but a regular file (with
 * FILE_NO_FOLLOW also a link in the last part of the path) and for more than size_most bytes.
 */
bool file_read(const char *path, size_t size_most, enum file_links links, struct arena *a,
	       struct str *text, struct err *e);

/*
 * All or nothing: a temporary file beside it, fsync, rename, fsync of the folder. A link in the
 * last part of the path is replaced, not followed. mode is of the new file, whatever the umask.
 */
bool file_write(const char *path, struct str text, unsigned mode, struct err *e);

/* Is it a regular file (a folder)? Links are followed. */
bool file_exists(const char *path);
bool file_folder_exists(const char *path);

/* Removes path and everything below it, however deep and whatever the modes; stays on one file
 * system and follows no link. True when nothing is left (also when nothing was there). */
bool file_remove_tree(const char *path, struct err *e);

/*
 * A private folder (0700) in $TMPDIR or /tmp that goes away with its variable.
 *	FILE_TEMPORARY folder = {""};
 *	if (!file_temporary(&folder, e))
 *		return false;
 */
struct file_temporary {
	char path[256];
};
bool file_temporary(struct file_temporary *folder, struct err *e);
void file_temporary_remove(struct file_temporary *folder);
#define FILE_TEMPORARY __attribute__((cleanup(file_temporary_remove))) struct file_temporary

#endif

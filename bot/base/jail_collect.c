/*
 * What the command left: changed files of the work folder and files of $AEGIS_OUT. Runs when
 * nobody is left to change them. Looks at regular files only; symlinks, devices and .git are
 * passed over. A file counts as changed when its bytes or its being a program differ from what was
 * there before, not when it was merely touched or written again.
 */
#include "bot/base/jail_parts.h"

#include <fcntl.h>
#include <fnmatch.h>
#include <sys/xattr.h>
#include <unistd.h>

struct collect {
	const struct jail_ground *ground;
	size_t count;
	uint64_t bytes;
	bool cut;
};

struct content {
	bool exists;
	unsigned mode;
	struct str text;
};

/* A regular file's content; a longer one than can be sent is not read and said to be `large`. */
static struct content read_content(struct arena *a, int folder, const char *path, bool *large)
{
	struct content content = {0};
	int fd = jail_open_beneath(folder, path, O_RDONLY);
	struct stat status;
	char *bytes;
	size_t size = 0;

	if (fd >= 0 && !fstat(fd, &status) && S_ISREG(status.st_mode)) {
		content.exists = true;
		content.mode = status.st_mode & 0100 ? 0755 : 0644;
		*large = status.st_size > JAIL_FILE_BYTES_MAX;
		bytes = arena_alloc(a, *large ? 1 : (size_t)status.st_size + 1);
		while (!*large && size < (size_t)status.st_size) {
			ssize_t n = read(fd, bytes + size, (size_t)status.st_size - size);

			if (n <= 0)
				break;
			size += (size_t)n;
		}
		content.text = (struct str){ bytes, size };
	}
	if (fd >= 0)
		close(fd);
	return content;
}

static bool room_for(struct collect *c, size_t size)
{
	if (c->count >= JAIL_FILES_MAX || size > JAIL_FILE_BYTES_MAX ||
	    c->bytes + size > JAIL_ALL_BYTES_MAX) {
		c->cut = true;
		return false;
	}
	c->count++;
	c->bytes += size;
	return true;
}

static bool is_git(const char *path)
{
	struct str rest = str_of(path), piece;

	while (str_next(&rest, '/', &piece))
		if (str_is(piece, ".git"))
			return true;
	return false;
}

/* What was laid over last at this path, or NULL. */
static const struct jail_file *laid_at(const struct collect *c, const char *path)
{
	const struct jail_job *job = c->ground->plan->job;

	for (size_t i = job->file_count; i-- > 0;)
		if (!strcmp(job->files[i].path, path))
			return &job->files[i];
	return NULL;
}

/* Sends the file if it is not what it was before the command. */
static void consider(struct collect *c, const char *path)
{
	const struct jail_file *laid = laid_at(c, path);
	struct content before = {0}, after;
	bool large = false, large_before = false, same;
	ARENA a = {0};

	if (is_git(path) || (c->cut && c->count >= JAIL_FILES_MAX))
		return;
	after = read_content(&a, c->ground->work, path, &large);
	if (laid)
		before = (struct content){ laid->exists, laid->mode == 0755 ? 0755 : 0644,
					   laid->text };
	else
		before = read_content(&a, c->ground->folder, path, &large_before);
	if (!after.exists && !before.exists)
		return;
	if (large) {
		c->cut = true;
		return;
	}
	same = after.exists == before.exists && after.mode == before.mode && !large_before &&
	       str_equal(after.text, before.text);
	if (!same && room_for(c, after.text.size))
		jail_frame_send(c->ground->plan->control, JAIL_FRAME_CHANGE,
				after.exists ? after.mode : 0, path, after.text.at,
				after.text.size);
}

static bool is_kind(int folder, const char *path, mode_t kind)
{
	int fd = jail_open_beneath(folder, path, O_PATH);
	struct stat status;
	bool yes = fd >= 0 && !fstat(fd, &status) && (status.st_mode & S_IFMT) == kind;

	if (fd >= 0)
		close(fd);
	return yes;
}

/* A regular file of the real folder that is one no longer. */
static bool consider_gone(void *context, const struct jail_entry *entry)
{
	struct collect *c = context;

	if (S_ISDIR(entry->status.st_mode))
		return strcmp(entry->name, ".git") != 0;
	if (S_ISREG(entry->status.st_mode) && !is_kind(c->ground->work, entry->path, S_IFREG))
		consider(c, entry->path);
	return false;
}

/* If the real folder has a folder here: what was in it and is there no longer. */
static bool consider_folder(struct collect *c, const char *path)
{
	if (!is_kind(c->ground->folder, path, S_IFDIR))
		return false;
	c->cut |= !jail_walk(c->ground->folder, path, consider_gone, c);
	return true;
}

/* What was laid over, was not in the real folder, and is gone leaves no trace to be found. */
static void consider_laid(struct collect *c)
{
	const struct jail_job *job = c->ground->plan->job;

	for (size_t i = 0; i < job->file_count; i++) {
		const char *path = job->files[i].path;

		if (job->files[i].exists && laid_at(c, path) == &job->files[i] &&
		    !is_kind(c->ground->folder, path, S_IFREG) &&
		    !is_kind(c->ground->work, path, S_IFREG))
			consider(c, path);
	}
}

static bool is_opaque(const struct jail_entry *entry)
{
	char value[2];
	int fd = openat(entry->folder, entry->name,
			O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	bool opaque = fd >= 0 && fgetxattr(fd, "user.overlay.opaque", value, 2) == 1 &&
		      value[0] == 'y';

	if (fd >= 0)
		close(fd);
	return opaque;
}

/* The upper folder of the overlay holds what was touched, and a device 0:0 for what is gone. */
static bool visit_upper(void *context, const struct jail_entry *entry)
{
	struct collect *c = context;

	if (!strcmp(entry->name, ".git"))
		return false;
	if (S_ISDIR(entry->status.st_mode)) {
		if (is_opaque(entry) && !consider_folder(c, entry->path))
			consider(c, entry->path);
		return true;
	}
	if (!consider_folder(c, entry->path) || S_ISREG(entry->status.st_mode))
		consider(c, entry->path);
	return false;
}

static bool older(struct timespec a, struct timespec b)
{
	return a.tv_sec < b.tv_sec || (a.tv_sec == b.tv_sec && a.tv_nsec < b.tv_nsec);
}

/* In a copy the time of change tells; unlike the time of writing it cannot be set. */
static bool visit_copy(void *context, const struct jail_entry *entry)
{
	struct collect *c = context;

	if (!strcmp(entry->name, ".git"))
		return false;
	if (S_ISREG(entry->status.st_mode) && !older(entry->status.st_ctim, c->ground->laid_at))
		consider(c, entry->path);
	return true;
}

static bool wanted(const char *const *want, const char *path)
{
	for (; want && *want; want++) {
		bool deep = strstr(*want, "**") != NULL;

		if (!fnmatch(*want, path, deep ? 0 : FNM_PATHNAME) ||
		    (!strncmp(*want, "**/", 3) && !fnmatch(*want + 3, path, 0)))
			return true;
	}
	return false;
}

static bool visit_output(void *context, const struct jail_entry *entry)
{
	struct collect *c = context;
	bool large = false;
	struct content content;
	ARENA a = {0};

	if (S_ISREG(entry->status.st_mode) && wanted(c->ground->plan->job->want, entry->path)) {
		content = read_content(&a, c->ground->out, entry->path, &large);
		if (content.exists && !large && room_for(c, content.text.size))
			jail_frame_send(c->ground->plan->control, JAIL_FRAME_OUTPUT, content.mode,
					entry->path, content.text.at, content.text.size);
	}
	return true;
}

bool jail_collect(const struct jail_ground *ground)
{
	struct collect changes = { .ground = ground }, outputs = { .ground = ground };

	if (ground->plan->job->want_changes && ground->overlay) {
		changes.cut |= !jail_walk(ground->upper, NULL, visit_upper, &changes);
	} else if (ground->plan->job->want_changes) {
		changes.cut |= !jail_walk(ground->work, NULL, visit_copy, &changes);
		changes.cut |= !jail_walk(ground->folder, NULL, consider_gone, &changes);
	}
	if (ground->plan->job->want_changes)
		consider_laid(&changes);
	if (ground->plan->job->want)
		jail_walk(ground->out, NULL, visit_output, &outputs);
	return changes.cut;
}

/*
 * The ground a job runs on: a tmpfs with a size (or a folder on disk when plain) that holds the
 * work folder, HOME, TMPDIR, shared memory and $AEGIS_OUT. The work folder is an overlay over the
 * real one, or a copy of it. Mounts are seen by the keeper alone and go away with it.
 */
#include "bot/base/jail_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/xattr.h>
#include <unistd.h>

/*
 * Each file costs kernel memory that the size of a tmpfs does not count; this many are 400 MB at
 * worst.
 */
#define INODES "400000"

/*
 * The tmpfs goes over a folder that every Linux has and that nothing here reads: no name to make on
 * the host, so none to leave behind when everything is killed.
 */
static const char mount_point[] = "/sys";

static bool refused(struct err *e, const char *what)
{
	return fail(e, ERR_DENIED, "no sandbox: %s: %s; %s", what, strerror(errno), JAIL_MEND);
}

static bool mount_root(const struct jail_plan *plan, struct arena *a, struct err *e)
{
	const char *options = arena_printf(a, "mode=0755,nr_inodes=" INODES ",size=%llu",
					   (unsigned long long)plan->limits.disk_bytes);

	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		return refused(e, "making mounts private");
	if (mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL))
		return refused(e, "mounting /proc");
	if (mount("tmpfs", mount_point, "tmpfs", MS_NOSUID | MS_NODEV, options))
		return refused(e, "mounting a tmpfs");
	return true;
}

static bool make_folders(const char *root, struct err *e)
{
	static const char *const names[] = { "work", "home", "tmp", "shm", "out", "etc", "lower",
					     "upper", "overlay", "binds" };

	if (chdir(root))
		return fail(e, ERR_BUG, "%s: %s", root, strerror(errno));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (mkdir(names[i], 0755))
			return fail(e, ERR_BUG, "making %s/%s: %s", root, names[i],
				    strerror(errno));
	if (chmod("tmp", 01777) || chmod("shm", 01777) || chmod("home", 0700))
		return fail(e, ERR_BUG, "%s: %s", root, strerror(errno));
	return true;
}

/*
 * An overlay of four folders beside each other, named relative to the working folder: the options
 * of mount are split at ',' and ':', which a real path may hold. Before Linux 6.6 a tmpfs had no
 * user attributes; an overlay could be mounted on it but not mark a folder as replaced.
 */
static bool mount_overlay(const char *where)
{
	if (chdir(where) || setxattr("upper", "user.aegis", "", 0, 0))
		return false;
	removexattr("upper", "user.aegis");
	return !mount("overlay", "work", "overlay", MS_NOSUID | MS_NODEV,
		      "lowerdir=lower,upperdir=upper,workdir=overlay,userxattr");
}

/*
 * An overlay copies a file up with its owner, and only we are known in our namespace: a folder of
 * somebody else's has to be copied, or its files could not be changed inside.
 */
static bool overlay_folder(struct jail_ground *ground)
{
	const struct jail_plan *plan = ground->plan;
	struct stat status;

	if (plan->temporary || plan->switches.copy || fstat(ground->folder, &status) ||
	    status.st_uid != geteuid())
		return false;
	return !chmod("upper", status.st_mode & 0777) &&
	       !mount(plan->folder, "lower", NULL, MS_BIND | MS_REC, NULL) && mount_overlay(".");
}

static bool open_all(struct jail_ground *ground, struct err *e)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;

	ground->work = open("work", flags);
	ground->out = open("out", flags);
	ground->upper = ground->overlay ? open("upper", flags) : -1;
	if (ground->work < 0 || ground->out < 0 || (ground->overlay && ground->upper < 0))
		return fail(e, ERR_BUG, "%s: %s", ground->root, strerror(errno));
	return true;
}

/*
 * Paths that the sandbox has for itself; a folder there is seen as /work. So is one whose name would
 * break the lines in which tools print it.
 */
static const char *inside_path(const struct jail_plan *plan)
{
	static const char *const whole[] = { "/usr", "/etc", "/proc", "/dev", "/sys", "/bin",
					     "/sbin", "/lib", "/lib32", "/lib64", "/libx32",
					     "/boot", "/aegis-out" };
	static const char *const alone[] = { "/tmp", "/var", "/var/tmp", "/run", "/home", "/nix",
					     "/opt" };
	struct str path = str_of(plan->folder);

	for (size_t i = 0; i < path.size; i++)
		if ((unsigned char)path.at[i] < ' ' || path.at[i] == 0x7f)
			return "/work";
	for (size_t i = 0; i < sizeof(whole) / sizeof(whole[0]); i++) {
		struct str rest = path;

		if (str_skip(&rest, whole[i]) && (!rest.size || rest.at[0] == '/'))
			return "/work";
	}
	for (size_t i = 0; i < sizeof(alone) / sizeof(alone[0]); i++)
		if (str_is(path, alone[i]))
			return "/work";
	return plan->folder;
}

bool jail_ground_make(const struct jail_plan *plan, struct arena *a, struct jail_ground *ground,
		      struct err *e)
{
	struct jail_ground made = { .plan = plan, .arena = a, .upper = -1, .root = mount_point };

	umask(022);
	/* Before the mounts: the folder may be below what is mounted over. */
	made.folder = open(plan->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (made.folder < 0)
		return fail(e, ERR_INPUT, "%.200s: %s", plan->folder, strerror(errno));
	if (plan->temporary)
		made.root = plan->temporary;
	else if (!mount_root(plan, a, e))
		return false;
	if (!make_folders(made.root, e))
		return false;
	made.overlay = overlay_folder(&made);
	if (!open_all(&made, e))
		return false;
	if (!made.overlay &&
	    !jail_copy(made.folder, made.work, plan->limits.disk_bytes, e))
		return false;
	if (!jail_lay(made.work, plan->job->files, plan->job->file_count, e))
		return false;
	clock_gettime(CLOCK_REALTIME_COARSE, &made.laid_at);
	made.inside = plan->bwrap ? inside_path(plan) : arena_printf(a, "%s/work", made.root);
	*ground = made;
	return true;
}

static int by_place(const void *one, const void *other)
{
	const struct jail_mount *a = one, *b = other;

	return strcmp(a->to, b->to);
}

/* Where a throwaway copy of the bind is, or the bind itself when an overlay does not work. */
static const char *throwaway(const struct jail_ground *ground, const char *path, size_t number,
			     bool *writable)
{
	static const char *const names[] = { "lower", "upper", "overlay", "work" };
	const char *place = arena_printf(ground->arena, "%s/binds/%zu", ground->root, number);

	*writable = false;
	if (ground->plan->temporary || mkdir(place, 0755))
		return path;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (mkdir(arena_printf(ground->arena, "%s/%s", place, names[i]), 0755))
			return path;
	if (chdir(place) || mount(path, "lower", NULL, MS_BIND | MS_REC, NULL) ||
	    !mount_overlay("."))
		return path;
	*writable = true;
	return arena_printf(ground->arena, "%s/work", place);
}

struct jail_mount *jail_ground_binds(const struct jail_ground *ground, size_t *count)
{
	const struct jail_job *job = ground->plan->job;
	struct jail_mount *mounts = NULL;
	size_t n = 0;

	for (size_t i = 0; i < job->bind_count; i++) {
		const struct jail_bind *bind = &job->binds[i];
		struct str below = str_of(bind->path);
		struct jail_mount mount = { bind->path, bind->path, false };

		if (access(bind->path, R_OK) || bind->path[0] != '/' || !bind->path[1])
			continue;
		/* What is in the folder is in its copy. */
		if (str_skip(&below, ground->plan->folder) && (!below.size || below.at[0] == '/'))
			continue;
		if (bind->throwaway)
			mount.from = throwaway(ground, bind->path, i, &mount.writable);
		arena_push(ground->arena, mounts, n) = mount;
	}
	if (n)
		qsort(mounts, n, sizeof(*mounts), by_place);
	*count = n;
	return mounts;
}

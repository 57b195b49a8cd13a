/*
 * The claim of the one daemon: a lock of the kernel on PATH.lock, which ends with the process. The
 * text in the file only tells people who has it; nobody trusts it.
 */
#include "bot/store/store_parts.h"

#include "bot/base/clock.h"
#include "bot/base/kill_point.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * POSIX locks belong to the process, and closing any descriptor of the file drops them. So a
 * process must not open a lock file that it has locked already: what it holds is listed here.
 */
struct store_lock {
	struct store_lock *next;
	int descriptor;
	pid_t process;
	dev_t device;
	ino_t inode;
};

static struct store_lock *held;
static pthread_mutex_t held_guard = PTHREAD_MUTEX_INITIALIZER;

static bool is_held_here(const char *path)
{
	struct stat info;

	if (stat(path, &info))
		return false;
	for (const struct store_lock *lock = held; lock; lock = lock->next)
		if (lock->process == getpid() && lock->device == info.st_dev &&
		    lock->inode == info.st_ino)
			return true;
	return false;
}

/* The kernel knows the process; what the file says of it counts only when it is of this process. */
static bool fail_held(struct store *store, int descriptor, struct err *e)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	char text[256] = "", who[32];
	ssize_t size = pread(descriptor, text, sizeof(text) - 1, 0);
	struct str note = str_trim((struct str){ text, size > 0 ? (size_t)size : 0 });

	if (fcntl(descriptor, F_GETLK, &lock) || lock.l_type == F_UNLCK)
		return fail(e, ERR_LATER, "%s was just worked by another daemon", store->name);
	snprintf(who, sizeof(who), "process %d ", (int)lock.l_pid);
	if (!str_starts(note, who))
		note = str_of(who);
	return fail(e, ERR_LATER, "%s is worked by another daemon: %.*s", store->name,
		    STR_ARG(str_trim(note)));
}

static void note_holder(int descriptor)
{
	char text[256], host[128] = "", since[CLOCK_TEXT_SIZE];
	int size;

	gethostname(host, sizeof(host) - 1);
	size = snprintf(text, sizeof(text), "process %d on %s since %s\n", (int)getpid(), host,
			clock_format(clock_wall_ms(), since));
	/* Only for people: where it cannot be written the claim holds all the same. */
	if (ftruncate(descriptor, 0) || pwrite(descriptor, text, (size_t)size, 0) != size)
		return;
}

static bool lock_file(struct store *store, const char *path, struct err *e)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	struct store_lock *lock = arena_new(&store->arena, struct store_lock);
	struct stat info;
	int descriptor;

	if (is_held_here(path))
		return fail(e, ERR_LATER, "%s is worked by this process already", store->name);
	descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
	if (descriptor < 0 || fstat(descriptor, &info)) {
		(void)fail(e, err_kind_of_errno(errno), "%s: %s", path, strerror(errno));
	} else if (fcntl(descriptor, F_SETLK, &whole)) {
		(void)fail_held(store, descriptor, e);
	} else {
		KILL_POINT("store.claim.after");
		note_holder(descriptor);
		*lock = (struct store_lock){ held, descriptor, getpid(), info.st_dev, info.st_ino };
		held = lock;
		store->lock = lock;
		return true;
	}
	if (descriptor >= 0)
		close(descriptor);
	return false;
}

bool store_claim(struct store *store, struct err *e)
{
	ARENA a = {0};
	const char *path;
	bool done;

	if (!store->path || store->lock)
		return true;
	pthread_mutex_lock(&held_guard);
	/* SQLite's own name of it: whole and without links, so that one file has one lock. */
	path = sqlite3_db_filename(store->handle, "main");
	done = lock_file(store, arena_printf(&a, "%s.lock", path), e);
	pthread_mutex_unlock(&held_guard);
	return done;
}

void store_lock_release(struct store_lock *lock)
{
	if (!lock)
		return;
	pthread_mutex_lock(&held_guard);
	for (struct store_lock **at = &held; *at; at = &(*at)->next)
		if (*at == lock) {
			*at = lock->next;
			break;
		}
	close(lock->descriptor);
	pthread_mutex_unlock(&held_guard);
}

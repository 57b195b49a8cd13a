/*
 * The store in trouble: every write and sync of the disk fails once and for good, no space, no
 * permission, a lock that stays, bytes turned over. Errors name the file, and nothing is half done.
 */
#include "bot/store/seen.h"
#include "tests/store_unit.h"

#include <fcntl.h>
#include <sched.h>
#include <sqlite3.h>
#include <sys/mount.h>
#include <sys/stat.h>

/* A VFS that passes everything on to the real one, but for the nth write, sync or truncation. */
struct faulty_file {
	sqlite3_file base;
	sqlite3_io_methods methods;
	sqlite3_file *real;
};

static struct {
	sqlite3_vfs vfs, *real;
	long countdown;			/* 0: no fault */
	int code;
	bool stays;			/* fails from then on */
	bool hit;
} faulty;

static int fault(void)
{
	if (faulty.hit && faulty.stays)
		return faulty.code;
	if (faulty.countdown && --faulty.countdown == 0) {
		faulty.hit = true;
		return faulty.code;
	}
	return SQLITE_OK;
}

static sqlite3_file *real_of(sqlite3_file *file)
{
	return ((struct faulty_file *)file)->real;
}

static int faulty_write(sqlite3_file *file, const void *bytes, int size, sqlite3_int64 at)
{
	int code = fault();

	return code ? code : real_of(file)->pMethods->xWrite(real_of(file), bytes, size, at);
}

static int faulty_sync(sqlite3_file *file, int flags)
{
	int code = fault();

	if (code)
		return code == SQLITE_FULL ? SQLITE_FULL : SQLITE_IOERR_FSYNC;
	return real_of(file)->pMethods->xSync(real_of(file), flags);
}

static int faulty_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	int code = fault();

	if (code)
		return SQLITE_IOERR_TRUNCATE;
	return real_of(file)->pMethods->xTruncate(real_of(file), size);
}

static int faulty_close(sqlite3_file *file)
{
	sqlite3_file *real = real_of(file);
	int code = real->pMethods ? real->pMethods->xClose(real) : SQLITE_OK;

	sqlite3_free(real);
	return code;
}

static int faulty_read(sqlite3_file *file, void *bytes, int size, sqlite3_int64 at)
{
	return real_of(file)->pMethods->xRead(real_of(file), bytes, size, at);
}

static int faulty_size(sqlite3_file *file, sqlite3_int64 *size)
{
	return real_of(file)->pMethods->xFileSize(real_of(file), size);
}

static int faulty_lock(sqlite3_file *file, int level)
{
	return real_of(file)->pMethods->xLock(real_of(file), level);
}

static int faulty_unlock(sqlite3_file *file, int level)
{
	return real_of(file)->pMethods->xUnlock(real_of(file), level);
}

static int faulty_reserved(sqlite3_file *file, int *reserved)
{
	return real_of(file)->pMethods->xCheckReservedLock(real_of(file), reserved);
}

static int faulty_control(sqlite3_file *file, int what, void *argument)
{
	return real_of(file)->pMethods->xFileControl(real_of(file), what, argument);
}

static int faulty_sector(sqlite3_file *file)
{
	return real_of(file)->pMethods->xSectorSize(real_of(file));
}

static int faulty_device(sqlite3_file *file)
{
	return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
}

static int faulty_shm_map(sqlite3_file *file, int region, int size, int extend,
			  void volatile **memory)
{
	return real_of(file)->pMethods->xShmMap(real_of(file), region, size, extend, memory);
}

static int faulty_shm_lock(sqlite3_file *file, int offset, int count, int flags)
{
	return real_of(file)->pMethods->xShmLock(real_of(file), offset, count, flags);
}

static void faulty_shm_barrier(sqlite3_file *file)
{
	real_of(file)->pMethods->xShmBarrier(real_of(file));
}

static int faulty_shm_unmap(sqlite3_file *file, int delete_it)
{
	return real_of(file)->pMethods->xShmUnmap(real_of(file), delete_it);
}

static const sqlite3_io_methods faulty_methods = {
	.iVersion = 2, .xClose = faulty_close, .xRead = faulty_read, .xWrite = faulty_write,
	.xTruncate = faulty_truncate, .xSync = faulty_sync, .xFileSize = faulty_size,
	.xLock = faulty_lock, .xUnlock = faulty_unlock, .xCheckReservedLock = faulty_reserved,
	.xFileControl = faulty_control, .xSectorSize = faulty_sector,
	.xDeviceCharacteristics = faulty_device, .xShmMap = faulty_shm_map,
	.xShmLock = faulty_shm_lock, .xShmBarrier = faulty_shm_barrier,
	.xShmUnmap = faulty_shm_unmap,
};

static int faulty_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
		       int *out_flags)
{
	struct faulty_file *mine = (struct faulty_file *)file;
	int code;

	(void)vfs;
	mine->base.pMethods = NULL;
	mine->real = sqlite3_malloc(faulty.real->szOsFile);
	if (!mine->real)
		return SQLITE_NOMEM;
	memset(mine->real, 0, (size_t)faulty.real->szOsFile);
	code = faulty.real->xOpen(faulty.real, name, mine->real, flags, out_flags);
	if (code)
		sqlite3_free(mine->real);
	else
		mine->base.pMethods = &faulty_methods;
	return code;
}

static void faults_begin(void)
{
	faulty.real = sqlite3_vfs_find(NULL);
	faulty.vfs = *faulty.real;
	faulty.vfs.zName = "faulty";
	faulty.vfs.szOsFile = sizeof(struct faulty_file);
	faulty.vfs.xOpen = faulty_open;
	assert_int_equal(sqlite3_vfs_register(&faulty.vfs, 1), SQLITE_OK);
}

static void faults_end(void)
{
	sqlite3_vfs_unregister(&faulty.vfs);
	assert_int_equal(sqlite3_vfs_register(faulty.real, 1), SQLITE_OK);
}

static void arm(long nth, int code, bool stays)
{
	faulty.countdown = nth;
	faulty.code = code;
	faulty.stays = stays;
	faulty.hit = false;
}

/* Large enough that the log is check-pointed on the way. */
static bool write_something(struct store *store, struct err *e)
{
	STORE_TRANSACTION t = {0};
	ARENA a = {0};
	struct incident_key key = key_of("main");
	struct sighting sighting = sighting_of(1);
	struct incident incident;
	char *large = arena_alloc(&a, 200000);
	bool made;

	memset(large, 'x', 200000);
	return store_begin(store, &t, e) &&
	       incident_open(store, &key, &sighting, "aegis", &a, &incident, &made, e) &&
	       mark_put(store, "large", (struct str){ large, 200000 }, e) &&
	       mark_put(store, "done", STR("1"), e) && store_commit(&t, e);
}

static bool is_done(struct store *store)
{
	ARENA a = {0};
	struct str value;
	struct err e = ERR_INIT;
	struct incident *list;
	struct incident_filter all = {0};
	size_t count;
	bool done = false, large = false;

	assert_done(mark_get(store, "done", &a, &value, &done, &e), e);
	assert_done(mark_get(store, "large", &a, &value, &large, &e), e);
	assert_done(incident_list(store, &all, &a, &list, &count, &e), e);
	assert_int_equal(large, done);
	assert_int_equal(count, done ? 1 : 0);
	return done;
}

/* Opening and writing with the nth call failing. False when that many are not made. */
static bool fail_nth(long nth, int code, bool stays)
{
	PLACE place = place_make();
	struct err e = ERR_INIT;
	bool done, hit;

	arm(nth, code, stays);
	{
		STORE store = NULL;

		done = store_open(place.url, STORE_WRITE, &store, &e) &&
		       write_something(store, &e);
		if (!done && (!strstr(e.text, place.path) ||
			      e.kind != (code == SQLITE_FULL ? ERR_LATER : ERR_BUG)))
			/* A truncation has no "full" of its own. */
			if (!strstr(e.text, "disk I/O error"))
				fail_msg("call %ld: kind %d: %s", nth, e.kind, e.text);
		/* With the same handle, as soon as there is space again. */
		if (!done && store && !stays) {
			bool there = is_done(store);

			if (!there)
				assert_done(write_something(store, &e), e);
			done = true;
		}
	}
	hit = faulty.hit;
	arm(0, 0, false);
	STORE store = store_made(place.url);

	assert_done(store_check(store, &e), e);
	if (!is_done(store)) {
		assert_false(done);
		assert_done(write_something(store, &e), e);
		assert_true(is_done(store));
	}
	return hit;
}

static void every_write_fails(void **state)
{
	static const struct {
		int code;
		bool stays;
	} kinds[] = { { SQLITE_FULL, true }, { SQLITE_IOERR_WRITE, false } };
	long calls = 0;

	(void)state;
	faults_begin();
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		long nth = 1;

		while (fail_nth(nth, kinds[i].code, kinds[i].stays))
			nth++;
		calls += nth - 1;
		assert_true(nth > 50);
	}
	faults_end();
	print_message("%ld faults\n", calls);
}

static bool put(const char *path, const char *text)
{
	int descriptor = open(path, O_WRONLY | O_CLOEXEC);
	bool done = descriptor >= 0 && write(descriptor, text, strlen(text)) == (ssize_t)strlen(text);

	if (descriptor >= 0)
		close(descriptor);
	return done;
}

/* A small file system of its own over the folder; false where the machine does not let us. */
static bool mount_small(const char *folder)
{
	char users[64], groups[64];

	snprintf(users, sizeof(users), "0 %d 1", (int)getuid());
	snprintf(groups, sizeof(groups), "0 %d 1", (int)getgid());
	return !unshare(CLONE_NEWUSER | CLONE_NEWNS) && put("/proc/self/uid_map", users) &&
	       put("/proc/self/setgroups", "deny") && put("/proc/self/gid_map", groups) &&
	       !mount("none", folder, "tmpfs", 0, "size=1m");
}

static bool write_more(struct store *store, int number, struct err *e)
{
	STORE_TRANSACTION t = {0};
	ARENA a = {0};
	struct str large = { arena_alloc(&a, 100000), 100000 };

	return store_begin(store, &t, e) &&
	       mark_put(store, arena_printf(&a, "more-%d", number), large, e) &&
	       store_commit(&t, e);
}

static void write_until_full(void *context)
{
	struct place *place = context;
	struct store *store = NULL;
	struct err e = ERR_INIT;

	if (!mount_small(place->folder.path))
		_exit(77);
	if (!store_open(place->url, STORE_WRITE, &store, &e)) {
		fprintf(stderr, "%s\n", e.text);
		_exit(1);
	}
	if (!write_something(store, &e))
		_exit(2);
	for (int i = 0; i < 100; i++)
		if (!write_more(store, i, &e)) {
			if (e.kind != ERR_LATER || !strstr(e.text, "no space is left") ||
			    !strstr(e.text, place->path) || !is_done(store))
				_exit(3);
			_exit(store_check(store, &e) ? 0 : 4);
		}
	_exit(5);
}

static void a_full_disk(void **state)
{
	PLACE place = place_make();
	int status = run_child(write_until_full, &place);

	(void)state;
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 77)
		skip();
	assert_int_equal(WEXITSTATUS(status), 0);
}

/* As somebody who may not write there: root may write everywhere. */
static void open_without_permission(void *context)
{
	struct place *place = context;
	struct store *store = NULL;
	struct err e = ERR_INIT;
	char other[340];

	if (!getuid() && (setresgid(65534, 65534, 65534) || setresuid(65534, 65534, 65534)))
		_exit(1);
	snprintf(other, sizeof(other), "sqlite:%s/other.db", place->folder.path);
	if (store_open(place->url, STORE_WRITE, &store, &e) || e.kind != ERR_DENIED ||
	    !strstr(e.text, place->path)) {
		fprintf(stderr, "%s\n", e.text);
		_exit(2);
	}
	if (store_open(other, STORE_WRITE, &store, &e) || e.kind != ERR_DENIED ||
	    !strstr(e.text, "other.db"))
		_exit(3);
}

static void a_read_only_folder(void **state)
{
	PLACE place = place_make();
	struct err e = ERR_INIT;

	(void)state;
	{
		STORE store = store_made(place.url);

		assert_done(write_something(store, &e), e);
	}
	assert_int_equal(chmod(place.path, 0444), 0);
	assert_int_equal(chmod(place.folder.path, 0555), 0);
	assert_int_equal(run_child(open_without_permission, &place), 0);
	/* And with no permission to read. */
	assert_int_equal(chmod(place.path, 0), 0);
	assert_int_equal(run_child(open_without_permission, &place), 0);
	assert_int_equal(chmod(place.folder.path, 0700), 0);
	assert_int_equal(chmod(place.path, 0600), 0);
	STORE store = store_made(place.url);

	assert_true(is_done(store));
}

static void a_lock_that_stays(void **state)
{
	PLACE place = place_make();
	STORE store = store_made(place.url);
	STORE reader = NULL;
	STORE_TRANSACTION t = {0};
	struct err e = ERR_INIT;
	sqlite3 *other = NULL;
	int64_t before;

	(void)state;
	assert_done(write_something(store, &e), e);
	assert_int_equal(sqlite3_open(place.path, &other), SQLITE_OK);
	assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE; DELETE FROM mark", NULL, NULL, NULL),
			 SQLITE_OK);
	before = clock_monotonic_ms();
	assert_fails(store_begin(store, &t, &e), e, ERR_LATER, "locked by another process");
	assert_non_null(strstr(e.text, place.path));
	assert_in_range(clock_monotonic_ms() - before, 4000, 60000);
	/* Reading does not wait. */
	before = clock_monotonic_ms();
	assert_done(store_open(place.url, STORE_READ, &reader, &e), e);
	assert_true(is_done(reader) && is_done(store));
	assert_in_range(clock_monotonic_ms() - before, 0, 3000);
	assert_int_equal(sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(other);
	assert_done(store_begin(store, &t, &e), e);
}

/* Whatever is turned over: an error that names the file, or all as it was. */
static void bytes_turned_over(void **state)
{
	PLACE place = place_make();
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct str good;
	uint32_t seed = 7;
	int found = 0;

	(void)state;
	{
		STORE store = store_made(place.url);

		assert_done(write_something(store, &e), e);
	}
	assert_done(file_read(place.path, 10000000, FILE_FOLLOW, &a, &good, &e), e);
	for (int turn = 0; turn < 150; turn++) {
		char *bytes = arena_copy(&a, good.at, good.size);
		struct store *store = NULL;
		struct incident *list;
		struct incident_filter all = {0};
		size_t count;

		for (int i = 0; i < 20; i++) {
			seed = seed * 1664525 + 1013904223;
			bytes[(seed >> 4) % good.size] ^= (char)(1 + seed % 255);
		}
		assert_done(file_write(place.path, (struct str){ bytes, good.size }, 0600, &e), e);
		if (!store_open(place.url, STORE_WRITE, &store, &e) || !store_check(store, &e) ||
		    !incident_list(store, &all, &a, &list, &count, &e)) {
			if (!strstr(e.text, place.path))
				fail_msg("%s", e.text);
			found++;
		}
		store_close(&store);
	}
	assert_true(found > 50);
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(every_write_fails), cmocka_unit_test(a_full_disk),
		cmocka_unit_test(a_read_only_folder), cmocka_unit_test(a_lock_that_stays),
		cmocka_unit_test(bytes_turned_over),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

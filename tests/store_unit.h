/* What the tests of bot/store share: a store in a folder of its own, and things to put into it. */
#ifndef TESTS_STORE_UNIT_H
#define TESTS_STORE_UNIT_H

#include "bot/base/clock.h"
#include "bot/base/file.h"
#include "bot/store/incident.h"
#include "bot/store/outbox.h"
#include "tests/unit.h"

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#define SIGNATURE "0123456789abcdef0123456789abcdef"
#define FAMILY "fedcba9876543210fedcba9876543210"

/* For calls that must succeed: shows the error. */
#define assert_done(call, e)                                                                       \
	do {                                                                                       \
		if (!(call))                                                                       \
			fail_msg("%s: %s", #call, (e).text);                                       \
	} while (0)
/* For calls that must fail, with this kind and a text that names something. */
#define assert_fails(call, e, kind_, words)                                                        \
	do {                                                                                       \
		assert_false(call);                                                                \
		if ((e).kind != (kind_) || !strstr((e).text, (words)))                             \
			fail_msg("%s: kind %d: %s", #call, (e).kind, (e).text);                    \
	} while (0)

struct place {
	struct file_temporary folder;
	char path[300], url[320];
};

static inline void place_close(struct place *place)
{
	file_temporary_remove(&place->folder);
}
#define PLACE __attribute__((cleanup(place_close))) struct place

static inline struct place place_make(void)
{
	struct place place = {0};
	struct err e = ERR_INIT;

	/* Kills and faults do not need a disk, and memory does not wait. */
	if (!access("/dev/shm", W_OK))
		setenv("TMPDIR", "/dev/shm", 0);
	assert_done(file_temporary(&place.folder, &e), e);
	snprintf(place.path, sizeof(place.path), "%s/aegis.db", place.folder.path);
	snprintf(place.url, sizeof(place.url), "sqlite:%s", place.path);
	return place;
}

static inline struct store *store_made(const char *url)
{
	struct store *store = NULL;
	struct err e = ERR_INIT;

	assert_done(store_open(url, STORE_WRITE, &store, &e), e);
	return store;
}

static inline struct incident_key key_of(const char *branch)
{
	return (struct incident_key){ SIGNATURE, FAMILY, "owner/name", 7, branch, "base" };
}

static inline struct sighting sighting_of(int64_t run_id)
{
	return (struct sighting){ .run_id = run_id, .job_id = run_id * 10, .job = "test",
				  .head_sha = "head" };
}

/* In a transaction of its own. */
static inline struct incident incident_made(struct store *store, const char *branch,
					    struct arena *a)
{
	STORE_TRANSACTION t = {0};
	struct err e = ERR_INIT;
	struct incident_key key = key_of(branch);
	struct sighting sighting = sighting_of(1);
	struct incident incident = {0};
	bool made;

	assert_done(store_begin(store, &t, &e), e);
	assert_done(incident_open(store, &key, &sighting, "aegis", a, &incident, &made, &e), e);
	assert_done(store_commit(&t, &e), e);
	return incident;
}

/* A time that tests set. */
static int64_t test_now __attribute__((unused)) = 1000000000000;

static inline int64_t test_clock(void *context)
{
	(void)context;
	return test_now;
}

static inline void use_test_clock(void)
{
	static const struct clock clock = { test_clock, test_clock, NULL };

	clock_replace(&clock);
}

/* Runs the child to its end and gives its status as of waitpid. */
static inline int run_child(void (*child)(void *context), void *context)
{
	pid_t pid = fork();
	int status = 0;

	assert_true(pid >= 0);
	if (!pid) {
		child(context);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

#endif

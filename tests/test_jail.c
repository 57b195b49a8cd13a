/*
 * bot/base/jail: what a command gets, what it cannot reach, how it is stopped, and what is left of
 * it. Runs as whoever started it; root runs it all a second time as nobody. Toolchains are in
 * test_toolchains.
 */
#include "bot/base/jail_parts.h"

#include "tests/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <netinet/in.h>
#include <sys/wait.h>
#include <unistd.h>

static struct arena arena;
static char base[PATH_MAX];		/* of this test */
static int number;
static struct jail_switches switches;	/* which way all tests run */
static bool unsafe;

struct seen {
	size_t size, kept, calls;
	size_t stop_after;		/* 0: never */
	char text[1 << 16];
};

static bool listen_to(void *context, const void *bytes, size_t size)
{
	struct seen *seen = context;
	size_t keep = sizeof(seen->text) - 1 - seen->kept;

	keep = size < keep ? size : keep;
	memcpy(seen->text + seen->kept, bytes, keep);
	seen->kept += keep;
	seen->text[seen->kept] = '\0';
	seen->size += size;
	seen->calls++;
	return !seen->stop_after || seen->size < seen->stop_after;
}

static void put(const char *path, const char *text)
{
	const char *full = arena_printf(&arena, "%s/%s", base, path);
	int fd;

	for (char *slash = strchr((char *)(uintptr_t)full + 1, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(full, 0755);
		*slash = '/';
	}
	fd = open(full, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static int set_up(void **state)
{
	(void)state;
	snprintf(base, sizeof(base), "/tmp/aegis-test-%d-%d", (int)getpid(), number++);
	if (mkdir(base, 0755))
		return -1;
	put("repo/a.txt", "first\n");
	put("repo/sub/b.txt", "second\n");
	put("repo/sub/deep/c.txt", "third\n");
	return 0;
}

static int tear_down(void **state)
{
	int fd = open(base, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	(void)state;
	jail_empty(fd);
	close(fd);
	rmdir(base);
	arena_release(&arena);
	return 0;
}

static const char *place(const char *name)
{
	return arena_printf(&arena, "%s/%s", base, name);
}

static const char *const *shell(const char *script)
{
	const char **argv = arena_array(&arena, const char *, 4);

	argv[0] = "/bin/sh";
	argv[1] = "-c";
	argv[2] = script;
	return argv;
}

static struct jail_job job_of(const char *script)
{
	return (struct jail_job){ .folder = place("repo"), .argv = shell(script),
				  .unsafe = unsafe, .limits = { .wall_ms = 20000 } };
}

static struct jail_result run(struct jail_job *job, struct seen *seen)
{
	struct jail_result result = {0};
	struct err e = ERR_INIT;

	if (seen) {
		job->output = listen_to;
		job->context = seen;
	}
	if (!jail_run_with(job, &switches, &arena, &result, &e))
		fail_msg("%s", e.text);
	return result;
}

static struct jail_result run_script(const char *script, struct seen *seen)
{
	struct jail_job job = job_of(script);

	return run(&job, seen);
}

__attribute__((unused)) static const struct jail_file *find(const struct jail_file *files, size_t count, const char *path)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(files[i].path, path))
			return &files[i];
	return NULL;
}

#define assert_ends(result, how, number)                                                           \
	do {                                                                                       \
		assert_string_equal(jail_end_text((result).end), jail_end_text(how));              \
		assert_int_equal((result).code, (number));                                         \
	} while (0)

static void exit_codes(void **state)
{
	struct seen *seen = arena_new(&arena, struct seen);
	struct jail_result result;

	(void)state;
	result = run_script("cat a.txt; echo oops >&2; exit 7", seen);
	assert_ends(result, JAIL_EXITED, 7);
	assert_string_equal(seen->text, "first\noops\n");
	assert_false(result.not_found);
	assert_ends(run_script("true", NULL), JAIL_EXITED, 0);
	assert_ends(run_script("exit 1", NULL), JAIL_EXITED, 1);
	assert_ends(run_script("exit 129", NULL), JAIL_EXITED, 129);
	assert_ends(run_script("kill -SEGV $$", NULL), JAIL_SIGNALLED, SIGSEGV);
	assert_ends(run_script("kill -KILL $$", NULL), JAIL_SIGNALLED, SIGKILL);
	result = run_script("no-such-thing", NULL);
	assert_ends(result, JAIL_EXITED, 127);
	assert_false(result.not_found);
}

static void not_found(void **state)
{
	static const char *const missing[] = { "no-such-thing", "--help", NULL };
	static const char *const plain[] = { "./a.txt", NULL };
	struct jail_job job = job_of("");
	struct jail_result result;

	(void)state;
	job.argv = missing;
	result = run(&job, NULL);
	assert_ends(result, JAIL_EXITED, 127);
	assert_true(result.not_found);
	job.argv = plain;
	result = run(&job, NULL);
	assert_ends(result, JAIL_EXITED, 126);
	assert_true(result.not_found);
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test_setup_teardown(exit_codes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(not_found, set_up, tear_down),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

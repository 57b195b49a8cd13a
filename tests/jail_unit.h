/*
 * What the tests of the jail share: a folder to run in, one line to run a script there, and a main
 * that goes through the ways a job can be run, as root a second time as nobody. An argument is a
 * pattern of test names.
 */
#ifndef TESTS_JAIL_UNIT_H
#define TESTS_JAIL_UNIT_H

#include "bot/base/jail_parts.h"

#include "tests/unit.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
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

static inline struct jail_result run_script(const char *script, struct seen *seen)
{
	struct jail_job job = job_of(script);

	return run(&job, seen);
}

#define assert_ends(result, how, number)                                                           \
	do {                                                                                       \
		const struct jail_result ended = (result);                                         \
		assert_string_equal(jail_end_text(ended.end), jail_end_text(how));                 \
		assert_int_equal(ended.code, (number));                                            \
	} while (0)

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static int again_as_nobody(const char *self)
{
	pid_t pid = fork();
	int status = 0;

	if (!pid) {
		execlp("setpriv", "setpriv", "--reuid", "65534", "--regid", "65534",
		       "--clear-groups", self, "*", "once", (char *)NULL);
		_exit(127);
	}
	waitpid(pid, &status, 0);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		print_message("skipped as nobody: no setpriv, or this program cannot be read\n");
	else
		return status != 0;
	return 0;
}

/*
 * Which tests hold in which way: in the sandbox; with a copy in place of the overlay; without one.
 */
#define JAIL_MAIN(boxed, copied, anywhere)                                                         \
	int main(int count, char **words)                                                          \
	{                                                                                          \
		struct err e = ERR_INIT;                                                           \
		int failed = 0;                                                                    \
												   \
		alarm(120);                                                                        \
		cmocka_set_test_filter(count > 1 ? words[1] : NULL);                               \
		unsetenv("HOME");                                                                  \
		if (!jail_probe(&e)) {                                                             \
			print_message("skipped all of the sandbox: %s\n", e.text);                 \
		} else {                                                                           \
			failed += cmocka_run_group_tests(boxed, NULL, NULL);                       \
			switches.copy = true;                                                      \
			failed += cmocka_run_group_tests(copied, NULL, NULL);                      \
			switches = (struct jail_switches){ .plain = true };                        \
			if (count < 3)                                                             \
				failed += cmocka_run_group_tests(copied, NULL, NULL);              \
			switches.plain = false;                                                    \
		}                                                                                  \
		unsafe = true;                                                                     \
		failed += cmocka_run_group_tests(anywhere, NULL, NULL);                            \
		if (!geteuid() && count == 1)                                                      \
			failed += again_as_nobody(words[0]);                                       \
		return failed != 0;                                                                \
	}

#endif

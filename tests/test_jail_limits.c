/*
 * bot/base/jail: how a command is stopped, and that nothing of it lives on.
 */
#include "tests/jail_unit.h"

/* --- Limits --- */

/* One that ends at 1,000 processes: if we fail, the machine shall not. */
static void stops_fork_bombs(void **state)
{
	struct jail_job job = job_of("f() { [ $1 -gt 8 ] || { f $(($1+1)) & f $(($1+1)) & }; "
				     "sleep 3; }; f 0");
	struct jail_result result;

	(void)state;
	job.limits.processes = 60;
	result = run(&job, NULL);
	assert_string_equal(jail_end_text(result.end), jail_end_text(JAIL_PROCESSES));
	assert_true(result.wall_ms < 15000);
}

static void stops_memory_bombs(void **state)
{
	struct jail_job job = job_of("exec /usr/bin/python3 -c 'x = []\n"
				     "while True: x.append(bytearray(1 << 20))'");
	struct jail_result result;

	(void)state;
	job.limits.memory_bytes = 200 << 20;
	result = run(&job, NULL);
	assert_string_equal(jail_end_text(result.end), jail_end_text(JAIL_MEMORY));
	assert_in_range(result.memory_peak_bytes, 200 << 20, 900 << 20);
}

/* Four that share 100 MB are no more than 100 MB. */
static void counts_shared_memory_once(void **state)
{
	struct jail_job job = job_of("exec /usr/bin/python3 -c 'import os, mmap, time\n"
				     "x = b\"y\" * (100 << 20)\n"
				     "p = [os.fork() for i in range(2)]\n"
				     "time.sleep(.3)'");

	(void)state;
	job.limits.memory_bytes = 250 << 20;
	assert_ends(run(&job, NULL), JAIL_EXITED, 0);
}

static void stops_at_times(void **state)
{
	struct jail_job job = job_of("while :; do :; done");
	struct jail_result result;

	(void)state;
	job.limits.cpu_s = 1;
	result = run(&job, NULL);
	assert_string_equal(jail_end_text(result.end), jail_end_text(JAIL_CPU));
	assert_in_range(result.cpu_ms, 900, 3000);
	job = job_of("trap '' TERM INT HUP; sleep 60; sleep 60");
	job.limits.wall_ms = 300;
	result = run(&job, NULL);
	assert_string_equal(jail_end_text(result.end), jail_end_text(JAIL_WALL));
	assert_in_range(result.wall_ms, 300, 2000);
	job = job_of("sleep 60");
	job.limits.idle_ms = 300;
	result = run(&job, NULL);
	assert_string_equal(jail_end_text(result.end), jail_end_text(JAIL_IDLE));
	assert_in_range(result.wall_ms, 300, 2000);
	/* working by fits and starts is not hanging */
	job = job_of("for i in 1 2 3 4 5 6 7 8; do sleep 0.4; seq 1000000 >/dev/null; done");
	job.limits.idle_ms = 2500;
	result = run(&job, NULL);
	assert_int_equal(result.end, JAIL_EXITED);
}

static void stops_writing(void **state)
{
	struct jail_job job = job_of("truncate -s 10G big; exit $?");
	struct jail_result result;

	(void)state;
	job.limits.file_bytes = 1 << 20;
	assert_string_equal(jail_end_text(run(&job, NULL).end), jail_end_text(JAIL_DISK));
	job = job_of("for i in 1 2 3 4 5 6 7 8; do head -c 8M /dev/zero > $i; done; "
		     "sleep 2; exit 3");
	job.limits.disk_bytes = 32 << 20;
	result = run(&job, NULL);
	assert_string_equal(jail_end_text(result.end), jail_end_text(JAIL_DISK));
	job = job_of("head -c 48M /dev/zero > /dev/shm/x; sleep 2; exit 3");
	job.limits.disk_bytes = 32 << 20;
	assert_string_equal(jail_end_text(run(&job, NULL).end), jail_end_text(JAIL_DISK));
}

static uint64_t memory_now(void)
{
	char text[256] = "";
	unsigned long pages = 0;
	FILE *file = fopen("/proc/self/statm", "r");
	struct str rest;

	if (file && fgets(text, sizeof(text), file)) {
		rest = str_of(text);
		assert_true(str_split(rest, " ", NULL, &rest));
		assert_true(str_take_number(&rest, &pages));
	}
	if (file)
		fclose(file);
	return (uint64_t)pages * 4096;
}

static void stops_floods(void **state)
{
	struct seen *seen = arena_new(&arena, struct seen);
	struct jail_job job = job_of("head -c 1G /dev/zero; echo end");
	struct jail_result result;
	uint64_t before;

	(void)state;
	before = memory_now();
	job.limits.output_bytes = (uint64_t)2 << 30;
	result = run(&job, seen);
	assert_ends(result, JAIL_EXITED, 0);
	assert_int_equal(seen->size, (1 << 30) + 4);
	assert_true(memory_now() < before + (8 << 20));
	job.argv = shell("yes");
	job.limits.output_bytes = 3000000;
	seen->size = 0;
	result = run(&job, seen);
	assert_string_equal(jail_end_text(result.end), jail_end_text(JAIL_OUTPUT));
	assert_int_equal(seen->size, 3000000);
	seen->stop_after = 1;
	seen->size = seen->kept = 0;
	result = run(&job, seen);
	assert_string_equal(jail_end_text(result.end), jail_end_text(JAIL_STOPPED));
	assert_true(seen->size < 100000);
}

static void passes_binary_output(void **state)
{
	struct seen *seen = arena_new(&arena, struct seen);

	(void)state;
	assert_ends(run_script("printf '\\0\\377\\n\\0'", seen), JAIL_EXITED, 0);
	assert_int_equal(seen->size, 4);
	assert_memory_equal(seen->text, "\0\377\n\0", 4);
}

/* --- What is left of it --- */

/* Is there a process on the machine with this among its arguments? */
static bool runs(const char *mark)
{
	DIR *list = opendir("/proc");
	struct dirent *item;
	bool found = false;

	while ((item = readdir(list)) && !found) {
		char path[300], bytes[4096];
		ssize_t n = -1;
		int fd;

		snprintf(path, sizeof(path), "/proc/%s/cmdline", item->d_name);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd >= 0) {
			n = read(fd, bytes, sizeof(bytes));
			close(fd);
		}
		/* The shell that was told to start it does not count. */
		found = n > 6 && !memcmp(bytes, "sleep", 6) &&
			memmem(bytes, (size_t)n, mark, strlen(mark));
	}
	closedir(list);
	return found;
}

static void daemons_die(void **state)
{
	const char *mark = arena_printf(&arena, "31.%d", (int)getpid());
	const char *script = arena_printf(&arena, "/usr/bin/python3 - <<'X'\n"
		"import os, time\n"
		"if os.fork() == 0:\n"
		"    os.setsid()\n"
		"    if os.fork() == 0: os.execvp('sleep', ['sleep', '%s'])\n"
		"    os._exit(0)\n"
		"os.wait(); time.sleep(.1)\nX\nexit 4", mark);

	(void)state;
	assert_ends(run_script(script, NULL), JAIL_EXITED, 4);
	assert_false(runs(mark));
}

/* The program is killed in the middle of a run: nothing of the run lives on. */
static void dies_with_its_parent(void **state)
{
	const char *mark = arena_printf(&arena, "32.%d", (int)getpid());
	struct jail_job job = job_of(arena_printf(&arena, "sleep %s & sleep %s", mark, mark));
	pid_t pid = fork();
	int tries = 0;

	(void)state;
	if (!pid) {
		run(&job, NULL);
		_exit(0);
	}
	for (; !runs(mark) && tries < 300; tries++)
		usleep(10000);
	assert_true(tries < 300);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	for (tries = 0; runs(mark) && tries < 100; tries++)
		usleep(20000);
	assert_true(tries < 100);
}

static const struct CMUnitTest boxed[] = {
	TEST(stops_fork_bombs), TEST(stops_memory_bombs), TEST(counts_shared_memory_once),
	TEST(stops_at_times), TEST(stops_writing), TEST(stops_floods), TEST(passes_binary_output),
	TEST(daemons_die), TEST(dies_with_its_parent),
};
static const struct CMUnitTest copied[] = {
	TEST(daemons_die), TEST(dies_with_its_parent), TEST(stops_fork_bombs),
};
static const struct CMUnitTest anywhere[] = {
	TEST(stops_fork_bombs), TEST(stops_memory_bombs), TEST(stops_at_times),
	TEST(stops_floods), TEST(daemons_die), TEST(dies_with_its_parent),
};
JAIL_MAIN(boxed, copied, anywhere)

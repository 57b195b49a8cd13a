/*
 * bot/base/jail: what a command gets, what it cannot reach, how it is stopped, and what is left of
 * it. Runs as whoever started it; root runs it all a second time as nobody. Toolchains are in
 * test_toolchains.
 */
#include "bot/base/jail_parts.h"

#include "tests/unit.h"

#include <dirent.h>
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

/* The text of the file, or none. */
static struct str find(const struct jail_file *files, size_t count, const char *path)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(files[i].path, path))
			return files[i].text;
	return STR_NONE;
}

#define assert_ends(result, how, number)                                                           \
	do {                                                                                       \
		const struct jail_result ended = (result);                                         \
		assert_string_equal(jail_end_text(ended.end), jail_end_text(how));                 \
		assert_int_equal(ended.code, (number));                                            \
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


/* --- What a command cannot reach --- */

static void keeps_environment_out(void **state)
{
	struct seen *seen = arena_new(&arena, struct seen);
	const char *const more[] = { "PLANET=mars", "HOME=/etc", NULL };
	struct jail_job job = job_of("env; cat /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n'; "
				     "cat /proc/[0-9]*/cmdline | tr '\\0' '\\n'");

	(void)state;
	setenv("AEGIS_CANARY", "canary-4711", 1);
	job.environment = more;
	assert_ends(run(&job, seen), JAIL_EXITED, 0);
	unsetenv("AEGIS_CANARY");
	assert_non_null(strstr(seen->text, "PLANET=mars\n"));
	assert_non_null(strstr(seen->text, "CI=true\n"));
	assert_non_null(strstr(seen->text, "LANG=C.UTF-8\n"));
	assert_null(strstr(seen->text, "HOME=/etc"));
	assert_null(strstr(seen->text, "canary"));
	/* No option of bubblewrap either: they name places on the machine. */
	assert_null(strstr(seen->text, "--bind"));
}

static void hides_the_machine(void **state)
{
	struct seen *seen = arena_new(&arena, struct seen);
	const char *script = arena_printf(&arena,
		"cat /etc/shadow /root/.bashrc %s/other/secret /etc/hostname; ls -A %s $HOME; "
		"ls /root /home /work /var /mnt; cat a.txt", base, base);

	(void)state;
	put("other/secret", "canary-other\n");
	put("home/.ssh/id_ed25519", "canary-key\n");
	put("home/.netrc", "canary-netrc\n");
	put("home/.config/gh/hosts.yml", "canary-gh\n");
	setenv("HOME", place("home"), 1);
	script = arena_printf(&arena, "%s; cat $HOME/.ssh/* $HOME/.netrc $HOME/.config/*/*; "
			      "find / -xdev -name '*ed25519*' -not -path '/proc/*' 2>/dev/null",
			      script);
	assert_ends(run_script(script, seen), JAIL_EXITED, 0);
	assert_null(strstr(seen->text, "canary"));
	assert_null(strstr(seen->text, "id_ed25519\n"));
	assert_null(strstr(seen->text, "other\n"));
	assert_non_null(strstr(seen->text, "first\n"));
	assert_null(strstr(seen->text, "root:$"));
}

static void refuses_to_work_in_home(void **state)
{
	struct jail_job job = job_of("true");
	struct jail_result result = { .code = 99 };
	struct err e = ERR_INIT;

	(void)state;
	put("home/x", "");
	setenv("HOME", place("home"), 1);
	job.folder = place("home");
	assert_false(jail_run(&job, &arena, &result, &e));
	assert_int_equal(e.kind, ERR_INPUT);
	job.folder = base;
	assert_false(jail_run(&job, &arena, &result, &e));
	assert_int_equal(e.kind, ERR_INPUT);
	job.folder = "/";
	assert_false(jail_run(&job, &arena, &result, &e));
	job.folder = place("nowhere");
	assert_false(jail_run(&job, &arena, &result, &e));
	assert_int_equal(e.kind, ERR_INPUT);
	assert_int_equal(result.code, 99);
	job.folder = place("repo");
	assert_true(jail_run(&job, &arena, &result, &e));
}

/* Memory of the parent is what a stolen key would be in. */
static void hides_the_parent(void **state)
{
	struct seen *seen = arena_new(&arena, struct seen);
	const char *script = arena_printf(&arena,
		"ls -d /proc/[0-9]* | wc -l; ls -d /proc/%d/; kill -0 %d; kill -9 -1; "
		"grep Seccomp: /proc/1/status; readlink /proc/1/exe; ls -l /proc/1/fd /proc/self/fd",
		(int)getpid(), (int)getpid());
	struct jail_result result = run_script(script, seen);
	unsigned long processes = 0;
	struct str text = str_of(seen->text);

	(void)state;
	(void)result;
	text = str_trim(text);
	assert_true(str_take_number(&text, &processes));
	assert_true(processes <= 6);
	/* Process 1 could be taken over through its memory: it must be as confined as the rest. */
	assert_non_null(strstr(seen->text, "Seccomp:\t2\n"));
	assert_null(strstr(seen->text, "bwrap"));
	assert_null(strstr(seen->text, "socket:"));
}

static int listen_tcp(int *port)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t size = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
	assert_int_equal(listen(fd, 4), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
	*port = ntohs(address.sin_port);
	return fd;
}

static int listen_abstract(const char *name)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	memcpy(address.sun_path + 1, name, strlen(name));
	assert_int_equal(bind(fd, (struct sockaddr *)&address,
			      (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 +
					  strlen(name))), 0);
	assert_int_equal(listen(fd, 4), 0);
	return fd;
}

static void has_no_network(void **state)
{
	struct seen *seen = arena_new(&arena, struct seen);
	const char *name = arena_printf(&arena, "aegis-test-%d", (int)getpid());
	int port = 0, tcp = listen_tcp(&port), unix_socket = listen_abstract(name);
	const char *script = arena_printf(&arena,
		"/usr/bin/python3 - <<'X'\n"
		"import socket\n"
		"def go(f, *a):\n"
		"    try: s = socket.socket(f); s.settimeout(2); s.connect(*a); print('IN')\n"
		"    except OSError as e: print('out', e.errno)\n"
		"go(socket.AF_INET, ('127.0.0.1', %d))\n"
		"go(socket.AF_UNIX, '\\0%s')\n"
		"go(socket.AF_INET, ('169.254.169.254', 80))\n"
		"try: socket.create_connection(('localhost', %d), 2); print('IN')\n"
		"except OSError as e: print('out', e.errno)\n"
		"for f, p in (socket.AF_PACKET, 0), (40, 0), (16, 15), (38, 0):\n"
		"    try: socket.socket(f, socket.SOCK_RAW, p); print('IN', f)\n"
		"    except OSError as e: print('out', e.errno)\n"
		"s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen()\n"
		"c = socket.create_connection(s.getsockname(), 2); print('own loopback')\n"
		"X\n", port, name, port);

	(void)state;
	assert_ends(run_script(script, seen), JAIL_EXITED, 0);
	assert_null(strstr(seen->text, "IN"));
	assert_non_null(strstr(seen->text, "own loopback"));
	close(tcp);
	close(unix_socket);
}

static void cannot_write_outside(void **state)
{
	struct seen *seen = arena_new(&arena, struct seen);
	const char *outside = arena_printf(&arena, "%s/made", base);
	struct stat before, after;
	const char *script = arena_printf(&arena,
		"for p in /x /etc/x /usr/x /dev/x /proc/x /run/x /aegis-x; do "
		"(echo x > $p) 2>/dev/null && echo \"WROTE $p\"; done; "
		"mkdir -p %s; echo x > %s/f; echo changed > a.txt; rm -r sub; chmod 700 .; "
		"echo shared > /dev/shm/s && cat /dev/shm/s; echo t > $TMPDIR/t; echo h > ~/h; "
		"unshare -Ur true && echo UNSHARED; mount -t tmpfs x /mnt && echo MOUNTED; "
		"chroot / true && echo CHROOTED; hostname x && echo NAMED; id -u; exit 0",
		outside, outside);

	(void)state;
	assert_int_equal(stat(place("repo/a.txt"), &before), 0);
	assert_ends(run_script(script, seen), JAIL_EXITED, 0);
	assert_null(strstr(seen->text, "WROTE"));
	assert_null(strstr(seen->text, "UNSHARED"));
	assert_null(strstr(seen->text, "MOUNTED"));
	assert_null(strstr(seen->text, "CHROOTED"));
	assert_null(strstr(seen->text, "NAMED"));
	assert_non_null(strstr(seen->text, "shared\n"));
	assert_int_equal(access(outside, F_OK), -1);
	assert_int_equal(stat(place("repo/a.txt"), &after), 0);
	assert_int_equal(after.st_size, before.st_size);
	assert_memory_equal(&after.st_mtim, &before.st_mtim, sizeof(after.st_mtim));
	assert_memory_equal(&after.st_ctim, &before.st_ctim, sizeof(after.st_ctim));
	assert_int_equal(access(place("repo/sub/deep/c.txt"), F_OK), 0);
}

static void symlinks_lead_nowhere(void **state)
{
	struct seen *seen = arena_new(&arena, struct seen);
	struct jail_job job = job_of("cat out dir/secret; echo x > out; echo y > dir/secret; "
				     "ln -s /etc/passwd stolen; ln -s a.txt $AEGIS_OUT/l; true");
	const char *const want[] = { "**", NULL };
	struct jail_result result;

	(void)state;
	put("other/secret", "canary-other\n");
	assert_int_equal(symlink("../other/secret", place("repo/out")), 0);
	assert_int_equal(symlink(place("other"), place("repo/dir")), 0);
	job.want_changes = true;
	job.want = want;
	result = run(&job, seen);
	assert_ends(result, JAIL_EXITED, 0);
	assert_null(strstr(seen->text, "canary"));
	assert_int_equal(result.change_count, 0);
	assert_int_equal(result.output_count, 0);
}

/* --- Limits --- */

/* One that ends at 4,000 processes: if we fail, the machine shall not. */
static void stops_fork_bombs(void **state)
{
	struct jail_job job = job_of("f() { [ $1 -gt 10 ] || { f $(($1+1)) & f $(($1+1)) & }; "
				     "sleep 3; }; f 0");
	struct jail_result result;

	(void)state;
	job.limits.processes = 60;
	result = run(&job, NULL);
	assert_string_equal(jail_end_text(result.end), jail_end_text(JAIL_PROCESSES));
	assert_true(result.wall_ms < 5000);
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

/* --- The work folder --- */

static void lays_files_over(void **state)
{
	struct seen *seen = arena_new(&arena, struct seen);
	const struct jail_file files[] = {
		{ "a.txt", true, STR("laid\n"), 0644 },
		{ "sub/b.txt", false, STR_NONE, 0 },
		{ "new/deep/run.sh", true, STR("#!/bin/sh\necho ran\n"), 0755 },
		{ "not/there", false, STR_NONE, 0 },
	};
	struct jail_job job = job_of("cat a.txt; ls sub; ./new/deep/run.sh; ls -d not");

	(void)state;
	job.files = files;
	job.file_count = 4;
	job.want_changes = true;
	assert_int_equal(run(&job, seen).change_count, 0);
	assert_true(str_starts(str_of(seen->text), "laid\ndeep\nran\n"));
	assert_int_equal(access(place("repo/new"), F_OK), -1);
	assert_int_equal(access(place("repo/sub/b.txt"), F_OK), 0);
}

static void refuses_files_outside(void **state)
{
	static const char *const paths[] = { "dir/x", "../x", "/x", "sub/../../x", "", "a.txt/x",
					     "sub//x", "sub/", "sub" };
	struct jail_job job = job_of("true");
	struct jail_result result;

	(void)state;
	put("other/secret", "s");
	assert_int_equal(symlink(place("other"), place("repo/dir")), 0);
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		const struct jail_file file = { paths[i], true, STR("x"), 0644 };
		struct err e = ERR_INIT;

		job.files = &file;
		job.file_count = 1;
		assert_false(jail_run_with(&job, &switches, &arena, &result, &e));
		assert_int_equal(e.kind, ERR_INPUT);
	}
	assert_int_equal(access(place("other/x"), F_OK), -1);
}

static void gives_changes_back(void **state)
{
	static const char script[] =
		"echo changed > a.txt; rm -r sub/deep; chmod +x prog; touch same; echo s > same; "
		"printf 'a\\0b' > made; mkdir -p n/e; echo n > n/e/w; rm -r re; mkdir re; "
		"echo 2 > re/two; rm laid; echo more >> kept; mkdir .git; echo x > .git/config; "
		"mkfifo pipe; rm swap; mkdir swap; echo in > swap/in; rm -r fold; echo f > fold; "
		"echo out > $AEGIS_OUT/coverage.xml; mkdir $AEGIS_OUT/d; echo 1 > $AEGIS_OUT/d/r.json; "
		"echo no > $AEGIS_OUT/no.txt; mv sub/b.txt sub/moved.txt";
	const char *const want[] = { "*.xml", "**/*.json", NULL };
	const struct jail_file files[] = { { "laid", true, STR("l\n"), 0644 },
					   { "kept", true, STR("k\n"), 0644 } };
	static const struct { const char *path, *text; unsigned mode; } expected[] = {
		{ "a.txt", "changed\n", 0644 }, { "fold", "f\n", 0644 },
		{ "fold/x", NULL, 0 }, { "kept", "k\nmore\n", 0644 }, { "laid", NULL, 0 },
		{ "made", "a", 0644 }, { "n/e/w", "n\n", 0644 }, { "prog", "p\n", 0755 },
		{ "re/one", NULL, 0 }, { "re/two", "2\n", 0644 }, { "sub/b.txt", NULL, 0 },
		{ "sub/deep/c.txt", NULL, 0 }, { "sub/moved.txt", "second\n", 0644 },
		{ "swap", NULL, 0 }, { "swap/in", "in\n", 0644 },
	};
	struct jail_job job = job_of(script);
	struct jail_result result;

	(void)state;
	put("repo/prog", "p\n");
	put("repo/same", "s\n");
	put("repo/re/one", "1\n");
	put("repo/swap", "s\n");
	put("repo/fold/x", "x\n");
	job.files = files;
	job.file_count = 2;
	job.want_changes = true;
	job.want = want;
	result = run(&job, NULL);
	assert_ends(result, JAIL_EXITED, 0);
	assert_false(result.changes_cut);
	for (size_t i = 0; i < result.change_count && i < sizeof(expected) / sizeof(expected[0]);
	     i++) {
		assert_string_equal(result.changes[i].path, expected[i].path);
		assert_int_equal(result.changes[i].exists, expected[i].text != NULL);
		assert_int_equal(result.changes[i].mode, expected[i].mode);
		if (expected[i].text)
			assert_string_equal(result.changes[i].text.at, expected[i].text);
	}
	assert_int_equal(result.change_count, sizeof(expected) / sizeof(expected[0]));
	assert_int_equal(find(result.changes, result.change_count, "made").size, 3);
	assert_int_equal(result.output_count, 2);
	assert_str(find(result.outputs, 2, "coverage.xml"), "out\n");
	assert_str(find(result.outputs, 2, "d/r.json"), "1\n");
}

static void cuts_changes(void **state)
{
	struct jail_job job = job_of("i=0; while [ $i -lt 2100 ]; do echo > f$i; i=$((i+1)); done");
	struct jail_result result;

	(void)state;
	job.want_changes = true;
	result = run(&job, NULL);
	assert_int_equal(result.change_count, JAIL_FILES_MAX);
	assert_true(result.changes_cut);
	job.argv = shell("head -c 5M /dev/zero > big; echo x > small");
	result = run(&job, NULL);
	assert_int_equal(result.change_count, 1);
	assert_true(result.changes_cut);
}

static void takes_odd_folders(void **state)
{
	static const char *const names[] = { "with blank", "\303\274n\303\257code", "a,b:c=d\\e",
					     "-dash", "new\nline" };
	struct seen *seen = arena_new(&arena, struct seen);

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct jail_job job = job_of("cat f; pwd; echo more > f; cat f");

		put(arena_printf(&arena, "%s/f", names[i]), "text\n");
		job.folder = place(names[i]);
		seen->kept = 0;
		assert_ends(run(&job, seen), JAIL_EXITED, 0);
		if (!unsafe)
			assert_string_equal(seen->text, arena_printf(&arena, "text\n%s\nmore\n",
								     job.folder));
	}
}

/* Copies leave holes as holes, times as they were, and links as links. */
static void copies_faithfully(void **state)
{
	struct seen *seen = arena_new(&arena, struct seen);
	struct jail_job job = job_of("stat -c '%s %b' holes; readlink link; stat -c %Y old; "
				     "tail -c 4 holes");

	(void)state;
	put("repo/old", "x");
	put("repo/holes", "");
	assert_int_equal(truncate(place("repo/holes"), 300 << 20), 0);
	assert_int_equal(utimensat(AT_FDCWD, place("repo/old"), (struct timespec[2]){
		{ 1000, 0 }, { 1000, 0 } }, 0), 0);
	assert_int_equal(symlink("/nowhere/at/all", place("repo/link")), 0);
	job.limits.disk_bytes = 20 << 20;
	assert_ends(run(&job, seen), JAIL_EXITED, 0);
	assert_memory_equal(seen->text, "314572800 0\n/nowhere/at/all\n1000\n\0\0\0\0", 37);
}

/* --- Where there is no sandbox --- */

static void says_what_is_missing(void **state)
{
	struct jail_switches missing = { .bwrap = "/nonexistent/bwrap" };
	struct jail_job job = job_of("true");
	struct jail_result result = { .code = 99 };
	struct err e = ERR_INIT;

	(void)state;
	assert_false(jail_run_with(&job, &missing, &arena, &result, &e));
	assert_int_equal(e.kind, ERR_DENIED);
	assert_non_null(strstr(e.text, "apt-get install bubblewrap"));
	put("bwrap", "#!/bin/sh\necho 'bwrap: setting up uid map: Permission denied' >&2\nexit 1\n");
	chmod(place("bwrap"), 0755);
	missing.bwrap = place("bwrap");
	assert_false(jail_run_with(&job, &missing, &arena, &result, &e));
	assert_int_equal(e.kind, ERR_DENIED);
	assert_non_null(strstr(e.text, "apparmor_restrict_unprivileged_userns=0"));
	assert_int_equal(result.code, 99);
	missing.bwrap = "/nonexistent/bwrap";
	job.unsafe = true;
	assert_true(jail_run_with(&job, &missing, &arena, &result, &e));
	assert_int_equal(result.code, 0);
}

/* An older bubblewrap does not know all options, and says so. */
static void takes_older_bubblewrap(void **state)
{
	struct jail_switches old = {0};
	struct jail_job job = job_of("exit 5");
	struct jail_result result;
	struct err e = ERR_INIT;

	(void)state;
	put("bwrap", "#!/bin/sh\nif grep -q disable-userns /proc/self/fd/$2; then\n"
	    "echo 'bwrap: Unknown option --disable-userns' >&2; exit 1; fi\n"
	    "exec /usr/bin/bwrap \"$@\"\n");
	chmod(place("bwrap"), 0755);
	old.bwrap = place("bwrap");
	assert_true(jail_run_with(&job, &old, &arena, &result, &e));
	assert_int_equal(result.code, 5);
}

static void probes(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	assert_true(jail_probe(&e));
}

static void starts_fast(void **state)
{
	uint64_t best_ms = 1000;

	(void)state;
	for (int i = 0; i < 50; i++)
		put(arena_printf(&arena, "repo/%d/f", i), "x");
	for (int i = 0; i < 5000; i++)
		assert_int_equal(link(place("repo/a.txt"),
				      place(arena_printf(&arena, "repo/%d/f%d", i % 50, i))), 0);
	for (int i = 0; i < 5; i++) {
		uint64_t begun_ms = jail_now_ms(), took_ms;

		run_script("true", NULL);
		took_ms = jail_now_ms() - begun_ms;
		best_ms = took_ms < best_ms ? took_ms : best_ms;
	}
	print_message("start to end of a command that does nothing: %lu ms\n",
		      (unsigned long)best_ms);
	assert_true(best_ms < 60);
}

static void heads_are_checked(void **state)
{
	struct jail_frame frame = { 0x4a41494c, JAIL_FRAME_CHANGE, 0644, 5, 100 };
	const struct jail_frame good = frame;

	(void)state;
	assert_true(jail_frame_check(&frame));
	frame.size = (uint64_t)5 << 30;
	assert_false(jail_frame_check(&frame));
	frame = good;
	frame.path_size = 1 << 20;
	assert_false(jail_frame_check(&frame));
	frame = good;
	frame.number = 04755;
	assert_false(jail_frame_check(&frame));
	frame = good;
	frame.kind = 99;
	assert_false(jail_frame_check(&frame));
	frame = good;
	frame.magic++;
	assert_false(jail_frame_check(&frame));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

/* Everything that must hold even without a sandbox. */
static const struct CMUnitTest anywhere[] = {
	TEST(exit_codes), TEST(not_found), TEST(stops_fork_bombs), TEST(stops_memory_bombs),
	TEST(stops_at_times), TEST(stops_floods), TEST(daemons_die), TEST(lays_files_over),
	TEST(refuses_files_outside), TEST(gives_changes_back), TEST(takes_odd_folders),
	TEST(dies_with_its_parent), TEST(copies_faithfully),
};
static const struct CMUnitTest boxed[] = {
	TEST(exit_codes), TEST(not_found), TEST(keeps_environment_out), TEST(hides_the_machine),
	TEST(refuses_to_work_in_home), TEST(hides_the_parent), TEST(has_no_network),
	TEST(cannot_write_outside), TEST(symlinks_lead_nowhere), TEST(stops_fork_bombs),
	TEST(stops_memory_bombs), TEST(counts_shared_memory_once), TEST(stops_at_times),
	TEST(stops_writing), TEST(stops_floods), TEST(passes_binary_output), TEST(daemons_die),
	TEST(dies_with_its_parent), TEST(lays_files_over), TEST(refuses_files_outside),
	TEST(gives_changes_back), TEST(cuts_changes), TEST(takes_odd_folders),
	TEST(says_what_is_missing), TEST(takes_older_bubblewrap), TEST(probes), TEST(starts_fast),
	TEST(heads_are_checked), TEST(copies_faithfully),
};
static const struct CMUnitTest copied[] = {
	TEST(exit_codes), TEST(cannot_write_outside), TEST(symlinks_lead_nowhere),
	TEST(lays_files_over), TEST(refuses_files_outside), TEST(gives_changes_back),
	TEST(copies_faithfully), TEST(dies_with_its_parent),
};

static int again_as_nobody(const char *self)
{
	pid_t pid = fork();
	int status = 0;

	if (!pid) {
		execlp("setpriv", "setpriv", "--reuid", "65534", "--regid", "65534",
		       "--clear-groups", self, (char *)NULL);
		_exit(127);
	}
	waitpid(pid, &status, 0);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		print_message("skipped as nobody: no setpriv, or this program cannot be read\n");
	else
		return status != 0;
	return 0;
}

int main(int count, char **words)
{
	struct err e = ERR_INIT;
	int failed = 0;

	alarm(120);
	if (count > 1)
		cmocka_set_test_filter(words[1]);
	unsetenv("HOME");
	if (jail_probe(&e)) {
		failed += cmocka_run_group_tests_name("sandbox", boxed, NULL, NULL);
		switches.copy = true;
		failed += cmocka_run_group_tests_name("sandbox with a copy", copied, NULL, NULL);
		switches = (struct jail_switches){ .plain = true };
		failed += cmocka_run_group_tests_name("sandbox without namespaces of ours", copied,
						      NULL, NULL);
		switches.plain = false;
	} else {
		print_message("skipped all of the sandbox: %s\n", e.text);
	}
	unsafe = true;
	failed += cmocka_run_group_tests_name("no sandbox", anywhere, NULL, NULL);
	if (!geteuid())
		failed += again_as_nobody(words[0]);
	return failed != 0;
}

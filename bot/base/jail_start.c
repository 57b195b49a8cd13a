/*
 * Starts the command: bubblewrap with an empty environment, or, when unsafe, the command itself in
 * a session of its own. Second layers of the limits are set here (rlimits); the watch is the
 * first.
 */
#include "bot/base/jail_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

/*
 * bubblewrap tells by exit code 1 both that it could not start the command and that the command
 * failed, and shares its stderr. So a shell is put between: it gives the command the real stderr,
 * and leaves a note when exec fails (its EXIT trap runs only then).
 */
static const char wrapper[] = "trap ': >/tmp/" JAIL_NOT_RUN "' EXIT; exec \"$@\" 2>&1";

static void limit(int what, uint64_t most)
{
	struct rlimit now;

	if (getrlimit((__rlimit_resource_t)what, &now))
		return;
	if (now.rlim_max != RLIM_INFINITY && now.rlim_max < most)
		most = now.rlim_max;
	now = (struct rlimit){ most, most };
	setrlimit((__rlimit_resource_t)what, &now);
}

/* RLIMIT_NPROC counts threads, of all processes of the user where we have no namespace. */
static void limit_all(const struct jail_plan *plan)
{
	uint64_t tasks = (uint64_t)plan->limits.processes * 8;
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	if (plan->temporary && tasks < 8192)
		tasks = 8192;
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_FSIZE, plan->limits.file_bytes);
	limit(RLIMIT_NOFILE, 16384);
	limit(RLIMIT_NPROC, tasks);
	limit(RLIMIT_CPU, (uint64_t)plan->limits.cpu_s + 1);
	if (fd >= 0) {
		if (write(fd, "1000", 4) < 0) { /* best effort */ }
		close(fd);
	}
}

static void wire(const struct jail_plan *plan, int said)
{
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	sigset_t none;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGPIPE, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (null < 0 || dup2(null, 0) < 0 || dup2(plan->output, 1) < 0 || dup2(said, 2) < 0)
		_exit(127);
	/* A thousand of them must not keep the keeper from its looks. */
	setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, 0) + 5);
	limit_all(plan);
}

static char **bwrap_arguments(const struct jail_ground *ground, int options)
{
	struct arena *a = ground->arena;
	char **list = NULL;
	size_t n = 0;

	arena_push(a, list, n) = arena_strdup(a, "bwrap");
	arena_push(a, list, n) = arena_strdup(a, "--args");
	arena_push(a, list, n) = arena_printf(a, "%d", options);
	arena_push(a, list, n) = arena_strdup(a, "--");
	arena_push(a, list, n) = arena_strdup(a, "/bin/sh");
	arena_push(a, list, n) = arena_strdup(a, "-c");
	arena_push(a, list, n) = arena_strdup(a, wrapper);
	arena_push(a, list, n) = arena_strdup(a, "sh");
	for (const char *const *word = ground->plan->job->argv; *word; word++)
		arena_push(a, list, n) = arena_strdup(a, *word);
	arena_push(a, list, n) = NULL;
	return list;
}

static int memory_file(struct str content)
{
	int fd = memfd_create("options", MFD_CLOEXEC);

	if (fd >= 0 && (write(fd, content.at, content.size) != (ssize_t)content.size ||
			lseek(fd, 0, SEEK_SET))) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static bool start_boxed(const struct jail_ground *ground, int said, pid_t *started, struct err *e)
{
	int filter = jail_seccomp();
	int options = filter < 0 ? -1 : memory_file(jail_bwrap_options(ground, filter));
	char **words = bwrap_arguments(ground, options);
	char *nothing[] = { NULL };
	pid_t pid;

	if (filter < 0 || options < 0)
		return fail(e, ERR_BUG, "making the sandbox's filter: %s", strerror(errno));
	pid = fork();
	if (pid < 0)
		return fail(e, ERR_LATER, "starting bubblewrap: %s", strerror(errno));
	if (pid == 0) {
		wire(ground->plan, said);
		fcntl(options, F_SETFD, 0);
		fcntl(filter, F_SETFD, 0);
		execve(ground->plan->bwrap, words, nothing);
		dprintf(2, "bwrap: cannot be run: %s\n", strerror(errno));
		_exit(1);
	}
	close(options);
	close(filter);
	*started = pid;
	return true;
}

static bool start_plainly(const struct jail_ground *ground, int said, pid_t *started,
			  struct err *e)
{
	char **environment = jail_environment(ground);
	pid_t pid = fork();
	int number;

	if (pid < 0)
		return fail(e, ERR_LATER, "starting the command: %s", strerror(errno));
	if (pid == 0) {
		/* said closes when the command starts and tells errno when it does not. */
		wire(ground->plan, ground->plan->output);
		setsid();
		environ = environment;
		if (!fchdir(ground->work))
			execvp(ground->plan->job->argv[0],
			       (char *const *)(uintptr_t)ground->plan->job->argv);
		number = errno;
		if (write(said, &number, sizeof(number)) < 0) { /* nobody to tell */ }
		_exit(number == ENOENT || number == ENOTDIR ? 127 : 126);
	}
	*started = pid;
	return true;
}

bool jail_start(const struct jail_ground *ground, pid_t *started, int *said, struct err *e)
{
	int pipes[2];
	bool good;

	if (pipe2(pipes, O_CLOEXEC))
		return fail(e, ERR_BUG, "making a pipe: %s", strerror(errno));
	fcntl(pipes[0], F_SETFL, O_NONBLOCK);
	good = ground->plan->bwrap ? start_boxed(ground, pipes[1], started, e) :
	       start_plainly(ground, pipes[1], started, e);
	close(pipes[1]);
	close(ground->plan->output);
	if (good)
		*said = pipes[0];
	else
		close(pipes[0]);
	return good;
}

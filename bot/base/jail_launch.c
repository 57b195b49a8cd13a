/*
 * Launcher and keeper: from the fork to the last frame. Neither execs; they are this program with
 * everything closed but two descriptors. Decides what the end of bubblewrap means for the command.
 */
#include "bot/base/jail_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static void close_between(unsigned first, unsigned last)
{
	if (first > last || !close_range(first, last, 0))
		return;
	for (unsigned fd = first; fd <= last && fd < 65536; fd++)
		close((int)fd);
}

/* Listening sockets, databases and tokens of the program must not live on in here. */
static void keep_two(struct jail_plan *plan)
{
	int control = fcntl(plan->control, F_DUPFD_CLOEXEC, 100);
	int output = fcntl(plan->output, F_DUPFD_CLOEXEC, 100);
	unsigned low = (unsigned)(control < output ? control : output);
	unsigned high = (unsigned)(control < output ? output : control);
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	if (control < 0 || output < 0 || null < 0 || dup2(null, 0) < 0)
		_exit(1);
	close_between(3, low - 1);
	close_between(low + 1, high - 1);
	close_between(high + 1, ~0U);
	plan->control = control;
	plan->output = output;
}

static void calm_signals(void)
{
	sigset_t child;

	for (int i = 1; i < 32; i++)
		signal(i, SIG_DFL);
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_SETMASK, &child, NULL);
}

static bool write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool good = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd >= 0)
		close(fd);
	return good;
}

/*
 * We become root of a user namespace in which only we exist; groups we are in are dropped if we
 * may.
 */
static bool own_namespaces(struct err *e)
{
	unsigned user = geteuid(), group = getegid();
	char map[64];

	if (!user && setgroups(0, NULL) && errno != EPERM)
		return fail(e, ERR_BUG, "dropping groups: %s", strerror(errno));
	if (unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID))
		return fail(e, ERR_DENIED, "no sandbox: namespaces: %s; %s", strerror(errno),
			    JAIL_MEND);
	snprintf(map, sizeof(map), "0 %u 1", user);
	if (!write_text("/proc/self/setgroups", "deny") && errno != ENOENT)
		return fail(e, ERR_DENIED, "no sandbox: setgroups: %s; %s", strerror(errno),
			    JAIL_MEND);
	if (!write_text("/proc/self/uid_map", map))
		return fail(e, ERR_DENIED, "no sandbox: setting up uid map: %s; %s",
			    strerror(errno), JAIL_MEND);
	snprintf(map, sizeof(map), "0 %u 1", group);
	if (!write_text("/proc/self/gid_map", map))
		return fail(e, ERR_DENIED, "no sandbox: setting up gid map: %s; %s",
			    strerror(errno), JAIL_MEND);
	return true;
}

/*
 * What a shell and bubblewrap make of a signal is 128 + its number; a program may exit with that
 * as well. These are the signals that end programs which did not plan for it; git for one exits
 * with 129 at wrong usage.
 */
static int signal_of(int code)
{
	static const int deadly[] = { SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGKILL, SIGSEGV,
				      SIGPIPE, SIGALRM, SIGTERM, SIGXCPU, SIGXFSZ, SIGSYS };

	for (size_t i = 0; i < sizeof(deadly) / sizeof(deadly[0]); i++)
		if (code == 128 + deadly[i])
			return deadly[i];
	return 0;
}

static void read_code(const struct jail_ground *ground, struct jail_outcome *outcome)
{
	int number = ground->plan->bwrap && outcome->end == JAIL_EXITED ?
		     signal_of(outcome->code) : 0;

	if (number) {
		outcome->end = JAIL_SIGNALLED;
		outcome->code = number;
	}
	if (outcome->end != JAIL_SIGNALLED)
		return;
	if (outcome->code == SIGXFSZ)
		outcome->end = JAIL_DISK;
	else if (outcome->code == SIGXCPU)
		outcome->end = JAIL_CPU;
}

static size_t read_said(int said, char *text, size_t size)
{
	size_t n = 0;

	while (n + 1 < size) {
		ssize_t more = read(said, text + n, size - 1 - n);

		if (more <= 0)
			break;
		n += (size_t)more;
	}
	text[n] = '\0';
	return n;
}

/* Did bubblewrap itself fail? Then the command never ran. */
static bool check_said(const struct jail_ground *ground, int said, struct jail_outcome *outcome,
		       enum jail_again *again, struct err *e)
{
	static const char *const refusals[] = { "amespace", "uid map", "gid map", "RTM_NEWADDR",
						"not permitted", "ermission denied" };
	char text[1024], *end;

	if (!ground->plan->bwrap) {
		int number = 0;

		outcome->not_found = read(said, &number, sizeof(number)) == sizeof(number);
		return true;
	}
	if (outcome->end != JAIL_EXITED || outcome->code != 1 ||
	    !read_said(said, text, sizeof(text)) || strncmp(text, "bwrap: ", 7))
		return true;
	end = strchr(text, '\n');
	if (end)
		*end = '\0';
	if (!ground->plan->switches.old && strstr(text, "disable-userns")) {
		*again = JAIL_AGAIN_OLD;
		return fail(e, ERR_DENIED, "%.300s", text);
	}
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
		if (strstr(text, refusals[i]))
			return fail(e, ERR_DENIED, "no sandbox: %.100s; %s", text, JAIL_MEND);
	return fail(e, ERR_BUG, "the sandbox could not be made: %.300s", text);
}

static void check_note(const struct jail_ground *ground, struct jail_outcome *outcome)
{
	const char *note = arena_printf(ground->arena, "%s/tmp/" JAIL_NOT_RUN, ground->root);

	if (ground->plan->bwrap && outcome->end == JAIL_EXITED &&
	    (outcome->code == 127 || outcome->code == 126))
		outcome->not_found = !access(note, F_OK);
}

static bool keep(const struct jail_plan *plan, struct arena *a, enum jail_again *again,
		 struct err *e)
{
	struct jail_ground ground;
	struct jail_outcome outcome = {0};
	pid_t started = 0;
	int said = -1;
	bool cut = false;

	if (!jail_ground_make(plan, a, &ground, e)) {
		if (e->kind == ERR_DENIED)
			*again = JAIL_AGAIN_PLAIN;
		return false;
	}
	if (!jail_start(&ground, &started, &said, e))
		return false;
	outcome.setup_ms = (uint32_t)(jail_now_ms() - plan->begun_ms);
	if (!jail_frame_send(plan->control, JAIL_FRAME_STARTED, 0, NULL, NULL, 0))
		return fail(e, ERR_BUG, "nobody waits for the sandbox");
	jail_watch(&ground, started, &outcome);
	if (!check_said(&ground, said, &outcome, again, e))
		return false;
	read_code(&ground, &outcome);
	check_note(&ground, &outcome);
	if (!jail_frame_send(plan->control, JAIL_FRAME_ENDED, 0, NULL, &outcome, sizeof(outcome)))
		return fail(e, ERR_BUG, "nobody waits for the sandbox");
	cut = jail_collect(&ground);
	jail_frame_send(plan->control, JAIL_FRAME_DONE, cut, NULL, NULL, 0);
	return true;
}

static _Noreturn void keeper(const struct jail_plan *plan)
{
	ARENA a = {0};
	struct err e = ERR_INIT;
	enum jail_again again = JAIL_FINAL;
	int folder;

	if (!keep(plan, &a, &again, &e))
		jail_frame_fail(plan->control, again, &e);
	/* The parent does this too; here for when it was killed. */
	if (plan->temporary) {
		folder = open(plan->temporary, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (folder >= 0)
			jail_empty(folder);
		rmdir(plan->temporary);
	}
	_exit(0);
}

static _Noreturn void refuse(const struct jail_plan *plan, enum jail_again again,
			     const struct err *e)
{
	jail_frame_fail(plan->control, again, e);
	_exit(0);
}

_Noreturn void jail_launch(const struct jail_plan *given)
{
	struct jail_plan plan = *given;
	struct err e = ERR_INIT;
	pid_t pid;

	calm_signals();
	setsid();
	keep_two(&plan);
	/*
	 * Plain: the keeper ends by itself when the control socket closes, and takes all along and
	 * its folder away. Root is not held by RLIMIT_NPROC, but may have a pid namespace without
	 * losing anything by it.
	 */
	if (plan.temporary && (plan.bwrap || geteuid() || unshare(CLONE_NEWNS | CLONE_NEWPID))) {
		prctl(PR_SET_CHILD_SUBREAPER, 1);
		keeper(&plan);
	}
	if (!plan.temporary) {
		if (!own_namespaces(&e))
			refuse(&plan, JAIL_AGAIN_PLAIN, &e);
		/* After the namespaces: a change of credentials clears it. */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != plan.parent)
			_exit(1);
	}
	pid = fork();
	if (pid < 0) {
		fail(&e, ERR_LATER, "starting the sandbox: %s", strerror(errno));
		refuse(&plan, JAIL_FINAL, &e);
	}
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (plan.temporary && (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
				       mount("proc", "/proc", "proc", MS_NOSUID, NULL))) {
			fail(&e, ERR_BUG, "mounting /proc: %s", strerror(errno));
			refuse(&plan, JAIL_FINAL, &e);
		}
		keeper(&plan);
	}
	close(plan.control);
	close(plan.output);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	_exit(0);
}

/*
 * The caller's side of the jail: checks the job, forks the launcher, streams the output, reads the
 * frames, and makes sure that everything is gone when it returns. Does nothing to the machine
 * itself; what is mounted and started is the launcher's.
 */
#include "bot/base/jail.h"

#include "bot/base/jail_parts.h"
#include "bot/base/kill_point.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { READ_BYTES = 64 * 1024, PIPE_BYTES = 1 << 20, START_MS = 120000, GRACE_MS = 20000 };

struct session {
	const struct jail_plan *plan;
	struct arena *arena;
	struct jail_result *result;
	int control, output;
	pid_t launcher;
	uint64_t heard_ms, output_bytes, frame_bytes;
	bool started, done, stopped, ended;
	enum jail_again again;
};

struct jail_limits jail_defaults(void)
{
	return (struct jail_limits){
		.wall_ms = 10 * 60 * 1000,
		.idle_ms = 2 * 60 * 1000,
		.cpu_s = 20 * 60,
		.memory_bytes = (uint64_t)2 << 30,
		.processes = 512,
		.file_bytes = (uint64_t)512 << 20,
		.disk_bytes = (uint64_t)2 << 30,
		.output_bytes = (uint64_t)64 << 20,
	};
}

static struct jail_limits fill_limits(struct jail_limits limits)
{
	const struct jail_limits normal = jail_defaults();

	limits.wall_ms = limits.wall_ms ? limits.wall_ms : normal.wall_ms;
	limits.idle_ms = limits.idle_ms ? limits.idle_ms : normal.idle_ms;
	limits.cpu_s = limits.cpu_s ? limits.cpu_s : normal.cpu_s;
	limits.memory_bytes = limits.memory_bytes ? limits.memory_bytes : normal.memory_bytes;
	limits.processes = limits.processes ? limits.processes : normal.processes;
	limits.file_bytes = limits.file_bytes ? limits.file_bytes : normal.file_bytes;
	limits.disk_bytes = limits.disk_bytes ? limits.disk_bytes : normal.disk_bytes;
	limits.output_bytes = limits.output_bytes ? limits.output_bytes : normal.output_bytes;
	return limits;
}

const char *jail_end_text(enum jail_end end)
{
	switch (end) {
	case JAIL_EXITED:
		return "ended by itself";
	case JAIL_SIGNALLED:
		return "was killed by a signal";
	case JAIL_WALL:
		return "ran longer than allowed";
	case JAIL_CPU:
		return "used more processor time than allowed";
	case JAIL_MEMORY:
		return "used more memory than allowed";
	case JAIL_PROCESSES:
		return "started more processes than allowed";
	case JAIL_DISK:
		return "wrote more to disk than allowed";
	case JAIL_OUTPUT:
		return "printed more than allowed";
	case JAIL_IDLE:
		return "hung: it waited longer than allowed without doing anything";
	case JAIL_STOPPED:
		return "was stopped";
	}
	return "ended in an unknown way";
}

/* The rest is drained and dropped, so that nothing blocks on its way out. */
static void stop(struct session *s, enum jail_end why)
{
	const unsigned char byte = (unsigned char)why;

	s->stopped = true;
	if (send(s->control, &byte, 1, MSG_NOSIGNAL | MSG_DONTWAIT) < 0) { /* ending already */ }
}

/* False at the end of the output. */
static bool take_output(struct session *s)
{
	const struct jail_job *job = s->plan->job;
	const uint64_t most = s->plan->limits.output_bytes;
	char bytes[READ_BYTES];
	ssize_t n = read(s->output, bytes, sizeof(bytes));
	size_t size;

	if (n <= 0)
		return n < 0 && errno == EINTR;
	if (s->stopped)
		return true;
	size = (size_t)n;
	if (s->output_bytes + size > most)
		size = (size_t)(most - s->output_bytes);
	s->output_bytes += size;
	if (size && job->output && !job->output(job->context, bytes, size))
		stop(s, JAIL_STOPPED);
	else if (size < (size_t)n)
		stop(s, JAIL_OUTPUT);
	return true;
}

static bool take_file(struct session *s, const struct jail_frame *frame, char *path, char *bytes,
		      struct err *e)
{
	struct jail_result *r = s->result;
	const struct jail_file file = { path, frame->number != 0,
					{ bytes, (size_t)frame->size }, frame->number };

	s->frame_bytes += frame->size;
	if (s->frame_bytes > 2 * (uint64_t)JAIL_ALL_BYTES_MAX ||
	    r->change_count > JAIL_FILES_MAX || r->output_count > JAIL_FILES_MAX)
		return fail(e, ERR_BUG, "the sandbox's keeper sends without end");
	if (frame->kind == JAIL_FRAME_CHANGE)
		arena_push(s->arena, r->changes, r->change_count) = file;
	else
		arena_push(s->arena, r->outputs, r->output_count) = file;
	return true;
}

static void take_outcome(struct session *s, const char *bytes)
{
	struct jail_outcome outcome;
	struct jail_result *r = s->result;

	memcpy(&outcome, bytes, sizeof(outcome));
	r->end = outcome.end >= JAIL_EXITED && outcome.end <= JAIL_STOPPED ?
		 (enum jail_end)outcome.end : JAIL_STOPPED;
	r->code = outcome.code;
	r->not_found = outcome.not_found != 0;
	r->wall_ms = outcome.wall_ms;
	r->cpu_ms = outcome.cpu_ms;
	r->setup_ms = outcome.setup_ms;
	r->memory_peak_bytes = outcome.memory_peak_bytes;
}

static bool take_frame(struct session *s, struct err *e)
{
	struct jail_frame frame;
	char *path, *bytes;

	if (!jail_frame_read(s->control, s->arena, &frame, &path, &bytes, e))
		return false;
	s->heard_ms = jail_now_ms();
	switch ((enum jail_frame_kind)frame.kind) {
	case JAIL_FRAME_FAILED:
		s->again = (enum jail_again)frame.path_size;
		return fail(e, (enum err_kind)frame.number, "%s", bytes);
	case JAIL_FRAME_STARTED:
		s->started = true;
		return true;
	case JAIL_FRAME_ENDED:
		s->ended = true;
		take_outcome(s, bytes);
		return true;
	case JAIL_FRAME_CHANGE:
	case JAIL_FRAME_OUTPUT:
		return take_file(s, &frame, path, bytes, e);
	case JAIL_FRAME_DONE:
		s->done = true;
		s->result->changes_cut = frame.number != 0;
		return true;
	}
	return false;
}

static int patience_ms(const struct session *s)
{
	uint64_t most = !s->started ? START_MS : s->ended ? GRACE_MS :
			(uint64_t)s->plan->limits.wall_ms + GRACE_MS;
	uint64_t silent = jail_now_ms() - s->heard_ms;

	if (silent >= most)
		return 0;
	return most - silent > INT_MAX ? INT_MAX : (int)(most - silent);
}

static bool converse(struct session *s, struct err *e)
{
	struct pollfd both[2] = { { .fd = s->output, .events = POLLIN },
				  { .fd = s->control, .events = POLLIN } };

	while (!s->done) {
		int patience = patience_ms(s);

		if (!patience)
			return fail(e, ERR_BUG, "the sandbox does not end; it was killed");
		if (poll(both, 2, patience) < 0 && errno != EINTR)
			return fail(e, ERR_BUG, "waiting for the sandbox: %s", strerror(errno));
		if (both[0].revents && !take_output(s))
			both[0].fd = -1;
		if (both[1].revents && !take_frame(s, e))
			return false;
	}
	/* All writers are dead; what they wrote may still be in the pipe. */
	if (both[0].fd >= 0) {
		fcntl(s->output, F_SETFL, O_NONBLOCK);
		while (take_output(s))
			;
	}
	return true;
}

static int by_path(const void *one, const void *other)
{
	const struct jail_file *a = one, *b = other;

	return strcmp(a->path, b->path);
}

static bool fork_launcher(struct session *s, struct jail_plan *plan, struct err *e)
{
	int pipes[2], sockets[2];

	if (pipe2(pipes, O_CLOEXEC))
		return fail(e, ERR_BUG, "making a pipe: %s", strerror(errno));
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets)) {
		close(pipes[0]);
		close(pipes[1]);
		return fail(e, ERR_BUG, "making a socket: %s", strerror(errno));
	}
	fcntl(pipes[1], F_SETPIPE_SZ, PIPE_BYTES);
	plan->control = sockets[1];
	plan->output = pipes[1];
	plan->parent = getpid();
	s->launcher = fork();
	if (s->launcher == 0)
		jail_launch(plan);
	close(pipes[1]);
	close(sockets[1]);
	s->output = pipes[0];
	s->control = sockets[0];
	if (s->launcher > 0)
		return true;
	close(s->output);
	close(s->control);
	return fail(e, ERR_LATER, "starting the sandbox: %s", strerror(errno));
}

static bool make_temporary(struct jail_plan *plan, struct arena *a, struct err *e)
{
	const char *base = getenv("TMPDIR");
	char *name = arena_printf(a, "%s/aegis-jail-XXXXXX",
				  base && base[0] == '/' ? base : "/tmp");

	if (!mkdtemp(name))
		return fail(e, ERR_BUG, "making %s: %s", name, strerror(errno));
	plan->temporary = name;
	return true;
}

static void remove_temporary(const struct jail_plan *plan)
{
	int fd = plan->temporary ? open(plan->temporary, O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
					O_CLOEXEC) : -1;

	if (fd >= 0) {
		jail_empty(fd);
		close(fd);
		rmdir(plan->temporary);
	}
}

static bool run_once(struct jail_plan *plan, struct arena *a, struct jail_result *result,
		     enum jail_again *again, struct err *e)
{
	const struct timeval stuck = { .tv_sec = GRACE_MS / 1000 };
	struct jail_result made = {0};
	struct session s = { .plan = plan, .arena = a, .result = &made };
	bool good;

	s.heard_ms = plan->begun_ms = jail_now_ms();
	plan->temporary = NULL;
	if ((!plan->bwrap || plan->switches.plain) && !make_temporary(plan, a, e))
		return false;
	KILL_POINT("jail.start.before");
	good = fork_launcher(&s, plan, e);
	KILL_POINT("jail.start.after");
	if (good) {
		setsockopt(s.control, SOL_SOCKET, SO_RCVTIMEO, &stuck, sizeof(stuck));
		good = converse(&s, e);
		/*
		 * A plain keeper cleans up when its socket closes; one of a namespace may die now.
		 */
		close(s.control);
		close(s.output);
		if (!plan->temporary)
			kill(s.launcher, SIGKILL);
		while (waitpid(s.launcher, NULL, 0) < 0 && errno == EINTR)
			;
	}
	KILL_POINT("jail.end.after");
	remove_temporary(plan);
	*again = s.again;
	if (!good)
		return false;
	if (made.change_count)
		qsort(made.changes, made.change_count, sizeof(*made.changes), by_path);
	if (made.output_count)
		qsort(made.outputs, made.output_count, sizeof(*made.outputs), by_path);
	*result = made;
	return true;
}

/* A "bwrap" of the repository, reached by a PATH that leads into it, would be no wall at all. */
static bool lies_in(const char *path, const char *folder)
{
	char resolved[PATH_MAX];
	struct str rest;

	if (!folder || !realpath(path, resolved))
		return true;
	rest = str_of(resolved);
	return str_skip(&rest, folder) && str_starts(rest, "/");
}

static bool find_bwrap(struct jail_plan *plan, struct arena *a, struct err *e)
{
	const char *path = getenv("PATH");
	struct str rest = str_of(path ? path : ""), folder;

	if (plan->switches.bwrap) {
		plan->bwrap = plan->switches.bwrap;
		if (!access(plan->bwrap, X_OK))
			return true;
		return fail(e, ERR_DENIED, "no sandbox: bubblewrap is not installed: install "
			    "bubblewrap (apt-get install bubblewrap)");
	}
	plan->bwrap = "/usr/bin/bwrap";
	if (!access(plan->bwrap, X_OK))
		return true;
	while (str_next(&rest, ':', &folder)) {
		plan->bwrap = arena_printf(a, "%.*s/bwrap", STR_ARG(folder));
		if (folder.size && folder.at[0] == '/' && !access(plan->bwrap, X_OK) &&
		    !lies_in(plan->bwrap, plan->folder))
			return true;
	}
	return fail(e, ERR_DENIED, "no sandbox: bubblewrap is not installed: install bubblewrap "
		    "(apt-get install bubblewrap)");
}

static bool check_folder(struct jail_plan *plan, struct arena *a, struct err *e)
{
	char resolved[PATH_MAX], home_resolved[PATH_MAX];
	const char *home = getenv("HOME");
	struct str rest;

	if (!plan->job->folder || !realpath(plan->job->folder, resolved))
		return fail(e, ERR_INPUT, "%.200s: %s",
			    plan->job->folder ? plan->job->folder : "no folder", strerror(errno));
	plan->folder = arena_strdup(a, resolved);
	plan->home = "/home/sandbox";
	if (!strcmp(resolved, "/"))
		return fail(e, ERR_INPUT, "the root of the machine is no folder to work in");
	if (access(resolved, R_OK | X_OK))
		return fail(e, ERR_INPUT, "%.200s: %s", resolved, strerror(errno));
	if (!home || home[0] != '/' || !realpath(home, home_resolved))
		return true;
	rest = str_of(home_resolved);
	if (str_skip(&rest, resolved) && (!rest.size || rest.at[0] == '/'))
		return fail(e, ERR_INPUT, "%.200s holds your home folder with your keys: "
			    "not a folder to run code in", resolved);
	/* The same name as outside, so that tools find what is bound below it. */
	if (home_resolved[1] && !str_starts(str_of(home), "/usr") &&
	    !str_starts(str_of(home), "/etc") && !str_starts(str_of(home), "/proc") &&
	    !str_starts(str_of(home), "/dev"))
		plan->home = arena_strdup(a, home);
	return true;
}

bool jail_run_with(const struct jail_job *job, const struct jail_switches *switches,
		   struct arena *a, struct jail_result *result, struct err *e)
{
	struct jail_plan plan = { .job = job, .switches = *switches };
	enum jail_again again = JAIL_FINAL;

	if (!job->argv || !job->argv[0] || !job->argv[0][0])
		return fail(e, ERR_INPUT, "no command to run");
	plan.limits = fill_limits(job->limits);
	if (!check_folder(&plan, a, e) || (!job->unsafe && !find_bwrap(&plan, a, e)))
		return false;
	/* Each switch can be set once, so this ends. */
	while (!run_once(&plan, a, result, &again, e)) {
		if (again == JAIL_AGAIN_PLAIN && !plan.switches.plain && plan.bwrap)
			plan.switches.plain = true;
		else if (again == JAIL_AGAIN_OLD && !plan.switches.old)
			plan.switches.old = true;
		else
			return false;
	}
	return true;
}

bool jail_run(const struct jail_job *job, struct arena *a, struct jail_result *result,
	      struct err *e)
{
	const struct jail_switches none = {0};

	return jail_run_with(job, &none, a, result, e);
}

bool jail_probe(struct err *e)
{
	const char *const argv[] = { "/bin/true", NULL };
	char folder[] = "/tmp/aegis-probe-XXXXXX";
	struct jail_job job = { .folder = folder, .argv = argv };
	struct jail_result result;
	ARENA a = {0};
	bool good;

	if (!mkdtemp(folder))
		return fail(e, ERR_BUG, "making %s: %s", folder, strerror(errno));
	good = jail_run(&job, &a, &result, e);
	rmdir(folder);
	if (good && (result.end != JAIL_EXITED || result.code))
		return fail(e, ERR_DENIED, "no sandbox: /bin/true does not run in it");
	return good;
}

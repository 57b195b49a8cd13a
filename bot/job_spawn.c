/*
 * The start of a job's child: a session of its own, nothing open but the lock, a new environment of
 * what tools need and the keys of the models. Its parent is init, so nobody has to wait for it.
 */
#include "bot/job_parts.h"

#include "bot/base/jail.h"
#include "bot/base/kill_point.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* Besides those of the toolchains. Settings of git are only asked for the user's own repositories. */
static const char *const passed[] = {
	"USER", "LOGNAME", "LANG", "LC_MESSAGES", "XDG_CONFIG_HOME", "SSL_CERT_FILE",
	"SSL_CERT_DIR", "NO_COLOR",
};

struct environment {
	struct arena *arena;
	char **all;
	size_t count;
};

static void pass(struct environment *to, const char *name)
{
	const char *value = name ? getenv(name) : NULL;
	struct str start;

	if (!value)
		return;
	for (size_t i = 0; i < to->count; i++) {
		start = str_of(to->all[i]);
		if (str_skip(&start, name) && start.size && start.at[0] == '=')
			return;
	}
	arena_push(to->arena, to->all, to->count) = arena_printf(to->arena, "%s=%s", name, value);
}

static char **environment_of(const struct daemon *d, const char *folder, struct arena *a)
{
	struct environment made = { .arena = a };

	for (const char *const *name = jail_toolchain_variables(a); *name; name++)
		pass(&made, *name);
	for (size_t i = 0; i < sizeof(passed) / sizeof(passed[0]); i++)
		pass(&made, passed[i]);
	arena_push(a, made.all, made.count) = arena_printf(a, "TMPDIR=%s/%s", folder, JOB_TEMPORARY);
	for (size_t i = 0; i < config_count(d->config, "models"); i++)
		pass(&made, config_secret_variable(d->config,
			arena_printf(a, "models[%zu].api_key", i), a));
	if (kill_points_present()) {
		pass(&made, "AEGIS_KILL_AT");
		pass(&made, "AEGIS_KILL_FOLDER");
	}
	arena_push(a, made.all, made.count) = NULL;
	return made.all;
}

/* What the child is started with; made before the fork, where other threads may hold any lock. */
struct start {
	char **words, **environment;
	const char *log;
	int held;
};

static _Noreturn void become_child(const struct start *start)
{
	int null = open("/dev/null", O_RDWR);
	int log = open(start->log, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_NOFOLLOW, 0600);
	sigset_t none;

	if (null < 0)
		_exit(127);
	dup2(null, 0);
	dup2(log < 0 ? null : log, 1);
	dup2(1, 2);
	dup2(start->held, JOB_HELD_FD);
	close_range(JOB_HELD_FD + 1, ~0U, 0);
	for (int i = 1; i < 32; i++)
		signal(i, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execve("/proc/self/exe", start->words, start->environment);
	_exit(127);
}

static _Noreturn void fork_again(const struct start *start)
{
	pid_t child;

	setsid();
	child = fork();
	if (!child)
		become_child(start);
	_exit(child < 0);
}

bool job_spawn(const struct daemon *d, const char *folder, int held, struct arena *a,
	       struct err *e)
{
	const struct start start = {
		.words = (char *[]){ arena_strdup(a, "aegis"), arena_strdup(a, JOB_CHILD_ARGUMENT),
				     arena_strdup(a, folder), NULL },
		.environment = environment_of(d, folder, a),
		.log = job_path(a, folder, JOB_CHILD_LOG), .held = held,
	};
	int status = 0;
	pid_t between;

	KILL_POINT("job.spawn.before");
	between = fork();
	if (!between)
		fork_again(&start);
	if (between < 0)
		return fail(e, ERR_LATER, "starting a process: %s", strerror(errno));
	while (waitpid(between, &status, 0) < 0 && errno == EINTR)
		;
	KILL_POINT("job.spawn.after");
	return !status || fail(e, ERR_LATER, "starting a process failed");
}

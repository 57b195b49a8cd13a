/*
 * Keeps a process running that is the door. It is this program once more, started with nothing open
 * and nothing in its environment but what it needs, and it dies with the daemon. Leaves out the door
 * itself: that is serving_run.c.
 */
#include "bot/serve/serving.h"

#include "bot/base/clock.h"
#include "bot/base/kill_point.h"
#include "bot/base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	AGAIN_FIRST_MS = 1000, AGAIN_MOST_MS = 60 * 1000,
	WELL_MS = 60 * 1000,		/* whoever ran so long starts anew without waiting */
	PATIENCE_MS = 5000,
};

static const char *const passed[] = {
	"LANG", "LC_MESSAGES", "NO_COLOR", "TMPDIR", "AEGIS_LOG", "AEGIS_KILL_AT", "AEGIS_KILL_FOLDER",
};

static const char *const secrets[] = { "github.webhook_secret", "github.webhook_secret_previous" };

static char **environment_of(const struct daemon *d, struct arena *a)
{
	char **all = NULL;
	size_t count = 0;

	for (size_t i = 0; i < sizeof(passed) / sizeof(passed[0]); i++)
		if (getenv(passed[i]))
			arena_push(a, all, count) = arena_printf(a, "%s=%s", passed[i],
								 getenv(passed[i]));
	for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++) {
		const char *name = config_secret_variable(d->config, secrets[i], a);

		if (name && getenv(name))
			arena_push(a, all, count) = arena_printf(a, "%s=%s", name, getenv(name));
	}
	arena_push(a, all, count) = NULL;
	return all;
}

/* Only calls that are allowed behind a fork. stderr stays: it logs there. */
static _Noreturn void become_door(char *const *words, char *const *environment, int bell, pid_t parent)
{
	int null = open("/dev/null", O_RDWR);
	sigset_t none;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (null < 0 || getppid() != parent)
		_exit(127);
	dup2(null, 0);
	dup2(bell, 1);
	close_range(3, ~0U, 0);
	for (int i = 1; i < 32; i++)
		signal(i, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execve("/proc/self/exe", words, environment);
	_exit(127);
}

static void start(struct serving *s)
{
	ARENA a = {0};
	char *words[] = { arena_strdup(&a, "aegis"), arena_strdup(&a, "serve"),
			  arena_strdup(&a, "--door"), arena_strdup(&a, "--config"),
			  arena_strdup(&a, s->daemon->config_file), NULL };
	char **environment = environment_of(s->daemon, &a);
	const pid_t parent = getpid();
	pid_t pid;

	if (!s->daemon->config_file)
		words[3] = NULL;
	KILL_POINT("serving.start.before");
	pid = fork();
	if (!pid)
		become_door(words, environment, s->bell[1], parent);
	s->started_at_ms = clock_monotonic_ms();
	if (pid < 0)
		log_event(LOG_WARNING, "the webhooks' process cannot be started",
			  LOG_TEXT("why", strerror(errno)));
	else
		s->pid = pid;
}

/* Twice as long each time, so that a port that is taken does not fill the log. */
static void put_off(struct serving *s)
{
	int64_t wait_ms = AGAIN_FIRST_MS;

	if (clock_monotonic_ms() - s->started_at_ms > WELL_MS)
		s->failures = 0;
	for (unsigned i = 0; i < s->failures && wait_ms < AGAIN_MOST_MS; i++)
		wait_ms *= 2;
	s->failures++;
	s->again_at_ms = clock_monotonic_ms() + (wait_ms < AGAIN_MOST_MS ? wait_ms : AGAIN_MOST_MS);
}

void serving_tend(void *serving)
{
	struct serving *s = serving;
	int status = 0;

	if (s->pid && waitpid(s->pid, &status, WNOHANG) == s->pid) {
		s->pid = 0;
		put_off(s);
		log_event(LOG_WARNING, "the webhooks' process has ended: GitHub is only asked until it "
			  "runs again", LOG_NUMBER("signal", WIFSIGNALED(status) ? WTERMSIG(status) : 0),
			  LOG_NUMBER("exit_code", WIFEXITED(status) ? WEXITSTATUS(status) : 0),
			  LOG_NUMBER("again_in_ms", s->again_at_ms - clock_monotonic_ms()));
	}
	if (!s->pid && clock_monotonic_ms() >= s->again_at_ms) {
		start(s);
		if (!s->pid)
			put_off(s);
	}
}

bool serving_open(const struct daemon *daemon, struct serving *out, struct err *e)
{
	struct serving s = { .daemon = daemon };

	if (pipe2(s.bell, O_CLOEXEC | O_NONBLOCK))
		return fail(e, err_kind_of_errno(errno), "a pipe: %s", strerror(errno));
	*out = s;
	serving_tend(out);
	return true;
}

void serving_close(struct serving *s)
{
	int64_t until_ms = clock_monotonic_ms() + PATIENCE_MS;

	if (s->pid) {
		kill(s->pid, SIGTERM);
		while (waitpid(s->pid, NULL, WNOHANG) == 0 && clock_monotonic_ms() < until_ms)
			usleep(5000);
		if (clock_monotonic_ms() >= until_ms && !kill(s->pid, SIGKILL))
			waitpid(s->pid, NULL, 0);
		s->pid = 0;
	}
	if (s->bell[1]) {
		close(s->bell[0]);
		close(s->bell[1]);
	}
}

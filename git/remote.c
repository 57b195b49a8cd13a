/*
 * The parent's side of fetches and pushes: starts the child, hands it the request with its secrets
 * over a socket, waits no longer than the time given, and reads a small answer. Speaks no git
 * (git/remote_child.c).
 */
#include "git/remote.h"

#include "bot/base/clock.h"
#include "bot/base/kill_point.h"
#include "git/github_read.h"
#include "git/remote_private.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FETCH_MS = 10 * 60 * 1000, PUSH_MS = 2 * 60 * 1000 };
static const uint64_t bytes_most_default = UINT64_C(2) << 30;

/*
 * Of certificates for numbered addresses libgit2 is no judge: its OpenSSL part (1.7) takes one for
 * any other number and refuses the right one, its mbedTLS part (1.5) refuses all.
 */
static bool check_host(struct str rest, struct err *e)
{
	unsigned char number[sizeof(struct in_addr)];
	char host[INET_ADDRSTRLEN];
	struct str name = rest, after;

	str_split(rest, "/", &name, &after);
	if (!str_starts(name, "["))
		str_split(name, ":", &name, &after);
	if (!name.size || str_char(name, '%') >= 0)
		return fail(e, ERR_INPUT, "the repository's address has no host");
	snprintf(host, sizeof(host), "%.*s", STR_ARG(name));
	if (str_starts(name, "[") || (name.size < sizeof(host) && inet_pton(AF_INET, host, number)))
		return fail(e, ERR_INPUT, "the repository's address is a number; https needs the "
			    "server's name, for which its certificate is");
	return true;
}

static bool check_url(const char *url, struct err *e)
{
	struct str rest = str_of(url), host, path;

	if (str_starts(rest, "file:///"))
		return true;
	for (size_t i = 0; i < rest.size; i++)
		if ((unsigned char)rest.at[i] <= ' ' || strchr("@?#\\\"", rest.at[i]))
			return fail(e, ERR_INPUT, "the repository's address has a user, a query or "
				    "blanks in it");
	if (str_skip(&rest, "https://"))
		return check_host(rest, e);
	if (!str_skip(&rest, "http://") || !str_split(rest, "/", &host, &path))
		return fail(e, ERR_INPUT, "the repository's address must be https");
	str_split(host, ":", &host, &path);
	if (!str_is(host, "127.0.0.1") && !str_is(host, "localhost"))
		return fail(e, ERR_INPUT, "the repository's address must be https (http only on "
			    "this machine)");
	return true;
}

/* Empty, but for a test that kills the child. */
static char **environment_of(struct arena *a)
{
	const char *folder = kill_points_present() ? getenv("AEGIS_KILL_FOLDER") : NULL;
	char **all = arena_array(a, char *, 2);

	if (folder)
		all[0] = arena_printf(a, "AEGIS_KILL_FOLDER=%s", folder);
	return all;
}

/* The child's end becomes its input; nothing else is open there. */
static void become_child(int end, char *const *environment)
{
	char name[] = "aegis", argument[] = REMOTE_CHILD_ARGUMENT;
	char *const argv[] = { name, argument, NULL };
	int null = open("/dev/null", O_RDWR);
	sigset_t none;

	if (end)
		dup2(end, 0);
	else
		fcntl(0, F_SETFD, 0);
	dup2(null, 1);
	dup2(null, 2);
	close_range(3, ~0U, 0);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	execve("/proc/self/exe", argv, environment);
	_exit(127);
}

static bool send_all(int to, struct str text)
{
	while (text.size) {
		ssize_t sent = send(to, text.at, text.size, MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent <= 0)
			return false;
		text = str_from(text, (size_t)sent);
	}
	shutdown(to, SHUT_WR);
	return true;
}

/* Until the child closes its end. False when the time is over, or it says too much. */
static bool receive_all(int from, int64_t until_ms, struct text *answer)
{
	char bytes[4096];

	for (;;) {
		int64_t left = until_ms - clock_monotonic_ms();
		struct pollfd wait = { .fd = from, .events = POLLIN };
		ssize_t size;

		if (left <= 0 || answer->size > REMOTE_TALK_MOST)
			return false;
		if (poll(&wait, 1, left < 60000 ? (int)left : 60000) <= 0)
			continue;
		size = recv(from, bytes, sizeof(bytes), 0);
		if (size < 0 && errno == EINTR)
			continue;
		if (size <= 0)
			return true;
		text_add(answer, (struct str){ bytes, (size_t)size });
	}
}

static int end_child(pid_t child, bool in_time)
{
	int status = 0;

	if (!in_time)
		kill(child, SIGKILL);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

static bool talk(const json_t *request, unsigned total_ms, struct text *answer, bool *in_time,
		 int *status, struct err *e)
{
	int64_t until_ms = clock_monotonic_ms() + total_ms;
	ARENA scratch = {0};
	struct text text = TEXT(&scratch);
	char *const *environment = environment_of(&scratch);
	int ends[2];
	pid_t child;

	if (!json_print(request, JSON_AS_MADE, &text, e))
		return false;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
		return fail(e, ERR_BUG, "making a socket: %s", strerror(errno));
	KILL_POINT("remote.spawn.before");
	child = fork();
	if (!child)
		become_child(ends[1], environment);
	close(ends[1]);
	if (child < 0) {
		close(ends[0]);
		return fail(e, err_kind_of_errno(errno), "starting a process: %s", strerror(errno));
	}
	KILL_POINT("remote.spawn.after");
	*in_time = !send_all(ends[0], text_str(&text)) || receive_all(ends[0], until_ms, answer);
	KILL_POINT("remote.answer.after");
	*status = end_child(child, *in_time);
	close(ends[0]);
	explicit_bzero(text.at, text.size);
	return true;
}

/* How it ended, also when the child could not say so. */
static bool run(const json_t *request, unsigned total_ms, struct arena *a, enum remote_end *end,
		const char **why, struct err *e)
{
	struct text answer = TEXT(a);
	struct err ignored = ERR_INIT;
	bool in_time = true;
	JSON *json = NULL;
	int status = 0;
	int64_t number;

	if (!talk(request, total_ms, &answer, &in_time, &status, e))
		return false;
	if (!in_time) {
		*end = END_LATER;
		*why = "it took too long";
	} else if (json_parse(text_str(&answer), REMOTE_TALK_MOST, &json, &ignored) &&
		   json_get_integer(json, "end", &number, &ignored) && number >= END_DONE &&
		   number <= END_BUG) {
		*end = (enum remote_end)number;
		*why = str_text(a, json_text_or(json, "text", STR_NONE));
	} else if (WIFSIGNALED(status)) {
		*end = WTERMSIG(status) == SIGXFSZ ? END_INPUT : END_LATER;
		*why = WTERMSIG(status) == SIGXFSZ ? "it is too large"
			: arena_printf(a, "its process died of signal %d", WTERMSIG(status));
	} else {
		*end = END_BUG;
		*why = arena_printf(a, "its process ended with %d and said nothing",
				    WEXITSTATUS(status));
	}
	return true;
}

static json_t *request_of(const struct remote *remote)
{
	json_t *json = json_pack("{s:s, s:s, s:o, s:I}", "mirror", remote->mirror, "url",
		remote->url, "token", json_string_of(remote->token), "bytes_most",
		(json_int_t)(remote->bytes_most ? remote->bytes_most : bytes_most_default));

	if (json && remote->ca_file)
		json_object_set_new(json, "ca_file", json_string(remote->ca_file));
	return json;
}

bool remote_fetch(const struct remote *remote, const uint64_t *pulls, size_t pull_count,
		  struct err *e)
{
	static const enum err_kind kinds[] = {
		[END_DONE] = ERR_NONE, [END_MOVED] = ERR_BUG, [END_REJECTED] = ERR_BUG,
		[END_DENIED] = ERR_DENIED, [END_LATER] = ERR_LATER, [END_GONE] = ERR_GONE,
		[END_INPUT] = ERR_INPUT, [END_BUG] = ERR_BUG,
	};
	ARENA scratch = {0};
	JSON *request = request_of(remote);
	json_t *numbers = json_array();
	enum remote_end end;
	const char *why;

	for (size_t i = 0; i < pull_count; i++)
		json_array_append_new(numbers, json_integer((json_int_t)pulls[i]));
	if (!request || json_object_set_new(request, "pulls", numbers))
		return fail(e, ERR_INPUT, "the mirror's folder or address is not UTF-8");
	json_object_set_new(request, "push", json_false());
	if (!check_url(remote->url, e) ||
	    !run(request, remote->total_ms ? remote->total_ms : FETCH_MS, &scratch, &end, &why, e))
		return fail_while(e, "fetching");
	return end == END_DONE || fail(e, kinds[end], "fetching: %s", why);
}

static bool check_push(const struct remote_push *push, struct err *e)
{
	if (!github_branch_is_good(str_of(push->branch)) ||
	    !str_starts(str_of(push->branch), "aegis/"))
		return fail(e, ERR_INPUT, "pushing: only branches of our own (aegis/...) are pushed");
	if ((push->commit && !github_sha_is_good(str_of(push->commit))) ||
	    (push->expected && !github_sha_is_good(str_of(push->expected))) ||
	    (!push->commit && !push->expected))
		return fail(e, ERR_INPUT, "pushing: this is no commit's id");
	return true;
}

bool remote_push(const struct remote *remote, const struct remote_push *push,
		 enum remote_pushed *out, struct str *why, struct arena *a, struct err *e)
{
	JSON *request = request_of(remote);
	enum remote_end end;
	const char *text;

	if (!request || !check_url(remote->url, e) || !check_push(push, e))
		return request ? false : fail(e, ERR_INPUT, "the mirror's folder is not UTF-8");
	json_object_set_new(request, "push", json_true());
	json_object_set_new(request, "branch", json_string(push->branch));
	json_object_set_new(request, "commit", json_string(push->commit ? push->commit : ""));
	json_object_set_new(request, "expected", json_string(push->expected ? push->expected : ""));
	if (!run(request, remote->total_ms ? remote->total_ms : PUSH_MS, a, &end, &text, e))
		return fail_while(e, "pushing");
	switch (end) {
	case END_INPUT:
	case END_BUG:
		return fail(e, end == END_INPUT ? ERR_INPUT : ERR_BUG, "pushing: %s", text);
	case END_DONE:
		*out = REMOTE_PUSHED;
		break;
	case END_MOVED:
		*out = REMOTE_MOVED;
		break;
	case END_REJECTED:
		*out = REMOTE_REJECTED;
		break;
	case END_DENIED:
	case END_GONE:
		*out = REMOTE_DENIED;
		break;
	case END_LATER:
		*out = REMOTE_LATER;
		break;
	}
	*why = str_of(text);
	return true;
}

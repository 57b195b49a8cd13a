/*
 * A daemon that watches 1,000 repositories where nothing happens, every 30 s: what a look at the
 * runs, and one at the checks too, cost in processor time and memory. The server is a process of
 * its own (tests/bench/quiet.mjs). Exit 1 when a limit is missed; skipped where node is missing.
 */
#include "bot/base/file.h"
#include "bot/base/http.h"
#include "bot/base/json.h"
#include "bot/see.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { REPOSITORIES = 1000, INSTALLATIONS = 4, LOOKS = 10, EVERY_S = 30, CORE_PERCENT_MOST = 20,
	MEMORY_MIB_MOST = 64 };

static struct arena arena;
static const char *url, *folder;
static pid_t server;
static int server_stdin;

static double cpu_s(void)
{
	struct rusage use;

	getrusage(RUSAGE_SELF, &use);
	return (double)(use.ru_utime.tv_sec + use.ru_stime.tv_sec) +
	       (double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e6;
}

static double peak_mib(void)
{
	struct rusage use;

	getrusage(RUSAGE_SELF, &use);
	return (double)use.ru_maxrss / 1024;
}

static bool write_settings(struct str key, struct err *e)
{
	const char *key_file = arena_printf(&arena, "%s/key.pem", folder);
	const char *text = arena_printf(&arena,
		"{\"github\":{\"api_url\":\"%s\",\"app_id\":1,\"private_key_file\":\"key.pem\"},"
		"\"store\":{\"url\":\"sqlite:%s/aegis.db\"},\"work\":{\"folder\":\"%s/work\"}}\n",
		url, folder, folder);

	return file_write(key_file, key, 0600, e) &&
	       file_write(arena_printf(&arena, "%s/aegis.yml", folder), str_of(text), 0600, e);
}

/* The server prints one line when it listens, and ends when its input does. */
static bool start_server(struct err *e)
{
	char line[8192] = "";
	size_t size = 0;
	int in[2], out[2];
	JSON *json = NULL;

	if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC))
		return fail(e, ERR_BUG, "pipe: %s", strerror(errno));
	server = fork();
	if (!server) {
		dup2(in[0], 0);
		dup2(out[1], 1);
		execlp("node", "node", "tests/bench/quiet.mjs",
		       arena_printf(&arena, "%d", REPOSITORIES),
		       arena_printf(&arena, "%d", INSTALLATIONS), (char *)NULL);
		_exit(127);
	}
	close(in[0]);
	close(out[1]);
	server_stdin = in[1];
	while (size < sizeof(line) - 1 && !strchr(line, '\n') && read(out[0], line + size, 1) == 1)
		size++;
	close(out[0]);
	if (!size) {
		printf("skipped: node is not installed\n");
		return true;
	}
	if (!json_parse(str_of(line), sizeof(line), &json, e))
		return fail_while(e, "starting the server");
	url = str_text(&arena, json_text_or(json, "url", STR_NONE));
	return write_settings(json_text_or(json, "key", STR_NONE), e);
}

static bool count(int64_t *tokens, int64_t *fresh, int64_t *unchanged, struct err *e)
{
	HTTP *http = http_open(NULL, e);
	const struct http_request request = { .method = "GET", .allow = HTTP_PLAIN | HTTP_PRIVATE,
		.url = arena_printf(&arena, "%s/_count", url) };
	struct http_response response;
	JSON *json = NULL;

	if (!http || !http_send(http, &request, &arena, &response, e) ||
	    !json_parse(response.body, 1000, &json, e))
		return false;
	*tokens = json_integer_or(json, "tokens", -1);
	*fresh = json_integer_or(json, "fresh", -1);
	*unchanged = json_integer_or(json, "unchanged", -1);
	return true;
}

/* Looks at all, some times over. *share: of one core, when it is done every 30 s. */
static bool look(struct daemon *d, unsigned times, bool checks, double *share, struct err *e)
{
	struct seen seen = {0};
	double start = cpu_s();

	for (unsigned i = 0; i < times; i++) {
		ARENA a = {0};

		if (!see_runs(d, NULL, &a, &seen, e) || (checks && !see_checks(d, NULL, &a, &seen, e)))
			return false;
	}
	*share = (cpu_s() - start) / times / EVERY_S * 100;
	return (!seen.unreachable && seen.repositories == (size_t)REPOSITORIES * times) ||
	       fail(e, ERR_BUG, "%zu repositories, %zu out of reach", seen.repositories,
		    seen.unreachable);
}

static bool say(const char *what, double value, const char *unit, double most)
{
	bool good = most <= 0 || value <= most;

	printf("%-44s %10.2f %s", what, value, unit);
	if (most > 0)
		printf("  (at most %.0f)%s", most, good ? "" : "  MISSED");
	printf("\n");
	return good;
}

static bool measure(bool *met, struct err *e)
{
	DAEMON d = {0};
	int64_t tokens, fresh, unchanged, fresh_before;
	double first, runs, all;

	if (!daemon_open(arena_printf(&arena, "%s/aegis.yml", folder), &arena, &d, e) ||
	    !see_repositories(&d, &arena, e) || !look(&d, 1, true, &first, e) ||
	    !count(&tokens, &fresh_before, &unchanged, e) || !look(&d, LOOKS, false, &runs, e) ||
	    !look(&d, LOOKS, true, &all, e) || !count(&tokens, &fresh, &unchanged, e))
		return false;
	say("first look at 1,000 repositories, all new", first * EVERY_S / 100, "s", 0);
	*met = say("a look at the runs every 30 s", runs, "% of a core", CORE_PERCENT_MOST);
	*met &= say("a look at runs and checks every 30 s", all, "% of a core", CORE_PERCENT_MOST);
	*met &= say("peak memory", peak_mib(), "MiB", MEMORY_MIB_MOST);
	*met &= say("tokens", (double)tokens, " ", INSTALLATIONS);
	printf("%-44s %10lld\n", "answers of 304", (long long)unchanged);
	printf("%-44s %10lld\n", "answers of 200 after the first look",
	       (long long)(fresh - fresh_before));
	*met &= fresh == fresh_before;
	return true;
}

int main(void)
{
	FILE_TEMPORARY place = {""};
	struct err e = ERR_INIT;
	bool met = false;

	if (file_temporary(&place, &e)) {
		folder = place.path;
		if (start_server(&e) && (!url || measure(&met, &e)))
			met = met || !url;
	}
	if (e.text[0])
		fprintf(stderr, "bench_seeing: %s\n", e.text);
	if (server > 0) {
		close(server_stdin);
		kill(server, SIGTERM);
		waitpid(server, NULL, 0);
	}
	arena_release(&arena);
	return met ? 0 : 1;
}

/*
 * The local GitHub (tests/hub) for a C test: started with one repository and an App that is installed
 * on it, and a client as that App. Nothing runs where node or the hub is missing: NEEDS_HUB skips.
 */
#ifndef TESTS_HUB_UNIT_H
#define TESTS_HUB_UNIT_H

#include "tests/http_unit.h"
#include "tests/unit.h"
#include "tests/repository.h"

#include "bot/base/http.h"
#include "bot/base/json.h"
#include "git/github_repository.h"
#include "git/remote.h"

static struct folder folder;
static struct arena arena;
static struct github *github;
static struct github_call call;
static struct err e;
static pid_t hub;
static const char *url;
static struct str key_pem;

static inline void must(bool done)
{
	if (!done)
		fail_msg("%s", e.text);
}

/* As a person, or (token NULL) as nobody. */
static inline struct str send_as(const char *token, const char *method, const char *path, const char *body)
{
	HTTP *http = http_open(NULL, &e);
	const struct http_header headers[] = { { "User-Agent", "test" },
		{ "Authorization", arena_printf(&arena, "Bearer %s", token ? token : "") } };
	struct http_request request = { .method = method, .body = str_of(body),
		.url = arena_printf(&arena, "%s%s", url, path), .headers = headers,
		.header_count = token ? 2 : 1, .allow = HTTP_PLAIN | HTTP_PRIVATE };
	struct http_response response = {0};

	must(http_send(http, &request, &arena, &response, &e));
	if (response.status != 200)
		fail_msg("%s: %.*s", path, STR_ARG(response.body));
	return response.body;
}

static inline struct str control(const char *method, const char *name, const char *body)
{
	return send_as(NULL, method, arena_printf(&arena, "/_hub/%s", name), body);
}

static inline json_t *seed_of(const char *public_key)
{
	return json_pack("{s:{s:s}, s:[{s:s, s:s, s:i, s:s, s:{s:s}}], s:[{s:s, s:s, s:b, s:{s:s, s:s, s:s},"
			 "s:{s:s, s:s}, s:{s:{s:{s:[s]}}}}], s:[{s:s, s:s}],"
			 "s:[{s:s, s:s}, {s:s, s:s}]}",
		"users", "alice", "User",
		"apps", "name", "Aegis", "owner", "alice", "id", 42, "public_key", public_key,
			"permissions", "administration", "read",
		"repositories", "owner", "alice", "name", "demo", "run", 1, "files",
			"value.txt", "2\n", "test.sh", "test \"$(cat value.txt)\" = 1 || { echo \"value is not 1\"; exit 3; }\n",
			".github/workflows/ci.yml", "name: ci\non: { push: {}, pull_request: {} }\njobs:\n  test:\n"
			"    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n"
			"      - run: sh test.sh\n",
			"collaborators", "bob", "write", "carol", "read", "protection", "main", "required_status_checks",
			"contexts", "test",
		"installations", "app", "aegis", "account", "alice",
		"tokens", "user", "bob", "token", "ghp_bob", "user", "carol", "token", "ghp_carol");
}

static inline void start_hub(const char *main_js, const char *seed)
{
	char line[8192] = "";
	JSON *json = NULL;
	size_t size = 0;
	int out[2];

	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	hub = fork();
	if (!hub) {
		dup2(fcntl(out[1], F_DUPFD_CLOEXEC, 10), 1);
		execlp("node", "node", main_js, "--with-parent", "--port", "0", "--root", folder.path,
		       "--seed", seed, (char *)NULL);
		_exit(127);
	}
	close(out[1]);
	while (size < sizeof(line) - 1 && !strchr(line, '\n') && read(out[0], line + size, 1) == 1)
		size++;
	must(json_parse(str_of(line), sizeof(line), &json, &e));
	url = str_text(&arena, json_text_or(json, "url", STR_NONE));
	control("POST", "idle", "{}");
}

static inline int hub_start(void **state)
{
	const char *at = getenv("AEGIS_HUB") ? getenv("AEGIS_HUB") : "tests/hub";
	struct text text = TEXT(&arena);
	struct github_settings settings = { .mode = GITHUB_APP, .app_id = 42, .write_gap_ms = 1 };
	const char *seed, *main_js = arena_printf(&arena, "%s/main.js", at);
	JSON *json = NULL;

	(void)state;
	if (access(main_js, R_OK))
		return 0;
	folder = folder_new();
	shell(&arena, &folder, "openssl genrsa -traditional -out key.pem 2048 2>/dev/null; "
	      "openssl rsa -in key.pem -pubout -out public.pem 2>/dev/null");
	key_pem = shell(&arena, &folder, "cat key.pem");
	json = seed_of(str_text(&arena, shell(&arena, &folder, "cat public.pem")));
	must(json_print(json, JSON_AS_MADE, &text, &e));
	write_file(&folder, "seed.json", text_str(&text));
	seed = arena_printf(&arena, "%s/seed.json", folder.path);
	start_hub(main_js, seed);
	settings.api_url = url;
	settings.key_pem = key_pem;
	must(github_open(&settings, &github, &e));
	call = (struct github_call){ .github = github, .owner = "alice", .name = "demo",
		.arena = &arena };
	return 0;
}

static inline int hub_stop(void **state)
{
	(void)state;
	if (!hub)
		return 0;
	github_close(&github);
	kill(hub, SIGTERM);
	waitpid(hub, NULL, 0);
	folder_close(&folder);
	arena_release(&arena);
	return 0;
}

#define NEEDS_HUB() do { if (!hub) { print_message("skipped: no hub here\n"); skip(); } } while (0)

static inline struct remote remote_here(void)
{
	struct remote remote = { .mirror = arena_printf(&arena, "%s/mirror.git", folder.path) };

	must(github_git_url(&call, &remote.url, &e));
	return remote;
}

static inline void push_branch(const struct remote *remote, const char *branch, const char *id,
			const char *expected)
{
	const struct remote_push push = { branch, id, expected };
	enum remote_pushed pushed;
	struct str why;

	must(remote_push(remote, &push, &pushed, &why, &arena, &e));
	if (pushed != REMOTE_PUSHED)
		fail_msg("%d %.*s", pushed, STR_ARG(why));
}

/* A test of its own at the end: nothing we asked was against the published description. */
static inline void by_the_book(void **state)
{
	(void)state;
	JSON *json = NULL;

	NEEDS_HUB();
	must(json_parse(control("GET", "violations", ""), 1 << 20, &json, &e));
	for (size_t i = 0; i < json_array_size(json); i++) {
		const json_t *one = json_array_get(json, i);
		struct text text = TEXT(&arena);

		/* What the hub itself says wrongly is for its own tests. */
		if (!str_is(json_text_or(one, "kind", STR_NONE), "request"))
			continue;
		must(json_print(one, JSON_AS_MADE, &text, &e));
		fail_msg("%s", text_cstr(&text));
	}
}

#endif

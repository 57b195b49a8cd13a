/*
 * A small GitHub that says what a test has written down: a list of requests that may come, each with
 * its answer, used once. What came is kept. The clock stands still but for the client's own waiting.
 */
#ifndef TESTS_GITHUB_UNIT_H
#define TESTS_GITHUB_UNIT_H

#include "bot/base/clock.h"
#include "git/github_private.h"
#include "tests/unit.h"

#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LINES_MOST = 200, REQUEST_MOST = 65536 };

/* expect: how the request's first line begins. answer: "200\nETag: x\n\nbody"; "" closes; NULL ends. */
struct line {
	const char *expect, *answer;
};

static struct little {
	int listener;
	unsigned port;
	pthread_t thread;
	pthread_mutex_t lock;
	struct arena arena;
	struct line lines[LINES_MOST];
	size_t line_count;
	bool used[LINES_MOST];
	const char *came[LINES_MOST];	/* whole requests, in order */
	size_t came_count;
	const char *stranger;		/* the first line of a request that was not expected */
	int64_t slept_ms;
	int64_t sleeps[LINES_MOST];
	size_t sleep_count;
} little = { .lock = PTHREAD_MUTEX_INITIALIZER };

static const int64_t little_start_ms = INT64_C(1800000000000);

static inline int64_t little_now(void *context)
{
	(void)context;
	return little_start_ms + little.slept_ms;
}

static inline void little_sleep(void *context, int64_t ms)
{
	(void)context;
	little.slept_ms += ms;
	if (little.sleep_count < LINES_MOST)
		little.sleeps[little.sleep_count++] = ms;
}

static inline size_t little_read(int client, char *bytes)
{
	size_t size = 0, wanted = SIZE_MAX;

	while (size < wanted && size < REQUEST_MOST - 1) {
		ssize_t more = recv(client, bytes + size, REQUEST_MOST - 1 - size, 0);
		const char *end, *length;

		if (more <= 0)
			break;
		size += (size_t)more;
		bytes[size] = '\0';
		end = strstr(bytes, "\r\n\r\n");
		length = strcasestr(bytes, "\r\ncontent-length:");
		if (end)
			wanted = (size_t)(end + 4 - bytes) +
				 (length && length < end ? strtoul(length + 17, NULL, 10) : 0);
	}
	return size;
}

static inline const char *little_answer(const char *request)
{
	const char *answer = "599\n\nnot expected";

	pthread_mutex_lock(&little.lock);
	if (little.came_count < LINES_MOST)
		little.came[little.came_count++] = arena_strdup(&little.arena, request);
	for (size_t i = 0; i < little.line_count; i++) {
		const char *expect = little.lines[i].expect;

		if (little.used[i] || strncmp(request, expect, strlen(expect)))
			continue;
		little.used[i] = true;
		answer = little.lines[i].answer;
		break;
	}
	if (!strncmp(answer, "599", 3) && !little.stranger)
		little.stranger = arena_printf(&little.arena, "%.*s", (int)strcspn(request, "\r"),
					       request);
	pthread_mutex_unlock(&little.lock);
	return answer;
}

static inline void little_send(int client, const char *answer)
{
	struct str head, body, status, rest, line;
	ARENA a = {0};
	struct text out = TEXT(&a);

	if (!*answer)
		return;
	if (!str_split(str_of(answer), "\n\n", &head, &body))
		head = str_of(answer), body = STR_NONE;
	if (!str_split(head, "\n", &status, &rest))
		status = head, rest = STR_NONE;
	text_addf(&out, "HTTP/1.1 %.*s X\r\nConnection: close\r\n", STR_ARG(status));
	while (str_next(&rest, '\n', &line))
		text_addf(&out, "%.*s\r\n", STR_ARG(line));
	if (!str_is(status, "304") && !str_is(status, "204") && !strstr(answer, "Content-Length"))
		text_addf(&out, "Content-Length: %zu\r\n", body.size);
	text_addf(&out, "\r\n");
	text_add(&out, body);
	while (out.size) {
		ssize_t sent = send(client, out.at, out.size, MSG_NOSIGNAL);

		if (sent <= 0)
			return;
		out.at += sent;
		out.size -= (size_t)sent;
	}
}

static inline void *little_run(void *context)
{
	static char bytes[REQUEST_MOST];
	int client;

	(void)context;
	while ((client = accept(little.listener, NULL, NULL)) >= 0) {
		if (little_read(client, bytes))
			little_send(client, little_answer(bytes));
		shutdown(client, SHUT_WR);
		while (recv(client, bytes, sizeof(bytes), 0) > 0)
			;
		close(client);
	}
	return NULL;
}

static inline int little_begin(void **state)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	static const struct clock clock = { little_now, little_now, NULL };
	socklen_t size = sizeof(address);

	(void)state;
	little.listener = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(little.listener, (struct sockaddr *)&address, size), 0);
	assert_int_equal(listen(little.listener, 64), 0);
	getsockname(little.listener, (struct sockaddr *)&address, &size);
	little.port = ntohs(address.sin_port);
	clock_replace(&clock);
	return pthread_create(&little.thread, NULL, little_run, NULL);
}

static inline int little_end(void **state)
{
	(void)state;
	clock_replace(NULL);
	shutdown(little.listener, SHUT_RDWR);
	pthread_join(little.thread, NULL);
	close(little.listener);
	arena_release(&little.arena);
	return 0;
}

/* Forgets what was and takes a new list. */
static inline void little_say(const struct line *lines)
{
	pthread_mutex_lock(&little.lock);
	little.line_count = little.came_count = little.sleep_count = 0;
	little.stranger = NULL;
	memset(little.used, 0, sizeof(little.used));
	while (lines[little.line_count].expect) {
		little.lines[little.line_count] = lines[little.line_count];
		little.line_count++;
	}
	pthread_mutex_unlock(&little.lock);
}

/* Nothing came that was not expected, and all that was expected came. */
static inline void little_heard_all(void)
{
	if (little.stranger)
		fail_msg("not expected: %s", little.stranger);
	for (size_t i = 0; i < little.line_count; i++)
		if (!little.used[i])
			fail_msg("did not come: %s", little.lines[i].expect);
}

static inline struct github *little_github(enum github_mode mode, struct str secret)
{
	ARENA a = {0};
	struct github_settings settings = {
		.api_url = arena_printf(&a, "http://127.0.0.1:%u", little.port), .mode = mode,
		.app_id = 42, .token = secret, .key_pem = secret, .sleep_ms = little_sleep,
	};
	struct github *github;
	struct err e = ERR_INIT;

	if (!github_open(&settings, &github, &e))
		fail_msg("%s", e.text);
	return github;
}

/* The value of a header of a request that came; NULL when it has none. */
static inline const char *little_header(size_t index, const char *name)
{
	const char *wanted = arena_printf(&little.arena, "\r\n%s: ", name);
	const char *at = strcasestr(little.came[index], wanted);

	if (!at)
		return NULL;
	at += strlen(wanted);
	return arena_printf(&little.arena, "%.*s", (int)strcspn(at, "\r"), at);
}

static inline const char *little_body(size_t index)
{
	return strstr(little.came[index], "\r\n\r\n") + 4;
}

#endif

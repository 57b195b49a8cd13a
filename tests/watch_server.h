/* Starts tests/prometheus_server.py for a test and ends it. */
#ifndef TESTS_WATCH_SERVER_H
#define TESTS_WATCH_SERVER_H

#include "tests/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

struct watch_server {
	pid_t child;
	int input;
	unsigned port;
};

static inline void watch_server_start(struct watch_server *server)
{
	char line[16] = "";
	int in[2], out[2];

	assert_int_equal(pipe(in), 0);
	assert_int_equal(pipe(out), 0);
	server->child = fork();
	if (server->child == 0) {
		dup2(in[0], 0);
		dup2(out[1], 1);
		close(in[1]);
		execlp("python3", "python3", "tests/prometheus_server.py", (char *)NULL);
		_exit(127);
	}
	close(in[0]);
	close(out[1]);
	server->input = in[1];
	assert_true(read(out[0], line, sizeof(line) - 1) > 0);
	close(out[0]);
	server->port = (unsigned)strtoul(line, NULL, 10);
	assert_true(server->port > 0);
}

static inline void watch_server_stop(const struct watch_server *server)
{
	close(server->input);
	waitpid(server->child, NULL, 0);
}

#endif

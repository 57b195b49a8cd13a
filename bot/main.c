/*
 * The program: finds the command in the table and runs it. Everything else is in the commands.
 */
#include "bot/command.h"
#include "bot/base/log.h"
#include "bot/base/redact.h"
#include "bot/job.h"
#include "git/remote.h"

#include <signal.h>
#include <stdio.h>

static int unknown(const char *name)
{
	ARENA a = {0};

	command_say(stderr, arena_printf(&a, "there is no command \"%s\"\nSee `aegis help`.", name));
	return WRONG_USAGE;
}

int main(int argc, char **argv)
{
	const struct command *command;

	if (remote_is_child(argc, argv))
		return remote_child();
	if (job_is_child(argc, argv))
		return job_child(argv[2]);
	signal(SIGPIPE, SIG_IGN);
	log_setup(&(struct log_settings){ .least = LOG_INFO, .redact = redact_text });
	if (argc < 2) {
		fputs("aegis: a command is needed\nSee `aegis help`.\n", stderr);
		return WRONG_USAGE;
	}
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "version")) {
		puts("aegis " AEGIS_VERSION);
		return DONE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))
		argv[1] = (char[]){ "help" };
	command = command_find(argv[1]);
	if (!command)
		return unknown(argv[1]);
	if (argc == 3 && (!strcmp(argv[2], "--help") || !strcmp(argv[2], "-h"))) {
		char *help[] = { argv[2], argv[1], NULL };

		return command_find("help")->run(2, help);
	}
	return command->run(argc - 1, argv + 1);
}

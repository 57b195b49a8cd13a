/*
 * aegis help: the commands, one command with its flags, or - for the man page - all of them as
 * roff. Every text comes from the command table.
 */
#include "bot/command.h"
#include "bot/help.h"

#include <stdio.h>

static void list(void)
{
	puts("Aegis mends red CI runs, proves the fix in a sandbox, and knows when to keep its "
	     "hands off.\n\nUsage: aegis COMMAND [ARGUMENTS]\n");
	for (const struct command *const *c = commands; *c; c++)
		printf("  %-14s %s\n", (*c)->name, (*c)->summary);
	puts("\n`aegis help COMMAND` says more. Exit codes: 0 done, 1 failure, 2 nothing safe to do,\n"
	     "64 wrong usage, 65 bad input, 78 bad configuration.");
}

static void show(const struct command *command)
{
	printf("Usage: aegis %s%s%s%s\n\n%s\n", command->name,
	       command->flags && command->flags->name ? " [OPTIONS]" : "",
	       command->arguments ? " " : "", command->arguments ? command->arguments : "",
	       command->help);
	if (command->flags && command->flags->name)
		puts("\nOptions:");
	for (const struct flag *f = command->flags; f && f->name; f++)
		printf("  %s%s%-*s %s\n", f->name, f->value ? " " : "",
		       (int)(24 - strlen(f->name) - (f->value ? 1 : 0)), f->value ? f->value : "",
		       f->help);
}

static int run(int argc, char **argv)
{
	const struct command *command;

	if (argc < 2) {
		list();
		return DONE;
	}
	if (!strcmp(argv[1], "--man") || !strcmp(argv[1], "--comments")) {
		ARENA a = {0};
		struct text page = TEXT(&a);

		(!strcmp(argv[1], "--man") ? help_man : help_comments)(&page);
		fwrite(page.at, 1, page.size, stdout);
		return DONE;
	}
	command = command_find(argv[1]);
	if (!command)
		return command_usage(command_find("help"),
				     "there is no such command");
	show(command);
	return DONE;
}

static const struct flag flags[] = {
	{ "--man", NULL, "print the man page" },
	{ "--comments", NULL, "print the commands in comments as a Markdown table" },
	{0}
};

const struct command command_help = {
	.name = "help",
	.arguments = "[COMMAND]",
	.summary = "say what a command does",
	.help = "Lists the commands, or says what one does, with its options.",
	.flags = flags,
	.run = run,
};

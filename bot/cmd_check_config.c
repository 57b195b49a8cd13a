/*
 * aegis check-config: reads a file of settings as the program would and says what is wrong with it,
 * or prints the settings there are.
 */
#include "bot/command.h"

#include "bot/base/config.h"
#include "bot/base/options.h"

#include <stdio.h>

static const struct flag flags[] = {
	{ "--repository", NULL, "the file is a repository's .github/aegis.yml" },
	{ "--markdown", NULL, "print the tables of the README" },
	{0}
};

static void markdown(void)
{
	ARENA a = {0};
	struct text out = TEXT(&a);

	text_adds(&out, "The daemon's file:\n\n");
	options_markdown(&options, OPTION_DAEMON, &out);
	text_adds(&out, "\n`.github/aegis.yml` in a repository:\n\n");
	options_markdown(&options, OPTION_REPOSITORY, &out);
	fwrite(out.at, 1, out.size, stdout);
}

static bool is_repository_file(const struct given *given)
{
	struct str name = str_of(given->rest[0]);

	return given_value(given, "--repository") || str_ends(name, ".github/aegis.yml");
}

static int run(int argc, char **argv)
{
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct given given;
	const struct config *config;

	if (!command_parse(&command_check_config, argc, argv, &given, &e))
		return command_usage(&command_check_config, e.text);
	if (given_value(&given, "--markdown")) {
		markdown();
		return DONE;
	}
	if (given.rest_count != 1)
		return command_usage(&command_check_config, "name one file");
	if (!config_read(given.rest[0],
			 is_repository_file(&given) ? OPTION_REPOSITORY : OPTION_DAEMON, &a, &config,
			 &e)) {
		if (e.kind != ERR_CONFIG)
			e.kind = ERR_INPUT;
		return command_fail(&e);
	}
	printf("%s: ok\n", given.rest[0]);
	return DONE;
}

const struct command command_check_config = {
	.name = "check-config",
	.arguments = "FILE",
	.summary = "check a file of settings",
	.help = "Reads FILE as the program would. Unknown keys, wrong types and values out of range are\n"
		"named with file, line and column, and the exit code is 78.",
	.flags = flags,
	.run = run,
};

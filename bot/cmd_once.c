/*
 * aegis once: one look at all repositories, for cron or a first try.
 */
#include "bot/command.h"
#include "bot/see.h"

static const struct flag flags[] = {
	{ "--config", "FILE", "the daemon's file (default: $AEGIS_CONFIG)" },
	{0}
};

static int run(int argc, char **argv)
{
	ARENA a = {0};
	DAEMON daemon = {0};
	struct err e = ERR_INIT;
	struct given given;
	struct seen seen = {0};

	if (!command_parse(&command_once, argc, argv, &given, &e))
		return command_usage(&command_once, e.text);
	if (given.rest_count)
		return command_usage(&command_once, "it takes options only");
	if (!daemon_open(given_value(&given, "--config"), &a, &daemon, &e) ||
	    !see_repositories(&daemon, &a, &e) || !see_runs(&daemon, &a, &seen, &e))
		return command_fail(&e);
	printf("%zu repositories, %zu out of reach; %zu red runs read: %zu new incidents, "
	       "%zu further sightings, %zu jobs not understood\n", seen.repositories,
	       seen.unreachable, seen.runs, seen.incidents, seen.sightings, seen.unread);
	return fflush(stdout) || seen.unreachable ? FAILED : DONE;
}

const struct command command_once = {
	.name = "once",
	.summary = "look at all repositories once: red runs become incidents",
	.help = "Asks GitHub for the newest runs of the watched repositories, reads the logs of those\n"
		"that are red, and keeps each failure as an incident: the same failure on the same\n"
		"branch is one, however many jobs and runs show it. Changes nothing on GitHub.\n"
		"\n"
		"Exit codes: 0 all were seen, 1 some were out of reach, 78 bad configuration.",
	.flags = flags,
	.run = run,
};

/*
 * aegis once: one look at all repositories and the steps that follow from it, for cron or a first try.
 */
#include "bot/command.h"
#include "bot/loop.h"

static const struct flag flags[] = {
	{ "--config", "FILE", "the daemon's file (default: $AEGIS_CONFIG)" },
	{ "--look", NULL, "only look: nothing is done on GitHub or to a repository" },
	{0}
};

static bool look(struct daemon *daemon, struct arena *a, struct seen *seen, struct err *e)
{
	return see_repositories(daemon, a, e) && see_runs(daemon, NULL, a, seen, e) &&
	       see_checks(daemon, NULL, a, seen, e);
}

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
	    !(given_value(&given, "--look") ? look : loop_once)(&daemon, &a, &seen, &e))
		return command_fail(&e);
	printf("%zu repositories, %zu out of reach; %zu red runs read, %zu red checks: "
	       "%zu new incidents, %zu further sightings, %zu not understood\n",
	       seen.repositories, seen.unreachable, seen.runs, seen.checks, seen.incidents,
	       seen.sightings, seen.unread);
	return fflush(stdout) || seen.unreachable ? FAILED : DONE;
}

const struct command command_once = {
	.name = "once",
	.summary = "one look at all repositories, and the steps that follow from it",
	.help = "Asks GitHub for the newest runs of the watched repositories, reads the logs of those\n"
		"that are red (or their annotations, where there is no log), and keeps each failure\n"
		"as an incident: the same failure on the same branch is one, however many jobs and\n"
		"runs show it. Checks and statuses of other systems on default branches and open\n"
		"pull requests are seen too. Then takes the steps of all\n"
		"incidents that can be taken now, as `aegis serve` does, and ends instead of waiting\n"
		"for checks, people or deployments.\n"
		"\n"
		"Exit codes: 0 all were seen, 1 some were out of reach, 78 bad configuration.",
	.flags = flags,
	.run = run,
};

/*
 * aegis serve: the daemon. Starts, stops on SIGTERM and SIGINT between two steps; all it must not
 * forget is in the store.
 */
#include "bot/command.h"
#include "bot/loop.h"

#include "bot/base/log.h"

#include <signal.h>

static volatile sig_atomic_t stopped;

static void on_signal(int number)
{
	(void)number;
	stopped = 1;
}

static bool stop(void)
{
	return stopped;
}

static const struct flag flags[] = {
	{ "--config", "FILE", "the daemon's file (default: $AEGIS_CONFIG)" },
	{0}
};

static int run(int argc, char **argv)
{
	const struct sigaction action = { .sa_handler = on_signal };
	ARENA a = {0};
	DAEMON daemon = {0};
	struct err e = ERR_INIT;
	struct given given;

	if (!command_parse(&command_serve, argc, argv, &given, &e))
		return command_usage(&command_serve, e.text);
	if (given.rest_count)
		return command_usage(&command_serve, "it takes options only");
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	if (!daemon_open(given_value(&given, "--config"), &a, &daemon, &e))
		return command_fail(&e);
	log_event(LOG_INFO, "started", LOG_TEXT("version", AEGIS_VERSION),
		  LOG_TEXT("store", store_name(daemon.store)), LOG_TEXT("folder", daemon.folder));
	return loop_run(&daemon, stop, &e) ? DONE : command_fail(&e);
}

const struct command command_serve = {
	.name = "serve",
	.summary = "the daemon: from red runs to fixes that are merged and watched",
	.help = "Watches the repositories of its file: a red run becomes an incident, a fix that is\n"
		"proven in the sandbox becomes a pull request, which is merged when its checks are\n"
		"green and the repository's autonomy allows it; the deployment is watched, and taken\n"
		"back by another pull request when it decays. Killed at any moment it goes on where\n"
		"it was. SIGTERM and SIGINT end it.\n"
		"\n"
		"Exit codes: 0 ended by a signal, 1 failure of the store, 78 bad configuration.",
	.flags = flags,
	.run = run,
};

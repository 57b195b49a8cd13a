/*
 * aegis serve: the daemon. Starts, stops on SIGTERM and SIGINT between two steps; all it must not
 * forget is in the store.
 */
#include "bot/command.h"
#include "bot/loop.h"

#include "bot/base/log.h"
#include "bot/serve/serving.h"

#include <signal.h>

static volatile sig_atomic_t stopped;

static void on_signal(int number)
{
	(void)number;
	stopped = 1;
}

static const struct sigaction action = { .sa_handler = on_signal };

static bool stop(void)
{
	return stopped;
}

static const struct flag flags[] = {
	{ "--config", "FILE", "the daemon's file (default: $AEGIS_CONFIG)" },
	{ "--door", NULL, "only take webhooks and keep them; the daemon starts this for itself" },
	{0}
};

static bool serve(struct daemon *daemon, struct err *e)
{
	SERVING serving = {0};
	struct webhook_secrets secrets;
	struct loop_bell bell = { .tend = serving_tend, .context = &serving };

	if (!serving_secrets(daemon->config, daemon->arena, &secrets, e))
		return false;
	if (!secrets.count) {
		log_event(LOG_INFO, "no webhooks are taken: github.webhook_secret is not set");
		return loop_run(daemon, stop, NULL, e);
	}
	if (!serving_open(daemon, &serving, e))
		return false;
	bell.descriptor = serving.bell[0];
	return loop_run(daemon, stop, &bell, e);
}

static int run(int argc, char **argv)
{
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
	if (given_value(&given, "--door"))
		return serving_run(given_value(&given, "--config"), stop, &e) ? DONE : command_fail(&e);
	if (!daemon_open(given_value(&given, "--config"), &a, &daemon, &e))
		return command_fail(&e);
	log_event(LOG_INFO, "started", LOG_TEXT("version", AEGIS_VERSION),
		  LOG_TEXT("store", store_name(daemon.store)), LOG_TEXT("folder", daemon.folder));
	return serve(&daemon, &e) ? DONE : command_fail(&e);
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
		"With a webhook secret it listens at listen.address and listen.port: POST /webhook\n"
		"takes what GitHub sends (JSON, signed with the secret) and looks at once instead of\n"
		"at its next poll; GET /healthz says that it is there. It has no TLS of its own: put\n"
		"a server in front that has. Without a secret it does not listen, and polls.\n"
		"\n"
		"Exit codes: 0 ended by a signal, 1 failure of the store, 78 bad configuration.",
	.flags = flags,
	.run = run,
};

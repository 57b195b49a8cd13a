/*
 * The process that is the door: settings, store, door, and a byte to the daemon when something came.
 * Logs what the door counts, at most once a minute, and never a word of a delivery.
 */
#include "bot/serve/serving.h"

#include "bot/base/clock.h"
#include "bot/base/log.h"
#include "bot/secrets.h"
#include "bot/serve/door.h"

#include <sys/stat.h>
#include <unistd.h>

enum { TEND_MS = 500, SAY_EVERY_MS = 60 * 1000, TROUBLE_MS = 1000 };

bool serving_secrets(const struct config *config, struct arena *a, struct webhook_secrets *out,
		     struct err *e)
{
	struct webhook_secrets found = {0};
	struct str now, previous;

	if (!config_secret(config, "github.webhook_secret", a, &now, e) ||
	    !config_secret(config, "github.webhook_secret_previous", a, &previous, e))
		return false;
	if (!now.size && previous.size)
		return config_fail(config, "github.webhook_secret_previous", e,
				   "there is no github.webhook_secret");
	if (now.size)
		found.list[found.count++] = now;
	if (previous.size)
		found.list[found.count++] = previous;
	*out = found;
	return true;
}

/* A pipe that is full has rung already. */
static bool ring(void)
{
	struct stat info;

	return fstat(1, &info) || !S_ISFIFO(info.st_mode) || write(1, "!", 1) >= 0;
}

static void say_counts(struct door *door, struct door_counts *said)
{
	struct door_counts now = door_counts(door);

	if (now.taken != said->taken || now.known != said->known)
		log_event(LOG_INFO, "deliveries", LOG_NUMBER("taken", (int64_t)(now.taken - said->taken)),
			  LOG_NUMBER("known", (int64_t)(now.known - said->known)));
	if (now.refused != said->refused)
		log_event(LOG_WARNING, "requests refused",
			  LOG_NUMBER("requests", (int64_t)(now.refused - said->refused)),
			  LOG_NUMBER("last_status", now.last_status),
			  LOG_STR("last", str_trim_right(str_of(now.last_text))));
	*said = now;
}

static bool tend(struct door *door, bool (*stop)(void), struct err *e)
{
	struct door_counts said = {0};
	int64_t say_at_ms = clock_monotonic_ms();

	while (!stop()) {
		struct err why = ERR_INIT;
		bool news;

		if (!door_tend(door, TEND_MS, &news, &why)) {
			/* Full, or locked for long: that may pass. Anything else will not. */
			if (why.kind != ERR_LATER) {
				*e = why;
				return false;
			}
			log_event(LOG_WARNING, "deliveries cannot be kept", LOG_TEXT("why", why.text));
			usleep(TROUBLE_MS * 1000);
		}
		if (news)
			(void)ring();
		if (clock_monotonic_ms() >= say_at_ms) {
			say_counts(door, &said);
			say_at_ms = clock_monotonic_ms() + SAY_EVERY_MS;
		}
	}
	return true;
}

bool serving_run(const char *config_file, bool (*stop)(void), struct err *e)
{
	ARENA a = {0};
	const struct config *config;
	STORE store = NULL;
	DOOR *door = NULL;
	struct door_settings settings = {0};

	if (!daemon_settings(config_file, &a, &config, e) ||
	    !serving_secrets(config, &a, &settings.secrets, e))
		return false;
	if (!settings.secrets.count)
		return config_fail(config, "github.webhook_secret", e,
				   "without a secret nobody could tell whose deliveries they are");
	secrets_know(config, &a);
	if (!store_open(config_text(config, "store.url"), STORE_WRITE, &store, e))
		return false;
	settings.address = config_text(config, "listen.address");
	settings.port = (uint16_t)config_integer(config, "listen.port");
	settings.store = store;
	if (!door_open(&settings, &door, e))
		return false;
	log_event(LOG_INFO, "listening", LOG_TEXT("address", settings.address),
		  LOG_NUMBER("port", door_port(door)));
	return tend(door, stop, e);
}

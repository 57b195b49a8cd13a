/*
 * Opens what a daemon works with. Answers of GitHub are kept in the store, so that a restart does not
 * ask for everything again. Does nothing with any of it.
 */
#include "bot/daemon.h"

#include "bot/secrets.h"
#include "bot/store/cache.h"
#include "bot/store/seen.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* The cache may fail without harm: then the question is asked again. */
static bool cache_get_answer(void *context, const char *url, struct arena *a,
			     struct github_cached *out)
{
	struct cache_answer answer;
	struct err ignored = ERR_INIT;
	struct str text, next;
	bool found = false;

	if (!cache_get(context, url, a, &answer, &found, &ignored) || !found)
		return false;
	/* The address of the next page is the first line of what is kept. */
	text = answer.body;
	if (!str_split(text, "\n", &next, &text))
		return false;
	*out = (struct github_cached){ str_of(answer.etag), next, text };
	return true;
}

static void cache_put_answer(void *context, const char *url, const struct github_cached *entry)
{
	ARENA a = {0};
	STORE_TRANSACTION transaction = {0};
	struct err ignored = ERR_INIT;
	struct text body = TEXT(&a);
	struct cache_answer answer;
	bool kept;

	text_add(&body, entry->next);
	text_addc(&body, '\n');
	text_add(&body, entry->body);
	answer = (struct cache_answer){ str_text(&a, entry->etag), text_str(&body) };
	if (store_begin(context, &transaction, &ignored) &&
	    cache_put(context, url, &answer, &kept, &ignored))
		store_commit(&transaction, &ignored);
}

/* A wait that is not remembered is learned again from GitHub, at the price of one question. */
static int64_t get_wait(void *context, const char *owner)
{
	ARENA a = {0};
	struct err ignored = ERR_INIT;
	struct str value = STR_NONE;
	unsigned long until = 0;
	bool found = false;

	if (!mark_get(context, arena_printf(&a, "wait:%s", owner), &a, &value, &found, &ignored) ||
	    !found || !str_number(value, &until))
		return 0;
	return (int64_t)until;
}

static void put_wait(void *context, const char *owner, int64_t until_ms)
{
	ARENA a = {0};
	STORE_TRANSACTION transaction = {0};
	struct err ignored = ERR_INIT;

	if (store_begin(context, &transaction, &ignored) &&
	    mark_put(context, arena_printf(&a, "wait:%s", owner),
		     str_of(arena_printf(&a, "%lld", (long long)until_ms)), &ignored))
		store_commit(&transaction, &ignored);
}

/* NULL: none is named. */
static const char *settings_path(const char *config_file)
{
	const char *path = config_file ? config_file : getenv("AEGIS_CONFIG");

	return path && path[0] ? path : NULL;
}

bool daemon_settings(const char *config_file, struct arena *a, const struct config **config,
		     struct err *e)
{
	const char *path = settings_path(config_file);

	if (!path)
		return config_parse(&options, "(defaults)", STR(""), OPTION_DAEMON, a, config, e);
	if (config_read(path, OPTION_DAEMON, a, config, e))
		return true;
	e->kind = ERR_CONFIG;
	return false;
}

bool daemon_github(const struct config *config, struct store *store, struct arena *a,
		   struct github **out, struct err *e)
{
	struct github_settings settings = {
		.api_url = config_text(config, "github.api_url"),
		.write_gap_ms = (unsigned)config_integer(config, "github.write_gap_ms"),
	};

	if (store) {
		settings.cache = (struct github_cache){ cache_get_answer, cache_put_answer, store };
		settings.waits = (struct github_waits){ get_wait, put_wait, store };
	}
	if (config_has(config, "github.app_id")) {
		settings.mode = GITHUB_APP;
		settings.app_id = (uint64_t)config_integer(config, "github.app_id");
		if (!config_secret(config, "github.private_key", a, &settings.key_pem, e))
			return false;
	} else {
		settings.mode = getenv("GITHUB_ACTIONS") ? GITHUB_ACTIONS : GITHUB_PERSONAL;
		if (!config_secret(config, "github.token", a, &settings.token, e))
			return false;
	}
	return github_open(&settings, out, e);
}

static bool open_folder(struct daemon *d, struct err *e)
{
	d->folder = config_text(d->config, "work.folder");
	if (mkdir(d->folder, 0700) && errno != EEXIST)
		return fail(e, err_kind_of_errno(errno), "making %s: %s", d->folder, strerror(errno));
	return true;
}

/* For children, which are started with the path and without the variable. */
static bool find_file(const char *config_file, struct daemon *d, struct err *e)
{
	const char *path = settings_path(config_file);
	char real[PATH_MAX];

	if (!path)
		return true;
	if (!realpath(path, real))
		return fail(e, ERR_CONFIG, "%s: %s", path, strerror(errno));
	d->config_file = arena_strdup(d->arena, real);
	return true;
}

bool daemon_open(const char *config_file, struct arena *a, struct daemon *out, struct err *e)
{
	DAEMON d = { .arena = a };

	if (!daemon_settings(config_file, a, &d.config, e) || !find_file(config_file, &d, e))
		return false;
	secrets_know(d.config, a);
	if (!store_open(config_text(d.config, "store.url"), STORE_WRITE, &d.store, e) ||
	    !store_claim(d.store, e) || !open_folder(&d, e) ||
	    !daemon_github(d.config, d.store, a, &d.github, e))
		return false;
	*out = d;
	d = (struct daemon){0};
	return true;
}

bool daemon_open_client(const char *config_file, struct arena *a, struct daemon *out, struct err *e)
{
	DAEMON d = { .arena = a };

	if (!daemon_settings(config_file, a, &d.config, e) || !find_file(config_file, &d, e))
		return false;
	secrets_know(d.config, a);
	if (!daemon_github(d.config, NULL, a, &d.github, e))
		return false;
	*out = d;
	d = (struct daemon){0};
	return true;
}

bool daemon_know_self(struct daemon *d, const char *owner, const char *name, struct err *e)
{
	struct github_call call = { .github = d->github, .owner = owner, .name = name,
				    .arena = d->arena };

	return d->own.login || github_own_identity(&call, &d->own, e);
}

void daemon_close(struct daemon *daemon)
{
	github_close(&daemon->github);
	store_close(&daemon->store);
}

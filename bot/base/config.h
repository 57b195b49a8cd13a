/*
 * A file of settings, checked against the table of options. Whatever is read from it later is of
 * the type and in the range that the table says, or the default.
 *
 *	const struct config *config;
 *	if (!config_read(path, OPTION_DAEMON, &arena, &config, e))
 *		return false;
 *	for (size_t i = 0; i < config_count(config, "models"); i++)
 *		add_model(config_text(config, arena_printf(&arena, "models[%zu].model", i)));
 *
 * Asking for a key that is not in the table, or by another type, is a bug and aborts.
 */
#ifndef BOT_BASE_CONFIG_H
#define BOT_BASE_CONFIG_H

#include "bot/base/arena.h"
#include "bot/base/err.h"
#include "bot/base/options.h"

#include <stdint.h>

struct config;

/*
 * Reads and checks. ERR_CONFIG as "file:line:column: why" with a hint for a misspelt key;
 * ERR_GONE and the like when the file cannot be read. The config lives in the arena.
 */
bool config_read(const char *path, enum option_file file, struct arena *a,
		 const struct config **config, struct err *e);

/*
 * The same of a text: of .github/aegis.yml at a commit, or of "" for nothing but defaults. name
 * is for errors and for paths of secrets, which are relative to its folder.
 */
bool config_parse(const struct option_table *table, const char *name, struct str text,
		  enum option_file file, struct arena *a, const struct config **config,
		  struct err *e);

/* Is it in the file, or only its default (if any)? */
bool config_has(const struct config *config, const char *key);

/* Text, choice or URL; NULL when it is neither set nor has a default. */
const char *config_text(const struct config *config, const char *key);
/* Those without a default are 0 and false when they are not set (config_has). */
int64_t config_integer(const struct config *config, const char *key);
double config_real(const struct config *config, const char *key);
bool config_boolean(const struct config *config, const char *key);

/* NULL-ended; count may be NULL. */
const char *const *config_list(const struct config *config, const char *key, struct arena *a,
			       size_t *count);

/* How many entries the list of maps has ("models"). */
size_t config_count(const struct config *config, const char *key);

/*
 * A secret from the file, a variable or another file; empty when it is set nowhere. White space
 * at its end is cut off. ERR_CONFIG when the variable is not set or the file cannot be read. key
 * is without _env and _file.
 */
bool config_secret(const struct config *config, const char *key, struct arena *a,
		   struct str *secret, struct err *e);

/* The name of the variable that holds the secret; NULL when it is elsewhere or set nowhere. */
const char *config_secret_variable(const struct config *config, const char *key, struct arena *a);

/* An ERR_CONFIG at the place of the key, for what only the reader of a setting can know. */
bool config_fail(const struct config *config, const char *key, struct err *e, const char *format,
		 ...)
	__attribute__((format(printf, 4, 5)));

#endif

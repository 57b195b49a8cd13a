/* Between config.c and its checks: nobody else includes it. */
#ifndef BOT_BASE_CONFIG_CHECK_H
#define BOT_BASE_CONFIG_CHECK_H

#include "bot/base/config.h"
#include "bot/base/yaml.h"

struct config {
	const struct option_table *table;
	enum option_file file;
	const char *name;
	struct yaml root;
};

/* Which of the keys of a row: the key itself, or those of a secret. */
enum config_form { CONFIG_VALUE, CONFIG_ENV, CONFIG_FILE };
extern const char *const config_suffix[3];

/*
 * The row of a key with indexes ("models[0].api_key_env"); NULL when there is none. form may be NULL:
 * then the key is taken as it is.
 */
const struct option *config_row(const struct option_table *table, const char *key,
				enum config_form *form);

/* Is the whole file as the table says? */
bool config_check(const struct config *config, struct err *e);

/* These say no to everything that config_check refuses. */
bool config_to_integer(struct str text, int64_t *number);
bool config_to_real(struct str text, double *number);

#endif

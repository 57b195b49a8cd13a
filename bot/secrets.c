/*
 * Registers the secrets of the settings with the redaction. The keys of models are registered where
 * they are read (bot/llm/provider.c).
 */
#include "bot/secrets.h"

#include "bot/base/redact.h"

#include <string.h>

void secrets_know(const struct config *config, struct arena *a)
{
	for (size_t i = 0; i < options.count; i++) {
		const struct option *row = &options.rows[i];
		struct err ignored = ERR_INIT;
		struct str secret;

		if (row->type == OPTION_SECRET && row->files & OPTION_DAEMON && !strstr(row->key, "[]") &&
		    config_secret(config, row->key, a, &secret, &ignored) && secret.size)
			(void)redact_know(secret, &ignored);
	}
}

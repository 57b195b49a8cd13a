/* Any bytes as either file of settings; what is taken must answer for every option. */
#include "bot/base/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ask(const struct config *config, const struct option *row, const char *key,
		struct arena *a)
{
	switch (row->type) {
	case OPTION_INTEGER:
		if (row->initial && ((double)config_integer(config, key) < row->least ||
				     (double)config_integer(config, key) > row->most))
			__builtin_trap();
		return;
	case OPTION_REAL:
		(void)config_real(config, key);
		return;
	case OPTION_BOOLEAN:
		(void)config_boolean(config, key);
		return;
	case OPTION_LIST:
		(void)config_list(config, key, a, NULL);
		return;
	case OPTION_TEXT:
	case OPTION_CHOICE:
	case OPTION_URL:
		if ((row->initial || row->required) && !config_text(config, key))
			__builtin_trap();
		return;
	case OPTION_SECRET:
		return;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum option_file file = size && data[0] == 'r' ? OPTION_REPOSITORY : OPTION_DAEMON;
	struct str text = { (const char *)data, size };
	const struct config *config;
	struct err e = ERR_INIT;
	ARENA a = {0};

	if (!config_parse(&options, "f", text, file, &a, &config, &e)) {
		if ((e.kind != ERR_CONFIG && e.kind != ERR_BUG) || !str_starts(str_of(e.text), "f:"))
			__builtin_trap();
		return 0;
	}
	for (size_t i = 0; i < options.count; i++) {
		const struct option *row = &options.rows[i];
		struct str rest;

		if (!(row->files & file))
			continue;
		if (!str_split(str_of(row->key), "[]", NULL, &rest)) {
			ask(config, row, row->key, &a);
			continue;
		}
		for (size_t j = 0; j < config_count(config, "models"); j++)
			ask(config, row, arena_printf(&a, "models[%zu]%.*s", j, STR_ARG(rest)), &a);
	}
	return 0;
}

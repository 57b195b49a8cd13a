/*
 * Reads settings and hands out their values. All checks are in config_check.c, so that here nothing
 * can be wrong but the question.
 */
#include "bot/base/config.h"

#include "bot/base/config_check.h"

#include "bot/base/file.h"

#include <stdarg.h>
#include <stdio.h>

enum { SECRET_BYTES_MOST = 64 * 1024 };

bool config_parse(const struct option_table *table, const char *name, struct str text,
		  enum option_file file, struct arena *a, const struct config **config,
		  struct err *e)
{
	struct config *made = arena_new(a, struct config);

	made->table = table;
	made->file = file;
	made->name = arena_strdup(a, name);
	if (!yaml_parse(made->name, text, a, &made->root, e) || !config_check(made, e))
		return false;
	*config = made;
	return true;
}

bool config_read(const char *path, enum option_file file, struct arena *a,
		 const struct config **config, struct err *e)
{
	struct str text;

	if (!file_read(path, YAML_BYTES_MOST, FILE_FOLLOW, a, &text, e))
		return false;
	return config_parse(&options, path, text, file, a, config, e);
}

static const struct yaml *item_named(const struct yaml *map, struct str name)
{
	for (size_t i = 0; map->kind == YAML_MAP && i < map->count; i++)
		if (str_equal(map->items[i].name, name))
			return &map->items[i];
	return NULL;
}

/* What the file holds for a key such as "models[0].provider"; NULL when it holds nothing. */
static const struct yaml *find(const struct config *config, const char *key)
{
	const struct yaml *at = &config->root;
	struct str rest = str_of(key), name;

	while (at && str_next(&rest, '.', &name)) {
		struct str index;
		unsigned long number;
		bool indexed = str_split(name, "[", &name, &index);

		at = item_named(at, name);
		if (at && indexed)
			at = str_take_number(&index, &number) && at->kind == YAML_LIST &&
			     number < at->count ? &at->items[number] : NULL;
	}
	return at;
}

/* The key's row, which is of one of the types (a set of bits). */
static const struct option *row_of(const struct config *config, const char *key, unsigned types)
{
	const struct option *row = config_row(config->table, key, NULL);

	if (row && types & 1U << row->type && row->files & config->file)
		return row;
	fprintf(stderr, "aegis: bug: no such setting here: %s\n", key);
	abort();
}

/* The value as written, or the default; NULL without one. */
static const char *value_of(const struct config *config, const char *key, unsigned types)
{
	const struct option *row = row_of(config, key, types);
	const struct yaml *found = find(config, key);

	return found ? found->text.at : row->initial;
}

bool config_has(const struct config *config, const char *key)
{
	const struct yaml *found = find(config, key);

	row_of(config, key, ~0U);
	return found && !yaml_is_empty(found);
}

const char *config_text(const struct config *config, const char *key)
{
	return value_of(config, key, 1U << OPTION_TEXT | 1U << OPTION_CHOICE | 1U << OPTION_URL);
}

int64_t config_integer(const struct config *config, const char *key)
{
	const char *value = value_of(config, key, 1U << OPTION_INTEGER);
	int64_t number = 0;

	(void)config_to_integer(str_of(value), &number);
	return number;
}

double config_real(const struct config *config, const char *key)
{
	const char *value = value_of(config, key, 1U << OPTION_REAL);
	double number = 0;

	(void)config_to_real(str_of(value), &number);
	return number;
}

bool config_boolean(const struct config *config, const char *key)
{
	return str_is(str_of(value_of(config, key, 1U << OPTION_BOOLEAN)), "true");
}

const char *const *config_list(const struct config *config, const char *key, struct arena *a,
			       size_t *count)
{
	const struct yaml *found = find(config, key);
	size_t size = found && found->kind == YAML_LIST ? found->count : 0;
	const char **list = arena_array(a, const char *, size + 1);

	row_of(config, key, 1U << OPTION_LIST);
	for (size_t i = 0; i < size; i++)
		list[i] = found->items[i].text.at;
	if (count)
		*count = size;
	return list;
}

size_t config_count(const struct config *config, const char *key)
{
	const struct yaml *found = find(config, key);

	return found && found->kind == YAML_LIST ? found->count : 0;
}

static bool secret_of_file(const struct config *config, const char *key, struct str path,
			   struct arena *a, struct str *secret, struct err *e)
{
	struct str folder;
	const char *full = path.at;
	struct err why = ERR_INIT;

	if (path.at[0] != '/' && str_split_last(str_of(config->name), "/", &folder, NULL))
		full = arena_printf(a, "%.*s/%s", STR_ARG(folder), path.at);
	if (!file_read(full, SECRET_BYTES_MOST, FILE_FOLLOW, a, secret, &why))
		return config_fail(config, key, e, "%s", why.text);
	return true;
}

bool config_secret(const struct config *config, const char *key, struct arena *a,
		   struct str *secret, struct err *e)
{
	const struct option *row = row_of(config, key, 1U << OPTION_SECRET);
	const char *env_key = arena_printf(a, "%s_env", key);
	const char *file_key = arena_printf(a, "%s_file", key);
	const struct yaml *value = find(config, key), *env = find(config, env_key);
	const struct yaml *file = find(config, file_key);
	struct str found = STR_NONE;

	if (value) {
		found = value->text;
	} else if (env) {
		found = str_of(getenv(env->text.at));
		if (!found.size)
			return config_fail(config, env_key, e, "the variable %s is not set",
					   env->text.at);
	} else if (file) {
		if (!secret_of_file(config, file_key, file->text, a, &found, e))
			return false;
	} else if (row->initial) {
		found = str_of(getenv(row->initial));
	}
	*secret = str_copy(a, str_trim_right(found));
	return true;
}

const char *config_secret_variable(const struct config *config, const char *key, struct arena *a)
{
	const struct option *row = row_of(config, key, 1U << OPTION_SECRET);
	const struct yaml *env = find(config, arena_printf(a, "%s_env", key));

	if (find(config, key))
		return NULL;
	if (env)
		return env->text.at;
	return find(config, arena_printf(a, "%s_file", key)) ? NULL : row->initial;
}

bool config_fail(const struct config *config, const char *key, struct err *e, const char *format,
		 ...)
{
	const struct yaml *found = find(config, key);
	char why[300];
	va_list args;

	va_start(args, format);
	vsnprintf(why, sizeof(why), format, args);
	va_end(args);
	if (!found)
		return fail(e, ERR_CONFIG, "%s: %s: %s", config->name, key, why);
	return fail(e, ERR_CONFIG, "%s:%u:%u: %s: %s", config->name, found->line, found->column,
		    key, why);
}

/*
 * Checks a file of settings against the table: unknown keys, types, ranges. Never quotes a value that
 * may be a secret, and does not look at what files and variables hold.
 */
#include "bot/base/config_check.h"

#include <stdio.h>

enum { NAME_MOST = 32, SHOWN_MOST = 40 };

const char *const config_suffix[3] = { "", "_env", "_file" };

static bool is_one_of(char c, const char *set)
{
	return c && strchr(set, c);
}

static bool all_of(struct str s, const char *set)
{
	for (size_t i = 0; i < s.size; i++)
		if (!is_one_of(s.at[i], set))
			return false;
	return s.size > 0;
}

#define DIGITS "0123456789"
#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* Does the key, its indexes taken away, start with prefix? Gives what is left of it. */
static bool match(const char *prefix, const char *key, const char **rest)
{
	for (; *prefix; prefix++, key++) {
		if (*prefix != *key)
			return false;
		if (*key == '[')
			key += strspn(key + 1, DIGITS);
	}
	*rest = key;
	return true;
}

const struct option *config_row(const struct option_table *table, const char *key,
				enum config_form *form)
{
	for (size_t i = 0; i < table->count; i++) {
		const struct option *row = &table->rows[i];
		const char *rest;

		if (!match(row->key, key, &rest))
			continue;
		for (enum config_form f = CONFIG_VALUE; f <= CONFIG_FILE; f++) {
			if (strcmp(rest, config_suffix[f]) ||
			    (f != CONFIG_VALUE && (!form || row->type != OPTION_SECRET)))
				continue;
			if (form)
				*form = f;
			return row;
		}
	}
	return NULL;
}

/* Digits without a leading zero, which some read as octal; a minus before them. */
bool config_to_integer(struct str text, int64_t *number)
{
	bool negative = str_skip(&text, "-");
	unsigned long value;

	if (text.size > 1 && text.at[0] == '0')
		return false;
	if (!str_number(text, &value) || value > INT64_MAX)
		return false;
	*number = negative ? -(int64_t)value : (int64_t)value;
	return true;
}

bool config_to_real(struct str text, double *number)
{
	struct str whole = text, part = STR_NONE;
	char copy[32];
	bool split;

	str_skip(&whole, "-");
	split = str_split(whole, ".", &whole, &part);
	if (!all_of(whole, DIGITS) || (split && !all_of(part, DIGITS)) || text.size >= sizeof(copy))
		return false;
	memcpy(copy, text.at, text.size);
	copy[text.size] = '\0';
	*number = strtod(copy, NULL);
	return true;
}

static bool is_url(struct str text)
{
	struct str host;

	if (!str_skip(&text, "https://") && !str_skip(&text, "http://"))
		return false;
	for (size_t i = 0; i < text.size; i++)
		if (text.at[i] <= ' ' || text.at[i] == '"' || text.at[i] == '\\')
			return false;
	host = text;
	(void)str_split(host, "/", &host, NULL);
	(void)str_split(host, "?", &host, NULL);
	return all_of(host, LOWER UPPER DIGITS ".-:[]_");
}

static bool is_variable_name(struct str text)
{
	return str_is_word(text);
}

static bool is_item(struct str text, enum option_item item)
{
	struct str name = text, piece, rest = text;

	if (!text.size)
		return false;
	while (item != OPTION_ITEM_VARIABLE && item != OPTION_ITEM_TEXT && str_next(&rest, '/', &piece))
		if (str_is(piece, ".."))
			return false;
	switch (item) {
	case OPTION_ITEM_FOLDER:
		return text.at[0] == '/';
	case OPTION_ITEM_GLOB:
		return text.at[0] != '/';
	case OPTION_ITEM_VARIABLE:
		return str_split(text, "=", &name, NULL) && is_variable_name(name);
	case OPTION_ITEM_TEXT:
		break;
	}
	return true;
}

static bool is_choice(struct str text, const char *const *choices)
{
	for (; *choices; choices++)
		if (str_is(text, *choices))
			return true;
	return false;
}

/* A scalar that is not a list. */
static bool is_value(const struct option *row, const struct yaml *node)
{
	int64_t integer;
	double real;

	switch (row->type) {
	case OPTION_INTEGER:
		return node->plain && config_to_integer(node->text, &integer) &&
		       (double)integer >= row->least && (double)integer <= row->most;
	case OPTION_REAL:
		return node->plain && config_to_real(node->text, &real) && real >= row->least &&
		       real <= row->most;
	case OPTION_BOOLEAN:
		return node->plain && (str_is(node->text, "true") || str_is(node->text, "false"));
	case OPTION_CHOICE:
		return is_choice(node->text, row->choices);
	case OPTION_URL:
		return is_url(node->text);
	case OPTION_TEXT:
	case OPTION_SECRET:
		return node->text.size > 0;
	case OPTION_LIST:
		break;
	}
	return false;
}

static const char *kind_name(const struct yaml *node)
{
	if (node->kind == YAML_LIST)
		return "a list";
	if (node->kind == YAML_MAP)
		return "a map of keys";
	return yaml_is_empty(node) ? "nothing" : "a text";
}

static bool fail_at(const struct config *config, const struct yaml *node, struct err *e,
		    const char *key, const char *wanted, const char *found)
{
	return fail(e, ERR_CONFIG, "%s:%u:%u: %s must be %s%s%s", config->name, node->line,
		    node->column, key, wanted, *found ? ", not " : "", found);
}

/* Numbers, booleans and choices are shown; anything else may be a secret that went astray. */
static const char *shown(const struct option *row, const struct yaml *node, struct arena *a)
{
	const unsigned open = 1U << OPTION_INTEGER | 1U << OPTION_REAL | 1U << OPTION_BOOLEAN |
			      1U << OPTION_CHOICE;

	if (node->kind != YAML_SCALAR || yaml_is_empty(node))
		return kind_name(node);
	if (!(open & 1U << row->type))
		return "";
	return arena_printf(a, node->plain ? "%.*s" : "\"%.*s\"",
			    STR_ARG(str_slice(node->text, 0, SHOWN_MOST)));
}

static bool check_list(const struct config *config, const struct option *row, const char *key,
		       const struct yaml *node, struct arena *a, struct err *e)
{
	if (yaml_is_empty(node))
		return true;
	if (node->kind != YAML_LIST)
		return fail_at(config, node, e, key, option_values(row, a), kind_name(node));
	for (size_t i = 0; i < node->count; i++) {
		const struct yaml *item = &node->items[i];

		if (item->kind != YAML_SCALAR || yaml_is_empty(item) || !is_item(item->text, row->item))
			return fail_at(config, item, e, key, option_values(row, a),
				       item->kind == YAML_SCALAR && !yaml_is_empty(item) ? "" :
				       kind_name(item));
	}
	return true;
}

static bool check_value(const struct config *config, const struct option *row,
			enum config_form form, const char *key, const struct yaml *node, struct err *e)
{
	ARENA scratch = {0};
	const char *wanted;
	bool good = node->kind == YAML_SCALAR && !yaml_is_empty(node);

	if (row->type == OPTION_LIST)
		return check_list(config, row, key, node, &scratch, e);
	if (form == CONFIG_ENV) {
		good = good && is_variable_name(node->text);
		wanted = "the name of an environment variable";
	} else if (form == CONFIG_FILE) {
		good = good && node->text.size;
		wanted = "the path of a file";
	} else {
		good = good && is_value(row, node);
		wanted = option_values(row, &scratch);
	}
	return good || fail_at(config, node, e, key, wanted, shown(row, node, &scratch));
}

/* The name behind `prefix` in the row's key, up to the next dot; its size, 0 when there is none. */
static size_t name_below(const struct option *row, const char *prefix, const char **name)
{
	size_t size = 0;

	/* Here the prefix has the indexes, and the row has the empty brackets. */
	for (const char *at = row->key;; at++, prefix++) {
		if (!*prefix) {
			size = strcspn(at, ".[");
			*name = at;
			return size;
		}
		if (*at != *prefix)
			return 0;
		if (*prefix == '[')
			prefix += strspn(prefix + 1, DIGITS);
	}
}

/* How many letters must be changed, added, dropped or swapped with the next. */
static size_t distance(struct str a, struct str b)
{
	size_t table[NAME_MOST + 1][NAME_MOST + 1];

	for (size_t i = 0; i <= a.size; i++) {
		for (size_t j = 0; j <= b.size; j++) {
			size_t least;

			if (!i || !j) {
				table[i][j] = i + j;
				continue;
			}
			least = table[i - 1][j - 1] + (a.at[i - 1] != b.at[j - 1]);
			if (table[i - 1][j] + 1 < least)
				least = table[i - 1][j] + 1;
			if (table[i][j - 1] + 1 < least)
				least = table[i][j - 1] + 1;
			if (i > 1 && j > 1 && a.at[i - 1] == b.at[j - 2] &&
			    a.at[i - 2] == b.at[j - 1] && table[i - 2][j - 2] + 1 < least)
				least = table[i - 2][j - 2] + 1;
			table[i][j] = least;
		}
	}
	return table[a.size][b.size];
}

static bool fail_unknown(const struct config *config, const struct yaml *node, const char *prefix,
			 struct err *e)
{
	char hint[96] = "";
	size_t best = node->name.size / 3 + 1;

	for (size_t i = 0; i < config->table->count && node->name.size <= NAME_MOST; i++) {
		const struct option *row = &config->table->rows[i];
		bool secret = row->type == OPTION_SECRET;
		const char *name;
		size_t size = name_below(row, prefix, &name);

		if (!size || !(row->files & config->file))
			continue;
		for (int form = 0; form < (secret ? 3 : 1); form++) {
			char full[2 * NAME_MOST];
			size_t far;

			snprintf(full, sizeof(full), "%.*s%s", (int)size, name, config_suffix[form]);
			if (strlen(full) > NAME_MOST)
				continue;
			far = distance(node->name, str_of(full));
			if (far > best || (far == best && *hint))
				continue;
			best = far;
			snprintf(hint, sizeof(hint), ", did you mean \"%.64s\"?", full);
		}
	}
	return fail(e, ERR_CONFIG, "%s:%u:%u: unknown key \"%.60s%.60s\"%s", config->name,
		    node->name_line, node->name_column, prefix, node->name.at, hint);
}

/* Is there a row behind key in one of the files? */
static bool has_below(const struct config *config, const char *key, unsigned files)
{
	for (size_t i = 0; i < config->table->count; i++) {
		const char *name;

		if (config->table->rows[i].files & files &&
		    name_below(&config->table->rows[i], key, &name))
			return true;
	}
	return false;
}

static bool check_map(const struct config *config, const struct yaml *map, const char *prefix,
		      struct err *e);

static bool check_required(const struct config *config, const struct yaml *map, const char *prefix,
			   struct err *e)
{
	for (size_t i = 0; i < config->table->count; i++) {
		const struct option *row = &config->table->rows[i];
		const char *name;
		bool found = !row->required || !name_below(row, prefix, &name) ||
			     !(row->files & config->file);

		for (size_t j = 0; !found && j < map->count; j++)
			found = str_is(map->items[j].name, name);
		if (!found)
			return fail(e, ERR_CONFIG, "%s:%u:%u: %s%s is missing", config->name, map->line,
				    map->column, prefix, name);
	}
	return true;
}

static bool check_entries(const struct config *config, const char *key, const struct yaml *node,
			  struct err *e)
{
	if (yaml_is_empty(node))
		return true;
	if (node->kind != YAML_LIST)
		return fail_at(config, node, e, key, "a list of maps", kind_name(node));
	for (size_t i = 0; i < node->count; i++) {
		const struct yaml *item = &node->items[i];
		ARENA scratch = {0};
		const char *entry = arena_printf(&scratch, "%s[%zu]", key, i);
		const char *prefix = arena_printf(&scratch, "%s.", entry);

		if (item->kind != YAML_MAP)
			return fail_at(config, item, e, entry, "a map of keys", kind_name(item));
		if (!check_map(config, item, prefix, e) || !check_required(config, item, prefix, e))
			return false;
	}
	return true;
}

static bool fail_elsewhere(const struct config *config, const struct yaml *node, const char *key,
			   struct err *e)
{
	enum option_file other = config->file == OPTION_DAEMON ? OPTION_REPOSITORY : OPTION_DAEMON;

	return fail(e, ERR_CONFIG, "%s:%u:%u: %s belongs in %s", config->name, node->name_line,
		    node->name_column, key, option_file_name(other));
}

/* A secret is given in one way. */
static bool check_single(const struct config *config, const struct yaml *map, const char *prefix,
			 size_t at, const struct option *row, struct err *e)
{
	for (size_t i = 0; row->type == OPTION_SECRET && i < at; i++) {
		ARENA scratch = {0};
		const char *key = arena_printf(&scratch, "%s%s", prefix, map->items[i].name.at);
		enum config_form form;

		if (config_row(config->table, key, &form) == row)
			return fail(e, ERR_CONFIG, "%s:%u:%u: %s%s and %s%s: only one of them",
				    config->name, map->items[at].name_line, map->items[at].name_column,
				    prefix, map->items[i].name.at, prefix, map->items[at].name.at);
	}
	return true;
}

static bool check_item(const struct config *config, const struct yaml *map, size_t at,
		       const char *prefix, struct err *e)
{
	const struct yaml *node = &map->items[at];
	enum config_form form = CONFIG_VALUE;
	const struct option *row;
	ARENA scratch = {0};
	const char *key, *section, *entries;

	if (node->name.size > NAME_MOST || !all_of(node->name, LOWER DIGITS "_"))
		return fail_unknown(config, node, prefix, e);
	key = arena_printf(&scratch, "%s%s", prefix, node->name.at);
	section = arena_printf(&scratch, "%s.", key);
	entries = arena_printf(&scratch, "%s[].", key);
	row = config_row(config->table, key, &form);
	if (row && !(row->files & config->file))
		return fail_elsewhere(config, node, key, e);
	if (row)
		return check_single(config, map, prefix, at, row, e) &&
		       check_value(config, row, form, key, node, e);
	if (has_below(config, entries, config->file))
		return check_entries(config, key, node, e);
	if (has_below(config, section, config->file)) {
		if (yaml_is_empty(node))
			return true;
		if (node->kind != YAML_MAP)
			return fail_at(config, node, e, key, "a map of keys", kind_name(node));
		return check_map(config, node, section, e);
	}
	if (has_below(config, section, ~0U) || has_below(config, entries, ~0U))
		return fail_elsewhere(config, node, key, e);
	return fail_unknown(config, node, prefix, e);
}

static bool check_map(const struct config *config, const struct yaml *map, const char *prefix,
		      struct err *e)
{
	for (size_t i = 0; i < map->count; i++)
		if (!check_item(config, map, i, prefix, e))
			return false;
	return true;
}

bool config_check(const struct config *config, struct err *e)
{
	if (config->root.kind != YAML_MAP)
		return fail(e, ERR_CONFIG, "%s:%u:%u: the file must be a map of keys, not %s",
			    config->name, config->root.line, config->root.column,
			    kind_name(&config->root));
	return check_map(config, &config->root, "", e);
}

/*
 * Reads TOML by its lines. A value goes on until its brackets are closed; strings of several lines are
 * taken for one line each, which is wrong for prose and does no harm to names and versions.
 */
#include "templates/lib_toml.h"

/* How many brackets a line opens more than it closes; a comment and strings do not count. */
static int depth_of(struct str line)
{
	char quote = 0;
	int depth = 0;

	for (size_t i = 0; i < line.size; i++) {
		char c = line.at[i];

		if (quote) {
			quote = c == quote ? 0 : quote;
			continue;
		}
		if (c == '#')
			break;
		if (c == '"' || c == '\'')
			quote = c;
		depth += c == '[' || c == '{' ? 1 : c == ']' || c == '}' ? -1 : 0;
	}
	return depth;
}

static struct str header(struct str line, bool *item)
{
	line = str_trim(line);
	str_split(line, "#", &line, NULL);
	line = str_trim(line);
	*item = str_skip(&line, "[[");
	if (*item)
		str_chop(&line, "]]");
	else if (str_skip(&line, "["))
		str_chop(&line, "]");
	return str_trim(line);
}

static struct str bare_key(struct str key)
{
	key = str_trim(key);
	if (str_skip(&key, "\""))
		str_chop(&key, "\"");
	return key;
}

bool toml_next(struct str text, struct toml_line *line, size_t *offset)
{
	struct str rest = str_from(text, *offset), one, key, value;

	while (str_next_line(&rest, &one)) {
		struct str trimmed = str_trim(one);
		size_t start = (size_t)(one.at - text.at);
		int depth;

		if (!trimmed.size || trimmed.at[0] == '#')
			continue;
		if (trimmed.at[0] == '[') {
			line->section = header(trimmed, &line->item);
			line->number++;
			continue;
		}
		if (!str_split(one, "=", &key, &value))
			continue;
		depth = depth_of(value);
		while (depth > 0 && str_next_line(&rest, &one))
			depth += depth_of(one);
		line->start = start;
		line->end = rest.size ? (size_t)(rest.at - text.at) : text.size;
		line->key = bare_key(key);
		line->value = str_trim(str_slice(text, (size_t)(value.at - text.at),
						 line->end - (size_t)(value.at - text.at)));
		*offset = line->end;
		return true;
	}
	return false;
}

bool toml_find(struct str text, const char *section, const char *key, struct toml_line *line)
{
	struct toml_line one = {0};
	size_t offset = 0;

	while (toml_next(text, &one, &offset))
		if (str_is(one.section, section) && str_is(one.key, key)) {
			*line = one;
			return true;
		}
	return false;
}

struct str toml_string(struct str value)
{
	struct str inside;

	value = str_trim(value);
	if (value.size < 2 || !strchr("\"'", value.at[0]))
		return STR_NONE;
	if (!str_split(str_from(value, 1), value.at[0] == '"' ? "\"" : "'", &inside, NULL))
		return STR_NONE;
	return inside;
}

struct str toml_member(struct str table, const char *key)
{
	size_t size = strlen(key);

	for (size_t at = 0; at + size < table.size; at++) {
		struct str rest = str_from(table, at + size);

		if (!str_is(str_slice(table, at, size), key) ||
		    (at && !strchr("{, \t\n", table.at[at - 1])))
			continue;
		rest = str_trim(rest);
		if (str_skip(&rest, "="))
			return str_trim(rest);
	}
	return STR_NONE;
}

bool toml_item(struct str *list, struct str *item)
{
	while (list->size) {
		char c = list->at[0];

		if (c == '#') {
			ptrdiff_t end = str_char(*list, '\n');

			*list = end < 0 ? STR_NONE : str_from(*list, (size_t)end + 1);
			continue;
		}
		if (c == '"' || c == '\'') {
			*item = toml_string(*list);
			*list = str_from(*list, item->size + 2);
			return true;
		}
		*list = str_from(*list, 1);
	}
	return false;
}

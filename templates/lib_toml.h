/*
 * TOML as package managers write it, line by line: enough for manifests and locks, without dotted or
 * quoted tables inside strings.
 */
#ifndef TEMPLATES_LIB_TOML_H
#define TEMPLATES_LIB_TOML_H

#include "bot/base/arena.h"
#include "bot/base/str.h"

#include <stdbool.h>

struct toml_line {
	struct str section;		/* "dependencies.serde" of [dependencies.serde] or [[...]] */
	unsigned number;		/* how many headers have been seen: parts two [[package]] */
	bool item;			/* the section is one of a list: [[package]] */
	struct str key, value;		/* the value as written; of a list with all its lines */
	size_t start, end;		/* of the entry's bytes, with its last new line */
};

/* The next "key = value". *offset starts as 0, *line as all zero. */
bool toml_next(struct str text, struct toml_line *line, size_t *offset);

/* Where the first entry `key` of the section stands; false when there is none. */
bool toml_find(struct str text, const char *section, const char *key, struct toml_line *line);

/* "\"x\"" gives x; empty when it is no plain string. */
struct str toml_string(struct str value);

/* The value of `key = ` in an inline table, as written; empty when there is none. */
struct str toml_member(struct str table, const char *key);

/* Takes the next string off a list. */
bool toml_item(struct str *list, struct str *item);

#endif

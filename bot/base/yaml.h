/*
 * YAML as far as settings need it: maps, lists and scalars, each with its place. What makes YAML
 * surprising is refused: anchors, aliases, merge keys, tags, several documents, duplicate keys, keys
 * that are no scalars.
 */
#ifndef BOT_BASE_YAML_H
#define BOT_BASE_YAML_H

#include "bot/base/arena.h"
#include "bot/base/err.h"
#include "bot/base/str.h"

enum { YAML_BYTES_MOST = 256 * 1024, YAML_DEPTH_MOST = 16, YAML_ITEMS_MOST = 1000 };

enum yaml_kind { YAML_SCALAR, YAML_LIST, YAML_MAP };

struct yaml {
	enum yaml_kind kind;
	unsigned line, column;		/* from 1 */
	struct str name;		/* its key, when it is in a map; NUL-terminated */
	unsigned name_line, name_column;
	struct str text;		/* scalar; NUL-terminated */
	bool plain;			/* scalar without quotes */
	struct yaml *items;
	size_t count;
};

/* Is it "", "~" or "null" without quotes? */
bool yaml_is_empty(const struct yaml *yaml);

/*
 * Parses text; an empty one is an empty map. ERR_CONFIG as "file:line:column: why", also for what is
 * not UTF-8 or holds characters that do not show.
 */
bool yaml_parse(const char *file, struct str text, struct arena *a, struct yaml *root, struct err *e);

#endif

/*
 * A few values out of a large JSON text, without building the rest of it: for texts of which little
 * is wanted and many come. The whole is checked for its grammar; what is not wanted is checked for
 * nothing else (neither names that come twice nor UTF-8).
 *
 *	struct json_value values[2];
 *	static const char *const paths[] = { "action", "workflow_run.head_sha" };
 *	if (!json_skim(body, paths, 2, &arena, values, e))
 *		return false;
 */
#ifndef BOT_BASE_JSON_SKIM_H
#define BOT_BASE_JSON_SKIM_H

#include "bot/base/err.h"
#include "bot/base/str.h"

#include <stdint.h>

enum { JSON_SKIM_PATHS_MOST = 32, JSON_SKIM_PARTS_MOST = 8, JSON_SKIM_DEPTH_MOST = 128 };

enum json_type {
	JSON_IS_ABSENT, JSON_IS_NULL, JSON_IS_FALSE, JSON_IS_TRUE, JSON_IS_NUMBER, JSON_IS_TEXT,
	JSON_IS_LIST, JSON_IS_OBJECT,
};
struct json_value {
	enum json_type type;
	struct str text;		/* of a text, decoded; of a number, as it is written */
};

/*
 * The text is one object. Paths are names and, for the first of a list, "[0]", with dots between:
 * "branches.[0].name". values: one for each path. ERR_INPUT: bad grammar, with its place; a wanted
 * value that is there twice; a wanted text that is not UTF-8 or holds a NUL.
 */
bool json_skim(struct str text, const char *const *paths, size_t count, struct arena *a,
	       struct json_value *values, struct err *e);

#endif

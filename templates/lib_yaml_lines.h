/*
 * YAML that does not parse, line by line.
 */
#ifndef TEMPLATES_LIB_YAML_LINES_H
#define TEMPLATES_LIB_YAML_LINES_H

#include "bot/base/arena.h"
#include "bot/base/str.h"

#include <stdbool.h>

struct yaml_line {
	struct str text;		/* with its line end */
	size_t depth;			/* blanks and tabs at its start */
	size_t column;			/* of its first key, behind any "- " */
	bool tabs;			/* among them */
	bool idle;			/* empty, a comment, or inside a block of text */
	bool opens;			/* ends in ":": what is deeper is its value */
};

/* All lines of a text. */
struct yaml_line *yaml_lines(struct arena *a, struct str text, size_t *count);
/* The line before (after) that says something and has no tabs; NULL when there is none. */
const struct yaml_line *yaml_line_before(const struct yaml_line *lines, size_t at);
const struct yaml_line *yaml_line_after(const struct yaml_line *lines, size_t count, size_t at);
/* Is the text a workflow that parses, each of whose keys has its place? */
bool yaml_is_workflow(struct arena *a, struct str text);

#endif

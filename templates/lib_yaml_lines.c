/*
 * How deep the lines of a YAML text are, and which are text of a block scalar. Quoted text of several
 * lines is not known as such: what is made of it must parse.
 */
#include "templates/lib_yaml_lines.h"

#include "templates/lib_workflow_schema.h"

static struct str without_comment(struct str text)
{
	ptrdiff_t at = str_find(text, STR(" #"));

	return str_trim_right(at < 0 ? text : str_slice(text, 0, (size_t)at));
}

/* "run: |", "x: >-", "- |2" */
static bool begins_block(struct str said)
{
	while (said.size && strchr("+-0123456789", said.at[said.size - 1]))
		said.size--;
	return said.size > 1 && (str_ends(said, " |") || str_ends(said, " >"));
}

static struct yaml_line read_line(struct str text, long *block)
{
	struct yaml_line line = { .text = text, .depth = str_indent(text) };
	struct str said = without_comment(str_from(text, line.depth));

	for (size_t i = 0; i < line.depth; i++)
		line.tabs = line.tabs || text.at[i] == '\t';
	line.column = line.depth;
	if (!said.size || said.at[0] == '#') {
		line.idle = true;
		return line;
	}
	if (*block >= 0 && (long)line.depth > *block) {
		line.idle = true;
		return line;
	}
	*block = -1;
	while (str_skip(&said, "- "))
		line.column += 2;
	line.opens = str_ends(said, ":");
	if (begins_block(said))
		*block = (long)line.column;
	return line;
}

struct yaml_line *yaml_lines(struct arena *a, struct str text, size_t *count)
{
	struct yaml_line *lines = NULL;
	size_t n = 0;
	long block = -1;

	while (text.size) {
		ptrdiff_t end = str_char(text, '\n');
		size_t size = end < 0 ? text.size : (size_t)end + 1;

		arena_push(a, lines, n) = read_line(str_slice(text, 0, size), &block);
		text = str_from(text, size);
	}
	*count = n;
	return lines;
}

const struct yaml_line *yaml_line_before(const struct yaml_line *lines, size_t at)
{
	while (at--)
		if (!lines[at].idle && !lines[at].tabs)
			return &lines[at];
	return NULL;
}

const struct yaml_line *yaml_line_after(const struct yaml_line *lines, size_t count, size_t at)
{
	while (++at < count)
		if (!lines[at].idle && !lines[at].tabs)
			return &lines[at];
	return NULL;
}

bool yaml_is_workflow(struct arena *a, struct str text)
{
	SYNTAX s = syntax_open(a, "yaml", text);

	return s && !s->errors && !ts_node_is_null(yaml_get(s, yaml_root(s), "jobs")) &&
	       schema_fits(s);
}

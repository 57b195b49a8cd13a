/*
 * Ruby code as the templates see it, without a grammar: a text of the same length in which strings
 * and comments are blank, methods by their `def` and its `end`, and small questions about lines.
 */
#ifndef TEMPLATES_LIB_RUBY_H
#define TEMPLATES_LIB_RUBY_H

#include "templates/template.h"

struct ruby {
	struct scene *scene;
	const char *path;
	struct str text;		/* as it is */
	struct str code;		/* the same bytes, blank where strings and comments are */
};

/* The same length; quotes stay, what is between them, comments and here-documents are blank. */
struct str ruby_code(struct arena *a, struct str text);

/* Is the file a test (or spec), by its name or folder? */
bool ruby_is_test(const char *path);

/* A file of the tree that is Ruby and no test; false, with the reason declined, else. */
bool ruby_open(struct ruby *ruby, struct scene *scene, const char *path);

/* The innermost own frame that is no test; its place in *line. NULL when there is none. */
const char *ruby_crash(const struct scene *scene, unsigned *line);

struct ruby_method {
	struct str name;
	unsigned first, last;		/* lines of def and end */
	struct str parameters;		/* between the parentheses, or behind the name */
};

/* The method around the line; false at the top level. */
bool ruby_method_at(const struct ruby *ruby, unsigned line, struct ruby_method *out);
/* The n-th (from 0) method of the file. */
bool ruby_method(const struct ruby *ruby, unsigned n, struct ruby_method *out);

/* A line (from 1) of the text, without its line feed. */
struct str ruby_line(struct str text, unsigned line);

/* The text with `added` in place of the bytes from start to end. */
struct str ruby_replace(struct arena *a, struct str text, size_t start, size_t end, struct str added);

/* A name as the messages quote it: `x', 'x' or "x"; the groups of patterns have it without. */
#define RUBY_QUOTED(name) "[`'](?<" name ">[^'`]+)'"

#endif

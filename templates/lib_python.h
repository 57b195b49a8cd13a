/*
 * Python code as the templates see it: files of the tree parsed once, the place of a crash, the
 * callers on the way to it, and small questions to the syntax tree. Nothing here judges what is right.
 */
#ifndef TEMPLATES_LIB_PYTHON_H
#define TEMPLATES_LIB_PYTHON_H

#include "templates/syntax.h"
#include "templates/template.h"

/* The parsed files of one scene; closed by the cleanup attribute: PYTHON p = { .scene = scene }; */
struct python {
	struct scene *scene;
	struct python_file {
		const char *path;
		struct syntax *syntax;
	} *files;
	size_t file_count;
};
#define PYTHON __attribute__((cleanup(python_close))) struct python

void python_close(struct python *python);

/* The file, parsed; NULL when it is not in the tree, too large, or not Python. */
const struct syntax *python_open(struct python *python, const char *path);

/* Where a line of a traceback is in the code. */
struct site {
	const char *path;
	unsigned line;
	unsigned column;		/* 0: not known */
	const struct syntax *syntax;
	TSNode statement;		/* the innermost statement on the line; a compound one for its header */
	TSNode function;		/* the innermost function around it; null at module level */
	size_t frame;			/* index in failure->frames; SIZE_MAX without frames */
};

/*
 * The place of the crash: the innermost frame, which must be the repository's and no test. False, with
 * the reason declined, when it is elsewhere.
 */
bool python_crash(struct python *python, struct site *site);
/* The same for a test's or any other own frame. */
bool python_site(struct python *python, const char *path, unsigned line, struct site *site);
/* The frame that called the function of `site` (comprehension frames are passed over). */
bool python_caller(struct python *python, const struct site *site, struct site *caller);

/* Is the file one of tests, by its name or folder? */
bool python_is_test(struct str path);

/* "f" for f(...), m.f(...), self.f(...); empty when the callee is no name. */
struct str python_callee(const struct syntax *s, TSNode call);
/* The name of a function definition. */
struct str python_name(const struct syntax *s, TSNode function);
/* The node without parentheses around it. */
TSNode python_bare(TSNode node);
/* The first statement behind the docstring; null when there is none. */
TSNode python_body(TSNode function);
/* The docstring's text with its quotes; empty when there is none. */
struct str python_docstring(const struct syntax *s, TSNode function);
/* The parameter with this name (the node in the list, with default and annotation); null when none. */
TSNode python_parameter(const struct syntax *s, TSNode function, struct str name);

/* The n-th (from 0) named child that is no comment; null node when there is none. */
TSNode python_child(TSNode node, unsigned n);
unsigned python_child_count(TSNode node);

/* Numbers, strings, None, True, False, and lists, tuples, dicts and sets of them. */
bool python_is_literal(const struct syntax *s, TSNode node);
/* Can it be evaluated twice without harm: names, attributes, literals, arithmetic, len() and the like. */
bool python_is_pure(const struct syntax *s, TSNode node);
/* Does the identifier occur at or below the node (as a name, not as an attribute)? */
bool python_mentions(const struct syntax *s, TSNode node, struct str name);
/* Is the name assigned between two bytes of the function (assignment, for, with, walrus)? */
bool python_assigned(const struct syntax *s, TSNode function, struct str name, size_t from,
		     size_t to);
/* The right side of the only assignment to the name before a byte; null when none or several. */
TSNode python_value_of(const struct syntax *s, TSNode function, struct str name, size_t before);
/* Is there a node of one of these types below, not counting nested functions? */
bool python_contains(TSNode node, const char *types);
/* Is the name bound at module level: an import, a definition, an assignment? */
bool python_binds(const struct syntax *s, struct str name);

/* Does the module work with arrays or frames, which have no plain truth value? */
bool python_uses_arrays(const struct syntax *s);

/* A new line as the file has it. */
const char *python_newline(const struct syntax *s);
/* One step of indentation, as the function's body has it. */
struct str python_indent_step(const struct syntax *s, TSNode function);
/* Does the statement begin its line? */
bool python_begins_line(const struct syntax *s, TSNode statement);

#endif

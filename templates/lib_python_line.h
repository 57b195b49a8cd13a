/*
 * Python lines of a file that does not parse: where a SyntaxError points, and what is code on a line.
 */
#ifndef TEMPLATES_LIB_PYTHON_LINE_H
#define TEMPLATES_LIB_PYTHON_LINE_H

#include "templates/lib_scene.h"
#include "templates/template.h"

struct broken {
	const char *path;
	struct str text;		/* of the file */
	struct str line;		/* without its new line */
	size_t start;			/* where the line starts in the text */
};

/* The line that a SyntaxError names; false, with the reason declined, when it is a test's or is not
 * there. */
bool line_broken(struct scene *scene, struct broken *out);

/* Where the code of the line ends: before the blanks and the comment behind it. Knows strings on one
 * line. */
size_t line_code_end(struct str line);

/* The text with a piece of the line (from, to, bytes in the line) replaced. */
struct str line_replace(struct scene *scene, const struct broken *broken, size_t from, size_t to,
			struct str piece);

/* Does the text parse without an error? */
bool line_parses(struct scene *scene, struct str text);

/* Do the diagnostics hold an error of flake8 that no template mends? Then a part would be mended. */
bool line_other_findings(const struct scene *scene);

/* The same for mypy. */
bool line_other_types(const struct scene *scene);

/* Proposes the text when it parses; declines else. */
void line_propose(struct scene *scene, const struct broken *broken, struct str after,
		  enum oracle oracle, const char *why);

#endif

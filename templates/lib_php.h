/*
 * PHP code as the templates see it: the file of a crash, parsed, and small questions to its tree.
 */
#ifndef TEMPLATES_LIB_PHP_H
#define TEMPLATES_LIB_PHP_H

#include "templates/syntax.h"
#include "templates/template.h"

/* Is the file a test, by its name or folder? */
bool php_is_test(const char *path);

/* Is the file PHP of ours: no test, nothing under vendor? */
bool php_is_own(const char *path);

/* The innermost own frame's file and line, parsed; NULL, with the reason declined, for a test or
 * what is not ours. */
struct syntax *php_crash(struct scene *scene, const char **path, unsigned *line);

/* The n-th (from 0) node of these types that begins on the line; null node when there is none. */
TSNode php_on_line(const struct syntax *s, unsigned line, const char *types, unsigned n);

/* "name" of a call, a property, a class: the text of its field `name` or `function`. */
struct str php_name(const struct syntax *s, TSNode node);

/* The text that `code` may be quoted by a suffix: a name, an access, a call or an index; no operators. */
bool php_is_simple(TSNode node);

#endif

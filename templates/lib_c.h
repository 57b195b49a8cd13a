/*
 * C and C++ code as the templates see it: who declares a name, what a declarator says. Expands no
 * macro and follows no include path.
 */
#ifndef TEMPLATES_LIB_C_H
#define TEMPLATES_LIB_C_H

#include "templates/lib_files.h"

enum { C_FUNCTIONS_MAX = 16 };

/* The identifier that a declarator (of any depth) declares; null for an abstract one. */
TSNode c_declared(TSNode declarator);

/* The function's own declarator in a definition, declaration or member; null when it is none. */
TSNode c_function_declarator(TSNode node);

/* The name of the function without its class; empty for what is none. */
struct str c_function_name(const struct syntax *s, TSNode node);

/* The parameter that declares the name; null when there is none. */
TSNode c_parameter(const struct syntax *s, TSNode declarator, struct str name);
/* The n-th (from 0) parameter; null when there are fewer. */
TSNode c_parameter_at(TSNode declarator, unsigned n);

/* The type of a parameter as it is written, with its stars, and without its name. */
struct str c_parameter_type(struct arena *a, const struct syntax *s, TSNode parameter);

/* One declaration or definition of a function. */
struct c_function {
	struct source *code;
	TSNode node, declarator;
	bool defines;
};

/* All declarations and definitions of free functions of that name in the tree; at most
 * C_FUNCTIONS_MAX, C_FUNCTIONS_MAX + 1 is returned when there are more. */
size_t c_functions(struct sources *codes, struct str name, struct c_function list[C_FUNCTIONS_MAX]);

/* Does another file of code, or one that names symbols, say the word? Returns its path or NULL. */
const char *c_who_else(const struct scene *scene, const char *path, const char *word);

/* Does the file include the header, by its file name? */
bool c_includes(const struct syntax *s, const char *header_path);

/* The comment that ends on the line before the node, or stands behind it on its line; empty. */
struct str c_comment(const struct syntax *s, TSNode node);

/* Has the first word of the declaration's specifiers this storage class ("static", "extern")? */
bool c_has_storage(const struct syntax *s, TSNode node, const char *storage);

/* Nothing happens when it is evaluated: no call, assignment, ++, -- or await at or below. */
bool c_is_pure(TSNode node);

/* Is the path a C or C++ source or header? */
bool c_is_code(const char *path);

#endif

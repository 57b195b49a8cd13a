/*
 * Names and errors in Go functions: what is visible at a place, and how the project hands an error
 * on.
 */
#ifndef TEMPLATES_LIB_GO_ERROR_H
#define TEMPLATES_LIB_GO_ERROR_H

#include "templates/lib_code.h"
#include "templates/lib_go.h"

/*
 * The place of the failure in its package, which stays the owner of the tree: not for code_close.
 * False, with the reason declined, when it is not the repository's or a test's.
 */
bool go_place(struct scene *scene, struct go_package *package, struct code *code);

/* The function, method or literal around a node; null node at file level. */
TSNode go_function(TSNode node);
/* The statement that holds the node, as a child of its block or case. */
TSNode go_statement(TSNode node);

/* The identifier that declares the name as it is seen right before `at`; null node when it is none
 * of the function's. */
TSNode go_declaration(const struct syntax *s, TSNode at, struct str name);

/* The n-th (from 0) type of the function's results; empty behind the last. */
struct str go_result(const struct syntax *s, TSNode function, unsigned n);

/*
 * The zero value of a type as code: of the language's types, pointers and the like, and of structs
 * of the package. Empty when unknown.
 */
struct str go_zero(struct go_package *package, struct arena *a, struct str type);

/*
 * What stands in the braces of `if err != nil { ... }` behind the node `at`: the return that the
 * siblings of the package write, in a function with the same results or, handed on bare, with the
 * zero values. Empty, with a reason, when they do not say one thing.
 */
struct str go_error_return(struct go_package *package, const struct syntax *s, TSNode at,
			   const char **why);

#endif

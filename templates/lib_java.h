/*
 * Java code as the templates see it: types and variables by name, imports, and what a failing test
 * expects of the call that crashed. Resolves no overloads and reads no class files.
 */
#ifndef TEMPLATES_LIB_JAVA_H
#define TEMPLATES_LIB_JAVA_H

#include "templates/lib_files.h"

/* The method or constructor around a node; null at the level of the class. */
TSNode java_method(TSNode node);
/* The class, record, enum or interface around a node. */
TSNode java_class(TSNode node);

/* "List" of List<String>, java.util.List or List[]. */
struct str java_simple_type(const struct syntax *s, TSNode type);

/*
 * What declares the variable that is meant at `at`: a local, a parameter, a loop's variable, a field
 * of the class around, or a record's component. Null when nothing of this file does.
 */
TSNode java_declaration(const struct syntax *s, TSNode at, struct str name);
/* The value of a declaration that declares only this name; null without one. */
TSNode java_initial_value(TSNode declaration);

/* The only class, record, enum or interface of that name in the project; null when there is none,
 * or several. */
TSNode java_class_named(struct sources *sources, struct str name, struct source **source);
/* The methods of a class by name; the n-th from 0. */
TSNode java_method_named(const struct syntax *s, TSNode class, struct str name, unsigned n);

/* Has the declaration this modifier ("public", "@Override")? */
bool java_has_modifier(const struct syntax *s, TSNode declaration, const char *modifier);

/* Does the file import the simple name, or everything of its package? */
bool java_is_imported(const struct syntax *s, struct str qualified);
/* Adds the import where the alphabet puts it. */
void java_import_add(struct source *source, struct str qualified);

/* The Javadoc right before the declaration; empty. */
struct str java_comment(const struct syntax *s, TSNode declaration);

/*
 * What the failing test says that a call of the method gives back: the call and the literal that it
 * is compared with, on the line of the test's own frame. False when the line does not say so, or
 * says it of two calls.
 */
struct java_expected {
	const struct syntax *s;
	TSNode call;
	struct str value;		/* a literal: 0, "office", true, null */
	const char *test;		/* the path, for people */
	unsigned line;
};
bool java_expects(struct sources *sources, const struct failure *failure, struct str method,
		  struct java_expected *out);

/* Is the node evaluated whenever the statement around it is: in no branch, lambda, loop or right of &&? */
bool java_always_evaluated(const struct syntax *s, TSNode node, TSNode statement);

/* Is it the text of a number, a string, true, false or null? */
bool java_is_literal(TSNode node);

#endif

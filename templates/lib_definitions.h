/*
 * Where Python functions and classes are defined in a repository, tests aside, and what the failing
 * commit renamed.
 */
#ifndef TEMPLATES_LIB_DEFINITIONS_H
#define TEMPLATES_LIB_DEFINITIONS_H

#include "templates/lib_python.h"

enum { DEFINITIONS_MAX = 32 };

struct definition {
	const char *path;
	const struct syntax *syntax;
	TSNode node;			/* function_definition or class_definition */
	TSNode owner;			/* the class around it; null for none */
};

/* All definitions of this type ("function_definition") and name; how many, DEFINITIONS_MAX at most. */
size_t definitions_of(struct python *python, struct str name, const char *type,
		      struct definition list[DEFINITIONS_MAX]);

/* The class, when exactly one of this name is defined. */
bool definition_of_class(struct python *python, struct str name, struct definition *out);

/* "show", "Money.show" as a traceback writes it: exactly one such function or method, a class being
 * its __init__. */
bool definition_of_function(struct python *python, struct str name, struct definition *out);

/* The function of this name in the class's own body; null when there is none. */
TSNode definition_method(const struct syntax *s, TSNode class_node, struct str name);

/* Is one of the words (parted by '|') a decorator of the definition, also as the last part of
 * "functools.cached_property"? */
bool definition_has_decorator(const struct syntax *s, TSNode definition, const char *words);

/* Does the class assign self.NAME in one of its methods, or bind NAME in its body? */
bool definition_binds(const struct syntax *s, TSNode class_node, struct str name);

/* The n-th parameter's name (from 0); empty behind the last one, and for *, /, *args, **kw. */
struct str definition_parameter(const struct syntax *s, TSNode function, unsigned n);

/* The first name of the class's one base; empty when it has none or several. */
struct str definition_base(const struct syntax *s, TSNode class_node);

/* Does another file take the name from this one: by an import, or as "file.NAME"? */
bool definition_is_passed_on(struct python *python, const char *path, struct str name);

/* Is there an own frame that is no test, with nothing but library frames inside it? */
bool definition_last_own(struct python *python, struct site *site);

/*
 * The tree before the failing commit as one more set of files: false without a parent. `scene` is
 * filled and must outlive *before.
 */
bool definitions_before(struct python *python, struct scene *scene, struct python *before);

#endif

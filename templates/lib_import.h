/*
 * Python's imports: what a module is, where a new import goes, and who defines a name.
 */
#ifndef TEMPLATES_LIB_IMPORT_H
#define TEMPLATES_LIB_IMPORT_H

#include "templates/lib_python.h"

enum module_class { MODULE_FUTURE, MODULE_STDLIB, MODULE_OTHER, MODULE_LOCAL };

/* Is the first part of the name a module of the standard library (any supported Python)? */
bool import_is_stdlib(struct str module);
/* A module that was in the standard library and no longer is ("distutils", "imp", ...). */
bool import_is_removed(struct str module);
/* Is there a module or package of this repository that the first part of the name could be? */
bool import_is_local(const struct tree *tree, struct str module);
enum module_class import_class(const struct tree *tree, struct str module);

/* The stdlib module that everybody means by this name ("Path" is pathlib); NULL when there is none. */
const char *import_home_of(struct str name);

/* How a module says that it imports a name: "import json", "from typing import List". */
struct import_form {
	struct str module;		/* "typing"; "json" */
	struct str name;		/* "List"; empty for a plain import */
	struct str alias;		/* the name that is bound, when it is another one */
};

/* Adds the import among those of the file, where its kind and the alphabet put it. */
void import_add(struct edits *edits, const struct syntax *s, const struct tree *tree,
		const struct import_form *form);

/* "src/shop/cart.py" seen from "src/app.py" or "tests/test_x.py": "shop.cart". The root of a package is
 * the first folder without __init__.py. "shop/__init__.py" is "shop". */
struct str import_module_name(struct arena *a, const struct tree *tree, struct str path);

/*
 * The only file, tests aside, whose top level defines the name (class, function, assignment). False when
 * none or several do; *count says how many.
 */
bool import_find_definition(struct python *python, struct str name, const char **path,
			    unsigned *count);

#endif

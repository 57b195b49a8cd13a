/*
 * JavaScript's module specifiers and package.json, as texts.
 */
#ifndef TEMPLATES_LIB_MODULE_H
#define TEMPLATES_LIB_MODULE_H

#include "templates/template.h"

/*
 * What a relative specifier means from a file of the tree ("src/a.js", "../b" -> "b"); NULL when
 * it is not relative or leaves the tree.
 */
const char *module_target(struct arena *a, const char *importer, struct str specifier);

/* How a file imports another of the tree: "./b.js", "../lib/c.js". */
const char *module_specifier(struct arena *a, const char *importer, const char *path);

/* Does another source (not a test) import this file already? */
bool module_is_imported(const struct scene *scene, const char *path, const char *but);

/* The package of a specifier: "@a/b" of "@a/b/c"; NULL for node's own modules and odd names. */
const char *module_package(struct arena *a, struct str specifier);

/*
 * package.json with one more entry in a section that is there, in its order. False when it is
 * not.
 */
bool module_add_dependency(struct arena *a, struct str text, const char *section,
			   const char *package, const char *version, struct str *out);

#endif

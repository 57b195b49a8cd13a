/*
 * Where JavaScript and TypeScript files get their names from: imports, exports, what is visible
 * at a place, and how one more import is written.
 */
#ifndef TEMPLATES_LIB_JS_NAMES_H
#define TEMPLATES_LIB_JS_NAMES_H

#include "templates/syntax.h"
#include "templates/template.h"

enum { JS_BINDINGS_MAX = 200 };

/* One name that a file gets from a module, by import or by require. */
struct js_binding {
	struct str module;		/* the specifier, without quotes */
	struct str name;		/* as the module exports it; "default"; "*" for all of it */
	struct str local;		/* as it is called here */
	TSNode statement, string, at;	/* `at` is the specifier or name that binds it */
	bool type, require;
};

/* All of them, in their order; at most JS_BINDINGS_MAX. */
size_t js_bindings(const struct syntax *s, struct js_binding *list);
/* The binding of a local name; false when there is none. */
bool js_binding_of(const struct syntax *s, struct str local, struct js_binding *out);

/* Is the file written as an ES module, by what it says, else by its ending and its package.json? */
bool js_is_esm(const struct scene *scene, const char *path, const struct syntax *s);
/* The "type" of the package that a file belongs to; empty when it says none. */
struct str js_package_type(const struct scene *scene, const char *path);

/*
 * Does the file export the name ("default" too), as an ES module or as a CommonJS one? A star
 * export counts for nothing.
 */
bool js_exports(const struct syntax *s, struct str name);
/* The names of module.exports = { a, b }; the object, or a null node when there is no such. */
TSNode js_exported_object(const struct syntax *s);
/* Declared at the top level of the file: the declaration; a null node when it is not. */
TSNode js_top_level(const struct syntax *s, struct str name);
/* Is the name bound anywhere in the file, in whatever scope? */
bool js_declares(const struct syntax *s, struct str name);

/* The file of the tree that a specifier means for an importer; NULL when there is none. */
const char *js_resolve(const struct scene *scene, const char *importer, struct str specifier);
/* How the importer would spell a file of the tree, with or without ending as it does elsewhere. */
const char *js_spell(const struct scene *scene, const char *importer, const struct syntax *s,
		     const char *path);

/* Collects the edit that adds the import (module, name, local, type) where its like stand. */
void js_bind(struct edits *edits, const struct syntax *s, bool esm, const struct js_binding *want);

/*
 * Where one more import goes: behind the last one; else (*fresh) behind the directives and the
 * comments that open the file.
 */
size_t js_import_place(const struct syntax *s, bool *fresh);
/* Collects the edit that adds an element to { a, b }: at its place when sorted, else at the end. */
void js_put_in_list(struct edits *edits, const struct syntax *s, TSNode list, struct str element);

/* Is this a source of the repository's own that is no test: .js, .ts and their like? */
bool js_is_source(const char *path);

#endif

/*
 * Relative specifiers that name no file, and the files that they mean.
 */
#ifndef TEMPLATES_LIB_JS_PATH_H
#define TEMPLATES_LIB_JS_PATH_H

#include "templates/template.h"

/*
 * The file that `target` (a path in the tree, perhaps without ending) meant for an importer: the
 * same name in another case; what it was before the importer moved; where the file moved to. NULL
 * when there is none or a choice. *why and *oracle are set on success.
 */
const char *js_path_meant(struct scene *scene, const char *importer, struct str specifier,
			  const char *target, const char **why, enum oracle *oracle);

/* The ending that turns a target into a path, "/index.js" included; NULL when none does. */
const char *js_ending_of(const char *path, const char *target);

#endif

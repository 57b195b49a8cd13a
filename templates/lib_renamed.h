/*
 * Names that the failing commit changed.
 */
#ifndef TEMPLATES_LIB_RENAMED_H
#define TEMPLATES_LIB_RENAMED_H

#include "templates/template.h"

/*
 * The new name of `old`: some line of the parent's files (with one of these endings, parted by
 * blanks) that says `old` is there again with one other word in its place, always the same one, and
 * no file's declaration of `old` is left. False when there is no parent, or two new names.
 */
bool renamed_to(const struct scene *scene, struct str old, const char *endings, struct str *name);

#endif

/*
 * The line of a manifest that asks for a version, and the same line in the commit before: what a pin
 * goes back to.
 */
#ifndef TEMPLATES_LIB_PIN_H
#define TEMPLATES_LIB_PIN_H

#include "templates/template.h"

/*
 * Finds, in the manifests of these globs (NULL-ended), the one line that holds the package's name and
 * `now` (what it asks for now), and in the same file of the commit before the one line that is the same
 * but for what it asks for. The text with the old line goes to *text. False with a reason when there
 * is no history, no or several such lines, or the line was the same.
 */
bool pin_before(struct scene *scene, const char *const *globs, struct str name, struct str now,
		const char **path, struct str *text, struct str *old_line, const char **why);

#endif

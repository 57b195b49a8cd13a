/*
 * When scene_syntax() begins to keep what it parses, and when it gives it back.
 */
#ifndef TEMPLATES_LIB_KEPT_H
#define TEMPLATES_LIB_KEPT_H

#include "templates/template.h"

void kept_begin(struct scene *scene);
void kept_end(struct scene *scene);

#endif

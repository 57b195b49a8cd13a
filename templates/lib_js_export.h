/*
 * An import that its module does not answer: which of the two is to change, and how.
 */
#ifndef TEMPLATES_LIB_JS_EXPORT_H
#define TEMPLATES_LIB_JS_EXPORT_H

#include "templates/lib_js_names.h"
#include "templates/lib_js_set.h"

/*
 * Collects the edits that make a binding of the file one that its module answers: default for
 * named or the other way round, an export that was forgotten, a new name that the failing commit
 * gave, a slip of one exported name. False, with the reason declined, when it is none of these.
 */
bool js_mend_binding(struct js_set *set, struct js_file *file, const struct js_binding *binding);

/* Collects the edits that call a local name otherwise in the whole file; declarations left out. */
void js_rename_uses(struct js_file *file, struct str old, struct str new, const TSNode *but);

/* The one exported name of a module that the wrong one is a slip of; empty when none or several. */
struct str js_export_like(const struct syntax *module, struct str wrong);

/* Collects the edit that exports what the module declares; false with the reason declined. */
bool js_add_export(struct js_set *set, struct js_file *module, struct str name);

#endif

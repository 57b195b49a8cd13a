/*
 * package.json as text: the value of a key, and the text with another one.
 */
#ifndef TEMPLATES_LIB_JS_MANIFEST_H
#define TEMPLATES_LIB_JS_MANIFEST_H

#include "templates/template.h"

/* The string at section/key (section NULL: at the top); NULL when there is none. */
const char *js_manifest_value(struct arena *a, struct str text, const char *section, const char *key);
/* The text with another string there, the layout kept; false when the key is not there. */
bool js_manifest_put(struct arena *a, struct str text, const char *section, const char *key,
		     const char *value, struct str *out);

#endif

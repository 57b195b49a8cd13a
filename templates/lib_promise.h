/*
 * What a comment promises: "The first free seat, or -1.", "0 if there is none".
 */
#ifndef TEMPLATES_LIB_PROMISE_H
#define TEMPLATES_LIB_PROMISE_H

#include "templates/lib_c.h"

/* A number or NULL, null, false or true at the start of the text; empty when it begins otherwise. */
struct str promise_plain(struct str s);

/* The one value that the comment promises for the other case; empty. */
struct str promise_in(struct str comment);

/* The promise of the comments at a C function's definition and declarations; *value stays empty when
 * there is none. False when they differ. */
bool promise_of(struct sources *codes, struct str name, struct str *value);

#endif

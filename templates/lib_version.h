/*
 * Versions and the ranges that package managers ask for. Says yes only when it is certain: what is no
 * plain release or no plain range satisfies nothing.
 */
#ifndef TEMPLATES_LIB_VERSION_H
#define TEMPLATES_LIB_VERSION_H

#include "bot/base/str.h"

#include <stdbool.h>

enum { VERSION_PARTS_MAX = 4 };

struct version {
	unsigned long parts[VERSION_PARTS_MAX];
	size_t count;
};

/* "1.2.3", "v1.2", with nothing behind it. */
bool version_parse(struct str text, struct version *version);
int version_compare(const struct version *a, const struct version *b);

/* "^1.2.3", "~1.2", ">=1 <2 || 3.x", "1.2.x", "*"; no tags, addresses or pre-releases. */
bool version_fits_npm(struct str version, struct str range);
/* ">=23.1,<25", "==2.*", "~=1.4"; "" fits all. */
bool version_fits_python(struct str version, struct str specifiers);
/* "1.2" means "^1.2"; else as npm, with commas. */
bool version_fits_cargo(struct str version, struct str range);

#endif

/*
 * A pnpm-lock.yaml as far as it repeats the package.json files: its importers.
 */
#ifndef TEMPLATES_LIB_PNPM_H
#define TEMPLATES_LIB_PNPM_H

#include "bot/base/arena.h"
#include "bot/base/str.h"

#include <stdbool.h>

struct pnpm_entry {
	struct str importer;		/* "." or "packages/ids" */
	struct str group, name;		/* "dependencies", "kleur" */
	struct str specifier, version;	/* without quotes */
	size_t start, end;		/* of all its lines */
	size_t specifier_at, specifier_end;	/* of the value as written */
};

struct pnpm_lock {
	struct str text;
	struct pnpm_entry *entries;
	size_t count;
	struct str *importers;
	size_t importer_count;
	size_t step;			/* columns an importer's group is in from the margin */
};

/* False when it has no specifiers of this form (before version 6), or conflict markers. */
bool pnpm_parse(struct arena *a, struct str text, struct pnpm_lock *lock);

const struct pnpm_entry *pnpm_find(const struct pnpm_lock *lock, struct str importer,
				   struct str group, struct str name);

/*
 * The only version of a package under "packages:" whose key names no peers; empty when there is none
 * or several.
 */
struct str pnpm_locked(const struct pnpm_lock *lock, struct str name);

/* The value as pnpm writes it: in quotes where YAML wants them. */
struct str pnpm_scalar(struct arena *a, struct str value);

#endif

/*
 * What the Cargo.toml files of a repository say of its own packages.
 */
#ifndef TEMPLATES_LIB_CARGO_H
#define TEMPLATES_LIB_CARGO_H

#include "templates/template.h"

enum { CRATE_DEPENDENCIES_MAX = 200, CRATES_MAX = 64 };

struct crate_dependency {
	struct str name;		/* of the package, not what the code calls it */
	struct str range;		/* empty: any */
	bool local, plain;		/* plain: no features are asked for */
};

struct crate {
	const char *path;		/* of its Cargo.toml */
	struct str name, version;
	struct crate_dependency dependencies[CRATE_DEPENDENCIES_MAX];
	size_t count;
};

/* The packages below the root's Cargo.toml, itself counted; false when one cannot be read for certain. */
bool crates_read(const struct scene *scene, struct crate *crates, size_t *count);

/* Is the package one of the workspace, by its root, or the root's own? */
bool crate_is_member(const struct scene *scene, const struct crate *crate);

#endif

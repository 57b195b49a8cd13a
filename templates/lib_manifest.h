/*
 * What the package.json files of a repository ask for.
 */
#ifndef TEMPLATES_LIB_MANIFEST_H
#define TEMPLATES_LIB_MANIFEST_H

#include "bot/base/json.h"
#include "templates/template.h"

enum { MANIFESTS_MAX = 64 };

struct manifest {
	const char *path, *folder;	/* "" for the root */
	json_t *json;			/* borrowed from the set */
	const char *name, *version;	/* NULL when it does not say */
};

struct manifests {
	struct manifest list[MANIFESTS_MAX];
	size_t count;
};

/*
 * The package.json of the root and of every folder below it that is not somebody else's. Those that
 * cannot be read are left out.
 */
void manifests_open(const struct scene *scene, const struct tree *tree, struct manifests *out);
void manifests_close(struct manifests *manifests);
#define MANIFESTS __attribute__((cleanup(manifests_close))) struct manifests

/* The one of a folder, or of a name; NULL when there is none. */
const struct manifest *manifest_in(const struct manifests *all, const char *folder);
const struct manifest *manifest_named(const struct manifests *all, const char *name);

extern const char *const manifest_groups[];	/* "dependencies", ...; NULL-ended */

/* The folders that the root's "workspaces" name, of those with a package.json. */
bool manifest_is_member(const struct manifests *all, const struct manifest *one);

#endif

/*
 * Reads package.json files; knows nothing of any lock.
 */
#include "templates/lib_manifest.h"

#include "git/path.h"
#include "templates/lib_scene.h"

const char *const manifest_groups[] = { "dependencies", "devDependencies", "optionalDependencies",
	NULL };

void manifests_open(const struct scene *scene, const struct tree *tree, struct manifests *out)
{
	*out = (struct manifests){0};
	for (size_t i = 0; tree && i < tree->count && out->count < MANIFESTS_MAX; i++) {
		const char *path = tree->entries[i].path;
		struct manifest *one = &out->list[out->count];
		struct err ignored = ERR_INIT;
		struct str text;

		if (!str_is(path_name(str_of(path)), "package.json") || scene_is_aside(path, "") ||
		    !tree_read(tree, scene->arena, path, &text) ||
		    !json_parse(text, TREE_FILE_MAX, &one->json, &ignored))
			continue;
		one->path = path;
		one->folder = str_text(scene->arena, path_folder(str_of(path)));
		one->name = json_string_value(json_object_get(one->json, "name"));
		one->version = json_string_value(json_object_get(one->json, "version"));
		out->count++;
	}
}

void manifests_close(struct manifests *manifests)
{
	for (size_t i = 0; i < manifests->count; i++)
		json_decref(manifests->list[i].json);
	manifests->count = 0;
}

const struct manifest *manifest_in(const struct manifests *all, const char *folder)
{
	for (size_t i = 0; i < all->count; i++)
		if (!strcmp(all->list[i].folder, folder))
			return &all->list[i];
	return NULL;
}

const struct manifest *manifest_named(const struct manifests *all, const char *name)
{
	const struct manifest *found = NULL;

	for (size_t i = 0; i < all->count; i++) {
		if (!all->list[i].name || strcmp(all->list[i].name, name) != 0)
			continue;
		if (found)
			return NULL;
		found = &all->list[i];
	}
	return found;
}

bool manifest_is_member(const struct manifests *all, const struct manifest *one)
{
	const struct manifest *root = manifest_in(all, "");
	const json_t *list = root ? json_object_get(root->json, "workspaces") : NULL, *item;
	size_t i;

	if (json_is_object(list))
		list = json_object_get(list, "packages");
	json_array_foreach(list, i, item) {
		struct str glob = str_of(json_string_value(item));
		char pattern[300];

		str_skip(&glob, "./");
		str_chop(&glob, "/");
		if (!glob.size || glob.size >= sizeof(pattern))
			continue;
		memcpy(pattern, glob.at, glob.size);
		pattern[glob.size] = '\0';
		if (path_matches(pattern, str_of(one->folder)))
			return true;
	}
	return false;
}

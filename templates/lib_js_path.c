/*
 * Finds the file that a broken specifier means. A name that two files have is decided by the
 * failing commit only: it moved the one or the other.
 */
#include "templates/lib_js_path.h"

#include "git/path.h"
#include "templates/lib_module.h"
#include "templates/lib_oracle_js.h"
#include "templates/lib_scene.h"

static const char *const endings[] = { "", ".js", ".mjs", ".cjs", ".jsx", ".ts", ".tsx", ".mts", ".json",
	"/index.js", "/index.mjs", "/index.cjs", "/index.ts", "/index.tsx", NULL };

/* The ending of a target that names its file whole, as ES modules and nodenext do. */
static struct str bare(struct str target)
{
	if (!str_chop(&target, ".js") && !str_chop(&target, ".mjs") && !str_chop(&target, ".jsx"))
		str_chop(&target, ".cjs");
	return target;
}

static bool matches(struct str path, struct str target, const char **ending)
{
	for (size_t i = 0; endings[i]; i++) {
		struct str stem = path;

		if (!str_chop(&stem, endings[i]) || !str_equal_nocase(stem, target))
			continue;
		*ending = endings[i];
		return true;
	}
	return false;
}

/* "src/a.ts" is what "src/a" and "src/a.js" mean. */
static bool means(const char *path, const char *target)
{
	const char *ending;

	return matches(str_of(path), str_of(target), &ending) ||
	       ((str_ends(str_of(path), ".ts") || str_ends(str_of(path), ".tsx")) &&
		matches(str_of(path), bare(str_of(target)), &ending));
}

const char *js_ending_of(const char *path, const char *target)
{
	const char *ending;

	if (!str_starts(str_of(path), target) || !matches(str_of(path), str_of(target), &ending))
		return NULL;
	return ending;
}

static const char *by_case(const struct scene *scene, const char *target)
{
	const char *found = NULL;

	for (size_t i = 0; i < scene->tree->count; i++) {
		if (!means(scene->tree->entries[i].path, target))
			continue;
		if (found)
			return NULL;
		found = scene->tree->entries[i].path;
	}
	return found;
}

/* The importer's path in the parent, when the failing commit moved it. */
static const char *moved_from(const struct scene *scene, const char *importer)
{
	struct str text, old;
	const char *found = NULL;

	if (!scene->parent || tree_has(scene->parent, importer) || !scene_read(scene, importer, &text))
		return NULL;
	for (size_t i = 0; i < scene->parent->count; i++) {
		const char *path = scene->parent->entries[i].path;

		if (tree_has(scene->tree, path) ||
		    !str_equal(path_name(str_of(path)), path_name(str_of(importer))) ||
		    !tree_read(scene->parent, scene->arena, path, &old))
			continue;
		if (found)
			return NULL;
		found = path;
	}
	return found;
}

static const char *by_old_place(const struct scene *scene, const char *importer, struct str specifier)
{
	const char *old = moved_from(scene, importer), *target, *found = NULL;

	target = old ? module_target(scene->arena, old, specifier) : NULL;
	if (!target)
		return NULL;
	for (size_t i = 0; i < scene->tree->count; i++)
		if (means(scene->tree->entries[i].path, target))
			found = scene->tree->entries[i].path;
	return found && tree_has(scene->parent, found) ? found : NULL;
}

static bool was_there(const struct scene *scene, const char *target, struct str *text)
{
	for (size_t i = 0; scene->parent && i < scene->parent->count; i++)
		if (means(scene->parent->entries[i].path, target))
			return tree_read(scene->parent, scene->arena, scene->parent->entries[i].path, text);
	return false;
}

/* The file of that name that the failing commit brought, else the only one that others use. */
static const char *by_move(const struct scene *scene, const char *importer, const char *target,
			   enum oracle *oracle)
{
	const char *only = NULL, *new = NULL, *name;
	unsigned all = 0, fresh = 0, rivals = 0;
	struct str before;
	bool known = was_there(scene, target, &before);

	name = str_text(scene->arena, path_name(str_of(target)));
	for (size_t i = 0; i < scene->tree->count; i++) {
		const char *path = scene->tree->entries[i].path;

		if (!means(str_text(scene->arena, path_name(str_of(path))), name) || js_is_test(path))
			continue;
		if (scene_is_aside(path, importer)) {
			rivals += module_is_imported(scene, path, importer);
			continue;
		}
		all++;
		only = path;
		if (known && !tree_has(scene->parent, path)) {
			fresh++;
			new = path;
		}
	}
	*oracle = known ? ORACLE_HISTORY : ORACLE_SIBLING;
	if (known && fresh == 1)
		return new;
	if (all != 1 || rivals || (!known && !module_is_imported(scene, only, importer)))
		return NULL;
	return only;
}

const char *js_path_meant(struct scene *scene, const char *importer, struct str specifier,
			  const char *target, const char **why, enum oracle *oracle)
{
	const char *found = by_case(scene, target);

	*oracle = ORACLE_CONTRACT;
	*why = "the file is spelled so in the tree";
	if (found)
		return found;
	found = by_old_place(scene, importer, specifier);
	*oracle = ORACLE_HISTORY;
	*why = "that is what it meant before the failing commit moved the importing file";
	if (found)
		return found;
	found = by_move(scene, importer, target, oracle);
	*why = *oracle == ORACLE_HISTORY ? "the failing commit moved the file there" :
		"it is the only file of that name, and others import it from there";
	return found;
}

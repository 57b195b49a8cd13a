/*
 * Reads Cargo.toml files. Follows "workspace = true" to the root, and nothing else.
 */
#include "templates/lib_cargo.h"

#include "git/path.h"
#include "templates/lib_scene.h"
#include "templates/lib_toml.h"

/* "dependencies", "dev-dependencies", "target.'cfg(unix)'.dependencies", and one by its own table. */
static bool is_list(struct str section, struct str *name)
{
	static const char *const kinds[] = { "dependencies", "dev-dependencies", "build-dependencies" };
	ptrdiff_t at;

	*name = STR_NONE;
	if (str_starts(section, "target.")) {
		at = str_find_last(section, STR("'."));
		if (at < 0)
			at = str_find_last(section, STR("\"."));
		section = at < 0 ? str_from(section, 7) : str_from(section, (size_t)at + 2);
	}
	for (size_t i = 0; i < 3; i++) {
		struct str rest = section;

		if (str_is(section, kinds[i]))
			return true;
		if (str_skip(&rest, kinds[i]) && str_skip(&rest, ".")) {
			*name = rest;
			return true;
		}
	}
	return false;
}

/* The entry of the root's [workspace.dependencies]; empty when there is none. */
static struct str shared_value(struct str root, struct str key)
{
	struct toml_line line = {0};
	size_t offset = 0;

	while (toml_next(root, &line, &offset))
		if (str_is(line.section, "workspace.dependencies") && str_equal(line.key, key))
			return line.value;
	return STR_NONE;
}

/* What a value says: a version, or a table. */
static void take_value(struct crate_dependency *one, struct str root, struct str key, struct str value)
{
	struct str package;

	one->plain = !str_has(value, "features");
	if (str_starts(value, "{") && str_starts(toml_member(value, "workspace"), "true"))
		value = shared_value(root, key);
	one->plain = one->plain && !str_has(value, "features") && !toml_member(value, "git").size &&
		     value.size;
	if (!str_starts(value, "{")) {
		one->range = toml_string(value);
		return;
	}
	package = toml_string(toml_member(value, "package"));
	if (package.size)
		one->name = package;
	one->range = toml_string(toml_member(value, "version"));
	one->local = toml_member(value, "path").size > 0;
}

/* A dependency by its name; a second one of the name is the same. */
static struct crate_dependency *dependency(struct crate *crate, struct str name)
{
	if (crate->count == CRATE_DEPENDENCIES_MAX)
		return NULL;
	crate->dependencies[crate->count] = (struct crate_dependency){ .name = name, .plain = true };
	return &crate->dependencies[crate->count++];
}

/* A line of [dependencies.serde] */
static void take_member(struct crate_dependency *one, const struct toml_line *line)
{
	if (str_is(line->key, "version"))
		one->range = toml_string(line->value);
	else if (str_is(line->key, "path"))
		one->local = true;
	else if (str_is(line->key, "package"))
		one->name = toml_string(line->value);
	else if (str_is(line->key, "features") || str_is(line->key, "git") ||
		 str_is(line->key, "workspace"))
		one->plain = false;
}

static bool read_crate(struct str text, struct str root, struct crate *crate)
{
	struct toml_line line = {0}, shared;
	struct crate_dependency *open = NULL;
	unsigned open_number = 0;
	size_t offset = 0;
	struct str name;

	while (toml_next(text, &line, &offset)) {
		if (str_is(line.section, "package") && str_is(line.key, "name"))
			crate->name = toml_string(line.value);
		if (str_is(line.section, "package") && str_is(line.key, "version"))
			crate->version = toml_string(line.value);
		if (str_is(line.section, "package") && str_starts(line.key, "version") &&
		    !crate->version.size && toml_find(root, "workspace.package", "version", &shared))
			crate->version = toml_string(shared.value);
		if (!is_list(line.section, &name))
			continue;
		if (name.size && line.number != open_number) {
			open = dependency(crate, name);
			open_number = line.number;
		} else if (!name.size) {
			struct str key = line.key;
			bool inherits = str_chop(&key, ".workspace");

			open = dependency(crate, key);
			if (open)
				take_value(open, root, key, inherits ? shared_value(root, key)
								     : line.value);
			open = NULL;
			continue;
		}
		if (!open)
			return false;
		take_member(open, &line);
	}
	return true;
}

bool crates_read(const struct scene *scene, struct crate *crates, size_t *count)
{
	struct str root = STR_NONE, text;

	*count = 0;
	if (!scene_read(scene, "Cargo.toml", &root))
		return false;
	for (size_t i = 0; i < scene->tree->count; i++) {
		const char *path = scene->tree->entries[i].path;

		if (!str_is(path_name(str_of(path)), "Cargo.toml") || scene_is_aside(path, "") ||
		    !tree_read(scene->tree, scene->arena, path, &text) || !str_has(text, "[package]"))
			continue;
		if (*count == CRATES_MAX)
			return false;
		crates[*count] = (struct crate){ .path = path };
		if (!read_crate(text, root, &crates[*count]))
			return false;
		(*count)++;
	}
	return true;
}

bool crate_is_member(const struct scene *scene, const struct crate *crate)
{
	struct toml_line line;
	struct str root, list, item, folder = path_folder(str_of(crate->path));

	if (!folder.size)
		return true;
	if (!scene_read(scene, "Cargo.toml", &root) ||
	    !toml_find(root, "workspace", "members", &line))
		return false;
	for (list = line.value; toml_item(&list, &item);)
		if (path_matches(str_text(scene->arena, item), folder))
			return true;
	return false;
}

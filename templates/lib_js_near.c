/*
 * Follows relative imports as texts, without a parser: a quoted "./x" that is a file is one. What is
 * imported by other ways (aliases, packages of a monorepo) is not found.
 */
#include "templates/lib_js_near.h"

#include "git/path.h"
#include "templates/lib_js_names.h"
#include "templates/lib_module.h"
#include "templates/lib_scene.h"

enum { SEEN_MAX = 200 };

static const char *const endings[] = { "", ".js", ".mjs", ".cjs", ".jsx", ".ts", ".tsx", ".mts",
	"/index.js", "/index.mjs", "/index.ts", "/index.tsx", NULL };

struct seen {
	const char *list[SEEN_MAX];	/* tests too: they say what is under test */
	size_t count;
};

static void add(struct seen *seen, const char *path)
{
	for (size_t i = 0; i < seen->count; i++)
		if (!strcmp(seen->list[i], path))
			return;
	if (seen->count < SEEN_MAX)
		seen->list[seen->count++] = path;
}

static void add_import(struct seen *seen, const struct scene *scene, const char *importer,
		       struct str specifier)
{
	const char *target = module_target(scene->arena, importer, specifier);
	struct str stem = str_of(target);

	for (size_t i = 0; target && endings[i]; i++) {
		const struct entry *entry = tree_entry(scene->tree,
			arena_printf(scene->arena, "%s%s", target, endings[i]));

		if (entry)
			return add(seen, entry->path);
	}
	/* TypeScript imports "./a.js" and means a.ts. */
	if (target && str_chop(&stem, ".js")) {
		const struct entry *entry = tree_entry(scene->tree,
			arena_printf(scene->arena, "%.*s.ts", STR_ARG(stem)));

		if (entry)
			add(seen, entry->path);
	}
}

static void follow(struct seen *seen, const struct scene *scene, const char *importer)
{
	struct str text;

	if (!scene_read(scene, importer, &text))
		return;
	for (size_t at = 0; at + 2 < text.size; at++) {
		char quote = text.at[at];
		struct str rest = str_from(text, at + 1);
		ptrdiff_t end;

		if ((quote != '"' && quote != '\'' && quote != '`') || rest.at[0] != '.')
			continue;
		end = str_char(str_slice(rest, 0, rest.size < 300 ? rest.size : 300), quote);
		if (end > 1)
			add_import(seen, scene, importer, str_slice(rest, 0, (size_t)end));
	}
}

static void add_file(struct seen *seen, const struct scene *scene, const char *file)
{
	const char *path = file ? scene_path(scene, file) : NULL;

	if (path && syntax_language(path))
		add(seen, path);
}

static int by_path(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Of a small repository; in a large one nothing tells which of them ran. */
static void take_all(const struct scene *scene, struct js_near *near)
{
	for (size_t i = 0; i < scene->tree->count; i++) {
		const char *path = scene->tree->entries[i].path;

		if (!js_is_source(path) || scene_is_aside(path, ""))
			continue;
		if (near->count == JS_NEAR_MAX) {
			near->count = 0;
			return;
		}
		near->list[near->count++] = path;
	}
}

void js_near_open(struct scene *scene, struct js_near *near)
{
	const struct failure *failure = scene->failure;
	struct seen *seen = arena_new(scene->arena, struct seen);

	*near = (struct js_near){ .count = 0 };
	add_file(seen, scene, failure->file);
	for (size_t i = 0; i < failure->frame_count; i++)
		add_file(seen, scene, failure->frames[i].file);
	if (failure->test) {
		struct str file;

		if (str_split(str_of(failure->test), " > ", &file, NULL))
			add_file(seen, scene, str_text(scene->arena, file));
	}
	for (size_t i = 0; i < seen->count; i++)
		follow(seen, scene, seen->list[i]);
	if (!seen->count)
		return take_all(scene, near);
	for (size_t i = 0; i < seen->count; i++)
		if (near->count < JS_NEAR_MAX && js_is_source(seen->list[i]) &&
		    !scene_is_aside(seen->list[i], ""))
			near->list[near->count++] = seen->list[i];
	qsort(near->list, near->count, sizeof(near->list[0]), by_path);
}

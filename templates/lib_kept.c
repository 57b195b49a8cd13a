/*
 * The files that templates have parsed, kept until all of them were asked: a dozen look through the
 * same ones. Up to a size; beyond that each template parses for itself and gives back what it took.
 */
#include "templates/lib_kept.h"

#include "templates/syntax.h"

enum { TEXT_KEPT_MAX = 4 * 1024 * 1024 };

struct kept {
	const struct tree *tree;	/* a template may look at the tree before, too */
	struct kept_file {
		const char *path;
		struct syntax *syntax;	/* NULL: it cannot be parsed */
	} *files;
	size_t count, size;
};

void kept_begin(struct scene *scene)
{
	scene->kept = arena_new(scene->arena, struct kept);
	scene->kept->tree = scene->tree;
}

void kept_end(struct scene *scene)
{
	for (size_t i = 0; i < scene->kept->count; i++)
		syntax_close(&scene->kept->files[i].syntax);
	scene->kept = NULL;
}

const struct syntax *scene_syntax(struct scene *scene, const char *path)
{
	struct kept *kept =
		scene->kept && scene->kept->tree == scene->tree ? scene->kept : NULL;
	struct syntax *syntax;
	struct str text;

	for (size_t i = 0; kept && i < kept->count; i++)
		if (!strcmp(kept->files[i].path, path))
			return kept->files[i].syntax;
	if (!kept || !scene_read(scene, path, &text) || text.size > TEXT_KEPT_MAX - kept->size)
		return NULL;
	syntax = syntax_open(scene->arena, syntax_language(path), text);
	kept->size += text.size;
	arena_push(scene->arena, kept->files, kept->count) =
		(struct kept_file){ arena_strdup(scene->arena, path), syntax };
	return syntax;
}
